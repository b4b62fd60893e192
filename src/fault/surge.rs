//! More visitors than the curve says.

use super::Conditions;
use crate::names::ToolId;
use crate::site::Surge;
use crate::traffic::Only;

/// Adds the arrivals beyond the curve's own.
pub(super) fn apply(
    conditions: &mut Conditions,
    fault: u64,
    times: f64,
    tool: Option<ToolId>,
    only: &Only,
) {
    conditions.site.surges.push(Surge { fault, extra: times - 1.0, tool, only: only.clone() });
}
