//! The site as it is drawn and told: who calls whom as the paths say, harm as the table of readings
//! says, and every fault where it hits.

use crate::pictures::{attribute, number, page, run, table, tags};
use assert_cmd::Command;
use std::collections::{BTreeMap, BTreeSet};

/// Who calls whom in the site of most shipped scenarios.
const CALLS: [(&str, &str); 8] = [
    ("visitors", "reverse-proxy"),
    ("reverse-proxy", "content"),
    ("reverse-proxy", "vets-api"),
    ("vets-api", "forward-proxy"),
    ("forward-proxy", "ppms"),
    ("forward-proxy", "evss"),
    ("forward-proxy", "gids"),
    ("forward-proxy", "mhv"),
];

fn explain(name: &str, sets: &[&str], more: &[&str]) -> String {
    let scenario = format!("{}/scenarios/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::cargo_bin("sim").expect("built");
    command.env("NO_COLOR", "1").args(["explain", &scenario]).args(more);
    for set in sets {
        command.args(["--set", set]);
    }
    let output = command.output().expect("ran");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// The lines of the tree.
fn tree(told: &str) -> Vec<&str> {
    let begin = told.lines().skip_while(|line| !line.starts_with("The site: who calls whom"));
    begin.skip(1).take_while(|line| !line.is_empty()).collect()
}

#[test]
fn the_site_is_drawn_as_its_paths_and_readings_say() {
    let folder = run("proxy-outage", &["--set", "lasts=90m"]);
    let (page, readings) = (page(&folder), table(&folder, "metrics.csv"));
    let section = page.split("<svg class=\"clock site on-wide\"").nth(1).expect("a drawing");
    let drawing = format!("<svg {}", section.split("</svg>").next().expect("it ends"));
    let mut boxes: BTreeMap<String, (f64, f64, f64)> = BTreeMap::new();
    for group in drawing.split("<g data-tier=\"").skip(1) {
        let name = group.split('"').next().expect("a name").to_string();
        let of_tier = |row: &&_| {
            let row: &BTreeMap<String, String> = row;
            row["scope_kind"] == "tier" && row["scope"] == name && !row["requests"].is_empty()
        };
        let sum = |columns: &[&str]| {
            let rows = readings.iter().filter(of_tier);
            rows.flat_map(|row| columns.iter().map(|c| number(&row[*c]))).sum::<f64>()
        };
        let head = format!("<g {}", group.split('>').next().expect("one"));
        let (calls, bad) = (attribute(&head, "data-calls"), attribute(&head, "data-bad"));
        assert_eq!(number(calls), sum(&["requests"]), "{name}");
        assert_eq!(number(bad), sum(&["errors", "rejected", "given_up"]), "{name}");
        let faults = attribute(&head, "data-faults");
        assert_eq!(faults, if name == "reverse-proxy" { "1" } else { "" }, "{name}");
        let tier = tags(group, "<rect class=\"tier")[0];
        assert_eq!(attribute(tier, "class").contains("hit"), name == "reverse-proxy");
        let place = ["x", "y", "width"].map(|of| number(attribute(tier, of)));
        boxes.insert(name, (place[0], place[1] + 27.0, place[0] + place[2]));
    }
    let mut calls = BTreeSet::new();
    for group in drawing.split("<g class=\"call").skip(1) {
        let head = format!("<g class=\"call{}", group.split('>').next().expect("one"));
        let (from, to) = (attribute(&head, "data-from"), attribute(&head, "data-to"));
        let path = attribute(tags(group, "<path d=")[0], "d");
        let points: Vec<f64> = path
            .split(|c: char| !c.is_ascii_digit() && c != '.')
            .filter(|text| !text.is_empty())
            .map(number)
            .collect();
        // It leaves its caller on the right and reaches whom it calls on the left.
        let (x, y, _) = boxes[to];
        assert_eq!(&points[points.len() - 2..], [x, y], "{from} to {to}");
        if from != "visitors" {
            let (_, y, right) = boxes[from];
            assert_eq!(&points[..2], [right, y], "{from} to {to}");
        }
        calls.insert((from.to_string(), to.to_string()));
    }
    let expected = CALLS.map(|(from, to)| (from.to_string(), to.to_string()));
    assert_eq!(calls, BTreeSet::from(expected));
    // Boxes of a column do not touch.
    let places: Vec<(f64, f64, f64)> = boxes.values().copied().collect();
    for (at, one) in places.iter().enumerate() {
        let others = &places[at + 1..];
        let apart = |other: &&(f64, f64, f64)| other.0 != one.0 || (other.1 - one.1).abs() >= 54.0;
        assert_eq!(others.iter().filter(apart).count(), others.len());
    }
}

#[test]
fn a_fault_is_told_where_it_hits() {
    let marked = |name: &str, sets: &[&str]| {
        let told = explain(name, sets, &[]);
        let lines = tree(&told).into_iter().map(str::to_string).collect::<Vec<_>>();
        assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:?}");
        let word = |line: &String| {
            let name = line.trim_start_matches([' ', '├', '└', '─', '│']);
            name.split_whitespace().next().unwrap_or_default().to_string()
        };
        let hit = lines.iter().filter(|line| line.contains("<< fault 1")).map(word);
        (hit.collect::<Vec<_>>(), lines)
    };
    let (hit, lines) = marked("proxy-outage", &[]);
    assert_eq!(hit, ["reverse-proxy"]);
    assert!(lines[0].starts_with("  reverse-proxy  "), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("  fault 1: 50% of reverse-proxy refuses")));

    let slow = ["faults=[{at: 5m, slow: evss, takes: 10s}]"];
    assert_eq!(marked("proxy-outage", &slow).0, ["evss"]);
    // One of an endpoint sits where it enters.
    let endpoint = ["faults=[{at: 5m, failing: claims, errors: 50%}]"];
    assert_eq!(marked("proxy-outage", &endpoint).0, ["reverse-proxy"]);
    for beside in ["surge: visits, times: 3", "unreachable: chris"] {
        let fault = format!("faults=[{{at: 5m, {beside}}}]");
        let (hit, lines) = marked("proxy-outage", &[&fault]);
        assert!(hit.is_empty(), "{beside} hits {hit:?}");
        let told = lines.iter().any(|line| line.starts_with("  fault 1, hits no tier: "));
        assert!(told, "{lines:?}");
    }
    let json = explain("proxy-outage", &[], &["--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["topology"]["tiers"][0]["name"], "reverse-proxy");
    assert_eq!(json["topology"]["tiers"][0]["faults"][0], 0);
    assert_eq!(json["topology"]["calls"].as_array().map(Vec::len), Some(CALLS.len()));
}

#[test]
fn plays_are_a_flow_with_the_share_of_runs_of_each_branch() {
    let folder = run("proxy-outage", &["--trials", "8", "--set", "lasts=100m"]);
    let page = page(&folder);
    let campaign = table(&folder, "campaign.csv");
    let told = explain("proxy-outage", &["lasts=100m"], &["--format", "json"]);
    let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_string();
    let plays: Vec<&str> = page.split("<article class=\"play\" data-play=\"").skip(1).collect();
    assert_eq!(plays.len(), told["plays"].as_array().map_or(0, Vec::len));
    for (drawn, play) in plays.iter().zip(told["plays"].as_array().expect("plays")) {
        let drawn = drawn.split("</article>").next().expect("it ends");
        let name = text(&play["play"]);
        assert!(drawn.starts_with(&format!("{name}\"")), "{name}");
        // Paper and simulated minutes of every step, and of all of them.
        let steps: Vec<&str> = drawn.split("<li>").skip(1).collect();
        assert_eq!(steps.len(), play["steps"].as_array().map_or(0, Vec::len), "{name}");
        for (step, told) in steps.iter().zip(play["steps"].as_array().expect("steps")) {
            for (class, key) in [("paper", "paper"), ("takes", "simulated")] {
                let cell = format!("<span class=\"{class}\">{}</span>", text(&told[key]));
                assert!(step.contains(&cell), "{cell} is not in {step}");
            }
        }
        assert!(drawn.contains(&format!("\"takes\">{}</span>", text(&play["simulated"]))));
        // In how many runs it opened.
        let opens = format!("play {name} opens");
        let row = campaign.iter().find(|row| row["headline"] == opens).expect("a row");
        let share = number(attribute(tags(drawn, "<strong data-share=")[0], "data-share"));
        assert!((share - number(&row["mean"])).abs() < 1e-5, "{name}: {share}");
    }
    for name in ["wyatt", "james", "chris"] {
        assert!(!plays.iter().any(|play| play.contains(name)), "{name} is named");
    }
    // Which way the runs went.
    let mut ways: BTreeMap<String, u64> = BTreeMap::new();
    for row in table(&folder, "trials.csv") {
        *ways.entry(row["why"].clone()).or_default() += 1;
    }
    let endings = page.split("How it ended").nth(1).expect("a table");
    let endings = endings.split("</table>").next().expect("it ends");
    for (why, runs) in ways {
        let row = endings.split("<tr>").find(|row| row.contains(&format!(">{why}</th>")));
        let row = row.unwrap_or_else(|| panic!("{why} is not in {endings}"));
        assert!(row.contains(&format!("<td class=\"figure\">{runs}</td>")), "{runs}: {row}");
    }
}
