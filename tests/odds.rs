//! What many runs of a plan say: the answer on the first screen, its exit code, and why runs are
//! lost.

use assert_cmd::Command;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A small site whose one repair has to be approved. How surely it is, each test says.
const DAY: &str = "
scenario: The app fails
starts: 2026-03-02T10:00 Europe/Berlin
lasts: 60m
traffic:
  visits: [{at: 0m, rate: 0.2/s}]
  tools: {browse: {requests: 4, think: 20s, use: {page: 100%}}}
site:
  tiers: {web: {instances: 2, threads: 50, takes: 15ms}}
  endpoints: {page: web}
telemetry: {every: 30s, delay: 10s}
faults:
  - {name: failing app, at: 10m, failing: page, errors: 60%, until: repair}
rules:
  - {alert: Errors, expr: error_rate > 10%, for: 1m}
people:
  alex: {role: ops}
  kim: {role: decider}
channels: {phone: {answers: 100%, after: 1m}}
escalation: {ops: {try: [alex], by: phone}}
changes: {repair: 5m}
plays:
  fix:
    when: Errors
    steps: [page ops, {ask: decider, by: phone, agrees: AGREES}, change repair]
    verify: 20m
expect: EXPECT
";

fn folder(agrees: &str, expect: &str) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let text = DAY.replace("AGREES", agrees).replace("EXPECT", expect);
    fs::write(folder.path().join("day.yaml"), text).expect("written");
    folder
}

/// The exit code, stdout and stderr.
fn sim(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::cargo_bin("sim").expect("built");
    let output = command.current_dir(folder).env("NO_COLOR", "1").args(arguments).output();
    let output = output.expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().expect("no signal"), text(&output.stdout), text(&output.stderr))
}

/// What the first screen says, on one line.
fn screen(said: &str) -> String {
    let first = said.split("\nOne run in full").next().expect("a beginning");
    first.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The rows of `trials.csv` in a folder of results.
fn trials(folder: &Path) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut table = csv::Reader::from_path(folder.join("trials.csv")).expect("a table");
    let columns = table.headers().expect("a heading").clone();
    let row = |row: csv::StringRecord| {
        columns.iter().map(String::from).zip(row.iter().map(String::from)).collect()
    };
    table.records().map(|record| row(record.expect("a row"))).collect()
}

#[test]
fn two_hundred_runs_answer_first_and_the_answer_is_the_exit_code() {
    let folder = folder("100%", "{recovered: < 30m}");
    let (code, said, _) = sim(folder.path(), &["run", "day.yaml", "--out", "sure"]);
    let first = screen(&said);
    assert_eq!(code, 0, "{said}");
    assert!(first.starts_with("EXERCISE · simulated · 200 runs"), "{first}");
    let answer = "READY for this failure. Back within 30m in 200 of 200 runs (100%, margin of \
                  error 98 to 100%; required: 95%).";
    assert!(first.contains(answer), "{first}");
    assert!(said.contains("\nAnswer  READY. Back within 30m in 200 of 200 runs\nRun "), "{said}");
    let next = "Next    sim hinges day.yaml, for what it hinges on and what would save most";
    let end = format!("Replay  sim run day.yaml\n{next}\n");
    assert!(said.ends_with(&end), "{said}");
    assert_eq!(trials(&folder.path().join("sure")).len(), 200);

    let few = ["run", "day.yaml", "--trials", "20", "--out", "few"];
    let (code, said, _) = sim(folder.path(), &few);
    assert_eq!(code, 3, "{said}");
    let answer = "CAN'T SAY for this failure (too few runs: at least 73 are needed). Back \
                  within 30m in 20 of 20 runs";
    assert!(screen(&said).contains(answer), "{said}");

    let met = ["run", "day.yaml", "--trials", "20", "--out", "half", "--set", "expect.on=50%"];
    let (code, said, _) = sim(folder.path(), &met);
    assert_eq!(code, 0, "the lower end of 20 of 20 is 84 %: {said}");
    assert!(screen(&said).contains("required: 50%"), "{said}");
}

#[test]
fn lost_runs_say_why_and_how_to_play_them() {
    let folder = folder("70%", "{recovered: < 30m}");
    let (code, said, _) = sim(folder.path(), &["run", "day.yaml", "--trials", "60", "--out", "o"]);
    assert_eq!(code, 99, "{said}");
    let rows = trials(&folder.path().join("o"));
    let lost: Vec<&str> = rows
        .iter()
        .filter(|row| row["outcome"] == "still down")
        .map(|row| row["trial"].as_str())
        .collect();
    assert!((8..30).contains(&lost.len()), "about 18 of 60: {lost:?}");
    assert!(rows.iter().all(|row| match row["outcome"].as_str() {
        "still down" => row["why"] == "approval refused" && row["meets_recovered_lt_30m"] == "0",
        "restored" => row["why"] == "ended by repair" && row["meets_recovered_lt_30m"] == "1",
        _ => false,
    }));
    let first = screen(&said);
    let (met, runs) = (60 - lost.len(), lost.len());
    assert!(first.contains("NOT READY for this failure."), "{first}");
    assert!(first.contains(&format!("Back within 30m in {met} of 60 runs")), "{first}");
    assert!(first.contains(&format!("in {runs} still down when the run ends at 11:00")), "{first}");
    let why = format!("why lost approval refused, and the plan has no next step ({runs})");
    assert!(first.contains(&why), "{first}");
    let list = format!("{runs}  still down: approval refused");
    let line = said.lines().find(|line| line.contains(&list)).expect("a list of lost runs");
    let again = ["run", "day.yaml", "--trial", lost[0], "--out", "again"];
    assert!(line.split_whitespace().any(|word| word == lost[0]), "{line}");
    let (code, told, _) = sim(folder.path(), &again);
    assert_eq!(code, 99, "{told}");
    assert!(told.contains("not recovered"), "{told}");
    assert!(
        first.contains(&format!("(run {}; limit 30m)", lost[0])),
        "the bad one is shown: {first}"
    );
}

#[test]
fn what_is_not_limited_is_not_ready() {
    let folder = folder("0%", "{detected: < 40m}");
    let (code, said, _) = sim(folder.path(), &["run", "day.yaml", "--trials", "80", "--out", "o"]);
    let answer = "NO LIMIT SET and so no verdict. Still down when the run ends at \
                  11:00 in 80 of 80 runs.";
    assert!(screen(&said).contains(answer), "{said}");
    let limit = "say how soon it must be over, such as expect: {recovered: < 1h}";
    assert!(screen(&said).contains(limit), "{said}");
    assert_eq!(code, 0, "all that was expected came true: {said}");
    // What was expected and did not come true is a verdict, with a limit on recovery or without.
    let folder = self::folder("0%", "{detected: < 1s}");
    let (code, said, _) = sim(folder.path(), &["run", "day.yaml", "--trials", "80", "--out", "o"]);
    assert_eq!(code, 99, "{said}");
    assert!(screen(&said).contains("NOT READY for this failure. Still down"), "{said}");
    assert!(screen(&said).contains("oticed within 1s in 0 of 80 runs"), "{said}");
}

#[test]
fn rules_that_are_not_filled_in_are_named_first() {
    let folder = folder("100%", "{recovered: < 30m}");
    let day = fs::read_to_string(folder.path().join("day.yaml")).expect("written");
    let open = day.replace("error_rate > 10%, for: 1m", "error_rate > ?, for: 1m");
    fs::write(folder.path().join("open.yaml"), &open).expect("written");
    let (code, said, _) = sim(folder.path(), &["run", "open.yaml", "--trials", "80", "--out", "o"]);
    assert_eq!(code, 99, "{said}");
    let first = screen(&said);
    assert!(first.contains("no rule fired; none is filled in yet (80)"), "{first}");
    let fill_in = "fill in the rule Errors: until then it never fires (`sim fill` asks)";
    assert!(first.contains(fill_in), "{first}");
    assert!(said.contains("  unfilled   Errors") && !said.contains("  silent"), "{said}");
    // One that has its values is silent, and the other is still to be filled in.
    let both =
        open.replace("people:", "  - {alert: Slow, expr: latency p95 > 1h, for: 1m}\npeople:");
    fs::write(folder.path().join("both.yaml"), both).expect("written");
    let (_, said, _) = sim(folder.path(), &["run", "both.yaml", "--trials", "80", "--out", "b"]);
    assert!(screen(&said).contains("no rule fired (80)"), "{said}");
    assert!(said.contains("  unfilled   Errors") && said.contains("  silent     Slow"), "{said}");
    assert!(screen(&said).contains(fill_in), "{said}");
}

#[test]
fn one_run_is_one_run() {
    let folder = folder("100%", "{recovered: < 30m}");
    let ways: [&[&str]; 5] = [
        &["--trials", "1"],
        &["--trial", "3"],
        &["--record", "r.jsonl"],
        &["--access-log", "a.log"],
        &["--hdr", "h.hdr"],
    ];
    for (position, way) in ways.iter().enumerate() {
        let out = format!("o{position}");
        let arguments = [&["run", "day.yaml", "--out", &out], *way].concat();
        let (code, said, errors) = sim(folder.path(), &arguments);
        assert_eq!(code, 0, "{way:?}: {errors}");
        assert!(!said.contains("EXERCISE") && said.contains("met the one"), "{way:?}: {said}");
        assert!(!folder.path().join(out).join("trials.csv").exists(), "{way:?}");
    }
}

#[test]
fn reports_made_again_answer_the_same() {
    let folder = folder("70%", "{recovered: < 30m, detected: < 10m}");
    let (_, said, _) = sim(folder.path(), &["run", "day.yaml", "--trials", "30", "--out", "o"]);
    let page = |name: &str| fs::read_to_string(folder.path().join("o").join(name)).expect(name);
    let before = (page("outbrief.html"), page("outbrief.md"));
    let (_, again, _) = sim(folder.path(), &["report", "o"]);
    assert_eq!(screen(&said), screen(&again));
    assert_eq!(before, (page("outbrief.html"), page("outbrief.md")));
    let answer = said.lines().find(|line| line.starts_with("Answer")).expect("an answer");
    let answer = answer.trim_start_matches("Answer").trim().split(' ').next().expect("a word");
    for text in [before.0, before.1] {
        assert!(text.contains(answer), "{text}");
        assert!(text.contains("approval refused, and the plan has no next step"), "{text}");
    }
}

#[test]
fn the_answer_says_what_it_hinges_on_and_what_to_do() {
    let folder = folder("70%", "{recovered: < 30m}");
    let run = |more: &[&str]| {
        sim(folder.path(), &[&["run", "day.yaml", "--trials", "80"], more].concat())
    };
    let (_, said, _) = run(&["--out", "o", "--hinges", "24h"]);
    let first = screen(&said);
    let set = "plays.fix.steps.ask.agrees=40%";
    run(&["--out", "less", "--hinges", "0s", "--set", set]);
    let rows = trials(&folder.path().join("less"));
    let kept = rows.iter().filter(|row| row["outcome"] == "restored").count();
    let hinge = format!("\"the decider says yes 70%\" is assumed: 40% → {kept} of 80 runs");
    assert!(first.contains(&hinge), "{hinge}: {first}");
    let lost = trials(&folder.path().join("o"));
    let lost = lost.iter().filter(|row| row["outcome"] == "still down").count();
    let saved = format!("for fix in advance (saves all {lost} lost runs)");
    assert!(first.contains(&saved), "{saved}: {first}");

    let page = |name: &str| fs::read_to_string(folder.path().join("o").join(name)).expect(name);
    let before = (page("outbrief.html"), page("outbrief.md"));
    let (_, again, _) = sim(folder.path(), &["report", "o"]);
    assert_eq!(first, screen(&again));
    assert_eq!(before, (page("outbrief.html"), page("outbrief.md")));
    for text in [before.0.replace("&quot;", "\""), before.1] {
        assert!(text.contains(&saved) && text.contains(&hinge), "{text}");
    }
    let jobs = run(&["--out", "one", "--hinges", "24h", "--jobs", "1"]);
    assert_eq!(first, screen(&jobs.1), "the number of threads does not count");
}

#[test]
fn nobody_waits_longer_for_hinges_than_was_said() {
    let folder = folder("70%", "{recovered: < 30m}");
    let run = |trials: &str, hinges: &str| {
        let out = format!("o{trials}{hinges}");
        let arguments = ["run", "day.yaml", "--trials", trials, "--out", &out, "--hinges", hinges];
        (sim(folder.path(), &arguments), folder.path().join(out).join("hinges.json").exists())
    };
    let late = "hinges on not worked out yet: run `sim hinges` on the same file do not worked out";
    for (trials, hinges, there) in [("80", "1ms", true), ("80", "0s", false), ("72", "1h", false)] {
        let ((code, said, _), kept) = run(trials, hinges);
        assert_eq!(code, 99, "{said}");
        let first = screen(&said);
        assert_eq!(first.contains(late), there, "{trials} {hinges}: {first}");
        assert_eq!((first.contains("hinges on"), kept), (there, there), "{trials} {hinges}");
    }
    for wrong in ["never", "10", "25h", ""] {
        let ((code, _, errors), _) = run("80", wrong);
        assert_eq!(code, 2, "{wrong}: {errors}");
        assert!(errors.contains("--hinges"), "{wrong}: {errors}");
    }
}

#[test]
fn a_share_that_cannot_be_shown_is_refused() {
    let folder = folder("100%", "{recovered: < 30m}");
    let cases = [
        ("expect.on=100%", "no number of runs can show that it holds in 100%"),
        ("expect.on=0%", "no number of runs can show that it holds in 0%"),
        ("expect.on=120%", "120%"),
        ("expect.on=often", "often"),
        ("expect.on=-5%", "-5%"),
    ];
    for (set, expected) in cases {
        let (code, _, errors) = sim(folder.path(), &["run", "day.yaml", "--set", set]);
        assert_eq!(code, 2, "{set}: {errors}");
        assert!(errors.contains(expected), "{set}: {errors}");
    }
}
