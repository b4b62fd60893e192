//! A real log holds the truth of how it was made, and a simulated one that of its run.

use super::{faulty, readings, sim, support};
use sim::gameday::{Gameday, Trial};
use sim::journal::Event;
use sim::logs::Moment;
use sim::scenario;
use sim::units::{Span, Time};
use std::fs;

/// When the upstream became slow, when it began to fail instead, and when that ended: as it said
/// itself (`tests/data/nginx/README.md`).
const TRUTH: [&str; 3] =
    ["2026-11-28T03:13:38.324Z", "2026-11-28T03:16:38.324Z", "2026-11-28T03:18:38.327Z"];

fn moment(text: &str) -> Moment {
    Moment::from_timestamp(text.parse().expect("a moment"))
}

#[test]
fn the_real_fault_is_where_it_was_made() {
    let plan = support::plan(&support::shipped("launch-day"), &[]);
    let (start, every) = (moment("2026-11-28T03:01:30Z"), Span::from_secs(10));
    let (readings, counts) = readings(&[faulty()], (&plan, start, every)).expect("readable");
    assert_eq!((counts.bad(), counts.lines()), (0, 22_497));
    let slow = Span::from_secs(3);
    let share = |n: u64, of: u64| n as f64 / of.max(1) as f64;
    let of = |wanted: fn(f64, f64) -> bool| -> Vec<usize> {
        let hit = |index: &usize| {
            let site = &readings[*index].scopes[0];
            let slower = share(site.latency.slower_than(slow), site.total());
            wanted(slower, share(site.bad(), site.total()))
        };
        (0..readings.len()).filter(hit).collect()
    };
    let interval = |text: &str| (moment(text).since(start).0 / every.0) as usize;
    let [onset, turn, end] = TRUTH.map(interval);
    let slow = of(|slow, _| slow > 0.1);
    // An answer that takes six seconds is seen slow when it has been sent.
    assert!((onset..=onset + 1).contains(&slow[0]), "{slow:?} {onset}");
    assert!((turn..=turn + 2).contains(slow.last().expect("some")), "{slow:?} {turn}");
    let failing = of(|_, bad| bad > 0.1);
    assert!((turn..=turn + 1).contains(&failing[0]), "{failing:?} {turn}");
    assert!((end - 1..=end + 1).contains(failing.last().expect("some")), "{failing:?} {end}");
    assert_eq!(slow.len(), slow.last().expect("some") - slow[0] + 1, "without a gap");
}

/// Two arms: what telemetry saw during a simulated run with a fault, and what is read from the
/// access log that the program wrote of the same run.
#[test]
fn the_log_of_a_run_gives_the_readings_of_the_run() {
    for (name, lasts) in [("proxy-outage", "90m"), ("maintenance-overruns", "60m")] {
        let folder = support::folder_with_parts();
        let text = support::shipped(name);
        fs::write(folder.path().join("day.yaml"), &text).expect("written");
        let set = format!("lasts={lasts}");
        let mut run = sim(folder.path());
        let run = run.args(["run", "day.yaml", "--quiet", "--access-log", "access.log", "--set"]);
        let code = run.arg(&set).assert().get_output().status.code();
        assert!(matches!(code, Some(0 | 99)), "{name}: {code:?}");
        let log = folder.path().join("access.log");

        let plan = support::plan(&text, &[("lasts", lasts)]);
        let header = scenario::header(&plan, 0, plan.seed);
        let trial = Trial { seed: plan.seed, number: 0 };
        let mut gameday = Gameday::new(&plan, &header, trial);
        let start = Moment::from_timestamp(plan.calendar.starts().timestamp());
        let at = (&plan, start, plan.telemetry.every);
        let (read, counts) = readings(&[log], at).expect("readable");
        assert_eq!(counts.bad(), 0);
        let mut compared = 0;
        while gameday.step().is_some() {
            for entry in gameday.drain() {
                let Event::Reading { from, missing: false, scopes, .. } = &entry.event else {
                    continue;
                };
                let index = (from.0 / plan.telemetry.every.0) as usize;
                let Some(reading) = read.get(index) else { continue };
                assert_eq!(reading.from, *from);
                for (position, row) in plan.reported_scopes().iter().zip(scopes) {
                    let (kind, scope) = plan.names.scope(plan.names.scopes()[*position]);
                    if !["site", "endpoint", "browser"].contains(&kind.word()) {
                        continue;
                    }
                    let seen = &reading.scopes[*position];
                    let counts = (seen.ok, seen.failed, seen.rejected, seen.abandoned);
                    let expected = (row.ok, row.failed, row.rejected, row.abandoned);
                    assert_eq!(counts, expected, "{name}: {kind} {scope} at {from:?}");
                    assert_eq!(seen.planned, row.planned, "{name}: {kind} {scope} at {from:?}");
                    let slow = seen.latency.slower_than(header.slow_limit);
                    // The run compares to the nanosecond, and the log has microseconds.
                    let rounded = row.slow.abs_diff(slow) <= 1;
                    assert!(rounded, "{name}: {kind} {scope} at {from:?}: {slow}, {}", row.slow);
                    compared += 1;
                }
            }
        }
        assert!(compared > 1_000, "{name}: {compared}");
    }
}

#[test]
fn the_same_run_writes_the_same_log() {
    let folder = support::folder_with_parts();
    fs::write(folder.path().join("day.yaml"), support::shipped("quiet-day")).expect("written");
    let write = |name: &str, seed: &str| {
        let mut run = sim(folder.path());
        run.args([
            "run",
            "day.yaml",
            "--trials",
            "1",
            "--quiet",
            "--set",
            "lasts=10m",
            "--seed",
            seed,
        ]);
        run.args(["--access-log", name]).assert().success();
        fs::read(folder.path().join(name)).expect("written")
    };
    let first = write("a.log", "1");
    assert!(first.len() > 10_000 && first == write("b.log", "1"));
    assert_ne!(first, write("c.log", "2"));
    let text = String::from_utf8(first).expect("UTF-8");
    let parts = ["10.0.", "\"GET /page HTTP/1.1\" 200 0 \"-\" \"Mozilla/5.0 (", " rt=0.0"];
    parts.iter().for_each(|part| assert!(text.contains(part), "{part}"));
}

#[test]
fn a_log_that_cannot_be_written_is_told_before_the_run() {
    let folder = support::folder_with_parts();
    fs::write(folder.path().join("day.yaml"), support::shipped("quiet-day")).expect("written");
    let said = |arguments: &[&str]| {
        let output = sim(folder.path()).args(arguments).output().expect("runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, said_of) = said(&["run", "day.yaml", "--access-log", "no/such/folder.log"]);
    assert_eq!(code, Some(1), "{said_of}");
    assert!(said_of.contains("--access-log"), "{said_of}");
    let (code, said_of) = said(&["run", "day.yaml", "day.yaml", "--access-log", "a.log"]);
    assert_eq!(code, Some(2), "{said_of}");
}

#[test]
fn keeping_attempts_changes_nothing_of_the_run() {
    let plan = support::plan(&support::shipped("quiet-day"), &[("lasts", "10m")]);
    let header = scenario::header(&plan, 0, plan.seed);
    let trial = Trial { seed: plan.seed, number: 0 };
    let mut gameday = Gameday::new(&plan, &header, trial).with_attempts();
    let mut attempts = Vec::new();
    while gameday.step().is_some() {
        attempts.append(&mut gameday.drain_attempts());
    }
    attempts.append(&mut gameday.drain_attempts());
    let kept = gameday.finish().story;
    let plain = support::play(&plan, 0).story;
    assert_eq!(kept.totals(), plain.totals());
    let totals = plain.totals().expect("a whole run");
    let ended = totals.site.requests.ok
        + totals.site.requests.failed
        + totals.site.requests.rejected
        + totals.site.requests.abandoned
        + totals.site.requests.planned;
    assert_eq!(attempts.len() as u64, ended);
    assert!(attempts.is_sorted_by_key(|attempt| attempt.at));
    assert!(attempts.iter().all(|a| a.at <= Time::ZERO + plan.lasts));
}
