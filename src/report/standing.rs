//! How a rehearsed response compares with the simulated ones of the same scenario.

use super::context::ReportContext;
use super::extras::Extras;
use crate::campaign::{HeadlineSubject, Results, UsualHeadline};
use crate::decision::Phase;
use crate::measure::estimate::{self, Estimate};
use crate::units::Span;

/// A time of the rehearsal among the trials.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct PercentileRank {
    /// `None`: the whole incident.
    pub phase: Option<Phase>,
    /// How long it took in the room.
    pub took: Span,
    /// Where that lies among the trials, 0 to 1: the share of them that were faster.
    pub rank: Option<Estimate>,
    /// How long it took in half of the trials, in seconds.
    pub half: Option<Estimate>,
}

/// What of a journal somebody was seen to do.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ObservedRun {
    /// The number of the incident that is judged.
    pub incident: u32,
    /// The measured intervals in the order of a response, then the whole.
    pub standings: Vec<PercentileRank>,
    /// From onset to recovery.
    pub recovered: Option<Span>,
    pub total: Span,
}

impl ObservedRun {
    /// What is known of the rehearsal in a journal; `None` if nobody was seen to do anything.
    pub fn from_context(context: &ReportContext, beside: Extras) -> Option<ObservedRun> {
        let incident = context.story.judged(&context.expected())?;
        if incident.attempts.iter().all(|attempt| attempt.measured.is_empty()) {
            return None;
        }
        let course = context.story.phase_timeline(&incident);
        let standing = |phase: Option<Phase>, took: Span| {
            let subject = phase.map_or(UsualHeadline::Total.into(), HeadlineSubject::from);
            let values = beside.campaign.map(|all| values(all, subject)).unwrap_or_default();
            PercentileRank {
                phase,
                took,
                rank: estimate::rank(&values, took.seconds()),
                half: estimate::quantile(&values, 0.5),
            }
        };
        let measured = Phase::ALL.into_iter().filter_map(|phase| {
            let seen = incident.attempts.iter().any(|attempt| attempt.is_measured(phase));
            let took = course.spent(phase).filter(|_| seen)?;
            Some(standing(Some(phase), took))
        });
        let mut standings: Vec<PercentileRank> = measured.collect();
        standings.push(standing(None, course.total()));
        Some(ObservedRun {
            incident: incident.number,
            standings,
            recovered: context.story.recovery(context.header, &incident),
            total: course.total(),
        })
    }
}

/// The sorted values of a headline in seconds, of the trials that have one.
fn values(results: &Results, subject: HeadlineSubject) -> Vec<f64> {
    let Some(position) = results.identity.place(subject) else { return Vec::new() };
    let rows = results.rows.iter();
    let mut values: Vec<f64> = rows.filter_map(|row| row.values[position]).collect();
    values.sort_by(f64::total_cmp);
    values
}

/// `82nd`.
fn ordinal(number: u64) -> String {
    let ending = match (number % 100, number % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

impl PercentileRank {
    /// `decide`, or `all of it`.
    pub fn word(&self) -> &'static str {
        self.phase.map_or("all of it", Phase::word)
    }

    /// `82nd of 200 (76 to 87)`: percentile, trials, 95% interval; `None` without trials.
    pub fn place(&self) -> Option<String> {
        let Estimate { n, value, low, high } = self.rank?;
        let percent = |share: f64| (share * 100.0).round() as u64;
        let interval = low.zip(high).map_or(String::new(), |(low, high)| {
            format!(" ({} to {})", percent(low), percent(high))
        });
        Some(format!("{} of {n}{interval}", ordinal(percent(value))))
    }

    /// How long it takes in half of the trials.
    pub fn usual(&self) -> Option<Span> {
        self.half.map(|half| Span::from_seconds(half.value))
    }

    /// `Your 14m decide is at the 82nd percentile of 200 trials (95% interval 76 to 87): slower
    /// than most.`
    pub fn sentence(&self) -> Option<String> {
        let Estimate { n, value, low, high } = self.rank?;
        let percent = |share: f64| (share * 100.0).round() as u64;
        let interval = low.zip(high).map_or(String::new(), |(low, high)| {
            format!(" (95% interval {} to {})", percent(low), percent(high))
        });
        let than = match (low, high) {
            (Some(low), _) if low > 0.5 => "slower than most",
            (_, Some(high)) if high < 0.5 => "faster than most",
            _ => "as long as usual",
        };
        let what = match self.phase {
            Some(phase) => format!("{} {}", self.took, phase.word()),
            None => format!("{} in all", self.took),
        };
        let at = ordinal(percent(value));
        Some(format!("Your {what} is at the {at} percentile of {n} runs{interval}: {than}."))
    }
}

/// The standing that is worth a sentence: that of people which is farthest from the middle.
pub(crate) fn telling(rehearsed: &ObservedRun) -> Option<&PercentileRank> {
    let human = rehearsed
        .standings
        .iter()
        .filter(|standing| standing.phase.is_some_and(Phase::is_human) && standing.rank.is_some());
    let far =
        |standing: &&PercentileRank| standing.rank.map_or(0.0, |rank| (rank.value - 0.5).abs());
    human.max_by(|one, other| far(one).total_cmp(&far(other)))
}

/// What the best choice would have been, in a sentence; `None` if nothing was tried out.
pub(crate) fn best_choice(rehearsed: &ObservedRun, beside: Extras) -> Option<String> {
    let tried = beside.alternatives.filter(|alternatives| !alternatives.tried.is_empty())?;
    let yours = match rehearsed.recovered {
        Some(recovered) => format!("you needed {recovered}"),
        None => format!("you had not recovered after {}", rehearsed.total),
    };
    let Some((best, recovered)) = tried.best().and_then(|best| Some((best, best.recovered?)))
    else {
        return Some(format!("None of the changes to choose from leads to recovery; {yours}."));
    };
    let change = super::for_terminal(&best.change, 40);
    Some(format!(
        "With the same luck and everybody simulated, {change} is the best choice: recovered after \
         {recovered}; {yours}."
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::{self, Alternatives, HeadlineUnit, TriedChoice};
    use crate::decision::AttemptOutcome;
    use crate::journal::{Entry, Event, Interval, fixture};

    fn results(values: impl IntoIterator<Item = f64>) -> Results {
        let rows = (0..).zip(values.into_iter().map(|value| vec![Some(value), None]));
        let headlines = [("reach", HeadlineUnit::Seconds), ("total", HeadlineUnit::Seconds)];
        campaign::fixture::results(Span::from_secs(3_600), &headlines, rows)
    }

    fn measured(interval: Interval) -> (crate::journal::Header, Vec<Entry>) {
        let (header, mut entries) = fixture::proxy_outage();
        for entry in &mut entries {
            if let Event::Attempt(attempt) = &mut entry.event {
                attempt.measured = vec![interval];
            }
        }
        (header, entries)
    }

    #[test]
    fn a_measured_time_has_its_percentile() {
        let (header, entries) = measured(Interval::Decide);
        let story = fixture::story(&entries);
        let context = ReportContext::new(&header, &story);
        // The decision of the fixture took 170 s: slower than 164 of 200 trials.
        let results = results((0..200).map(|n| f64::from(n) + 6.5));
        let beside = Extras { campaign: Some(&results), ..Extras::default() };
        let rehearsed = ObservedRun::from_context(&context, beside).expect("somebody was seen");
        assert_eq!(rehearsed.standings.len(), 2);
        let decide = rehearsed.standings[0];
        assert_eq!(
            decide.sentence().expect("runs"),
            "Your 2m 50s reach is at the 82nd percentile \
            of 200 runs (95% interval 76 to 87): slower than most."
        );
        assert_eq!(decide.place().as_deref(), Some("82nd of 200 (76 to 87)"));
        assert_eq!(telling(&rehearsed), Some(&decide));
        assert_eq!(rehearsed.standings[1].rank, None, "no run has a total");
        let alone =
            ObservedRun::from_context(&context, Extras::default()).expect("somebody was seen");
        assert_eq!((alone.standings[0].rank, telling(&alone)), (None, None));
    }

    #[test]
    fn what_is_simulated_has_no_standing() {
        let (header, entries) = fixture::proxy_outage();
        let story = fixture::story(&entries);
        let context = ReportContext::new(&header, &story);
        assert_eq!(ObservedRun::from_context(&context, Extras::default()), None);
    }

    #[test]
    fn the_best_choice_is_the_one_that_recovers_soonest() {
        let (header, entries) = measured(Interval::Decide);
        let story = fixture::story(&entries);
        let context = ReportContext::new(&header, &story);
        let tried = |change: &str, seconds: Option<u64>| TriedChoice {
            change: change.into(),
            recovered: seconds.map(Span::from_secs),
            contained: None,
            total: seconds.map(Span::from_secs),
            outcome: Some(AttemptOutcome::Recovered),
            users_affected: 0,
        };
        let mut alternatives = Alternatives {
            program: "0.1.0".into(),
            scenario_hash: "cafe".into(),
            seed: 1,
            trial: 0,
            tried: vec![tried("slow", Some(1_000)), tried("fast", Some(600)), tried("none", None)],
        };
        let said = |alternatives: &Alternatives| {
            let beside = Extras { alternatives: Some(alternatives), ..Extras::default() };
            let rehearsed = ObservedRun::from_context(&context, beside).expect("somebody was seen");
            best_choice(&rehearsed, beside)
        };
        let best = said(&alternatives).expect("tried");
        assert!(best.contains("fast is the best choice: recovered after 10m; you needed 24m 20s"));
        alternatives.tried.retain(|tried| tried.recovered.is_none());
        assert!(said(&alternatives).expect("tried").starts_with("None of the changes"));
        alternatives.tried.clear();
        assert_eq!(said(&alternatives), None);
    }

    #[test]
    fn ordinals() {
        let all = [0, 1, 2, 3, 4, 11, 12, 13, 21, 82, 93, 100].map(ordinal);
        let expected = [
            "0th", "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "82nd", "93rd",
            "100th",
        ];
        assert_eq!(all, expected);
    }
}
