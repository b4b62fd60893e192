//! An incident: the rules that joined it, its attempts one after another, its end, and what happens
//! next by itself.

use super::dispatcher::{AskContext, Dispatcher};
use super::effects::Work;
use super::run::{DeferredAction, ManualChange, NextAction, PlayRun, Repeat};
use super::{Attempt, AttemptOutcome, Phase, PlayEvent, Response, Step};
use crate::names::{ChangeId, ChannelId, IncidentId, PersonId, PlayId, RuleId};
use crate::units::{Span, Time};

/// An incident and the play that is running for it.
#[derive(Debug, Clone)]
pub(super) struct OpenIncident {
    pub id: IncidentId,
    pub run: Option<PlayRun>,
    pub response: Response,
    /// Who responds, and the channel by which the page came.
    pub responder: Option<(PersonId, Option<ChannelId>)>,
    /// Changes of nobody's play that are under way.
    pub by_hand: Vec<ManualChange>,
    /// What is told again and again until the incident ends.
    pub repeats: Vec<Repeat>,
    /// The maintenance page that was put up for it.
    pub maintenance: Option<ChangeId>,
    /// When that came down.
    pub page_off_at: Option<Time>,
    /// The rule that opened it.
    pub rule: RuleId,
    joined: Vec<JoinedAlert>,
    /// The causes that its rules are attributed to, where they are known.
    causes: Vec<u32>,
    /// Every play so far.
    pub plays: Vec<PlayId>,
    /// Plays that open once the present one has nothing left to do, and why.
    pub waiting: Vec<(PlayId, String)>,
    /// Plays that another play has led to: each does so once.
    pub opened_once: Vec<PlayId>,
    /// The play that ran last, as far as it came.
    pub last: Option<PlayRun>,
    /// When the all clear became known, for as long as it holds.
    pub cleared_at: Option<Time>,
}

/// A rule on one scope (by its position among all that are watched).
#[derive(Debug, Clone)]
struct JoinedAlert {
    rule: RuleId,
    watch: usize,
    /// The first ok tick of the stretch that resolved it; `None` while it is firing.
    ok_since: Option<Time>,
}

/// Instead of a watch: what people have opened by hand, and clear by hand.
pub(super) const BY_HAND: usize = usize::MAX;
/// Why a play runs that people have opened.
pub(super) const OPENED_BY_HAND: &str = "opened by hand";

impl OpenIncident {
    /// A new incident: this rule has fired and is delivered `at`; or, by hand, people say what it
    /// stands for.
    pub fn open(
        id: IncidentId,
        at: Time,
        rule: RuleId,
        watch: usize,
        pending_at: Time,
        dispatcher: &mut Dispatcher<'_>,
    ) -> OpenIncident {
        let mut incident = OpenIncident {
            id,
            run: None,
            response: Response::new(id, pending_at),
            responder: None,
            by_hand: Vec::new(),
            repeats: Vec::new(),
            maintenance: None,
            page_off_at: None,
            rule,
            joined: vec![JoinedAlert { rule, watch, ok_since: None }],
            causes: Vec::new(),
            plays: Vec::new(),
            waiting: Vec::new(),
            opened_once: Vec::new(),
            last: None,
            cleared_at: None,
        };
        let by_hand = watch == BY_HAND;
        dispatcher.note(PlayEvent::IncidentOpened { incident: id, rule, by_hand });
        let cause = match by_hand {
            true => OPENED_BY_HAND.to_string(),
            false => dispatcher.names.rules[rule.index()].clone(),
        };
        incident.response.begin(at, None, cause).reached.alerted_at = Some(at);
        incident
    }

    /// Whether its rules have not all resolved yet.
    pub fn is_open(&self) -> bool {
        self.cleared_at.is_none()
    }

    /// Whether people have opened it by hand, and not said yet that all is clear.
    pub fn is_by_hand(&self) -> bool {
        self.joined.iter().any(|joined| joined.watch == BY_HAND && joined.ok_since.is_none())
    }

    /// Whether a rule of it is firing.
    pub fn has_firing_rules(&self) -> bool {
        self.joined.iter().any(|joined| joined.watch != BY_HAND && joined.ok_since.is_none())
    }

    /// Whether no play has opened for it yet.
    pub fn has_no_play(&self) -> bool {
        self.plays.is_empty()
    }

    /// Whether this play is or was part of it.
    pub fn has_play(&self, play: PlayId) -> bool {
        self.plays.contains(&play)
    }

    /// On whose behalf its play asks.
    pub fn ask_context(&self) -> AskContext {
        AskContext { work: Work::Incident(self.id), play: self.run.as_ref().map(|run| run.play) }
    }

    /// A further rule fired, or one of its own again.
    pub fn join(&mut self, rule: RuleId, watch: usize, dispatcher: &mut Dispatcher<'_>) {
        self.joins(rule, watch);
        dispatcher.note(PlayEvent::RuleJoined { incident: self.id, rule });
    }

    /// From now on all is clear only if this rule has resolved.
    pub fn joins(&mut self, rule: RuleId, watch: usize) {
        self.joined.retain(|joined| joined.watch != watch);
        self.joined.push(JoinedAlert { rule, watch, ok_since: None });
    }

    /// One of its rules is attributed to this cause.
    pub fn put_down_to(&mut self, cause: u32) {
        if !self.is_put_down_to(cause) {
            self.causes.push(cause);
        }
    }

    /// Whether one of its rules is, or was, attributed to this cause.
    pub fn is_put_down_to(&self, cause: u32) -> bool {
        self.causes.contains(&cause)
    }

    /// Whether a rule attributed to this cause may belong to it: it is about the same, or it is not
    /// known what it is about.
    pub fn may_be_about(&self, cause: u32) -> bool {
        self.causes.is_empty() || self.is_put_down_to(cause)
    }

    /// Whether a rule that is true since then opens it again.
    pub fn is_opened_again_by(&self, rule: RuleId, since: Time, closes_after: Span) -> bool {
        let soon = |cleared: Time| since < cleared + closes_after;
        let known = self.joined.iter().any(|joined| joined.rule == rule);
        known && self.cleared_at.is_some_and(soon)
    }

    /// One of its rules resolved, with this first ok tick.
    pub fn resolved(&mut self, watch: usize, ok_since: Time) {
        let joined = self.joined.iter_mut().find(|joined| joined.watch == watch);
        joined.expect("only a rule that joined can resolve").ok_since = Some(ok_since);
    }

    /// The rules that have joined it.
    pub fn rules(&self) -> impl Iterator<Item = RuleId> + '_ {
        let joined = self.joined.iter().filter(|joined| joined.watch != BY_HAND);
        joined.map(|joined| joined.rule)
    }

    /// Those of them that have not resolved.
    pub fn firing(&self) -> impl Iterator<Item = RuleId> + '_ {
        let firing = self.joined.iter().filter(|joined| joined.ok_since.is_none());
        firing.filter(|joined| joined.watch != BY_HAND).map(|joined| joined.rule)
    }

    /// Says which rules keep the last change from being verified.
    pub fn not_verified(&self, dispatcher: &mut Dispatcher<'_>) {
        let mut rules: Vec<RuleId> = self.firing().collect();
        rules.dedup();
        dispatcher.note(PlayEvent::NotVerified { incident: self.id, rules });
    }

    /// Ends it if every rule has resolved, at the last of their first ok ticks.
    pub fn recover(&mut self, now: Time, dispatcher: &mut Dispatcher<'_>) {
        let ok_since = self.joined.iter().map(|joined| joined.ok_since);
        let Some(at) = ok_since.collect::<Option<Vec<_>>>().and_then(|all| all.into_iter().max())
        else {
            return;
        };
        if self.waits_for_page(dispatcher) {
            return;
        }
        let page_off = self.page_off_at.filter(|_| self.probes_behind_page(dispatcher));
        let at = page_off.map_or(at, |page_off| at.max(page_off));
        self.all_clear(now, dispatcher);
        dispatcher.note(PlayEvent::Recovered { incident: self.id, at });
        if let Some(stalled) = self.stalled_at().filter(|stalled| *stalled < at) {
            self.end_attempt(stalled, AttemptOutcome::Stalled, dispatcher);
        }
        self.close(at, AttemptOutcome::Recovered, "recovered by itself", dispatcher);
        self.last = self.run.take().or(self.last.take());
        self.repeats.clear();
        self.waiting.clear();
        self.cleared_at = Some(now);
        dispatcher.engage(Work::Incident(self.id), None);
    }

    /// The step that a play is at.
    pub fn step_of<'a>(&self, run: &PlayRun, dispatcher: &Dispatcher<'a>) -> Option<&'a Step> {
        dispatcher.playbook.plays[run.play.index()].steps.get(run.step())
    }

    /// The run ends: what is unfinished stays open.
    pub fn finish(&mut self, at: Time, dispatcher: &mut Dispatcher<'_>) {
        let contained =
            self.maintenance.is_some_and(|change| dispatcher.effects.is_in_effect(change));
        if self.is_open() {
            self.leave_phase(at, dispatcher);
        }
        if !self.is_open() || (self.attempt().is_none() && contained) {
            return;
        }
        let stalled = self.stalled_at().is_some();
        let outcome = if stalled { AttemptOutcome::Stalled } else { AttemptOutcome::Open };
        self.close(at, outcome, "nothing left to try", dispatcher);
    }

    /// Since when nobody has answered, where that keeps a change from being made.
    pub fn stalled_at(&self) -> Option<Time> {
        let live = self.attempt().is_some_and(|attempt| attempt.reached.live_at.is_some());
        self.run.as_ref().and_then(|run| run.stalled).filter(|_| !live)
    }

    /// Ends the attempt there is; where there is none, one that accounts for the time since.
    fn close(
        &mut self,
        at: Time,
        outcome: AttemptOutcome,
        cause: &str,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        if self.attempt().is_none() {
            self.begin_attempt(self.response.ended_at().unwrap_or(at), None, cause.to_string());
        }
        self.end_attempt(at, outcome, dispatcher);
    }

    /// The attempt that is going on.
    pub fn attempt(&self) -> Option<&Attempt> {
        self.response.current()
    }

    /// A further attempt, from where the last one ended, with whoever answered the last page.
    pub fn begin_attempt(&mut self, at: Time, play: Option<PlayId>, cause: String) -> &mut Attempt {
        let responder = self.responder.filter(|_| play.is_some());
        let attempt = self.response.begin(at, play, cause);
        attempt.responder = responder.map(|(person, _)| person);
        attempt.channel = responder.and_then(|(_, channel)| channel);
        attempt
    }

    /// Ends the attempt if there is one. What came later, or out of the order of a response, is
    /// not part of it.
    pub fn end_attempt(
        &mut self,
        at: Time,
        outcome: AttemptOutcome,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        let Some(mut attempt) = self.response.end(at, outcome) else { return };
        attempt.keep_in_order();
        dispatcher.note(PlayEvent::AttemptEnded(Box::new(attempt)));
    }

    /// Notes what is under way from now on, if it is something else.
    pub fn enter_phase(&mut self, at: Time, dispatcher: &mut Dispatcher<'_>) {
        if !self.is_open() {
            return;
        }
        let (phase, play) = (self.phase(dispatcher), self.run.as_ref().map(|run| run.play));
        if let Some(span) = self.response.enter(at, phase, play) {
            dispatcher.note(PlayEvent::PhaseEnded(span));
        }
    }

    /// All is clear, as far as anybody knows.
    fn all_clear(&mut self, at: Time, dispatcher: &mut Dispatcher<'_>) {
        if let Some(span) = self.response.enter(at, Phase::Clear, None) {
            dispatcher.note(PlayEvent::PhaseEnded(span));
        }
    }

    fn leave_phase(&mut self, at: Time, dispatcher: &mut Dispatcher<'_>) {
        if let Some(span) = self.response.leave(at) {
            dispatcher.note(PlayEvent::PhaseEnded(span));
        }
    }

    /// What is under way. A play that is opened by a state is waited for only where nothing else
    /// is done.
    fn phase(&self, dispatcher: &Dispatcher<'_>) -> Phase {
        if let Some(run) = &self.run {
            return run.phase(self.step(dispatcher));
        }
        if let Some(by_hand) = self.by_hand.first() {
            return by_hand.phase();
        }
        let in_effect = self.attempt().is_some_and(|attempt| attempt.reached.live_at.is_some());
        match dispatcher.effects.is_awaited(Work::Incident(self.id)) {
            true => Phase::Hold,
            false if in_effect => Phase::Confirm,
            false => Phase::Stalled,
        }
    }

    /// When something must be done for it at the latest.
    pub fn wake_at(&self) -> Option<Time> {
        let repeats = self.repeats.iter().map(|repeat| repeat.due);
        repeats.chain(self.run.as_ref().and_then(PlayRun::wake_at)).min()
    }
}

/// Something that happens at its time unless somebody acts first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UpcomingEvent {
    /// This person is asked, by this channel if it is known.
    Asked(PersonId, Option<ChannelId>),
    /// Nobody is left to be asked.
    NobodyLeft,
    /// Everybody is asked again, or the change is tried again.
    Again,
    /// This person's yes counts.
    Agrees(PersonId),
    /// It is said whether the change has helped.
    Confirmed,
}

impl OpenIncident {
    /// What the running play does next, unless an answer comes first.
    pub fn upcoming(&self, dispatcher: &Dispatcher<'_>) -> Option<(Time, UpcomingEvent)> {
        let run = self.run.as_ref()?;
        match &run.doing {
            NextAction::Walk(ladder) => {
                let at = ladder.wake_at()?;
                let next = ladder.next_contact(at, dispatcher);
                let asked =
                    |next: (PersonId, ChannelId)| UpcomingEvent::Asked(next.0, Some(next.1));
                Some((at, next.map_or(UpcomingEvent::NobodyLeft, asked)))
            }
            NextAction::Hold(until) => Some((*until, UpcomingEvent::Again)),
            NextAction::PutOff { until, then: DeferredAction::AskAgain(person), .. } => {
                Some((*until, UpcomingEvent::Asked(*person, None)))
            }
            NextAction::PutOff { until, then: DeferredAction::Agree(person), .. } => {
                Some((*until, UpcomingEvent::Agrees(*person)))
            }
            NextAction::Verify => Some((run.verify_by?, UpcomingEvent::Confirmed)),
            _ => None,
        }
    }
}
