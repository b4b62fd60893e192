//! Values as people say them, rewritten as a scenario has them.

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

/// A number in words: tens with or without ones, or a smaller one.
static IN_WORDS: LazyLock<Regex> = LazyLock::new(|| {
    let (tens, ones) = (TENS.join("|"), SMALL[..9].join("|"));
    let small = SMALL[1..].join("|");
    let pattern = format!(r"\b(?:({tens})(?:[- ]({ones}))?|({small}))\b");
    Regex::new(&pattern).expect("a pattern")
});

/// `One` is a number before a unit, a word between two numbers, or the end.
static ONE: LazyLock<Regex> = LazyLock::new(|| {
    let before = "to|or|and a half|out of|in|of|a|an|per|runs|cases|requests|visits";
    let pattern = format!(r"\bone(\s+(?:{UNITS}|{before})\b|\s*-\s*|\s*$)");
    Regex::new(&pattern).expect("a pattern")
});

/// What is said in other words than a number and a unit, and what that is.
static SPOKEN: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let unit = format!("({UNITS})");
    [
        (r"\b(?:a )?quarter of an hour\b".to_string(), "15 minutes"),
        (r"\b(?:twice|double)\b".to_string(), "2 times"),
        (r"\bthree quarters of an hour\b".to_string(), "45 minutes"),
        (r"\ban hour and a half\b".to_string(), "90 minutes"),
        (r"\ba minute and a half\b".to_string(), "90 seconds"),
        (r"\bhalf an hour\b".to_string(), "30 minutes"),
        (r"\bhalf a minute\b".to_string(), "30 seconds"),
        (r"\bhalf a second\b".to_string(), "500 ms"),
        (r"\bhalf (?:a |of a |of one )?per ?cent\b".to_string(), "0.5 percent"),
        (r"\b(?:a|one) quarter of (?:a |one )?per ?cent\b".to_string(), "0.25 percent"),
        (r"\ba (?:couple|pair) of ".to_string(), "2 "),
        (r"\b(?:zero |0 )?point (\d)".to_string(), "0.$1"),
        (format!(r"\ban? {unit} or (?:two|2)\b"), "1 to 2 ${1}s"),
        (format!(r"\b(\d+) and a half {unit}\b"), "$1.5 $2"),
        (format!(r"\ban? {unit}\b"), "1 $1"),
        (r"\b(\d+)(?: times)?(?: out)? of (?:every )?10\b".to_string(), "${1}0 percent"),
        (r"\b(\d+) (?:times )?in (?:every )?10\b".to_string(), "${1}0 percent"),
        (r"\b(\d+)(?: times)?(?: out)? of (?:every )?100\b".to_string(), "$1 percent"),
        (r"\b(\d+) (?:times )?in (?:every )?100\b".to_string(), "$1 percent"),
        (r"\b(?:a|one) tenth of\b".to_string(), "10 percent of"),
        (r"\b(?:a|one) fifth of\b".to_string(), "20 percent of"),
        (r"\b(?:a|one) quarter of\b".to_string(), "25 percent of"),
        (r"\bhalf (?:of )?the\b".to_string(), "50 percent of the"),
        (r"\b(\d[\d.]*) or (\d)".to_string(), "$1 to $2"),
        (r"\bbetween (\d.*) and (\d)".to_string(), "$1 to $2"),
    ]
    .into_iter()
    .map(|(pattern, is)| (Regex::new(&pattern).expect("a pattern"), is))
    .collect()
});

/// The numbers from one on, in words.
const SMALL: [&str; 19] = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
/// The tens from twenty on.
const TENS: [&str; 8] =
    ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// The same with numbers in digits: `half an hour` as `30 minutes`, `five minutes` as `5 minutes`.
fn in_digits(words: &str) -> String {
    let digits = |found: &regex::Captures| {
        let amount_in = |list: &[&str], group: usize| {
            let word = found.get(group)?.as_str();
            list.iter().position(|one| *one == word).map(|at| at + 1)
        };
        let tens = amount_in(&TENS, 1).map_or(0, |tens| (tens + 1) * 10);
        (tens + amount_in(&SMALL, 2).or(amount_in(&SMALL, 3)).unwrap_or_default()).to_string()
    };
    let lower = words.trim().trim_end_matches('.').to_lowercase();
    let lower = lower.replace("one hundred", "100").replace("a hundred", "100");
    // `Half a` and `three quarters` stand before what is a number by itself.
    let spoken = |text: String, phrases: &[(Regex, &str)]| {
        phrases.iter().fold(text, |text, (of, is)| of.replace_all(&text, *is).into_owned())
    };
    let first = spoken(lower, &SPOKEN[..6]);
    let first = IN_WORDS.replace_all(&first, digits);
    let first = ONE.replace_all(&first, "1$1").into_owned();
    spoken(first, &SPOKEN)
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

/// What is said before and behind a value that is not quite sure.
const ABOUT: [&str; 14] = [
    "about ",
    "around ",
    "roughly ",
    "approximately ",
    "approx ",
    "nearly ",
    "some ",
    "maybe ",
    "probably ",
    "say ",
    "i'd say ",
    "i think ",
    "it is ",
    "it takes ",
];
/// And before one that is not reached.
const BELOW: [&str; 6] = ["less than ", "under ", "at most ", "up to ", "within ", "no more than "];

/// The value without what is said around it, and the sign that it has then.
fn bare(lower: &str) -> (&str, &'static str) {
    let lower = [" or so", " at most", " tops", " max"]
        .iter()
        .find_map(|tail| lower.strip_suffix(tail))
        .unwrap_or(lower);
    let sign = |heads: &[&str], sign: &'static str| {
        let head = heads.iter().find(|head| lower.starts_with(**head))?;
        Some((&lower[head.len()..], sign))
    };
    let found = sign(&ABOUT, "~").or(sign(&BELOW, "<")).or(sign(&["~"], "~")).or(sign(&["<"], "<"));
    match found {
        // "I'd say about".
        Some((rest, "~")) if ABOUT.iter().chain(&BELOW).any(|head| rest.starts_with(*head)) => {
            bare(rest)
        }
        Some(found) => found,
        None => (lower, ""),
    }
}

/// A single value: `about 45 minutes` as `~45m`, `0.5 percent` as `0.5%`, `2 to 5 minutes` as
/// `2m..5m`; what is none of these stays as it is.
pub(super) fn value(words: &str) -> String {
    let lower = in_digits(words);
    let (rest, sign) = bare(&lower);
    let spelt = |found: &str| {
        let left = AMOUNT.replace_all(found, " ");
        left.split_whitespace().all(|word| ["to", "-", "–", ".", ".."].contains(&word))
    };
    if let Some(rate) = rate(rest) {
        return rate;
    }
    // "About six" of what has no unit is 6.
    let said = !words.trim().starts_with(['~', '<']);
    if said && sign != "<" && rest.trim().parse::<f64>().is_ok() {
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
        [from, to] if sign != "<" => {
            let unit =
                to.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
            match from.ends_with(char::is_alphabetic) {
                true if is_range_in_words(rest) => format!("{from}..{to}"),
                true => words.to_string(),
                false => format!("{from}{unit}..{to}"),
            }
        }
        _ => words.to_string(),
    }
}

/// `1 minute to 2 minutes`, and not `1h 30m`.
fn is_range_in_words(words: &str) -> bool {
    words.contains(" to ")
}

/// `25 per minute`, `2 visits a second`, `1 second each` as `25/m`, `2/s`.
fn rate(words: &str) -> Option<String> {
    let mut parts = words.split_whitespace().filter(|word| !word.starts_with("visit"));
    let (count, per, of) = (parts.next()?, parts.next()?, parts.next()?);
    let number = count.parse::<f64>().is_ok() && parts.next().is_none();
    let of = ["second", "minute", "hour"].iter().find(|unit| of.starts_with(**unit))?;
    // "A minute" has become "1 minute" by now.
    (number && ["per", "a", "an", "every", "1"].contains(&per))
        .then(|| format!("{count}/{}", &of[..1]))
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
            ("a minute or two", "1m..2m"),
            ("10 to 15 minutes", "10m..15m"),
            ("ten to fifteen minutes", "10m..15m"),
            ("10-15 minutes", "10m..15m"),
            ("between 2 and 5 minutes", "2m..5m"),
            ("2 or 3 minutes", "2m..3m"),
            ("1 minute to 90 seconds", "1m..90s"),
            ("a couple of minutes", "2m"),
            ("half a percent", "0.5%"),
            ("half a minute", "30s"),
            ("six", "6"),
            ("about six", "6"),
            ("I'd say about ten minutes", "~10m"),
            ("5 min or so", "5m"),
            ("two and a half minutes", "2.5m"),
            ("about fifty a minute", "50/m"),
            ("an hour and a half", "90m"),
            ("a minute and a half", "90s"),
            ("sixty-two seconds", "62s"),
            ("zero point five percent", "0.5%"),
            ("between ten and twenty minutes", "10m..20m"),
            ("twenty five", "25"),
            ("a hundred a minute", "100/m"),
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
        assert_eq!(amounts("3 times normal"), ["3x"]);
        assert_eq!(amounts("about ten pages"), ["10"]);
        assert_eq!(amounts("twice the normal for 5 minutes"), ["2x", "5m"]);
        assert_eq!(amounts("an hour, nine times out of ten"), ["1h", "90%"]);
        assert_eq!(
            amounts("2 seconds for a minute for a tenth of the traffic"),
            ["2s", "1m", "10%"]
        );
    }
}
