//! Series as promtool writes them: `0+10x3 5 _x2`.

use crate::language::problem::quoted;
use crate::language::word::{ScalarValue, Spelling, ValueError};
use crate::scenario::rule_test::judge::ExpectedState;

/// The longest series, in intervals.
const LONGEST: usize = 10_000;

/// One number per interval; `None` is missing.
#[derive(Debug, Clone, PartialEq)]
pub struct TestSeries(pub Vec<Option<f64>>);

impl TestSeries {
    /// The number of an interval; the last goes on for ever.
    pub fn at(&self, interval: usize) -> Option<f64> {
        *self.0.get(interval).unwrap_or_else(|| self.0.last().expect("never empty"))
    }
}

impl ScalarValue for TestSeries {
    const KIND: &'static str = "a series such as `100x20`, `0+10x5` or `0x3 50x10 _x2`";
    const SPELLING: Spelling = Spelling::Any;

    fn parse(text: &str) -> Result<Self, ValueError> {
        let mut series = Vec::new();
        for part in text.split_whitespace() {
            let (first, step, more) = part_of(part)?;
            if series.len() + more >= LONGEST {
                return Err(ValueError::bare("a series has at most 10,000 intervals"));
            }
            for n in 0..=more {
                let value = first.map(|first| first + step * n as f64);
                if value.is_some_and(|value| value < 0.0) {
                    let message = format!("{} becomes negative", quoted(part));
                    return Err(ValueError::bare(message));
                }
                series.push(value);
            }
        }
        if series.is_empty() {
            return Err(ValueError::new("the series is empty", "write `100x20`"));
        }
        Ok(TestSeries(series))
    }
}

/// The first value of a part, what each next one adds, and how many come after the first.
fn part_of(part: &str) -> Result<(Option<f64>, f64, usize), ValueError> {
    let not = || {
        let message = format!("{} is not part of a series", quoted(part));
        ValueError::new(message, "write 5, 5x3, 0+10x3, 40-10x3, _ or _x3")
    };
    let (values, more) = match part.split_once('x') {
        Some((values, times)) => (values, Some(times.parse::<usize>().map_err(|_| not())?)),
        None => (part, None),
    };
    if values == "_" {
        let count = more.unwrap_or(1);
        return if count == 0 { Err(not()) } else { Ok((None, 0.0, count - 1)) };
    }
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let number = text.parse::<f64>().ok().filter(|number| digits && *number <= 1e9);
        number.ok_or_else(not)
    };
    let signed = values.find(['+', '-']).filter(|_| more.is_some());
    let (first, step) = match signed {
        Some(at) => {
            let size = number(&values[at + 1..])?;
            (&values[..at], if values.as_bytes()[at] == b'-' { -size } else { size })
        }
        None => (values, 0.0),
    };
    Ok((Some(number(first)?), step, more.unwrap_or(0)))
}

impl ScalarValue for ExpectedState {
    const KIND: &'static str = "`inactive`, `pending`, `firing` or `no_data`";
    const SPELLING: Spelling = Spelling::OneOf(&["inactive", "pending", "firing", "no_data"]);

    fn parse(text: &str) -> Result<Self, ValueError> {
        let all = [
            ExpectedState::Inactive,
            ExpectedState::Pending,
            ExpectedState::Firing,
            ExpectedState::NoData,
        ];
        all.into_iter().find(|state| state.word() == text).ok_or_else(|| {
            let message = format!("{} is not a state of a rule", quoted(text));
            ValueError::new(message, format!("write {}", Self::KIND))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<Option<f64>> {
        TestSeries::parse(text).unwrap_or_else(|complaint| panic!("{complaint:?}")).0
    }

    #[test]
    fn series_as_promtool_reads_them() {
        let some = |values: &[f64]| values.iter().copied().map(Some).collect::<Vec<_>>();
        assert_eq!(numbers("0+10x3"), some(&[0.0, 10.0, 20.0, 30.0]));
        assert_eq!(numbers("40-10x3"), some(&[40.0, 30.0, 20.0, 10.0]));
        assert_eq!(numbers("1x2 5"), some(&[1.0, 1.0, 1.0, 5.0]));
        assert_eq!(numbers("1 _ _x2 2"), [Some(1.0), None, None, None, Some(2.0)]);
        assert_eq!(TestSeries::parse("1 2").expect("read").at(9), Some(2.0));
    }

    #[test]
    fn series_that_are_none() {
        for text in ["", "x3", "5x", "1e3", "-5", "5x99999", "10-5x3", "_x0", "5x3x3", "a", "1+x3"]
        {
            assert!(TestSeries::parse(text).is_err(), "{text}");
        }
    }
}
