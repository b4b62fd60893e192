//! Steps that confirm in the middle of a play, in words.

use crate::scenario::plan::Plan;
use crate::units::Span;

/// What is waited for, and who can tell behind a maintenance page.
pub fn confirmed(plan: &Plan, within: Span) -> String {
    let probed = plan.playbook.rules.iter().any(|rule| rule.probe.is_some());
    let behind = if probed { "; behind a page, those that send probes" } else { "" };
    format!("wait until every rule has resolved, {within} at most{behind}")
}
