//! What is said of broken scenarios. Each case replaces a part of the example.

use crate::language::problem::{ProblemSeverity, Problems};
use crate::scenario::load;
use crate::scenario::tests::{EXAMPLE, source};
use proptest::prelude::*;
use proptest::sample::Index;

/// A part of the example, and what is there instead.
const CASES: &[(&str, &str)] = &[
    // Words of the language and names.
    ("lasts: 3h", "last: 3h"),
    ("threads: 400, takes: 2ms, queue", "thread: 400, takes: 2ms, queue"),
    ("outage: reverse-proxy,", "outage: revers-proxy,"),
    ("unreachable: james", "unreachable: jim"),
    ("[ErrorSpike, SlowPages]", "[ErrorSpikes, SlowPages]"),
    ("page ops", "page opps"),
    ("tell oit\n", "tell ot\n"),
    ("{ask: decider}", "{ask: president}"),
    ("slow: evss, by: 8s", "slow: evss, by: 8s, mode: hang"),
    ("outage: reverse-proxy", "outage: reverse-proxy, slow: evss"),
    ("by: browser", "by: colour"),
    ("where: {tier: evss}", "where: {tier: evs}"),
    ("use: {page: 100%}", "use: {pages: 100%}"),
    ("given: login", "given: browser"),
    ("    ppms:           {", "    evss:           {"),
    ("hours: launch}\n  rachael", "hours: lunch}\n  rachael"),
    ("except: [rollback]", "except: [rollbak]"),
    ("play: rollback}", "play: rolback}"),
    // Units and numbers.
    ("lasts: 3h", "lasts: 3"),
    ("lasts: 3h", "lasts: -3h"),
    ("lasts: 3h", "lasts: 40d"),
    ("lasts: 3h", "lasts: 0s"),
    ("lasts: 3h", "lasts: 5M"),
    ("rate: 0.6/s", "rate: 0.6"),
    ("rate: 0.6/s", "rate: 0.6/fortnight"),
    ("rate: 1.6/s", "rate: 900000/s"),
    ("returning: 30%", "returning: 0.3"),
    ("returning: 30%", "returning: 130%"),
    ("returning: 30%", "returning: 30%%"),
    ("instances: 6", "instances: 0x10"),
    ("instances: 6", "instances: 010"),
    ("instances: 6", "instances: 0"),
    ("instances: 6", "instances: 20000"),
    ("instances: 6", "instances: -6"),
    ("instances: 6", "instances: six"),
    ("p99: 4s", "p99: 400ms"),
    ("1m..4m", "4m..1m"),
    ("at: 60m, rate", "at: 0m, rate"),
    ("detected: < 5m", "detected: 5m"),
    ("users >= 5000", "users > many"),
    // Shares.
    ("chrome: 39%", "chrome: 38%"),
    ("page: 50%, facilities: 50%", "page: 50%, facilities: 60%"),
    ("{chrome: 39%, safari: 24%, ie11: 21%, other: 16%}", "{else: 100%}"),
    // Nothing, lists and mappings.
    ("threads: 16,", "threads: ,"),
    ("try: [wyatt, james]", "try: {wyatt: james}"),
    ("faults:  ", "faults: none\nrubbish:  "),
    ("aws-tam: \"?\"", "aws-tam: nobody"),
    // Cycles.
    ("reverse-proxy > content", "reverse-proxy > content > reverse-proxy"),
    ("tell oit]", "tell oit]\n    otherwise: rollback"),
    // Times.
    ("starts: 2018-11-07T17:00 America/New_York", "starts: 2018-11-04T01:30 America/New_York"),
    ("starts: 2018-11-07T17:00 America/New_York", "starts: 2018-11-07T17:00 America/New_Yrok"),
    ("starts: 2018-11-07T17:00 America/New_York", "starts: yesterday"),
    ("daily: 09:00-18:00 ", "daily: 9-18 "),
    ("days: mon-fri", "days: weekdays"),
    ("from: 2018-10-09, to: 2018-10-15", "from: 2018-10-09, to: 2018-10-05"),
    ("at: \"17:30\"", "at: \"25:30\""),
    // Rules.
    ("expr: error_rate > 3x baseline", "expr: error_rate > 3x"),
    ("expr: error_rate > 3x baseline", "expr: eror_rate > 3%"),
    ("baseline: {error_rate: 0.013%}", "# no baseline"),
    ("baseline: {error_rate: 0.013%}", "baseline: {from: baseline.yaml}"),
    ("for 10% of traffic, for", "for 60s for 10% of traffic, for"),
    ("resolve: error_rate < 2%", "resolve: error_rate > 2%"),
    ("resolve: error_rate < 2%", "resolve: error_rate < 20%"),
    ("resolve: error_rate < 2%", "resolve: requests > 2/s"),
    ("window: 5m", "window: 65s"),
    ("by: browser, for: 5m", "by: browser, for: 5s"),
    ("by: browser, for", "floor: 1%, for"),
    ("alert: NoTraffic", "alert: ErrorSpike"),
    // Plays and changes.
    ("- {triage: 5m..10m, among: {reverse-proxy-update: 60%, reverse-proxy-rebuild: 40%}}", ""),
    ("- page ops", "- pag ops"),
    ("{lasts: maintenance-page, for: 45m}", "{lasts: maintenance-page}"),
    ("maintenance-page:      {takes: 3m", "maintenance-page:      {takes: \"?\""),
    ("serves: 503", "serves: 404"),
    ("ends: maintenance-page", "ends: page-off"),
    ("change: launch-switch, by: merge", "change: launch-switch, by: ops-merge"),
    // YAML's own traps.
    ("detected: < 5m", "detected: > 5m"),
    ("at: \"?\"", "at: ?"),
    ("seed: 20181107", "seed: @home"),
    ("seed: 20181107", "seed: ?"),
    ("\nseed", "\n\tseed"),
    ("\nseed: 20181107", "\nseed: 20181107\nlasts: 4h"),
    ("scenario: Half", "scenario: launch: Half"),
    ("expect: {", "expect: {{"),
    ("\nseed", "\n---\nseed"),
];

fn problems_of(text: &str) -> Problems {
    match load(&source(text), &[]) {
        Ok(loaded) => loaded.warnings,
        Err(problems) => problems,
    }
}

/// One line per error: place, message, label, hint.
fn lines(problems: &Problems) -> String {
    let errors = problems.iter().filter(|problem| problem.severity != ProblemSeverity::Finding);
    let line = |p: &crate::language::problem::Problem| {
        let hint = p.hint.as_ref().map(|hint| format!(" — {hint}")).unwrap_or_default();
        let label = if p.label.is_empty() { String::new() } else { format!(" ({})", p.label) };
        format!("  {}:{} {}{label}{hint}\n", p.place.line, p.place.column, p.message)
    };
    errors.map(line).collect()
}

#[test]
fn what_is_said_of_each() {
    let mut said = String::new();
    for (part, instead) in CASES {
        if !EXAMPLE.contains(part) {
            said += &format!("NOT IN EXAMPLE {part}\n");
            continue;
        }
        let problems = problems_of(&EXAMPLE.replacen(part, instead, 1));
        said += &format!("{instead}\n{}", lines(&problems));
    }
    insta::assert_snapshot!(said);
}

#[test]
fn all_problems_come_at_once() {
    let mut text = EXAMPLE.to_string();
    for (part, instead) in
        [("lasts: 3h", "lasts: 3"), ("outage: rev", "outage: re"), ("chrome: 39%", "chrome: 3%")]
    {
        text = text.replacen(part, instead, 1);
    }
    let problems = problems_of(&text);
    let places: Vec<_> = problems.iter().map(|problem| problem.place.line).collect();
    assert_eq!(places, [3, 12, 43]);
    assert_eq!(problems.count(ProblemSeverity::Error), 3);
}

#[test]
fn a_problem_shows_its_line_and_what_to_write() {
    let text = EXAMPLE.replace("slow: evss, by", "slow: evs, by");
    let shown = problems_of(&text).render(false);
    let expected = r#"
error: unknown tier or endpoint `evs`
  --> example.yaml:44:22
   |
44 |   - {at: 130m, slow: evs, by: 8s, for: 20m}
   |                      ^^^ no tier or endpoint has this name
   |
   = hint: did you mean `evss`?
"#;
    assert_eq!(shown, expected.trim_start());
}

#[test]
fn a_second_key_shows_the_first() {
    let shown = problems_of("seed: 1\nlasts: 1h\nseed: 2\n").render(false);
    let expected = r#"
error: `seed` is given twice
 --> example.yaml:3:1
  |
1 | seed: 1
  | ---- first time
2 | lasts: 1h
3 | seed: 2
  | ^^^^ second time
  |
  = hint: keep one of them
"#;
    assert!(shown.ends_with(expected.trim_start()), "{shown}");
}

#[test]
fn hidden_characters_do_not_reach_the_terminal() {
    let text =
        EXAMPLE.replace("outage: rev", "outage: \"\\e[31m\\u202e\" #\u{202e}\u{9b}\n  - rev");
    let shown = problems_of(&text).render(false);
    let bad = |c: char| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c);
    assert!(!shown.contains(bad), "{shown:?}");
}

#[test]
fn many_problems_are_counted() {
    let faults: String =
        (0..60).map(|n| format!("  - {{at: {n}m, outage: nowhere-{n}}}\n")).collect();
    let text =
        EXAMPLE.replace("- {at: 65m, outage", &format!("{}  - {{at: 65m, outage", &faults[2..]));
    let shown = problems_of(&text).render(false);
    assert_eq!(shown.matches("error: ").count(), 50);
    assert!(shown.ends_with("… and 10 more\n"), "{shown}");
}

#[test]
fn files_without_a_scenario() {
    for (text, message) in [
        ("", "the file is empty"),
        ("# nothing\n", "the file is empty"),
        ("just words", "expected the scenario, this is a single value"),
        ("[1, 2]", "expected the scenario, this is a list"),
        ("\0", "this is not YAML: unexpected character: '\\u{0}'"),
    ] {
        let problems = problems_of(text);
        let first = problems.iter().next().map(|problem| problem.message.as_str());
        assert_eq!(first, Some(message), "{text:?}");
    }
}

/// A change to a text: some characters out, a fragment in, or two lines swapped.
#[derive(Debug, Clone)]
enum Edit {
    Delete(Index, usize),
    Insert(Index, &'static str),
    Swap(Index, Index),
}

const FRAGMENTS: [&str; 16] = [
    "?",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "\"",
    "\n",
    "\t",
    "&a ",
    "*a",
    "<<: ",
    "0x",
    "%",
    "é\u{202e}",
    "~",
];

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        (any::<Index>(), 1..20usize).prop_map(|(at, n)| Edit::Delete(at, n)),
        (any::<Index>(), prop::sample::select(&FRAGMENTS[..]))
            .prop_map(|(at, f)| Edit::Insert(at, f)),
        (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Edit::Swap(a, b)),
    ]
}

fn edited(text: &str, edit: &Edit) -> String {
    let chars: Vec<char> = text.chars().collect();
    let boundary = |at: &Index| at.index(chars.len() + 1);
    match edit {
        Edit::Delete(at, n) => {
            let at = boundary(at);
            chars.iter().take(at).chain(chars.iter().skip(at + n)).collect()
        }
        Edit::Insert(at, fragment) => {
            let (before, after) = chars.split_at(boundary(at));
            before.iter().copied().chain(fragment.chars()).chain(after.iter().copied()).collect()
        }
        Edit::Swap(a, b) => {
            let mut lines: Vec<&str> = text.lines().collect();
            if !lines.is_empty() {
                let (a, b) = (a.index(lines.len()), b.index(lines.len()));
                lines.swap(a, b);
            }
            lines.join("\n")
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 300,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Whatever a file looks like, it loads or its problems can be shown.
    #[test]
    fn no_file_makes_it_panic(edits in prop::collection::vec(edit(), 1..6)) {
        let text = edits.iter().fold(EXAMPLE.to_string(), |text, edit| edited(&text, edit));
        match load(&source(&text), &[]) {
            Ok(loaded) => prop_assert!(!loaded.warnings.any_error()),
            Err(problems) => {
                prop_assert!(problems.any_error());
                prop_assert!(problems.render(false).contains("error: "));
            }
        }
    }
}
