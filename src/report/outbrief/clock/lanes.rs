//! Below the ribbon: the faults, the alerts by rule, a lane for everybody who was asked, and the
//! pipelines, over the same clock.

use super::labels;
use super::scale::{COLUMN, Scale, ScreenSize};
use crate::change::ChangeStage::{Deployed, Deploying, Failed, Frozen, Live, Ordered};
use crate::journal::Event;
use crate::names::{NamedScope, ScopeKind, worded};
use crate::report::context::ReportContext;
use crate::report::episodes;
use crate::report::outbrief::formatting::{n, shown};
use crate::report::untrusted::for_terminal;
use crate::units::Time;
use maud::{Markup, html};

/// The most rows of each kind of lane; the rest are in the tables.
const ROWS: usize = 10;
/// The height of a row, and of a line of words above it.
const ROW: f64 = 19.0;
const WORDS: f64 = 15.0;

worded! {
    /// What a mark on a lane means, by its class; those of an alert in the order in which they are
    /// drawn.
    enum MarkKind {
        Fault = "fault",
        /// It does not hit the site.
        FaultBeside = "fault beside",
        Pending = "pending",
        Firing = "firing",
        NoData = "nodata",
        Asked = "asked",
        Unanswered = "unanswered",
        Answer = "answer",
        LateAnswer = "answer late",
        Waiting = "waiting",
        Deploying = "deploying",
        Spreading = "spreading",
    }
}

impl MarkKind {
    /// Whether it is of a moment, and not of a stretch of time.
    fn is_moment(self) -> bool {
        matches!(self, MarkKind::Answer | MarkKind::LateAnswer)
    }
}

/// A mark on a lane.
struct LaneMark {
    from: Time,
    to: Time,
    kind: MarkKind,
    /// What a pointer and a screen reader get.
    text: String,
    /// The text in it, if there is room.
    inside: String,
}

/// A lane.
struct LaneRow {
    name: String,
    pieces: Vec<LaneMark>,
    /// What its name does not say; shown above it.
    more: String,
    /// What came of it, after its last mark: of these the first that there is room for.
    end: Vec<String>,
}

/// All lanes from this height on, and where they end.
pub(super) fn rows(context: &ReportContext, scale: &Scale, top: f64) -> (Markup, f64) {
    let kinds = [
        ("faults", faults(context)),
        ("rules", alerts(context, scale)),
        ("people", people(context, scale)),
        ("pipelines", pipelines(context, scale)),
    ];
    let mut y = top;
    let drawing = html! { @for (kind, rows) in &kinds {
        @let rows: Vec<&LaneRow> = rows.iter().filter(|row| {
            row.pieces.iter().any(|piece| scale.shows(piece.from, piece.to))
        }).collect();
        @for row in rows.iter().take(ROWS) { (drawn(row, scale, &mut y)) }
        @if rows.len() > ROWS {
            text class="tick" x=(n(scale.screen.left())) y=(n(y + 13.0)) {
                "and " (rows.len() - ROWS) " more " (kind) ", in the tables below"
            }
            @let () = y += ROW;
        }
    } };
    (drawing, y)
}

fn drawn(row: &LaneRow, scale: &Scale, y: &mut f64) -> Markup {
    let (left, end) = (scale.screen.left(), scale.end());
    let gutter = (left / COLUMN) as usize - 1;
    let wide = crate::report::untrusted::columns_of(&row.name);
    let above = scale.screen == ScreenSize::Narrow || wide > gutter || !row.more.is_empty();
    let columns = (scale.screen.width() / COLUMN) as usize;
    let words = if row.more.is_empty() {
        for_terminal(&row.name, columns)
    } else {
        let space = if row.more.starts_with(':') { "" } else { " " };
        for_terminal(&format!("{}{space}{}", row.name, row.more), columns)
    };
    if above {
        *y += WORDS;
    }
    let base = *y;
    *y += ROW;
    let starts = if scale.screen == ScreenSize::Narrow { 2.0 } else { left };
    html! {
        @if above { text class="tick" x=(n(starts)) y=(n(base - 2.0)) { (words) } }
        @else { text class="tick end" x=(n(left - 7.0)) y=(n(base + 13.0)) { (words) } }
        line class="row" x1=(n(left)) x2=(n(end)) y1=(n(base + 9.0)) y2=(n(base + 9.0)) {}
        @for piece in row.pieces.iter().filter(|piece| scale.shows(piece.from, piece.to)) {
            (mark(piece, scale, base, has_room(piece, row, scale)))
        }
        (after(row, scale, base))
    }
}

/// Whether the words of a piece fit into it, with no other mark of its lane on them.
fn has_room(piece: &LaneMark, row: &LaneRow, scale: &Scale) -> bool {
    // How far the mark of another piece reaches to both sides of its moment.
    const DOT: f64 = 5.0;
    let (x, width) = scale.across(piece.from, piece.to);
    let half = labels::width(&piece.inside) / 2.0;
    let (left, right) = (x + width / 2.0 - half, x + width / 2.0 + half);
    let covers = |other: &LaneMark| {
        let (from, wide) = scale.across(other.from, other.to);
        let end = from + wide;
        let from = if other.kind.is_moment() { end } else { from };
        from - DOT < right && end + DOT > left && scale.shows(other.from, other.to)
    };
    let mut others = row.pieces.iter().filter(|other| !std::ptr::eq(*other, piece));
    !piece.inside.is_empty() && 2.0 * half <= width && !others.any(covers)
}

fn mark(piece: &LaneMark, scale: &Scale, base: f64, named: bool) -> Markup {
    let (x, width) = scale.across(piece.from, piece.to);
    html! {
        @if piece.kind.is_moment() {
            circle class=(piece.kind) cx=(n(x + width)) cy=(n(base + 9.0)) r="4.5" {
                title { (piece.text) }
            }
        } @else {
            rect class=(piece.kind) x=(n(x)) y=(n(base + 2.0)) rx="2"
                width=(format!("{:.2}", width.max(1.5))) height="14" { title { (piece.text) } }
            @if named {
                text class={ "inside in-" (piece.kind) } x=(n(x + width / 2.0))
                    y=(n(base + 13.0)) { (piece.inside) }
            }
        }
    }
}

/// What came of a lane, to the right of its last mark where there is room.
fn after(row: &LaneRow, scale: &Scale, base: f64) -> Markup {
    let ends = row.pieces.iter().filter(|piece| scale.shows(piece.from, piece.to));
    let end = ends.map(|piece| scale.x(piece.to)).fold(scale.screen.left(), f64::max) + 8.0;
    let words = row.end.iter().find(|words| end + labels::width(words) <= scale.screen.width());
    html! { @if let Some(words) = words {
        text class="tick" x=(n(end)) y=(n(base + 13.0)) { (words) }
    } }
}

/// The end of something that may outlast what is known.
fn end(context: &ReportContext, to: Option<Time>) -> Time {
    to.unwrap_or(context.story.last().max(Time(context.header.lasts.0)))
}

fn row<'a>(rows: &'a mut Vec<LaneRow>, name: &str) -> &'a mut LaneRow {
    let position = rows.iter().position(|row| row.name == name).unwrap_or_else(|| {
        let (more, end) = (String::new(), Vec::new());
        rows.push(LaneRow { name: name.to_string(), pieces: Vec::new(), more, end });
        rows.len() - 1
    });
    &mut rows[position]
}

fn faults(context: &ReportContext) -> Vec<LaneRow> {
    let mut rows = Vec::new();
    for fault in context.story.faults() {
        let to = end(context, fault.to);
        let text =
            format!("{}: {} to {}", fault.fault, context.clock(fault.from), context.clock(to));
        let kind = if fault.site { MarkKind::Fault } else { MarkKind::FaultBeside };
        let row = row(&mut rows, &shown(fault.fault));
        row.end = fault.by.map(|by| format!("ended by {}", shown(by))).into_iter().collect();
        let inside = String::new();
        row.pieces.push(LaneMark { from: fault.from, to, kind, text: shown(&text), inside });
    }
    rows
}

/// The rules that fired or had no data within the stretch, each with all its scopes.
fn alerts(context: &ReportContext, scale: &Scale) -> Vec<LaneRow> {
    let mut rows: Vec<LaneRow> = Vec::new();
    let mut scopes: Vec<(String, Vec<NamedScope>)> = Vec::new();
    let mut episodes = episodes::episodes(context.story);
    episodes.retain(|episode| {
        let began = episode.pending_at.or(episode.told_at).unwrap_or(Time::ZERO);
        let told = episode.told_at.is_some() || episode.no_data;
        told && scale.shows(began, end(context, episode.end_told_at))
    });
    episodes.sort_by_key(|episode| episode.told_at.or(episode.pending_at));
    for episode in episodes {
        let (name, to) = (episode.name(), end(context, episode.end_told_at));
        let row = row(&mut rows, &shown(&episode.judged.rule));
        let scope = &episode.judged.scope;
        match scopes.iter_mut().find(|(alert, _)| *alert == row.name) {
            Some((_, known)) if known.contains(scope) => {}
            Some((_, known)) => known.push(scope.clone()),
            None => scopes.push((row.name.clone(), vec![scope.clone()])),
        }
        let inside = String::new;
        if let Some(from) = episode.pending_at.filter(|_| !episode.no_data) {
            let to = episode.told_at.unwrap_or(to);
            let text = shown(&format!("{name} pending from {}", context.clock(from)));
            row.pieces.push(LaneMark { from, to, kind: MarkKind::Pending, text, inside: inside() });
        }
        let told = if episode.no_data { episode.pending_at } else { episode.told_at };
        if let Some(from) = told.or(episode.told_at) {
            let (kind, word) = match episode.no_data {
                true => (MarkKind::NoData, "has no data"),
                false => (MarkKind::Firing, "fires"),
            };
            let text = format!("{name} {word} {} to {}", context.clock(from), context.clock(to));
            row.pieces.push(LaneMark { from, to, kind, text: shown(&text), inside: inside() });
        }
    }
    for row in &mut rows {
        row.pieces = merged(std::mem::take(&mut row.pieces));
        let known = scopes.iter().find(|(alert, _)| *alert == row.name);
        let known = known.map_or(&[][..], |(_, scopes)| scopes);
        row.more = match known {
            [] => String::new(),
            [one] if one.kind == ScopeKind::Site => String::new(),
            [one] => format!(": {}", shown(&one.name)),
            many => {
                let names: Vec<&str> = many.iter().map(|scope| scope.name.as_str()).collect();
                format!("×{}: {}", names.len(), shown(&names.join(" ")))
            }
        };
        let first = |kind| row.pieces.iter().filter(move |piece| piece.kind == kind);
        let first = |kind| first(kind).map(|piece| piece.from).min();
        let told = first(MarkKind::Firing).map(|at| format!("told {}", context.clock(at)));
        let blind = || Some(format!("no data since {}", context.clock(first(MarkKind::NoData)?)));
        row.end = told.or_else(blind).into_iter().collect();
    }
    rows
}

/// The marks of one kind that overlap as one, those of what is only pending below the others.
fn merged(mut pieces: Vec<LaneMark>) -> Vec<LaneMark> {
    pieces.sort_by_key(|piece| (piece.kind, piece.from));
    let mut found: Vec<LaneMark> = Vec::new();
    for piece in pieces {
        let same = |last: &&mut LaneMark| last.kind == piece.kind && last.to >= piece.from;
        match found.last_mut().filter(same) {
            Some(last) => {
                last.to = last.to.max(piece.to);
                last.text = shown(&format!("{}; {}", last.text, piece.text));
            }
            None => found.push(piece),
        }
    }
    found
}

fn people(context: &ReportContext, scale: &Scale) -> Vec<LaneRow> {
    let mut rows = Vec::new();
    let entries = context.story.entries();
    for entry in entries {
        match &entry.event {
            Event::Ask { ask, person, channel, question, until, .. } => {
                let answered = entries.iter().find_map(|later| match &later.event {
                    Event::Answer { ask: answered, late: false, .. } if answered == ask => {
                        Some(later.at)
                    }
                    _ => None,
                });
                let to = answered.or(*until).unwrap_or(entry.at);
                let kind = match answered {
                    Some(_) => MarkKind::Asked,
                    None => MarkKind::Unanswered,
                };
                let by = channel.as_deref().map_or(String::new(), |by| format!(" by {by}"));
                let nothing = if answered.is_none() { ": no answer" } else { "" };
                let text = format!("{} asked{by}: {question}{nothing}", context.clock(entry.at));
                let channel = channel.as_deref().filter(|_| answered.is_none());
                let inside = channel.map_or(String::new(), shown);
                let piece = LaneMark { from: entry.at, to, kind, text: shown(&text), inside };
                row(&mut rows, &shown(person)).pieces.push(piece);
            }
            Event::Answer { person, question, reply, channel, late, .. } => {
                let (kind, too_late) = match late {
                    true => (MarkKind::LateAnswer, ", too late"),
                    false => (MarkKind::Answer, ""),
                };
                let by = channel.as_deref().map_or(String::new(), |by| format!(" by {by}"));
                let text = format!("{} answers {question}: {reply}", context.clock(entry.at));
                let row = row(&mut rows, &shown(person));
                let said = shown(&format!("“{reply}”{by}{too_late}"));
                row.end = vec![said, shown(&format!("“{reply}”"))];
                let (from, to, inside) =
                    (entry.at, entry.at + crate::units::Span(1), String::new());
                let text = shown(&format!("{text}{too_late}"));
                row.pieces.push(LaneMark { from, to, kind, text, inside });
            }
            _ => {}
        }
    }
    rows.iter_mut().for_each(|row: &mut LaneRow| silent(row, scale));
    rows
}

/// Says by which channels nobody answered where their marks are too narrow for it.
fn silent(row: &mut LaneRow, scale: &Scale) {
    let mut channels: Vec<&str> = Vec::new();
    for piece in row.pieces.iter().filter(|piece| scale.shows(piece.from, piece.to)) {
        let (_, width) = scale.across(piece.from, piece.to);
        let named = piece.kind != MarkKind::Unanswered || labels::width(&piece.inside) <= width;
        if !named && !piece.inside.is_empty() && !channels.contains(&piece.inside.as_str()) {
            channels.push(&piece.inside);
        }
    }
    if !channels.is_empty() {
        let silent = format!("no answer by {}", channels.join(", "));
        let first = row.end.first().map_or(String::new(), |said| format!("{said}; "));
        row.end.insert(0, format!("{first}{silent}"));
        row.end.insert(1, silent);
    }
}

/// A lane for each pipeline, with the changes that went through it.
fn pipelines(context: &ReportContext, scale: &Scale) -> Vec<LaneRow> {
    let mut rows: Vec<LaneRow> = Vec::new();
    for entry in context.story.entries() {
        let Event::Change { change, stage, pipeline, .. } = &entry.event else { continue };
        let lane = pipeline
            .as_deref()
            .map_or("changes".into(), |name| format!("pipeline {}", shown(name)));
        let row = row(&mut rows, &lane);
        let text = shown(&format!("{change}: {stage} at {}", context.clock(entry.at)));
        let own = |piece: &&mut LaneMark| piece.inside == *change && piece.to > entry.at;
        if let Some(open) = row.pieces.iter_mut().rev().find(own) {
            open.to = entry.at;
        }
        let kind = match stage {
            Ordered => MarkKind::Waiting,
            Deploying => MarkKind::Deploying,
            Deployed => MarkKind::Spreading,
            Live | Failed | Frozen => {
                let word = if *stage == Live { "in effect" } else { stage.word() };
                let at = context.clock(entry.at);
                let long = shown(&format!("{change} {word} {at}"));
                row.end = vec![long, format!("{word} {at}")];
                continue;
            }
        };
        let (to, inside) = (end(context, None), change.clone());
        row.pieces.push(LaneMark { from: entry.at, to, kind, text, inside });
    }
    for row in &mut rows {
        row.pieces.retain(|piece| piece.from < piece.to);
        row.pieces.iter_mut().for_each(|piece| piece.inside = shown(&piece.inside));
        row.more = unnamed(row, scale);
    }
    rows
}

/// The changes of a pipeline whose marks are too narrow for their names.
fn unnamed(row: &LaneRow, scale: &Scale) -> String {
    let mut names: Vec<&str> = Vec::new();
    for piece in row.pieces.iter().filter(|piece| scale.shows(piece.from, piece.to)) {
        let (_, width) = scale.across(piece.from, piece.to);
        let narrow = piece.kind == MarkKind::Deploying && labels::width(&piece.inside) > width;
        if narrow && !names.contains(&piece.inside.as_str()) {
            names.push(&piece.inside);
        }
    }
    if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) }
}
