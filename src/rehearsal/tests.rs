//! Words typed in a hurry, scripts, records, and rooms played again.

mod improvising;
mod names;

use super::*;
use crate::decision::AlertState;
use crate::gameday::Trial;
use crate::journal::{Entry, Event};
use crate::names::PersonId;
use crate::scenario::{self, Plan, SourceText};
use crate::units::{Span, Time};

/// Half of the proxies fail after five minutes; wyatt responds, chris decides.
const DAY: &str = "\
scenario: A small day
starts: 2018-11-07T17:00 America/New_York
lasts: 30m
seed: 7
traffic:
  visits: [{at: 0m, rate: 2/s}]
  mix: {browser: {chrome: 60%, ie11: 40%}}
  tools: {browse: {requests: 3, think: 10s, use: {page: 100%}}}
site:
  tiers:
    proxy: {instances: 2, threads: 50, takes: 5ms}
    web: {instances: 2, threads: 50, takes: 20ms}
  endpoints: {page: proxy > web}
faults:
  - {at: 5m, outage: proxy, share: 50%, until: [proxy-update, proxy-rebuild]}
  - {at: 25m, unreachable: james, for: 1m}
telemetry: {every: 10s, delay: 10s}
baseline: {error_rate: 0.1%}
rules:
  - {alert: Errors, expr: error_rate > 5%, for: 30s, severity: SEV-1}
people:
  chris: {role: decider}
  wyatt: {role: ops}
  james: {role: ops}
channels:
  slack: {answers: 70%, after: 30s..2m}
  phone: {answers: 85%, after: ~1m}
escalation:
  ops: {try: [wyatt, james], by: [slack, phone], each: 2m, rounds: 2}
changes:
  proxy-update: {takes: 3m}
  proxy-rebuild: {takes: 6m, fails: 10%}
plays:
  rollback:
    when: [Errors]
    steps:
      - page ops
      - declare 1m..2m
      - {triage: 1m..3m, among: {proxy-update: 60%, proxy-rebuild: 40%}}
      - {ask: decider, by: [slack, phone], within: 4m}
      - {tell: chris, note: \"{{change}} at {{at}}\"}
      - change chosen
    verify: 4m
";

fn stage(seats: &str) -> RehearsalSetup {
    stage_of(DAY, |plan| super::seats(seats, &plan.names).expect("they are in the scenario"))
}

fn stage_of(day: &str, seats: impl Fn(&Plan) -> Vec<PersonId>) -> RehearsalSetup {
    let source = SourceText::file("day.yaml", day);
    let plan = match scenario::load(&source, &[]) {
        Ok(loaded) => loaded.plan,
        Err(problems) => panic!("{}", problems.render(false)),
    };
    let (trial, seats) = (Trial { seed: plan.seed, number: 0 }, seats(&plan));
    RehearsalSetup::new((source, Vec::new(), plan), trial, seats, None, String::new())
}

fn at(seconds: u64) -> Time {
    Time::ZERO + Span::from_secs(seconds)
}

fn input(seconds: u64, text: &str) -> TypedCommand {
    TypedCommand { at: at(seconds), text: text.into() }
}

/// All entries of a day with these inputs, and the story.
fn played(stage: &RehearsalSetup, inputs: &[TypedCommand]) -> Vec<Entry> {
    let (plan, header) = stage.set(inputs).expect("inputs that make sense");
    let mut room = stage.replay(&plan, &header, inputs).expect("inputs that make sense");
    room.run_to(room.end());
    let mut entries = room.drain();
    entries.extend(room.finish().entries);
    entries
}

fn answers(entries: &[Entry]) -> Vec<(u64, String, String, String)> {
    let answers = entries.iter().filter_map(|entry| match &entry.event {
        Event::Answer { person, reply, evidence, .. } => {
            let seconds = entry.at.seconds() as u64;
            Some((seconds, person.clone(), reply.clone(), evidence.to_string()))
        }
        _ => None,
    });
    answers.collect()
}

fn response() -> Vec<TypedCommand> {
    vec![
        input(420, "ack wyatt slack"),
        input(480, "declare yes wyatt"),
        input(600, "choose proxy-update wyatt"),
        input(660, "decide yes chris slack"),
    ]
}

#[test]
fn people_answer_in_their_own_time() {
    let entries = played(&stage("wyatt, chris"), &response());
    let expected = [
        (420, "wyatt", "yes"),
        (480, "wyatt", "yes"),
        (600, "wyatt", "proxy-update"),
        (660, "chris", "yes"),
    ]
    .map(|(at, who, reply)| (at, who.to_string(), reply.to_string(), "measured".to_string()));
    assert_eq!(answers(&entries), expected);
    let attempt = entries.iter().find_map(|entry| match &entry.event {
        Event::Attempt(attempt) => Some(attempt.as_ref().clone()),
        _ => None,
    });
    let attempt = attempt.expect("an attempt");
    let moments =
        [attempt.reached.acknowledged_at, attempt.reached.declared_at, attempt.reached.chosen_at];
    assert_eq!(moments, [420, 480, 600].map(|s| Some(at(s))));
    assert_eq!(
        (attempt.reached.decided_at, attempt.reached.deployed_at),
        (Some(at(660)), Some(at(840)))
    );
    assert_eq!(attempt.responder.as_deref(), Some("wyatt"));
    let told = entries.iter().find_map(|entry| match &entry.event {
        Event::Tell { text, .. } => Some(text.clone()),
        _ => None,
    });
    assert_eq!(told, None, "who has a seat tells for himself");
}

#[test]
fn nobody_in_the_room_is_the_simulation() {
    let stage = stage("");
    let entries = played(&stage, &[]);
    let plan = stage.written();
    let header = scenario::header(plan, 0, plan.seed);
    let mut gameday = crate::gameday::Gameday::new(plan, &header, Trial { seed: 7, number: 0 });
    while gameday.step().is_some() {}
    let mut simulated = gameday.finish().entries;
    for entry in &mut simulated {
        if let Event::Tell { text, .. } = &mut entry.event {
            text.insert_str(0, "EXERCISE: ");
        }
    }
    assert!(entries == simulated, "an empty room changes what happens");
    assert!(answers(&entries).iter().all(|answer| answer.3 == "simulated"));
}

#[test]
fn a_seat_shifts_nobody_elses_luck() {
    let simulated = played(&stage(""), &[]);
    let alone = played(&stage("james"), &[]);
    let of_wyatt = |entries: &[Entry]| -> Vec<_> {
        answers(entries).into_iter().filter(|answer| answer.1 == "wyatt").collect()
    };
    assert_eq!(of_wyatt(&simulated), of_wyatt(&alone));
}

#[test]
fn a_change_by_hand_ends_when_it_is_done() {
    let stage = stage("wyatt, chris");
    let mut inputs = response();
    inputs.extend([input(700, "start proxy-update"), input(1000, "done proxy-update")]);
    let deployed = |inputs: &[TypedCommand]| {
        played(&stage, inputs).iter().find_map(|entry| match &entry.event {
            Event::Change { stage, .. } if matches!(stage.word(), "deployed" | "failed") => {
                Some((entry.at, stage.to_string()))
            }
            _ => None,
        })
    };
    assert_eq!(deployed(&inputs), Some((at(1000), "deployed".to_string())));
    inputs[5].text = "failed".into();
    assert_eq!(deployed(&inputs), Some((at(1000), "failed".to_string())));
    inputs.truncate(4);
    inputs.push(input(700, "done"));
    assert_eq!(deployed(&inputs), Some((at(700), "deployed".to_string())));
}

#[test]
fn a_fault_is_brought_forward_or_written() {
    let stage = stage("");
    let begins = |inputs: &[TypedCommand]| -> Vec<(u64, String)> {
        let entries = played(&stage, inputs);
        let faults = entries.iter().filter_map(|entry| match &entry.event {
            Event::Fault { fault, begins: true, .. } => {
                Some((entry.at.seconds() as u64, fault.clone()))
            }
            _ => None,
        });
        faults.collect()
    };
    let names: Vec<&String> = stage.written().names.faults.iter().collect();
    let brought = begins(&[input(60, &format!("inject {}", names[0]))]);
    assert_eq!(brought[0], (60, names[0].clone()));
    let written = begins(&[input(90, "inject slow: web, by: 8s, for: 1m")]);
    assert_eq!(written[0].0, 90);
    assert_eq!(written.len(), 3);

    let wrong = stage.set(&[input(90, "inject slow: wbe, by: 8s")]);
    let wrong = wrong.map(drop).expect_err("no such tier");
    assert!(wrong.contains("wbe") && wrong.contains("`web`"), "{wrong}");
}

#[test]
fn what_was_before_an_injection_stays_as_it_was() {
    let stage = stage("wyatt, chris");
    let before = |inputs: &[TypedCommand]| -> Vec<Entry> {
        played(&stage, inputs).into_iter().filter(|entry| entry.at < at(900)).collect()
    };
    let mut inputs = response();
    let without = before(&inputs);
    inputs.push(input(900, "inject slow: web, by: 8s, for: 1m"));
    assert!(without == before(&inputs), "an injection changes the past");
}

#[test]
fn what_makes_no_sense_is_refused_and_says_what_would() {
    let stage = stage("wyatt, chris");
    let (plan, header) = stage.set(&[]).expect("the scenario");
    let mut room = stage.replay(&plan, &header, &[]).expect("nothing to repeat");
    room.run_to(at(200));
    let refused = |room: &Room, line: &str| match Command::parse(line, &plan.names) {
        Ok(command) => room.prepare(&command).map(drop).expect_err(line),
        Err(error) => error,
    };
    for (line, part) in [
        ("ack", "nobody in the room is paged now"),
        ("ack wyatt", "wyatt is not paged now"),
        ("ack james", "james is simulated"),
        ("ack nobody", "`nobody` is not a known name"),
        ("ack wyatt chris", "unexpected"),
        ("declare", "say `declare yes` or `declare no`"),
        ("choose", "say which change"),
        ("choose proxy", "could be proxy-update or proxy-rebuild"),
        ("decide yes", "asked to decide now"),
        ("done", "nothing is being deployed"),
        ("note", "say what to note"),
        ("inject", "say which fault"),
        ("inject earthquake", "there is no fault `earthquake`"),
        ("skip", "say how far: `skip 10m`"),
        ("skip -5m", "not a duration"),
        ("speed 0", "not a speed"),
        ("speed fast", "not a speed"),
        ("pause now", "takes no arguments"),
        ("dclare yes", "did you mean `declare`?"),
        ("d yes", "could be declare or decide or done or do or discuss"),
        ("ack wyatt email", "`email` is not a known name"),
        ("rm -rf", "`help` lists them all"),
        ("", "no command"),
    ] {
        let error = refused(&room, line);
        assert!(error.contains(part), "{line}: {error}");
    }
    room.run_to(at(420));
    let by = refused(&room, "ack wyatt phone");
    assert!(by.contains("wyatt was paged by slack at 17:0"), "{by}");
    room.replay(&input(420, "ack wyatt")).expect("wyatt is asked");
    let twice = refused(&room, "ack wyatt slack");
    assert!(
        twice.contains("the last answer of wyatt was `yes` to `page ops` at 17:07:00"),
        "{twice}"
    );
    room.replay(&input(430, "declare yes")).expect("wyatt is asked");
    assert!(refused(&room, "declare no").contains("nobody in the room is asked whether"));
}

#[test]
fn a_script_says_when() {
    let calendar = stage("").written().calendar.clone();
    let read = |text: &str| script(text, &calendar);
    let cues =
        read("# comment\n\n5m ack wyatt\n17:06:30 declare yes\n+30s note a b\n").expect("fine");
    let cues: Vec<_> = cues.iter().map(|cue| (cue.line, cue.at, cue.text.as_str())).collect();
    let expected = [(3, 300, "ack wyatt"), (4, 390, "declare yes"), (5, 420, "note a b")];
    assert_eq!(cues, expected.map(|(line, seconds, text)| (line, at(seconds), text)));
    for (text, part) in [
        ("5m", "line 1: no command is given at `5m`"),
        ("soon ack wyatt", "line 1: `soon` is not a time"),
        ("5m note a\n4m note b", "line 2: `4m` is before the line above it"),
        ("25:00 note a", "line 1: `25:00` is not a time"),
        ("-5m note a", "line 1: `-5m` is not a time"),
        ("99999999999999999d note", "line 1:"),
    ] {
        let error = read(text).expect_err(text);
        assert!(error.starts_with(part), "{text}: {error}");
    }
}

#[test]
fn a_record_is_read_back_and_broken_ones_say_where() {
    let opening = Opening {
        room: VERSION,
        program: "0.1.0".into(),
        run_id: "1".into(),
        scenario_hash: "2".into(),
        scenario: "A small day".into(),
        seed: 7,
        trial: 0,
        started: "2026-01-01T10:00:00Z".into(),
        seats: vec!["wyatt".into()],
        sets: vec![],
        shown: DisplaySettings::default(),
    };
    let entered = |text: &str, cue| RecordedEvent::Input { text: text.into(), cue };
    let line = |seconds, what| RecordLine { at: at(seconds), clock: "17:00:00".into(), what };
    let lines = [
        line(10, entered("note a", None)),
        line(20, entered("skip 10m", Some(3))),
        line(620, entered("note b", None)),
        line(
            630,
            RecordedEvent::Refused { text: "ack".into(), why: "nobody".into(), cue: Some(4) },
        ),
        line(640, RecordedEvent::Undo { cue: None }),
        line(20, RecordedEvent::Undo { cue: None }),
        line(25, RecordedEvent::Reached {}),
    ];
    let mut text = serde_json::to_string(&opening).expect("plain") + "\n";
    for line in &lines {
        text += &(serde_json::to_string(line).expect("plain") + "\n");
    }
    let record = RehearsalRecord::read(text.as_bytes()).expect("it was written so");
    assert_eq!(record.inputs, [input(10, "note a")]);
    assert_eq!((record.reached, record.cue, record.over), (at(25), 4, false));
    assert_eq!((&record.opening, record.whole), (&opening, text.len() as u64));

    let cut = &text[..text.len() - 5];
    let record = RehearsalRecord::read(cut.as_bytes())
        .expect("a line that was being written does not count");
    assert_eq!((record.reached, cut.len() as u64 > record.whole), (at(20), true));

    let corrupt =
        |text: &str| RehearsalRecord::read(text.as_bytes()).expect_err("corrupt").to_string();
    assert_eq!(corrupt(""), "the record is empty");
    let other = text.replacen("\"room\":1", "\"room\":9", 1);
    assert!(corrupt(&other).contains("format 9"));
    let junk = text.replacen("\"note a\"", "note a", 1);
    assert!(corrupt(&junk).starts_with("line 2 of the record is corrupt"), "{}", corrupt(&junk));
    let backwards = text.replacen("620000000000", "1", 1);
    assert!(corrupt(&backwards).contains("back in time"), "{}", corrupt(&backwards));
}

#[test]
fn taking_back_leaves_the_clock_alone() {
    let inputs = [input(1, "note a"), input(2, "pause"), input(2, "resume"), input(3, "speed 4x")];
    let (left, taken) = without_last(&inputs).expect("a note");
    assert_eq!((left.len(), taken.text.as_str()), (0, "note a"));
    assert!(without_last(&inputs[1..]).is_none());
}

#[test]
fn the_status_says_who_is_asked_and_for_how_long() {
    let stage = stage("wyatt, chris");
    let inputs = response();
    let (plan, header) = stage.set(&inputs).expect("fine");
    let mut room = stage.replay(&plan, &header, &inputs[..0]).expect("fine");
    room.run_to(at(400));
    let fired = room.drain().into_iter().find_map(|entry| match entry.event {
        Event::Alert(alert) if alert.state == AlertState::Firing => Some(entry.at),
        _ => None,
    });
    let waited = Span(at(400).since(fired.expect("it fires")).0);
    let lines = status(&room, true);
    assert_eq!(lines[0], "17:06:40 of the exercise, 23m 20s left");
    let expected = format!("waiting {waited}: wyatt by slack: page ops   (ack wyatt slack)");
    assert_eq!(lines[1], expected);
    assert_eq!(lines[2], "incident 1 is open: rollback is running");
    let next = lines.last().expect("something comes next");
    assert!(next.starts_with("next, in ") && next.contains("wyatt is asked by phone"), "{next}");
    let hidden = status(&room, false).join("\n");
    assert!(!hidden.contains("rollback") && !hidden.contains("(ack"), "{hidden}");
}
