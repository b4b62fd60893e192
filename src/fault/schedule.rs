//! When faults begin and end.

use super::plan::{Fault, FaultKind, FaultStart};
use super::strength::StrengthRamp;
use crate::names::{ChangeId, FaultId, RuleId, Scope};
use crate::units::{Span, Time};
use std::borrow::Cow;

/// A fault began or ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    pub fault: FaultId,
    /// `false`: it ended.
    pub begins: bool,
}

/// The faults of a run with what has become of them so far.
#[derive(Debug, Clone)]
pub struct Schedule {
    faults: Vec<Fault>,
    /// `[began, ended)` of each; `None`: not yet.
    active_spans: Vec<(Option<Time>, Option<Time>)>,
    /// How long the damage of each takes to be gone.
    fades: Vec<Span>,
    /// Those that are on the way to more or less of them.
    ramps: Vec<Option<StrengthRamp>>,
    now: Time,
}

impl Schedule {
    /// These faults, none of them begun.
    pub fn new(faults: Vec<Fault>) -> Self {
        let n = faults.len();
        let (lives, fades, ramps) = (vec![(None, None); n], vec![Span::ZERO; n], vec![None; n]);
        Schedule { faults, active_spans: lives, fades, ramps, now: Time::ZERO }
    }

    /// The same with how long the damage of each takes to be gone once it has ended.
    pub fn with_fades(self, fades: Vec<Span>) -> Self {
        assert_eq!(fades.len(), self.faults.len(), "each fault has its own");
        Schedule { fades, ..self }
    }

    /// The next moment at which a fault begins or ends by the clock.
    pub fn next_edge(&self) -> Option<Time> {
        let edges = self.faults.iter().zip(&self.active_spans);
        let ramps = self.ramps.iter().flatten().filter_map(|ramp| ramp.next(self.now));
        edges.filter_map(|(fault, life)| clock_edge(fault, *life)).chain(ramps).min()
    }

    /// Begins and ends what the clock says is due by now.
    pub fn clock(&mut self, now: Time) -> Vec<Edge> {
        self.now = now;
        let mut edges = Vec::new();
        for (index, (fault, life)) in self.faults.iter().zip(&mut self.active_spans).enumerate() {
            while clock_edge(fault, *life).is_some_and(|at| at <= now) {
                edges.push(apply_edge(index, life, now));
            }
        }
        self.fade(now, &edges);
        edges
    }

    /// The condition of this fault is met: it begins, unless it has before.
    pub fn begin(&mut self, now: Time, fault: FaultId) -> Vec<Edge> {
        self.now = now;
        let life = &mut self.active_spans[fault.index()];
        match life.0 {
            None => vec![apply_edge(fault.index(), life, now)],
            Some(_) => Vec::new(),
        }
    }

    /// A change is live: it ends what waits for it and brings what comes with it.
    pub fn change_live(&mut self, now: Time, change: ChangeId) -> Vec<Edge> {
        self.now = now;
        let mut edges = Vec::new();
        for (index, (fault, life)) in self.faults.iter().zip(&mut self.active_spans).enumerate() {
            let cured = matches!(life, (Some(_), None)) && fault.end.until.contains(&change);
            let brought = life.0.is_none() && fault.start == FaultStart::With(change);
            if cured || brought {
                edges.push(apply_edge(index, life, now));
            }
        }
        self.fade(now, &edges);
        edges
    }

    /// A change is being rolled out until then: what it cures becomes less, unless that fades in a
    /// time of its own, and what comes with it begins.
    pub fn change_rolls(&mut self, now: Time, to: Time, change: ChangeId) -> Vec<Edge> {
        self.now = now;
        let mut edges = Vec::new();
        for index in 0..self.faults.len() {
            let (fault, life) = (&self.faults[index], &mut self.active_spans[index]);
            let cures = matches!(life, (Some(_), None)) && fault.end.until.contains(&change);
            let brings = life.0.is_none() && fault.start == FaultStart::With(change);
            if brings {
                edges.push(apply_edge(index, life, now));
            }
            if brings || (cures && self.fades[index] == Span::ZERO) {
                self.ramps[index] = Some(StrengthRamp { from: now, to, rises: brings });
            }
        }
        edges
    }

    /// What has just ended becomes less, over its own time.
    fn fade(&mut self, now: Time, edges: &[Edge]) {
        for edge in edges.iter().filter(|edge| !edge.begins) {
            let index = edge.fault.index();
            let fades = self.fades[index];
            let ramp = StrengthRamp { from: now, to: now + fades, rises: false };
            self.ramps[index] = (fades > Span::ZERO).then_some(ramp);
        }
    }

    /// How long the damage of a fault takes to be gone once it has ended.
    pub fn fades(&self, fault: FaultId) -> Span {
        self.fades[fault.index()]
    }

    /// What is felt of the faults, in file order: those that are active, at their strength, and
    /// what is left of those that have ended.
    pub fn felt_faults(&self) -> Vec<(FaultId, Cow<'_, Fault>)> {
        let mut felt = Vec::new();
        for (index, fault) in self.faults.iter().enumerate() {
            let active = matches!(self.active_spans[index], (Some(_), None));
            let fault = match self.ramps[index].map(|ramp| ramp.at(self.now)) {
                None if active => Cow::Borrowed(fault),
                Some(strength) if strength >= 1.0 => Cow::Borrowed(fault),
                Some(strength) if strength > 0.0 => Cow::Owned(fault.weakened(strength)),
                _ => continue,
            };
            felt.push((FaultId::from(index), fault));
        }
        felt
    }

    /// The faults that are active now, in file order.
    pub fn active(&self) -> impl Iterator<Item = (FaultId, &Fault)> + '_ {
        let pairs = self.faults.iter().zip(&self.active_spans).enumerate();
        pairs
            .filter(|(_, (_, life))| matches!(life, (Some(_), None)))
            .map(|(index, (fault, _))| (index.into(), fault))
    }

    /// When a fault began, if it has.
    pub fn began(&self, fault: FaultId) -> Option<Time> {
        self.active_spans[fault.index()].0
    }

    /// The faults that keep readings from a rule on this scope which began before `to` and had not
    /// ended by `from`, earliest first, with their beginnings.
    pub fn blinding(
        &self,
        (rule, scope): (RuleId, Scope),
        from: Time,
        to: Time,
    ) -> Vec<(FaultId, Time)> {
        self.active_in(from, to, |kind| kind.blinds(rule, scope))
    }

    fn active_in(
        &self,
        from: Time,
        to: Time,
        wanted: impl Fn(&FaultKind) -> bool,
    ) -> Vec<(FaultId, Time)> {
        let mut found = Vec::new();
        for (index, (fault, (began, ended))) in
            self.faults.iter().zip(&self.active_spans).enumerate()
        {
            let Some(began) = *began else { continue };
            let ended = ended.unwrap_or(Time::NEVER);
            if wanted(&fault.kind) && began < to && ended > from {
                found.push((FaultId::from(index), began));
            }
        }
        found.sort_by_key(|(fault, began)| (*began, *fault));
        found
    }
}

fn clock_edge(fault: &Fault, life: (Option<Time>, Option<Time>)) -> Option<Time> {
    match (life, fault.start) {
        ((None, _), FaultStart::At(at)) => Some(at),
        ((Some(began), None), _) => fault.end.after.map(|span| began + span),
        _ => None,
    }
}

/// The fault begins if it has not begun, else it ends.
fn apply_edge(index: usize, life: &mut (Option<Time>, Option<Time>), now: Time) -> Edge {
    let begins = life.0.is_none();
    let end = if begins { &mut life.0 } else { &mut life.1 };
    *end = Some(now);
    Edge { fault: index.into(), begins }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::FaultEnd;
    use crate::units::Span;

    fn at(seconds: u64) -> Time {
        Time::ZERO + Span::from_secs(seconds)
    }

    #[test]
    fn a_fault_begins_ends_and_is_remembered() {
        let end = FaultEnd { after: Some(Span::from_secs(30)), until: vec![ChangeId(1)] };
        let surge = FaultKind::Surge { times: 2.0, tool: None, only: Default::default() };
        let fault = |start, kind| Fault {
            kind,
            start,
            end: end.clone(),
            fades: None,
            starts_when: None,
            notices: Vec::new(),
            varies: None,
            seen_as: Default::default(),
        };
        let faults = [
            fault(FaultStart::At(at(10)), surge.clone()),
            fault(FaultStart::With(ChangeId(0)), surge),
            fault(FaultStart::At(at(5)), FaultKind::Blind),
        ];
        let mut schedule = Schedule::new(faults.to_vec());
        assert_eq!(schedule.next_edge(), Some(at(5)));
        schedule.clock(at(5));
        assert_eq!(schedule.clock(at(10)), [Edge { fault: FaultId(0), begins: true }]);
        schedule.change_live(at(12), ChangeId(0));
        assert_eq!(schedule.active().count(), 3);
        let cured = schedule.change_live(at(20), ChangeId(1));
        assert!(cured.len() == 3 && cured.iter().all(|edge| !edge.begins));
        assert_eq!(schedule.next_edge(), None);
        assert_eq!(schedule.began(FaultId(1)), Some(at(12)));
        let any = (RuleId(0), Scope::Site);
        assert_eq!(schedule.blinding(any, at(20), at(25)), []);
        assert_eq!(schedule.blinding(any, at(0), at(5)), [], "nothing is seen of it yet");
        assert_eq!(schedule.blinding(any, at(19), at(25)), [(FaultId(2), at(5))]);
    }
}
