//! `compare.html`: what one change is worth, with paired differences.

use super::document::{PageFrame, document};
use super::forest::{PercentAxis, class, difference_table};
use super::formatting::{sentence, shown};
use crate::campaign::HeadlineDifference;
use crate::report::comparison_words::{cut_short, sentences};
use crate::report::differences::{Compared, DifferenceKind, FigureLine, Ranked};
use crate::units::grouped;
use maud::{Markup, html};

/// The most segments that are shown; the table has them all.
const SEGMENTS: usize = 60;

/// The whole page.
pub fn compare_page(compared: &Compared) -> String {
    let heading = shown(&compared.first.scenario);
    let title = format!("Comparison: {heading}");
    let ranked = Ranked::new(compared.differences);
    let frame = PageFrame {
        title: &title,
        eyebrow: html! {
            "Comparison · " (grouped(compared.trials)) " pairs of runs · simulated"
        },
        heading: &heading,
        first: first(compared),
        footer: html! {
            p { "Made by sim " (shown(&compared.first.program)) ", seed " (compared.first.seed)
                ", scenarios " code { (shown(&compared.first.scenario_hash)) } " and "
                code { (shown(&compared.second.scenario_hash)) } "." }
        },
        script: "",
        later: usize::MAX,
        appendix: usize::MAX,
    };
    let again = html! {
        p { "The same scenario, seed and number of runs give byte-identical output:" }
        pre tabindex="0" { code { (shown(compared.replay)) } }
    };
    let mut sections = vec![("differences", "Differences", differences(compared, &ranked))];
    if !ranked.segments.is_empty() {
        sections.push(("segments", "By segment of users", segments(compared, &ranked.segments)));
    }
    if !ranked.same.is_empty() {
        sections.push(("same", "The same on both sides", same(&ranked.same)));
    }
    sections.push(("again", "How to compare again", again));
    document(frame, &sections)
}

fn first(compared: &Compared) -> Markup {
    let sentences = sentences(compared);
    let any = |wanted| sentences.iter().any(|(standing, _)| *standing == wanted);
    let verdict = match (any(DifferenceKind::Worse), any(DifferenceKind::Better)) {
        (true, true) => "verdict unsure",
        (true, false) => "verdict bad",
        (false, true) => "verdict good",
        (false, false) => "verdict",
    };
    html! {
        section aria-labelledby="verdict" {
            h2.unseen id="verdict" { "Verdict" }
            div class=(verdict) {
                @for (standing, text) in &sentences {
                    p class=(class(*standing)) { (sentence(text)) }
                }
            }
            @if let Some(sentence) = cut_short(compared.unfinished) { p.legend { (sentence) } }
            dl.tiles {
                @for (name, words) in ["First", "Second"].into_iter().zip(compared.words) {
                    div.tile { dt { (name) } dd { strong { (shown(words)) } } }
                }
            }
        }
    }
}

/// What differs for all users, the largest first.
fn differences(compared: &Compared, ranked: &Ranked) -> Markup {
    html! {
        @if ranked.whole.is_empty() { p { "Nothing differs." } }
        @else {
            p { "Second minus first in percent of the first (chances in points), the largest \
                 first, run by run with the same visitors and the same luck." }
            (key())
            @let axis = PercentAxis::from_lines(ranked.whole.iter());
            (difference_table("whole", &ranked.whole, compared.trials, axis))
            p.quiet { "± is a 95% interval. Pairs: runs in which both have a value; the number of \
                       them with equal values is beside it. compare.csv has every figure." }
        }
    }
}

/// What the colours mean.
fn key() -> Markup {
    let keys = [
        ("bad", "worse with the second"),
        ("good", "better with the second"),
        ("other", "differs, neither better nor worse"),
        ("unclear", "no clear difference"),
    ];
    html! {
        p.legend {
            @for (class, words) in keys { span class={ "key size " (class) } {} " " (words) " " }
            "thin: the 95% interval; an arrow: beyond the axis"
        }
    }
}

fn segments(compared: &Compared, lines: &[FigureLine]) -> Markup {
    let shown = &lines[..lines.len().min(SEGMENTS)];
    let clear = lines.iter().filter(|line| line.standing != DifferenceKind::Unclear).count();
    html! {
        details {
            summary { (lines.len()) " figures about segments of users differ, " (clear)
                " of them clearly" }
            @let axis = PercentAxis::from_lines(shown.iter());
            (difference_table("by-segment", shown, compared.trials, axis))
            @if lines.len() > shown.len() {
                p.quiet { (lines.len() - shown.len()) " more rows in compare.csv." }
            }
        }
    }
}

/// What is the same, named in a sentence or two.
fn same(rows: &[&HeadlineDifference]) -> Markup {
    let (of_segments, whole): (Vec<&&HeadlineDifference>, Vec<&&HeadlineDifference>) =
        rows.iter().partition(|row| row.headline.subject.is_of_segment());
    let list = |rows: &[&&HeadlineDifference]| {
        let names: Vec<String> =
            rows.iter().map(|row| shown(&row.headline.subject.to_string())).collect();
        names.join(", ")
    };
    let (known, never): (Vec<&&HeadlineDifference>, Vec<&&HeadlineDifference>) =
        whole.iter().copied().partition(|row| row.difference.is_some());
    html! {
        @if !known.is_empty() { p { "In every run: " (list(&known)) "." } }
        @if !never.is_empty() { p { "Never measured on either side: " (list(&never)) "." } }
        @if !of_segments.is_empty() {
            details {
                summary { (of_segments.len()) " figures about segments of users" }
                p { (list(&of_segments)) "." }
            }
        }
    }
}
