//! `change_times.csv`: the change-time table on paper, compared with this run.

use super::context::{Cell, ReportContext};
use super::sheet::{ColumnDoc, Rows};
use crate::change::ChangeStage::{Deployed, Deploying, Failed};
use crate::journal::{ChangeRow, Event, Evidence, Story};
use crate::units::{Span, Time};

#[rustfmt::skip]
pub(crate) const COLUMNS: [ColumnDoc; 7] = [
    ("change", "", "row of the change-time table"),
    ("paper", "", "the table's own time as the team wrote it"),
    ("simulated_p50_s", "s", "median deploy of this run; blank if not exercised"),
    ("simulated_p90_s", "s", "90th percentile, by nearest rank"),
    ("rehearsed_s", "s", "median of the times that it took people in a room"),
    ("recommended", "", "what to write into the table instead"),
    ("used", "", "exercised: a pipeline worked on it in this run; not-exercised"),
];

pub(crate) fn rows(context: &ReportContext) -> Rows {
    let deploys = deploys(context.story);
    context.header.changes.iter().map(|change| row(change, &deploys)).collect()
}

/// A change that a pipeline has worked on.
pub(crate) struct PipelineRun<'a> {
    pub change: &'a str,
    /// `None` while it goes on and when it failed.
    pub took: Option<Span>,
    /// Somebody was seen to finish it.
    pub measured: bool,
    began: Time,
    over: bool,
}

/// All deploys, in the order in which they began.
pub(crate) fn deploys(story: &Story) -> Vec<PipelineRun<'_>> {
    let mut deploys: Vec<PipelineRun> = Vec::new();
    for entry in story.entries() {
        let Event::Change { change, stage, evidence, .. } = &entry.event else { continue };
        match stage {
            Deploying => {
                let (measured, began) = (*evidence == Evidence::Measured, entry.at);
                deploys.push(PipelineRun { change, took: None, measured, began, over: false });
            }
            Deployed | Failed => {
                let mut going = deploys.iter_mut().filter(|d| d.change == change && !d.over);
                if let Some(deploy) = going.next() {
                    deploy.over = true;
                    deploy.measured = *evidence == Evidence::Measured;
                    deploy.took = (*stage == Deployed).then(|| entry.at.since(deploy.began));
                }
            }
            _ => {}
        }
    }
    deploys
}

fn row(change: &ChangeRow, deploys: &[PipelineRun]) -> Vec<Cell> {
    let of_change = || deploys.iter().filter(|deploy| deploy.change == change.change);
    let took = |measured: bool| {
        let of_kind = of_change().filter(|deploy| deploy.measured == measured);
        let mut took: Vec<Span> = of_kind.filter_map(|deploy| deploy.took).collect();
        took.sort();
        took
    };
    let (simulated, rehearsed) = (took(false), took(true));
    let longest = rehearsed.last().copied().or(percentile(&simulated, 90));
    let over = longest.filter(|took| *took > change.max);
    let recommended = over.map(|took| format!("longer than on paper: plan for {took}"));
    vec![
        Cell::from(&change.change),
        Cell::from(&change.paper),
        Cell::seconds(percentile(&simulated, 50)),
        Cell::seconds(percentile(&simulated, 90)),
        Cell::seconds(percentile(&rehearsed, 50)),
        Cell::from(recommended),
        Cell::from(if of_change().next().is_some() { "exercised" } else { "not-exercised" }),
    ]
}

/// The nearest-rank percentile of sorted spans.
fn percentile(sorted: &[Span], percent: usize) -> Option<Span> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.max(1) - 1).copied()
}

#[cfg(test)]
mod tests {
    use super::super::fixture_table;
    use super::*;

    #[test]
    fn only_what_was_deployed_is_exercised() {
        let table = fixture_table("change_times.csv");
        let cells = |row: usize| {
            ["change", "paper", "simulated_p50_s", "simulated_p90_s", "used"]
                .map(|column| table[row][column].clone())
        };
        assert_eq!(cells(0), ["content-fix", "<5m", "", "", "not-exercised"]);
        assert_eq!(cells(1), ["reverse-proxy-update", "3m", "180", "180", "exercised"]);
        assert_eq!(table[1]["recommended"], "");
    }

    #[test]
    fn nearest_ranks() {
        let spans: Vec<Span> = (1..=10).map(Span::from_secs).collect();
        assert_eq!(percentile(&spans, 50), Some(Span::from_secs(5)));
        assert_eq!(percentile(&spans, 90), Some(Span::from_secs(9)));
        assert_eq!(percentile(&[], 90), None);
    }

    #[test]
    fn longer_than_on_paper_says_so() {
        let change = ChangeRow {
            change: "rebuild".into(),
            paper: "16m".into(),
            min: None,
            max: Span::from_secs(960),
            named: true,
        };
        let took = Some(Span::from_secs(1_000));
        let deploy = |measured| PipelineRun {
            change: "rebuild",
            took,
            measured,
            began: Time::ZERO,
            over: true,
        };
        let expected = Cell::from("longer than on paper: plan for 16m 40s");
        assert_eq!(row(&change, &[deploy(false)])[5], expected);
        let rehearsed = row(&change, &[deploy(true)]);
        assert_eq!(rehearsed[2..6], [Cell::Blank, Cell::Blank, Cell::seconds(took), expected]);
    }
}
