//! Invisible characters, and those that change how others are shown, written out.

use std::borrow::Cow;

/// What Unicode 16 calls a format character (Cf), a separator of lines (Zl, Zp), ignorable by
/// default or no character at all, with the first and the last of each stretch, in order. Control
/// characters (Cc) are not here, since the language knows them.
const HIDDEN: [(u32, u32); 37] = [
    (0xad, 0xad),     // the soft hyphen
    (0x34f, 0x34f),   // a joiner of graphemes
    (0x600, 0x605),   // marks of Arabic numbers
    (0x61c, 0x61c),   // a direction
    (0x6dd, 0x6dd),   // the end of a verse
    (0x70f, 0x70f),   // an abbreviation in Syriac
    (0x890, 0x891),   // marks of Arabic currencies
    (0x8e2, 0x8e2),   // the end of a verse
    (0x115f, 0x1160), // fillers of Hangul
    (0x17b4, 0x17b5), // vowels of Khmer that are not written
    (0x180b, 0x180f), // selectors of Mongolian
    (0x200b, 0x200f), // no width, directions
    (0x2028, 0x202e), // line ends, directions
    (0x2060, 0x206f), // no width, directions
    (0x3164, 0x3164), // a filler of Hangul
    (0xfdd0, 0xfdef), // no characters
    (0xfe00, 0xfe0f), // selectors of variants
    (0xfeff, 0xfeff), // no width
    (0xffa0, 0xffa0), // a filler of Hangul
    (0xfff0, 0xfffb), // annotations
    (0xfffe, 0xffff), // no characters
    (0x110bd, 0x110bd),
    (0x110cd, 0x110cd), // marks of Kaithi numbers
    (0x13430, 0x1343f), // joiners of hieroglyphs
    (0x1bca0, 0x1bca3), // controls of shorthand
    (0x1d173, 0x1d17a), // controls of music
    (0x1fffe, 0x1ffff), // no characters, as at the end of every plane
    (0x2fffe, 0x2ffff),
    (0x3fffe, 0x3ffff),
    (0x4fffe, 0x4ffff),
    (0x5fffe, 0x5ffff),
    (0x6fffe, 0x6ffff),
    (0x7fffe, 0x7ffff),
    (0x8fffe, 0x8ffff),
    (0x9fffe, 0x9ffff),
    (0xafffe, 0xbffff),  // up to the end of a plane without characters
    (0xcfffe, 0x10ffff), // tags, selectors of variants, private planes
];

/// Whether a character shows nothing by itself, or changes the direction of what is beside it.
pub fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    let code = c as u32;
    let after = HIDDEN.partition_point(|(first, _)| *first <= code);
    c.is_control() || after.checked_sub(1).is_some_and(|at| code <= HIDDEN[at].1)
}

/// Each character of a text, and how to write it out if it must not stand for itself. A joiner
/// between two characters beyond ASCII may, and a selector after one: Persian, Hindi and many emoji
/// need it.
pub fn written_out(text: &str) -> impl Iterator<Item = (char, Option<String>)> + '_ {
    let (mut earlier, mut before) = (' ', ' ');
    let mut rest = text.chars();
    std::iter::from_fn(move || {
        let c = rest.next()?;
        let after = rest.clone().next().unwrap_or(' ');
        let shows = |c: char| !c.is_ascii() && !is_hidden(c);
        let selector = matches!(c, '\u{fe0e}' | '\u{fe0f}') && shows(before);
        let selected = matches!(before, '\u{fe0e}' | '\u{fe0f}') && shows(earlier);
        let joiner = matches!(c, '\u{200c}' | '\u{200d}');
        let joiner = joiner && (shows(before) || selected) && shows(after);
        (earlier, before) = (before, c);
        let instead = match c {
            _ if joiner || selector => None,
            '\t' => Some("\\t".to_string()),
            '\n' => Some("\\n".to_string()),
            '\r' => Some("\\r".to_string()),
            _ => is_hidden(c).then(|| c.escape_unicode().to_string()),
        };
        Some((c, instead))
    })
}

/// A text as YAML between double quotes, with an escape for every character that must not stand for
/// itself: `\u202e`, `\U000e0041`.
pub fn quoted_for_yaml(text: &str) -> String {
    let mut quoted = String::from("\"");
    for (c, instead) in written_out(text) {
        match (c, instead) {
            ('"' | '\\', _) => quoted.extend(['\\', c]),
            ('\t' | '\n' | '\r', Some(instead)) => quoted.push_str(&instead),
            (_, Some(_)) if c as u32 > 0xffff => quoted.push_str(&format!("\\U{:08x}", c as u32)),
            (_, Some(_)) => quoted.push_str(&format!("\\u{:04x}", c as u32)),
            (_, None) => quoted.push(c),
        }
    }
    quoted + "\""
}

/// A text with every character written out that must not stand for itself.
pub fn visible(text: &str) -> Cow<'_, str> {
    let plain = |byte: u8| (b' '..=b'~').contains(&byte);
    if text.bytes().all(plain) || written_out(text).all(|(_, instead)| instead.is_none()) {
        return Cow::Borrowed(text);
    }
    let pieces = written_out(text);
    Cow::Owned(pieces.map(|(c, instead)| instead.unwrap_or_else(|| c.to_string())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        assert_eq!(visible("a\tb\u{1b}c\u{202e}d"), "a\\tb\\u{1b}c\\u{202e}d");
        for hidden in ['\u{ad}', '\u{200b}', '\u{200d}', '\u{2066}', '\u{feff}', '\u{e0041}'] {
            assert_eq!(
                visible(&format!("chr{hidden}is")),
                format!("chr{}is", hidden.escape_unicode())
            );
        }
        // Fillers, selectors, tags, annotations, format characters of every plane.
        for hidden in "\u{34f}\u{3164}\u{ffa0}\u{fe0f}\u{e0100}\u{1d173}\u{fffe}\u{10ffff}".chars()
        {
            assert!(is_hidden(hidden), "{hidden:?}");
        }
        for seen in "aé日本\u{301}👩".chars() {
            assert!(!is_hidden(seen), "{seen:?}");
        }
        assert_eq!(visible("naïve 日本, a\u{301}"), "naïve 日本, a\u{301}");
    }

    #[test]
    fn joiners_stand_where_words_need_them() {
        for text in ["👩\u{200d}🚀", "می\u{200c}خواهم", "❤\u{fe0f}\u{200d}🔥", "☎\u{fe0e}"]
        {
            assert_eq!(visible(text), text);
        }
        assert_eq!(visible("a\u{fe0f}"), "a\\u{fe0f}");
        assert_eq!(visible("❤\u{fe0f}\u{fe0e}"), "❤\u{fe0f}\\u{fe0e}");
        assert_eq!(visible("é\u{200d}\u{200d}é"), "é\\u{200d}\\u{200d}é");
    }

    #[test]
    fn the_table_is_in_order() {
        assert!(HIDDEN.windows(2).all(|pair| pair[0].1 < pair[1].0));
        assert!(HIDDEN.iter().all(|(first, last)| first <= last));
    }

    #[test]
    fn quotes_hold_what_cannot_be_seen_as_escapes() {
        let text = "a\"b\\c\nd\u{202e}e\u{e0041}é";
        let quoted = quoted_for_yaml(text);
        assert_eq!(quoted, "\"a\\\"b\\\\c\\nd\\u202ee\\U000e0041é\"");
        let read: String = serde_yaml::from_str(&quoted).expect("it is YAML");
        assert_eq!(read, text);
    }
}
