//! What is known while a plan is read, and small questions about its words.

use super::facts::{At, Facts};
use super::lines::Line;
use super::names::is_person;
use super::phrase;

/// Reads a plan line by line.
pub(super) struct Reader<'a> {
    pub(super) lines: &'a [Line],
    pub(super) facts: Facts,
    pub(super) year: i16,
    /// What marks the one who decides, where the plan has a legend (`👑 = decision maker`).
    pub(super) decider_mark: Option<String>,
    /// Other people could be meant by a first name: the line and the name.
    pub(super) ambiguous: Vec<At<String>>,
    /// The head of the table that is being read, and which table it is.
    pub(super) head: Option<(usize, Vec<String>)>,
    /// The last line of words: what the list below it is about.
    pub(super) lead: Option<usize>,
    /// The headings that are steps and plays, by their place among the lines.
    pub(super) step_of: Vec<(usize, usize)>,
    pub(super) play_of: Vec<(usize, usize)>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(lines: &'a [Line], year: i16) -> Reader<'a> {
        Reader {
            lines,
            facts: Facts::default(),
            year,
            decider_mark: None,
            ambiguous: Vec::new(),
            head: None,
            lead: None,
            step_of: Vec::new(),
            play_of: Vec::new(),
        }
    }
}

/// `label: rest`, where that is no time and no address.
pub(super) fn labelled(text: &str) -> Option<(&str, &str)> {
    let at = text.find(':')?;
    let (label, rest) = (&text[..at], &text[at + 1..]);
    let time = label.ends_with(|letter: char| letter.is_ascii_digit())
        && rest.starts_with(|letter: char| letter.is_ascii_digit());
    let short = label.split_whitespace().count() <= 6;
    (!time && short && !label.trim().is_empty() && !rest.starts_with("//")).then_some((label, rest))
}

/// Whether nothing but a question stands there.
pub(super) fn is_open(text: &str) -> bool {
    let text = text.trim();
    text.is_empty() || phrase::open(text).is_some()
}

/// Whether these words name a job, not a person.
pub(super) fn is_title(text: &str) -> bool {
    const TITLES: [&str; 22] = [
        "owner",
        "manager",
        "lead",
        "director",
        "engineer",
        "officer",
        "chief",
        "coordinator",
        "representative",
        "rep",
        "commander",
        "scribe",
        "liaison",
        "head",
        "sponsor",
        "architect",
        "developer",
        "sre",
        "analyst",
        "approver",
        "comms",
        "decider",
    ];
    !is_person(text)
        && text
            .split(|letter: char| !letter.is_alphanumeric())
            .any(|word| TITLES.contains(&word.to_lowercase().as_str()))
}

/// Whether these words say that somebody has the last word.
pub(super) fn decides(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "decision maker",
        "decision-maker",
        "decider",
        "final approv",
        "go/no-go owner",
        "decision owner",
        "approver",
    ]
    .iter()
    .any(|word| lower.contains(word))
}
