//! The monitor: readings, answers and finished changes in; alerts, events and orders out.

use super::dispatcher::Dispatcher;
use super::effects::TriggeredPlay;
use super::effects::Work;
use super::incident::OpenIncident;
use super::launch::Launch;
use super::threshold::{RuleMove, RuleWatch};
use super::{AlertEvent, AlertState, BoundBy, Ticks, UpcomingEvent};
use super::{Ask, AskId, Audience, ChangeEnd, Output, PlayEvent, Playbook, Reply};
use crate::names::{ChangeId, IncidentId, Names, PersonId, PlayId, RuleId, Scope};
use crate::telemetry::Reading;
use crate::units::{Span, Time};

/// The judgement of one launch day. It has no clock: every call says what time it is, and time
/// never goes backwards. What it has to say waits for [`Monitor::next_output`].
///
/// What is due before the time of a call is done first, at its own time; what is due at that very
/// time waits for [`Monitor::wake`].
#[derive(Debug, Clone)]
pub struct Monitor<'a> {
    pub(super) dispatcher: Dispatcher<'a>,
    watches: Vec<RuleWatch<'a>>,
    /// The incident that each watch belongs to while it is firing; behind the watches, the same of
    /// each rule for what people notice.
    members: Vec<Option<IncidentId>>,
    /// Per rule: since when people notice what it is about.
    noticed_at: Vec<Option<Time>>,
    /// In order of opening; an id is a position.
    pub(super) incidents: Vec<OpenIncident>,
    launch: Launch<'a>,
    /// What rules are attributed to, where that is known.
    causes: Vec<(RuleId, Scope, u32)>,
    /// Per freeze: its state.
    freezes: Vec<FreezeState>,
    now: Time,
}

/// The state of a freeze.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FreezeState {
    Ahead,
    Begun,
    Over,
}

impl<'a> Monitor<'a> {
    /// A monitor that has seen nothing yet. The playbook comes from a checked scenario.
    pub fn new(playbook: &'a Playbook, names: &'a Names) -> Monitor<'a> {
        let watches = RuleWatch::all(playbook, names);
        let mut dispatcher = Dispatcher::new(playbook, names);
        Monitor {
            launch: Launch::new(playbook, &mut dispatcher),
            dispatcher,
            members: vec![None; watches.len() + playbook.rules.len()],
            noticed_at: vec![None; playbook.rules.len()],
            watches,
            incidents: Vec::new(),
            causes: Vec::new(),
            freezes: vec![FreezeState::Ahead; playbook.changes.freezes.len()],
            now: Time::ZERO,
        }
    }

    /// A reading became known.
    pub fn observe(&mut self, at: Time, reading: &Reading) {
        self.catch_up(at);
        for index in 0..self.watches.len() {
            for moved in self.watches[index].observe(reading) {
                self.moved(at, index, moved);
            }
        }
        self.recover(at);
        self.settle(at);
    }

    /// Whatever waits for its rules goes on, or ends, where they have resolved.
    fn recover(&mut self, at: Time) {
        for incident in self.incidents.iter_mut().filter(|incident| incident.is_open()) {
            incident.confirm(at, &mut self.dispatcher);
            incident.recover(at, &mut self.dispatcher);
        }
    }

    /// People notice something by themselves, or see that it is gone.
    pub fn noticed(&mut self, at: Time, rule: RuleId, there: bool) {
        self.catch_up(at);
        // A recording may come from anybody: a rule that there is not is passed over.
        let Some(since) = self.noticed_at.get(rule.index()).copied() else { return };
        if there != since.is_some() {
            self.noticed_at[rule.index()] = there.then_some(at);
            let state = if there { AlertState::Firing } else { AlertState::Resolved };
            let alert = AlertEvent {
                at,
                rule,
                scope: Scope::Site,
                state,
                value: None,
                threshold: None,
                bound_by: BoundBy::Fixed,
                baseline: None,
                n: 0,
                held: since.map_or(Span::ZERO, |since| at.since(since)),
                incident: None,
                attribution: (),
            };
            self.moved(at, self.watches.len() + rule.index(), RuleMove { alert, since: at });
            self.recover(at);
        }
        self.settle(at);
    }

    /// What each rule that fires now or with the next readings is attributed to; one that is
    /// not named here, to nothing that is known. Only a simulation can say so. It decides nothing
    /// but which incident a rule that fires belongs to: one of the same cause, or a new one.
    pub fn causes(&mut self, causes: &[(RuleId, Scope, u32)]) {
        self.causes = causes.to_vec();
        let noticed = self.watches.len();
        for (watch, member) in self.members.iter().enumerate() {
            let Some(incident) = *member else { continue };
            let is_it = |rule: RuleId, scope: Scope| match self.watches.get(watch) {
                Some(watch) => watch.is(rule, scope),
                None => (rule.index(), scope) == (watch - noticed, Scope::Site),
            };
            let found = causes.iter().find(|(rule, scope, _)| is_it(*rule, *scope));
            found
                .into_iter()
                .for_each(|found| self.incidents[incident.index()].put_down_to(found.2));
        }
    }

    fn cause_of(&self, alert: &AlertEvent) -> Option<u32> {
        let same =
            |(rule, scope, _): &&(RuleId, Scope, u32)| (*rule, *scope) == (alert.rule, alert.scope);
        self.causes.iter().find(same).map(|(_, _, cause)| *cause)
    }

    /// Somebody answered, or it is known that nobody will. An ask that nothing waits for any more
    /// is ignored; says whether something did.
    pub fn answered(&mut self, at: Time, ask: AskId, reply: Reply) -> bool {
        self.catch_up(at);
        let dispatcher = &mut self.dispatcher;
        let awaited = self.incidents.iter_mut().any(|i| i.answered(at, ask, reply, dispatcher))
            || self.launch.answered(at, ask, reply, dispatcher);
        self.settle(at);
        awaited
    }

    /// Whether something waits for the answer to this ask; an answer to any other is late.
    pub fn awaits(&self, ask: AskId) -> bool {
        self.incidents.iter().any(|incident| incident.awaits(ask)) || self.launch.awaits(ask)
    }

    /// What the plays that are running do next, unless somebody is quicker.
    pub fn upcoming(&self) -> Vec<(Time, UpcomingEvent)> {
        let open = self.incidents.iter().filter(|incident| incident.is_open());
        open.filter_map(|incident| incident.upcoming(&self.dispatcher)).collect()
    }

    /// Whether a change has been ordered, and is not in effect yet.
    pub fn is_under_way(&self, change: ChangeId) -> bool {
        self.dispatcher.is_under_way(change)
    }

    /// A stage of a change ended.
    pub fn change_ended(&mut self, at: Time, change: ChangeId, end: ChangeEnd) {
        self.catch_up(at);
        self.dispatcher.change_ended(at, change, end);
        for incident in &mut self.incidents {
            incident.change_ended(at, change, end, &mut self.dispatcher);
        }
        self.launch.change_ended(at, change, end, &mut self.dispatcher);
        self.settle(at);
    }

    /// When to call [`Monitor::wake`] at the latest; `None`: nothing is due by itself.
    pub fn wake_at(&self) -> Option<Time> {
        let freezes = self.dispatcher.playbook.changes.freezes.iter().zip(&self.freezes);
        let freezes = freezes.filter_map(|(freeze, state)| match state {
            FreezeState::Ahead => Some(freeze.from),
            FreezeState::Begun => Some(freeze.to),
            FreezeState::Over => None,
        });
        let incidents = self.incidents.iter().filter_map(OpenIncident::wake_at);
        let rest = self.launch.wake_at().into_iter().chain(self.dispatcher.effects.wake_at());
        freezes.chain(incidents).chain(rest).min()
    }

    /// Does what is due by now. Calling it early is harmless.
    pub fn wake(&mut self, at: Time) {
        assert!(at >= self.now, "time never goes backwards: {at:?} after {:?}", self.now);
        self.process_due_while(|due| due <= at);
        self.now = at;
    }

    /// The next thing to say, in causal order. Drain after every call.
    pub fn next_output(&mut self) -> Option<Output> {
        self.dispatcher.next_output()
    }

    /// How every rule has fared on everything it looks at; not those that are not filled in yet.
    pub fn ticks(&self) -> impl Iterator<Item = Ticks> + '_ {
        self.watches.iter().map(RuleWatch::ticks)
    }

    /// The run ends: attempts that are unfinished are written down as open. Nothing else changes,
    /// and nothing may be called afterwards but [`Monitor::next_output`].
    pub fn finish(&mut self, at: Time) {
        self.catch_up(at);
        for incident in &mut self.incidents {
            incident.finish(at, &mut self.dispatcher);
        }
    }

    /// What a person is busy with, an incident before a launch step.
    pub fn busy(&self, person: PersonId) -> Option<Work> {
        let mut work: Vec<Work> = self.dispatcher.busy(person).collect();
        work.sort_by_key(|work| matches!(work, Work::Launch(_)));
        work.first().copied()
    }

    /// What keeps the person from hearing this ask: work on anything but what it is about.
    pub fn awaited_by(&self, ask: &Ask) -> Option<Work> {
        let own = |work: &Work| match work {
            Work::Incident(incident) => ask.incident == Some(*incident),
            Work::Launch(step) => ask.step == Some(*step),
            Work::ByHand => false,
        };
        self.dispatcher.busy(ask.person).find(|work| !own(work))
    }

    /// Whether the person is busy with an incident or a step of the launch.
    pub fn is_busy(&self, person: PersonId) -> bool {
        self.dispatcher.busy(person).next().is_some()
    }

    /// Those of an audience who are on duty.
    pub fn present(&self, at: Time, audience: Audience) -> Vec<PersonId> {
        self.dispatcher.present(at, audience)
    }

    /// Whether an incident's rules have not all resolved yet.
    pub fn is_open(&self, incident: IncidentId) -> bool {
        self.incidents[incident.index()].is_open()
    }

    pub(super) fn catch_up(&mut self, at: Time) {
        assert!(at >= self.now, "time never goes backwards: {at:?} after {:?}", self.now);
        // What is due at this very moment comes after what happens at it. What was due before, and
        // is found out only now (a ladder goes on where somebody is free again), is done at once.
        self.process_due_while(|due| due < at);
        self.now = at;
    }

    /// Does what is due, one thing after another, for as long as the next is due by this measure.
    fn process_due_while(&mut self, is_due: impl Fn(Time) -> bool) {
        while let Some(due) = self.wake_at().filter(|due| is_due(*due)) {
            self.now = self.now.max(due);
            self.process_due(self.now);
        }
    }

    fn process_due(&mut self, at: Time) {
        self.apply_freeze_edges(at);
        self.launch.wake(at, &mut self.dispatcher);
        for incident in &mut self.incidents {
            incident.wake(at, &mut self.dispatcher);
        }
        while let Some(lasted) = self.dispatcher.effects.next_lasted(at) {
            self.open_lasted(at, lasted);
        }
        self.settle(at);
    }

    fn apply_freeze_edges(&mut self, at: Time) {
        let freezes = &self.dispatcher.playbook.changes.freezes;
        for (index, (freeze, state)) in freezes.iter().zip(&mut self.freezes).enumerate() {
            let begins = match state {
                FreezeState::Ahead if freeze.from <= at => true,
                FreezeState::Begun if freeze.to <= at => false,
                _ => continue,
            };
            *state = if begins { FreezeState::Begun } else { FreezeState::Over };
            let changes: Vec<&str> =
                freeze.changes.iter().map(|c| self.dispatcher.change(*c)).collect();
            let what = if changes.is_empty() { "every change".into() } else { changes.join(", ") };
            let text = format!("a freeze {}: {what}", if begins { "begins" } else { "ends" });
            self.dispatcher.note(PlayEvent::Freeze { freeze: index, text: text.clone() });
            if let Some(role) = freeze.tell.filter(|_| begins) {
                self.dispatcher.tell(at, None, Audience::Role(role), text, None);
            }
        }
    }

    /// The play opens in the incident that made the change, else in the newest one; with no open
    /// incident there is nothing to respond to.
    fn open_lasted(&mut self, at: Time, lasted: TriggeredPlay) {
        let open = |incident: &OpenIncident| incident.is_open();
        let maker = |incident: &OpenIncident| Work::Incident(incident.id) == lasted.made_by;
        let home = self.incidents.iter().position(|incident| open(incident) && maker(incident));
        let Some(home) = home.or_else(|| self.incidents.iter().rposition(open)) else { return };
        let cause = format!("{} has lasted {}", self.dispatcher.change(lasted.change), lasted.time);
        self.incidents[home].lasted(at, &lasted, cause, &mut self.dispatcher);
    }

    /// Somebody may have become free for those who wait for a role. What is under way is noted
    /// when all of this moment has happened.
    pub(super) fn settle(&mut self, at: Time) {
        for incident in &mut self.incidents {
            incident.retry(at, &mut self.dispatcher);
        }
        for incident in &mut self.incidents {
            incident.enter_phase(at, &mut self.dispatcher);
        }
    }

    /// A state machine moved: what fires opens or joins an incident.
    fn moved(&mut self, at: Time, watch: usize, moved: RuleMove) {
        let RuleMove { mut alert, since } = moved;
        let rule = alert.rule;
        if alert.state != AlertState::Firing {
            alert.incident = self.members[watch];
            if let (AlertState::Resolved, Some(incident)) = (alert.state, alert.incident) {
                self.incidents[incident.index()].resolved(watch, since);
                self.members[watch] = None;
            }
            return self.dispatcher.say(Output::Alert(alert));
        }
        let play = self.dispatcher.playbook.play_of(rule);
        let cause = self.cause_of(&alert);
        let home =
            self.home_of(play, cause).or_else(|| self.reopenable_incident(rule, since, cause));
        let id = home.unwrap_or_else(|| self.incidents.len().into());
        let reopens = self.incidents.get(id.index()).is_some_and(|incident| !incident.is_open());
        self.members[watch] = Some(id);
        alert.incident = Some(id);
        self.dispatcher.say(Output::Alert(alert));
        match self.incidents.get_mut(id.index()) {
            Some(incident) if incident.is_open() => {
                incident.join(rule, watch, &mut self.dispatcher)
            }
            Some(incident) => incident.reopen(at, rule, watch, &mut self.dispatcher),
            None => {
                let incident = OpenIncident::open(id, at, rule, watch, since, &mut self.dispatcher);
                self.incidents.push(incident);
            }
        }
        cause.into_iter().for_each(|cause| self.incidents[id.index()].put_down_to(cause));
        if let Some(play) = play.filter(|_| !reopens) {
            let cause = self.dispatcher.names.rules[rule.index()].clone();
            self.incidents[id.index()].fired(at, play, cause, &mut self.dispatcher);
        }
    }

    /// The incident that a rule opens again which is true since then: that of the same cause,
    /// however long ago; where no cause is known, the newest of its own that has not closed.
    fn reopenable_incident(
        &self,
        rule: RuleId,
        since: Time,
        cause: Option<u32>,
    ) -> Option<IncidentId> {
        let closes_after = self.dispatcher.playbook.closes_after;
        let opens = |incident: &&OpenIncident| match cause {
            Some(cause) => !incident.is_open() && incident.is_put_down_to(cause),
            None => incident.is_opened_again_by(rule, since, closes_after),
        };
        self.incidents.iter().rev().find(opens).map(|incident| incident.id)
    }

    /// The open incident that a rule joins: the one with its play, else one without any play; for
    /// a rule that opens no play the oldest one. A cause that none of them is put down to is an
    /// incident of its own; where it is not known, the rule may belong to any.
    fn home_of(&self, play: Option<PlayId>, cause: Option<u32>) -> Option<IncidentId> {
        let takes =
            |incident: &&OpenIncident| cause.is_none_or(|cause| incident.may_be_about(cause));
        let open = || self.incidents.iter().filter(|i| i.is_open()).filter(takes);
        let home = match play {
            None => open().next(),
            Some(play) => open()
                .find(|incident| incident.has_play(play))
                .or_else(|| open().find(|incident| incident.has_no_play())),
        };
        home.map(|incident| incident.id)
    }
}
