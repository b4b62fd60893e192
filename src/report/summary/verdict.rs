//! The verdict: were the expectations met, what broke, when was it noticed, what was done about it,
//! and what took longest.

use super::page::{Ink, Page};
use crate::decision::{AlertState, AttemptOutcome, MeasureKind};
use crate::journal::{Event, ExpectEntry, Expectation, Incident, Story, between};
use crate::report::context::ReportContext;
use crate::report::endings::Ending;
use crate::report::untrusted::for_terminal;
use crate::report::{affected, episodes};
use crate::units::{Span, Time};

/// The most incidents that are described.
const TOLD: usize = 3;
/// The maximum width of a name in a sentence, in columns.
const NAME: usize = 40;
/// The maximum width of what was observed; it may name several causes.
const OBSERVED: usize = 160;

pub(super) fn draw(context: &ReportContext, page: &mut Page) {
    let (ink, sentence) = judged(context);
    let whole = context.is_complete();
    if !whole {
        page.paragraph(ink, &sentence);
    }
    let incidents = context.story.incidents();
    for incident in incidents.iter().take(TOLD) {
        page.paragraph(weight(incident), &incident_text(context, incident));
    }
    if incidents.len() > TOLD {
        let more = incidents.len() - TOLD;
        page.paragraph(Ink::Plain, &format!("+ {more} more incidents in responses.csv"));
    }
    if incidents.is_empty() {
        page.paragraph(Ink::Plain, &quiet(context));
    }
    if let Some(affected) = affected::sentence(context) {
        page.paragraph(Ink::Plain, &affected);
    }
    if let Some(missed) = undetected(context) {
        page.paragraph(Ink::Bad, &missed);
    }
    // What came of the day comes before what was asked of it.
    if whole {
        page.paragraph(ink, &sentence);
    }
}

/// What is still going on at the end of the day is not over, whatever was expected of it.
fn weight(incident: &Incident) -> Ink {
    match incident.last().outcome {
        AttemptOutcome::Recovered | AttemptOutcome::Contained => Ink::Plain,
        _ => Ink::Bad,
    }
}

/// The faults that no rule fired for, as a sentence.
pub(in crate::report) fn undetected(context: &ReportContext) -> Option<String> {
    let faults = episodes::undetected(context.story);
    let names: Vec<String> = faults.iter().take(TOLD).map(|fault| short(fault.fault)).collect();
    let more = match faults.len().saturating_sub(TOLD) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!names.is_empty()).then(|| format!("Nobody detected {}{more}.", names.join(", ")))
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
pub(in crate::report) fn judged(context: &ReportContext) -> (Ink, String) {
    if !context.is_complete() {
        let (last, lasts) = (context.story.last(), context.header.lasts);
        let reached = last.since(Time::ZERO);
        let clock = context.clock(last);
        return (Ink::Bad, format!("Interrupted at {clock}, after {reached} of {lasts}."));
    }
    let all = expectations(context.story);
    let missed: Vec<&ExpectEntry> = all.iter().filter(|expect| !expect.met()).copied().collect();
    let limited = context.expected().iter().any(Expectation::is_limit);
    let but = if limited { "" } else { ", but nothing in it limits how long users wait" };
    match (all.len(), missed.len()) {
        (0, _) if context.is_real() => {
            (Ink::Plain, "This was real; everything is as it was typed.".to_string())
        }
        (0, _) => (Ink::Plain, "Nothing was expected of this run.".to_string()),
        (1, 0) => (Ink::Good, "This run met the one expectation of the scenario.".to_string()),
        (all, 0) => {
            let all = if all == 2 { "both".to_string() } else { format!("all {all}") };
            (Ink::Good, format!("This run met {all} expectations of the scenario{but}."))
        }
        (all, n) => {
            let first = missed[0];
            let but =
                format!("{}, but {}", short(&first.text), for_terminal(&first.observed, OBSERVED));
            (Ink::Bad, format!("This run missed {n} of {all} expectations: {but}."))
        }
    }
}

/// A run without incidents.
pub(in crate::report) fn quiet(context: &ReportContext) -> String {
    let faults = context.story.faults().into_iter().filter(|fault| fault.site).count();
    match faults {
        0 => "No incident: nothing broke, and no play was opened.".to_string(),
        1 => "No incident: one fault hit the site, and no play was opened.".to_string(),
        n => format!("No incident: {n} faults hit the site, and no play was opened."),
    }
}

/// An incident in a few words.
fn incident_text(context: &ReportContext, incident: &Incident) -> String {
    let first = incident.first();
    let broke = first.start.fault.as_deref().map_or("Without a fault".to_string(), short);
    let noticed = match (noticed_after(incident), opener(context.story, incident.number)) {
        (Some(after), Some(alert)) => {
            // What people notice by themselves is called `noticed by support` already.
            let by_people =
                context.rule(alert).is_some_and(|rule| rule.measure == MeasureKind::Noticed);
            let noticed = if by_people { "" } else { "noticed by " };
            format!("{noticed}{} after {after}", short(alert))
        }
        (Some(after), None) => format!("noticed after {after}"),
        (None, _) => "never noticed".to_string(),
    };
    let ending = Ending::new(context, incident);
    let tried = match incident.attempts.len() {
        1 => String::new(),
        n => format!(" in {n} attempts"),
    };
    let mut text = format!(
        "{broke} at {}: {noticed}, {}{tried}.",
        context.clock(first.start.started_at),
        ending.words()
    );
    for cause in &ending.further {
        text.push_str(&format!(" {cause}"));
    }
    if let Some((phase, took)) = context.story.phase_timeline(incident).longest() {
        text.push_str(&format!(" Longest: {}, {took}.", phase.word()));
    }
    text
}

/// After how long people were told of an incident, as they read it.
pub(in crate::report) fn noticed_after(incident: &Incident) -> Option<Span> {
    let began = incident.first().start.started_at;
    incident.detected().map(|after| between(began, began + after))
}

/// The alert that opened an incident.
pub(in crate::report) fn opener(story: &Story, incident: u32) -> Option<&str> {
    let mut firing = story.alerts().filter(|(_, alert)| alert.state == AlertState::Firing);
    firing.find(|(_, alert)| alert.incident == Some(incident)).map(|(_, alert)| &*alert.rule)
}

/// A name from outside in a sentence.
fn short(name: &str) -> String {
    for_terminal(name, NAME)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::KnownStart;
    use crate::journal::{AttemptEntry, Entry, fixture};
    use crate::report::Extras;
    use crate::report::summary::{Style, summary};

    /// The verdict on the incident of the proxy outage with its attempts changed.
    fn verdict(change: impl Fn(&mut AttemptEntry) -> Vec<AttemptEntry>) -> String {
        let (header, mut entries) = fixture::proxy_outage();
        let mut more = Vec::new();
        for entry in &mut entries {
            if let Event::Attempt(attempt) = &mut entry.event {
                more.extend(change(attempt).into_iter().map(|a| Event::Attempt(Box::new(a))));
            }
        }
        let last = entries.len() as u64;
        let at = fixture::at(10_800.0);
        entries.extend(more.into_iter().map(|event| Entry { seq: last + 1, at, event }));
        let text = {
            let style = Style { color: false, width: 400 };
            summary(&header, &fixture::story(&entries), Extras::default(), style)
        };
        text.lines().nth(3).expect("the first incident").trim().to_string()
    }

    #[test]
    fn a_rollback_that_does_not_help_ends_behind_the_maintenance_page() {
        let text = verdict(|attempt| {
            attempt.outcome = AttemptOutcome::NotVerified;
            let page = AttemptEntry {
                number: 2,
                change: Some("maintenance-page".into()),
                start: KnownStart { started_at: attempt.ended_at, ..attempt.start.clone() },
                ended_at: fixture::at(5540.0),
                outcome: AttemptOutcome::Contained,
                ..attempt.clone()
            };
            vec![page]
        });
        let expected = "outage-reverse-proxy at 18:05:00: noticed by ErrorSpike after 2m 40s, \
                        contained after 27m 20s by maintenance-page in 2 attempts. \
                        Longest: diagnose, 8m.";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_stalled_play_says_so() {
        let text = verdict(|attempt| {
            attempt.outcome = AttemptOutcome::Stalled;
            attempt.change = None;
            Vec::new()
        });
        assert!(text.contains("not recovered after 24m 20s (stalled)."), "{text}");
    }
}
