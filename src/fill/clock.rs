//! Times of day as people say them.

use regex::Regex;
use std::sync::LazyLock;

/// The hours that a day of the plan has, in minutes after midnight, and its zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PlanHours {
    begins: u32,
    ends: u32,
    zone: String,
}

impl PlanHours {
    /// Of a scenario that starts (`2018-11-07T10:00 America/New_York`) and lasts so long (`6h`).
    pub(super) fn new(starts: &str, lasts: f64) -> PlanHours {
        let (moment, zone) = starts.split_once(' ').unwrap_or((starts, ""));
        let begins = moment.split_once('T').and_then(|(_, time)| minutes(time)).unwrap_or_default();
        PlanHours { begins, ends: begins + (lasts / 60.0) as u32, zone: zone.to_string() }
    }

    fn has(&self, minute: u32) -> bool {
        (self.begins..=self.ends).contains(&minute)
    }
}

/// A time of day as a scenario writes it, and what has to be said of how it was read. `None`: the
/// words are not a time of day.
pub(super) fn time_of_day(
    words: &str,
    hours: &PlanHours,
) -> Result<Option<(String, Option<String>)>, String> {
    let Some((minute, sure)) = spoken(words, &hours.zone) else { return Ok(None) };
    let later = minute + 12 * 60;
    let (begins, ends) = (shown(hours.begins), shown(hours.ends));
    if !sure && minute < 12 * 60 && !hours.has(minute) {
        if hours.has(later) {
            let read = format!("{words} is {}: the plan's day is {begins} to {ends}", shown(later));
            return Ok(Some((shown(later), Some(read))));
        }
        return Err(format!(
            "`{words}` is not between {begins} and {ends}, the plan's day: write {words} AM or \
             {words} PM"
        ));
    }
    let outside = (!hours.has(minute))
        .then(|| format!("{} is outside the plan's day, {begins} to {ends}", shown(minute)));
    Ok(Some((shown(minute), outside)))
}

/// A time of day in minutes, and whether it is said which half of the day is meant.
pub(super) fn spoken(words: &str, zone: &str) -> Option<(u32, bool)> {
    let lower = words.trim().to_lowercase().replace('.', "");
    let lower = lower.strip_prefix("at ").unwrap_or(&lower).trim();
    let zones: &[&str] = match zone {
        "America/New_York" => &["et", "est", "edt", "eastern"],
        "America/Chicago" => &["ct", "cst", "cdt", "central"],
        "America/Denver" => &["mt", "mst", "mdt", "mountain"],
        "America/Los_Angeles" => &["pt", "pst", "pdt", "pacific"],
        "UTC" => &["utc", "gmt", "z"],
        _ => &[],
    };
    let bare = zones.iter().find_map(|zone| lower.strip_suffix(zone)).unwrap_or(lower).trim();
    if ["noon", "midday", "12 noon"].contains(&bare) {
        return Some((12 * 60, true));
    }
    let halves = [("am", 0), ("pm", 12), ("in the morning", 0), ("in the afternoon", 12)];
    let half = halves.iter().find_map(|(end, half)| Some((bare.strip_suffix(end)?, *half)));
    let (time, half) = half.map_or((bare, None), |(time, half)| (time, Some(half)));
    let (hour, minute, padded) = hour_and_minute(time.trim(), half.is_some())?;
    let hour = match half {
        Some(later) => (1..=12).contains(&hour).then(|| hour % 12 + later)?,
        None => Some(hour).filter(|hour| *hour < 24)?,
    };
    Some((hour * 60 + minute, half.is_some() || padded || hour > 12))
}

/// `1:30`, `13`, `half past one`, `quarter to two`, `two o'clock`: the hour, the minute, and
/// whether it is written as the clock of a day of 24 hours has it. A bare hour is one only with its
/// half.
fn hour_and_minute(time: &str, has_half: bool) -> Option<(u32, u32, bool)> {
    if let Some((hours, minutes)) = time.split_once(':') {
        let minute = minutes.parse().ok().filter(|minute| minutes.len() == 2 && *minute < 60)?;
        return Some((hours.parse().ok()?, minute, hours.len() == 2 && hours.starts_with('0')));
    }
    let clock = ["o'clock", "o’clock", "oclock"].iter().find_map(|end| time.strip_suffix(end));
    if let Some(found) = PAST.captures(time) {
        let of = of_hour(&found[3])?;
        let by = match &found[1] {
            "half" => 30,
            "quarter" | "a quarter" => 15,
            digits => digits.trim_end_matches(" minutes").parse().ok().filter(|by| *by < 60)?,
        };
        return match &found[2] {
            "to" => Some(((of + 11) % 12, 60 - by, false)),
            _ => Some((of, by, false)),
        };
    }
    let bare = clock.unwrap_or(time).trim();
    (has_half || clock.is_some()).then(|| Some((of_hour(bare)?, 0, false)))?
}

/// `half past one`, `quarter to 2`.
static PAST: LazyLock<Regex> = LazyLock::new(|| {
    let pattern =
        r"^(half|a quarter|quarter|\d{1,2}(?: minutes)?) (past|after|to) ([a-z]+|\d{1,2})$";
    Regex::new(pattern).expect("a pattern")
});

/// The hours of a clock in words.
const HOURS: [&str; 12] = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
];

fn of_hour(word: &str) -> Option<u32> {
    let at = HOURS.iter().position(|hour| *hour == word);
    at.map(|at| at as u32 + 1).or(word.parse().ok())
}

/// `10:00` in minutes.
fn minutes(time: &str) -> Option<u32> {
    let (hours, minutes) = time.split_once(':')?;
    Some(hours.parse::<u32>().ok()? * 60 + minutes.get(..2)?.parse::<u32>().ok()?)
}

fn shown(minute: u32) -> String {
    format!("{:02}:{:02}", minute / 60 % 24, minute % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_are_told_by_the_clock() {
        for (words, time) in [
            ("5 PM", Some("17:00")),
            ("5:30pm", Some("17:30")),
            ("2 PM ET", Some("14:00")),
            ("12 am", Some("00:00")),
            ("12 p.m.", Some("12:00")),
            ("17:15 ET", Some("17:15")),
            ("half past one", Some("01:30")),
            ("quarter to two pm", Some("13:45")),
            ("at two o'clock", Some("02:00")),
            ("noon", Some("12:00")),
            ("2 in the afternoon", Some("14:00")),
            ("2 PM PT", None),
            ("13 pm", None),
            ("5:75 pm", None),
            ("25:00", None),
            ("1", None),
            ("spam", None),
            ("right after the merge", None),
        ] {
            let found = spoken(words, "America/New_York").map(|(minute, _)| shown(minute));
            assert_eq!(found.as_deref(), time, "{words}");
        }
    }

    #[test]
    fn a_bare_time_is_one_of_the_plans_day() {
        let hours = PlanHours::new("2018-11-07T10:00 America/New_York", 6.0 * 3600.0);
        let read = |words: &str| time_of_day(words, &hours).map(|read| read.expect("a time").0);
        assert_eq!(read("1:30").as_deref(), Ok("13:30"));
        assert_eq!(read("half past ten").as_deref(), Ok("10:30"));
        assert_eq!(read("quarter to two").as_deref(), Ok("13:45"));
        // Which half of the day is meant is said.
        assert_eq!(read("1:30 AM").as_deref(), Ok("01:30"));
        assert_eq!(read("01:30").as_deref(), Ok("01:30"));
        assert!(read("8:30").expect_err("neither").contains("between 10:00 and 16:00"));
        let told = time_of_day("1:30", &hours).expect("a time").and_then(|(_, told)| told);
        assert_eq!(told.as_deref(), Some("1:30 is 13:30: the plan's day is 10:00 to 16:00"));
        let told = time_of_day("6 PM", &hours).expect("a time").and_then(|(_, told)| told);
        assert_eq!(told.as_deref(), Some("18:00 is outside the plan's day, 10:00 to 16:00"));
    }
}
