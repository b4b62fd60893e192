//! The exit codes.

use crate::journal::{Story, Verdict};
use std::process::ExitCode;

/// What the exit code says. The numbers are a contract with scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Expectations met.
    Met = 0,
    /// Something broke while running.
    Broke = 1,
    /// Usage or scenario wrong.
    Wrong = 2,
    /// There was nothing that could be judged, or it is too close to tell.
    NotJudgeable = 3,
    /// An expectation or an objective missed, or a rule fired in a log.
    Missed = 99,
    /// Interrupted; what was done is on disk.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// What the expectations of a run say.
pub(in crate::cli) fn exit_of(story: &Story, interrupted: bool, many: bool) -> Exit {
    if interrupted && (many || story.totals().is_none_or(|totals| totals.interrupted)) {
        Exit::Interrupted
    } else {
        let any = |verdict| story.expectations().any(|expected| expected.verdict == verdict);
        match (any(Verdict::Missed), any(Verdict::NotJudged)) {
            (true, _) => Exit::Missed,
            (false, true) => Exit::NotJudgeable,
            (false, false) => Exit::Met,
        }
    }
}
