//! A yes that was given before the day: nobody is asked, it is said who gave it, and it is worth
//! minutes.

use crate::live::{DAY, sim};
use crate::support::{plan, play, run};
use sim::campaign::{Players, WhatIfSession, WorkerPool};
use sim::journal::{Event, PlayStep};
use sim::night::{BoardInputs, Card, NightBoard, Scribe};
use sim::report::{Style, night_board, night_card};
use sim::scenario::{self, SourceText};
use sim::units::{Span, Time};
use std::fs;
use tempfile::TempDir;

const PATH: &str = "plays.rollback.steps.ask.approved";
const GIVEN: &str = "{by: chris, given: 5 November, changes: [proxy-update]}";

/// Whether chris was asked for a yes, and what was said in the journal that decided.
fn decided(set: &[(&str, &str)]) -> (bool, Option<String>) {
    let day = run(DAY, set);
    let asked = day.asked().iter().any(|(who, ..)| *who == "chris");
    let said = day.entries.iter().find_map(|entry| match &entry.event {
        Event::Play { step: PlayStep::Decided, actor, text, .. } => {
            assert_eq!(actor.as_deref(), Some("chris"));
            Some(text.clone())
        }
        _ => None,
    });
    (asked, said)
}

#[test]
fn nobody_is_asked_for_what_was_approved_before_and_the_journal_says_so() {
    let before = Some("approved in advance".to_string());
    assert_eq!(decided(&[]), (true, Some("go ahead".to_string())));
    assert_eq!(decided(&[(PATH, "chris")]), (false, before));
    let made = DAY.replace("{proxy-update: 60%, proxy-rebuild: 40%}", "{proxy-rebuild: 100%}");
    for day in [run(DAY, &[(PATH, "chris")]), run(&made, &[(PATH, "chris")])] {
        let attempt = day.attempts()[0].clone();
        assert_eq!(attempt.reached.decided_at, attempt.reached.chosen_at, "no time is lost");
        assert_eq!(attempt.decider.as_deref(), Some("chris"));
    }
}

#[test]
fn where_it_is_for_another_change_it_is_asked_as_before() {
    // Day for day: what is not covered goes as if nothing had been approved.
    let (as_it_is, approved) = (plan(DAY, &[]), plan(DAY, &[(PATH, GIVEN)]));
    let mut covered = [0, 0];
    for trial in 0..12 {
        let [before, after] = [&as_it_is, &approved].map(|plan| play(plan, trial));
        let [before, after] = [&before, &after].map(|day| day.attempts()[0].clone());
        assert_eq!(before.change, after.change, "trial {trial}");
        match after.change.as_deref() {
            Some("proxy-update") => {
                assert_eq!(after.reached.decided_at, after.reached.chosen_at, "{trial}")
            }
            _ => assert_eq!(before.reached.decided_at, after.reached.decided_at, "trial {trial}"),
        }
        covered[usize::from(after.change.as_deref() == Some("proxy-update"))] += 1;
    }
    assert!(covered.iter().all(|days| *days > 0), "{covered:?}");
}

#[test]
fn what_if_says_the_minutes_that_it_is_worth() {
    let source = SourceText::file("day.yaml", DAY);
    let plan = scenario::load(&source, &[]).expect("a plan").plan;
    let mut floor = WhatIfSession::new(&plan, &source, &[], plan.seed);
    let workers = WorkerPool::new(2).expect("threads");
    let players = Players { workers: &workers, stop: &|| false, done: &|| {} };
    let asked = vec![(PATH.to_string(), "chris".to_string())];
    let found = floor.ask(&asked, 24, &players).expect("it is a plan").expect("pairs");
    let moves = found.median_shift.expect("users are well again both ways");
    assert!(moves < -30.0, "{found:?}");
    assert!(found.all_lost()[1] <= found.all_lost()[0], "{found:?}");
}

#[test]
fn explain_card_and_board_name_who_has_approved() {
    let told = |value: &str| {
        let sets = [(PATH.to_string(), value.to_string())];
        let told = scenario::explain(&SourceText::file("day.yaml", DAY), &sets).expect("a plan");
        serde_json::to_string(&told.plays).expect("json")
    };
    let text = told("chris");
    assert!(text.contains("nobody is asked for approval: approved in advance by chris"), "{text}");
    let day = plan(DAY, &[(PATH, GIVEN)]);
    let text = told(GIVEN);
    let told = "approved in advance by chris (5 November) for proxy-update";
    assert!(text.contains(told), "{text}");
    let card = Card::from_plan(&day);
    let given = Some(("chris".to_string(), Some("5 November".to_string())));
    assert_eq!(card.rows[0].approved, given);
    let page = night_card(&card);
    assert!(page.contains("approved in advance by <strong>chris</strong> (5 November)"), "{page}");
    let mut scribe = Scribe::new(&day, day.calendar.clone());
    let lines = ["alert Errors", "ack wyatt", "declare", "choose proxy-update"];
    for (second, line) in lines.iter().enumerate() {
        let at = Time::ZERO + Span::from_secs(130 + second as u64);
        scribe.replay(at, line).unwrap_or_else(|why| panic!("{line}: {why}"));
    }
    let shown = BoardInputs { close: Time::ZERO + day.lasts, rehearsed: None, watched: None };
    let board = NightBoard::new(&scribe, Time::ZERO + Span::from_secs(140), shown);
    let text = night_board(&board, Style { color: false, width: 100 });
    for words in [
        "step 5 of 5: make proxy-update; approved, and not started",
        "approved   in advance by chris (5 November): nobody needs to be asked",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn a_play_that_names_its_change_asks_nobody_on_the_board_either() {
    let named = DAY
        .replace("      - {triage: 30s..1m, among: {proxy-update: 60%, proxy-rebuild: 40%}}\n", "")
        .replace("- change chosen", "- change proxy-update");
    let given = [(PATH, GIVEN)];
    let board = |set: &[(&str, &str)]| {
        let day = plan(&named, set);
        let mut scribe = Scribe::new(&day, day.calendar.clone());
        let lines = ["alert Errors", "ack wyatt", "declare"];
        let boards = lines.iter().enumerate().map(|(second, line)| {
            let at = Time::ZERO + Span::from_secs(130 + second as u64);
            scribe.replay(at, line).unwrap_or_else(|why| panic!("{line}: {why}"));
            let close = Time::ZERO + day.lasts;
            let shown = BoardInputs { close, rehearsed: None, watched: None };
            let board = NightBoard::new(&scribe, at, shown);
            night_board(&board, Style { color: false, width: 100 })
        });
        boards.collect::<Vec<_>>()
    };
    let covered = board(&given);
    assert!(covered[0].contains("step 1 of 4: page until somebody takes it"), "{}", covered[0]);
    assert!(covered[2].contains("step 4 of 4: make proxy-update"), "{}", covered[2]);
    assert!(covered[2].contains("in advance by chris (5 November)"), "{}", covered[2]);
    let asks = board(&[]);
    assert!(asks[2].contains("step 3 of 4: ask decider for approval"), "{}", asks[2]);
    assert!(!asks[2].contains("in advance"), "{}", asks[2]);
    // As the simulated day has it.
    let asked =
        |set: &[(&str, &str)]| run(&named, set).asked().iter().any(|(who, ..)| *who == "chris");
    assert!(!asked(&given) && asked(&[]));
}

#[test]
fn it_can_be_set_where_the_step_is_a_word_and_the_decider_is_still_needed() {
    let word = DAY.replace("{ask: decider, by: [slack, phone], within: 4m}", "ask decider");
    let day = run(&word, &[(PATH, "chris")]);
    assert!(day.lines().contains("approved in advance"));
    let found = format!("{:?}", plan(&word, &[(PATH, "chris")]).findings);
    assert!(!found.contains("needs the role"), "{found}");
}

#[test]
fn nobody_needs_a_deputy_for_what_is_approved() {
    let lonely = |set: &[(&str, &str)]| {
        let found = plan(DAY, set).findings;
        found.iter().any(|one| format!("{one:?}").contains("without a deputy"))
    };
    assert!(lonely(&[]) && lonely(&[(PATH, GIVEN)]) && !lonely(&[(PATH, "chris")]));
}

#[test]
fn the_outbrief_of_a_run_says_it() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("day.yaml"), DAY).expect("written");
    let set = format!("{PATH}=chris");
    let run = ["run", "day.yaml", "--trials", "1", "--out", "r", "-q", "--set", &set];
    sim(folder.path()).args(run).output().expect("it ran");
    let page = fs::read_to_string(folder.path().join("r/outbrief.html")).expect("a page");
    assert!(page.contains("approved in advance"));
    let table = fs::read_to_string(folder.path().join("r/timeline.csv")).expect("a table");
    assert!(table.contains("approved in advance"), "{table}");
}
