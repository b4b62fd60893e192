//! Characters that would not be seen, or would change how others are seen, written out.

use std::borrow::Cow;

/// Whether a character shows nothing by itself, or changes the direction of what stands beside it.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' // the soft hyphen
            | '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' // directions
            | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{206f}' | '\u{feff}' // no width
            | '\u{2028}'..='\u{2029}' // line ends
            | '\u{fff9}'..='\u{fffb}' // annotations
            | '\u{e0000}'..='\u{e007f}') // tags
}

/// Each character of a text, and how to write it out if it must not stand for itself. A joiner
/// between two characters beyond ASCII may: Persian, Hindi and many emoji need it.
pub fn written_out(text: &str) -> impl Iterator<Item = (char, Option<String>)> + '_ {
    let mut before = ' ';
    let mut rest = text.chars();
    std::iter::from_fn(move || {
        let c = rest.next()?;
        let after = rest.clone().next().unwrap_or(' ');
        let joins = |c: char| !c.is_ascii() && !is_hidden(c);
        let joiner = matches!(c, '\u{200c}' | '\u{200d}') && joins(before) && joins(after);
        before = c;
        let instead = match c {
            _ if joiner => None,
            '\t' => Some("\\t".to_string()),
            '\n' => Some("\\n".to_string()),
            '\r' => Some("\\r".to_string()),
            _ => is_hidden(c).then(|| c.escape_unicode().to_string()),
        };
        Some((c, instead))
    })
}

/// A text with every character written out that must not stand for itself.
pub fn visible(text: &str) -> Cow<'_, str> {
    if written_out(text).all(|(_, instead)| instead.is_none()) {
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
        assert_eq!(visible("naïve 日本, a\u{301}"), "naïve 日本, a\u{301}");
    }

    #[test]
    fn joiners_stand_where_words_need_them() {
        for text in ["👩\u{200d}🚀", "می\u{200c}خواهم"] {
            assert_eq!(visible(text), text);
        }
        assert_eq!(visible("é\u{200d}\u{200d}é"), "é\\u{200d}\\u{200d}é");
    }
}
