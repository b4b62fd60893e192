//! Reading a line that a scribe typed in a hurry.

use super::typed::{EntryKind, NightEntry, TypedLine};
use crate::names::{ChangeId, ChannelId, Names};
use crate::rehearsal::{Command, NameKind, complete, first, meant, named, one_word};
use jiff::civil;

/// Words of a night that no exercise has, each with others for it.
const OWN: [&[&str]; 11] = [
    &["alert", "alarm", "noticed", "fires"],
    &["ask", "page", "paged", "call", "called", "asked"],
    &["told", "tell", "tells", "update", "updated"],
    &["live"],
    &["no-effect", "noeffect", "not-verified"],
    &["recovered", "recover", "clear", "resolved"],
    &["undo"],
    &["status", "s", "?", "board"],
    &["help", "h", "commands"],
    &["end", "over"],
    &["note", "n"],
];

/// What the room says in an exercise and a real night has no use for, and what to do instead.
const NOT_HERE: [(&str, &str); 17] = [
    ("pause", "the clock keeps running"),
    ("resume", "the clock keeps running"),
    ("speed", "the clock keeps running"),
    ("skip", "the clock keeps running"),
    ("next", "the clock keeps running"),
    ("discuss", "write a `note`"),
    ("park", "write a `note`"),
    ("inject", "write an `alert`"),
    ("seat", "everybody answers for themselves"),
    ("leave", "`assign WHO` says who responds from now on"),
    ("hide", "everything is shown"),
    ("show", "everything is shown"),
    ("say", "write a `note`"),
    ("what", "write a `note`"),
    ("keep", "write a `note`"),
    ("guess", "write a `note`"),
    ("odds", "the board shows what can be restored by when"),
];

/// Whom one may tell beside the people and roles of the plan, each with other words for it.
const AUDIENCES: [&[&str]; 2] =
    [&["everyone", "everybody", "all"], &["public", "users", "customers", "press"]];

/// Who is told by a first public word.
pub(super) const PUBLIC: &str = "public";

impl TypedLine {
    /// Reads a line. The error says what is wrong and what to type instead.
    pub fn read(line: &str, names: &Names) -> Result<TypedLine, String> {
        let (mut line, mut at, mut incident) = (line.trim(), None, None);
        loop {
            let (word, rest) = cut(line);
            if word.eq_ignore_ascii_case("at") && at.is_none() {
                let (time, rest) = cut(rest);
                at = Some(time_of_day(time)?);
                line = rest;
            } else if let Some(number) = word.strip_prefix('#').filter(|_| incident.is_none()) {
                let number = number.parse().ok().filter(|number| (1..=1_000).contains(number));
                let wrong = || format!("`{word}` is not an incident; write #1 for the first");
                incident = Some(number.ok_or_else(wrong)?);
                line = rest;
            } else {
                break;
            }
        }
        if line.is_empty() {
            return Err("say what happened: `at 18:07 ack wyatt`".to_string());
        }
        let typed = read(line, names)?;
        match typed {
            TypedLine::Entry(entry) => Ok(TypedLine::Entry(NightEntry { at, incident, ..entry })),
            _ if at.is_some() || incident.is_some() => {
                Err(format!("`{line}` takes neither a time nor an incident"))
            }
            other => Ok(other),
        }
    }
}

fn read(line: &str, names: &Names) -> Result<TypedLine, String> {
    let (word, rest) = cut(line);
    let lower = word.to_lowercase();
    if let Some(words) = OWN.iter().find(|words| words.contains(&lower.as_str())) {
        return own(words[0], rest, names);
    }
    if let Some(known) = Command::known_by(word) {
        return exercise_command(known, line, rest, names);
    }
    match Command::parse(line, names) {
        Ok(Command::Answer(said)) => return Ok(entry(EntryKind::Spoken(Command::Answer(said)))),
        Err(why) if ["yes", "no", "not", "ok"].contains(&lower.trim_end_matches(',')) => {
            return Err(why);
        }
        _ => {}
    }
    let all = words();
    let known = all[one_word(word, &all)?];
    match OWN.iter().any(|words| words[0] == known) {
        true => own(known, rest, names),
        false => exercise_command(known, &format!("{known} {rest}"), rest, names),
    }
}

fn entry(what: EntryKind) -> TypedLine {
    TypedLine::Entry(NightEntry { at: None, incident: None, what })
}

/// The first words of all lines.
fn words() -> Vec<&'static str> {
    let own = OWN.iter().map(|words| words[0]);
    let not_here = |word: &&str| NOT_HERE.iter().any(|(not, _)| not == word) || *word == "abort";
    let spoken = Command::words().filter(|word| !not_here(word));
    let mut all: Vec<&str> = own.chain(spoken).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// What the room says anyway.
fn exercise_command(
    known: &str,
    line: &str,
    rest: &str,
    names: &Names,
) -> Result<TypedLine, String> {
    if known == "clear" {
        return own("recovered", rest, names);
    }
    if known == "abort" {
        return Err("a real night is not called off; `end` ends it".to_string());
    }
    if let Some((_, instead)) = NOT_HERE.iter().find(|(word, _)| *word == known) {
        return Err(format!("`{known}` is not used on a real night: {instead}"));
    }
    let parsed = Command::parse(line, names);
    let parsed = match known {
        // Who says so has said yes.
        "declare" => parsed.or_else(|_| Command::parse(&format!("declare yes {rest}"), names)),
        // What is not a change may be work of the play, which the plan knows.
        "done" if parsed.is_err() => return Ok(entry(EntryKind::Worked(unquoted(rest)))),
        _ => parsed,
    };
    Ok(entry(EntryKind::Spoken(parsed?)))
}

/// Words without the quotes around all of them.
fn unquoted(text: &str) -> String {
    let inside = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    inside.unwrap_or(text).trim().to_string()
}

/// What only a night has.
fn own(word: &str, rest: &str, names: &Names) -> Result<TypedLine, String> {
    let alone = |typed: TypedLine| {
        if rest.is_empty() { Ok(typed) } else { Err(format!("`{word}` takes no arguments")) }
    };
    let what = match word {
        "undo" => return alone(TypedLine::Undo),
        "status" => return alone(TypedLine::Status),
        "help" => return Ok(TypedLine::Help),
        "end" => return alone(TypedLine::End),
        "alert" => EntryKind::Alert(alert(rest, names)?),
        "ask" => ask(rest, names)?,
        "told" => parse_tell(rest, names)?,
        "live" => EntryKind::Live(change(rest, names)?),
        "note" if rest.is_empty() => return Err("say what to note: `note TEXT`".to_string()),
        "note" => EntryKind::Spoken(Command::Note(rest.to_string())),
        "recovered" => return alone(entry(EntryKind::Recovered)),
        _ => return alone(entry(EntryKind::NoEffect)),
    };
    Ok(entry(what))
}

fn alert(rest: &str, names: &Names) -> Result<String, String> {
    let rules: Vec<&str> = names.rules.iter().map(String::as_str).collect();
    let (word, more) = cut(rest);
    match meant(word, &rules)? {
        _ if rest.is_empty() => {
            Err(format!("say what was noticed: a rule ({}), or in words", rules.join(", ")))
        }
        Some(rule) => Ok(format!("{} {more}", rules[rule]).trim_end().to_string()),
        None => Ok(rest.to_string()),
    }
}

fn ask(rest: &str, names: &Names) -> Result<EntryKind, String> {
    let (who, rest) = first(rest, &[NameKind::Person], names)
        .ok_or("say who was asked: `ask wyatt slack`".to_string())?;
    let person = named(&who, NameKind::Person, names)?.into();
    let (channel, text) = by_channel(rest, names)?;
    Ok(EntryKind::Ask { person, channel, text: text.trim().to_string() })
}

/// The channel by which it was, and what follows it.
fn by_channel<'t>(rest: &'t str, names: &Names) -> Result<(Option<ChannelId>, &'t str), String> {
    let next = |text| first(text, &[NameKind::Channel], names);
    let Some((word, more)) = next(rest) else { return Ok((None, rest)) };
    if ["by", "via", "on"].contains(&word.to_lowercase().as_str())
        && let Some((name, more)) = next(more)
    {
        return Ok((Some(named(&name, NameKind::Channel, names)?.into()), more));
    }
    Ok(match meant(&word, &NameKind::Channel.all(names)) {
        Ok(Some(found)) => (Some(found.into()), more),
        _ => (None, rest),
    })
}

fn parse_tell(rest: &str, names: &Names) -> Result<EntryKind, String> {
    let nobody = "say whom: `told oit`, `told everyone`, `told public WHAT`";
    let next = |text| first(text, &[NameKind::Role, NameKind::Person], names);
    let (word, more) = next(rest).ok_or(nobody)?;
    let (whom, mut text) = match word.eq_ignore_ascii_case("to") {
        true => next(more).ok_or(nobody)?,
        false => (word, more),
    };
    let whom = audience(&whom, names)?;
    let mut by = None;
    if let Some((word, more)) = next(text)
        && word.eq_ignore_ascii_case("by")
        && let Some((name, more)) = first(more, &[NameKind::Person], names)
    {
        (by, text) = (Some(named(&name, NameKind::Person, names)?.into()), more);
    }
    Ok(EntryKind::Told { whom, by, text: text.trim().to_string() })
}

fn audience(word: &str, names: &Names) -> Result<String, String> {
    let lower = word.to_lowercase();
    if let Some(words) = AUDIENCES.iter().find(|words| words.contains(&lower.as_str())) {
        return Ok(words[0].to_string());
    }
    let own = AUDIENCES.iter().map(|words| words[0]);
    let all = names.roles.iter().chain(&names.people).map(String::as_str).chain(own);
    let mut all: Vec<&str> = all.collect();
    all.sort_unstable();
    all.dedup();
    let none = || format!("there is nobody called `{word}`; there is {}", all.join(", "));
    Ok(all[meant(word, &all)?.ok_or_else(none)?].to_string())
}

fn change(rest: &str, names: &Names) -> Result<Option<ChangeId>, String> {
    let next = |text| first(text, &[NameKind::Change], names);
    let Some((word, more)) = next(rest) else { return Ok(None) };
    if let Some((other, _)) = next(more) {
        return Err(format!("unexpected `{other}`: one change at a time"));
    }
    Ok(Some(named(&word, NameKind::Change, names)?.into()))
}

/// The first word, and what follows it.
fn cut(line: &str) -> (&str, &str) {
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    (word, rest.trim())
}

fn time_of_day(text: &str) -> Result<civil::Time, String> {
    let text = text.trim_end_matches([',', ':']);
    let read = ["%H:%M:%S", "%H:%M"].iter().find_map(|f| civil::Time::strptime(f, text).ok());
    read.ok_or_else(|| format!("`{text}` is not a time of day; write `at 18:07` or `at 18:07:30`"))
}

/// Where the last word of a line begins, and all words that may stand there.
pub fn completions(before: &str, names: &Names) -> (usize, Vec<String>) {
    let first = before.split_whitespace().next().unwrap_or_default();
    let start = before.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let begun = before[start..].to_lowercase();
    let all: Vec<&str> = match first {
        _ if start == 0 => words(),
        "alert" => names.rules.iter().map(String::as_str).collect(),
        "ask" => names.people.iter().chain(&names.channels).map(String::as_str).collect(),
        "told" => {
            let own = AUDIENCES.iter().map(|words| words[0]);
            names.roles.iter().chain(&names.people).map(String::as_str).chain(own).collect()
        }
        "live" => names.changes.iter().map(String::as_str).collect(),
        _ => return complete(before, names),
    };
    let fits = all.into_iter().filter(|word| word.to_lowercase().starts_with(&begun));
    (start, fits.map(|word| shlex::try_quote(word).map_or(word.into(), |q| q.into())).collect())
}
