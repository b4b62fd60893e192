//! The steps of a play, ready to be shown as a flow.

use serde::{Deserialize, Serialize};

/// A play with its steps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlayFlow {
    /// Its name.
    pub name: String,
    /// `Opens when Errors fires.`
    pub opens: String,
    /// In their order.
    pub steps: Vec<FlowStep>,
    /// What follows the steps.
    pub then: String,
    /// The change-time table's minutes for all of it; `None`: it changes nothing.
    pub paper: Option<String>,
    /// The mean by formula until the last change is in effect.
    pub simulated: String,
}

/// A step of a play.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FlowStep {
    /// What is done, by whom.
    pub text: String,
    /// What the change-time table says.
    pub paper: Option<String>,
    /// The mean by formula, and in seconds.
    pub simulated: Option<String>,
    /// The same in seconds.
    pub seconds: Option<f64>,
    /// Why it may not get further.
    pub note: Option<String>,
}
