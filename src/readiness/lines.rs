//! A statement as a line of the record.

use crate::language::edit::{Editor, scalar};
use crate::language::node::NodeKind;

/// What is to be written down, word by word; what is wrong with it [`read`](super::read()) says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewStatement {
    /// Keys and values, in their order.
    pub pairs: Vec<(&'static str, String)>,
}

impl NewStatement {
    /// The same with one more value.
    pub fn with(mut self, key: &'static str, value: impl Into<String>) -> NewStatement {
        self.pairs.push((key, value.into()));
        self
    }

    /// The same with a value that may be missing.
    pub fn maybe(self, key: &'static str, value: Option<String>) -> NewStatement {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// `- {criterion: all www traffic, of: oit, says: met, by: josh}`.
    fn line(&self) -> String {
        let pairs: Vec<String> = self
            .pairs
            .iter()
            .map(|(key, value)| format!("{key}: {}", written_value(value)))
            .collect();
        format!("- {{{}}}", pairs.join(", "))
    }
}

/// A value on one line.
pub fn written_value(text: &str) -> String {
    scalar(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// How a record begins.
pub const BEGINS: &str = "# Made by `sim go`";

/// A record in which nothing is said yet.
pub fn begun(scenario: &str) -> String {
    format!(
        "{BEGINS}: statements before the go/no-go, oldest first.\n\
         # What must be known is in the scenario.\n\
         # Lines may be added by hand; nothing is removed: a new statement is one more line.\n\
         scenario: {}\n",
        written_value(scenario)
    )
}

/// The text with one more statement behind all others; `None`: it has no place for one.
pub fn added(text: &str, statement: &NewStatement) -> Option<String> {
    let line = statement.line();
    let editor = Editor::new(text);
    let Some(list) = editor.root()?.get("statements") else {
        let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        return Some(format!("{text}{gap}statements:\n  {line}\n"));
    };
    let items = match &list.kind {
        NodeKind::List(items) => items,
        // The list is begun, and nothing is in it.
        NodeKind::Null => {
            let gap = if text.ends_with('\n') { "" } else { "\n" };
            let open = text.trim_end().ends_with("statements:");
            return open.then(|| format!("{text}{gap}  {line}\n"));
        }
        _ => return None,
    };
    let before = text.get(..items.last()?.place.start)?;
    let begins = before.rfind('\n').map_or(0, |at| at + 1);
    let last = &text[begins..];
    let indent = indent(last);
    // In a list between brackets a line of its own has no place.
    if !last[indent..].starts_with("- ") {
        return None;
    }
    // Whatever is deeper than its dash belongs to the last statement.
    let (mut end, mut at) = (begins, begins);
    for (position, line) in last.split_inclusive('\n').enumerate() {
        let (blank, deeper) = (line.trim().is_empty(), self::indent(line) > indent);
        at += line.len();
        if position == 0 || !blank && deeper {
            end = at;
        } else if !blank {
            break;
        }
    }
    let (head, tail) = text.split_at(end);
    let gap = if head.ends_with('\n') { "" } else { "\n" };
    Some(format!("{head}{gap}{}{line}\n{tail}", &last[..indent]))
}

/// How many blanks a line begins with.
fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(word: &str) -> NewStatement {
        NewStatement::default()
            .with("poll", "oit")
            .with("says", word)
            .with("as_of", "2018-11-05T15:00")
    }

    #[test]
    fn lines_are_added_at_the_end_and_nothing_else_changes() {
        let first = added(&begun("the launch: at last"), &said("asked")).expect("a place");
        let both = added(&first.replace("# Lines", "# Ours"), &said("go")).expect("a place");
        let end = "scenario: \"the launch: at last\"\nstatements:\n  \
                   - {poll: oit, says: asked, as_of: \"2018-11-05T15:00\"}\n  \
                   - {poll: oit, says: go, as_of: \"2018-11-05T15:00\"}\n";
        assert!(both.contains("# Ours may be added"), "{both}");
        assert!(both.ends_with(end), "{both}");
    }

    #[test]
    fn statements_by_hand_may_take_several_lines() {
        let text = "scenario: a\nstatements:\n- poll: oit\n  says: go\n\n  by: josh\n\n# the end\n";
        let both = added(text, &said("go")).expect("a place");
        let line =
            "  by: josh\n- {poll: oit, says: go, as_of: \"2018-11-05T15:00\"}\n\n# the end\n";
        assert!(both.ends_with(line), "{both}");
        let bare = added("scenario: a\nstatements:\n- {poll: oit}", &said("go"));
        assert!(bare.expect("a place").contains("- {poll: oit}\n- {poll: oit, says"));
    }

    #[test]
    fn a_list_between_brackets_has_no_place_for_a_line() {
        assert_eq!(added("scenario: a\nstatements: [{poll: oit}]\n", &said("go")), None);
        assert_eq!(added("scenario: a\nstatements: none\n", &said("go")), None);
        assert_eq!(added("scenario: [a\n", &said("go")), None);
    }

    #[test]
    fn a_value_stays_on_its_line() {
        assert_eq!(written_value("go\nno-go"), "go no-go");
        assert_eq!(written_value("a, {b: c} # d"), "\"a, {b: c} # d\"");
    }
}
