//! What is filled in by hand in a session of several exercises.

use super::page::{line, table, tick};
use super::plan::shown;
use super::plan::{SessionPart, wanted};
use crate::journal::FindingKind;
use crate::report::untrusted::for_shell;
use maud::{Markup, html};
use std::collections::BTreeSet;

/// The criteria by which an evaluator judges one exercise.
pub(super) fn guide(part: &SessionPart) -> Markup {
    let rows = wanted(&part.plan).into_iter().map(|objective| {
        vec![
            html! { strong { (objective) } },
            line(),
            html! { (tick()) " yes " (tick()) " partly " (tick()) " no" },
            html! { br; br; },
            html! { br; br; },
        ]
    });
    let columns = ["Objective", "Seen at", "Met", "What helped", "What got in the way"];
    html! {
        p { "Evaluator: " span.line {} " Where: " span.line {}
            " Write what was done and when, not who was good." }
        (table("Objectives", &columns, rows.collect()))
        h2 { "Look out for" }
        ul {
            li { (tick()) " Who was told first, and when: " span.line {} }
            li { (tick()) " Who decided, and on what grounds: " span.line {} }
            li { (tick()) " What was looked for and not found: " span.line {} }
            li { (tick()) " What was done that is in no plan: " span.line {} }
        }
    }
}

/// Who is there, as what.
pub(super) fn sign_in(parts: &[SessionPart]) -> Markup {
    // A choice: a meeting of that size fits, and lines are high enough to write by hand.
    const ROWS: usize = 18;
    html! {
        p { "Session: " span.line {} " Day: " span.line {} " Controller: " span.line {} }
        div.over tabindex="0" role="group" aria-label="Rows to fill in" {
        table.rows.sheet aria-label="Sign-in sheet" {
            thead { tr {
                th scope="col" { "Name" } th scope="col" { "What you do on the day" }
                th scope="col" { "Player, observer, controller or evaluator" }
                @for part in parts { th scope="col" { (part.name) } }
                th scope="col" { "Phone" }
            } }
            tbody { @for _ in 0..ROWS { tr {
                td {} td {} td {} @for _ in parts { td {} } td {}
            } } }
        } }
    }
}

/// What is read out first.
pub(super) fn ground_rules() -> Markup {
    html! {
        ol {
            li { "The plan is being tested, not the people in the room." }
            li { "Do as you would on the day: call whom you would call, say what you would say." }
            li { "Every message begins with " strong { "EXERCISE" } "." }
            li { "What you are not shown is not known. Ask through the channels of the day." }
            li { "Do not fight the scenario: what is odd about it is for the hot wash." }
            li { "Nothing is changed on real systems unless the controller says so." }
            li { "Anybody may stop it at any time: the abort card says how." }
            li { "What is said here stays here; what is to be changed does not." }
        }
    }
}

/// What is talked about right after each exercise.
pub(super) fn hot_wash(parts: &[SessionPart]) -> Markup {
    html! {
        p { "Five minutes for each, right after it, while it is fresh. First those who did most, "
            "last the controller. What cannot be settled goes to the closing." }
        @for part in parts {
            div.keep {
                h2 { (part.name) }
                p { "What went as planned: " span.line {} }
                p { "What surprised you (the guesses screen shows it first): " span.line {} }
                p { "What was missing: " span.line {} }
                p { "Parked (" code { "park" } "): " span.line {} }
                p { "Asked from the floor: " code { "what if" } " " span.line {}
                    " what it is worth: " span.line {} }
                p { "Kept: " span.line {} " Owner: " span.line {} " Due: " span.line {} }
            }
        }
    }
}

/// What everybody thinks of it.
pub(super) fn feedback(parts: &[SessionPart]) -> Markup {
    let scale = || html! { @for mark in 1..=5 { (tick()) " " (mark) " " } };
    let questions = [
        "I know better now what I have to do on the day.",
        "The plan would have helped me.",
        "I knew whom to ask, and reached them.",
        "The exercises were realistic.",
        "The time was well spent.",
    ];
    let rows = questions.into_iter().map(|question| vec![html! { (question) }, scale()]);
    let exercises =
        parts.iter().map(|part| vec![html! { (part.name) " was worth doing." }, scale()]);
    html! {
        p { "No name is needed. 1: not at all; 5: very much." }
        (table("Questions", &["What I say", "1 to 5"], rows.chain(exercises).collect()))
        h2 { "What should be changed first?" }
        p.big { br; br; }
        h2 { "What should be exercised next?" }
        p.big { br; br; }
    }
}

/// Rows with owner, due date and the command that tests each again.
pub(super) fn improvements(parts: &[SessionPart]) -> Markup {
    // A choice: as many improvements as a room agrees on beyond those that are known.
    const EMPTY: usize = 4;
    let (mut rows, mut told) = (Vec::new(), BTreeSet::new());
    for part in parts {
        let file = for_shell(part.file);
        // What this one does not play is not a gap, and what several leave open is one gap.
        let findings = part.plan.header.findings.iter();
        let findings = findings.filter(|finding| finding.kind != FindingKind::Unused);
        let findings: Vec<_> =
            findings.filter(|finding| told.insert(finding.text.clone())).collect();
        rows.extend(findings.into_iter().map(|finding| {
            let given = |value: &Option<String>| match value {
                Some(value) => html! { (shown(value)) },
                None => line(),
            };
            vec![
                html! { span.time { (part.name) } },
                html! { (shown(&finding.text)) },
                given(&finding.owner),
                given(&finding.due),
                html! { code { (shown(&format!("sim check {file}"))) } },
                tick(),
            ]
        }));
        rows.extend((0..EMPTY).map(|_| {
            let test = format!("sim compare {file} --trials 200 --set ");
            vec![
                html! { span.time { (part.name) } },
                html! { br; br; },
                line(),
                line(),
                html! { code { (shown(&test)) } " " span.line {} },
                tick(),
            ]
        }));
    }
    let columns = ["Exercise", "What is to be changed", "Owner", "Due", "Tested again by", "Done"];
    html! {
        p { "What the plans leave open is already listed. What is kept in the room ("
            code { "keep, owner WHO, due DAY" } ") is in " code { "improvement-plan.csv" }
            " of its folder, with its command." }
        (table("Improvement plan", &columns, rows))
    }
}
