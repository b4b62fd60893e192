//! How people write times of day, and what is still open.

use super::countdown::offset;
use super::markup::is_gap;
use super::pattern::pattern;

/// A time of day as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeOfDay {
    /// Minutes after midnight; `None` where the plan has a placeholder (`X PM`).
    pub minutes: Option<u16>,
    /// Minutes after the moment of the launch, where it counts from there (`T-30m`, `L+2h`).
    pub offset: Option<i32>,
    /// The time zone, by its name in the time zone database.
    pub zone: Option<&'static str>,
    /// Where it begins and ends in the text, in bytes.
    pub from: usize,
    /// See `from`.
    pub to: usize,
}

const ZONES: [(&str, &str); 22] = [
    ("ET", "America/New_York"),
    ("EST", "America/New_York"),
    ("EDT", "America/New_York"),
    ("EASTERN", "America/New_York"),
    ("CT", "America/Chicago"),
    ("CST", "America/Chicago"),
    ("CDT", "America/Chicago"),
    ("MT", "America/Denver"),
    ("MST", "America/Denver"),
    ("MDT", "America/Denver"),
    ("PT", "America/Los_Angeles"),
    ("PST", "America/Los_Angeles"),
    ("PDT", "America/Los_Angeles"),
    ("PACIFIC", "America/Los_Angeles"),
    ("UTC", "UTC"),
    ("GMT", "UTC"),
    ("Z", "UTC"),
    ("BST", "Europe/London"),
    ("CET", "Europe/Berlin"),
    ("CEST", "Europe/Berlin"),
    ("IST", "Asia/Kolkata"),
    ("AEST", "Australia/Sydney"),
];

pattern!(
    CLOCK,
    r"(?ix)
    \b(?: (?<hour>\d{1,2}|X{1,2}) (?: [:.h](?<minute>[0-5]\d|X{2}) )? \s* (?<half>[ap]\.?\s?m\b\.?)
        | (?<hour24>[01]?\d|2[0-3]):(?<minute24>[0-5]\d)(?::[0-5]\d)?
        | (?<word>noon|midnight) )
    (?: \s* \(? (?<zone>E[SD]?T|C[SD]?T|M[SD]?T|P[SD]?T|UTC|GMT|Z|BST|CES?T|IST|AEST
      |eastern|pacific)\b \)? )?"
);

/// The first time of day in a text, or time before or after the launch.
pub fn clock(text: &str) -> Option<TimeOfDay> {
    match (time_of_day(text), offset(text)) {
        (Some(clock), Some((_, from, _))) if clock.from < from => Some(clock),
        (_, Some((minutes, from, to))) => {
            Some(TimeOfDay { minutes: None, offset: Some(minutes), zone: None, from, to })
        }
        (clock, None) => clock,
    }
}

fn time_of_day(text: &str) -> Option<TimeOfDay> {
    let found = CLOCK.captures(text)?;
    let whole = found.get(0)?;
    let number = |name| found.name(name).and_then(|part| part.as_str().parse::<u16>().ok());
    let minutes = if let Some(word) = found.name("word") {
        Some(if word.as_str().eq_ignore_ascii_case("noon") { 12 * 60 } else { 0 })
    } else if let Some(half) = found.name("half") {
        let hour = number("hour");
        match hour {
            Some(hour) if !(1..=12).contains(&hour) => return None,
            Some(hour) => {
                let after_noon = half.as_str().starts_with(['p', 'P']);
                let minute = match found.name("minute") {
                    Some(part) => part.as_str().parse::<u16>().ok(),
                    None => Some(0),
                };
                minute.map(|minute| (hour % 12 + if after_noon { 12 } else { 0 }) * 60 + minute)
            }
            None => None,
        }
    } else {
        Some(number("hour24")? * 60 + number("minute24")?)
    };
    let zone = found.name("zone").and_then(|zone| zone_named(zone.as_str()));
    Some(TimeOfDay { minutes, offset: None, zone, from: whole.start(), to: whole.end() })
}

/// The time zone that people mean by these letters.
pub fn zone_named(letters: &str) -> Option<&'static str> {
    ZONES.iter().find(|(name, _)| name.eq_ignore_ascii_case(letters)).map(|(_, zone)| *zone)
}

/// `1050` as `17:30`.
pub fn clock_shown(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Hours of duty: `9 AM ET - 6 PM ET`, `6am to 10pm`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DutyHours {
    /// Minutes after midnight.
    pub from: u16,
    /// Minutes after midnight; 1440 for the end of the day.
    pub to: u16,
    /// The time zone, where one is named.
    pub zone: Option<&'static str>,
}

pattern!(
    ALL_HOURS,
    r"(?i)\b(all hours|around the clock|24\s*/\s*7|24\s*x\s*7|24 hours (?:a|per|each|every) day)\b"
);
pattern!(BETWEEN, r"(?i)^\s*(?:-|–|—|to|until|till|through|and)\s*$");

/// The hours of duty that a text gives.
pub fn hours(text: &str) -> Option<DutyHours> {
    if ALL_HOURS.is_match(text) {
        return Some(DutyHours { from: 0, to: 24 * 60, zone: None });
    }
    let mut at = 0;
    while let Some(first) = clock(&text[at..]) {
        let rest = &text[at + first.to..];
        if let Some(second) = clock(rest).filter(|next| BETWEEN.is_match(&rest[..next.from])) {
            let (from, to) = (first.minutes?, second.minutes?);
            return Some(DutyHours { from, to, zone: second.zone.or(first.zone) });
        }
        at += first.to;
    }
    // `9-5 ET` and the like have no half of the day: not guessed.
    None
}

pattern!(
    WEEKDAYS,
    r"(?i)\bM(?:on(?:day)?)?\s*(?:-|–|to|through)\s*F(?:ri(?:day)?)?\b|\bweekdays\b"
);

/// Whether the text speaks of Monday to Friday.
pub fn weekdays(text: &str) -> bool {
    WEEKDAYS.is_match(text)
}

pattern!(
    OPEN,
    r"(?x)\?|\b[X]{2,}\b|\bX\b|(?i:\bTBD\b|\bTBC\b|\bTBA\b|\bto\ be\ (?:determined
        |decided|defined|confirmed)\b)|_{3,}
        |(?i:\bneeds?\ (?:\w+\ )?assignment\b)|<[a-z][a-z _-]*>"
);
// Links were resolved before this looks, so that brackets are left for what is to be filled in.
pattern!(BRACKETS, r"\[\p{L}[^\[\]]{1,60}\]");
pattern!(
    SHOUTED,
    r"^\[(?:NAMES?|DATES?|TIMES?|WHO|PHONE|E-?MAIL|LINK|URL|TITLE|TEAM|TODO|HOURS?)\b[^\]]*\]$"
);

/// The first placeholder or question in a text: `?`, `X PM`, `[who]`, `TBD`.
pub fn open(text: &str) -> Option<&str> {
    holes(text).next().or_else(|| placeholder(text))
}

/// The first gap that is there to be filled in, and no question: `[who]`, `____`, `TBD`.
pub fn gap(text: &str) -> Option<&str> {
    holes(text).find(|found| *found != "?").or_else(|| placeholder(text))
}

fn holes(text: &str) -> impl Iterator<Item = &str> {
    let found = OPEN.find_iter(text).map(|found| found.as_str());
    found.filter(|found| !found.starts_with('<') || is_gap(found))
}

/// `[name]`. In capitals it may be a mark of what is written there (`[FAIL]`).
fn placeholder(text: &str) -> Option<&str> {
    let is_gap = |found: &&str| {
        found.chars().any(char::is_lowercase) || SHOUTED.is_match(found) || open_word(found)
    };
    BRACKETS.find_iter(text).map(|found| found.as_str()).find(is_gap)
}

/// `[X]`, `[X%]`: a number is to stand there.
fn open_word(found: &str) -> bool {
    OPEN.is_match(found)
}

pattern!(
    VAGUE,
    concat!(
        r"(?i)\b(good judge?ment|use (?:your )?judge?ment|as needed|if needed|as appropriate",
        r"|where appropriate|when ready|as soon as possible|asap|reasonable|acceptable",
        r"|unacceptable|sufficient|adequate|stable|smooth(?:est|ly)?|looks? (?:good",
        r"|ok|fine)|truly urgent|if necessary|significant(?:ly)?|healthy)\b",
    )
);

/// Words that two people would read in two ways, so that nobody can test them.
pub fn untestable(text: &str) -> Option<&str> {
    VAGUE.find(text).map(|found| found.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(text: &str) -> Option<Option<u16>> {
        clock(text).map(|clock| clock.minutes)
    }

    #[test]
    fn clocks_as_people_write_them() {
        assert_eq!(minutes("10 AM ET"), Some(Some(600)));
        assert_eq!(minutes("at 5:30pm"), Some(Some(1050)));
        assert_eq!(minutes("17:30 UTC"), Some(Some(1050)));
        assert_eq!(minutes("12 a.m."), Some(Some(0)));
        assert_eq!(minutes("noon"), Some(Some(720)));
        assert_eq!(minutes("X PM ET: merge"), Some(None));
        assert_eq!(minutes("XX:XX PM"), Some(None));
        assert_eq!(minutes("3 ample"), None);
        assert_eq!(minutes("13 PM"), None);
        assert_eq!(clock("10 AM ET").and_then(|clock| clock.zone), Some("America/New_York"));
    }

    #[test]
    fn hours_of_duty() {
        let hours = |text| hours(text).map(|hours| (hours.from, hours.to));
        assert_eq!(hours("(M - F , 9 AM ET - 6 PM ET)"), Some((540, 1080)));
        assert_eq!(hours("from 6am to 10pm, at the office"), Some((360, 1320)));
        assert_eq!(hours("responsive at all hours"), Some((0, 1440)));
        assert_eq!(hours("24/7"), Some((0, 1440)));
        assert_eq!(hours("9 AM start and 4 PM review"), None);
    }

    #[test]
    fn what_is_open() {
        for text in ["OIT: ?", "X PM", "navigate to XXXXX", "[who] sends", "TBD", "____", "[Name]"]
        {
            assert!(open(text).is_some(), "{text}");
        }
        let closed = ["Max sends it", "[x] done", "fix", "eXit", "[FAIL] disk", "[1]", "a <br> b"];
        for text in closed {
            assert_eq!(open(text), None, "{text}");
        }
        assert_eq!((gap("Who sends it?"), gap("Who? [Name]")), (None, Some("[Name]")));
        assert_eq!(untestable("use good judgement here"), Some("good judgement"));
    }
}
