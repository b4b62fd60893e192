//! A log that is judged, and the report at the end.

use super::arguments::JudgeArguments;
use crate::cli::shared::files::Folder;
use crate::cli::shared::following::JudgeSession;
use crate::cli::shared::provenance::{self, RUN};
use crate::cli::shared::{Exit, terminal};
use crate::judge::{Judgement, LogReadings, Subject};
use crate::report;
use crate::scenario::{InputFile, MadeBy, Plan};
use crate::units::{Span, Time};
use std::cell::OnceCell;
use std::io;
use std::path::Path;

/// Sums up what was judged of a log.
pub(super) fn finish<'s>(
    (arguments, files): (&JudgeArguments, &[InputFile]),
    mut session: JudgeSession<'_, 's>,
    subject: &'s OnceCell<Subject>,
    source: &str,
) -> Exit {
    let Some(mut judge) = session.judge.take() else {
        let every = session.plan.telemetry.every;
        let hint = "use a longer log, or shorter intervals with --set telemetry.every=1s";
        terminal::error(&format!("the log does not cover one interval of {every}"), hint);
        return Exit::NotJudgeable;
    };
    judge.finish(session.reached);
    let mut subject = subject.get().expect("there is a judge").clone();
    subject.notes.extend(left_out(&session.readings));
    subject.notes.extend(session.readings.zone_that_fits_better().map(|zone| {
        format!(
            "Times in the log have no zone; read as {zone} they would match the scenario's hours: \
             --zone {zone}."
        )
    }));
    let judgement = judge.judgement();
    subject.notes.extend(ends_early(session.plan, &subject, &judgement));
    report_judgement((arguments, files), &subject, &judgement, source)
}

/// Says so where the log ends well before the scenario of the same day does: what was pending then
/// was not judged to its end.
fn ends_early(plan: &Plan, subject: &Subject, judgement: &Judgement) -> Option<String> {
    let (_, ended) = judgement.seen?;
    let end = plan.calendar.at(Time::ZERO + plan.lasts);
    let begun = subject.calendar.starts();
    let end = subject.calendar.time_of(&end).filter(|_| *begun >= *plan.calendar.starts())?;
    let early = end.since(ended);
    (ended < end && early >= Span::MINUTE * 2).then(|| {
        let clock = subject.calendar.at(ended).strftime("%H:%M:%S %Z");
        format!(
            "The log ends at {clock}, {early} before the scenario does: anything later is \
                 not judged."
        )
    })
}

/// Requests that were not counted everywhere, in sentences.
fn left_out(readings: &LogReadings) -> Vec<String> {
    let (late, unrouted) = readings.left_out();
    let requests = readings.requests();
    let mut notes = Vec::new();
    if late > 0 {
        notes.push(format!("{late} requests of {requests} came too late for their interval."));
    }
    if readings.not_judged() > 0 {
        let n = readings.not_judged();
        notes.push(format!("{n} readings were not judged: lines of the log may have been lost."));
    }
    if unrouted > 0 {
        notes.push(format!(
            "{unrouted} requests of {requests} match no endpoint and count only for the whole \
             site; `logs: {{routes: …}}` in the scenario maps them."
        ));
    }
    notes
}

/// Prints and writes the judgement.
pub(super) fn report_judgement(
    (arguments, files): (&JudgeArguments, &[InputFile]),
    subject: &Subject,
    judgement: &Judgement,
    source: &str,
) -> Exit {
    if !arguments.quiet {
        let text = match (arguments.json, arguments.csv) {
            (true, _) => report::judge_json(subject, judgement, source),
            (_, true) => report::judge_csv(subject, judgement),
            _ => report::judge_summary(subject, judgement, source, terminal::style()),
        };
        terminal::print(&text);
    }
    if let Some(out) = &arguments.out {
        match save(out, subject, judgement, &arguments.made_by(files)) {
            Ok(folder) if !(arguments.quiet || arguments.json || arguments.csv) => {
                let folder = folder.path().display().to_string();
                terminal::print(&format!("\nFiles   {}/\n", report::for_terminal(&folder, 2_000)));
            }
            Ok(_) => {}
            Err(error) => {
                terminal::cannot_write(out, &error);
                return Exit::Broke;
            }
        }
    }
    match (judgement.judged_anything(), judgement.fired()) {
        (false, _) => Exit::NotJudgeable,
        (true, true) => Exit::Missed,
        (true, false) => Exit::Met,
    }
}

fn save(
    out: &Path,
    subject: &Subject,
    judgement: &Judgement,
    made_by: &MadeBy,
) -> io::Result<Folder> {
    let id = report::judge_id(subject, judgement);
    // The last of them has a row whatever happened.
    let mut names = report::JUDGE_FILES.to_vec();
    names.push(RUN);
    names.reverse();
    let folder = Folder::claim_table(out, &names, &[(0, &id)])?;
    let mut files = folder.batch();
    for name in report::JUDGE_FILES {
        report::write_judge(subject, judgement, name, files.open(name)?)?;
    }
    files.publish()?;
    provenance::keep(&folder, made_by)?;
    Ok(folder)
}
