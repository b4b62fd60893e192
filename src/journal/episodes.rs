//! Alerts as episodes: from pending to the end, with the faults behind them.

use super::{AlertEntry, Event, FaultSpan, Story};
use crate::decision::AlertState;
use crate::names::{ScopeKind, worded};
use crate::telemetry::NamedCause;
use crate::units::{Span, Time};

/// One alert of one scope from pending (or firing, or no data) to its end.
pub struct Episode<'a> {
    /// What was judged when it fired, else when it cleared, else when it became pending.
    pub judged: &'a AlertEntry,
    /// The tick at which its breach began, if it did not fire at once.
    pub pending_at: Option<Time>,
    /// The tick at which it fired; for no data, at which data had been missing for long enough.
    pub firing_at: Option<Time>,
    /// When people were told that it fired, or that data was missing.
    pub told_at: Option<Time>,
    /// `None` if it outlasted the run.
    pub ended_at: Option<Time>,
    /// When people were told of its end.
    pub end_told_at: Option<Time>,
    /// It is about missing data.
    pub no_data: bool,
    /// What it is attributed to; `None`: nothing is charged, or nobody knows.
    pub cause: Option<&'a NamedCause>,
    /// When that took effect.
    pub cause_at: Option<Time>,
}

worded! {
    /// What an episode was worth. No word is one that a spreadsheet turns into a boolean.
    pub enum Class {
        /// It fired, and requests are charged to a cause.
        Real = "real",
        /// It fired for background errors alone.
        FalseAlarm = "false-alarm",
        /// It never fired.
        AlmostFired = "almost-fired",
        /// No rule fired for a fault that did harm.
        NotDetected = "not-detected",
    }
}

impl Episode<'_> {
    /// Real if it has a cause, a false alarm if it has none; or it almost fired.
    pub fn class(&self) -> Class {
        match (self.firing_at, self.cause) {
            (None, _) => Class::AlmostFired,
            (Some(_), None) => Class::FalseAlarm,
            (Some(_), Some(_)) => Class::Real,
        }
    }

    /// How long after its cause took effect people were told that it fired.
    pub fn after_cause(&self) -> Option<Span> {
        self.told_at.zip(self.cause_at).map(|(told, cause)| told.since(cause))
    }

    /// Alert and, where it is not the whole site, what of it: `OneBrowserBroken (browser ie11)`.
    pub fn name(&self) -> String {
        match self.judged.scope_kind {
            ScopeKind::Site => self.judged.alert.clone(),
            _ => format!("{} ({})", self.judged.alert, scope(self.judged)),
        }
    }
}

/// The scope of an alert in words: `site`, `tier evss`, `browser ie11`.
pub fn scope(alert: &AlertEntry) -> String {
    alert.scope_kind.with(&alert.scope)
}

/// All episodes, in the order in which they began.
pub fn episodes(story: &Story) -> Vec<Episode<'_>> {
    let mut episodes: Vec<Episode> = Vec::new();
    for (told, alert) in story.alerts() {
        let no_data = matches!(alert.state, AlertState::NoData | AlertState::DataBack);
        let same = |episode: &&mut Episode| {
            let judged = episode.judged;
            episode.ended_at.is_none()
                && episode.no_data == no_data
                && (&judged.alert, &judged.scope_kind, &judged.scope)
                    == (&alert.alert, &alert.scope_kind, &alert.scope)
        };
        let open = episodes.iter_mut().rev().find(same);
        match (alert.state, open) {
            (AlertState::Pending | AlertState::NoData, None) => {
                episodes.push(begun((told, alert), no_data));
            }
            (AlertState::Firing, None) => episodes.push(begun((told, alert), true)),
            (AlertState::Firing, Some(episode)) => {
                episode.firing_at = Some(alert.tick);
                episode.told_at = Some(told);
                episode.judged = alert;
            }
            (AlertState::Cleared, Some(episode)) => {
                (episode.ended_at, episode.end_told_at) = (Some(alert.tick), Some(told));
                episode.judged = alert;
            }
            (AlertState::Resolved | AlertState::DataBack, Some(episode)) => {
                (episode.ended_at, episode.end_told_at) = (Some(alert.tick), Some(told));
            }
            _ => {}
        }
    }
    episodes
}

/// An episode that begins with this entry; `fires` if it begins without being pending.
fn begun((told, alert): (Time, &AlertEntry), fires: bool) -> Episode<'_> {
    let no_data = alert.state == AlertState::NoData;
    Episode {
        judged: alert,
        pending_at: (!fires).then_some(alert.tick),
        firing_at: fires.then_some(alert.tick),
        told_at: fires.then_some(told),
        ended_at: None,
        end_told_at: None,
        no_data,
        cause: alert.cause.as_ref(),
        cause_at: alert.cause_at,
    }
}

/// The site's faults that did harm, as far as that was counted, and that no rule fired for.
pub fn undetected(story: &Story) -> Vec<FaultSpan<'_>> {
    let charged = || {
        story.entries().iter().filter_map(|entry| match &entry.event {
            Event::Charges(charges) => Some(charges),
            _ => None,
        })
    };
    let counted = charged().next().is_some();
    let is = |cause: &NamedCause, fault: &str| cause.name() == fault;
    let harmed = |fault: &str| {
        !counted || charged().any(|of| of.times.iter().any(|(cause, ..)| is(cause, fault)))
    };
    let told = |fault: &str| {
        let by_cause = story.entries().iter().any(|entry| match &entry.event {
            Event::Cause(told) => is(&told.cause, fault),
            _ => false,
        });
        by_cause
            || story.alerts().any(|(_, alert)| {
                let own = alert.cause.as_ref().is_some_and(|cause| is(cause, fault));
                own && alert.state == AlertState::Firing
            })
    };
    let missed = |span: &FaultSpan| span.site && harmed(span.fault) && !told(span.fault);
    story.faults().into_iter().filter(missed).collect()
}
