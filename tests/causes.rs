//! What an alert, an incident, a recovery and an expectation are put down to.

use crate::support;

use sim::decision::{AttemptOutcome, Phase};
use sim::journal::episodes::{self, Class};
use sim::journal::{CauseRecord, Credit, Event, Verdict};
use sim::units::{Span, Time};
use support::{Run, plan, play, run, shipped};

/// A calm site of one tier with one operator; faults and plays are added by each test.
const CALM: &str = "
scenario: a calm site
starts: 2026-03-02T10:00 Europe/Berlin
lasts: 90m
traffic:
  visits: [{at: 0m, rate: 2/s}]
  tools: {browse: {requests: 5, think: 20s, use: {page: 100%}}}
site:
  tiers: {web: {instances: 4, threads: 200, takes: 15ms}}
  endpoints: {page: web}
telemetry: {every: 10s, delay: 10s}
rules:
  - {alert: Errors, expr: error_rate > 5%, for: 2m}
people: {alex: {role: ops}}
channels: {phone: {answers: 100%, after: 1m}}
escalation: {ops: {try: [alex], by: phone}}
changes: {repair: 10m, other: 60m}
plays:
  fix: {when: Errors, steps: [page ops, change repair], verify: 45m}
";

fn with(faults: &str) -> String {
    format!("{CALM}faults:\n{faults}")
}

fn minutes(minutes: f64) -> Time {
    Time(Span::from_seconds(minutes * 60.0).0)
}

fn troubles(run: &Run) -> Vec<CauseRecord> {
    run.story.cause_records(&run.header)
}

fn only(run: &Run) -> CauseRecord {
    let troubles = troubles(run);
    assert_eq!(troubles.len(), 1, "{troubles:#?}");
    troubles[0].clone()
}

fn words(run: &Run, incident: usize) -> Vec<(&'static str, f64)> {
    let spans = run.story.phases(&run.story.incidents()[incident]);
    spans.iter().map(|span| (span.phase.word(), span.until.seconds() / 60.0)).collect()
}

fn verdicts(run: &Run) -> Vec<(String, Verdict)> {
    let told = run.story.expectations();
    told.map(|entry| (entry.text.clone(), entry.verdict)).collect()
}

#[test]
fn a_fault_that_ended_while_its_alert_was_pending_is_its_cause() {
    let text = with("  - {name: failing app, at: 30m, failing: page, errors: 50%, for: 110s}\n");
    let run = run(&text, &[("rules.0.window", "2m")]);
    let episodes = episodes::episodes(&run.story);
    let fired: Vec<_> = episodes.iter().filter(|episode| episode.firing_at.is_some()).collect();
    assert_eq!(fired.len(), 1);
    assert_eq!(fired[0].class(), Class::Real);
    assert_eq!(fired[0].cause().map(|cause| cause.to_string()).as_deref(), Some("failing app"));
    let trouble = only(&run);
    assert!(trouble.restored < trouble.detected, "users were well before anybody knew");
    assert_eq!(run.story.credit_of(&trouble), Some(Credit::OwnTime));
    let words = words(&run, 0);
    assert_eq!((words[0].0, words[1].0, words.len()), ("detect", "clear", 2), "{words:?}");
}

#[test]
fn quiet_errors_are_a_false_alarm() {
    let run = run(CALM, &[("+site.tiers.web.errors", "10%")]);
    let episodes = episodes::episodes(&run.story);
    assert!(!episodes.is_empty());
    assert!(episodes.iter().all(|episode| episode.cause().is_none()), "nothing is charged");
    assert!(episodes.iter().any(|episode| episode.class() == Class::FalseAlarm));
    assert_eq!(troubles(&run), []);
}

#[test]
fn a_harmless_slowdown_takes_no_blame() {
    let text = with(
        "  - {at: 30m, failing: page, errors: 50%, until: repair}
  - {at: 31m, slow: page, by: 5ms, for: 30m}\n",
    );
    let run = run(&text, &[]);
    assert_eq!(only(&run).cause.name(), "failing page");
    let of_alert = run.story.alerts().filter_map(|(_, alert)| alert.attribution.cause.clone());
    assert!(of_alert.into_iter().all(|cause| cause.name() == "failing page"));
}

#[test]
fn what_ends_on_its_own_is_nobodys_credit() {
    let text = with("  - {at: 30m, failing: page, errors: 50%, for: 20m}\n");
    let run = run(&text, &[("plays.fix.steps.1", "change other")]);
    let trouble = only(&run);
    assert_eq!(trouble.ended, Some((minutes(50.0), None)));
    assert_eq!(run.story.credit_of(&trouble), Some(Credit::OwnTime));
    let restored = trouble.restored.expect("it is over");
    assert!(restored <= minutes(50.1) && restored > minutes(49.5), "{restored:?}");
    let words = words(&run, 0);
    let deploy = words.iter().position(|word| word.0 == "deploy").expect("deployed");
    assert_eq!(words[deploy + 1].0, "clear", "users are well, whatever is still being deployed");
    assert_eq!(words[deploy].1, restored.seconds() / 60.0);
}

#[test]
fn a_fix_that_brings_another_fault_is_two_causes_with_two_credits() {
    let text = with(
        "  - {name: first, at: 20m, failing: page, errors: 50%, until: repair}
  - {name: second, bad-release: page, with: repair, errors: 20%, for: 28m}\n",
    );
    let run = run(&text, &[]);
    let troubles = troubles(&run);
    let names: Vec<String> = troubles.iter().map(|trouble| trouble.cause.name()).collect();
    assert_eq!(names, ["first", "second"]);
    assert_eq!(run.story.incidents().len(), 1, "its rule fired throughout");
    assert!(troubles.iter().all(|trouble| trouble.incidents == [1]), "{troubles:#?}");
    assert_eq!(run.story.credit_of(&troubles[0]), Some(Credit::Change("repair")));
    assert_eq!(run.story.credit_of(&troubles[1]), Some(Credit::OwnTimeDuring("repair")));
    let told = troubles[1].detected.expect("people see it in the same rule");
    assert!(told > troubles[1].from && told < troubles[1].from + Span::MINUTE * 3);
}

#[test]
fn a_new_cause_soon_after_the_all_clear_is_a_new_incident() {
    let text = with(
        "  - {at: 20m, failing: page, errors: 50%, for: 8m}
  - {at: 35m, failing: page, errors: 50%, for: 8m}\n",
    );
    let run = run(&text, &[("plays.fix.steps.1", "change other")]);
    assert_eq!(run.story.incidents().len(), 2);
    let told: Vec<Vec<u32>> = troubles(&run).into_iter().map(|t| t.incidents).collect();
    assert_eq!(told, [[1], [2]]);
}

#[test]
fn a_new_cause_while_an_incident_is_open_is_an_incident_of_its_own() {
    let faults = "  - {name: errors, at: 20m, failing: page, errors: 50%, for: 20m}
  - {name: delay, at: 25m, slow: page, by: 8s, for: 5m}\n";
    let late = "  - {alert: Late, expr: latency > 4s for 20% of traffic, for: 1m}\n";
    let text = with(faults).replace("people: {alex", &format!("{late}people: {{alex"));
    let spans = |run: &Run| -> Vec<Vec<u32>> {
        troubles(run).into_iter().map(|trouble| trouble.incidents).collect()
    };
    let without_play = run(&text, &[("plays.fix.steps.1", "change other")]);
    assert_eq!(spans(&without_play), [[1], [2]]);
    let clear: Vec<Option<Time>> = troubles(&without_play).iter().map(|t| t.clear).collect();
    assert!(clear[1] < clear[0], "the later one is over before the first: {clear:?}");

    // The same play may be under way for both; the one who is busy is asked afterwards.
    let changes = [("plays.fix.when", "[Errors, Late]"), ("plays.fix.steps.1", "change repair")];
    let one_play = run(&text, &changes);
    assert_eq!(spans(&one_play), [[1], [2]]);
    let starts = one_play.entries.iter().filter(
        |entry| matches!(&entry.event, Event::Play { step, .. } if step.word() == "opened"),
    );
    assert_eq!(starts.count(), 2);
}

#[test]
fn the_waves_of_one_cause_are_one_incident_however_long_it_is_quiet_between_them() {
    // While everybody looks at something else, too few requests fail for the rule.
    let text = with(
        "  - {name: failing page, at: 10m, failing: page, errors: 30%}
  - {at: 20m, surge: look, times: 15, for: 20m}\n",
    );
    let text = text
        .replace(
            "use: {page: 100%}}",
            "use: {page: 100%}}, look: {requests: 5, think: 20s, use: {view: 100%}}",
        )
        .replace("  tools:", "  mix: {tool: {browse: 50%, look: 50%}}\n  tools:")
        .replace("endpoints: {page: web}", "endpoints: {page: web, view: web}");
    let run = run(&text, &[("plays.fix.steps.1", "change other")]);
    let waves = run.entries.iter().filter_map(|entry| match &entry.event {
        Event::Incident { incident, state, .. } => Some((*incident, state.word())),
        _ => None,
    });
    let waves: Vec<_> = waves.collect();
    assert_eq!(&waves[..3], [(1, "opened"), (1, "recovered"), (1, "reopened")], "{waves:?}");
    assert_eq!(only(&run).incidents, [1]);
}

#[test]
fn a_tier_without_room_is_a_cause_of_its_own_and_named_as_such() {
    let text = CALM.replace("threads: 200, takes: 15ms", "threads: 1, takes: 60ms").replace(
        "visits: [{at: 0m, rate: 2/s}]",
        "visits: [{at: 0m, rate: 2/s}, {at: 10m, rate: 2/s}, {at: 12m, rate: 30/s}, \
         {at: 30m, rate: 30/s}, {at: 32m, rate: 2/s}]",
    );
    let text = format!("{text}faults: [{{name: late, at: 50m, failing: web, errors: 40%}}]\n");
    let expect = "expect: {detected: < 5m, recovered: < 30m, of: overload of web}\n";
    let run = run(&format!("{text}{expect}"), &[]);
    let names: Vec<String> = troubles(&run).iter().map(|trouble| trouble.cause.name()).collect();
    assert_eq!(names, ["overload of web", "late"]);
    let met = |text: &str| (text.to_string(), Verdict::Met);
    let all = [met("detected < 5m of overload of web"), met("recovered < 30m of overload of web")];
    assert_eq!(verdicts(&run), all);
    let all_causes = self::run(&format!("{text}expect: {{recovered: < 30m}}\n"), &[]);
    assert_eq!(verdicts(&all_causes)[0].1, Verdict::Missed, "the fault goes on");
}

#[test]
fn an_expectation_without_a_cause_is_not_judged() {
    let plan = plan(&format!("{CALM}expect: {{detected: < 5m, play: fix}}\n"), &[]);
    let run = play(&plan, 0);
    let verdicts: Vec<Verdict> = verdicts(&run).into_iter().map(|(_, verdict)| verdict).collect();
    assert_eq!(verdicts, [Verdict::NotJudged, Verdict::NotJudged]);
}

#[test]
fn a_cause_that_harmed_users_and_was_never_told_misses_detected() {
    let fault = "  - {at: 30m, failing: page, errors: 3%, for: 20m}\n";
    let run = run(&format!("{}expect: {{detected: < 60m}}\n", with(fault)), &[]);
    assert_eq!(only(&run).detected, None);
    assert_eq!(verdicts(&run)[0].1, Verdict::Missed);
}

#[test]
fn recovered_is_restored_unless_it_says_all_clear() {
    let fault = "  - {at: 30m, failing: page, errors: 50%, for: 20m}\n";
    let expect = "expect: {recovered: \"< 20m 30s\"}\n";
    let all_clear = "expect: {recovered: \"< 20m 30s all-clear\"}\n";
    let verdict = |expect: &str| verdicts(&run(&format!("{}{expect}", with(fault)), &[]))[0].1;
    assert_eq!(verdict(expect), Verdict::Met);
    assert_eq!(verdict(all_clear), Verdict::Missed);
}

#[test]
fn all_clear_behind_a_page_that_stands_is_no_recovery() {
    let text = with("  - {at: 30m, failing: page, errors: 50%}\n")
        .replace("other: 60m", "other: {takes: 1m, serves: 503}")
        .replace("change repair]", "change other]");
    let run = run(&text, &[]);
    let incidents = run.story.incidents();
    assert_eq!(incidents[0].contained().map(|after| after > Span::ZERO), Some(true));
    assert_eq!(run.story.recovery(&run.header, &incidents[0]), None);
    assert_eq!(only(&run).restored, None);
}

#[test]
fn rules_that_are_well_behind_a_page_that_stands_restore_nobody() {
    // One of the few runs whose second fix is the page; its people are quicker than a war room's.
    let quick = [("vars.declare", "1m..4m"), ("vars.diagnose", "5m..10m"), ("seed", "20181109")];
    let run = run(&shipped("latency-spike"), &quick);
    let incidents = run.story.incidents();
    let (last, contained) = (incidents[0].last(), incidents[0].contained());
    assert!(last.outcome == AttemptOutcome::Recovered && contained.is_some(), "{last:?}");
    assert_eq!(run.story.recovery(&run.header, &incidents[0]), None);
    let (restored, clear) = run
        .story
        .recovered_with(&run.header, &incidents[0], last)
        .expect("every rule has resolved");
    assert_eq!((restored, clear.is_some()), (None, true));
}

#[test]
fn nobody_is_restored_behind_a_maintenance_page() {
    let text = with("  - {at: 30m, failing: page, errors: 50%, for: 30m}\n")
        .replace("other: 60m", "other: {takes: 1m, serves: 503}, reopen: {takes: 1m, ends: other}")
        .replace("change repair]", "change other]")
        + "launch: [{at: 70m, change: reopen, by: ops}]\n";
    let run = run(&text, &[]);
    let trouble = only(&run);
    let pages = run.story.pages();
    assert_eq!(pages.len(), 1);
    let (_, up, down) = pages[0];
    assert!(trouble.harmed.is_some_and(|(_, last)| last <= up + Span::MINUTE));
    assert_eq!(trouble.restored, down, "{trouble:?}");
    let behind = Credit::Behind("other");
    assert_eq!(run.story.credit_of(&trouble), Some(behind), "it ended while nobody was let in");
    assert!(run.story.phases(&run.story.incidents()[0]).iter().all(|s| s.phase != Phase::Confirm));
}
