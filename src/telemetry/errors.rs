//! What counts as an error, the same for logs and for the simulation.

use super::outcome::Outcome;
use serde::{Deserialize, Serialize};

/// One kind of request that may count as an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// Failed or rejected.
    ServerErrors,
    /// Answered with a status from 400 to 499, but for those of clients who left.
    ClientErrors,
    /// Answered with this HTTP status.
    Status(u16),
    /// Given up by its visitor.
    GivenUp,
    /// Answered well, but late.
    Slow,
}

/// Which requests count as errors, where rules ask for the share of errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorKinds {
    /// Failed and rejected ones.
    pub server_errors: bool,
    /// Those that were given up.
    pub given_up: bool,
    /// Good answers that were late.
    pub slow: bool,
    /// Those answered with one of these, whatever else it says.
    #[serde(default, skip_serializing_if = "Statuses::is_empty")]
    pub statuses: Statuses,
}

/// A set of HTTP statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Vec<u16>", into = "Vec<u16>")]
pub struct Statuses([u64; 10]);

impl Statuses {
    /// Takes one in; there are none above 599.
    pub fn add(&mut self, status: u16) {
        if let Some(word) = self.0.get_mut(usize::from(status / 64)) {
            *word |= 1 << (status % 64);
        }
    }

    /// Whether this is one of them.
    #[inline]
    pub fn has(&self, status: u16) -> bool {
        self.0.get(usize::from(status / 64)).is_some_and(|word| word & (1 << (status % 64)) != 0)
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }
}

impl From<Vec<u16>> for Statuses {
    fn from(all: Vec<u16>) -> Statuses {
        let mut statuses = Statuses::default();
        all.into_iter().for_each(|status| statuses.add(status));
        statuses
    }
}

impl From<Statuses> for Vec<u16> {
    fn from(statuses: Statuses) -> Vec<u16> {
        (0..640).filter(|status| statuses.has(*status)).collect()
    }
}

impl Default for ErrorKinds {
    fn default() -> Self {
        ErrorKinds { server_errors: true, ..ErrorKinds::NONE }
    }
}

impl FromIterator<ErrorKind> for ErrorKinds {
    fn from_iter<T: IntoIterator<Item = ErrorKind>>(kinds: T) -> Self {
        kinds.into_iter().fold(ErrorKinds::NONE, |mut kinds, kind| {
            match kind {
                ErrorKind::ServerErrors => kinds.server_errors = true,
                ErrorKind::GivenUp => kinds.given_up = true,
                ErrorKind::Slow => kinds.slow = true,
                ErrorKind::Status(status) if is_of_one_who_left(status) => kinds.given_up = true,
                ErrorKind::Status(status) => kinds.statuses.add(status),
                ErrorKind::ClientErrors => {
                    let all = (400..500).filter(|status| !is_of_one_who_left(*status));
                    all.for_each(|status| kinds.statuses.add(status));
                }
            }
            kinds
        })
    }
}

/// Whether servers log this status for a client who did not wait for the answer: nginx and AWS.
pub fn is_of_one_who_left(status: u16) -> bool {
    matches!(status, 0 | 460 | 499)
}

impl ErrorKinds {
    const NONE: ErrorKinds = ErrorKinds {
        server_errors: false,
        given_up: false,
        slow: false,
        statuses: Statuses([0; 10]),
    };

    /// Whether a request counts as an error that ended so, with this status, late or not.
    #[inline]
    pub fn count(&self, outcome: Outcome, status: u16, late: bool) -> bool {
        match outcome {
            Outcome::Planned => false,
            Outcome::Abandoned => self.given_up,
            Outcome::Failed | Outcome::Rejected => self.server_errors || self.statuses.has(status),
            Outcome::Ok => (self.slow && late) || self.statuses.has(status),
        }
    }

    /// Whether an answer is good, late or not.
    #[inline]
    pub fn is_good(&self, outcome: Outcome, status: u16) -> bool {
        outcome == Outcome::Ok && !self.statuses.has(status)
    }

    /// Only server errors.
    pub fn are_usual(&self) -> bool {
        *self == ErrorKinds::default()
    }
}
