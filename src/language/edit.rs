//! Changes to the text of a scenario by place: comments, order and everything else stay as they
//! are. Whoever changes a file loads the new text before it is written.

use crate::language::node::{Key, Node, NodeKind};
use crate::language::problem::Problems;
use crate::language::source::{Place, SourceText};
use crate::language::yaml;

/// A text and what is to be changed in it. Places are those of the text as it was.
pub struct Editor {
    text: String,
    root: Option<Node>,
    changes: Vec<Splice>,
}

/// One stretch of bytes and what takes its place.
struct Splice {
    start: usize,
    end: usize,
    new: String,
}

impl Editor {
    /// A text to change.
    pub fn new(text: &str) -> Editor {
        let mut problems = Problems::new(SourceText::file("", text));
        let root = yaml::parse(text, 0, &mut problems);
        Editor { text: text.to_string(), root, changes: Vec::new() }
    }

    /// The tree of the text; `None` if it is not YAML.
    pub fn root(&self) -> Option<&Node> {
        self.root.as_ref()
    }

    /// Replaces a value or a key with other text.
    pub fn replace(&mut self, place: Place, new: impl Into<String>) {
        self.changes.push(Splice { start: place.start, end: place.end, new: new.into() });
    }

    /// Puts text behind a value.
    pub fn after(&mut self, place: Place, new: impl Into<String>) {
        self.changes.push(Splice { start: place.end, end: place.end, new: new.into() });
    }

    /// Puts a line below the line of a place, as deep as that one.
    pub fn line_below(&mut self, place: Place, new: &str) {
        let (start, end) = self.line(place.line);
        let line = &self.text[start..end];
        let indent = &line[..line.len() - line.trim_start().len()];
        let at = self.line_end(end);
        let before = if at > end { "" } else { "\n" };
        self.changes.push(Splice { start: at, end: at, new: format!("{before}{indent}{new}\n") });
    }

    /// Removes the whole line of a place.
    pub fn remove_line(&mut self, place: Place) {
        let (start, end) = self.line(place.line);
        let end = self.line_end(end);
        self.changes.push(Splice { start, end, new: String::new() });
    }

    /// Puts other text in the place of the whole line of a place, as deep as that one.
    pub fn replace_line(&mut self, place: Place, new: &str) {
        let (start, end) = self.line(place.line);
        let line = &self.text[start..end];
        let indent = &line[..line.len() - line.trim_start().len()];
        let new = format!("{indent}{new}");
        self.changes.push(Splice { start, end, new });
    }

    /// Renames every key and every single value that has this text.
    pub fn rename(&mut self, old: &str, new: &str) {
        let mut places = Vec::new();
        if let Some(root) = &self.root {
            named(root, old, &mut places);
        }
        for place in places {
            self.replace(place, new);
        }
    }

    /// Changes the comment at the end of a line (from 1); where there is none, it is made.
    pub fn comment(&mut self, line: u32, change: impl FnOnce(&str) -> String) {
        let (start, end) = self.line(line);
        let text = &self.text[start..end];
        let (code, comment) = match comment_at(text) {
            Some(at) => (text[..at].trim_end(), text[at + 1..].trim()),
            None => (text.trim_end(), ""),
        };
        let new = change(comment);
        // A comment stays in its column.
        let gap = comment_at(text).map_or(1, |at| at - code.len());
        let new = format!("{}# {new}", " ".repeat(gap.max(1)));
        self.changes.push(Splice { start: start + code.len(), end, new });
    }

    /// Changes the comment at the end of a line (from 1), if there is one; without words it goes.
    pub fn comment_if_any(&mut self, line: u32, change: impl FnOnce(&str) -> String) {
        let (start, end) = self.line(line);
        let text = &self.text[start..end];
        let Some(at) = comment_at(text) else { return };
        let (code, old) = (text[..at].trim_end().len(), text[at + 1..].trim());
        let new = change(old);
        match new.as_str() {
            new if new == old => {}
            "" => self.changes.push(Splice { start: start + code, end, new: String::new() }),
            _ => self.comment(line, |_| new.clone()),
        }
    }

    /// Says who said so of a value, in the comment of its line: `[o] ann, 2018-11-01`. Where the
    /// line has other values too, `key` names this one, and what is assumed of them stays assumed.
    pub fn mark_owner(&mut self, place: Place, key: &str, said: &str) {
        let alone = self.root().is_some_and(|root| values_of_line(root, place.line) == 1);
        let key = if alone { "" } else { key };
        self.comment(place.line, |old| {
            let parts = old.split("; ").map(str::trim).filter(|part| !part.is_empty());
            // `[a]` alone is of the whole line: of the rest of it from now on, or of nothing.
            let kept = parts.filter_map(|part| match (part.strip_prefix("[a]"), key) {
                (Some(rest), "") => Some(rest.trim_start()).filter(|rest| !rest.is_empty()),
                (Some(""), _) => Some("[a] the rest"),
                _ => Some(part),
            });
            let kept = kept.collect::<Vec<_>>().join("; ");
            marked(&kept, key, said)
        });
    }

    /// The comment at the end of a line (from 1).
    pub fn comment_of(&self, line: u32) -> &str {
        let (start, end) = self.line(line);
        let text = &self.text[start..end];
        comment_at(text).map_or("", |at| text[at + 1..].trim())
    }

    /// The comment of a line (from 1) that has nothing else on it.
    pub fn comment_line(&self, line: u32) -> &str {
        let (start, end) = self.line(line);
        self.text[start..end].trim_start().strip_prefix('#').map_or("", str::trim)
    }

    /// How many columns a line (from 1) is indented.
    pub fn indent_of(&self, line: u32) -> usize {
        let (start, end) = self.line(line);
        let line = &self.text[start..end];
        line.chars().take_while(|letter| letter.is_whitespace()).count()
    }

    /// The text at a place.
    pub fn text_of(&self, place: Place) -> &str {
        self.text.get(place.start..place.end).unwrap_or_default()
    }

    /// The text with everything changed.
    pub fn finish(mut self) -> String {
        // From the end, so that earlier places stay where they are.
        self.changes.sort_by_key(|change| (change.start, change.end));
        let mut text = self.text;
        let mut last = usize::MAX;
        for change in self.changes.iter().rev().filter(|change| change.start <= change.end) {
            if change.end <= last && text.is_char_boundary(change.start) {
                text.replace_range(change.start..change.end, &change.new);
                last = change.start;
            }
        }
        text
    }

    /// Where a line (from 1) begins and ends, without its end of line.
    fn line(&self, number: u32) -> (usize, usize) {
        let mut start = 0;
        for (index, line) in self.text.split_inclusive('\n').enumerate() {
            if index + 1 == number as usize {
                let bare = line.trim_end_matches(['\n', '\r']);
                return (start, start + bare.len());
            }
            start += line.len();
        }
        (self.text.len(), self.text.len())
    }

    /// The byte after the end of the line that ends here.
    fn line_end(&self, end: usize) -> usize {
        let rest = &self.text[end..];
        let ending = ["\r\n", "\n"].into_iter().find(|ending| rest.starts_with(ending));
        end + ending.map_or(0, str::len)
    }
}

/// Where the comment of a line begins, at its `#`.
fn comment_at(line: &str) -> Option<usize> {
    let (mut quote, mut before) = (None, ' ');
    for (at, letter) in line.char_indices() {
        match (quote, letter) {
            (None, '#') if before.is_whitespace() => return Some(at),
            (None, '"' | '\'') if !before.is_alphanumeric() => quote = Some(letter),
            (Some(open), letter) if open == letter && before != '\\' => quote = None,
            _ => {}
        }
        before = letter;
    }
    None
}

fn named(node: &Node, text: &str, places: &mut Vec<Place>) {
    match &node.kind {
        NodeKind::Scalar(scalar) if scalar.text == text => places.push(node.place),
        NodeKind::List(items) => items.iter().for_each(|item| named(item, text, places)),
        NodeKind::Map(entries) => {
            for (Key { place, text: key }, value) in entries {
                if key == text {
                    places.push(*place);
                }
                named(value, text, places);
            }
        }
        NodeKind::Scalar(_) | NodeKind::Null => {}
    }
}

fn values_of_line(node: &Node, line: u32) -> usize {
    match &node.kind {
        NodeKind::Scalar(_) => usize::from(node.place.line == line),
        NodeKind::List(items) => items.iter().map(|item| values_of_line(item, line)).sum(),
        NodeKind::Map(entries) => {
            entries.iter().map(|(_, value)| values_of_line(value, line)).sum()
        }
        NodeKind::Null => 0,
    }
}

/// A comment with one more thing in it.
pub fn joined(old: &str, new: &str) -> String {
    match old {
        "" => new.to_string(),
        old => format!("{old}; {new}"),
    }
}

/// A comment with who said so of a key, or of its line where the key is empty: once, in the place
/// of what was said of the same before.
pub fn marked(old: &str, key: &str, said: &str) -> String {
    let key = if key.is_empty() { String::new() } else { format!("{key}: ") };
    let mark = format!("[o] {key}{said}");
    let again = |part: &&str| match key.as_str() {
        "" => *part != mark,
        key => !part.strip_prefix("[o] ").is_some_and(|rest| rest.starts_with(key)),
    };
    let kept: Vec<&str> = old.split("; ").filter(again).collect();
    joined(&kept.join("; "), &mark)
}

/// Text as a single value, in quotes wherever something in it could be read as anything else.
pub fn scalar(text: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || " -.%/<~_+".contains(letter);
    let begins = text.starts_with(|letter: char| letter.is_alphanumeric() || "<~".contains(letter));
    let words = ["yes", "no", "on", "off", "true", "false", "null", "y", "n"];
    let word = words.contains(&text.to_lowercase().as_str());
    match begins && !word && !text.ends_with(' ') && text.chars().all(plain) {
        true => text.to_string(),
        false => serde_json::Value::from(text).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "a: {b: \"?\", c: x?}   # [a] both\r\nlist:\r\n  - x?\r\n  - \"# no\"\r\nd: 1";

    fn place(editor: &Editor, keys: &[&str]) -> Place {
        let root = editor.root().expect("YAML");
        keys.iter().try_fold(root, |node, key| node.get(key)).expect("there").place
    }

    #[test]
    fn only_what_is_meant_changes() {
        let mut editor = Editor::new(TEXT);
        let open = place(&editor, &["a", "b"]);
        editor.replace(open, scalar("17:30"));
        editor.comment(1, |old| format!("{old}; [o] b"));
        editor.rename("x?", "y");
        editor.line_below(place(&editor, &["d"]), "e: 2");
        let changed = concat!(
            "a: {b: \"17:30\", c: y}   # [a] both; [o] b\r\n",
            "list:\r\n  - y\r\n  - \"# no\"\r\nd: 1\ne: 2\n"
        );
        assert_eq!(editor.finish(), changed);
    }

    #[test]
    fn a_sign_in_quotes_is_no_comment() {
        let mut editor = Editor::new(TEXT);
        assert_eq!((editor.comment_of(1), editor.comment_of(4)), ("[a] both", ""));
        editor.comment(4, |_| "new".to_string());
        editor.remove_line(place(&editor, &["d"]));
        assert!(editor.finish().ends_with("  - \"# no\" # new\r\n"));
    }

    #[test]
    fn marks_say_what_they_are_of_and_no_more() {
        let ours = |text: &str, key: &str| {
            let mut editor = Editor::new(text);
            let place = place(&editor, &["a", key]);
            editor.mark_owner(place, key, "ann, 2018-11-01");
            editor.finish()
        };
        let once = ours("a: {b: 1, c: 2} # [a]", "b");
        assert_eq!(once, "a: {b: 1, c: 2} # [a] the rest; [o] b: ann, 2018-11-01");
        assert_eq!(ours(&once, "b"), once, "said twice, it is there once");
        // Nothing was assumed here, and nothing is now.
        let plan = ours("a: {b: 1, c: 2} # plan: line 9", "c");
        assert_eq!(plan, "a: {b: 1, c: 2} # plan: line 9; [o] c: ann, 2018-11-01");
        assert_eq!(
            ours("a: {b: 1} # [a] a guess", "b"),
            "a: {b: 1} # a guess; [o] ann, 2018-11-01"
        );
        assert_eq!(ours("a: {b: 1} # [a]", "b"), "a: {b: 1} # [o] ann, 2018-11-01");
        let twice = ours("a: {b: 1} # [o] ann, 2018-11-01", "b");
        assert_eq!(twice, "a: {b: 1} # [o] ann, 2018-11-01");
    }

    #[test]
    fn values_are_quoted_where_they_must_be() {
        for (text, written) in [
            ("~45m", "~45m"),
            ("5%", "5%"),
            ("17:30", "\"17:30\""),
            ("no", "\"no\""),
            ("?", "\"?\""),
            ("Zoë O'Neil", "\"Zoë O'Neil\""),
            ("a, b", "\"a, b\""),
        ] {
            assert_eq!(scalar(text), written);
        }
    }
}
