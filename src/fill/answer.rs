//! An answer as a change of the scenario's text.

use crate::language::edit::{Editor, joined, scalar};
use crate::scenario::{self, PARKED, Source};

use super::asked::Asked;
use super::items::settle;
use super::names::{self, bare};
use super::people::{deputy, first, person};
use super::questions::Question;
use super::said::{Answer, Answerer, note, one_line, starts};
use super::sentence::filled;
use super::silence;
use super::spoken::{self, clock};

/// A text with an answer in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The new text.
    pub text: String,
    /// What it settles, each as [`Question::about`] has it.
    pub settled: Vec<String>,
}

/// The text with the answer in it; what is wrong with the answer otherwise. Whether the scenario
/// can be read with it is for the caller to see.
pub fn answered(
    source: &Source,
    question: &Question,
    answer: &Answer,
    said: &Answerer,
) -> Result<Answered, String> {
    let all: Vec<String> = question.about.lines().map(str::to_string).collect();
    let words = match answer {
        Answer::Parked { owner, due } => {
            let due = due.as_ref().map_or(String::new(), |due| format!(", {due}"));
            let key = match &question.asked {
                // A line has several numbers: which of them is parked stands beside it.
                Asked::Number { key, .. } => format!("{key}: "),
                _ => String::new(),
            };
            let note = format!("{PARKED}{}{due}; {key}{}", one_line(owner), said.words());
            return Ok(Answered { text: parked(&source.text, question, &note), settled: all });
        }
        Answer::Words(words) => one_line(words),
    };
    if words.is_empty() {
        return Err("write an answer, `park OWNER DATE`, or `skip`".to_string());
    }
    let of_value =
        matches!(&question.asked, Asked::Value { .. } | Asked::Number { .. } | Asked::Expect);
    if of_value && names::leaves_open(&words) {
        return Err(format!("`{words}` leaves it open: `park OWNER DATE`, or `skip`"));
    }
    let mut settled = all;
    let text = match &question.asked {
        Asked::Silence(asking) => in_turn(source, &silence::sets(asking, &words)?, said)?,
        Asked::Limit { path } => in_turn(source, &looked_up(path, &words, said), said)?,
        Asked::Expect => expected(source, &words, said)?,
        Asked::Items { items } => {
            let mut editor = Editor::new(&source.text);
            let done = settle(&mut editor, items, &words, said)?;
            settled = done.into_iter().map(|at| settled[at].clone()).collect();
            editor.finish()
        }
        _ => in_place(&source.text, question, words, said)?,
    };
    Ok(Answered { text, settled })
}

/// What is parked, on every line that is asked about.
fn parked(text: &str, question: &Question, note: &str) -> String {
    let mut editor = Editor::new(text);
    let mut lines = match &question.asked {
        Asked::Items { items } => items.iter().map(|item| item.line).collect(),
        _ => vec![question.line],
    };
    lines.dedup();
    for line in lines {
        editor.comment(line, |old| joined(old, note));
    }
    editor.finish()
}

/// Values put at their paths, one after the other.
fn in_turn(source: &Source, sets: &[(String, String)], said: &Answerer) -> Result<String, String> {
    let mut source = source.clone();
    for set in sets {
        source.text = scenario::edited(&source, set, &said.words())?.text;
    }
    Ok(source.text)
}

/// `ann, 2018-11-01`: who has looked a limit up with its provider, and when.
fn looked_up(path: &str, words: &str, said: &Answerer) -> Vec<(String, String)> {
    let cut = words.rsplit_once([',', ' ']);
    let dated = cut.filter(|(_, day)| day.parse::<jiff::civil::Date>().is_ok());
    let (by, on) = dated.unwrap_or((words, &said.on));
    let by = by.trim_end_matches([',', ' ']).to_string();
    vec![(format!("{path}.checked_by"), by), (format!("{path}.checked_on"), on.to_string())]
}

/// `1h`, `1h in 90%`: how soon, and how often, as an expectation of the scenario.
fn expected(source: &Source, words: &str, said: &Answerer) -> Result<String, String> {
    let amounts = spoken::amounts(words);
    let (time, share) = match amounts.as_slice() {
        [time] => (time, None),
        [time, share] if share.ends_with('%') => (time, Some(share)),
        _ => return Err("write a time, such as 1h, or 1h in 90%".to_string()),
    };
    if !time.ends_with(['s', 'm', 'h', 'd']) {
        return Err(format!("`{time}` is no time: write 45m or 1h"));
    }
    let there = Editor::new(&source.text).root().is_some_and(|root| root.get("expect").is_some());
    if there {
        let recovered = ("expect.recovered".to_string(), format!("< {time}"));
        let on = share.map(|share| ("expect.on".to_string(), share.clone()));
        let sets: Vec<(String, String)> = [recovered].into_iter().chain(on).collect();
        return in_turn(source, &sets, said);
    }
    let on = share.map_or(String::new(), |share| format!(", on: {share}"));
    let text = source.text.trim_end();
    Ok(format!("{text}\n\nexpect: {{recovered: < {time}{on}}} # [o] {}\n", said.words()))
}

/// What is answered by a change at the place that is asked about.
fn in_place(
    text: &str,
    question: &Question,
    words: String,
    said: &Answerer,
) -> Result<String, String> {
    let mut editor = Editor::new(text);
    match &question.asked {
        Asked::Value { place, text } => {
            let value = value(text, &words, &starts(&editor))?;
            editor.replace(*place, value);
            editor.ours(*place, key_of(text), &said.words());
        }
        Asked::Number { place, key } => {
            editor.replace(*place, whole(&spoken::value(&words)));
            editor.ours(*place, key, &said.words());
        }
        Asked::Person { key, role } => person(&mut editor, *key, role, &words, said)?,
        Asked::Tentative { name } => {
            let yes = names::is_yes(&words);
            let sure = match yes {
                true => name.trim_end_matches('?').trim().to_string(),
                false => names::name(bare(&words))?.to_lowercase(),
            };
            let other = names::known(&editor, &sure).filter(|(key, _)| key.text != *name);
            if let Some((key, _)) = other {
                return Err(format!("{} is there already: change the file", key.text));
            }
            editor.rename(name, &scalar(&sure));
            note(&mut editor, question.line, said);
        }
        Asked::Deputy { holder, role } => deputy(&mut editor, *holder, role, &words, said)?,
        Asked::First { ladder, instead } => first(&mut editor, (ladder, instead), &words, said)?,
        Asked::Silence(_)
        | Asked::Limit { .. }
        | Asked::Expect
        | Asked::Items { .. }
        | Asked::Other => {
            return Err("no single value settles this: change the file, or park it".to_string());
        }
    }
    Ok(editor.finish())
}

/// A value as it is written; a list or a mapping stays one.
fn whole(words: &str) -> String {
    // The fields of a template begin with two.
    let listed = words.starts_with(['[', '{']) && !words.starts_with("{{");
    if listed { words.to_string() } else { scalar(words) }
}

/// A time of day, if it is one. A bare `1:30` on a day that begins at 10:00 is asked for again.
fn time_of_day(words: &str, starts: &str) -> Result<Option<String>, String> {
    let zone = starts.split_whitespace().nth(1).unwrap_or_default();
    let Some(time) = clock(words, zone) else { return Ok(None) };
    let begins = starts.split_once('T').and_then(|(_, rest)| rest.get(..5)).unwrap_or_default();
    let lower = words.to_lowercase().replace('.', "");
    let half = lower.contains("am") || lower.contains("pm");
    let padded = words.trim().starts_with('0');
    if !half && !padded && time.as_str() < begins && time.as_str() < "12:00" {
        return Err(format!(
            "`{words}` is before the plan begins at {begins}: write {words} PM, or {time} if the \
             morning is meant"
        ));
    }
    Ok(Some(time))
}

/// A value in the place of `"?"`; in a sentence, a value for every question mark, or a sentence.
fn value(text: &str, words: &str, starts: &str) -> Result<String, String> {
    if text == "?" {
        let time = time_of_day(words, starts)?;
        return Ok(whole(&time.unwrap_or_else(|| spoken::value(words))));
    }
    if words.contains(['>', '<']) && words.contains(' ') {
        return Ok(scalar(words));
    }
    let mut parts = spoken::amounts(words);
    let holes = text.matches('?').count();
    // "3x for 2m": how long it must last may be said with it.
    let lasts = parts.len() == holes + 1 && !text.contains(" for ") && words.contains(" for ");
    let lasts = if lasts { parts.pop() } else { None };
    if parts.len() != holes {
        let (given, holes) = (values(parts.len()), values(holes));
        return Err(format!("{holes} open in `{text}`, and {given} given in `{words}`"));
    }
    let filled = filled(text, parts);
    let lasts = lasts.map_or(String::new(), |lasts| format!(" for {lasts}"));
    Ok(scalar(&format!("{filled}{lasts}")))
}

/// `1 value is`, `3 values are`.
fn values(count: usize) -> String {
    if count == 1 { "1 value is".to_string() } else { format!("{count} values are") }
}

/// What a mark on the line names, where it stands for one of several values.
fn key_of(text: &str) -> &str {
    if text == "?" { "" } else { "expr" }
}
