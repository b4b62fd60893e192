//! What has drifted between a launch plan as people wrote it and the scenario that came of it.
//!
//! Both are compared by what they say, not by how it is laid out: people by their names, changes by
//! the words of their rows, tasks by what has to be done. What only one of them says is a
//! difference too.

mod agreed;
mod day;
mod extra;
mod found;
mod matching;
mod people;
mod plan_items;

use crate::language::node::Node;
use crate::launch_plan::Facts;

use found::DifferenceCollector;
pub use found::PlanDifference;

/// Everything in which a plan and a scenario, parts included, differ; by the lines of the plan,
/// then by those of the scenario.
pub fn differences(facts: &Facts, scenario: &Node) -> Vec<PlanDifference> {
    let mut found = DifferenceCollector::default();
    people::compare(facts, scenario, &mut found);
    plan_items::compare(facts, scenario, &mut found);
    day::compare(facts, scenario, &mut found);
    extra::compare(facts, scenario, &mut found);
    agreed::compare(facts, scenario, &mut found);
    found
        .0
        .sort_by_key(|difference| (difference.line.is_none(), difference.line, difference.place));
    found.0
}
