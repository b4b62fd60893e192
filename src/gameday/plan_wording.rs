//! Turns ids into the words that the journal carries.

use crate::decision::{Ask, Audience, Question, Reply};
use crate::journal::Event;
use crate::names::{ChangeId, ChannelId, Names, PersonId, PlayId, RuleId};
use crate::scenario::Plan;
use crate::site::{ScalingActivity, ScalingKind};

/// The words of one plan.
#[derive(Clone)]
pub(super) struct PlanWording<'p> {
    plan: &'p Plan,
    reported: Vec<usize>,
}

impl<'p> PlanWording<'p> {
    pub(super) fn new(plan: &'p Plan) -> Self {
        PlanWording { plan, reported: plan.reported_scopes() }
    }

    /// Positions of the scopes that the journal lists.
    pub(super) fn reported(&self) -> &[usize] {
        &self.reported
    }

    /// The words behind the ids.
    pub(super) fn names(&self) -> &Names {
        &self.plan.names
    }

    pub(super) fn rule(&self, rule: RuleId) -> String {
        self.plan.names.rules[rule.index()].clone()
    }

    pub(super) fn play(&self, play: PlayId) -> String {
        self.plan.names.plays[play.index()].clone()
    }

    pub(super) fn change(&self, change: ChangeId) -> String {
        self.plan.names.changes[change.index()].clone()
    }

    pub(super) fn person(&self, person: PersonId) -> String {
        self.plan.names.people[person.index()].clone()
    }

    pub(super) fn channel(&self, channel: ChannelId) -> String {
        self.plan.names.channels[channel.index()].clone()
    }

    /// The roles of a person, joined.
    pub(super) fn roles(&self, person: PersonId) -> String {
        let roles = &self.plan.playbook.roster.people[person.index()].roles;
        let words: Vec<&str> =
            roles.iter().map(|role| self.plan.names.roles[role.index()].as_str()).collect();
        words.join(", ")
    }

    pub(super) fn audience(&self, audience: Audience) -> String {
        audience.name(&self.plan.names)
    }

    /// One word for what is asked.
    pub(super) fn question(&self, ask: &Ask) -> String {
        match &ask.question {
            Question::Page { escalation } => {
                format!("page {}", self.plan.names.escalations[escalation.index()])
            }
            Question::Declare { .. } => "is this an incident?".to_string(),
            Question::Diagnose { .. } => "which change?".to_string(),
            Question::Decide { change: Some(change), .. } => {
                format!("go ahead with {}?", self.change(*change))
            }
            Question::Decide { change: None, .. } => "go ahead?".to_string(),
            Question::Work { what, .. } => what.clone(),
        }
    }

    pub(super) fn reply(&self, ask: &Ask, reply: Reply) -> String {
        match reply {
            Reply::Yes if matches!(ask.question, Question::Work { .. }) => "done".to_string(),
            reply => reply.in_words(self.names()),
        }
    }
}

/// What a group of instances did, as the journal carries it.
pub(super) fn scaling(plan: &Plan, activity: &ScalingActivity) -> Event {
    let ScalingActivity { kind, from, to, metric, .. } = *activity;
    let target = plan.site.tiers[activity.tier.index()].autoscaling.map(|scaling| scaling.target);
    let metric = target.zip(metric).map(|(target, metric)| {
        format!("{}, the target is {}", target.shown(metric), target.shown(target.value()))
    });
    let because = metric.unwrap_or_default();
    let instances = |count: u32| match count {
        1 => "1 instance".to_string(),
        count => format!("{count} instances"),
    };
    let text = match kind {
        ScalingKind::ScaleOut | ScalingKind::ScaleIn => {
            format!("{because}: from {from} to {}", instances(to))
        }
        ScalingKind::AtMax => format!("{because}: {} is the maximum", instances(to)),
        ScalingKind::InService => format!("{} in service, {from} before", instances(to)),
        ScalingKind::Replace => format!("{} lost, others are launched", instances(to - from)),
        ScalingKind::Surplus => format!("lost ones are back, {} too many", instances(from - to)),
        ScalingKind::FailedBoot => {
            let text = "failed its health checks before it had booted, and is launched again";
            format!("an instance {text}")
        }
    };
    let tier = plan.names.tiers[activity.tier.index()].clone();
    Event::Scaling { tier, activity: kind, from, to, text }
}

/// What keeps a change from having helped, as far as anybody knows.
pub(super) fn not_verified(firing: &[String]) -> String {
    match firing {
        [] => "nobody has given the all clear".to_string(),
        _ => format!("{} still firing", firing.join(", ")),
    }
}
