//! Reading a line that a scribe typed in a hurry.

use super::typed::{Entry, Typed, What};
use crate::names::{ChangeId, Names, PersonId};
use crate::rehearsal::{Command, complete, meant, one_word};
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
const NOT_HERE: [(&str, &str); 12] = [
    ("pause", "the clock goes on"),
    ("resume", "the clock goes on"),
    ("speed", "the clock goes on"),
    ("skip", "the clock goes on"),
    ("next", "the clock goes on"),
    ("discuss", "write a `note`"),
    ("park", "write a `note`"),
    ("inject", "write an `alert`"),
    ("seat", "everybody answers for themselves"),
    ("leave", "`assign WHO` says who responds from now on"),
    ("hide", "everything is shown"),
    ("show", "everything is shown"),
];

/// Whom one may tell beside the people and roles of the plan, each with other words for it.
const AUDIENCES: [&[&str]; 2] =
    [&["everyone", "everybody", "all"], &["public", "users", "customers", "press"]];

/// Who is told by a first public word.
pub(super) const PUBLIC: &str = "public";

impl Typed {
    /// Reads a line. The error says what is wrong and what to type instead.
    pub fn read(line: &str, names: &Names) -> Result<Typed, String> {
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
            Typed::Entry(entry) => Ok(Typed::Entry(Entry { at, incident, ..entry })),
            _ if at.is_some() || incident.is_some() => {
                Err(format!("`{line}` stands alone, without a time or an incident"))
            }
            other => Ok(other),
        }
    }
}

fn read(line: &str, names: &Names) -> Result<Typed, String> {
    let (word, rest) = cut(line);
    let lower = word.to_lowercase();
    if let Some(words) = OWN.iter().find(|words| words.contains(&lower.as_str())) {
        return own(words[0], rest, names);
    }
    if let Some(known) = Command::known_by(word) {
        return spoken(known, line, rest, names);
    }
    match Command::parse(line, names) {
        Ok(Command::Answer(said)) => return Ok(entry(What::Spoken(Command::Answer(said)))),
        Err(why) if ["yes", "no", "not", "ok"].contains(&lower.trim_end_matches(',')) => {
            return Err(why);
        }
        _ => {}
    }
    let all = words();
    let known = all[one_word(word, &all)?];
    match OWN.iter().any(|words| words[0] == known) {
        true => own(known, rest, names),
        false => spoken(known, &format!("{known} {rest}"), rest, names),
    }
}

fn entry(what: What) -> Typed {
    Typed::Entry(Entry { at: None, incident: None, what })
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
fn spoken(known: &str, line: &str, rest: &str, names: &Names) -> Result<Typed, String> {
    if known == "abort" {
        return Err("a real night is not called off; `end` ends it".to_string());
    }
    if let Some((_, instead)) = NOT_HERE.iter().find(|(word, _)| *word == known) {
        return Err(format!("`{known}` is no word of a real night: {instead}"));
    }
    let parsed = Command::parse(line, names);
    let parsed = match known {
        // Who says so has said yes.
        "declare" => parsed.or_else(|_| Command::parse(&format!("declare yes {rest}"), names)),
        _ => parsed,
    };
    Ok(entry(What::Spoken(parsed?)))
}

/// What only a night has.
fn own(word: &str, rest: &str, names: &Names) -> Result<Typed, String> {
    let alone = |typed: Typed| {
        if rest.is_empty() { Ok(typed) } else { Err(format!("`{word}` stands alone")) }
    };
    let what = match word {
        "undo" => return alone(Typed::Undo),
        "status" => return alone(Typed::Status),
        "help" => return Ok(Typed::Help),
        "end" => return alone(Typed::End),
        "alert" => What::Alert(alert(rest, names)?),
        "ask" => ask(rest, names)?,
        "told" => told(rest, names)?,
        "live" => What::Live(change(rest, names)?),
        "note" if rest.is_empty() => return Err("say what to note: `note TEXT`".to_string()),
        "note" => What::Spoken(Command::Note(rest.to_string())),
        "recovered" => return alone(entry(What::Recovered)),
        _ => return alone(entry(What::NoEffect)),
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

fn ask(rest: &str, names: &Names) -> Result<What, String> {
    let words = split(rest);
    let Some((who, mut words)) = words.split_first() else {
        return Err("say who was asked: `ask wyatt slack`".to_string());
    };
    let person = person(who, names)?;
    let channels: Vec<&str> = names.channels.iter().map(String::as_str).collect();
    let by = |word: &String| ["by", "via", "on"].contains(&word.to_lowercase().as_str());
    let mut channel = None;
    if let Some((first, more)) = words.split_first()
        && by(first)
        && let Some((name, more)) = more.split_first()
    {
        let list = channels.join(", ");
        let found = meant(name, &channels)?;
        let none = || format!("there is no channel `{name}`; there is {list}");
        (channel, words) = (Some(found.ok_or_else(none)?.into()), more);
    } else if let Some((first, more)) = words.split_first()
        && let Ok(Some(found)) = meant(first, &channels)
    {
        (channel, words) = (Some(found.into()), more);
    }
    Ok(What::Ask { person, channel, text: words.join(" ") })
}

fn told(rest: &str, names: &Names) -> Result<What, String> {
    let words = split(rest);
    let words: &[String] = match words.split_first() {
        Some((to, more)) if to.eq_ignore_ascii_case("to") => more,
        _ => &words,
    };
    let Some((whom, mut words)) = words.split_first() else {
        return Err("say whom: `told oit`, `told everyone`, `told public WHAT`".to_string());
    };
    let whom = audience(whom, names)?;
    let mut by = None;
    if let Some((first, more)) = words.split_first()
        && first.eq_ignore_ascii_case("by")
        && let Some((name, more)) = more.split_first()
    {
        (by, words) = (Some(person(name, names)?), more);
    }
    Ok(What::Told { whom, by, text: words.join(" ") })
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

fn person(word: &str, names: &Names) -> Result<PersonId, String> {
    let all: Vec<&str> = names.people.iter().map(String::as_str).collect();
    let none = || format!("there is no person `{word}`; there is {}", all.join(", "));
    meant(word, &all)?.map(PersonId::from).ok_or_else(none)
}

fn change(rest: &str, names: &Names) -> Result<Option<ChangeId>, String> {
    let words = split(rest);
    let all: Vec<&str> = names.changes.iter().map(String::as_str).collect();
    match &words[..] {
        [] => Ok(None),
        [word] => {
            let none = || format!("there is no change `{word}`; there is {}", all.join(", "));
            Ok(Some(meant(word, &all)?.ok_or_else(none)?.into()))
        }
        [_, other, ..] => Err(format!("`{other}` is one too many: one change at a time")),
    }
}

/// The first word, and what follows it.
fn cut(line: &str) -> (&str, &str) {
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    (word, rest.trim())
}

/// Words, those in quotes together; an apostrophe that opens nothing is a sign like others.
fn split(text: &str) -> Vec<String> {
    let plainly = || text.split_whitespace().map(str::to_string).collect();
    if text.contains(['"', '\'']) { shlex::split(text).unwrap_or_else(plainly) } else { plainly() }
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
