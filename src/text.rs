//! Strings from outside: names and sentences of scenarios and logs, made safe where they are shown:
//! on terminals, in spreadsheets, in messages. There is one table of what cannot be seen.

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
    for character in text.chars() {
        let piece = visible_character(character);
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

fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|character| visible_character(character).is_some()) {
        return Cow::Borrowed(text);
    }
    let write_out =
        |character| visible_character(character).unwrap_or_else(|| String::from(character));
    Cow::Owned(text.chars().map(write_out).collect())
}

/// How a character is written out, `None` if it may stand for itself.
fn visible_character(character: char) -> Option<String> {
    match character {
        '\t' => Some("\\t".to_string()),
        '\n' => Some("\\n".to_string()),
        '\r' => Some("\\r".to_string()),
        _ if hidden(character) => Some(character.escape_unicode().to_string()),
        _ => None,
    }
}

/// Whether a character would not be seen, or would change how others are seen. The joiners inside
/// of words and emoji of many languages are not among them.
pub fn hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180e}'
                | '\u{200b}'
                | '\u{200e}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// A string as a quoted word of YAML, in which everything can be seen.
pub fn for_yaml(text: &str) -> String {
    let mut word = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => word.extend(['\\', character]),
            _ if hidden(character) || matches!(character, '\u{200c}' | '\u{200d}') => {
                let number = u32::from(character);
                let escaped = match number {
                    ..=0xffff => format!("\\u{number:04x}"),
                    _ => format!("\\U{number:08x}"),
                };
                word.push_str(&escaped);
            }
            _ => word.push(character),
        }
    }
    word.push('"');
    word
}

/// A message with what would not be seen written out; it may have lines of its own.
pub fn for_message(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for (character, before) in text.chars().zip(std::iter::once(' ').chain(text.chars())) {
        // A joiner after a Latin letter joins nothing, and only hides.
        let hides = matches!(character, '\u{200c}' | '\u{200d}') && before.is_ascii();
        match character {
            '\n' => shown.push('\n'),
            _ if hides || hidden(character) => shown.extend(character.escape_unicode()),
            _ => shown.push(character),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn messages_hide_nothing() {
        let text = "a\u{200d}b\u{9b}c\u{3164}d\u{e0041}e\u{ad}";
        assert_eq!(for_message(text), "a\\u{200d}b\\u{9b}c\\u{3164}d\\u{e0041}e\\u{ad}");
        for whole in ["two\nlines", "نمی\u{200c}خواهم", "👩\u{200d}🚀", "naïve 日本"]
        {
            assert_eq!(for_message(whole), whole);
        }
    }

    #[test]
    fn words_of_yaml_mean_what_they_meant_and_hide_nothing() {
        for text in ["plain", "a \"b\" \\ c", "x\u{202e}y\u{9b}z\n\u{e0041}", "日本: #", ""] {
            let word = for_yaml(text);
            assert!(!word.chars().any(hidden), "{word}");
            assert_eq!(serde_yaml::from_str::<String>(&word).expect("YAML"), text, "{word}");
        }
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
}
