//! How an input is known: `[c]`, calibrated, `[a]`, assumed, and `[o]`, ours, in the comments
//! beside it.

use crate::journal::Basis;

/// The longest note that is kept, in characters.
const LONGEST: usize = 160;
/// A mapping in braces that goes on for more lines than this has no comment at its end.
const LINES: usize = 50;

/// The marks of one text, line by line.
pub struct Marks {
    lines: Vec<SourceTextLine>,
}

/// What a line says beside its keys and values.
struct SourceTextLine {
    /// Columns before the first character.
    indent: usize,
    kind: LineKind,
    comment: String,
    /// Brackets and braces opened and not closed, less those closed and not opened.
    opens: i32,
}

#[derive(PartialEq)]
enum LineKind {
    Blank,
    Comment,
    Item,
    Key,
}

/// A mark and the words after it.
struct Mark {
    basis: Basis,
    note: String,
}

impl Marks {
    /// Reads the comments of a text.
    pub fn new(text: &str) -> Marks {
        Marks { lines: text.lines().map(SourceTextLine::new).collect() }
    }

    /// How the value of a key on this line (from 1) is known, and what the comment says of it. The
    /// nearest comment counts: on the line, where its braces close, directly above, then those of
    /// the keys that it lies under.
    pub fn basis(&self, line: u32, key: &str) -> Option<(Basis, String)> {
        let mut at = (line as usize).checked_sub(1).filter(|at| *at < self.lines.len())?;
        loop {
            let found = [self.beside(at), self.above(at)];
            let mut found = found.into_iter().map(|text| of_key(marks(&text), key));
            if let Some(marks) = found.find(|marks| !marks.is_empty()) {
                return Some(chosen(marks, key));
            }
            at = self.parent(at)?;
        }
    }

    /// The comment on the line, or where what it opens closes.
    fn beside(&self, at: usize) -> String {
        let mut depth = 0;
        for line in self.lines[at..].iter().take(LINES) {
            depth += line.opens;
            if depth <= 0 || line.comment.contains('[') {
                return line.comment.clone();
            }
        }
        String::new()
    }

    /// The lines of comment directly above, as deep as the line itself.
    fn above(&self, at: usize) -> String {
        let indent = self.lines[at].indent;
        let comments = self.lines[..at].iter().rev();
        let comments =
            comments.take_while(|line| line.kind == LineKind::Comment && line.indent == indent);
        let mut texts: Vec<&str> = comments.map(|line| line.comment.as_str()).collect();
        texts.reverse();
        texts.join(" ")
    }

    /// The line of the key that this one lies under.
    fn parent(&self, at: usize) -> Option<usize> {
        let line = &self.lines[at];
        self.lines[..at].iter().rposition(|above| match above.kind {
            LineKind::Blank | LineKind::Comment => false,
            _ if above.indent < line.indent => true,
            LineKind::Key => above.indent == line.indent && line.kind == LineKind::Item,
            LineKind::Item => false,
        })
    }
}

impl SourceTextLine {
    fn new(text: &str) -> SourceTextLine {
        let (mut quote, mut opens, mut before) = (None, 0, ' ');
        let mut comment = String::new();
        for (at, character) in text.char_indices() {
            match (quote, character) {
                (None, '#') if before.is_whitespace() => {
                    comment = text[at + 1..].trim().to_string();
                    break;
                }
                (None, '"' | '\'') if !before.is_alphanumeric() => quote = Some(character),
                (Some(open), character) if open == character => quote = None,
                (None, '[' | '{') => opens += 1,
                (None, ']' | '}') => opens -= 1,
                _ => {}
            }
            before = character;
        }
        let code = text.trim_start();
        let kind = match code.chars().next() {
            None => LineKind::Blank,
            Some('#') => LineKind::Comment,
            Some('-') => LineKind::Item,
            Some(_) => LineKind::Key,
        };
        SourceTextLine { indent: text.len() - code.len(), kind, comment, opens }
    }
}

/// The marks in a comment, in order.
fn marks(comment: &str) -> Vec<Mark> {
    let mut found = Vec::new();
    let mut rest = comment;
    let next = |text: &str| {
        let marks =
            [("[c]", Basis::Calibrated), ("[a]", Basis::Assumed), ("[o]", Basis::Ours)].into_iter();
        marks.filter_map(|(mark, basis)| Some((text.find(mark)?, basis))).min_by_key(|(at, _)| *at)
    };
    while let Some((at, basis)) = next(rest) {
        rest = &rest[at + 3..];
        let end = next(rest).map_or(rest.len(), |(at, _)| at);
        let note = rest[..end].trim_matches([' ', ';', ',', '.', ':']);
        found.push(Mark { basis, note: note.chars().take(LONGEST).collect() });
        rest = &rest[end..];
    }
    found
}

/// Without what somebody has said of another key alone: `[o] rate: ann, 2018-11-01`.
fn of_key(mut marks: Vec<Mark>, key: &str) -> Vec<Mark> {
    marks.retain(|mark| match (mark.basis, mark.note.split_once(": ")) {
        (Basis::Ours, Some((named, _))) => named == key,
        _ => true,
    });
    marks
}

/// Which of several marks a key has: the one that names it, else the one for the rest, else
/// assumed unless all say the same.
fn chosen(marks: Vec<Mark>, key: &str) -> (Basis, String) {
    let word = |note: &str, wanted: &str| {
        note.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == wanted)
    };
    let rest = |mark: &&Mark| {
        mark.note.is_empty() || word(&mark.note, "rest") || word(&mark.note, "other")
    };
    let named = marks.iter().find(|mark| word(&mark.note, key));
    let same = marks.iter().all(|mark| mark.basis == marks[0].basis).then_some(&marks[0]);
    match named.or(same).or(marks.iter().find(rest)) {
        Some(mark) => (mark.basis, mark.note.clone()),
        None => (Basis::Assumed, String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# [c] nobody's: a blank line follows

traffic:
  visits:              # [c] about 800 active users
    - {at: 0m, rate: 1/s}
    - {at: 60m, rate: 2/s}   # [a] the announcement
  patience: 30s        # [a]
  note: \"a # [c] in quotes\"
  # [c] threads (VGT#41448) and their
  # timeouts; [a] the other sizes
  tiers:
    api: {threads: 16, takes: 60ms,
          errors: 1%}  # [c] threads, errors; [a] the rest
    web: {threads: 4, queue: 7}
  plain: 5
steps:
- one                  # nothing
";

    fn basis(line: u32, key: &str) -> Option<(Basis, String)> {
        Marks::new(TEXT).basis(line, key)
    }

    fn calibrated(note: &str) -> Option<(Basis, String)> {
        Some((Basis::Calibrated, note.to_string()))
    }

    fn assumed(note: &str) -> Option<(Basis, String)> {
        Some((Basis::Assumed, note.to_string()))
    }

    #[test]
    fn the_nearest_comment_counts() {
        assert_eq!(basis(4, "visits"), calibrated("about 800 active users"));
        assert_eq!(basis(5, "rate"), calibrated("about 800 active users"));
        assert_eq!(basis(6, "rate"), assumed("the announcement"));
        assert_eq!(basis(7, "patience"), assumed(""));
        assert_eq!(basis(14, "threads"), calibrated("threads (VGT#41448) and their timeouts"));
        assert_eq!(basis(14, "queue"), assumed("the other sizes"));
    }

    #[test]
    fn several_marks_say_which_keys_they_mean() {
        assert_eq!(basis(12, "threads"), calibrated("threads, errors"));
        assert_eq!(basis(12, "takes"), assumed("the rest"));
        assert_eq!(basis(13, "errors"), calibrated("threads, errors"));
        let unclear = Marks::new("a: 1   # [c] half of it; [a] by whom").basis(1, "a");
        assert_eq!(unclear, assumed(""), "in doubt assumed");
        let rest = Marks::new("a: {b: 1, c: 2}   # [a]; [c] c");
        assert_eq!((rest.basis(1, "b"), rest.basis(1, "c")), (assumed(""), calibrated("c")));
        let ours = Marks::new("a: {b: 1, c: 2}   # [a]; [o] c: Ann, 2018-11-04");
        let said = Some((Basis::Ours, "c: Ann, 2018-11-04".to_string()));
        assert_eq!((ours.basis(1, "b"), ours.basis(1, "c")), (assumed(""), said.clone()));
        // What is said of one key alone is not said of another.
        let below = Marks::new("x: # [a]\n  a: {b: 1, c: 2}   # [o] c: Ann, 2018-11-04");
        assert_eq!((below.basis(2, "b"), below.basis(2, "c")), (assumed(""), said));
        assert_eq!(Marks::new("a: {b: 1, c: 2} # [o] c: Ann, 2018-11-04").basis(1, "b"), None);
    }

    #[test]
    fn no_comment_no_mark() {
        for (line, key) in [(8, "note"), (15, "plain"), (17, "steps"), (0, "x"), (99, "x")] {
            assert_eq!(basis(line, key), None, "line {line}");
        }
        assert_eq!(Marks::new("").basis(1, "x"), None);
    }
}
