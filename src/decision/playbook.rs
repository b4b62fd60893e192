//! What the team has agreed on, resolved: rules, plays, launch steps, what is said outside of
//! plays, and the people and changes that they use.

use super::baseline::Baseline;
use super::reply::Reply;
use super::rule::Rule;
use crate::change::ChangeTable;
use crate::names::{
    ChangeId, ChannelId, EscalationId, Names, PersonId, PlayId, RoleId, RuleId, StepId,
};
use crate::people::Roster;
use crate::units::{Ratio, Span, Spread, Time};
use serde::{Deserialize, Serialize};

/// Everything that judgement rests on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Playbook {
    pub baseline: Baseline,
    pub rules: Vec<Rule>,
    pub plays: Vec<Play>,
    pub roster: Roster,
    pub changes: ChangeTable,
    /// Planned steps, in file order.
    pub launch: Vec<LaunchStep>,
    /// The interval of telemetry; windows are multiples of it.
    pub every: Span,
    /// For this long after the all clear, a rule that fires again reopens its incident.
    pub closes_after: Span,
}

impl Playbook {
    /// The response times that rules compare with, ascending, each once.
    pub fn latency_limits(&self) -> Vec<Span> {
        let limits = self.rules.iter().flat_map(|rule| rule.latency_limits(&self.baseline));
        let mut limits: Vec<Span> = limits.collect();
        limits.sort_unstable();
        limits.dedup();
        limits
    }

    /// All response times that its rules turn on.
    pub fn limits(&self) -> Vec<Span> {
        self.rules.iter().flat_map(|rule| rule.limits(&self.baseline)).collect()
    }

    /// Whether some rule looks at good answers alone.
    pub fn looks_at_good_answers(&self) -> bool {
        self.rules.iter().any(Rule::looks_at_good_answers)
    }

    /// The first play that a rule opens.
    pub fn play_of(&self, rule: RuleId) -> Option<PlayId> {
        self.plays.iter().position(|play| play.is_opened_by(rule)).map(PlayId::from)
    }
}

/// A play: what is done when its rules fire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Play {
    pub when: Vec<Trigger>,
    pub steps: Vec<Step>,
    /// Every rule of the incident must resolve within this time of live. `None`: the play has
    /// done its work when its last change is live.
    pub verify: Option<Span>,
    /// The play that opens when this one has nothing left to try.
    pub otherwise: Option<PlayId>,
}

impl Play {
    /// Whether it opens when this rule fires.
    pub fn is_opened_by(&self, rule: RuleId) -> bool {
        self.when.contains(&Trigger::Fires(rule))
    }
}

/// What opens a play.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    Fires(RuleId),
    /// The effect of this change has lasted this long.
    Lasts {
        change: ChangeId,
        time: Span,
        /// The play takes the place of one that is running.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        even_running: bool,
    },
    /// This play has nothing left to try.
    Failed(PlayId),
    /// Nobody answers this play, or nobody is on duty.
    Stalled(PlayId),
    /// This play was answered with a no.
    Refused(PlayId),
}

/// A step of a play. Steps run in order; only `Tell` does not block.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Walk the ladder until somebody answers; that person is the responder.
    Page(EscalationId),
    /// The responder says that it is an incident.
    Declare(Spread),
    /// The responder chooses a change.
    #[serde(rename = "triage")]
    Diagnose {
        takes: Spread,
        /// How long the next look takes, after a change that did not help; `None`: as the first.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        again: Option<Spread>,
        among: Vec<(ChangeId, Ratio)>,
    },
    Ask(AskStep),
    Tell(TellStep),
    Change(ChangeChoice),
    /// Work that takes time; of several lists, each is done in its order, side by side.
    Work(Vec<Vec<WorkStep>>),
    /// Until the rules of the incident have resolved, at most this long; behind a maintenance page,
    /// those that see behind it.
    Confirm(Span),
}

impl Step {
    /// The changes that it may make.
    pub fn changes(&self) -> Vec<ChangeId> {
        match self {
            Step::Diagnose { among, .. } => among.iter().map(|(change, _)| *change).collect(),
            Step::Change(ChangeChoice::This(change)) => vec![*change],
            _ => Vec::new(),
        }
    }

    /// What is told by it.
    pub fn tells(&self) -> Vec<&TellStep> {
        match self {
            Step::Tell(tell) => vec![tell],
            Step::Work(lists) => lists.iter().flatten().filter_map(|w| w.then.as_ref()).collect(),
            _ => Vec::new(),
        }
    }
}

/// A part of the work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorkStep {
    pub what: String,
    /// Who does it; `None`: the responder.
    pub by: Option<Audience>,
    pub takes: Spread,
    /// What is said once it is done.
    pub then: Option<TellStep>,
}

/// Asking for a yes: one person after another, until somebody answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AskStep {
    /// The role whose holders are asked; `None`: these people.
    pub role: Option<RoleId>,
    /// Who is asked, in this order, and for how long on each channel.
    pub people: Vec<(PersonId, Span)>,
    /// Tried in this order for each person.
    pub by: Vec<ChannelId>,
    /// How many times the list of people is gone through.
    pub rounds: u32,
    /// How long in all, from the first who is asked; `None`: until everybody was tried.
    pub within: Option<Span>,
    pub agrees: Ratio,
    /// The other answers, with their chances; what they and the yes leave is a no.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<(Reply, Ratio)>,
    /// How long somebody who has answered takes to say yes or no; `None`: that is the answer.
    pub takes: Option<Spread>,
    /// What is done when nobody has answered; `None`: nothing, until somebody does.
    pub silent: Option<Instead>,
    pub refused: Instead,
    /// Somebody has said yes before the day: nobody is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved: Option<Approval>,
}

/// A yes that was given before the day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Approval {
    /// Who has given it.
    pub by: PersonId,
    /// When and how, in their words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<String>,
    /// The changes that it is for; none: whichever the play makes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<ChangeId>,
}

impl Approval {
    /// Whether it is for this change; `None`: it is not known which is made.
    pub fn covers(&self, change: Option<ChangeId>) -> bool {
        self.changes.is_empty() || change.is_some_and(|change| self.changes.contains(&change))
    }
}

impl Play {
    /// Who has said yes in advance to what the ask at this position, from 0, would ask for: the
    /// change that is chosen, or else the next one that the play names.
    pub fn approved_at(&self, position: usize, chosen: Option<ChangeId>) -> Option<&Approval> {
        let Some(Step::Ask(ask)) = self.steps.get(position) else { return None };
        let next = || {
            self.steps[position..].iter().find_map(|step| match step {
                Step::Change(ChangeChoice::This(change)) => Some(*change),
                _ => None,
            })
        };
        ask.approved.as_ref().filter(|approval| approval.covers(chosen.or_else(next)))
    }
}

impl AskStep {
    /// Whether nobody is ever asked, because somebody has said yes to whatever the play makes.
    pub fn asks_nobody(&self) -> bool {
        self.approved.as_ref().is_some_and(|approval| approval.changes.is_empty())
    }

    /// Whether this is what is done where nobody says yes.
    pub fn leads_to(&self, instead: Instead) -> bool {
        !self.asks_nobody() && [self.silent, Some(self.refused)].contains(&Some(instead))
    }

    /// The chance of a no.
    pub fn refuses(&self) -> Ratio {
        let said: f64 = self.others.iter().map(|(_, share)| share.0).sum();
        // What is left is a difference of floats.
        Ratio(((1.0 - self.agrees.0 - said) * 1e9).round().max(0.0) / 1e9)
    }

    /// Whether all that is ever said is "not yet", or that somebody else decides. Where everything
    /// is left to one person, that one says yes.
    pub fn is_never_decided(&self) -> bool {
        let ends = |reply: &Reply| !matches!(reply, Reply::NotYet(_) | Reply::Refer(_));
        let said = self.others.iter().filter(|(_, share)| share.0 > 0.0);
        let said: Vec<&Reply> = said.map(|(reply, _)| reply).collect();
        let left_to_one = matches!(said[..], [Reply::Refer(_)]);
        let decides = self.agrees.0 > 0.0 || self.refuses().0 > 0.0;
        !decides && !left_to_one && !said.into_iter().any(ends)
    }

    /// How long it takes until everybody was tried.
    pub fn tried_within(&self) -> Span {
        let once = self.people.iter().map(|(_, each)| each.0);
        let once = once.fold(0u64, u64::saturating_add);
        let contacts = (self.by.len() as u64).saturating_mul(u64::from(self.rounds));
        Span(once.saturating_mul(contacts))
    }
}

/// Telling somebody something.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TellStep {
    /// Who tells; `None`: the responder.
    pub from: Option<Audience>,
    pub to: Audience,
    /// Repeated until the incident ends.
    pub every: Option<Span>,
    pub note: Option<String>,
}

/// What is done instead of what nobody said yes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Instead {
    /// The play ends there.
    #[default]
    Stop,
    /// The next candidate of the diagnosis is tried, then the `otherwise` play.
    Next,
    /// This play takes its place.
    Play(PlayId),
    /// After this wait, everybody is asked again.
    Hold(Span),
}

/// Which change is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeChoice {
    /// The one that the diagnosis chose.
    #[serde(rename = "by-triage")]
    ByDiagnosis,
    This(ChangeId),
}

/// The word for all of the team, in scenarios, in the room and in the journal; no name of a role or
/// a person.
pub const EVERYONE: &str = "everyone";

/// To whom something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    Role(RoleId),
    Person(PersonId),
    Everyone,
}

impl Audience {
    /// The name of the role or the person, or `everyone`.
    pub fn name(self, names: &Names) -> String {
        match self {
            Audience::Role(role) => names.roles[role.index()].clone(),
            Audience::Person(person) => names.people[person.index()].clone(),
            Audience::Everyone => EVERYONE.to_string(),
        }
    }
}

/// A planned step of the launch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LaunchStep {
    pub label: String,
    /// `None`: nobody can time it (`?`); it does not run.
    pub at: Option<LaunchTime>,
    pub action: LaunchAction,
}

/// When a planned step is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LaunchTime {
    At(Time),
    /// This long after another step is finished (its change live, its message sent).
    After(StepId, Span),
}

/// What a planned step does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LaunchAction {
    /// The ladder is walked, and whoever answers makes the change; `None`: it starts by itself.
    Change {
        change: ChangeId,
        by: Option<EscalationId>,
    },
    Tell {
        to: Audience,
        from: Option<Audience>,
        note: Option<String>,
    },
}

/// A message from somebody who is in no play.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// When it is sent.
    pub at: Time,
    /// Whom it is for.
    pub to: Audience,
    /// By which channel; `None`: face to face, so that it is heard at once.
    pub by: Option<ChannelId>,
    /// Whose voice it is.
    pub from: Option<String>,
    /// What it says.
    pub says: String,
    /// Who must be told of it by whoever reads it.
    pub expect: Option<ToTell>,
}

/// Who must be told of a message.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ToTell {
    /// The role or the person.
    #[serde(rename = "told")]
    pub audience: Audience,
    /// At most so long after the message was sent; `None`: it is only timed.
    pub within: Option<Span>,
    /// By which channel; `None`: face to face, or to somebody outside the team.
    pub by: Option<ChannelId>,
    /// How long the reader takes before passing the message on; `None`: no time.
    pub takes: Option<Spread>,
}
