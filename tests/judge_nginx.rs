//! A real log of a real fault: what is found, against what really happened
//! (`data/nginx/README.md`).

use crate::support;

use sim::judge::{Acting, Judge, Judgement, LogReadings};
use sim::logs::{self, LogItem, LogReadOptions, LogSource};
use sim::scenario::Plan;
use sim::units::{Span, Time};
use std::path::{Path, PathBuf};
use support::plan;

const SCENARIO: &str = include_str!("data/nginx.yaml");

fn log(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/nginx").join(name)
}

/// What the rules make of one of the logs.
fn judged(plan: &Plan, name: &str) -> Judgement {
    let mut readings = LogReadings::new(plan, plan.logs.mapping(&plan.names));
    let mut last = None;
    let read =
        logs::read(&[LogSource::from_path(&log(name))], &LogReadOptions::default(), &mut |step| {
            match step {
                LogItem::Request(request) => {
                    last = last.max(Some(request.at));
                    readings.count(request);
                }
                LogItem::Complete(until) => readings.complete(until),
            }
        });
    let counts = read.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(counts.bad(), 0);
    readings.complete(last.expect("requests"));
    let subject = readings.subject().expect("requests");
    assert_eq!(subject.calendar.starts(), plan.calendar.starts(), "the log is of that day");
    let mut judge = Judge::new(&subject, Acting::ByPlan);
    let mut known = Time::ZERO;
    while let Some(reading) = readings.next_reading() {
        known = reading.to + plan.telemetry.delay;
        judge.observe(known, &reading);
    }
    judge.finish(known);
    judge.judgement()
}

/// A moment of 28 November 2026, in UTC.
fn at(plan: &Plan, clock: &str) -> Time {
    let moment = format!("2026-11-28T{clock}[UTC]").parse().expect("a moment");
    plan.calendar.time_of(&moment).expect("of that day")
}

#[test]
fn onset_and_end_are_found_within_one_interval() {
    let plan = plan(SCENARIO, &[]);
    let every = plan.telemetry.every;
    let judgement = judged(&plan, "faulty.log.gz");
    let names: Vec<&str> = judgement
        .episodes()
        .iter()
        .filter(|episode| episode.firing_at.is_some())
        .map(|episode| plan.names.rules[episode.judged.rule.index()].as_str())
        .collect();
    assert_eq!(names, ["Slow", "Errors"], "each fires once, and nothing else does");
    let [response] = &judgement.responses[..] else { panic!("{:?}", judgement.responses) };

    // A reading is about an interval that ends with its tick: the fault is found in that interval.
    let found = |tick: Time| Time(tick.0 - every.0);
    let near = |found: Time, clock: &str| {
        let truth = at(&plan, clock);
        let off = Span(found.0.abs_diff(truth.0));
        assert!(off <= every, "{} instead of {clock}", plan.calendar.rfc3339(found));
    };
    near(found(judgement.episodes()[0].pending_at.expect("pending")), "03:13:38.324");
    near(found(judgement.episodes()[1].pending_at.expect("pending")), "03:16:38.324");
    near(found(response.over_at.expect("over")), "03:18:38.327");

    let attempt = response.attempt.as_ref().expect("the plan acts");
    assert!(attempt.reached.deploying_at.is_some(), "{attempt:?}");
    assert_eq!(attempt.reached.live_at, None, "it was over before the change could help");
}

#[cfg(test)]
mod by_command {
    use super::log;
    use assert_cmd::Command;
    use std::fs;

    /// Tuned on the quiet log, the latency rule is quiet on it and fires on the faulty one.
    #[test]
    fn tuned_values_are_quiet_on_the_quiet_log_and_fire_on_the_faulty_one() {
        let folder = tempfile::TempDir::new().expect("a folder");
        fs::write(folder.path().join("site.yaml"), super::SCENARIO).expect("written");
        let sim = |arguments: &[&str]| {
            let mut command = Command::cargo_bin("sim").expect("built");
            let output = command.current_dir(folder.path()).env("NO_COLOR", "1").args(arguments);
            let output = output.output().expect("runs");
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            (output.status.code(), text(&output.stdout), text(&output.stderr))
        };
        let (quiet, faulty) = (log("quiet.log.gz"), log("faulty.log.gz"));
        let (quiet, faulty) = (quiet.to_str().expect("UTF-8"), faulty.to_str().expect("UTF-8"));
        let tune = ["tune", "site.yaml", "--log", quiet, "--trials", "2", "--out", "tuned"];
        let (code, out, error) = sim(&tune);
        assert_eq!(code, Some(0), "{out}{error}");
        let table = fs::read_to_string(folder.path().join("tuned/tune.csv")).expect("written");
        let mut table = csv::Reader::from_reader(table.as_bytes());
        let heading = table.headers().expect("a heading").clone();
        let place = |name: &str| heading.iter().position(|one| one == name).expect("a column");
        let taken = table.records().map(|row| row.expect("a row"));
        let taken: Vec<_> = taken.filter(|row| &row[place("recommended")] == "yes").collect();
        let [taken] = &taken[..] else { panic!("{} are recommended", taken.len()) };
        assert_eq!((&taken[place("false_alarms")], &taken[place("missed")]), ("0", "0"));
        assert_eq!(&taken[place("evidence")], "measured");

        let rule = &taken[place("rule")];
        assert!(rule.starts_with("latency > ") && rule.ends_with(" of traffic"), "{rule}");
        let set = format!("rules.Open.expr={rule}");
        let only = ["--set", &set, "--set", "rules.Slow.expr=latency > 60s for 99% of traffic"];
        let judge = |log: &str| sim(&[&["judge", "site.yaml", "--log", log], &only[..]].concat());
        let (code, out, error) = judge(quiet);
        assert_eq!(code, Some(0), "{out}{error}");
        let (code, out, error) = judge(faulty);
        assert_eq!(code, Some(99), "{out}{error}");
        assert!(out.contains("Open"), "{out}");
    }
}
