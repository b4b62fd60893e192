//! What a word that has been begun may become.

use super::command::Command;
use super::find::Kind;
use crate::names::Names;

/// Where the last word of a line begins, and all words that may stand there.
pub fn complete(before: &str, names: &Names) -> (usize, Vec<String>) {
    let start = before.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let begun = before[start..].to_lowercase();
    let first = before.split_whitespace().next().unwrap_or_default();
    let kinds: &[Kind] = match first {
        _ if start == 0 || before[..start].trim().is_empty() => &[],
        "ack" | "decide" => &[Kind::Person, Kind::Channel],
        "declare" => &[Kind::Person],
        "choose" => &[Kind::Change, Kind::Person],
        "start" | "done" | "failed" => &[Kind::Change],
        "inject" => &[Kind::Fault],
        _ => return (start, Vec::new()),
    };
    let mut words: Vec<&str> = match kinds {
        [] => Command::words().collect(),
        kinds => kinds.iter().flat_map(|kind| kind.all(names)).collect(),
    };
    if matches!(first, "declare" | "decide") && !kinds.is_empty() {
        words.extend(["yes", "no"]);
    }
    let fits = words.into_iter().filter(|word| word.to_lowercase().starts_with(&begun));
    (start, fits.map(str::to_string).collect())
}
