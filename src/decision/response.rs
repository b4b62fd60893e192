//! The state machine of a response: which attempt is going on, with its times, and what is under
//! way at every moment. The monitor feeds it, and so does a sheet that was kept by hand.

use super::phase::{AttemptOutcome, ChangeEnd, Interval, Phase};
use crate::names::{
    ChangeId, ChannelId, IncidentId, NamedScope, Names, PersonId, PlayId, RuleId, Scope,
};
use crate::units::{Span, Time};
use serde::{Deserialize, Serialize};
use std::fmt::Debug;

/// How a response refers to things: by id while it is judged, by name where it is reported.
pub trait Vocabulary {
    type Incident: Copy + Debug + PartialEq;
    type Rule: Clone + Debug + PartialEq;
    type Scope: Clone + Debug + PartialEq;
    type Play: Clone + Debug + PartialEq;
    type Change: Clone + Debug + PartialEq;
    type Person: Clone + Debug + PartialEq;
    type Channel: Clone + Debug + PartialEq;
}

/// The ids of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ids;

impl Vocabulary for Ids {
    type Incident = IncidentId;
    type Rule = RuleId;
    type Scope = Scope;
    type Play = PlayId;
    type Change = ChangeId;
    type Person = PersonId;
    type Channel = ChannelId;
}

/// Names as people read them; incidents are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named;

impl Vocabulary for Named {
    type Incident = u32;
    type Rule = String;
    type Scope = NamedScope;
    type Play = String;
    type Change = String;
    type Person = String;
    type Channel = String;
}

/// A stretch of a response during which one thing was under way. Those of an incident follow each
/// other without gap or overlap, from the moment when people were told to the all clear.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound(
    serialize = "V::Incident: Serialize, V::Play: Serialize, V::Change: Serialize",
    deserialize = "V::Incident: Deserialize<'de>, V::Play: Deserialize<'de>, \
                   V::Change: Deserialize<'de>"
))]
pub struct PhaseSpan<V: Vocabulary = Ids> {
    pub incident: V::Incident,
    /// The attempt that had begun last, from 1.
    pub attempt: u32,
    /// The play that was running.
    pub play: Option<V::Play>,
    /// The change that it was about, as far as one was chosen.
    pub change: Option<V::Change>,
    pub phase: Phase,
    pub from: Time,
    pub until: Time,
}

impl<V: Vocabulary> PhaseSpan<V> {
    /// How long it took.
    pub fn length(&self) -> Span {
        self.until - self.from
    }
}

/// When each step of an attempt was reached. Times of steps that were not reached, or that are not
/// part of the play, are `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Milestones {
    /// When the play opened, where that was later than the start.
    pub opened_at: Option<Time>,
    /// The alert was delivered.
    pub alerted_at: Option<Time>,
    pub acknowledged_at: Option<Time>,
    pub declared_at: Option<Time>,
    pub chosen_at: Option<Time>,
    pub decided_at: Option<Time>,
    /// The change was ordered: with `deploying_at`, the wait for the pipeline.
    pub ordered_at: Option<Time>,
    pub deploying_at: Option<Time>,
    pub deployed_at: Option<Time>,
    pub live_at: Option<Time>,
}

/// One attempt of an incident: from the previous attempt's end (the first: from onset) to its own.
/// `S` says when it started: as far as whoever judges knows it, or with the onset filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound(
    serialize = "V::Incident: Serialize, V::Play: Serialize, V::Change: Serialize, \
                 V::Person: Serialize, V::Channel: Serialize, S: Serialize",
    deserialize = "V::Incident: Deserialize<'de>, V::Play: Deserialize<'de>, \
                   V::Change: Deserialize<'de>, V::Person: Deserialize<'de>, \
                   V::Channel: Deserialize<'de>, S: Deserialize<'de>"
))]
pub struct Attempt<V: Vocabulary = Ids, S = JudgedStart> {
    pub incident: V::Incident,
    pub play: Option<V::Play>,
    /// 1 for the first of the incident.
    #[serde(rename = "attempt")]
    pub number: u32,
    pub change: Option<V::Change>,
    /// What opened it: the rule, `verify failed`, `otherwise`, …
    pub cause: String,
    #[serde(flatten)]
    pub start: S,
    #[serde(flatten)]
    pub reached: Milestones,
    /// The end of the attempt, whatever its outcome.
    pub ended_at: Time,
    pub outcome: AttemptOutcome,
    pub responder: Option<V::Person>,
    /// By which the responder was reached.
    pub channel: Option<V::Channel>,
    pub decider: Option<V::Person>,
    /// The intervals whose end somebody was seen to bring about; all others are simulated. Whoever
    /// judges does not know of any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measured: Vec<Interval>,
}

/// When an attempt started, as far as whoever judges knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JudgedStart {
    /// When the first rule of the incident became pending (the fallback for onset).
    pub pending_at: Time,
    /// `None` for the first attempt, whose start is the onset, which only the simulator knows.
    pub started_at: Option<Time>,
}

/// When an attempt started, onset filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownStart {
    /// What onset is taken from: a fault, or `overload of TIER`. `None`: nobody knows.
    pub fault: Option<String>,
    /// Onset for the first attempt, the previous one's end for the others.
    pub started_at: Time,
}

impl Attempt {
    /// The same in names.
    pub fn named(&self, names: &Names) -> Attempt<Named> {
        Attempt {
            incident: self.incident.number(),
            play: self.play.map(|play| names.plays[play.index()].clone()),
            number: self.number,
            change: self.change.map(|change| names.changes[change.index()].clone()),
            cause: self.cause.clone(),
            start: self.start,
            reached: self.reached,
            ended_at: self.ended_at,
            outcome: self.outcome,
            responder: self.responder.map(|person| names.people[person.index()].clone()),
            channel: self.channel.map(|channel| names.channels[channel.index()].clone()),
            decider: self.decider.map(|person| names.people[person.index()].clone()),
            measured: self.measured.clone(),
        }
    }
}

impl PhaseSpan {
    /// The same in names.
    pub fn named(&self, names: &Names) -> PhaseSpan<Named> {
        PhaseSpan {
            incident: self.incident.number(),
            attempt: self.attempt,
            play: self.play.map(|play| names.plays[play.index()].clone()),
            change: self.change.map(|change| names.changes[change.index()].clone()),
            phase: self.phase,
            from: self.from,
            until: self.until,
        }
    }
}

/// A response under way: its attempts one after another, and what is going on.
#[derive(Debug, Clone)]
pub struct Response<V: Vocabulary = Ids> {
    incident: V::Incident,
    pending_at: Time,
    current: Option<Attempt<V>>,
    /// Attempts begun so far.
    attempts: u32,
    /// The end of the last attempt.
    ended_at: Option<Time>,
    /// Since when what has been under way; `until` is not known yet.
    under_way: Option<PhaseSpan<V>>,
}

impl<V: Vocabulary> Response<V> {
    /// A response to something that began to show at `pending_at`, without an attempt yet.
    pub fn new(incident: V::Incident, pending_at: Time) -> Response<V> {
        let (current, ended_at, under_way) = (None, None, None);
        Response { incident, pending_at, current, attempts: 0, ended_at, under_way }
    }

    /// The attempt that is going on.
    pub fn current(&self) -> Option<&Attempt<V>> {
        self.current.as_ref()
    }

    /// The same, as a mutable reference.
    pub fn current_mut(&mut self) -> Option<&mut Attempt<V>> {
        self.current.as_mut()
    }

    /// Attempts begun so far.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The end of the last attempt.
    pub fn ended_at(&self) -> Option<Time> {
        self.ended_at
    }

    /// What is under way.
    pub fn phase(&self) -> Option<Phase> {
        self.under_way.as_ref().map(|span| span.phase)
    }

    /// A further attempt, from where the last one ended.
    pub fn begin(&mut self, at: Time, play: Option<V::Play>, cause: String) -> &mut Attempt<V> {
        assert!(self.current.is_none(), "an attempt begins where the last one has ended");
        self.attempts += 1;
        let opened_at = self.ended_at.filter(|ended| *ended < at).map(|_| at);
        self.current.insert(Attempt {
            incident: self.incident,
            play,
            number: self.attempts,
            change: None,
            cause,
            start: JudgedStart { pending_at: self.pending_at, started_at: self.ended_at },
            reached: Milestones { opened_at, ..Milestones::default() },
            ended_at: at,
            outcome: AttemptOutcome::Open,
            responder: None,
            channel: None,
            decider: None,
            measured: Vec::new(),
        })
    }

    /// Ends the attempt if there is one, never before its start.
    pub fn end(&mut self, at: Time, outcome: AttemptOutcome) -> Option<Attempt<V>> {
        let mut attempt = self.current.take()?;
        let end = attempt.start.started_at.map_or(at, |start| at.max(start));
        (attempt.ended_at, attempt.outcome) = (end, outcome);
        self.ended_at = Some(end);
        Some(attempt)
    }

    /// From now on this is under way, for this play; gives what was, if that is something else
    /// and took time.
    pub fn enter(&mut self, at: Time, phase: Phase, play: Option<V::Play>) -> Option<PhaseSpan<V>> {
        let change = self.current.as_ref().and_then(|attempt| attempt.change.clone());
        let (incident, attempt) = (self.incident, self.attempts);
        let next = PhaseSpan { incident, attempt, play, change, phase, from: at, until: at };
        if let Some(span) = &mut self.under_way
            && (span.phase, span.attempt) == (next.phase, next.attempt)
        {
            (span.play, span.change) = (next.play, next.change);
            return None;
        }
        let span = self.leave(at);
        self.under_way = Some(next);
        span
    }

    /// Nothing is under way any more; gives what was, if it took time.
    pub fn leave(&mut self, at: Time) -> Option<PhaseSpan<V>> {
        let span = self.under_way.take().filter(|span| span.from < at)?;
        Some(PhaseSpan { until: at, ..span })
    }
}

impl<V: Vocabulary> Attempt<V> {
    /// The same with its start filled in: one that is the first began at the onset.
    pub fn started(self, onset: Time, fault: Option<String>) -> Attempt<V, KnownStart> {
        let started_at = self.start.started_at.unwrap_or(onset);
        Attempt {
            incident: self.incident,
            play: self.play,
            number: self.number,
            change: self.change,
            cause: self.cause,
            start: KnownStart { fault, started_at },
            reached: self.reached,
            ended_at: self.ended_at,
            outcome: self.outcome,
            responder: self.responder,
            channel: self.channel,
            decider: self.decider,
            measured: self.measured,
        }
    }

    /// Somebody answered the page; a later answer takes it over.
    pub fn acknowledged(&mut self, at: Time, person: Option<V::Person>, by: Option<V::Channel>) {
        self.reached.acknowledged_at.get_or_insert(at);
        (self.responder, self.channel) = (person, by);
    }

    /// It was called an incident.
    pub fn declared(&mut self, at: Time) {
        self.reached.declared_at = Some(at);
    }

    /// This change was chosen.
    pub fn chosen(&mut self, at: Time, change: Option<V::Change>) {
        (self.reached.chosen_at, self.change) = (Some(at), change);
    }

    /// The decider said yes. The last yes before the change was ordered counts.
    pub fn decided(&mut self, at: Time) {
        if self.reached.ordered_at.is_none() {
            self.reached.decided_at = Some(at);
        }
    }

    /// A stage of its change has ended.
    pub fn change_ended(&mut self, at: Time, end: ChangeEnd) {
        match end {
            ChangeEnd::Queue => self.reached.deploying_at = Some(at),
            ChangeEnd::Deploy => self.reached.deployed_at = Some(at),
            ChangeEnd::Propagate => self.reached.live_at = Some(at),
            ChangeEnd::Failed => {}
        }
    }

    /// Leaves out what came after its end, or out of the order of a response.
    pub fn keep_in_order(&mut self) {
        let mut next = self.ended_at;
        for moment in [
            &mut self.reached.live_at,
            &mut self.reached.deployed_at,
            &mut self.reached.deploying_at,
            &mut self.reached.ordered_at,
            &mut self.reached.decided_at,
            &mut self.reached.chosen_at,
            &mut self.reached.declared_at,
            &mut self.reached.acknowledged_at,
            &mut self.reached.opened_at,
            &mut self.reached.alerted_at,
        ] {
            *moment = moment.filter(|moment| *moment <= next);
            next = moment.unwrap_or(next);
        }
    }
}
