//! What many trials say on the terminal: chances, minutes, requests and users, with intervals.

use super::odds;
use super::page::{Ink, Page, Style, TextPiece, inked, plain, right};
use crate::campaign::{
    CampaignEnding, Headline, HeadlineFigure, HeadlineUnit, Precisions, Summary, Unfinished,
    UsualHeadline,
};
use crate::measure::estimate::{self, Estimate};
use crate::report::answer::{About, CampaignAnswer};
use crate::report::context::significant;
use crate::report::untrusted::for_terminal;
use crate::units::grouped;

/// The most segments that are listed, by users affected; the rest are in the file.
pub(super) const SEGMENTS: usize = 4;
/// The maximum width of a scenario's title, in columns.
const TITLE: usize = 200;

/// The headlines of a campaign over all its trials. It ends in a newline.
pub fn campaign_summary(summary: &Summary, style: Style) -> String {
    let mut page = Page::new(style);
    figures_of(summary, &mut page);
    page.finish()
}

/// The same below the answer, as it is told where no run is told at length. It ends in a newline.
pub fn merged_summary(summary: &Summary, style: Style) -> String {
    let mut page = Page::new(style);
    let identity = &summary.identity;
    let end = "when the run ends".to_string();
    let answer =
        CampaignAnswer { odds: summary.odds.clone(), about: About::Plan, end, unfilled: false };
    page.title(&for_terminal(&identity.scenario, TITLE));
    page.line(Vec::new());
    odds::answer(&answer, &mut page);
    odds::lost(&answer, &mut page);
    figures_of(summary, &mut page);
    page.finish()
}

/// The headlines of a campaign.
fn figures_of(summary: &Summary, page: &mut Page) {
    let identity = &summary.identity;
    let n = summary.trials;
    let trials = if n == 1 { "run" } else { "runs" };
    page.heading(&format!("Over {} {trials}", grouped(n)));
    page.paragraph(Ink::Plain, &ending(summary));
    let figures = &summary.figures;
    chances(figures, page);
    minutes(figures, unfinished_sentence(summary.unfinished), page);
    counts(figures, page);
    let origin = format!(
        "Simulated by sim {}, seed {}, scenario {}. In parentheses: 95% intervals, \"..\" where \
         there are too few runs for an end. Chances by Wilson, alarms by Garwood, other means by \
         Student's t corrected for skewness, percentiles between values in order. n is the number \
         of runs with something to measure.",
        identity.program, identity.seed, identity.scenario_hash
    );
    page.line(Vec::new());
    page.paragraph(Ink::Faint, &origin);
}

/// The mean time from onset to the end, so far, for a progress bar: `24.3 ± 0.5 min so far`.
pub fn progress_estimate(totals: &[f64]) -> String {
    let mean = estimate::mean(totals);
    mean.map_or(String::new(), |mean| format!("{} min so far", plus_minus(&mean, 60.0)))
}

fn ending(summary: &Summary) -> String {
    let n = grouped(summary.trials);
    let percent = |share: f64| format!("{}%", significant(share * 100.0, 3));
    let precisions = &summary.precisions;
    let not_judged = not_judged(precisions);
    match summary.ending {
        CampaignEnding::Whole => {
            "All runs of the same plan, each with luck of its own.".to_string()
        }
        CampaignEnding::Interrupted { wanted } => {
            format!(
                "Interrupted after {n} of {} runs; what follows rests on these.",
                grouped(wanted)
            )
        }
        CampaignEnding::Precise { precision, .. } => format!(
            "Every headline that can be judged is within ± {} after {n} runs.{not_judged}",
            percent(precision)
        ),
        CampaignEnding::PrecisionNotReached { precision, confidence } => {
            let widest = precisions.widest.as_ref().map_or(String::new(), |(headline, half)| {
                format!(
                    " The widest is \"{}\" at ± {} ({} intervals: looking before the end costs).",
                    headline.subject,
                    percent(*half),
                    percent(confidence.level()),
                )
            });
            let few = match names(&precisions.too_few) {
                none if none.is_empty() => String::new(),
                some => format!(" There are too few values for {some}."),
            };
            format!(
                "Gave up after {n} runs: not every headline is within ± \
                 {}.{widest}{few}{not_judged}",
                percent(precision)
            )
        }
    }
}

/// The headlines that could not be judged, as sentences after another one.
fn not_judged(precisions: &Precisions) -> String {
    let because = |why: &str, headlines: &[Headline]| match names(headlines) {
        none if none.is_empty() => String::new(),
        some => format!(" Could not be judged, because {why}: {some}."),
    };
    let not_measured = because("no run had a value", &precisions.not_measured);
    let not_varied = because("the values did not vary", &precisions.not_varied);
    not_measured + &not_varied
}

/// The first few names in quotes, and how many more there are.
fn names(headlines: &[Headline]) -> String {
    // A choice: more names than that are looked up in the table.
    const SHOWN: usize = 4;
    let shown = headlines.iter().take(SHOWN).map(|headline| format!("\"{}\"", headline.subject));
    let shown = shown.collect::<Vec<_>>().join(", ");
    match headlines.len().saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn chances(figures: &[HeadlineFigure], page: &mut Page) {
    let row = |figure: &HeadlineFigure| {
        let mean = figure.mean?;
        let percent = |share: f64| format!("{}%", significant(share * 100.0, 3));
        let bounds = format!(
            "({} to {})",
            percent(mean.low.unwrap_or(0.0)),
            percent(mean.high.unwrap_or(1.0))
        );
        let cells = [right(percent(mean.value)), inked(Ink::Faint, bounds), right(grouped(mean.n))];
        Some([vec![plain(figure.headline.subject.to_string())], cells.to_vec()].concat())
    };
    let rows = figures
        .iter()
        .filter(|figure| figure.headline.unit == HeadlineUnit::Chance)
        .filter_map(row);
    table(page, &["Chance", "", "", "n"], &[3], rows.collect());
}

/// The intervals of the response, and its whole length.
fn minutes(figures: &[HeadlineFigure], unfinished: Option<String>, page: &mut Page) {
    let row = |figure: &HeadlineFigure| {
        figure.percentiles[2].filter(|longest| longest.value > 0.0)?;
        let mut cells = vec![plain(figure.headline.subject.to_string())];
        cells.extend(figure.percentiles.map(|found| plain(spread(found, 60.0))));
        cells.push(right(grouped(figure.n())));
        Some(cells)
    };
    let rows = figures
        .iter()
        .filter(|figure| figure.headline.unit == HeadlineUnit::Seconds)
        .filter_map(row);
    table(page, &["Minutes", "p50", "p90", "p99", "n"], &[3], rows.collect());
    let total =
        figures.iter().find(|figure| figure.headline.subject == UsualHeadline::Total.into());
    let mean = total.and_then(|figure| figure.mean).filter(|_| unfinished.is_none());
    if let Some(mean) = mean {
        let text = format!("On average the whole takes {} min.", plus_minus(&mean, 60.0));
        page.paragraph(Ink::Plain, &text);
    }
    if let Some(sentence) = unfinished {
        page.paragraph(Ink::Plain, &sentence);
    }
}

/// In how many trials the incident was not over when the run was, if there are any.
pub(in crate::report) fn unfinished_sentence(unfinished: Unfinished) -> Option<String> {
    let Unfinished { began, open } = unfinished;
    (open > 0).then(|| format!(
        "In {} of {} runs the incident was not over when the run ended: its total ends there, and \
         \"recovered\" is about the others.",
        grouped(open),
        grouped(began)
    ))
}

/// Requests, users and alarms: the mean day, and the worse ones.
fn counts(figures: &[HeadlineFigure], page: &mut Page) {
    let counted = |figure: &&HeadlineFigure| {
        !matches!(figure.headline.unit, HeadlineUnit::Chance | HeadlineUnit::Seconds)
    };
    let of_segment = |figure: &&HeadlineFigure| figure.headline.subject.is_of_segment();
    let (mut segments, sums): (Vec<&HeadlineFigure>, Vec<&HeadlineFigure>) =
        figures.iter().filter(counted).partition(of_segment);
    segments.retain(|figure| figure.headline.unit == HeadlineUnit::Users);
    let mean = |figure: &HeadlineFigure| figure.mean.map_or(0.0, |mean| mean.value);
    segments.sort_by(|one, other| mean(other).total_cmp(&mean(one)));
    let more = segments.len().saturating_sub(SEGMENTS);
    let row = |figure: &&HeadlineFigure| {
        let mean = figure.mean?;
        let per = if figure.headline.unit == HeadlineUnit::PerDay { " per 24 h" } else { "" };
        Some(vec![
            plain(format!("{}{per}", figure.headline.subject)),
            plain(plus_minus(&mean, 1.0)),
            right(worth(figure.percentiles[0])),
            right(worth(figure.percentiles[1])),
            right(grouped(mean.n)),
        ])
    };
    let rows = sums.iter().chain(segments.iter().take(SEGMENTS)).filter_map(row);
    table(page, &["Of one run", "mean", "p50", "p90", "n"], &[2, 4], rows.collect());
    if more > 0 {
        page.paragraph(Ink::Faint, &format!("+ {more} more segments in campaign.csv"));
    }
}

fn worth(found: Option<Estimate>) -> String {
    found.map_or(String::new(), |found| short(found.value))
}

/// A table with a title for every column, some of which can be spared, or nothing without rows.
fn table(page: &mut Page, titles: &[&str], spare: &[usize], rows: Vec<Vec<TextPiece>>) {
    if rows.is_empty() {
        return;
    }
    let title = |(position, word): (usize, &&str)| TextPiece {
        right: rows[0].get(position).is_some_and(|cell| cell.right),
        ..inked(Ink::Heading, *word)
    };
    page.line(Vec::new());
    page.table_with_spare(
        spare,
        [vec![titles.iter().enumerate().map(title).collect()], rows].concat(),
    );
}

/// `24.3 (23.9..24.8)`, in units of this many of the values' own.
pub(in crate::report) fn spread(found: Option<Estimate>, unit: f64) -> String {
    let Some(found) = found else { return String::new() };
    let number = |value: f64| short(value / unit);
    let end = |bound: Option<f64>| bound.map_or(String::new(), number);
    let (value, low, high) = (number(found.value), end(found.low), end(found.high));
    if low == value && high == value { value } else { format!("{value} ({low}..{high})") }
}

/// `24.3 ± 0.5`, with no more digits than the interval has; `24.3` without one.
pub(in crate::report) fn plus_minus(mean: &Estimate, unit: f64) -> String {
    let value = mean.value / unit;
    match mean.half_width().map(|half| half / unit) {
        None | Some(0.0) => short(value),
        Some(half) => {
            let digits = decimals(half);
            format!("{} ± {}", fixed(value, digits), fixed(half, digits))
        }
    }
}

/// Decimals that show an interval of this half-width with two digits at most.
fn decimals(half: f64) -> usize {
    match half {
        half if half >= 10.0 => 0,
        half if half >= 0.1 => 1,
        half if half >= 0.01 => 2,
        _ => 3,
    }
}

fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.split_once('.') {
        None => sign(&text),
        Some((whole, rest)) => format!("{}.{rest}", sign(whole)),
    }
}

/// Thousands apart, the sign as it is.
fn sign(whole: &str) -> String {
    let digits = whole.trim_start_matches('-');
    let minus = if whole.starts_with('-') { "-" } else { "" };
    format!("{minus}{}", digits.parse().map_or(digits.to_string(), grouped))
}

/// Three digits, or all of a whole number.
fn short(value: f64) -> String {
    if value.abs() >= 1_000.0 { fixed(value, 0) } else { significant(value, 3) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(value: f64, low: Option<f64>, high: Option<f64>) -> Estimate {
        Estimate { n: 9, value, low, high }
    }

    #[test]
    fn no_more_digits_than_the_interval_has() {
        let mean =
            |value, half| plus_minus(&estimate(value, Some(value - half), Some(value + half)), 1.0);
        assert_eq!(mean(69_123.4, 118.0), "69,123 ± 118");
        assert_eq!(mean(24.333, 0.48), "24.3 ± 0.5");
        assert_eq!(mean(2.333, 0.021), "2.33 ± 0.02");
        assert_eq!(mean(-1_624.0, 31.0), "-1,624 ± 31");
        assert_eq!(plus_minus(&estimate(90.0, None, None), 60.0), "1.5");
    }

    #[test]
    fn ends_that_are_not_known_are_left_open() {
        assert_eq!(spread(Some(estimate(600.0, Some(540.0), None)), 60.0), "10 (9..)");
        assert_eq!(
            spread(Some(estimate(1_234.5, Some(1_000.4), Some(20_000.0))), 1.0),
            "1,234 (1,000..20,000)"
        );
        assert_eq!(spread(Some(estimate(0.0, Some(0.0), Some(0.0))), 1.0), "0");
        assert_eq!(spread(None, 1.0), "");
    }
}
