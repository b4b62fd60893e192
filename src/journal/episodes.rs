//! Alerts as episodes: from pending to the end, with the faults behind them.

use super::{AlertEntry, FaultSpan, Story};
use crate::decision::AlertState;
use crate::names::worded;
use crate::units::{Span, Time};

/// A breach that begins this soon after a fault's end is still put down to it: the fault's last
/// requests are in the rules' windows that long.
const AFTERMATH: Span = Span::MINUTE;

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
    /// The faults behind it, earliest first.
    pub faults: Vec<&'a str>,
    /// Start of the earliest of them.
    pub fault_at: Option<Time>,
}

worded! {
    /// What an episode was worth. No word is one that a spreadsheet turns into a boolean.
    pub enum Class {
        /// It fired, and a fault is behind it.
        Real = "real",
        /// It fired, and none is.
        FalseAlarm = "false-alarm",
        /// It never fired.
        AlmostFired = "almost-fired",
        /// No rule fired for a fault.
        NotDetected = "not-detected",
    }
}

impl Episode<'_> {
    /// Real if a fault is behind it, a false alarm if none is; or it almost fired.
    pub fn class(&self) -> Class {
        match (self.firing_at, self.faults.is_empty()) {
            (None, _) => Class::AlmostFired,
            (Some(_), true) => Class::FalseAlarm,
            (Some(_), false) => Class::Real,
        }
    }

    /// How long after the fault people were told that it fired.
    pub fn after_fault(&self) -> Option<Span> {
        self.told_at.zip(self.fault_at).map(|(told, fault)| told.since(fault))
    }

    /// Alert and, where it is not the whole site, what of it: `OneBrowserBroken (browser ie11)`.
    pub fn name(&self) -> String {
        match scope(self.judged) {
            scope if scope == "site" => self.judged.alert.clone(),
            scope => format!("{} ({scope})", self.judged.alert),
        }
    }
}

/// The scope of an alert in words: `site`, `tier evss`, `browser ie11`.
pub fn scope(alert: &AlertEntry) -> String {
    scope_words(&alert.scope_kind, &alert.scope)
}

/// The same of its two parts.
pub fn scope_words(kind: &str, name: &str) -> String {
    match kind {
        "site" => "site".to_string(),
        kind => format!("{kind} {name}"),
    }
}

/// All episodes, in the order in which they began.
pub fn episodes(story: &Story) -> Vec<Episode<'_>> {
    let faults = story.faults();
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
                episodes.push(begun((told, alert), no_data, &faults));
            }
            (AlertState::Firing, None) => episodes.push(begun((told, alert), true, &faults)),
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
fn begun<'a>(
    (told, alert): (Time, &'a AlertEntry),
    fires: bool,
    faults: &[FaultSpan<'a>],
) -> Episode<'a> {
    let no_data = alert.state == AlertState::NoData;
    let mut behind: Vec<&str> = alert.faults.iter().map(String::as_str).collect();
    // What made a rule blind is always written beside it.
    if behind.is_empty() && !no_data {
        let active = |fault: &&FaultSpan| {
            let over = fault.to.is_some_and(|to| to + AFTERMATH < alert.tick);
            fault.site && fault.from < alert.tick && !over
        };
        behind = faults.iter().filter(active).map(|fault| fault.fault).collect();
    }
    let first = faults.iter().filter(|fault| behind.contains(&fault.fault)).map(|f| f.from).min();
    Episode {
        judged: alert,
        pending_at: (!fires).then_some(alert.tick),
        firing_at: fires.then_some(alert.tick),
        told_at: fires.then_some(told),
        ended_at: None,
        end_told_at: None,
        no_data,
        faults: behind,
        fault_at: alert.fault_at.or(first),
    }
}

/// The site's faults that no rule fired for.
pub fn undetected(story: &Story) -> Vec<FaultSpan<'_>> {
    let episodes = episodes(story);
    let noticed = |fault: &str| {
        let mut fired = episodes.iter().filter(|e| e.class() == Class::Real && !e.no_data);
        fired.any(|episode| episode.faults.contains(&fault))
    };
    story.faults().into_iter().filter(|fault| fault.site && !noticed(fault.fault)).collect()
}

/// When this fault last began before a moment.
pub fn began(story: &Story, fault: &str, before: Time) -> Option<Time> {
    let spans = story.faults().into_iter();
    spans.filter(|span| span.fault == fault && span.from <= before).map(|span| span.from).max()
}
