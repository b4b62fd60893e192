//! `sim judge --follow`: a log that grows, on launch night.

use super::arguments::JudgeArguments;
use super::session::finish;
use crate::cli::shared::following::{FollowState, JudgeSession, PollCallbacks, options_for};
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::tail::Tail;
use crate::cli::shared::{Exit, terminal};
use crate::decision::{Output, PlayEvent};
use crate::judge::{Acting, Subject};
use crate::logs::LogReadOptions;
use crate::report;
use crate::scenario::{InputFile, Plan};
use crate::units::Time;
use std::cell::OnceCell;
use std::time::{Duration, Instant};

/// How often the log is polled. A choice: far more often than readings come.
const POLL_INTERVAL: Duration = Duration::from_millis(500);
/// Follows one log until Ctrl-C, then sums up.
pub(in crate::cli) fn run(
    (arguments, files): (&JudgeArguments, &[InputFile]),
    plan: &Plan,
    options: LogReadOptions,
) -> Exit {
    let options = options_for(options);
    let [path] = &arguments.logs[..] else {
        terminal::error(
            "--follow watches one log",
            "merge the others into it, or judge them later",
        );
        return Exit::Wrong;
    };
    if path.as_os_str() == "-" {
        let hint = "name the file; standard input is judged as it comes without --follow";
        terminal::error("--follow needs a file", hint);
        return Exit::Wrong;
    }
    let mut tail = match Tail::opened(path) {
        Ok(tail) => tail,
        Err(exit) => return exit,
    };
    let subject = OnceCell::new();
    let mut state = FollowState::new(plan, options, Acting::ByPlan);
    let interrupt = Interrupt::listen();
    let quiet = arguments.quiet;
    let mut told = 0;
    let mut heard = PollCallbacks {
        stop: &|| interrupt.wanted(),
        request: &mut |_| {},
        say: &mut |text, always| {
            if always || !quiet {
                terminal::print_to_stderr(&format!("{text}\n"));
            }
        },
    };
    let failed = loop {
        if let Err(error) = state.poll(&mut tail, &subject, &mut heard) {
            break Some(error);
        }
        if !quiet {
            print_moves(&state.session, &mut told);
        }
        let looked = Instant::now();
        while !interrupt.wanted() && looked.elapsed() < POLL_INTERVAL {
            std::thread::sleep(POLL_INTERVAL / 20);
        }
        if interrupt.wanted() {
            break None;
        }
    };
    if let Some(error) = &failed {
        let message = format!("cannot read {} further: {error}", path.display());
        terminal::error(&message, "everything before that is judged below");
    }
    let name = format!("Log {}", path.display());
    let exit = finish((arguments, files), state.session, &subject, &name);
    match (failed, exit) {
        (Some(_), _) => Exit::Broke,
        (None, Exit::Broke) => Exit::Broke,
        (None, _) => Exit::Interrupted,
    }
}

/// Says every move of a rule, and what the plan would have done by now.
fn print_moves(session: &JudgeSession, told: &mut usize) {
    let Some(judge) = &session.judge else { return };
    let subject = judge.subject();
    for (at, output) in &judge.outputs()[*told..] {
        match output {
            Output::Alert(alert) => {
                let text = report::judge_moment(subject, *at, alert, terminal::style());
                terminal::print(&text);
            }
            Output::Play(event) => {
                if let Some(words) = words(subject, event) {
                    line(subject, *at, &words);
                }
            }
            Output::Order(_) => {}
        }
    }
    *told = judge.outputs().len();
}

fn words(subject: &Subject, event: &PlayEvent) -> Option<String> {
    let names = &subject.names;
    match event {
        PlayEvent::PlayOpened { play, cause, .. } => {
            Some(format!("{} opens: {cause}", names.plays[play.index()]))
        }
        PlayEvent::Chosen { change, .. } => {
            Some(format!("per the plan, {} has been chosen by now", names.changes[change.index()]))
        }
        PlayEvent::Decided { person, in_advance: true, .. } => {
            Some(format!("{} has approved it in advance", names.people[person.index()]))
        }
        PlayEvent::Decided { person, .. } => {
            Some(format!("per the plan, {} has said yes by now", names.people[person.index()]))
        }
        PlayEvent::Recovered { .. } => Some("back to normal".to_string()),
        _ => None,
    }
}

fn line(subject: &Subject, at: Time, words: &str) {
    let words = report::for_terminal(words, 68);
    terminal::print(&format!("  {}  {words}\n", subject.calendar.clock(at)));
}
