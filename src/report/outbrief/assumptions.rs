//! What the run rests on: every part of the plan with its values and its line in the scenario.

use super::tables::{cell, table};
use super::words::shown;
use crate::report::book::{Book, significant};
use crate::units::{Span, Spread};
use maud::{Markup, html};
use serde_json::Value;

/// As deep goes a value in words.
const DEEP: usize = 4;

/// The table of all parts.
pub(super) fn section(book: &Book) -> Markup {
    let header = book.header;
    let mut rows: Vec<Vec<Markup>> = Vec::new();
    let mut known = |part: &str, value: String, line: Option<u32>| {
        rows.push(vec![
            cell(part),
            html! { (shown(&value)) },
            html! { (line.map_or("–".to_string(), |line| line.to_string())) },
        ]);
    };
    let general = ["/traffic/patience", "/traffic/retries", "/traffic/returning", "/traffic/mixes"];
    for path in general {
        let value = header.plan.pointer(path).map(|value| words(value, 0)).unwrap_or_default();
        if !value.is_empty() {
            known(&path[1..].replace('/', "."), value, None);
        }
    }
    let telemetry = format!("a reading every {}, seen {} later", header.every, header.delay);
    known("telemetry", telemetry, None);
    if let Some(rate) = header.baseline_error_rate {
        known("baseline", format!("error_rate {} %", significant(rate * 100.0, 3)), None);
    }
    for (path, line) in &header.lines {
        known(path, value(book, path), Some(*line));
    }
    let caption = "Every input with its line in the scenario file. An input is assumed unless the \
                   scenario names its source beside it.";
    table("Assumptions", caption, &["Part", "As run", ">Line"], rows, "journal.jsonl")
}

/// What the plan says of a part, in words.
fn value(book: &Book, path: &str) -> String {
    let header = book.header;
    let Some((section, name)) = path.split_once('.') else { return String::new() };
    let named = |list: &[(String, String)]| {
        list.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone())
    };
    let found = match section {
        "rules" => book.rule(name).map(|rule| match rule.hold {
            Some(hold) => format!("{}, for {hold}", rule.text),
            None => rule.text.clone(),
        }),
        "changes" => book.change(Some(name)).map(|row| row.paper.clone()),
        "people" => named(&header.people),
        "faults" => named(&header.faults),
        "tiers" => in_plan(book, "tiers", "/site/tiers", name),
        "channels" => in_plan(book, "channels", "/playbook/roster/channels", name),
        "endpoints" => endpoint(book, name),
        "escalation" => escalation(book, name),
        _ => None,
    };
    found.unwrap_or_default()
}

/// The position of a name in a list of the plan's names.
fn position(book: &Book, list: &str, name: &str) -> Option<usize> {
    let names = book.header.plan["names"][list].as_array()?;
    names.iter().position(|known| known.as_str() == Some(name))
}

fn in_plan(book: &Book, list: &str, path: &str, name: &str) -> Option<String> {
    let part = book.header.plan.pointer(path)?.get(position(book, list, name)?)?;
    Some(words(part, 0))
}

/// The words behind a list of positions.
fn behind(book: &Book, list: &str, positions: &Value, between: &str) -> Option<String> {
    let names = &book.header.plan["names"][list];
    let word = |position: &Value| names.get(position.as_u64()? as usize)?.as_str();
    let words: Vec<&str> = positions.as_array()?.iter().filter_map(word).collect();
    Some(words.join(between))
}

fn endpoint(book: &Book, name: &str) -> Option<String> {
    let position = position(book, "endpoints", name)?;
    behind(book, "tiers", &book.header.plan.pointer("/site/endpoints")?[position]["path"], " > ")
}

fn escalation(book: &Book, name: &str) -> Option<String> {
    let position = position(book, "escalations", name)?;
    let ladder = &book.header.plan.pointer("/playbook/roster/escalations")?[position];
    let people = behind(book, "people", &ladder["people"], ", then ")?;
    let by = behind(book, "channels", &ladder["by"], ", ")?;
    let each = Span(ladder["each"].as_u64()?);
    Some(format!("{people}; by {by}; {each} each, {} rounds", ladder["rounds"]))
}

/// A value of the plan in words; lengths of time as people say them, nothing for what is not set.
fn words(value: &Value, depth: usize) -> String {
    let inner = |value: &Value| words(value, depth + 1);
    match value {
        _ if depth > DEEP => "…".to_string(),
        Value::Null => String::new(),
        Value::Bool(set) => if *set { "yes" } else { "no" }.to_string(),
        Value::String(text) => text.clone(),
        Value::Number(number) => match (number.as_u64(), number.as_f64()) {
            (Some(whole), _) if whole < 1_000_000 => whole.to_string(),
            (Some(nanoseconds), _) => Span(nanoseconds).to_string(),
            (None, Some(real)) => significant(real, 3),
            (None, None) => number.to_string(),
        },
        Value::Array(list) => list.iter().map(inner).collect::<Vec<_>>().join(", "),
        Value::Object(_) if spread(value).is_some() => spread(value).unwrap_or_default(),
        Value::Object(fields) => {
            let pair = |(key, value): (&String, &Value)| {
                let text = match value {
                    Value::Object(_) if spread(value).is_none() => format!("({})", inner(value)),
                    _ => inner(value),
                };
                let set = !matches!(text.as_str(), "" | "()" | "no");
                set.then(|| format!("{} {text}", key.replace('_', " ")))
            };
            fields.iter().filter_map(pair).collect::<Vec<_>>().join(", ")
        }
    }
}

/// A duration as the team wrote it.
fn spread(value: &Value) -> Option<String> {
    let spread: Spread = serde_json::from_value(value.clone()).ok()?;
    Some(spread.to_string())
}

#[cfg(test)]
mod tests {
    use super::words;
    use serde_json::json;

    #[test]
    fn plans_read_as_words() {
        let tier = json!({"instances": 6, "takes": {"about": 60_000_000_000u64}, "errors": 0.00013,
            "health": {"every": 10_000_000_000u64}, "external": false, "queue": null});
        let expected = "instances 6, takes ~1m, errors 0.00013, health (every 10s)";
        assert_eq!(words(&tier, 0), expected);
        let mut deep = json!(1);
        (0..200).for_each(|_| deep = json!([deep]));
        assert_eq!(words(&deep, 0), "…");
    }
}
