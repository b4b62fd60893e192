//! `rules.csv`: how every rule fared on everything that it looks at, whether it fired or not.

use super::alerts;
use super::context::{Cell, ReportContext};
use super::episodes::{self, Class};
use super::sheet::{ColumnDoc, Rows};
use crate::journal::{RuleTicks, Totals};

#[rustfmt::skip]
pub(crate) const COLUMNS: [ColumnDoc; 15] = [
    ("alert", "", "name of the rule"),
    ("scope", "", "part of the site: site, tier evss, browser ie11"),
    ("text", "", "the rule as the team wrote it"),
    ("severity", "", "as the team wrote it"),
    ("readings", "readings", "readings that it was shown, missing ones included"),
    ("judged", "readings", "those after which its window held enough requests"),
    ("fired", "count", "how often it fired"),
    ("false_alarms", "count", "how often of these without a fault behind it"),
    ("almost_fired", "count", "how often it began and cleared before it fired"),
    ("closest_at", "time", "when it came closest to firing, or went furthest beyond"),
    ("closest_local", "local time", "the same as spreadsheets read it"),
    ("closest", "of the rule", "the value then: share 0 to 1, seconds, or requests per second"),
    ("threshold", "of the rule", "what it was compared with"),
    ("margin_pct", "%", "how far beyond the threshold; negative on the good side"),
    ("play", "", "play that it opens"),
];

pub(crate) fn rows(context: &ReportContext) -> Rows {
    let episodes = episodes::episodes(context.story);
    let ticks = context.story.totals().map_or(&[][..], |totals: &Totals| &totals.rules);
    ticks.iter().map(|ticks| row(context, &episodes, ticks)).collect()
}

fn row(context: &ReportContext, episodes: &[episodes::Episode], ticks: &RuleTicks) -> Vec<Cell> {
    let rule = context.rule(&ticks.rule);
    let own = episodes.iter().filter(|episode| {
        let judged = episode.judged;
        (&judged.rule, &judged.scope) == (&ticks.rule, &ticks.scope) && !episode.no_data
    });
    let fired = own.clone().filter(|episode| episode.firing_at.is_some());
    let false_alarms = fired.clone().filter(|episode| episode.class() == Class::FalseAlarm);
    let almost = own.filter(|episode| episode.class() == Class::AlmostFired);
    let closest = ticks.closest;
    let margin = closest.and_then(|c| alerts::margin(Some(c.value), Some(c.threshold), rule));
    vec![
        Cell::from(&ticks.rule),
        Cell::from(ticks.scope.to_string()),
        Cell::from(rule.map(|rule| &rule.text)),
        Cell::from(rule.and_then(|rule| rule.severity.as_ref())),
        Cell::from(ticks.readings),
        Cell::from(ticks.judged),
        Cell::from(fired.count() as u64),
        Cell::from(false_alarms.count() as u64),
        Cell::from(almost.count() as u64),
        context.moment(closest.map(|closest| closest.tick)),
        Cell::from(closest.map(|closest| context.local(closest.tick))),
        Cell::number(closest.map(|closest| closest.value), 4),
        Cell::number(closest.map(|closest| closest.threshold), 4),
        Cell::number(margin, 3),
        Cell::from(rule.and_then(|rule| rule.play.as_ref())),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::fixture_table;

    #[test]
    fn every_rule_says_how_close_it_came() {
        let table = fixture_table("rules.csv");
        let cells = |row: usize| {
            ["alert", "scope", "fired", "almost_fired", "closest", "margin_pct", "closest_local"]
                .map(|column| table[row][column].clone())
        };
        let fired = ["ErrorSpike", "site", "1", "0", "0.5", "4900", "2018-11-07 18:08:20"];
        assert_eq!(cells(0), fired);
        assert_eq!(cells(1), ["SlowPages", "site", "0", "1", "", "", ""]);
    }
}
