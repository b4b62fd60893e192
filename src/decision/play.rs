//! A play in progress: its steps in order, each until it is done.

use super::confirm::confirms_next;
use super::dispatcher::Dispatcher;
use super::effects::Work;
use super::incident::OpenIncident;
use super::ladder::Ladder;
use super::run::{NextAction, PlayRun, Repeat};
use super::template::fill;
use super::{AskStep, Attempt, AttemptOutcome, ChangeChoice, ChangeEnd};
use super::{Order, Output, PlayEvent, Question, Step, Tell, TellStep, Trigger};
use crate::change::Freeze;
use crate::names::{ChangeId, PersonId};
use crate::units::{Span, Time};

impl OpenIncident {
    /// Runs the play as far as it goes by itself, and notes who is busy with it.
    pub fn advance(&mut self, at: Time, dispatcher: &mut Dispatcher<'_>) {
        while self.run.as_ref().is_some_and(|run| matches!(run.doing, NextAction::Begin)) {
            self.begin_step(at, dispatcher);
        }
        let active = self.run.as_ref().is_some_and(|run| run.stalled.is_none());
        let responder = self.responder.map(|(person, _)| person);
        dispatcher.engage(Work::Incident(self.id), responder.filter(|_| active));
    }

    /// The play that is running; there must be one.
    pub fn run(&mut self) -> &mut PlayRun {
        self.run.as_mut().expect("a play is running")
    }

    /// The step that it is at; `None` once all are done.
    pub fn step<'a>(&self, dispatcher: &Dispatcher<'a>) -> Option<&'a Step> {
        self.step_of(self.run.as_ref()?, dispatcher)
    }

    fn begin_step(&mut self, at: Time, dispatcher: &mut Dispatcher<'_>) {
        let instead = self.run().instead();
        match (self.step(dispatcher), instead) {
            (None, Some(change)) => self.make_change(at, change, dispatcher),
            (step, _) => self.begin(at, step, dispatcher),
        }
    }

    fn begin(&mut self, at: Time, step: Option<&Step>, dispatcher: &mut Dispatcher<'_>) {
        match step {
            None if self.run().verify_by.is_some() => self.run().doing = NextAction::Verify,
            None => {
                self.run().doing = NextAction::Done;
                self.end_play(at, dispatcher);
            }
            Some(Step::Page(escalation)) => {
                let ladder =
                    Ladder::from_escalation(dispatcher.playbook.roster.escalation(*escalation));
                self.run().doing = NextAction::Walk(ladder);
                self.walk(at, dispatcher);
            }
            Some(Step::Declare(takes)) => {
                self.ask_responder(at, Question::Declare { takes: *takes }, dispatcher);
            }
            Some(Step::Diagnose { takes, again, among }) => {
                let (takes, among) = match self.run().looks_again() {
                    false => (*takes, among.clone()),
                    true => (again.unwrap_or(*takes), self.run().left_of(among)),
                };
                self.ask_responder(at, Question::Diagnose { takes, among }, dispatcher);
            }
            Some(Step::Ask(step)) => match self.approved_by(dispatcher) {
                Some(person) => self.agreed(at, person, true, dispatcher),
                None => self.ask_in_turn(at, step, dispatcher),
            },
            Some(Step::Tell(step)) => {
                self.tell(at, step, dispatcher);
                self.run().done();
            }
            Some(Step::Change(chosen)) => {
                let change = self.change_of(*chosen);
                self.make_change(at, change, dispatcher);
            }
            Some(Step::Work(lists)) => self.begin_work(at, lists, dispatcher),
            Some(Step::Confirm(within)) => self.begin_confirming(at, *within, dispatcher),
        }
    }

    /// Nobody answers, or nobody can be asked: a play that opens for that takes its place.
    pub fn stall(&mut self, at: Time, text: String, dispatcher: &mut Dispatcher<'_>) {
        let run = self.run();
        run.stalled = Some(at);
        let play = run.play;
        dispatcher.note(PlayEvent::Stalled { incident: Some(self.id), play: Some(play), text });
        if let Some((next, cause)) = self.play_for(Trigger::Stalled(play), dispatcher) {
            self.end_attempt(at, AttemptOutcome::Stalled, dispatcher);
            self.start_play_once(at, next, cause, dispatcher);
        }
    }

    /// The next contact of the ladder; without one it waits for somebody to come on duty, or
    /// nobody answers.
    pub fn walk(&mut self, at: Time, dispatcher: &mut Dispatcher<'_>) {
        let step = self.step(dispatcher);
        let question = match step {
            Some(Step::Page(escalation)) => Question::Page { escalation: *escalation },
            Some(Step::Ask(step)) => self.decision(step),
            step => unreachable!("no ladder belongs to {step:?}"),
        };
        let matter = self.ask_context();
        let NextAction::Walk(ladder) = &mut self.run().doing else {
            unreachable!("a ladder walks")
        };
        if ladder.ask_next(at, question, matter, dispatcher) {
            self.run().stalled = None;
            if let Some(Step::Ask(AskStep { within: Some(within), .. })) = step {
                self.run().silent_at.get_or_insert(at + *within);
            }
            return;
        }
        let why = ladder.why_stalled(&nobody(step, dispatcher), dispatcher);
        match step {
            Some(Step::Ask(step)) if ladder.has_asked() => self.silence(at, step, why, dispatcher),
            _ => self.stall(at, why, dispatcher),
        }
    }

    fn ask_responder(&mut self, at: Time, question: Question, dispatcher: &mut Dispatcher<'_>) {
        let Some((person, _)) = self.responder else {
            self.run().doing = NextAction::Nobody;
            return self.stall(at, "nobody has answered a page".to_string(), dispatcher);
        };
        let ask = dispatcher.ask(person, None, question, None, self.ask_context());
        self.run().doing = NextAction::Respond(ask);
    }

    /// Asks one after the other, those who are busy with something else last; while all of them
    /// are, it waits for one to be free.
    fn ask_in_turn(&mut self, at: Time, step: &AskStep, dispatcher: &mut Dispatcher<'_>) {
        let own = Work::Incident(self.id);
        let roster = &dispatcher.playbook.roster;
        let present: Vec<PersonId> = step.people.iter().map(|(person, _)| *person).collect();
        let mut present = present.into_iter().filter(|person| roster.on_duty(*person, at));
        let busy = |person: PersonId| dispatcher.busy(person).any(|work| work != own);
        let free = present.clone().any(|person| !busy(person));
        if !free && present.next().is_some() {
            self.run().doing = NextAction::Holder;
            return;
        }
        let ladder = Ladder::to(step, self.run().ask_first, busy);
        let asking = dispatcher.next_asking();
        let run = self.run();
        (run.doing, run.asking) = (NextAction::Walk(ladder), asking);
        if !free && step.silent.is_some() {
            // Nobody is on duty: that is silence too, once there was time enough to answer.
            run.silent_at = Some(at + step.within.unwrap_or(step.tried_within()));
        }
        self.walk(at, dispatcher);
    }

    /// Somebody may have become free: asks again where a holder of a role is waited for.
    pub fn retry(&mut self, at: Time, dispatcher: &mut Dispatcher<'_>) {
        match self.run.as_mut().map(|run| &mut run.doing) {
            Some(doing @ NextAction::Holder) => *doing = NextAction::Begin,
            Some(NextAction::Work(_)) => self.go_on_with_work(at, dispatcher),
            _ => return,
        }
        self.advance(at, dispatcher);
    }

    fn tell(&mut self, at: Time, step: &TellStep, dispatcher: &mut Dispatcher<'_>) {
        self.say(at, step, dispatcher);
        if let Some(every) = step.every {
            assert!(every > Span::ZERO, "a message is repeated after some time");
            let (play, step) = (self.run().play, self.run().step());
            self.repeats.retain(|repeat| (repeat.play, repeat.step) != (play, step));
            self.repeats.push(Repeat { due: at + every, play, step, every });
        }
    }

    /// Says what a step tells.
    pub fn say(&self, at: Time, step: &TellStep, dispatcher: &mut Dispatcher<'_>) {
        let tell = self.message(at, step, dispatcher);
        dispatcher.say(Output::Order(Order::Tell(tell)));
    }

    /// What a step tells.
    pub fn message(&self, at: Time, step: &TellStep, dispatcher: &Dispatcher<'_>) -> Tell {
        let from = match step.from {
            None => self.responder.map(|(person, _)| person),
            Some(audience) => dispatcher.present(at, audience).first().copied(),
        };
        let text = match &step.note {
            Some(note) => fill(note, |field| self.field(field, dispatcher)),
            None => self.news(dispatcher),
        };
        dispatcher.message(at, from, step.to, text, Some(self.id))
    }

    /// What a field of a message means, as far as the judgement knows.
    fn field(&self, field: &str, dispatcher: &Dispatcher<'_>) -> Option<String> {
        let rule = self.rule.index();
        let change = self.attempt().and_then(|attempt| attempt.change);
        let play = self.plays.last().map(|play| dispatcher.names.plays[play.index()].clone());
        Some(match field {
            "incident" => (self.id.index() + 1).to_string(),
            "alert" => dispatcher.names.rules[rule].clone(),
            "severity" => dispatcher.playbook.rules[rule].severity.clone().unwrap_or_default(),
            "play" => play.unwrap_or_default(),
            "change" => {
                change.map_or("no change yet".to_string(), |c| dispatcher.change(c).to_string())
            }
            "status" => self.news(dispatcher),
            _ => return None,
        })
    }

    /// One sentence on the state of the incident.
    fn news(&self, dispatcher: &Dispatcher<'_>) -> String {
        let change = self.attempt().and_then(|attempt| {
            let name = dispatcher.change(attempt.change?);
            Some(match attempt {
                a if a.reached.live_at.is_some() => format!("{name} is live"),
                a if a.reached.ordered_at.is_some() => format!("{name} is under way"),
                a if a.reached.decided_at.is_some() => format!("{name} is decided"),
                _ => format!("{name} is proposed"),
            })
        });
        let contained = self.maintenance.filter(|change| dispatcher.effects.is_in_effect(*change));
        let page = contained.map(|change| format!("{} is live", dispatcher.change(change)));
        change.or(page).unwrap_or_else(|| "there is an incident".to_string())
    }

    fn change_of(&mut self, chosen: ChangeChoice) -> ChangeId {
        let run = self.run();
        run.instead().unwrap_or_else(|| match chosen {
            ChangeChoice::This(change) => change,
            ChangeChoice::ByDiagnosis => run.chosen.expect("a triage comes before `change chosen`"),
        })
    }

    fn make_change(&mut self, at: Time, change: ChangeId, dispatcher: &mut Dispatcher<'_>) {
        let matter = self.ask_context();
        self.mark(|attempt| attempt.change = Some(change));
        if dispatcher.playbook.changes.changes[change.index()].maintenance
            && dispatcher.effects.is_in_effect(change)
        {
            // The page is up already: there is nothing to deploy.
            return self.live(at, change, dispatcher);
        }
        if dispatcher.stopped_by_freeze(at, change, matter) {
            return self.frozen(at, change, dispatcher);
        }
        self.mark(|attempt| attempt.reached.ordered_at = Some(at));
        let reached = dispatcher.start(change, self.responder.map(|(person, _)| person), matter);
        self.run().doing = NextAction::Change(change, reached);
        if reached.is_some() {
            self.mark(|attempt| attempt.reached.deploying_at = Some(at));
        }
        if reached == Some(ChangeEnd::Deploy) {
            self.mark(|attempt| attempt.reached.deployed_at = Some(at));
        }
    }

    /// A freeze stops the change: something else is tried, and where there is nothing else, the
    /// end of the freeze is waited for.
    fn frozen(&mut self, at: Time, change: ChangeId, dispatcher: &mut Dispatcher<'_>) {
        let play = self.run().play;
        if self.has_alternative(Trigger::Failed(play), dispatcher) {
            return self.fail(at, AttemptOutcome::Frozen, dispatcher);
        }
        self.end_attempt(at, AttemptOutcome::Frozen, dispatcher);
        let stops = |freeze: &&Freeze| freeze.stops(change, Some(play), at);
        let ends = dispatcher.playbook.changes.freezes.iter().filter(stops).map(|freeze| freeze.to);
        let until = ends.max().unwrap_or(at);
        self.begin_attempt(at, Some(play), "frozen".to_string()).change = Some(change);
        self.run().doing = NextAction::Hold(until);
    }

    /// Writes something down in the attempt, if there is one.
    pub fn mark(&mut self, note: impl FnOnce(&mut Attempt)) {
        self.response.current_mut().map(note);
    }

    /// A stage of a change has ended, which may be the one that is waited for.
    pub fn change_ended(
        &mut self,
        at: Time,
        change: ChangeId,
        end: ChangeEnd,
        dispatcher: &mut Dispatcher<'_>,
    ) {
        self.by_hand_ended(at, change, end, dispatcher);
        // No matter who has taken it down.
        let is_up = |page: ChangeId| dispatcher.effects.is_in_effect(page);
        if end == ChangeEnd::Propagate && self.maintenance.is_some_and(|page| !is_up(page)) {
            self.page_off_at.get_or_insert(at);
        }
        let Some(run) = &mut self.run else { return };
        match &mut run.doing {
            NextAction::Change(waited, stage) if *waited == change => *stage = Some(end),
            _ => return,
        }
        match end {
            ChangeEnd::Queue | ChangeEnd::Deploy => {
                self.mark(|attempt| attempt.change_ended(at, end));
            }
            ChangeEnd::Failed => self.fail(at, AttemptOutcome::ChangeFailed, dispatcher),
            ChangeEnd::Propagate => self.live(at, change, dispatcher),
        }
        self.advance(at, dispatcher);
    }

    /// The change is live: verification begins with the last one, a maintenance page contains.
    fn live(&mut self, at: Time, change: ChangeId, dispatcher: &mut Dispatcher<'_>) {
        self.mark(|attempt| attempt.change_ended(at, ChangeEnd::Propagate));
        self.run().made();
        let play = &dispatcher.playbook.plays[self.run().play.index()];
        let rest = play.steps.get(self.run().step() + 1..).unwrap_or_default();
        let more = rest.iter().any(|step| matches!(step, Step::Change(_)));
        let maintenance = dispatcher.playbook.changes.changes[change.index()].maintenance;
        let cause = format!("{} is live", dispatcher.change(change));
        let confirmed = more && confirms_next(rest);
        if maintenance {
            (self.maintenance, self.page_off_at) = (Some(change), None);
            dispatcher.note(PlayEvent::Contained { incident: self.id });
            self.end_attempt(at, AttemptOutcome::Contained, dispatcher);
        } else if confirmed {
            // Whether it has helped is asked before the next one is made.
        } else if more {
            self.end_attempt(at, AttemptOutcome::Live, dispatcher);
        } else {
            self.run().verify_by = play.verify.map(|verify| at + verify);
        }
        if more && !confirmed {
            let play = self.run().play;
            self.begin_attempt(at, Some(play), cause);
        }
        self.run().done();
    }

    /// Does what is due by now.
    pub fn wake(&mut self, at: Time, dispatcher: &mut Dispatcher<'_>) {
        for index in 0..self.repeats.len() {
            let Repeat { due, play, step, every } = self.repeats[index];
            if due <= at {
                self.repeats[index].due = due + every;
                if let Step::Tell(step) = &dispatcher.playbook.plays[play.index()].steps[step] {
                    self.say(at, step, dispatcher);
                }
            }
        }
        self.wake_play(at, dispatcher);
        self.advance(at, dispatcher);
    }

    fn wake_play(&mut self, at: Time, dispatcher: &mut Dispatcher<'_>) {
        let step = self.step(dispatcher);
        let Some(run) = &mut self.run else { return };
        if run.verify_by.is_some_and(|due| due <= at) {
            self.not_verified(dispatcher);
            return self.fail(at, AttemptOutcome::NotVerified, dispatcher);
        }
        if let (true, Some(Step::Ask(step))) = (run.silent_at.is_some_and(|due| due <= at), step) {
            let why = match &run.doing {
                NextAction::Walk(ladder) => ladder
                    .why_stalled(&nobody(Some(&Step::Ask(step.clone())), dispatcher), dispatcher),
                _ => "nobody decides".to_string(),
            };
            return self.silence(at, step, why, dispatcher);
        }
        match &run.doing {
            NextAction::Hold(until) if *until <= at => run.begin_again(),
            NextAction::PutOff { until, then, .. } if *until <= at => {
                let then = *then;
                self.run_deferred(at, then, dispatcher);
            }
            NextAction::Walk(ladder) if ladder.wake_at().is_some_and(|due| due <= at) => {
                self.walk(at, dispatcher);
            }
            _ => {}
        }
    }
}

/// What a step calls the people it asks, when there is nobody: `no decider`.
fn nobody(step: Option<&Step>, dispatcher: &Dispatcher<'_>) -> String {
    match step {
        Some(Step::Page(escalation)) => {
            format!("nobody in {}", dispatcher.names.escalations[escalation.index()])
        }
        Some(Step::Ask(AskStep { role: Some(role), .. })) => {
            format!("no {}", dispatcher.names.roles[role.index()])
        }
        Some(Step::Ask(step)) => {
            let names = step.people.iter().map(|(person, _)| person.index());
            let names: Vec<&str> =
                names.map(|index| dispatcher.names.people[index].as_str()).collect();
            format!("none of {}", names.join(", "))
        }
        _ => "nobody".to_string(),
    }
}
