//! Files that are not scenarios: what they are, and which command takes them.

use crate::language::node::{Node, NodeKind};
use crate::language::problem::{Problem, quoted};
use crate::language::source::Place;

/// What a file should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedFile {
    Scenario,
    RuleTests,
}

const BEGINS: &str = "a scenario is a YAML file that begins with `scenario: what happens`";

/// The keys that no scenario is without and no part has.
const OWN: [&str; 3] = ["scenario", "starts", "lasts"];

/// A file that is not YAML at all, told by its first line or its name.
pub fn by_text(path: &str, text: &str) -> Option<Problem> {
    let first = text.lines().next().unwrap_or_default().trim_start_matches('\u{feff}').trim();
    let lower = first.to_lowercase();
    let named = |end: &str| path.to_lowercase().ends_with(end);
    let (what, hint) = if first.starts_with("{\"journal\":") {
        let hint = "`sim report` reads the folder that it is in; here, give the scenario itself";
        ("this is the journal of a run, not a scenario", hint)
    } else if first.starts_with("{\"campaign\":") {
        let hint = "`sim merge` joins the shards of a campaign; here, give the scenario itself";
        ("this is a shard of a campaign, not a scenario", hint)
    } else if first.starts_with("run_id,") {
        let hint = "`sim report --dictionary` explains its columns; here, give the scenario itself";
        ("this is a table that a run wrote, not a scenario", hint)
    } else if named(".csv") || is_table(first) {
        ("this is a table (CSV), not a scenario", BEGINS)
    } else if lower.starts_with("<!doctype") || lower.starts_with("<html") {
        ("this is a web page, not a scenario", BEGINS)
    } else {
        return None;
    };
    Some(Problem::error(Place::default(), what).hint(hint))
}

/// Words between commas, and nothing that YAML would need.
fn is_table(first: &str) -> bool {
    let words = first.split(',').count();
    let of_yaml = |c: char| matches!(c, ':' | '{' | '[' | '#' | '-' | '&' | '*');
    words >= 2 && !first.contains(", ") && !first.contains(of_yaml)
}

/// A file of YAML or JSON that is something else, told by its keys; `keys` are those of a scenario.
pub fn by_keys(path: &str, root: &Node, wanted: ExpectedFile, keys: &[&str]) -> Option<Problem> {
    let entries = root.entries()?;
    let has = |key: &str| entries.iter().any(|(known, _)| known.text == key);
    let at = |key: &str| entries.iter().find(|(k, _)| k.text == key).map(|(key, _)| key.place);
    let command = |verb: &str| quoted(&format!("sim {verb} {path}"));
    if has("$schema") && (has("definitions") || has("$defs") || has("properties")) {
        let problem = Problem::error(at("$schema")?, "this is a JSON Schema, not a scenario");
        return Some(problem.hint("editors complete scenarios from it; give the scenario itself"));
    }
    let of_scenario = has("traffic") || has("site") || has("starts");
    match wanted {
        ExpectedFile::Scenario if has("tests") && !of_scenario => {
            let message = "this is a file of rule tests, not a scenario";
            let scenario = root.get("scenario").and_then(Node::text).map(quoted);
            let scenario =
                scenario.map_or(String::new(), |scenario| format!("; its scenario is {scenario}"));
            let hint = format!("{} runs them{scenario}", command("test"));
            Some(Problem::error(at("tests")?, message).hint(hint))
        }
        ExpectedFile::RuleTests if of_scenario && !has("tests") => {
            let message = "this is a scenario, not a file of rule tests";
            let hint = format!("{} checks it; a file of tests names it", command("check"));
            let place = ["scenario", "starts", "traffic", "site"].into_iter().find_map(at)?;
            Some(Problem::error(place, message).hint(format!("{hint}: `scenario: {path}`")))
        }
        ExpectedFile::Scenario => part(entries.len(), root, keys),
        ExpectedFile::RuleTests => None,
    }
}

/// A part that scenarios share: keys of a scenario, none of those that make it one, and no other
/// file that might have them.
fn part(number: usize, root: &Node, keys: &[&str]) -> Option<Problem> {
    let NodeKind::Map(entries) = &root.kind else { return None };
    let all_known = entries.iter().all(|(key, _)| keys.contains(&key.text.as_str()));
    let own = entries.iter().any(|(key, _)| OWN.contains(&key.text.as_str()));
    let whole = own || root.get("include").is_some();
    if number == 0 || !all_known || whole {
        return None;
    }
    let message = "this is a part that scenarios include, not a scenario";
    let hint = "check a scenario that has it under `include:`; to be one itself, it lacks \
                `scenario`, `starts` and `lasts`";
    Some(Problem::error(entries[0].0.place, message).hint(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_no_yaml() {
        for table in ["a,b", "time,requests,errors", "run_id,scenario"] {
            assert!(by_text("x.yaml", table).is_some(), "{table}");
        }
        for yaml in ["scenario: a,b", "[a,b]", "# a,b", "words, and more", "- a,b", "", "{a,b}"] {
            assert_eq!(by_text("x.yaml", yaml), None, "{yaml}");
        }
        assert!(by_text("X.CSV", "one column").is_some());
    }
}
