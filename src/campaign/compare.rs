//! Two campaigns with the same random draws and one change between them, trial by trial.

use super::columns::Columns;
use super::contrast::Contrast;
use super::results::EndColumns;
use super::shard::ShardKind;
use super::summary::Unfinished;
use super::{CampaignIdentity, Headline, Results, TrialRow};
use crate::measure::estimate::{self, Estimate, Estimator, PairedDifference};
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Seek, Write};

/// One headline in both campaigns.
#[derive(Debug, Clone, PartialEq)]
pub struct HeadlineDifference {
    /// What was asked of both.
    pub headline: Headline,
    /// The mean of the first, over the trials in which both have a value.
    pub first: Option<Estimate>,
    /// The mean of the second, over the same trials.
    pub second: Option<Estimate>,
    /// Second minus first, trial by trial.
    pub difference: Option<Estimate>,
    /// Trials in which both have the same value.
    pub same: u64,
    /// Trials in which only the first has a value.
    pub only_first: u64,
    /// Trials in which only the second has a value.
    pub only_second: u64,
}

/// What a comparison says, without the trials.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Comparison {
    /// How many pairs of trials there are.
    pub pairs: u64,
    /// In how many of them every headline is the same on both sides.
    pub same: u64,
    /// The headlines that both campaigns have.
    pub differences: Vec<HeadlineDifference>,
    /// Trials of either side in which an incident was still going on at the end.
    pub unfinished: [Unfinished; 2],
}

impl Comparison {
    /// The trials that both campaigns have, compared in memory.
    pub fn from_results(first: &Results, second: &Results) -> Comparison {
        let pairs = pairs(first, second);
        let of_both = |(one, other): (usize, usize)| {
            let values =
                pairs.iter().map(|(first, second)| (first.values[one], second.values[other]));
            difference(&first.identity.headlines[one], values)
        };
        let shared = shared([&first.identity, &second.identity]);
        Comparison {
            pairs: pairs.len() as u64,
            same: pairs.iter().filter(|(one, other)| is_same(&shared, one, other)).count() as u64,
            differences: shared.iter().copied().map(of_both).collect(),
            unfinished: [Unfinished::from_results(first), Unfinished::from_results(second)],
        }
    }
}

/// Compares pairs of trials that come one by one and are not kept in memory.
pub struct Comparing<F: Read + Write + Seek> {
    headlines: Vec<Headline>,
    shared: Vec<(usize, usize)>,
    places: [Option<EndColumns>; 2],
    columns: Columns<F>,
    same: u64,
    unfinished: [Unfinished; 2],
}

impl<F: Read + Write + Seek> Comparing<F> {
    /// Compares these two campaigns, using this empty file as working storage for their values.
    pub fn new(sides: [&CampaignIdentity; 2], file: F) -> Self {
        let shared = shared(sides);
        Comparing {
            headlines: sides[0].headlines.clone(),
            columns: Columns::new(file, 2 * shared.len()),
            same: 0,
            shared,
            places: sides.map(EndColumns::from_identity),
            unfinished: [Unfinished::default(); 2],
        }
    }

    /// Takes in the next pair.
    pub fn add(&mut self, (first, second): &(TrialRow, TrialRow)) -> io::Result<()> {
        self.unfinished[0].add(self.places[0], first);
        self.unfinished[1].add(self.places[1], second);
        self.same += u64::from(is_same(&self.shared, first, second));
        let values = self.shared.iter();
        self.columns
            .add(values.flat_map(|(one, other)| [first.values[*one], second.values[*other]]))
    }

    /// The comparison, the same as [`Comparison::from_results`] gives for these trials.
    pub fn finish(self) -> io::Result<Comparison> {
        let Comparing { headlines, shared, columns, same, unfinished, .. } = self;
        let pairs = columns.rows();
        let mut differences = Vec::with_capacity(shared.len());
        columns.each_group(2, &mut |position, columns| {
            let (one, _) = shared[position / 2];
            let values = columns[0].iter().copied().zip(columns[1].iter().copied());
            differences.push(difference(&headlines[one], values));
        })?;
        Ok(Comparison { pairs, same, differences, unfinished })
    }
}

/// The positions of the headlines that both campaigns have.
fn shared([first, second]: [&CampaignIdentity; 2]) -> Vec<(usize, usize)> {
    let position = |headline| second.headlines.iter().position(|other| other == headline);
    let firsts = first.headlines.iter().enumerate();
    firsts.filter_map(|(one, headline)| Some((one, position(headline)?))).collect()
}

/// Whether the headlines at these positions are the same in both trials.
fn is_same(shared: &[(usize, usize)], first: &TrialRow, second: &TrialRow) -> bool {
    shared.iter().all(|(one, other)| first.values[*one] == second.values[*other])
}

/// Pairs of trials as `sim compare` plays them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialPairs;

/// Which comparison: everything that its table and page say but the figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PairsIdentity {
    /// The two campaigns.
    pub sides: [CampaignIdentity; 2],
    /// What is changed on either side, in words.
    pub changes: [String; 2],
    /// The files and changes of either side, in words.
    pub words: [String; 2],
    /// How the plans of the two sides differ.
    #[serde(default)]
    pub contrast: Contrast,
    /// The command that compares again, without the names of files.
    pub replay: String,
}

impl ShardKind for TrialPairs {
    const COMMAND: &'static str = "compare";
    type Identity = PairsIdentity;
    type Row = (TrialRow, TrialRow);

    fn trial(row: &(TrialRow, TrialRow)) -> u64 {
        row.0.trial
    }

    fn fits(identity: &PairsIdentity, (first, second): &(TrialRow, TrialRow)) -> bool {
        let [one, other] = &identity.sides;
        first.trial == second.trial
            && first.values.len() == one.headlines.len()
            && second.values.len() == other.headlines.len()
    }

    fn origin(identity: &PairsIdentity) -> [String; 3] {
        let [one, other] = &identity.sides;
        let hashes = format!("{} {}", one.scenario_hash, other.scenario_hash);
        [one.program.clone(), hashes, one.seed.to_string()]
    }
}

fn difference(
    headline: &Headline,
    of_both: impl Iterator<Item = (Option<f64>, Option<f64>)>,
) -> HeadlineDifference {
    let (mut firsts, mut seconds) = (Vec::new(), Vec::new());
    let (mut same, mut only_first, mut only_second) = (0, 0, 0);
    for values in of_both {
        match values {
            (Some(one), Some(two)) => {
                same += u64::from(one == two);
                firsts.push(one);
                seconds.push(two);
            }
            (Some(_), None) => only_first += 1,
            (None, Some(_)) => only_second += 1,
            (None, None) => {}
        }
    }
    let pairs = firsts.iter().copied().zip(seconds.iter().copied());
    HeadlineDifference {
        headline: headline.clone(),
        first: estimate::mean(&firsts),
        second: estimate::mean(&seconds),
        difference: PairedDifference::from_pairs(pairs).estimate(),
        same,
        only_first,
        only_second,
    }
}

/// The rows of the trials that both have.
fn pairs<'r>(first: &'r Results, second: &'r Results) -> Vec<(&'r TrialRow, &'r TrialRow)> {
    let mut others = second.rows.iter().peekable();
    let mut pairs = Vec::new();
    for row in &first.rows {
        while others.next_if(|other| other.trial < row.trial).is_some() {}
        if let Some(other) = others.next_if(|other| other.trial == row.trial) {
            pairs.push((row, other));
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::super::{HeadlineUnit, fixture};
    use super::*;
    use crate::units::Span;

    fn results(trials: &[(u64, Option<f64>)]) -> Results {
        let rows = trials.iter().map(|(trial, value)| (*trial, vec![*value]));
        fixture::results(Span::from_secs(3_600), &[("total", HeadlineUnit::Seconds)], rows)
    }

    #[test]
    fn the_same_luck_cancels_out() {
        let luck = [310.0, 95.0, 700.0, 220.0, 1_400.0, 20.0];
        let numbered = |change: f64| {
            let values = luck.iter().enumerate();
            values.map(|(n, luck)| (n as u64, Some(luck + change))).collect::<Vec<_>>()
        };
        let compared =
            Comparison::from_results(&results(&numbered(0.0)), &results(&numbered(-30.0)));
        let found = &compared.differences[0];
        let difference = found.difference.expect("pairs");
        assert_eq!((difference.n, difference.value), (6, -30.0));
        assert_eq!(difference.half_width(), None, "six times the same is not certainty");
        assert!(found.first.expect("values").half_width() > Some(300.0));
    }

    #[test]
    fn only_pairs_are_compared() {
        let first = results(&[(0, Some(5.0)), (1, Some(50.0)), (2, None), (4, Some(1.0))]);
        let second = results(&[(0, Some(7.0)), (1, None), (2, Some(3.0)), (3, Some(1.0))]);
        let compared = Comparison::from_results(&first, &second);
        let found = &compared.differences[0];
        assert_eq!(found.difference.expect("a pair").value, 2.0);
        assert_eq!(found.first.expect("a pair").value, 5.0);
        assert_eq!((found.only_first, found.only_second), (1, 1));
        assert_eq!((compared.pairs, compared.same, found.same), (3, 0, 0));
        let alike = Comparison::from_results(&first, &first);
        assert_eq!((alike.pairs, alike.same, alike.differences[0].same), (4, 4, 3));
        let renamed = CampaignIdentity { headlines: Vec::new(), ..second.identity.clone() };
        let second = Results { identity: renamed, ..second };
        assert_eq!(Comparison::from_results(&first, &second).differences, []);
    }
}
