//! Durations with a spread, and cells of the change-time table.

use crate::language::node::{Key, Node, NodeKind};
use crate::language::problem::{Problem, Problems, quoted};
use crate::language::shape::Shape;
use crate::language::value::time::duration;
use crate::language::word::{ScalarValue, Spelling, ValueError};
use crate::language::written::{Entries, FromNode, Placed};
use crate::units::{Mixture, Ratio, Span, Spread};

/// How a spread is spelled in one word.
const SPREAD: &str = "^([0-9.]+% +)?[~<]? ?[0-9.]+ ?[a-z]+";

impl FromNode for Spread {
    fn kind() -> &'static str {
        "a time such as 3m, ~45m, <5m, 1m..4m, 30m (p99 8h), {exponential: 10ms} or a mixture"
    }

    fn shape() -> Shape {
        let words = "a time such as 3m, ~45m, <5m, 1m..4m or 30m (p99 8h)";
        let word = Shape::Word(Spelling::Pattern(SPREAD), words);
        // In the reference these stand in many places: the words say it once.
        let time = |spelling| Shape::Word(spelling, "a time");
        let points = Shape::Entries(Box::new(time(Span::SPELLING)));
        let part = Shape::Either(vec![time(Spelling::Pattern(SPREAD)), points]);
        let parts = Shape::Entries(Box::new(part));
        Shape::Either(vec![word, parts.clone(), Shape::List(Box::new(parts))])
    }

    fn read(node: &Node, problems: &mut Problems) -> Option<Self> {
        match &node.kind {
            NodeKind::Scalar(scalar) => spread(&scalar.text)
                .map_err(|complaint| problems.push(complaint.at(node.place)))
                .ok(),
            NodeKind::Map(entries) if entries.iter().any(|(key, _)| key.text.ends_with('%')) => {
                let parts = entries.iter().map(|(key, value)| part(key, value, problems));
                let parts: Option<Vec<(f64, Spread)>> = parts.collect();
                mixed(&parts?).map_err(|complaint| problems.push(complaint.at(node.place))).ok()
            }
            NodeKind::Map(_) => by_points(node, problems),
            NodeKind::List(items) => by_parts(node, items, problems),
            _ => {
                problems.push(crate::language::written::unexpected(node, Self::kind()));
                None
            }
        }
    }
}

/// A duration as the program itself shows it, read again: `~45m`, `median 700ms, p99 4s`,
/// `exponential, mean 10ms`, and whatever else a scenario may say in one line.
pub fn shown(text: &str) -> Option<Spread> {
    if let Some(mean) = text.strip_prefix("exponential, mean ") {
        return mean.parse().ok().map(Spread::Exponential);
    }
    let tail = text.strip_prefix("median ").and_then(|text| text.split_once(", p99 "));
    let text = tail.map_or(text.to_string(), |(median, p99)| format!("{median} (p99 {p99})"));
    spread(&text).ok()
}

fn spread(text: &str) -> Result<Spread, ValueError> {
    if let Some((share, _)) = text.split_once(char::is_whitespace)
        && share.ends_with('%')
    {
        return mixture_in_a_line(text);
    }
    if let Some(median) = text.strip_prefix('~') {
        return positive(median.trim()).map(Spread::About);
    }
    if let Some(most) = text.strip_prefix('<') {
        return positive(most.trim()).map(Spread::Below);
    }
    if let Some(least) = text.strip_prefix('>') {
        return Err(without_end(text, least));
    }
    if let Some((median, rest)) = text.split_once('(') {
        return tail_in_a_line(text, median.trim(), rest.trim());
    }
    let Some((low, high)) = text.split_once("..") else {
        return duration(text).map(Spread::Fixed);
    };
    let (low, high) = (low.trim(), high.trim());
    if high.is_empty() {
        return Err(without_end(text, low));
    }
    let hint = format!("write {high}..{low}");
    let (low, high) = (duration(low)?, duration(high)?);
    if low > high {
        return Err(ValueError::new(format!("the range {} is reversed", quoted(text)), hint));
    }
    Ok(Spread::Between(low, high))
}

/// `>30m`, `30m..`: nothing can be drawn from what has no end.
fn without_end(text: &str, least: &str) -> ValueError {
    let least = if duration(least.trim()).is_ok() { least.trim() } else { "30m" };
    let hint = format!("write {least}..8h, or {least} (p99 8h): half are longer than {least}");
    ValueError::new(format!("{} has no end", quoted(text)), hint)
}

/// `30m (p99 8h)`, from behind the bracket.
fn tail_in_a_line(text: &str, median: &str, rest: &str) -> Result<Spread, ValueError> {
    let p99 = rest.strip_suffix(')').and_then(|inner| inner.trim().strip_prefix("p99"));
    let Some(p99) = p99.filter(|p99| p99.starts_with(char::is_whitespace)) else {
        let message = format!("{} is not a spread", quoted(text));
        return Err(ValueError::new(
            message,
            "write 30m (p99 8h): the median, and the 99th percentile",
        ));
    };
    let (median, p99) = (positive(median)?, positive(p99.trim())?);
    if p99 <= median {
        let message = format!("p99 ({p99}) must be longer than the median ({median})");
        return Err(ValueError::bare(message));
    }
    Ok(Spread::Tail { median, p99 })
}

/// `30% <3m, 70% 30m (p99 8h)`.
fn mixture_in_a_line(text: &str) -> Result<Spread, ValueError> {
    let part = |part: &str| {
        let part = part.trim();
        let (share, rest) = part.split_once(char::is_whitespace).unwrap_or((part, ""));
        if !share.ends_with('%') {
            let message = format!("{} in {} has no share", quoted(part), quoted(text));
            return Err(ValueError::new(message, "write 30% <3m, 70% 30m (p99 8h)"));
        }
        Ok((Ratio::parse(share)?.0, spread(rest.trim())?))
    };
    let parts: Result<Vec<(f64, Spread)>, ValueError> = text.split(',').map(part).collect();
    mixed(&parts?)
}

/// A mixture of these, if their shares are those of a whole.
fn mixed(parts: &[(f64, Spread)]) -> Result<Spread, ValueError> {
    let sum: f64 = parts.iter().map(|(share, _)| share).sum();
    if parts.iter().any(|(share, _)| *share <= 0.0) {
        return Err(ValueError::new("a part of 0% is never drawn", "leave it out"));
    }
    // As exact as three thirds written with two decimals.
    if (sum - 1.0).abs() > 0.000_5 {
        let message = format!("the shares of this mixture add up to {}, not 100%", percent(sum));
        return Err(ValueError::new(message, "each part has its share: 30%, 70%"));
    }
    if parts.iter().any(|(_, part)| matches!(part, Spread::Mixed(_))) {
        return Err(ValueError::new("a mixture in a mixture", "write all parts in one list"));
    }
    let many = || {
        let message = format!("a mixture of {} parts; {} at most", parts.len(), Mixture::MOST);
        ValueError::bare(message)
    };
    Mixture::new(parts).map(Spread::Mixed).ok_or_else(many)
}

fn percent(share: f64) -> String {
    format!("{}%", (share * 1e4).round() / 100.0)
}

/// `[{30%: <3m}, {70%: {median: 30m, p99: 8h}}]`.
fn by_parts(node: &Node, items: &[Node], problems: &mut Problems) -> Option<Spread> {
    let mut parts = Vec::new();
    for item in items {
        let Some([(key, value)]) = item.entries() else {
            let problem = Problem::error(item.place, "a part of a mixture is a share and a time");
            problems.push(problem.hint("{30%: <3m}"));
            return None;
        };
        parts.push(part(key, value, problems)?);
    }
    if parts.is_empty() {
        problems.push(Problem::error(node.place, "a mixture of nothing").hint("[{100%: 3m}]"));
        return None;
    }
    mixed(&parts).map_err(|complaint| problems.push(complaint.at(node.place))).ok()
}

fn part(key: &Key, value: &Node, problems: &mut Problems) -> Option<(f64, Spread)> {
    if !key.text.ends_with('%') {
        let message = format!("{} is not a share", quoted(&key.text));
        problems.push(Problem::error(key.place, message).hint("{30%: <3m}"));
        return None;
    }
    let share = Ratio::parse(&key.text).map_err(|complaint| problems.push(complaint.at(key.place)));
    Some((share.ok()?.0, crate::language::written::value::<Spread>(value, problems)?))
}

fn positive(text: &str) -> Result<Span, ValueError> {
    let span = duration(text)?;
    if span == Span::ZERO {
        return Err(ValueError::new("about nothing is not a time", "write 0s for no time at all"));
    }
    Ok(span)
}

fn by_points(node: &Node, problems: &mut Problems) -> Option<Spread> {
    let entries = Entries::<Placed<Span>>::read(node, problems)?;
    let keys: Vec<&str> = entries.names().map(|name| name.value.as_str()).collect();
    let known = matches!(keys[..], ["median", "p99"] | ["p99", "median"] | ["exponential"]);
    if !known {
        let message = "a spread is {median, p99} or {exponential}";
        problems.push(Problem::error(node.place, message).hint("{median: 400ms, p99: 3s}"));
        return None;
    }
    let mut point = |key: &str| {
        let (_, span) = entries.0.iter().find(|(name, _)| name.value == key)?;
        let span = (*span)?;
        if span.value == Span::ZERO {
            problems.push(Problem::error(span.place, format!("`{key}` must be more than 0s")));
            return None;
        }
        Some(span)
    };
    if keys == ["exponential"] {
        return point("exponential").map(|mean| Spread::Exponential(mean.value));
    }
    let (median, p99) = (point("median")?, point("p99")?);
    if p99.value <= median.value {
        let message =
            format!("p99 ({}) must be longer than the median ({})", p99.value, median.value);
        problems.push(Problem::error(p99.place, message));
        return None;
    }
    Some(Spread::Tail { median: median.value, p99: p99.value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_plain() -> impl Strategy<Value = Spread> {
        // As they are shown exactly: below a second in milliseconds, from there on in seconds.
        let span = || {
            prop_oneof![
                (1..1_000u64).prop_map(|millis| Span(millis * 1_000_000)),
                (1..1_000_000u64).prop_map(Span::from_secs),
            ]
        };
        let pair = || (span(), span()).prop_map(|(one, other)| (one.min(other), one.max(other)));
        prop_oneof![
            span().prop_map(Spread::Fixed),
            span().prop_map(Spread::About),
            span().prop_map(Spread::Below),
            pair().prop_map(|(low, high)| Spread::Between(low, high)),
            (span(), 1..1_000u64).prop_map(|(median, more)| {
                let p99 = Span::from_secs(median.0 / 1_000_000_000 + 1 + more);
                Spread::Tail { median, p99 }
            }),
            span().prop_map(Spread::Exponential),
        ]
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_again(spread in any_plain()) {
            prop_assert_eq!(shown(&spread.to_string()), Some(spread));
        }
    }

    #[test]
    fn spreads_as_a_team_writes_them() {
        let m = |n: u64| Span::from_secs(60 * n);
        assert_eq!(spread("3m"), Ok(Spread::Fixed(m(3))));
        assert_eq!(spread("~45m"), Ok(Spread::About(m(45))));
        assert_eq!(spread("< 5m"), Ok(Spread::Below(m(5))));
        assert_eq!(spread("1m..4m"), Ok(Spread::Between(m(1), m(4))));
        assert_eq!(spread("4m..1m").expect_err("backwards").hint.as_deref(), Some("write 1m..4m"));
        assert!(spread("~0s").is_err());
        let tail = Spread::Tail { median: m(30), p99: m(480) };
        assert_eq!(spread("30m (p99 8h)"), Ok(tail));
        let parts = [(0.3, Spread::Below(m(3))), (0.7, tail)];
        let mixture = Spread::Mixed(Mixture::new(&parts).expect("two parts"));
        assert_eq!(spread("30% <3m, 70% 30m (p99 8h)"), Ok(mixture));
        assert_eq!(spread(&mixture.to_string()), Ok(mixture), "as it is printed");
        assert_eq!(spread(&tail.in_one_line()), Ok(tail));
        assert_eq!(spread("~45").expect_err("no unit").hint.as_deref(), Some("write 45m or 45s"));
    }

    #[test]
    fn what_is_wrong_with_a_mixture_or_an_open_end() {
        for (text, message) in [
            ("30% <3m, 60% 5m", "the shares of this mixture add up to 90%, not 100%"),
            ("0% 1m, 100% 2m", "a part of 0% is never drawn"),
            ("30% 1m, 2m", "`2m` in `30% 1m, 2m` has no share"),
            (">30m", "`>30m` has no end"),
            ("30m..", "`30m..` has no end"),
            ("30m (p95 8h)", "`30m (p95 8h)` is not a spread"),
            ("30m (p99 8m)", "p99 (8m) must be longer than the median (30m)"),
            ("20% 1m, 20% 2m, 20% 3m, 20% 4m, 20% 5m", "a mixture of 5 parts; 4 at most"),
        ] {
            assert_eq!(spread(text).expect_err(text).message, message);
        }
    }
}
