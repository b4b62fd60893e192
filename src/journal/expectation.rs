//! What a scenario expects of its run.

use crate::units::Span;
use serde::{Deserialize, Serialize};

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
