//! The first screen: the verdict in a sentence, what happened in four tiles, the findings that
//! matter, where the minutes went.

use super::formatting::{capital, percent, sentence as sentence_of, severity, shown};
use super::series::SiteSeries;
use super::{clock, many, minutes};
use crate::decision::AttemptOutcome;
use crate::journal::{Incident, PhaseTimeline, Severity, printed};
use crate::report::context::ReportContext;
use crate::report::endings::Ending;
use crate::report::extras::Extras;
use crate::report::summary::{Ink, verdict};
use crate::report::{affected, episodes, findings};
use crate::units::{Span, grouped};
use maud::{Markup, html};

/// The most incidents with tiles of their own.
const TILED: usize = 2;
/// The most findings on the first screen.
const FINDINGS: usize = 3;

/// The verdict on the run that is told. Below the `answer` of many runs it is one sentence and the
/// clock: who reads on wants to see it, not to have it summed up once more.
pub(super) fn screen(
    context: &ReportContext,
    series: &SiteSeries,
    beside: Extras,
    answer: bool,
) -> Markup {
    let (ink, judged) = verdict::judged(context);
    let incidents = context.story.incidents();
    let endings: Vec<Ending> = incidents.iter().map(|one| Ending::new(context, one)).collect();
    let repaired = endings.iter().all(|ending| ending.recovered.is_some());
    let held = |ending: &Ending| ending.recovered.is_some() || ending.contained.is_some();
    let goes_on = !endings.iter().all(|ending| held(ending) && ending.open.is_none());
    let class = match ink {
        // One run in green below a red answer would be taken for the answer.
        _ if answer => "verdict",
        _ if goes_on => "verdict bad",
        Ink::Good if repaired => "verdict good",
        Ink::Bad => "verdict bad",
        _ => "verdict",
    };
    html! {
        section aria-labelledby="verdict" {
            h2.unseen id="verdict" { "Verdict" }
            @if let Some(damage) = beside.damage {
                p.verdict.bad {
                    strong { "Only part of this run is known. " }
                    (capital(&shown(damage))) "; everything below covers only the time before."
                }
            }
            p class=(class) {
                @if context.is_complete() { strong { (sentence(context)) } " " (judged) }
                @else { strong { (judged) } " " (sentence(context)) }
                @if let Some(missed) = verdict::undetected(context) { " " strong { (missed) } }
            }
            @if incidents.is_empty() && !answer { dl.tiles { (quiet_tiles(context)) } }
            @let tiled = if answer { 0 } else { TILED };
            @for (position, incident) in incidents.iter().take(tiled).enumerate() {
                dl.tiles {
                    (tiles(context, incident))
                    @if position == 0 { (affected_tile(context)) }
                }
            }
        }
        @let runs = beside.campaign.filter(|_| !answer);
        (clock::figure(context, series, runs.and_then(many::sentence)))
        (top_findings(context))
    }
}

/// What happened, in one sentence.
pub(super) fn sentence(context: &ReportContext) -> String {
    let incidents = context.story.incidents();
    let Some(incident) = incidents.first() else { return verdict::quiet(context) };
    let noticed = match verdict::noticed_after(incident) {
        // What was typed begins when somebody noticed.
        Some(_) if context.is_real() => {
            format!("was noticed at {}", context.clock(incident.first().start.started_at))
        }
        Some(after) => format!("was noticed after {after}"),
        None => "was never noticed".to_string(),
    };
    let fault = incident.first().start.fault.as_deref();
    let unknown = if context.is_real() { "the incident" } else { "an incident without a fault" };
    let what = fault.map_or(unknown.to_string(), shown);
    let more = match incidents.len() {
        1 => String::new(),
        2 => " One more incident followed.".to_string(),
        n => format!(" {} more incidents followed.", n - 1),
    };
    let ending = Ending::new(context, incident);
    let further: Vec<String> = ending.further.iter().map(|cause| format!(" {cause}")).collect();
    let (what, ended, further) = (capital(&what), ended(&ending), further.concat());
    format!("{what} {noticed} and {ended}.{further}{more}")
}

/// How an incident ended, in a sentence: `recovered after 37m 10s by fix`.
fn ended(ending: &Ending) -> String {
    match (&ending.recovered, &ending.contained, ending.open) {
        (Some(_), _, _) => ending.words(),
        (None, Some((after, _)), None) => {
            let clear = ending.cleared();
            format!("was contained behind a maintenance page after {after}, not repaired{clear}")
        }
        _ => format!("had {}", ending.words()),
    }
}

/// What is said where no fault is behind an incident: in real life nobody wrote one down.
fn no_fault(context: &ReportContext) -> &'static str {
    if context.is_real() { "not written down" } else { "no fault" }
}

fn tiles(context: &ReportContext, incident: &Incident) -> Markup {
    let first = incident.first();
    let fault = first.start.fault.as_deref();
    let text = fault.and_then(|fault| context.header.faults.iter().find(|(name, _)| name == fault));
    let opener = verdict::opener(context.story, incident.number);
    let made = incident.attempts.iter().filter(|attempt| attempt.reached.deploying_at.is_some());
    let made: Vec<_> = made.collect();
    let changes = made.iter().filter_map(|attempt| Some(shown(attempt.change.as_deref()?)));
    let changes: Vec<String> = changes.collect();
    let mut refused =
        incident.attempts.iter().filter(|attempt| attempt.outcome == AttemptOutcome::Refused);
    let refused = refused.find_map(|attempt| attempt.change.as_deref());
    let refused =
        refused.map_or(String::new(), |change| format!("; {} was refused", shown(change)));
    let who = incident.attempts.iter().find_map(|attempt| attempt.responder.as_deref());
    let (done, before) = match changes.split_last() {
        None => ("no change".to_string(), String::new()),
        Some((last, [])) => (last.clone(), String::new()),
        Some((last, before)) => {
            let failed =
                made.iter().filter(|attempt| attempt.outcome == AttemptOutcome::NotVerified);
            let helped = if failed.count() < before.len() { "" } else { " did not help" };
            (last.clone(), format!("after {}{helped}; ", before.join(" and ")))
        }
    };
    let ended = ended_briefly(&Ending::new(context, incident));
    let decider = incident.attempts.iter().rev().find_map(|attempt| attempt.decider.as_deref());
    let decided =
        decider.map_or(String::new(), |decider| format!(" and decided by {}", shown(decider)));
    html! {
        (tile("What broke", fault.map_or_else(|| no_fault(context).to_string(), shown),
            &format!("{} at {}", text.map_or(String::new(), |(_, sentence)| shown(&sentence.does)),
                context.clock(first.start.started_at))))
        (tile("When it was noticed", match verdict::noticed_after(incident) {
            Some(_) if context.is_real() => format!("at {}", context.clock(first.start.started_at)),
            Some(after) => format!("after {after}"),
            None => "never".to_string(),
        }, &opener.map_or(String::new(), |alert| format!("by the rule {}", shown(alert)))))
        (tile("What was done", done, &match who {
            Some(who) => {
                format!("{before}led by {}{decided}; {ended}{refused}", shown(who))
            }
            None => format!("{before}{ended}{refused}"),
        }))
        @let course = context.story.phase_timeline(incident);
        @if let Some((phase, took)) = course.longest() {
            (tile("What took longest", format!("{}, {took}", phase.word()),
                &format!("{} of {}{}", percent(took, course.total()), course.printed_total(),
                    people_took(&course))))
        }
    }
}

/// How an incident ended, in a few words: `recovered after 37m 10s`.
fn ended_briefly(ending: &Ending) -> String {
    match (&ending.recovered, &ending.contained, ending.open) {
        (Some((after, _)), ..) => format!("recovered after {after}"),
        (None, _, Some((after, outcome))) => format!("not recovered after {after} ({outcome})"),
        (None, Some((after, _)), None) => format!("contained after {after}"),
        (None, None, None) => "not recovered".to_string(),
    }
}

/// What people took, all in all.
fn people_took(course: &PhaseTimeline) -> String {
    let people = course.spans().iter().filter(|span| span.phase.is_human());
    match people.fold(Span::ZERO, |sum, span| sum + printed(span)) {
        Span::ZERO => String::new(),
        took => format!("; people's answers and decisions: {took}"),
    }
}

/// Who was affected over the whole day.
fn affected_tile(context: &ReportContext) -> Markup {
    let Some(totals) = context.story.totals() else { return html! {} };
    let lost = grouped((totals.site.lost.seconds() / 60.0).round() as u64);
    let incidents = context.story.incidents();
    let share = incidents.first().and_then(|incident| affected::share(context, incident));
    let share = share.map_or(String::new(), |share| format!("{share}; "));
    let note = format!("{share}of {}; they lost {lost} minutes", grouped(totals.site.users));
    let people = format!("{} people", grouped(totals.site.affected.total()));
    tile("Who was affected", people, &note)
}

fn quiet_tiles(context: &ReportContext) -> Markup {
    let faults = context.story.faults();
    let site = faults.iter().filter(|fault| fault.site).count();
    let missed = episodes::undetected(context.story).len();
    let fired = episodes::episodes(context.story).iter().filter(|e| e.firing_at.is_some()).count();
    let totals = context.story.totals();
    html! {
        (tile("What broke", match site {
                0 => "nothing".into(),
                1 => "one fault".into(),
                _ => format!("{site} faults"),
            }, if site == 0 { "no fault hit the site" } else { "hit the site" }))
        (tile("What was noticed",
            match fired {
                0 => "no alert".into(),
                1 => "one alert".into(),
                _ => format!("{fired} alerts"),
            },
            &if missed == 0 { "no fault went undetected".into() }
            else { format!("{missed} undetected") }))
        (tile("What was done", "nothing".to_string(), "no play was opened"))
        @if let Some(totals) = totals {
            (tile("Users affected", grouped(totals.site.affected.total()),
                &format!("of {}", grouped(totals.site.users))))
        }
    }
}

fn tile(name: &str, value: String, note: &str) -> Markup {
    html! {
        div.tile {
            dt { (name) }
            dd { strong { (value) } @if !note.is_empty() { span { (note) } } }
        }
    }
}

/// The findings that matter most.
fn top_findings(context: &ReportContext) -> Markup {
    let all = findings::findings(context);
    let grave = all.iter().filter(|finding| finding.severity == Severity::High).count();
    let matters = all.iter().filter(|finding| finding.severity != Severity::Low).count();
    let shown_here = if matters == 0 { FINDINGS } else { matters.min(FINDINGS) };
    html! {
        section.matter aria-labelledby="matter" {
            h2 id="matter" { "Findings that matter" }
            @if all.is_empty() {
                p { "The run revealed no gaps in the plan." }
            }
            ol {
                @for (position, finding) in all.iter().enumerate().take(shown_here) {
                    li {
                        (severity(finding.severity)) " " (sentence_of(&capital(&finding.text)))
                        span.quiet {
                            " " (findings::id(position))
                            @if let Some(place) = finding.place() { ", " (shown(&place)) }
                        }
                    }
                }
            }
            @if all.len() > shown_here {
                p { a href="#findings" { "All " (all.len()) " findings" } " (" (grave) " high)" }
            }
        }
    }
}

/// How much of all incidents rests on assumed times of people.
pub(super) fn assumed_share(context: &ReportContext) -> Option<String> {
    let incidents = context.story.incidents();
    let sum = |of: &dyn Fn(&Incident) -> Span| {
        incidents.iter().fold(Span::ZERO, |sum, incident| sum + of(incident))
    };
    let assumed = sum(&|i| minutes::assumed(i, &context.story.phase_timeline(i)));
    let total = sum(&|i| context.story.phase_timeline(i).total());
    (assumed > Span::ZERO).then(|| percent(assumed, total))
}
