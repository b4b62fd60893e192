//! A fingerprint of the journal of every shipped scenario: what a release changes, it says.

use crate::support;

use siphasher::sip128::{Hasher128, SipHasher24};
use std::fmt::Write;
use std::hash::Hasher;
use support::{plan, play, shipped, shipped_names, shipped_run};

/// Set to write the file again.
const RENEW: &str = "SIM_FINGERPRINTS";
const FILE: &str = "tests/fingerprints.txt";
/// The same entry by entry.
const ENTRIES: &str = "tests/fingerprints.entries.txt";

/// A run in two words: the hash of its entries in trial 0, and a sign for each entry that depends
/// on all up to it. The signs say where another run leaves this one; in one case of 64 they say it
/// an entry late.
fn fingerprint(lines: &str) -> (String, String) {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-";
    let mut hasher = SipHasher24::new();
    let mut signs = String::new();
    for line in lines.split_inclusive('\n') {
        hasher.write(line.as_bytes());
        signs.push(char::from(SIGNS[(hasher.finish128().h1 % 64) as usize]));
    }
    let hash = hasher.finish128();
    (format!("{:016x}{:016x}", hash.h1, hash.h2), signs)
}

/// What a file says of a scenario.
fn known<'a>(file: &'a str, name: &str) -> &'a str {
    let mut lines = file.lines();
    lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).unwrap_or("nothing")
}

#[test]
fn shipped_scenarios_run_as_they_did() {
    let path = |file| format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
    let read = |file| std::fs::read_to_string(path(file)).unwrap_or_default().replace('\r', "");
    let (hashes, entries) = (read(FILE), read(ENTRIES));
    let (mut new_hashes, mut new_entries, mut changed) =
        (String::new(), String::new(), String::new());
    for name in shipped_names() {
        let lines = shipped_run(&name).lines();
        let (hash, signs) = fingerprint(&lines);
        if known(&hashes, &name) != hash || known(&entries, &name) != signs {
            let _ = write!(changed, "\n{name}: {}", first_difference(&entries, &name, &lines));
        }
        let _ = writeln!(new_hashes, "{name} {hash}");
        let _ = writeln!(new_entries, "{name} {signs}");
    }
    if std::env::var_os(RENEW).is_some() {
        for (file, text) in [(FILE, new_hashes), (ENTRIES, new_entries)] {
            std::fs::write(path(file), text).unwrap_or_else(|error| panic!("{file}: {error}"));
        }
        return;
    }
    let gone = hashes.lines().filter(|line| {
        let name = line.split(' ').next().unwrap_or_default();
        known(&new_hashes, name) == "nothing"
    });
    changed.extend(gone.map(|line| format!("\n{line}: there is no such scenario any more")));
    assert!(
        changed.is_empty(),
        "these scenarios no longer run as in {FILE}:{changed}\nIf that is meant, say in \
         CHANGELOG.md what changes for users, and run: {RENEW}=1 cargo test --test all fingerprints"
    );
}

/// The first entry of a journal that is not as it was.
fn first_difference(entries: &str, name: &str, lines: &str) -> String {
    let (was, is) = (known(entries, name), fingerprint(lines).1);
    let same = was.chars().zip(is.chars()).take_while(|(was, is)| was == is).count();
    match lines.lines().nth(same) {
        Some(entry) => format!("entry {} is now {entry}", same + 1),
        None if same == was.len() => "only its hash is another".to_string(),
        None => format!("it ends after {same} entries, not {}", was.len()),
    }
}

#[test]
fn a_changed_run_is_told_by_its_first_other_entry() {
    let was: Vec<String> = (1..=40).map(|n| format!("{{\"seq\":{n}}}\n")).collect();
    let entries = format!("day {}\n", fingerprint(&was.concat()).1);
    let mut is = was.clone();
    is[24] = "{\"seq\":25,\"more\":1}\n".to_string();
    let told = first_difference(&entries, "day", &is.concat());
    assert_eq!(told, "entry 25 is now {\"seq\":25,\"more\":1}");
    let told = first_difference(&entries, "day", &was[..30].concat());
    assert_eq!(told, "it ends after 30 entries, not 40");
    assert_eq!(first_difference(&entries, "day", &was.concat()), "only its hash is another");
}

#[test]
fn line_ends_and_a_byte_order_mark_change_nothing() {
    for name in shipped_names() {
        let text = shipped(&name).replace('\r', "");
        let expected = plan(&text, &[]);
        assert_eq!(plan(&text.replace('\n', "\r\n"), &[]), expected, "{name} with CRLF");
        assert_eq!(plan(&format!("\u{feff}{text}"), &[]), expected, "{name} with a mark");
    }
}

#[test]
fn a_value_that_is_set_is_as_if_written() {
    for name in shipped_names() {
        let text = shipped(&name);
        let line = |key: &str| text.lines().find(|line| line.starts_with(key)).expect("there");
        let (lasts, seed) = (line("lasts:"), line("seed:"));
        // What really happened has to fit into the run.
        let length = if text.contains("\nactual:") { "26h" } else { "11m" };
        let edited = text.replacen(lasts, &format!("lasts: {length}"), 1);
        let edited = edited.replacen(seed, "seed: 5", 1);
        let set = plan(&text, &[("lasts", length), ("seed", "5")]);
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
        let totals = run.story.totals().cloned().expect("sums");
        (totals.site, totals.segments)
    };
    let often = [("lasts", "30m")];
    let seldom = [("lasts", "30m"), ("telemetry.every", "20s"), ("telemetry.delay", "3m")];
    assert_eq!(site(&often), site(&seldom), "how often the site is looked at is nothing to it");
}
