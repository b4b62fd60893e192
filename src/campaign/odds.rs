//! A scenario's expectations over many runs: in how many each expectation is met, whether that is
//! enough, and how the runs ended.

use super::results::EndColumns;
use super::{CampaignIdentity, Results, TrialRow};
use crate::journal::{Expectation, RunConclusion, RunOutcome};
use crate::measure::estimate::{Confidence, Estimate, Estimator, Proportion};
use crate::units::Ratio;
use std::collections::BTreeMap;

/// How many runs of each ending are listed.
const NAMED: usize = 12;

/// Whether many runs show what is expected of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RunsVerdict {
    /// The whole interval of every expectation's share reaches what is wanted.
    Ready,
    /// Too few runs, or too close to what is wanted.
    CannotSay,
    /// The whole interval of one lies below.
    NotReady,
}

/// An expectation over many runs.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpectationOdds {
    /// What is expected.
    pub expectation: Expectation,
    /// Runs in which it was met.
    pub met: u64,
    /// Runs in which it could be judged.
    pub judged: u64,
    /// What came of the runs in which it was missed, and how many there are of each.
    pub missed: Vec<(RunOutcome, u64)>,
    /// The share of these in which it was met, with its 95 % interval (Wilson); `None`: it could
    /// never be judged.
    pub share: Option<Estimate>,
    /// Whether that is enough.
    pub readiness: RunsVerdict,
}

/// Runs that ended alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ends {
    /// What came of them, and why.
    pub conclusion: RunConclusion,
    /// How many there are.
    pub runs: u64,
    /// The numbers of the first of them.
    pub first: Vec<u64>,
}

/// What many runs say of what is expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Odds {
    /// How many there are.
    pub runs: u64,
    /// The share of runs in which each expectation must be met.
    pub wanted: Ratio,
    /// In the order of the scenario.
    pub expectations: Vec<ExpectationOdds>,
    /// How the runs ended: the worst outcome first, of one outcome the commonest reason.
    pub ends: Vec<Ends>,
    /// The middle one of the runs after which users were well again.
    pub typical: Option<u64>,
    /// The first run that was lost in the commonest way; where none is lost, the run at the 90th
    /// percentile of duration.
    pub bad: Option<u64>,
}

impl Odds {
    /// Of trials that are in memory.
    pub fn from_results(results: &Results) -> Odds {
        let mut counting = Counting::new(&results.identity);
        results.rows.iter().for_each(|row| counting.add(row));
        let recovered = EndColumns::from_identity(&results.identity).map_or(Vec::new(), |places| {
            let row = |row: &TrialRow| (row.trial, row.values[places.recovered]);
            results.rows.iter().map(row).collect()
        });
        counting.finish(&results.identity, recovered)
    }

    /// Whether the runs show all that is expected; without an expectation they do.
    pub fn readiness(&self) -> RunsVerdict {
        let each = self.expectations.iter().map(|one| one.readiness);
        each.max().unwrap_or(RunsVerdict::Ready)
    }

    /// Runs with this outcome.
    pub fn with(&self, outcome: RunOutcome) -> u64 {
        self.ways(outcome).map(|ends| ends.runs).sum()
    }

    /// How runs with this outcome ended, the commonest reason first.
    pub fn ways(&self, outcome: RunOutcome) -> impl Iterator<Item = &Ends> {
        self.ends.iter().filter(move |ends| ends.conclusion.outcome == outcome)
    }

    /// How runs were lost: the commonest reason first.
    pub fn lost(&self) -> Vec<&Ends> {
        let mut lost: Vec<&Ends> =
            self.ends.iter().filter(|ends| ends.conclusion.outcome.is_lost()).collect();
        lost.sort_by(|one, other| {
            other.runs.cmp(&one.runs).then(one.conclusion.cmp(&other.conclusion))
        });
        lost
    }

    /// The expectation that decides whether the runs show what they should: the one that is met
    /// least often of those that are furthest from it.
    pub fn decisive(&self) -> Option<&ExpectationOdds> {
        let share = |one: &ExpectationOdds| one.share.map_or(0.0, |share| share.value);
        self.expectations.iter().min_by(|one, other| {
            other.readiness.cmp(&one.readiness).then(share(one).total_cmp(&share(other)))
        })
    }
}

/// Counts runs one by one.
#[derive(Debug, Clone)]
pub(super) struct Counting {
    /// Where the answers to the expectations are.
    meets: Vec<usize>,
    met: Vec<u64>,
    judged: Vec<u64>,
    missed: Vec<BTreeMap<RunOutcome, u64>>,
    ends: BTreeMap<RunConclusion, (u64, Vec<u64>)>,
    runs: u64,
}

impl Counting {
    /// Of the trials of this campaign.
    pub(super) fn new(identity: &CampaignIdentity) -> Counting {
        let headlines = identity.headlines.iter().enumerate();
        let meets = headlines.filter(|(_, headline)| headline.subject.is_expectation());
        let meets: Vec<usize> = meets.map(|(place, _)| place).take(identity.expect.len()).collect();
        let none = vec![0; meets.len()];
        let missed = vec![BTreeMap::new(); meets.len()];
        let (met, judged) = (none.clone(), none);
        Counting { meets, met, judged, missed, ends: BTreeMap::new(), runs: 0 }
    }

    pub(super) fn add(&mut self, row: &TrialRow) {
        self.runs += 1;
        for (position, place) in self.meets.iter().enumerate() {
            let answer = row.values[*place];
            self.judged[position] += u64::from(answer.is_some());
            match answer {
                Some(met) if met > 0.5 => self.met[position] += 1,
                Some(_) => *self.missed[position].entry(row.conclusion.outcome).or_default() += 1,
                None => {}
            }
        }
        let (runs, first) = self.ends.entry(row.conclusion.clone()).or_default();
        *runs += 1;
        if first.len() < NAMED {
            first.push(row.trial);
        }
    }

    /// The odds, with the number of every run and after how long users were well again in it.
    pub(super) fn finish(
        self,
        identity: &CampaignIdentity,
        recovered: Vec<(u64, Option<f64>)>,
    ) -> Odds {
        let wanted = identity.expect_on;
        let counts = self.met.iter().zip(&self.judged).zip(self.missed);
        let expectations = identity.expect.iter().zip(counts).map(|(expectation, counts)| {
            let ((&met, &judged), missed) = counts;
            let share = Proportion { hits: met, trials: judged }.estimate_at(Confidence::USUAL);
            let readiness = readiness(share, wanted);
            let (expectation, missed) = (expectation.clone(), missed.into_iter().collect());
            ExpectationOdds { expectation, met, judged, missed, share, readiness }
        });
        let mut ends: Vec<Ends> = self
            .ends
            .into_iter()
            .map(|(conclusion, (runs, first))| Ends { conclusion, runs, first })
            .collect();
        ends.sort_by(|one, other| {
            let worst = other.conclusion.outcome.cmp(&one.conclusion.outcome);
            worst.then(other.runs.cmp(&one.runs)).then(one.conclusion.cmp(&other.conclusion))
        });
        let mut odds = Odds {
            runs: self.runs,
            wanted,
            expectations: expectations.collect(),
            ends,
            typical: None,
            bad: None,
        };
        let mut well: Vec<(f64, u64)> =
            recovered.into_iter().filter_map(|(trial, after)| Some((after?, trial))).collect();
        well.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        let at = |share: f64| {
            let last = well.len().checked_sub(1)?;
            Some(well[(last as f64 * share).round() as usize].1)
        };
        odds.typical = at(0.5);
        odds.bad = odds.lost().first().map(|ends| ends.first[0]).or_else(|| at(0.9));
        odds
    }
}

/// Whether a share is known to be as large as wanted.
fn readiness(share: Option<Estimate>, wanted: Ratio) -> RunsVerdict {
    let Some(share) = share else { return RunsVerdict::CannotSay };
    let reaches = |end: Option<f64>| end.map(|end| end >= wanted.0);
    match (reaches(share.low), reaches(share.high)) {
        (Some(true), _) => RunsVerdict::Ready,
        (_, Some(false)) => RunsVerdict::NotReady,
        _ => RunsVerdict::CannotSay,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{HeadlineUnit, fixture};
    use super::*;
    use crate::journal::EndReason;
    use crate::units::Span;

    const WITHIN: Expectation =
        Expectation::Recovered { within: Span::from_secs(3_600), of: None, all_clear: false };

    /// Runs that are over after this many seconds each; `None`: not by the end.
    fn results(recovered: &[Option<f64>]) -> Results {
        let headlines = [
            ("meets recovered < 1h", HeadlineUnit::Chance),
            ("total", HeadlineUnit::Seconds),
            ("recovered", HeadlineUnit::Seconds),
            ("contained", HeadlineUnit::Seconds),
        ];
        let rows = (0..).zip(recovered.iter().map(|after| {
            let met = f64::from(u8::from(after.is_some_and(|after| after < 3_600.0)));
            vec![Some(met), Some(after.unwrap_or(7_200.0)), *after, None]
        }));
        let mut results = fixture::results(Span::from_secs(10_800), &headlines, rows);
        results.identity.expect = vec![WITHIN];
        for row in &mut results.rows {
            row.conclusion = match row.values[2] {
                Some(_) => RunConclusion {
                    outcome: RunOutcome::Restored,
                    why: EndReason::EndedBy("fix".into()),
                },
                None => RunConclusion {
                    outcome: RunOutcome::StillDown,
                    why: if row.trial % 3 == 0 {
                        EndReason::NotReached
                    } else {
                        EndReason::Refused
                    },
                },
            };
        }
        results
    }

    #[test]
    fn the_interval_decides_and_not_the_share() {
        let all_met = |n: usize| Odds::from_results(&results(&vec![Some(600.0); n])).readiness();
        assert_eq!(all_met(72), RunsVerdict::CannotSay, "72 / (72 + 1.96²) is 94.9 %");
        assert_eq!(all_met(73), RunsVerdict::Ready);
        let lost = |lost: usize| {
            let mut after = vec![Some(600.0); 200];
            after[..lost].fill(None);
            Odds::from_results(&results(&after)).readiness()
        };
        let expected =
            [(3, RunsVerdict::Ready), (9, RunsVerdict::CannotSay), (17, RunsVerdict::NotReady)];
        assert_eq!(expected.map(|(n, _)| (n, lost(n))), expected);
        assert_eq!(Odds::from_results(&results(&[])).readiness(), RunsVerdict::CannotSay);
    }

    #[test]
    fn what_was_never_judged_cannot_be_said() {
        let mut results = results(&[Some(1.0); 100]);
        results.rows.iter_mut().for_each(|row| row.values[0] = None);
        let odds = Odds::from_results(&results);
        assert_eq!(odds.readiness(), RunsVerdict::CannotSay);
        assert_eq!(odds.expectations[0].share, None);
        results.identity.expect.clear();
        assert_eq!(
            Odds::from_results(&results).readiness(),
            RunsVerdict::Ready,
            "nothing is expected"
        );
    }

    #[test]
    fn lost_runs_are_counted_by_what_was_missing() {
        let mut after = vec![Some(600.0); 20];
        (0..9).for_each(|run| after[run] = None);
        after[9] = Some(4_000.0);
        let odds = Odds::from_results(&results(&after));
        let lost = odds.lost();
        let told: Vec<_> = lost.iter().map(|e| (&e.conclusion.why, e.runs, &e.first[..])).collect();
        let expected = [
            (&EndReason::Refused, 6, &[1, 2, 4, 5, 7, 8][..]),
            (&EndReason::NotReached, 3, &[0, 3, 6][..]),
        ];
        assert_eq!(told, expected);
        assert_eq!(odds.with(RunOutcome::StillDown), 9);
        let missed = &odds.expectations[0].missed;
        assert_eq!(missed[..], [(RunOutcome::Restored, 1), (RunOutcome::StillDown, 9)]);
        assert_eq!(odds.bad, Some(1), "the first of the commonest way to lose");
        assert_eq!(odds.typical, Some(15), "the middle one of those after which all was well");
    }

    #[test]
    fn without_a_lost_run_the_bad_one_is_slow() {
        let after: Vec<Option<f64>> = (0..11).map(|run| Some(f64::from(110 - run))).collect();
        let odds = Odds::from_results(&results(&after));
        assert_eq!((odds.typical, odds.bad), (Some(5), Some(1)));
    }

    #[test]
    fn run_by_run_is_the_same_as_all_at_once() {
        let results = results(&[Some(5.0), None, Some(9_000.0), None, Some(7.0)]);
        let mut summing = super::super::SummaryBuilder::new(
            results.identity.clone(),
            std::io::Cursor::new(Vec::new()),
        );
        results.rows.iter().for_each(|row| summing.add(row).expect("memory"));
        assert_eq!(summing.finish().expect("memory").odds, Odds::from_results(&results));
    }
}
