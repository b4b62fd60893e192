//! Lines of YAML that end in a comment.

use crate::names::{quoted_for_yaml, visible};

/// Text of a YAML file that grows line by line.
#[derive(Debug, Default)]
pub(super) struct Yaml(String);

/// Where comments begin, where the line is short enough.
const COLUMN: usize = 48;
/// A longer line has its comment above it.
const WIDEST: usize = 96;

impl Yaml {
    /// A line, with a comment behind it.
    pub fn line(&mut self, text: &str, comment: &str) {
        let width = text.chars().count();
        let long = width + comment.chars().count() > WIDEST;
        if long && !comment.is_empty() {
            // Above the line, and as deep as it.
            let deep = text.len() - text.trim_start().len();
            self.0.push_str(&format!("{}# {}\n{text}\n", &text[..deep], one_line(comment)));
            return;
        }
        self.0.push_str(text);
        if !comment.is_empty() {
            let gap = COLUMN.saturating_sub(width).max(1);
            self.0.push_str(&" ".repeat(gap));
            self.0.push_str("# ");
            self.0.push_str(&one_line(comment));
        }
        self.0.push('\n');
    }

    /// An empty line before the next section.
    pub fn gap(&mut self) {
        self.0.push('\n');
    }

    /// A line that is a comment only.
    pub fn comment(&mut self, text: &str) {
        let line = format!("# {}", one_line(text));
        self.0.push_str(line.trim_end());
        self.0.push('\n');
    }

    /// A comment as deep as what it belongs to.
    pub fn comment_at(&mut self, columns: usize, text: &str) {
        self.0.push_str(&" ".repeat(columns));
        self.comment(text);
    }

    /// What has been written so far.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Text that is YAML already.
    pub fn raw(&mut self, text: &str) {
        self.0.push_str(text);
    }

    /// The file.
    pub fn finish(self) -> String {
        self.0
    }
}

/// A value of text as YAML: plain where nothing in it could be misread, else in double quotes,
/// which YAML reads as JSON does.
pub(super) fn text(value: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, ' ' | '-' | '.');
    let begins = value.starts_with(|letter: char| letter.is_ascii_alphabetic());
    let ends = !value.ends_with(' ');
    let word = ["yes", "no", "on", "off", "true", "false", "null", "y", "n"];
    let is_word = word.contains(&value.to_lowercase().as_str());
    match begins && ends && !is_word && value.chars().all(plain) {
        true => value.to_string(),
        // Variables of a scenario are written `${name}`; what a plan has is text.
        false => quoted_for_yaml(&value.replace("${", "$${")),
    }
}

/// A list of texts: `[a, b]`.
pub(super) fn list<'a>(values: impl IntoIterator<Item = &'a str>) -> String {
    let values: Vec<String> = values.into_iter().map(text).collect();
    format!("[{}]", values.join(", "))
}

/// Text of a plan within a comment.
fn one_line(value: &str) -> String {
    visible(&value.replace(['\n', '\r', '\t'], " ")).into_owned()
}
