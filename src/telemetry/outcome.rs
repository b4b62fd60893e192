//! How requests end.

use crate::names::{EndpointId, Segment};
use crate::units::{Span, Time};

/// How an attempt or a call ended, as the one who sent it saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Ok,
    /// An error came back, or (of a call) nothing did in time.
    Failed,
    /// Refused because there was no room or nobody to serve it.
    Rejected,
    /// Whoever sent it went away before an answer came.
    Abandoned,
    /// Answered by a maintenance page.
    Planned,
}

/// What a request that failed is answered with where it is taken for the client's own mistake.
/// A choice, as in `scenarios/history/forbidden-2024.yaml`: `errors: 4xx` counts all of them alike.
pub const CLIENT_ERROR: u16 = 403;

impl Outcome {
    /// The HTTP status that a simulated site answers with, or logs.
    pub fn status(self) -> u16 {
        match self {
            Outcome::Ok => 200,
            Outcome::Failed => 500,
            Outcome::Rejected | Outcome::Planned => 503,
            Outcome::Abandoned => 499,
        }
    }
}

/// One attempt that has ended at the entry, for those who want to see each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestAttempt {
    /// When it ended.
    pub at: Time,
    /// Who sent it: a number of its own per visitor, as long as there are fewer than a million.
    pub visitor: u32,
    pub endpoint: EndpointId,
    pub segment: Segment,
    /// As the monitoring sees it.
    pub outcome: Outcome,
    /// The HTTP status that its log line has.
    pub status: u16,
    /// From its sending to its end.
    pub took: Span,
}
