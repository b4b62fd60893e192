//! One exercise among several of a session.

use super::plan::{Planned, shown};
use crate::journal::Expectation;
use crate::units::Span;

/// One of a session, ready to be told of.
pub(super) struct Part<'a> {
    pub plan: Planned<'a>,
    pub file: &'a str,
    /// How players know it: `Exercise 1`.
    pub name: String,
    pub room: Span,
}

/// What an exercise is to show, in words that give no fault away.
pub(super) fn wanted(plan: &Planned) -> Vec<String> {
    let words = plan.expect.iter().map(|expectation| match expectation {
        Expectation::Detected { within, .. } => format!("It is noticed within {within}"),
        Expectation::Recovered { within, all_clear: true, .. } => {
            format!("The all clear is given within {within}")
        }
        Expectation::Recovered { within, .. } => {
            format!("Users are well again within {within}")
        }
        Expectation::Contained { within, .. } => {
            format!("A maintenance page stands within {within}")
        }
        Expectation::Play { play } => format!("The play {} is followed", shown(play)),
        Expectation::NoAlerts => "Nobody is called for nothing".to_string(),
        Expectation::Alerts { alerts } => format!("The right rules fire: {}", names(alerts)),
        Expectation::Told { whom, within: Some(within), .. } => {
            format!("{} has first word within {within}", shown(whom))
        }
        Expectation::Told { whom, within: None, .. } => {
            format!("{} has first word before a change is made", shown(whom))
        }
        Expectation::Updates { whom, every } => {
            format!("{} has word again every {every}", shown(whom))
        }
        Expectation::MessageTold { told, within, .. } => {
            format!("{} hears within {within} what was reported", shown(told))
        }
        Expectation::Silent { alerts } => format!("These rules stay silent: {}", names(alerts)),
    });
    let mut wanted: Vec<String> = words.collect();
    wanted.dedup();
    if wanted.is_empty() {
        wanted.push("The scenario sets no limit: agree on one beforehand".to_string());
    }
    wanted
}

fn names(alerts: &[String]) -> String {
    alerts.iter().map(|alert| shown(alert)).collect::<Vec<_>>().join(", ")
}
