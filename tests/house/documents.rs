//! What the documents name is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn architecture() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(root.join("ARCHITECTURE.md")).expect("the document")
}

/// Files and folders are named in backticks, from the root, from `src`, or by a name of their own.
#[test]
fn architecture_names_what_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = architecture();
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

/// In a row of the map a file is one of its room; elsewhere its name says which of all it is.
#[test]
fn architecture_says_which_file_it_means() {
    let text = architecture();
    let paths = super::SOURCES.iter().map(|source| source.path.as_str());
    let paths: Vec<&str> = paths.filter(|path| path.starts_with("src/")).collect();
    let mut unclear = Vec::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let room = match cells[..] {
            ["", floor, room, ..] if floor.parse::<u8>().is_ok() => Some(room.trim_matches('`')),
            _ => None,
        };
        for name in named(line).filter(|name| name.ends_with(".rs") && !name.starts_with("tests/"))
        {
            let ends = |path: &&&str| {
                path.strip_suffix(name).is_some_and(|p| p.is_empty() || p.ends_with('/'))
            };
            let found: Vec<&&str> = paths.iter().filter(ends).collect();
            let in_room = |room| {
                let direct = [format!("src/{room}/{name}"), format!("src/{name}")];
                found.iter().any(|path| direct.contains(&path.to_string()))
            };
            // Every section of a scenario has these.
            let section = ["written.rs", "resolve.rs", "lint.rs", "explain.rs"].contains(&name);
            if found.len() != 1 && !room.is_some_and(in_room) && !section {
                unclear.push(format!("{name}: {found:?}"));
            }
        }
    }
    assert_eq!(unclear, [""; 0]);
}

/// `Type::member`, `module::function`, a type, a constant: each is a name of the code.
#[test]
fn architecture_names_code_that_exists() {
    let text = architecture();
    let identifiers = |text: &str| -> BTreeSet<String> {
        let word = |c: char| !c.is_alphanumeric() && c != '_';
        text.split(word).map(str::to_string).collect()
    };
    let files: Vec<(&str, BTreeSet<String>)> = super::SOURCES
        .iter()
        .map(|source| (source.path.as_str(), identifiers(&source.text)))
        .collect();
    let outside: String = text.split("```").step_by(2).collect();
    let is_name = |word: &&str| {
        word.chars().all(|c| c.is_alphanumeric() || c == '_' || c == ':')
            && (word.contains("::") || word.contains(char::is_uppercase))
            && !word.ends_with(':')
    };
    let missing: Vec<&str> = outside
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(is_name)
        .filter(|name| {
            let parts: Vec<&str> = name.split("::").collect();
            let says = |path: &str, words: &BTreeSet<String>, part: &str| {
                words.contains(part) || path.contains(&format!("/{part}"))
            };
            !files.iter().any(|(path, words)| parts.iter().all(|part| says(path, words, part)))
        })
        .collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md names code that is not there: {missing:?}");
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
