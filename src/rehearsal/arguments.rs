//! The words after a command: names as they are typed, and as they are written to disk.

use super::find::{Found, Kind, find, named, near};
use crate::names::{ChangeId, ChannelId, Names, PersonId};
use std::borrow::Cow;

/// Words that may stand before a name and mean nothing.
const PREPOSITIONS: [&str; 4] = ["by", "via", "on", "from"];
const YES: [&str; 7] = ["yes", "y", "ok", "okay", "agree", "agreed", "approved"];
const NO: [&str; 5] = ["no", "n", "nogo", "refuse", "refused"];

/// The words after a command, in whatever order they came.
#[derive(Default)]
pub(super) struct ParsedArguments {
    pub(super) person: Option<PersonId>,
    pub(super) channel: Option<ChannelId>,
    pub(super) change: Option<ChangeId>,
    pub(super) yes: Option<bool>,
}

impl ParsedArguments {
    /// Finds names of these kinds. The error says which word is wrong, and what there is.
    pub(super) fn of(rest: &str, kinds: &[Kind], names: &Names) -> Result<Self, String> {
        let mut arguments = ParsedArguments::default();
        for word in split(rest)?.iter().filter(|word| !PREPOSITIONS.contains(&word.as_str())) {
            arguments.take(word, kinds, names)?;
        }
        Ok(arguments)
    }

    fn take(&mut self, word: &str, kinds: &[Kind], names: &Names) -> Result<(), String> {
        let lower = word.to_lowercase();
        let is_yes = YES.contains(&lower.as_str());
        if is_yes || NO.contains(&lower.as_str()) {
            return once(&mut self.yes, is_yes, word);
        }
        let (kind, position) = match labelled(word, kinds) {
            Some((kind, name)) => (kind, one_of(kind, name, names)?),
            None => among(word, kinds, names)?,
        };
        match kind {
            Kind::Person => once(&mut self.person, position.into(), word),
            Kind::Channel => once(&mut self.channel, position.into(), word),
            Kind::Change => once(&mut self.change, position.into(), word),
            Kind::Fault => Ok(()),
        }
    }
}

/// A name after a command, quoted where it must be; with its label it is a name of this kind
/// whatever else the word may mean: `person=no`.
pub(super) fn argument(kind: Kind, name: &str, labelled: bool) -> String {
    let name = quoted(name);
    if labelled { format!("{}={name}", kind.word()) } else { name.into_owned() }
}

/// A word as it must be typed to be taken for one word.
pub(super) fn quoted(word: &str) -> Cow<'_, str> {
    // Only a NUL can be refused, and the record may hold one.
    shlex::Quoter::new().allow_nul(true).quote(word).unwrap_or(Cow::Borrowed(word))
}

/// The words of a line. Quotes hold a name with spaces together; without them an apostrophe and a
/// `#` are like any other sign, which they are not for a shell.
pub(super) fn split(text: &str) -> Result<Vec<String>, String> {
    let plainly = || text.split_whitespace().map(str::to_string).collect::<Vec<String>>();
    if !text.contains(['"', '\'', '\\']) {
        return Ok(plainly());
    }
    let Some(words) = shlex::split(text) else { return Ok(plainly()) };
    let marks = |text: &str| text.matches('#').count();
    if words.iter().map(|word| marks(word)).sum::<usize>() < marks(text) {
        return Err("put a name that begins with # in quotes too: '#ops'".to_string());
    }
    Ok(words)
}

/// `person=NAME` and its like.
fn labelled<'a>(word: &'a str, kinds: &[Kind]) -> Option<(Kind, &'a str)> {
    let (label, name) = word.split_once('=')?;
    kinds.iter().find(|kind| kind.word() == label).map(|kind| (*kind, name))
}

/// A name of this kind: exactly, else forgivingly.
fn one_of(kind: Kind, name: &str, names: &Names) -> Result<usize, String> {
    match kind.all(names).iter().position(|known| *known == name) {
        Some(position) => Ok(position),
        None => named(name, kind, names),
    }
}

/// The one name that a word means, of whichever kind.
fn among(word: &str, kinds: &[Kind], names: &Names) -> Result<(Kind, usize), String> {
    let all: Vec<Vec<&str>> = kinds.iter().map(|kind| kind.all(names)).collect();
    let found: Vec<Found> = all.iter().map(|all| find(word, all)).collect();
    let exact = |(at, name): (usize, &Found)| match name {
        Found::One(position) if all[at][*position].eq_ignore_ascii_case(word) => Some(at),
        _ => None,
    };
    let one = |found: &Found| matches!(found, Found::One(_));
    let at = found.iter().enumerate().find_map(exact).or_else(|| found.iter().position(one));
    if let Some(at) = at
        && let Found::One(position) = found[at]
    {
        return Ok((kinds[at], position));
    }
    let several = found.iter().filter_map(|found| match found {
        Found::Several(names) => Some(names.join(" or ")),
        _ => None,
    });
    let several: Vec<String> = several.collect();
    if !several.is_empty() {
        return Err(format!("`{word}` may be {}", several.join(" or ")));
    }
    nearest(word, kinds, &all)
}

/// The one name among all kinds that is a slip away.
fn nearest(word: &str, kinds: &[Kind], all: &[Vec<&str>]) -> Result<(Kind, usize), String> {
    let together: Vec<&str> = all.iter().flatten().copied().collect();
    let mut position = near(word, &together).ok_or_else(|| {
        let lists = kinds.iter().zip(all);
        let lists: Vec<String> =
            lists.map(|(kind, all)| format!("{}: {}", kind.word(), all.join(", "))).collect();
        format!("`{word}` is not a name that is known here ({})", lists.join("; "))
    })?;
    for (kind, names) in kinds.iter().zip(all) {
        if position < names.len() {
            return Ok((*kind, position));
        }
        position -= names.len();
    }
    unreachable!("the position is one of all names")
}

fn once<T>(place: &mut Option<T>, value: T, word: &str) -> Result<(), String> {
    if place.is_some() {
        return Err(format!("`{word}` is one too many: one answer at a time"));
    }
    *place = Some(value);
    Ok(())
}
