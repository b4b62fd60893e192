//! Days as people say them in a meeting.

use jiff::civil::Date;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Words, and the day at their end: `ann, 2018-11-05`, `ann Nov 5`, `ann by 5 November`, `ann
/// Friday`, which is the next one after `today`. A day without a year is one of `year`. An error
/// where the words there look like a day but are not one.
pub fn until(words: &str, year: i16, today: Date) -> Result<(&str, Option<Date>), String> {
    let (name, day) = ends(words, year, today)?;
    let lead = |name: &'_ str| {
        let lower = name.to_lowercase();
        let lead =
            [" by", " until", " due", " before", " on"].iter().find(|l| lower.ends_with(**l));
        lead.map_or(name.len(), |lead| name.len() - lead.len())
    };
    let name = if day.is_some() { &name[..lead(name)] } else { name };
    Ok((name.trim_end_matches([',', ' ']), day))
}

fn ends(words: &str, year: i16, today: Date) -> Result<(&str, Option<Date>), String> {
    let Some((before, last)) = cut(words) else {
        return Ok((words, None));
    };
    if let Ok(day) = last.parse::<Date>() {
        return Ok((before, Some(day)));
    }
    if let Some(day) = weekday(last, today) {
        return Ok((before, Some(day)));
    }
    let digit = |text: &str| text.starts_with(|letter: char| letter.is_ascii_digit());
    if let Some((name, first)) = cut(before).or(Some(("", before)))
        && let Some(day) = of_month(first, last).or_else(|| of_month(last, first))
    {
        let (month, day) = day;
        let found = Date::new(year, month, day);
        let found = found.map_err(|_| format!("there is no {first} {last} in {year}"))?;
        return Ok((name, Some(found)));
    }
    match digit(last) {
        true => Err(format!("`{last}` is not a day: write 2018-11-01 or Nov 1")),
        false => Ok((words, None)),
    }
}

/// The last word, and what comes before it.
fn cut(words: &str) -> Option<(&str, &str)> {
    let (before, last) = words.trim().rsplit_once([',', ' '])?;
    Some((before.trim_end_matches([',', ' ']), last))
}

/// The next day of this name.
fn weekday(name: &str, today: Date) -> Option<Date> {
    const DAYS: [&str; 7] =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let lower = name.to_lowercase();
    if lower == "tomorrow" {
        return today.tomorrow().ok();
    }
    let at = DAYS.iter().position(|day| *day == lower)? as i64;
    let now = i64::from(today.weekday().to_monday_zero_offset());
    let ahead = (at - now + 6).rem_euclid(7) + 1;
    today.checked_add(jiff::Span::new().days(ahead)).ok()
}

/// `Nov`, `5th`.
fn of_month(month: &str, day: &str) -> Option<(i8, i8)> {
    let lower = month.trim_end_matches('.').to_lowercase();
    let at = MONTHS.iter().position(|full| lower.len() >= 3 && full.starts_with(&lower))?;
    let digits = day.trim_end_matches(|letter: char| letter.is_alphabetic());
    let suffix = &day[digits.len()..];
    let usual = ["", "st", "nd", "rd", "th"].contains(&suffix.to_lowercase().as_str());
    usual.then(|| Some((at as i8 + 1, digits.parse().ok()?)))?
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2018, 10, 31);

    #[test]
    fn days_are_read_as_people_say_them() {
        for (words, name, day) in [
            ("ann 2018-11-05", "ann", Some("2018-11-05")),
            ("ann lee, Nov 5", "ann lee", Some("2018-11-05")),
            ("ann 5 November", "ann", Some("2018-11-05")),
            ("ann Sept. 3rd", "ann", Some("2018-09-03")),
            ("Mina Farzad by Friday", "Mina Farzad", Some("2018-11-02")),
            ("mina Wednesday", "mina", Some("2018-11-07")),
            ("Larry, by Nov 3", "Larry", Some("2018-11-03")),
            ("Marcy Jacobs tomorrow", "Marcy Jacobs", Some("2018-11-01")),
            ("ann", "ann", None),
            ("ann lee", "ann lee", None),
            ("mark may", "mark may", None),
        ] {
            let day = day.map(|day| day.parse::<Date>().expect("a day"));
            assert_eq!(until(words, 2018, TODAY), Ok((name, day)), "{words}");
        }
        for words in ["ann 11/5", "ann Feb 30", "ann 2018-13-01", "ann 5"] {
            assert!(until(words, 2018, TODAY).is_err(), "{words}");
        }
    }
}
