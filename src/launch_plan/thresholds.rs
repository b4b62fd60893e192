//! Sentences of a plan that say when something is bad enough.

use super::facts::StatedThreshold;
use super::pattern::pattern;

pattern!(
    SPIKE,
    concat!(
        r"(?i)\b(?:spike|increase|jump|rise|surge)\s+in\s+(?:the\s+)?(?:\w+\s+)?errors?\b",
        r"|\berrors?\b[^.]*\babove\s+(?:the\s+)?(?:baseline|normal)",
    )
);
pattern!(TIMES, r"(?i)(?<n>\d+(?:\.\d+)?)\s*(?:x|×|times)\s+(?:the\s+)?(?:baseline|normal|usual)");
pattern!(MULTIPLES, r"(?i)\b(?<word>doubles?|triples?|quadruples?)\b");
pattern!(SLOWER, r"(?i)\b(?:latency|response times?|page loads?|load times?|p(?:50|90|95|99))\b");
pattern!(MEDIAN, r"(?i)\bmedian\b");
pattern!(OF_ERRORS, r"(?i)\b(?:errors?|5xx|failures?|failed requests)\b");
pattern!(
    ERRORS,
    concat!(
        r"(?ix)\b(?:errors?|5xx|failures?|failed\ requests)\b[^.%0-9]{0,30}?(?:>",
        r"|≥|>=|above|over|exceeds?|more\ than|greater\ than|at\ least|≥)\s*(?<n>\d+(?:\.\d+)?",
        r"|X|\?)\s*(?<unit>%|percent)?",
    )
);
pattern!(
    RANGE_OF_ERRORS,
    r"(?i)\berror rates?\s+(?:of\s+)?(?<n>\d+(?:\.\d+)?)\s*%?\s*(?:-|–|to)\s*\d+(?:\.\d+)?\s*%"
);
pattern!(
    LATENCY,
    concat!(
        r"(?ix)\b(?:latency|response\ times?|page\ loads?|load\ times?|p(?<p>50|90",
        r"|95|99))\b[^.0-9X?]{0,30}?(?:>|≥|>=|above|over|exceeds?|more\ than|greater\ than",
        r"|slower\ than)\s*(?<n>\d+(?:\.\d+)?|X|\?)\s*(?<unit>ms|milliseconds?|s",
        r"|secs?|seconds?|m|minutes?)?",
    )
);
pattern!(PERCENTILE, r"(?i)\bp(?<p>50|90|95|99)\b|\b(?<q>50|90|95|99)th\s+percentile");
pattern!(
    LASTING,
    concat!(
        r"(?i)\b(?:sustained\s+(?:for\s+)?|for\s+(?:more\s+than\s+|at\s+least\s+",
        r"|over\s+)?(?:>\s*)?|lasting\s+)(?:>\s*)?(?<n>\d+(?:\.\d+)?|X|\?)\+?\s*",
        r"(?<unit>s|secs?|seconds?|m|mins?|minutes?|h|hours?)",
    )
);
pattern!(
    SHARE,
    concat!(
        r"(?i)(?:for|of)\s*(?:>\s*)?(?<n>\d+(?:\.\d+)?\s*%|X\s*%?|\?\s*%?)\s+of\s+(?:the\s+",
        r"|all\s+)?(?:traffic|requests|users)",
    )
);

/// The threshold that a line gives; `None` where it gives none.
pub fn threshold(text: &str, line: usize) -> Option<StatedThreshold> {
    let sentence = multiple(text).or_else(|| latency(text)).or_else(|| errors(text))?;
    let lasting = LASTING.captures(text).map(|found| match found["n"].parse::<f64>() {
        Ok(number) => format!("{number}{}", unit(&found["unit"])),
        Err(_) => "?".to_string(),
    });
    Some(StatedThreshold { sentence, lasting, text: text.to_string(), line })
}

/// `the median response time doubles`, `errors triple`: a multiple of what is normal.
fn multiple(text: &str) -> Option<String> {
    let times = match MULTIPLES.captures(text)?["word"].to_lowercase().as_bytes()[0] {
        b'd' => 2,
        b't' => 3,
        _ => 4,
    };
    if OF_ERRORS.is_match(text) {
        return Some(format!("error_rate > {times}x baseline"));
    }
    let percentile = PERCENTILE.captures(text).and_then(|p| p.name("p").or(p.name("q")));
    let percentile = percentile.map(|found| found.as_str());
    let percentile = percentile.or_else(|| MEDIAN.is_match(text).then_some("50"))?;
    SLOWER.is_match(text).then(|| format!("latency p{percentile} > {times}x baseline"))
}

fn latency(text: &str) -> Option<String> {
    let found = LATENCY.captures(text)?;
    let number = found["n"].parse::<f64>().ok();
    let times = TIMES.captures(text).map(|found| format!("{}x baseline", &found["n"]));
    let limit = match (number, found.name("unit")) {
        _ if times.is_some() => times.clone().unwrap_or_default(),
        (Some(number), Some(unit_found)) => format!("{number}{}", unit(unit_found.as_str())),
        _ => "?".to_string(),
    };
    let percentile = PERCENTILE.captures(text).and_then(|p| p.name("p").or(p.name("q")));
    if let Some(percentile) = percentile {
        return Some(format!("latency p{} > {limit}", percentile.as_str()));
    }
    // What is normal is known of percentiles alone.
    if times.is_some() {
        return None;
    }
    let share = SHARE.captures(text).map(|found| {
        let digits: String =
            found["n"].chars().filter(|letter| letter.is_ascii_digit() || *letter == '.').collect();
        if digits.is_empty() { "?".to_string() } else { format!("{digits}%") }
    });
    Some(match share {
        Some(share) => format!("latency > {limit} for {share} of traffic"),
        // Without a share the plan leaves open how many may be slow.
        None => format!("latency > {limit} for ? of traffic"),
    })
}

fn errors(text: &str) -> Option<String> {
    if let Some(found) = TIMES.captures(text).filter(|_| OF_ERRORS.is_match(text)) {
        return Some(format!("error_rate > {}x baseline", &found["n"]));
    }
    if let Some(found) = ERRORS.captures(text) {
        return match (found["n"].parse::<f64>(), found.name("unit")) {
            (Ok(number), Some(_)) => Some(format!("error_rate > {number}%")),
            // A number without a unit may be a count: no rate can be told from it.
            (Ok(_), None) => None,
            (Err(_), _) => Some("error_rate > ?%".to_string()),
        };
    }
    if let Some(found) = RANGE_OF_ERRORS.captures(text) {
        return Some(format!("error_rate > {}%", &found["n"]));
    }
    SPIKE.is_match(text).then(|| "error_rate > ?x baseline".to_string())
}

fn unit(written: &str) -> &'static str {
    let written = written.to_lowercase();
    match written.as_bytes() {
        [b'm', b's', ..] => "ms",
        [b'm', b'i', b'l', ..] => "ms",
        [b'm', ..] => "m",
        [b'h', ..] => "h",
        _ => "s",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_as_people_write_them() {
        let read = |text| threshold(text, 1).map(|t| (t.sentence, t.lasting.unwrap_or_default()));
        for (text, sentence, lasting) in [
            ("Spike in errors above baseline", "error_rate > ?x baseline", ""),
            (
                "Latency > X seconds sustained for > X seconds for > X of traffic",
                "latency > ? for ? of traffic",
                "?",
            ),
            ("error rate > 5% for 2 minutes", "error_rate > 5%", "2m"),
            ("5xx errors exceed 2.5 % of requests", "error_rate > 2.5%", ""),
            ("Error rate 2-5% sustained for 10+ minutes", "error_rate > 2%", "10m"),
            ("median response time doubles", "latency p50 > 2x baseline", ""),
            ("the number of errors triples", "error_rate > 3x baseline", ""),
            ("errors above 3x baseline", "error_rate > 3x baseline", ""),
            ("p95 latency above 800ms for 10 min", "latency p95 > 800ms", "10m"),
            ("Response time > 3 seconds for 10% of users", "latency > 3s for 10% of traffic", ""),
        ] {
            assert_eq!(read(text), Some((sentence.to_string(), lasting.to_string())), "{text}");
        }
        let normal = |text| read(text).map(|(sentence, _)| sentence);
        assert_eq!(
            normal("P95 latency > 2× baseline").as_deref(),
            Some("latency p95 > 2x baseline")
        );
        assert_eq!(normal("Error rate > 2× baseline").as_deref(), Some("error_rate > 2x baseline"));
        assert_eq!(normal("Support volume | > 5x normal"), None, "no errors of the site");
        assert_eq!(read("5 errors in the list"), None);
        assert_eq!(read("watch the errors"), None);
    }
}
