//! Which step is moved, to which hours, and until when it must be over.

use super::shifted::begun_later;
use crate::decision::{LaunchAction, LaunchStep, LaunchTime};
use crate::fault::FaultStart;
use crate::language::problem::{advice, quoted};
use crate::names::{ChangeId, PersonId};
use crate::scenario::Plan;
use crate::units::{Span, Time};
use jiff::Zoned;

/// The most hours that are looked at. A choice: six hours of half-hour steps; each is a campaign.
const MOST: u64 = 12;
/// The step from one hour to the next. A choice: with half of it, the same effort would cover three
/// hours instead of six.
const EVERY: Span = Span(30 * 60 * 1_000_000_000);

/// What to search for.
#[derive(Debug, Clone, Default)]
pub struct SearchOptions<'s> {
    /// The change of the launch step, or its note.
    pub step: &'s str,
    /// The first hour; `None`: that of the plan.
    pub from: Option<Zoned>,
    /// The last hour; `None`: as many as there may be.
    pub to: Option<Zoned>,
    /// When everything must be well again; `None`: at the end of the plan.
    pub close: Option<Zoned>,
    /// Of a step without a time: how long after it the first fault begins.
    pub distance: Span,
}

/// Why the search is not possible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchError {
    pub message: String,
    pub hint: String,
}

/// The hours that a step may be moved to.
#[derive(Debug, Clone)]
pub struct HourSearch<'p> {
    plan: &'p Plan,
    /// The step's place in the launch sequence.
    step: usize,
    /// Its name in words.
    pub label: String,
    /// When it is due, after the start of the plan.
    due: Time,
    /// The plan does not say when: its distance from the first fault is assumed.
    pub assumed: bool,
    /// How long the plan lasts as it is written.
    lasts: Span,
    /// The hours, by the clock of the plan.
    hours: Vec<Time>,
    close: Time,
}

impl<'p> HourSearch<'p> {
    /// How long the plan must last so that its people and freezes are known at all of the hours.
    /// `plan` is as it is written.
    pub fn reach(plan: &Plan, sought: &SearchOptions) -> Result<Span, SearchError> {
        let search = HourSearch::new(plan, plan.lasts, sought)?;
        let last = search.hours.last().copied().unwrap_or(search.due);
        Ok(Span(last.0.saturating_sub(search.due.0)) + plan.lasts)
    }

    /// The hours of a plan that reaches far enough; `lasts` is what it lasts as it is written.
    pub fn new(
        plan: &'p Plan,
        lasts: Span,
        sought: &SearchOptions,
    ) -> Result<HourSearch<'p>, SearchError> {
        let step = step(plan, sought.step)?;
        let launch = &plan.playbook.launch;
        let (due, assumed) = match launch[step].at {
            Some(LaunchTime::At(at)) => (at, false),
            Some(LaunchTime::After(..)) => {
                let message = format!("{} waits for the step before it", quoted(sought.step));
                return Err(search_error(
                    message,
                    "name that step: this one comes after it by itself",
                ));
            }
            None => (untimed(plan, sought.distance), true),
        };
        let calendar = &plan.calendar;
        let first = match &sought.from {
            None => due,
            Some(from) => calendar.time_of(from).filter(|from| *from >= due).ok_or_else(|| {
                let hint = format!(
                    "begin at {} or later, or start the scenario earlier",
                    calendar.at(due).strftime("%H:%M")
                );
                let message = format!("{} is earlier than the plan allows", from.strftime("%H:%M"));
                search_error(message, &hint)
            })?,
        };
        let close = match &sought.close {
            None => Time::ZERO + lasts,
            Some(close) => calendar.time_of(close).unwrap_or(Time::ZERO),
        };
        let to = sought.to.as_ref().map(|to| calendar.time_of(to).unwrap_or(Time::ZERO));
        let last = to.unwrap_or(Time::NEVER);
        let hours = (0..MOST).map(|n| first + Span(EVERY.0 * n));
        let hours: Vec<Time> = hours.take_while(|at| *at <= last && *at < close).collect();
        if hours.is_empty() {
            let message = format!(
                "there is no half hour from {} on before {}",
                calendar.at(first).strftime("%H:%M"),
                calendar.at(close.min(last)).strftime("%a %H:%M")
            );
            return Err(search_error(message, "use another --from, --to or --close"));
        }
        let label = label(plan, step);
        Ok(HourSearch { plan, step, label, due, assumed, lasts, hours, close })
    }

    /// The hours, by the clock of the plan.
    pub fn hours(&self) -> &[Time] {
        &self.hours
    }

    /// An hour as a clock time.
    pub fn clock(&self, hour: Time) -> Zoned {
        self.plan.calendar.at(hour)
    }

    /// When everything must be well again.
    pub fn close(&self) -> Zoned {
        self.plan.calendar.at(self.close)
    }

    /// How many people with a name are on duty then.
    pub fn on_duty(&self, hour: Time) -> usize {
        let roster = &self.plan.playbook.roster;
        let people = (0..roster.people.len()).map(PersonId::from);
        people.filter(|person| roster.on_duty(*person, hour)).count()
    }

    /// Whether the step may not be made then.
    pub fn is_frozen(&self, hour: Time) -> bool {
        let LaunchAction::Change { change, .. } = self.plan.playbook.launch[self.step].action
        else {
            return false;
        };
        let freezes = &self.plan.playbook.changes.freezes;
        freezes.iter().any(|freeze| freeze.stops(change, None, hour))
    }

    /// The state of the step's pipeline when it is made, and what is built there next: other
    /// steps of the launch move with it, so that it is the same at all hours. `None`: it needs no
    /// pipeline, or nobody else does.
    pub fn pipeline(&self) -> Option<String> {
        let (plan, launch) = (self.plan, &self.plan.playbook.launch);
        let LaunchAction::Change { change, .. } = launch[self.step].action else { return None };
        let table = &plan.playbook.changes.changes;
        let pipeline = table[change.index()].pipeline?;
        let name = &plan.names.pipelines[pipeline.index()];
        let others = launch.iter().enumerate().filter_map(|(step, other)| match other {
            LaunchStep { at: Some(LaunchTime::At(at)), action, .. } if step != self.step => {
                let LaunchAction::Change { change, .. } = action else { return None };
                let same = table[change.index()].pipeline == Some(pipeline);
                same.then_some((*at, *change))
            }
            _ => None,
        });
        let others: Vec<_> = others.collect();
        let name_of = |change: ChangeId| &plan.names.changes[change.index()];
        let busy = others.iter().find(|(at, change)| {
            *at <= self.due && *at + table[change.index()].takes.paper_max() > self.due
        });
        let next = others.iter().filter(|(at, _)| *at > self.due).min();
        let now = match busy {
            Some((_, change)) => {
                format!("Its pipeline, {name}, still makes {} then", name_of(*change))
            }
            None if next.is_some() => format!("Its pipeline, {name}, is free then"),
            None => return None,
        };
        let next = next.map(|(at, change)| {
            format!("; {} is next there, {} later", name_of(*change), at.since(self.due))
        });
        Some(format!("{now}{}, at every half hour.", next.unwrap_or_default()))
    }

    /// How long the plan is watched after the step at this hour: as long as it is written, and no
    /// longer than until everything must be well.
    pub fn watched(&self, hour: Time) -> Span {
        let written = Span((Time::ZERO + self.lasts).0.saturating_sub(self.due.0));
        written.min(self.close.since(hour))
    }

    /// The plan with the step at this hour.
    pub fn at(&self, hour: Time) -> Plan {
        let by = hour.since(self.due);
        let lasts = Span(self.due.0) + self.watched(hour);
        let mut plan = begun_later(self.plan, by, lasts);
        plan.playbook.launch[self.step].at = Some(LaunchTime::At(self.due));
        plan
    }
}

/// The plan with these of its faults alone; none: with all of them.
pub fn with_faults(plan: Plan, faults: &[String]) -> Result<Plan, SearchError> {
    if faults.is_empty() {
        return Ok(plan);
    }
    let mut plan = plan;
    for name in faults {
        if !plan.names.faults.contains(name.trim()) {
            let all: Vec<&str> = plan.names.faults.iter().map(String::as_str).collect();
            let hint = advice(name.trim(), all.iter().copied());
            let hint = hint.unwrap_or_else(|| match all.is_empty() {
                true => "it has none".to_string(),
                false => format!("there is {}", all.join(", ")),
            });
            return Err(search_error(
                format!("{} is not a fault of the scenario", quoted(name)),
                &hint,
            ));
        }
    }
    let kept = |name: &String| faults.iter().any(|wanted| wanted.trim() == name);
    let both = plan.faults.into_iter().zip(std::mem::take(&mut plan.names.faults));
    let (of, names) = both.filter(|(_, name)| kept(name)).unzip();
    (plan.faults, plan.names.faults) = (of, names);
    Ok(plan)
}

fn search_error(message: String, hint: &str) -> SearchError {
    SearchError { message, hint: hint.to_string() }
}

/// The name of a step's change, else the step as it is told.
fn label(plan: &Plan, step: usize) -> String {
    let step = &plan.playbook.launch[step];
    match step.action {
        LaunchAction::Change { change, .. } => plan.names.changes[change.index()].clone(),
        LaunchAction::Tell { .. } => step.label.clone(),
    }
}

/// The step of this name: exactly, or the only one that contains it.
fn step(plan: &Plan, name: &str) -> Result<usize, SearchError> {
    let launch = &plan.playbook.launch;
    if launch.is_empty() {
        let hint = "give it one: launch: [{at: \"13:00\", change: switch}]";
        return Err(search_error("the plan has no launch steps".to_string(), hint));
    }
    let labels: Vec<String> = (0..launch.len()).map(|step| label(plan, step)).collect();
    let wanted = name.trim().to_lowercase();
    if let Some(exact) = labels.iter().position(|label| label.to_lowercase() == wanted) {
        return Ok(exact);
    }
    let within = |label: &&String| !wanted.is_empty() && label.to_lowercase().contains(&wanted);
    let found: Vec<&String> = labels.iter().filter(within).collect();
    if let [one] = found[..] {
        return Ok(labels.iter().position(|label| label == one).expect("it is one of them"));
    }
    let hint = advice(name, labels.iter().map(String::as_str));
    let hint = hint.unwrap_or_else(|| "`sim explain FILE` lists the steps".to_string());
    Err(search_error(format!("{} is not a step of the launch", quoted(name)), &hint))
}

/// When a step without a time would be: so long before the first fault, at the start at the
/// earliest.
fn untimed(plan: &Plan, distance: Span) -> Time {
    let first = plan.faults.iter().filter_map(|fault| match fault.start {
        FaultStart::At(at) => Some(at),
        FaultStart::With(_) | FaultStart::When => None,
    });
    first.min().map_or(Time::ZERO, |first| Time(first.0.saturating_sub(distance.0)))
}
