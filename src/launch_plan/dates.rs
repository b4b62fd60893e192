//! Dates as people write them.

use super::pattern::pattern;
use jiff::civil::Date;

pattern!(
    DATE,
    r"(?ix)
    \b(?: (?<iso>\d{4})-(?<isom>\d{2})-(?<isod>\d{2})
        | (?<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?
            |sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?\s+(?<day>\d{1,2})(?:st
              |nd|rd|th)?\b
            (?:,?\s+(?<year>20\d{2}))?
        | (?<day2>\d{1,2})(?:st|nd|rd|th)?\s+(?<month2>jan(?:uary)?|feb(?:ruary)?
          |mar(?:ch)?|apr(?:il)?|may|june?
            |july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?
            (?:,?\s+(?<year2>20\d{2}))?
        | (?<us>\d{1,2})/(?<usd>\d{1,2})(?:/(?<usy>20\d{2}|\d{2}))?\b
        | (?<dot>\d{1,2})\.\ ?(?<dotm>\d{1,2})\.\ ?(?<doty>20\d{2})\b )"
);
pattern!(
    TO_DAY,
    r"^\s*(?:-|–|—|to|through)\s*(?<day>\d{1,2})\b(?:st|nd|rd|th)?(?:,?\s+(?<year>20\d{2})\b)?"
);
pattern!(TO_DATE, r"^\s*(?:-|–|—|to|through|until)\s*$");

/// A day, or the first and the last of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayRange {
    /// The first.
    pub from: Date,
    /// The last; the same where it is one day.
    pub to: Date,
    /// Whether the plan itself says the year.
    pub has_year: bool,
}

/// How dates are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateReading {
    /// The year of dates that have none.
    pub year: i16,
    /// `3/4` is a day of April.
    pub day_first: bool,
    /// Some date of the plan tells which of the two it is.
    pub is_certain: bool,
}

impl DateReading {
    /// As these lines write their dates: one that can only be a day first says so for all.
    pub fn from_lines<'a>(year: i16, lines: impl Iterator<Item = &'a str>) -> DateReading {
        let mut reckoning = DateReading { year, day_first: false, is_certain: false };
        for found in lines.flat_map(|line| DATE.captures_iter(line)) {
            let (first, second) = slashed(&found).unwrap_or_default();
            let day_first = first > 12 && (1..=12).contains(&second);
            reckoning.day_first |= day_first;
            reckoning.is_certain |= day_first || (second > 12 && (1..=12).contains(&first));
        }
        reckoning
    }
}

pattern!(WEEKDAY, r"(?i)\b(?<day>mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+$");

/// The year that dates without one are in, where the plan shows it: by the weekdays that stand
/// before them (`Tue Jan 12`), else by the one year that its other dates have.
pub fn year<'a>(lines: impl Iterator<Item = &'a str>, assumed: i16) -> Option<i16> {
    let (mut weekdays, mut years) = (Vec::new(), Vec::new());
    for line in lines {
        for found in DATE.captures_iter(line) {
            let reckoning = DateReading { year: assumed, day_first: false, is_certain: false };
            let Some((date, has_year)) = date_of(&found, reckoning) else { continue };
            if has_year {
                years.push(date.year());
                continue;
            }
            let before = found.get(0).map_or("", |whole| &line[..whole.start()]);
            let weekday = WEEKDAY.captures(before).map(|found| found["day"].to_lowercase());
            weekdays.extend(weekday.map(|weekday| (weekday, date)));
        }
    }
    let fits = |year: &i16| {
        weekdays.iter().all(|(weekday, date)| {
            let date = date.with().year(*year).build();
            date.is_ok_and(|date| date.strftime("%a").to_string().to_lowercase() == *weekday)
        })
    };
    if !weekdays.is_empty() {
        return [0, 1, -1, 2, -2, 3, -3, 4, -4, 5, 6].map(|by| assumed + by).into_iter().find(fits);
    }
    years.sort_unstable();
    years.dedup();
    match years.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

/// Day and month, or month and day, with a slash between them; `24/7` is neither.
fn slashed(found: &regex::Captures<'_>) -> Option<(i16, i16)> {
    let number = |name: &str| found.name(name).and_then(|part| part.as_str().parse::<i16>().ok());
    let both = (number("us")?, number("usd")?);
    (both != (24, 7) || found.name("usy").is_some()).then_some(both)
}

/// The first date in a text, or the first range of dates.
pub fn days(text: &str, reckoning: DateReading) -> Option<DayRange> {
    let mut dates = DATE.captures_iter(text);
    let ((from, has_year), found) =
        dates.find_map(|found| Some((date_of(&found, reckoning)?, found)))?;
    let rest = &text[found.get(0)?.end()..];
    if let Some(last) = TO_DAY.captures(rest) {
        let day = last["day"].parse().ok()?;
        let last_year = last.name("year").and_then(|year| year.as_str().parse().ok());
        let from = last_year.map_or(Some(from), |year| from.with().year(year).build().ok())?;
        let to = from.with().day(day).build().ok().filter(|to| *to >= from)?;
        return Some(DayRange { from, to, has_year: has_year || last_year.is_some() });
    }
    if let Some(next) = DATE.captures(rest) {
        let between = &rest[..next.get(0)?.start()];
        if TO_DATE.is_match(between) {
            let (to, second_has) = date_of(&next, DateReading { year: from.year(), ..reckoning })?;
            let from = match second_has && !has_year {
                true => from.with().year(to.year()).build().ok()?,
                false => from,
            };
            if to >= from {
                return Some(DayRange { from, to, has_year: has_year || second_has });
            }
        }
    }
    Some(DayRange { from, to: from, has_year })
}

/// What is unsure about the first date of a text: that there is no such day, or that it can be read
/// in two ways.
pub fn doubt(text: &str, reckoning: DateReading) -> Option<String> {
    let found = DATE.captures(text)?;
    let written = found[0].trim();
    if let Some((first, second)) = slashed(&found) {
        // What cannot be a day is a fraction or a score.
        let (date, _) = date_of(&found, reckoning)?;
        let either = first <= 12 && second <= 12 && first != second;
        let date = date.strftime("%-d %B");
        return (either && !reckoning.is_certain)
            .then(|| format!("{written} can be read in two ways: {date} is assumed"));
    }
    date_of(&found, reckoning).is_none().then(|| format!("there is no {written}"))
}

fn date_of(found: &regex::Captures<'_>, reckoning: DateReading) -> Option<(Date, bool)> {
    let number = |name: &str| found.name(name).and_then(|part| part.as_str().parse::<i16>().ok());
    let month = |name: &str| {
        let letters = found.name(name)?.as_str().get(..3)?.to_lowercase();
        let months = "janfebmaraprmayjunjulaugsepoctnovdec";
        months.find(&letters).map(|at| at as i16 / 3 + 1)
    };
    let (years, month, day) = if let Some(iso) = number("iso") {
        (Some(iso), number("isom")?, number("isod")?)
    } else if let Some(month) = month("month") {
        (number("year"), month, number("day")?)
    } else if let Some(month) = month("month2") {
        (number("year2"), month, number("day2")?)
    } else if let Some(day) = number("dot") {
        (number("doty"), number("dotm")?, day)
    } else {
        let year = number("usy").map(|year| if year < 100 { 2000 + year } else { year });
        let (first, second) = slashed(found)?;
        // `31/10` can only be the day first, whatever the others are.
        let day_first = (reckoning.day_first || first > 12) && second <= 12;
        let (month, day) = if day_first { (second, first) } else { (first, second) };
        (year, month, day)
    };
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    Some((Date::new(years.unwrap_or(reckoning.year), month, day).ok()?, years.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_people_write_them() {
        let reckoning = DateReading { year: 2021, day_first: false, is_certain: false };
        let days = |text| days(text, reckoning).map(|d| (d.from.to_string(), d.to.to_string()));
        let same = |text: &str| Some((text.to_string(), text.to_string()));
        assert_eq!(days("Oct 9 - Oct 15"), Some(("2021-10-09".into(), "2021-10-15".into())));
        assert_eq!(days("Nov 5 - 9"), Some(("2021-11-05".into(), "2021-11-09".into())));
        assert_eq!(days("NLT Nov 1, somebody"), same("2021-11-01"));
        assert_eq!(days("March 3rd, 2024"), same("2024-03-03"));
        assert_eq!(days("2024-02-30"), None);
        assert_eq!(days("11/7"), same("2021-11-07"));
        assert_eq!(days("31/10"), same("2021-10-31"));
        assert_eq!(days("answers 24/7 until 3. 11. 2022"), same("2022-11-03"));
        assert_eq!(days("Feb 30, then Mar 2"), same("2021-03-02"));
        assert_eq!(days("nothing"), None);
        let shown = |lines: &[&str]| year(lines.iter().copied(), 2025);
        assert_eq!(shown(&["Launch on Tue Jan 12, 10:00", "Monday, 11 January"]), Some(2027));
        assert_eq!(shown(&["Last updated: 2027-01-04", "due Jan 10"]), Some(2027));
        assert_eq!(shown(&["2027-01-04", "2026-12-04", "Jan 10"]), None);
        let lines = ["by 3/4", "by 31/10"];
        let read = DateReading::from_lines(2021, lines.into_iter());
        assert!(
            read.day_first
                && !DateReading::from_lines(2021, ["on call 24/7"].into_iter()).day_first
        );
        assert_eq!(doubt("by 3/4", read), None, "another date has told");
        assert_eq!(
            doubt("by 3/4", reckoning).as_deref(),
            Some("3/4 can be read in two ways: 4 March is assumed",)
        );
        assert_eq!(doubt("on Feb 30", reckoning).as_deref(), Some("there is no Feb 30"));
        assert_eq!(doubt("on Feb 3, by 31/10, 24/7", reckoning), None);
    }
}
