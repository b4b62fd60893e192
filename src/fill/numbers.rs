//! The numbers of a scenario that say what the world is like, and which of them somebody has
//! answered or parked.

use crate::language::edit::Editor;
use crate::language::node::{Node, NodeKind};
use crate::language::source::Place;
use jiff::civil::Date;

use super::parked::{self, Parked};

/// The sections that they stand in.
const SECTIONS: [&str; 4] = ["traffic", "site", "channels", "changes"];

/// A number as it is written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct WrittenNumber {
    /// Its path, as `--set` takes it.
    pub path: String,
    pub place: Place,
    pub text: String,
}

impl WrittenNumber {
    /// The last part of its path.
    pub(super) fn key(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or_default()
    }

    /// Who has it parked.
    pub(super) fn parked(&self, editor: &Editor) -> Option<Parked> {
        parked::from_comment(editor.comment_of(self.place.line), self.key())
    }

    /// Whether somebody has answered it, or has it parked until a day that is not over.
    pub(super) fn is_settled(&self, editor: &Editor, today: Date) -> bool {
        let comment = editor.comment_of(self.place.line);
        let unnamed = |mark: &str| {
            let said = mark.split([';', '[']).next().unwrap_or_default();
            !said.contains(": ")
        };
        // A line of one number is answered without its name.
        let alone = !comment.contains("[a]") && comment.split("[o] ").skip(1).any(unnamed);
        alone
            || comment.contains(&format!("[o] {}: ", self.key()))
            || self.parked(editor).is_some_and(|parked| !parked.is_over(today))
    }
}

/// All numbers of a text.
pub(super) fn numbers(editor: &Editor) -> Vec<WrittenNumber> {
    let mut found = Vec::new();
    for section in SECTIONS {
        if let Some(node) = editor.root().and_then(|root| root.get(section)) {
            collect(node, section, &mut found);
        }
    }
    found
}

fn collect(node: &Node, path: &str, found: &mut Vec<WrittenNumber>) {
    match &node.kind {
        NodeKind::Scalar(scalar) if doubled(&scalar.text).is_some() => {
            let (path, text) = (path.to_string(), scalar.text.clone());
            found.push(WrittenNumber { path, place: node.place, text });
        }
        NodeKind::List(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &format!("{path}.{index}"), found);
            }
        }
        NodeKind::Map(entries) => {
            for (key, value) in entries {
                collect(value, &format!("{path}.{}", key.text), found);
            }
        }
        NodeKind::Scalar(_) | NodeKind::Null => {}
    }
}

/// A number as written, twice as large: `~60ms` as `~120ms`, `2m..20m` as `4m..40m`, `40%` as
/// `80%`. A share stays below all; a time that is none gives nothing.
pub(super) fn doubled(text: &str) -> Option<String> {
    if let Some((from, to)) = text.split_once("..") {
        return Some(format!("{}..{}", doubled(from)?, doubled(to)?));
    }
    let sign = if text.starts_with(['~', '<']) { &text[..1] } else { "" };
    let rest = &text[sign.len()..];
    let digits = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.');
    let (number, unit) = rest.split_at(digits.unwrap_or(rest.len()));
    if !["", "%", "ms", "s", "m", "h", "x", "/s", "/m", "/h"].contains(&unit) {
        return None;
    }
    let value: f64 = number.parse().ok().filter(|value| *value > 0.0)?;
    let twice = match unit {
        // Twice 85% is no share: half of what is missing instead.
        "%" if value > 50.0 => value + (100.0 - value) / 2.0,
        _ => value * 2.0,
    };
    (twice.is_finite() && twice < 1e12).then(|| format!("{sign}{twice}{unit}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_answered_or_parked_is_known() {
        let text = "traffic:\n  tools: {a: {requests: 2, think: 3s}} # [a]; [o] requests: ann, \
                    2018-10-30\n  patience: 30s # [o] ann, 2018-10-30\nchannels: {phone: {answers: \
                    40%, after: 1m}} # [a]; parked: bo, 2018-11-02; after: by ann, 2018-10-30\n";
        let editor = Editor::new(text);
        let settled = |today: &str| {
            let today = today.parse().expect("a day");
            let all = numbers(&editor);
            let settled = all.iter().filter(|number| number.is_settled(&editor, today));
            settled.map(|number| number.key().to_string()).collect::<Vec<_>>()
        };
        assert_eq!(settled("2018-11-02"), ["requests", "patience", "after"]);
        assert_eq!(settled("2018-11-03"), ["requests", "patience"], "its day is over");
    }

    #[test]
    fn numbers_are_doubled_as_they_are_written() {
        for (text, twice) in [
            ("~60ms", Some("~120ms")),
            ("2m..20m", Some("4m..40m")),
            ("40%", Some("80%")),
            ("85%", Some("92.5%")),
            ("0.6/s", Some("1.2/s")),
            ("16", Some("32")),
            ("0m", None),
            ("proxy", None),
            ("2018-11-04", None),
            ("?", None),
        ] {
            assert_eq!(doubled(text).as_deref(), twice, "{text}");
        }
    }
}
