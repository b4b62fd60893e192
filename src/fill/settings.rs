//! Answers that are written as values at their paths, as `--set` takes them.

use crate::language::edit::{Editor, marked};
use crate::scenario::{self, SourceText};

use super::names;
use super::said::Answerer;
use super::spoken;

/// What keeps a rule quiet, as proposed or as somebody has it; or it stays as it is.
pub(super) fn quieter(
    source: &SourceText,
    (line, path): (u32, &str),
    (key, value): (&str, &str),
    words: &str,
    said: &Answerer,
) -> Result<String, String> {
    let lower = words.to_lowercase();
    if ["keep", "no", "as it is", "leave it", "leave it as it is"].contains(&lower.as_str()) {
        let mut editor = Editor::new(&source.text);
        editor.comment(line, |old| marked(old, "noise", &said.words()));
        return Ok(editor.finish());
    }
    let proposed = format!("{key}: {value}");
    let yes = names::is_yes(words) || words == proposed;
    let (key, value) = match spoken::amounts(words).as_slice() {
        _ if yes => (key, value.to_string()),
        [time] if time.ends_with(['s', 'm', 'h']) => ("for", time.clone()),
        [count] if key == "min_requests" => (key, count.clone()),
        _ => return Err(format!("write ok for {proposed}, a time such as 5m, or keep")),
    };
    in_turn(source, &[(format!("{path}.{key}"), value)], said)
}

/// Values put at their paths, one after the other.
pub(super) fn in_turn(
    source: &SourceText,
    sets: &[(String, String)],
    said: &Answerer,
) -> Result<String, String> {
    let mut source = source.clone();
    for set in sets {
        source.text = scenario::edited(&source, set, &said.words())?.text;
    }
    Ok(source.text)
}

/// `ann, 2018-11-01`: who has looked a limit up with its provider, and when.
pub(super) fn looked_up(path: &str, words: &str, said: &Answerer) -> Vec<(String, String)> {
    let cut = words.rsplit_once([',', ' ']);
    let dated = cut.filter(|(_, day)| day.parse::<jiff::civil::Date>().is_ok());
    let (by, on) = dated.unwrap_or((words, &said.on));
    let by = by.trim_end_matches([',', ' ']).to_string();
    vec![(format!("{path}.checked_by"), by), (format!("{path}.checked_on"), on.to_string())]
}

/// `1h`, `1h in 90%`: how soon, and how often.
pub(super) fn limit(words: &str) -> Result<(String, Option<String>), String> {
    let amounts = spoken::amounts(words);
    let (time, share) = match amounts.as_slice() {
        [time] => (time, None),
        [time, share] if share.ends_with('%') => (time, Some(share.clone())),
        _ => return Err("write a time, with how often: 1h, or 1h in 90%".to_string()),
    };
    match time.ends_with(['s', 'm', 'h', 'd']) {
        true => Ok((time.clone(), share)),
        false => Err(format!("`{time}` is not a time: write 45m or 1h")),
    }
}

/// How soon and how often as an expectation of the scenario.
pub(super) fn expected(
    source: &SourceText,
    (time, share): (&str, Option<String>),
    said: &Answerer,
) -> Result<String, String> {
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
