//! Durations with a spread, and cells of the change-time table.

use crate::language::node::{Kind, Node};
use crate::language::problem::{Problem, Problems, quoted};
use crate::language::shape::Shape;
use crate::language::value::time::duration;
use crate::language::word::{Spelling, ValueError};
use crate::language::written::{Entries, Placed, Written};
use crate::units::{Span, Spread};

/// How a spread is spelled in one word.
const SPREAD: &str = "^[~<]? ?[0-9.]+ ?[a-z]+";

impl Written for Spread {
    fn kind() -> &'static str {
        "a time such as 3m, ~45m, <5m, 1m..4m, {median: 1s, p99: 3s} or {exponential: 10ms}"
    }

    fn shape() -> Shape {
        let word = Shape::Word(Spelling::Pattern(SPREAD), "a time such as 3m, ~45m, <5m or 1m..4m");
        Shape::Either(vec![word, Shape::Entries(Box::new(Span::shape()))])
    }

    fn read(node: &Node, problems: &mut Problems) -> Option<Self> {
        match &node.kind {
            Kind::Scalar(scalar) => spread(&scalar.text)
                .map_err(|complaint| problems.push(complaint.at(node.place)))
                .ok(),
            Kind::Map(_) => by_points(node, problems),
            _ => {
                problems.push(crate::language::written::unexpected(node, Self::kind()));
                None
            }
        }
    }
}

fn spread(text: &str) -> Result<Spread, ValueError> {
    if let Some(median) = text.strip_prefix('~') {
        return positive(median.trim()).map(Spread::About);
    }
    if let Some(most) = text.strip_prefix('<') {
        return positive(most.trim()).map(Spread::Below);
    }
    let Some((low, high)) = text.split_once("..") else {
        return duration(text).map(Spread::Fixed);
    };
    let (low, high) = (low.trim(), high.trim());
    let hint = format!("write {high}..{low}");
    let (low, high) = (duration(low)?, duration(high)?);
    if low > high {
        return Err(ValueError::new(format!("the range {} is reversed", quoted(text)), hint));
    }
    Ok(Spread::Between(low, high))
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

    #[test]
    fn spreads_as_a_team_writes_them() {
        let m = |n: u64| Span::from_secs(60 * n);
        assert_eq!(spread("3m"), Ok(Spread::Fixed(m(3))));
        assert_eq!(spread("~45m"), Ok(Spread::About(m(45))));
        assert_eq!(spread("< 5m"), Ok(Spread::Below(m(5))));
        assert_eq!(spread("1m..4m"), Ok(Spread::Between(m(1), m(4))));
        assert_eq!(spread("4m..1m").expect_err("backwards").hint.as_deref(), Some("write 1m..4m"));
        assert!(spread("~0s").is_err());
        assert_eq!(spread("~45").expect_err("no unit").hint.as_deref(), Some("write 45m or 45s"));
    }
}
