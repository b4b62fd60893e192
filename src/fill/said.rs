//! What somebody answered, and how their words are kept in a file.

use crate::language::edit::{Editor, marked};

use super::parked::taken_out;

/// What somebody has answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GivenAnswer {
    /// These words.
    Words(String),
    /// Somebody takes it with them: who, and until when.
    Parked { owner: String, due: Option<String> },
}

/// Why an answer is not written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It cannot be, and why.
    No(String),
    /// It may not be what was meant: what is asked, and the answer that a yes means.
    Unsure { asks: String, answer: GivenAnswer },
}

impl From<String> for Refusal {
    fn from(why: String) -> Refusal {
        Refusal::No(why)
    }
}

/// Who said so, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answerer {
    /// As they want to be called; empty where nobody has said.
    pub by: String,
    /// ISO 8601.
    pub on: String,
}

impl Answerer {
    /// As a comment has it: `ann, 2018-11-01`. What would end a mark or name a key in it is left
    /// out.
    pub(super) fn words(&self) -> String {
        let by: String = self.by.chars().filter(|letter| !":;[]#".contains(*letter)).collect();
        match by.trim() {
            "" => self.on.clone(),
            by => format!("{by}, {}", self.on),
        }
    }
}

/// Says on the line who said so; nobody has it parked any more.
pub(super) fn note(editor: &mut Editor, line: u32, said: &Answerer) {
    let said = said.words();
    editor.comment(line, |old| marked(&taken_out(old, ""), "", &said));
}

/// What is typed becomes one line, without what would end a comment or hide.
pub(super) fn one_line(words: &str) -> String {
    let seen = words.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    seen.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// When the scenario starts, as it is written; empty where it does not say.
pub(super) fn starts(editor: &Editor) -> String {
    editor.root().and_then(|root| root.get("starts")?.text()).unwrap_or_default().to_string()
}
