//! Campaigns as a user runs them: files, terminal, shards, comparison, bad input.

use crate::support;

use assert_cmd::Command;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn sim(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("sim").expect("built");
    command.current_dir(folder).env("NO_COLOR", "1").args(arguments);
    command
}

/// A folder with one short day in it, with half the visitors.
fn day() -> TempDir {
    let path = format!("{}/scenarios/proxy-outage.yaml", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(path).expect("shipped");
    let text = text.replace("lasts: 3h", "lasts: 60m").replace("{at: 65m,", "{at: 10m,");
    let text = text.replace("rate: 0.6/s", "rate: 0.3/s").replace("rate: 1.6/s", "rate: 0.8/s");
    let folder = support::folder_with_parts();
    fs::write(folder.path().join("day.yaml"), text).expect("written");
    folder
}

fn stdout(command: &mut Command) -> String {
    let output = command.output().expect("it runs");
    let text = String::from_utf8(output.stdout).expect("text");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!text.is_empty(), "nothing on stdout; on stderr: {errors}");
    text
}

/// What it says on stderr when it ends with exit code 2.
fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = sim(folder, arguments).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    String::from_utf8(output.stderr).expect("text")
}

fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn trial_0_of_a_campaign_is_trial_0_alone() {
    let folder = day();
    let at = |name: &str| folder.path().join(name);
    drop(
        sim(folder.path(), &["run", "day.yaml", "--trials", "1", "--out", "alone", "-q"]).assert(),
    );
    for jobs in ["1", "8"] {
        let out = format!("many{jobs}");
        let arguments = ["run", "day.yaml", "--trials", "5", "--jobs", jobs, "--out", &out, "-q"];
        sim(folder.path(), &arguments).assert().stdout("");
    }
    let mut files = 0;
    for entry in fs::read_dir(at("alone")).expect("a folder") {
        let name = entry.expect("an entry").file_name();
        let alone = fs::read(at("alone").join(&name)).expect("readable");
        let among_many = fs::read(at("many1").join(&name)).expect("readable");
        // The outbrief also tells of the others, and the command asks for them.
        let outbrief = name.to_string_lossy().starts_with("outbrief.") || name == "run.json";
        assert!(outbrief || alone == among_many, "{name:?} differs");
        files += 1;
    }
    assert!(files > 5);
    for name in ["trials.csv", "campaign.csv", "trials.jsonl", "outbrief.html", "outbrief.md"] {
        assert_eq!(read(at("many1").join(name)), read(at("many8").join(name)), "{name}");
    }
    let trials = read(at("many1/trials.csv"));
    assert_eq!(trials.lines().count(), 6);
    drop(sim(folder.path(), &["run", "day.yaml", "--trial", "3", "--out", "third", "-q"]).assert());
    let id = |text: &str, line: usize| {
        let line = text.lines().nth(line).expect("a row");
        line.split(',').next().expect("a cell").to_string()
    };
    assert_eq!(id(&trials, 4), id(&read(at("third/responses.csv")), 1), "run ids agree");
}

#[test]
fn shards_merge_to_the_same_bytes() {
    let folder = day();
    let at = |name: &str| folder.path().join(name);
    let run = ["run", "day.yaml", "--trials", "5"];
    let whole = stdout(&mut sim(folder.path(), &[&run[..], &["--out", "whole"]].concat()));
    for shard in ["1/2", "2/2"] {
        let more = ["--shard", shard, "--out", "parts", "--jobs", "1"];
        let told = stdout(&mut sim(folder.path(), &[&run[..], &more].concat()));
        assert!(told.starts_with(&format!("Shard   {shard}, ")), "{told}");
    }
    let parts = ["parts/day-shard-2-of-2.jsonl", "parts/day-shard-1-of-2.jsonl"];
    let merge = ["merge", parts[0], parts[1], "--out", "merged"];
    let merged = stdout(&mut sim(folder.path(), &merge));
    for name in ["trials.csv", "campaign.csv"] {
        assert_eq!(read(at("merged").join(name)), read(at("whole").join(name)), "{name}");
    }
    let section = &merged[merged.find("Over 5 runs").expect("a section")..];
    let section = section.split("\nFiles ").next().expect("its end");
    assert!(whole.contains(section), "another summary:\n{merged}");
    // The answer is above, as far as it can be told without the plan.
    for part in ["NOT READY for this plan. Back within 1h in 3 of 5 runs", "required: 95"] {
        assert!(merged.contains(part), "no {part:?} in\n{merged}");
    }

    let missing = refused(folder.path(), &["merge", parts[0]]);
    assert!(missing.contains("missing: shard 1/2"), "{missing}");
    assert!(missing.contains("--trials 5 --shard 1/2"), "{missing}");
    let double = refused(folder.path(), &["merge", parts[0], parts[0]]);
    assert!(double.contains("are both shard 2/2"), "{double}");
    let other = refused(folder.path(), &["merge", parts[0], "day.yaml"]);
    assert!(other.contains("cannot read day.yaml: this is not a file of trials"), "{other}");
    let more = ["--shard", "1/2", "--out", "parts", "--seed", "9", "-q"];
    sim(folder.path(), &[&run[..], &more].concat()).assert().code(0);
    let aside = at("parts/day-shard-1-of-2-2.jsonl");
    assert!(aside.exists(), "another campaign's shard was overwritten");
    let seeds = refused(folder.path(), &["merge", parts[0], aside.to_str().expect("text")]);
    assert!(seeds.contains("differ in seed"), "{seeds}");
}

#[test]
fn a_comparison_says_what_a_change_is_worth() {
    let folder = day();
    let slower = "changes.reverse-proxy-update.takes=9m";
    let arguments = ["compare", "day.yaml", "--set", slower, "--trials", "16", "--jobs", "2"];
    let told = stdout(&mut sim(folder.path(), &arguments));
    assert!(told.contains(&format!("second  day.yaml with {slower}")), "{told}");
    assert!(told.contains("16 pairs of runs"), "{told}");
    assert!(told.lines().all(|line| line.starts_with("Replay") || line.chars().count() <= 80));
    let table = read(folder.path().join("reports/day-compare/compare.csv"));
    let deploy = table.lines().find(|line| line.contains(",deploy,deploy_s,s,")).expect("a row");
    let cells: Vec<&str> = deploy.split(',').collect();
    let difference: f64 = cells[11].parse().expect("a number");
    assert!(difference > 0.0, "a slower deploy takes longer: {deploy}");

    let page = read(folder.path().join("reports/day-compare/compare.html"));
    for part in [
        "16 pairs of runs",
        "with changes.reverse-proxy-update.takes=9m",
        "Worse: the second takes",
        "sim compare SCENARIO.yaml --vs --set",
    ] {
        assert!(page.contains(part), "{part:?} is not on the page");
    }
    assert_eq!(crate::support::reaches_outside(&page), None, "the page reaches outside");
    for never in ["<script", "day.yaml"] {
        assert!(!page.contains(never), "the page has {never}");
    }
    let evil = "scenario=<script>alert(1)</script>";
    let hostile = ["compare", "day.yaml", "--set", evil, "--set", slower, "--trials", "2", "-q"];
    sim(folder.path(), &hostile).args(["--jobs", "1", "--out", "evil"]).output().expect("ran");
    let page = read(folder.path().join("evil/compare.html"));
    assert!(!page.contains("<script"), "a name became a tag");

    // What comes before --vs is of the first, and the replay command says the same again.
    let sides = ["compare", "day.yaml", "--set", slower, "--vs", "--trials", "2"];
    let told = stdout(&mut sim(folder.path(), &sides));
    assert!(told.contains(&format!("first   day.yaml with {slower}")), "{told}");
    let replay = format!("Replay  sim compare day.yaml --set '{slower}' --vs --trials 2");
    assert!(told.contains(&replay), "{told}");
    let same = refused(folder.path(), &["compare", "day.yaml"]);
    assert!(same.contains("both sides are the same"), "{same}");
    let wrong = refused(folder.path(), &["compare", "day.yaml", "--set", "lasts=never"]);
    assert!(wrong.contains("lasts"), "{wrong}");
}

#[test]
fn everything_fits_eighty_columns_and_says_where_it_comes_from() {
    let folder = day();
    let told = stdout(&mut sim(folder.path(), &["run", "day.yaml", "--trials", "3"]));
    let section = told.find("Over 3 runs").expect("a section about all trials");
    for line in told[section..].lines() {
        assert!(line.chars().count() <= 80 && !line.contains('…'), "{line}");
    }
    for part in [
        "Over 3 runs",
        "play rollback opens",
        "false alarms per 24 h",
        "seed 20181110, trial 0",
        "sim run day.yaml --trials 3",
    ] {
        assert!(told.contains(part), "no {part:?} in\n{told}");
    }
}

#[test]
fn a_precision_out_of_reach_is_given_up() {
    let folder = day();
    let tight = ["run", "day.yaml", "--precision", "0.1%", "--max-trials", "3"];
    let told = stdout(&mut sim(folder.path(), &tight));
    assert!(told.contains("Gave up after 3 runs"), "{told}");
    assert!(told.contains("--precision 0.1% --max-trials 3"), "{told}");
}

#[test]
fn bad_input_is_refused_with_what_to_do_instead() {
    let folder = day();
    let cases: [(&[&str], &str); 13] = [
        (&["--trials", "0"], "0 is not in 1.."),
        (&["--trials", "many"], "invalid digit"),
        (&["--trials", "5", "--jobs", "0"], "write a number from 1 to 1024"),
        (&["--trials", "5", "--trial", "1"], "cannot be used with"),
        (&["--precision", "0%"], "write a share above 0%"),
        (&["--precision", "-5%"], "unexpected argument"),
        (&["--precision", "nan"], "write a share above 0%"),
        (&["--precision", "5%", "--max-trials", "0"], "0 is not in 1.."),
        (&["--max-trials", "5"], "--precision"),
        (&["--trials", "16", "--shard", "17/16"], "there is no shard 17 of 16"),
        (&["--trials", "16", "--shard", "0/16"], "shards are counted from 1"),
        (&["--trials", "5", "--shard", "1/9"], "5 trials cannot be split into 9 shards"),
        (&["--shard", "1/2"], "--trials"),
    ];
    for (arguments, expected) in cases {
        let said = refused(folder.path(), &[&["run", "day.yaml"], arguments].concat());
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
    let none = refused(folder.path(), &["merge"]);
    assert!(none.contains("<FILE>..."), "{none}");
}
