//! What a person reads about a broken scenario: every `tests/bad/*.bad.yaml` against the messages
//! beside it. `SIM_ACCEPT=1 cargo test --test all bad::` writes them again, to be read before they
//! are committed.

use sim::scenario::{load, read_source};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Fewer than these are no fair sample of what goes wrong.
const AT_LEAST: usize = 40;

fn broken() -> Vec<PathBuf> {
    let entries = std::fs::read_dir("tests/bad").expect("the folder of broken scenarios");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let name = |path: &Path| path.file_name().and_then(|name| name.to_str()).map(String::from);
    let bad = |path: &PathBuf| name(path).is_some_and(|name| name.ends_with(".bad.yaml"));
    let mut paths: Vec<_> = paths.filter(bad).collect();
    paths.sort();
    paths
}

fn said_of(path: &Path) -> String {
    let loaded = read_source(path).and_then(|source| load(&source, &[]));
    match loaded {
        Ok(_) => format!("nothing is wrong with {}\n", path.display()),
        Err(problems) => problems.render(false),
    }
}

/// Both texts, with the lines in which they differ marked.
fn difference(expected: &str, said: &str) -> String {
    let (expected, said): (Vec<_>, Vec<_>) = (expected.lines().collect(), said.lines().collect());
    let mut shown = String::new();
    for (mark, lines, others) in [('-', &expected, &said), ('+', &said, &expected)] {
        for (number, line) in lines.iter().enumerate() {
            let mark = if others.get(number) == Some(line) { ' ' } else { mark };
            writeln!(shown, "{mark} {line}").expect("memory");
        }
        shown.push('\n');
    }
    shown
}

#[test]
fn every_broken_scenario_says_what_is_wrong() {
    let accept = std::env::var_os("SIM_ACCEPT").is_some();
    let paths = broken();
    assert!(paths.len() >= AT_LEAST, "only {} broken scenarios", paths.len());
    let mut failures = String::new();
    for path in &paths {
        let said = said_of(path);
        assert!(said.contains("error: "), "{said}");
        let beside = path.with_extension("").with_extension("stderr");
        if accept {
            std::fs::write(&beside, &said).expect("written");
            continue;
        }
        let expected = std::fs::read_to_string(&beside).unwrap_or_default();
        if expected != said {
            let difference = difference(&expected, &said);
            write!(failures, "{}\n{difference}", path.display()).expect("memory");
        }
    }
    assert!(failures.is_empty(), "run with SIM_ACCEPT=1 if this is meant:\n{failures}");
}

#[test]
fn no_message_stops_at_invalid() {
    for path in broken() {
        let said = said_of(&path);
        for line in said.lines().filter(|line| line.starts_with("error: ")) {
            let message = line.trim_start_matches("error: ").to_lowercase();
            let empty = ["invalid value", "invalid", "error", "syntax error", "parse error"];
            assert!(!empty.contains(&message.as_str()), "{}: {line}", path.display());
            assert!(message.split_whitespace().count() >= 3, "{}: {line}", path.display());
        }
        let named = said.contains(&path.display().to_string());
        assert!(named, "{} is not named:\n{said}", path.display());
    }
}

#[test]
fn no_snapshot_has_lost_its_scenario() {
    for entry in std::fs::read_dir("tests/bad").expect("the folder of broken scenarios") {
        let path = entry.expect("an entry").path();
        if path.extension() == Some("stderr".as_ref()) {
            let scenario = path.with_extension("bad.yaml");
            assert!(scenario.exists(), "{} has no scenario", path.display());
        }
    }
}
