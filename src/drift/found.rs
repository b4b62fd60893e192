//! Collects the differences that are found.

use crate::language::source::Place;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanDifference {
    /// What it is about: `people`, `chain`, `hours`, `time`, `threshold`, `step`, `criterion`,
    /// `task`, `play`, `day`, `channels`, `ban`, `poll`, `limit`, `message`.
    pub about: &'static str,
    /// The line of the plan; `None` where the plan does not mention it.
    pub line: Option<usize>,
    /// Where the scenario says it; `None` where it does not.
    pub place: Option<Place>,
    /// In a sentence.
    pub text: String,
    /// The plan leaves it open, and the scenario has been filled in.
    pub filled: bool,
}

/// Collects differences.
#[derive(Default)]
pub(super) struct DifferenceCollector(pub Vec<PlanDifference>);

impl DifferenceCollector {
    /// Both say something, and not the same.
    pub fn both(&mut self, about: &'static str, line: usize, place: Place, text: String) {
        self.0.push(PlanDifference {
            about,
            line: Some(line),
            place: Some(place),
            text,
            filled: false,
        });
    }

    /// The plan leaves it open, and the scenario says it.
    pub fn filled(&mut self, about: &'static str, line: usize, place: Place, text: String) {
        let (line, place) = (Some(line), Some(place));
        self.0.push(PlanDifference { about, line, place, text, filled: true });
    }

    /// The one or the other.
    pub fn or_filled(
        &mut self,
        filled: bool,
        about: &'static str,
        line: usize,
        place: Place,
        text: String,
    ) {
        match filled {
            true => self.filled(about, line, place, text),
            false => self.both(about, line, place, text),
        }
    }

    /// Only the plan says it.
    pub fn plan_only(&mut self, about: &'static str, line: usize, text: String) {
        self.0.push(PlanDifference { about, line: Some(line), place: None, text, filled: false });
    }

    /// Only the scenario says it.
    pub fn scenario_only(&mut self, about: &'static str, place: Place, text: String) {
        self.0.push(PlanDifference { about, line: None, place: Some(place), text, filled: false });
    }
}
