//! A fingerprint of the journal of every shipped scenario: what a release changes, it says.

use crate::support;

use siphasher::sip128::{Hasher128, SipHasher24};
use std::fmt::Write;
use std::hash::Hasher;
use support::{plan, play, shipped};

/// Set to write the file again.
const RENEW: &str = "SIM_FINGERPRINTS";
const FILE: &str = "tests/fingerprints.txt";

fn names() -> Vec<String> {
    let folder = format!("{}/scenarios", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder}: {error}"));
    let mut names: Vec<String> = files
        .map(|file| file.expect("a folder that can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn hash(bytes: &[u8]) -> String {
    let mut hasher = SipHasher24::new();
    hasher.write(bytes);
    let hash = hasher.finish128();
    format!("{:016x}{:016x}", hash.h1, hash.h2)
}

/// One line for each scenario: the hash of the journal's entries in trial 0.
fn fingerprints() -> String {
    let mut text = String::new();
    for name in names() {
        let lines = play(&plan(&shipped(&name), &[]), 0).lines();
        let _ = writeln!(text, "{name} {}", hash(lines.as_bytes()));
    }
    text
}

#[test]
fn shipped_scenarios_run_as_they_did() {
    let path = format!("{}/{FILE}", env!("CARGO_MANIFEST_DIR"));
    let now = fingerprints();
    if std::env::var_os(RENEW).is_some() {
        std::fs::write(&path, now).unwrap_or_else(|error| panic!("{path}: {error}"));
        return;
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default().replace('\r', "");
    let name = |line: &str| line.split(' ').next().unwrap_or_default().to_string();
    let changed = now.lines().filter(|line| !known.lines().any(|old| old == *line)).map(name);
    let gone = known.lines().filter(|line| !now.lines().any(|new| name(new) == name(line)));
    let changed: Vec<String> = changed.chain(gone.map(name)).collect();
    assert!(
        changed.is_empty(),
        "these scenarios no longer run as in {FILE}: {}.\nIf that is meant, say in CHANGELOG.md \
         what changes for users, and run: {RENEW}=1 cargo test --test all fingerprints",
        changed.join(", ")
    );
}

#[test]
fn line_ends_and_a_byte_order_mark_change_nothing() {
    for name in names() {
        let text = shipped(&name).replace('\r', "");
        let expected = plan(&text, &[]);
        assert_eq!(plan(&text.replace('\n', "\r\n"), &[]), expected, "{name} with CRLF");
        assert_eq!(plan(&format!("\u{feff}{text}"), &[]), expected, "{name} with a mark");
    }
}

#[test]
fn a_value_that_is_set_is_as_if_written() {
    for name in names() {
        let text = shipped(&name);
        let line = |key: &str| text.lines().find(|line| line.starts_with(key)).expect("there");
        let (lasts, seed) = (line("lasts:"), line("seed:"));
        let edited = text.replacen(lasts, "lasts: 11m", 1).replacen(seed, "seed: 5", 1);
        let set = plan(&text, &[("lasts", "11m"), ("seed", "5")]);
        let mut edited = plan(&edited, &[]);
        edited.inputs.clone_from(&set.inputs);
        assert_eq!(set, edited, "{name}");
    }
    let day = |sets: &[(&str, &str)]| plan(&shipped("quiet-day"), sets);
    let quoted = day(&[("changes.content-fix", "\"?\"")]);
    assert_ne!(quoted, day(&[]));
    assert_eq!(day(&[("changes.content-fix", "?")]), quoted, "a shell takes the quotes away");
}

#[test]
fn rules_only_watch() {
    let site = |sets: &[(&str, &str)]| {
        let run = play(&plan(&shipped("quiet-day"), sets), 0);
        run.story.totals().cloned().expect("sums")
    };
    let often = [("lasts", "30m")];
    let seldom = [("lasts", "30m"), ("telemetry.every", "20s"), ("telemetry.delay", "3m")];
    assert_eq!(site(&often), site(&seldom), "how often the site is looked at is nothing to it");
}
