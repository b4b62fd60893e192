//! The real night, on paper and on the terminal: the card that says until when to diagnose, with a
//! line to sign, and the board, in colours that no exercise has.

use super::outbrief::prelude::{PageFrame, document, named, shown};
use super::summary::Style;
use super::untrusted::{columns_of, for_terminal, wrapped};
use crate::night::{BoardLine, BoardTone, Card, CardRow, NightBoard};
use crate::units::Span;
use maud::{Markup, html};

/// A line to write on.
const LINE: &str = "display:inline-block;min-width:14em;border-bottom:1px solid currentColor";

/// The card as a page, to be printed and signed. It ends in a newline.
pub fn night_card(card: &Card) -> String {
    let heading = shown(&card.scenario);
    let title = named("Card", &card.scenario);
    let frame = PageFrame {
        title: &title,
        eyebrow: html! { strong { "REAL" } " · Card for the night · approval in advance" },
        heading: &heading,
        first: html! {
            section aria-labelledby="verdict" {
                h2.unseen id="verdict" { "How to read it" }
                div.verdict.unsure {
                    p { "Minutes count from the alert. Whoever has not found the cause by the "
                        "given minute stops looking, and the change is made." }
                    p { "That minute is what the change takes at most, by the change-time table: "
                        "after that, waiting has cost users more than the change does." }
                }
            }
        },
        footer: html! { p { "From the plan alone: its rules, plays and change-time table." } },
        script: "",
        later: usize::MAX,
        appendix: usize::MAX,
    };
    let ids: Vec<String> = (1..=card.rows.len()).map(|n| format!("alert-{n}")).collect();
    let names: Vec<String> = card.rows.iter().map(|row| shown(&row.alert)).collect();
    let rows = card.rows.iter().zip(&ids).zip(&names);
    let mut sections: Vec<(&str, &str, Markup)> =
        rows.map(|((row, id), name)| (id.as_str(), name.as_str(), one(row))).collect();
    if !card.without.is_empty() {
        let without: Vec<String> = card.without.iter().map(|alert| shown(alert)).collect();
        let content = html! { p { "The plan makes no change when these fire: "
        (without.join(", ")) "." } };
        sections.push(("without", "Alerts without a change", content));
    }
    document(frame, &sections)
}

fn one(row: &CardRow) -> Markup {
    let change = shown(&row.change);
    let others: Vec<String> =
        row.others.iter().map(|(name, most)| format!("{} {most}", shown(name))).collect();
    let deciders: Vec<String> = row.deciders.iter().map(|name| shown(name)).collect();
    let minute = minute(row.stop_after);
    html! {
        p { code { (shown(&row.rule)) } " · play " (shown(&row.play)) }
        p { strong { "At minute " (minute) " stop diagnosing and make " (change) }
            " (table: " (shown(&row.paper)) ")." }
        @if !others.is_empty() {
            p { "If the cause is known before that, the play may also choose: "
                (others.join(", ")) "." }
        }
        @for (from, to) in &row.frozen {
            p { "Frozen from " (from) " to " (to) ": it needs an exception then." }
        }
        @if deciders.is_empty() { p { "The play needs no approval." } }
        @else {
            p { "Approved in advance: when " (shown(&row.alert)) " has fired and the cause is not "
                "known at minute " (minute) ", " (change) " is made without asking again." }
            @if let Some((by, given)) = &row.approved {
                p { "In the plan it is approved in advance by " strong { (shown(by)) }
                    @if let Some(given) = given { " (" (shown(given)) ")" } "; signed:" }
            }
            p { @match &row.approved {
                    Some((by, _)) => (shown(by)),
                    None => (deciders.join(" or ")),
                } ": " span style=(LINE) {} " on "
                span style="display:inline-block;min-width:8em;border-bottom:1px solid" {} }
        }
    }
}

/// The time in minutes, rounded up.
fn minute(span: Span) -> u64 {
    span.0.div_ceil(Span::MINUTE.0)
}

/// White on blue; an exercise is white on red.
const REAL: &str = "\x1b[1;97;44m";
const END: &str = "\x1b[0m";

/// Columns of the words in front of the lines, with a mark where somebody should act.
const LABEL: usize = 13;

/// The board, every line within the width. It ends in a newline.
pub fn night_board(board: &NightBoard, style: Style) -> String {
    // The words of a scenario may be those of an exercise: on a real night it is a plan.
    let title = for_terminal(&format!("by the plan \"{}\"", board.title), 400);
    let first = format!(" REAL  {}", board.moment);
    let mut text = String::new();
    let title = wrapped(&title, style.width.saturating_sub(8)).into_iter();
    for line in std::iter::once(first).chain(title.map(|part| format!(" {part}"))) {
        let room = style.width.saturating_sub(columns_of(&line));
        match style.color {
            true => text += &format!("{REAL}{line}{:room$}{END}\n", ""),
            false => text += &format!("{line}\n"),
        }
    }
    board.lines.iter().for_each(|line| text += &line_text(line, style));
    text
}

fn line_text(line: &BoardLine, style: Style) -> String {
    let ink = match (style.color, line.tone) {
        (false, _) | (true, BoardTone::Plain) => "",
        (true, BoardTone::Heading) => "\x1b[1m",
        (true, BoardTone::Due) => "\x1b[1;33m",
        (true, BoardTone::Good) => "\x1b[32m",
    };
    let end = if ink.is_empty() { "" } else { END };
    let shown = for_terminal(&line.text, 2_000);
    if line.tone == BoardTone::Heading {
        let lines = wrapped(&shown, style.width);
        return format!("\n{ink}{}{end}\n", lines.join("\n"));
    }
    let mark = if line.tone == BoardTone::Due { '!' } else { ' ' };
    let mut text = String::new();
    for (number, part) in wrapped(&shown, style.width.saturating_sub(LABEL)).iter().enumerate() {
        let front = match number {
            0 => format!("{mark} {:<width$}", line.label, width = LABEL - 2),
            _ => " ".repeat(LABEL),
        };
        text += &format!("{ink}{front}{part}{end}\n");
    }
    text
}
