//! What is said beside the exercise: questions from the floor, and what is kept of them. Nothing in
//! the room changes by it, so it is not an input.

use super::arguments::quoted;
use super::arguments::split;
use super::find::{NameKind, named};
use super::guess::Guess;
use crate::names::{ChangeId, Names, visible};
use jiff::civil::Date;

/// A value of the scenario and what it is set to, as `--set` takes them.
pub type Setting = (String, String);

/// Something said beside the exercise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aside {
    /// What would it be like with these changes? The same runs are played with and without them.
    WhatIf(Vec<Setting>),
    /// A change goes into the scenario and into the improvement plan.
    Keep(Keep),
    /// What do the odds say of now and of later: of the yes that is waited for, or a change?
    Odds(Option<ChangeId>),
    /// Somebody guesses how it will go, before the start.
    Guess(Guess),
}

/// A change that is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keep {
    /// The changes; none: those that were asked for last.
    pub changes: Vec<Setting>,
    /// Who is responsible for it.
    pub owner: Option<String>,
    /// Until when, as it was typed.
    pub due: Option<String>,
}

/// What it is read again by from the record.
const OWNER: &str = ", owner ";
const DUE: &str = ", due ";

impl Aside {
    /// Reads what follows one of these words; `None`: it is another command.
    pub(super) fn read(word: &str, rest: &str, names: &Names) -> Result<Option<Aside>, String> {
        match word {
            "what" => what_if(rest).map(|changes| Some(Aside::WhatIf(changes))),
            "odds" if rest.is_empty() => Ok(Some(Aside::Odds(None))),
            "odds" => match &split(rest)?[..] {
                [change] => {
                    Ok(Some(Aside::Odds(Some(named(change, NameKind::Change, names)?.into()))))
                }
                _ => Err("one change at a time: `odds CHANGE`, or `odds` alone".to_string()),
            },
            "keep" => keep(rest).map(|keep| Some(Aside::Keep(keep))),
            "guess" => {
                seen(rest)?;
                Guess::read(rest, names).map(|guess| Some(Aside::Guess(guess)))
            }
            _ => Ok(None),
        }
    }

    /// In full, as it is written to disk; it is read back as the same.
    pub fn text(&self, names: &Names) -> String {
        match self {
            Aside::WhatIf(changes) => format!("what if {}", written(changes)),
            Aside::Odds(None) => "odds".to_string(),
            Aside::Odds(Some(change)) => {
                format!("odds {}", quoted(&names.changes[change.index()]))
            }
            Aside::Guess(guess) => guess.text(names),
            Aside::Keep(keep) => {
                let with = |label: &str, value: &Option<String>| {
                    value.as_ref().map(|value| format!("{label}{value}")).unwrap_or_default()
                };
                let space = if keep.changes.is_empty() { "" } else { " " };
                let (owner, due) = (with(OWNER, &keep.owner), with(DUE, &keep.due));
                format!("keep{space}{}{owner}{due}", written(&keep.changes))
            }
        }
    }
}

/// `plays.rollback.ask=[chris, rachael]`, several with a semicolon between them.
pub fn written(changes: &[Setting]) -> String {
    let changes = changes.iter().map(|(path, value)| format!("{path}={value}"));
    changes.collect::<Vec<_>>().join("; ")
}

const EXAMPLE: &str = "what if plays.rollback.ask.within=5m";

fn what_if(rest: &str) -> Result<Vec<Setting>, String> {
    let after =
        rest.split_once(char::is_whitespace).filter(|(word, _)| word.eq_ignore_ascii_case("if"));
    let Some((_, text)) = after.filter(|(_, text)| !text.trim().is_empty()) else {
        return Err(format!("say what: `{EXAMPLE}`, a path and a value as --set takes them"));
    };
    changes(text)
}

/// Changes with a semicolon between them; one within quotes or brackets belongs to a value.
fn changes(text: &str) -> Result<Vec<Setting>, String> {
    seen(text)?;
    let each = parts(text).into_iter().map(|part| {
        let wrong = || format!("`{part}` is not a change: write PATH=VALUE, such as `{EXAMPLE}`");
        let (path, value) = part.split_once('=').ok_or_else(wrong)?;
        let (path, value) = (path.trim(), value.trim());
        let whole = !path.is_empty() && !path.contains(char::is_whitespace) && !value.is_empty();
        whole.then(|| (path.to_string(), value.to_string())).ok_or_else(wrong)
    });
    let changes = each.collect::<Result<Vec<_>, _>>()?;
    if changes.is_empty() {
        return Err(format!("say what: `{EXAMPLE}`"));
    }
    Ok(changes)
}

/// The text cut at semicolons outside of quotes and brackets.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut from, mut depth, mut quote) = (Vec::new(), 0, 0i32, None);
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, '"') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth -= 1,
            (None, ';') if depth <= 0 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// `, owner chris, due Nov 6`, after changes or without any.
fn keep(rest: &str) -> Result<Keep, String> {
    const HOW: &str = "write `keep, owner NAME, due DAY` after a `what if`";
    seen(rest)?;
    let rest = format!(", {}", rest.trim_start_matches([',', ' ']));
    let (before, due) = labelled(&rest, DUE);
    let (before, owner) = labelled(before, OWNER);
    let text = before.trim_matches([',', ' ']);
    if due.is_some_and(str::is_empty) || owner.is_some_and(str::is_empty) {
        return Err(HOW.to_string());
    }
    if let Some(word) = owner.filter(|owner| owner.contains(", ")) {
        return Err(format!("unexpected `{word}`: a change has one owner"));
    }
    let changes = match text {
        "" => Vec::new(),
        text if text.contains('=') => changes(text)?,
        text => return Err(format!("`{text}` is not understood: {HOW}")),
    };
    let name = owner.map(|owner| split(owner).map(|words| words.join(" "))).transpose()?;
    Ok(Keep { changes, owner: name, due: due.map(str::to_string) })
}

/// What comes before a label, and what after it, if it is there.
fn labelled<'t>(text: &'t str, label: &str) -> (&'t str, Option<&'t str>) {
    match text.rfind(label) {
        Some(at) => (&text[..at], Some(text[at + label.len()..].trim())),
        None => (text, None),
    }
}

/// Invisible characters must not get into files that people read.
fn seen(text: &str) -> Result<(), String> {
    match visible(text) == text {
        true => Ok(()),
        false => Err("it contains an invisible character: type it again".to_string()),
    }
}

/// A day as people say it, `Nov 6` or `2018-11-06`; without a year it is the one next to this day.
/// The error says what to write.
pub fn day(text: &str, near: Date) -> Result<Date, String> {
    let plain = text.replace(',', " ");
    let words: Vec<&str> = plain.split_whitespace().collect();
    let ordinal = |word: &str| {
        let end = word.find(|letter: char| !letter.is_ascii_digit()).filter(|end| *end > 0);
        match end.map(|end| word.split_at(end)) {
            Some((number, "st" | "nd" | "rd" | "th" | ".")) => number.to_string(),
            _ => word.to_string(),
        }
    };
    let words: Vec<String> = words.into_iter().map(ordinal).collect();
    let plain = words.join(" ");
    if let Ok(date) = plain.parse::<Date>() {
        return Ok(date);
    }
    let read = |text: &str| {
        ["%b %d %Y", "%B %d %Y", "%d %b %Y", "%d %B %Y"]
            .iter()
            .find_map(|format| Date::strptime(format, text).ok())
    };
    if words.len() > 2 {
        return read(&plain).ok_or_else(|| not_a_day(text));
    }
    let years = [near.year() - 1, near.year(), near.year() + 1];
    let days = years.into_iter().filter_map(|year| read(&format!("{plain} {year}")));
    let apart = |date: &Date| (*date - near).get_days().unsigned_abs();
    days.min_by_key(apart).ok_or_else(|| not_a_day(text))
}

fn not_a_day(text: &str) -> String {
    format!("`{text}` is not a date: write Nov 6 or 2018-11-06")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rehearsal::Command;

    fn aside(text: &str) -> Result<Aside, String> {
        match Command::parse(text, &Names::default())? {
            Command::Aside(aside) => Ok(aside),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn what_is_said_beside_is_read_back_as_the_same() {
        let ask = ("plays.rollback.ask".to_string(), "[chris 10m, rachael]".to_string());
        let within = ("a.b".to_string(), "{c: \"x; y\", d: 5m}".to_string());
        let both = vec![ask.clone(), within];
        let kept = |changes: &[Setting], owner: Option<&str>, due: Option<&str>| {
            let (owner, due) = (owner.map(str::to_string), due.map(str::to_string));
            Aside::Keep(Keep { changes: changes.to_vec(), owner, due })
        };
        for (text, means) in [
            ("what if plays.rollback.ask=[chris 10m, rachael]", Aside::WhatIf(vec![ask.clone()])),
            (
                "What IF plays.rollback.ask = [chris 10m, rachael] ; a.b={c: \"x; y\", d: 5m};",
                Aside::WhatIf(both.clone()),
            ),
            ("keep", kept(&[], None, None)),
            ("keep, owner chris, due Nov 6", kept(&[], Some("chris"), Some("Nov 6"))),
            ("keep owner \"anna lee\"", kept(&[], Some("anna lee"), None)),
            ("keep due 2018-11-06", kept(&[], None, Some("2018-11-06"))),
            ("keep due Nov 6, 2018", kept(&[], None, Some("Nov 6, 2018"))),
            (
                "keep plays.rollback.ask=[chris 10m, rachael], owner chris, due Nov 6",
                kept(&[ask], Some("chris"), Some("Nov 6")),
            ),
        ] {
            let read = aside(text).expect(text);
            assert_eq!(read, means, "{text}");
            let again = read.text(&Names::default());
            assert_eq!(aside(&again).as_ref(), Ok(&read), "{again}");
        }
    }

    #[test]
    fn what_is_no_change_is_refused_with_what_to_write() {
        for (text, said) in [
            ("what", "say what: `what if"),
            ("what if", "say what: `what if"),
            ("what if the moon fell down", "is not a change: write PATH=VALUE"),
            ("what if a b=3", "is not a change"),
            ("what if =3", "is not a change"),
            ("what if a=", "is not a change"),
            ("what if ;;", "say what"),
            ("what if a=\u{202e}3", "invisible character"),
            ("keep it", "`it` is not understood"),
            ("keep, owner", "write `keep, owner NAME, due DAY`"),
            ("keep, owner ann, bob", "a change has one owner"),
            ("whatif a=3", "there is no command `whatif`"),
        ] {
            let problem = aside(text).expect_err(text);
            assert!(problem.contains(said), "{text}: {problem}");
        }
    }

    #[test]
    fn a_day_without_a_year_is_the_nearest_one() {
        let near: Date = "2018-11-05".parse().expect("a day");
        for (text, means) in [
            ("Nov 6", Some("2018-11-06")),
            ("6 November", Some("2018-11-06")),
            ("november 6th", Some("2018-11-06")),
            ("Nov 6, 2020", Some("2020-11-06")),
            ("2018-11-09", Some("2018-11-09")),
            ("Jan 2", Some("2019-01-02")),
            ("Nov 31", None),
            ("tomorrow", None),
            ("11/6", None),
        ] {
            let read = day(text, near).ok().map(|day| day.to_string());
            assert_eq!(read.as_deref(), means, "{text}");
        }
    }
}
