//! The outbrief: what the team looks at together after the gameday. One page that needs nothing
//! but itself: no network, and no script but its own.

mod assumptions;
mod attempts;
mod backlog;
mod capacity;
mod chart;
mod charts;
mod clock;
mod compared;
mod document;
mod first;
mod flow;
mod forest;
pub(super) mod formatting;
mod heat;
mod many;
mod markdown;
mod minutes;
mod odds;
mod panels;
mod players;
pub(super) mod prelude;
mod runs;
mod segments;
mod series;
mod site;
mod standing;
mod tables;
mod thresholds;
mod told;

pub(crate) use clock::{judged_window, windows};
pub use compared::compare_page;
pub use document::page_title;
pub use players::PlayerScreen;
pub(crate) use series::{CloseUp, SiteSeries};

use super::context::ReportContext;
use super::extras::Extras;
use super::findings;
use super::odds::FirstScreen;
use crate::campaign::Backtest;
use crate::journal::Event;
use crate::units::{Time, grouped};
pub(in crate::report) use document::head;
use document::{PageFrame, PageSection, document};
use formatting::shown;
use maud::{Markup, html};

/// `outbrief.html`.
pub(crate) fn page(context: &ReportContext, series: &SiteSeries, beside: Extras) -> String {
    let answer = FirstScreen::from_context(context, beside);
    let heading = answer
        .as_ref()
        .map_or(shown(&context.header.scenario), |answer| shown(&answer.condition()));
    let title = format!("Outbrief: {}", shown(&context.header.scenario));
    let main = main(context, series, beside, answer.as_ref());
    let frame = PageFrame {
        title: &title,
        eyebrow: html! {
            @if let Some(answer) = &answer { (shown(&answer.eyebrow())) " · " (day(context)) }
            @else {
                @if context.is_real() { strong style=(REAL_COLOURS) { "REAL" } " · Outbrief · " }
                @else {
                    @if context.header.rehearsal.is_some() || !context.has_readings() {
                        strong { "EXERCISE" } " · "
                    }
                    "Gameday outbrief · "
                }
                (day(context)) " · " (context.evidence_words())
            }
        },
        heading: &heading,
        first: html! {
            @if let Some(answer) = &answer {
                (odds::screen(answer))
                h2.told { "One run in full: " (answer.rank_of_run()) }
            }
            (first::screen(context, series, beside, answer.is_some()))
        },
        footer: html! {
            p { "Made by sim " (shown(&context.header.program)) " from journal.jsonl alone. "
                "Run " code { (shown(&context.header.run_id)) } "." }
        },
        script: document::SCRIPT,
        // What looks closer is printed with the appendix: two sheets are what a meeting reads.
        later: main.iter().position(|(id, ..)| LATER.contains(id)).unwrap_or(main.len()),
        appendix: main.len(),
    };
    let sections = main.into_iter().chain(appendix(context, series, beside));
    let sections: Vec<NamedSection> = sections.collect();
    let sections: Vec<PageSection> =
        sections.iter().map(|(id, name, content)| (*id, name.as_str(), content.clone())).collect();
    document(frame, &sections)
}

/// `outbrief.md`.
pub(crate) fn markdown(context: &ReportContext, beside: Extras) -> String {
    markdown::text(context, beside)
}

/// `7 November 2018, 17:00 to 20:00 America/New_York`.
fn day(context: &ReportContext) -> String {
    let calendar = &context.header.calendar;
    let zone = calendar.zone_name();
    let date = calendar.day(Time::ZERO);
    let minutes = |time| context.clock(time).get(..5).unwrap_or_default().to_string();
    let (from, to) = (minutes(Time::ZERO), minutes(Time(context.header.lasts.0)));
    shown(&format!("{date}, {from} to {to} {zone}"))
}

/// Where the sections that look closer begin.
const LATER: [&str; 2] = ["pair", "site"];

/// White on blue, which no exercise has.
const REAL_COLOURS: &str = "background:#0b3d91;color:#fff;padding:0 .5em";

/// What is there to look things up after a real night.
const REAL: [&str; 4] = ["findings", "responses", "people", "again"];

/// A section with its name, which may tell how much is in it.
type NamedSection = (&'static str, String, Markup);

/// What everybody reads, after the first screen.
fn main(
    context: &ReportContext,
    series: &SiteSeries,
    beside: Extras,
    answer: Option<&FirstScreen>,
) -> Vec<NamedSection> {
    let mut sections: Vec<NamedSection> = Vec::new();
    if let Some(standing) = standing::section(context, beside).filter(|_| !context.is_real()) {
        sections.push(("standing", "How did we do".to_string(), standing));
    }
    if let Some(results) = beside.campaign {
        let runs = grouped(results.rows.len() as u64);
        let many = html! {
            @if let Some(answer) = answer { (odds::lost(answer)) }
            (many::section(context, results))
        };
        sections.push(("many", format!("All {runs} runs of this plan"), many));
        if let Some(actual) = &context.header.actual
            && let Some(backtest) =
                Backtest::from_results(results, actual).filter(|one| !one.is_too_few())
        {
            let real = many::backtest(&backtest);
            sections.push(("real", "Compared with the real incident".to_string(), real));
        }
    }
    let affected = html! {
        @if let Some(totals) = tables::totals(context) { p { (totals) } }
        @if context.has_readings() { (segments::section(context, series)) }
        @else if context.is_real() { p { "What was typed that night does not count visitors." } }
        @else { p { "A rehearsal with people has no visitors." } }
    };
    sections.push(("affected", "Who was affected when".to_string(), affected));
    if let Some(told) = told::section(context) {
        sections.push(("told", "Who was told when".to_string(), told));
    }
    if let Some(wash) = beside.hot_wash {
        let guesses = standing::guesses(wash);
        sections.extend(guesses.map(|it| ("guesses", "Guessed before the start".to_string(), it)));
        let kept = standing::improvements(wash);
        sections.extend(kept.map(|it| ("kept", "Improvement plan".to_string(), it)));
    }
    if let Some(runs) = answer.and_then(FirstScreen::pair)
        && let Some(pair) = clock::pair(&runs)
    {
        let other = runs[1].0;
        sections.push(("pair", format!("A typical run beside a {other} one"), pair));
    }
    if context.has_readings() {
        let site = beside.topology.map(|topology| site::figure(context, series, topology));
        let parts: Vec<Markup> = site.into_iter().chain(heat::by_tier(context, series)).collect();
        if !parts.is_empty() {
            let content = html! { @for part in &parts { (part) } };
            sections.push(("site", "Where it broke".to_string(), content));
        }
        let kept = backlog::backlog_tiers(context, series);
        if !kept.is_empty() {
            let content = backlog::section(context, &kept);
            sections.push(("backlog", "What had to wait".to_string(), content));
        }
    }
    sections
}

/// What is there to look things up.
fn appendix(context: &ReportContext, series: &SiteSeries, beside: Extras) -> Vec<NamedSection> {
    let header = context.header;
    let entries = context.story.entries().iter();
    let asked = entries.filter(|entry| matches!(entry.event, Event::Ask { .. })).count();
    let response = html! {
        (attempts::responses(context))
        h3 { "The change-time table" }
        (tables::change_table(context))
    };
    let gate = html! {
        (tables::criteria(context))
        h3 { "Capacity" }
        @if let Some(check) = beside.capacity { (capacity::section(check)) }
        @else { p { "This run did not check capacity." } }
    };
    let times = html! {
        (charts::times(context, series))
        p.legend { span.key.band {} " a fault hits the site "
            span.key.incident {} " an incident, from onset to its end" }
    };
    let counted = |name: &str, count: usize| format!("{name} ({})", grouped(count as u64));
    let findings = findings::findings(context).len();
    let expected = context.story.expectations().count();
    let attempts = context.story.attempts().count();
    let responses = "Responses against the change-time table";
    let mut sections: Vec<NamedSection> = vec![
        (
            "findings",
            counted("Findings and action items", findings),
            tables::finding_table(context),
        ),
        ("responses", counted(responses, attempts), response),
        ("rules", counted("Rules", header.rules.len()), tables::rules(context)),
        ("people", counted("Who was asked", asked), tables::people(context)),
        ("gate", "Go/no-go, and capacity".to_string(), gate),
        ("expected", counted("Expectations", expected), tables::expectations(context)),
        ("again", again_heading(context).to_string(), replay_section(context)),
    ];
    if context.is_real() {
        // The others are about what was planned, counted or played.
        sections.retain(|(id, ..)| REAL.contains(id));
    } else {
        let inputs = counted("What it rests on", header.inputs.len());
        sections.push(("assumptions", inputs, assumptions::section(context)));
    }
    if !beside.plays.is_empty() && !context.is_real() {
        let plays = flow::section(beside.plays, beside.campaign);
        sections.insert(1, ("plays", counted("Plays as a flow", beside.plays.len()), plays));
    }
    if context.has_readings() {
        sections.insert(2, ("times", "Response times".to_string(), times));
    }
    sections
}

/// A real night is made into pages again, and never played.
fn again_heading(context: &ReportContext) -> &'static str {
    if context.is_real() { "How to reproduce these pages" } else { "How to replay it" }
}

/// How to get the very same run, and what one run cannot say.
fn replay_section(context: &ReportContext) -> Markup {
    let header = context.header;
    let command = format!("sim run SCENARIO.yaml --seed {} --trial {}", header.seed, header.trial);
    html! {
        @if let Some(who) = &header.rehearsal {
            p { "This was a rehearsal"
                @if let Some(started) = &who.started { " that began on " (shown(started)) }
                ". In the room: "
                (if who.seats.is_empty() { "nobody".into() } else { shown(&who.seats.join(", ")) })
                ". Everybody else was simulated." }
        } @else if header.mode == crate::journal::RunMode::Simulated {
            p { "The same scenario, seed and run give byte-identical output, on any machine:" }
            pre tabindex="0" { code { (command) } }
            p { "It is the same scenario, with the same " code { "--set" } ", if its last lines "
                "say \"scenario " code { (shown(&header.scenario_hash)) } "\" and the program is "
                "sim " (shown(&header.program)) "." }
        }
        p { "To make these reports again from the journal:" }
        pre tabindex="0" { code { "sim report FOLDER" } }
        @if context.has_readings() { p {
            "This is one run of many: number " (header.trial) " of seed " (header.seed)
            ". Other runs draw other answers, other choices and other visitors, so a single time "
            "here has no interval around it."
            @if let Some(share) = first::assumed_share(context) {
                " " (share) " of the time of all incidents rests on assumed times of people."
            }
        } } @else if context.is_real() {
            p {
                "This was real. Actions and times are as typed that night, line by line in "
                "night.jsonl, and as a sheet in night.csv."
            }
        } @else {
            p {
                "Actions and times are from observed.csv, the sheet that was kept by hand; "
                "plan and faults are those of the simulated run of the same scenario."
            }
        }
    }
}
