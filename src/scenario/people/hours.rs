//! Hours of duty: from dates, days and times of day to intervals of simulated time.

use crate::language::problem::{Problem, advice, quoted};
use crate::language::written::Placed;
use crate::scenario::document::Document;
use crate::scenario::people::written::HoursRow;
use crate::scenario::resolver::Resolver;
use crate::units::{Calendar, Span, Time};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

impl Resolver<'_> {
    /// The intervals of several tables together, cut to the run, sorted and disjoint.
    pub fn on_duty(&mut self, hours: &[Placed<String>], document: &Document) -> Vec<(Time, Time)> {
        let mut intervals = Vec::new();
        let tables = document.hours.as_ref().map(|hours| hours.0.as_slice()).unwrap_or_default();
        for name in hours {
            let Some((_, rows)) = tables.iter().find(|(table, _)| table.value == name.value) else {
                let message = format!("unknown hours {}", quoted(&name.value));
                let known = tables.iter().map(|(table, _)| table.value.as_str());
                let problem = Problem::error(name.place, message).label("no hours have this name");
                self.problems.push(problem.maybe_hint(advice(&name.value, known)));
                continue;
            };
            for row in rows.iter().flatten() {
                self.dates_in_order(row);
                intervals.extend(row_intervals(row, &self.calendar, self.lasts));
            }
        }
        merged(intervals)
    }

    fn dates_in_order(&mut self, row: &HoursRow) {
        if let (Some(from), Some(to)) = (&row.from, &row.to)
            && to.value < from.value
        {
            let message = format!("{} is before {}", to.value, from.value);
            self.error(to.place, message, "`to` is the last day of duty");
        }
    }
}

/// The days of one row as intervals within the run.
fn row_intervals(row: &HoursRow, calendar: &Calendar, lasts: Span) -> Vec<(Time, Time)> {
    let zone = row.daily.as_ref().and_then(|daily| daily.zone.clone());
    let zone = zone.unwrap_or_else(|| calendar.zone().clone());
    let end = Time::ZERO + lasts;
    let day_of = |time: Time| calendar.at(time).with_time_zone(zone.clone()).date();
    let mut intervals = Vec::new();
    // A night's duty that began the day before may reach into the run.
    let mut day = day_of(Time::ZERO).yesterday().unwrap_or(Date::MIN);
    while day <= day_of(end) {
        let listed = row.from.is_none_or(|from| from.value <= day)
            && row.to.is_none_or(|to| day <= to.value)
            && row.days.is_none_or(|days| days.contains(day.weekday()));
        if listed && let Some((from, to)) = hours_of(day, row) {
            let time = |when: DateTime| {
                let moment = when.to_zoned(zone.clone()).ok()?;
                Some(calendar.time_of(&moment).unwrap_or(Time::ZERO).min(end))
            };
            intervals.extend(time(from).zip(time(to)));
        }
        let Ok(next) = day.tomorrow() else { break };
        day = next;
    }
    intervals
}

/// The beginning and the end of duty on one day, by the clock.
fn hours_of(day: Date, row: &HoursRow) -> Option<(DateTime, DateTime)> {
    let midnight = |day: Date| day.at(0, 0, 0, 0);
    let next = day.checked_add(1.day()).ok()?;
    let Some(daily) = &row.daily else {
        return Some((midnight(day), midnight(next)));
    };
    let from = day.to_datetime(daily.from);
    Some(match daily.to {
        None => (from, midnight(next)),
        Some(to) if to <= daily.from => (from, next.to_datetime(to)),
        Some(to) => (from, day.to_datetime(to)),
    })
}

/// Sorted, overlaps and neighbours joined, empty ones left out.
fn merged(mut intervals: Vec<(Time, Time)>) -> Vec<(Time, Time)> {
    intervals.sort_unstable();
    let mut merged: Vec<(Time, Time)> = Vec::new();
    for (from, to) in intervals.into_iter().filter(|(from, to)| from < to) {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::problem::Problems;
    use crate::language::source::SourceText;
    use crate::language::value::calendar::Starts;
    use crate::language::word::ScalarValue;
    use crate::language::written::FromNode;
    use crate::language::yaml;

    /// The intervals of a row, in hours since the start.
    fn hours(row: &str, starts: &str, days: u64) -> Vec<(f64, f64)> {
        let mut problems = Problems::new(SourceText::file("", row));
        let node = yaml::parse(row, 0, &mut problems).expect("YAML");
        let row = HoursRow::read(&node, &mut problems).expect("hours");
        assert!(!problems.any_error(), "{}", problems.render(false));
        let calendar = Calendar::new(Starts::parse(starts).expect("a start").0);
        let intervals = merged(row_intervals(&row, &calendar, Span::from_secs(days * 86_400)));
        let hours = |time: Time| time.seconds() / 3_600.0;
        intervals.into_iter().map(|(from, to)| (hours(from), hours(to))).collect()
    }

    #[test]
    fn days_and_dates() {
        let row = "{from: 2018-10-09, to: 2018-10-15, days: mon-fri, daily: 09:00-18:00}";
        // Saturday, the weekend is off; Monday the 15th is the last day.
        let got = hours(row, "2018-10-13T00:00 America/New_York", 5);
        assert_eq!(got, [(57.0, 66.0)]);
        let got = hours(row, "2018-10-12T12:00 America/New_York", 1);
        assert_eq!(got, [(0.0, 6.0)]);
    }

    #[test]
    fn the_night_on_which_the_clock_is_set_back_has_25_hours() {
        let row = "{daily: 00:00-24:00}";
        assert_eq!(hours(row, "2018-11-03T00:00 America/New_York", 3), [(0.0, 72.0)]);
        let row = "{daily: 09:00-10:00}";
        let got = hours(row, "2018-11-03T00:00 America/New_York", 2);
        assert_eq!(got, [(9.0, 10.0), (34.0, 35.0)]);
    }

    #[test]
    fn a_night_shift_belongs_to_the_day_on_which_it_begins() {
        let row = "{days: sat, daily: 22:00-06:00}";
        assert_eq!(hours(row, "2018-10-14T00:00 America/New_York", 1), [(0.0, 6.0)]);
    }

    #[test]
    fn hours_in_another_time_zone() {
        let row = "{daily: 09:00-18:00 America/Los_Angeles}";
        assert_eq!(hours(row, "2018-11-07T00:00 America/New_York", 1), [(12.0, 21.0)]);
    }
}
