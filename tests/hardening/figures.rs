//! Figures are finite: every cell and every sentence has a number or a blank, whatever the load.

use crate::support::shipped_paths;
use proptest::prelude::*;
use sim::capacity::CheckSetup;
use sim::report::{self, Style};
use sim::scenario::{self, Plan};
use std::fs::File;

fn plans() -> Vec<(String, Plan)> {
    let load = |path: std::path::PathBuf| {
        let source = scenario::read_source(&path).expect("readable");
        let plan = scenario::load(&source, &[]).ok()?.plan;
        Some((path.display().to_string(), plan))
    };
    shipped_paths().into_iter().filter_map(load).collect()
}

/// What is not a number although it is where one should be.
fn odd(text: &str) -> Option<&str> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '.');
    words.into_iter().find(|word| ["NaN", "inf", "-inf", "nan"].contains(word))
}

fn checked(name: &str, plan: &Plan, times: f64) {
    let mut question = CheckSetup::new(plan);
    question.peak.visits *= times;
    if question.not_judgeable().is_some() {
        return;
    }
    let check = question.by_formula();
    let text = report::capacity_first(&check, Style { color: false, width: 80 });
    assert_eq!(odd(&text), None, "{name} at {times}x:\n{text}");
    let file = tempfile::NamedTempFile::new().expect("a file");
    let to = File::create(file.path()).expect("writable");
    report::write_capacity(&check, Box::new(to)).expect("written");
    let mut table = csv::Reader::from_path(file.path()).expect("a table");
    for row in table.records() {
        let row = row.expect("a row");
        // The scenario's own title comes before the figures.
        let cells = row.iter().skip(4).collect::<Vec<_>>().join(" ");
        assert_eq!(odd(&cells), None, "{name} at {times}x: {cells}");
    }
    let json = serde_json::to_value(&check).expect("plain data");
    let times_of = json["cases"][0]["formula"]["tiers"].as_array().expect("tiers").len();
    assert!(times_of > 0, "{name}");
}

#[test]
fn every_shipped_site_has_finite_figures_at_any_load() {
    let plans = plans();
    assert!(plans.len() > 20, "the shipped scenarios");
    for (name, plan) in &plans {
        for times in [0.1, 0.9, 1.0, 2.0, 5.0, 10.0, 33.0, 100.0, 1_000.0, 10_000.0] {
            checked(name, plan, times);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_site_has_finite_figures(
        instances in 1u32..200,
        threads in 1u32..2_000,
        queue in 1u32..5_000,
        takes in 1u64..60_000,
        times in -1.0..4.0f64,
    ) {
        let text = include_str!("../../src/cli/commands/templates/minimal.yaml");
        let source = scenario::SourceText::file("day.yaml", text.to_string());
        let tier = |key: &str, value: String| (format!("site.tiers.web.{key}"), value);
        let sets = [
            tier("instances", instances.to_string()),
            tier("threads", threads.to_string()),
            tier("queue", queue.to_string()),
            tier("takes", format!("{takes}ms")),
        ];
        let loaded = scenario::load(&source, &sets);
        let plan = loaded.unwrap_or_else(|problems| panic!("{}", problems.render(false))).plan;
        checked("minimal", &plan, 10f64.powf(times));
    }
}
