//! How people write durations.

use super::pattern::pattern;

pattern!(
    LENGTH,
    r"(?ix)^\s*
    (?<sign><|≤|<=|~|≈|about|around|approx(?:\.|imately)?|under|less\ than|up\ to
      |within|roughly|c\.)?\s*
    (?<one>\d+(?:\.\d+)?)\s*(?<unit1>seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h
      |days?|d|weeks?|w)?
    (?:\s*(?:-|–|—|to|\.\.)\s*(?<two>\d+(?:\.\d+)?))?
    (?:\s*(?<unit>seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w)\b)?
    (?:\s*(?<more>\d{1,2})\s*(?:m|mins?|minutes?)\b)?
    \.?\s*(?<rest>.*)$"
);

/// A length of time as a scenario takes it (`<5m`, `~45m`, `3m..5m`), from a cell or the end of a
/// line that begins with it; `None` where it is none or has no unit.
pub fn length(text: &str) -> Option<String> {
    let found = LENGTH.captures(text.trim())?;
    if !found["rest"].trim().is_empty() && !found["rest"].starts_with(['(', ',', ';', '+']) {
        return None;
    }
    let unit = found.name("unit").or(found.name("unit1"))?.as_str().to_lowercase();
    let unit = match unit.as_bytes()[0] {
        b's' => "s",
        b'm' => "m",
        b'h' => "h",
        b'w' => "w",
        _ => "d",
    };
    let one = shown(&found["one"], unit)?;
    if let Some(two) = found.name("two") {
        let first = found.name("unit1").map(|unit| unit.as_str().to_lowercase());
        let first = first.map_or(unit, |first| match first.as_bytes()[0] {
            b's' => "s",
            b'h' => "h",
            b'd' => "d",
            b'w' => "w",
            _ => "m",
        });
        return Some(format!("{}..{}", shown(&found["one"], first)?, shown(two.as_str(), unit)?));
    }
    let more = found.name("more").map_or(String::new(), |more| format!("{}m", more.as_str()));
    let sign = found.name("sign").map(|sign| sign.as_str().to_lowercase()).unwrap_or_default();
    let sign = match sign.as_str() {
        "" => "",
        "<" | "≤" | "<=" | "under" | "less than" | "up to" | "within" => "<",
        _ => "~",
    };
    Some(format!("{sign}{one}{more}"))
}

/// `1.5` and `h` as `90m`: a scenario's lengths are whole numbers of a unit.
fn shown(number: &str, unit: &str) -> Option<String> {
    let value: f64 = number.parse().ok()?;
    let seconds = value
        * match unit {
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            "w" => 7.0 * 86400.0,
            _ => 86400.0,
        };
    if !(seconds > 0.0 && seconds <= 31.0 * 86400.0) {
        return None;
    }
    if value.fract() == 0.0 && unit != "d" && unit != "w" {
        return Some(format!("{value}{unit}"));
    }
    let seconds = seconds.round() as u64;
    Some(match seconds {
        _ if seconds.is_multiple_of(3600) => format!("{}h", seconds / 3600),
        _ if seconds.is_multiple_of(60) => format!("{}m", seconds / 60),
        _ => format!("{seconds}s"),
    })
}

/// Words of which some said how long the thing takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimedWords {
    /// The words without that.
    pub text: String,
    /// How long it takes, as a scenario takes it.
    pub takes: Option<String>,
    /// How long it is until the new state has reached everybody.
    pub propagates: Option<String>,
}

pattern!(NOTE, r"\s*\((?<inside>[^()]*)\)");
pattern!(
    HEDGE,
    r"(?i)^(?:est(?:imated)?\.?:?|takes(?: about)?|duration:?|eta:?|expected:?|ca\.?)\s*"
);
pattern!(SPREADS, r"(?i)^(?<length>.*?)\s+(?:to propagate|of propagation|propagation|cache|ttl)$");
pattern!(TAKES, r"(?i)[,;]?\s+(?:which\s+)?takes\s+(?<length>[^,;()]+)$");
pattern!(DASHED, r"\s+[-–—]\s*(?<length>[^-–—]+)$");

/// How long something takes, where its words say so: `Revert (12 min)`, `Restore (est. 1h 15m)`,
/// `switch the DNS (takes 5 min, up to 1 hour to propagate)`, `fail over, takes about 20 minutes`.
pub fn timed(text: &str) -> TimedWords {
    let mut timed = TimedWords { text: text.trim().to_string(), takes: None, propagates: None };
    for found in NOTE.captures_iter(text) {
        let mut told = false;
        for part in found["inside"].split([',', ';', '|']).map(str::trim) {
            let part = HEDGE.replace(part, "");
            if let Some(spreads) = SPREADS.captures(&part) {
                let length = length(&spreads["length"]);
                told |= length.is_some();
                timed.propagates = timed.propagates.or(length);
            } else if let Some(length) = length(&part) {
                told = true;
                timed.takes = timed.takes.or(Some(length));
            }
        }
        if told {
            timed.text = timed.text.replacen(found[0].trim_start(), "", 1);
        }
    }
    for pattern in [&TAKES, &DASHED] {
        let Some(found) = pattern.captures(&timed.text).filter(|_| timed.takes.is_none()) else {
            continue;
        };
        if let Some(length) = length(&found["length"]) {
            timed.takes = Some(length);
            timed.text = timed.text.replacen(&found[0], "", 1);
        }
    }
    let words: Vec<&str> = timed.text.split_whitespace().collect();
    timed.text = words.join(" ").replace(" ,", ",").replace(" .", ".");
    timed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_become_what_a_scenario_takes() {
        for (text, right) in [
            ("<5m", "<5m"),
            ("~45m", "~45m"),
            ("16m", "16m"),
            ("about 45 minutes", "~45m"),
            ("3-5 min", "3m..5m"),
            ("1.5 hours", "90m"),
            ("1h 30m", "1h30m"),
            ("under 10 mins", "<10m"),
            ("2 days", "48h"),
            ("1 week", "168h"),
            ("30 seconds", "30s"),
            ("5m (cached)", "5m"),
        ] {
            assert_eq!(length(text).as_deref(), Some(right), "{text}");
        }
        for text in ["", "soon", "5", "5 people", "0m", "?"] {
            assert_eq!(length(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_done_may_say_how_long_it_takes() {
        let read = |text| {
            let timed = timed(text);
            (timed.text, timed.takes.unwrap_or_default(), timed.propagates.unwrap_or_default())
        };
        for (text, right) in [
            ("Revert deployment (12 min)", ("Revert deployment", "12m", "")),
            ("Restore the snapshot (est. 1h 15m)", ("Restore the snapshot", "1h15m", "")),
            (
                "Kim switches DNS (takes 5 min, up to 1 hour to propagate).",
                ("Kim switches DNS.", "5m", "<1h"),
            ),
            ("roll it back (`undo`, ~6 min)", ("roll it back", "~6m", "")),
            ("fail over to the west (20 to 30 minutes)", ("fail over to the west", "20m..30m", "")),
            ("Flip the flag, takes about 2 minutes", ("Flip the flag", "~2m", "")),
            ("Deploy – 12 min", ("Deploy", "12m", "")),
            ("Tell the partner (Lee Roe)", ("Tell the partner (Lee Roe)", "", "")),
            ("Watch for 10 min", ("Watch for 10 min", "", "")),
        ] {
            let right = (right.0.to_string(), right.1.to_string(), right.2.to_string());
            assert_eq!(read(text), right, "{text}");
        }
    }
}
