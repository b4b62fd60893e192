//! Alerts as episodes: from pending to the end, with the faults behind them.

use super::{Attribution, Event, FaultSpan, Story};
use crate::decision::{AlertState, Named};
use crate::names::{ScopeKind, worded};
use crate::telemetry::NamedCause;
use crate::units::{Span, Time};

/// One alert of one scope from pending (or firing, or no data) to its end.
pub type Episode<'a> = crate::decision::Episode<'a, Named, Attribution>;

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

impl<'a> Episode<'a> {
    /// What it is attributed to; `None`: nothing is charged, or nobody knows.
    pub fn cause(&self) -> Option<&'a NamedCause> {
        self.first.attribution.cause.as_ref()
    }

    /// When that took effect.
    pub fn cause_at(&self) -> Option<Time> {
        self.first.attribution.cause_at
    }

    /// Real if it has a cause, a false alarm if it has none; or it almost fired.
    pub fn class(&self) -> Class {
        match (self.firing_at, self.cause()) {
            (None, _) => Class::AlmostFired,
            (Some(_), None) => Class::FalseAlarm,
            (Some(_), Some(_)) => Class::Real,
        }
    }

    /// How long after its cause took effect people were told that it fired.
    pub fn after_cause(&self) -> Option<Span> {
        self.told_at.zip(self.cause_at()).map(|(told, cause)| told.since(cause))
    }

    /// Alert and, where it is not the whole site, what of it: `OneBrowserBroken (browser ie11)`.
    pub fn name(&self) -> String {
        match self.judged.scope.kind {
            ScopeKind::Site => self.judged.rule.clone(),
            _ => format!("{} ({})", self.judged.rule, self.judged.scope),
        }
    }
}

/// All episodes, in the order in which they began.
pub fn episodes(story: &Story) -> Vec<Episode<'_>> {
    Episode::all(story.alerts())
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
                let own = alert.attribution.cause.as_ref().is_some_and(|cause| is(cause, fault));
                own && alert.state == AlertState::Firing
            })
    };
    let missed = |span: &FaultSpan| span.site && harmed(span.fault) && !told(span.fault);
    story.faults().into_iter().filter(missed).collect()
}
