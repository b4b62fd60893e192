//! Past incidents: people who notice and vary, a second look, changes that roll, damage that fades,
//! reality beside the trials, and a crew fitted on a log.

use crate::support::{self, plan, replaced, run, warnings};
use assert_cmd::Command;
use sim::journal::Event;
use sim::units::{Span, Time};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// Three requests in a hundred fail, which no rule sees; support does.
pub const QUIET: &str = "\
scenario: A few requests fail
starts: 2026-03-02T10:00 UTC
lasts: 6h
traffic:
  visits: [{at: 0m, rate: 0.05/s}]
  tools: {use: {requests: 6, think: 20s, use: {page: 100%}}}
site:
  tiers: {web: {instances: 4, threads: 50, takes: 20ms}}
  endpoints: {page: web}
telemetry: {every: 60s, delay: 10s}
rules:
  - {alert: Errors, expr: error_rate > 20%, window: 5m, for: 1m}
people: {kim: {role: ops}}
channels: {page: {answers: 100%, after: 1m}}
escalation: {ops: {try: [kim], by: [page], each: 5m}}
changes:
  revert: 10m
  other: 10m
faults:
  - {at: 20m, failing: page, errors: 3%, until: [revert], noticed: {after: 49m, by: support}}
plays:
  repair:
    when: [Errors, {noticed: support}]
    steps: [page ops, declare 5m, {diagnose: 10m, again: 25m, among: {revert: 100%}}, change chosen]
    confirm: 20m
";

pub fn minutes(n: u64) -> Time {
    Time::ZERO + Span::from_secs(60 * n)
}

#[test]
fn what_no_rule_sees_is_noticed_by_people() {
    let day = run(QUIET, &[]);
    let attempts = day.attempts();
    assert_eq!(attempts.len(), 1);
    let attempt = attempts[0];
    assert_eq!(attempt.cause, "noticed by support");
    // It is counted from the first request that failed: three in a hundred do.
    assert!(
        (minutes(20)..minutes(40)).contains(&attempt.start.started_at),
        "{:?}",
        attempt.start.started_at
    );
    assert_eq!(attempt.reached.alerted_at, Some(minutes(69)), "49 minutes after it began");
    // Acknowledged, declared, chosen, deployed; seen to be gone at once.
    assert_eq!((attempt.reached.live_at, attempt.ended_at), (Some(minutes(95)), minutes(95)));
}

#[test]
fn a_fault_that_is_over_first_is_noticed_by_nobody() {
    let text = replaced(QUIET, &[("until: [revert]", "for: 48m")]);
    assert!(run(&text, &[]).attempts().is_empty());
}

#[test]
fn a_night_waits_for_the_morning() {
    let text = replaced(
        QUIET,
        &[
            ("lasts: 6h", "lasts: 26h"),
            ("by: support}", "by: support, hours: office}"),
            ("people:", "hours: {office: [{daily: 10:00-11:00}]}\npeople:"),
        ],
    );
    // 40 minutes are left of the first hour; the other nine pass on the next morning.
    let day = run(&text, &[]);
    assert_eq!(day.attempts()[0].reached.alerted_at, Some(minutes(24 * 60 + 9)));
}

#[test]
fn a_second_look_takes_its_own_time() {
    let text = replaced(QUIET, &[("among: {revert: 100%}", "among: {other: 99%, revert: 1%}")]);
    let day = run(&text, &[]);
    let [first, second] = &day.attempts()[..] else { panic!("two attempts") };
    assert_eq!(first.change.as_deref(), Some("other"));
    assert_eq!(second.change.as_deref(), Some("revert"));
    let looked = second.reached.chosen_at.expect("chosen").since(second.start.started_at);
    assert_eq!(looked, Span::from_secs(25 * 60));
}

#[test]
fn a_fix_that_rolls_or_damage_that_fades_takes_time() {
    let failed = |text: &str| -> Vec<u64> {
        let of_hour = |hour: u64| {
            let rows =
                run(text, &[]).entries.into_iter().filter_map(move |entry| match entry.event {
                    Event::Reading { from, scopes, .. }
                        if (minutes(60 * hour)..minutes(60 * (hour + 1))).contains(&from) =>
                    {
                        Some(scopes[0].failed)
                    }
                    _ => None,
                });
            rows.sum()
        };
        (1..5).map(of_hour).collect()
    };
    let loud = replaced(QUIET, &[("errors: 3%", "errors: 15%")]);
    let plain = failed(&loud);
    assert!(plain[0] > 50 && plain[1] == 0, "{plain:?}: over at 11:35");
    let fading = failed(&replaced(&loud, &[("until: [revert]", "until: [revert], fades: 2h")]));
    assert!(fading[1] > fading[2] && fading[2] > 0 && fading[3] == 0, "{fading:?}");
    let rolling = failed(&replaced(&loud, &[("revert: 10m", "revert: {takes: 10m, rolls: 2h}")]));
    assert!(rolling[1] > rolling[2] && rolling[2] > 0 && rolling[3] == 0, "{rolling:?}");
}

#[test]
fn who_notices_and_is_not_heard_is_said() {
    let said = warnings(QUIET, &[("when: [Errors, {noticed: support}]", "when: [Errors]")]);
    assert!(said.iter().any(|problem| {
        problem.message == "nobody acts on what `support` notices: no play waits for it"
    }));
    let said = warnings(QUIET, &[("noticed: {after: 49m, by: support}", "fades: 7h (p99 9h)")]);
    assert!(said.iter().any(|problem| problem.message.starts_with("it fades in 7h (p99 9h)")));
    let anyone = replaced(QUIET, &[("{noticed: support}", "{noticed: anyone}")]);
    assert_eq!(run(&anyone, &[]).attempts().len(), 1);
}

#[test]
fn a_variable_holds_a_mixture() {
    let text = replaced(QUIET, &[("declare 5m", "\"declare ${declare}\"")]);
    let text = format!("vars: {{declare: \"30% <3m, 70% 30m (p99 8h)\"}}\n{text}");
    let long = |trial| {
        let attempt = support::play(&plan(&text, &[]), trial);
        let attempt = attempt.attempts()[0].clone();
        let told = attempt.reached.acknowledged_at.expect("answered");
        attempt.reached.declared_at.map_or(Span::from_secs(99_999), |declared| declared.since(told))
    };
    let times: Vec<Span> = (0..40).map(long).collect();
    let short = times.iter().filter(|time| **time < Span::from_secs(180)).count();
    assert!((6..22).contains(&short), "{short} of 40 are under three minutes: {times:?}");
}

fn sim(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::cargo_bin("sim").expect("built");
    let output = command.current_dir(folder).env("NO_COLOR", "1").args(arguments).output();
    let output = output.expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn reality_stands_beside_the_trials() {
    let folder = TempDir::new().expect("a folder");
    let text = replaced(QUIET, &[("after: 49m", "after: 30m (p99 3h)")]);
    let told = "actual: {detect: 49m, repair: 20m, total: 90m, source: a page}\n";
    for name in ["one.yaml", "two.yaml"] {
        fs::write(folder.path().join(name), format!("{text}{told}")).expect("written");
    }
    let (code, out, _) = sim(folder.path(), &["run", "one.yaml", "two.yaml", "--trials", "24"]);
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("Compared with the real incident"), "{out}");
    assert!(out.contains("Past incidents compared with simulated ones"), "{out}");
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    let table = fs::read_to_string(folder.path().join("reports/one/backtest.csv")).expect("made");
    let rows: Vec<&str> = table.lines().collect();
    let last = "pinball_own,longest_right,longest_sure,order_right,source";
    assert!(rows[0].ends_with(last) && rows.len() == 4, "{table}");
    // The repair ends with the last request that failed, at the latest when the change is there.
    let repair: Vec<&str> = rows[2].split(',').collect();
    assert!(repair[4..6] == ["repair", "1200"] && repair[9] == "24", "{table}");
    let at_most = |column: usize| repair[column].parse::<f64>().is_ok_and(|s| s <= 1200.0);
    assert!((6..9).all(at_most), "{table}");
    let page = fs::read_to_string(folder.path().join("reports/one/outbrief.html")).expect("made");
    assert!(page.contains("Compared with the real incident"));
    let (_, out, _) = sim(folder.path(), &["run", "one.yaml", "--trials", "5", "--out", "few"]);
    assert!(out.contains("5 runs are too few"), "{out}");
}

fn log(rows: usize) -> String {
    let mut text = String::from("incident,began,noticed,declared,decided,deployed,over\n");
    for n in 0..rows {
        let (declared, decided) = (3 + n * n % 97, 120 + n * 37 % 400);
        text += &format!("i{n},0m,1m,{declared}m,{decided}m,{}m,>{}m\n", decided + 9, decided + 30);
    }
    text
}

#[test]
fn a_crew_is_fitted_on_a_log_and_can_be_included() {
    let folder = TempDir::new().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    fs::write(at("log.csv"), log(30)).expect("written");
    let arguments = ["crew", "log.csv", "--like", "our on call", "-o", "crew.yaml"];
    let (code, out, err) = sim(folder.path(), &arguments);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("declare   n 30") && out.contains("of 30 fell inside"), "{out}");
    let part = fs::read_to_string(at("crew.yaml")).expect("made");
    assert!(part.contains("# decide: 0 incidents tell it") || part.contains("diagnose:"), "{part}");
    let text = replaced(QUIET, &[("declare 5m", "\"declare ${declare}\"")]);
    fs::write(at("day.yaml"), format!("include: crew.yaml\n{text}")).expect("written");
    let (code, out, err) = sim(folder.path(), &["run", "day.yaml", "--trials", "1"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("People like: our on call (calibrated on 30"), "{out}");
    let (code, _, err) = sim(folder.path(), &["crew", "log.csv", "-o", "day.yaml"]);
    assert_eq!(code, Some(2), "what is not its own is left alone: {err}");
}

#[test]
fn what_is_wrong_with_a_log_is_said() {
    let folder = TempDir::new().expect("a folder");
    let said = |text: &str, code: i32| {
        fs::write(folder.path().join("log.csv"), text).expect("written");
        let (found, _, err) = sim(folder.path(), &["crew", "log.csv"]);
        assert_eq!(found, Some(code), "{err}");
        err
    };
    assert!(said(&log(1), 3).contains("1 incident, and no step is recorded in 10 or more"));
    assert!(said(&log(9), 3).contains("9 incidents"));
    assert!(said("", 2).contains("log.csv"));
    let head = "incident,began,noticed,declared\n";
    for (row, words) in [
        ("a,10m,5m,\n", "`a` was noticed before it began"),
        ("a,0m,2026-01-01T10:00Z,\n", "mixes times of different kinds"),
        ("a,0m,5,\n", "`5` has no unit"),
        ("a,0m,yesterday,\n", "`yesterday` is not a time"),
    ] {
        assert!(said(&format!("{head}{row}"), 2).contains(words), "{row}");
    }
    fs::write(folder.path().join("log.csv"), log(10_000)).expect("written");
    let (code, out, err) = sim(folder.path(), &["crew", "log.csv"]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("n 10000"), "{out}");
    let (code, _, err) = sim(folder.path(), &["crew", "nothing.csv"]);
    assert_eq!(code, Some(2));
    assert!(err.contains("cannot read nothing.csv"), "{err}");
}

#[test]
fn the_incidents_that_ship_are_in_order() {
    let folder = format!("{}/scenarios/history", env!("CARGO_MANIFEST_DIR"));
    let mut found = 0;
    for file in fs::read_dir(&folder).expect("a folder") {
        let path = file.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let source = sim::scenario::read_source(&path).expect("it can be read");
            let loaded = sim::scenario::load(&source, &[]);
            let loaded = loaded.unwrap_or_else(|problems| panic!("{}", problems.render(false)));
            let actual = loaded.plan.actual.expect("it says what really happened");
            assert!(!actual.source.is_empty() && loaded.plan.crew.is_some(), "{}", path.display());
            found += 1;
        }
    }
    assert!(found >= 8, "{found}");
    let part = |path: &str| {
        fs::read_to_string(format!("{folder}/{path}"))
            .unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    // Included files lie in the folder of their scenario, so the crew is there twice.
    assert_eq!(part("parts/on-call.yaml"), part("../parts/on-call.yaml"));
}

#[test]
fn what_the_monitoring_does_not_see_hurts_all_the_same() {
    let loud = replaced(QUIET, &[("errors: 3%", "errors: 60%")]);
    assert_eq!(run(&loud, &[]).attempts()[0].cause, "Errors");
    for seen in ["4xx", "nothing"] {
        let text = replaced(QUIET, &[("errors: 3%", &format!("errors: 60%, seen_as: {seen}"))]);
        let day = run(&text, &[]);
        assert_eq!(day.attempts()[0].cause, "noticed by support", "{seen}");
        let totals = day.story.totals().expect("a whole day");
        assert!(
            totals.site.requests.failed > 100 && totals.site.affected.total() > 50,
            "{totals:?}"
        );
    }
    let counted = "delay: 10s, errors: [5xx, 4xx]}";
    let told = [("errors: 3%", "errors: 60%, seen_as: 4xx"), ("delay: 10s}", counted)];
    let day = run(&replaced(QUIET, &told), &[]);
    assert_eq!(day.attempts()[0].cause, "Errors", "a team that counts them is told");
}

#[test]
fn users_report_and_a_rule_counts_it() {
    let text = replaced(
        QUIET,
        &[
            ("  tools:", "  reports: {call-center: {share: 50%, after: 10m..20m}}\n  tools:"),
            ("errors: 3%", "errors: 15%"),
            (
                "for: 1m}",
                "for: 1m}\n  - {alert: Calls, expr: reports > 5/h, where: {source: call-center}, \
                 window: 1h}",
            ),
            ("when: [Errors, {noticed: support}]", "when: [Errors, Calls]"),
            (", noticed: {after: 49m, by: support}", ""),
        ],
    );
    let day = run(&text, &[]);
    let attempt = day.attempts()[0];
    assert_eq!(attempt.cause, "Calls");
    let told = attempt.reached.alerted_at.expect("told").since(minutes(20));
    assert!((600..5_400).contains(&(told.seconds() as u64)), "{told}: nobody reports at once");
    let both = replaced(&text, &[("reports > 5/h", "reports > 5/h and error_rate > 1%")]);
    assert_eq!(run(&both, &[]).attempts()[0].cause, "Calls");
    let said = warnings(
        &replaced(
            &text,
            &[("expr: reports > 5/h, where: {source: call-center}", "expr: requests < 1/h")],
        ),
        &[],
    );
    assert!(said.iter().any(|problem| problem.message.starts_with("nobody watches the reports")));
}

#[test]
fn what_is_not_known_beforehand_is_drawn_for_each_run() {
    let text = replaced(
        QUIET,
        &[("{at: 20m, failing: page, errors: 3%", "{at: 20m..60m, failing: page, errors: 2%..4%")],
    );
    let begins = |trial| {
        let day = support::play(&plan(&text, &[]), trial);
        day.entries
            .iter()
            .find_map(|entry| match &entry.event {
                Event::Fault { begins: true, .. } => Some(entry.at),
                _ => None,
            })
            .expect("it begins")
    };
    let times: Vec<Time> = (0..8).map(begins).collect();
    assert!(times.iter().all(|at| (minutes(20)..=minutes(60)).contains(at)), "{times:?}");
    assert!(times.windows(2).any(|pair| pair[0] != pair[1]), "{times:?}");
    assert_eq!(begins(3), times[3], "the same run draws the same");
}

#[test]
fn requests_per_second_are_as_many_as_were_said() {
    let text = replaced(QUIET, &[("visits: [{at: 0m, rate: 0.05/s}]", "requests: 2/s")]);
    let text = replaced(&text, &[("errors: 3%", "errors: 0.1%")]);
    let of_hours = run(&text, &[]).entries.into_iter().filter_map(|entry| match entry.event {
        Event::Reading { from, scopes, .. } if from >= minutes(60) => {
            Some(scopes[0].ok + scopes[0].failed)
        }
        _ => None,
    });
    let requests: u64 = of_hours.sum();
    // Five hours of two per second; visits of 6 requests on average make the deviation 630.
    assert!(requests.abs_diff(36_000) < 2_500, "{requests}");
}
