//! What has been measured or found by the simulator, as answers to propose.

use crate::language::edit::{Editor, scalar};
use crate::language::node::{Key, Node, NodeKind};

/// A value for a place of the scenario, and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The path of the place, as `--set` takes it: `channels.email.answers`, `rules.Slow.expr`.
    pub path: String,
    /// As a scenario writes it.
    pub value: String,
    /// What it rests on: `12 of 20 answered`.
    pub basis: String,
}

/// All that there is to propose. Of two figures for one place the later one counts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Proposals {
    figures: Vec<Proposal>,
}

/// The sections of a part whose values are measured; who somebody is never is.
const SECTIONS: [&str; 4] = ["channels", "changes", "baseline", "traffic"];

impl Proposals {
    /// Adds a figure.
    pub fn add(&mut self, figure: Proposal) {
        self.figures.push(figure);
    }

    /// Adds every figure of a part of a scenario, such as `sim rollcall` and `sim crew` write;
    /// `source` is what they rest on where no comment says it. Returns how many there were.
    pub fn add_part(&mut self, text: &str, source: &str) -> usize {
        let before = self.figures.len();
        let editor = Editor::new(text);
        for section in SECTIONS {
            if let Some(node) = editor.root().and_then(|root| root.get(section)) {
                self.add_below(node, section, &editor, source);
            }
        }
        self.figures.len() - before
    }

    /// The figure for a place.
    pub fn figure(&self, path: &str) -> Option<&Proposal> {
        self.figures.iter().rev().find(|figure| figure.path == path)
    }

    fn add_below(&mut self, node: &Node, path: &str, editor: &Editor, source: &str) {
        let entries = node.entries().unwrap_or_default();
        for (key, value) in entries {
            let path = format!("{path}.{}", key.text);
            if let Some(value_written) = written(value) {
                let comment = editor.comment_of(value.place.line).trim();
                let comment = comment.strip_prefix("[c] ").unwrap_or(comment);
                let basis = match comment.is_empty() {
                    true => source.to_string(),
                    false => format!("{source}: {comment}"),
                };
                self.add(Proposal { path: path.clone(), value: value_written, basis });
            }
            self.add_below(value, &path, editor, source);
        }
    }
}

/// A value as one: a single one, or the parts of a time that varies.
fn written(node: &Node) -> Option<String> {
    match &node.kind {
        NodeKind::Scalar(value) => (value.text != "?").then(|| scalar(&value.text)),
        NodeKind::Map(parts) if parts.iter().any(|(part, _)| part.text == "median") => {
            let part = |(key, value): &(Key, Node)| {
                Some(format!("{}: {}", key.text, scalar(value.text()?)))
            };
            let parts: Option<Vec<String>> = parts.iter().map(part).collect();
            Some(format!("{{{}}}", parts?.join(", ")))
        }
        NodeKind::Map(_) | NodeKind::List(_) | NodeKind::Null => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_proposes_what_it_measures() {
        let part = "channels:\n  phone: {answers: 75%, after: {median: 50s, p99: 4m}}  # 9 of 12\n\
                    changes:\n  revert: ~6m\n  page: \"?\"\npeople:\n  ann: {role: ops}\n";
        let mut measured = Proposals::default();
        measured.add_part(part, "part.yaml");
        let measured_at = |path: &str| measured.figure(path).map(|figure| figure.value.as_str());
        assert_eq!(measured_at("channels.phone.answers"), Some("75%"));
        assert_eq!(measured_at("channels.phone.after"), Some("{median: 50s, p99: 4m}"));
        assert_eq!(measured_at("changes.revert"), Some("~6m"));
        assert_eq!((measured_at("changes.page"), measured_at("people.ann.role")), (None, None));
        let basis = measured.figure("channels.phone.answers").map(|figure| figure.basis.as_str());
        assert_eq!(basis, Some("part.yaml: 9 of 12"));
    }
}
