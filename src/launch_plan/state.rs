//! What is known while a plan is read, and small questions about its words.

use super::dates::DateReading;
use super::facts::{At, Facts};
use super::lines::Line;
use super::names::is_person;
use super::phrase;

/// What a plan says in words that could mean something else.
#[derive(Default)]
pub(super) struct Unsure {
    /// First names that several people have.
    pub(super) names: Vec<At<String>>,
    /// Dates that are none, or that can be read in two ways.
    pub(super) dates: Vec<At<String>>,
    /// Times in another zone than the plan's first, as they were converted.
    pub(super) zones: Vec<At<String>>,
}

/// Reads a plan line by line.
pub(super) struct PlanReader<'a> {
    pub(super) lines: &'a [Line],
    pub(super) facts: Facts,
    /// How its dates are read.
    pub(super) dates: DateReading,
    /// What marks the one who decides, where the plan has a legend (`👑 = decision maker`).
    pub(super) decider_mark: Option<String>,
    /// What could be meant in another way as well.
    pub(super) unsure: Unsure,
    /// The head of the table that is being read, and which table it is.
    pub(super) head: Option<(usize, Vec<String>)>,
    /// The last line of words: what the list below it is about.
    pub(super) lead: Option<usize>,
    /// The headings that are steps and plays, by their place among the lines.
    pub(super) step_of: Vec<(usize, usize)>,
    pub(super) play_of: Vec<(usize, usize)>,
}

impl<'a> PlanReader<'a> {
    pub(super) fn new(lines: &'a [Line], year: i16) -> PlanReader<'a> {
        PlanReader {
            lines,
            facts: Facts::default(),
            dates: DateReading::from_lines(year, lines.iter().map(|line| line.text.as_str())),
            decider_mark: None,
            unsure: Unsure::default(),
            head: None,
            lead: None,
            step_of: Vec::new(),
            play_of: Vec::new(),
        }
    }
}

/// `label: rest`, where that is neither a time nor an address.
pub(super) fn labelled(text: &str) -> Option<(&str, &str)> {
    let at = text.find(':')?;
    let (label, rest) = (&text[..at], &text[at + 1..]);
    let time = label.ends_with(|letter: char| letter.is_ascii_digit())
        && rest.starts_with(|letter: char| letter.is_ascii_digit());
    let short = label.split_whitespace().count() <= 6;
    (!time && short && !label.trim().is_empty() && !rest.starts_with("//")).then_some((label, rest))
}

/// Whether there is nothing but a question.
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
    // Longer than that it is a sentence which speaks of one.
    let short = text.split_whitespace().count() <= 6;
    short
        && !is_person(text)
        && text
            .split(|letter: char| !letter.is_alphanumeric())
            .any(|word| TITLES.contains(&word.to_lowercase().as_str()))
}

/// Whether these words name a job, a team or an organisation: `Help desk`, `NSOC`, `On-call SRE`.
pub(super) fn is_role(text: &str) -> bool {
    const TEAMS: [&str; 16] = [
        "on-call",
        "oncall",
        "desk",
        "team",
        "support",
        "admin",
        "administrator",
        "vendor",
        "partner",
        "office",
        "center",
        "centre",
        "provider",
        "operator",
        "pm",
        "dba",
    ];
    let acronym = |word: &str| {
        let letters = word.chars().filter(|letter| letter.is_alphabetic()).count();
        (2..=6).contains(&letters) && !word.chars().any(char::is_lowercase)
    };
    let words = || text.split(|letter: char| !letter.is_alphanumeric() && letter != '-');
    is_title(text)
        || words().any(|word| TEAMS.contains(&word.to_lowercase().as_str()))
        || words().filter(|word| !word.is_empty()).all(acronym)
        // `ID.me`: a name that is not a word.
        || (text.contains('.') && !text.contains(' '))
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
