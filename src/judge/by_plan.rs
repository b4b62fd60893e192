//! What would have been done: everybody answers as the median of the plan's own times says.
//!
//! A person answers on a channel if the plan gives it at least an even chance, at the median of
//! its time; the likeliest change is chosen; a change takes its median time, and starts once its
//! pipeline is neither taken nor blocked. Once a change is live for an incident, the log and the
//! plan part ways: what it would have done is not in the log.

use super::Subject;
use crate::decision::{self, Actor, Ask, ChangeEnd, Monitor, Reply};
use crate::kernel::Agenda;
use crate::names::{ChangeId, ChannelId, IncidentId, PersonId};
use crate::units::{Ratio, Span, Spread, Time};
use std::collections::VecDeque;

/// The lowest chance at which something is assumed to happen.
const EVEN: f64 = 0.5;

/// Something that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PlannedEvent {
    Answer(usize),
    Deployed(usize),
    Live(usize),
    /// A pipeline is no longer blocked.
    Unblocked,
}

/// A change that was ordered.
#[derive(Debug, Clone, Copy)]
struct OrderedChange {
    change: ChangeId,
    incident: Option<IncidentId>,
}

/// People and pipelines that do what the plan says.
#[derive(Debug)]
pub(super) struct PlannedActors<'s> {
    subject: &'s Subject,
    agenda: Agenda<PlannedEvent>,
    asks: Vec<(Ask, Reply)>,
    /// Answers of people who were busy, oldest first.
    deferred: Vec<usize>,
    runs: Vec<OrderedChange>,
    /// Per pipeline, and last those that need none: ordered and not started.
    waiting: Vec<VecDeque<usize>>,
    /// Per pipeline: whether something is being deployed.
    running: Vec<bool>,
    /// Changes that are live.
    live: Vec<ChangeId>,
    /// Incidents for which a change is live.
    parted: Vec<IncidentId>,
}

impl<'s> PlannedActors<'s> {
    /// Nobody has been asked yet.
    pub fn new(subject: &'s Subject) -> Self {
        let pipelines = subject.names.pipelines.len();
        let mut agenda = Agenda::new();
        let ends = subject.blocked.iter().map(|blocked| blocked.to);
        ends.filter(|to| *to != Time::NEVER)
            .for_each(|to| agenda.enter(to, PlannedEvent::Unblocked));
        PlannedActors {
            subject,
            agenda,
            asks: Vec::new(),
            deferred: Vec::new(),
            runs: Vec::new(),
            waiting: vec![VecDeque::new(); pipelines + 1],
            running: vec![false; pipelines],
            live: Vec::new(),
            parted: Vec::new(),
        }
    }

    /// When the next thing is due.
    pub fn next_at(&self) -> Option<Time> {
        self.agenda.next_at()
    }

    /// Somebody is asked.
    pub fn ask(&mut self, now: Time, ask: &Ask) {
        if self.has_parted(ask.incident) {
            return;
        }
        let mut likeliest = MedianPerson { subject: self.subject, person: ask.person };
        let Some((after, reply)) = decision::answer(ask, &mut likeliest) else { return };
        self.asks.push((ask.clone(), reply));
        self.agenda.enter(now + after, PlannedEvent::Answer(self.asks.len() - 1));
    }

    /// A change is ordered.
    pub fn order(&mut self, change: ChangeId, incident: Option<IncidentId>) {
        if self.has_parted(incident) {
            return;
        }
        self.runs.push(OrderedChange { change, incident });
        let line = self.line(change);
        self.waiting[line].push_back(self.runs.len() - 1);
    }

    fn has_parted(&self, incident: Option<IncidentId>) -> bool {
        incident.is_some_and(|incident| self.parted.contains(&incident))
    }

    fn line(&self, change: ChangeId) -> usize {
        let pipeline = self.subject.playbook.changes.changes[change.index()].pipeline;
        pipeline.map_or(self.running.len(), |pipeline| pipeline.index())
    }

    /// Does the next thing that is due by `now`.
    pub fn act(&mut self, now: Time, monitor: &mut Monitor) {
        let Some((_, coming)) = self.agenda.next_before(Time(now.0.saturating_add(1))) else {
            return;
        };
        match coming {
            PlannedEvent::Answer(number) => self.answer(now, number, monitor),
            PlannedEvent::Deployed(number) => self.deployed(now, number, monitor),
            PlannedEvent::Live(number) => self.live(now, number, monitor),
            // What has waited for it starts when everything of this moment has been done.
            PlannedEvent::Unblocked => {}
        }
    }

    /// Starts what can start and gives the answers of those who have become free; says whether
    /// there was anything.
    pub fn settle(&mut self, now: Time, monitor: &mut Monitor) -> bool {
        let mut any = false;
        for line in 0..self.waiting.len() {
            let taken = self.running.get(line).is_some_and(|running| *running);
            if taken || self.is_blocked(now, line) {
                continue;
            }
            let Some(number) = self.waiting[line].pop_front() else { continue };
            if let Some(running) = self.running.get_mut(line) {
                *running = true;
            }
            any = true;
            let change = self.runs[number].change;
            let takes = self.subject.playbook.changes.changes[change.index()].takes.median();
            monitor.change_ended(now, change, ChangeEnd::Queue);
            self.agenda.enter(now + takes, PlannedEvent::Deployed(number));
        }
        let free = |number: &usize| monitor.awaited_by(&self.asks[*number].0).is_none();
        if let Some(position) = self.deferred.iter().position(free) {
            let number = self.deferred.remove(position);
            self.answer(now, number, monitor);
            any = true;
        }
        any
    }

    fn is_blocked(&self, now: Time, line: usize) -> bool {
        let mut blocked = self.subject.blocked.iter().filter(|b| b.pipeline.index() == line);
        blocked.any(|blocked| {
            let freed = blocked.until.iter().any(|change| self.live.contains(change));
            blocked.from <= now && now < blocked.to && !freed
        })
    }

    fn answer(&mut self, now: Time, number: usize, monitor: &mut Monitor) {
        let (ask, reply) = &self.asks[number];
        if ask.channel.is_some() && monitor.awaited_by(ask).is_some() {
            self.deferred.push(number);
        } else {
            monitor.answered(now, ask.id, *reply);
        }
    }

    fn deployed(&mut self, now: Time, number: usize, monitor: &mut Monitor) {
        let change = self.runs[number].change;
        let line = self.line(change);
        if let Some(running) = self.running.get_mut(line) {
            *running = false;
        }
        let row = &self.subject.playbook.changes.changes[change.index()];
        if row.fails.0 > EVEN {
            monitor.change_ended(now, change, ChangeEnd::Failed);
            return;
        }
        monitor.change_ended(now, change, ChangeEnd::Deploy);
        match row.propagate {
            Some(spread) => self.agenda.enter(now + spread.median(), PlannedEvent::Live(number)),
            None => self.live(now, number, monitor),
        }
    }

    fn live(&mut self, now: Time, number: usize, monitor: &mut Monitor) {
        let OrderedChange { change, incident } = self.runs[number];
        self.parted.extend(incident);
        self.live.push(change);
        monitor.change_ended(now, change, ChangeEnd::Propagate);
    }
}

/// Somebody who does the likeliest thing, in the median of its time.
struct MedianPerson<'s> {
    subject: &'s Subject,
    person: PersonId,
}

impl Actor for MedianPerson<'_> {
    fn takes(&mut self, takes: Spread) -> Span {
        takes.median()
    }

    fn answers(&mut self, person: PersonId, by: ChannelId) -> Option<Span> {
        let channel = self.subject.playbook.roster.channel(person, by);
        (channel.answers.0 >= EVEN).then(|| channel.after.median())
    }

    /// The first of those that nothing is likelier than.
    fn chooses(&mut self, among: &[(ChangeId, Ratio)]) -> ChangeId {
        let mut likeliest = among[0];
        for candidate in among {
            if candidate.1 > likeliest.1 {
                likeliest = *candidate;
            }
        }
        likeliest.0
    }

    fn decides(&mut self, agrees: Ratio, others: &[(Reply, Ratio)], _: u32) -> Reply {
        if agrees.0 >= EVEN { Reply::Yes } else { likeliest(self.person, agrees, others) }
    }
}

/// The likeliest answer of somebody who does not say yes as a rule; a no among equals.
fn likeliest(who: PersonId, agrees: Ratio, others: &[(Reply, Ratio)]) -> Reply {
    let no = 1.0 - agrees.0 - others.iter().map(|(_, share)| share.0).sum::<f64>();
    let mut best = (Reply::No, no);
    let yes = (Reply::Yes, agrees);
    for (reply, share) in others.iter().chain([&yes]) {
        if share.0 > best.1 && *reply != Reply::Refer(who) {
            best = (*reply, share.0);
        }
    }
    best.0
}
