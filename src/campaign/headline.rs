//! The figures of a day that are worth a summary, by what they are about.

use crate::decision::Phase;
use crate::journal::Expectation;
use crate::names::{NamedScope, ScopeKind, worded};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A figure of a day that is worth a summary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headline {
    #[serde(rename = "name")]
    pub subject: HeadlineSubject,
    /// What its values are.
    pub unit: HeadlineUnit,
}

/// What a headline is about. On disk and on screens it is one text, in part of the scenario's own
/// words: `meets detected < 5m`, `affected, browser chrome`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub enum HeadlineSubject {
    /// A figure that every plan has, or may have.
    Usual(UsualHeadline),
    /// How likely this play opens.
    PlayOpens(String),
    /// How likely this expectation is met, in its own words.
    Meets(String),
    /// How long something was under way.
    Spent(Phase),
    /// Until this audience was first told.
    Told(String),
    /// How many updates to this audience were due.
    UpdatesDue(String),
    /// How many of those did not come.
    UpdatesMissed(String),
    /// Users of a segment who were affected.
    AffectedOf(NamedScope),
    /// The time that the users of a segment lost.
    LostOf(NamedScope),
    /// Of another version of the program.
    Other(String),
}

worded! {
    /// A figure that every plan has, or may have.
    pub enum UsualHeadline {
        IncidentOpens = "an incident opens",
        Total = "total",
        Recovered = "recovered",
        /// Until the change that helped was in effect: asked of a plan that says what really
        /// happened.
        Helped = "helped",
        Contained = "contained",
        FalseAlarms = "false alarms",
        Requests = "requests",
        RequestsFailed = "requests failed",
        RequestsGivenUp = "requests given up",
        RequestsTurnedAway = "requests turned away",
        UsersAffected = "users affected",
        UserMinutesLost = "user-minutes lost",
    }
}

const PLAY: &str = "play ";
const OPENS: &str = " opens";
const MEETS: &str = "meets ";
const TOLD: &str = "told ";
const UPDATES: &str = "updates to ";
const DUE: &str = " due";
const MISSED: &str = " missed";
const AFFECTED_OF: &str = "affected, ";
const LOST_OF: &str = "user-minutes lost, ";

impl fmt::Display for HeadlineSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HeadlineSubject::Usual(usual) => usual.fmt(f),
            HeadlineSubject::PlayOpens(play) => write!(f, "{PLAY}{play}{OPENS}"),
            HeadlineSubject::Meets(expectation) => write!(f, "{MEETS}{expectation}"),
            HeadlineSubject::Spent(phase) => phase.fmt(f),
            HeadlineSubject::Told(whom) => write!(f, "{TOLD}{whom}"),
            HeadlineSubject::UpdatesDue(whom) => write!(f, "{UPDATES}{whom}{DUE}"),
            HeadlineSubject::UpdatesMissed(whom) => write!(f, "{UPDATES}{whom}{MISSED}"),
            HeadlineSubject::AffectedOf(segment) => write!(f, "{AFFECTED_OF}{segment}"),
            HeadlineSubject::LostOf(segment) => write!(f, "{LOST_OF}{segment}"),
            HeadlineSubject::Other(text) => f.write_str(text),
        }
    }
}

impl From<HeadlineSubject> for String {
    fn from(subject: HeadlineSubject) -> String {
        subject.to_string()
    }
}

impl From<String> for HeadlineSubject {
    fn from(text: String) -> HeadlineSubject {
        HeadlineSubject::read(&text).unwrap_or(HeadlineSubject::Other(text))
    }
}

impl From<UsualHeadline> for HeadlineSubject {
    fn from(usual: UsualHeadline) -> HeadlineSubject {
        HeadlineSubject::Usual(usual)
    }
}

impl From<Phase> for HeadlineSubject {
    fn from(phase: Phase) -> HeadlineSubject {
        HeadlineSubject::Spent(phase)
    }
}

impl From<&Expectation> for HeadlineSubject {
    fn from(expectation: &Expectation) -> HeadlineSubject {
        HeadlineSubject::Meets(expectation.to_string())
    }
}

impl HeadlineSubject {
    /// What was written; no two subjects are written the same.
    fn read(text: &str) -> Option<HeadlineSubject> {
        if let Some(usual) = UsualHeadline::from_word(text) {
            return Some(usual.into());
        }
        if let Some(phase) = Phase::from_word(text) {
            return Some(phase.into());
        }
        let named = |from: &str| text.strip_prefix(from).map(str::to_string);
        let between = |from: &str, to: &str| {
            text.strip_prefix(from).and_then(|rest| rest.strip_suffix(to)).map(str::to_string)
        };
        let segment = |from: &str| {
            let (word, name) = text.strip_prefix(from)?.split_once(' ')?;
            let kind = ScopeKind::from_word(word)?;
            // The whole site has no name in a sentence.
            let name = Some(name).filter(|_| kind != ScopeKind::Site)?.to_string();
            Some(NamedScope { kind, name })
        };
        (between(PLAY, OPENS).map(HeadlineSubject::PlayOpens))
            .or_else(|| named(MEETS).map(HeadlineSubject::Meets))
            .or_else(|| named(TOLD).map(HeadlineSubject::Told))
            .or_else(|| between(UPDATES, DUE).map(HeadlineSubject::UpdatesDue))
            .or_else(|| between(UPDATES, MISSED).map(HeadlineSubject::UpdatesMissed))
            .or_else(|| segment(AFFECTED_OF).map(HeadlineSubject::AffectedOf))
            .or_else(|| segment(LOST_OF).map(HeadlineSubject::LostOf))
    }

    /// Whether it is about one segment of users.
    pub fn is_of_segment(&self) -> bool {
        matches!(self, HeadlineSubject::AffectedOf(_) | HeadlineSubject::LostOf(_))
    }

    /// Whether it is about something that the plan expects.
    pub fn is_expectation(&self) -> bool {
        matches!(self, HeadlineSubject::Meets(_))
    }
}

impl Headline {
    /// Whether more of it is worse or better; `None` where it is neither by itself.
    pub fn more_is(&self) -> Option<Effect> {
        match &self.subject {
            HeadlineSubject::Meets(_) => Some(Effect::Better),
            HeadlineSubject::Usual(UsualHeadline::Requests) | HeadlineSubject::UpdatesDue(_) => {
                None
            }
            _ => (self.unit != HeadlineUnit::Chance).then_some(Effect::Worse),
        }
    }
}

/// What a difference does to those who run the site and those who use it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// It takes longer, or does more harm.
    Worse,
    /// The other way round.
    Better,
}

impl Effect {
    /// The other one.
    pub fn reversed(self) -> Effect {
        match self {
            Effect::Worse => Effect::Better,
            Effect::Better => Effect::Worse,
        }
    }
}

/// The unit of a headline's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HeadlineUnit {
    /// 1 if it came true and 0 if not: its mean is a probability.
    Chance,
    /// Seconds.
    Seconds,
    /// Requests in one trial.
    Requests,
    /// Users in one trial.
    Users,
    /// Minutes of users' time in one trial.
    UserMinutes,
    /// Updates of an incident that were due in one trial.
    Updates,
    /// Events per simulated day.
    PerDay,
}

impl HeadlineUnit {
    /// The word in tables.
    pub fn word(self) -> &'static str {
        match self {
            HeadlineUnit::Chance => "chance",
            HeadlineUnit::Seconds => "s",
            HeadlineUnit::Requests => "requests",
            HeadlineUnit::Users => "users",
            HeadlineUnit::UserMinutes => "user_minutes",
            HeadlineUnit::Updates => "updates",
            HeadlineUnit::PerDay => "per_day",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn subject() -> impl Strategy<Value = HeadlineSubject> {
        let segment = || {
            let kinds = [ScopeKind::Browser, ScopeKind::Login, ScopeKind::Account, ScopeKind::Tool];
            (proptest::sample::select(kinds.to_vec()), ".*")
                .prop_map(|(kind, name)| NamedScope { kind, name })
        };
        prop_oneof![
            proptest::sample::select(UsualHeadline::ALL.to_vec()).prop_map(HeadlineSubject::Usual),
            proptest::sample::select(Phase::ALL.to_vec()).prop_map(HeadlineSubject::Spent),
            ".*".prop_map(HeadlineSubject::PlayOpens),
            ".*".prop_map(HeadlineSubject::Meets),
            ".*".prop_map(HeadlineSubject::Told),
            ".*".prop_map(HeadlineSubject::UpdatesDue),
            ".*".prop_map(HeadlineSubject::UpdatesMissed),
            segment().prop_map(HeadlineSubject::AffectedOf),
            segment().prop_map(HeadlineSubject::LostOf),
        ]
    }

    proptest! {
        #[test]
        fn a_subject_is_read_again(subject in subject()) {
            prop_assert_eq!(HeadlineSubject::from(subject.to_string()), subject);
        }

        #[test]
        fn a_text_stays_as_it_is(text in prop_oneof![
            any::<String>(),
            "(play |updates to |affected, |user-minutes lost, |told |meets ).{0,9}",
            "(affected, |user-minutes lost, )(site|tier|browser) .{0,3}",
            "(play|updates to) .{0,3}( opens| due| missed)?",
        ]) {
            prop_assert_eq!(HeadlineSubject::from(text.clone()).to_string(), text);
        }
    }

    #[test]
    fn what_more_of_it_is() {
        let more = |text: &str, unit| Headline { subject: text.to_string().into(), unit }.more_is();
        assert_eq!(more("meets detected < 3m", HeadlineUnit::Chance), Some(Effect::Better));
        assert_eq!(more("play rollback opens", HeadlineUnit::Chance), None);
        assert_eq!(more("requests", HeadlineUnit::Requests), None);
        assert_eq!(more("requests failed", HeadlineUnit::Requests), Some(Effect::Worse));
        assert_eq!(more("updates to public due", HeadlineUnit::Updates), None);
        assert_eq!(more("updates to public missed", HeadlineUnit::Updates), Some(Effect::Worse));
        // A headline that this version does not know.
        assert_eq!(more("something new", HeadlineUnit::Chance), None);
        assert_eq!(more("something new", HeadlineUnit::Seconds), Some(Effect::Worse));
    }
}
