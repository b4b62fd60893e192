//! `alerts.csv`: every alert, those that almost fired too, and the faults that nobody detected.

use super::context::{Cell, ReportContext};
use super::episodes::{self, Class, Episode};
use super::sheet::{ColumnDoc, Rows};
use crate::journal::RuleRow;
use crate::units::Time;

/// `value`, `threshold` and `baseline` are in the unit of the rule: a share from 0 to 1, seconds,
/// or requests per second. `margin_pct` is how far beyond its threshold the value was.
#[rustfmt::skip]
pub(crate) const COLUMNS: [ColumnDoc; 23] = [
    ("alert", "", "name of the rule"),
    ("scope", "", "part of the site: site, tier evss, browser ie11"),
    ("severity", "", "as the team wrote it"),
    ("pending_at", "time", "first tick of the breach"),
    ("pending_local", "local time", "the same as spreadsheets read it"),
    ("firing_at", "time", "tick at which it fired; blank if it only almost did"),
    ("firing_local", "local time", "the same"),
    ("told_at", "time", "when people were told that it fired"),
    ("told_local", "local time", "the same"),
    ("ended_at", "time", "tick at which it cleared or resolved"),
    ("ended_local", "local time", "the same"),
    ("held_s", "s", "how long the breach had lasted when it fired or cleared"),
    ("for_s", "s", "how long it must last; blank if the rule counts ticks"),
    ("value", "of the rule", "measured: share 0 to 1, seconds, or requests per second"),
    ("threshold", "of the rule", "what it was compared with"),
    ("bound_by", "", "which threshold applied: fixed, multiple or floor"),
    ("baseline", "of the rule", "baseline at that moment"),
    ("margin_pct", "%", "how far beyond the threshold; negative on the good side"),
    ("n", "requests", "requests in the window"),
    ("cause", "", "what it is put down to: a fault, or overload of a tier"),
    ("detect_s", "s", "from its cause taking effect until people were told"),
    ("class", "", "real, false-alarm, almost-fired; not-detected: a fault that no rule fired for"),
    ("play", "", "play that it opens"),
];

pub(crate) fn rows(context: &ReportContext) -> Rows {
    let mut rows: Rows =
        episodes::episodes(context.story).iter().map(|episode| row(context, episode)).collect();
    for fault in episodes::undetected(context.story) {
        let mut row = vec![Cell::Blank; COLUMNS.len()];
        row[19] = Cell::from(fault.fault);
        row[21] = Cell::from(Class::NotDetected.word());
        rows.push(row);
    }
    rows
}

fn row(context: &ReportContext, episode: &Episode) -> Vec<Cell> {
    let judged = episode.judged;
    let rule = context.rule(&judged.rule);
    let fired = episode.class() != Class::AlmostFired;
    let known = !episode.no_data;
    let name = if known { judged.rule.clone() } else { format!("{} (no data)", judged.rule) };
    let local = |time: Option<Time>| Cell::from(time.map(|time| context.local(time)));
    let held = if fired || episode.ended_at.is_some() { Some(judged.held) } else { None };
    vec![
        Cell::from(name),
        Cell::from(judged.scope.to_string()),
        Cell::from(rule.and_then(|rule| rule.severity.as_ref())),
        context.moment(episode.pending_at),
        local(episode.pending_at),
        context.moment(episode.firing_at),
        local(episode.firing_at),
        context.moment(episode.told_at),
        local(episode.told_at),
        context.moment(episode.ended_at),
        local(episode.ended_at),
        Cell::seconds(held),
        Cell::seconds(rule.and_then(|rule| rule.hold).filter(|_| known)),
        Cell::number(judged.value, 4),
        Cell::number(judged.threshold, 4),
        Cell::from(known.then(|| judged.bound_by.word())),
        Cell::number(judged.baseline, 4),
        Cell::number(margin(judged.value, judged.threshold, rule), 3),
        Cell::from(known.then_some(judged.n)),
        Cell::from(episode.cause().map(|cause| cause.to_string())),
        Cell::seconds(episode.after_cause()),
        Cell::from(episode.class().word()),
        Cell::from(rule.and_then(|rule| rule.play.as_ref()).filter(|_| fired && known)),
    ]
}

/// How far the value lies beyond the threshold, in percent of it; negative on the good side.
pub(super) fn margin(
    value: Option<f64>,
    threshold: Option<f64>,
    rule: Option<&RuleRow>,
) -> Option<f64> {
    let threshold = threshold.filter(|threshold| *threshold != 0.0)?;
    let beyond = (value? - threshold) / threshold.abs() * 100.0;
    Some(if rule?.below { -beyond } else { beyond })
}

#[cfg(test)]
mod tests {
    use super::super::fixture_table;

    #[test]
    fn a_real_alert_one_that_almost_fired_and_a_fault_not_detected() {
        let table = fixture_table("alerts.csv");
        let classes: Vec<&str> = table.iter().map(|row| row["class"].as_str()).collect();
        assert_eq!(classes, ["real", "almost-fired", "not-detected"]);

        let fired = &table[0];
        let expected = [
            ("alert", "ErrorSpike"),
            ("scope", "site"),
            ("pending_at", "2018-11-07T18:05:20-05:00"),
            ("firing_at", "2018-11-07T18:07:20-05:00"),
            ("ended_at", "2018-11-07T18:30:20-05:00"),
            ("held_s", "120"),
            ("for_s", "120"),
            ("value", "0.4783"),
            ("threshold", "0.01"),
            ("bound_by", "floor"),
            ("margin_pct", "4680"),
            ("told_at", "2018-11-07T18:07:40-05:00"),
            ("told_local", "2018-11-07 18:07:40"),
            ("detect_s", "160"),
            ("play", "rollback"),
        ];
        for (column, value) in expected {
            assert_eq!(fired[column], value, "{column}");
        }
        let near = [("firing_at", ""), ("held_s", "40"), ("margin_pct", "-20"), ("play", "")];
        for (column, value) in near {
            assert_eq!(table[1][column], value, "{column}");
        }
        let missed = [("alert", ""), ("cause", "slow-evss"), ("detect_s", ""), ("n", "")];
        for (column, value) in missed {
            assert_eq!(table[2][column], value, "{column}");
        }
    }
}
