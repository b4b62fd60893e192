//! What is judged: the plan's rules and plays, as far as these readings can tell.

use super::recording::{Recording, RecordingError};
use crate::decision::{Measure, Playbook, Rule};
use crate::fault::{FaultKind, FaultStart};
use crate::logs::Knowledge;
use crate::names::{ChangeId, Names, PipelineId, RuleId, Scope};
use crate::scenario::Plan;
use crate::telemetry::TelemetryPlan;
use crate::units::{Calendar, Span, Time};
use std::io::BufRead;

/// Whether something can be judged: the scope, and whether it is about response times. The error
/// says why not.
type Judgeable<'s> = &'s dyn Fn(Scope, bool) -> Result<(), String>;

/// A rule that these readings can say nothing about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnjudgedRule {
    /// The rule.
    pub rule: RuleId,
    /// Why, in words.
    pub why: String,
}

/// A pipeline on which the scenario lets nothing start for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// The pipeline.
    pub pipeline: PipelineId,
    /// From then on.
    pub from: Time,
    /// Free again from then on; [`Time::NEVER`] if only a change frees it.
    pub to: Time,
    /// Free again once any of these changes is live.
    pub until: Vec<ChangeId>,
}

/// What a [`super::Judge`] judges by.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The scenario's own words.
    pub scenario: String,
    /// Hash of the plan, whatever its seed.
    pub scenario_hash: String,
    /// Rules that cannot be judged have no breach here.
    pub playbook: Playbook,
    /// The words behind its ids.
    pub names: Names,
    /// The wall clock of the readings.
    pub calendar: Calendar,
    /// Pipelines that are blocked at times that the scenario gives.
    pub blocked: Vec<Blocked>,
    /// How often readings come and how late.
    pub telemetry: TelemetryPlan,
    /// Rules that these readings can say nothing about.
    pub unjudged: Vec<UnjudgedRule>,
    /// The position of each scope of the plan in the readings of a recording.
    pub positions: Vec<Option<usize>>,
    /// What of the plan does not hold for these readings, in sentences.
    pub notes: Vec<String>,
}

impl Subject {
    /// What a recording lets be judged, and whether its answers and changes are those of this very
    /// plan. Fails if none of its readings fit.
    pub fn of_recording<R: BufRead>(
        plan: &Plan,
        recording: &Recording<R>,
    ) -> Result<(Subject, bool), RecordingError> {
        let positions = recording.positions(plan)?;
        let mut subject = Subject { positions: positions.clone(), ..Subject::whole(plan) };
        if recording.is_of(plan) {
            return Ok((subject, true));
        }
        subject.without_the_unseen(&|scope, _| {
            let position = positions[plan.names.scope_index(scope)];
            let (kind, name) = plan.names.scope(scope);
            position.map(drop).ok_or_else(|| format!("the recording has no {kind} {name}"))
        });
        subject.move_to(recording.calendar(), plan);
        let note = "The recording is of another scenario, or of this one before it was \
                    changed: only its readings count.";
        subject.notes.push(note.to_string());
        Ok((subject, false))
    }

    /// What an access log lets be judged whose first reading begins at time zero of this calendar.
    pub fn of_log(plan: &Plan, knowledge: Knowledge, calendar: &Calendar) -> Subject {
        let mut subject = Subject::whole(plan);
        subject.without_the_unseen(&|scope, latency| {
            knowledge.judges(scope, latency).map_err(|unknown| unknown.words().to_string())
        });
        subject.move_to(calendar, plan);
        subject
    }

    fn whole(plan: &Plan) -> Subject {
        let mut subject = Subject {
            scenario: plan.scenario.clone(),
            scenario_hash: crate::scenario::plan_hash(plan),
            playbook: plan.playbook.clone(),
            names: plan.names.clone(),
            calendar: plan.calendar.clone(),
            blocked: blocked(plan),
            telemetry: plan.telemetry,
            unjudged: Vec::new(),
            positions: (0..plan.names.scopes().len()).map(Some).collect(),
            notes: Vec::new(),
        };
        for (index, rule) in plan.playbook.rules.iter().enumerate() {
            if rule.is_open() {
                let why = format!("it is not filled in: {}", rule.text);
                subject.unjudged.push(UnjudgedRule { rule: index.into(), why });
            }
        }
        subject
    }

    /// Whether any rule is left.
    pub fn judges_anything(&self) -> bool {
        self.playbook.rules.iter().any(|rule| rule.breach.is_some())
    }

    /// Removes the rules that look at what cannot be seen.
    fn without_the_unseen(&mut self, sight: Judgeable) {
        for index in 0..self.playbook.rules.len() {
            let rule = &self.playbook.rules[index];
            let Some(why) = unseen(rule, sight, &self.names).filter(|_| rule.breach.is_some())
            else {
                continue;
            };
            self.unjudged.push(UnjudgedRule { rule: index.into(), why });
            self.playbook.rules[index].breach = None;
        }
        self.unjudged.sort_by_key(|unjudged| unjudged.rule);
    }

    /// Puts the plan's times on another calendar. Hours, freezes and steps of the launch count
    /// where the readings begin within the day of the scenario; on any other day everybody is
    /// taken to be on duty, and nothing is frozen or due. Nobody acts out a launch beside a log.
    fn move_to(&mut self, calendar: &Calendar, plan: &Plan) {
        self.playbook.launch.clear();
        let (own, zero) = (&plan.calendar, calendar.starts());
        let later = own.time_of(zero).map(|time| time.since(Time::ZERO));
        let earlier = calendar.time_of(own.starts()).map(|time| time.since(Time::ZERO));
        self.calendar = calendar.clone();
        self.playbook.baseline.requests = self.playbook.baseline.requests.on(calendar);
        let within = later.is_some_and(|later| later <= plan.lasts)
            || earlier.is_some_and(|earlier| earlier <= plan.lasts);
        let moved = |time: Time| match (later, earlier) {
            _ if time == Time::NEVER => time,
            (Some(later), _) => Time(time.0.saturating_sub(later.0)),
            (None, earlier) => time + earlier.unwrap_or(Span::ZERO),
        };
        for person in &mut self.playbook.roster.people {
            if within {
                for (from, to) in &mut person.on_duty {
                    (*from, *to) = (moved(*from), moved(*to));
                }
            } else {
                person.on_duty = vec![(Time::ZERO, Time::NEVER)];
            }
        }
        for active in self.playbook.rules.iter_mut().map(|rule| &mut rule.active) {
            match active {
                Some(times) if within => {
                    for (from, to) in times {
                        (*from, *to) = (moved(*from), moved(*to));
                    }
                }
                _ => *active = None,
            }
        }
        if within {
            for freeze in &mut self.playbook.changes.freezes {
                (freeze.from, freeze.to) = (moved(freeze.from), moved(freeze.to));
            }
            for blocked in &mut self.blocked {
                (blocked.from, blocked.to) = (moved(blocked.from), moved(blocked.to));
            }
        } else {
            self.playbook.changes.freezes.clear();
            self.blocked.clear();
            let note = "The readings are not from the scenario's day: everybody is taken to be on \
                        duty, every rule active, nothing frozen.";
            self.notes.push(note.to_string());
        }
    }
}

/// The pipelines that the scenario blocks at a moment of the clock.
fn blocked(plan: &Plan) -> Vec<Blocked> {
    let blocked = plan.faults.iter().filter_map(|fault| match (&fault.kind, fault.start) {
        (FaultKind::Blocked { pipeline }, FaultStart::At(from)) => {
            let to = fault.end.after.map_or(Time::NEVER, |after| from + after);
            Some(Blocked { pipeline: *pipeline, from, to, until: fault.end.until.clone() })
        }
        _ => None,
    });
    blocked.collect()
}

/// Why a rule cannot be judged, if it cannot. One that looks at several scopes can if any can.
fn unseen(rule: &Rule, sight: Judgeable, names: &Names) -> Option<String> {
    if rule.clauses().any(|clause| matches!(clause.measure, Measure::Reports(_))) {
        return Some("no log has the reports of users".to_string());
    }
    if rule.clauses().any(|clause| clause.measure.is_about_backlog()) {
        return Some("no log has the backlog of a tier".to_string());
    }
    if rule.probe.is_some() {
        return Some("it judges by probes of its own, not by visitors".to_string());
    }
    let latency = rule.measures_latency();
    let mut why = None;
    for scope in rule.scopes(names) {
        match sight(scope, latency) {
            Ok(()) => return None,
            Err(reason) => why = Some(reason),
        }
    }
    why
}
