//! What is wrong with a scenario: where, what, and what to write instead.

use crate::language::node::Key;
use crate::language::source::{Origin, Place, SourceText, plain};
use crate::language::wording::{OneOf, Wording};
use crate::names::{self, written_out};
use std::path::Path;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemSeverity {
    /// The scenario cannot run.
    Error,
    /// It runs, but surely not as meant.
    Warning,
    /// It runs; the launch plan behind it leaves something open.
    Finding,
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub severity: ProblemSeverity,
    /// Of a finding: how much it matters.
    pub weight: Option<names::Severity>,
    /// One sentence without a full stop.
    pub message: String,
    /// How the same is said of several things, and which of them this is.
    pub one_of: Option<OneOf>,
    /// A few words beside the caret; may be empty.
    pub label: String,
    /// What to write instead.
    pub hint: Option<String>,
    pub place: Place,
    /// A second place that has to do with it, and what it is.
    pub also: Option<(Place, String)>,
    /// The part of the launch plan that this scenario leaves out and another may exercise.
    pub unexercised: Option<PlanPart>,
}

/// A part of the launch plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanPart {
    /// What it is: `rule`, `play`.
    pub kind: &'static str,
    pub name: String,
}

/// A text that a variable was filled into, and the place of the variable's value.
pub struct Filled {
    pub at: Place,
    pub from: Place,
}

impl Problem {
    /// A problem that keeps the scenario from running.
    pub fn error(place: Place, message: impl Into<Wording>) -> Problem {
        let Wording { text: message, one_of } = message.into();
        let (severity, label) = (ProblemSeverity::Error, String::new());
        let (weight, hint, also, unexercised) = (None, None, None, None);
        Problem { severity, weight, message, one_of, label, hint, place, also, unexercised }
    }

    /// A problem that does not keep it from running.
    pub fn warning(place: Place, message: impl Into<Wording>) -> Problem {
        Problem { severity: ProblemSeverity::Warning, ..Problem::error(place, message) }
    }

    /// Something that the launch plan behind the scenario leaves open.
    pub fn finding(place: Place, message: impl Into<Wording>) -> Problem {
        Problem { severity: ProblemSeverity::Finding, ..Problem::error(place, message) }
    }

    /// Of this weight.
    pub fn weighing(self, weight: names::Severity) -> Problem {
        Problem { weight: Some(weight), ..self }
    }

    /// With a few words beside the caret.
    pub fn label(self, label: impl Into<String>) -> Problem {
        Problem { label: label.into(), ..self }
    }

    /// With advice.
    pub fn hint(self, hint: impl Into<String>) -> Problem {
        Problem { hint: Some(hint.into()), ..self }
    }

    /// With advice, if there is any.
    pub fn maybe_hint(self, hint: Option<String>) -> Problem {
        Problem { hint: hint.or(self.hint.clone()), ..self }
    }

    /// With a second place.
    pub fn also(self, place: Place, label: impl Into<String>) -> Problem {
        Problem { also: Some((place, label.into())), ..self }
    }
}

/// All problems of a scenario, with the texts they point into.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems {
    list: Vec<Problem>,
    pub sources: Vec<SourceText>,
    /// Lists of a file that took the place of an included one.
    pub replaced: Vec<Key>,
    /// Values that are wrong already: what else is said of them follows from that.
    already_reported: Vec<Place>,
    /// What has an unknown key, as messages call it, and the key that was meant.
    slips: Vec<(&'static str, Option<&'static str>)>,
}

impl Problems {
    /// No problem yet, in a file.
    pub fn new(file: SourceText) -> Problems {
        Problems { sources: vec![file], ..Problems::default() }
    }

    /// Adds one, unless it is already there, or follows from another of the same value.
    pub fn push(&mut self, problem: Problem) {
        if !self.list.contains(&problem) && !self.already_reported.contains(&problem.place) {
            self.list.push(problem);
        }
    }

    /// Adds one, after which nothing else is said of the same value.
    pub fn push_last(&mut self, problem: Problem) {
        let place = problem.place;
        self.push(problem);
        self.already_reported.push(place);
    }

    /// The place of a word in a value; the whole value if it is not there as it is.
    pub fn word_in(&self, value: Place, word: &str) -> Place {
        let source = self.sources.get(value.source);
        let text = source.and_then(|source| source.text.get(value.start..value.end));
        let Some((text, at)) = text.and_then(|text| Some((text, text.find(word)?))) else {
            return value;
        };
        if text.contains('\n') || text[at + word.len()..].contains(word) {
            return value;
        }
        let column = value.column + text[..at].chars().count() as u32;
        let start = value.start + at;
        Place { column, start, end: start + word.len(), ..value }
    }

    /// Remembers an unknown key: what has it, and the key that it was meant for.
    pub fn note_unknown_key(&mut self, thing: &'static str, meant: Option<&'static str>) {
        self.slips.push((thing, meant));
    }

    /// Whether an unknown key was reported that was meant for this one, or that a thing has.
    pub fn has_unknown_key(&self, thing: &str, meant: &str) -> bool {
        self.slips.iter().any(|(of, key)| *of == thing || *key == Some(meant))
    }

    /// Whether there is an error in this line already.
    pub fn error_in_line(&self, place: Place) -> bool {
        self.list.iter().any(|problem| {
            let (same, error) = (problem.place, problem.severity == ProblemSeverity::Error);
            error && (same.source, same.line) == (place.source, place.line)
        })
    }

    /// How many there are of a severity.
    pub fn count(&self, severity: ProblemSeverity) -> usize {
        self.list.iter().filter(|problem| problem.severity == severity).count()
    }

    /// Whether any of them keeps the scenario from running.
    pub fn any_error(&self) -> bool {
        self.count(ProblemSeverity::Error) > 0
    }

    /// The first that keeps the scenario from running, with its advice, in one line; empty if there
    /// is none.
    pub fn first_error_line(&self) -> String {
        let first = self.list.iter().find(|problem| problem.severity == ProblemSeverity::Error);
        first.map_or(String::new(), |problem| match &problem.hint {
            Some(hint) => format!("{}; {hint}", problem.message),
            None => problem.message.clone(),
        })
    }

    /// All of them in the order of their places.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.list.iter()
    }

    /// Shows, with problems of a text that a variable was filled into, the place of its value.
    pub fn trace(&mut self, filled: &[Filled]) {
        for problem in self.list.iter_mut().filter(|problem| problem.also.is_none()) {
            let place = problem.place;
            let inside = |at: Place| {
                at.source == place.source && at.start <= place.start && place.end <= at.end
            };
            if let Some(filled) = filled.iter().find(|filled| inside(filled.at)) {
                problem.also = Some((filled.from, "the variable is filled in from here".into()));
            }
        }
    }

    /// The path of the file that a place is in, as the user gave it.
    pub fn path(&self, place: Place) -> &str {
        self.sources.get(place.source).map_or("", |source| &source.path_shown)
    }

    /// The included file that a place is in, relative to the folder of the scenario; `None` for the
    /// scenario itself and for a value of `--set`.
    pub fn part(&self, place: Place) -> Option<String> {
        let folder = |path: &str| plain(Path::new(path).parent().unwrap_or(Path::new("")));
        let source = self.sources.get(place.source).filter(|_| place.source > 0)?;
        if source.origin == Origin::Set {
            return None;
        }
        let path = plain(Path::new(&source.path_shown));
        let path = path.strip_prefix(folder(&self.sources[0].path_shown)).unwrap_or(&path);
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        Some(parts.join("/"))
    }

    /// Caps the weight of findings that `meant` picks out.
    pub fn cap_severity(&mut self, most: names::Severity, meant: impl Fn(&Problem) -> bool) {
        let graver = |weight: names::Severity| weight < most;
        let findings =
            self.list.iter_mut().filter(|problem| problem.severity == ProblemSeverity::Finding);
        for problem in findings.filter(|problem| meant(problem)) {
            problem.weight = problem.weight.map(|now| if graver(now) { most } else { now });
        }
    }

    /// Keeps those that are wanted.
    pub fn retain(&mut self, wanted: impl FnMut(&Problem) -> bool) {
        self.list.retain(wanted);
    }

    /// Without warnings and findings: what they say of a scenario with errors may be wrong.
    pub fn errors_only(mut self) -> Problems {
        self.list.retain(|problem| problem.severity == ProblemSeverity::Error);
        self
    }

    /// Sorts by place.
    pub fn sorted(mut self) -> Problems {
        self.list.sort_by_key(|problem| (problem.place, problem.severity));
        self
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// The word that was probably meant: a few typos away, or very similar.
pub fn nearest<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let slips = (lower.chars().count() / 3).max(1);
    let measured = words.into_iter().map(|other| {
        let other_lower = other.to_lowercase();
        let likeness = strsim::jaro_winkler(&lower, &other_lower);
        (strsim::osa_distance(&lower, &other_lower), likeness, other)
    });
    let near = measured.filter(|(distance, likeness, other)| {
        *distance <= slips && *distance < other.len() || *likeness > 0.9
    });
    let best = near.min_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    best.map(|(_, _, other)| other)
}

/// Advice for an unknown word: the nearest one, or all of them if they are few.
pub fn advice<'a>(word: &str, words: impl IntoIterator<Item = &'a str> + Clone) -> Option<String> {
    if let Some(near) = nearest(word, words.clone()) {
        return Some(format!("did you mean {}?", quoted(near)));
    }
    let all: Vec<_> = words.into_iter().map(quoted).collect();
    match all.len() {
        0 => None,
        1 => Some(format!("the only choice is {}", all[0])),
        2..=16 => Some(format!("known: {}", all.join(", "))),
        _ => None,
    }
}

/// Text of a file as it may stand in a message: between backticks, at most 60 characters, with
/// control and direction-changing characters made visible.
pub fn quoted(text: &str) -> String {
    let mut shown = String::from("`");
    for (n, (c, instead)) in written_out(text).enumerate() {
        if n == 60 {
            shown.push('…');
            break;
        }
        match instead {
            Some(instead) => shown.push_str(&instead),
            None => shown.push(c),
        }
    }
    shown.push('`');
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_shown() {
        assert_eq!(quoted("a\u{202e}b\u{7}"), "`a\\u{202e}b\\u{7}`");
        assert_eq!(quoted(&"x".repeat(100)).chars().count(), 63);
    }

    #[test]
    fn advice_is_the_nearest_word_or_all_of_few() {
        let tiers = ["reverse-proxy", "content"];
        let near = Some("did you mean `reverse-proxy`?");
        assert_eq!(advice("revers-proxy", tiers).as_deref(), near);
        assert_eq!(advice("zzz", tiers).as_deref(), Some("known: `reverse-proxy`, `content`"));
        assert_eq!(advice("zzz", []), None);
    }
}
