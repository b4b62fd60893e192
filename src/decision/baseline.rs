//! What is normal: what rules compare with that are multiples of it.

use super::measure::Measure;
use crate::units::{Calendar, Rate, Ratio, Span, Time};
use serde::{Deserialize, Serialize};

/// What is normal repeats every week, because people work by the week.
const WEEK: Span = Span::from_secs(7 * 86_400);

/// What is normal, from the historical log.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Baseline {
    /// Share of requests that are bad.
    pub error_rate: Option<Ratio>,
    /// Requests of the whole site.
    #[serde(default, skip_serializing_if = "Hourly::is_empty")]
    pub requests: Hourly,
    /// Response times by their quantile, 0 to 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub latency: Vec<(f64, Span)>,
}

/// A rate that changes with the hours of the week, on the clock of the run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Hourly {
    /// By hour of the week, Monday 00:00 first; a single rate if it is always the same.
    week: Vec<Rate>,
    /// From when on which rate counts, from time zero, ascending. After the last, it is that of
    /// the week before.
    steps: Vec<(Time, Rate)>,
}

/// A week, and as long again as the longest window is.
const LAID_OUT: Span = Span::from_secs(9 * 86_400);

impl Hourly {
    /// A rate that never changes.
    pub fn constant(rate: Rate) -> Hourly {
        Hourly { week: vec![rate], steps: vec![(Time::ZERO, rate)] }
    }

    /// These 168 rates, on a clock.
    pub fn of_week(week: Vec<Rate>, calendar: &Calendar) -> Hourly {
        assert_eq!(week.len(), 168, "a week has this many hours");
        let mut steps = Vec::new();
        let mut at = Time::ZERO;
        while at < Time::ZERO + LAID_OUT {
            let local = calendar.at(at);
            let hour =
                local.weekday().to_monday_zero_offset() as usize * 24 + local.hour() as usize;
            steps.push((at, week[hour]));
            let into = local.minute() as u64 * 60 + local.second() as u64;
            let left = Span::from_secs(3_600 - into).0 - local.subsec_nanosecond() as u64;
            at += Span(left);
        }
        Hourly { week, steps }
    }

    /// The same hours of the week, on another clock.
    pub fn on(&self, calendar: &Calendar) -> Hourly {
        if self.week.len() == 168 {
            Hourly::of_week(self.week.clone(), calendar)
        } else {
            self.clone()
        }
    }

    /// The rates up to a moment, hour after hour.
    pub fn until(&self, end: Time) -> impl Iterator<Item = Rate> {
        let within = self.steps.iter().take_while(move |(at, _)| *at < end);
        within.map(|(_, rate)| *rate)
    }

    /// Nothing is known.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The mean rate between two moments.
    pub fn mean(&self, from: Time, to: Time) -> Option<Rate> {
        let last = self.steps.last()?.0;
        // Beyond what is laid out, the hours are those of an earlier week.
        let weeks = (to.0.saturating_sub(last.0)).div_ceil(WEEK.0);
        let back = if self.steps.len() > 1 { weeks.saturating_mul(WEEK.0) } else { 0 };
        let (from, to) = (Time(from.0.saturating_sub(back)), Time(to.0.saturating_sub(back)));
        let first = self.steps.partition_point(|(at, _)| *at <= from).saturating_sub(1);
        if to <= from {
            return Some(self.steps[first].1);
        }
        let mut sum = 0.0;
        for index in first..self.steps.len() {
            let (at, rate) = self.steps[index];
            let next = self.steps.get(index + 1).map_or(Time::NEVER, |(next, _)| *next);
            let (begins, ends) = (at.max(from), next.min(to));
            if begins >= to {
                break;
            }
            if begins == from && ends == to {
                return Some(rate);
            }
            sum += rate.0 * ends.since(begins).seconds();
        }
        Some(Rate(sum / to.since(from).seconds()))
    }
}

impl Baseline {
    /// What is normal for a measure over `[from, to)`, in its unit; `None`: it is not known.
    pub fn normal(&self, measure: Measure, (from, to): (Time, Time)) -> Option<f64> {
        match measure {
            Measure::ErrorRate => self.error_rate.map(|rate| rate.0),
            Measure::Requests => self.requests.mean(from, to).map(|rate| rate.0),
            Measure::Latency(quantile) => {
                let known = self.latency.iter().find(|(known, _)| *known == quantile);
                known.map(|(_, span)| span.seconds())
            }
            Measure::GivenUp | Measure::SlowerThan(_) | Measure::Errors => None,
            Measure::Reports(_) | Measure::Noticed => None,
            Measure::Backlog | Measure::BacklogAge => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_goes_over_the_hours_and_back_a_week() {
        let starts = "2018-11-05T00:30[America/New_York]".parse().expect("a Monday");
        let week = (0..168).map(|n| Rate(n as f64)).collect();
        let hourly = Hourly::of_week(week, &Calendar::new(starts));
        // Half hours since the start, which is half an hour into the first hour of the week.
        let half = |n: u64| Time(Span::from_secs(n * 1_800).0);
        let mean = |from: u64, to: u64| hourly.mean(half(from), half(to)).expect("known").0;
        assert_eq!(mean(5, 7), 3.0);
        assert!((mean(5, 9) - 3.5).abs() < 1e-12);
        assert!((mean(0, 3) - 2.0 / 3.0).abs() < 1e-12, "half an hour of nothing, an hour of one");
        assert_eq!(mean(335, 337), 0.0, "the first hour of the next week");
        assert_eq!(mean(10 * 336 + 9, 10 * 336 + 11), 5.0, "as laid out, the week before");
        assert_eq!(mean(13, 13), 7.0);
        let constant = Hourly::constant(Rate(2.0));
        assert_eq!(constant.mean(half(500), half(900)), Some(Rate(2.0)));
        assert_eq!(Hourly::default().mean(half(0), half(1)), None);
    }

    #[test]
    fn the_hour_is_that_of_the_wall_clock() {
        let starts = "2018-11-04T00:00[America/New_York]".parse().expect("a Sunday");
        let week = (0..168).map(|n| Rate(n as f64)).collect();
        let hourly = Hourly::of_week(week, &Calendar::new(starts));
        let at = |hour: u64| {
            let from = Time(Span::from_secs(hour * 3_600).0);
            hourly.mean(from, from + Span::MINUTE).expect("known").0
        };
        assert_eq!((at(1), at(2), at(3)), (145.0, 145.0, 146.0), "one o'clock comes twice");
        let other = "2018-11-05T09:00[America/New_York]".parse().expect("a Monday");
        let monday = hourly.on(&Calendar::new(other));
        assert_eq!(monday.mean(Time::ZERO, Time::ZERO + Span::MINUTE), Some(Rate(9.0)));
    }
}
