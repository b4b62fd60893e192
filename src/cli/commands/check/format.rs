//! How problems are written.

use crate::report::for_terminal;
use clap::ValueEnum;

/// For whom problems are written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ProblemFormat {
    /// For people: each problem with its line and a caret
    Text,
    /// For programs: one JSON document
    Json,
    /// For GitHub Actions: workflow commands that annotate the files
    Github,
}

/// The text of a workflow command: one line, and nothing in it that begins another.
pub(super) fn data(text: &str) -> String {
    let escaped = text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    for_terminal(&escaped, 4_000)
}

/// The value of a property of a workflow command.
pub(super) fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
