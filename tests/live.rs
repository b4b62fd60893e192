//! The gameday in the room, as a user plays it: scripts, records, being killed, bad input.

use assert_cmd::Command;
use std::fs;
use std::path::Path;
use std::process::{Command as Process, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Half of the proxies fail after two minutes; wyatt responds, chris decides.
pub(crate) const DAY: &str = "\
scenario: A small day
starts: 2018-11-07T17:00 America/New_York
lasts: 12m
seed: 7
traffic:
  visits: [{at: 0m, rate: 2/s}]
  mix: {browser: {chrome: 60%, ie11: 40%}}
  tools: {browse: {requests: 3, think: 10s, use: {page: 100%}}}
site:
  tiers:
    proxy: {instances: 2, threads: 50, takes: 5ms}
    web: {instances: 2, threads: 50, takes: 20ms}
  endpoints: {page: proxy > web}
faults:
  - {at: 2m, outage: proxy, share: 50%, until: [proxy-update, proxy-rebuild]}
telemetry: {every: 10s, delay: 10s}
baseline: {error_rate: 0.1%}
rules:
  - {alert: Errors, expr: error_rate > 5%, for: 30s, severity: SEV-1}
people:
  chris: {role: decider}
  wyatt: {role: ops}
channels:
  slack: {answers: 70%, after: 30s..2m}
  phone: {answers: 85%, after: ~1m}
escalation:
  ops: {try: [wyatt], by: [slack, phone], each: 2m, rounds: 2}
changes:
  proxy-update: {takes: 1m}
  proxy-rebuild: {takes: 3m}
plays:
  rollback:
    when: [Errors]
    steps:
      - page ops
      - declare 20s..40s
      - {triage: 30s..1m, among: {proxy-update: 60%, proxy-rebuild: 40%}}
      - {ask: decider, by: [slack, phone], within: 4m}
      - change chosen
    verify: 3m
expect: {detected: < 5m, recovered: < 10m}
";

pub(crate) const ANSWERS: &str = "\
# The answers of a morning.
30s       note everybody is here
17:03:40  ack wyatt slack
+15s      declare yes
+25s      choose proxy-update
+20s      decide yes chris
";

pub(crate) fn sim(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("sim").expect("built");
    command.current_dir(folder).env("NO_COLOR", "1");
    command
}

pub(crate) fn prepared() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("day.yaml"), DAY).expect("written");
    fs::write(folder.path().join("answers.txt"), ANSWERS).expect("written");
    folder
}

/// The journal after its header.
pub(crate) fn lines(folder: &Path) -> String {
    let journal = fs::read_to_string(folder.join("journal.jsonl")).expect("a journal");
    journal.split_once('\n').expect("a header").1.to_string()
}

pub(crate) const LIVE: [&str; 6] =
    ["run", "day.yaml", "--live", "--seats", "wyatt,chris", "--speed"];

#[test]
fn a_rehearsal_by_script_is_measured_and_repeatable() {
    let folder = prepared();
    let script = ["run", "day.yaml", "--script", "answers.txt", "--seats", "wyatt,chris", "--out"];
    for out in ["a", "b"] {
        sim(folder.path()).args(script).arg(out).assert().code(0);
    }
    let (a, b) = (folder.path().join("a"), folder.path().join("b"));
    for file in ["journal.jsonl", "people.csv", "responses.csv", "outbrief.html"] {
        assert!(fs::read(a.join(file)).ok() == fs::read(b.join(file)).ok(), "{file} differs");
    }
    let people = fs::read_to_string(a.join("people.csv")).expect("a table");
    assert_eq!(people.matches(",measured").count(), 4, "{people}");
    let responses = fs::read_to_string(a.join("responses.csv")).expect("a table");
    assert!(responses.contains(",rehearsal,0,"), "{responses}");
    assert!(responses.contains("2018-11-07T17:03:40-05:00"), "{responses}");
    let timeline = fs::read_to_string(a.join("timeline.csv")).expect("a table");
    assert!(timeline.contains(",room,note,"), "{timeline}");

    // With a clock, the same answers at the same moments give the same day.
    sim(folder.path())
        .args(LIVE)
        .args(["600x", "--script", "answers.txt", "--out", "live"])
        .assert()
        .code(0);
    let live = folder.path().join("live");
    assert!(lines(&live) == lines(&a), "the clock changes what happens");
    let record = fs::read_to_string(live.join("room.jsonl")).expect("a record");
    assert_eq!(record.matches("\"input\"").count(), 5, "{record}");
    assert!(record.trim_end().ends_with("\"over\":{}}"), "{record}");
    let again = ["run", "day.yaml", "--live", "--resume", "--out", "live"];
    sim(folder.path()).args(again).assert().code(2);
    let beside = fs::read_to_string(live.join("simulated/responses.csv")).expect("a table");
    assert!(beside.contains(",simulated,0,"), "{beside}");
}

#[test]
fn killed_and_resumed_it_is_the_same_day() {
    let folder = prepared();
    let whole = ["run", "day.yaml", "--script", "answers.txt", "--seats", "wyatt,chris"];
    sim(folder.path()).args(whole).args(["--out", "whole"]).assert().code(0);

    let mut killed = Process::new(assert_cmd::cargo::cargo_bin("sim"))
        .current_dir(folder.path())
        .args(LIVE)
        .args(["60x", "--script", "answers.txt", "--out", "live"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .expect("started");
    let record = folder.path().join("live/room.jsonl");
    let begun = Instant::now();
    let declared = || fs::read_to_string(&record).unwrap_or_default().contains("declare yes");
    while !declared() && begun.elapsed() < Duration::from_secs(120) {
        std::thread::sleep(Duration::from_millis(5));
    }
    killed.kill().expect("it was running");
    killed.wait().expect("it is dead");
    assert!(declared(), "the second input never came");
    assert!(!folder.path().join("live/journal.jsonl").exists(), "it was killed before its end");
    // A line that was being written when it was killed.
    let mut torn = fs::read(&record).expect("a record");
    torn.extend(b"{\"at\":1");
    fs::write(&record, torn).expect("written");
    // Another run does not take its folder.
    let other = ["run", "day.yaml", "--trials", "1", "--quiet", "--out", "live"];
    sim(folder.path()).args(other).assert().code(0);
    assert!(folder.path().join("live-2/journal.jsonl").exists());

    let arguments = ["run", "day.yaml", "--live", "--speed", "2000x", "--script", "answers.txt"];
    let resumed = sim(folder.path()).args(arguments).args(["--resume", "--out", "live"]).assert();
    resumed.code(0);
    assert!(lines(&folder.path().join("live")) == lines(&folder.path().join("whole")));
}

#[test]
fn taken_back_it_never_happened() {
    let folder = prepared();
    let slips =
        ANSWERS.replace("+15s      declare yes", "+5s declare no\n+5s undo\n+5s declare yes");
    fs::write(folder.path().join("slips.txt"), slips).expect("written");
    for (script, out) in [("answers.txt", "a"), ("slips.txt", "b")] {
        let arguments = ["run", "day.yaml", "--seats", "wyatt,chris", "--script", script];
        sim(folder.path()).args(arguments).args(["--out", out]).assert().code(0);
    }
    assert!(lines(&folder.path().join("a")) == lines(&folder.path().join("b")));
}

#[test]
fn typed_lines_are_taken_and_nonsense_is_answered() {
    let folder = prepared();
    let typed = "note hello\nack wyatt\nfoo\nstatus\nhelp\nskip 3m\n\
                 inject slow: web, by: 1s, for: 1m\ninject slow: wbe, by: 1s\nundo\nabort enough\n";
    let output = sim(folder.path()).args(LIVE).args(["1x"]).write_stdin(typed).assert().code(130);
    let said = String::from_utf8_lossy(&output.get_output().stdout).into_owned();
    for part in [
        "EXERCISE",
        "room      note: hello",
        "`ack wyatt` is not accepted: wyatt is not paged now",
        "`foo` is not accepted: there is no command `foo`",
        "left",
        "declare yes|no",
        "slow web begins",
        "did you mean `web`",
        "taken back: inject slow: web",
    ] {
        assert!(said.contains(part), "no {part:?} in\n{said}");
    }
    let record = fs::read_to_string(folder.path().join("reports/day/room.jsonl")).expect("kept");
    assert!(record.contains("\"abort enough\"") && record.contains("\"refused\""), "{record}");
    let timeline = fs::read_to_string(folder.path().join("reports/day/timeline.csv"));
    assert!(timeline.expect("a table").contains(",room,abort,"));
}

#[test]
fn bad_arguments_say_what_to_do_instead() {
    let folder = prepared();
    fs::write(folder.path().join("bad.txt"), "5m note a\n4m note b\n").expect("written");
    fs::write(folder.path().join("late.txt"), "50m note a\n").expect("written");
    fs::write(folder.path().join("slip.txt"), "1m ack nobody\n").expect("written");
    for (arguments, part) in [
        (&["--live", "--seats", "wyat,josh"][..], "there is no person `josh`"),
        (&["--live", "--seats", "wyatt,wyatt"], "wyatt is named twice"),
        (&["--live", "--speed", "fast"], "not a speed"),
        (&["--speed", "4x"], "--live"),
        (&["--seats", "wyatt"], "add --live"),
        (&["--live", "--resume"], "there is no rehearsal"),
        (&["--live", "--script", "none.txt"], "cannot read none.txt"),
        (&["--script", "bad.txt"], "bad.txt: line 2"),
        (&["--live", "--script", "late.txt"], "line 1 of the script is after"),
        (&["--script", "slip.txt"], "line 1 of the script: `ack nobody` is not accepted"),
        (&["other.yaml", "--live"], "one gameday at a time"),
        (&["--live", "--record", "day.jsonl"], "do not go with people"),
    ] {
        let output = sim(folder.path()).args(["run", "day.yaml"]).args(arguments).assert().code(2);
        let said = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
        assert!(said.contains(part), "{arguments:?}: {said}");
    }
    assert!(!folder.path().join("reports/day/room.jsonl").exists());
}

#[test]
fn a_record_that_is_not_of_this_scenario_is_left_alone() {
    let folder = prepared();
    sim(folder.path()).args(LIVE).args(["1x"]).write_stdin("note a\nabort\n").assert().code(130);
    let path = folder.path().join("reports/day/room.jsonl");
    let record = fs::read_to_string(&path).expect("a record").replace("{\"over\":{}}", "");
    let whole: Vec<&str> = record.lines().filter(|line| !line.contains("\"over\"")).collect();
    let resume = ["run", "day.yaml", "--live", "--resume"];
    let said = |text: &str| {
        fs::write(&path, text).expect("written");
        let output = sim(folder.path()).args(resume).assert().code(2);
        String::from_utf8_lossy(&output.get_output().stderr).into_owned()
    };
    let broken = said(&(whole.join("\n").replace("\"note a\"", "note a") + "\n"));
    assert!(broken.contains("line 2 of the record is corrupt"), "{broken}");
    assert!(said("").contains("the record is empty"));
    fs::write(folder.path().join("day.yaml"), DAY.replace("rate: 2/s", "rate: 3/s")).expect("");
    let other = said(&(whole.join("\n") + "\n"));
    assert!(other.contains("is not the scenario of"), "{other}");
}

#[cfg(unix)]
#[test]
fn a_closed_terminal_is_saved_and_the_player_screen_names_no_fault() {
    let folder = prepared();
    let players = folder.path().join("players.html");
    let mut live = Process::new(assert_cmd::cargo::cargo_bin("sim"))
        .current_dir(folder.path())
        .args(LIVE)
        .args(["100x", "--script", "answers.txt", "--out", "live", "--players", "players.html"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .expect("started");
    let begun = Instant::now();
    let told = || fs::read_to_string(&players).unwrap_or_default().contains("FIRING");
    while !told() && begun.elapsed() < Duration::from_secs(120) {
        std::thread::sleep(Duration::from_millis(5));
    }
    // Under `nohup` a closed terminal is no reason to end, here as for the tests themselves.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok());
    let signal = if ignored.is_some_and(|bits| bits & 1 == 1) { "-TERM" } else { "-HUP" };
    let hangup = Process::new("kill").args([signal, &live.id().to_string()]).status();
    assert!(hangup.expect("there is a kill").success());
    assert_eq!(live.wait().expect("it ends").code(), Some(130));
    let page = fs::read_to_string(&players).expect("a page");
    assert!(page.contains("FIRING") && page.contains("EXERCISE"), "the alert never came");
    for secret in ["outage proxy", "50% of proxy", "A small day"] {
        assert!(!page.contains(secret), "the players read {secret:?}");
    }
    let journal = fs::read_to_string(folder.path().join("live/journal.jsonl")).expect("saved");
    assert!(journal.trim_end().ends_with('}') && journal.contains("\"interrupted\":true"));
    let resume = ["run", "day.yaml", "--live", "--resume", "--speed", "2000x", "--out", "live"];
    sim(folder.path()).args(resume).args(["--script", "answers.txt"]).assert().code(0);
    let whole = ["run", "day.yaml", "--script", "answers.txt", "--seats", "wyatt,chris"];
    sim(folder.path()).args(whole).args(["--out", "whole"]).assert().code(0);
    assert!(lines(&folder.path().join("live")) == lines(&folder.path().join("whole")));
}
