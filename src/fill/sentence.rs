//! Sentences of rules with question marks in them.

/// What is usual in the place of the question marks of a rule: `3x`, `2s`, `5%`.
pub(super) fn usual(text: &str) -> Vec<&'static str> {
    let of_hole = |(at, _): (usize, &str)| {
        let (before, after) = (text[..at].trim_end(), &text[at + 1..]);
        match () {
            () if after.starts_with('x') => "3x",
            () if after.trim_start().starts_with("of ") || after.starts_with('%') => "5%",
            () if before.ends_with(" for") => "2m",
            () if before.contains("latency") => "2s",
            () => "5%",
        }
    };
    text.match_indices('?').map(of_hole).collect()
}

/// What is asked for each question mark of a rule: `slower than how much`, `for how long`.
pub(super) fn wanted(text: &str) -> Vec<&'static str> {
    let of_hole = |(at, _): (usize, &str)| {
        let (before, after) = (text[..at].trim_end(), &text[at + 1..]);
        match () {
            () if after.starts_with('x') => "how many times what is normal",
            () if after.trim_start().starts_with("of ") => "for what share of the traffic",
            () if before.ends_with(" for") => "for how long",
            () if before.contains("latency") => "slower than how much",
            () if before.contains("error") => "what share of requests failing",
            () => "how much",
        }
    };
    text.match_indices('?').map(of_hole).collect()
}

/// A sentence with a value for each of its question marks.
pub(super) fn filled(text: &str, values: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let mut filled = String::new();
    let mut values = values.into_iter();
    for piece in text.split_inclusive('?') {
        match piece.strip_suffix('?') {
            Some(before) => {
                filled.push_str(before);
                filled.push_str(values.next().as_ref().map_or("", AsRef::as_ref));
            }
            None => filled.push_str(piece),
        }
    }
    // "3x" for "?x": the unit is there already.
    for unit in ["x", "%"] {
        filled = filled.replace(&format!("{unit}{unit}"), unit);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn question_marks_are_filled_with_what_usually_stands_there() {
        for (text, full) in [
            ("error_rate > ?x baseline", "error_rate > 3x baseline"),
            ("latency > ? for ? for ? of traffic", "latency > 2s for 2m for 5% of traffic"),
            ("latency p95 > ?", "latency p95 > 2s"),
            ("error_rate > ?% for ?", "error_rate > 5% for 2m"),
        ] {
            assert_eq!(filled(text, usual(text)), full);
        }
        let asked = wanted("latency > ? for ? for ? of traffic");
        let all = ["slower than how much", "for how long", "for what share of the traffic"];
        assert_eq!(asked, all);
        assert_eq!(wanted("error_rate > ?x baseline"), ["how many times what is normal"]);
    }
}
