//! When the day of a draft begins: another day, another time, or another year for the whole plan.

use crate::language::edit::{Editor, scalar};
use crate::language::node::{Node, NodeKind};
use crate::language::source::Place;
use jiff::civil::Date;

use super::clock::spoken;
use super::day::until;
use super::names::is_yes;
use super::said::{Answerer, note};

/// The moment, its day and its zone, as a scenario writes them: `2018-11-07T10:00
/// America/New_York`.
fn read(text: &str) -> Option<(Date, &str, &str)> {
    let (moment, zone) = text.split_once(' ').unwrap_or((text, ""));
    let (day, time) = moment.split_once('T')?;
    Some((day.parse().ok()?, time, zone))
}

/// `Wednesday, 7 November 2018, at 10:00`, and whether that is over.
pub(super) fn in_words(text: &str, today: Date) -> Option<(String, bool)> {
    let (day, time, _) = read(text)?;
    Some((format!("{}, at {time}", day.strftime("%A, %-d %B %Y")), day < today))
}

/// Writes when it begins. Another year is one for all days of the plan.
pub(super) fn starts(
    editor: &mut Editor,
    (place, text): (Place, &str),
    words: &str,
    said: &Answerer,
) -> Result<String, String> {
    const HOW: &str = "write a day and a time: Nov 5, 10 AM; or ok";
    let (old, old_time, zone) = read(text).ok_or("the file says it in a way of its own")?;
    let lower = words.to_lowercase();
    if is_yes(words) || ["keep", "no change"].contains(&lower.as_str()) {
        note(editor, place.line, said);
        return Ok(format!("it begins on {old} at {old_time}"));
    }
    let (rest, time) = timed(words, zone);
    let today = said.on.parse().unwrap_or(old);
    let (rest, year) = of_year(&rest);
    let spelt = format!("x {}", rest.trim_matches([',', ' ']));
    let day = match rest.trim_matches([',', ' ']) {
        "" => None,
        rest => match rest.parse().ok().or(until(&spelt, year.unwrap_or(old.year()), today)
            .ok()
            .and_then(|(name, day)| day.filter(|_| name == "x")))
        {
            Some(day) => Some(day),
            None => return Err(format!("`{words}` is not a day: {HOW}")),
        },
    };
    if day.is_none() && time.is_none() && year.is_none() {
        return Err(format!("`{words}` is not a day: {HOW}"));
    }
    let moved = year.and_then(|year| Date::new(year, old.month(), old.day()).ok());
    let day: Date = day.or(moved).unwrap_or(old);
    let time = time.unwrap_or(old_time.to_string());
    let zone = if zone.is_empty() { String::new() } else { format!(" {zone}") };
    editor.replace(place, format!("{day}T{time}{zone}"));
    note(editor, place.line, said);
    let all = match day.year() == old.year() {
        true => "; days of duty and of tasks stay as they are".to_string(),
        false => {
            let days = other_year(editor, old.year(), day.year());
            format!("; {days} other days of the plan are of {} now", day.year())
        }
    };
    Ok(format!("it begins on {day} at {time}{all}"))
}

/// The words without a time of day at their end, and that time.
fn timed(words: &str, zone: &str) -> (String, Option<String>) {
    let parts: Vec<&str> = words.split_whitespace().collect();
    for from in 0..parts.len() {
        let tail = parts[from..].join(" ");
        if let Some((minute, _)) = spoken(&tail, zone) {
            let rest = parts[..from].join(" ");
            let rest = rest.trim_end_matches(" at").trim_end_matches(',').to_string();
            return (rest, Some(format!("{:02}:{:02}", minute / 60, minute % 60)));
        }
    }
    (words.to_string(), None)
}

/// The words without a year, and the year.
fn of_year(words: &str) -> (String, Option<i16>) {
    let year = |word: &&str| {
        let word = word.trim_matches(',');
        word.len() == 4 && word.starts_with("20") && word.parse::<i16>().is_ok()
    };
    let found = words.split_whitespace().find(year).map(|word| word.trim_matches(','));
    let rest: Vec<&str> = words.split_whitespace().filter(|word| !year(word)).collect();
    (rest.join(" "), found.and_then(|word| word.parse().ok()))
}

/// Writes all days of one year as days of another; what was done or said stays. Returns how many.
fn other_year(editor: &mut Editor, old: i16, new: i16) -> usize {
    let mut places = Vec::new();
    let root = editor.root().cloned();
    for section in ["hours", "checklist", "go_no_go", "messages", "freezes", "decision"] {
        if let Some(node) = root.as_ref().and_then(|root| root.get(section)) {
            days(node, &format!("{old}-"), &mut places);
        }
    }
    for (place, text) in &places {
        let rest = text.get(4..).unwrap_or_default();
        editor.replace(*place, scalar(&format!("{new}{rest}")));
    }
    places.len()
}

fn days(node: &Node, year: &str, found: &mut Vec<(Place, String)>) {
    match &node.kind {
        NodeKind::Scalar(text) => {
            let day = text.text.get(..10).and_then(|day| day.parse::<Date>().ok());
            if day.is_some() && text.text.starts_with(year) {
                found.push((node.place, text.text.clone()));
            }
        }
        NodeKind::List(items) => items.iter().for_each(|item| days(item, year, found)),
        NodeKind::Map(entries) => {
            let open = entries.iter().filter(|(key, _)| !["done", "at"].contains(&&*key.text));
            open.for_each(|(_, value)| days(value, year, found));
        }
        NodeKind::Null => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: &str = "\
starts: 2018-11-07T10:00 America/New_York # plan: line 4
checklist:
  - {item: a, due: 2018-11-01}
  - {item: b, done: 2018-10-01}
";

    fn written(words: &str) -> Result<String, String> {
        let mut editor = Editor::new(DAY);
        let place = editor.root().and_then(|root| root.get("starts")).expect("there").place;
        let said = Answerer { by: "ann".to_string(), on: "2018-10-30".to_string() };
        starts(&mut editor, (place, "2018-11-07T10:00 America/New_York"), words, &said)?;
        Ok(editor.finish())
    }

    #[test]
    fn a_day_and_a_time_are_read_as_people_say_them() {
        for (words, start) in [
            ("ok", "2018-11-07T10:00"),
            ("Nov 5, 9 AM", "2018-11-05T09:00"),
            ("November 5 at 9:30 AM ET", "2018-11-05T09:30"),
            ("9 AM", "2018-11-07T09:00"),
            ("5 November", "2018-11-05T10:00"),
            ("Monday at 2 PM", "2018-11-05T14:00"),
            ("2018-11-06", "2018-11-06T10:00"),
            ("2019", "2019-11-07T10:00"),
            ("Nov 5, 2019, at noon", "2019-11-05T12:00"),
        ] {
            let text = written(words).unwrap_or_else(|why| panic!("{words}: {why}"));
            let first =
                format!("starts: {start} America/New_York # plan: line 4; [o] ann, 2018-10-30\n");
            assert!(text.starts_with(&first), "{words}: {text}");
            let year = &start[..4];
            assert!(text.contains(&format!("due: {year}-11-01")), "{words}: {text}");
            assert!(text.contains("done: 2018-10-01"), "{words}: {text}");
        }
        for words in ["soon", "in the morning", "Feb 30", "next month"] {
            assert!(written(words).is_err(), "{words}");
        }
        let today: Date = "2018-11-08".parse().expect("a day");
        let told = in_words("2018-11-07T10:00 America/New_York", today);
        assert_eq!(told, Some(("Wednesday, 7 November 2018, at 10:00".to_string(), true)));
    }
}
