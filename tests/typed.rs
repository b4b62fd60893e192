//! YAML as people type it: what a keyboard, a web page or another tool leaves in a file.

use sim::scenario::{self, Problem, SourceText};

const DAY: &str = r#"scenario: A relaunch
starts: 2018-11-07T17:00 America/New_York
lasts: 70m
traffic:
  visits: [{at: 0m, rate: 0.1/s}]
  tools: {browse: {requests: 5, think: 5s, use: {page: 100%}}}
site:
  tiers:
    web: {instances: 2, threads: 100, takes: ~50ms}
    api: {instances: 2, threads: 100, takes: ~50ms}
  endpoints: {page: web > api}
logs:
  routes: {"/*": page}
faults:
  - {at: 30m, outage: web, share: 50%}
rules:
  - {alert: Errors, expr: error_rate > 5%, for: 2m}
"#;

fn problems(text: &str) -> Vec<Problem> {
    match scenario::load(&SourceText::file("day.yaml", text), &[]) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().cloned().collect(),
    }
}

/// The first problem, its hint, and its line and column.
fn said(from: &str, to: &str) -> (String, (u32, u32)) {
    assert!(DAY.contains(from), "{from}");
    let problems = problems(&DAY.replacen(from, to, 1));
    let first = problems.first().unwrap_or_else(|| panic!("{to:?} is taken"));
    let all: Vec<String> = problems
        .iter()
        .map(|one| format!("{} | {}", one.message, one.hint.as_deref().unwrap_or_default()))
        .collect();
    (all.join("\n"), (first.place.line, first.place.column))
}

#[test]
fn the_day_itself_is_fine() {
    assert!(problems(DAY).is_empty());
}

#[test]
fn spaces_from_web_pages_are_named_where_they_stand() {
    let (text, place) = said("100, takes", "100,\u{a0}takes");
    assert!(text.contains("a no-break space (U+00A0)"), "{text}");
    assert_eq!(place.0, 9, "{text}");
    let (text, place) = said("lasts: 70m", "lasts:\u{a0}70m");
    assert!(text.contains("U+00A0"), "{text}");
    assert_eq!(place.0, 3, "{text}");
    let (text, _) = said("lasts: 70m", "lasts: 70m\u{202f}");
    assert!(text.contains("U+202F"), "{text}");
}

#[test]
fn typographic_quotes_quote_nothing() {
    let (text, place) = said("\"/*\"", "“/*”");
    assert!(text.contains("typographic quotes") && text.contains("plain quotes"), "{text}");
    assert_eq!(place.0, 13, "{text}");
    let (text, _) = said("scenario: A relaunch", "scenario: ‘A relaunch’");
    assert!(text.contains("typographic quotes"), "{text}");
    let prose = DAY.replacen("A relaunch", "The “big” relaunch", 1);
    assert!(problems(&prose).is_empty(), "prose may have them");
}

#[test]
fn keys_for_anchors_are_passed_over() {
    let text =
        DAY.replacen("scenario:", "x-tier: &tier {threads: 100, takes: ~50ms}\nscenario:", 1);
    let text = text.replacen("web: {instances: 2, threads: 100, takes: ~50ms}", "web: *tier", 1);
    assert!(problems(&text).is_empty());
    let inside = DAY.replacen("lasts: 70m", "lasts: 70m\ntelemetry: {every: 10s, x-note: ours}", 1);
    assert!(problems(&inside).is_empty());
    let (text, _) = said("lasts: 70m", "lasts: 70m\nxnote: 5");
    assert!(text.contains("unknown key `xnote`"), "{text}");
}

#[test]
fn an_empty_document_at_the_end_is_none() {
    for end in ["---\n", "---", "...\n", "---\n# nothing more\n\n", "\n---  \n"] {
        assert!(problems(&format!("{DAY}{end}")).is_empty(), "{end:?}");
        assert!(problems(&format!("---\n{DAY}{end}")).is_empty(), "{end:?}");
    }
    let two = problems(&format!("{DAY}---\nscenario: another\n"));
    assert!(two[0].message.contains("a second document"), "{two:?}");
}

#[test]
fn numbers_with_commas_and_underscores() {
    let (text, _) = said("error_rate > 5%", "error_rate > 0,5%");
    assert!(text.contains("0.5") && !text.contains("write 0%"), "{text}");
    for (from, to, hint) in [
        ("share: 50%", "share: \"0,5%\"", "write 0.5"),
        ("requests: 5", "requests: \"1,5\"", "write 1.5"),
        ("threads: 100", "threads: 1_000", "write 1000"),
        ("threads: 100", "threads: \"1,000\"", "write 1000"),
    ] {
        let (text, _) = said(from, to);
        assert!(text.contains(hint), "{to}: {text}");
    }
}

#[test]
fn clocks_without_colon_or_quotes() {
    let (text, _) = said("at: 30m", "at: 1730");
    assert!(text.contains("write \"17:30\""), "{text}");
    let (text, _) = said("at: 30m", "at: 17:30");
    assert!(text.contains("quote it: \"17:30\""), "{text}");
}

#[test]
fn the_environment_is_not_read() {
    let (text, _) = said("lasts: 70m", "lasts: ${LASTS}");
    assert!(text.contains("--set vars.lasts=") && text.contains("vars: {lasts: …}"), "{text}");
    let (text, _) = said("lasts: 70m", "lasts: ${LASTS:-70m}");
    assert!(text.contains("vars: {lasts: 70m}"), "{text}");
}

#[test]
fn an_offset_says_which_hour_or_contradicts_the_zone() {
    let zone = "2018-11-07T17:00 America/New_York";
    let (text, _) = said(zone, "2018-11-07T17:00-08:00 America/New_York");
    assert!(text.contains("contradicts America/New_York"), "{text}");
    assert!(
        text.contains("write 2018-11-07T17:00 America/New_York, or 2018-11-07T20:00"),
        "{text}"
    );
    let (text, _) = said(zone, "2018-11-07T17:00Z America/New_York");
    assert!(text.contains("contradicts"), "{text}");
    let (text, _) = said(zone, "2018-11-04T01:30 America/New_York");
    assert!(text.contains("or say which: 2018-11-04T01:30:00-04"), "{text}");
    let (text, _) = said(zone, "2018-11-07T17:00:60 America/New_York");
    assert!(text.contains("second 60"), "{text}");
    for (offset, utc) in [("-04:00", "05:30"), ("-05:00", "06:30")] {
        let text = DAY.replacen(zone, &format!("2018-11-04T01:30{offset} America/New_York"), 1);
        let plan = scenario::load(&SourceText::file("day.yaml", text), &[]).expect("settled").plan;
        let starts = plan.calendar.starts().timestamp().to_string();
        assert!(starts.contains(utc), "{starts}");
    }
}

#[test]
fn what_counts_as_an_error() {
    let with = |errors: &str| {
        DAY.replacen("lasts: 70m", &format!("lasts: 70m\ntelemetry: {{errors: {errors}}}"), 1)
    };
    for errors in ["4xx", "[4xx, 5xx]", "404", "[404, 499, 5xx]", "[given-up, slow, 401]"] {
        assert!(problems(&with(errors)).is_empty(), "{errors}");
    }
    for (errors, message) in [
        ("6xx", "`6xx` is not known here"),
        ("200", "`200` is a successful response"),
        ("4O4", "`4O4` is not known here"),
        ("1404", "`1404` is not known here"),
        ("errors", "`errors` is not known here"),
    ] {
        let said = problems(&with(errors));
        assert_eq!(said[0].message, message);
        assert!(said[0].hint.as_deref().is_some_and(|hint| hint.contains("given-up")));
    }
}
