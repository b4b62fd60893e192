//! What `sim logs` prints of a log reads that log: pasted into a scenario, and typed again.

use super::cases::cases;
use super::sim;
use super::truth::{Truth, expected, seen, truth};
use sim::logs::{FormatSpec, LogReadOptions, LogSource, Role, preview};
use std::fmt::Write;
use std::fs;
use tempfile::TempDir;

const SCENARIO: &str = "\
scenario: A site that is judged by its logs
starts: 2018-11-07T17:00 America/New_York
lasts: 70m
traffic:
  visits: [{at: 0m, rate: 0.1/s}]
  tools:
    browse: {requests: 5, think: 5s, use: {page: 60%, claims: 40%}}
site:
  tiers:
    web: {instances: 2, threads: 100, takes: ~50ms}
  endpoints: {page: web, claims: web}
rules:
  - {alert: Errors, expr: error_rate > 5%, for: 2m}
  - {alert: Slow, expr: latency > 3s for 10% of traffic, for: 1m}
";

fn written(line: fn(&Truth) -> String) -> Vec<u8> {
    truth().iter().map(|one| line(one) + "\n").collect::<String>().into_bytes()
}

/// What a section of a scenario says of the lines.
fn options(section: &str) -> LogReadOptions {
    let mut options = LogReadOptions::default();
    for row in section.lines() {
        let Some((key, value)) = row.trim().split_once(": ") else { continue };
        let value = value.trim_matches('\'').replace("''", "'");
        match Role::of_word(key) {
            Some(role) => options.fields.set(role, value.parse().expect("a field")),
            None => options.format = FormatSpec::word_or_description(&value).expect("a format"),
        }
    }
    options
}

#[test]
fn the_section_that_is_printed_reads_the_log_as_looking_at_it_does() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("a.log");
    let mut wrong = String::new();
    for (name, line, times, agents) in cases() {
        let log = written(line);
        fs::write(&path, &log).expect("written");
        let preview =
            preview(&LogSource::from_path(&path), &LogReadOptions::default()).expect("readable");
        if preview.answer().is_some() {
            // A unit must be said: see below.
            continue;
        }
        let section = preview.section().expect("known");
        match seen(&log, &options(&section)) {
            Ok((read, counts)) if read == expected(times, agents) && counts.bad() == 0 => {}
            Ok((read, counts)) => {
                let _ = writeln!(wrong, "{name}: {read:?} bad {}\n{section}", counts.bad());
            }
            Err(error) => {
                let _ = writeln!(wrong, "{name}: {error}\n{section}");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The commands under "Then", and the section, of a look at a log.
fn printed(folder: &std::path::Path) -> (Vec<String>, String) {
    let preview = sim(folder).args(["logs", "my access.log"]).output().expect("runs");
    let text = String::from_utf8_lossy(&preview.stdout).into_owned();
    let then = text.split("\nThen\n").nth(1).unwrap_or_else(|| panic!("{text}"));
    let section = text.split("For the scenario\n").nth(1).expect("a section");
    let section = section.split("\nThen\n").next().expect("before the commands");
    let section = section.lines().map(|row| row.get(2..).unwrap_or("").to_string() + "\n");
    let commands = then.lines().take(2).map(|row| row.trim().to_string());
    (commands.collect(), section.collect())
}

#[test]
fn the_commands_and_the_section_that_are_printed_lead_to_the_verdict() {
    let microseconds: fn(&Truth) -> String = |t| format!("{} {}000", t.combined(), t.took_ms);
    let inside: fn(&Truth) -> String = |t| format!("{} **0/{}000**", t.combined(), t.took_ms);
    let bare: fn(&Truth) -> String = |t| t.json("duration", &t.took_ms.to_string());
    for line in [microseconds, inside, bare] {
        let folder = TempDir::new().expect("a folder");
        fs::write(folder.path().join("my access.log"), written(line)).expect("written");
        fs::write(folder.path().join("SCENARIO.yaml"), SCENARIO).expect("written");
        let (commands, section) = printed(folder.path());
        let judged = |words: &[String]| {
            let words = words.iter().map(String::as_str);
            let judged = sim(folder.path()).args(words).output().expect("runs");
            let text = String::from_utf8_lossy(&judged.stdout).into_owned();
            assert_eq!(judged.status.code(), Some(99), "{text}");
            assert!(text.contains("Slow is known at 17:2") && text.contains("Errors"), "{text}");
        };
        let command = commands.iter().find(|row| row.contains(" judge ")).expect("a command");
        judged(&shlex::split(command).expect("for a shell")[1..]);
        fs::write(folder.path().join("day.yaml"), SCENARIO.to_string() + &section)
            .expect("written");
        judged(&["judge", "day.yaml", "--log", "my access.log"].map(String::from));
    }
}

#[test]
fn a_place_without_a_unit_is_asked_for_its_unit() {
    let log = written(|t| format!("{} {}000", t.combined(), t.took_ms));
    let mut options = LogReadOptions::default();
    options.fields.set(Role::Elapsed, "last".parse().expect("a field"));
    let described = "$address $_ $_ [$time] \"$request\" $status $_ \"$_\" \"$agent\" $elapsed";
    let described = FormatSpec::described(described).expect("a description");
    for options in [options, LogReadOptions { format: described, ..LogReadOptions::default() }] {
        let (read, counts) = seen(&log, &options).expect("readable");
        assert_eq!((read.requests, read.median), (2_100, None));
        let format = counts.files[0].1.format.as_ref().expect("known");
        let question = format.question().expect("a question");
        assert!(question.contains("milliseconds"), "{question}");
    }
}

#[test]
fn one_word_cannot_say_two_things() {
    let log = written(|t| format!("{} {}", t.combined(), t.seconds()));
    for (role, word) in [(Role::Elapsed, "9"), (Role::Status, "5"), (Role::Path, "6")] {
        let mut options = LogReadOptions::default();
        options.fields.set(role, word.parse().expect("a field"));
        // Whatever comes of it: an answer or an error, and no panic.
        let _ = seen(&log, &options);
        options.fields.set(Role::Agent, word.parse().expect("a field"));
        let _ = seen(&log, &options);
    }
}

#[test]
fn what_was_typed_is_typed_again() {
    let folder = TempDir::new().expect("a folder");
    let log = written(|t| format!("{} {}000", t.combined(), t.took_ms));
    fs::write(folder.path().join("a.log"), log).expect("written");
    let arguments = ["logs", "a.log", "--field", "elapsed=last us", "--ignore", "monitors"];
    let preview = sim(folder.path()).args(arguments).output().expect("runs");
    let text = String::from_utf8_lossy(&preview.stdout).into_owned();
    let command = "sim baseline a.log --field 'elapsed=last us' --ignore monitors\n";
    assert!(text.contains(command), "{text}");
}

#[test]
fn a_zone_in_which_the_log_would_be_of_the_scenarios_hours_is_named() {
    let folder = TempDir::new().expect("a folder");
    let log = written(|t| format!("{} {}", t.combined().replace(" +0000]", "]"), t.seconds()));
    fs::write(folder.path().join("a.log"), log).expect("written");
    fs::write(folder.path().join("day.yaml"), SCENARIO).expect("written");
    let judged = |more: &[&str]| {
        let words = ["judge", "day.yaml", "--log", "a.log"].iter().chain(more);
        let judged = sim(folder.path()).args(words).output().expect("runs");
        String::from_utf8_lossy(&judged.stdout).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert!(judged(&[]).contains("hours: --zone UTC"), "{}", judged(&[]));
    assert!(!judged(&["--zone", "UTC"]).contains("--zone"), "{}", judged(&["--zone", "UTC"]));
}
