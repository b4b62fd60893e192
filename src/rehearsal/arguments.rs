//! The words after a command: names as they are typed, and as they are written to disk.

use super::find::{NameKind, NameMatch, find, named, near};
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
    pub(super) fn parse(rest: &str, kinds: &[NameKind], names: &Names) -> Result<Self, String> {
        let mut arguments = ParsedArguments::default();
        let words = LineWords::parse(rest, kinds, names)?.0;
        for word in words.iter().filter(|word| !PREPOSITIONS.contains(&word.as_str())) {
            arguments.take(word, kinds, names)?;
        }
        Ok(arguments)
    }

    fn take(&mut self, word: &str, kinds: &[NameKind], names: &Names) -> Result<(), String> {
        if let Some(yes) = LineWords::yes_or_no(&word.to_lowercase()) {
            return once(&mut self.yes, yes, word);
        }
        let (kind, position) = LineWords::one(word, kinds, names)?;
        match kind {
            NameKind::Person => once(&mut self.person, position.into(), word),
            NameKind::Channel => once(&mut self.channel, position.into(), word),
            NameKind::Change => once(&mut self.change, position.into(), word),
            NameKind::Fault | NameKind::Role | NameKind::Play => Ok(()),
        }
    }
}

/// The words of a line, a name with spaces in it as one of them.
pub(super) struct LineWords(pub(super) Vec<String>);

impl LineWords {
    /// Cuts a line into words. Names need no quotes where they are typed in full.
    pub(super) fn parse(
        text: &str,
        kinds: &[NameKind],
        names: &Names,
    ) -> Result<LineWords, String> {
        let words = split(text)?;
        if words.iter().any(|word| labelled(word, kinds).is_some()) {
            return Ok(LineWords(words));
        }
        let known: Vec<&str> = kinds.iter().flat_map(|kind| kind.all(names)).collect();
        let longest = known.iter().map(|name| name.split(' ').count()).max().unwrap_or(1);
        let mut joined = Vec::with_capacity(words.len());
        let mut at = 0;
        while at < words.len() {
            let name = (2..=longest.min(words.len() - at)).rev().find_map(|count| {
                let together = words[at..at + count].join(" ");
                let bare = together.trim_end_matches([',', ';', ':']);
                let known = known.iter().find(|name| {
                    name.eq_ignore_ascii_case(&together) || name.eq_ignore_ascii_case(bare)
                });
                known.map(|name| (name.to_string(), count))
            });
            let (word, count) = name.unwrap_or_else(|| (words[at].clone(), 1));
            joined.push(word);
            at += count;
        }
        Ok(LineWords(joined))
    }

    /// Whether a word is a yes or a no; `None`: neither.
    pub(super) fn yes_or_no(lower: &str) -> Option<bool> {
        let yes = YES.contains(&lower);
        (yes || NO.contains(&lower)).then_some(yes)
    }

    /// The one name of these kinds that a word means, and its position.
    pub(super) fn one(
        word: &str,
        kinds: &[NameKind],
        names: &Names,
    ) -> Result<(NameKind, usize), String> {
        if let Some((kind, name)) = labelled(word, kinds) {
            return Ok((kind, one_of(kind, name, names)?));
        }
        let is_name = kinds.iter().any(|kind| kind.all(names).contains(&word));
        let bare = word.trim_end_matches([',', ';', ':']);
        among(if is_name || bare.is_empty() { word } else { bare }, kinds, names)
    }
}

/// The first word of a text, without its quotes, and what follows; a name of these kinds that is
/// typed in full is one word. `None`: there is nothing.
pub(crate) fn first<'t>(
    text: &'t str,
    kinds: &[NameKind],
    names: &Names,
) -> Option<(String, &'t str)> {
    let text = text.trim_start();
    if text.is_empty() {
        return None;
    }
    let all = kinds.iter().flat_map(|kind| kind.all(names));
    let whole = all.filter(|name| name.contains(' ')).filter(|name| {
        let begins = text.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name));
        begins && text[name.len()..].chars().next().is_none_or(char::is_whitespace)
    });
    if let Some(name) = whole.max_by_key(|name| name.len()) {
        return Some((name.to_string(), &text[name.len()..]));
    }
    let begin = text.split_once('=').filter(|(label, _)| !label.contains(' '));
    let value = begin.map_or(text, |(_, value)| value);
    let in_quotes = value.starts_with(['"', '\'']);
    let mut open = None;
    let end = text.char_indices().find(|(_, c)| {
        match open {
            None if in_quotes && ['"', '\''].contains(c) => open = Some(*c),
            Some(quote) if quote == *c => open = None,
            _ => {}
        }
        open.is_none() && c.is_whitespace()
    });
    let (word, rest) = text.split_at(end.map_or(text.len(), |(at, _)| at));
    let plain = if in_quotes { shlex::split(word) } else { None };
    match plain.as_deref() {
        Some([one]) => Some((one.clone(), rest)),
        _ => Some((word.to_string(), rest)),
    }
}

/// A name after a command, quoted where it must be; with its label it is a name of this kind
/// whatever else the word may mean: `person=no`.
pub(super) fn argument(kind: NameKind, name: &str, labelled: bool) -> String {
    let name = quoted(name);
    if labelled { format!("{}={name}", kind.word()) } else { name.into_owned() }
}

/// A word as it must be typed to be taken for one word.
pub(crate) fn quoted(word: &str) -> Cow<'_, str> {
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
fn labelled<'a>(word: &'a str, kinds: &[NameKind]) -> Option<(NameKind, &'a str)> {
    let (label, name) = word.split_once('=')?;
    kinds.iter().find(|kind| kind.word() == label).map(|kind| (*kind, name))
}

/// A name of this kind: exactly, else forgivingly.
fn one_of(kind: NameKind, name: &str, names: &Names) -> Result<usize, String> {
    match kind.all(names).iter().position(|known| *known == name) {
        Some(position) => Ok(position),
        None => named(name, kind, names),
    }
}

/// The one name that a word means, of whichever kind.
fn among(word: &str, kinds: &[NameKind], names: &Names) -> Result<(NameKind, usize), String> {
    let all: Vec<Vec<&str>> = kinds.iter().map(|kind| kind.all(names)).collect();
    let found: Vec<NameMatch> = all.iter().map(|all| find(word, all)).collect();
    let exact = |(at, name): (usize, &NameMatch)| match name {
        NameMatch::One(position) if all[at][*position].eq_ignore_ascii_case(word) => Some(at),
        _ => None,
    };
    let one = |found: &NameMatch| matches!(found, NameMatch::One(_));
    let at = found.iter().enumerate().find_map(exact).or_else(|| found.iter().position(one));
    if let Some(at) = at
        && let NameMatch::One(position) = found[at]
    {
        return Ok((kinds[at], position));
    }
    let several = found.iter().filter_map(|found| match found {
        NameMatch::Several(names) => Some(names.join(" or ")),
        _ => None,
    });
    let several: Vec<String> = several.collect();
    if !several.is_empty() {
        return Err(format!("`{word}` could be {}", several.join(" or ")));
    }
    nearest(word, kinds, &all)
}

/// The one name among all kinds that is a slip away.
fn nearest(word: &str, kinds: &[NameKind], all: &[Vec<&str>]) -> Result<(NameKind, usize), String> {
    let together: Vec<&str> = all.iter().flatten().copied().collect();
    let mut position = near(word, &together).ok_or_else(|| {
        let lists = kinds.iter().zip(all);
        let lists: Vec<String> =
            lists.map(|(kind, all)| format!("{}: {}", kind.word(), all.join(", "))).collect();
        format!("`{word}` is not a known name here ({})", lists.join("; "))
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
        return Err(format!("unexpected `{word}`: one answer at a time"));
    }
    *place = Some(value);
    Ok(())
}
