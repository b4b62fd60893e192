//! Carries out what the monitor says: writes it down, asks people, puts changes on pipelines.

use super::plan_wording::not_verified;
use super::simulated_people::DrawnAnswer;
use super::{Control, Gameday};
use crate::change::ChangeStage;
use crate::decision::{
    AlertEvent, AlertState, Ask, ChangeEnd, MonitorInput, Order, Output, PlayEvent,
};
use crate::journal::{APPROVED_IN_ADVANCE, Event, Evidence, IncidentState, PlayStep};
use crate::names::{ChangeId, IncidentId, PlayId};
use crate::telemetry::Cause;
use crate::units::Time;

impl Gameday<'_> {
    /// Carries out all that the monitor has said; false if it has said nothing.
    pub(super) fn outputs(&mut self, now: Time) -> bool {
        let mut any = false;
        while let Some(output) = self.monitor.next_output() {
            any = true;
            match output {
                Output::Alert(event) => self.alert(now, event),
                Output::Play(event) => self.play(now, event),
                Output::Order(order) => self.order(now, order),
            }
        }
        any
    }

    pub(super) fn alert(&mut self, now: Time, event: AlertEvent) {
        let cause = match event.state {
            AlertState::NoData | AlertState::DataBack => self.blinded_by(&event),
            _ => {
                let seen = self.seen_cause(&event);
                self.grounds.moved(&event, seen)
            }
        };
        let began = cause.and_then(|cause| self.grounds.began(cause, &self.schedule));
        let cause = cause.zip(began);
        if let Some(incident) = event.incident {
            let blind = matches!(event.state, AlertState::NoData | AlertState::DataBack);
            self.ledger.onset_of(incident, cause.filter(|_| !blind));
        }
        self.ledger.alert(now, &event, cause);
    }

    /// The fault that has kept the readings from coming which a rule misses.
    fn blinded_by(&self, event: &AlertEvent) -> Option<Cause> {
        let before = event.held + self.plan.playbook.rules[event.rule.index()].longest_window();
        let from = Time(event.at.0.saturating_sub(before.0));
        let faults = self.schedule.blinding((event.rule, event.scope), from, event.at);
        faults.first().map(|(fault, _)| Cause::Fault(*fault))
    }

    pub(super) fn play(&mut self, now: Time, event: PlayEvent) {
        let words = &self.ledger.words;
        match event {
            PlayEvent::IncidentOpened { incident, by_hand: true, .. } => {
                self.opened_by_hand(now, incident);
            }
            PlayEvent::IncidentOpened { incident, rule, .. } => {
                let rule = Some(words.rule(rule));
                self.incident(now, incident, IncidentState::Opened, rule, None);
            }
            PlayEvent::Reopened { incident, rule } => {
                let rule = Some(words.rule(rule));
                self.incident(now, incident, IncidentState::Reopened, rule, None);
            }
            PlayEvent::RuleJoined { incident, rule } => {
                let rule = Some(words.rule(rule));
                self.incident(now, incident, IncidentState::Joined, rule, None);
            }
            PlayEvent::Contained { incident } => {
                self.incident(now, incident, IncidentState::Contained, None, None);
            }
            PlayEvent::Recovered { incident, at } => {
                self.incident(now, incident, IncidentState::Recovered, None, Some(at));
            }
            PlayEvent::AttemptEnded(attempt) => self.ledger.attempt(now, &attempt),
            PlayEvent::PhaseEnded(span) => {
                let span = span.named(words.names());
                self.ledger.write(now, Event::Phase(span));
            }
            PlayEvent::Launch { step, state, text } => {
                let planned = &self.plan.playbook.launch[step.index()];
                let planned_at = match planned.at {
                    Some(crate::decision::LaunchTime::At(at)) => Some(at),
                    _ => None,
                };
                let step = planned.label.clone();
                self.ledger.write(now, Event::Launch { step, state, planned_at, text });
            }
            PlayEvent::Frozen { incident, play, change, .. } => {
                self.frozen(now, incident, play, change);
            }
            PlayEvent::Freeze { text, .. } => self.ledger.write(now, Event::Freeze { text }),
            other => self.play_step(now, other),
        }
    }

    pub(super) fn incident(
        &mut self,
        now: Time,
        incident: IncidentId,
        state: IncidentState,
        rule: Option<String>,
        since: Option<Time>,
    ) {
        let incident = incident.number();
        self.marks.note(now, self.site.totals());
        self.ledger.write(now, Event::Incident { incident, state, rule, since });
    }

    fn frozen(
        &mut self,
        now: Time,
        incident: Option<IncidentId>,
        play: Option<PlayId>,
        change: ChangeId,
    ) {
        let names = &self.ledger.words;
        let change = names.change(change);
        let event = Event::Change {
            text: format!("{change} is frozen and was not made"),
            change,
            stage: ChangeStage::Frozen,
            by: None,
            incident: incident.map(IncidentId::number),
            play: play.map(|play| names.play(play)),
            pipeline: None,
            evidence: Evidence::Simulated,
        };
        self.ledger.write(now, event);
    }

    /// The events that move a play on, each with who did it.
    fn play_step(&mut self, now: Time, event: PlayEvent) {
        let names = &self.ledger.words;
        let mut whose = (None, None);
        let (step, actor, channel, text) = match event {
            PlayEvent::PlayOpened { incident, play, cause } => {
                whose = (Some(incident), Some(names.play(play)));
                (PlayStep::Opened, None, None, cause)
            }
            PlayEvent::Acknowledged { incident, person, channel } => {
                whose.0 = Some(incident);
                let text = "takes the incident".to_string();
                (
                    PlayStep::Acknowledged,
                    Some(person),
                    channel.map(|channel| names.channel(channel)),
                    text,
                )
            }
            PlayEvent::Declared { incident, person } => {
                whose.0 = Some(incident);
                (PlayStep::Declared, Some(person), None, "this is an incident".to_string())
            }
            PlayEvent::NotDeclared { incident, person } => {
                whose.0 = Some(incident);
                (PlayStep::NotDeclared, Some(person), None, "this is not an incident".to_string())
            }
            PlayEvent::Chosen { incident, change, person } => {
                whose.0 = Some(incident);
                (PlayStep::Chosen, Some(person), None, names.change(change))
            }
            PlayEvent::Decided { incident, person, in_advance } => {
                whose.0 = Some(incident);
                let said = if in_advance { APPROVED_IN_ADVANCE } else { "go ahead" };
                (PlayStep::Decided, Some(person), None, said.to_string())
            }
            PlayEvent::Refused { incident, person } => {
                whose.0 = Some(incident);
                (PlayStep::Refused, Some(person), None, "do not go ahead".to_string())
            }
            PlayEvent::NotVerified { incident, rules } => {
                whose.0 = Some(incident);
                let rules: Vec<String> = rules.iter().map(|rule| names.rule(*rule)).collect();
                (PlayStep::NotVerified, None, None, not_verified(&rules))
            }
            PlayEvent::Stalled { incident, play, text } => {
                whose = (incident, play.map(|play| names.play(play)));
                (PlayStep::Stalled, None, None, text)
            }
            PlayEvent::IncidentOpened { .. }
            | PlayEvent::RuleJoined { .. }
            | PlayEvent::Reopened { .. }
            | PlayEvent::Contained { .. }
            | PlayEvent::Recovered { .. }
            | PlayEvent::AttemptEnded(_)
            | PlayEvent::PhaseEnded(_)
            | PlayEvent::Launch { .. }
            | PlayEvent::Freeze { .. }
            | PlayEvent::Frozen { .. } => unreachable!("written where it is told apart"),
        };
        let event = Event::Play {
            incident: whose.0.map(IncidentId::number),
            play: whose.1,
            step,
            actor: actor.map(|person| names.person(person)),
            channel,
            text,
        };
        self.ledger.write(now, event);
    }

    pub(super) fn order(&mut self, now: Time, order: Order) {
        match order {
            Order::Ask(ask) => self.ask(now, ask),
            Order::Tell(tell) => self.tell(now, tell),
            Order::Start { change, by, incident, play, .. } => {
                self.pipelines.order(change, by, incident, play);
                let names = &self.ledger.words;
                let pipeline = self.plan.playbook.changes.changes[change.index()].pipeline;
                let event = Event::Change {
                    text: format!("{} is ordered", names.change(change)),
                    change: names.change(change),
                    stage: ChangeStage::Ordered,
                    by: by.map(|person| names.person(person)),
                    incident: incident.map(IncidentId::number),
                    play: play.map(|play| names.play(play)),
                    pipeline: pipeline.map(|p| self.plan.names.pipelines[p.index()].clone()),
                    evidence: Evidence::Simulated,
                };
                self.ledger.write(now, event);
            }
        }
    }

    fn ask(&mut self, now: Time, ask: Ask) {
        let names = &self.ledger.words;
        let event = Event::Ask {
            ask: ask.id.0,
            incident: ask.incident.map(IncidentId::number),
            person: names.person(ask.person),
            role: names.roles(ask.person),
            channel: ask.channel.map(|channel| names.channel(channel)),
            question: names.question(&ask),
            until: ask.until,
        };
        self.ledger.write(now, event);
        if self.seats.is_taken(ask.person) {
            return self.seats.asked(now, ask);
        }
        self.seats.note_simulated_ask(now, &ask);
        self.draw_an_answer(now, now, ask);
    }

    /// A drawn answer has come: given to the monitor, unless its person has other work.
    pub(super) fn answer(&mut self, now: Time, number: usize) {
        if self.humans.is_discarded(number) {
            return;
        }
        let answer = self.humans.answer(number).clone();
        let ask = &answer.ask;
        if ask.channel.is_some() {
            if self.conditions.unreachable[ask.person.index()] {
                return;
            }
            if self.monitor.awaited_by(ask).is_some() {
                self.humans.defer(number);
                return;
            }
        }
        self.answer_given(now, &answer, Evidence::Simulated);
    }

    /// The monitor hears an answer, and it is written down.
    pub(super) fn answer_given(&mut self, now: Time, answer: &DrawnAnswer, evidence: Evidence) {
        let ask = &answer.ask;
        let said = MonitorInput::Answer { ask: ask.id, reply: answer.reply };
        let awaited = self.inform(now, said);
        let names = &self.ledger.words;
        let event = Event::Answer {
            ask: ask.id.0,
            incident: ask.incident.map(IncidentId::number),
            person: names.person(ask.person),
            role: names.roles(ask.person),
            channel: ask.channel.map(|channel| names.channel(channel)),
            question: names.question(ask),
            reply: match &answer.wants {
                Some(wants) => format!("{}, wants {wants}", names.reply(ask, answer.reply)),
                None => names.reply(ask, answer.reply),
            },
            asked_at: answer.asked_at,
            late: !awaited,
            evidence,
        };
        self.ledger.write(now, event);
    }

    /// Gives the answers of people who have become free; false if there is none.
    pub(super) fn deferred_answers(&mut self, now: Time) -> bool {
        let monitor = &self.monitor;
        let free = |ask: &Ask| monitor.awaited_by(ask).is_none();
        let Some(number) = self.humans.freed(free) else { return false };
        self.answer(now, number);
        true
    }

    /// Starts every change whose pipeline is free; false if there is none.
    pub(super) fn start_changes(&mut self, now: Time) -> bool {
        let mut any = false;
        while let Some(run) = self.pipelines.start(now, &self.conditions.blocked) {
            any = true;
            let takes = self.pipelines.run(run).takes;
            self.stage(now, run, ChangeStage::Deploying);
            let change = self.pipelines.run(run).change;
            self.inform(now, MonitorInput::Change { change, end: ChangeEnd::Queue });
            self.agenda_enter(now + takes, Control::Deployed(run));
        }
        any
    }

    /// A deploy is over, and has failed or not.
    pub(super) fn deployed(&mut self, now: Time, number: usize, failed: bool) {
        self.pipelines.free(number);
        let run = self.pipelines.run(number).clone();
        if failed {
            self.stage(now, number, ChangeStage::Failed);
            self.inform(now, MonitorInput::Change { change: run.change, end: ChangeEnd::Failed });
            return;
        }
        self.stage(now, number, ChangeStage::Deployed);
        self.inform(now, MonitorInput::Change { change: run.change, end: ChangeEnd::Deploy });
        if run.propagates.0 == 0 {
            self.live(now, number);
        } else {
            self.agenda_enter(now + run.propagates, Control::Live(number));
            self.rolls(now, run.change, now + run.propagates);
        }
    }

    /// The change is everywhere: it takes effect, and ends or brings faults.
    pub(super) fn live(&mut self, now: Time, number: usize) {
        let change = self.pipelines.run(number).change;
        self.stage(now, number, ChangeStage::Live);
        let row = &self.plan.playbook.changes.changes[change.index()];
        self.in_effect.retain(|earlier| !row.ends.contains(earlier) && *earlier != change);
        self.in_effect.push(change);
        self.rolled(change);
        let edges = self.schedule.change_live(now, change);
        for edge in &edges {
            self.ledger.fault(now, self.plan, *edge);
        }
        self.ledger.effect(now, self.plan, change);
        self.renew(now);
        self.inform(now, MonitorInput::Change { change, end: ChangeEnd::Propagate });
        // Only once the change is known to be in effect, so that a recovery is credited to it.
        for edge in edges {
            self.expect_notices(now, edge);
        }
    }

    fn stage(&mut self, now: Time, number: usize, stage: ChangeStage) {
        let run = self.pipelines.run(number);
        let names = &self.ledger.words;
        let change = names.change(run.change);
        let pipeline = self.plan.playbook.changes.changes[run.change.index()].pipeline;
        let took = run.started_at.map(|started| now.since(started));
        let text = match (stage, took) {
            (ChangeStage::Deployed, Some(took)) => format!("{change} is deployed after {took}"),
            (ChangeStage::Failed, Some(took)) => format!("{change} failed after {took}"),
            (ChangeStage::Live, _) => format!("{change} is live"),
            _ => format!("{change} is being deployed"),
        };
        let event = Event::Change {
            change,
            stage,
            by: run.by.map(|person| names.person(person)),
            incident: run.incident.map(IncidentId::number),
            play: run.play.map(|play| names.play(play)),
            pipeline: pipeline.map(|p| self.plan.names.pipelines[p.index()].clone()),
            text,
            evidence: match stage {
                ChangeStage::Deployed | ChangeStage::Failed => run.end,
                _ => Evidence::Simulated,
            },
        };
        self.ledger.write(now, event);
    }
}
