//! `sim report`: every report again from the journal, whole or damaged; and the golden outbriefs.

use crate::support::reaches_outside;
use assert_cmd::Command;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The shipped scenarios with a golden outbrief.
const GOLDEN: [&str; 2] = ["proxy-outage", "rollback-fails"];

fn sim(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("sim").expect("built");
    command.current_dir(folder).env("NO_COLOR", "1");
    command
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder with a short run in `run`.
fn short_run() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let scenario = root().join("scenarios/proxy-outage.yaml");
    let sets = [
        "--set",
        "lasts=90m",
        "--set",
        "expect.detected=< 5m",
        "--trials",
        "1",
        "--quiet",
        "--out",
        "run",
    ];
    sim(folder.path()).arg("run").arg(scenario).args(sets).output().expect("ended");
    assert!(folder.path().join("run/outbrief.html").exists(), "the run left no outbrief");
    folder
}

fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let paths = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("one").path());
    let name = |path: &PathBuf| path.file_name().expect("a name").to_string_lossy().into_owned();
    let mut files: Vec<_> =
        paths.map(|path| (name(&path), fs::read(&path).expect("readable"))).collect();
    files.sort();
    files
}

fn said(assert: &assert_cmd::assert::Assert) -> String {
    String::from_utf8_lossy(&assert.get_output().stderr).into_owned()
}

#[test]
fn reports_are_made_again_byte_for_byte() {
    let folder = short_run();
    let run = folder.path().join("run");
    let first = files(&run);
    // By which command it was run is what the journal does not say.
    let kept = ["journal.jsonl", "run.json"];
    for (name, _) in first.iter().filter(|(name, _)| !kept.contains(&name.as_str())) {
        fs::remove_file(run.join(name)).expect("removed");
    }
    let output = sim(folder.path()).args(["report", "run"]).assert().code(0);
    assert!(String::from_utf8_lossy(&output.get_output().stdout).contains("Verdict"));
    assert!(first == files(&run), "the bytes differ");
    let page =
        String::from_utf8(fs::read(run.join("outbrief.html")).expect("there")).expect("text");
    assert_eq!(reaches_outside(&page), None, "the page reaches outside");
    // One script runs, and the page's own policy names it by its hash and nothing else.
    let (_, script) = page.split_once("<script>").expect("a script");
    let (script, rest) = script.split_once("</script>").expect("it ends");
    assert!(!rest.contains("<script") && page.matches("<script").count() == 1);
    let hash = BASE64_STANDARD.encode(Sha256::digest(script.as_bytes()));
    let policy = format!(
        "content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'\""
    );
    assert!(page.contains(&policy), "the policy does not let the page's own script run");
    for handler in [" onclick=", " onload=", " onerror=", "javascript:"] {
        assert!(!page.contains(handler), "{handler} would be run");
    }
}

#[test]
fn many_trials_are_told_as_long_as_they_are_of_this_scenario() {
    let folder = TempDir::new().expect("a folder");
    let scenario = root().join("scenarios/proxy-outage.yaml");
    let run = |more: &[&str]| {
        let sets = ["--set", "lasts=90m", "--quiet", "--out", "run"];
        sim(folder.path()).arg("run").arg(&scenario).args(sets).args(more).output().expect("ended");
    };
    run(&["--trials", "6", "--jobs", "2"]);
    let page = || fs::read_to_string(folder.path().join("run/outbrief.html")).expect("a page");
    let first = files(&folder.path().join("run"));
    assert!(page().contains("6 runs of the same plan"), "no section about the trials");
    assert!(page().contains("simulated · 6 runs"), "not on the first screen");
    sim(folder.path()).args(["report", "run", "--quiet"]).assert().code(0);
    assert!(first == files(&folder.path().join("run")), "the bytes differ");
    // The day alone, in the same folder: what was played before is still told.
    run(&["--trials", "1"]);
    let told = |mut files: Vec<(String, Vec<u8>)>| {
        files.retain(|(name, _)| name != "run.json");
        files
    };
    let again = files(&folder.path().join("run"));
    assert!(told(first) == told(again), "the trials are forgotten");

    let trials = folder.path().join("run/trials.jsonl");
    let text = fs::read_to_string(&trials).expect("there");
    for (other, code) in [
        (text.replacen("\"seed\":20181110", "\"seed\":1", 1), 0),
        (text.replacen("\"of\":1", "\"of\":2", 1), 1),
        ("picnic\n".to_string(), 1),
        (text[..text.len() / 2].to_string(), 1),
    ] {
        assert_ne!(other, text);
        fs::write(&trials, other).expect("written");
        // Trials of another day are no concern of this one; damaged ones are said.
        sim(folder.path()).args(["report", "run", "--quiet"]).assert().code(code);
        assert!(!page().contains("trials of the same plan"), "trials of something else are told");
    }
}

#[test]
fn a_damaged_journal_gives_the_reports_of_its_good_part() {
    let folder = short_run();
    let journal = folder.path().join("run/journal.jsonl");
    let bytes = fs::read(&journal).expect("there");
    let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
    let mut corrupt = bytes.clone();
    let middle: usize = lines[..lines.len() / 2].iter().map(|line| line.len()).sum();
    corrupt[middle + 3] = 0;
    let whole_lines = lines[..lines.len() / 2].concat();
    let cases = [
        ("cut off in a line", bytes[..bytes.len() * 3 / 4].to_vec(), "is cut off in line"),
        ("corrupt", corrupt, "is corrupt"),
        ("cut off between lines", whole_lines, "ends before its run does"),
    ];
    for (what, damaged, expected) in cases {
        fs::write(&journal, &damaged).expect("written");
        let output = sim(folder.path()).args(["report", "run"]).assert().code(1);
        let said = said(&output);
        assert!(said.contains(expected) && said.contains("hint"), "{what}:\n{said}");
        let page = fs::read_to_string(folder.path().join("run/outbrief.html")).expect("a page");
        assert!(page.contains("Only part of this run is known"), "{what}");
        let metrics = fs::read_to_string(folder.path().join("run/metrics.csv")).expect("a table");
        assert!(metrics.lines().count() > 100, "{what}: {} rows", metrics.lines().count());
        assert_eq!(fs::read(&journal).expect("there"), damaged, "{what}: the journal was changed");
    }
}

#[test]
fn what_is_no_journal_is_said_plainly() {
    let folder = TempDir::new().expect("a folder");
    let other = r#"{"journal":7,"program":"9.9.9"}"#;
    let cases = [
        ("", "is empty"),
        ("picnic\n", "not a journal"),
        (other, "has format 7"),
        ("\0\n", "not a journal"),
    ];
    for (text, expected) in cases {
        fs::write(folder.path().join("journal.jsonl"), text).expect("written");
        let output = sim(folder.path()).args(["report", "."]).assert().code(2);
        let said = said(&output);
        assert!(said.contains(expected) && said.contains("hint"), "{text:?}:\n{said}");
        assert_eq!(files(folder.path()).len(), 1, "{text:?} left files");
    }
    let nowhere = sim(folder.path()).args(["report", "nowhere"]).assert().code(2);
    assert!(said(&nowhere).contains("cannot read nowhere"), "{}", said(&nowhere));
    sim(folder.path()).arg("report").assert().code(2);
    let output = sim(folder.path()).args(["report", "--dictionary"]).assert().code(0);
    let text = String::from_utf8_lossy(&output.get_output().stdout).into_owned();
    assert!(text.contains("responses.csv") && text.contains("total_s"), "{text}");
}

/// To regenerate them: `SIM_GOLDEN=write cargo test --test all golden`.
#[test]
fn golden_outbriefs_are_what_the_scenarios_give() {
    let write = std::env::var_os("SIM_GOLDEN").is_some_and(|value| value == "write");
    let folder = TempDir::new().expect("a folder");
    for name in GOLDEN {
        let scenario = root().join(format!("scenarios/{name}.yaml"));
        let out = ["--trials", "1", "--quiet", "--out", name];
        sim(folder.path()).arg("run").arg(scenario).args(out).output().expect("ended");
        let golden = root().join("reports/golden").join(name);
        fs::create_dir_all(&golden).expect("a folder");
        for file in ["outbrief.html", "outbrief.md"] {
            let made = fs::read_to_string(folder.path().join(name).join(file)).expect("made");
            if write {
                fs::write(golden.join(file), &made).expect("written");
            }
            let kept = fs::read_to_string(golden.join(file)).unwrap_or_default();
            let line = kept.lines().zip(made.lines()).position(|(kept, made)| kept != made);
            assert!(
                kept == made,
                "reports/golden/{name}/{file} differs from line {:?}; if that is meant, run \
                 SIM_GOLDEN=write cargo test --test all golden",
                line.map(|line| line + 1)
            );
        }
    }
}

#[test]
fn a_plan_that_was_changed_in_the_journal_is_not_taken_for_the_plan() {
    let folder = short_run();
    let journal = folder.path().join("run/journal.jsonl");
    let text = fs::read_to_string(&journal).expect("a journal");
    let (first, rest) = text.split_once('\n').expect("lines");
    for pointer in
        ["/plan/names", "/plan/playbook/roster", "/plan/site/tiers", "/plan/playbook/plays"]
    {
        let mut header: serde_json::Value = serde_json::from_str(first).expect("a header");
        let emptied = header.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}"));
        for value in emptied.as_object_mut().into_iter().flat_map(|map| map.values_mut()) {
            value.as_array_mut().into_iter().for_each(Vec::clear);
            value.as_object_mut().into_iter().for_each(serde_json::Map::clear);
        }
        emptied.as_array_mut().into_iter().for_each(Vec::clear);
        fs::write(&journal, format!("{header}\n{rest}")).expect("written");
        let output = sim(folder.path()).args(["report", "run"]).output().expect("ended");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0..=3)), "{pointer}: {said}");
        assert!(!said.contains("panicked"), "{pointer}: {said}");
    }
}
