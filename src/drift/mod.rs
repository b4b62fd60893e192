//! What has drifted between a launch plan as people wrote it and the scenario that came of it.
//!
//! Both are compared by what they say, not by how it is laid out: people by their names, changes by
//! the words of their rows, tasks by what has to be done. What only one of them says is a
//! difference too.

mod people;
mod things;
mod words;

use crate::language::node::Node;
use crate::language::source::Place;
use crate::launch_plan::Facts;

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What it is about: `people`, `chain`, `hours`, `time`, `threshold`, `step`, `criterion`,
    /// `task`, `play`.
    pub about: &'static str,
    /// The line of the plan; `None` where the plan does not speak of it.
    pub line: Option<usize>,
    /// Where the scenario says it; `None` where it does not.
    pub place: Option<Place>,
    /// In a sentence.
    pub text: String,
}

/// Everything in which a plan and a scenario, parts included, differ; by the lines of the plan,
/// then by those of the scenario.
pub fn differences(facts: &Facts, scenario: &Node) -> Vec<Difference> {
    let mut found = Found(Vec::new());
    people::compare(facts, scenario, &mut found);
    things::compare(facts, scenario, &mut found);
    found
        .0
        .sort_by_key(|difference| (difference.line.is_none(), difference.line, difference.place));
    found.0
}

/// Collects differences.
struct Found(Vec<Difference>);

impl Found {
    /// Both say something, and not the same.
    fn both(&mut self, about: &'static str, line: usize, place: Place, text: String) {
        self.0.push(Difference { about, line: Some(line), place: Some(place), text });
    }

    /// Only the plan says it.
    fn plan_only(&mut self, about: &'static str, line: usize, text: String) {
        self.0.push(Difference { about, line: Some(line), place: None, text });
    }

    /// Only the scenario says it.
    fn scenario_only(&mut self, about: &'static str, place: Place, text: String) {
        self.0.push(Difference { about, line: None, place: Some(place), text });
    }
}
