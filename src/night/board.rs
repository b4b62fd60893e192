//! The board: what a room wants to know now, by what was typed and by the plan.

use super::incident::NightIncident;
use super::incident::chain;
use super::minutes;
use super::minutes::RehearsedTimes;
use super::scribe::Scribe;
use super::steps::{self, Current};
use super::watched::FollowedLog;
use crate::campaign::WAITS;
use crate::decision::{Phase, Step};
use crate::journal::Interval;
use crate::names::{ChangeId, PlayId};
use crate::units::{Span, Time};

/// How much a line of the board asks for attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoardTone {
    /// What the lines below it are about.
    Heading,
    Plain,
    /// Somebody should act: it is late, or stopped.
    Due,
    /// It is done.
    Good,
}

/// A line of the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardLine {
    /// A word in front; may be empty.
    pub label: &'static str,
    pub text: String,
    pub tone: BoardTone,
}

/// The board at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NightBoard {
    /// The scenario's own words.
    pub title: String,
    /// The day and the time of day.
    pub moment: String,
    pub lines: Vec<BoardLine>,
}

/// What the board is made from beside what was typed.
#[derive(Debug, Clone, Copy)]
pub struct BoardInputs<'a> {
    /// Until when everything must be well again.
    pub close: Time,
    /// How long people took at a rehearsal.
    pub rehearsed: Option<&'a RehearsedTimes>,
    /// A log that is followed.
    pub watched: Option<&'a FollowedLog>,
}

impl NightBoard {
    /// The state of things now.
    pub fn new(scribe: &Scribe, now: Time, shown: BoardInputs) -> NightBoard {
        let BoardInputs { close, rehearsed, watched } = shown;
        let mut writer = BoardWriter { scribe, now, close, rehearsed, watched, lines: Vec::new() };
        writer.log();
        let open = scribe.situation.incidents.iter().filter(|one| one.over.is_none());
        let open: Vec<&NightIncident> = open.collect();
        open.iter().for_each(|incident| writer.incident(incident));
        if open.is_empty() {
            writer.line("", "No incident is open.".to_string(), BoardTone::Heading);
            writer.fits(None, &[]);
        }
        writer.around();
        NightBoard {
            title: scribe.plan.scenario.clone(),
            moment: scribe.calendar.at(now).strftime("%-d %B %Y, %H:%M:%S").to_string(),
            lines: writer.lines,
        }
    }
}

/// Writes the lines.
pub(super) struct BoardWriter<'a> {
    pub(super) scribe: &'a Scribe<'a>,
    pub(super) now: Time,
    close: Time,
    rehearsed: Option<&'a RehearsedTimes>,
    pub(super) watched: Option<&'a FollowedLog>,
    lines: Vec<BoardLine>,
}

impl BoardWriter<'_> {
    pub(super) fn line(&mut self, label: &'static str, text: String, tone: BoardTone) {
        self.lines.push(BoardLine { label, text, tone });
    }

    /// The minute of a moment, with its seconds where it has some.
    pub(super) fn clock(&self, at: Time) -> String {
        self.scribe.calendar.short(at)
    }

    fn since(&self, at: Time) -> String {
        format!("since {} ({})", self.clock(at), length(self.now.since(at)))
    }

    pub(super) fn change(&self, change: ChangeId) -> &str {
        &self.scribe.plan.names.changes[change.index()]
    }

    fn person(&self, person: crate::names::PersonId) -> &str {
        &self.scribe.plan.names.people[person.index()]
    }

    /// Everything of an incident.
    fn incident(&mut self, incident: &NightIncident) {
        let (plan, situation) = (self.scribe.plan, &self.scribe.situation);
        let heading = format!("Incident {}: {}", incident.number, incident.cause);
        self.line(
            "",
            format!("{heading}, open {}", self.since(incident.since)),
            BoardTone::Heading,
        );
        let current = steps::current(plan, incident, situation);
        self.step(incident, current.as_ref());
        self.approved(incident);
        if let Some(current) = &current {
            self.chain(incident, current.step);
            self.at_rehearsal(incident, current.step);
        }
        if let Some(person) = incident.responder {
            self.line("responds", self.person(person).to_string(), BoardTone::Plain);
        }
        self.reached(incident);
        self.under_way(incident);
        let candidates = self.candidates(incident);
        if incident.under_way().is_none() && incident.live.is_none() {
            self.now_or_later(incident.play, &candidates);
        }
        self.fits(incident.play, &candidates);
        self.updates(incident);
        match steps::first_public_word(plan, incident, situation) {
            Some(at) => {
                self.line("public", format!("first update at {}", self.clock(at)), BoardTone::Good)
            }
            None => {
                let text = format!("no update yet, {}", length(self.now.since(incident.since)));
                self.line("public", text, BoardTone::Due);
            }
        }
        self.agreed(incident);
    }

    /// What somebody said would be looked at again, until it was answered or is made.
    fn agreed(&mut self, incident: &NightIncident) {
        let is_this = |number: Option<u32>| number.is_none_or(|number| number == incident.number);
        let mut said = self.scribe.reminders.iter();
        let Some(last) = said.rfind(|one| is_this(one.incident) && one.at >= incident.since) else {
            return;
        };
        let answers = &self.scribe.situation.answers;
        let answered = answers.iter().any(|(at, number)| is_this(*number) && *at >= last.said);
        if answered || incident.deploying.is_some() {
            return;
        }
        let tone = if last.at <= self.now { BoardTone::Due } else { BoardTone::Plain };
        let text = last.text.clone();
        self.line("agreed", text, tone);
    }

    /// A yes that was given before the night.
    fn approved(&mut self, incident: &NightIncident) {
        let Some(approval) = steps::approved(self.scribe.plan, incident) else { return };
        let given = approval.given.as_ref().map(|given| format!(" ({given})")).unwrap_or_default();
        let by = self.person(approval.by);
        let text = format!("in advance by {by}{given}: nobody needs to be asked");
        self.line("approved", text, BoardTone::Good);
    }

    fn step(&mut self, incident: &NightIncident, current: Option<&Current>) {
        let plan = self.scribe.plan;
        let approved = steps::approved(plan, incident).is_some();
        let phase = match incident.phase {
            Some(Phase::Reach | Phase::Decide) if approved => "approved, and not started",
            phase => phase.map_or("", phase_words),
        };
        let Some(play) = incident.play else {
            let text = format!("no play is open; {phase} {}", self.since(incident.phase_since));
            return self.line("play", text, BoardTone::Due);
        };
        let name = &plan.names.plays[play.index()];
        let since = self.since(incident.phase_since);
        let stalled = incident.phase == Some(Phase::Stalled);
        let tone = if stalled { BoardTone::Due } else { BoardTone::Plain };
        let text = match current {
            Some(now) => {
                let step = steps::words(now.step, incident, &self.scribe.situation, plan);
                format!("{name}, step {} of {}: {step}; {phase} {since}", now.number, now.total)
            }
            None => format!("{name}, every step is done; {phase} {since}"),
        };
        self.line("play", text, tone);
        let verify = steps::play(plan, incident).and_then(|play| play.verify);
        if let Some((live, verify)) = incident.live.zip(verify) {
            let until = live + verify;
            let tone = if until <= self.now { BoardTone::Due } else { BoardTone::Plain };
            let text = format!("it must have helped by {}", self.clock(until));
            self.line("confirm", text, tone);
        }
    }

    /// Who was asked by what since when, and who is next.
    fn chain(&mut self, incident: &NightIncident, step: &Step) {
        let names = &self.scribe.plan.names;
        let Some(chain) = chain(self.scribe.plan, incident, step, self.now) else { return };
        let next = match chain.next {
            Some((who, by)) => {
                format!("{} by {}", self.person(who), names.channels[by.index()])
            }
            None => "nobody who is on duty".to_string(),
        };
        let Some((ask, each)) = chain.last else {
            return self.line("asked", format!("nobody yet; first: {next}"), BoardTone::Due);
        };
        let by = ask.channel.map(|id| format!(" by {}", names.channels[id.index()]));
        let (by, since) = (by.unwrap_or_default(), self.since(ask.at));
        let asked = format!("{}{by} {since}", self.person(ask.person));
        let Some(each) = each else {
            return self.line("asked", format!("{asked}; next: {next}"), BoardTone::Plain);
        };
        let due = ask.at + each;
        let tone = if due <= self.now { BoardTone::Due } else { BoardTone::Plain };
        let text = format!("{asked}; next: {next} at {}", self.clock(due));
        self.line("asked", text, tone);
    }

    fn at_rehearsal(&mut self, incident: &NightIncident, step: &Step) {
        let names = &self.scribe.plan.names;
        let Some((rehearsed, interval)) = self.rehearsed.zip(steps::interval(step)) else { return };
        let play = incident.play.map(|play| names.plays[play.index()].as_str());
        let change = incident.change.map(|change| self.change(change));
        let took = rehearsed.past_durations(play, change, interval);
        if !took.is_empty() {
            let took: Vec<String> = took.iter().take(5).map(|span| length(*span)).collect();
            let text = format!("this took people {} (measured)", took.join(", "));
            self.line("rehearsed", text, BoardTone::Plain);
        }
    }

    /// The change that is being made, by the table.
    fn under_way(&mut self, incident: &NightIncident) {
        let Some((change, since)) = incident.under_way() else { return };
        let table = &self.scribe.plan.playbook.changes.changes[change.index()];
        let name = self.change(change).to_string();
        let Some((least, most)) = minutes::expected_recovery(self.scribe.plan, incident) else {
            return;
        };
        let paper = &table.paper;
        let under = match incident.deployed {
            None => format!("{name} {}, table {paper}", self.since(since)),
            Some(done) => format!("{name} done, not everywhere yet, {}", self.since(done)),
        };
        let late = self.now > most;
        let back = match late {
            true => format!("{} over the table", length(self.now.since(most))),
            false if least == most => format!("earliest back {}", self.clock(least)),
            false => format!("earliest back {}, by the table until {}", self.clock(least), {
                self.clock(most)
            }),
        };
        self.line(
            "change",
            format!("{under}: {back}"),
            if late { BoardTone::Due } else { BoardTone::Plain },
        );
    }

    /// What could be chosen: the change that is, or those that the play knows.
    fn candidates(&self, incident: &NightIncident) -> Vec<ChangeId> {
        match incident.change {
            Some(change) => vec![change],
            None => minutes::candidates(self.scribe.plan, incident.play),
        }
    }

    /// When it is well again at the earliest if it is decided now, and later.
    fn now_or_later(&mut self, play: Option<PlayId>, candidates: &[ChangeId]) {
        let (plan, situation) = (self.scribe.plan, &self.scribe.situation);
        for change in candidates.iter().take(6) {
            let table = &plan.playbook.changes.changes[change.index()];
            let back = WAITS.map(|wait| {
                let at = self.now + wait;
                let start = minutes::start(plan, situation, (*change, play), at);
                let when = match wait {
                    Span::ZERO => "if decided now".to_string(),
                    wait => format!("in {wait}"),
                };
                format!("{} {when}", self.minute(start + table.least()))
            });
            let mut text = format!("{}: earliest back {}", self.change(*change), back.join(", "));
            if let Some(took) = self.to_start(play, *change) {
                let start = minutes::start(plan, situation, (*change, play), self.now + took);
                let back = self.minute(start + table.least());
                let took = length(took);
                text += &format!("; {back} if it takes {took} to start, as at the rehearsal");
            }
            self.line("decide", text, BoardTone::Plain);
        }
    }

    /// How long it took people at the rehearsal from the yes to the start of a change, at most.
    fn to_start(&self, play: Option<PlayId>, change: ChangeId) -> Option<Span> {
        let names = &self.scribe.plan.names;
        let play = play.map(|play| names.plays[play.index()].as_str());
        let took = self.rehearsed?.past_durations(play, Some(self.change(change)), Interval::Queue);
        took.into_iter().max().filter(|took| *took > Span::ZERO)
    }

    /// The first full minute at or after a future moment.
    fn minute(&self, at: Time) -> String {
        self.scribe.calendar.minute(at)
    }

    /// Until when each change could still be started, so that it is everywhere in time.
    fn fits(&mut self, play: Option<PlayId>, candidates: &[ChangeId]) {
        let plan = self.scribe.plan;
        let own = minutes::candidates(plan, play);
        let changes = if candidates.len() > 1 { candidates } else { &own[..] };
        let mut words: Vec<(Time, bool, Vec<String>)> = Vec::new();
        let mut late = false;
        for change in changes.iter().take(6) {
            let (until, freeze) = minutes::boundary(plan, (*change, play), self.close, self.now);
            let table = &plan.playbook.changes.changes[change.index()];
            let left = until.since(self.now + table.most());
            late |= left == Span::ZERO;
            let text = match left {
                Span::ZERO => format!("{} no longer", self.change(*change)),
                left => format!("{} for {}", self.change(*change), length(left)),
            };
            match words.iter_mut().find(|(same, ..)| *same == until) {
                Some((.., all)) => all.push(text),
                None => words.push((until, freeze, vec![text])),
            }
        }
        for (until, freeze, all) in words {
            let what = if freeze { "a freeze" } else { "the close" };
            let text = format!("before {what} at {}: {}", self.clock(until), all.join(", "));
            self.line("still fits", text, if late { BoardTone::Due } else { BoardTone::Plain });
        }
    }

    fn updates(&mut self, incident: &NightIncident) {
        let (plan, situation) = (self.scribe.plan, &self.scribe.situation);
        for update in steps::updates(plan, incident, situation) {
            let every = update.every.map(|every| format!(", every {}", length(every)));
            let last = update.last.map(|at| format!(", last {}", self.clock(at)));
            let to = format!("to {}{}", update.to, every.unwrap_or_default());
            let to = format!("{to}{}", last.unwrap_or_default());
            match update.due {
                Some(due) if due <= self.now => {
                    let late = length(self.now.since(due));
                    self.line("update", format!("{to}: DUE for {late}"), BoardTone::Due);
                }
                Some(due) => {
                    let (at, left) = (self.clock(due), length(due.since(self.now)));
                    self.line("update", format!("{to}: due {at}, in {left}"), BoardTone::Plain);
                }
                None => {}
            }
        }
    }
}

/// What is under way, in a few words.
fn phase_words(phase: Phase) -> &'static str {
    match phase {
        Phase::Detect => "nobody was told",
        Phase::Acknowledge => "nobody has taken it",
        Phase::Declare => "not declared",
        Phase::Diagnose => "no change chosen",
        Phase::Reach => "not approved yet",
        Phase::Decide => "being decided",
        Phase::Work => "being worked on",
        Phase::Queue => "approved, not started",
        Phase::Deploy => "being made",
        Phase::Rollout => "made, not everywhere",
        Phase::Confirm => "in effect, unknown whether it helped",
        Phase::Hold => "waiting",
        Phase::Stalled => "nobody is working on it",
        Phase::Clear => "over",
    }
}

/// A stretch of time as a board says it: whole seconds under ten minutes, else whole minutes.
fn length(span: Span) -> String {
    match span {
        span if span < Span::MINUTE * 10 => span.full_seconds(),
        span => Span(span.0 / Span::MINUTE.0 * Span::MINUTE.0),
    }
    .to_string()
}
