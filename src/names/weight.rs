//! How much something matters.

use super::worded;

worded! {
    /// How much a finding matters.
    pub enum Severity {
        High = "high",
        Medium = "medium",
        Low = "low",
    }
}
