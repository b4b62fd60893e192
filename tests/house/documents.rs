//! What the documents name is there.

use std::fs;
use std::path::{Path, PathBuf};

/// Files and folders are named in backticks, from the root, from `src`, or by a name of their own.
#[test]
fn architecture_names_what_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("ARCHITECTURE.md")).expect("the document");
    let files: Vec<PathBuf> =
        super::SOURCES.iter().map(|source| PathBuf::from(&source.path)).collect();
    let is_there = |name: &str| {
        let place = name.trim_end_matches('/');
        let below = |top: &str| {
            let path = root.join(top).join(place);
            path.exists() || path.with_extension("rs").exists()
        };
        let somewhere = |file: &PathBuf| {
            file.ends_with(place) || file.parent().is_some_and(|folder| folder.ends_with(place))
        };
        below("") || below("src") || files.iter().any(somewhere)
    };
    let missing: Vec<&str> = named(&text).filter(|name| !is_there(name)).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md names what is not there: {missing:?}");
}

/// What looks like a file or a folder among the words in backticks.
fn named(text: &str) -> impl Iterator<Item = &str> {
    let outside = text.split("```").step_by(2);
    let quoted = outside.flat_map(|part| part.split('`').skip(1).step_by(2));
    let path = |word: &&str| {
        let plain = |c: char| c.is_alphanumeric() || "_-./".contains(c);
        let file = [".rs", ".md", ".txt", ".yaml"].iter().any(|end| word.ends_with(end));
        word.chars().all(plain) && (file || word.contains('/'))
    };
    quoted.filter(path)
}

#[test]
fn files_are_told_from_other_words() {
    let text = "`src/a.rs` and `b/` but `Site::run`, `x > y`, `*.csv`\n```\n`c.rs`\n```\n`d.md`";
    assert_eq!(named(text).collect::<Vec<_>>(), ["src/a.rs", "b/", "d.md"]);
}
