//! The verdict: were the expectations met, what broke, when was it noticed, what was done about it,
//! and what took longest.

use super::page::{Ink, Page};
use crate::decision::{AlertState, Outcome};
use crate::journal::{Event, ExpectEntry, Incident, Interval, Story};
use crate::report::book::Book;
use crate::report::responses;
use crate::report::untrusted::for_terminal;
use crate::units::{Span, Time};

/// As many incidents are told.
const TOLD: usize = 3;
/// The longest that a name becomes in a sentence, in columns.
const NAME: usize = 40;

pub(super) fn draw(book: &Book, page: &mut Page) {
    let (ink, sentence) = judged(book);
    page.paragraph(ink, &sentence);
    let incidents = book.story.incidents();
    for incident in incidents.iter().take(TOLD) {
        page.paragraph(Ink::Plain, &told(book, incident));
    }
    if incidents.len() > TOLD {
        let more = incidents.len() - TOLD;
        page.paragraph(Ink::Plain, &format!("+ {more} more incidents in responses.csv"));
    }
    if incidents.is_empty() {
        page.paragraph(Ink::Plain, &quiet(book));
    }
}

/// The expectations as the journal has judged them.
pub(super) fn expectations(story: &Story) -> Vec<&ExpectEntry> {
    let entries = story.entries().iter();
    entries
        .filter_map(|entry| match &entry.event {
            Event::Expect(expect) => Some(expect),
            _ => None,
        })
        .collect()
}

/// The sentence about the expectations.
fn judged(book: &Book) -> (Ink, String) {
    if book.story.totals().is_none_or(|totals| totals.interrupted) {
        let (last, lasts) = (book.story.last(), book.header.lasts);
        let reached = last.since(Time::ZERO);
        let clock = book.clock(last);
        return (Ink::Bad, format!("Interrupted at {clock}, after {reached} of {lasts}."));
    }
    let all = expectations(book.story);
    let missed: Vec<&ExpectEntry> = all.iter().filter(|expect| !expect.met).copied().collect();
    match (all.len(), missed.len()) {
        (0, _) => (Ink::Plain, "Nothing was expected of this run.".to_string()),
        (1, 0) => (Ink::Good, "Met its one expectation.".to_string()),
        (all, 0) => (Ink::Good, format!("Met all {all} expectations.")),
        (all, n) => {
            let first = missed[0];
            let but = format!("{}, but {}", short(&first.text), short(&first.observed));
            (Ink::Bad, format!("Missed {n} of {all} expectations: {but}."))
        }
    }
}

/// A run without incidents.
fn quiet(book: &Book) -> String {
    let faults = book.story.faults().into_iter().filter(|fault| fault.site).count();
    match faults {
        0 => "No incident: nothing broke, and no play was opened.".to_string(),
        1 => "No incident: one fault hit the site, and no play was opened.".to_string(),
        n => format!("No incident: {n} faults hit the site, and no play was opened."),
    }
}

/// An incident in a few words.
fn told(book: &Book, incident: &Incident) -> String {
    let (first, last) = (incident.first(), incident.last());
    let broke = first.fault.as_deref().map_or("Without a fault".to_string(), short);
    let noticed = match (incident.detected(), opener(book.story, incident.number)) {
        (Some(after), Some(alert)) => format!("noticed by {} after {after}", short(alert)),
        (Some(after), None) => format!("noticed after {after}"),
        (None, _) => "noticed by nobody".to_string(),
    };
    let total = incident.total();
    let by =
        last.change.as_deref().map_or(String::new(), |change| format!(" by {}", short(change)));
    let ended = match last.outcome {
        Outcome::Recovered => format!("recovered after {total}{by}"),
        Outcome::Contained => format!("contained after {total}{by}"),
        outcome => format!("not recovered after {total} ({})", responses::outcome(outcome)),
    };
    let tried = match incident.attempts.len() {
        1 => String::new(),
        n => format!(" in {n} attempts"),
    };
    let mut text =
        format!("{broke} at {}: {noticed}, {ended}{tried}.", book.clock(first.started_at));
    if let Some((interval, took)) = longest(incident) {
        text.push_str(&format!(" Longest: {}, {took}.", interval.word()));
    }
    text
}

/// The alert that opened an incident.
fn opener(story: &Story, incident: u32) -> Option<&str> {
    let mut firing = story.alerts().filter(|(_, alert)| alert.state == AlertState::Firing);
    firing.find(|(_, alert)| alert.incident == Some(incident)).map(|(_, alert)| &*alert.alert)
}

/// The interval that an incident spent most time in, over all its attempts.
fn longest(incident: &Incident) -> Option<(Interval, Span)> {
    let sums = Interval::ALL.map(|interval| {
        let stretches = incident.attempts.iter().flat_map(|attempt| attempt.stretches());
        let parts = stretches.filter(|stretch| stretch.interval == interval);
        (interval, parts.fold(Span::ZERO, |sum, part| sum + part.length()))
    });
    let longest = sums.into_iter().rev().max_by_key(|(_, sum)| *sum)?;
    (longest.1 > Span::ZERO).then_some(longest)
}

/// A name from outside in a sentence.
fn short(name: &str) -> String {
    for_terminal(name, NAME)
}
