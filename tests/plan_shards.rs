//! `sim plan-shards`: what each engine is given, and what is refused.

use assert_cmd::Command;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A day of a minute, of which some hundred are timed at once.
const DAY: &str = "\
scenario: a minute
starts: 2026-03-03T10:00 Europe/Berlin
lasts: 1m
seed: 1
traffic:
  visits: [{at: 0m, rate: 0.1/s}]
  tools: {browse: {requests: 2, think: 5s, use: {page: 100%}}}
  mix: {tool: {browse: 100%}}
site:
  tiers: {web: {instances: 1, threads: 4, takes: 10ms}}
  endpoints: {page: web}
telemetry: {every: 10s, delay: 10s}
baseline: {error_rate: 0.1%}
rules: [{alert: Errors, expr: error_rate > 5%, for: 20s}]
expect: {alerts: none}
";

/// A folder with the day, under a name that a shell, YAML or a label could trip over.
fn folder() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for name in ["day.yaml", "It's the 1st, $HOME.yaml"] {
        fs::write(folder.path().join(name), DAY).expect("written");
    }
    folder
}

fn planned(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::cargo_bin("sim").expect("built");
    command.current_dir(folder).env("NO_COLOR", "1").arg("plan-shards").args(arguments);
    let output = command.output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

const CAMPAIGN: [&str; 8] =
    ["--trials", "640", "--of", "64", "--memory", "128MiB", "--time", "90m"];
const IMAGE: [&str; 4] = ["--image", "registry.example.com/sim:0.1", "--volume", "rehearsal"];

/// The engine's own options.
fn options(engine: &str) -> &'static [&'static str] {
    match engine {
        "kubernetes" => &IMAGE,
        "aws-batch" => {
            &["--image", "example/sim:0.1", "--volume", "fs-0123abcd", "--queue", "spot"]
        }
        _ => &[],
    }
}

#[test]
fn engines_are_given_what_they_take() {
    let folder = folder();
    let mut text = String::new();
    for engine in ["slurm", "kubernetes", "aws-batch", "parallel"] {
        for only in [None, Some("3,17-19")] {
            let only: Vec<&str> = only.map_or(Vec::new(), |list| vec!["--only", list]);
            let asked = [
                &["It's the 1st, $HOME.yaml", "--engine", engine, "--force"][..],
                &CAMPAIGN,
                options(engine),
                &only,
                &["--set", "lasts=50s", "--out", engine],
            ];
            let (code, out, error) = planned(folder.path(), &asked.concat());
            assert_eq!(code, Some(0), "{engine}: {error}");
            // What was timed differs from machine to machine.
            let (_, told) = out.split_once("File").expect("files");
            text += &format!("== {engine} {}\nFile{told}", only.join(" "));
            let mut names: Vec<_> =
                fs::read_dir(folder.path().join(engine)).expect("there").collect();
            names.sort_by_key(|entry| entry.as_ref().expect("an entry").file_name());
            for entry in names {
                let path = entry.expect("an entry").path();
                let written = fs::read_to_string(&path).expect("text");
                let name = path.file_name().expect("one").to_string_lossy().into_owned();
                text += &format!("-- {name}\n{written}");
            }
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn time_and_memory_come_from_days_that_were_timed() {
    let folder = folder();
    let asked = ["day.yaml", "--engine", "slurm", "--trials", "6400", "--of", "64"];
    let (code, out, error) = planned(folder.path(), &asked);
    assert_eq!(code, Some(0), "{error}");
    assert!(out.contains("Timed     200 runs here: "), "{out}");
    assert!(out.contains("Shard     100 runs: about "), "{out}");
    let script = fs::read_to_string(folder.path().join("day.sbatch")).expect("written");
    let number = |before: &str| -> u64 {
        let from = script.find(before).expect(before) + before.len();
        let digits: String = script[from..].chars().take_while(char::is_ascii_digit).collect();
        digits.parse().expect("a number")
    };
    // Five minutes are added to three times what was timed, however short that is.
    assert!(number("--time=") >= 5 && number("--mem=") >= 64, "{script}");
}

#[test]
fn what_cannot_be_planned_is_refused_in_words() {
    let folder = folder();
    fs::write(folder.path().join("there.sbatch"), "mine").expect("written");
    fs::copy(folder.path().join("day.yaml"), folder.path().join("there.yaml")).expect("copied");
    for (asked, code, words) in [
        ("day.yaml --engine slurm --trials 5 --of 64", 2, "5 runs cannot be split into 64 shards"),
        ("day.yaml --engine pbs --trials 5 --of 2", 2, "possible values: slurm"),
        ("day.yaml --engine slurm --trials 5", 2, "--of"),
        ("day.yaml --engine slurm --trials 5 --of 0", 2, "0 is not in"),
        ("day.yaml --engine slurm --trials 0 --of 1", 2, "0 is not in"),
        ("day.yaml --engine slurm --trials 64 --of 64 --only 60-70", 2, "there are 64 shards"),
        ("day.yaml --engine slurm --trials 64 --of 64 --only 9-7", 2, "--only"),
        ("day.yaml --engine slurm --trials 64 --of 64 --memory 3apples", 2, "an amount of memory"),
        ("day.yaml --engine slurm --trials 64 --of 64 --time 0s", 2, "from a second to 30 days"),
        (
            "day.yaml --engine slurm --trials 64 --of 64 --image x",
            2,
            "does not apply to this engine",
        ),
        ("day.yaml --engine slurm --trials 64 --of 64 --set lasts=soon", 2, "lasts"),
        ("day.yaml --engine slurm --trials 64 --of 64 --out day.yaml/in", 1, "cannot write"),
        ("day.yaml --engine kubernetes --trials 64 --of 64", 2, "this engine needs --image"),
        ("day.yaml --engine kubernetes --trials 64 --of 64 --image x", 2, "needs --volume"),
        ("there.yaml --engine slurm --trials 64 --of 64", 2, "there.sbatch already exists"),
        ("nowhere.yaml --engine slurm --trials 64 --of 64", 2, "nowhere.yaml"),
        ("there.sbatch --engine slurm --trials 64 --of 64", 2, "there.sbatch"),
    ] {
        let arguments: Vec<&str> = asked.split(' ').collect();
        let (found, _, error) = planned(folder.path(), &arguments);
        assert_eq!(found, Some(code), "{asked}: {error}");
        assert!(error.contains(words), "{asked}: {error}");
        assert!(!error.contains("panicked"), "{asked}: {error}");
    }
    let batch = ["day.yaml", "--engine", "aws-batch", "--trials", "20000", "--of", "20000"];
    let (code, _, error) = planned(folder.path(), &[&batch[..], options("aws-batch")].concat());
    assert_eq!(code, Some(2));
    assert!(error.contains("2 to 10,000 tasks"), "{error}");
    let mine = fs::read_to_string(folder.path().join("there.sbatch")).expect("there");
    assert_eq!(mine, "mine");
}
