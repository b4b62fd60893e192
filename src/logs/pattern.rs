//! Texts with `*` for anything: paths and user agents.

use std::str::FromStr;

/// A text with `*` for any number of any characters: `/v0/claims*`. It is held against the path;
/// with a `?` in it, against path and query.
///
/// By hand: a path in a log is bytes that need not be UTF-8, and its `?` begins a query; crates for
/// wildcards take text, and `?` for any one character.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Pattern {
    text: String,
    pieces: Vec<Vec<u8>>,
}

impl FromStr for Pattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Pattern, String> {
        if text.is_empty() {
            return Err("a pattern is a text with `*` for anything, such as /v0/claims*".into());
        }
        let pieces = text.split('*').map(|piece| piece.as_bytes().to_vec()).collect();
        Ok(Pattern { text: text.to_string(), pieces })
    }
}

impl Pattern {
    /// As written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether all of a text is of this pattern.
    #[inline]
    pub fn holds(&self, text: &[u8]) -> bool {
        let (first, rest) = self.pieces.split_first().expect("a split has a first piece");
        let Some(mut text) = text.strip_prefix(first.as_slice()) else { return false };
        let Some((last, middle)) = rest.split_last() else { return text.is_empty() };
        for piece in middle {
            let Some(at) = memchr::memmem::find(text, piece) else { return false };
            text = &text[at + piece.len()..];
        }
        text.ends_with(last)
    }

    /// How much of a text it fixes.
    pub(super) fn specificity(&self) -> usize {
        self.pieces.iter().map(Vec::len).sum()
    }

    #[inline]
    pub(super) fn holds_target(&self, target: &[u8]) -> bool {
        if self.text.contains('?') {
            return self.holds(target);
        }
        let path = memchr::memchr(b'?', target).map_or(target, |query| &target[..query]);
        self.holds(path)
    }

    /// The shortest path of this pattern.
    pub fn shortest(&self) -> String {
        self.text.replace('*', "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_hold_whole_texts() {
        let cases = [
            ("/claims", "/claims", true),
            ("/claims", "/claims/1", false),
            ("/claims*", "/claims/1", true),
            ("*.css", "/a.css", true),
            ("*.css", "/a.css.map", false),
            ("/a*b*c", "/a-b-b-c", true),
            ("/a*b*c", "/a-c", false),
            ("/ab*ba", "/aba", false),
            ("*", "", true),
        ];
        for (pattern, text, expected) in cases {
            let pattern: Pattern = pattern.parse().expect("a pattern");
            assert_eq!(pattern.holds(text.as_bytes()), expected, "{pattern:?} {text}");
        }
        assert!("".parse::<Pattern>().is_err());
    }
}
