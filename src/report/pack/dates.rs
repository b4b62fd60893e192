//! The dates as a calendar file (RFC 5545): steps of the launch, shifts, and what is due.
//!
//! Written by hand: three kinds of events need no more than escaping and folding, and the crates
//! for it bring a second calendar library with them.

use super::plan::Planned;
use crate::decision::{LaunchAction, LaunchTime};
use crate::report::untrusted::for_terminal;
use crate::units::Time;
use std::collections::BTreeMap;

/// The longest line, in bytes, that calendars must read.
const WIDEST: usize = 75;
/// The longest that words from a scenario become.
const LONGEST: usize = 200;
/// What every file says that came from here.
pub(super) const PRODUCT: &str = "PRODID:-//sim//launch//EN";

/// The whole file.
pub(super) fn calendar(plan: &Planned) -> String {
    let mut lines = vec!["BEGIN:VCALENDAR".to_string(), "VERSION:2.0".into(), PRODUCT.into()];
    let end = Time::ZERO + plan.header.lasts;
    let hours = (moment(plan, Time::ZERO), moment(plan, end));
    event(plan, &mut lines, &hours.0, Some(&hours.1), "EXERCISE: gameday");
    for step in &plan.playbook.launch {
        let Some(LaunchTime::At(at)) = step.at else { continue };
        let who = match &step.action {
            LaunchAction::Change { by: Some(by), .. } => {
                format!(" ({})", plan.names.escalations[by.index()])
            }
            _ => String::new(),
        };
        let words = format!("EXERCISE: {}{who}", step.label);
        event(plan, &mut lines, &moment(plan, at), None, &words);
    }
    // People with the same hours share an event.
    let mut shifts: BTreeMap<(Time, Time), Vec<&str>> = BTreeMap::new();
    for (person, name) in plan.playbook.roster.people.iter().zip(&plan.names.people) {
        for (from, to) in person.on_duty.iter().filter(|(from, _)| *from < end && !person.unnamed) {
            shifts.entry((*from, (*to).min(end))).or_default().push(name);
        }
    }
    for ((from, to), people) in shifts {
        let (from, to) = (moment(plan, from), moment(plan, to));
        let words = format!("On duty: {}", people.join(", "));
        event(plan, &mut lines, &from, Some(&to), &words);
    }
    for finding in &plan.header.findings {
        let Some(due) = finding.due.as_ref().map(|due| due.replace('-', "")) else { continue };
        let words = format!("Due: {}", finding.text);
        event(plan, &mut lines, &format!(";VALUE=DATE:{due}"), None, &words);
    }
    lines.push("END:VCALENDAR".to_string());
    lines.iter().map(|line| folded(line)).collect()
}

/// A moment of the run, as a calendar reads it.
fn moment(plan: &Planned, at: Time) -> String {
    let at = plan.header.calendar.at(at).with_time_zone(jiff::tz::TimeZone::UTC);
    at.strftime(":%Y%m%dT%H%M%SZ").to_string()
}

fn event(plan: &Planned, lines: &mut Vec<String>, from: &str, to: Option<&str>, words: &str) {
    let number = lines.iter().filter(|line| *line == "BEGIN:VEVENT").count();
    lines.push("BEGIN:VEVENT".to_string());
    lines.push(format!("UID:{}-{number}@sim", plan.header.run_id));
    lines.push(format!("DTSTAMP{}", moment(plan, Time::ZERO)));
    lines.push(format!("DTSTART{from}"));
    lines.extend(to.map(|to| format!("DTEND{to}")));
    lines.push(format!("SUMMARY:{}", escaped(words)));
    lines.push("END:VEVENT".to_string());
}

/// Text as the value of a property.
fn escaped(words: &str) -> String {
    let words = for_terminal(words, LONGEST);
    words.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,")
}

/// A line with its end, broken where it is too long; what goes on begins with a space.
fn folded(line: &str) -> String {
    let mut text = String::new();
    let mut width = 0;
    for letter in line.chars() {
        if width + letter.len_utf8() > WIDEST {
            text.push_str("\r\n ");
            width = 1;
        }
        text.push(letter);
        width += letter.len_utf8();
    }
    text + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_letters() {
        let long = folded(&format!("SUMMARY:{}", "é".repeat(100)));
        assert!(long.split("\r\n").all(|line| line.len() <= WIDEST), "{long}");
        assert_eq!(long.replace("\r\n ", "").matches('é').count(), 100);
        assert_eq!(escaped("a, b; c\\d"), "a\\, b\\; c\\\\d");
    }
}
