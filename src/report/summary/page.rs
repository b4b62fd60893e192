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
pub(in crate::report) struct TextPiece {
    pub text: String,
    pub ink: Ink,
    /// Aligned to the right of its column.
    pub right: bool,
}

/// A piece of plain text.
pub(in crate::report) fn plain(text: impl Into<String>) -> TextPiece {
    inked(Ink::Plain, text)
}

/// A piece of text in a colour.
pub(in crate::report) fn inked(ink: Ink, text: impl Into<String>) -> TextPiece {
    TextPiece { text: text.into(), ink, right: false }
}

/// A piece of plain text that is aligned to the right.
pub(in crate::report) fn right(text: impl Into<String>) -> TextPiece {
    TextPiece { right: true, ..plain(text) }
}

/// Between columns.
pub(super) const GAP: usize = 2;
/// A label that leaves less room for its text goes above it.
const LEAST: usize = 20;

/// No line takes more letters from outside.
const LONGEST: usize = 16_000;

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

    /// The columns of the terminal.
    pub fn width(&self) -> usize {
        self.style.width
    }

    /// As many lines as hold what this many hold at 80 columns.
    fn lines_for(&self, lines: usize) -> usize {
        (lines * 80).div_ceil(self.style.width.max(1)).max(lines)
    }

    /// The name of the whole, broken between words and cut after three lines of 80 columns.
    pub fn title(&mut self, text: &str) {
        let most = self.lines_for(3);
        for line in wrapped(text, self.style.width).into_iter().take(most) {
            self.line(vec![inked(Ink::Heading, line)]);
        }
    }

    /// One line. What the terminal has no room for goes on below, under the first word.
    pub fn line(&mut self, pieces: Vec<TextPiece>) {
        let pieces = pieces.into_iter();
        let safe =
            |piece: TextPiece| TextPiece { text: for_terminal(&piece.text, LONGEST), ..piece };
        let pieces: Vec<TextPiece> = pieces.map(safe).collect();
        let text: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        if columns_of(text.trim_end()) <= self.style.width {
            return self.put(pieces);
        }
        let indent = text.len() - text.trim_start().len();
        let indent = if indent + LEAST > self.style.width { 0 } else { indent + 2 };
        let (mut line, mut used): (Vec<TextPiece>, usize) = (Vec::new(), 0);
        for piece in pieces {
            for (blanks, word) in words(&piece.text) {
                if used + blanks + columns_of(word) <= self.style.width {
                    line.push(TextPiece { text: " ".repeat(blanks) + word, ..piece.clone() });
                    used += blanks + columns_of(word);
                    continue;
                }
                for part in wrapped(word, self.style.width - indent) {
                    let full = std::mem::replace(&mut line, vec![plain(" ".repeat(indent))]);
                    if full.iter().any(|piece| !piece.text.trim().is_empty()) {
                        self.put(full);
                    }
                    used = indent + columns_of(&part);
                    line.push(TextPiece { text: part, ..piece.clone() });
                }
            }
        }
        self.put(line);
    }

    /// Pieces that fit.
    pub(super) fn put(&mut self, mut pieces: Vec<TextPiece>) {
        while let Some(last) = pieces.last_mut() {
            last.text.truncate(last.text.trim_end().len());
            if !last.text.is_empty() {
                break;
            }
            pieces.pop();
        }
        for piece in pieces {
            let ansi = if self.style.color { piece.ink.ansi() } else { Ansi::new() };
            self.text.push_str(&format!("{ansi}{}{ansi:#}", piece.text));
        }
        self.text.push('\n');
    }

    /// A paragraph, broken between words, indented by two.
    pub fn paragraph(&mut self, ink: Ink, text: &str) {
        self.paragraph_at(2, ink, text);
    }

    /// A paragraph, broken between words, indented by this many columns.
    pub fn paragraph_at(&mut self, indent: usize, ink: Ink, text: &str) {
        for line in wrapped(text, self.style.width.saturating_sub(indent)) {
            self.line(vec![plain(" ".repeat(indent)), inked(ink, line)]);
        }
    }

    /// A paragraph beside a label, broken between words and cut after three lines of 80 columns; it
    /// goes below a label that leaves it no room.
    pub fn labelled(&mut self, label: &str, text: &str) {
        let mut columns = 2 + columns_of(label) + GAP;
        let beside = columns + LEAST <= self.style.width;
        if !beside {
            self.line(vec![plain("  "), plain(label)]);
            columns = 4;
        }
        let mut lines = wrapped(text, self.style.width.saturating_sub(columns));
        let most = self.lines_for(3);
        if lines.len() > most {
            lines.truncate(most);
            lines[most - 1].push_str(" …");
        }
        for (position, line) in lines.into_iter().enumerate() {
            let label = if position == 0 && beside { label } else { "" };
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
}

/// The words of a text, each with how many blanks stand before it; blanks at the end count with an
/// empty word.
fn words(text: &str) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let word = rest.trim_start_matches(' ');
        let blanks = rest.len() - word.len();
        let end = word.find(' ').unwrap_or(word.len());
        words.push((blanks, &word[..end]));
        rest = &word[end..];
    }
    words
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
        assert_eq!(
            text,
            "  a  5s\n    xxxxxxxxxxxxxxxx\n    xxxxxxxxxxxxxxxx\n    xxxxxxxx\n  日本  1m 5s\n"
        );
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
