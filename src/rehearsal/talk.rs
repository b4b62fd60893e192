//! What is said in the room besides answers: a message from somebody outside, and somebody telling
//! somebody something.

use super::arguments::{LineWords, argument, first, quoted};
use super::find::NameKind;
use crate::decision::{Audience, EVERYONE};
use crate::names::{ChannelId, Names, PersonId};
use crate::units::Span;

/// Something that is said.
#[derive(Debug, Clone, PartialEq)]
pub enum Talk {
    /// A message comes, as one of the scenario's would.
    Say {
        /// Whom it is for.
        to: Audience,
        /// By which channel; `None`: face to face.
        by: Option<ChannelId>,
        /// Whose voice it is.
        from: Option<String>,
        /// Who must be told of it, and within which time.
        expect: Option<(Audience, Option<Span>)>,
        /// What it says.
        text: String,
    },
    /// Somebody tells somebody something.
    Told {
        /// Who is told.
        whom: Audience,
        /// Who tells; `None`: whoever had to.
        by: Option<PersonId>,
        /// What; `None`: what there was to be told.
        text: Option<String>,
    },
}

const SAY: &str = "write `say WHO CHANNEL \"TEXT\"`, and before the text, where they matter, \
                   `from \"help desk\"` and `expect decider within 10m`";
const TOLD: &str = "write `told WHO`, and if it matters `by PERSON` and what: \
                    `told public by rachael \"we are on it\"`";
/// The most letters of a message.
const LONGEST: usize = 2_000;

impl Talk {
    /// Reads what follows one of these words; `None`: it is another command.
    pub(super) fn read(word: &str, rest: &str, names: &Names) -> Result<Option<Talk>, String> {
        match word {
            "say" => Talk::say(rest, names).map(Some),
            "told" => Talk::parse_tell(rest, names).map(Some),
            _ => Ok(None),
        }
    }

    fn say(rest: &str, names: &Names) -> Result<Talk, String> {
        let (to, mut rest) = audience(rest, names)?.ok_or(SAY)?;
        let (mut by, mut from, mut expect) = (None, None, None);
        // What is in quotes is said.
        let head = |rest: &'_ str| !rest.trim_start().starts_with('"');
        while let Some((word, after)) =
            first(rest, &[NameKind::Channel], names).filter(|_| head(rest))
        {
            // `ops slack: is it down?`
            let word = word.strip_suffix(':').filter(|bare| !bare.is_empty()).unwrap_or(&word);
            match word.to_lowercase().as_str() {
                "by" | "via" if by.is_none() => {
                    let (name, after) = first(after, &[NameKind::Channel], names).ok_or(SAY)?;
                    let channel = LineWords::one(&name, &[NameKind::Channel], names);
                    let channel = channel.map_err(|error| format!("{error}; {SAY}"))?;
                    (by, rest) = (Some(ChannelId::from(channel.1)), after);
                }
                "from" if from.is_none() => {
                    let (name, after) = first(after, &[], names).ok_or(SAY)?;
                    (from, rest) = (Some(name), after);
                }
                "expect" if expect.is_none() => {
                    let (whom, after) = audience(after, names)?.ok_or(SAY)?;
                    (expect, rest) = (Some((whom, None)), after);
                }
                "within" if matches!(expect, Some((_, None))) => {
                    let (time, after) = first(after, &[], names).ok_or(SAY)?;
                    let span = time.parse::<Span>().ok().filter(|span| span.0 > 0);
                    let wrong = || format!("`{time}` is not a time; write `within 10m`");
                    expect = expect.map(|(whom, _)| (whom, span));
                    rest = span.map(|_| after).ok_or_else(wrong)?;
                }
                // A channel is named before the text, not in its place.
                _ if by.is_none() && channel(word, names).is_some() => {
                    (by, rest) = (channel(word, names), after);
                }
                _ => break,
            }
        }
        let text = message_text(rest);
        if text.is_empty() {
            return Err(format!("say what is said: {SAY}"));
        }
        if text.chars().count() > LONGEST {
            return Err(format!("that is too long for a message; say it in {LONGEST} characters"));
        }
        if matches!(expect, Some((Audience::Everyone, _))) {
            return Err("`everyone` is never told as a whole; say who must be told".to_string());
        }
        Ok(Talk::Say { to, by, from, expect, text })
    }

    fn parse_tell(rest: &str, names: &Names) -> Result<Talk, String> {
        let (whom, mut rest) = audience(rest, names)?.ok_or(TOLD)?;
        let mut by = None;
        if let Some((word, after)) = first(rest, &[], names)
            && word.eq_ignore_ascii_case("by")
            && !rest.trim_start().starts_with('"')
        {
            let (name, after) = first(after, &[NameKind::Person], names).ok_or(TOLD)?;
            let person = LineWords::one(&name, &[NameKind::Person], names);
            let person = person.map_err(|error| format!("{error}; {TOLD}"))?;
            (by, rest) = (Some(PersonId::from(person.1)), after);
        }
        Ok(Talk::Told { whom, by, text: Some(message_text(rest)).filter(|text| !text.is_empty()) })
    }

    /// The command as it is written to disk.
    pub(super) fn text(&self, names: &Names, labelled: bool) -> String {
        let whom = |audience: Audience| match audience {
            Audience::Role(role) => argument(NameKind::Role, &names.roles[role.index()], labelled),
            Audience::Person(who) => {
                argument(NameKind::Person, &names.people[who.index()], labelled)
            }
            Audience::Everyone => EVERYONE.to_string(),
        };
        match self {
            Talk::Say { to, by, from, expect, text } => {
                let by = by.map(|by| {
                    format!(
                        " by {}",
                        argument(NameKind::Channel, &names.channels[by.index()], labelled)
                    )
                });
                let from = from.as_ref().map(|from| format!(" from {}", quoted(from)));
                let expect = expect.map(|(told, within)| {
                    let within = within.map(|within| format!(" within {}", within.compact()));
                    format!(" expect {}{}", whom(told), within.unwrap_or_default())
                });
                let parts = [by, from, expect].map(Option::unwrap_or_default).concat();
                format!("say {}{parts} {}", whom(*to), marked(text))
            }
            Talk::Told { whom: told, by, text } => {
                let by = by.map(|by| {
                    format!(
                        " by {}",
                        argument(NameKind::Person, &names.people[by.index()], labelled)
                    )
                });
                let text = text.as_ref().map(|text| format!(" {}", marked(text)));
                format!(
                    "told {}{}{}",
                    whom(*told),
                    by.unwrap_or_default(),
                    text.unwrap_or_default()
                )
            }
        }
    }
}

/// A role, a person or everyone at the beginning of a text; `None`: there is nothing.
fn audience<'t>(text: &'t str, names: &Names) -> Result<Option<(Audience, &'t str)>, String> {
    let kinds = [NameKind::Role, NameKind::Person];
    let Some((word, rest)) = first(text, &kinds, names) else { return Ok(None) };
    let is_name = names.people.contains(&word) || names.roles.contains(&word);
    if word.eq_ignore_ascii_case(EVERYONE) && !is_name {
        return Ok(Some((Audience::Everyone, rest)));
    }
    let whom = match LineWords::one(&word, &kinds, names)? {
        (NameKind::Role, at) => Audience::Role(at.into()),
        (_, at) => Audience::Person(at.into()),
    };
    Ok(Some((whom, rest)))
}

/// A channel by its whole name.
fn channel(word: &str, names: &Names) -> Option<ChannelId> {
    let same = |name: &String| name.eq_ignore_ascii_case(word);
    names.channels.iter().position(same).map(ChannelId::from)
}

/// What is said, without the quotes around it or the colon before it.
fn message_text(text: &str) -> String {
    let text = text.trim();
    if let Some(rest) = text.strip_prefix(": ") {
        return rest.trim().to_string();
    }
    for quote in ['"', '\''] {
        let inside = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        if let Some(inside) = inside.filter(|inside| !inside.contains(quote)) {
            return inside.trim().to_string();
        }
    }
    text.to_string()
}

/// What is said, so that it is read back as it is.
fn marked(text: &str) -> String {
    match text {
        text if !text.contains('"') => format!("\"{text}\""),
        text => format!(": {text}"),
    }
}
