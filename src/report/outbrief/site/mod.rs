//! The site as a picture: which tier calls which, which of them a fault hits, and how many calls to
//! each got no good answer.

mod layout;

use super::clock::scale::COLUMN;
use super::formatting::{capital, n, sentence_shown, shown};
use super::heat;
use super::series::SiteSeries;
use crate::fault::{Topology, TopologyCall, TopologyTier};
use crate::report::context::{ReportContext, significant};
use crate::report::topology::{fault_words, some_of};
use crate::report::untrusted::{columns_of, for_terminal};
use crate::units::grouped;
use layout::{LayoutNode, SiteLayout};
use maud::{Markup, html};

/// The width of the drawing, and the height of a tier and of its row.
const WIDTH: f64 = 1_000.0;
const BOX: f64 = 54.0;
const ROW: f64 = 76.0;
/// Room for the visitors, and between a tier and those it calls, at least.
const VISITORS: f64 = 72.0;
const BETWEEN: f64 = 34.0;
/// A tier is not narrower than this; a site that needs more columns is a list.
const NARROWEST: f64 = 92.0;
const WIDEST: f64 = 168.0;
/// The width of a letter of a tier's name, which is bold.
const BOLD: f64 = 9.0;
/// The most faults that are numbered on a tier; beyond that, only how many there are.
const NUMBERED: usize = 3;
/// The most rows that are drawn; a site with more is a list.
const ROWS: usize = 40;

/// Calls of a tier over the whole run, and those without a good answer.
type CallHarm = Vec<Option<(u64, u64)>>;

/// The picture, with the faults in a sentence each.
pub(super) fn figure(context: &ReportContext, series: &SiteSeries, site: &Topology) -> Markup {
    let harm = harm(context, series, site);
    let layout = SiteLayout::new(site);
    let step = (WIDTH - VISITORS) / (layout.columns.len().max(2) - 1) as f64;
    // Paths that cross each other's order have no left and right.
    let depth = |call: &TopologyCall| {
        let from = call.from.map_or(0, |from| site.tiers[from].depth + 1);
        (from, site.tiers[call.to].depth + 1)
    };
    let forward = site.calls.iter().map(depth).all(|(from, to)| from < to);
    let drawn = forward && step - BETWEEN >= NARROWEST && layout.rows() <= ROWS;
    html! {
        p { "Callers are left of the tiers they call, on a phone above them. A tier has \
             instances x threads, and the share of all calls to it in this run that got no good \
             answer." }
        @if drawn { (drawing(site, &harm, &layout, step)) }
        div class=[drawn.then_some("on-narrow")] {
            ul.tree { (branch(site, &harm, None, &mut vec![false; site.tiers.len()])) }
        }
        @if !site.faults.is_empty() { ol.faults {
            @for (position, (_, sentence)) in context.header.faults.iter().enumerate() { li {
                (shown(&sentence.to_string()))
                @if site.beside.contains(&position) { span.quiet { " (hits no tier)" } }
            } }
        } }
    }
}

fn harm(context: &ReportContext, series: &SiteSeries, site: &Topology) -> CallHarm {
    let bands = heat::tiers(context, series);
    let harm_at = |tier: &TopologyTier| {
        let name = format!("tier {}", tier.name);
        let band = bands.iter().find(|band| band.names[0] == name)?;
        Some((band.requests, band.bad))
    };
    site.tiers.iter().map(harm_at).collect()
}

/// `3.4 % bad`, or that nobody called.
fn bad(harm: Option<(u64, u64)>) -> String {
    match harm {
        None | Some((0, _)) => "no calls".to_string(),
        Some((_, 0)) => "none bad".to_string(),
        Some((calls, bad)) => {
            format!("{}% bad", significant(bad as f64 / calls as f64 * 100.0, 2))
        }
    }
}

fn numbers(tier: &TopologyTier) -> String {
    let numbers: Vec<String> = tier.faults.iter().map(|fault| (fault + 1).to_string()).collect();
    numbers.join(", ")
}

fn drawing(site: &Topology, harm: &CallHarm, layout: &SiteLayout, step: f64) -> Markup {
    let width = (step - BETWEEN).min(WIDEST);
    let height = layout.rows() as f64 * ROW;
    let place = |(column, row): (usize, usize)| {
        let rows = layout.columns[column].len() as f64;
        let left = if column == 0 {
            0.0
        } else {
            VISITORS + step * column as f64 - step / 2.0 - width / 2.0
        };
        (left, (height - rows * ROW) / 2.0 + (row as f64 + 0.5) * ROW)
    };
    let wide = |column: usize| if column == 0 { VISITORS } else { width };
    html! {
        svg.clock.site.on-wide viewBox={ "0 0 " (n(WIDTH)) " " (n(height)) } role="img"
            aria-labelledby="site-title site-desc" {
            title id="site-title" { "The site: which tier calls which, and where faults hit" }
            desc id="site-desc" { (sentence_shown(&described(site))) }
            @for (call, way) in &layout.ways {
                @let places: Vec<_> = way.iter().map(|at| (place(*at), wide(at.0))).collect();
                (arrow(site, call, &places))
            }
            @for (column, nodes) in layout.columns.iter().enumerate() {
                @for (row, node) in nodes.iter().enumerate() {
                    @let (left, y) = place((column, row));
                    @match node {
                        LayoutNode::Visitors => {
                            rect class="tier" x="1" y=(n(y - 16.0)) width=(n(VISITORS - 2.0))
                                height="32" rx="5" {}
                            text class="tick middle" x=(n(VISITORS / 2.0)) y=(n(y + 4.0)) {
                                "visitors"
                            }
                        }
                        LayoutNode::Tier(at) => {
                            (tier(&site.tiers[*at], harm[*at], (left, y), width))
                        },
                        LayoutNode::Passed => {}
                    }
                }
            }
        }
    }
}

/// A call from box to box, around those in between.
fn arrow(site: &Topology, call: &TopologyCall, places: &[((f64, f64), f64)]) -> Markup {
    let mut path = String::new();
    for pair in places.windows(2) {
        let (((left, y), width), ((to, end), _)) = (pair[0], pair[1]);
        let from = left + width;
        let middle = (from + to) / 2.0;
        let pen = if path.is_empty() {
            format!("M{} {}", n(from), n(y))
        } else {
            format!("H{}", n(from))
        };
        path.push_str(&format!(
            "{pen}C{} {} {} {} {} {}",
            n(middle),
            n(y),
            n(middle),
            n(end),
            n(to),
            n(end)
        ));
    }
    let ((x, y), _) = *places.last().expect("two ends");
    let hit = !site.tiers[call.to].faults.is_empty();
    let from = call.from.map_or("visitors", |from| &site.tiers[from].name);
    let to = &site.tiers[call.to].name;
    let for_what = call.endpoints.join(", ");
    html! {
        g class={ "call" @if hit { " hit" } } data-from=(shown(from)) data-to=(shown(to)) {
            title { (shown(from)) " calls " (shown(to)) " for " (sentence_shown(&for_what)) }
            path d=(path) {}
            path class="head" d={ "M" (n(x)) " " (n(y)) "l-7 -4v8z" } {}
        }
    }
}

fn tier(tier: &TopologyTier, harm: Option<(u64, u64)>, (x, y): (f64, f64), width: f64) -> Markup {
    let hit = !tier.faults.is_empty();
    let top = y - BOX / 2.0;
    let fits = |text: &str| for_terminal(text, ((width - 14.0) / BOLD) as usize);
    let bad = bad(harm);
    // A little goes wrong on every day.
    let much = harm.is_some_and(|(calls, bad)| bad.saturating_mul(100) >= calls.max(1));
    let words = if much { "bad-text" } else { "tick" };
    let size =
        format!("{} x {}", grouped(u64::from(tier.instances)), grouped(u64::from(tier.threads)));
    let faults = numbers(tier);
    html! {
        g data-tier=(shown(&tier.name)) data-faults=(faults)
            data-calls=[harm.map(|(calls, _)| calls)] data-bad=[harm.map(|(_, bad)| bad)] {
            title { (shown(&tier.name)) ", " (size) ": "
                (harm.map_or("no calls".into(), |(calls, bad)| {
                    format!("{} of {} calls without a good answer", grouped(bad), grouped(calls))
                }))
                @if hit { "; " (fault_words(&tier.faults)) } }
            rect class={ "tier" @if hit { " hit" } @if tier.external { " external" } }
                x=(n(x)) y=(n(top)) width=(n(width)) height=(n(BOX)) rx="5" {}
            text class="lane" x=(n(x + 8.0)) y=(n(top + 17.0)) { (fits(&tier.name)) }
            text class="tick" x=(n(x + 8.0)) y=(n(top + 32.0)) { (fits(&size)) }
            text class=(words) x=(n(x + 8.0)) y=(n(top + 47.0)) { (bad) }
            @if hit {
                @let badge = match tier.faults.len() {
                    few if few <= NUMBERED => fault_words(&tier.faults),
                    many => format!("{many} faults"),
                };
                @let long = columns_of(&badge) as f64 * COLUMN + 12.0;
                @let from = x + width - long + 6.0;
                rect class="badge" x=(n(from)) y=(n(top - 9.0)) width=(n(long)) height="18"
                    rx="9" {}
                text class="badge-text middle" x=(n(from + long / 2.0)) y=(n(top + 4.0)) {
                    (badge)
                }
            }
        }
    }
}

/// The drawing in words.
fn described(site: &Topology) -> String {
    let callers = std::iter::once(None).chain((0..site.tiers.len()).map(Some));
    let mut sentences: Vec<String> = Vec::new();
    for from in callers {
        let to: Vec<&str> =
            site.calls_of(from).map(|call| site.tiers[call.to].name.as_str()).collect();
        if let (false, None) = (to.is_empty(), from) {
            sentences.push(format!("Visitors call {}.", to.join(", ")));
        } else if let (false, Some(from)) = (to.is_empty(), from) {
            sentences.push(format!("{} calls {}.", site.tiers[from].name, to.join(", ")));
        }
    }
    for tier in site.tiers.iter().filter(|tier| !tier.faults.is_empty()) {
        let words = capital(&fault_words(&tier.faults));
        sentences.push(format!("{words}: {}.", tier.name));
    }
    sentences.join(" ")
}

/// The calls of a tier as a list, each tier with those it calls below it once.
fn branch(site: &Topology, harm: &CallHarm, from: Option<usize>, listed: &mut Vec<bool>) -> Markup {
    html! { @for call in site.calls_of(from) {
        @let tier = &site.tiers[call.to];
        @let again = std::mem::replace(&mut listed[call.to], true);
        li {
            strong { (shown(&tier.name)) } " " (tier.instances) " x " (tier.threads) ", "
            (bad(harm[call.to])) " "
            @if !tier.faults.is_empty() { span.tag.high { (fault_words(&tier.faults)) } " " }
            @if tier.external { "external " }
            @let what = sentence_shown(&some_of(&call.endpoints));
            span.quiet { @if again { "(above) " } "for " (what) }
            @if !again && site.calls_of(Some(call.to)).next().is_some() {
                ul { (branch(site, harm, Some(call.to), listed)) }
            }
        }
    } }
}
