//! Changes that people made of their own accord, whatever the plays say: who asked, who made them,
//! and what came of them.

use super::context::ReportContext;
use crate::change::ChangeStage;
use crate::journal::{AttemptEntry, Event, RoomKind, Story, between};
use crate::units::Time;

/// A change that no play made.
pub(crate) struct ImprovisedChange<'a> {
    pub at: Time,
    pub incident: Option<u32>,
    pub change: &'a str,
    pub asked_by: Option<&'a str>,
    pub made_by: Option<&'a str>,
    pub deploying: Option<Time>,
    pub deployed: Option<Time>,
    pub live: Option<Time>,
    pub failed: Option<Time>,
}

/// All of them, in the order in which they were begun.
pub(crate) fn improvised(story: &Story) -> Vec<ImprovisedChange<'_>> {
    let mut all: Vec<ImprovisedChange> = Vec::new();
    let mut said: Option<(Time, Option<&str>)> = None;
    for entry in story.entries() {
        match &entry.event {
            Event::Room { kind: RoomKind::Do, whom, .. } => {
                said = Some((entry.at, whom.as_deref()));
            }
            Event::Change { change, stage: ChangeStage::Ordered, by, incident, play, .. } => {
                let own = said.take().filter(|(at, _)| *at == entry.at && play.is_none());
                all.extend(own.map(|(at, asked_by)| ImprovisedChange {
                    at,
                    incident: *incident,
                    change,
                    asked_by,
                    made_by: by.as_deref(),
                    deploying: None,
                    deployed: None,
                    live: None,
                    failed: None,
                }));
            }
            Event::Change { change, stage, .. } => {
                let going =
                    |one: &&mut ImprovisedChange| one.change == change && one.is_under_way();
                if let Some(one) = all.iter_mut().find(going) {
                    one.reached(*stage, entry.at);
                }
            }
            _ => {}
        }
    }
    all
}

impl ImprovisedChange<'_> {
    fn is_under_way(&self) -> bool {
        self.live.is_none() && self.failed.is_none()
    }

    fn reached(&mut self, stage: ChangeStage, at: Time) {
        match stage {
            ChangeStage::Deploying => self.deploying = Some(at),
            ChangeStage::Deployed => self.deployed = Some(at),
            ChangeStage::Live => self.live = Some(at),
            ChangeStage::Failed => self.failed = Some(at),
            _ => {}
        }
    }

    /// Whether this attempt of an incident is about it: it has a row of its own.
    pub fn is_of(&self, attempt: &AttemptEntry) -> bool {
        Some(attempt.incident) == self.incident
            && attempt.change.as_deref() == Some(self.change)
            && attempt.reached.ordered_at == Some(self.at)
    }

    /// When it was over, and how.
    pub fn ended(&self, context: &ReportContext) -> (Time, &'static str) {
        match (self.live, self.failed) {
            (Some(live), _) => (live, "in effect"),
            (None, Some(failed)) => (failed, "change failed"),
            (None, None) => (context.story.last(), "under way"),
        }
    }

    /// `improvised, asked for by chris, made by wyatt`.
    pub fn attribution_text(&self) -> String {
        let asked = self.asked_by.map(|who| format!(", asked for by {who}")).unwrap_or_default();
        let made = self.made_by.map(|who| format!(", made by {who}")).unwrap_or_default();
        format!("improvised{asked}{made}")
    }

    /// `in effect after 3m`, `change failed after 1m`, `still under way at the end`.
    pub fn outcome_text(&self, context: &ReportContext) -> String {
        let (at, how) = self.ended(context);
        match self.is_under_way() {
            true => "still under way at the end".to_string(),
            false => format!("{how} after {}", between(self.at, at)),
        }
    }
}

/// Those of all that are not attempt of their own: they stand beside a play, or there was no
/// incident.
pub(crate) fn without_attempt<'a>(
    context: &ReportContext,
    mut all: Vec<ImprovisedChange<'a>>,
) -> Vec<ImprovisedChange<'a>> {
    let attempts: Vec<&AttemptEntry> = context.story.attempts().collect();
    all.retain(|one| !attempts.iter().any(|attempt| one.is_of(attempt)));
    all
}

/// What an attempt is about, if that is one of these.
pub(crate) fn of_attempt<'x, 'a>(
    all: &'x [ImprovisedChange<'a>],
    attempt: &AttemptEntry,
) -> Option<&'x ImprovisedChange<'a>> {
    all.iter().find(|one| one.is_of(attempt))
}
