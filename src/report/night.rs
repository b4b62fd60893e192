//! The board of a real night on the terminal: in colours that no exercise has.

use super::summary::Style;
use super::untrusted::{columns_of, for_terminal, wrapped};
use crate::night::{Board, BoardLine, Tone};

/// White on blue; an exercise is white on red.
const REAL: &str = "\x1b[1;97;44m";
const END: &str = "\x1b[0m";

/// Columns of the words in front of the lines, with a mark where somebody should act.
const LABEL: usize = 13;

/// The board, every line within the width. It ends in a newline.
pub fn night_board(board: &Board, style: Style) -> String {
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
        (false, _) | (true, Tone::Plain) => "",
        (true, Tone::Heading) => "\x1b[1m",
        (true, Tone::Due) => "\x1b[1;33m",
        (true, Tone::Good) => "\x1b[32m",
    };
    let end = if ink.is_empty() { "" } else { END };
    let shown = for_terminal(&line.text, 2_000);
    if line.tone == Tone::Heading {
        let lines = wrapped(&shown, style.width);
        return format!("\n{ink}{}{end}\n", lines.join("\n"));
    }
    let mark = if line.tone == Tone::Due { '!' } else { ' ' };
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
