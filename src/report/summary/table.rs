//! How a table is laid out in this many columns of a terminal. It gives way in this order: words go
//! on below each other within their column, columns that its maker can spare are dropped, and at
//! last each row is a few lines of its own. Letters are not cut.

use super::page::{GAP, Ink, Page, TextPiece, plain};
use crate::report::untrusted::{columns_of, for_terminal, wrapped};

/// Before the first column.
const INDENT: usize = 2;
/// No cell takes more letters, and no more lines.
const LONGEST: usize = 2_000;
const LINES: usize = 8;
/// A column of words becomes no narrower, unless all its words are; a longer word is broken up.
const NARROWEST: usize = 12;
const WORD: usize = 20;
/// A text that fits no line begins where there is so much room.
const ENOUGH: usize = 20;

impl Page {
    /// Rows with aligned columns, indented by two. A row of one cell is a title across all columns.
    pub fn table(&mut self, rows: Vec<Vec<TextPiece>>) {
        self.table_with_spare(&[], rows);
    }

    /// The same with columns that can be left out where there is no room, the first one first.
    pub fn table_with_spare(&mut self, spare: &[usize], rows: Vec<Vec<TextPiece>>) {
        let lines = layout_lines(&rows, spare, self.width());
        lines.into_iter().for_each(|line| self.put(line));
    }
}

/// The lines of a table in this many columns. `spare` are the columns that it can do without, the
/// first one first. A row of one cell is a title across all columns.
fn layout_lines(rows: &[Vec<TextPiece>], spare: &[usize], width: usize) -> Vec<Vec<TextPiece>> {
    let rows: Vec<Vec<TextPiece>> = rows.iter().map(|row| row.iter().map(safe).collect()).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let says = |column: &usize| {
        let mut cells = rows.iter().filter(|row| row.len() > 1).filter_map(|row| row.get(*column));
        cells.any(|cell| !cell.text.is_empty())
    };
    let mut kept: Vec<usize> = (0..columns).filter(says).collect();
    let mut spare = spare.iter();
    loop {
        if let Some(widths) = widths(&rows, &kept, width) {
            return rows.iter().flat_map(|row| lined(row, &kept, &widths, width)).collect();
        }
        match spare.next() {
            Some(column) => kept.retain(|kept| kept != column),
            None => return stacked(&rows, &kept, width),
        }
    }
}

/// Text that can go to a terminal, and is not cut yet.
fn safe(piece: &TextPiece) -> TextPiece {
    TextPiece { text: for_terminal(&piece.text, LONGEST), ..piece.clone() }
}

/// How wide the columns become; `None` if they do not fit.
fn widths(rows: &[Vec<TextPiece>], kept: &[usize], width: usize) -> Option<Vec<usize>> {
    let cells = |column: usize| {
        rows.iter().filter(|row| row.len() > 1).filter_map(move |row| row.get(column))
    };
    let natural = |column: usize| cells(column).map(|cell| columns_of(&cell.text)).max();
    let least = |column: usize, natural: usize| {
        if cells(column).any(|cell| cell.right || cell.ink == Ink::Bar) {
            return natural;
        }
        let words = cells(column).flat_map(|cell| cell.text.split_whitespace());
        let word = words.map(columns_of).max().unwrap_or(0).min(WORD);
        natural.min(word.max(NARROWEST))
    };
    let mut widths: Vec<usize> = kept.iter().map(|column| natural(*column).unwrap_or(0)).collect();
    let least: Vec<usize> =
        kept.iter().zip(&widths).map(|(column, natural)| least(*column, *natural)).collect();
    let room = width.saturating_sub(INDENT + GAP * kept.len().saturating_sub(1));
    while widths.iter().sum::<usize>() > room {
        let shrinks = |at: &usize| widths[*at] > least[*at];
        // Of two that are equally wide, the one further to the right.
        let widest = (0..widths.len()).filter(shrinks).max_by_key(|at| widths[*at])?;
        widths[widest] -= 1;
    }
    Some(widths)
}

/// The lines of one row.
fn lined(row: &[TextPiece], kept: &[usize], widths: &[usize], width: usize) -> Vec<Vec<TextPiece>> {
    if let [title] = row {
        let lines = broken(&title.text, width.saturating_sub(INDENT));
        let piece = |line| TextPiece { text: line, ..title.clone() };
        return lines.into_iter().map(|line| vec![plain("  "), piece(line)]).collect();
    }
    let cells: Vec<(&TextPiece, usize, Vec<String>)> = kept
        .iter()
        .zip(widths)
        .filter_map(|(column, width)| Some((row.get(*column)?, *width)))
        .map(|(cell, width)| (cell, width, broken(&cell.text, width)))
        .collect();
    let height = cells.iter().map(|(_, _, lines)| lines.len()).max().unwrap_or(1);
    let line = |at: usize| {
        let mut line = vec![plain(" ".repeat(INDENT))];
        for (position, (cell, width, lines)) in cells.iter().enumerate() {
            let text = lines.get(at).map_or("", String::as_str);
            let padding = " ".repeat(width.saturating_sub(columns_of(text)));
            let text = if cell.right { padding + text } else { format!("{text}{padding}") };
            line.push(TextPiece { text, ..(*cell).clone() });
            if position + 1 < cells.len() {
                line.push(plain(" ".repeat(GAP)));
            }
        }
        line
    };
    (0..height).map(line).collect()
}

/// Every row by itself: its cells one after the other, each behind the title of its column.
fn stacked(rows: &[Vec<TextPiece>], kept: &[usize], width: usize) -> Vec<Vec<TextPiece>> {
    let is_title = |cell: &TextPiece| matches!(cell.ink, Ink::Faint | Ink::Heading);
    let heads = rows.first().filter(|row| {
        row.len() > 1 && row.iter().all(|cell| is_title(cell) || cell.text.trim().is_empty())
    });
    // What a row is called needs no title.
    let title = |column: usize| match heads {
        Some(heads) if column > 0 => heads[column].text.trim(),
        _ => "",
    };
    let mut lines = Vec::new();
    for row in rows.iter().skip(usize::from(heads.is_some())) {
        let mut flow = Flow { lines: vec![vec![plain("  ")]], used: INDENT, begun: false, width };
        let cells = kept.iter().filter_map(|column| Some((*column, row.get(*column)?)));
        let told = cells.filter(|(_, cell)| cell.ink != Ink::Bar && !cell.text.trim().is_empty());
        for (column, cell) in told {
            flow.add(title(column), cell.text.trim(), cell);
        }
        lines.extend(flow.lines);
    }
    lines
}

/// Lines that fill up.
struct Flow {
    lines: Vec<Vec<TextPiece>>,
    used: usize,
    /// The last line has more than its indent.
    begun: bool,
    width: usize,
}

impl Flow {
    /// Further lines of a piece stand to the right of its first, so that pieces can be told apart.
    const DEEPER: usize = INDENT + 2;

    fn add(&mut self, label: &str, text: &str, like: &TextPiece) {
        let label = if label.is_empty() { String::new() } else { format!("{label} ") };
        let gap = if self.begun { GAP } else { 0 };
        let wide = columns_of(&label) + columns_of(text);
        let (full, whole) = (self.used + gap + wide > self.width, self.width - Flow::DEEPER);
        let in_place = wide > whole && self.used + gap + ENOUGH <= self.width;
        if self.begun && full && !in_place {
            self.next();
        } else {
            self.push(plain(" ".repeat(gap)));
        }
        self.push(TextPiece { ink: Ink::Faint, ..plain(label) });
        let room = self.width.saturating_sub(self.used);
        // What fits no line goes on below itself.
        let columns = if wide > whole { room.min(whole) } else { wide };
        for (at, line) in broken(text, columns.max(1)).into_iter().enumerate() {
            if at > 0 {
                self.next();
            }
            self.push(TextPiece { text: line, right: false, ..like.clone() });
        }
    }

    fn push(&mut self, piece: TextPiece) {
        self.begun |= !piece.text.trim().is_empty();
        self.used += columns_of(&piece.text);
        self.lines.last_mut().expect("one at least").push(piece);
    }

    fn next(&mut self) {
        self.lines.push(vec![plain(" ".repeat(Flow::DEEPER))]);
        (self.used, self.begun) = (Flow::DEEPER, false);
    }
}

/// A text in lines of at most this many columns, broken between words. A text that fits stays as
/// it is.
fn broken(text: &str, width: usize) -> Vec<String> {
    if columns_of(text) <= width {
        return vec![text.to_string()];
    }
    let mut lines = wrapped(text, width);
    if lines.len() > LINES {
        lines.truncate(LINES);
        let last = format!("{} …", lines[LINES - 1]);
        lines[LINES - 1] = for_terminal(&last, width);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::page::{inked, right};
    use super::*;

    fn drawn(rows: &[Vec<TextPiece>], spare: &[usize], width: usize) -> Vec<String> {
        let lines = layout_lines(rows, spare, width);
        let text =
            |line: &Vec<TextPiece>| line.iter().map(|piece| &*piece.text).collect::<String>();
        let lines: Vec<String> = lines.iter().map(|line| text(line).trim_end().into()).collect();
        assert!(lines.iter().all(|line| columns_of(line) <= width), "{width}: {lines:#?}");
        lines
    }

    fn alerts() -> Vec<Vec<TextPiece>> {
        let heads = ["rule", "since", "value", "cause"];
        vec![
            heads.map(|head| inked(Ink::Heading, head)).to_vec(),
            vec![
                plain("OneBrowserBroken ×4: chrome safari ie11 other"),
                plain("18:07:40"),
                right("4.84 (4.63..5.12)"),
                plain("outage reverse-proxy in both zones"),
            ],
            vec![plain("SlowPages"), plain("18:12:00"), right("3"), plain("slow evss")],
        ]
    }

    #[test]
    fn no_letter_is_lost_at_any_width() {
        let letters = |text: &str| {
            let mut letters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
            letters.sort_unstable();
            letters
        };
        let whole = alerts();
        let said: String = whole[1..].iter().flatten().map(|cell| &*cell.text).collect();
        for width in 24..=120 {
            let text = drawn(&whole, &[], width).join("\n");
            let got = letters(&text);
            for letter in letters(&said) {
                assert!(got.contains(&letter), "{width}: {text}");
            }
            assert!(!text.contains('…'), "{width}: {text}");
            for word in ["OneBrowserBroken", "chrome", "safari", "ie11", "other", "18:12:00"] {
                assert!(text.contains(word), "{width}: {word} in {text}");
            }
        }
    }

    #[test]
    fn a_column_that_can_be_spared_goes_before_rows_are_taken_apart() {
        let at = |width| drawn(&alerts(), &[3], width);
        assert!(at(90)[1].contains("outage"), "{:#?}", at(90));
        let narrow = at(52);
        assert!(!narrow.join(" ").contains("outage"), "{narrow:#?}");
        assert!(narrow[0].contains("rule") && narrow[0].contains("value"), "{narrow:#?}");
        // At last every cell says what it is.
        let expected = [
            "  OneBrowserBroken ×4:",
            "    chrome safari ie11 other",
            "    since 18:07:40",
            "    value 4.84 (4.63..5.12)",
            "  SlowPages  since 18:12:00",
            "    value 3",
        ];
        assert_eq!(at(30), expected);
    }

    #[test]
    fn very_long_texts_end() {
        let lines = broken(&"word ".repeat(500), 10);
        assert!(lines.len() == LINES && lines[LINES - 1].ends_with('…'), "{lines:?}");
    }
}
