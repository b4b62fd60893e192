//! Times that count from the launch: `T-30m`, `L+2h`, `D-7`.

use super::pattern::pattern;

pattern!(
    OFFSET,
    r"(?ix)(?:^|[\s(|])(?<all> (?: [TL] | D(?:-day)? | launch | go[- ]?live )
    \s* (?: (?<sign>[-–−+]) | \b(?<word>minus|plus)\b ) \s*
    (?: (?<hours>\d{1,3}):(?<minutes>[0-5]\d)
      | (?<count>\d{1,4}(?:\.\d)?) \s* (?<unit>weeks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|m)?
    ) ) (?:$|[^\w.])"
);

/// How many minutes before (below 0) or after the launch, and where the text says so:
/// `T-30m`, `T+2h`, `L-1 day`, `D-7`, `T-00:30`, `T-0`.
pub fn offset(text: &str) -> Option<(i32, usize, usize)> {
    let found = OFFSET.captures(text)?;
    let whole = found.name("all")?;
    let number = |name| found.name(name).and_then(|part| part.as_str().parse::<f64>().ok());
    let before = found.name("sign").map_or("", |sign| sign.as_str());
    let before = before != "+" && found.name("word").is_none_or(|word| word.as_str() != "plus");
    let of_days = whole.as_str().starts_with(['D', 'd']);
    let minutes = match (number("hours"), number("count"), found.name("unit")) {
        (Some(hours), _, _) => hours * 60.0 + number("minutes")?,
        (None, Some(count), Some(unit)) => {
            count
                * match unit.as_str().as_bytes()[0].to_ascii_lowercase() {
                    b'w' => 7.0 * 1440.0,
                    b'd' => 1440.0,
                    b'h' => 60.0,
                    _ => 1.0,
                }
        }
        (None, Some(count), None) if of_days => count * 1440.0,
        (None, Some(0.0), None) => 0.0,
        // Of what, nobody says.
        _ => return None,
    };
    let minutes = if before { -minutes } else { minutes };
    Some((minutes as i32, whole.start(), whole.end()))
}

pattern!(
    ZERO,
    concat!(
        r"(?i)(?:^|[\s(])(?:T|T[-–]?0|launch(?: time| at)?|go[- ]?live(?: time| at)?)",
        r"\s*(?:=|:|is|at)?\s*$",
    )
);

/// Whether a time of day that these words lead in is that of the launch itself: `T =`, `Launch:`.
pub fn leads_to_launch(text: &str) -> bool {
    ZERO.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_that_count_from_the_launch() {
        for (text, minutes) in [
            ("T-30m: freeze", Some(-30)),
            ("T+2h", Some(120)),
            ("L-1 day", Some(-1440)),
            ("T minus 30 minutes", Some(-30)),
            ("Launch + 15 min", Some(15)),
            ("D-7 send the notes", Some(-7 * 1440)),
            ("T-00:30", Some(-30)),
            ("T-0 go", Some(0)),
            ("T–2 hours", Some(-120)),
            ("T-30", None),
            ("T-shirts for all", None),
            ("AT-30m", None),
        ] {
            assert_eq!(offset(text).map(|found| found.0), minutes, "{text}");
        }
        assert!(leads_to_launch("T = ") && leads_to_launch("Launch time: "));
        assert!(!leads_to_launch("Dinner at "));
    }
}
