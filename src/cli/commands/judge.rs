//! `sim judge`: the scenario's rules applied to what really happened.

mod arguments;
mod follow;
mod session;

pub(in crate::cli) use arguments::JudgeArguments;

use crate::cli::shared::files::Folder;
use crate::cli::shared::following::JudgeSession;
use crate::cli::shared::loading::load_with_files;
use crate::cli::shared::log_options;
use crate::cli::shared::{Exit, terminal};
use crate::json_lines::Unreadable;
use crate::judge::{self, Acting, Judge, Recording, RecordingError, Subject};
use crate::logs::{self, LogCounts, LogItem, LogReadOptions};
use crate::scenario::{InputFile, Plan};
use session::{finish, report_judgement};
use std::cell::OnceCell;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &JudgeArguments) -> Exit {
    let loaded = load_with_files(&arguments.scenario, &arguments.set, true);
    let Ok((plan, files)) = loaded else { return Exit::Wrong };
    let with = (arguments, &files[..]);
    let recordings = arguments.logs.iter().filter(|path| holds_recording(path)).count();
    let recording = match (&arguments.readings, recordings) {
        (Some(path), _) => Some(path),
        (None, 0) => None,
        (None, _) if arguments.logs.len() == 1 && !arguments.follow => arguments.logs.first(),
        (None, _) => {
            let hint = "give one recording, or access logs";
            terminal::error("a recording is judged by itself, and does not grow", hint);
            return Exit::Wrong;
        }
    };
    if let Some(out) = &arguments.out
        && let Err(error) = Folder::probe(out)
    {
        terminal::cannot_write(out, &error);
        return Exit::Broke;
    }
    if let Some(path) = recording {
        return judge_recording(with, &plan, path);
    }
    let zone = plan.calendar.zone().clone();
    let options = match arguments.reading.options(zone, &plan.logs) {
        Ok(options) => options,
        Err(message) => {
            terminal::error(&message, "");
            return Exit::Wrong;
        }
    };
    if arguments.follow {
        follow::run(with, &plan, options)
    } else {
        judge_logs(with, &plan, &options)
    }
}

/// Whether a file begins as a recording does. One that cannot be read says so later.
fn holds_recording(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    let is_file = file.metadata().is_ok_and(|file| file.is_file());
    is_file && BufReader::new(file).fill_buf().is_ok_and(crate::judge::is_recording)
}

/// Judges a recording.
fn judge_recording(with: (&JudgeArguments, &[InputFile]), plan: &Plan, path: &Path) -> Exit {
    let shown = path.display().to_string();
    let opened = File::open(path).map_err(|error| judge::FORMAT.unopened(error).into());
    let opened = opened.and_then(|file| Recording::new(BufReader::new(file)));
    let opened = opened.and_then(|recording| {
        let (subject, same) = Subject::of_recording(plan, &recording)?;
        Ok((recording, subject, same))
    });
    let (mut recording, subject, same) = match opened {
        Ok(opened) => opened,
        Err(error) => {
            let hint = match &error {
                RecordingError::Misfit { hint, .. } => hint.as_str(),
                RecordingError::Read(error) => match error.problem {
                    Unreadable::Empty | Unreadable::Another => {
                        "make one with sim run SCENARIO --record FILE"
                    }
                    Unreadable::Version { .. } => "record the run again with this version",
                    _ => "",
                },
                RecordingError::Unfinished => "",
            };
            terminal::error(&format!("{shown}: {error}"), hint);
            return Exit::Wrong;
        }
    };
    let acting = if same { Acting::Recorded } else { Acting::ByPlan };
    let mut judge = Judge::new(&subject, acting);
    let damage = judge.take_all(&mut recording, &subject.positions).err();
    let exit = report_judgement(with, &subject, &judge.judgement(), &format!("Recording {shown}"));
    match damage {
        Some(error) => {
            terminal::error(&format!("{shown}: {error}"), "everything before that was judged");
            Exit::Broke
        }
        None => exit,
    }
}

/// Judges logs that are over.
fn judge_logs(
    with: (&JudgeArguments, &[InputFile]),
    plan: &Plan,
    options: &LogReadOptions,
) -> Exit {
    let (arguments, _) = with;
    let subject = OnceCell::new();
    let mut session = JudgeSession::new(plan, Acting::ByPlan);
    let sources = match log_options::sources(&arguments.logs) {
        Ok(sources) => sources,
        Err(message) => {
            terminal::error(&message, "check the path and its permissions");
            return Exit::Wrong;
        }
    };
    let read = logs::read(&sources, options, &mut |step| match step {
        LogItem::Request(request) => session.readings.count(request),
        LogItem::Complete(until) => {
            session.readings.complete(until);
            session.judge(&subject);
        }
    });
    let counts = match read {
        Ok(counts) => counts,
        Err(error) => {
            log_options::refuse(&error);
            return Exit::Wrong;
        }
    };
    if !arguments.quiet {
        log_options::report_counts(&counts);
    }
    if let Some((_, last)) = counts.span() {
        session.readings.complete(last);
        session.judge(&subject);
    }
    let ((late, _), of) = (session.readings.left_out(), session.readings.requests());
    if late as f64 > options.max_bad.0 * of as f64 {
        let message = format!(
            "{late} requests of {of} came after their interval had been judged, more than {}",
            options.max_bad
        );
        let hint = "name each log as a separate argument, so that they are merged by time; \
                    allow more with --disorder, or judge a part with --since and --until";
        terminal::error(&message, hint);
        return Exit::Wrong;
    }
    finish(with, session, &subject, &source(&counts))
}

fn source(counts: &LogCounts) -> String {
    match &counts.files[..] {
        [(name, _)] => format!("Log {name}"),
        files => format!("{} logs", files.len()),
    }
}
