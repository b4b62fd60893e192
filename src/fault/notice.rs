//! How people notice a fault by themselves, where no rule has to.

use crate::names::RuleId;
use crate::units::{Span, Spread, Time};
use serde::{Deserialize, Serialize};

/// Somebody notices a fault some time after it began, if it is still there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// The alert as which it is told.
    pub rule: RuleId,
    pub after: Spread,
    /// The time passes only in these intervals, sorted and disjoint; none: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Vec<(Time, Time)>>,
}

impl Notice {
    /// When it is noticed, this long after it began; `None`: not within the hours of the run.
    pub fn at(&self, began: Time, after: Span) -> Option<Time> {
        let Some(hours) = &self.hours else { return Some(began + after) };
        let mut left = after;
        for (from, to) in hours.iter().filter(|(_, to)| *to > began) {
            let from = (*from).max(began);
            let there = *to - from;
            if left <= there {
                return Some(from + left);
            }
            left = left - there;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_is_no_time_for_those_who_work_by_day() {
        let hour = |n: u64| Time::ZERO + Span::from_secs(3600 * n);
        let hours = Some(vec![(hour(9), hour(17)), (hour(33), hour(41))]);
        let notice = Notice { rule: RuleId(0), after: Spread::Fixed(Span::ZERO), hours };
        let after = |began: Time, hours: u64| notice.at(began, Span::from_secs(3600 * hours));
        assert_eq!(after(hour(10), 2), Some(hour(12)));
        assert_eq!(after(hour(16), 2), Some(hour(34)), "an hour today and one tomorrow");
        assert_eq!(after(hour(20), 1), Some(hour(34)), "it waits for the morning");
        assert_eq!(after(hour(40), 2), None, "the run is over first");
        let always = Notice { hours: None, ..notice.clone() };
        assert_eq!(always.at(hour(20), Span::from_secs(60)), Some(hour(20) + Span::MINUTE));
    }
}
