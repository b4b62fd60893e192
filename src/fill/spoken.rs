//! Values as people say them, written as a scenario has them.

use regex::Regex;
use std::sync::LazyLock;

/// Units as they are spoken.
const UNITS: &str =
    "percent|per cent|times|milliseconds?|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?";

/// A number with what follows it.
static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = format!(r"(?i)(\d+(?:\.\d+)?)\s*(?:(%|{UNITS}|x|ms|s|m|h|d)(?:[^\p{{L}}%]|$))?");
    Regex::new(&pattern).expect("a pattern")
});

/// A number in words, or one of something: `five minutes`, `half an hour`, `an hour`.
static IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    let words: Vec<&str> = NUMBERS.iter().map(|(word, _)| *word).collect();
    let pattern = format!(r"(?i)\b({})(\s+(?:{UNITS}))\b", words.join("|"));
    Regex::new(&pattern).expect("a pattern")
});

/// Numbers that are spoken as words; longer words first.
const NUMBERS: [(&str, &str); 19] = [
    ("forty-five", "45"),
    ("fifteen", "15"),
    ("twenty", "20"),
    ("thirty", "30"),
    ("forty", "40"),
    ("sixty", "60"),
    ("ninety", "90"),
    ("twelve", "12"),
    ("three", "3"),
    ("seven", "7"),
    ("eight", "8"),
    ("four", "4"),
    ("five", "5"),
    ("nine", "9"),
    ("one", "1"),
    ("two", "2"),
    ("six", "6"),
    ("ten", "10"),
    ("an?", "1"),
];

/// The same with numbers in digits: `half an hour` as `30 minutes`, `five minutes` as `5 minutes`.
fn in_digits(words: &str) -> String {
    let parts = [("a quarter of an hour", "15 minutes"), ("half an hour", "30 minutes")];
    let whole = parts.iter().fold(words.to_lowercase(), |text, (of, is)| text.replace(of, is));
    let digits = |found: &regex::Captures| {
        // Whatever is not in the list is the article.
        let number = NUMBERS.iter().find(|(word, _)| *word == &found[1]);
        format!("{}{}", number.map_or("1", |(_, number)| *number), &found[2])
    };
    IN_WORDS.replace_all(&whole, digits).into_owned()
}

/// A word of a unit as a scenario has it.
fn unit(words: &str) -> &'static str {
    let lower = words.to_lowercase();
    match lower.as_str() {
        "" => "",
        "%" | "percent" | "per cent" => "%",
        "x" | "times" => "x",
        "ms" => "ms",
        _ if lower.starts_with("milli") => "ms",
        _ if lower.starts_with('s') => "s",
        _ if lower.starts_with('m') => "m",
        _ if lower.starts_with('h') => "h",
        _ => "d",
    }
}

/// The amounts among words, each as a scenario writes it: `3 seconds, 10 percent` as `3s`, `10%`.
pub(super) fn amounts(words: &str) -> Vec<String> {
    let words = in_digits(words);
    let found = AMOUNT.captures_iter(&words);
    found
        .map(|amount| format!("{}{}", &amount[1], unit(amount.get(2).map_or("", |u| u.as_str()))))
        .collect()
}

/// A single value: `about 45 minutes` as `~45m`, `0.5 percent` as `0.5%`, `2 to 5 minutes` as
/// `2m..5m`; what is none of these stays as it is.
pub(super) fn value(words: &str) -> String {
    let lower = in_digits(words.trim());
    let heads = [("about ", "~"), ("around ", "~"), ("roughly ", "~"), ("~", "~"), ("<", "<")];
    let less = [
        ("less than ", "<"),
        ("under ", "<"),
        ("at most ", "<"),
        ("up to ", "<"),
        ("within ", "<"),
    ];
    let head = heads.iter().chain(&less).find(|(head, _)| lower.starts_with(head));
    let (rest, sign) =
        head.map_or((lower.as_str(), ""), |(head, sign)| (&lower[head.len()..], *sign));
    let spelt = |found: &str| {
        let left = AMOUNT.replace_all(found, " ");
        left.split_whitespace().all(|word| ["to", "-", "–", ".", ".."].contains(&word))
    };
    if let Some(rate) = rate(&words.to_lowercase()) {
        return rate;
    }
    // "About 6" of what has no unit is 6.
    if sign == "~" && !lower.starts_with('~') && rest.trim().parse::<f64>().is_ok() {
        return rest.trim().to_string();
    }
    // Only what is amounts and nothing else.
    if !rest.contains(|letter: char| letter.is_alphabetic() || letter == '%') || !spelt(rest) {
        return words.to_string();
    }
    let found = amounts(rest);
    match found.as_slice() {
        // A share is a number; only times may be about so long.
        [one] if sign == "~" && one.ends_with('%') => one.clone(),
        [one] => format!("{sign}{one}"),
        [from, to] if sign.is_empty() && !from.ends_with(char::is_alphabetic) => {
            let unit =
                to.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
            format!("{from}{unit}..{to}")
        }
        _ => words.to_string(),
    }
}

/// `25 per minute`, `2 visits a second` as `25/m`, `2/s`.
fn rate(words: &str) -> Option<String> {
    let mut parts = words.split_whitespace().filter(|word| !word.starts_with("visit"));
    let (count, per, of) = (parts.next()?, parts.next()?, parts.next()?);
    let number = count.parse::<f64>().is_ok() && parts.next().is_none();
    let of = ["second", "minute", "hour"].iter().find(|unit| of.starts_with(**unit))?;
    (number && ["per", "a", "an", "every"].contains(&per)).then(|| format!("{count}/{}", &of[..1]))
}

/// A time of day, with its half or a zone that is the scenario's: `5 PM` as `17:00`.
pub(super) fn clock(words: &str, zone: &str) -> Option<String> {
    let lower = words.trim().to_lowercase().replace('.', "");
    let zones: &[&str] = match zone {
        "America/New_York" => &["et", "est", "edt", "eastern"],
        "America/Chicago" => &["ct", "cst", "cdt", "central"],
        "America/Denver" => &["mt", "mst", "mdt", "mountain"],
        "America/Los_Angeles" => &["pt", "pst", "pdt", "pacific"],
        "UTC" => &["utc", "gmt", "z"],
        _ => &[],
    };
    let bare = zones.iter().find_map(|zone| lower.strip_suffix(zone)).unwrap_or(&lower);
    let bare = bare.replace(' ', "");
    let (time, half) = match (bare.strip_suffix("am"), bare.strip_suffix("pm")) {
        (Some(time), _) => (time, Some(0)),
        (_, Some(time)) => (time, Some(12)),
        _ => (bare.as_str(), None),
    };
    let (hours, minutes) = match (time.split_once(':'), half) {
        (Some((hours, minutes)), _) => (hours, minutes),
        (None, Some(_)) => (time, "00"),
        (None, None) => return None,
    };
    let minutes: u8 = minutes.parse().ok().filter(|minutes| *minutes < 60)?;
    let hours: u8 = hours.parse().ok()?;
    let hours = match half {
        Some(later) => (1..=12).contains(&hours).then(|| hours % 12 + later)?,
        None => Some(hours).filter(|hours| *hours < 24)?,
    };
    Some(format!("{hours:02}:{minutes:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_a_scenario_has_them() {
        for (words, written) in [
            ("about 45 minutes", "~45m"),
            ("0.5 percent", "0.5%"),
            ("2 to 5 minutes", "2m..5m"),
            ("less than 5 min", "<5m"),
            ("45 seconds", "45s"),
            ("2 to 4 minutes", "2m..4m"),
            ("25 per minute", "25/m"),
            ("2 visits a second", "2/s"),
            ("~45m", "~45m"),
            ("2m..20m", "2m..20m"),
            ("12", "12"),
            ("about 6", "6"),
            ("about 0.5 percent", "0.5%"),
            ("an hour", "1h"),
            ("within an hour", "<1h"),
            ("about a minute", "~1m"),
            ("five minutes", "5m"),
            ("half an hour", "30m"),
            ("forty-five minutes", "45m"),
            ("two percent", "2%"),
            ("40 per minute", "40/m"),
            ("36 a minute", "36/m"),
            ("a minute or two", "a minute or two"),
            ("5 pages a visit", "5 pages a visit"),
            ("1h30m", "1h30m"),
            ("30/m", "30/m"),
            ("{median: 50s, p99: 4m}", "{median: 50s, p99: 4m}"),
        ] {
            assert_eq!(value(words), written, "{words}");
        }
        assert_eq!(amounts("3 seconds, 2 minutes, 10 percent"), ["3s", "2m", "10%"]);
        assert_eq!(amounts("3 times the normal"), ["3x"]);
        assert_eq!(amounts("2s 1m 5%"), ["2s", "1m", "5%"]);
        assert_eq!(amounts("within an hour, in ninety percent of the runs"), ["1h", "90%"]);
        assert_eq!(amounts("three times the usual for two minutes"), ["3x", "2m"]);
        assert_eq!(amounts("3x for 2m"), ["3x", "2m"]);
    }

    #[test]
    fn times_of_day_are_told_by_the_clock() {
        let new_york = "America/New_York";
        for (words, time) in [
            ("5 PM", Some("17:00")),
            ("5:30pm", Some("17:30")),
            ("2 PM ET", Some("14:00")),
            ("12 am", Some("00:00")),
            ("12 p.m.", Some("12:00")),
            ("17:15 ET", Some("17:15")),
            ("2 PM PT", None),
            ("13 pm", None),
            ("5:75 pm", None),
            ("25:00", None),
            ("spam", None),
        ] {
            assert_eq!(clock(words, new_york).as_deref(), time, "{words}");
        }
    }
}
