//! Response times whose unit nothing says: what each reading would mean, and the question.

use super::elapsed::{ElapsedUnit, amount, elapsed};
use super::format::{ElapsedTimes, TimesAnswer};
use super::role::Field;
use crate::units::Span;

/// The middle one.
fn median(mut values: Vec<Span>) -> Option<Span> {
    values.sort();
    values.get(values.len() / 2).copied()
}

/// A number without a unit, read in each of them.
pub(super) fn readings_of(text: &str) -> String {
    let reading = |unit: ElapsedUnit| {
        let span = elapsed(text.as_bytes(), Some(unit))?;
        Some(format!("{span} in {}", unit.plural()))
    };
    let all: Vec<String> = [ElapsedUnit::Seconds, ElapsedUnit::Millis, ElapsedUnit::Micros]
        .into_iter()
        .filter_map(reading)
        .collect();
    if all.is_empty() { String::new() } else { format!(" ({})", all.join(", ")) }
}

/// The unit in which a number is a time that a page may take, to be offered first.
pub(super) fn likeliest(text: &str) -> ElapsedUnit {
    let fits = |unit: &ElapsedUnit| {
        let span = elapsed(text.as_bytes(), Some(*unit));
        span.is_some_and(|span| span >= Span::from_millis(1) && span < Span::from_secs(30))
    };
    [ElapsedUnit::Millis, ElapsedUnit::Micros, ElapsedUnit::Seconds]
        .into_iter()
        .find(fits)
        .unwrap_or(ElapsedUnit::Millis)
}

/// Times that no page takes are a sign of a wrong unit.
pub(super) fn implausible(values: Vec<Span>) -> Option<String> {
    let n = values.len();
    let middle = median(values)?;
    let long = middle > Span::from_secs(60);
    (n >= 20 && (long || middle < Span(20_000) && middle > Span::ZERO)).then(|| {
        format!(
            "the median response time of the first lines is {middle}: if that cannot be, say the \
             unit: --field \"elapsed=FIELD ms\""
        )
    })
}

/// Response times whose unit nothing says. Fractions that are milliseconds only if pages take less
/// than one are seconds, which is said; whatever else it may be, a person must say.
pub(super) fn ask(
    name: &str,
    values: &[Vec<u8>],
    guesses: &mut Vec<String>,
) -> (ElapsedTimes, Option<ElapsedUnit>) {
    let seconds: Vec<Span> =
        values.iter().filter_map(|value| amount(value, 1_000_000_000)).collect();
    let Some(middle) = median(seconds) else { return (ElapsedTimes::None, None) };
    let read = |unit: ElapsedUnit| {
        let divisor = [1, 1_000, 1_000_000, 1_000_000_000][unit as usize];
        format!("{} in {}", Span(middle.0 / divisor), unit.plural())
    };
    let fractions = values.iter().filter(|value| value.contains(&b'.')).count();
    let only_seconds =
        2 * fractions > values.len() && middle < Span::SECOND && middle >= Span::from_millis(1);
    if only_seconds {
        guesses.push(format!(
            "`{name}` has no unit and is read as seconds: its median is {}, {} would be \
             implausible; --field \"elapsed={name} s\" settles it",
            read(ElapsedUnit::Seconds),
            read(ElapsedUnit::Millis),
        ));
        return (ElapsedTimes::In(Some(ElapsedUnit::Seconds)), Some(ElapsedUnit::Seconds));
    }
    let plausible = |unit: &ElapsedUnit| {
        let divisor = [1, 1_000, 1_000_000, 1_000_000_000][*unit as usize];
        (1_000_000..30_000_000_000).contains(&(middle.0 / divisor))
    };
    let all = [ElapsedUnit::Millis, ElapsedUnit::Micros, ElapsedUnit::Nanos, ElapsedUnit::Seconds];
    let likely = all.into_iter().find(plausible).unwrap_or(ElapsedUnit::Millis);
    let question = format!(
        "`{name}` has no unit: its median is {}, {}, {}; say which: --field \"elapsed={name} \
         {likely}\"",
        read(ElapsedUnit::Seconds),
        read(ElapsedUnit::Millis),
        read(ElapsedUnit::Micros),
    );
    let field = Field { name: name.to_string(), unit: Some(likely) };
    (ElapsedTimes::Asked(question, TimesAnswer::Field(field)), None)
}
