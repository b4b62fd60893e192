//! Untrusted strings: names and sentences of scenarios and logs, made safe for spreadsheets,
//! terminals, and commands that are to be typed again.

use crate::names::{visible, written_out};
use std::borrow::Cow;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A string as a cell of a CSV file: control and direction-changing characters are written out, and
/// what a spreadsheet would take for a formula gets a leading apostrophe.
pub fn for_csv(text: &str) -> Cow<'_, str> {
    let visible = visible(text);
    let formula = text.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    if formula { Cow::Owned(format!("'{visible}")) } else { visible }
}

/// A string as part of a line on a terminal: control and direction-changing characters are written
/// out, and it takes at most `columns` columns, the last one an ellipsis if something is left out.
pub fn for_terminal(text: &str, columns: usize) -> String {
    let mut shown = String::new();
    let mut width = 0;
    for (character, piece) in written_out(text) {
        let wide = piece.as_deref().map_or(character.width().unwrap_or(0), str::len);
        let combining = wide == 0 && shown.len() > 4 * columns;
        if width + wide > columns || combining {
            while columns_of(&shown) + 1 > columns && shown.pop().is_some() {}
            shown.push_str(if columns == 0 { "" } else { "…" });
            break;
        }
        width += wide;
        match piece {
            Some(piece) => shown.push_str(&piece),
            None => shown.push(character),
        }
    }
    shown
}

/// How many columns of a terminal a string takes.
pub fn columns_of(text: &str) -> usize {
    text.width()
}

/// The lines of a text that is broken between words, each safe for a terminal and at most this many
/// columns wide; a longer word is broken up, and cut after a few lines. One line at least. By hand,
/// since a crate that wraps knows neither what must be written out nor where a word that is too
/// long may be broken.
pub fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let word = for_terminal(word, WORD_LINES * columns);
        let line = lines.last_mut().expect("never empty");
        let gap = usize::from(!line.is_empty());
        if columns_of(line) + gap + columns_of(&word) <= columns {
            line.push_str(if gap == 1 { " " } else { "" });
            line.push_str(&word);
            continue;
        }
        if line.is_empty() {
            lines.pop();
        }
        lines.extend(pieces(&word, columns));
    }
    lines
}

/// The most lines that a single word takes.
const WORD_LINES: usize = 6;

/// A word in pieces of at most this many columns, broken after a sign where that is not too early.
fn pieces(word: &str, width: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut rest = word.chars().peekable();
    let mut since_sign = 0;
    while let Some(next) = rest.next() {
        let piece = pieces.last_mut().expect("one at least");
        piece.push(next);
        since_sign = if "-_./,:=".contains(next) { 0 } else { since_sign + next.len_utf8() };
        let Some(following) = rest.peek() else { break };
        if columns_of(piece) + columns_of(&following.to_string()) > width {
            // Back to the last sign, unless that leaves less than half.
            let at = piece.len() - since_sign;
            let carried = match at * 2 > piece.len() && since_sign > 0 {
                true => piece.split_off(at),
                false => String::new(),
            };
            since_sign = carried.len();
            pieces.push(carried);
        }
    }
    pieces
}

/// A word as a shell takes it: quoted where it must be.
pub fn for_shell(word: &str) -> String {
    // No argument of a program has a NUL in it; a path that is shown may.
    shlex::try_quote(word).map_or_else(|_| word.replace('\0', ""), String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_wrapped_and_made_safe() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("", 7), [""]);
        assert_eq!(wrapped("\u{1b}[31mred", 40), ["\\u{1b}[31mred"]);
        assert!(wrapped(&"x".repeat(500), 20).iter().all(|line| columns_of(line) <= 20));
        assert_eq!(wrapped(&"x".repeat(500), 20).len(), WORD_LINES);
        let von = "alexandra-maximiliane-von-berg";
        assert_eq!(wrapped(von, 14), ["alexandra-", "maximiliane-", "von-berg"]);
        assert_eq!(wrapped("a xxxxxxxxxx", 4), ["a", "xxxx", "xxxx", "xx"]);
        assert_eq!(wrapped("日本語日本語", 4), ["日本", "語日", "本語"]);
    }

    #[test]
    fn formulas_are_defused() {
        for text in ["=1+1", "+1", "-1", "@sum", "  =cmd", "=HYPERLINK(\"x\")"] {
            assert_eq!(for_csv(text), format!("'{text}"));
        }
        assert_eq!(for_csv("\t=1"), "'\\t=1");
        assert_eq!(for_csv("\r=1"), "'\\r=1");
        for text in ["", "rollback", "a=b", "~45m", "<5m", "1 - 2", "<b>&amp;</b>", "naïve 日本"]
        {
            assert_eq!(for_csv(text), text);
        }
    }

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        let text = "a\u{1b}[31mb\u{202e}c\u{0}d\u{9b}e\u{feff}";
        let expected = "a\\u{1b}[31mb\\u{202e}c\\u{0}d\\u{9b}e\\u{feff}";
        assert_eq!(for_csv(text), expected);
        assert_eq!(for_terminal(text, 80), expected);
    }

    #[test]
    fn nothing_is_wider_than_its_room() {
        let long = "x".repeat(10_000);
        assert_eq!(for_terminal(&long, 5), "xxxx…");
        assert_eq!(for_terminal("exact", 5), "exact");
        assert_eq!(for_terminal("日本語", 5), "日本…");
        assert_eq!(for_terminal("日本語", 4), "日…");
        assert_eq!(for_terminal("a", 0), "");
        let marks = format!("a{}", "\u{301}".repeat(10_000));
        assert!(for_terminal(&marks, 10).len() < 100);
        for columns in 0..12 {
            for text in ["\u{1b}\u{1b}", "日本語日本語", "a\u{301}b\u{301}c", "👩‍🚀👩‍🚀👩‍🚀"]
            {
                assert!(columns_of(&for_terminal(text, columns)) <= columns, "{text} in {columns}");
            }
        }
    }

    #[test]
    fn what_is_to_be_typed_again_survives_the_shell() {
        assert_eq!(for_shell("scenarios/proxy-outage.yaml"), "scenarios/proxy-outage.yaml");
        for word in ["my day.yaml", "$(ls)", "scenario=it's", "a\nb", "~", "", "*", "a\"b'c`d!"] {
            let quoted = for_shell(word);
            assert_eq!(shlex::split(&quoted), Some(vec![word.to_string()]), "{quoted}");
        }
    }
}
