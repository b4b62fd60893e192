//! Judges a log while it grows.

use super::tail::{Tail, TailRead};
use crate::judge::{Acting, Judge, LogReadings, Subject};
use crate::logs::{Feed, LogReadOptions, Moment, Request};
use crate::report;
use crate::scenario::Plan;
use crate::units::{Span, Time};
use jiff::Timestamp;
use std::cell::OnceCell;
use std::io;

/// A log whose newest request is no older than this is being written now: from then on the wall
/// clock says which intervals are over, and silence means no traffic. A choice: with less, a quiet
/// site would not count as live; with more, an old log would.
const LIVE: Span = Span::from_secs(600);
/// How far behind the newest line a line may be, unless somebody says otherwise. A choice: alerts
/// come later by as much, and what is later still is not counted.
const DISORDER: Span = Span::from_secs(10);
/// How much is read at a time.
const PIECE: usize = 1 << 16;

/// How a log is read that is judged as it happens: it cannot wait for all that may still come.
pub(in crate::cli) fn options_for(options: LogReadOptions) -> LogReadOptions {
    let disorder = options.disorder.or(Some(DISORDER));
    LogReadOptions { disorder, ..options }
}

/// A log being judged; the subject is known with the first reading.
pub(in crate::cli) struct JudgeSession<'p, 's> {
    pub(in crate::cli) plan: &'p Plan,
    pub(in crate::cli) readings: LogReadings<'p>,
    pub(in crate::cli) judge: Option<Judge<'s>>,
    /// When the last reading was known.
    pub(in crate::cli) reached: Time,
    acting: Acting,
}

impl<'p, 's> JudgeSession<'p, 's> {
    /// Nothing is judged yet.
    pub(in crate::cli) fn new(plan: &'p Plan, acting: Acting) -> Self {
        let readings = LogReadings::new(plan, plan.log_mapping());
        JudgeSession { plan, readings, judge: None, reached: Time::ZERO, acting }
    }

    /// Judges the intervals that are complete.
    pub(in crate::cli) fn judge(&mut self, subject: &'s OnceCell<Subject>) {
        while let Some(reading) = self.readings.next_reading() {
            let known = || self.readings.subject().expect("there is a reading");
            let acting = self.acting;
            let judge =
                self.judge.get_or_insert_with(|| Judge::new(subject.get_or_init(known), acting));
            self.reached = reading.to + self.plan.telemetry.delay;
            judge.observe(self.reached, &reading);
        }
    }
}

/// The callbacks of one poll of a log.
pub(in crate::cli) struct PollCallbacks<'h> {
    /// Whether to stop early, for something more urgent.
    pub(in crate::cli) stop: &'h dyn Fn() -> bool,
    /// Every request that was read.
    pub(in crate::cli) request: &'h mut dyn FnMut(&Request<'_>),
    /// A message, and whether it must be shown even with `--quiet`.
    pub(in crate::cli) say: &'h mut dyn FnMut(&str, bool),
}

/// A log and what has been made of it.
pub(in crate::cli) struct FollowState<'p, 's> {
    pub(in crate::cli) session: JudgeSession<'p, 's>,
    feed: Feed,
    live: bool,
    /// The last request before lines may have been lost, and why.
    lost_since: Option<(Moment, &'static str)>,
}

impl<'p, 's> FollowState<'p, 's> {
    /// Nothing has been read yet.
    pub(in crate::cli) fn new(plan: &'p Plan, options: LogReadOptions, acting: Acting) -> Self {
        let (session, feed) = (JudgeSession::new(plan, acting), Feed::new(options));
        FollowState { session, feed, live: false, lost_since: None }
    }

    /// Reads what has come, and judges what is complete.
    pub(in crate::cli) fn poll(
        &mut self,
        tail: &mut Tail,
        subject: &'s OnceCell<Subject>,
        heard: &mut PollCallbacks,
    ) -> io::Result<()> {
        let mut piece = vec![0; PIECE];
        loop {
            let read = match tail.read(&mut piece)? {
                TailRead::Bytes(read) => read,
                TailRead::Broken(why) => {
                    self.broken(why);
                    continue;
                }
                TailRead::Unreadable(why) => {
                    (heard.say)(&report::for_terminal(&why, 2_000), true);
                    0
                }
            };
            self.feed.push(&piece[..read]);
            if read == 0 {
                self.feed.settle();
            }
            self.step(subject, heard);
            if read == 0 || (heard.stop)() {
                break;
            }
        }
        let now = Moment::from_timestamp(Timestamp::now());
        self.live |= self.feed.newest() != Moment::MIN && now.since(self.feed.newest()) <= LIVE;
        if self.live {
            let disorder = self.feed.options().disorder.unwrap_or_default();
            self.session.readings.complete(now.minus(disorder));
        }
        self.session.judge(subject);
        Ok(())
    }

    /// What was written between the last line and the next one may be lost.
    fn broken(&mut self, why: &'static str) {
        if self.feed.newest() != Moment::MIN && self.lost_since.is_none() {
            self.lost_since = Some((self.feed.newest(), why));
        }
    }

    fn step(&mut self, subject: &'s OnceCell<Subject>, heard: &mut PollCallbacks) {
        let readings = &mut self.session.readings;
        let lost_since = &mut self.lost_since;
        while self.feed.step(&mut |request| {
            if let Some((since, why)) = lost_since.take()
                && let Some(gap) = readings.mark_lost(since, request.at)
            {
                (heard.say)(&format!("{why}: a gap of {gap}"), false);
            }
            (heard.request)(request);
            readings.count(request);
        }) {}
        if self.feed.newest() != Moment::MIN {
            self.session.readings.complete(self.feed.complete_until());
        }
        self.session.judge(subject);
    }
}
