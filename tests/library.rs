//! The shipped scenarios: each is whole and meets what it expects; the launch plan is one.

use crate::support;

use sim::scenario::{self, Plan};
use std::path::Path;
use support::{shipped_paths, shipped_run};

fn plan(path: &Path, sets: &[(&str, &str)]) -> Plan {
    let sets: Vec<_> = sets.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    let loaded = scenario::read_source(path).and_then(|source| scenario::load(&source, &sets));
    loaded.unwrap_or_else(|problems| panic!("{}", problems.render(false))).plan
}

#[test]
fn every_scenario_meets_what_it_expects() {
    for path in shipped_paths() {
        let run = shipped_run(&path.file_stem().expect("a name").to_string_lossy());
        assert_eq!(run.missed(), Vec::<String>::new(), "{}", path.display());
        assert!(run.story.expectations().next().is_some(), "{} expects nothing", path.display());
    }
}

#[test]
fn there_are_enough_and_each_says_where_its_numbers_come_from() {
    let paths = shipped_paths();
    assert!(paths.len() >= 12, "only {} scenarios", paths.len());
    for path in &paths {
        let text = std::fs::read_to_string(path).expect("readable");
        for mark in ["[c]", "[a]"] {
            assert!(text.contains(mark), "{} has no {mark}", path.display());
        }
        assert!(text.starts_with("# "), "{} does not begin with its story", path.display());
    }
}

/// What a scenario adds to the shared launch plan, it adds behind it.
#[test]
fn the_launch_plan_is_the_same_everywhere() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let same_hours = [("starts", "2018-11-07T17:00 America/New_York"), ("lasts", "2h")];
    let written_once = plan(&folder.join("quiet-day.yaml"), &same_hours);
    let rows = &written_once.playbook.changes.changes[..];
    for name in ["proxy-outage", "latency-spike", "bad-release", "rollback-fails"] {
        let plan = plan(&folder.join(format!("{name}.yaml")), &same_hours);
        assert_eq!(plan.playbook.roster, written_once.playbook.roster, "{name}");
        let own = &plan.playbook.changes.changes[..rows.len()];
        assert_eq!(own, rows, "{name}");
    }
}
