//! Single values as people write them, and what is wrong with one that cannot be read.

use crate::language::node::Scalar;
use crate::language::problem::{Problem, quoted};
use crate::language::source::Place;

/// A single value with a spelling of its own.
pub trait ScalarValue: Sized {
    /// What is expected, as messages say it.
    const KIND: &'static str;

    /// How it is spelled, as far as a schema can say.
    const SPELLING: Spelling = Spelling::Any;

    /// Reads the text as written; the complaint says what is wrong with it.
    fn parse(text: &str) -> Result<Self, ValueError>;

    /// What to write where it was spelled as a list of words.
    fn of_list(_words: &[&str]) -> Option<String> {
        None
    }

    /// The same for a value that must be quoted so that other tools do not misread it.
    fn parse_scalar(scalar: &Scalar) -> Result<Self, ValueError> {
        Self::parse(&scalar.text)
    }
}

/// Why a text is not what was expected, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueError {
    pub message: String,
    pub hint: Option<String>,
}

impl ValueError {
    /// With advice.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> ValueError {
        ValueError { message: message.into(), hint: Some(hint.into()) }
    }

    /// Without advice.
    pub fn bare(message: impl Into<String>) -> ValueError {
        ValueError { message: message.into(), hint: None }
    }

    /// As a problem at its place.
    pub fn at(self, place: Place) -> Problem {
        Problem::error(place, self.message).maybe_hint(self.hint)
    }
}

/// How a single value is spelled.
#[derive(Debug, Clone, Copy)]
pub enum Spelling {
    Any,
    OneOf(&'static [&'static str]),
    /// A regular expression.
    Pattern(&'static str),
    /// A bare number, or what the expression matches.
    NumberOr(&'static str),
    Number,
    Whole,
    Flag,
}

/// The most characters of a text: templates are the longest, and each time that one is sent it
/// is written in the journal and its tables.
const LONGEST: usize = 4_000;

impl ScalarValue for String {
    const KIND: &'static str = "a word";

    fn parse(text: &str) -> Result<Self, ValueError> {
        if text.trim().is_empty() {
            return Err(ValueError::bare("there is nothing in the quotes"));
        }
        let length = text.chars().count();
        if length > LONGEST {
            let message = format!("{} has {length} characters", quoted(text));
            return Err(ValueError::new(message, format!("write {LONGEST} at most")));
        }
        Ok(text.to_string())
    }
}

/// One of a few words.
pub fn one_of<T: Copy>(text: &str, words: &[(&str, T)]) -> Result<T, ValueError> {
    let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
    found.ok_or_else(|| {
        let all: Vec<String> = words.iter().map(|(word, _)| quoted(word)).collect();
        let message = format!("{} is not known here", quoted(text));
        ValueError::new(message, format!("write {}", all.join(" or ")))
    })
}
