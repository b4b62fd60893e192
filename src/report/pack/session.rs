//! The papers of a session with several exercises: agendas, the master scenario events list,
//! evaluation guides, and what is written by hand on the day.

use super::agenda::{AgendaItem, SessionAgenda, Slot};
use super::page::{Paper, PaperAudience, Printed, band, line, listed, table, tick};
use super::plan::{Planned, after, shown};
use super::plan::{SessionPart, wanted};
use super::sheets::{feedback, ground_rules, guide, hot_wash, improvements, sign_in};
use super::{injects, wall};
use crate::journal::Header;
use crate::report::untrusted::for_shell;
use crate::units::{Span, Time};
use maud::{Markup, html};
use std::io;

/// An exercise of a session.
#[derive(Debug, Clone, Copy)]
pub struct SessionExercise<'a> {
    /// Its scenario.
    pub header: &'a Header,
    /// The scenario's file, as it was given.
    pub file: &'a str,
}

/// The name of the folder with an exercise's own papers, from 0.
pub fn folder_of(number: usize) -> String {
    format!("exercise-{}", number + 1)
}

/// Everything to print for a session of so long, beside the papers of each exercise. An error if
/// it does not fit, which says what would; or if a header holds no whole plan.
pub fn session<'a>(lasts: Span, exercises: &[SessionExercise<'a>]) -> io::Result<Vec<Printed>> {
    let clocks: Vec<Span> = exercises.iter().map(|one| one.header.lasts).collect();
    let invalid = |problem: String| io::Error::new(io::ErrorKind::InvalidInput, problem);
    let agenda = SessionAgenda::new(lasts, &clocks).map_err(invalid)?;
    let part = |(number, one): (usize, &SessionExercise<'a>)| {
        let name = format!("Exercise {}", number + 1);
        let room = agenda.room(number);
        Ok(SessionPart { plan: Planned::from_header(one.header)?, file: one.file, name, room })
    };
    let parts = exercises.iter().enumerate().map(part).collect::<io::Result<Vec<SessionPart>>>()?;
    let mut all = vec![
        controller(&agenda, &parts),
        printed(
            ("msel.html", "Master scenario events list", PaperAudience::Facilitator),
            "one, in an envelope that is opened when the session begins",
            vec![Paper {
                wide: true,
                ..Paper::new("Master scenario events list (MSEL)", events(&parts))
            }],
        ),
    ];
    all.extend(by_hand(&agenda, &parts));
    let index = printed(
        ("index.html", "What to print", PaperAudience::Facilitator),
        "none: view it on screen",
        vec![index(&parts, &all)],
    );
    all.insert(0, index);
    Ok(all)
}

fn printed(
    (file, title, audience): (&'static str, &'static str, PaperAudience),
    copies: &'static str,
    papers: Vec<Paper>,
) -> Printed {
    let eyebrow = html! { "Several exercises, one session" };
    let text = band(&eyebrow, title, audience, papers);
    Printed { file, title, audience, copies, text }
}

/// What may lie on the table, and what evaluators get.
fn by_hand(agenda: &SessionAgenda, parts: &[SessionPart]) -> Vec<Printed> {
    let players = PaperAudience::Players;
    let abort = parts.first().map_or(Vec::new(), |part| wall::abort_card(&part.plan));
    let guides = parts.iter().map(|part| {
        let heading = format!("Evaluation guide, {}", part.name);
        Paper::new(heading, guide(part))
    });
    let sheet = |file, title, audience, copies, content| {
        printed((file, title, audience), copies, vec![Paper::new(title, content)])
    };
    vec![
        sheet("agenda.html", "Agenda", players, "one on the wall", slots(agenda, parts, false)),
        sheet("sign-in.html", "Sign-in sheet", players, "one, at the door", sign_in(parts)),
        sheet(
            "ground-rules.html",
            "Ground rules",
            players,
            "one on the wall; they are read out first",
            ground_rules(),
        ),
        printed(
            ("abort-card.html", "Abort card", players),
            "one for everybody, on coloured paper",
            abort,
        ),
        printed(
            ("evaluation-guides.html", "Evaluation guides", PaperAudience::Observers),
            "one of each for every evaluator",
            guides.collect(),
        ),
        sheet(
            "hot-wash.html",
            "Hot-wash sheet",
            PaperAudience::Observers,
            "one for whoever leads the hot wash",
            hot_wash(parts),
        ),
        sheet("feedback.html", "Feedback form", players, "one for everybody", feedback(parts)),
        printed(
            ("improvement-plan.html", "Improvement plan", PaperAudience::Facilitator),
            "one; it is filled in at the closing",
            vec![Paper { wide: true, ..Paper::new("Improvement plan", improvements(parts)) }],
        ),
    ]
}

/// The agenda with what players may not know.
fn controller(agenda: &SessionAgenda, parts: &[SessionPart]) -> Printed {
    let rows = parts.iter().map(|part| {
        vec![
            html! { strong.time { (part.name) } },
            html! { (shown(&part.plan.header.scenario)) },
            html! { (objectives(part)) },
            html! { (part.plan.header.lasts) },
            html! { (part.room) },
            html! { (pace(part)) },
        ]
    });
    let columns = ["Exercise", "Scenario", "Objectives", "Clock", "Room", "Pace"];
    let content = html! {
        p.seal { "Controllers (facilitators) only. Players get " code { "agenda.html" } "." }
        h2 { "Exercises" }
        (table("Exercises", &columns, rows.collect()))
        p { "Clock: how long it lasts by its own clock. Room: how long it may take here. "
            code { "next" } ", or Enter alone, runs the clock ahead to the next question, "
            code { "discuss" } " stops it while people talk." }
        h2 { "Minute by minute" }
        (slots(agenda, parts, true))
        h2 { "How to start each" }
        @for part in parts { p { (part.name) ": " code { (command(part)) } } }
        p { "Add " code { "--seats" } " and who is in the room, as "
            code { "--seats wyatt,chris" } ": everybody else is simulated. "
            code { "--players players.html" } " is the screen for the players, "
            code { "--hide" } " keeps the steps of the plan off a terminal that they can see." }
        p { "Each seat guesses first (" code { "guess WHO back 25m longest diagnose" } "), "
            code { "startex" } " starts the clock (STARTEX), " code { "endex" } " ends it "
            "(ENDEX). In the hot wash, " code { "what if PATH=VALUE" } " tries what somebody "
            "proposes, and " code { "keep, owner WHO, due DAY" } " writes it down." }
    };
    printed(
        ("controller-agenda.html", "Agenda for controllers", PaperAudience::Facilitator),
        "one for each controller",
        vec![Paper::new("Agenda for controllers", content)],
    )
}

/// How an exercise is begun.
fn command(part: &SessionPart) -> String {
    let (file, name) = (for_shell(part.file), for_shell(&part.name));
    let speed = speed(part);
    let speed = if speed > 1 { format!(" --speed {speed}x") } else { String::new() };
    shown(&format!("sim room {file} --guesses --code-name {name}{speed}"))
}

/// As fast as its clock must run on average, in whole times.
fn speed(part: &SessionPart) -> u64 {
    part.plan.header.lasts.0.div_ceil(part.room.0.max(1))
}

fn pace(part: &SessionPart) -> String {
    match speed(part) {
        0 | 1 => "real time".to_string(),
        speed => format!("{speed}x on average, or skip"),
    }
}

fn slots(agenda: &SessionAgenda, parts: &[SessionPart], for_controllers: bool) -> Markup {
    let row = |slot: &Slot| {
        let what = match slot.what {
            AgendaItem::Welcome => {
                "Welcome: sign in, ground rules, abort card, who sits where".into()
            }
            AgendaItem::Exercise(number) if for_controllers => {
                format!("{}: {}", parts[number].name, shown(parts[number].file))
            }
            AgendaItem::Exercise(number) => parts[number].name.clone(),
            AgendaItem::HotWash(number) => format!("Hot wash of {}", parts[number].name),
            AgendaItem::Break => "Break".to_string(),
            AgendaItem::Closing => {
                "Closing: what will change, who owns it, by when; feedback".to_string()
            }
        };
        vec![
            html! { span.time { (from_begin(slot.from)) } },
            html! { span.time { (slot.lasts) } },
            html! { (what) },
            line(),
        ]
    };
    let mut rows: Vec<_> = agenda.slots.iter().map(row).collect();
    rows.push(vec![
        html! { span.time { (from_begin(agenda.lasts)) } },
        html! {},
        html! { "End" },
        line(),
    ]);
    table("Agenda", &["From the start", "Lasts", "What", "By the clock"], rows)
}

/// `0:00`, `1:05`.
fn from_begin(span: Span) -> String {
    let minutes = span.0 / Span::MINUTE.0;
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

fn objectives(part: &SessionPart) -> Markup {
    let wanted = wanted(&part.plan);
    html! { @for (place, objective) in wanted.iter().enumerate() {
        @if place > 0 { br; } (objective)
    } }
}

/// Every event of every exercise, numbered through.
fn events(parts: &[SessionPart]) -> Markup {
    let mut number = 0;
    let mut rows = Vec::new();
    for part in parts {
        rows.push(vec![
            html! {},
            html! { strong.time { (part.name) } },
            html! { span.time { (part.plan.clock(Time::ZERO)) } },
            html! { span.time { (after(Time::ZERO)) } },
            html! { strong { "STARTEX" } },
            html! { (shown(&part.plan.header.scenario)) },
            html! {},
            line(),
            tick(),
        ]);
        for cells in injects::rows(&part.plan) {
            number += 1;
            let lead = [html! { (number) }, html! { span.time { (part.name) } }];
            rows.push(lead.into_iter().chain(cells).collect());
        }
        let end = Time::ZERO + part.plan.header.lasts;
        rows.push(vec![
            html! {},
            html! { span.time { (part.name) } },
            html! { span.time { (part.plan.clock(end)) } },
            html! { span.time { (after(end)) } },
            html! { strong { "ENDEX" } },
            html! { "at the latest; the room has " (part.room) },
            html! {},
            line(),
            tick(),
        ]);
    }
    let columns = [&["No.", "Exercise"][..], &injects::COLUMNS].concat();
    html! {
        p.seal { strong { "Sealed until the session begins." }
            " Times are those of each exercise's own clock. How to deliver an inject is in the "
            "inject list of each exercise." }
        (table("Events", &columns, rows))
    }
}

/// What to print, for whom, how often, and where the papers of each exercise are.
fn index(parts: &[SessionPart], all: &[Printed]) -> Paper {
    let own = parts.iter().enumerate().map(|(number, part)| {
        let folder = folder_of(number);
        vec![
            html! { a href={ (folder) "/index.html" } { (part.name) } },
            html! { (shown(part.file)) },
            html! { (shown(&part.plan.header.scenario_hash)) },
        ]
    });
    let content = html! {
        (listed(all))
        h2 { "The material for each exercise" }
        (table("Exercises", &["Material", "Scenario", "Plan"], own.collect()))
        h2 { "Words" }
        p { "As in HSEEP: a controller is the facilitator, an evaluator an observer, the MSEL the "
            "inject lists of all exercises together; STARTEX and ENDEX begin and end an exercise, "
            "and " code { "startex" } " and " code { "endex" } " do so in the room." }
    };
    Paper::new("What to print", content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_a_session_are_hours_and_minutes() {
        assert_eq!(from_begin(Span::ZERO), "0:00");
        assert_eq!(from_begin(Span::MINUTE * 65), "1:05");
    }
}
