//! Differences as they are found.

use crate::language::source::Place;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is about: `people`, `chain`, `hours`, `time`, `threshold`, `step`, `criterion`,
    /// `task`, `play`, `day`, `channels`.
    pub about: &'static str,
    /// The line of the plan; `None` where the plan does not mention it.
    pub line: Option<usize>,
    /// Where the scenario says it; `None` where it does not.
    pub place: Option<Place>,
    /// In a sentence.
    pub text: String,
}

/// Collects differences.
#[derive(Default)]
pub(super) struct Found(pub Vec<Difference>);

impl Found {
    /// Both say something, and not the same.
    pub fn both(&mut self, about: &'static str, line: usize, place: Place, text: String) {
        self.0.push(Difference { about, line: Some(line), place: Some(place), text });
    }

    /// Only the plan says it.
    pub fn plan_only(&mut self, about: &'static str, line: usize, text: String) {
        self.0.push(Difference { about, line: Some(line), place: None, text });
    }

    /// Only the scenario says it.
    pub fn scenario_only(&mut self, about: &'static str, place: Place, text: String) {
        self.0.push(Difference { about, line: None, place: Some(place), text });
    }
}
