//! All runs of a campaign, a row each: where the minutes of each went, shortest first, those that
//! were not restored last.

use super::chart::round_ticks;
use super::clock::scale::{COLUMN, ScreenSize};
use super::formatting::{n, shown};
use crate::campaign::{Results, TrialRow, UsualHeadline};
use crate::decision::Phase;
use crate::journal::{EndReason, Expectation};
use crate::report::context::{ReportContext, significant};
use crate::report::untrusted::for_terminal;
use crate::units::{Span, grouped};
use maud::{Markup, html};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The most rows that are drawn; of more runs, ranks at even distances.
const DRAWN: usize = 400;
/// The most lost runs that are listed, with the command that plays them.
const LISTED: usize = 20;
/// How high the drawing of all rows is, about, and the highest row.
const HEIGHT: f64 = 400.0;
const HIGHEST: f64 = 12.0;
/// Where the plot ends on a wide screen: there is room for why runs were lost.
const RIGHT: f64 = 770.0;
/// From one line of words to the next.
const LINE: f64 = 15.0;
/// The most reasons that are put into words.
const REASONS: usize = 6;
/// The width of these in columns on a narrow screen, where they are drawn on the rows.
const NARROW: usize = 40;

/// A run in which there was an incident.
struct IncidentRun<'a> {
    row: &'a TrialRow,
    /// Seconds that everything took together.
    total: f64,
    restored: bool,
    contained: bool,
}

/// The runs in the order of their rows, and where to find what in them.
struct IncidentRuns<'a> {
    runs: Vec<IncidentRun<'a>>,
    /// The column of each phase.
    phases: Vec<(Phase, usize)>,
    own: Option<usize>,
}

impl<'a> IncidentRuns<'a> {
    fn from_results(results: &'a Results, own: &str) -> Option<IncidentRuns<'a>> {
        let column = |usual: UsualHeadline| results.identity.place(usual);
        let total = column(UsualHeadline::Total)?;
        let recovered = column(UsualHeadline::Recovered)?;
        let contained = column(UsualHeadline::Contained)?;
        let run = |row: &'a TrialRow| {
            let (restored, contained) =
                (row.values[recovered].is_some(), row.values[contained].is_some());
            Some(IncidentRun { row, total: row.values[total]?, restored, contained })
        };
        let mut runs: Vec<IncidentRun> = results.rows.iter().filter_map(run).collect();
        // Those that are lost stand together by why, the commonest reason first.
        let mut reasons: BTreeMap<&EndReason, usize> = BTreeMap::new();
        runs.iter().filter(|run| !run.restored).for_each(|run| {
            *reasons.entry(&run.row.conclusion.why).or_default() += 1;
        });
        let place = |run: &IncidentRun<'a>| {
            let why = (!run.restored).then_some(&run.row.conclusion.why);
            let of_reason = why.map(|why| (Reverse(reasons[why]), why));
            (!run.restored, !run.contained, of_reason)
        };
        runs.sort_by(|one, other| {
            place(one).cmp(&place(other)).then(one.total.total_cmp(&other.total))
        });
        let phases = Phase::ALL.into_iter();
        let phases =
            phases.filter_map(|phase| Some((phase, results.identity.place(phase)?))).collect();
        let own = runs.iter().position(|run| run.row.run_id == own);
        (!runs.is_empty()).then_some(IncidentRuns { runs, phases, own })
    }

    fn restored(&self) -> usize {
        self.runs.iter().filter(|run| run.restored).count()
    }

    /// The runs that were not restored in groups that stand together: the rank of the first of
    /// each, how many they are, and what is said of them.
    fn lost(&self) -> Vec<(usize, usize, String, &'static str)> {
        let restored = self.restored();
        let told = |run: &IncidentRun<'a>| (run.contained, &run.row.conclusion.why);
        let mut groups = Vec::new();
        let mut from = restored;
        for group in self.runs[restored..].chunk_by(|one, other| told(one) == told(other)) {
            let (contained, why) = told(&group[0]);
            let words = if contained { "page up, not repaired".into() } else { why.to_string() };
            let class = if contained { "note warn-text" } else { "note bad-text" };
            groups.push((from, group.len(), words, class));
            from += group.len();
        }
        groups
    }

    /// The runs that get a row, by their rank.
    fn drawn(&self) -> Vec<usize> {
        let rows = self.runs.len().min(DRAWN);
        let last = self.runs.len() - 1;
        let rank =
            |row: usize| if rows < 2 { 0 } else { (row * last + (rows - 1) / 2) / (rows - 1) };
        (0..rows).map(rank).collect()
    }
}

/// The drawing of all runs; `None` where none had an incident.
pub(super) fn figure(context: &ReportContext, results: &Results) -> Option<Markup> {
    let runs = IncidentRuns::from_results(results, &context.header.run_id)?;
    let phases = runs.phases.iter().filter(|(_, column)| {
        runs.runs.iter().any(|run| run.row.values[*column].is_some_and(|took| took > 0.0))
    });
    let drawn = runs.drawn();
    Some(html! {
        figure.runs {
            figcaption {
                h3 { "Where the minutes went in each run, one row each, the shortest on top" }
                p.legend { @for (phase, _) in phases {
                    span class={ "key i-" (phase.word()) } {} " " (phase.word()) " "
                } }
            }
            @for screen in ScreenSize::BOTH { (drawing(context, &runs, &drawn, screen)) }
            p.legend {
                (caption(&runs, results.rows.len()))
                @if drawn.len() < runs.runs.len() {
                    " " (grouped(drawn.len() as u64)) " of them are drawn, evenly spaced."
                }
            }
            (lost(results, &runs))
        }
    })
}

/// What is drawn, in words.
fn caption(runs: &IncidentRuns, all: usize) -> String {
    let (with, restored) = (runs.runs.len(), runs.restored());
    let count = |n: usize| grouped(n as u64);
    let quiet = match all - with {
        0 => String::new(),
        quiet => format!(" In {} of {} runs no incident opened.", count(quiet), count(all)),
    };
    let own = runs.own.map_or(String::new(), |rank| {
        format!(" The run shown here is no. {} of {}.", count(rank + 1), count(with))
    });
    format!(
        "In {} of {} runs with an incident service was restored before the end.{own}{quiet} \
         Steps are shown in their usual order, not the order of events.",
        count(restored),
        count(with),
    )
}

fn drawing(
    context: &ReportContext,
    runs: &IncidentRuns,
    drawn: &[usize],
    screen: ScreenSize,
) -> Markup {
    let height = (HEIGHT / drawn.len() as f64).clamp(1.0, HIGHEST);
    let right = if screen == ScreenSize::Wide { RIGHT } else { screen.right() };
    let longest = runs.runs.iter().map(|run| run.total).fold(60.0, f64::max) / 60.0;
    let limits = limits(context);
    let most = limits.iter().map(|(_, within)| within.seconds() / 60.0);
    let most = most.filter(|limit| *limit < longest * 4.0).fold(longest, f64::max);
    let ticks = round_ticks(most);
    let (left, top) = (screen.left(), 34.0);
    let per = most * 60.0 / (right - left);
    let bottom = top + height * drawn.len() as f64;
    let x = |seconds: f64| left + seconds / per;
    let trials = drawn.iter().map(|rank| runs.runs[*rank].row.trial.to_string());
    let trials = trials.collect::<Vec<_>>().join(" ");
    html! {
        svg class={ "clock runs " (screen.class()) } role="img"
            viewBox={ "0 0 " (n(screen.width())) " " (n(bottom + 34.0)) }
            aria-label={ "Where the minutes of " (runs.runs.len()) " runs went; campaign.csv and \
                          trials.csv have the figures" }
            data-left=(n(left)) data-per=(format!("{per:.6}")) data-top=(n(top))
            data-height=(format!("{height:.4}"))
            data-trials=[(screen == ScreenSize::Wide).then_some(&trials)] {
            @for tick in ticks.iter().filter(|tick| x(**tick * 60.0) <= right + 0.5) {
                @let at = n(x(*tick * 60.0));
                line class="grid" x1=(at) x2=(at) y1=(n(top)) y2=(n(bottom + 4.0)) {}
                text class="tick middle" x=(at) y=(n(bottom + 16.0)) { (significant(*tick, 3)) }
            }
            text class="tick" x=(n(if screen == ScreenSize::Wide { left } else { 2.0 }))
                y=(n(bottom + 30.0)) { "minutes since it began" }
            @for (phase, column) in &runs.phases {
                @let path = path(runs, drawn, *column, (left, per), (top, height));
                @let stroke = if height < 2.5 { height } else { height * 0.86 };
                @if !path.is_empty() {
                    path class={ "run r-" (phase.word()) } d=(path)
                        stroke-width=(format!("{stroke:.3}")) {}
                }
            }
            @for (position, (text, within)) in limits.iter().enumerate() {
                @let at = x(within.seconds());
                @if at <= right + 0.5 { (limit(text, at, (top, bottom), position, screen)) }
            }
            (marks(runs, drawn, (top, height), screen, &x))
        }
    }
}

/// The stretches of one phase in all rows, each after those of the phases before it.
fn path(
    runs: &IncidentRuns,
    drawn: &[usize],
    column: usize,
    (left, per): (f64, f64),
    (top, height): (f64, f64),
) -> String {
    let mut path = String::new();
    for (row, rank) in drawn.iter().enumerate() {
        let run = &runs.runs[*rank].row.values;
        let Some(took) = run[column].filter(|took| *took > 0.0) else { continue };
        let before = runs.phases.iter().take_while(|(_, other)| *other != column);
        let before: f64 = before.filter_map(|(_, other)| run[*other]).sum();
        let y = top + height * (row as f64 + 0.5);
        let (x, width) = (left + before / per, took / per);
        write!(path, "M{} {y:.2}h{width:.2}", n(x)).expect("memory");
    }
    path
}

/// The times within which an incident is expected to be over, with their words.
fn limits(context: &ReportContext) -> Vec<(String, Span)> {
    let expected = context.expected().into_iter().filter_map(|expected| {
        let text = shown(&expected.to_string());
        match expected {
            Expectation::Recovered { within, .. } | Expectation::Contained { within, .. } => {
                Some((text, within))
            }
            _ => None,
        }
    });
    expected.collect()
}

fn limit(
    text: &str,
    x: f64,
    (top, bottom): (f64, f64),
    position: usize,
    screen: ScreenSize,
) -> Markup {
    let late = x + text.chars().count() as f64 * COLUMN / 2.0 > screen.width();
    html! {
        line class="bound" x1=(n(x)) x2=(n(x)) y1=(n(top - 6.0)) y2=(n(bottom)) {}
        text class={ "note" @if late { " end" } @else { " middle" } } x=(n(x))
            y=(n(top - 9.0 - 13.0 * (position % 2) as f64)) { (text) }
    }
}

/// The run that is told, the shortest, the middle, and nine in ten; and those that are lost.
fn marks(
    runs: &IncidentRuns,
    drawn: &[usize],
    (top, height): (f64, f64),
    screen: ScreenSize,
    x: &dyn Fn(f64) -> f64,
) -> Markup {
    let y = |rank: usize| {
        let row = drawn.iter().position(|drawn| *drawn >= rank).unwrap_or(drawn.len() - 1);
        top + height * (row as f64 + 0.5)
    };
    let (all, restored) = (runs.runs.len(), runs.restored());
    let minutes = |rank: usize| Span::from_seconds(runs.runs[rank].total.round());
    let ranks = [("shortest", 0), ("half", all.div_ceil(2) - 1), ("nine in ten", all * 9 / 10)];
    let ranks = ranks.into_iter().filter(|(_, rank)| *rank < restored && all >= 10);
    html! {
        @for (word, rank) in ranks {
            @let at = x(runs.runs[rank].total) + 6.0;
            @let text = format!("{word}: {}", minutes(rank));
            @if at + text.len() as f64 * COLUMN < screen.width() {
                text class="note" x=(n(at)) y=(n(y(rank) + 4.0)) { (text) }
            }
        }
        @if let Some(own) = runs.own {
            @let (edge, y) = (screen.left() - 3.0, y(own));
            path class="own" d=(format!("M{} {}l-8 -5v10z", n(edge), n(y))) {}
            @if screen == ScreenSize::Wide {
                text class="note end" x=(n(edge - 12.0)) y=(n(y + 4.0)) { "the run shown here" }
            }
        }
        (reasons(runs, screen, &|rank| y(rank) - height / 2.0, top + height * drawn.len() as f64))
    }
}

/// Why runs were lost, beside their rows. `edge` is where the row of a rank begins.
fn reasons(
    runs: &IncidentRuns,
    screen: ScreenSize,
    edge: &dyn Fn(usize) -> f64,
    bottom: f64,
) -> Markup {
    let groups = runs.lost();
    let all = runs.runs.len();
    let ends = groups.iter().map(|(from, count, ..)| {
        (edge(*from), if from + count < all { edge(from + count) } else { bottom })
    });
    let ends: Vec<(f64, f64)> = ends.collect();
    let middles = ends.iter().take(REASONS).map(|(from, to)| (from + to) / 2.0 + 4.0);
    let bases = apart(middles.collect(), bottom);
    let (at, side) = match screen {
        ScreenSize::Wide => (RIGHT + 6.0, 6.0),
        ScreenSize::Narrow => (screen.right(), -4.0),
    };
    let room = (screen.width() - at - side) / COLUMN;
    let room = if side > 0.0 { room as usize } else { NARROW };
    let words = |position: usize| {
        let (_, count, words, _) = &groups[position];
        let rest = groups.len() - position;
        if position + 1 == REASONS && rest > 1 {
            return format!("{rest} more reasons");
        }
        for_terminal(&format!("{}: {words}", grouped(*count as u64)), room)
    };
    html! {
        @for (from, to) in &ends {
            line class="bracket" x1=(n(at)) x2=(n(at)) y1=(n(from + 0.5)) y2=(n(to - 0.5)) {}
        }
        @for (position, base) in bases.iter().enumerate() {
            text class={ (groups[position].3) @if side < 0.0 { " end" } } x=(n(at + side))
                y=(n(*base)) { (words(position)) }
        }
    }
}

/// The same heights, moved as far as it needs for a line of words at each; none below `bottom`.
fn apart(mut heights: Vec<f64>, bottom: f64) -> Vec<f64> {
    let mut least = f64::MIN;
    for height in &mut heights {
        *height = height.max(least);
        least = *height + LINE;
    }
    let mut most = bottom;
    for height in heights.iter_mut().rev() {
        *height = height.min(most);
        most = *height - LINE;
    }
    heights
}

/// The runs that were not restored, each with what plays it.
fn lost(results: &Results, runs: &IncidentRuns) -> Markup {
    let lost = runs.runs.iter().filter(|run| !run.restored);
    let lost: Vec<u64> = lost.map(|run| run.row.trial).collect();
    html! { @if !lost.is_empty() {
        details {
            summary { "The " (lost.len()) " that were not restored, and how to see one" }
            p { "Runs " (lost.iter().take(LISTED).map(u64::to_string)
                    .collect::<Vec<_>>().join(", "))
                @if lost.len() > LISTED { " and " (lost.len() - LISTED) " more in trials.csv" }
                "." }
            pre tabindex="0" { code {
                "sim run SCENARIO.yaml --seed " (results.identity.seed) " --trial " (lost[0])
            } }
        }
    } }
}
