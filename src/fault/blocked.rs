//! A pipeline on which nothing starts.

use super::Conditions;
use crate::names::PipelineId;

/// Marks the pipeline.
pub(super) fn apply(conditions: &mut Conditions, pipeline: PipelineId) {
    conditions.blocked[pipeline.index()] = true;
}
