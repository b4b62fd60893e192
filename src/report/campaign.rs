//! `trials.csv`, `campaign.csv` and `compare.csv`: many trials as tables.

use super::column_names::column_names;
use super::context::{Cell, significant};
use super::responses::PHASES;
use super::sheet::{ColumnDoc, CsvSheet, joined};
use crate::campaign::{CampaignIdentity, Headline, HeadlineDifference, Summary, TrialRow};
use crate::measure::estimate::Estimate;
use std::io::{self, Write};

/// The file of [`TrialsTable`].
pub const TRIALS_FILE: &str = "trials.csv";
/// The file of [`write_campaign`].
pub const CAMPAIGN_FILE: &str = "campaign.csv";
/// The file of [`write_compare`].
pub const COMPARE_FILE: &str = "compare.csv";

/// `mean` is the probability where the unit is `chance`. Each figure comes before the ends of its
/// 95% interval; blank is an end that the trials are too few to give.
#[rustfmt::skip]
pub(crate) const CAMPAIGN_COLUMNS: [ColumnDoc; 17] = [
    ("headline", "", "what is summarised: a chance, a part of the response, a sum of the run"),
    ("column", "", "the column of trials.csv that it summarises"),
    ("unit", "", "chance, s, requests, users, user_minutes, updates or per_day"),
    ("n", "trials", "those with something to measure"),
    ("mean", "of the row", "mean; of a chance, its estimate"),
    ("mean_low", "of the row", "lower end of its 95% interval"),
    ("mean_high", "of the row", "upper end"),
    ("p50", "of the row", "median"),
    ("p50_low", "of the row", "lower end of its 95% interval"),
    ("p50_high", "of the row", "upper end"),
    ("p90", "of the row", "90th percentile"),
    ("p90_low", "of the row", "lower end of its 95% interval"),
    ("p90_high", "of the row", "upper end"),
    ("p99", "of the row", "99th percentile"),
    ("p99_low", "of the row", "lower end of its 95% interval"),
    ("p99_high", "of the row", "upper end"),
    ("estimator", "", "how the interval of the mean is made"),
];

/// After the first two, one column for each headline of `campaign.csv`, as [`column_names`] calls
/// it. Words in capitals stand for names of the scenario: a play, an expectation, a segment.
pub(crate) const TRIALS_COLUMNS: [ColumnDoc; 35] =
    joined(&[&BEFORE_PHASES, &PHASES, &AFTER_PHASES]);

#[rustfmt::skip]
const BEFORE_PHASES: [ColumnDoc; 6] = [
    ("outcome", "", "still down, not detected, page up, restored or quiet: its worst incident"),
    ("why", "", "what ended it, or what the plan lacked"),
    ("an_incident_opens", "0 or 1", "1 where an incident opens"),
    ("play_PLAY_opens", "0 or 1", "1 where this play opens"),
    ("meets_EXPECTATION", "0 or 1", "1 where it is met, 0 where it is missed; blank: not judged"),
    ("detect_s", "s", "a cause in effect, nobody told; of the incident that expectations judge"),
];

#[rustfmt::skip]
const AFTER_PHASES: [ColumnDoc; 16] = [
    ("total_s", "s", "the whole incident; the parts above add up to it"),
    ("recovered_s", "s", "from the cause until service was restored; blank: it was not"),
    ("helped_s", "s", "where there is `actual`: from the cause until what ended it was in effect"),
    ("contained_s", "s", "from the cause until a maintenance page was up; blank: none was"),
    ("false_alarms_per_day", "1/day", "alarms without a cause, for 24 h of the run"),
    ("told_AUDIENCE_s", "s", "from the incident's start until they were first told; blank: never"),
    ("updates_to_AUDIENCE_due", "updates", "until all was clear; of that incident"),
    ("updates_to_AUDIENCE_missed", "updates", "those that did not come in time"),
    ("requests", "requests", "of the whole run"),
    ("requests_failed", "requests", "those answered with an error, or rejected"),
    ("requests_given_up", "requests", "those given up by visitors"),
    ("requests_turned_away", "requests", "those answered by a maintenance page"),
    ("users_affected", "users", "who got an error, gave up, met a page or waited long"),
    ("user_minutes_lost", "min", "of their time, in total"),
    ("affected_SEGMENT", "users", "of the users affected, those of this segment"),
    ("user_minutes_lost_SEGMENT", "min", "of the minutes lost, those of this segment"),
];

/// `first` and `second` are means over the trials in which both have a value; `difference` is
/// second minus first, trial by trial.
#[rustfmt::skip]
pub(crate) const COMPARE_COLUMNS: [ColumnDoc; 13] = [
    ("other_run_id", "", "run_id of the second side; that of the first begins the row"),
    ("headline", "", "what is compared, as in campaign.csv"),
    ("column", "", "the column of trials.csv that it is about"),
    ("unit", "", "as in campaign.csv"),
    ("n", "trials", "those in which both sides have a value"),
    ("first", "of the row", "mean of the first side over them"),
    ("second", "of the row", "mean of the second side"),
    ("difference", "of the row", "second minus first, trial by trial, on average"),
    ("difference_low", "of the row", "lower end of its 95% interval"),
    ("difference_high", "of the row", "upper end"),
    ("same", "trials", "those in which both sides have the same value"),
    ("only_first", "trials", "those in which only the first side has a value"),
    ("only_second", "trials", "those in which only the second side has one"),
];

/// The names of these columns.
pub(super) fn names(columns: &[ColumnDoc]) -> Vec<&'static str> {
    columns.iter().map(|(name, ..)| *name).collect()
}

/// Digits of every figure that is an estimate.
const DIGITS: usize = 6;

/// `trials.csv`: one row per trial, one column per headline; blank where there was nothing to
/// measure.
pub struct TrialsTable {
    sheet: CsvSheet,
}

impl TrialsTable {
    /// The table of this campaign, without a trial.
    pub fn begin(identity: &CampaignIdentity, to: Box<dyn Write>) -> io::Result<TrialsTable> {
        let named = column_names(&identity.headlines);
        let named = named.iter().map(String::as_str);
        let columns: Vec<&str> = ["outcome", "why"].into_iter().chain(named).collect();
        Ok(TrialsTable { sheet: CsvSheet::with_lead(to, lead(identity), &columns)? })
    }

    /// Adds a trial.
    pub fn add(&mut self, row: &TrialRow) -> io::Result<()> {
        self.sheet.lead[0] = Cell::from(&row.run_id);
        self.sheet.lead[3] = Cell::from(row.trial);
        let conclusion = &row.conclusion;
        let mut cells =
            vec![Cell::from(conclusion.outcome.word()), Cell::from(conclusion.why.to_string())];
        cells.extend(row.values.iter().map(|value| exact(*value)));
        self.sheet.row(&cells)
    }

    /// Writes what is still in memory.
    pub fn finish(self) -> io::Result<()> {
        self.sheet.finish()
    }
}

/// Writes one row per headline, over all trials.
pub fn write_campaign(summary: &Summary, to: Box<dyn Write>) -> io::Result<()> {
    let mut sheet = CsvSheet::with_lead(to, lead(&summary.identity), &names(&CAMPAIGN_COLUMNS))?;
    let named = column_names(&summary.identity.headlines);
    for (figure, column) in summary.figures.iter().zip(named) {
        let mut cells = vec![
            Cell::from(figure.headline.subject.to_string()),
            Cell::from(column),
            Cell::from(figure.headline.unit.word()),
            Cell::from(figure.n()),
        ];
        cells.extend(bounded(figure.mean));
        cells.extend(figure.percentiles.into_iter().flat_map(bounded));
        cells.push(Cell::from(figure.estimator));
        sheet.row(&cells)?;
    }
    sheet.finish()
}

/// Writes one row per headline that both campaigns have. `other` is the second one.
pub fn write_compare(
    first: &CampaignIdentity,
    other: &CampaignIdentity,
    differences: &[HeadlineDifference],
    to: Box<dyn Write>,
) -> io::Result<()> {
    let mut sheet = CsvSheet::with_lead(to, lead(first), &names(&COMPARE_COLUMNS))?;
    let named = column_names(&first.headlines);
    let column = |of: &Headline| {
        let mut named = first.headlines.iter().zip(&named);
        named.find(|(headline, _)| *headline == of).map(|(_, name)| name.as_str())
    };
    for row in differences {
        let mut cells = vec![
            Cell::from(&other.run_id),
            Cell::from(row.headline.subject.to_string()),
            Cell::from(column(&row.headline)),
            Cell::from(row.headline.unit.word()),
            Cell::from(row.difference.map_or(0, |difference| difference.n)),
            Cell::number(row.first.map(|mean| mean.value), DIGITS),
            Cell::number(row.second.map(|mean| mean.value), DIGITS),
        ];
        cells.extend(bounded(row.difference));
        cells.extend([row.same, row.only_first, row.only_second].map(Cell::from));
        sheet.row(&cells)?;
    }
    sheet.finish()
}

/// All trials together have no number.
pub(super) fn lead(identity: &CampaignIdentity) -> [Cell; 4] {
    [
        Cell::from(&identity.run_id),
        Cell::from(&identity.scenario),
        Cell::from(identity.mode.word()),
        Cell::Blank,
    ]
}

/// A value of one trial: counts in full, times to the millisecond.
fn exact(value: Option<f64>) -> Cell {
    let Some(value) = value else { return Cell::Blank };
    let text = format!("{value:.3}");
    Cell::Number(text.trim_end_matches('0').trim_end_matches('.').to_string())
}

/// A figure and the ends of its interval.
fn bounded(estimate: Option<Estimate>) -> [Cell; 3] {
    bounded_times(estimate, 1.0)
}

/// The same in another unit, this many of which are one.
pub(super) fn bounded_times(estimate: Option<Estimate>, factor: f64) -> [Cell; 3] {
    let number = |value: Option<f64>| {
        value.map_or(Cell::Blank, |value| Cell::Number(significant(value * factor, DIGITS)))
    };
    let low = number(estimate.and_then(|estimate| estimate.low));
    let high = number(estimate.and_then(|estimate| estimate.high));
    [number(estimate.map(|estimate| estimate.value)), low, high]
}
