//! Limits that are not threads: what the peak uses of each, and what is said of them.

use proptest::prelude::*;
use sim::journal::LimitRow;
use sim::scenario::{self, LoadedPlan, Problem, ProblemSeverity, SourceText};

/// Ten requests a second through two tiers for half an hour, then 20 until the end.
const SHOP: &str = r#"
scenario: A ticket shop
starts: 2030-03-01T10:00 Europe/Berlin
lasts: 2h
traffic:
  visits: [{at: 0m, rate: 2/s}, {at: 30m, rate: 2/s}, {at: 31m, rate: 4/s}]
  tools: {buy: {requests: 5, think: 20s, use: {tickets: 80%, seats: 20%}}}
site:
  tiers:
    api: {instances: 3, threads: 10, takes: 50ms}
    db: {threads: 20, takes: 20ms}
  endpoints: {tickets: api > db, seats: api}
"#;

fn loaded(limits: &str) -> LoadedPlan {
    let text = format!("{SHOP}limits:\n{limits}");
    let source = SourceText::file("shop.yaml", text);
    scenario::load(&source, &[]).unwrap_or_else(|problems| panic!("{}", problems.render(false)))
}

/// One limit that somebody has checked.
fn row(keys: &str, times: f64) -> LimitRow {
    let text = format!("  it: {{{keys}, checked_by: ann, checked_on: 2030-02-01}}\n");
    let plan = loaded(&text).plan;
    scenario::limit_rows(&plan, times).remove(0)
}

fn findings(limits: &str) -> Vec<Problem> {
    let warnings = loaded(limits).warnings;
    warnings
        .iter()
        .filter(|problem| problem.severity == ProblemSeverity::Finding)
        .cloned()
        .collect()
}

fn near(seen: Option<f64>, expected: f64) {
    let seen = seen.expect("known");
    assert!((seen - expected).abs() < 1e-6 * expected.max(1.0), "{seen} is not {expected}");
}

#[test]
fn use_at_the_peak_follows_from_the_traffic() {
    // 4 visits/s at the peak, 5 requests each, 80 % of them through both tiers.
    near(row("value: 100/s, uses: 1 per visit", 1.0).used, 4.0);
    near(row("value: 100/s, uses: per request", 1.0).used, 20.0);
    near(row("value: 100/s, uses: 3 per request to db", 1.0).used, 48.0);
    near(row("value: 100/s, uses: 2 per request to seats", 1.0).used, 8.0);
    near(row("value: 1 Gbit/s, uses: 40 kB per request", 1.0).used, 20.0 * 320_000.0);
    near(row("value: 400, uses: [20 per instance of api, 1 per thread of db]", 1.0).used, 80.0);
    // Little: 20/s hold 50 ms, 16/s of them another 20 ms.
    near(row("value: 400, uses: 10 per busy thread of api", 1.0).used, 10.0 * (1.0 + 0.32));
    near(row("value: 400, at_peak: 123", 1.0).used, 123.0);
    assert_eq!(row("value: 400", 1.0).used, None);
}

#[test]
fn a_longer_window_takes_the_busiest_one_of_the_scenario() {
    // An hour of the 89 minutes at 20 requests/s; the whole two hours for a day.
    near(row("value: 100000/h, uses: per request", 1.0).used, 72_000.0);
    let day = 30.0 * 60.0 * 10.0 + 60.0 * 15.0 + 89.0 * 60.0 * 20.0;
    near(row("value: 200000/day, uses: per request", 1.0).used, day);
    near(row("value: 2000/m, uses: per request", 1.0).used, 1_200.0);
}

#[test]
fn ten_times_the_traffic_uses_ten_times_as_much_of_what_follows_it() {
    near(row("value: 100/s, uses: per request", 10.0).used, 200.0);
    near(row("value: 400, uses: 20 per instance of api", 10.0).used, 60.0);
    // All 30 threads are busy long before.
    near(row("value: 400, uses: 1 per busy thread of api", 1_000.0).used, 30.0);
    near(row("value: 400, at_peak: 123", 10.0).used, 1_230.0);
}

#[test]
fn rows_say_how_it_stands_and_who_has_looked() {
    let statuses = ["value: 21/s", "value: 25/s", "value: 30/s", "value: 20/s", "value: 19/s"]
        .map(|value| row(&format!("{value}, uses: per request"), 1.0).status);
    assert_eq!(statuses.map(|status| status.word()), ["tight", "tight", "ok", "tight", "over"]);
    assert_eq!(row("value: \"?\", uses: per request", 1.0).status.word(), "unknown");
    let kinds = ["400", "400/s", "1 Gbit/s", "2000/s, kind: warm-up"]
        .map(|value| row(&format!("value: {value}"), 1.0).kind);
    assert_eq!(kinds.map(|kind| kind.word()), ["connections", "quota", "bandwidth", "warm-up"]);
    let row = row("value: 400", 1.0);
    assert_eq!(
        (row.checked_by.as_deref(), row.checked_on.as_deref()),
        (Some("ann"), Some("2030-02-01"))
    );
}

#[test]
fn the_header_carries_the_limits_and_a_plan_without_any_is_as_before() {
    let plan = loaded("  lambda: {value: 1000, uses: 2 per instance of api}\n").plan;
    let header = scenario::header(&plan, 0, 1);
    assert_eq!(header.limits.len(), 1);
    let text = serde_json::to_string(&header).expect("plain data");
    let back: sim::journal::Header = serde_json::from_str(&text).expect("as written");
    assert_eq!(back, header);
    let source = SourceText::file("shop.yaml", SHOP);
    let plan = scenario::load(&source, &[]).expect("sensible").plan;
    let text = serde_json::to_string(&scenario::header(&plan, 0, 1)).expect("plain data");
    assert!(!text.contains("limits"), "{text}");
}

#[test]
fn what_is_not_checked_not_known_or_not_enough_is_a_finding() {
    let one = |limits: &str, parts: &[&str]| {
        let found = findings(limits);
        let [finding] = &found[..] else { panic!("{limits}: {found:#?}") };
        let text = format!("{} | {}", finding.message, finding.hint.clone().unwrap_or_default());
        for part in parts {
            assert!(text.contains(part), "{part:?} is not in: {text}");
        }
    };
    let checked = "checked_by: ann, checked_on: 2030-02-01";
    one("  db: {value: 400, at_peak: 12}\n", &["nobody has checked the limit `db`", "provider"]);
    one("  db: {value: 400, at_peak: 12, checked_by: \"?\"}\n", &["nobody has checked"]);
    one("  db: {value: 400, at_peak: 12, checked_by: ann}\n", &["ann has not said when"]);
    one(&format!("  db: {{value: 400, {checked}}}\n"), &["nobody knows how much of `db`"]);
    one(&format!("  db: {{value: \"?\", {checked}}}\n"), &["how much there is of `db`"]);
    one(
        &format!("  db: {{value: 15/s, uses: per request to db, {checked}}}\n"),
        &["needs 16/s of `db`, and there is 15/s", "per request to db", "10:31"],
    );
    one(&format!("  db: {{value: 90, at_peak: 80, {checked}}}\n"), &["89% of `db`", "80 of 90"]);
    assert_eq!(findings(&format!("  db: {{value: 90, at_peak: 50, {checked}}}\n")), []);
}

#[test]
fn a_check_in_the_future_is_a_slip() {
    let text = "  db: {value: 400, at_peak: 12, checked_by: ann, checked_on: 2031-01-01}\n";
    let said: Vec<Problem> = loaded(text).warnings.iter().cloned().collect();
    assert_eq!((said.len(), said[0].severity), (1, ProblemSeverity::Warning));
    assert!(said[0].message.contains("after the scenario starts"));
}

#[test]
fn explain_tells_of_every_limit() {
    let text = format!("{SHOP}limits: {{db: {{value: 400, uses: 20 per instance of api}}}}\n");
    let source = SourceText::file("shop.yaml", text);
    let told = scenario::explain(&source, &[]).expect("sensible");
    let section = told.story.iter().find(|section| section.title == "Limits").expect("a section");
    let expected = "db: 60 of 400 at the peak (20 per instance of api), nobody has checked it";
    assert_eq!(section.lines, [expected]);
    let value = told.resolved.iter().find(|row| row.path == "limits.db.value").expect("a row");
    assert_eq!((value.value.as_str(), value.basis), ("400", Some(sim::journal::Basis::Assumed)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// More traffic never uses less of anything, and no text of an amount or a use panics.
    #[test]
    fn use_grows_with_traffic(
        per in prop::sample::select(vec![
            ("/s", "1 per visit"), ("/h", "2 per request"), ("/day", "1 per request to db"),
            ("", "3 per instance of api"), ("", "1 per busy thread of api"),
            (" Mbit/s", "1 kB per request to seats"),
        ]),
        times in 0.0f64..50.0,
        more in 0.0f64..50.0,
    ) {
        let keys = format!("value: 1000{}, uses: {}", per.0, per.1);
        let (less, more) = (row(&keys, times).used, row(&keys, times + more).used);
        prop_assert!(less <= more, "{less:?} {more:?}");
    }

    #[test]
    fn no_amount_makes_it_panic(value in "\\PC{0,12}", uses in "\\PC{0,24}") {
        let quote = |text: &str| text.replace('\'', "''");
        let text = format!("{SHOP}limits: {{it: {{value: '{}', uses: '{}'}}}}\n",
            quote(&value), quote(&uses));
        let source = SourceText::file("shop.yaml", text);
        if let Err(problems) = scenario::load(&source, &[]) {
            prop_assert!(problems.any_error() && !problems.render(false).is_empty());
        }
    }
}
