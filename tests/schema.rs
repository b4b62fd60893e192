//! The schema and the reference agree with the language, and with every scenario that is shipped.

use jsonschema::Validator;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn yaml(text: &str) -> Value {
    let options = serde_yaml::options! { strict_booleans: true };
    serde_yaml::from_str_with_options(text, options).expect("YAML")
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft7::meta::validate(schema).expect("a schema of draft 7");
    jsonschema::validator_for(schema).expect("a schema")
}

/// The places that a schema finds wrong.
fn wrong(validator: &Validator, value: &Value) -> Vec<String> {
    validator.iter_errors(value).map(|error| error.to_string()).collect()
}

fn shipped() -> Vec<PathBuf> {
    let folders = ["scenarios", "src/cli/commands/templates"];
    let files = folders.iter().flat_map(|folder| {
        let entries = fs::read_dir(root().join(folder)).expect("a folder");
        entries.map(|entry| entry.expect("an entry").path())
    });
    let yaml = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "yaml");
    let mut files: Vec<PathBuf> = files.filter(yaml).collect();
    files.push(root().join("tests/data/example.yaml"));
    files.sort();
    files
}

#[test]
fn every_shipped_scenario_is_valid() {
    let validator = validator(&sim::scenario::schema());
    let files = shipped();
    assert!(files.len() >= 10);
    for path in files {
        let scenario = yaml(&fs::read_to_string(&path).expect("readable"));
        assert_eq!(wrong(&validator, &scenario), [""; 0], "{}", path.display());
    }
}

#[test]
fn broken_scenarios_are_not() {
    let validator = validator(&sim::scenario::schema());
    let text = fs::read_to_string(root().join("tests/data/example.yaml")).expect("readable");
    for (part, instead) in [
        ("lasts: 3h", "last: 3h"),
        ("lasts: 3h", "lasts: 3"),
        ("seed: 20181107", "seed: many"),
        ("rate: 0.6/s", "rate: 0.6"),
        ("returning: 30%", "returning: 0.3"),
        ("threads: 400, takes: 2ms, queue", "thread: 400, takes: 2ms, queue"),
        ("balance: least-busy", "balance: busiest"),
        ("- page ops", "- pge ops"),
        ("alert: ErrorSpike, ", ""),
        ("detected: < 5m", "detected: 5m"),
        ("aws-tam: \"?\"", "aws-tam: nobody"),
    ] {
        assert!(text.contains(part), "{part}");
        let broken = yaml(&text.replacen(part, instead, 1));
        assert!(!validator.is_valid(&broken), "{instead} is found valid");
    }
}

#[test]
fn parts_may_be_missing_only_where_files_are_included() {
    let validator = validator(&sim::scenario::schema());
    let override_only = "scenario: x\ntraffic: {patience: 10s}\n";
    assert!(!validator.is_valid(&yaml(override_only)));
    let including = format!("include: parts/site.yaml\n{override_only}");
    assert_eq!(wrong(&validator, &yaml(&including)), [""; 0]);
    let misspelt = including.replace("patience", "patiense");
    assert!(!validator.is_valid(&yaml(&misspelt)));
}

#[test]
fn variables_may_stand_for_any_value() {
    let validator = validator(&sim::scenario::schema());
    let text = fs::read_to_string(root().join("tests/data/example.yaml")).expect("readable");
    let with = text.replace("lasts: 3h", "vars: {n: 3}\nlasts: ${n}h");
    assert_eq!(wrong(&validator, &yaml(&with)), [""; 0]);
}

#[test]
fn files_of_rule_tests_have_a_schema() {
    let validator = validator(&sim::scenario::rule_test_schema());
    let text = fs::read_to_string(root().join("tests/data/rules.test.yaml")).expect("readable");
    assert_eq!(wrong(&validator, &yaml(&text)), [""; 0]);
    assert!(!validator.is_valid(&yaml(&text.replace("state: firing", "state: burning"))));
}

/// To write it again: `sim schema --reference > scenarios/REFERENCE.md`.
#[test]
fn the_reference_is_up_to_date() {
    let written = fs::read_to_string(root().join("scenarios/REFERENCE.md")).expect("readable");
    assert!(written == sim::scenario::reference(), "run sim schema --reference again");
}

#[test]
fn every_link_of_the_reference_leads_somewhere() {
    let text = sim::scenario::reference();
    let slug = |title: &str| title.to_lowercase().replace(' ', "-").replace([',', '`'], "");
    let titles = text.lines().filter_map(|line| line.strip_prefix("## ")).map(slug);
    let anchors = text.split("<a id=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut places: Vec<String> = titles.chain(anchors.map(String::from)).collect();
    let all = places.len();
    places.sort_unstable();
    places.dedup();
    assert_eq!(places.len(), all, "an anchor is given twice");
    let links: Vec<&str> =
        text.split("](#").skip(1).filter_map(|rest| rest.split(')').next()).collect();
    assert!(links.len() > 200, "{}", links.len());
    for link in &links {
        assert!(places.iter().any(|place| place == link), "nothing is called {link}");
    }
    // Whatever has keys of its own can be reached from the contents.
    let contents = &text[text.find("## Contents").expect("contents")..];
    let contents = &contents[..contents.find("\n## Values").expect("the guide")];
    for anchor in text.split("<a id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(contents.contains(&format!("(#{anchor})")), "{anchor} is not in the contents");
    }
}
