//! A person who answers nobody.

use super::Conditions;
use crate::names::PersonId;

/// Marks the person.
pub(super) fn apply(conditions: &mut Conditions, person: PersonId) {
    conditions.unreachable[person.index()] = true;
}
