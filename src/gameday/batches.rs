//! Which change is taking instances out.

use crate::names::ChangeId;
use crate::units::Time;

/// A change that is being rolled out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rolling {
    pub change: ChangeId,
    pub from: Time,
    pub until: Time,
}
