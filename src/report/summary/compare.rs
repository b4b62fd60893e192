//! What one change makes of many days, on the terminal: a sentence first, then the figures.

use super::campaign::{SEGMENTS, plus_minus};
use super::page::{Ink, Page, Style, inked, plain, right};
use crate::campaign::{Difference, Identity, Unit};
use crate::measure::estimate::Estimate;
use crate::units::grouped;

/// Headlines that the sentences are about, the weightiest first.
const TOLD: [&str; 6] = [
    "total",
    "requests failed",
    "requests turned away",
    "users affected",
    "user-minutes lost",
    "false alarms",
];

/// The comparison of two campaigns; `words` say what each of them is. It ends in a newline.
pub fn compare_summary(
    identity: &Identity,
    words: [&str; 2],
    trials: u64,
    differences: &[Difference],
    unfinished: [u64; 2],
    style: Style,
) -> String {
    let mut page = Page::new(style);
    page.title(&identity.scenario);
    page.line(Vec::new());
    page.labelled("first ", words[0]);
    page.labelled("second", words[1]);
    page.heading("Verdict");
    sentences(differences).iter().for_each(|sentence| page.paragraph(Ink::Plain, sentence));
    cut_short(unfinished).iter().for_each(|sentence| page.paragraph(Ink::Plain, sentence));
    figures(differences, &mut page);
    let origin = format!(
        "{} pairs of trials with the same visitors and the same luck, simulated by sim {} with \
         seed {}. Second minus first, trial by trial; ± is a 95 % interval, and n counts the \
         trials in which both had something to measure.",
        grouped(trials),
        identity.program,
        identity.seed
    );
    page.line(Vec::new());
    page.paragraph(Ink::Faint, &origin);
    page.finish()
}

/// What the differences come to, in plain words; at least one sentence.
pub(in crate::report) fn sentences(differences: &[Difference]) -> Vec<String> {
    let mut sentences: Vec<String> = told(differences).filter_map(sentence).collect();
    if sentences.is_empty() {
        sentences.push("No difference in time, requests, users or alarms.".to_string());
    }
    sentences
}

/// The values of a unit that are shown as one, and its word.
pub(in crate::report) fn unit_of(unit: Unit) -> (f64, &'static str) {
    match unit {
        Unit::Seconds => (60.0, "min"),
        Unit::Chance => (0.01, "%"),
        Unit::PerDay => (1.0, "per 24 h"),
        Unit::Requests | Unit::Users | Unit::UserMinutes => (1.0, ""),
    }
}

/// The differences worth a sentence: of some headlines always, of a chance if it is a clear one.
fn told(differences: &[Difference]) -> impl Iterator<Item = &Difference> {
    let named = |name: &&str| differences.iter().find(|row| row.headline.name == **name);
    let clear = |row: &&Difference| {
        let clear = |found: Estimate| match found.low.zip(found.high) {
            Some((low, high)) => low > 0.0 || high < 0.0,
            None => found.n > 1 && found.value != 0.0,
        };
        row.headline.unit == Unit::Chance && row.difference.is_some_and(clear)
    };
    TOLD.iter().filter_map(named).chain(differences.iter().filter(clear))
}

/// `The second saves 6.1 ± 0.8 min from onset to the end.`, or how little is clear.
fn sentence(row: &Difference) -> Option<String> {
    let difference = row.difference?;
    let (unit, what) = match row.headline.name.as_str() {
        "total" => (60.0, "min from onset to the end"),
        "requests failed" => (1.0, "failed requests"),
        "requests turned away" => (1.0, "requests turned away by a maintenance page"),
        "users affected" => (1.0, "users affected"),
        "user-minutes lost" => (1.0, "user-minutes lost"),
        "false alarms" => (1.0, "false alarms in 24 hours"),
        _ => (0.01, "points"),
    };
    let ends = difference.low.zip(difference.high);
    if ends.is_none() && (difference.value == 0.0 || difference.n < 2) {
        return None;
    }
    if ends.is_some_and(|(low, high)| low <= 0.0 && high >= 0.0) {
        let size = plus_minus(&difference, unit);
        return Some(format!("No clear difference in {what}: {size}."));
    }
    let fewer = difference.value < 0.0;
    let size = plus_minus(&positive(&difference), unit);
    // Without an interval it is the same in all pairs.
    let always = if ends.is_none() { ", in every pair" } else { "" };
    let what = format!("{what}{always}");
    Some(match (row.headline.unit, fewer) {
        (Unit::Chance, fewer) => {
            let rarer = if fewer { "rarer" } else { "likelier" };
            format!("\"{}\" is {size} points {rarer} with the second.", row.headline.name)
        }
        (Unit::Seconds, true) => format!("The second saves {size} {what}."),
        (Unit::Seconds, false) => format!("The second costs {size} {what}."),
        (_, true) => format!("The second has {size} fewer {what}."),
        (_, false) => format!("The second has {size} more {what}."),
    })
}

/// Totals that the end of the run has cut short, on either side.
pub(in crate::report) fn cut_short(unfinished: [u64; 2]) -> Option<String> {
    let [first, second] = unfinished.map(grouped);
    (unfinished != [0, 0]).then(|| {
        format!(
            "The incident outlasted the run in {first} of the first's trials and in {second} of \
             the second's: their times end there, so a difference of times may be larger."
        )
    })
}

/// The same size without a sign.
fn positive(found: &Estimate) -> Estimate {
    if found.value >= 0.0 {
        return *found;
    }
    let flip = |bound: Option<f64>| bound.map(|bound| -bound);
    Estimate { n: found.n, value: -found.value, low: flip(found.high), high: flip(found.low) }
}

/// Every headline that changed, and how many did not.
fn figures(differences: &[Difference], page: &mut Page) {
    let changed = |row: &&Difference| {
        let size = row.difference.map(|difference| (difference.value, difference.half_width()));
        size.is_some_and(|size| size.0 != 0.0 || size.1.is_some_and(|half| half > 0.0))
            || row.only_first + row.only_second > 0
    };
    let words = ["Headline", "first", "second", "difference", "n"];
    let titles = words.iter().map(|word| inked(Ink::Heading, *word)).collect();
    let mut rows = vec![titles];
    let changed: Vec<&Difference> = differences.iter().filter(changed).collect();
    let (mut segments, sums): (Vec<&Difference>, Vec<&Difference>) =
        changed.iter().partition(|row| row.headline.segment().is_some());
    let of_segments = segments.len();
    segments.retain(|row| row.headline.unit == Unit::Users);
    let size = |row: &Difference| row.difference.map_or(0.0, |found| found.value.abs());
    segments.sort_by(|one, other| size(other).total_cmp(&size(one)));
    segments.truncate(SEGMENTS);
    let more = of_segments - segments.len();
    for row in sums.into_iter().chain(segments) {
        let (unit, word) = unit_of(row.headline.unit);
        let known = |found: Option<Estimate>| found.map_or(String::new(), |f| plus_minus(&f, unit));
        let mean = |found: Option<Estimate>| {
            known(found.map(|found| Estimate { low: None, high: None, ..found }))
        };
        rows.push(vec![
            plain(format!("{} {word}", row.headline.name).trim_end()),
            plain(mean(row.first)),
            plain(mean(row.second)),
            plain(row.difference.map_or_else(|| only(row), |_| known(row.difference))),
            right(grouped(row.difference.map_or(0, |difference| difference.n))),
        ]);
    }
    let same = differences.len() - changed.len();
    page.line(Vec::new());
    // The difference is what is asked for.
    page.table_with_spare(&[4, 1, 2], rows);
    if more > 0 {
        page.paragraph(Ink::Faint, &format!("+ {more} more rows about segments in compare.csv"));
    }
    if same > 0 {
        page.paragraph(Ink::Faint, &format!("+ {same} headlines without any difference"));
    }
}

/// In how many trials there was something to measure on one side, where no pair is left.
fn only(row: &Difference) -> String {
    let sides = [(row.only_first, "first"), (row.only_second, "second")];
    let sides = sides.iter().filter(|(n, _)| *n > 0);
    let words: Vec<String> = sides.map(|(n, side)| format!("{n} only in {side}")).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::Headline;

    fn row(name: &str, unit: Unit, value: f64, half: f64) -> Difference {
        let estimate =
            Estimate { n: 100, value, low: Some(value - half), high: Some(value + half) };
        Difference {
            headline: Headline { name: name.into(), unit },
            first: Some(estimate),
            second: Some(estimate),
            difference: Some(estimate),
            only_first: 0,
            only_second: 0,
        }
    }

    #[test]
    fn a_plain_sentence() {
        let told = |row: &Difference| {
            let rows = [row.clone()];
            super::told(&rows).find_map(sentence).unwrap_or_default()
        };
        let saves = row("total", Unit::Seconds, -366.0, 48.0);
        let expected = "The second saves 6.1 ± 0.8 min from onset to the end.";
        assert_eq!(told(&saves), expected);
        let costs = row("users affected", Unit::Users, 120.0, 14.0);
        assert_eq!(told(&costs), "The second has 120 ± 14 more users affected.");
        let unclear = row("requests failed", Unit::Requests, -3.0, 14.0);
        assert_eq!(told(&unclear), "No clear difference in failed requests: -3 ± 14.");
        let exactly = |value: f64| {
            let mut row = row("total", Unit::Seconds, value, 0.0);
            let estimate = Estimate { n: 6, value, low: None, high: None };
            row.difference = Some(estimate);
            row
        };
        assert_eq!(told(&exactly(0.0)), "");
        let always = "The second costs 4 min from onset to the end, in every pair.";
        assert_eq!(told(&exactly(240.0)), always);
        let chance = row("meets recovered < 1h", Unit::Chance, -0.75, 0.19);
        let expected = "\"meets recovered < 1h\" is 75 ± 19 points rarer with the second.";
        assert_eq!(told(&chance), expected);
    }
}
