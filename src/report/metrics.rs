//! `metrics.csv`: every reading of every scope.

use super::context::{Cell, ReportContext};
use super::sheet::{ColumnDoc, Rows};
use crate::decision::{AlertState, AttemptOutcome};
use crate::journal::{Entry, Event, IncidentState, ScopeRow};
use crate::names::ScopeKind;
use crate::units::Time;
use std::collections::BTreeMap;

/// `at` is the end of the interval, `seen_at` when its reading was known. `requests` leaves out the
/// `planned` answers of a maintenance page; `error_pct` counts errors and rejected.
#[rustfmt::skip]
pub(crate) const COLUMNS: [ColumnDoc; 23] = [
    ("at", "time", "end of the interval"),
    ("local", "local time", "the same as spreadsheets read it"),
    ("t_s", "s", "time since the start of the scenario"),
    ("seen_at", "time", "when the reading was known"),
    ("seen_local", "local time", "the same"),
    ("scope_kind", "", "site, tier, endpoint, browser, login, account or tool"),
    ("scope", "", "which of them"),
    ("requests", "requests", "all but planned answers"),
    ("ok", "requests", "answered well"),
    ("errors", "requests", "answered with an error"),
    ("rejected", "requests", "no room, or no instance to serve them"),
    ("given_up", "requests", "given up by visitors"),
    ("planned", "requests", "answered by a maintenance page"),
    ("error_pct", "%", "errors and rejected of requests"),
    ("slow_pct", "%", "slower than the first latency rule's limit, else 3 s"),
    ("p50_ms", "ms", "median response time"),
    ("p90_ms", "ms", "90th percentile"),
    ("p95_ms", "ms", "95th percentile"),
    ("p99_ms", "ms", "99th percentile"),
    ("backlog", "requests", "kept by a durable queue and not begun"),
    ("backlog_age_s", "s", "how long the oldest of them has waited"),
    ("baseline_pct", "%", "baseline of the error rate"),
    ("phase", "", "quiet, fault, incident, contained or after"),
];

/// The rows of one entry: one per scope if it is a reading, none otherwise. A missing reading has
/// its rows with blank figures, and so has a scope of which nothing came.
pub(crate) fn rows(context: &ReportContext, phases: &Phases, entry: &Entry) -> Rows {
    let Event::Reading { to, missing, scopes, .. } = &entry.event else { return Rows::new() };
    let start = [
        context.moment(*to),
        context.local(*to),
        Cell::seconds(to.since(Time::ZERO)),
        context.moment(entry.at),
        context.local(entry.at),
    ];
    let baseline = context.header.baseline_error_rate.map(|rate| rate * 100.0);
    let end = [Cell::number(baseline, 4), Cell::from(phases.at(*to))];
    let names = context.header.scopes.iter().enumerate();
    let row = |(position, (kind, name)): (usize, &(ScopeKind, String))| {
        let figures = scopes.get(position).filter(|row| !missing && !row.unseen).map(figures);
        let mut row = start.to_vec();
        row.extend([Cell::from(kind.word()), Cell::from(name)]);
        row.extend(figures.unwrap_or_else(|| vec![Cell::Blank; 14]));
        row.extend(end.clone());
        row
    };
    names.map(row).collect()
}

fn figures(scope: &ScopeRow) -> Vec<Cell> {
    let requests = scope.ok + scope.failed + scope.rejected + scope.abandoned;
    vec![
        Cell::from(requests),
        Cell::from(scope.ok),
        Cell::from(scope.failed),
        Cell::from(scope.rejected),
        Cell::from(scope.abandoned),
        Cell::from(scope.planned),
        Cell::percent(scope.failed + scope.rejected, requests),
        Cell::percent(scope.slow, requests),
        Cell::number(scope.p50, 3),
        Cell::number(scope.p90, 3),
        Cell::number(scope.p95, 3),
        Cell::number(scope.p99, 3),
        scope.backlog.map_or(Cell::Blank, Cell::from),
        Cell::number(scope.backlog_age, 3),
    ]
}

/// When the site was in which phase.
pub(crate) struct Phases {
    faults: Vec<(Time, Time)>,
    incidents: Vec<(Time, Time)>,
    contained: Vec<(Time, Time)>,
}

impl Phases {
    /// Incidents last from the tick at which their first rule fires to their recovery.
    pub fn from_context(context: &ReportContext) -> Phases {
        let story = context.story;
        let faults = story.faults().into_iter().filter(|fault| fault.site);
        let mut begun: BTreeMap<u32, Time> = BTreeMap::new();
        let mut contained: BTreeMap<u32, Time> = BTreeMap::new();
        let mut pages: BTreeMap<u32, Time> = BTreeMap::new();
        let mut ended: BTreeMap<u32, Time> = BTreeMap::new();
        for entry in story.entries() {
            match &entry.event {
                Event::Alert(alert) if alert.state == AlertState::Firing => {
                    alert.incident.map(|incident| begun.entry(incident).or_insert(alert.at));
                }
                Event::Incident { incident, state, .. } if *state == IncidentState::Contained => {
                    contained.entry(*incident).or_insert(entry.at);
                }
                Event::Incident { incident, state, since, .. }
                    if *state == IncidentState::Recovered =>
                {
                    ended.entry(*incident).or_insert(since.unwrap_or(entry.at));
                }
                Event::Attempt(attempt) if attempt.outcome == AttemptOutcome::Contained => {
                    let from = *contained.entry(attempt.incident).or_insert(attempt.ended_at);
                    let page = attempt.change.as_deref();
                    if let Some(to) = page.and_then(|page| context.taken_back(page, from)) {
                        pages.entry(attempt.incident).or_insert(to);
                    }
                }
                Event::Attempt(attempt) if attempt.outcome == AttemptOutcome::Recovered => {
                    ended.entry(attempt.incident).or_insert(attempt.ended_at);
                }
                _ => {}
            }
        }
        let until_ended = |(incident, from): (u32, Time)| {
            (from, ended.get(&incident).copied().unwrap_or(Time::NEVER))
        };
        Phases {
            faults: faults.map(|f| (f.from, f.to.unwrap_or(Time::NEVER))).collect(),
            incidents: begun.into_iter().map(until_ended).collect(),
            contained: contained
                .into_iter()
                .map(|(incident, from)| {
                    let (from, to) = until_ended((incident, from));
                    (from, pages.get(&incident).map_or(to, |page| to.min(*page)))
                })
                .collect(),
        }
    }

    /// The phase in which an interval ends.
    pub fn at(&self, end: Time) -> &'static str {
        let within = |(from, to): &(Time, Time)| *from < end && end <= *to;
        let begun = |(from, _): &(Time, Time)| *from < end;
        if self.contained.iter().any(within) {
            "contained"
        } else if self.incidents.iter().any(within) {
            "incident"
        } else if self.faults.iter().any(within) {
            "fault"
        } else if self.faults.iter().chain(&self.incidents).any(begun) {
            "after"
        } else {
            "quiet"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture_table;

    #[test]
    fn figures_and_phases_of_the_proxy_outage() {
        let table = fixture_table("metrics.csv");
        let site: Vec<_> = table.iter().filter(|row| row["scope"] == "site").collect();
        let phases: Vec<&str> = site.iter().map(|row| row["phase"].as_str()).collect();
        assert_eq!(phases, ["quiet", "fault", "after", "fault", "after"]);
        assert_eq!(table.len(), 2 * site.len(), "one row for each scope");

        let expected = [
            ("at", "2018-11-07T18:05:10-05:00"),
            ("t_s", "3910"),
            ("seen_at", "2018-11-07T18:05:30-05:00"),
            ("requests", "453"),
            ("errors", "150"),
            ("error_pct", "33.11"),
            ("slow_pct", "1.104"),
            ("p50_ms", "14.1"),
            ("p99_ms", "3190"),
            ("baseline_pct", "0.013"),
        ];
        for (column, value) in expected {
            assert_eq!(site[1][column], value, "{column}");
        }
        for column in ["requests", "ok", "error_pct", "p50_ms"] {
            assert_eq!(site[2][column], "", "{column} of a missing reading");
        }
        let quiet = table.iter().find(|row| row["scope"] == "ie11").expect("a segment");
        assert_eq!((quiet["requests"].as_str(), quiet["error_pct"].as_str()), ("0", ""));
    }
}
