//! A rule that sends requests of its own: what they are sent to, and how often.

use super::engine::Frame;
use crate::kernel::DrawKey;
use crate::names::{RuleId, Scope, Segment};
use crate::units::Span;

/// What no visitor is like: a probe has no browser, no login, no account and no tool.
pub(super) const NOBODY: Segment = Segment([u8::MAX; 4]);

/// A rule that sends requests of its own.
#[derive(Debug, Clone)]
pub struct Probe {
    /// The rule that alone sees how they end.
    pub rule: RuleId,
    /// Its name, which the draws go by.
    pub name: String,
    /// The whole site (its endpoints in turn), an endpoint, or a tier.
    pub scope: Scope,
    /// From one request to the next, not zero.
    pub every: Span,
}

/// A probe at work.
#[derive(Clone)]
pub(super) struct ProbeAtWork {
    pub plan: Probe,
    pub key: DrawKey,
    /// Requests so far.
    pub sent: u64,
}

impl Frame {
    /// Whether no visitor is behind it.
    #[inline]
    pub(super) fn is_probe(&self) -> bool {
        self.segment == NOBODY
    }
}
