//! Limits that are not threads, as reports show them.

use crate::names::worded;
use serde::{Deserialize, Serialize};

/// Something that runs out and is not a thread, and what is used of it at the expected peak.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LimitRow {
    pub limit: String,
    pub kind: LimitKind,
    pub unit: LimitUnit,
    /// `None`: nobody knows how much there is.
    pub value: Option<f64>,
    /// `None`: nobody knows what is used.
    pub used: Option<f64>,
    /// What uses it, as written; [`GIVEN`], or blank.
    pub used_by: String,
    pub status: LimitStatus,
    /// `None`: nobody has.
    pub checked_by: Option<String>,
    /// ISO 8601.
    pub checked_on: Option<String>,
}

/// Instead of what uses a limit, where its use at the peak is given.
pub const GIVEN: &str = "given";

impl LimitRow {
    /// Whether what is used at the peak was given, not worked out.
    pub fn is_given(&self) -> bool {
        self.used_by == GIVEN
    }
}

worded! {
    /// What sort of limit it is.
    pub enum LimitKind {
        /// What a service allows: requests, messages, instances.
        Quota = "quota",
        Connections = "connections",
        Bandwidth = "bandwidth",
        /// What a load balancer takes before it has grown.
        WarmUp = "warm-up",
        Other = "other",
    }

    /// In what a limit is counted.
    pub enum LimitUnit {
        Held = "at a time",
        EachSecond = "/s",
        EachMinute = "/m",
        EachHour = "/h",
        EachDay = "/day",
        Data = "bit/s",
    }

    /// Whether a limit holds at the expected peak.
    pub enum LimitStatus {
        Ok = "ok",
        /// Little is left.
        Tight = "tight",
        Over = "over",
        /// Nobody knows how much there is, or what is used.
        Unknown = "unknown",
    }
}

impl LimitUnit {
    /// After an amount, as people write it: ` at a time`, `/s`.
    pub fn after_amount(self) -> String {
        match self {
            LimitUnit::Held | LimitUnit::Data => format!(" {self}"),
            _ => self.to_string(),
        }
    }
}
