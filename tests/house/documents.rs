//! What the documents name is there.

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

/// `Type::member`, `module::Type`, a type, a constant: each is a name of the code.
#[test]
fn architecture_names_code_that_exists() {
    let text = architecture();
    let outside: String = text.split("```").step_by(2).collect();
    let is_name = |word: &&str| {
        word.chars().all(|c| c.is_alphanumeric() || c == '_' || c == ':')
            && (word.contains("::") || word.contains(char::is_uppercase))
            && !word.ends_with(':')
    };
    let names = outside.split('`').skip(1).step_by(2).filter(is_name);
    let missing: Vec<&str> = names.filter(|name| !is_in_code(name)).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md names code that is not there: {missing:?}");
}

/// Whether a file uses this name as it is, or declares the last part of it beside the first, or in
/// the module that the first is.
fn is_in_code(name: &str) -> bool {
    super::SOURCES.iter().any(|source| match name.rsplit_once("::") {
        None => words(&source.code).any(|word| word == name),
        Some((first, last)) => {
            let has = |name: &str| words(&source.code).any(|word| word == name);
            let module = source.path.contains(&format!("/{first}")) && has(last);
            let method = source.code.contains(&format!("fn {last}(")) && has(first);
            source.code.contains(name) || module || method
        }
    })
}

/// The names in a piece of code, one after the other.
fn words(code: &str) -> impl Iterator<Item = &str> {
    let between = |c: char| !c.is_alphanumeric() && c != '_';
    code.split(between).filter(|word| !word.is_empty())
}

#[test]
fn a_name_that_is_gone_is_noticed() {
    for name in ["Site::run_until", "Order::Ask", "journal::FaultSentence", "FaultKind"] {
        assert!(is_in_code(name), "{name}");
    }
    for name in ["Output::Ask", "Site::explode", "journal::Explosion", "NoSuchType"] {
        assert!(!is_in_code(name), "{name}");
    }
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

/// They are built by hand only, so nothing else notices a name of the library that has changed.
#[test]
fn fuzz_targets_use_what_exists() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/fuzz_targets");
    let mut seen = 0;
    for target in fs::read_dir(folder).expect("there are targets") {
        let text = fs::read_to_string(target.expect("an entry").path()).expect("text");
        for line in text.lines().filter_map(|line| line.strip_prefix("use sim::")) {
            let (room, names) = line.split_once("::").expect("a room and what it has");
            let lists = format!("src/{room}/mod.rs");
            let lists = super::SOURCES.iter().find(|source| source.path == lists);
            let lists = &lists.unwrap_or_else(|| panic!("no room {room}")).code;
            for name in words(names).filter(|name| *name != "self") {
                seen += 1;
                assert!(words(lists).any(|one| one == name), "{room} has no {name}");
            }
        }
    }
    assert!(seen > 10, "only {seen} names");
}
