//! The days of a tuning: played, or read from logs of quiet ones.

use super::TuneArguments;
use super::arguments::{TuningStopped, refuse};
use crate::campaign::ShardKind;
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::shards::ShardRun;
use crate::cli::shared::{Exit, log_options, terminal};
use crate::gameday::Trial;
use crate::judge::LogReadings;
use crate::logs::{self, LogItem};
use crate::names::FaultId;
use crate::scenario::Plan;
use crate::tune::{
    DayOf, JudgedDay, JudgedDays, Judges, KeptDay, ReadingSelection, TuneIdentity, quiet_plan,
    troubled_plan,
};
use crate::units::Span;
use std::io;
use std::ops::Range;

/// The plans of the days, and what is kept of a reading.
pub(super) struct TuningDays<'a> {
    arguments: &'a TuneArguments,
    /// With a value in every place that is open.
    plan: &'a Plan,
    wanted: &'a ReadingSelection,
    quiet: Plan,
    troubled: Vec<(String, Plan)>,
    /// What the logs of quiet days say, once they have been read.
    log: Option<KeptDay>,
}

impl<'a> TuningDays<'a> {
    /// Before anything is played. A plan without a fault to detect is refused.
    pub(super) fn new(
        arguments: &'a TuneArguments,
        plan: &'a Plan,
        wanted: &'a ReadingSelection,
    ) -> Result<TuningDays<'a>, TuningStopped> {
        let troubled = |fault: FaultId| {
            let name = plan.names.faults[fault.index()].clone();
            Some((name, troubled_plan(plan, fault)?))
        };
        let faults = (0..plan.faults.len()).map(FaultId::from);
        let troubled: Vec<(String, Plan)> = faults.filter_map(troubled).collect();
        if troubled.is_empty() {
            return Err(no_fault());
        }
        Ok(TuningDays { arguments, plan, wanted, quiet: quiet_plan(plan), troubled, log: None })
    }

    /// The names of the faults.
    pub(super) fn faults(&self) -> Vec<String> {
        self.troubled.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Reads the logs of quiet days if there are some and these days are among those asked for.
    pub(super) fn read(&mut self, asked: &Range<u64>) -> Result<(), TuningStopped> {
        if !self.arguments.logs.is_empty() && asked.contains(&0) {
            self.log = Some(quiet_log(self.arguments, self.plan, self.wanted)?);
        }
        Ok(())
    }

    /// Plays days and judges each by every candidate.
    pub(super) fn play(
        &self,
        identity: &TuneIdentity,
        mut playing: ShardRun<JudgedDays>,
    ) -> io::Result<Vec<JudgedDay>> {
        if self.log.is_some() {
            // The log may have grown since.
            playing.known.retain(|day| JudgedDays::trial(day) != 0);
        }
        let judges = Judges::new(identity, &self.plan.names, self.wanted);
        let count = playing.trials.end - playing.trials.start;
        let bar = terminal::progress_of_trials(count, self.arguments.effort.quiet);
        bar.inc(playing.known.len() as u64);
        let rows =
            playing.rows(self.arguments.effort.threads(), &|_| bar.inc(1), &|trial, stop| {
                let (plan, number) = match (identity.day(trial)?, &self.log) {
                    (DayOf::Quiet(_), Some(log)) => return Some(judges.judge(trial, log)),
                    (DayOf::Quiet(number), None) => (&self.quiet, number),
                    (DayOf::Fault(fault, number), _) => (&self.troubled[fault].1, number),
                };
                let drawn = Trial { seed: identity.seed, number };
                Some(judges.judge(trial, &KeptDay::play(plan, drawn, self.wanted, stop)?))
            });
        bar.finish_and_clear();
        rows
    }
}

/// There is nothing to detect.
pub(super) fn no_fault() -> TuningStopped {
    let hint = "add `faults:` that hit the site, or tune with a scenario that has some";
    refuse("the scenario has no fault to detect", hint)
}

/// The readings of real quiet days.
fn quiet_log(
    arguments: &TuneArguments,
    plan: &Plan,
    wanted: &ReadingSelection,
) -> Result<KeptDay, TuningStopped> {
    Interrupt::at_once("the days already run are saved");
    let zone = plan.calendar.zone().clone();
    let options = arguments.reading.options(zone, &plan.logs);
    let options = options.map_err(|message| refuse(&message, ""))?;
    let mut readings = LogReadings::new(plan, plan.log_mapping());
    readings = readings.with_limits(wanted.limits());
    let mut day = KeptDay::empty();
    let delay = plan.telemetry.delay;
    let mut keep = |readings: &mut LogReadings| {
        while let Some(reading) = readings.next_reading() {
            day.add(wanted, reading.to + delay, &reading, Span::ZERO);
        }
    };
    let sources = log_options::sources(&arguments.logs);
    let sources = sources.map_err(|message| refuse(&message, "check the path"))?;
    let read = logs::read(&sources, &options, &mut |step| match step {
        LogItem::Request(request) => readings.count(request),
        LogItem::Complete(until) => {
            readings.complete(until);
            keep(&mut readings);
        }
    });
    let counts = read.map_err(|error| {
        log_options::refuse(&error);
        Exit::Wrong
    })?;
    if !arguments.effort.quiet {
        log_options::report_counts(&counts);
    }
    if let Some((_, last)) = counts.span() {
        readings.complete(last);
        keep(&mut readings);
    }
    let knowledge = readings.knowledge();
    for scope in &wanted.scopes {
        if let Err(unknown) = knowledge.judges(*scope, wanted.looks_at_latency()) {
            let message = format!("the quiet log cannot be judged: {}", unknown.words());
            terminal::error(&message, "tune on simulated days, or with a log that has it");
            return Err(Exit::NotJudgeable);
        }
    }
    Ok(day)
}
