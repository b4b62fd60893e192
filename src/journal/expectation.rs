//! What a scenario expects of its run, and whether it came true.

use super::between;
use super::told::{every_incident, first_word, informed, told_of_message, updates};
use super::{
    AttemptEntry, CauseRecord, Event, ExpectEntry, Header, Incident, PlayStep, Story, Verdict,
};
use crate::decision::{AlertState, AttemptOutcome};
use crate::units::Span;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One expectation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expectation {
    /// From a cause taking effect to people being told of it.
    Detected { within: Span, of: Option<String> },
    /// From a cause taking effect to users being well again, or to the all clear as told.
    Recovered { within: Span, of: Option<String>, all_clear: bool },
    /// From a cause taking effect to the maintenance page, or to users being well again where that
    /// is sooner.
    Contained { within: Span, of: Option<String> },
    /// This play opened for a cause.
    Play { play: String },
    /// No rule fired at all.
    NoAlerts,
    /// These rules fired.
    Alerts { alerts: Vec<String> },
    /// These rules did not fire.
    Silent { alerts: Vec<String> },
    /// An audience is first told of every incident within a time from its start, or before a
    /// change begins to be made.
    Told { whom: String, within: Option<Span>, before_change: bool },
    /// It is told again at least this often until all is clear.
    Updates { whom: String, every: Span },
    /// Somebody is told of a message within a time from its sending.
    MessageTold { message: u32, from: Option<String>, told: String, within: Span },
}

impl Expectation {
    /// Who must have word of an incident, if it is about that.
    pub fn audience(&self) -> Option<&str> {
        match self {
            Expectation::Told { whom, .. } | Expectation::Updates { whom, .. } => Some(whom),
            _ => None,
        }
    }

    /// Whether it says how far a failure may go. Without one that does, an answer has no limit.
    pub fn is_limit(&self) -> bool {
        self.limit_rank().is_some()
    }

    /// Of several limits the one with the least rank is what an answer is about: until users are
    /// well again, until a page is up, that there be no alert at all. `None`: it is not a limit.
    pub fn limit_rank(&self) -> Option<u8> {
        match self {
            Expectation::Recovered { .. } => Some(0),
            Expectation::Contained { .. } => Some(1),
            Expectation::NoAlerts => Some(2),
            _ => None,
        }
    }
}

impl fmt::Display for Expectation {
    /// As it could stand in a scenario: `detected < 5m`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expectation::Detected { within, of } => write!(f, "detected < {within}{}", only(of)),
            Expectation::Recovered { within, of, all_clear } => {
                let clear = if *all_clear { " all-clear" } else { "" };
                write!(f, "recovered < {within}{clear}{}", only(of))
            }
            Expectation::Contained { within, of } => write!(f, "contained < {within}{}", only(of)),
            Expectation::Play { play } => write!(f, "play: {play}"),
            Expectation::NoAlerts => write!(f, "alerts: none"),
            Expectation::Alerts { alerts } => write!(f, "alerts: {}", alerts.join(", ")),
            Expectation::Silent { alerts } => write!(f, "silent: {}", alerts.join(", ")),
            Expectation::Told { whom, within, before_change } => {
                let within = within.map(|within| format!(" < {within}")).unwrap_or_default();
                let before = if *before_change { " before change" } else { "" };
                write!(f, "told {whom}{within}{before}")
            }
            Expectation::Updates { whom, every } => write!(f, "updates to {whom} every {every}"),
            Expectation::MessageTold { message, from, told, within } => {
                let from = from.as_ref().map_or(String::new(), |from| format!(" from {from}"));
                write!(f, "message {message}{from}: told {told} within {within}")
            }
        }
    }
}

/// The words that restrict an expectation to one cause.
fn only(of: &Option<String>) -> String {
    of.as_ref().map_or(String::new(), |of| format!(" of {of}"))
}

/// Checks every expectation against what happened.
///
/// `detected`, `recovered` and `contained` must hold for every cause that affected users, or for
/// which a rule fired or almost did. Where there is none, they are not judged.
pub fn check_expectations(
    expect: &[Expectation],
    header: &Header,
    story: &Story,
) -> Vec<ExpectEntry> {
    if expect.is_empty() {
        return Vec::new();
    }
    let mut records = story.cause_records(header);
    records.retain(CauseRecord::is_relevant);
    let fired = fired(header, story);
    let met = |met: bool| if met { Verdict::Met } else { Verdict::Missed };
    let check = |expectation: &Expectation| {
        let (verdict, observed) = match expectation {
            Expectation::Detected { within, of } => {
                timed("detected", &about(&records, of), CauseRecord::detected, *within)
            }
            Expectation::Recovered { within, of, all_clear: false } => {
                timed("recovered", &about(&records, of), CauseRecord::recovered, *within)
            }
            Expectation::Recovered { within, of, all_clear: true } => {
                timed("all clear", &about(&records, of), CauseRecord::all_clear, *within)
            }
            Expectation::Contained { within, of } => {
                let contained = |record: &CauseRecord| contained(record, story);
                timed("contained", &about(&records, of), contained, *within)
            }
            Expectation::Play { play } => opened(play, story, &records),
            Expectation::NoAlerts => (met(fired.is_empty()), list(&fired, "fired")),
            Expectation::Alerts { alerts } => {
                let all = alerts.iter().all(|alert| fired.contains(&alert.as_str()));
                (met(all), list(&fired, "fired"))
            }
            Expectation::Silent { alerts } => {
                let named = fired.iter().filter(|alert| alerts.iter().any(|name| name == *alert));
                let loud: Vec<&str> = named.copied().collect();
                (met(loud.is_empty()), list(&loud, "fired"))
            }
            Expectation::Told { whom, within, before_change } => {
                let all = informed(story, header, whom);
                every_incident(&all, |one| first_word(one, *within, *before_change))
            }
            Expectation::Updates { whom, every } => {
                let all = informed(story, header, whom);
                every_incident(&all, |one| updates(one, *every))
            }
            Expectation::MessageTold { message, told, .. } => {
                told_of_message(*message, told, story)
            }
        };
        ExpectEntry { text: expectation.to_string(), verdict, observed }
    };
    expect.iter().map(check).collect()
}

/// The causes that an expectation is about.
fn about<'t>(records: &'t [CauseRecord], of: &Option<String>) -> Vec<&'t CauseRecord> {
    let is = |record: &&CauseRecord| of.as_ref().is_none_or(|of| record.cause.name() == *of);
    records.iter().filter(is).collect()
}

/// From a cause taking effect to the first maintenance page of its incidents, or until users are
/// well again where that is sooner: nobody needs a page then.
fn contained(record: &CauseRecord, story: &Story) -> Option<Span> {
    let own = |attempt: &&AttemptEntry| record.incidents.contains(&attempt.incident);
    let pages = story.attempts().filter(own).filter(|a| a.outcome == AttemptOutcome::Contained);
    let page = pages.map(|attempt| attempt.ended_at.since(record.from));
    page.chain(record.recovered()).min()
}

impl Story {
    /// The incident whose times are judged: the first that opened the expected play, else the
    /// first of all.
    pub fn judged(&self, expect: &[Expectation]) -> Option<Incident<'_>> {
        let play = expect.iter().find_map(|expectation| match expectation {
            Expectation::Play { play } => Some(play.as_str()),
            _ => None,
        });
        let mut incidents = self.incidents().into_iter();
        incidents.find(|incident| play.is_none_or(|play| incident.played(play)))
    }
}

/// Judges a time of every cause against its limit.
fn timed(
    what: &str,
    records: &[&CauseRecord],
    time: impl Fn(&CauseRecord) -> Option<Span>,
    within: Span,
) -> (Verdict, String) {
    let told = |record: &CauseRecord| match time(record) {
        Some(took) => format!("{what} after {}", read(record, took, within)),
        None => format!("not {what}"),
    };
    let missed = |record: &&&CauseRecord| time(record).is_none_or(|took| took >= within);
    match records {
        [] => (Verdict::NotJudged, "nothing went wrong that it applies to".to_string()),
        [one] => (if missed(&one) { Verdict::Missed } else { Verdict::Met }, told(one)),
        all => {
            let late: Vec<&&CauseRecord> = all.iter().filter(missed).collect();
            let shown: Vec<String> = late
                .iter()
                .take(SHOWN)
                .map(|record| format!("{}: {}", record.cause, told(record)))
                .collect();
            let more = match late.len().saturating_sub(SHOWN) {
                0 => String::new(),
                more => format!("; and {more} more"),
            };
            let times = all.iter().filter_map(|record| Some(read(record, time(record)?, within)));
            let slowest = times.max().unwrap_or_default();
            match late.is_empty() {
                true => {
                    let all = format!("{what} after {slowest} at most, {} causes", all.len());
                    (Verdict::Met, all)
                }
                false => (Verdict::Missed, shown.join("; ") + &more),
            }
        }
    }
}

/// A time as people read it, on the side of the limit on which it is.
fn read(record: &CauseRecord, took: Span, within: Span) -> Span {
    let printed = between(record.from, record.from + took);
    if (printed >= within) == (took >= within) { printed } else { took }
}

/// The most causes named that kept an expectation from being met.
const SHOWN: usize = 3;

/// Whether this play opened in an incident of one of the causes, and which did.
fn opened(play: &str, story: &Story, records: &[CauseRecord]) -> (Verdict, String) {
    let plays = plays_opened(story);
    let own = |incident: &u32| records.iter().any(|record| record.incidents.contains(incident));
    let opens = |entry: &super::Entry| match &entry.event {
        Event::Play {
            play: Some(of), step: PlayStep::Opened, incident: Some(incident), ..
        } => of == play && own(incident),
        Event::Attempt(attempt) => attempt.play.as_deref() == Some(play) && own(&attempt.incident),
        _ => false,
    };
    match (records.is_empty(), story.entries().iter().any(opens)) {
        (true, _) => (Verdict::NotJudged, "nothing went wrong that it applies to".to_string()),
        (false, true) => (Verdict::Met, list(&plays, "opened")),
        (false, false) => (Verdict::Missed, list(&plays, "opened")),
    }
}

/// The plays that opened, in the order in which they did.
pub fn plays_opened(story: &Story) -> Vec<&str> {
    let mut plays: Vec<&str> = Vec::new();
    for entry in story.entries() {
        let name = match &entry.event {
            Event::Play { play, step, .. } if *step == super::PlayStep::Opened => play.as_deref(),
            Event::Attempt(attempt) => attempt.play.as_deref(),
            _ => None,
        };
        plays.extend(name.filter(|name| !plays.contains(name)));
    }
    plays
}

/// The rules that fired, in the order of the header.
fn fired<'a>(header: &'a Header, story: &Story) -> Vec<&'a str> {
    let fires = |alert: &&str| {
        story.alerts().any(|(_, entry)| entry.rule == *alert && entry.state == AlertState::Firing)
    };
    header.rules.iter().map(|rule| rule.alert.as_str()).filter(fires).collect()
}

/// `ErrorSpike, SlowPages fired`, or `none fired`.
fn list(names: &[&str], verb: &str) -> String {
    if names.is_empty() { format!("none {verb}") } else { format!("{} {verb}", names.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;

    fn check(expect: &[Expectation]) -> Vec<(bool, String, String)> {
        let (header, entries) = fixture::proxy_outage();
        let checked = check_expectations(expect, &header, &fixture::story(&entries));
        checked.into_iter().map(|entry| (entry.met(), entry.text, entry.observed)).collect()
    }

    fn recovered(within: Span) -> Expectation {
        let of = Some("outage-reverse-proxy".to_string());
        Expectation::Recovered { within, of, all_clear: false }
    }

    fn row(met: bool, text: &str, observed: &str) -> (bool, String, String) {
        (met, text.to_string(), observed.to_string())
    }

    #[test]
    fn times_of_the_first_incident() {
        let within = Span::from_secs(150);
        let exactly = Span::from_secs(1_460);
        let expect = [
            Expectation::Detected { within, of: None },
            recovered(exactly),
            recovered(exactly + Span(1)),
            Expectation::Contained { within, of: None },
        ];
        let expected = [
            row(false, "detected < 2m 30s", "detected after 2m 40s"),
            row(false, "recovered < 24m 20s of outage-reverse-proxy", "recovered after 24m 20s"),
            row(true, "recovered < 24m 20s of outage-reverse-proxy", "recovered after 24m 20s"),
            row(false, "contained < 2m 30s", "contained after 24m 20s"),
        ];
        assert_eq!(check(&expect), expected);
    }

    #[test]
    fn a_cause_is_judged_whichever_play_opened() {
        let recovered = recovered(Span::from_secs(3600));
        let play = |play: &str| Expectation::Play { play: play.to_string() };
        let met = check(&[recovered.clone(), play("rollback")]);
        assert!(met.iter().all(|(met, _, _)| *met), "{met:?}");
        let missed = check(&[recovered, play("maintenance")]);
        let of = "recovered < 1h of outage-reverse-proxy";
        assert_eq!(missed[0], row(true, of, "recovered after 24m 20s"));
        assert_eq!(missed[1], row(false, "play: maintenance", "rollback opened"));
    }

    #[test]
    fn rules_that_fired_and_those_that_did_not() {
        let alerts = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
        let expect = [
            Expectation::NoAlerts,
            Expectation::Alerts { alerts: alerts(&["ErrorSpike"]) },
            Expectation::Alerts { alerts: alerts(&["ErrorSpike", "SlowPages"]) },
            Expectation::Silent { alerts: alerts(&["SlowPages", "NoTraffic"]) },
            Expectation::Silent { alerts: alerts(&["ErrorSpike"]) },
        ];
        let met: Vec<bool> = check(&expect).into_iter().map(|(met, _, _)| met).collect();
        assert_eq!(met, [false, true, false, true, false]);
    }
}
