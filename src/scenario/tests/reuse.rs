//! `include`, `vars` and `--set` together, and what is said when they go wrong.

use crate::decision::Step;
use crate::journal::InputRow;
use crate::language::files::read_source;
use crate::language::problem::{ProblemSeverity, Problems};
use crate::scenario::tests::{EXAMPLE, source};
use crate::scenario::{LoadedPlan, load};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A folder with these files in it.
pub fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }
    folder
}

/// Loads a scenario of a folder with values replaced.
pub fn load_in(folder: &Path, name: &str, sets: &[(&str, &str)]) -> Result<LoadedPlan, Problems> {
    let source = read_source(&folder.join(name)).expect("readable");
    let sets: Vec<_> = sets.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    load(&source, &sets)
}

/// One line per error: file, line, message, hint.
pub fn said(folder: &TempDir, name: &str, sets: &[(&str, &str)]) -> Vec<String> {
    let problems = load_in(folder.path(), name, sets).expect_err("refused");
    let line = |p: &crate::language::problem::Problem| {
        let path = &problems.sources[p.place.source].path_shown;
        let path = path.replace(&format!("{}/", folder.path().display()), "");
        let hint = p.hint.as_ref().map(|hint| format!(" — {hint}")).unwrap_or_default();
        let hint = hint.replace(&format!("{}/", folder.path().display()), "");
        format!("{path}:{} {}{hint}", p.place.line, p.message)
    };
    problems.iter().map(line).collect()
}

/// The example in two files: everything from `site` on, and the rest.
fn halves() -> (String, String) {
    let at = EXAMPLE.find("\nsite:").expect("a section") + 1;
    (EXAMPLE[..at].to_string(), EXAMPLE[at..].to_string())
}

#[test]
fn a_scenario_in_parts_is_the_same_scenario() {
    let (top, rest) = halves();
    let top = format!("include: [parts/rest.yaml]\n{top}");
    let inner = "include: deep/../deep/rest.yaml\n";
    let files = [
        ("whole.yaml", EXAMPLE),
        ("top.yaml", &top),
        ("parts/rest.yaml", inner),
        ("parts/deep/rest.yaml", &rest),
    ];
    let folder = folder(&files);
    let whole = load_in(folder.path(), "whole.yaml", &[]).expect("loads").plan;
    let mut parts = load_in(folder.path(), "top.yaml", &[]).expect("loads").plan;
    let last = parts.findings.iter().filter_map(|finding| finding.row.place()).next_back();
    assert!(last.expect("found").starts_with("parts/deep/rest.yaml:"), "{:?}", parts.findings);
    let threads = |input: &InputRow| input.path == "site.tiers.vets-api.threads";
    let threads = parts.inputs.iter().find(|input| threads(input)).expect("told");
    assert!(threads.from.to_string().starts_with("parts/deep/rest.yaml:"), "{threads:?}");
    parts.inputs.clone_from(&whole.inputs);
    for (finding, other) in parts.findings.iter_mut().zip(&whole.findings) {
        (finding.row.line, finding.row.file) = (other.row.line, other.row.file.clone());
    }
    assert_eq!(whole, parts);
}

#[test]
fn the_including_file_wins_key_by_key_and_lists_are_replaced() {
    let top = "include: [a.yaml, b.yaml]\ntraffic: {patience: 10s}\nfaults: []\nseed: 3\n";
    let b = "seed: 2\ntraffic: {patience: 20s, returning: 50%}\nlasts: 2h\n";
    let folder = folder(&[("top.yaml", top), ("a.yaml", EXAMPLE), ("b.yaml", b)]);
    let plan = load_in(folder.path(), "top.yaml", &[]).expect("loads").plan;
    assert_eq!((plan.seed, plan.lasts.seconds()), (3, 7_200.0));
    assert_eq!((plan.traffic.patience.seconds(), plan.traffic.returning.0), (10.0, 0.5));
    assert!(plan.faults.is_empty());
    assert_eq!(plan.traffic.tools.len(), 3);
}

#[test]
fn a_plus_adds_to_an_included_list() {
    let rule = "{alert: Mine, expr: error_rate > 50%}";
    let more = format!("include: a.yaml\nrules+: [{rule}]\n");
    let instead = format!("include: a.yaml\nrules: [{rule}]\n");
    let files = [("a.yaml", EXAMPLE), ("more.yaml", &more), ("instead.yaml", &instead)];
    let folder = folder(&files);
    let plan = load_in(folder.path(), "more.yaml", &[]).expect("loads").plan;
    let rules: Vec<&String> = plan.names.rules.iter().collect();
    assert_eq!(rules.len(), 6, "{rules:?}");
    assert_eq!(rules[5], "Mine");
    // What is replaced is missed elsewhere, and the message says where it went.
    let problems = load_in(folder.path(), "instead.yaml", &[]).expect_err("rules are gone");
    let said = problems.render(false);
    for part in ["unknown rule `ErrorSpike`", "replaces the included list", "`rules+:` to add"] {
        assert!(said.contains(part), "{part:?} is not in\n{said}");
    }
    let alone = EXAMPLE.replace("\nrules:\n", "\nrules+:\n");
    let loaded = load(&source(&alone), &[]).expect("there is nothing to add to").plan;
    assert_eq!(loaded.names.rules.len(), 5);
}

#[test]
fn variables_are_filled_in_and_can_be_set() {
    let text = EXAMPLE
        .replace("lasts: 3h", "lasts: ${hours}h\nvars: {hours: 3, page: ops, n: 8}")
        .replace("- page ops", "- page ${page}")
        .replace("scenario: Half", "scenario: $${hours} is ${hours}, half");
    let folder = folder(&[("a.yaml", &text), ("b.yaml", "include: a.yaml\nvars: {hours: 4}\n")]);
    let hours = |name, sets: &[(&str, &str)]| {
        let plan = load_in(folder.path(), name, sets).expect("loads").plan;
        (plan.scenario[..13].to_string(), plan.lasts.seconds() / 3_600.0)
    };
    assert_eq!(hours("a.yaml", &[]), ("${hours} is 3".to_string(), 3.0));
    assert_eq!(hours("b.yaml", &[]).1, 4.0);
    assert_eq!(hours("b.yaml", &[("vars.hours", "5")]).1, 5.0);
    assert_eq!(hours("b.yaml", &[("vars.n", "6"), ("lasts", "${n}h")]).1, 6.0);
    let loaded = load_in(folder.path(), "a.yaml", &[]).expect("loads");
    let unused: Vec<_> =
        loaded.warnings.iter().filter(|p| p.severity == ProblemSeverity::Warning).collect();
    assert_eq!(unused[0].message, "nothing uses the variable `n`");
}

#[test]
fn steps_are_called_by_their_verb_where_it_is_the_only_one() {
    let folder = folder(&[("a.yaml", EXAMPLE)]);
    let agrees = |path: &str| {
        let plan = load_in(folder.path(), "a.yaml", &[(path, "70%")]).expect("loads").plan;
        let asks = plan.playbook.plays[0].steps.iter().filter_map(|step| match step {
            Step::Ask(ask) => Some(ask.agrees.0),
            _ => None,
        });
        asks.collect::<Vec<_>>()
    };
    assert_eq!(agrees("plays.rollback.steps.ask.agrees"), [0.7]);
    let declare = |path: &str, value: &str| {
        let plan = load_in(folder.path(), "a.yaml", &[(path, value)]).expect("loads").plan;
        let mut steps = plan.playbook.plays[0].steps.iter();
        steps.find_map(|step| match step {
            Step::Declare(takes) => Some(takes.to_string()),
            _ => None,
        })
    };
    // Written as words, it is a key with its value all the same.
    for path in ["plays.rollback.steps.1.declare", "plays.rollback.steps.declare"] {
        assert_eq!(declare(path, "7m..9m").as_deref(), Some("7m..9m"), "{path}");
    }
    let several = said(&folder, "a.yaml", &[("plays.rollback.steps.tell.to", "oit")]);
    assert!(several[0].contains("2 entries of this list have `tell`"), "{several:?}");
    assert!(several[0].contains("say which by its position, from 0: 4 or 6"), "{several:?}");
    // The list itself need not be named.
    assert_eq!(agrees("plays.rollback.ask.agrees"), [0.7]);
    assert_eq!(declare("plays.rollback.declare", "7m..9m").as_deref(), Some("7m..9m"));
    let several = said(&folder, "a.yaml", &[("plays.rollback.tell.to", "oit")]);
    assert!(several[0].contains("2 entries of this list have `tell`"), "{several:?}");
    for path in ["plays.rollback.diagnose", "plays.rollback.asks", "ask", "rules.ask"] {
        let none = said(&folder, "a.yaml", &[(path, "5m")]);
        assert!(none[0].contains("there is no") || none[0].contains("not a position"), "{none:?}");
    }
    let none = said(&folder, "a.yaml", &[("plays.rollback.steps.diagnose", "5m")]);
    assert!(none[0].contains("is not a position in this list"), "{none:?}");
}

#[test]
fn problems_with_variables() {
    let text = EXAMPLE
        .replace("lasts: 3h", "vars: {hours: 3, bad: '${hours}', list: [1]}\nlasts: ${hors}");
    let broken = folder(&[
        ("a.yaml", &text),
        ("b.yaml", &EXAMPLE.replace("lasts: 3h", "lasts: ${hours")),
        ("c.yaml", &EXAMPLE.replace("lasts: 3h", "lasts: ${hours}")),
        ("e.yaml", "vars: {p: 1}\n\ntraffic:\n  visits:\n    - {at: 0m, rate: ${p}/s}\n"),
        ("d.yaml", &EXAMPLE.replace("lasts: 3h", "vars: {hours: 3}\nlasts: ${hours}")),
    ]);
    let lines = said(&broken, "a.yaml", &[]);
    assert_eq!(
        lines[0],
        "a.yaml:3 the value of a variable cannot use a variable \
         — write the value itself"
    );
    assert_eq!(lines[1], "a.yaml:3 expected a word, this is a list");
    assert_eq!(lines[2], "a.yaml:4 unknown variable `hors` — did you mean `hours`?");
    assert_eq!(
        said(&broken, "b.yaml", &[])[0],
        "b.yaml:3 `${` has no `}` — write ${name}, or $${ for `${` itself"
    );
    assert_eq!(said(&broken, "c.yaml", &[])[0], "c.yaml:3 unknown variable `hours`");
    let flow = said(&broken, "e.yaml", &[]).remove(0);
    assert!(flow.starts_with("e.yaml:5 this is not YAML: while parsing a flow mapping"), "{flow}");
    assert!(flow.ends_with("— inside [ ] or { } quote it: \"${name}\""), "{flow}");
    let problems = load_in(broken.path(), "d.yaml", &[]).expect_err("no unit");
    let shown = problems.render(false);
    assert!(shown.contains("the variable is filled in from here"), "{shown}");
    let lines = said(&broken, "d.yaml", &[("vars.hour", "3h")]);
    assert!(
        lines.contains(
            &"--set vars.hour:0 there is no variable `hour` — did you mean `hours`?".to_string()
        ),
        "{lines:?}"
    );
}

#[test]
fn a_problem_in_an_included_file_shows_that_file() {
    let (top, rest) = halves();
    let top = format!("include: parts/rest.yaml\n{top}");
    let rest = rest.replace("outage: reverse-proxy", "outage: revers-proxy");
    let folder = folder(&[("top.yaml", &top), ("parts/rest.yaml", &rest)]);
    let line = 1 + rest[..rest.find("revers-proxy,").expect("there")].matches('\n').count();
    let expected = format!(
        "parts/rest.yaml:{line} unknown tier `revers-proxy` — did you mean `reverse-proxy`?"
    );
    assert_eq!(said(&folder, "top.yaml", &[]), [expected]);
}

#[test]
fn includes_that_are_refused() {
    let outside = folder(&[("secret.yaml", "seed: 1\n")]);
    let inside = folder(&[
        ("up.yaml", "include: ../secret.yaml\n"),
        ("absolute.yaml", "include: /etc/hostname\n"),
        ("nothing.yaml", "include: parts/lunch-plan.yaml\n"),
        ("parts/launch-plan.yaml", "seed: 1\n"),
        ("self.yaml", "include: self.yaml\n"),
        ("a.yaml", "include: parts/b.yaml\n"),
        ("parts/b.yaml", "include: ../a.yaml\n"),
        ("folder.yaml", "include: parts\n"),
        ("list.yaml", "include: words.yaml\n"),
        ("words.yaml", "- one\n"),
        ("syntax.yaml", "include: tab.yaml\n"),
        ("tab.yaml", "seed: 1\nlasts: [3\n"),
        ("kind.yaml", "include: {a: b}\n"),
        ("empty.yaml", "include:\n"),
    ]);
    let only = |name: &str| said(&inside, name, &[]).join("\n");
    let folder_only = "is outside the scenario's own folder \
        — included files must be in the folder of the scenario, or below";
    assert_eq!(only("up.yaml"), format!("up.yaml:1 `../secret.yaml` {folder_only}"));
    assert!(only("absolute.yaml").contains("`/etc/hostname` is not a relative path"));
    assert_eq!(
        only("nothing.yaml"),
        "nothing.yaml:1 there is no file `parts/lunch-plan.yaml` \
         — did you mean `launch-plan.yaml`?"
    );
    assert!(only("self.yaml").contains("self.yaml > self.yaml"), "{}", only("self.yaml"));
    let circle = only("a.yaml");
    assert!(circle.starts_with("parts/b.yaml:1 `../a.yaml` is already being included"), "{circle}");
    assert!(circle.ends_with("a.yaml > parts/b.yaml > a.yaml"), "{circle}");
    assert!(only("folder.yaml").contains("`parts` is not a file"));
    assert!(only("list.yaml").starts_with("words.yaml:1 an included file is a mapping of keys"));
    assert!(only("syntax.yaml").starts_with("tab.yaml:"), "{}", only("syntax.yaml"));
    assert!(only("kind.yaml").contains("expected a word, this is a mapping"));
    assert!(only("empty.yaml").contains("a value is missing"));
    #[cfg(unix)]
    {
        let link = inside.path().join("link.yaml");
        std::os::unix::fs::symlink(outside.path().join("secret.yaml"), link).expect("linked");
        fs::write(inside.path().join("by-link.yaml"), "include: link.yaml\n").expect("written");
        assert_eq!(only("by-link.yaml"), format!("by-link.yaml:1 `link.yaml` {folder_only}"));
    }
    drop(outside);
}

#[test]
fn includes_have_limits() {
    let chain: Vec<(String, String)> = (0..12)
        .map(|n| (format!("deep-{n}.yaml"), format!("include: deep-{}.yaml\n", n + 1)))
        .collect();
    let many = format!("include: [{}]\n", vec!["one.yaml"; 40].join(", "));
    let big = format!("include: [{}]\n", ["big.yaml"; 5].join(", "));
    let mut files: Vec<(&str, &str)> =
        chain.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let words = format!("x: {}\n", "y".repeat(1_000_000));
    files.extend([("many.yaml", many.as_str()), ("one.yaml", "seed: 1\n")]);
    files.extend([("bigs.yaml", big.as_str()), ("big.yaml", words.as_str())]);
    let folder = folder(&files);
    assert!(said(&folder, "deep-0.yaml", &[])[0].contains("more than 8 deep"));
    assert!(said(&folder, "many.yaml", &[])[0].contains("more than 32 files"));
    assert!(said(&folder, "bigs.yaml", &[])[0].contains("larger than 4 MB"));
}
