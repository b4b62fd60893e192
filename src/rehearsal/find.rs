//! Names as they are typed in a hurry: any case, an unambiguous beginning, a typo.

use crate::names::{Names, PersonId};

/// Everything that may be called by a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameKind {
    Person,
    Channel,
    Change,
    Fault,
    Role,
    Play,
}

impl NameKind {
    /// The word in messages.
    pub(crate) fn word(self) -> &'static str {
        match self {
            NameKind::Person => "person",
            NameKind::Channel => "channel",
            NameKind::Change => "change",
            NameKind::Fault => "fault",
            NameKind::Role => "role",
            NameKind::Play => "play",
        }
    }

    /// All names of this kind.
    pub(crate) fn all(self, names: &Names) -> Vec<&str> {
        let set = match self {
            NameKind::Person => &names.people,
            NameKind::Channel => &names.channels,
            NameKind::Change => &names.changes,
            NameKind::Fault => &names.faults,
            NameKind::Role => &names.roles,
            NameKind::Play => &names.plays,
        };
        set.iter().map(String::as_str).collect()
    }
}

/// What a word was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NameMatch {
    /// The name at this position.
    One(usize),
    /// The beginning of several names.
    Several(Vec<String>),
    Nothing,
}

/// Looks a word up: as it is, then in any spelling, then as the beginning of a name.
pub(super) fn find(word: &str, all: &[&str]) -> NameMatch {
    let plain = plain(word);
    if plain.is_empty() {
        return NameMatch::Nothing;
    }
    let same = |name: &&str| self::plain(name) == plain;
    if let Some(position) =
        all.iter().position(|name| *name == word).or_else(|| all.iter().position(same))
    {
        return NameMatch::One(position);
    }
    let begins = |(_, name): &(usize, &&str)| self::plain(name).starts_with(&plain);
    let found: Vec<(usize, &&str)> = all.iter().enumerate().filter(begins).collect();
    match found[..] {
        [] => NameMatch::Nothing,
        [(position, _)] => NameMatch::One(position),
        _ => NameMatch::Several(found.into_iter().map(|(_, name)| name.to_string()).collect()),
    }
}

/// The one of these that a word means: as it is, as the beginning of one, or a slip of the finger
/// away; `None`: it is another word. The error names those that it may be.
pub fn meant(word: &str, all: &[&str]) -> Result<Option<usize>, String> {
    match find(word, all) {
        NameMatch::One(position) => Ok(Some(position)),
        NameMatch::Several(found) => Err(format!("`{word}` could be {}", found.join(" or "))),
        NameMatch::Nothing => Ok(near(word, all)),
    }
}

/// The one name that is a typo away, if there is only one.
pub(super) fn near(word: &str, all: &[&str]) -> Option<usize> {
    let plain = plain(word);
    let slips = plain.chars().count() / 4 + usize::from(plain.chars().count() > 2);
    let distance = |name: &str| strsim::osa_distance(&plain, &self::plain(name));
    let least = all.iter().map(|name| distance(name)).min().filter(|least| *least <= slips)?;
    let mut nearest = (0..all.len()).filter(|position| distance(all[*position]) == least);
    let first = nearest.next();
    first.filter(|_| nearest.next().is_none())
}

fn plain(word: &str) -> String {
    word.to_lowercase().replace(['_', ' '], "-")
}

/// A name of this kind, forgivingly; the message names what there is.
pub(crate) fn named(word: &str, kind: NameKind, names: &Names) -> Result<usize, String> {
    let all = kind.all(names);
    meant(word, &all)?.ok_or_else(|| {
        let list = if all.is_empty() { "none".to_string() } else { all.join(", ") };
        format!("there is no {} `{word}`; there is {list}", kind.word())
    })
}

/// The people of a list such as `chris, james`; `all` is everybody who is named.
pub fn seats(list: &str, names: &Names) -> Result<Vec<PersonId>, String> {
    let words: Vec<&str> = list.split(',').map(str::trim).filter(|word| !word.is_empty()).collect();
    if words == ["all"] {
        return Ok((0..names.people.len()).map(PersonId::from).collect());
    }
    let mut people = Vec::new();
    for word in words {
        let person = PersonId::from(named(word, NameKind::Person, names)?);
        if people.contains(&person) {
            let name = &names.people[person.index()];
            return Err(format!("{name} is named twice; a person has one seat"));
        }
        people.push(person);
    }
    Ok(people)
}

/// People by their names in full, as a record has them.
pub fn seated(people: &[String], names: &Names) -> Result<Vec<PersonId>, String> {
    let seat = |name: &String| match names.people.get_index_of(name) {
        Some(position) => Ok(PersonId::from(position)),
        None => Err(format!("there is no person `{name}` in the scenario")),
    };
    people.iter().map(seat).collect()
}

/// The names of people, joined.
pub fn people(people: &[PersonId], names: &Names) -> String {
    let words: Vec<&str> =
        people.iter().map(|person| names.people[person.index()].as_str()).collect();
    words.join(", ")
}
