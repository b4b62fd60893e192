//! What an account takes from the plan of the run beside which its sheet is read.

use crate::fault::{self, FaultStart};
use crate::journal::Header;
use crate::units::Calendar;
use serde::de::DeserializeOwned;

/// What a part of the plan says, where the journal has it.
pub(super) fn planned<T: DeserializeOwned>(header: &Header, path: &str) -> Option<T> {
    serde_json::from_value(header.plan.pointer(path)?.clone()).ok()
}

/// The sentences of a plan, moved to another clock.
pub(super) struct ClockShift<'a> {
    pub from: &'a Header,
    pub to: &'a Calendar,
}

impl ClockShift<'_> {
    /// A sentence about a fault, with its start as the room's clock shows it.
    pub fn text(&self, text: &str) -> String {
        let Ok(starts) = self.from.starts.parse() else { return text.to_string() };
        let calendar = Calendar::new(starts);
        let faults: Vec<fault::Fault> = planned(self.from, "/faults").unwrap_or_default();
        let mut times = faults.iter().filter_map(|fault| match fault.start {
            FaultStart::At(time) => Some(time),
            FaultStart::With(_) | FaultStart::When => None,
        });
        let words = |calendar: &Calendar, time| format!(", from {}", calendar.clock(time));
        match times.find(|time| text.contains(&words(&calendar, *time))) {
            Some(time) => text.replacen(&words(&calendar, time), &words(self.to, time), 1),
            None => text.to_string(),
        }
    }
}
