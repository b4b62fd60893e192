//! Two campaigns with the same luck and one change between them, trial by trial.

use super::{Headline, Results, Row};
use crate::measure::estimate::{self, Estimate, Estimator, PairedDifference};

/// One headline in both campaigns.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// What was asked of both.
    pub headline: Headline,
    /// The mean of the first, over the trials in which both have a value.
    pub first: Option<Estimate>,
    /// The mean of the second, over the same trials.
    pub second: Option<Estimate>,
    /// Second minus first, trial by trial.
    pub difference: Option<Estimate>,
    /// Trials in which only the first has a value.
    pub only_first: u64,
    /// Trials in which only the second has a value.
    pub only_second: u64,
}

/// The headlines that both campaigns have, compared over the trials that both have.
pub fn differences(first: &Results, second: &Results) -> Vec<Difference> {
    let pairs = pairs(first, second);
    let mut differences = Vec::new();
    for (position, headline) in first.identity.headlines.iter().enumerate() {
        let mut headlines = second.identity.headlines.iter();
        let Some(other) = headlines.position(|other| other == headline) else { continue };
        let of_both = pairs.iter().map(|(one, two)| (one.values[position], two.values[other]));
        differences.push(difference(headline, of_both));
    }
    differences
}

fn difference(
    headline: &Headline,
    of_both: impl Iterator<Item = (Option<f64>, Option<f64>)>,
) -> Difference {
    let (mut firsts, mut seconds) = (Vec::new(), Vec::new());
    let (mut only_first, mut only_second) = (0, 0);
    for values in of_both {
        match values {
            (Some(one), Some(two)) => {
                firsts.push(one);
                seconds.push(two);
            }
            (Some(_), None) => only_first += 1,
            (None, Some(_)) => only_second += 1,
            (None, None) => {}
        }
    }
    let pairs = firsts.iter().copied().zip(seconds.iter().copied());
    Difference {
        headline: headline.clone(),
        first: estimate::mean(&firsts),
        second: estimate::mean(&seconds),
        difference: PairedDifference::of(pairs).estimate(),
        only_first,
        only_second,
    }
}

/// The rows of the trials that both have.
fn pairs<'r>(first: &'r Results, second: &'r Results) -> Vec<(&'r Row, &'r Row)> {
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
    use super::super::{Ending, Identity, Unit};
    use super::*;

    fn results(trials: &[(u64, Option<f64>)]) -> Results {
        let headline = |name: &str| Headline { name: name.into(), unit: Unit::Seconds };
        let identity = Identity {
            program: "0".into(),
            run_id: "5eed".into(),
            scenario: "a day".into(),
            mode: crate::journal::Mode::Simulated,
            scenario_hash: "cafe".into(),
            seed: 1,
            lasts: crate::units::Span::from_secs(3_600),
            headlines: vec![headline("total")],
        };
        let row = |(trial, value): &(u64, Option<f64>)| Row {
            trial: *trial,
            run_id: trial.to_string(),
            values: vec![*value],
        };
        Results { identity, rows: trials.iter().map(row).collect(), ending: Ending::Whole }
    }

    #[test]
    fn the_same_luck_cancels_out() {
        let luck = [310.0, 95.0, 700.0, 220.0, 1_400.0, 20.0];
        let numbered = |change: f64| {
            let values = luck.iter().enumerate();
            values.map(|(n, luck)| (n as u64, Some(luck + change))).collect::<Vec<_>>()
        };
        let found = &differences(&results(&numbered(0.0)), &results(&numbered(-30.0)))[0];
        let difference = found.difference.expect("pairs");
        assert_eq!((difference.n, difference.value), (6, -30.0));
        assert_eq!(difference.half_width(), None, "six times the same is no certainty");
        assert!(found.first.expect("values").half_width() > Some(300.0));
    }

    #[test]
    fn only_pairs_are_compared() {
        let first = results(&[(0, Some(5.0)), (1, Some(50.0)), (2, None), (4, Some(1.0))]);
        let second = results(&[(0, Some(7.0)), (1, None), (2, Some(3.0)), (3, Some(1.0))]);
        let found = &differences(&first, &second)[0];
        assert_eq!(found.difference.expect("a pair").value, 2.0);
        assert_eq!(found.first.expect("a pair").value, 5.0);
        assert_eq!((found.only_first, found.only_second), (1, 1));
        let renamed = Identity { headlines: Vec::new(), ..second.identity.clone() };
        assert_eq!(differences(&first, &Results { identity: renamed, ..second }), []);
    }
}
