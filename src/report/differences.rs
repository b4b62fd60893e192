//! The result of a comparison, in the order of terminal and page: what is worse and what is better,
//! the largest first.

use super::summary::campaign::plus_minus;
use crate::campaign::{CampaignIdentity, Contrast, Effect, HeadlineDifference, HeadlineUnit};
use crate::measure::estimate::Estimate;
use crate::units::grouped;

/// A comparison, ready to be shown.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    /// The first campaign, which also names the scenario.
    pub first: &'a CampaignIdentity,
    /// The second.
    pub second: &'a CampaignIdentity,
    /// What each side is, in words: `as it is`, `with changes.frontend-revert=~9m`.
    pub words: [&'a str; 2],
    /// Pairs of trials.
    pub trials: u64,
    /// In how many of them all figures are the same.
    pub same: u64,
    /// Every figure that both have.
    pub differences: &'a [HeadlineDifference],
    /// In what the plans differ.
    pub contrast: &'a Contrast,
    /// In how many trials of each an incident was not over when the run was.
    pub unfinished: [u64; 2],
    /// How to make it again.
    pub replay: &'a str,
}

/// What one difference comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DifferenceKind {
    Worse,
    Better,
    /// Clear, and neither by itself.
    Other,
    /// The interval holds no difference too.
    Unclear,
}

impl DifferenceKind {
    /// Of a difference.
    pub fn from_difference(row: &HeadlineDifference) -> DifferenceKind {
        let Some(found) = row.difference.filter(is_clear) else { return DifferenceKind::Unclear };
        let effect = row.headline.more_is();
        match effect.map(|more| if found.value > 0.0 { more } else { more.reversed() }) {
            Some(Effect::Worse) => DifferenceKind::Worse,
            Some(Effect::Better) => DifferenceKind::Better,
            None => DifferenceKind::Other,
        }
    }

    /// Its word, shown beside its colour.
    pub fn word(self) -> &'static str {
        match self {
            DifferenceKind::Worse => "worse",
            DifferenceKind::Better => "better",
            DifferenceKind::Other => "differs",
            DifferenceKind::Unclear => "unclear",
        }
    }
}

/// Whether a difference is more than luck; without an interval, whether it is the same everywhere.
pub(super) fn is_clear(found: &Estimate) -> bool {
    match found.low.zip(found.high) {
        Some((low, high)) => low > 0.0 || high < 0.0,
        None => found.n > 1 && found.value != 0.0,
    }
}

/// Figures that are the same in every trial, as one.
pub(super) struct FigureLine<'a> {
    /// What they are called.
    pub names: Vec<String>,
    /// One of them, for all.
    pub row: &'a HeadlineDifference,
    pub standing: DifferenceKind,
    /// Of how much a difference is: percent of the first, or points of a chance.
    reference: f64,
}

impl<'a> FigureLine<'a> {
    fn new(row: &'a HeadlineDifference) -> FigureLine<'a> {
        let first = row.first.map_or(0.0, |first| first.value.abs());
        let reference = if row.headline.unit == HeadlineUnit::Chance { 1.0 } else { first };
        FigureLine {
            names: vec![row.headline.subject.to_string()],
            row,
            standing: DifferenceKind::from_difference(row),
            reference,
        }
    }

    /// A value of the figure in percent of the first (of a chance, in points); without end where
    /// the first has nothing.
    pub fn percent(&self, value: f64) -> f64 {
        if value == 0.0 { 0.0 } else { value / self.reference * 100.0 }
    }

    fn size(&self) -> f64 {
        self.row.difference.map_or(0.0, |found| self.percent(found.value).abs())
    }

    fn is_as(&self, other: &FigureLine) -> bool {
        let shown = |line: &FigureLine| {
            let HeadlineDifference { headline, first, second, difference, same, .. } =
                line.row.clone();
            let only = [line.row.only_first, line.row.only_second];
            (headline.unit, headline.more_is(), first, second, difference, same, only)
        };
        let segment = |line: &FigureLine| line.row.headline.subject.is_of_segment();
        segment(self) == segment(other) && shown(self) == shown(other)
    }
}

/// All figures of a comparison: those that differ, and those that do not.
pub(super) struct Ranked<'a> {
    /// About all users: what is clear before what is not, the largest first.
    pub whole: Vec<FigureLine<'a>>,
    /// About a segment of them.
    pub segments: Vec<FigureLine<'a>>,
    /// The same on both sides in every trial, in the order of the table.
    pub same: Vec<&'a HeadlineDifference>,
}

impl<'a> Ranked<'a> {
    /// Of these differences.
    pub fn new(differences: &'a [HeadlineDifference]) -> Ranked<'a> {
        let (differing, same): (Vec<_>, Vec<_>) = differences.iter().partition(|row| differs(row));
        let mut lines: Vec<FigureLine> = Vec::new();
        for line in differing.into_iter().map(FigureLine::new) {
            match lines.iter_mut().find(|other| other.is_as(&line)) {
                Some(other) => other.names.extend(line.names),
                None => lines.push(line),
            }
        }
        lines.sort_by(|one, other| {
            let unclear = |line: &FigureLine| line.standing == DifferenceKind::Unclear;
            unclear(one).cmp(&unclear(other)).then(other.size().total_cmp(&one.size()))
        });
        let (segments, whole) =
            lines.into_iter().partition(|line| line.row.headline.subject.is_of_segment());
        Ranked { whole, segments, same }
    }
}

/// Whether there is any difference, in whichever trial.
fn differs(row: &HeadlineDifference) -> bool {
    let varies = |found: Estimate| found.value != 0.0 || found.half_width() > Some(0.0);
    row.difference.is_some_and(varies) || row.only_first + row.only_second > 0
}

/// The values of a unit that are shown as one, and its word.
pub(super) fn unit_of(unit: HeadlineUnit) -> (f64, &'static str) {
    match unit {
        HeadlineUnit::Seconds => (60.0, "min"),
        HeadlineUnit::Chance => (0.01, "%"),
        HeadlineUnit::PerDay => (1.0, "per 24 h"),
        HeadlineUnit::Requests
        | HeadlineUnit::Users
        | HeadlineUnit::UserMinutes
        | HeadlineUnit::Updates => (1.0, ""),
    }
}

/// `8.0`, `8.1` and `0.1 ± 0.02`: first, second, and second minus first.
pub(super) fn figures_of(row: &HeadlineDifference) -> [String; 3] {
    let (unit, _) = unit_of(row.headline.unit);
    let known = |found: Option<Estimate>| found.map_or(String::new(), |f| plus_minus(&f, unit));
    let mean = |found: Option<Estimate>| {
        known(found.map(|found| Estimate { low: None, high: None, ..found }))
    };
    let difference = match row.difference {
        Some(found) if found.value > 0.0 => format!("+{}", plus_minus(&found, unit)),
        Some(found) => plus_minus(&found, unit),
        None => only(row),
    };
    [mean(row.first), mean(row.second), difference.replace('-', "\u{2212}")]
}

/// In how many trials there was something to measure on one side alone.
pub(super) fn only(row: &HeadlineDifference) -> String {
    let sides = [(row.only_first, "first"), (row.only_second, "second")];
    let sides = sides.iter().filter(|(n, _)| *n > 0);
    let words: Vec<String> =
        sides.map(|(n, side)| format!("{} only in {side}", grouped(*n))).collect();
    words.join(", ")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::campaign::Headline;

    /// A difference with this half of its interval; the first side has 600.
    pub fn row(name: &str, unit: HeadlineUnit, value: f64, half: f64) -> HeadlineDifference {
        let estimate =
            Estimate { n: 100, value, low: Some(value - half), high: Some(value + half) };
        let first = Estimate { n: 100, value: 600.0, low: None, high: None };
        HeadlineDifference {
            headline: Headline { subject: name.to_string().into(), unit },
            first: Some(first),
            second: Some(estimate),
            difference: Some(estimate),
            same: 0,
            only_first: 0,
            only_second: 0,
        }
    }

    /// The same in every pair.
    pub fn exactly(name: &str, unit: HeadlineUnit, value: f64) -> HeadlineDifference {
        let estimate = Estimate { n: 6, value, low: None, high: None };
        HeadlineDifference { difference: Some(estimate), ..row(name, unit, value, 0.0) }
    }

    #[test]
    fn what_is_clear_comes_first_and_the_largest_of_it() {
        let rows = [
            row("requests given up", HeadlineUnit::Requests, 500.0, 900.0),
            row("detect", HeadlineUnit::Seconds, -60.0, 6.0),
            exactly("queue", HeadlineUnit::Seconds, 0.0),
            row("total", HeadlineUnit::Seconds, 300.0, 30.0),
            row("recovered", HeadlineUnit::Seconds, 300.0, 30.0),
            row("affected, browser old", HeadlineUnit::Users, 300.0, 30.0),
            row("requests", HeadlineUnit::Requests, 60.0, 6.0),
        ];
        let ranked = Ranked::new(&rows);
        let told: Vec<_> =
            ranked.whole.iter().map(|line| (line.names.join(" = "), line.standing)).collect();
        let expected = [
            ("total = recovered", DifferenceKind::Worse),
            ("detect", DifferenceKind::Better),
            ("requests", DifferenceKind::Other),
            ("requests given up", DifferenceKind::Unclear),
        ];
        assert_eq!(told, expected.map(|(name, standing)| (name.to_string(), standing)));
        assert_eq!((ranked.segments.len(), ranked.same.len()), (1, 1));
        assert_eq!(ranked.whole[0].percent(300.0), 50.0);
    }
}
