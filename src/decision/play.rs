//! A play in progress: its steps in order, each until it is done.

use super::desk::{Desk, Work};
use super::incident::Incident;
use super::ladder::Ladder;
use super::template::fill;
use super::{AskId, AskStep, Attempt, Audience, ChangeEnd, Chosen, Outcome, Phase};
use super::{PlayEvent, Question, Step, TellStep};
use crate::names::{ChangeId, PlayId};
use crate::units::{Span, Time};

/// Where a play stands.
#[derive(Debug)]
pub(super) struct Run {
    pub play: PlayId,
    /// Since when nobody has answered it; a late answer ends that.
    pub stalled: Option<Time>,
    pub doing: Doing,
    /// Its position among the play's steps.
    step: usize,
    /// The step that chose, and what else it could have chosen, in file order.
    triage: usize,
    candidates: Vec<ChangeId>,
    chosen: Option<ChangeId>,
    /// Every rule must have resolved by then.
    verify_by: Option<Time>,
}

/// What it is waiting for.
#[derive(Debug)]
pub(super) enum Doing {
    /// For nothing: the step begins.
    Begin,
    /// A ladder or a role's holder to answer.
    Walk(Ladder),
    /// The responder to say that it is an incident, or to choose.
    Respond(AskId),
    /// A holder of the role to be free.
    Holder,
    /// A change to be live, and the last stage of it that has ended.
    Change(ChangeId, Option<ChangeEnd>),
    /// Verification; every step is done.
    Verify,
    /// For nobody: there is no one to ask.
    Nobody,
}

/// Something that is told again and again.
#[derive(Debug)]
pub(super) struct Repeat {
    pub due: Time,
    play: PlayId,
    step: usize,
    every: Span,
}

impl Run {
    /// A play that has just opened.
    pub fn of(play: PlayId) -> Run {
        Run {
            play,
            stalled: None,
            doing: Doing::Begin,
            step: 0,
            triage: 0,
            candidates: Vec::new(),
            chosen: None,
            verify_by: None,
        }
    }

    /// When it must go on by itself at the latest.
    pub fn wake_at(&self) -> Option<Time> {
        let ladder = match &self.doing {
            Doing::Walk(ladder) => ladder.wake_at(),
            _ => None,
        };
        ladder.into_iter().chain(self.verify_by).min()
    }

    /// What is under way at this step of its play.
    pub fn phase(&self, step: Option<&Step>) -> Phase {
        match (&self.doing, step) {
            _ if self.stalled.is_some() => Phase::Stalled,
            (Doing::Walk(_), Some(Step::Page(_))) => Phase::Acknowledge,
            (Doing::Walk(_) | Doing::Holder, _) => Phase::Reach,
            (Doing::Respond(_), Some(Step::Declare(_))) => Phase::Declare,
            (Doing::Respond(_), Some(Step::Triage { .. })) => Phase::Diagnose,
            (Doing::Respond(_), _) => Phase::Decide,
            (Doing::Change(_, ended), _) => Phase::of_change(*ended),
            (Doing::Verify, _) => Phase::Confirm,
            (Doing::Begin | Doing::Nobody, _) => Phase::Stalled,
        }
    }

    /// Chooses the next candidate of the triage, and goes back to the step after it.
    pub fn try_next_candidate(&mut self) -> Option<ChangeId> {
        if self.candidates.is_empty() {
            return None;
        }
        let change = self.candidates.remove(0);
        self.chosen = Some(change);
        self.verify_by = None;
        self.step = self.triage;
        self.done();
        Some(change)
    }

    /// This step has chosen a change among these.
    pub fn chose(&mut self, change: ChangeId, among: impl Iterator<Item = ChangeId>) {
        self.candidates = among.filter(|other| *other != change).collect();
        (self.triage, self.chosen) = (self.step, Some(change));
        self.done();
    }

    /// The step is done, and the next one begins.
    pub fn done(&mut self) {
        self.step += 1;
        self.doing = Doing::Begin;
        self.stalled = None;
    }
}

impl Incident {
    /// Runs the play as far as it goes by itself, and notes who is busy with it.
    pub fn go_on(&mut self, at: Time, desk: &mut Desk<'_>) {
        while self.run.as_ref().is_some_and(|run| matches!(run.doing, Doing::Begin)) {
            self.begin_step(at, desk);
        }
        let active = self.run.as_ref().is_some_and(|run| run.stalled.is_none());
        let responder = self.responder.map(|(person, _)| person);
        desk.engage(Work::Incident(self.id), responder.filter(|_| active));
    }

    /// The play that is running; there must be one.
    pub fn run(&mut self) -> &mut Run {
        self.run.as_mut().expect("a play is running")
    }

    /// The step that it is at; `None` once all are done.
    pub fn step<'a>(&self, desk: &Desk<'a>) -> Option<&'a Step> {
        let run = self.run.as_ref()?;
        desk.playbook.plays[run.play.index()].steps.get(run.step)
    }

    fn begin_step(&mut self, at: Time, desk: &mut Desk<'_>) {
        match self.step(desk) {
            None if self.run().verify_by.is_some() => self.run().doing = Doing::Verify,
            None => self.rest(at, desk),
            Some(Step::Page(escalation)) => {
                let ladder = Ladder::of(desk.playbook.roster.escalation(*escalation));
                self.run().doing = Doing::Walk(ladder);
                self.walk(at, desk);
            }
            Some(Step::Declare(takes)) => {
                self.ask_responder(at, Question::Declare { takes: *takes }, desk);
            }
            Some(Step::Triage { takes, among }) => {
                let question = Question::Triage { takes: *takes, among: among.clone() };
                self.ask_responder(at, question, desk);
            }
            Some(Step::Ask(step)) => self.ask_holder(at, step, desk),
            Some(Step::Tell(step)) => {
                self.tell(at, step, desk);
                self.run().done();
            }
            Some(Step::Change(chosen)) => self.make_change(at, *chosen, desk),
        }
    }

    /// Nobody answers, or nobody can be asked.
    pub fn stall(&mut self, at: Time, text: String, desk: &mut Desk<'_>) {
        let run = self.run();
        run.stalled = Some(at);
        let play = Some(run.play);
        desk.note(PlayEvent::Stalled { incident: Some(self.id), play, text });
    }

    /// The next contact of the ladder, or a stall.
    pub fn walk(&mut self, at: Time, desk: &mut Desk<'_>) {
        let change = self.attempt().and_then(|attempt| attempt.change);
        let (question, whom) = match self.step(desk) {
            Some(Step::Page(escalation)) => (
                Question::Page { escalation: *escalation },
                &desk.names.escalations[escalation.index()],
            ),
            Some(Step::Ask(AskStep { role, agrees, .. })) => (
                Question::Decide { role: *role, change, agrees: *agrees },
                &desk.names.roles[role.index()],
            ),
            step => unreachable!("no ladder belongs to {step:?}"),
        };
        let matter = self.matter();
        let Doing::Walk(ladder) = &mut self.run().doing else { unreachable!("a ladder walks") };
        if !ladder.ask_next(at, question, matter, desk) {
            let why = ladder.why_stalled(whom, desk);
            self.stall(at, why, desk);
        }
    }

    fn ask_responder(&mut self, at: Time, question: Question, desk: &mut Desk<'_>) {
        let Some((person, _)) = self.responder else {
            self.run().doing = Doing::Nobody;
            return self.stall(at, "nobody has answered a page".to_string(), desk);
        };
        let ask = desk.ask(person, None, question, None, self.matter());
        self.run().doing = Doing::Respond(ask);
    }

    /// Asks the first holder of the role who is on duty and not busy with something else.
    fn ask_holder(&mut self, at: Time, step: &AskStep, desk: &mut Desk<'_>) {
        let holders = desk.present(at, Audience::Role(step.role));
        if holders.is_empty() {
            self.run().doing = Doing::Nobody;
            let word = &desk.names.roles[step.role.index()];
            return self.stall(at, format!("no {word} is named and on duty"), desk);
        }
        let own = Work::Incident(self.id);
        let free = holders.into_iter().find(|person| desk.busy(*person).all(|work| work == own));
        let Some(person) = free else {
            self.run().doing = Doing::Holder;
            return;
        };
        self.run().doing = Doing::Walk(Ladder::to(person, &step.by, step.each));
        self.walk(at, desk);
    }

    /// Somebody may have become free: asks again where a holder of a role is waited for.
    pub fn retry(&mut self, at: Time, desk: &mut Desk<'_>) {
        if let Some(run) = self.run.as_mut().filter(|run| matches!(run.doing, Doing::Holder)) {
            run.doing = Doing::Begin;
            self.go_on(at, desk);
        }
    }

    fn tell(&mut self, at: Time, step: &TellStep, desk: &mut Desk<'_>) {
        self.say(at, step, desk);
        if let Some(every) = step.every {
            assert!(every > Span::ZERO, "a message is repeated after some time");
            let (play, step) = (self.run().play, self.run().step);
            self.repeats.retain(|repeat| (repeat.play, repeat.step) != (play, step));
            self.repeats.push(Repeat { due: at + every, play, step, every });
        }
    }

    fn say(&self, at: Time, step: &TellStep, desk: &mut Desk<'_>) {
        let from = match step.from {
            None => self.responder.map(|(person, _)| person),
            Some(audience) => desk.present(at, audience).first().copied(),
        };
        let text = match &step.note {
            Some(note) => fill(note, |field| self.field(field, desk)),
            None => self.news(desk),
        };
        desk.tell(at, from, step.to, text, Some(self.id));
    }

    /// What a field of a message stands for, as far as the judgement knows.
    fn field(&self, field: &str, desk: &Desk<'_>) -> Option<String> {
        let rule = self.rule.index();
        let change = self.attempt().and_then(|attempt| attempt.change);
        let play = self.plays.last().map(|play| desk.names.plays[play.index()].clone());
        Some(match field {
            "incident" => (self.id.index() + 1).to_string(),
            "alert" => desk.names.rules[rule].clone(),
            "severity" => desk.playbook.rules[rule].severity.clone().unwrap_or_default(),
            "play" => play.unwrap_or_default(),
            "change" => change.map_or("no change yet".to_string(), |c| desk.change(c).to_string()),
            "status" => self.news(desk),
            _ => return None,
        })
    }

    /// One sentence on where the incident stands.
    fn news(&self, desk: &Desk<'_>) -> String {
        let change = self.attempt().and_then(|attempt| {
            let name = desk.change(attempt.change?);
            Some(match attempt {
                a if a.live_at.is_some() => format!("{name} is live"),
                a if a.ordered_at.is_some() => format!("{name} is under way"),
                a if a.decided_at.is_some() => format!("{name} is decided"),
                _ => format!("{name} is proposed"),
            })
        });
        let contained = self.maintenance.filter(|change| desk.effects.stands(*change));
        let page = contained.map(|change| format!("{} is live", desk.change(change)));
        change.or(page).unwrap_or_else(|| "there is an incident".to_string())
    }

    fn make_change(&mut self, at: Time, chosen: Chosen, desk: &mut Desk<'_>) {
        let change = match chosen {
            Chosen::This(change) => change,
            Chosen::ByTriage => self.run().chosen.expect("a triage comes before `change chosen`"),
        };
        let matter = self.matter();
        self.mark(|attempt| attempt.change = Some(change));
        if desk.playbook.changes.changes[change.index()].maintenance && desk.effects.stands(change)
        {
            // The page is up already: there is nothing to deploy.
            return self.live(at, change, desk);
        }
        if desk.stopped_by_freeze(at, change, matter) {
            return self.fail(at, Outcome::Frozen, desk);
        }
        self.mark(|attempt| attempt.ordered_at = Some(at));
        let reached = desk.start(change, self.responder.map(|(person, _)| person), matter);
        self.run().doing = Doing::Change(change, reached);
        if reached.is_some() {
            self.mark(|attempt| attempt.deploying_at = Some(at));
        }
        if reached == Some(ChangeEnd::Deploy) {
            self.mark(|attempt| attempt.deployed_at = Some(at));
        }
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
        desk: &mut Desk<'_>,
    ) {
        let Some(run) = &mut self.run else { return };
        match &mut run.doing {
            Doing::Change(waited, stage) if *waited == change => *stage = Some(end),
            _ => return,
        }
        match end {
            ChangeEnd::Queue | ChangeEnd::Deploy => {
                self.mark(|attempt| attempt.change_ended(at, end));
            }
            ChangeEnd::Failed => self.fail(at, Outcome::ChangeFailed, desk),
            ChangeEnd::Propagate => self.live(at, change, desk),
        }
        self.go_on(at, desk);
    }

    /// The change is live: verification begins with the last one, a maintenance page contains.
    fn live(&mut self, at: Time, change: ChangeId, desk: &mut Desk<'_>) {
        self.mark(|attempt| attempt.change_ended(at, ChangeEnd::Propagate));
        let play = &desk.playbook.plays[self.run().play.index()];
        let rest = &play.steps[self.run().step + 1..];
        let more = rest.iter().any(|step| matches!(step, Step::Change(_)));
        let maintenance = desk.playbook.changes.changes[change.index()].maintenance;
        let cause = format!("{} is live", desk.change(change));
        if maintenance {
            self.maintenance = Some(change);
            desk.note(PlayEvent::Contained { incident: self.id });
            self.end_attempt(at, Outcome::Contained, desk);
        } else if more {
            self.end_attempt(at, Outcome::Live, desk);
        } else {
            self.run().verify_by = play.verify.map(|verify| at + verify);
        }
        if more {
            let play = self.run().play;
            self.begin_attempt(at, Some(play), cause);
        }
        self.run().done();
    }

    /// Does what is due by now.
    pub fn wake(&mut self, at: Time, desk: &mut Desk<'_>) {
        for index in 0..self.repeats.len() {
            let Repeat { due, play, step, every } = self.repeats[index];
            if due <= at {
                self.repeats[index].due = due + every;
                if let Step::Tell(step) = &desk.playbook.plays[play.index()].steps[step] {
                    self.say(at, step, desk);
                }
            }
        }
        let Some(run) = &self.run else { return };
        if run.verify_by.is_some_and(|due| due <= at) {
            self.not_verified(desk);
            self.fail(at, Outcome::NotVerified, desk);
        } else if run.wake_at().is_some_and(|due| due <= at) {
            self.walk(at, desk);
        }
        self.go_on(at, desk);
    }
}
