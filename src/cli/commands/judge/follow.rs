//! `sim judge --follow`: a log that grows, on launch night.

use super::arguments::JudgeArguments;
use super::session::{JudgeSession, finish};
use super::tail::{Read, Tail};
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::{Exit, terminal};
use crate::decision::{Output, PlayEvent};
use crate::judge::Subject;
use crate::logs::{Feed, Moment, Options};
use crate::report;
use crate::scenario::{InputFile, Plan};
use crate::units::{Span, Time};
use jiff::Timestamp;
use std::cell::OnceCell;
use std::io;
use std::time::{Duration, Instant};

/// How often the log is looked at.
const LOOK: Duration = Duration::from_millis(500);
/// A log whose newest request is no older than this is being written now: from then on the wall
/// clock says which intervals are over, and silence means no traffic.
const LIVE: Span = Span::from_secs(600);
/// How far behind the newest line a line may be, unless somebody says otherwise.
const DISORDER: Span = Span::from_secs(10);
/// How much is read at a time.
const PIECE: usize = 1 << 16;

/// Follows one log until Ctrl-C, then sums up.
pub(in crate::cli) fn run(
    (arguments, files): (&JudgeArguments, &[InputFile]),
    plan: &Plan,
    options: Options,
) -> Exit {
    // What is judged as it happens cannot wait for all that may still come.
    let disorder = options.disorder.or(Some(DISORDER));
    let options = Options { disorder, ..options };
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
    let mut tail = match Tail::open(path) {
        Ok(tail) => tail,
        Err(error) => {
            let message = format!("cannot follow {}: {error}", path.display());
            terminal::error(&message, "name a plain log that is being written");
            return Exit::Wrong;
        }
    };
    let subject = OnceCell::new();
    let mut state = FollowState {
        session: JudgeSession::new(plan),
        feed: Feed::new(options),
        live: false,
        told: 0,
        quiet: arguments.quiet,
        lost_since: None,
    };
    let interrupt = Interrupt::listen();
    let failed = loop {
        if let Err(error) = state.look(&mut tail, &subject, &interrupt) {
            break Some(error);
        }
        let looked = Instant::now();
        while !interrupt.wanted() && looked.elapsed() < LOOK {
            std::thread::sleep(LOOK / 20);
        }
        if interrupt.wanted() {
            break None;
        }
    };
    if let Some(error) = &failed {
        let message = format!("cannot read {} further: {error}", path.display());
        terminal::error(&message, "what came before it is judged below");
    }
    let name = format!("Log {}", path.display());
    let exit = finish((arguments, files), state.session, &subject, &name);
    match (failed, exit) {
        (Some(_), _) => Exit::Broke,
        (None, Exit::Broke) => Exit::Broke,
        (None, _) => Exit::Interrupted,
    }
}

/// A log and what has been made of it.
struct FollowState<'p, 's> {
    session: JudgeSession<'p, 's>,
    feed: Feed,
    live: bool,
    /// As many outputs have been told.
    told: usize,
    quiet: bool,
    /// The last request before lines may have been lost, and why.
    lost_since: Option<(Moment, &'static str)>,
}

impl<'s> FollowState<'_, 's> {
    /// Reads what has come, judges what is complete, and tells what is new.
    fn look(
        &mut self,
        tail: &mut Tail,
        subject: &'s OnceCell<Subject>,
        interrupt: &Interrupt,
    ) -> io::Result<()> {
        let mut piece = vec![0; PIECE];
        loop {
            let read = match tail.read(&mut piece)? {
                Read::Bytes(read) => read,
                Read::Broken(why) => {
                    self.broken(why);
                    continue;
                }
                Read::Unreadable(why) => {
                    terminal::complain(&format!("{}\n", report::for_terminal(&why, 2_000)));
                    0
                }
            };
            self.feed.push(&piece[..read]);
            if read == 0 {
                self.feed.settle();
            }
            self.step(subject);
            if read == 0 || interrupt.wanted() {
                break;
            }
        }
        let now = Moment::of(Timestamp::now());
        self.live |= self.feed.newest() != Moment::MIN && now.since(self.feed.newest()) <= LIVE;
        if self.live {
            let disorder = self.feed.options().disorder.unwrap_or_default();
            self.session.readings.complete(now.minus(disorder));
        }
        self.session.judge(subject);
        self.tell();
        Ok(())
    }

    /// What was written between the last line and the next one may be lost.
    fn broken(&mut self, why: &'static str) {
        if self.feed.newest() != Moment::MIN && self.lost_since.is_none() {
            self.lost_since = Some((self.feed.newest(), why));
        }
    }

    fn step(&mut self, subject: &'s OnceCell<Subject>) {
        let readings = &mut self.session.readings;
        let lost_since = &mut self.lost_since;
        let quiet = self.quiet;
        while self.feed.step(&mut |request| {
            if let Some((since, why)) = lost_since.take()
                && let Some(gap) = readings.lose(since, request.at)
                && !quiet
            {
                terminal::complain(&format!("{why}: a gap of {gap}\n"));
            }
            readings.count(request);
        }) {}
        if self.feed.newest() != Moment::MIN {
            self.session.readings.complete(self.feed.complete_until());
        }
        self.session.judge(subject);
    }

    /// Says every move of a rule, and what the plan would have done by now.
    fn tell(&mut self) {
        let (Some(judge), false) = (&self.session.judge, self.quiet) else { return };
        let subject = judge.subject();
        for (at, output) in &judge.outputs()[self.told..] {
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
        self.told = judge.outputs().len();
    }
}

fn words(subject: &Subject, event: &PlayEvent) -> Option<String> {
    let names = &subject.names;
    match event {
        PlayEvent::PlayOpened { play, cause, .. } => {
            Some(format!("{} opens: {cause}", names.plays[play.index()]))
        }
        PlayEvent::Chosen { change, .. } => {
            Some(format!("by the plan: {} is chosen by now", names.changes[change.index()]))
        }
        PlayEvent::Decided { person, .. } => {
            Some(format!("by the plan: {} has said yes by now", names.people[person.index()]))
        }
        PlayEvent::Recovered { .. } => Some("all is well again".to_string()),
        _ => None,
    }
}

fn line(subject: &Subject, at: Time, words: &str) {
    let words = report::for_terminal(words, 68);
    terminal::print(&format!("  {}  {words}\n", subject.calendar.clock(at)));
}
