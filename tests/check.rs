//! `sim check` as a user runs it: formats, exit codes, what makes sense and what does not.

use crate::support;

use assert_cmd::Command;
use sim::scenario::{self, Problem, ProblemSeverity};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn sim(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("sim").expect("built");
    command.current_dir(folder).env("NO_COLOR", "1");
    command
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("written");
    }
    folder
}

/// A small site with one rule and one play, all of it sensible.
pub(crate) const SHOP: &str = r#"
scenario: A ticket shop
starts: 2030-03-01T10:00 Europe/Berlin
lasts: 2h
traffic:
  visits: [{at: 0m, rate: 2/s}]
  tools: {buy: {requests: 5, think: 20s, use: {tickets: 100%}}}
site:
  tiers:
    api: {instances: 2, threads: 10, takes: 50ms}
    db: {threads: 20, takes: 20ms}
  endpoints: {tickets: api > db}
faults:
  - {at: 30m, outage: api, count: 1, until: restart}
baseline: {error_rate: 0.1%}
rules:
  - {alert: Errors, expr: error_rate > 20x baseline, for: 2m}
people:
  ann: {role: boss}
  ben: {role: boss}
  cat: {role: ops}
channels: {phone: {answers: 90%, after: ~1m}}
escalation: {ops: {try: [cat, ben], by: phone, each: 3m}}
changes: {restart: 5m}
plays:
  repair:
    when: Errors
    steps: [page ops, declare 1m, {ask: boss}, change restart]
    verify: 5m
expect: {play: repair}
"#;

/// What is said of the shop after some replacements, each of which must find its text.
fn said(replacements: &[(&str, &str)]) -> Vec<Problem> {
    support::warnings(SHOP, replacements)
}

/// The one warning after some replacements; it must say all of these.
fn warned(replacements: &[(&str, &str)], parts: &[&str]) {
    let said = said(replacements);
    let of = |p: &&Problem| p.severity == ProblemSeverity::Warning;
    let warnings: Vec<&Problem> = said.iter().filter(of).collect();
    let [warning] = warnings[..] else { panic!("{replacements:?}: {said:#?}") };
    all_said(warning, parts);
}

/// Some finding after some replacements says all of these.
fn found(replacements: &[(&str, &str)], parts: &[&str]) {
    let said = said(replacements);
    let finding = said.iter().find(|problem| {
        problem.severity == ProblemSeverity::Finding && problem.message.contains(parts[0])
    });
    all_said(finding.unwrap_or_else(|| panic!("{replacements:?}: {said:#?}")), parts);
}

fn all_said(problem: &Problem, parts: &[&str]) {
    let text = format!("{} | {}", problem.message, problem.hint.as_deref().unwrap_or_default());
    for part in parts {
        assert!(text.contains(part), "{part:?} is not in: {text}");
    }
    assert!(problem.place.line > 0 && problem.hint.is_some(), "{problem:?}");
}

#[test]
fn a_sensible_scenario_has_nothing_to_say() {
    assert_eq!(said(&[]), []);
}

#[test]
fn rules_that_never_fire() {
    let rule = "expr: error_rate > 20x baseline, for: 2m";
    let opens = ("when: Errors", "when: [Errors, Other]");
    let other = |text: &'static str| (rule, text);
    let with = |text: &'static str, parts: &[&str]| {
        warned(&[opens, other(text)], &[&["`Other` can never fire"], parts].concat());
    };
    with("expr: error_rate > 2%}\n  - {alert: Other, expr: error_rate > 100%", &["100%"]);
    let long = "expr: error_rate > 2%}\n  - {alert: Other, expr: error_rate > 5%, for: 3h";
    with(long, &["lasts 2h"]);
    let patience =
        "expr: error_rate > 2%}\n  - {alert: Other, expr: latency > 30s for 5% of traffic";
    with(patience, &["visitors wait 30s at most", "below 30s"]);
    let few =
        "expr: error_rate > 2%}\n  - {alert: Other, expr: error_rate > 5%, min_requests: 5000";
    with(few, &["5000 requests in 1m", "about 600.0 are expected"]);
    let below = "expr: error_rate > 2%}\n  - {alert: Other, expr: requests < 0/m";
    with(below, &["nothing below 0"]);
}

#[test]
fn a_rule_that_is_noise_says_how_often_and_what_helps() {
    let quiet = "expr: error_rate > 20x baseline, for: 2m";
    warned(
        &[(quiet, "expr: error_rate > 3x baseline")],
        &["`Errors` is noise", "false alarm", "about 600 requests", "0.1% of them fail", "`for:"],
    );
    warned(
        &[(quiet, "expr: requests < 700/m")],
        &["`Errors` is noise", "about 600.0 are expected"],
    );
}

#[test]
fn a_floor_that_hides_the_multiple() {
    let floor = "expr: error_rate > 20x baseline, floor: 5%";
    found(
        &[("expr: error_rate > 20x baseline", floor)],
        &["the floor of `Errors` always binds", "2%", "error_rate > 5%", "50x"],
    );
    let low = "expr: error_rate > 20x baseline, floor: 1%";
    assert_eq!(said(&[("expr: error_rate > 20x baseline", low)]), []);
}

#[test]
fn tiers_without_the_threads() {
    // 10 calls a second hold a thread of the API for 70 ms: 0.7 threads are busy.
    warned(
        &[
            ("instances: 2, threads: 10, takes: 50ms", "instances: 1, threads: 2, takes: 200ms"),
            ("count: 1, until", "until"),
        ],
        &["`api` is over its capacity", "10.0 calls/s", "for 220ms", "2.2 of 2 threads"],
    );
    found(
        &[("threads: 20, takes: 20ms", "threads: 1, takes: 90ms")],
        &["90% of the threads of `db`", "0.9 of 1"],
    );
    // A caller holds its thread no longer than its timeout.
    let calls = ("endpoints:", "calls: {api: {timeout: 10ms}}\n  endpoints:");
    let slow = ("threads: 20, takes: 20ms", "threads: 400, takes: 30s");
    let loaded = said(&[calls, slow]);
    assert!(!loaded.iter().any(|p| p.message.contains("`api`")), "{loaded:?}");
}

#[test]
fn faults_that_nothing_cures() {
    warned(
        &[(", until: restart", "")],
        &["nothing cures `outage api`", "end of the run", "until:"],
    );
    let change = ("changes: {restart: 5m}", "changes: {restart: 5m, rebuild: 9m}");
    warned(
        &[change, ("until: restart", "until: rebuild")],
        &["no play and no step makes `rebuild`"],
    );
    assert_eq!(said(&[(", until: restart", ", for: 20m")]), []);
}

#[test]
fn deciders_who_never_decide() {
    let with = |answers: &str| format!("{{ask: boss, answers: {{{answers}}}}}");
    for answers in ["not yet: 100%", "ann decides: 50%, ben decides: 50%"] {
        let never = with(answers);
        warned(
            &[("{ask: boss}", &never)],
            &["in `repair` nobody ever says yes or no", "not yet 5m"],
        );
    }
    for answers in ["not yet: 99%, no: 1%", "ben decides: 100%", "yes if not better in 5m: 100%"] {
        assert!(said(&[("{ask: boss}", &with(answers))]).is_empty(), "{answers}");
    }
}

#[test]
fn plays_that_nobody_can_open() {
    let open = ("expr: error_rate > 20x baseline", "expr: error_rate > ?");
    warned(&[open], &["nobody can open play `repair`", "`Errors` is not filled in"]);
}

#[test]
fn verifications_that_end_too_early() {
    let verify = |text| ("verify: 5m", text);
    let parts = ["1m to verify `repair` is too short", "even a change that helps", "write 2m 30s"];
    warned(&[verify("verify: 1m")], &parts);
    warned(&[verify("verify: 2m")], &["may still see the time before", "its window is 1m"]);
    let long = ("for: 2m}", "for: 20m}");
    warned(&[long], &["shorter than the `for` of `Errors`", "write 20m"]);
}

#[test]
fn steps_without_anybody_on_duty() {
    let hours = "hours:\n  day: [{daily: 10:30-18:00}]\n  late: [{daily: 11:00-18:00}]\nchannels:";
    let replaced = [
        ("ann: {role: boss}", "ann: {role: boss, hours: day}"),
        ("ben: {role: boss}", "ben: {role: boss, hours: late}"),
        ("channels:", hours),
    ];
    warned(&replaced, &["nobody in `boss` is on duty until 10:30:00", "stalls"]);
    let launch = "launch: [{at: \"10:15\", change: restart, by: ops}]\nplays:";
    let replaced = [
        ("cat: {role: ops}", "cat: {role: ops, hours: day}"),
        ("try: [cat, ben]", "try: [cat]"),
        ("channels:", "hours:\n  day: [{daily: 10:30-18:00}]\nchannels:"),
        ("plays:", launch),
        ("page ops, ", ""),
    ];
    warned(&replaced, &["nobody in `ops` is on duty at 10:15:00, when `restart` is due"]);
}

#[test]
fn gaps_of_the_launch_plan_about_people() {
    let tentative = [("ben: {role: boss}", "ben?: {role: boss}"), ("cat, ben]", "cat, ben?]")];
    found(&tentative, &["`ben?` is a tentative name", "second on escalation `ops`"]);
    let alone = [("  ben: {role: boss}\n", ""), ("[cat, ben]", "[cat]")];
    found(&alone, &["`ann` is the only `boss`", "`repair` stalls", "second person"]);
    let launch = "launch: [{at: 10m, change: restart, by: push}]\nplays:";
    let ladders = ("escalation: {", "escalation: {push: {try: cat, by: phone}, ");
    let two = [("plays:", launch), ladders];
    found(&two, &["`cat` is needed in two places", "`push` (launch steps)", "`ops` (plays)"]);
    let all = ("cat: {role: ops}", "cat: {roles: [boss, incident-commander]}");
    let hats = [all, two[0], two[1]];
    found(&hats, &["`cat` approves (as `boss`)", "first on `push`", "`incident-commander`"]);
}

#[test]
fn what_no_scenario_exercises() {
    let more = [
        ("changes: {restart: 5m}", "changes: {restart: 5m, rebuild: 9m}"),
        ("rules:", "rules:\n  - {alert: Slow, expr: latency > 3s for 10% of traffic}"),
        ("cat: {role: ops}", "cat: {role: ops}\n  dan: {role: press}"),
        ("plays:", "plays:\n  hurry: {when: Slow, steps: [change restart]}"),
    ];
    found(&more, &["nothing in this scenario uses the change `rebuild`"]);
    found(&more, &["no fault of this scenario can trip rule `Slow`"]);
    found(&more, &["nothing in this scenario needs the role `press`"]);
    found(&more, &["nothing in this scenario leads to play `hurry`"]);
}

#[test]
fn files_of_one_launch_are_checked_together() {
    let plan =
        SHOP.replace("rules:", "rules:\n  - {alert: Slow, expr: latency > 3s for 10% of traffic}");
    let slow = plan.replace("outage: api, count: 1,", "slow: db, by: 9s,");
    let folder = folder(&[("a.yaml", &plan), ("b.yaml", &slow), ("c.yaml", &plan)]);
    let said = |files: &[&str]| {
        let output = sim(folder.path()).arg("check").args(files).assert().code(0);
        String::from_utf8_lossy(&output.get_output().stdout).into_owned()
    };
    let alone = said(&["a.yaml"]);
    assert!(alone.contains("can trip rule `Slow`"), "{alone}");
    assert!(alone.ends_with("1 file: 0 errors, 0 warnings, 1 finding\n"), "{alone}");
    assert_eq!(said(&["a.yaml", "c.yaml"]).matches("can trip rule").count(), 1);
    let both = said(&["a.yaml", "b.yaml"]);
    assert!(both.ends_with("2 files: 0 errors, 0 warnings, 0 findings\n"), "{both}");
    assert!(!both.contains("can trip rule"), "{both}");
}

#[test]
fn every_problem_has_its_place_its_line_and_a_hint() {
    let broken = SHOP.replace("outage: api", "outage: apj").replace("2/s", "2");
    let folder = folder(&[("shop.yaml", &broken), ("good.yaml", SHOP)]);
    let check = ["check", "shop.yaml", "good.yaml", "gone.yaml"];
    let output = sim(folder.path()).args(check).assert().code(2);
    insta::assert_snapshot!(String::from_utf8_lossy(&output.get_output().stdout));
    assert!(output.get_output().stderr.is_empty());
}

#[test]
fn the_same_as_json_and_for_github() {
    let noisy = SHOP.replace("> 20x baseline", "> ?").replace("outage: api", "outage: apj");
    let folder = folder(&[("shop,1.yaml", &noisy), ("open.yaml", &SHOP.replace("> 20x", "> ?x"))]);
    let check = |format| {
        let files = ["shop,1.yaml", "open.yaml"];
        let mut command = sim(folder.path());
        let output = command.arg("check").args(files).args(["--format", format]).assert().code(2);
        String::from_utf8_lossy(&output.get_output().stdout).into_owned()
    };
    let json: serde_json::Value = serde_json::from_str(&check("json")).expect("one document");
    assert_eq!(json["errors"], 1);
    let problem = &json["files"][0]["problems"][0];
    assert_eq!(problem["severity"], "error");
    assert_eq!((problem["line"].as_u64(), problem["column"].as_u64()), (Some(14), Some(23)));
    assert_eq!(problem["hint"], "did you mean `api`?");
    assert_eq!(json["files"][1]["ok"], true);
    insta::assert_snapshot!(check("github"));
}

#[test]
fn hostile_words_stay_words() {
    let evil = "x\\e[31m%0A::error::\\u202e=cmd|";
    let text = SHOP.replace("  cat: {role: ops}", &format!("  \"{evil}?\": {{role: ops}}"));
    let text = text.replace("[cat, ben]", &format!("[\"{evil}?\", ben]"));
    let folder = folder(&[("shop.yaml", &text)]);
    for format in ["text", "json", "github"] {
        let args = ["check", "shop.yaml", "--format", format];
        let output = sim(folder.path()).args(args).assert().code(0);
        let said = String::from_utf8_lossy(&output.get_output().stdout).into_owned();
        assert!(said.contains("tentative"), "{said}");
        assert!(!said.contains(['\u{1b}', '\u{202e}']), "{format}: {said:?}");
        let commands = said.lines().filter(|line| line.starts_with("::error"));
        assert_eq!(commands.count(), 0, "{said}");
        assert!(format != "github" || !said.contains("%0A::error"), "{said}");
    }
}

#[test]
fn wrong_usage_is_exit_2() {
    let folder = folder(&[("shop.yaml", SHOP), ("bytes.yaml", "")]);
    fs::write(folder.path().join("bytes.yaml"), b"\xff\xfe").expect("written");
    sim(folder.path()).arg("check").assert().code(2);
    sim(folder.path()).args(["check", "shop.yaml", "--format", "xml"]).assert().code(2);
    for bad in ["gone.yaml", ".", "bytes.yaml"] {
        let output = sim(folder.path()).args(["check", "shop.yaml", bad]).assert().code(2);
        let said = String::from_utf8_lossy(&output.get_output().stdout).into_owned();
        assert!(said.contains("2 files: 1 error,") && said.contains(bad), "{said}");
    }
}

#[test]
fn a_run_says_briefly_what_check_says_at_length() {
    let text = SHOP.replace("20x baseline", "3x baseline").replace("lasts: 2h", "lasts: 31m");
    let folder = folder(&[("shop.yaml", &text)]);
    let output = sim(folder.path()).args(["run", "shop.yaml", "--trials", "1"]).assert();
    let said = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
    assert!(said.starts_with("1 warning: sim check shop.yaml shows it\n"), "{said}");
    let output = sim(folder.path()).args(["run", "shop.yaml", "--trials", "1", "--quiet"]).assert();
    assert_eq!(String::from_utf8_lossy(&output.get_output().stderr), "");
}

#[test]
fn the_shipped_scenarios_have_findings_only() {
    let sources = support::shipped_paths().iter().map(|path| scenario::read_source(path)).collect();
    for loaded in scenario::check(sources, &[]) {
        let loaded = loaded.unwrap_or_else(|problems| panic!("{}", problems.render(false)));
        let said = loaded.warnings.render(false);
        assert_eq!(loaded.warnings.count(ProblemSeverity::Warning), 0, "{said}");
        for problem in loaded.warnings.iter() {
            assert!(problem.hint.is_some() && problem.place.line > 0, "{problem:?}");
        }
    }
}

#[test]
fn absurd_numbers_are_survived() {
    let rule = "expr: error_rate > 20x baseline, for: 2m";
    for expr in [
        "error_rate > 1000000000000x baseline",
        "requests > 1000000/s",
        "requests < 1000000/s",
        "latency p99 > 1h",
        "error_rate >= 0%",
    ] {
        let said = said(&[(rule, &format!("expr: {expr}"))]);
        assert!(!said.is_empty(), "{expr} makes sense?");
    }
}
