//! Who was affected when: a row for each segment of users and for each tier, the share of its
//! requests without a good answer over time in one ramp of colour.

use super::chart::clock_ticks;
use super::formatting::{n, shown};
use super::series::{Bin, SiteSeries};
use crate::journal::SegmentRow;
use crate::names::{Dimension, ScopeKind};
use crate::report::context::{ReportContext, significant};
use crate::units::{Time, grouped};
use maud::{Markup, html};
use std::fmt::Write;

/// From which share in percent on a step of the ramp is taken; each about three times the last.
const RAMP: [f64; 7] = [0.0, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0];
/// The width and the height of a cell in the units of a row's drawing.
const CELL: usize = 10;
const HIGH: usize = 16;
/// The most rows on paper.
const PAPER: usize = 20;

/// A row: everybody of whom the same is told.
pub(super) struct Band<'a> {
    /// `browser ie11`, with all that are the same people.
    pub names: Vec<String>,
    pub bins: &'a [Bin],
    pub requests: u64,
    pub bad: u64,
    pub users: Option<&'a SegmentRow>,
}

/// The segments of users, worst first within each way to divide them; those that are the same
/// people stand in one row.
fn segments<'a>(context: &ReportContext<'a>, series: &'a SiteSeries) -> Vec<Band<'a>> {
    let mut found: Vec<Band> = Vec::new();
    for dimension in Dimension::ALL {
        let mut bands = of_kind(context, series, dimension.into());
        // Where all users are alike, the one segment is everybody.
        if bands.len() < 2 {
            continue;
        }
        let lost = |band: &Band| (band.users.map(|row| row.lost), band.bad);
        bands.sort_by_key(|band| std::cmp::Reverse(lost(band)));
        for band in bands {
            let figures = |band: &Band| band.users.map(|row| (row.affected, row.lost));
            let same = |known: &&mut Band| {
                known.bins == band.bins && figures(known) == figures(&band) && known.requests > 0
            };
            match found.iter_mut().find(same) {
                Some(known) => known.names.extend(band.names),
                None => found.push(band),
            }
        }
    }
    found
}

/// The rows of one kind of scope that had requests.
fn of_kind<'a>(
    context: &ReportContext<'a>,
    series: &'a SiteSeries,
    kind: ScopeKind,
) -> Vec<Band<'a>> {
    let rows = context.story.totals().map_or(&[][..], |totals| &totals.segments);
    let scopes = context.header.scopes.iter().zip(&series.burden).zip(&series.bins);
    let own = scopes.filter(|(((of, _), (requests, _)), _)| *of == kind && *requests > 0);
    own.map(|(((_, name), (requests, bad)), bins)| Band {
        names: vec![format!("{kind} {name}")],
        bins,
        requests: *requests,
        bad: *bad,
        users: rows.iter().find(|row| row.kind == kind && row.name == *name),
    })
    .collect()
}

/// A row for each tier that was called.
pub(super) fn tiers<'a>(context: &ReportContext<'a>, series: &'a SiteSeries) -> Vec<Band<'a>> {
    of_kind(context, series, ScopeKind::Tier)
}

/// By segment of users; nothing where all are alike.
pub(super) fn by_segment(context: &ReportContext, series: &SiteSeries) -> Option<Markup> {
    let bands = segments(context, series);
    let heading = "Requests without a good answer, by segment of users";
    let picture = || picture(context, series, &bands, "segments", "Segment", heading);
    (!bands.is_empty()).then(picture)
}

/// By tier; nothing where all calls got a good answer.
pub(super) fn by_tier(context: &ReportContext, series: &SiteSeries) -> Option<Markup> {
    let bands = tiers(context, series);
    let heading = "Calls without a good answer, by tier";
    let picture = || picture(context, series, &bands, "tiers", "Tier", heading);
    bands.iter().any(|tier| tier.bad > 0).then(picture)
}

fn picture(
    context: &ReportContext,
    series: &SiteSeries,
    bands: &[Band],
    id: &str,
    column: &str,
    heading: &str,
) -> Markup {
    let people = bands.iter().any(|band| band.users.is_some());
    let most = bands.iter().map(|band| band.bad).max().unwrap_or(0).max(1);
    let moments = moments(context, series);
    html! {
        h3 id={ "by-" (id) } { (heading) }
        (ramp(series))
        table.heat id=(id) data-bin=(n(series.bin.seconds())) {
            thead { tr {
                th scope="col" { (column) }
                th scope="col" { (axis(context, series)) }
                th.figure scope="col" { "Bad" }
                td.meters aria-hidden="true" {}
                th.figure scope="col" { "Share" }
                @if people {
                    th.figure.spare scope="col" { "Users affected" }
                    th.figure.spare scope="col" { "Minutes lost" }
                }
            } }
            tbody { @for (position, band) in bands.iter().enumerate() {
                @let name = shown(&band.names.join(" = "));
                tr data-name=(name) class=[(position >= PAPER).then_some("on-screen")] {
                    th scope="row" { (name) }
                    td { (cells(series, band, &moments)) }
                    td.figure { (grouped(band.bad)) }
                    td.meters aria-hidden="true" { span.meter {
                        span style={ "width:" (n(band.bad as f64 / most as f64 * 100.0)) "%" } {}
                    } }
                    td.figure { (significant(share(band.bad, band.requests), 2)) "%" }
                    @if people {
                        td.figure.spare {
                            (band.users.map_or("–".into(), |row| grouped(row.affected.total())))
                        }
                        td.figure.spare { (band.users.map_or("–".into(), |row| {
                            grouped((row.lost.seconds() / 60.0).round() as u64)
                        })) }
                    }
                }
            } }
        }
        @if bands.len() > PAPER {
            p.on-paper { "In print, " (PAPER) " of " (bands.len())
                " rows are drawn; the page on screen shows the others." }
        }
    }
}

fn share(bad: u64, requests: u64) -> f64 {
    bad as f64 / requests.max(1) as f64 * 100.0
}

/// What the colours mean.
fn ramp(series: &SiteSeries) -> Markup {
    html! {
        p.legend {
            "Each cell is " (series.bin) " of the whole run; dotted: onset and end of an incident. "
            @for (step, from) in RAMP.iter().enumerate() {
                span class={ "key h" (step) } {} " "
                @if step == 0 { "under 0.1%" } @else { (significant(*from, 2)) "%" } " "
            }
            "and more " span.key.none {} " no requests "
            span.key.planned {} " only a maintenance page " span.key.gap {} " no reading"
        }
    }
}

/// The clock above the cells.
fn axis(context: &ReportContext, series: &SiteSeries) -> Markup {
    let cells = series.bins.first().map_or(1, Vec::len).max(1);
    let to = Time(series.bin.0.saturating_mul(cells as u64));
    html! {
        span.hours { @for (time, text) in clock_ticks(context, Time::ZERO, to, 4) {
            @let left = time.seconds() / to.seconds().max(1e-9) * 100.0;
            @if left < 92.0 { i style={ "left:" (n(left)) "%" } { (text) } }
        } }
    }
}

/// Onset and end of every incident, as marks across the cells of a row.
fn moments(context: &ReportContext, series: &SiteSeries) -> String {
    let x = |at: Time| at.seconds() / series.bin.seconds().max(1e-9) * CELL as f64;
    let incidents = context.story.incidents().into_iter();
    let moments = incidents.flat_map(|one| [one.first().start.started_at, one.last().ended_at]);
    moments.map(|at| format!("M{} 0v{HIGH}", n(x(at)))).collect()
}

/// The cells of a row: a path for each step of the ramp.
fn cells(series: &SiteSeries, band: &Band, moments: &str) -> Markup {
    let width = band.bins.len() * CELL;
    let worst = band.bins.iter().filter(|bin| bin.requests > 0);
    let worst = worst.map(|bin| share(bin.bad, bin.requests)).fold(0.0, f64::max);
    html! {
        svg.cells viewBox={ "0 0 " (width) " " (HIGH) } preserveAspectRatio="none" role="img"
            aria-label={ "at worst " (significant(worst, 2)) "% within " (series.bin) } {
            @for step in 0..RAMP.len() {
                @let path = runs(band.bins, |bin| bin.requests > 0 && self::step(bin) == step);
                @if !path.is_empty() { path class={ "h" (step) } d=(path) {} }
            }
            @let page = runs(band.bins, |bin| bin.requests == 0 && bin.planned > 0);
            @if !page.is_empty() { path class="stands" d=(page) {} }
            @let blind = runs(band.bins, |bin| bin.missing && !bin.seen);
            @if !blind.is_empty() { path class="gap" d=(blind) {} }
            @if !moments.is_empty() { path class="moment" d=(moments) {} }
        }
    }
}

/// The step of the ramp that a cell with requests is on.
fn step(bin: &Bin) -> usize {
    let share = share(bin.bad, bin.requests);
    RAMP.iter().rposition(|from| share >= *from).unwrap_or(0)
}

/// The cells of which this holds, those beside each other as one.
fn runs(bins: &[Bin], holds: impl Fn(&Bin) -> bool) -> String {
    let mut path = String::new();
    let mut from = None;
    for position in 0..=bins.len() {
        match (bins.get(position).is_some_and(&holds), from) {
            (true, None) => from = Some(position),
            (false, Some(start)) => {
                let width = (position - start) * CELL;
                write!(path, "M{} 0h{width}v{HIGH}h-{width}z", start * CELL).expect("memory");
                from = None;
            }
            _ => {}
        }
    }
    path
}
