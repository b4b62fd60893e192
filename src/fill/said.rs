//! What somebody has answered, and how their words are kept in a file.

use crate::language::edit::{Editor, joined};

/// What somebody has answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// These words.
    Words(String),
    /// Somebody takes it with them: who, and until when.
    Parked { owner: String, due: Option<String> },
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
    /// As a comment has it: `ann, 2018-11-01`.
    pub(super) fn words(&self) -> String {
        match self.by.as_str() {
            "" => self.on.clone(),
            by => format!("{by}, {}", self.on),
        }
    }
}

/// Says on the line who said so.
pub(super) fn note(editor: &mut Editor, line: u32, said: &Answerer) {
    let mark = format!("[o] {}", said.words());
    editor.comment(line, |old| joined(old, &mark));
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
