//! The result of a judge's outputs: alerts as episodes, and what would have been done about them.

use super::Subject;
use crate::decision::{AlertEvent, Attempt, Compare, Episode, Output, PlayEvent, Rule, Ticks};
use crate::names::{IncidentId, PlayId, RuleId};
use crate::units::Time;

/// Who answers and makes changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acting {
    /// The plan: everybody answers and every change is made in the median of its time.
    ByPlan,
    /// The people who did so in the recorded run.
    Recorded,
}

/// Everything that is known once the readings are over (or so far).
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// Who acted.
    pub acting: Acting,
    /// Every move of every rule, and when it was known, in order.
    pub alerts: Vec<(Time, AlertEvent)>,
    /// What would have been done, incident by incident.
    pub responses: Vec<ResponseByPlan>,
    /// How every rule fared on everything it looks at.
    pub ticks: Vec<Ticks>,
    /// The beginning of the first reading and the end of the last; `None`: there was none.
    pub seen: Option<(Time, Time)>,
    /// Readings, those that did not come included.
    pub readings: u64,
    /// Readings that did not come.
    pub missing: u64,
}

/// What would have been done about an incident.
#[derive(Debug, Clone, PartialEq)]
pub struct ResponseByPlan {
    /// The incident, counted from 0.
    pub incident: IncidentId,
    /// The rule that opened it.
    pub rule: RuleId,
    /// When that was known.
    pub opened_at: Time,
    /// The first play that opened, if the rule opens one.
    pub play: Option<PlayId>,
    /// The first attempt with its times, once it is over or the readings are.
    pub attempt: Option<Attempt>,
    /// Why it could not go on, the first time it could not.
    pub stalled: Option<String>,
    /// The first tick at which all was well again in the readings.
    pub over_at: Option<Time>,
}

impl Judgement {
    /// Puts together what was said.
    pub(super) fn new(
        subject: &Subject,
        acting: Acting,
        outputs: &[(Time, Output)],
        ticks: Vec<Ticks>,
        seen: Option<(Time, Time)>,
        (readings, missing): (u64, u64),
    ) -> Judgement {
        let alerts = outputs.iter().filter_map(|(at, output)| match output {
            Output::Alert(alert) => Some((*at, alert.clone())),
            _ => None,
        });
        let alerts: Vec<(Time, AlertEvent)> = alerts.collect();
        let responses = responses(subject, outputs);
        Judgement { acting, alerts, responses, ticks, seen, readings, missing }
    }

    /// The moves from pending to the end, in the order in which they began.
    pub fn episodes(&self) -> Vec<Episode<'_>> {
        Episode::all(self.alerts.iter().map(|(known, alert)| (*known, alert)))
    }

    /// Whether any rule fired.
    pub fn fired(&self) -> bool {
        self.episodes().iter().any(|episode| !episode.no_data && episode.firing_at.is_some())
    }

    /// Whether any rule was judged at all.
    pub fn judged_anything(&self) -> bool {
        self.ticks.iter().any(|ticks| ticks.judged > 0)
    }
}

/// How far a value lies beyond its threshold, in percent of it; negative on the good side.
pub fn margin(rule: &Rule, value: Option<f64>, threshold: Option<f64>) -> Option<f64> {
    let threshold = threshold.filter(|threshold| *threshold != 0.0)?;
    let beyond = (value? - threshold) / threshold.abs() * 100.0;
    let below = matches!(rule.breach?.compare, Compare::Below | Compare::AtMost);
    Some(if below { -beyond } else { beyond })
}

fn responses(subject: &Subject, outputs: &[(Time, Output)]) -> Vec<ResponseByPlan> {
    let mut responses: Vec<ResponseByPlan> = Vec::new();
    for (at, output) in outputs {
        let Output::Play(event) = output else { continue };
        if let PlayEvent::IncidentOpened { incident, rule, .. } = event {
            responses.push(ResponseByPlan {
                incident: *incident,
                rule: *rule,
                opened_at: *at,
                play: None,
                attempt: None,
                stalled: None,
                over_at: None,
            });
        }
        let Some((incident, event)) = incident_of(event) else { continue };
        let response = &mut responses[incident.index()];
        match event {
            PlayEvent::PlayOpened { play, .. } => {
                response.play.get_or_insert(*play);
            }
            PlayEvent::AttemptEnded(attempt) if attempt.number == 1 => {
                response.attempt = Some((**attempt).clone());
            }
            PlayEvent::Stalled { text, .. } if response.attempt.is_none() => {
                response.stalled.get_or_insert(text.clone());
            }
            PlayEvent::Frozen { change, .. } if response.attempt.is_none() => {
                let change = &subject.names.changes[change.index()];
                response.stalled.get_or_insert(format!("{change} is frozen"));
            }
            PlayEvent::Recovered { at, .. } => response.over_at = Some(*at),
            _ => {}
        }
    }
    responses
}

fn incident_of(event: &PlayEvent) -> Option<(IncidentId, &PlayEvent)> {
    let incident = match event {
        PlayEvent::PlayOpened { incident, .. } | PlayEvent::Recovered { incident, .. } => *incident,
        PlayEvent::AttemptEnded(attempt) => attempt.incident,
        PlayEvent::Stalled { incident, .. } | PlayEvent::Frozen { incident, .. } => (*incident)?,
        _ => return None,
    };
    Some((incident, event))
}
