//! Runs the room: the clock, the script, what is typed, and what it does.

use super::beside::Asides;
use super::fast_forward::{may_run_ahead, newest_ask, owed, reason_to_stop, unread, who_is_asked};
use super::pace::Pace;
use super::wrap::wrapped;
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::line_log::Log;
use crate::cli::shared::terminal;
use crate::cli::shared::typing::InputChannel;
use crate::journal::Entry;
use crate::rehearsal::{
    Command, Cue, HELP, RecordLine, RecordedEvent, RehearsalSetup, Room, TypedCommand, without_last,
};
use crate::report::for_terminal;
use crate::units::{Span, Time};
use std::collections::VecDeque;
use std::time::{Duration, Instant, SystemTime};

/// How often the clock is checked, at least. A choice: with more, the clock would move in steps.
const POLL_INTERVAL: Duration = Duration::from_millis(250);
/// How often the moment reached is recorded: what a crash may lose of the clock. A choice.
const MARK: Duration = Duration::from_secs(1);
/// The longest that the simulation may run before input is handled. A choice: nobody notices 40 ms.
const WORK: Duration = Duration::from_millis(40);

/// Why the room is left, or must be set up again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// Played again from the start with other inputs, up to this moment.
    Again(Time),
    /// The scenario is over.
    Over,
    /// Left for now; it can be resumed.
    Left,
    /// Ended for good.
    Aborted,
}

/// Everything about a rehearsal that outlives being played again.
pub(super) struct RehearsalSession<'s> {
    pub(super) stage: &'s RehearsalSetup,
    /// `None`: nothing is written down, because a script says it all.
    pub(super) log: Option<Log>,
    pub(super) inputs: Vec<TypedCommand>,
    pub(super) pace: Pace,
    pub(super) cues: VecDeque<Cue>,
    pub(super) input: Option<InputChannel>,
    pub(super) quiet: bool,
    pub(super) signals: Interrupt,
    /// How many lines of the script made no sense.
    pub(super) refused: usize,
    /// What only the controller may know is not said here.
    pub(super) hidden: bool,
    /// The user was asked to confirm leaving.
    pub(super) leaving: bool,
    /// From where the clock runs ahead.
    pub(super) ahead_from: Time,
    /// The clock has just stopped running ahead, because somebody is asked.
    pub(super) arrived: Option<(Time, String)>,
    /// Where `next` stops if nobody is asked any more: one key must not end the exercise.
    short_of: Option<Time>,
    /// What was asked and kept beside the exercise.
    pub(super) asides: Asides<'s>,
    /// The messages for which it was already shown how to deal with them.
    pub(super) said_messages: Vec<u32>,
    /// The last owed update that was already announced.
    pub(super) said_owed: u32,
    looked: (Instant, SystemTime),
    marked: (Instant, Time),
    pub(super) spoke: Instant,
}

impl<'s> RehearsalSession<'s> {
    pub(super) fn new(
        stage: &'s RehearsalSetup,
        log: Option<Log>,
        pace: Pace,
        signals: Interrupt,
    ) -> RehearsalSession<'s> {
        let now = Instant::now();
        RehearsalSession {
            stage,
            log,
            inputs: Vec::new(),
            marked: (now, pace.now()),
            pace,
            cues: VecDeque::new(),
            input: None,
            quiet: false,
            signals,
            refused: 0,
            hidden: false,
            leaving: false,
            ahead_from: Time::ZERO,
            arrived: None,
            short_of: None,
            asides: Asides::default(),
            said_messages: Vec::new(),
            said_owed: 0,
            looked: (now, SystemTime::now()),
            spoke: now,
        }
    }

    /// Says a line to the facilitator.
    pub(super) fn say(&mut self, text: &str) {
        if self.quiet {
            return;
        }
        self.spoke = Instant::now();
        match self.input.as_mut().and_then(|input| input.printer.as_mut()) {
            // A closed terminal is noticed by its hangup signal.
            Some(printer) => {
                drop(printer.print(format!("{}\n", wrapped(text, terminal::width()))));
            }
            None => terminal::print(&format!("{text}\n")),
        }
    }

    /// Nothing more can be typed: what is said from now on need not mind the prompt.
    pub(super) fn detach_prompt(&mut self) {
        if let Some(input) = &mut self.input
            && let Some(printer) = input.printer.take()
        {
            input.resting = Some(printer);
            terminal::print("\n\n");
        }
    }

    /// Something can be typed again; false where nobody sits at a terminal.
    pub(super) fn attach_prompt(&mut self) -> bool {
        let Some(input) = &mut self.input else { return false };
        input.printer = input.resting.take();
        input.printer.is_some() && input.open
    }

    /// Takes a line in, at the moment reached. What it says is on disk before it happens.
    pub(super) fn take(&mut self, room: &mut Room, text: &str, cue: Option<usize>) -> Option<Stop> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let names = &self.stage.written().names;
        let prepared = Command::parse(text, names).and_then(|command| match command {
            Command::Undo
            | Command::Status
            | Command::Help
            | Command::Hide(_)
            | Command::Aside(_) => Ok((command, None)),
            other => {
                may_run_ahead(self.input.is_some(), room, self.stage, &other)?;
                room.prepare(&other).map(|prepared| (other, Some(prepared)))
            }
        });
        match prepared {
            Err(why) => self.refuse(room, text, why, cue),
            Ok((Command::Undo, _)) => self.undo(room, cue),
            Ok((Command::Aside(said), _)) => match self.aside_in(room, &said, cue) {
                Ok(()) => None,
                Err(why) => self.refuse(room, text, why, cue),
            },
            Ok((Command::Help, _)) => {
                self.say(HELP.trim_end());
                None
            }
            Ok((Command::Hide(hide), _)) => {
                self.hide(hide);
                None
            }
            Ok((_, None)) => {
                self.say_status(room);
                None
            }
            Ok((Command::Pause | Command::Discuss(_), _))
                if self.input.as_ref().is_some_and(|input| !input.open) =>
            {
                let why = "nobody could start the clock again".to_string();
                self.refuse(room, text, why, cue)
            }
            Ok((_, Some(prepared))) => {
                let (at, written) = (room.now(), prepared.written.clone());
                let input = TypedCommand { at, text: written.clone() };
                if matches!(prepared.command, Command::Inject(_)) {
                    let mut inputs = self.inputs.clone();
                    inputs.push(input.clone());
                    if let Err(why) = self.stage.set(&inputs) {
                        return self.refuse(room, text, why, cue);
                    }
                }
                if !self.note(room, RecordedEvent::Input { text: written.clone(), cue }, true) {
                    return None;
                }
                self.inputs.push(input);
                if written != text && cue.is_none() {
                    self.say(&format!("→ {}", for_terminal(&written, 240)));
                }
                let command = prepared.command.clone();
                if matches!(command, Command::Inject(_)) {
                    return Some(Stop::Again(at));
                }
                room.act(prepared);
                self.clock(&command)
            }
        }
    }

    /// What a command does to the clock.
    fn clock(&mut self, command: &Command) -> Option<Stop> {
        if self.input.is_none() && !matches!(command, Command::Abort(_)) {
            return None;
        }
        match command {
            Command::Pause | Command::Discuss(_) => self.pace.pause(),
            Command::Resume => self.pace.resume(),
            Command::Speed(speed) => self.pace.set_speed(*speed),
            Command::Skip(_) | Command::Next => {
                self.ahead_from = self.pace.now();
                self.pace.resume();
                let terminal = self.input.as_ref().is_some_and(|input| input.terminal);
                let end = Time::ZERO + self.stage.written().lasts;
                self.short_of = (terminal && *command == Command::Next)
                    .then(|| Time(end.0.saturating_sub(Span::SECOND.0)));
                self.pace.skip(match (command, self.short_of) {
                    (Command::Skip(span), _) => *span,
                    (_, Some(short)) => short.since(self.pace.now()),
                    (_, None) => Span::from_secs(86_400),
                });
            }
            Command::Abort(_) => return Some(Stop::Aborted),
            _ => {}
        }
        None
    }

    fn refuse(&mut self, room: &Room, text: &str, why: String, cue: Option<usize>) -> Option<Stop> {
        let place = cue.map(|line| format!("line {line} of the script: ")).unwrap_or_default();
        self.refused += usize::from(cue.is_some());
        let said = for_terminal(&format!("{place}`{text}` is not accepted: {why}"), 2_000);
        if self.input.is_some() {
            self.say(&said);
        } else {
            terminal::print_to_stderr(&format!("{said}\n"));
        }
        self.note(room, RecordedEvent::Refused { text: text.to_string(), why, cue }, false);
        None
    }

    fn undo(&mut self, room: &mut Room, cue: Option<usize>) -> Option<Stop> {
        let Some((left, taken)) = without_last(&self.inputs) else {
            return self.refuse(room, "undo", "nothing has been entered yet".to_string(), cue);
        };
        // An undo keeps the time that has passed; only a jump is undone together with its time.
        let back = if taken.jumps() { taken.at } else { room.now() };
        let what = RecordedEvent::Undo { cue };
        if !self.note_at(back, what, true) {
            return None;
        }
        self.say(&format!("taken back: {}", for_terminal(&taken.text, 240)));
        self.inputs = left;
        if self.input.is_some() {
            self.pace.arrive();
            self.pace.stop_at(back);
        }
        Some(Stop::Again(back))
    }

    /// Writes a line to disk; says so if it cannot, and stops the clock.
    fn note(&mut self, room: &Room, what: RecordedEvent, wait: bool) -> bool {
        self.note_at(room.now(), what, wait)
    }

    pub(super) fn note_at(&mut self, at: Time, what: RecordedEvent, wait: bool) -> bool {
        let clock = self.stage.written().calendar.clock(at);
        let Some(log) = &mut self.log else { return true };
        let Err(error) = log.write(&RecordLine { at, clock, what }, wait) else { return true };
        self.pace.pause();
        self.say(&format!(
            "cannot write to disk: {error}\n  The last input was not saved; all before it is. \
             The clock is stopped: free disk space, enter it again, then `resume`."
        ));
        false
    }

    /// Lets everything happen up to the moment that the clock shows, the script's lines included.
    /// Returns early if that takes long, so that input is handled.
    pub(super) fn catch_up(&mut self, room: &mut Room) -> (Vec<Entry>, Option<Stop>) {
        let began = Instant::now();
        let mut entries = Vec::new();
        loop {
            let target = self.pace.target().min(room.end());
            let cue = self.cues.front().map(|cue| cue.at).filter(|at| *at <= target);
            let next = room.next_at().min(cue.unwrap_or(Time::NEVER));
            let step = next.min(target);
            let before = self.pace.is_ahead().then(|| (newest_ask(room), unread(room), owed(room)));
            room.run_to(step);
            let mut happened = room.drain();
            let turned = before.is_some().then(|| reason_to_stop(&happened)).flatten();
            entries.append(&mut happened);
            if let Some((asked, unread_before, owed_before)) = before {
                self.pace.stop_at(step);
                let why = match newest_ask(room) > asked {
                    true => Some(who_is_asked(room, asked)),
                    false if turned.is_some() => turned,
                    false if unread(room) > unread_before => Some("a message arrived".to_string()),
                    false => {
                        (owed(room) > owed_before).then(|| "somebody has to be told".to_string())
                    }
                };
                if let Some(why) = why {
                    self.pace.arrive();
                    self.arrived = Some((step, why));
                }
            }
            if cue.is_some_and(|at| at <= step) {
                let cue = self.cues.pop_front().expect("it is the first");
                if let Some(turn) = self.take(room, &cue.text, Some(cue.line)) {
                    return (entries, Some(turn));
                }
                entries.append(&mut room.drain());
                continue;
            }
            if self.signals.wanted() {
                return (entries, Some(Stop::Left));
            }
            if self.stops_short(room, before.is_some()) {
                return (entries, None);
            }
            if step >= target && room.next_at() > target {
                let over = room.now() >= room.end() && !self.pace.is_paused();
                return (entries, over.then_some(Stop::Over));
            }
            if began.elapsed() > WORK && self.input.is_some() {
                self.pace.stop_at(room.now());
                return (entries, None);
            }
        }
    }

    /// Whether nothing more has come up to the end: then the clock stops just before it.
    fn stops_short(&mut self, room: &Room, ran_ahead: bool) -> bool {
        let there = self.short_of.filter(|short| ran_ahead && room.now() >= *short);
        if there.is_none() || self.arrived.is_some() {
            return false;
        }
        self.short_of = None;
        self.pace.arrive();
        self.pace.pause();
        let why = "no more questions. The clock is stopped just before the end: `resume` ends it";
        self.arrived = Some((room.now(), why.to_string()));
        true
    }

    /// Looks at the wall clock.
    pub(super) fn check_clock(&mut self) {
        let now = (Instant::now(), SystemTime::now());
        let by_clock = now.1.duration_since(self.looked.1).unwrap_or_default();
        let gone = now.0.duration_since(self.looked.0).max(by_clock);
        self.looked = now;
        let Some(slept) = self.pace.elapse(gone) else { return };
        let clock = self.stage.written().calendar.clock(self.pace.now());
        let slept = Span::from_secs(slept.as_secs());
        let mut text = format!(
            "nobody was here for {slept} (was the lid closed?); that time does not count, the \
             clock is stopped at {clock}"
        );
        if self.input.as_ref().is_some_and(|input| input.terminal) {
            self.pace.pause();
            text.push_str("; `resume` continues");
        }
        self.say(&text);
    }

    /// Forgets the time that went by since the clock was last looked at.
    pub(super) fn reset_idle_clock(&mut self) {
        self.looked = (Instant::now(), SystemTime::now());
    }

    /// Writes the moment reached down, now and then.
    pub(super) fn mark(&mut self, room: &Room) {
        let (when, at) = self.marked;
        if when.elapsed() >= MARK && room.now() > at {
            self.marked = (Instant::now(), room.now());
            self.note(room, RecordedEvent::Reached {}, false);
        }
    }

    /// How long to wait for the next event that needs no input.
    pub(super) fn wait(&self, room: &Room) -> Duration {
        let cue = self.cues.front().map_or(Time::NEVER, |cue| cue.at);
        let next = room.next_at().min(cue).min(room.end());
        self.pace.until(next).unwrap_or(POLL_INTERVAL).min(POLL_INTERVAL)
    }
}
