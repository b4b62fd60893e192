//! `sim judge` and `sim tune` as a user runs them.

use assert_cmd::Command;
use std::fs;
use std::path::Path;
use std::process::Output;
use tempfile::TempDir;

const SCENARIO: &str = include_str!("data/judge.yaml");

fn sim(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("sim").expect("built");
    command.current_dir(folder).env("NO_COLOR", "1").args(arguments).output().expect("runs")
}

/// The exit code, stdout and stderr.
fn said(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = sim(folder, arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().expect("no signal"), text(output.stdout), text(output.stderr))
}

/// A folder with the scenario, a day of it recorded and as an access log.
fn day() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("day.yaml"), SCENARIO).expect("written");
    let run = ["run", "day.yaml", "--record", "day.jsonl", "--access-log", "access.log", "-q"];
    let (code, _, error) = said(folder.path(), &run);
    assert_eq!(code, 0, "{error}");
    folder
}

/// The cells of a column of a CSV text.
fn column(text: &str, name: &str) -> Vec<String> {
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let at = table.headers().expect("a heading").iter().position(|column| column == name);
    let at = at.unwrap_or_else(|| panic!("no column {name}"));
    table.records().map(|row| row.expect("a row")[at].to_string()).collect()
}

#[test]
fn a_recording_and_a_log_of_it_tell_the_same_story() {
    let folder = day();
    let judge = |arguments: &[&str]| {
        let (code, out, error) = said(folder.path(), &[&["judge", "day.yaml"], arguments].concat());
        assert_eq!(code, 99, "{error}");
        out
    };
    let recorded = judge(&["--readings", "day.jsonl", "--csv"]);
    let logged = judge(&["--log", "access.log", "--csv"]);
    let errors = |text: &str| {
        let (alerts, states) = (column(text, "alert"), column(text, "state"));
        let rest = ["at", "value", "threshold", "n", "margin_pct", "held_s"];
        let rest: Vec<Vec<String>> = rest.iter().map(|name| column(text, name)).collect();
        let rows = (0..alerts.len()).filter(|row| alerts[*row] == "Errors");
        let cells = rows.map(|row| {
            let cells: Vec<&str> = rest.iter().map(|column| column[row].as_str()).collect();
            format!("{} {}", states[row], cells.join(" "))
        });
        cells.collect::<Vec<String>>()
    };
    assert_eq!(errors(&recorded), errors(&logged));
    let states: Vec<String> = column(&logged, "state");
    assert!(states.contains(&"pending".to_string()) && states.contains(&"resolved".to_string()));
    let same = judge(&["--log", "day.jsonl", "--csv"]);
    assert_eq!(same, recorded, "a recording is recognised");

    let told = judge(&["--log", "access.log"]);
    for words in [
        "Errors is known at 10:1",
        "opens rollback: failover would have been begun at 10:1",
        "by the plan's own times, assumed",
        "alex answers by phone",
        "failover begins (table: ~4m)",
        "In the log it is over",
        "Could not be judged",
        "an access log sees the entry",
        "it is not filled in",
        "never 100000 requests in its window",
    ] {
        let flat = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(words), "no {words:?} in\n{told}");
    }
    let widest = told.lines().map(|line| line.chars().count()).max();
    assert!(widest.is_some_and(|width| width <= 80), "{told}");
    assert!(judge(&["--readings", "day.jsonl"]).contains("rollback, as recorded"));
}

#[test]
fn tables_and_json_say_what_the_summary_says() {
    let folder = day();
    let judge = ["judge", "day.yaml", "--log", "access.log", "-o", "out", "--json"];
    let (code, out, _) = said(folder.path(), &judge);
    assert_eq!(code, 99);
    let document: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(document["fired"], true);
    let moves = document["moves"].as_array().expect("a list");
    let table = fs::read_to_string(folder.path().join("out/judge.csv")).expect("written");
    assert_eq!(column(&table, "alert").len(), moves.len());
    assert_eq!(moves[0]["alert"], "Errors");
    assert!(moves[0]["margin_pct"].as_f64().is_some_and(|margin| margin > 0.0));
    assert_eq!(moves[0]["baseline"], serde_json::Value::Null);
    let plays = fs::read_to_string(folder.path().join("out/judge_plays.csv")).expect("written");
    assert_eq!(column(&plays, "change"), ["failover"]);
    assert_eq!(column(&plays, "evidence"), ["assumed"]);
    let rules = fs::read_to_string(folder.path().join("out/judge_rules.csv")).expect("written");
    let reasons = column(&rules, "not_judged");
    assert_eq!(reasons.iter().filter(|reason| !reason.is_empty()).count(), 4, "{reasons:?}");
    let again = said(folder.path(), &judge).1;
    assert_eq!(again, out, "the same log, the same words");
    assert!(!folder.path().join("out-2").exists(), "the same judgement is written in place");
}

#[test]
fn exit_codes() {
    let folder = day();
    let code = |arguments: &[&str]| said(folder.path(), arguments).0;
    let quiet =
        ["judge", "day.yaml", "--log", "access.log", "--set", "rules.Errors.expr=error_rate > 99%"];
    assert_eq!(code(&quiet), 0);
    assert_eq!(code(&["judge", "day.yaml", "--log", "access.log"]), 99);
    let crowd = ["judge", "day.yaml", "--log", "access.log", "--set"];
    let only = "rules=[{alert: Crowd, expr: error_rate > 5%, min_requests: 100000}]";
    assert_eq!(code(&[&crowd[..], &[only, "--set", "plays={}"]].concat()), 3);
}

#[test]
fn bad_input_is_refused_in_words() {
    let folder = day();
    let write =
        |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).expect("written");
    let log = fs::read(folder.path().join("access.log")).expect("there");
    let line = log.split(|byte| *byte == b'\n').next().expect("a line");
    write("empty.log", b"");
    write("junk.log", &[0u8, 159, 146, 150].repeat(5_000));
    write("prose.log", "the day went well\n".repeat(100).as_bytes());
    write("one.log", line);
    write("half.jsonl", &fs::read(folder.path().join("day.jsonl")).expect("there")[..9_000]);
    write("other.jsonl", b"{\"recording\":7}\n");
    write("journal.jsonl", b"{\"journal\":2}\n");
    fs::create_dir(folder.path().join("folder")).expect("made");
    let mut mixed = log[..20_000].to_vec();
    mixed.extend(b"\n{\"time\": \"2026-03-02T10:01:00Z\"}\n".repeat(200));
    write("mixed.log", &mixed);
    fs::copy(folder.path().join("access.log"), folder.path().join("twin.log")).expect("copied");
    for (arguments, code, words) in [
        (&["--log", "empty.log"][..], 2, "contains no lines"),
        (&["--log", "junk.log"], 2, "no known format"),
        (&["--log", "prose.log"], 2, "no known format"),
        (&["--log", "nowhere.log"], 2, "cannot read nowhere.log"),
        (&["--log", "folder"], 2, "folder is a folder without files"),
        (&["--log", "one.log"], 3, "does not cover one interval of 10s"),
        (&["--log", "mixed.log"], 2, "lines are bad"),
        (&["--log", "access.log", "twin.log"], 2, "begin with the same lines"),
        (&["--log", "access.log", "--since", "soon"], 2, "`soon` is not a time"),
        (&["--log", "day.jsonl", "access.log"], 2, "a recording is judged by itself"),
        (&["--log", "access.log", "--follow", "--json"], 2, "cannot be used with"),
        (&["--log", "access.log", "twin.log", "--follow"], 2, "--follow watches one log"),
        (&["--log", "-", "--follow"], 2, "--follow needs a file"),
        (&["--log", "folder", "--follow"], 2, "cannot follow folder"),
        (&["--readings", "half.jsonl"], 1, "cut off"),
        (&["--readings", "other.jsonl"], 2, "format 7"),
        (&["--readings", "journal.jsonl"], 2, "this is not a recording"),
        (&["--readings", "access.log"], 2, "this is not a recording"),
        (&["--readings", "nowhere.jsonl"], 2, "cannot be read"),
        (&["--readings", "day.jsonl", "--set", "telemetry.every=30s"], 2, "every 10s"),
        (&[], 2, "--log"),
    ] {
        let (found, _, error) = said(folder.path(), &[&["judge", "day.yaml"], arguments].concat());
        assert_eq!(found, code, "{arguments:?}: {error}");
        assert!(error.contains(words), "{arguments:?}: {error}");
        assert!(!error.contains("panicked"), "{arguments:?}: {error}");
    }
    let (code, _, error) = said(folder.path(), &["run", "day.yaml", "day.yaml", "--record", "x"]);
    assert_eq!((code, error.contains("--record is for one run")), (2, true), "{error}");
}

/// Escapes and formulas in paths and agents never reach the terminal or a table as such.
#[test]
fn hostile_lines_stay_words() {
    let folder = day();
    let mut log = fs::read_to_string(folder.path().join("access.log")).expect("text");
    let evil = "6.6.6.6 - - [02/Mar/2026:10:29:59 +0100] \"GET /\u{1b}[2J=cmd HTTP/1.1\" 200 0 \
                \"-\" \"=HYPERLINK(\u{1b}]0;x\u{7})\" rt=0.1\n";
    log.push_str(evil);
    fs::write(folder.path().join("=evil.log"), log).expect("written");
    let (code, out, error) =
        said(folder.path(), &["judge", "day.yaml", "--log", "=evil.log", "-o", "out"]);
    assert_eq!(code, 99, "{error}");
    assert!(!out.contains('\u{1b}') && !error.contains('\u{1b}'), "{out}{error}");
}

#[cfg(unix)]
mod following {
    use super::*;
    use std::io::{BufRead, BufReader, Write};
    use std::process::{Child, Command as Plain, Stdio};

    fn follow(folder: &Path) -> Child {
        let sim = assert_cmd::cargo::cargo_bin("sim");
        Plain::new(sim)
            .current_dir(folder)
            .env("NO_COLOR", "1")
            .args(["judge", "day.yaml", "--log", "live.log", "--follow"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("runs")
    }

    /// A log that grows in pieces and is rotated once: moves are told while it grows, the summary
    /// comes at Ctrl-C, and nothing of it is lost on the way.
    #[test]
    fn a_growing_log_is_judged_as_it_grows() {
        let folder = day();
        let path = |name: &str| folder.path().join(name);
        let log = fs::read(path("access.log")).expect("there");
        let (first, rest) = log.split_at(log.len() / 2);
        let (second, third) = rest.split_at(rest.len() / 2);
        fs::write(path("live.log"), first).expect("written");
        let mut child = follow(folder.path());
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let mut told = String::new();
        let mut until = |words: &str| {
            for line in lines.by_ref() {
                let line = line.expect("UTF-8");
                told.push_str(&(line.clone() + "\n"));
                if line.contains(words) {
                    return;
                }
            }
            panic!("no {words:?} in\n{told}");
        };
        until("pending");
        until("rollback opens: Errors");
        let mut live = fs::OpenOptions::new().append(true).open(path("live.log")).expect("opened");
        // In the middle of a line.
        let (piece, remainder) = second.split_at(second.len() - 17);
        live.write_all(piece).expect("written");
        live.write_all(remainder).expect("written");
        fs::rename(path("live.log"), path("live.log.1")).expect("renamed");
        fs::write(path("live.log"), third).expect("written");
        until("resolved");
        let interrupted = Plain::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(interrupted.expect("there is kill").success());
        until("Verdict");
        until("by the plan's own times");
        assert_eq!(child.wait().expect("ends").code(), Some(130));
    }
}

mod tuning {
    use super::*;

    const TRIES: [&str; 8] = [
        "--try",
        "Errors.value=0.5%,2%,5%,20%,45%,70%",
        "--try",
        "Errors.for=0s,30s,60s,300s",
        "--days",
        "4",
        "--trials",
        "3",
    ];

    #[test]
    fn values_are_recommended_and_work() {
        let folder = day();
        let (code, out, error) = said(
            folder.path(),
            &[&["tune", "day.yaml", "--set", "rules.Open.expr=error_rate > 99%"], &TRIES[..]]
                .concat(),
        );
        assert_eq!(code, 0, "{out}{error}");
        for words in
            ["take", "It finds 3 of 3 faults", "0 of 4 quiet days have a false alarm", "Use "]
        {
            assert!(out.contains(words), "no {words:?} in\n{out}");
        }
        assert!(
            out.lines()
                .take_while(|line| !line.starts_with("Use"))
                .all(|line| line.chars().count() <= 80),
            "{out}"
        );
        let table =
            fs::read_to_string(folder.path().join("reports/day-tune/tune.csv")).expect("written");
        assert_eq!(column(&table, "alert").len(), 24);
        let recommended = column(&table, "recommended");
        let at = recommended.iter().position(|yes| yes == "yes").expect("one");
        assert_eq!(column(&table, "missed")[at], "0");
        let rule = column(&table, "rule")[at].clone();
        // Half of the servers refuse: 70 % is never reached, and is missed.
        let hopeless = column(&table, "rule").iter().position(|rule| rule.contains("70%"));
        assert_eq!(column(&table, "missed")[hopeless.expect("tried")], "3");
        let page =
            fs::read_to_string(folder.path().join("reports/day-tune/tune.html")).expect("written");
        assert!(page.contains("<svg") && !page.contains("<script"), "a page with a plot");

        let set = format!("rules.Errors.expr={rule}");
        let judge = ["judge", "day.yaml", "--log", "access.log", "--set", &set];
        assert_eq!(said(folder.path(), &judge).0, 99, "it fires on the bad day");
        let run = ["run", "day.yaml", "--set", "faults=[]", "--access-log", "quiet.log", "-q"];
        assert_eq!(said(folder.path(), &run).0, 0);
        let judge = ["judge", "day.yaml", "--log", "quiet.log", "--set", &set];
        let (code, out, _) = said(folder.path(), &judge);
        assert_eq!(code, 0, "it is quiet on the quiet day: {out}");
        let on_log =
            ["tune", "day.yaml", "--log", "quiet.log", "--set", "rules.Open.expr=error_rate > 99%"];
        let (code, out, error) = said(folder.path(), &[&on_log[..], &TRIES].concat());
        assert_eq!(code, 0, "{out}{error}");
        assert!(out.contains("the log quiet.log"), "{out}");
    }

    #[test]
    fn the_same_bytes_whatever_the_number_of_jobs() {
        let folder = day();
        let table = |jobs: &str| {
            let out = format!("out-{jobs}");
            let rest = ["--jobs", jobs, "-q", "--out", &out];
            let tune = ["tune", "day.yaml", "--try", "Open.value=1%,10%"];
            let (code, _, error) = said(folder.path(), &[&tune[..], &TRIES[4..], &rest].concat());
            assert_eq!(code, 0, "{error}");
            ["tune.csv", "tune.html"].map(|name| {
                fs::read_to_string(folder.path().join(&out).join(name)).expect("written")
            })
        };
        assert_eq!(table("1"), table("2"));
    }

    #[test]
    fn bad_input_is_refused_in_words() {
        let folder = day();
        fs::write(folder.path().join("empty.log"), b"").expect("written");
        for (arguments, code, words) in [
            (&["--try", "Errors.value=5"][..], 2, "Errors"),
            (&["--try", "Errors.value=10%..1%"], 2, "a range goes up"),
            (&["--try", "Errors.value=1%,2s"], 2, "mixes units"),
            (&["--try", "Errors.share=1%,2%"], 2, "has no share to try"),
            (&["--try", "Errors.speed=1%"], 2, "a rule has no number speed"),
            (&["--try", "Errors=1%"], 2, "names no number of a rule"),
            (&["--try", "Nobody.value=1%"], 2, "there is no rule Nobody"),
            (&["--try", "Errors.value"], 2, "write KEY=VALUE"),
            (&["--try", "Open.value=1%", "--days", "0"], 2, "0"),
            (&["--try", "Open.value=1%", "--false-alarms=-1"], 2, "false"),
            (&["--try", "Open.value=1%", "--set", "faults=[]"], 2, "no fault to detect"),
            (&["--log", "empty.log"], 2, "contains no lines"),
            (&["--log", "nowhere.log"], 2, "cannot read nowhere.log"),
            (&["--set", "rules.Open.expr=requests < ?"], 2, "which values of Open.value to try"),
            (&["--set", "rules.Open.expr=error_rate > 9%"], 3, "no rule has a number that is open"),
        ] {
            let all = [&["tune", "day.yaml", "--days", "1", "--trials", "1"], arguments].concat();
            let all: Vec<&str> = if arguments.contains(&"--days") {
                [&["tune", "day.yaml"], arguments].concat()
            } else {
                all
            };
            let (found, _, error) = said(folder.path(), &all);
            assert_eq!(found, code, "{arguments:?}: {error}");
            assert!(error.contains(words), "{arguments:?}: {error}");
            assert!(!error.contains("panicked"), "{arguments:?}: {error}");
        }
    }
}
