//! The log of a night: judged as it grows.

use super::arguments::NightArguments;
use crate::cli::shared::following::{FollowState, PollCallbacks, options_for};
use crate::cli::shared::tail::Tail;
use crate::cli::shared::{Exit, terminal};
use crate::decision::{AlertState, Output};
use crate::judge::{Acting, Subject};
use crate::logs::{LogReadOptions, Moment};
use crate::night::FollowedLog;
use crate::scenario::Plan;
use crate::units::{Calendar, Time};
use std::cell::OnceCell;
use std::path::Path;
use std::time::{Duration, Instant};

/// How often the log is polled. A choice: far more often than readings come.
const POLL_INTERVAL: Duration = Duration::from_millis(500);
/// The longest that one poll may take before input is handled. A choice: double would be felt while
/// typing.
const PATIENCE: Duration = Duration::from_millis(200);

/// How the log is read. What is wrong has been told.
pub(super) fn options(arguments: &NightArguments, plan: &Plan) -> Result<LogReadOptions, Exit> {
    let zone = plan.calendar.zone().clone();
    let options = arguments.reading.options(zone, &plan.logs).map_err(|message| {
        terminal::error(&message, "");
        Exit::Wrong
    })?;
    Ok(options_for(options))
}

/// The log, open; `None`: there is none. What is wrong has been told.
pub(super) fn opened(path: Option<&Path>) -> Result<Option<Tail<'_>>, Exit> {
    let Some(path) = path else { return Ok(None) };
    Tail::opened(path).map(Some)
}

/// Something that a look has found.
#[derive(Default)]
pub(super) struct LogEvent {
    /// A message to show.
    pub(super) said: Option<String>,
    /// To be entered, as if it had been typed.
    pub(super) line: Option<String>,
}

/// A log that is followed.
pub(super) struct Follow<'p, 't> {
    state: FollowState<'p, 't>,
    tail: &'t mut Tail<'p>,
    subject: &'t OnceCell<Subject>,
    pub(super) watched: FollowedLog,
    /// How many outputs have been reported.
    told: usize,
    looked: Option<Instant>,
    name: String,
    broken: bool,
}

impl<'p, 't> Follow<'p, 't> {
    /// Nothing has been read yet.
    pub(super) fn new(
        plan: &'p Plan,
        path: &Path,
        tail: &'t mut Tail<'p>,
        options: LogReadOptions,
        subject: &'t OnceCell<Subject>,
    ) -> Follow<'p, 't> {
        // Nobody is asked and no change is made: the people on the night do that.
        let state = FollowState::new(plan, options, Acting::Recorded);
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let (watched, told, looked, broken) = (FollowedLog::default(), 0, None, false);
        Follow { state, tail, subject, watched, told, looked, name, broken }
    }

    /// Reads what has arrived, if a poll is due.
    pub(super) fn poll_if_due(&mut self, calendar: &Calendar, now: Time) -> Vec<LogEvent> {
        if self.broken || self.looked.is_some_and(|looked| looked.elapsed() < POLL_INTERVAL) {
            return Vec::new();
        }
        let began = Instant::now();
        let mut news = Vec::new();
        let watched = &mut self.watched;
        let moment =
            |at: Moment| calendar.time_of(&at.timestamp().to_zoned(calendar.zone().clone()));
        let mut heard = PollCallbacks {
            stop: &|| began.elapsed() > PATIENCE,
            request: &mut |request| {
                watched.request(moment(request.at), request.status, request.address.as_deref());
            },
            say: &mut |text, _| news.push(LogEvent { said: Some(text.to_string()), line: None }),
        };
        let looked = self.state.poll(self.tail, self.subject, &mut heard);
        if let Err(error) = looked {
            self.broken = true;
            self.watched.breaks(error.to_string());
        }
        // What is left is read at once.
        self.looked = (began.elapsed() <= PATIENCE).then(Instant::now);
        let readings = &self.state.session.readings;
        self.watched.count(readings.requests(), readings.left_out().1);
        self.rules(calendar, now, &mut news);
        news
    }

    /// The moves of rules since the last look.
    fn rules(&mut self, calendar: &Calendar, now: Time, news: &mut Vec<LogEvent>) {
        let Some(judge) = &self.state.session.judge else { return };
        let subject = judge.subject();
        // The log's own clock begins with its first request.
        let moment = |at: Time| calendar.time_of(&subject.calendar.at(at));
        for (_, output) in &judge.outputs()[self.told..] {
            let Output::Alert(alert) = output else { continue };
            // The clock of whoever writes the log may be ahead.
            let Some(at) = moment(alert.at).map(|at| at.min(now)) else { continue };
            let name = &subject.names.rules[alert.rule.index()];
            match alert.state {
                AlertState::Firing => {
                    self.watched.rule(alert.rule, at, true);
                    let clock = calendar.clock(at);
                    let line = format!("at {clock} alert {name} (seen in {})", self.name);
                    news.push(LogEvent { said: None, line: Some(line) });
                }
                AlertState::Resolved => {
                    self.watched.rule(alert.rule, at, false);
                    let text = format!("{}  {name} has resolved, says the log", calendar.clock(at));
                    news.push(LogEvent { said: Some(text), line: None });
                }
                _ => {}
            }
        }
        self.told = judge.outputs().len();
    }
}
