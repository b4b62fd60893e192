//! Rules that send requests of their own, and plays that wait for them behind a maintenance page.

use crate::support::{Run, plan, play, replaced, run, warnings};
use sim::change::ChangeStage;
use sim::decision::AlertState;
use sim::journal::Event;
use sim::units::{Span, Time};

/// A page goes up, the repair is made behind it, and it comes down once the probes get through.
const PAGE: &str = "\
scenario: A page, a repair, and a look behind it
starts: 2018-11-07T17:00 America/New_York
lasts: 3h
traffic:
  visits: [{at: 0m, rate: 1/s}]
  tools: {browse: {requests: 3, think: 5s, use: {page: 100%}}}
site:
  tiers:
    web: {instances: 2, threads: 64, takes: 20ms}
    content: {instances: 2, threads: 64, takes: 50ms}
  endpoints: {page: web > content}
telemetry: {every: 30s, delay: 30s}
baseline: {error_rate: 0.1%}
faults:
  - {name: content broken, at: 20m, failing: content, errors: 95%, until: [repair]}
rules:
  - {alert: Errors, expr: error_rate > 20%, for: 2m, severity: SEV-1}
  - {alert: Behind, expr: error_rate > 20%, where: {endpoint: page}, probe: 30s, window: 5m,
     for: 5m}
people: {ann: {role: ops}}
channels: {phone: {answers: 100%, after: 1m}}
escalation: {ops: {try: [ops], by: [phone]}}
changes:
  page-on: {takes: 3m, serves: 503}
  repair: {takes: 20m}
  page-off: {takes: 1m, ends: [page-on]}
plays:
  P:
    when: [Errors]
    steps: [page ops, declare 1m, change page-on, change repair, confirm 20m, change page-off]
    confirm: 10m
";

/// The line of the rule that probes.
const BEHIND: &str = "  - {alert: Behind, expr: error_rate > 20%, where: {endpoint: page}, \
                      probe: 30s, window: 5m,\n     for: 5m}\n";

fn minutes(n: u64) -> Time {
    Time::ZERO + Span::from_secs(60 * n)
}

/// When a change came to this stage, if it did.
fn stage(day: &Run, change: &str, wanted: ChangeStage) -> Option<Time> {
    day.entries.iter().find_map(|entry| match &entry.event {
        Event::Change { change: of, stage, .. } if of == change && *stage == wanted => {
            Some(entry.at)
        }
        _ => None,
    })
}

/// When a rule came to this state, in order.
fn moved(day: &Run, rule: &str, wanted: AlertState) -> Vec<Time> {
    let moves = day.entries.iter().filter_map(|entry| match &entry.event {
        Event::Alert(alert) if alert.rule == rule && alert.state == wanted => Some(entry.at),
        _ => None,
    });
    moves.collect()
}

/// What visitors met, reading by reading.
fn readings(day: &Run) -> Vec<String> {
    let readings = day.entries.iter().filter(|entry| matches!(entry.event, Event::Reading { .. }));
    readings.map(|entry| format!("{entry:?}")).collect()
}

#[test]
fn the_page_comes_down_once_the_probes_get_through() {
    let day = play(&plan(PAGE, &[]), 0);
    let repaired = stage(&day, "repair", ChangeStage::Live).expect("it is repaired");
    let down = stage(&day, "page-off", ChangeStage::Ordered).expect("the page comes down");
    let resolved = moved(&day, "Behind", AlertState::Resolved);
    // The window must hold fewer than 20 % from before the repair, and that for a minute.
    assert_eq!(resolved, [down]);
    let waited = down.since(repaired);
    assert!(Span::from_secs(240) <= waited && waited <= Span::from_secs(420), "{waited}");
    // Visitors come again only after that, and all is clear after that.
    let errors = moved(&day, "Errors", AlertState::Resolved);
    assert!(errors[0] > stage(&day, "page-off", ChangeStage::Live).expect("it is down"));
    let outcomes: Vec<String> =
        day.attempts().iter().map(|attempt| format!("{:?}", attempt.outcome)).collect();
    assert_eq!(outcomes, ["Contained", "Live", "Recovered"]);
}

#[test]
fn the_page_stays_where_the_repair_does_not_help() {
    let wrong = replaced(
        PAGE,
        &[("until: [repair]", "until: [rebuild]"), ("page-off:", "rebuild: 5m\n  page-off:")],
    );
    let day = play(&plan(&wrong, &[]), 0);
    let repaired = stage(&day, "repair", ChangeStage::Live).expect("it is made");
    assert_eq!(stage(&day, "page-off", ChangeStage::Ordered), None);
    assert!(moved(&day, "Behind", AlertState::Resolved).is_empty());
    let failed = day.attempts().into_iter().find(|attempt| attempt.ended_at > repaired);
    let failed = failed.expect("an attempt ends");
    assert_eq!(format!("{:?}", failed.outcome), "NotVerified");
    assert_eq!(failed.ended_at, repaired + Span::from_secs(1_200));
}

#[test]
fn all_is_not_clear_while_a_page_stands_that_is_to_come_down() {
    // The probing rule alone opens the play: it resolves behind the page, which still comes down.
    let alone = replaced(PAGE, &[("when: [Errors]", "when: [Behind]"), ("for: 2m", "for: 2h")]);
    let day = play(&plan(&alone, &[]), 0);
    let off = stage(&day, "page-off", ChangeStage::Live).expect("the page comes down");
    assert!(moved(&day, "Behind", AlertState::Resolved)[0] < off);
    let last = day.attempts().into_iter().last().expect("an attempt");
    assert_eq!(format!("{:?}", last.outcome), "Recovered");
    assert!(last.ended_at >= off, "{:?} {off:?}", last.ended_at);
}

#[test]
fn visitors_do_not_notice_that_somebody_probes() {
    let (with, without) = (run(PAGE, &[]), run(&replaced(PAGE, &[(BEHIND, "")]), &[]));
    let until = |day: &Run| {
        let rows = readings(day);
        rows[..40].to_vec()
    };
    assert_eq!(until(&with), until(&without), "in the same readings up to the page");
    let quiet = replaced(PAGE, &[("at: 20m", "at: 170m")]);
    let (with, without) = (run(&quiet, &[]), run(&replaced(&quiet, &[(BEHIND, "")]), &[]));
    let totals = |day: &Run| {
        let site = day.story.totals().expect("a whole day").site;
        (site.visits, site.requests.generated, site.requests.ok, site.requests.failed, site.lost)
    };
    assert_eq!(totals(&with), totals(&without), "nobody is counted who is not there");
}

#[test]
fn a_probe_goes_past_a_waiting_room_and_counts_its_own() {
    // Four visits an hour come in; forty probes fail in the twenty minutes.
    let room = replaced(
        PAGE,
        &[
            ("repair: {takes: 20m}", "repair: {takes: 20m}\n  room: {takes: 1s, admits: 4/h}"),
            ("plays:", "launch: [{at: 1m, change: room}]\nplays:"),
            ("until: [repair]", "for: 20m, until: [repair]"),
        ],
    );
    let day = run(&room, &[]);
    assert_eq!(day.fired().iter().map(|(rule, _)| *rule).collect::<Vec<_>>(), ["Behind"]);
    // Errors last from minute 20; a fifth of a window of ten probes is bad with the third of them.
    let fired = moved(&day, "Behind", AlertState::Firing)[0];
    assert!(minutes(25) <= fired && fired <= minutes(28), "{fired:?}");
    let ticks = &day.story.totals().expect("a whole day").rules;
    let of = |rule: &str| ticks.iter().find(|ticks| ticks.rule == rule).expect("it is watched");
    assert!(of("Behind").judged > 350, "{}", of("Behind").judged);
    assert!(of("Errors").judged < 10, "{}", of("Errors").judged);
}

#[test]
fn a_tier_is_probed_where_it_stands() {
    let tier = |name: &str| {
        let of = format!("where: {{tier: {name}}}");
        let text = replaced(
            PAGE,
            &[("where: {endpoint: page}", of.as_str()), ("failing: content", "failing: web")],
        );
        !moved(&run(&text, &[]), "Behind", AlertState::Firing).is_empty()
    };
    assert!(tier("web"), "what fails is what is probed");
    assert!(!tier("content"), "the tier behind it is sound");
}

#[test]
fn what_hides_a_rule_hides_its_probes() {
    let hidden = |fault: &str| {
        let with = format!("faults:\n  - {{at: 1m, {fault}, for: 170m}}\n");
        run(&replaced(PAGE, &[("faults:\n", &with)]), &[])
    };
    let whole = hidden("blind: Behind");
    assert!(moved(&whole, "Behind", AlertState::Firing).is_empty());
    assert_eq!(moved(&whole, "Behind", AlertState::NoData).len(), 1);
    let half = hidden("blind: Behind, share: 50%");
    assert!(!moved(&half, "Behind", AlertState::Firing).is_empty());
}

#[test]
fn what_cannot_be_probed_is_said() {
    let refused = |changes: &[(&str, &str)]| {
        let source = sim::scenario::SourceText::file("day.yaml", replaced(PAGE, changes));
        match sim::scenario::load(&source, &[]) {
            Err(problems) => problems.render(false),
            Ok(_) => panic!("{changes:?} is accepted"),
        }
    };
    let of = "where: {endpoint: page}, probe: 30s";
    let expr = "{alert: Behind, expr: error_rate > 20%";
    for (from, to, said) in [
        (of, "where: {endpoint: page}, probe: 100ms", "a probe every 100ms is a load of its own"),
        (of, "where: {endpoint: page}, probe: 0s", "write 1s or more"),
        (of, "where: {endpoint: page}, probe: 10m", "can miss the window of 5m"),
        (of, "where: {endpoint: page}, probe: often", "is not a duration"),
        (of, "where: {endpoint: page}, probe: -5s", "is negative"),
        (of, "where: {browser: ie11}, probe: 30s", "unknown browser"),
        (of, "where: {tool: browse}, probe: 30s", "none can be sent as `browse`"),
        (of, "by: tool, probe: 30s", "it has no browser, login, account or tool"),
        (of, "where: {endpoint: pagee}, probe: 30s", "unknown endpoint"),
        (expr, "{alert: Behind, expr: requests < 1/m", "cannot show how many requests there are"),
        (expr, "{alert: Behind, expr: given_up > 5%", "what nobody answers has failed"),
        ("confirm 20m", "confirm 0s", "more than 0s"),
        ("confirm 20m", "confirm", "confirm"),
        (
            "declare 1m, change page-on, change repair, confirm 20m",
            "confirm 5m, change page-on",
            "nothing was changed before this step",
        ),
    ] {
        let text = refused(&[(from, to)]);
        assert!(text.contains(said), "{to}:\n{text}");
    }
    let text = refused(&[
        ("takes: 50ms}", "takes: 50ms, queue: durable}"),
        ("where: {endpoint: page}", "where: {tier: content}"),
    ]);
    assert!(text.contains("its queue is durable"), "{text}");
}

#[test]
fn what_a_probe_cannot_see_or_do_is_a_warning() {
    let said = |changes: &[(&str, &str)]| {
        let warnings = warnings(PAGE, changes);
        warnings.iter().map(|warning| warning.message.clone()).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(said(&[]), "");
    let text = said(&[(BEHIND, "")]);
    assert!(text.contains("no rule has a `probe`"), "{text}");
    let text = said(&[("confirm 20m", "confirm 3m")]);
    assert!(text.contains("3m to confirm is too short"), "{text}");
    let text = said(&[("window: 5m,\n", "window: 5m, min_requests: 11,\n")]);
    assert!(text.contains("a probe every 30s makes 10"), "{text}");
    let text = said(&[("> 20%, where", "> 100%, where")]);
    assert!(text.contains("can never fire"), "{text}");
    let text = said(&[
        ("    content: {", "    other: {threads: 1, takes: 1ms}\n    content: {"),
        ("where: {endpoint: page}", "where: {tier: other}"),
    ]);
    assert!(text.contains("no endpoint leads through it"), "{text}");
}

#[test]
fn pages_and_tables_say_how_it_is_seen() {
    let folder = tempfile::TempDir::new().expect("a folder");
    std::fs::write(folder.path().join("day.yaml"), PAGE).expect("it can be written");
    let sim = |arguments: &[&str]| {
        let mut sim = assert_cmd::Command::cargo_bin("sim").expect("it is built");
        let output = sim.current_dir(folder.path()).args(arguments).output().expect("it runs");
        String::from_utf8_lossy(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let told = sim(&["explain", "day.yaml"]);
    for part in [
        "Sends a probe every 30s, and fires when more than 20% of the requests of endpoint page",
        "wait until every rule has resolved, 20m at most; behind a page, those that send probes",
    ] {
        assert!(told.contains(part), "{part}:\n{told}");
    }
    sim(&["run", "day.yaml", "--trials", "1", "-o", "out"]);
    let read = |file: &str| {
        std::fs::read_to_string(folder.path().join("out").join(file)).expect("it is written")
    };
    for file in ["rules.csv", "outbrief.html"] {
        assert!(read(file).contains("seen by a probe every 30s"), "{file}");
    }
}
