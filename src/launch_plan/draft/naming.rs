//! What a draft calls the things of a plan.

use super::super::action::is_page;
use super::super::facts::{Facts, StatedAction, StatedPlay};
use super::super::origin::from_line;
use jiff::civil::Date;

/// The name of the change that puts up a maintenance page.
pub(super) const PAGE: &str = "maintenance-page";

/// The names that a draft has for what a plan words in its own way.
pub(super) struct DraftNames {
    pub people: Vec<String>,
    pub chains: Vec<String>,
    pub rules: Vec<String>,
}

/// A change of the draft: its name, the rest of its line, and where it comes from.
pub(super) struct DraftChange {
    pub name: String,
    pub value: String,
    pub source: String,
}

pub(super) fn page_step(play: &StatedPlay) -> Option<&str> {
    play.steps.iter().find_map(|step| match &step.value {
        StatedAction::Change { what, .. } if is_page(what) => Some(what.as_str()),
        _ => None,
    })
}

/// The row of the table that the words mean, where exactly one has all of its words in them; else
/// a name of their own.
pub(super) fn change_name(what: &str, known: &[DraftChange]) -> String {
    if is_page(what) {
        return PAGE.to_string();
    }
    let small = [
        "the", "a", "an", "to", "for", "of", "engineer", "ops", "and", "we", "our", "on", "it",
        "them",
    ];
    // To revert is to go back; to switch back is something else than to switch.
    let reverts = what.to_lowercase().contains("revert");
    let empty = |word: &String| small.contains(&word.as_str()) || reverts && word == "back";
    let words: Vec<String> = slug_words(what).filter(|word| !empty(word)).collect();
    let stem = |word: &str| word.trim_end_matches('s').to_string();
    let has = |word: &str| words.iter().any(|other| stem(other) == stem(word));
    let fitting: Vec<&DraftChange> =
        known.iter().filter(|change| change.name.split('-').all(&has)).collect();
    if let [only] = fitting.as_slice() {
        return only.name.clone();
    }
    let mut words = words;
    if let Some(verb) = words.first_mut() {
        // "merges the request" is what somebody does; the change is called "merge-request".
        let end = if verb.ends_with("ches") || verb.ends_with("shes") { 2 } else { 1 };
        if verb.ends_with('s') && !verb.ends_with("ss") && !verb.ends_with("is") && verb.len() > 3 {
            verb.truncate(verb.len() - end);
        }
    }
    words.truncate(4);
    words.join("-")
}

pub(super) fn slug_words(words: &str) -> impl Iterator<Item = String> {
    let lower = words.to_lowercase();
    let parts = lower.split(|letter: char| !letter.is_alphanumeric() && letter != '\'');
    parts.map(str::to_string).filter(|part| !part.is_empty()).collect::<Vec<_>>().into_iter()
}

/// The day of the launch, or an assumed one, and where it comes from.
pub(super) fn launch_day(facts: &Facts, year: i16) -> (Date, String) {
    match facts.launch_day() {
        Some((day, line)) => (day, from_line(line)),
        None => {
            (Date::new(year, 1, 15).unwrap_or(Date::MIN), "[a] the plan has no day".to_string())
        }
    }
}
