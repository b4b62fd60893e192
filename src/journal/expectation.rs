//! What a scenario expects of its run, and whether it came true.

use super::{Event, ExpectEntry, Header, Incident, Story};
use crate::decision::AlertState;
use crate::units::Span;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One expectation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expectation {
    /// From onset to the alert's delivery, in the judged incident.
    Detected { within: Span },
    /// From onset to recovery, in the judged incident.
    Recovered { within: Span },
    /// From onset to the maintenance page, in the judged incident.
    Contained { within: Span },
    /// This play opened.
    Play { play: String },
    /// No rule fired at all.
    NoAlerts,
    /// These rules fired.
    Alerts { alerts: Vec<String> },
    /// These rules did not fire.
    Silent { alerts: Vec<String> },
}

impl fmt::Display for Expectation {
    /// As it could stand in a scenario: `detected < 5m`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expectation::Detected { within } => write!(f, "detected < {within}"),
            Expectation::Recovered { within } => write!(f, "recovered < {within}"),
            Expectation::Contained { within } => write!(f, "contained < {within}"),
            Expectation::Play { play } => write!(f, "play: {play}"),
            Expectation::NoAlerts => write!(f, "alerts: none"),
            Expectation::Alerts { alerts } => write!(f, "alerts: {}", alerts.join(", ")),
            Expectation::Silent { alerts } => write!(f, "silent: {}", alerts.join(", ")),
        }
    }
}

/// Checks every expectation against what happened.
///
/// `detected`, `recovered` and `contained` judge the incident that opened the play named among the
/// expectations, else the first one; without such an incident they are missed.
pub fn check_expectations(
    expect: &[Expectation],
    header: &Header,
    story: &Story,
) -> Vec<ExpectEntry> {
    let judged = story.judged(expect);
    let judged = judged.as_ref();
    let fired = fired(header, story);
    let check = |expectation: &Expectation| {
        let (met, observed) = match expectation {
            Expectation::Detected { within } => {
                timed("detected", judged, Incident::detected, *within)
            }
            Expectation::Recovered { within } => {
                timed("recovered", judged, Incident::recovered, *within)
            }
            Expectation::Contained { within } => {
                timed("contained", judged, Incident::contained, *within)
            }
            Expectation::Play { play } => opened(play, story),
            Expectation::NoAlerts => (fired.is_empty(), list(&fired, "fired")),
            Expectation::Alerts { alerts } => {
                (alerts.iter().all(|alert| fired.contains(&alert.as_str())), list(&fired, "fired"))
            }
            Expectation::Silent { alerts } => {
                let named = fired.iter().filter(|alert| alerts.iter().any(|name| name == *alert));
                let loud: Vec<&str> = named.copied().collect();
                (loud.is_empty(), list(&loud, "fired"))
            }
        };
        ExpectEntry { text: expectation.to_string(), met, observed }
    };
    expect.iter().map(check).collect()
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

/// Judges a time of an incident against its limit.
fn timed<'a>(
    what: &str,
    judged: Option<&Incident<'a>>,
    time: impl Fn(&Incident<'a>) -> Option<Span>,
    within: Span,
) -> (bool, String) {
    let none = "no incident that it is about".to_string();
    let Some(incident) = judged else { return (false, none) };
    match time(incident) {
        Some(took) => (took < within, format!("{what} after {took}")),
        None => (false, format!("not {what}")),
    }
}

/// Whether this play opened, and which did.
fn opened(play: &str, story: &Story) -> (bool, String) {
    let plays = plays_opened(story);
    (plays.contains(&play), list(&plays, "opened"))
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
        story.alerts().any(|(_, entry)| entry.alert == *alert && entry.state == AlertState::Firing)
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
        checked.into_iter().map(|entry| (entry.met, entry.text, entry.observed)).collect()
    }

    fn row(met: bool, text: &str, observed: &str) -> (bool, String, String) {
        (met, text.to_string(), observed.to_string())
    }

    #[test]
    fn times_of_the_first_incident() {
        let within = Span::from_secs(150);
        let exactly = Span::from_secs(1_460);
        let expect = [
            Expectation::Detected { within },
            Expectation::Recovered { within: exactly },
            Expectation::Recovered { within: exactly + Span(1) },
            Expectation::Contained { within },
        ];
        let expected = [
            row(false, "detected < 2m 30s", "detected after 2m 40s"),
            row(false, "recovered < 24m 20s", "recovered after 24m 20s"),
            row(true, "recovered < 24m 20s", "recovered after 24m 20s"),
            row(false, "contained < 2m 30s", "not contained"),
        ];
        assert_eq!(check(&expect), expected);
    }

    #[test]
    fn a_play_chooses_the_incident() {
        let recovered = Expectation::Recovered { within: Span::from_secs(3600) };
        let play = |play: &str| Expectation::Play { play: play.to_string() };
        let met = check(&[recovered.clone(), play("rollback")]);
        assert!(met.iter().all(|(met, _, _)| *met), "{met:?}");
        let missed = check(&[recovered, play("maintenance")]);
        assert_eq!(missed[0], row(false, "recovered < 1h", "no incident that it is about"));
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
