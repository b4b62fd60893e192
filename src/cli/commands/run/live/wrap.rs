//! Wraps the lines of the room to the width of the terminal.

use crate::report::{columns_of, hanging_after};

/// What is said as wide as the terminal: longer lines go on below where their text begins.
pub(super) fn wrapped(text: &str, columns: usize) -> String {
    let fold = |line: &str| {
        // What has colours is laid out already; the chime is not a word.
        if columns_of(line) <= columns || line.contains(char::is_control) {
            return line.to_string();
        }
        let (head, words) = line.split_at(begins(line));
        let mut folded = String::new();
        hanging_after(&mut folded, head, words, columns);
        folded.trim_end().to_string()
    };
    text.split('\n').map(fold).collect::<Vec<_>>().join("\n")
}

/// Where the text of a line begins: after its last column of names and moments.
fn begins(line: &str) -> usize {
    /// Columns of names and moments end here at the latest.
    const LATEST: usize = 36;
    let bytes = line.as_bytes();
    let after_a_gap = |at: &usize| bytes[at - 2..*at] == *b"  " && bytes[*at] != b' ';
    (2..bytes.len().min(LATEST + 1)).rev().find(after_a_gap).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_folded_where_its_text_begins_and_loses_no_word() {
        let said = "[controller] 18:09:33  asks      chris by email: go ahead with \
                    reverse-proxy-update?\nshort";
        let wrapped = wrapped(said, 60);
        let lines: Vec<&str> = wrapped.lines().collect();
        let expected = [
            "[controller] 18:09:33  asks      chris by email: go ahead",
            "                                 with reverse-proxy-update?",
            "short",
        ];
        assert_eq!(lines, expected);
        let odd = super::wrapped("18:17:34  fault     outage of the proxies ends at last", 40);
        assert!(odd.ends_with(&format!("outage of the\n{:20}proxies ends at last", "")), "{odd}");
        let plain = "The clock is stopped until everybody has said what they think of it";
        assert_eq!(super::wrapped(plain, 40).lines().count(), 2);
        for text in [said, plain, "  WHO  é", ""] {
            for columns in [24, 40, 80] {
                // A word that is wider than the terminal is broken.
                let signs = |text: &str| text.split_whitespace().collect::<String>();
                assert_eq!(signs(text), signs(&super::wrapped(text, columns)), "{columns}");
            }
        }
    }
}
