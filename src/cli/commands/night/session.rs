//! The scribe's table: the clock, what is typed, and the board.

use super::begin::StartedNight;
use super::log::{Follow, LogEvent};
use crate::cli::shared::files::Folder;
use crate::cli::shared::interrupt::{Interrupt, Signal};
use crate::cli::shared::line_log::Log;
use crate::cli::shared::terminal;
use crate::cli::shared::typing::{InputChannel, UserInput as Keyed};
use crate::night::{
    BoardInputs, HELP, Jump, NightBoard, NightClock, NightEntry, RehearsedTimes, Scribe, TypedLine,
};
use crate::rehearsal::{RecordLine, RecordedEvent, TypedCommand, without_last};
use crate::report::{for_terminal, night_board, wrapped};
use crate::scenario::Plan;
use crate::units::{Span, Time};
use jiff::Timestamp;
use std::time::{Duration, Instant};

/// How often the clock is checked. A choice: nobody notices a quarter of a second.
const POLL_INTERVAL: Duration = Duration::from_millis(250);
/// How often the board is drawn again on a terminal. A choice: it counts minutes, and each time the
/// screen is cleared.
const DRAW: Duration = Duration::from_secs(5);
/// How long the help stays. A choice: long enough to read it; then the board is drawn again.
const READ: Duration = Duration::from_secs(30);
/// How many of the last lines are shown below the board. A choice: more would push the board off a
/// small terminal.
const KEPT: usize = 6;
/// How much of a line that is not taken is repeated, in columns. A choice: five lines of 80
/// columns.
const WIDEST: usize = 400;

/// Why the session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExitReason {
    /// The night is over, says the scribe.
    Over,
    /// Nothing more can be typed.
    Closed,
    /// Ctrl-C, or told to end.
    Interrupted,
}

/// Everything at the table.
pub(super) struct ScribeSession<'p, 't> {
    plan: &'p Plan,
    pub(super) folder: Folder,
    pub(super) scribe: Scribe<'p>,
    log: Log,
    lines: Vec<TypedCommand>,
    clock: NightClock,
    offset: i128,
    resumed: bool,
    signals: Interrupt,
    close: Time,
    rehearsed: Option<&'p RehearsedTimes>,
    /// A log that is followed.
    pub(super) follow: Option<Follow<'p, 't>>,
    pub(super) quiet: bool,
    pub(super) input: Option<InputChannel>,
    looked: Instant,
    /// When the board is drawn again.
    due: Instant,
    said: Vec<String>,
}

impl<'p, 't> ScribeSession<'p, 't> {
    pub(super) fn new(
        plan: &'p Plan,
        begun: StartedNight<'p>,
        signals: Interrupt,
        close: Time,
        rehearsed: Option<&'p RehearsedTimes>,
    ) -> ScribeSession<'p, 't> {
        let StartedNight { folder, log, scribe, lines, clock, offset, resumed } = begun;
        let now = Instant::now();
        let mut table = ScribeSession {
            plan,
            folder,
            scribe,
            log,
            lines,
            clock,
            offset,
            resumed,
            signals,
            close,
            rehearsed,
            follow: None,
            quiet: false,
            input: None,
            looked: now,
            due: now,
            said: Vec::new(),
        };
        // On resuming, a clock that is further ahead is not a jump; one that has gone back is.
        let (reached, shown) = (table.clock.now(), table.shown());
        if shown.is_some_and(|shown| shown > reached) {
            table.clock = NightClock::new(shown.unwrap_or(reached));
        }
        table
    }

    /// What was typed is told up to the moment reached.
    pub(super) fn settle(&mut self) {
        self.scribe.settle(self.clock.now());
    }

    /// What the machine's clock shows; `None`: a moment before the plan begins.
    fn shown(&self) -> Option<Time> {
        let now = Timestamp::now().as_nanosecond() + self.offset;
        let now = Timestamp::from_nanosecond(now).ok()?;
        let calendar = self.scribe.calendar();
        calendar.time_of(&now.to_zoned(calendar.zone().clone()))
    }

    /// The moment reached.
    pub(super) fn now(&self) -> Time {
        self.clock.now()
    }

    fn terminal(&self) -> bool {
        self.input.as_ref().is_some_and(|input| input.terminal)
    }

    pub(super) fn welcome(&mut self) {
        let folder = self.folder.path().display().to_string();
        let (ours, plans) = (self.scribe.calendar().starts(), self.plan.calendar.starts());
        if *ours != *plans {
            let (plans, ours) = (plans.strftime("%-d %B %Y"), ours.strftime("%-d %B %Y"));
            let text = format!("The plan is for {plans}; its hours are used for {ours}.");
            self.say(&text);
        }
        self.say(&match (self.resumed, self.lines.len()) {
            (true, lines) => {
                let plural = if lines == 1 { "" } else { "s" };
                format!("Continuing after {lines} line{plural}. Every line is saved in {folder}.")
            }
            (false, _) => {
                format!("`help` lists what can be typed. Every line is saved in {folder}.")
            }
        });
        self.check_clock();
        self.read_log();
        self.draw();
    }

    /// Looks at the log; a rule that fires is a line like any other.
    fn read_log(&mut self) {
        let Some(mut follow) = self.follow.take() else { return };
        let news = follow.poll_if_due(self.scribe.calendar(), self.clock.now());
        self.follow = Some(follow);
        for LogEvent { said, line } in news {
            if let Some(text) = said {
                self.say(&text);
            }
            // It was there when the night went on after a pause.
            let Some(line) = line.filter(|line| !self.lines.iter().any(|one| one.text == *line))
            else {
                continue;
            };
            self.handle_line(&line);
        }
    }

    /// Until something ends it.
    pub(super) async fn work(&mut self) -> ExitReason {
        loop {
            self.check_clock();
            self.read_log();
            if self.terminal() && self.due <= Instant::now() {
                self.draw();
            }
            let input = self.input.as_mut().expect("it listens");
            let keyed = match self.signals.next() {
                Some(Signal::Interrupt | Signal::Terminate) => return ExitReason::Interrupted,
                None => tokio::select! {
                    biased;
                    keyed = input.typed.recv() => Some(keyed),
                    () = tokio::time::sleep(POLL_INTERVAL) => None,
                },
            };
            match keyed {
                None => {}
                Some(Some(Keyed::Line(line))) => {
                    self.check_clock();
                    if let Some(left) = self.handle_line(line.trim()) {
                        return left;
                    }
                }
                Some(Some(Keyed::Interrupt)) => return ExitReason::Interrupted,
                Some(Some(Keyed::End) | None) => return ExitReason::Closed,
            }
        }
    }

    /// Looks at the machine's clock, and says if it has jumped.
    fn check_clock(&mut self) {
        let went_by = self.looked.elapsed();
        self.looked = Instant::now();
        let went_by = Span(u64::try_from(went_by.as_nanos()).unwrap_or(u64::MAX));
        let shown = self.shown().unwrap_or(Time::ZERO);
        let Some(jump) = self.clock.shows(shown, went_by) else { return };
        let clock = self.scribe.calendar().clock(self.now());
        self.say(&match jump {
            Jump::Back(by) => format!(
                "The clock of this computer is {} behind the last line. The board stays at \
                 {clock} until it is past that.",
                by.full_seconds()
            ),
            Jump::Ahead(by) => format!(
                "The clock of this computer has jumped ahead by {} (was the lid closed?). It is \
                 {clock} now; write `at HH:MM` before what happened in between.",
                by.full_seconds()
            ),
        });
    }

    /// Handles a typed line.
    fn handle_line(&mut self, line: &str) -> Option<ExitReason> {
        if line.is_empty() {
            return None;
        }
        match TypedLine::read(line, &self.plan.names) {
            Err(why) => self.refuse(line, &why),
            Ok(TypedLine::Help) => self.help(),
            Ok(TypedLine::Status) => self.draw(),
            Ok(TypedLine::Undo) => self.undo(),
            Ok(TypedLine::End) => {
                return self.note(RecordedEvent::Over {}, true).then_some(ExitReason::Over);
            }
            Ok(TypedLine::Entry(entry)) => self.enter(line, &entry),
        }
        None
    }

    /// Writes an event to disk before it is shown.
    fn enter(&mut self, line: &str, entry: &NightEntry) {
        let now = self.now();
        let (taken, with) = match self.scribe.prepare(now, entry) {
            Ok(taken) => taken,
            Err(why) => return self.refuse(line, &why),
        };
        let text = taken.written;
        if !self.note(RecordedEvent::Input { text: text.clone(), cue: None }, true) {
            return;
        }
        self.say(&format!("{}  {text}", self.scribe.calendar().clock(taken.at)));
        self.lines.push(TypedCommand { at: now, text });
        self.scribe = with;
        taken.warnings.iter().for_each(|text| self.say(&format!("          {text}")));
        self.draw();
    }

    fn help(&mut self) {
        self.show(HELP);
        self.due = Instant::now() + READ;
    }

    fn refuse(&mut self, line: &str, why: &str) {
        self.note(
            RecordedEvent::Refused { text: line.to_string(), why: why.to_string(), cue: None },
            false,
        );
        self.say(&format!("`{}` is not accepted: {why}", for_terminal(line, WIDEST)));
        if self.terminal() {
            self.draw();
        }
    }

    /// Takes the last line back: all others are read again.
    fn undo(&mut self) {
        let Some((left, taken)) = without_last(&self.lines) else {
            return self.refuse("undo", "nothing has been typed yet");
        };
        let mut scribe = Scribe::new(self.plan, self.scribe.calendar().clone());
        let mut again = left.iter();
        if let Some(why) = again.find_map(|line| scribe.replay(line.at, &line.text).err()) {
            return self.refuse("undo", &why);
        }
        if !self.note(RecordedEvent::Undo { cue: None }, true) {
            return;
        }
        (self.scribe, self.lines) = (scribe, left);
        self.say(&format!("taken back: {}", taken.text));
        self.draw();
    }

    /// Writes a line to disk; says so if it cannot.
    fn note(&mut self, what: RecordedEvent, wait: bool) -> bool {
        let at = self.now();
        let clock = self.scribe.calendar().clock(at);
        let Err(error) = self.log.write(&RecordLine { at, clock, what }, wait) else { return true };
        self.say(&format!(
            "cannot write to disk: {error}. This line was not saved; all before it are. Free disk \
             space, and type it again."
        ));
        false
    }

    /// Says a line: below the board on a terminal.
    fn say(&mut self, text: &str) {
        let text = for_terminal(text, 2_000);
        match self.terminal() {
            true => {
                self.said.push(text);
                self.said.drain(..self.said.len().saturating_sub(KEPT));
            }
            false if self.quiet => {}
            false => terminal::print(&format!("{text}\n")),
        }
    }

    fn show(&mut self, text: &str) {
        match self.input.as_mut().and_then(|input| input.printer.as_mut()) {
            // A closed terminal is noticed by its hangup signal.
            Some(printer) => drop(printer.print(text.to_string())),
            None if self.quiet => {}
            None => terminal::print(text),
        }
    }

    /// Shows the board: in the place of the last one on a terminal.
    fn draw(&mut self) {
        self.due = Instant::now() + DRAW;
        let style = terminal::style();
        let watched = self.follow.as_ref().map(|follow| &follow.watched);
        let shown = BoardInputs { close: self.close, rehearsed: self.rehearsed, watched };
        let board = NightBoard::new(&self.scribe, self.now(), shown);
        let board = night_board(&board, style);
        let text = match self.terminal() {
            true => {
                let said = self.said.iter().flat_map(|text| wrapped(text, style.width));
                let said: Vec<String> = said.collect();
                format!("\x1b[2J\x1b[H{board}\n{}\n", said.join("\n"))
            }
            false => format!("{board}\n"),
        };
        self.show(&text);
    }
}
