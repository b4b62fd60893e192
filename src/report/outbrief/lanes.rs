//! The timeline: faults, alerts, people and changes, one lane each, over the same clock.

use super::chart::{LEFT, Plane, RIGHT, WIDTH};
use super::words::{label, n, shown};
use crate::change::ChangeStage::{Deployed, Deploying, Failed, Live};
use crate::journal::{Event, Story};
use crate::report::book::Book;
use crate::report::episodes;
use crate::units::Time;
use maud::{Markup, html};

/// As many rows has a lane; the rest is in its table.
const ROWS: usize = 8;
/// The height of a row.
const ROW: f64 = 22.0;

/// A stretch of a row.
struct Piece {
    from: Time,
    to: Time,
    class: &'static str,
    /// What a pointer and a screen reader get.
    text: String,
}

/// A row of a lane: its name and what lies on it.
type Row = (String, Vec<Piece>);

/// The drawing of all lanes.
pub(super) fn drawing(book: &Book) -> Markup {
    let lanes = [
        ("Faults", faults(book)),
        ("Alerts", alerts(book)),
        ("People", people(book)),
        ("Changes", changes(book)),
    ];
    let height = |rows: &[Row]| 26.0 + ROW * rows.len().clamp(1, ROWS) as f64;
    let mut bottom = 6.0;
    let lanes = lanes.map(|(name, rows)| {
        let top = bottom;
        bottom += height(&rows);
        (name, rows, top)
    });
    let plane = Plane {
        lasts: book.header.lasts,
        top: 0.0,
        bottom,
        low: 0.0,
        high: 1.0,
        logarithmic: false,
    };
    let height = bottom + 26.0;
    html! {
        svg viewBox={ "0 0 " (n(WIDTH)) " " (n(height)) } role="img"
            aria-labelledby="lanes-title lanes-text" {
            title id="lanes-title" { "Faults, alerts, people and changes over time" }
            desc id="lanes-text" { "The same events are in the tables below and in timeline.csv." }
            @for (name, rows, y) in &lanes {
                @let y = *y;
                text class="lane" x="0" y=(n(y + 15.0)) { (name) }
                line class="grid" x1="0" x2=(n(WIDTH - RIGHT)) y1=(n(y)) y2=(n(y)) {}
                @let more = rows.len().saturating_sub(ROWS);
                @if more > 0 {
                    text class="tick" x=(n(LEFT)) y=(n(y + 15.0)) { "and " (more) " more rows" }
                }
                @if rows.is_empty() {
                    text class="tick" x=(n(LEFT)) y=(n(y + 32.0)) { "none" }
                }
                @for (position, row) in rows.iter().take(ROWS).enumerate() {
                    (drawn(&plane, row, y + 20.0 + ROW * position as f64))
                }
            }
            (plane.clock(book))
        }
    }
}

fn drawn(plane: &Plane, (name, pieces): &Row, y: f64) -> Markup {
    html! {
        text class="tick end" x=(n(LEFT - 8.0)) y=(n(y + 14.0)) { (label(name)) }
        line class="row" x1=(n(LEFT)) x2=(n(WIDTH - RIGHT)) y1=(n(y + 10.0)) y2=(n(y + 10.0)) {}
        @for piece in pieces {
            @let (left, right) = (plane.x(piece.from.seconds()), plane.x(piece.to.seconds()));
            @if piece.class.starts_with("answer") {
                circle class=(piece.class) cx=(n(right)) cy=(n(y + 10.0)) r="5" {
                    title { (piece.text) }
                }
            } @else {
                rect class=(piece.class) x=(n(left)) y=(n(y + 3.0)) rx="2"
                    width=(n((right - left).max(2.0))) height="14" { title { (piece.text) } }
            }
        }
    }
}

/// The end of something that may outlast what is known.
fn end(book: &Book, to: Option<Time>) -> Time {
    to.unwrap_or(book.story.last().max(Time(book.header.lasts.0)))
}

fn row<'a>(rows: &'a mut Vec<Row>, name: &str) -> &'a mut Vec<Piece> {
    let position = rows.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
        rows.push((name.to_string(), Vec::new()));
        rows.len() - 1
    });
    &mut rows[position].1
}

fn faults(book: &Book) -> Vec<Row> {
    let mut rows = Vec::new();
    for fault in book.story.faults() {
        let to = end(book, fault.to);
        let text = format!("{}: {} to {}", fault.fault, book.clock(fault.from), book.clock(to));
        let class = if fault.site { "fault" } else { "fault beside" };
        let piece = Piece { from: fault.from, to, class, text: shown(&text) };
        row(&mut rows, fault.fault).push(piece);
    }
    rows
}

fn alerts(book: &Book) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut episodes = episodes::episodes(book.story);
    episodes.sort_by_key(|episode| episode.firing_at.is_none());
    for episode in episodes {
        let name = episode.name();
        let to = end(book, episode.end_told_at);
        let judged = episode.judged;
        let site = judged.scope_kind == "site";
        let short = format!("{} {}", judged.alert, if site { "" } else { &judged.scope });
        let pieces = row(&mut rows, short.trim_end());
        if let Some(from) = episode.pending_at {
            let until = episode.told_at.unwrap_or(to);
            let text = format!("{name} pending from {}", book.clock(from));
            pieces.push(Piece { from, to: until, class: "pending", text: shown(&text) });
        }
        if let Some(from) = episode.told_at {
            let (class, word) = match episode.no_data {
                true => ("nodata", "has no data"),
                false => ("firing", "fires"),
            };
            let text = format!("{name} {word} {} to {}", book.clock(from), book.clock(to));
            pieces.push(Piece { from, to, class, text: shown(&text) });
        }
    }
    rows
}

fn people(book: &Book) -> Vec<Row> {
    let mut rows = Vec::new();
    let story: &Story = book.story;
    for entry in story.entries() {
        match &entry.event {
            Event::Ask { ask, person, channel, question, until, .. } => {
                let answered = story.entries().iter().find_map(|later| match &later.event {
                    Event::Answer { ask: answered, late: false, .. } if answered == ask => {
                        Some(later.at)
                    }
                    _ => None,
                });
                let to = answered.or(*until).unwrap_or(entry.at);
                let class = if answered.is_some() { "asked" } else { "unanswered" };
                let by = channel.as_deref().map_or(String::new(), |by| format!(" by {by}"));
                let text = format!("{} asked{by}: {question}", book.clock(entry.at));
                let piece = Piece { from: entry.at, to, class, text: shown(&text) };
                row(&mut rows, person).push(piece);
            }
            Event::Answer { person, question, reply, late, .. } => {
                let (class, too_late) =
                    if *late { ("answer late", ", too late") } else { ("answer", "") };
                let at = book.clock(entry.at);
                let text = format!("{at} answers {question}: {reply}{too_late}");
                let (from, to) = (entry.at, entry.at);
                row(&mut rows, person).push(Piece { from, to, class, text: shown(&text) });
            }
            _ => {}
        }
    }
    rows
}

fn changes(book: &Book) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for entry in book.story.entries() {
        let Event::Change { change, stage, .. } = &entry.event else { continue };
        let pieces = row(&mut rows, change);
        let text = shown(&format!("{change}: {stage} at {}", book.clock(entry.at)));
        let open = |class| Piece { from: entry.at, to: end(book, None), class, text: text.clone() };
        match stage {
            Deploying => pieces.push(open("deploying")),
            Deployed | Failed => {
                pieces.iter_mut().for_each(|piece| piece.to = piece.to.min(entry.at));
                pieces.push(open(if *stage == Failed { "failed" } else { "spreading" }));
                if *stage == Failed {
                    pieces.iter_mut().for_each(|piece| piece.to = piece.to.min(entry.at));
                }
            }
            Live => {
                pieces.iter_mut().for_each(|piece| piece.to = piece.to.min(entry.at));
                let mut live = open("live");
                live.to = book.taken_back(change, entry.at).unwrap_or(live.to);
                pieces.push(live);
            }
            _ => {}
        }
    }
    rows.retain(|(_, pieces)| !pieces.is_empty());
    rows
}
