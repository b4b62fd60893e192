//! What a new user gets wrong: one cause is one problem, and the hint is what to write.

use crate::support;

use assert_cmd::Command;
use sim::scenario::{self, Problem, ProblemSeverity, SourceText};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A council's site for parking permits.
const PERMITS: &str = r#"scenario: Parking permits go online
starts: 2030-03-04T09:00 Europe/London
lasts: 2h
vars: {peak: 2/s}
traffic:
  visits: [{at: 0m, rate: "${peak}"}]
  tools: {renew: {requests: 5, think: 20s, use: {permit: 99%, archive: 1%}}}
site:
  tiers:
    web: {instances: 2, threads: 10, takes: 50ms}
    db: {threads: 20, takes: 20ms}
    old: {threads: 1, takes: 300ms}
  endpoints: {permit: web > db, archive: old}
  calls: {web: {timeout: 5s}}
faults:
  - {at: 30m, outage: web, count: 1, until: restart}
baseline: {error_rate: 0.1%}
rules:
  - {alert: Errors, expr: error_rate > 20x baseline, for: 2m}
people:
  priya: {role: owner, hours: office}
  moira: {role: ops}
hours:
  office: [{daily: 09:00-18:00}]
channels: {phone: {answers: 90%, after: ~1m}}
escalation: {ops: {try: [moira, priya], by: phone, each: 3m}}
changes: {restart: 5m}
plays:
  repair:
    when: Errors
    steps: [page ops, declare 1m, {ask: owner}, change restart]
    verify: 5m
checklist:
  - {item: conference line tested, owner: moira, done: true}
expect: {play: repair}
"#;

fn with(replacements: &[(&str, &str)]) -> String {
    support::replaced(PERMITS, replacements)
}

fn loaded(text: String) -> Result<Vec<Problem>, Vec<Problem>> {
    let source = SourceText::file("permits.yaml", text);
    match scenario::load(&source, &[]) {
        Ok(loaded) => Ok(loaded.warnings.iter().cloned().collect()),
        Err(problems) => Err(problems.iter().cloned().collect()),
    }
}

fn words(problem: &Problem) -> String {
    format!("{} | {}", problem.message, problem.hint.as_deref().unwrap_or_default())
}

/// The one error after some replacements says all of these, and nothing follows from it.
fn refused(replacements: &[(&str, &str)], parts: &[&str]) {
    let problems = loaded(with(replacements)).expect_err("refused");
    let [problem] = &problems[..] else { panic!("{replacements:?}: {problems:#?}") };
    for part in parts {
        assert!(words(problem).contains(part), "{part:?} is not in: {}", words(problem));
    }
}

/// The one warning after some replacements says all of these.
fn warned(replacements: &[(&str, &str)], parts: &[&str]) {
    let problems = loaded(with(replacements)).unwrap_or_else(|errors| panic!("{errors:#?}"));
    let warning = |problem: &&Problem| problem.severity == ProblemSeverity::Warning;
    let warnings: Vec<&Problem> = problems.iter().filter(warning).collect();
    let [problem] = &warnings[..] else { panic!("{replacements:?}: {problems:#?}") };
    for part in parts {
        assert!(words(problem).contains(part), "{part:?} is not in: {}", words(problem));
    }
}

fn said(folder: &Path, arguments: &[&str], code: i32) -> String {
    let mut command = Command::cargo_bin("sim").expect("built");
    let output = command.current_dir(folder).env("NO_COLOR", "1").args(arguments).output();
    let output = output.expect("it runs");
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
    text
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("in a folder")).expect("made");
        fs::write(path, text).expect("written");
    }
    folder
}

#[test]
fn the_scenario_itself_has_one_gap_of_the_plan() {
    let problems = loaded(PERMITS.to_string()).expect("a scenario");
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert!(words(&problems[0]).contains("`priya` is the only `owner`"), "{problems:#?}");
}

#[test]
fn a_variable_that_is_wrong_is_one_error() {
    refused(&[("${peak}", "${peek}")], &["unknown variable `peek`", "did you mean `peak`?"]);
    refused(&[("vars:", "var:")], &["unknown key `var`", "did you mean `vars`?"]);
    refused(&[("${peak}", "${peak")], &["`${` has no `}`"]);
}

#[test]
fn a_baseline_that_is_wrong_is_one_error() {
    refused(&[("0.1%", "0.1")], &["`0.1` is not a percentage"]);
    refused(&[("baseline: {error_rate", "baseline: {errors")], &["unknown key `errors`"]);
    refused(&[("baseline: {", "basline: {")], &["unknown key `basline`"]);
    refused(&[("baseline: {error_rate: 0.1%}\n", "")], &["needs a baseline"]);
}

#[test]
fn a_step_that_is_none_is_one_error() {
    refused(
        &[("declare 1m", "wait 1m")],
        &["`wait 1m` is not a valid step", "page, declare, diagnose, triage"],
    );
    refused(
        &[("change restart", "restart")],
        &["`restart` is not a valid step", "`change restart`"],
    );
    refused(&[("declare 1m", "declar 1m")], &["did you mean `declare 1m`?"]);
    refused(&[("declare 1m", "{wait: 1m}")], &["unknown key `wait`"]);
    refused(&[("declare 1m", "{}")], &["does not say what is to happen"]);
}

#[test]
fn numbers_with_a_comma() {
    refused(&[("threads: 20", "threads: 1,000")], &["a number has no comma: 1000"]);
    refused(&[("requests: 5,", "requests: 2,5,")], &["a fraction is written with a point: 2.5"]);
}

#[test]
fn what_changes_nothing_is_a_warning() {
    let office = ("role: owner, hours: office", "role: owner");
    warned(&[office], &["nobody works the hours `office`", "`hours: office` with a person"]);
    let calls = ("calls: {web:", "calls: {db:");
    warned(&[calls], &["`db` calls no other tier", "calls of `web` wait for `db`"]);
    let calls = ("calls: {web:", "calls: {web archive:");
    warned(&[calls], &["`web` calls no other tier for `archive`"]);
    let unused = ("endpoints: {", "endpoints: {news: web, ");
    warned(&[unused], &["no tool uses the endpoint `news`", "`use` of a tool"]);
    let apart = ("tiers:\n", "tiers:\n    cdn: {threads: 9, takes: 1ms}\n");
    warned(&[apart], &["no endpoint goes through the tier `cdn`"]);
    let owner = ("owner: moira", "owner: moria");
    warned(&[owner], &["the owner `moria` is not one of the `people`", "did you mean `moira`?"]);
    // An owner need not be one of the people.
    let facilities = loaded(with(&[("owner: moira", "owner: facilities")])).expect("a scenario");
    assert_eq!(facilities.len(), 1, "{facilities:#?}");
}

#[test]
fn a_route_to_a_tier_that_cannot_bear_it_is_a_warning() {
    // Ten requests a second hold a thread of the old site for 300 ms: three threads are busy.
    let route = |to| {
        let change = "changes:\n  restart: {takes: 5m, route: {permit: old}}";
        [("changes: {restart: 5m}", change), ("old: {threads: 1,", to)]
    };
    let parts =
        ["with `restart` live, `old` is over its capacity", "3.0 of 2 threads", "at least 3"];
    warned(&route("old: {threads: 2,"), &parts);
    let enough = loaded(with(&route("old: {threads: 4,"))).expect("a scenario");
    assert_eq!(enough.len(), 1, "{enough:#?}");
    // Instances that the same change adds count.
    let added = [(
        "changes: {restart: 5m}",
        "changes:\n  restart: {takes: 5m, route: {permit: old}, add: {old: 3}}",
    )];
    let added = loaded(with(&added)).expect("a scenario");
    assert_eq!(added.len(), 1, "{added:#?}");
}

#[test]
fn a_question_that_often_nobody_answers_is_a_finding() {
    let found = |replacements: &[(&str, &str)]| {
        let problems = loaded(with(replacements)).expect("a scenario");
        let finding = problems.iter().find(|problem| problem.message.contains("of the time no"));
        finding.map(words)
    };
    assert_eq!(found(&[]), None, "nine of ten asks are answered");
    let seldom = ("answers: 90%", "answers: 40%");
    let said = found(&[seldom]).expect("a finding");
    assert!(said.contains("60% of the time no `owner` answers by "), "{said}");
    // A second holder is asked when the first is silent.
    let two = ("moira: {role: ops}", "moira: {roles: [ops, owner]}");
    let said = found(&[two, seldom]).expect("a finding");
    assert!(said.contains("36% of the time no `owner` answers by "), "{said}");
    let often = ("answers: 90%", "answers: 80%");
    assert!(found(&[often]).is_some() && found(&[two, often]).is_none());
}

#[test]
fn a_file_of_another_kind_is_one_error_that_names_its_command() {
    let tests = "scenario: permits.yaml\ntests: [{name: a, input: {requests: 9x9}, \
                 expect: [{at: 1m, alert: Errors, state: inactive}]}]\n";
    let part = PERMITS.split_once("people:").expect("a roster").1;
    let part = format!("people:{}", part.split_once("changes:").expect("changes").0);
    let folder = folder(&[
        ("permits.yaml", PERMITS),
        ("rules.test.yaml", tests),
        ("team.yaml", &part),
        ("traffic.csv", "time,requests\n0,5\n"),
        ("responses.csv", "run_id,scenario,mode\na,b,c\n"),
        ("page.html", "<!DOCTYPE html>\n<html>"),
        ("shard.jsonl", "{\"campaign\":1,\"trials\":9}\n"),
    ]);
    let journal = format!("{{\"journal\":2}}\n{}", "x".repeat(2_100_000));
    fs::write(folder.path().join("journal.jsonl"), journal).expect("written");
    fs::write(folder.path().join("schema.json"), scenario::schema().to_string()).expect("written");
    for (file, parts) in [
        ("rules.test.yaml", &["file of rule tests, not", "`sim test rules.test.yaml`"][..]),
        ("team.yaml", &["a part that scenarios include", "`include:`"]),
        ("traffic.csv", &["this is a table (CSV)", "begins with `scenario:"]),
        ("responses.csv", &["a table that a run wrote", "`sim report --dictionary`"]),
        ("page.html", &["this is a web page"]),
        ("shard.jsonl", &["this is a shard of a campaign", "`sim merge`"]),
        ("journal.jsonl", &["this is the journal of a run", "`sim report`"]),
        ("schema.json", &["this is a JSON Schema"]),
    ] {
        for command in ["check", "run", "explain", "compare"] {
            let said = said(folder.path(), &[command, file], 2);
            assert_eq!(said.matches("error:").count(), 1, "{command} {file}: {said}");
            parts.iter().for_each(|part| assert!(said.contains(part), "{part:?}: {said}"));
        }
    }
    let said = said(folder.path(), &["test", "permits.yaml"], 2);
    assert_eq!(said.matches("error:").count(), 1, "{said}");
    assert!(said.contains("this is a scenario, not a file of rule tests"), "{said}");
    assert!(said.contains("`sim check permits.yaml`"), "{said}");
}

#[test]
fn a_file_of_rule_tests_has_all_its_problems_at_once() {
    let tests = "scenario: permits.yaml\ntests:\n  - name: a\n    input: {request: 9x9}\n    \
                 expect: [{at: 1m, alert: Error, state: fire}]\n  - name: b\n    \
                 input: {requests: 9x9}\n    expect: [{at: 1h, alert: Errors, state: firing}]\n";
    let folder = folder(&[("permits.yaml", PERMITS), ("rules.yaml", tests)]);
    let all = said(folder.path(), &["test", "rules.yaml"], 2);
    for part in ["unknown key `request`", "`fire` is not a state of a rule", "the input ends at"] {
        assert!(all.contains(part), "{part:?} is not in {all}");
    }
    assert!(!all.contains("expects nothing"), "{all}");
    fs::write(folder.path().join("rules.yaml"), tests.replace("permits.yaml", "permit.yaml"))
        .expect("written");
    let gone = said(folder.path(), &["test", "rules.yaml"], 2);
    assert!(gone.contains("there is no scenario `permit.yaml`"), "{gone}");
    assert!(gone.contains("rules.yaml:1:11"), "{gone}");
}

#[test]
fn check_takes_a_changed_value() {
    let folder = folder(&[("permits.yaml", PERMITS)]);
    let more = said(folder.path(), &["check", "permits.yaml", "--set", "vars.peak=90/s"], 0);
    assert!(more.contains("`web` is over its capacity"), "{more}");
    let slip = said(folder.path(), &["check", "permits.yaml", "--set", "vars.pek=90/s"], 2);
    assert!(slip.contains("did you mean `peak`?"), "{slip}");
}

#[test]
fn what_is_wrong_in_a_shared_part_is_told_once() {
    let (head, rest) = PERMITS.split_once("channels:").expect("channels");
    let (part, rest) = rest.split_once("changes:").expect("changes");
    let part = format!("channels:{}", part.replace("90%", "90"));
    let day = format!("include: part.yaml\n{head}changes:{rest}");
    let folder = folder(&[("part.yaml", &part), ("a.yaml", &day), ("b.yaml", &day)]);
    let text = said(folder.path(), &["check", "a.yaml", "b.yaml"], 2);
    assert_eq!(text.matches("`90` is not a percentage").count(), 1, "{text}");
    let json = said(folder.path(), &["check", "a.yaml", "b.yaml", "--format", "json"], 2);
    let json: serde_json::Value = serde_json::from_str(&json).expect("one document");
    assert_eq!([&json["files"][0]["ok"], &json["files"][1]["ok"]], [false, false]);
}

#[test]
fn comparisons_say_what_is_compared_with_what() {
    let folder = folder(&[("permits.yaml", PERMITS)]);
    let refused = |arguments: &[&str]| {
        said(folder.path(), &[&["compare", "permits.yaml"], arguments].concat(), 2)
    };
    assert!(refused(&[]).contains("both sides are the same: permits.yaml as it is"));
    assert!(refused(&["permits.yaml"]).contains("both sides are the same"));
    let same = refused(&["--set", "seed=2", "--vs", "--set", "seed=2"]);
    assert!(same.contains("what is set before --vs makes the first"), "{same}");
    let twice = refused(&["--vs", "--set", "seed=2", "--vs", "--set", "seed=3"]);
    assert!(twice.contains("`--vs` is given twice"), "{twice}");
    let gone = said(folder.path(), &["compare", "gone.yaml"], 2);
    assert!(gone.contains("file not found"), "{gone}");
    let help = said(folder.path(), &["compare", "--help"], 0);
    assert!(help.contains("one minute against two"), "{help}");
}

#[test]
fn hints_say_what_to_write_in_ones_own_words() {
    let starts = "2030-03-04T09:00 Europe/London";
    for (from, to, hint) in [
        (starts, "2030-03-04 09:00 Europe/London", "write 2030-03-04T09:00 Europe/London"),
        (starts, "2030-03-04T09:00", "write 2030-03-04T09:00 Europe/Berlin"),
        (starts, "2030-03-04T09:00 London", "did you mean `Europe/London`?"),
        (starts, "2030-03-04T09:00 BST", "continent and city"),
        ("error_rate > 20x baseline", "errors > 5%", "write error_rate > 5%, or errors > 10/m"),
        ("error_rate > 20x baseline", "p99 latency > 5s", "did you mean `latency p99 > 2s`?"),
        ("permit: web > db", "permit: [web, db]", "write `web > db`"),
        ("visits: [{at: 0m, rate: \"${peak}\"}]", "visits: ${peak}", "write [{at: …, rate: …}]"),
        ("expect: {", "expect: {recovered: \"<= 60m\", ", "write \"< 60m\""),
        ("old: {threads: 1,", "old: {threads: 1, external: yes,", "write `true`"),
        ("baseline:", "people+: {}\nbaseline:", "only lists have a plus"),
        ("lasts: 2h", "lasts: 2h\nlasts: 3h", "keep one of them"),
        ("lasts: 2h", "lasts:2h", "a space after the colon"),
        ("page ops", "page moira", "`moira` is a person, this names an escalation"),
    ] {
        refused(&[(from, to)], &[hint]);
    }
    let early = ("at: 30m", "at: \"08:00\"");
    warned(&[early], &["begins after the scenario has ended", "those of the next day"]);
}

#[test]
fn the_caret_is_under_the_word() {
    let place = |replacement| {
        let problems = loaded(with(&[replacement])).expect_err("refused");
        (problems[0].place.column, problems[0].place.end - problems[0].place.start)
    };
    assert_eq!(place(("permit: web > db", "permit: web > dbb")), (29, 3));
    let template = ("people:", "templates: {out: \"é {{at}} {{tim}}\"}\npeople:");
    assert_eq!(place(template), (28, 7));
}

#[test]
fn an_included_file_is_looked_for_in_the_folders_below() {
    let day = format!("include: team.yaml\n{PERMITS}");
    let folder = folder(&[("day.yaml", &day), ("parts/team.yaml", ""), ("tram.yaml", "")]);
    let text = said(folder.path(), &["check", "day.yaml"], 2);
    assert!(text.contains("did you mean `parts/team.yaml`?"), "{text}");
}

/// The fields that `sim check --help` promises to programs.
#[test]
fn the_json_has_the_fields_that_help_promises() {
    let broken = with(&[("count: 1, until: restart", "count: 1, until: restat")]);
    let day = with(&[("owner: moira", "owner: moria")]);
    let folder = folder(&[("broken.yaml", &broken), ("day.yaml", &day), ("a.csv", "a,b\n")]);
    let arguments = ["check", "broken.yaml", "day.yaml", "a.csv", "--format", "json"];
    let text = said(folder.path(), &arguments, 2);
    let json: serde_json::Value = serde_json::from_str(&text).expect("one document");
    let keys = |value: &serde_json::Value| {
        let map = value.as_object().expect("an object");
        let mut keys: Vec<String> = map.keys().cloned().collect();
        keys.sort();
        keys.join(" ")
    };
    assert_eq!(keys(&json), "errors files findings warnings");
    let files = json["files"].as_array().expect("files");
    let oks: Vec<bool> = files.iter().map(|file| file["ok"] == true).collect();
    assert_eq!(oks, [false, true, false]);
    let mut severities = Vec::new();
    for file in files {
        assert_eq!(keys(file), "file ok problems");
        for problem in file["problems"].as_array().expect("problems") {
            assert_eq!(keys(problem), "column file hint label line message severity weight");
            severities.push(problem["severity"].as_str().expect("a word").to_string());
        }
    }
    // A finding, a warning, and errors: one with a place, one about a whole file.
    severities.sort();
    assert_eq!(severities, ["error", "error", "finding", "warning"]);
    assert!(files[2]["problems"][0]["line"].is_null(), "{text}");
    let twice = with(&[("lasts: 2h", "lasts: 2h\nlasts: 3h")]);
    fs::write(folder.path().join("broken.yaml"), twice).expect("written");
    let text = said(folder.path(), &["check", "broken.yaml", "--format", "json"], 2);
    let json: serde_json::Value = serde_json::from_str(&text).expect("one document");
    assert_eq!(keys(&json["files"][0]["problems"][0]["also"]), "column file label line");
    let help = said(folder.path(), &["check", "--help"], 0);
    let fields = [
        "files[]",
        "problems[]",
        "severity",
        "weight",
        "column",
        "message",
        "label",
        "hint",
        "also",
    ];
    fields.iter().for_each(|field| assert!(help.contains(field), "{field}: {help}"));
}
