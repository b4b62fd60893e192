//! Telemetry that does not come.

use super::Conditions;

/// Loses every reading.
pub(super) fn apply(conditions: &mut Conditions) {
    conditions.blind = true;
}
