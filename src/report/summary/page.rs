//! Lines of a terminal: cut to its width, aligned, coloured if wanted.

use crate::report::untrusted::{columns_of, for_terminal, wrapped};
use anstyle::{AnsiColor, Style as Ansi};

/// How a summary is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Colours and bold type.
    pub color: bool,
    /// Columns of the terminal; no line is wider.
    pub width: usize,
}

impl Default for Style {
    /// Plain text, 80 columns wide.
    fn default() -> Style {
        Style { color: false, width: 80 }
    }
}

/// What a piece of text says by its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::report) enum Ink {
    Plain,
    Heading,
    Faint,
    Good,
    Bad,
    /// A rule that fired: neither good nor bad by itself.
    Fired,
    Bar,
}

impl Ink {
    fn ansi(self) -> Ansi {
        match self {
            Ink::Plain => Ansi::new(),
            Ink::Heading => Ansi::new().bold(),
            Ink::Faint => Ansi::new().dimmed(),
            Ink::Good => AnsiColor::Green.on_default(),
            Ink::Bad => AnsiColor::Red.on_default().bold(),
            Ink::Fired => AnsiColor::Yellow.on_default().bold(),
            Ink::Bar => AnsiColor::Cyan.on_default(),
        }
    }
}

/// A piece of a line.
#[derive(Debug, Clone)]
pub(in crate::report) struct Piece {
    pub text: String,
    pub ink: Ink,
    /// Aligned to the right of its column.
    pub right: bool,
}

/// A piece of plain text.
pub(in crate::report) fn plain(text: impl Into<String>) -> Piece {
    inked(Ink::Plain, text)
}

/// A piece of text in a colour.
pub(in crate::report) fn inked(ink: Ink, text: impl Into<String>) -> Piece {
    Piece { text: text.into(), ink, right: false }
}

/// A piece of plain text that is aligned to the right.
pub(in crate::report) fn right(text: impl Into<String>) -> Piece {
    Piece { right: true, ..plain(text) }
}

/// The widest that any column of a table but its last becomes.
const WIDEST: usize = 32;
/// Between columns.
const GAP: usize = 2;

/// A text in the making.
pub(in crate::report) struct Page {
    style: Style,
    text: String,
}

impl Page {
    /// An empty page.
    pub fn new(style: Style) -> Page {
        Page { style, text: String::new() }
    }

    /// The whole text.
    pub fn finish(self) -> String {
        self.text
    }

    /// An empty line and a heading.
    pub fn heading(&mut self, text: &str) {
        self.text.push('\n');
        self.line(vec![inked(Ink::Heading, text)]);
    }

    /// The name of the whole, broken between words and cut after three lines.
    pub fn title(&mut self, text: &str) {
        for line in wrapped(text, self.style.width).into_iter().take(3) {
            self.line(vec![inked(Ink::Heading, line)]);
        }
    }

    /// One line, cut where the terminal ends.
    pub fn line(&mut self, mut pieces: Vec<Piece>) {
        while let Some(last) = pieces.last_mut() {
            last.text.truncate(last.text.trim_end().len());
            if !last.text.is_empty() {
                break;
            }
            pieces.pop();
        }
        let mut room = self.style.width;
        for piece in pieces {
            let text = for_terminal(&piece.text, room);
            room -= columns_of(&text);
            let ansi = if self.style.color { piece.ink.ansi() } else { Ansi::new() };
            self.text.push_str(&format!("{ansi}{text}{ansi:#}"));
        }
        self.text.push('\n');
    }

    /// A paragraph, broken between words, indented by two.
    pub fn paragraph(&mut self, ink: Ink, text: &str) {
        self.paragraph_at(2, ink, text);
    }

    /// A paragraph, broken between words, indented by so many columns.
    pub fn paragraph_at(&mut self, indent: usize, ink: Ink, text: &str) {
        for line in wrapped(text, self.style.width.saturating_sub(indent)) {
            self.line(vec![plain(" ".repeat(indent)), inked(ink, line)]);
        }
    }

    /// A paragraph beside a label, broken between words and cut after three lines.
    pub fn labelled(&mut self, label: &str, text: &str) {
        const LINES: usize = 3;
        let columns = 2 + columns_of(label) + GAP;
        let mut lines = wrapped(text, self.style.width.saturating_sub(columns));
        if lines.len() > LINES {
            lines.truncate(LINES);
            lines[LINES - 1].push_str(" …");
        }
        for (position, line) in lines.into_iter().enumerate() {
            let label = if position == 0 { label } else { "" };
            let start = format!("  {label:<width$}", width = columns - 2);
            self.line(vec![plain(start), plain(line)]);
        }
    }

    /// Parts beside a label, as many on a line as fit; none is broken.
    pub fn parts(&mut self, label: &str, parts: &[String]) {
        let columns = 2 + columns_of(label) + GAP;
        let room = self.style.width.saturating_sub(columns);
        let mut lines: Vec<String> = Vec::new();
        for part in parts {
            match lines.last_mut() {
                Some(line) if columns_of(line) + 3 + columns_of(part) <= room => {
                    line.push_str(" | ");
                    line.push_str(part);
                }
                _ => lines.push(part.clone()),
            }
        }
        for line in lines {
            self.line(vec![plain(" ".repeat(columns)), plain(line)]);
        }
    }

    /// Rows with aligned columns, indented by two. A row of one cell is a title across all columns.
    pub fn table(&mut self, rows: Vec<Vec<Piece>>) {
        self.table_up_to(WIDEST, rows);
    }

    /// The same with columns that may become half as wide again.
    pub fn wide_table(&mut self, rows: Vec<Vec<Piece>>) {
        self.table_up_to(WIDEST * 3 / 2, rows);
    }

    fn table_up_to(&mut self, widest: usize, rows: Vec<Vec<Piece>>) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = rows.iter().filter(|row| row.len() > 1).filter_map(|row| row.get(column));
            cells.map(|cell| columns_of(&for_terminal(&cell.text, widest))).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in rows {
            let last = row.len().saturating_sub(1);
            let mut line = vec![plain("  ")];
            for (column, mut piece) in row.into_iter().enumerate() {
                if column < last || piece.right {
                    piece.text = padded(&piece, widths[column]);
                }
                if column < last {
                    line.extend([piece, plain(" ".repeat(GAP))]);
                } else {
                    line.push(piece);
                }
            }
            self.line(line);
        }
    }
}

fn padded(piece: &Piece, width: usize) -> String {
    let text = for_terminal(&piece.text, width);
    let padding = " ".repeat(width - columns_of(&text));
    if piece.right { padding + &text } else { text + &padding }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(draw: impl Fn(&mut Page)) -> String {
        let mut page = Page::new(Style { color: false, width: 20 });
        draw(&mut page);
        page.finish()
    }

    #[test]
    fn columns_line_up_and_lines_end() {
        let text = page(|page| {
            page.table(vec![
                vec![plain("a"), right("5s"), plain("x".repeat(40))],
                vec![plain("日本"), right("1m 5s"), plain("")],
            ]);
        });
        assert_eq!(text, "  a        5s  xxxx…\n  日本  1m 5s\n");
    }

    #[test]
    fn paragraphs_break_between_words() {
        let text = page(|page| page.paragraph(Ink::Plain, "one two three four five"));
        assert_eq!(text, "  one two three four\n  five\n");
    }

    #[test]
    fn colour_is_asked_for() {
        let mut colored = Page::new(Style { color: true, width: 20 });
        colored.line(vec![inked(Ink::Good, "met")]);
        assert_eq!(colored.finish(), "\u{1b}[32mmet\u{1b}[0m\n");
    }
}
