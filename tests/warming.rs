//! What comes back is slow at first: `cold` and `warms` of a tier, and slowness that fades.

use crate::support::{Run, replaced, run, warnings};
use sim::journal::Event;

/// One instance, a tenth of a second a request; it is lost for ten minutes after the first ten.
const DAY: &str = "\
scenario: A server comes back with a cold cache
starts: 2026-03-02T10:00 UTC
lasts: 1h
traffic:
  visits: [{at: 0m, rate: 5/s}]
  tools: {browse: {requests: 1, think: 1s, use: {page: 100%}}}
site:
  tiers:
    web: {instances: 1, threads: 1000, takes: 100ms, cold: 5x, warms: 10m}
  endpoints: {page: web}
telemetry: {every: 60s, delay: 0s}
faults:
  - {name: broken, at: 10m, lost-servers: web, for: 10m}
";

/// The median response time of a minute, in milliseconds.
fn medians(day: &Run) -> Vec<Option<f64>> {
    let rows = day.entries.iter().filter_map(|entry| match &entry.event {
        Event::Reading { scopes, .. } => Some(scopes[0].p50),
        _ => None,
    });
    rows.collect()
}

fn about(value: Option<f64>, wanted: f64) -> bool {
    value.is_some_and(|value| (value - wanted).abs() < wanted * 0.06)
}

#[test]
fn it_is_five_times_as_slow_at_first_and_warm_after_ten_minutes() {
    let day = medians(&run(DAY, &[]));
    assert!(about(day[8], 100.0), "{:?}: what was never away is warm", day[8]);
    // In the first minute between 5 and 4.6 times, in the sixth between 3 and 2.6 times.
    assert!(about(day[20], 480.0), "{:?}", day[20]);
    assert!(about(day[25], 280.0), "{:?}", day[25]);
    assert!(about(day[31], 100.0), "{:?}", day[31]);
    assert!(day[20..30].windows(2).all(|pair| pair[1] < pair[0]), "{:?}", &day[20..30]);
}

#[test]
fn whoever_waits_longer_waits_because_of_what_took_it_away() {
    let rule = "rules: [{alert: Slow, expr: latency p50 > 300ms, window: 1m, for: 1m}]\n";
    let day = run(&format!("{DAY}{rule}"), &[]);
    let alert = day.entries.iter().find_map(|entry| match &entry.event {
        Event::Alert(alert) if format!("{:?}", alert.state) == "Firing" => Some(alert),
        _ => None,
    });
    let alert = alert.expect("it is slow for minutes");
    assert!(format!("{alert:?}").contains("broken"), "{alert:?}");
}

#[test]
fn what_only_hung_is_warm_and_what_a_deploy_took_out_is_cold() {
    let hung = replaced(DAY, &[("lost-servers: web", "outage: web, mode: hang")]);
    let day = medians(&run(&hung, &[]));
    assert!(about(day[22], 100.0), "{:?}", day[22]);
    let rolled = replaced(
        DAY,
        &[
            ("instances: 1", "instances: 2"),
            (
                "faults:\n  - {name: broken, at: 10m, lost-servers: web, for: 10m}\n",
                "changes: {deploy: {takes: 1m, rolls: 10m, takes_out: {web: 1}}}\n\
              launch: [{at: 9m, change: deploy}]\n",
            ),
        ],
    );
    let day = medians(&run(&rolled, &[]));
    assert!(about(day[8], 100.0), "{:?}", day[8]);
    // The first is back after five minutes and alone, the second is out.
    assert!(day[15].is_some_and(|median| median > 350.0), "{:?}", day[15]);
    assert!(about(day[40], 100.0), "{:?}", day[40]);
}

#[test]
fn work_that_takes_another_time_fades_towards_its_own() {
    let slow = replaced(
        DAY,
        &[
            (", cold: 5x, warms: 10m", ""),
            ("lost-servers: web, for: 10m", "slow: web, takes: 1100ms, for: 10m, fades: 20m"),
        ],
    );
    let day = medians(&run(&slow, &[]));
    assert!(about(day[15], 1_100.0), "{:?}", day[15]);
    // Half of it is left halfway: 100 ms and half of the second more.
    assert!(about(day[30], 587.0), "{:?}", day[30]);
    assert!(about(day[45], 100.0), "{:?}", day[45]);
}

#[test]
fn what_makes_no_sense_is_said() {
    let keys = ", cold: 5x, warms: 10m";
    for (to, said) in [
        (", cold: 5x", "add `warms: 10m`"),
        (", warms: 10m", "add `cold: 3x`"),
        (", cold: 0.5x, warms: 10m", "not between 1x and 1000x"),
        (", cold: 5000x, warms: 10m", "not between 1x and 1000x"),
        (", cold: 5, warms: 10m", "is not a factor"),
        (", cold: -3x, warms: 10m", "is negative"),
        (", cold: 5x, warms: 0s", "more than 0s"),
        (", cold: 5x, warms: soon", "is not a duration"),
        (", cold: 5x, warms: 1..5", "is not a duration"),
        (", cold: [5x], warms: 10m", "cold"),
    ] {
        let source = sim::scenario::SourceText::file("day.yaml", replaced(DAY, &[(keys, to)]));
        let text = match sim::scenario::load(&source, &[]) {
            Err(problems) => problems.render(false),
            Ok(_) => panic!("{to} is accepted"),
        };
        assert!(text.contains(said), "{to}:\n{text}");
    }
    let said = warnings(DAY, &[(keys, ", cold: 5x, warms: 2h")]);
    assert!(said.iter().any(|one| one.message.contains("longer than the run")), "{said:?}");
}

#[test]
fn explain_lists_what_varies_so_that_hinges_can_try_it() {
    let text = replaced(
        DAY,
        &[
            ("  tools:", "  reports: {desk: {share: 2%, after: 10m}}\n  tools:"),
            ("for: 10m}", "for: 10m, fades: 7m, noticed: {after: 3m, by: support}}"),
            ("faults:", "changes: {room: {takes: 1m, rolls: 9m, admits: 3/s, waits: 4m}}\nfaults:"),
        ],
    );
    let plan = crate::support::plan(&text, &[]);
    for (path, value) in [
        ("site.tiers.web.cold", "5x"),
        ("site.tiers.web.warms", "10m"),
        ("traffic.reports.desk.share", "2%"),
        ("traffic.reports.desk.after", "10m"),
        ("faults.0.fades", "7m"),
        ("faults.0.noticed.after", "3m"),
        ("changes.room.rolls", "9m"),
        ("changes.room.admits", "3/s"),
        ("changes.room.waits", "4m"),
    ] {
        let row = plan.inputs.iter().find(|row| row.path == path).expect(path);
        assert_eq!(row.value, value, "{path}");
    }
}
