//! What the monitoring does not see: a rule, a tier, a source of reports, wholly or by a share.

use crate::support::{plan, play, replaced, run, warnings};
use sim::journal::{Entry, Event, ScopeRow};
use sim::units::{Span, Time};

/// 60 % of the answers of a tier are errors from minute 20 on; two requests a second.
const LOUD: &str = "\
scenario: Errors that are not seen
starts: 2026-03-02T10:00 UTC
lasts: 2h
traffic:
  requests: 2/s
  reports: {call-center: {share: 100%, after: 1m}}
  tools: {use: {requests: 6, think: 20s, use: {page: 100%}}}
site:
  tiers:
    web: {instances: 4, threads: 50, takes: 5ms}
    api: {instances: 4, threads: 50, takes: 20ms}
  endpoints: {page: web > api}
telemetry: {every: 60s, delay: 10s}
rules:
  - {alert: Errors, expr: error_rate > 20%, window: 5m, for: 1m}
  - {alert: ApiErrors, expr: error_rate > 20%, where: {tier: api}, window: 5m, for: 1m}
  - {alert: Many, expr: errors > 15/m, window: 5m, for: 1m}
  - {alert: Calls, expr: reports > 10/h, where: {source: call-center}, window: 10m}
faults:
  - {at: 20m, failing: api, errors: 60%, for: 1h}
";

/// The scenario with a further fault.
fn with(fault: &str) -> String {
    format!("{LOUD}  - {{{fault}}}\n")
}

fn minutes(n: u64) -> Time {
    Time::ZERO + Span::from_secs(60 * n)
}

/// The alerts that fire, by name.
fn fired(text: &str) -> Vec<String> {
    let day = run(text, &[]);
    let mut fired: Vec<String> = day.fired().into_iter().map(|(alert, _)| alert.into()).collect();
    fired.sort();
    fired.dedup();
    fired
}

/// The rows of a scope in readings of these minutes.
fn rows(entries: &[Entry], scope: usize, from: u64, to: u64) -> Vec<ScopeRow> {
    let rows = entries.iter().filter_map(|entry| match &entry.event {
        Event::Reading { from: at, scopes, missing: false, .. }
            if (minutes(from)..minutes(to)).contains(at) =>
        {
            Some(scopes[scope])
        }
        _ => None,
    });
    rows.collect()
}

fn requests(rows: &[ScopeRow]) -> u64 {
    rows.iter().map(|row| row.ok + row.failed + row.rejected + row.abandoned).sum()
}

#[test]
fn who_is_blind_stays_silent_and_nobody_else() {
    let all = fired(LOUD);
    assert_eq!(all, ["ApiErrors", "Calls", "Errors", "Many"]);
    for (blind, silent) in [("Errors", "Errors"), ("Many", "Many"), ("api", "ApiErrors")] {
        let left = fired(&with(&format!("at: 10m, blind: {blind}")));
        let expected: Vec<&String> = all.iter().filter(|alert| *alert != silent).collect();
        assert_eq!(left.iter().collect::<Vec<_>>(), expected, "{blind}");
    }
    let left = fired(&with("at: 10m, blind: call-center"));
    assert!(left.len() == 3 && !left.contains(&"Calls".to_string()), "{left:?}");
    assert!(fired(&with("at: 10m, blind: telemetry, share: 100%")).is_empty());
}

#[test]
fn a_rule_sees_again_when_its_blindness_is_over() {
    let day = run(&with("at: 10m, blind: Errors, for: 40m"), &[]);
    let moves: Vec<(String, Time, Option<String>)> = day
        .entries
        .iter()
        .filter_map(|entry| match &entry.event {
            Event::Alert(alert) if alert.rule == "Errors" => {
                let cause = alert.attribution.cause.as_ref().map(|cause| cause.name());
                Some((format!("{:?}", alert.state), alert.at, cause))
            }
            _ => None,
        })
        .collect();
    let states: Vec<&str> = moves.iter().map(|(state, ..)| state.as_str()).collect();
    assert_eq!(states[..4], ["NoData", "DataBack", "Pending", "Firing"], "{moves:?}");
    assert_eq!(moves[0].2.as_deref(), Some("blind Errors"), "it is told what made it blind");
    // The interval that ends in minute 50 is seen by then.
    assert!((minutes(50)..=minutes(51)).contains(&moves[1].1), "{moves:?}");
}

#[test]
fn a_share_takes_that_share_of_every_count_and_no_rate_away() {
    let whole = play(&plan(LOUD, &[]), 0).entries;
    let half = play(&plan(&with("at: 10m, blind: telemetry, share: 40%"), &[]), 0).entries;
    // What happens is the same whoever looks: before, the readings are equal.
    assert_eq!(rows(&half, 0, 0, 10), rows(&whole, 0, 0, 10));
    let (before, after) = (rows(&whole, 0, 30, 80), rows(&half, 0, 30, 80));
    let share = requests(&after) as f64 / requests(&before) as f64;
    // Some 6,000 requests: a standard deviation of 0.6 %.
    assert!((share - 0.6).abs() < 0.03, "{share}");
    let rate = |rows: &[ScopeRow]| {
        rows.iter().map(|row| row.failed).sum::<u64>() as f64 / requests(rows) as f64
    };
    assert!((rate(&after) - rate(&before)).abs() < 0.03, "{} {}", rate(&after), rate(&before));
    // All scopes miss the same requests: the site is the sum of its only endpoint.
    let endpoint = 3;
    assert_eq!(requests(&rows(&half, endpoint, 30, 80)), requests(&after));
}

#[test]
fn a_tier_that_tells_less_is_less_in_its_own_figures_alone() {
    let whole = play(&plan(LOUD, &[]), 0).entries;
    let less = play(&plan(&with("at: 10m, blind: api, share: 25%"), &[]), 0).entries;
    let (web, api) = (1, 2);
    assert_eq!(rows(&less, web, 0, 120), rows(&whole, web, 0, 120));
    assert_eq!(rows(&less, 0, 0, 120), rows(&whole, 0, 0, 120));
    let share =
        requests(&rows(&less, api, 10, 120)) as f64 / requests(&rows(&whole, api, 10, 120)) as f64;
    assert!((share - 0.75).abs() < 0.02, "{share}");
    let none = play(&plan(&with("at: 10m, blind: api, for: 20m"), &[]), 0).entries;
    assert!(rows(&none, api, 10, 29).iter().all(|row| row.unseen));
    assert!(rows(&none, api, 31, 40).iter().all(|row| !row.unseen));
}

#[test]
fn a_rule_that_counts_fires_later_or_never_with_a_share() {
    // Users who meet errors leave, so that some 25 fail in a minute; the rule says 15.
    assert!(fired(&with("at: 10m, blind: Many, share: 30%")).contains(&"Many".to_string()));
    let left = fired(&with("at: 10m, blind: Many, share: 70%"));
    assert!(!left.contains(&"Many".to_string()), "{left:?}: 8 a minute are seen");
    assert!(left.contains(&"Errors".to_string()), "nobody else is blind");
    // Each alone leaves 60 %, just enough; both leave 0.6 x 0.6, which are 9 a minute.
    let both = format!(
        "{}  - {{at: 10m, blind: telemetry, share: 40%}}\n",
        with("at: 10m, blind: Many, share: 40%")
    );
    assert!(!fired(&both).contains(&"Many".to_string()));
}

#[test]
fn a_share_of_reports_is_not_counted() {
    let told = |text: &str| {
        let text = replaced(text, &[("reports > 10/h", "reports > 100000/h")]);
        let day = run(&text, &[]);
        let totals = day.story.totals().expect("a whole day").clone();
        let row = totals.rules.into_iter().find(|row| row.rule == "Calls").expect("it is judged");
        row.closest.expect("it has seen something").value
    };
    let ratio = told(&with("at: 0m, blind: call-center, share: 60%")) / told(LOUD);
    assert!((ratio - 0.4).abs() < 0.12, "{ratio}");
}

#[test]
fn what_begins_a_fault_is_what_happens_whoever_sees_it() {
    let text = with("at: 10m, blind: telemetry, share: 90%");
    let text = format!(
        "{text}  - {{starts_when: errors > 15/m for 5m, blind: api, name: overwhelmed, for: 5m}}\n"
    );
    let day = run(&text, &[]);
    let begun = day.entries.iter().any(|entry| {
        matches!(&entry.event, Event::Fault { fault, begins: true, .. } if fault == "overwhelmed")
    });
    assert!(begun);
}

#[test]
fn a_recording_remembers_who_was_blind() {
    use assert_cmd::Command;
    let folder = tempfile::TempDir::new().expect("a folder");
    let text = format!(
        "{}  - {{at: 15m, blind: api}}\n  - {{at: 15m, blind: Errors}}\n",
        with("at: 10m, blind: Many, share: 70%")
    );
    std::fs::write(folder.path().join("day.yaml"), text).expect("it can be written");
    let sim = |arguments: &[&str]| {
        let output = Command::cargo_bin("sim").expect("it is built");
        let mut output = output;
        let output = output.current_dir(folder.path()).args(arguments).output().expect("it runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let wrong = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() != Some(2), "{wrong}");
        text
    };
    sim(&["run", "day.yaml", "--trials", "1", "--record", "day.jsonl"]);
    let alerts = sim(&["judge", "day.yaml", "--readings", "day.jsonl", "--csv"]);
    let firing: Vec<&str> = alerts.lines().filter(|line| line.contains("firing")).collect();
    assert!(firing.iter().all(|line| line.contains("Calls")), "{alerts}");
    assert!(!firing.is_empty(), "{alerts}");
}

/// Why a scenario is refused.
fn refused(text: &str) -> String {
    let source = sim::scenario::SourceText::file("day.yaml", text);
    sim::scenario::load(&source, &[]).expect_err("it is wrong").render(false)
}

#[test]
fn what_cannot_be_blind_is_said() {
    for (fault, said) in [
        ("at: 10m, blind: Eror", "known: `telemetry`, `Errors`"),
        ("at: 10m, blind: page", "`page` is an endpoint"),
        ("at: 10m, blind: support", "unknown rule, tier or source of reports"),
        ("at: 10m, blind: api, share: 140%", "140%"),
        ("at: 10m, blind: api, share: 0%", "a share of 0% hits nothing"),
        ("at: 10m, blind: api, share: -5%", "-5%"),
        ("at: 10m, blind: api, share: 60%..20%", "reversed"),
        ("at: 10m, blind: api, count: 2", "`count` makes no sense with `blind`"),
        ("at: 10m, blind: api, seen_as: 4xx", "`seen_as` makes no sense with `blind`"),
        ("at: 10m, blind: api, for: 0s", "`for` must be more than 0s"),
        ("blind: api", "does not say when it begins"),
        ("at: 10m, blind: telemetry, fades: 5m", "cannot fade"),
        ("at: 10m, blind: [api, web]", "blind"),
    ] {
        let text = refused(&with(fault));
        assert!(text.contains(said), "{fault}:\n{text}");
    }
    let twice = replaced(&with("at: 10m, blind: api"), &[("alert: Many", "alert: api")]);
    let text = refused(&twice);
    assert!(text.contains("`api` is a rule and a tier"), "{text}");
}

#[test]
fn a_blind_spot_that_changes_nothing_is_said() {
    let said = |fault: &str| -> String {
        let all = warnings(&with(fault), &[]);
        all.into_iter().map(|problem| problem.message + "\n").collect()
    };
    assert!(said("at: 10m, blind: web, for: 5m").contains("no rule looks at `web`"));
    let few = [("window: 5m, for: 1m}", "window: 5m, for: 1m, min_requests: 1}")];
    let text = replaced(&with("at: 10m, blind: Errors, share: 50%, for: 5m"), &few);
    let text: String = warnings(&text, &[]).into_iter().map(|problem| problem.message).collect();
    assert!(text.contains("`Errors` is about a share of requests"), "{text}");
    assert!(said("at: 10m, blind: Errors").contains("nothing cures `blind Errors`"));
    assert!(said("at: 3h, blind: Errors, for: 5m").contains("begins after the scenario has ended"));
}
