//! The terminal at several widths: no line is wider, nothing that tells things apart is cut, and
//! the answer is at the end.

use assert_cmd::Command;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What is to be pasted stays in one line.
const PASTED: [&str; 4] = ["Replay  ", "Next    ", "Files   ", "Run     "];

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{name}.yaml"))
}

/// What is printed in this many columns; `None`: into a pipe.
fn printed(folder: &Path, columns: Option<usize>, arguments: &[&str]) -> String {
    let mut command = Command::cargo_bin("sim").expect("built");
    command.current_dir(folder).env("NO_COLOR", "1").env_remove("COLUMNS").args(arguments);
    if let Some(columns) = columns {
        command.env("COLUMNS", columns.to_string());
    }
    let output = command.output().expect("it ran");
    assert!(matches!(output.status.code(), Some(0 | 3 | 99)), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn columns_of(line: &str) -> usize {
    // The texts of these tests have no wide and no combining characters.
    line.chars().count()
}

/// All words in their order, whatever lines they stand on.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Checks a command at every width, and gives what it prints at each.
fn at_every_width(folder: &Path, arguments: &[&str]) -> Vec<(usize, String)> {
    let widths = [40, 60, 80, 100];
    let all: Vec<(usize, String)> =
        widths.into_iter().map(|width| (width, printed(folder, Some(width), arguments))).collect();
    for (width, text) in &all {
        let pasted = |line: &&str| PASTED.iter().any(|start| line.starts_with(start));
        for line in text.lines().filter(|line| !pasted(line)) {
            assert!(columns_of(line) <= *width, "{arguments:?} at {width}: {line:?}");
            assert!(!line.ends_with(' '), "{arguments:?} at {width}: {line:?}");
            // "detect, declare, …" is a list that goes on, and nothing that was cut.
            let cut = line.ends_with('…') && !line.ends_with(" …");
            assert!(!cut, "{arguments:?} at {width}: {line:?}");
        }
    }
    assert_eq!(printed(folder, None, arguments), all[2].1, "80 columns in a pipe: {arguments:?}");
    assert_eq!(printed(folder, Some(200), arguments), all[3].1, "never wider: {arguments:?}");
    all
}

#[test]
fn a_run_is_whole_at_every_width() {
    let folder = TempDir::new().expect("a folder");
    let scenario = shipped("proxy-outage").display().to_string();
    let run = ["run", &scenario, "--trials", "1", "--out", "out"];
    for (width, text) in at_every_width(folder.path(), &run) {
        let said = words(&text);
        for whole in [
            "OneBrowserBroken ×4",
            "chrome safari ie11 other",
            "18:07:30",
            "nobody is assigned to aws-tam",
            "recovered < 1h",
            "table: 16m",
        ] {
            assert!(said.contains(whole), "{whole} at {width}:\n{text}");
        }
        // The verdict comes first, and once more beside the files.
        let met = "This run met all 3 expectations of the scenario.";
        let end = text.find("\nVerdict This run met").expect("at the end");
        assert!(words(&text[end..]).starts_with(&format!("Verdict {met}")), "{text}");
        assert!(words(&text[..end]).contains(met), "{text}");
        // Bars are drawn where they have room.
        assert_eq!(text.contains('▇'), width >= 60, "at {width}:\n{text}");
    }
}

#[test]
fn the_answer_of_many_runs_is_whole_at_every_width() {
    let folder = TempDir::new().expect("a folder");
    printed(folder.path(), None, &["new", "minimal", "-o", "day.yaml"]);
    let run = ["run", "day.yaml", "--set", "lasts=40m", "--trials", "6", "--out", "out"];
    for (width, text) in at_every_width(folder.path(), &run) {
        let end = text.find("\nAnswer  ").expect("at the end");
        assert!(words(&text[end..]).contains("Answer "), "{text}");
        for whole in ["Of one run", "users affected", "meets recovered < 3h"] {
            assert!(words(&text).contains(whole) || width < 60, "{whole} at {width}:\n{text}");
        }
    }
}

#[test]
fn a_judgement_names_every_scope_of_a_rule() {
    let folder = TempDir::new().expect("a folder");
    let scenario = shipped("proxy-outage").display().to_string();
    let record = ["run", &scenario, "--record", "r.jsonl", "--out", "out", "-q"];
    printed(folder.path(), None, &record);
    for (width, text) in
        at_every_width(folder.path(), &["judge", &scenario, "--readings", "r.jsonl"])
    {
        // In a table the words of a cell stand below each other.
        for whole in ["OneBrowserBroken ×4", "chrome", "safari", "ie11", "other", "NoTraffic"] {
            assert!(words(&text).contains(whole), "{whole} at {width}:\n{text}");
        }
    }
}

#[test]
fn every_case_of_a_capacity_check_says_met_or_missed() {
    let folder = TempDir::new().expect("a folder");
    let scenario = shipped("launch-day").display().to_string();
    let mut verdicts = Vec::new();
    for (width, text) in at_every_width(folder.path(), &["capacity", &scenario, "--formula"]) {
        let cases = text.split("Case by case").nth(1).expect("a table").split("\n\n").next();
        let lines = cases.expect("a table").lines();
        let word = |line: &str| line.trim_start().split("  ").next().map(str::to_string);
        let found = lines.filter_map(word);
        let found: Vec<String> =
            found.filter(|word| ["met", "missed", "too close"].contains(&&**word)).collect();
        assert!(found.len() > 3, "at {width}:\n{text}");
        verdicts.push(found);
    }
    assert!(verdicts.windows(2).all(|pair| pair[0] == pair[1]), "{verdicts:?}");
}

#[test]
fn what_explains_and_lists_is_whole_at_every_width() {
    let folder = TempDir::new().expect("a folder");
    let scenario = shipped("proxy-outage").display().to_string();
    for (width, text) in at_every_width(folder.path(), &["explain", &scenario]) {
        let summary = text.split("\n\n").nth(1).expect("a summary");
        let labels = ["breaks", "visitors", "rules", "plays", "expected", "rests on"];
        for label in labels {
            assert!(summary.contains(&format!("  {label:<8}  ")), "{label} at {width}:\n{summary}");
        }
        for known in ["reverse-proxy refuses", "thousand visits", "ErrorSpike", "rollback, 7 steps"]
        {
            assert!(words(summary).contains(known), "{known} at {width}:\n{summary}");
        }
        assert!(width < 80 || summary.lines().count() <= 12, "{summary}");
        assert!(words(&text).contains("simulated"), "{text}");
    }
    for arguments in [&["check", &*scenario][..], &["new", "--list"], &["report", "--dictionary"]] {
        at_every_width(folder.path(), arguments);
    }
}

/// On a terminal, that is; a pipe gets as much of a line as ever.
#[test]
fn a_problem_fits_and_keeps_its_caret() {
    let key = "until: [reverse-proxy-update, reverse-proxy-rebuild, content-fix]";
    let text = format!(
        "scenario: A long line\nfaults:\n  - {{at: 1m, outage: reverse-proxy, {key}, shhare: 50%, \
         mode: hang}}\n"
    );
    let problems = sim::scenario::load(&sim::scenario::SourceText::file("day.yaml", &text), &[])
        .expect_err("shhare is no key");
    for width in [40, 60, 80, 100] {
        let told = problems.render_within(false, width);
        let lines: Vec<&str> = told.lines().collect();
        let line = lines.iter().position(|line| line.contains("shhare") && line.contains('|'));
        let line = line.unwrap_or_else(|| panic!("the part with the key at {width}: {told}"));
        assert!(columns_of(lines[line]) <= width, "{width}: {told}");
        let caret = lines[line + 1].find('^').expect("a caret");
        assert!(lines[line][caret..].starts_with("shhare"), "{width}: {told}");
    }
}
