//! Where text came from: the files and values that problems point into, and places in them.

use std::path::{Component, Path, PathBuf};

/// How a text came to be part of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The scenario itself.
    File,
    /// A file under `include`.
    Included,
    /// Another file that the scenario names, such as a baseline.
    Named,
    /// The value of a `--set`.
    Set,
    /// A fault that was put in during a rehearsal.
    Injected,
}

/// A text that problems point into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceText {
    pub origin: Origin,
    /// As messages show it: the path as the user gave it, or `--set path`. Files that it includes
    /// are looked for beside it.
    pub path_shown: String,
    pub text: String,
}

impl SourceText {
    /// A scenario, under the path that messages show.
    pub fn file(path_shown: impl Into<String>, text: impl Into<String>) -> SourceText {
        SourceText { origin: Origin::File, path_shown: path_shown.into(), text: text.into() }
    }

    /// The same without a byte order mark.
    pub fn without_mark(&self) -> SourceText {
        let text = self.text.strip_prefix('\u{feff}').unwrap_or(&self.text).to_string();
        SourceText { text, path_shown: self.path_shown.clone(), ..*self }
    }
}

/// A place in the scenario file, in a file that it includes, or in the value of a `--set`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Place {
    /// 0 for the file; the included files and the values of `--set` follow.
    pub source: usize,
    /// From 1; 0 for the text as a whole.
    pub line: u32,
    /// In characters, from 1.
    pub column: u32,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

/// The place of a range of bytes in the text of the file.
pub fn place_at(text: &str, start: usize, end: usize) -> Place {
    let before = &text[..start];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.matches('\n').count() as u32 + 1;
    let column = before[line_start..].chars().count() as u32 + 1;
    Place { source: 0, line, column, start, end }
}

/// Without `.` and `..`, as far as that can be said without looking.
pub fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        let back = matches!(plain.components().next_back(), Some(Component::Normal(_)));
        match part {
            Component::CurDir => {}
            Component::ParentDir if back => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}
