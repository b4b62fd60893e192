//! Guesses that are sealed before the start: when it will be over, what will take longest, what
//! will be missing.

use super::arguments::{LineWords, argument};
use super::find::{NameKind, meant};
use crate::decision::Phase;
use crate::names::{Names, PersonId};
use crate::units::Span;

/// What somebody guesses before the exercise; at least one of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guess {
    /// Who guesses.
    pub person: PersonId,
    /// From what goes wrong to users being well again.
    pub back: Option<RecoveryGuess>,
    /// The step that will take longest.
    pub longest: Option<Phase>,
    /// What will be missing, in words.
    pub missing: Option<String>,
}

/// When users will be well again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecoveryGuess {
    /// After so long.
    After(Span),
    /// Not before the exercise ends.
    Never,
}

/// How it is typed.
const HOW: &str =
    "write `guess WHO back 25m longest diagnose missing WHAT`; any of the three will do";

/// Other words for steps.
const OTHERS: [(&str, Phase); 9] = [
    ("page", Phase::Acknowledge),
    ("ack", Phase::Acknowledge),
    ("triage", Phase::Diagnose),
    ("diagnosis", Phase::Diagnose),
    ("decision", Phase::Decide),
    ("approval", Phase::Decide),
    ("fix", Phase::Deploy),
    ("change", Phase::Deploy),
    ("detection", Phase::Detect),
];

impl Guess {
    /// Reads what follows `guess`.
    pub(super) fn read(rest: &str, names: &Names) -> Result<Guess, String> {
        let (before, missing) = without_missing(rest);
        let words = LineWords::parse(before, &[NameKind::Person], names)?.0;
        let Some((who, mut rest)) = words.split_first() else {
            return Err(format!("say who guesses: {HOW}"));
        };
        if KEYS.contains(&who.to_lowercase().as_str()) && !names.people.contains(who.as_str()) {
            return Err(format!("say who guesses: {HOW}"));
        }
        let person = LineWords::one(who, &[NameKind::Person], names)?.1.into();
        let mut guess = Guess { person, back: None, longest: None, missing };
        while let [key, value, more @ ..] = rest {
            let value = value.trim_end_matches([',', ';']);
            match key.to_lowercase().as_str() {
                "back" if guess.back.is_none() => guess.back = Some(parse_recovery(value)?),
                "longest" if guess.longest.is_none() => guess.longest = Some(step(value)?),
                _ => return Err(format!("`{key}` is not understood: {HOW}")),
            }
            rest = more;
        }
        match (rest, &guess) {
            ([], Guess { back: None, longest: None, missing: None, .. }) => {
                Err(format!("nothing is guessed: {HOW}"))
            }
            ([], _) => Ok(guess),
            ([word, ..], _) => Err(format!("`{word}` is not understood: {HOW}")),
        }
    }

    /// In full, as it is written to disk; it is read back as the same.
    pub(super) fn text(&self, names: &Names) -> String {
        let name = &names.people[self.person.index()];
        let plain = argument(NameKind::Person, name, false);
        let confused = KEYS.contains(&name.to_lowercase().as_str()) || name.contains('=');
        let mut text = match confused {
            true => format!("guess {}", argument(NameKind::Person, name, true)),
            false => format!("guess {plain}"),
        };
        if let Some(back) = &self.back {
            text += &match back {
                RecoveryGuess::After(span) => format!(" back {}", span.compact()),
                RecoveryGuess::Never => " back never".to_string(),
            };
        }
        if let Some(longest) = self.longest {
            text += &format!(" longest {}", longest.word());
        }
        if let Some(missing) = &self.missing {
            text += &format!(" missing {missing}");
        }
        text
    }
}

const KEYS: [&str; 3] = ["back", "longest", "missing"];

/// The words before `missing`, and what is missing.
fn without_missing(text: &str) -> (&str, Option<String>) {
    let lower = text.to_lowercase();
    // Other letters may be longer in lower case.
    let found = if lower.len() == text.len() { lower.find(" missing ") } else { None };
    let Some(at) = found else { return (text, None) };
    let said = text[at + " missing ".len()..].trim();
    let bare = said.strip_prefix('"').and_then(|said| said.strip_suffix('"')).unwrap_or(said);
    (&text[..at], Some(bare.trim().to_string()).filter(|said| !said.is_empty()))
}

/// A duration, a number of minutes, or never.
fn parse_recovery(word: &str) -> Result<RecoveryGuess, String> {
    if ["never", "no", "not"].contains(&word.to_lowercase().as_str()) {
        return Ok(RecoveryGuess::Never);
    }
    let minutes = word.parse::<u16>().map(|minutes| Span::MINUTE * u64::from(minutes));
    let span = minutes.ok().or_else(|| word.parse::<Span>().ok());
    let whole = span.map(|span| Span::from_secs(span.seconds().round() as u64));
    let fits = whole.filter(|span| (Span::SECOND..=Span::from_secs(7 * 86_400)).contains(span));
    let wrong = || format!("`{word}` is not a time to recovery: write 25m, 1h30m or never");
    fits.map(RecoveryGuess::After).ok_or_else(wrong)
}

/// The step of a response that a word means; that all was clear is none.
fn step(word: &str) -> Result<Phase, String> {
    if let Some((_, phase)) = OTHERS.iter().find(|(other, _)| word.eq_ignore_ascii_case(other)) {
        return Ok(*phase);
    }
    let steps: Vec<Phase> = Phase::ALL.into_iter().filter(|step| *step != Phase::Clear).collect();
    let words: Vec<&str> = steps.iter().map(|step| step.word()).collect();
    let wrong =
        || format!("`{word}` is not a step of a response: write one of {}", words.join(", "));
    meant(word, &words)?.map(|at| steps[at]).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rehearsal::{Aside, Command};

    fn names() -> Names {
        let mut names = Names::default();
        for name in ["wyatt", "Anna Lee", "back"] {
            names.people.insert(name.to_string());
        }
        names
    }

    fn guess(text: &str) -> Result<Guess, String> {
        match Command::parse(text, &names())? {
            Command::Aside(Aside::Guess(guess)) => Ok(guess),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn a_guess_is_read_back_as_the_same() {
        let made = |person: usize, back, longest, missing: Option<&str>| Guess {
            person: person.into(),
            back,
            longest,
            missing: missing.map(str::to_string),
        };
        let minutes = |n| Some(RecoveryGuess::After(Span::MINUTE * n));
        for (text, means) in [
            (
                "guess wyatt back 25m longest diagnose missing \"the partner's number\"",
                made(0, minutes(25), Some(Phase::Diagnose), Some("the partner's number")),
            ),
            ("guess wy longest triage, back 90", made(0, minutes(90), Some(Phase::Diagnose), None)),
            ("guess Anna Lee back never", made(1, Some(RecoveryGuess::Never), None, None)),
            ("guess anna longest dec", made(1, None, None, None)),
            ("guess back back 1h30m", made(2, minutes(90), None, None)),
            (
                "Guess wyatt missing a way back, longest of all",
                made(0, None, None, Some("a way back, longest of all")),
            ),
        ] {
            let read = guess(text);
            if text.ends_with(" dec") {
                let problem = read.expect_err("it may be two");
                assert!(problem.contains("declare or decide"), "{problem}");
                continue;
            }
            let read = read.expect(text);
            assert_eq!(read, means, "{text}");
            let again = Aside::Guess(read.clone()).text(&names());
            assert_eq!(guess(&again), Ok(read), "{again}");
        }
    }

    #[test]
    fn what_is_no_guess_is_refused_with_what_to_write() {
        for (text, said) in [
            ("guess", "say who guesses"),
            ("guess longest diagnose", "say who guesses"),
            ("guess bob back 5m", "`bob` is not a known name"),
            ("guess wyatt", "nothing is guessed"),
            ("guess wyatt missing", "`missing` is not understood"),
            ("guess wyatt back", "`back` is not understood"),
            ("guess wyatt back soon", "not a time to recovery"),
            ("guess wyatt back 0s", "not a time to recovery"),
            ("guess wyatt back 9999h", "not a time to recovery"),
            ("guess wyatt back 5m back 6m", "`back` is not understood"),
            ("guess wyatt longest coffee", "is not a step of a response"),
            ("guess wyatt longest clear", "is not a step of a response"),
            ("guess wyatt 25m longest reach", "`25m` is not understood"),
            ("guess wyatt missing a \u{202e}trick", "invisible character"),
        ] {
            let problem = guess(text).expect_err(text);
            assert!(problem.contains(said), "{text}: {problem}");
        }
    }
}
