//! A scenario in plain words, as data: what explains it fills this in, what shows it reads it.
//! Whoever shows it makes its strings safe.

use crate::fault::Topology;
use crate::journal::InputRow;
use serde::Serialize;

/// A scenario in plain words.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    pub scenario: String,
    /// RFC 3339 with the zone in brackets.
    pub starts: String,
    pub lasts: String,
    pub seed: u64,
    /// The whole in a few lines.
    pub summary: Vec<StorySection>,
    pub story: Vec<StorySection>,
    /// Which tier calls which, and where faults hit.
    pub topology: Topology,
    pub rules: Vec<RuleExplanation>,
    /// The moment for which people's hours are looked up: when the first fault begins.
    pub people_at: String,
    pub plays: Vec<PlayExplanation>,
    /// Every value of the plan, and where it comes from.
    pub resolved: Vec<InputRow>,
}

/// A part of the story.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StorySection {
    pub title: String,
    pub lines: Vec<String>,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RuleExplanation {
    pub alert: String,
    pub sentence: String,
    /// How often it fires although nothing is wrong; `None` if it is not filled in.
    pub false_alarm: Option<String>,
    /// The same as a number: at most this chance per hour.
    pub false_alarm_per_hour: Option<f64>,
}

/// A play.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlayExplanation {
    pub play: String,
    /// `Opens when Errors fires.`
    pub opens: String,
    pub steps: Vec<StepExplanation>,
    /// What follows the steps.
    pub then: String,
    /// The change-time table's minutes for this play: `3m or 16m`; `None`: it changes nothing.
    pub paper: Option<String>,
    /// Mean time from opening to live, if everybody answers and agrees.
    pub simulated: String,
    pub simulated_s: f64,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepExplanation {
    /// What is done, by whom.
    pub text: String,
    /// What the change-time table says; steps of people are not in it.
    pub paper: Option<String>,
    /// The mean by formula; `None`: it takes no time, or nobody can be reached.
    pub simulated: Option<String>,
    pub simulated_s: Option<f64>,
    /// Why it may not get further.
    pub caution: Option<String>,
}
