//! One judgement, two arms: what the monitor says of a simulated day, and what it says of the
//! record of that day.

use crate::support;

use sim::decision::{Order, Output, PlayEvent};
use sim::gameday::{Gameday, Trial};
use sim::journal::{Entry, Event};
use sim::judge::{Acting, Judge, LogReadings, Recording, RecordingHeader, Subject};
use sim::logs::{Feed, LogReadOptions};
use sim::names::IncidentId;
use sim::scenario::{self, Plan};
use sim::units::Time;
use std::sync::Arc;
use support::{MadeOnce, plan, shipped};

/// A run of a shipped scenario as it is, and its recording.
fn recorded(name: &str) -> Arc<(Vec<Entry>, Vec<u8>)> {
    static RECORDED: MadeOnce<String, (Vec<Entry>, Vec<u8>)> = MadeOnce::new();
    RECORDED.get(name.to_string(), || record(&plan(&shipped(name), &[])))
}

/// A run and its recording.
fn record(plan: &Plan) -> (Vec<Entry>, Vec<u8>) {
    let trial = Trial { seed: plan.seed, number: 0 };
    let header = scenario::header(plan, trial.number, trial.seed);
    let mut bytes = Vec::new();
    let first = RecordingHeader::from_header(&header, &plan.names);
    sim::judge::write_header(&mut bytes, &first).expect("memory");
    let mut gameday = Gameday::new(plan, &header, trial).recording();
    let mut entries = Vec::new();
    let mut write = |inputs: Vec<(Time, sim::decision::MonitorInput)>| {
        for (at, input) in inputs {
            sim::judge::write_input(&mut bytes, at, &input).expect("memory");
        }
    };
    while gameday.step().is_some() {
        entries.append(&mut gameday.drain());
        write(gameday.drain_inputs());
    }
    let finished = gameday.finish();
    entries.extend(finished.entries);
    write(finished.inputs);
    (entries, bytes)
}

/// Everything that the judge says of a recording, as lines.
fn judged(plan: &Plan, bytes: &[u8], acting: Option<Acting>) -> Vec<String> {
    let mut recording = Recording::new(bytes).expect("a recording");
    let (subject, same) = Subject::of_recording(plan, &recording).expect("it fits");
    let own = if same { Acting::Recorded } else { Acting::ByPlan };
    let mut judge = Judge::new(&subject, acting.unwrap_or(own));
    judge.take_all(&mut recording, &subject.positions).expect("a whole recording");
    judge.outputs().iter().filter_map(|(at, output)| said(plan, *at, output)).collect()
}

fn number(incident: IncidentId) -> u32 {
    u32::from(incident.0) + 1
}

/// What the monitor said, in one line; what the journal tells in the same words.
fn said(plan: &Plan, at: Time, output: &Output) -> Option<String> {
    let names = &plan.names;
    let text = match output {
        Output::Alert(alert) => {
            let (kind, scope) = names.scope(alert.scope);
            format!(
                "alert {} {kind} {scope} {:?} {:?} {:?} {:?} {:?} {} {} {:?}",
                names.rules[alert.rule.index()],
                alert.state,
                alert.at,
                alert.value,
                alert.threshold,
                alert.bound_by,
                alert.n,
                alert.held,
                alert.incident.map(number)
            )
        }
        Output::Order(Order::Ask(ask)) => {
            let person = &names.people[ask.person.index()];
            format!("ask {} {person} {:?} {:?}", ask.id.0, ask.incident.map(number), ask.until)
        }
        Output::Order(Order::Tell(tell)) => {
            let to = tell.to.iter().map(|person| names.people[person.index()].as_str());
            format!("tell {}", to.collect::<Vec<_>>().join(" "))
        }
        Output::Order(Order::Start { change, incident, .. }) => {
            let change = &names.changes[change.index()];
            format!("order {change} {:?}", incident.map(number))
        }
        Output::Play(event) => play(plan, event)?,
    };
    Some(format!("{at:?} {text}"))
}

fn play(plan: &Plan, event: &PlayEvent) -> Option<String> {
    let names = &plan.names;
    Some(match event {
        PlayEvent::IncidentOpened { incident, .. } => {
            format!("incident {} opened", number(*incident))
        }
        PlayEvent::Reopened { incident, .. } => format!("incident {} reopened", number(*incident)),
        PlayEvent::RuleJoined { incident, .. } => format!("incident {} joined", number(*incident)),
        PlayEvent::Recovered { incident, .. } => {
            format!("incident {} recovered", number(*incident))
        }
        PlayEvent::Contained { incident } => format!("incident {} contained", number(*incident)),
        PlayEvent::PlayOpened { incident, play, cause } => {
            format!("play {} {} {cause}", number(*incident), names.plays[play.index()])
        }
        PlayEvent::AttemptEnded(attempt) => format!(
            "attempt {} {} {:?} {:?} {:?}",
            number(attempt.incident),
            attempt.number,
            attempt.outcome,
            attempt.reached.live_at,
            attempt.ended_at
        ),
        PlayEvent::Launch { text, .. } => format!("launch {text}"),
        PlayEvent::Freeze { text, .. } => format!("freeze {text}"),
        _ => return None,
    })
}

/// The same of the journal of the run.
fn told(entry: &Entry) -> Option<String> {
    let text = match &entry.event {
        Event::Alert(alert) => format!(
            "alert {} {} {} {:?} {:?} {:?} {:?} {:?} {} {} {:?}",
            alert.rule,
            alert.scope.kind,
            alert.scope.name,
            alert.state,
            alert.at,
            alert.value,
            alert.threshold,
            alert.bound_by,
            alert.n,
            alert.held,
            alert.incident
        ),
        Event::Ask { ask, person, incident, until, .. } => {
            format!("ask {ask} {person} {incident:?} {until:?}")
        }
        Event::Tell { to, .. } => format!("tell {}", to.join(" ")),
        Event::Change { change, stage, incident, .. }
            if *stage == sim::change::ChangeStage::Ordered =>
        {
            format!("order {change} {incident:?}")
        }
        Event::Incident { incident, state, .. } => format!("incident {incident} {state}"),
        Event::Play { incident: Some(incident), play: Some(play), step, text, .. }
            if *step == sim::journal::PlayStep::Opened =>
        {
            format!("play {incident} {play} {text}")
        }
        Event::Attempt(attempt) => format!(
            "attempt {} {} {:?} {:?} {:?}",
            attempt.incident,
            attempt.number,
            attempt.outcome,
            attempt.reached.live_at,
            attempt.ended_at
        ),
        Event::Launch { text, .. } => format!("launch {text}"),
        Event::Freeze { text } => format!("freeze {text}"),
        _ => return None,
    };
    Some(format!("{:?} {text}", entry.at))
}

const DAYS: [&str; 6] =
    ["proxy-outage", "latency-spike", "rollback-fails", "blind-monitor", "launch-day", "quiet-day"];

#[test]
fn a_recording_is_judged_as_the_day_itself_was() {
    for name in DAYS {
        let plan = plan(&shipped(name), &[]);
        let recorded = recorded(name);
        let (entries, bytes) = &*recorded;
        let day: Vec<String> = entries.iter().filter_map(told).collect();
        assert!(name == "quiet-day" || day.len() > 20, "{name}: {} lines", day.len());
        assert_eq!(judged(&plan, bytes, None), day, "{name}");
    }
}

/// Readings alone are enough for the rules: who answers what makes no difference to them.
#[test]
fn readings_alone_give_the_same_alerts() {
    let alerts = |lines: Vec<String>| -> Vec<String> {
        let alerts = lines.into_iter().filter(|line| line.contains(" alert "));
        // Which incident an alert belongs to depends on what was done about it.
        alerts.map(|line| line.rsplit_once(' ').expect("words").0.to_string()).collect()
    };
    for name in DAYS {
        let plan = plan(&shipped(name), &[]);
        let recorded = recorded(name);
        let (entries, bytes) = &*recorded;
        let day = alerts(entries.iter().filter_map(told).collect());
        assert_eq!(alerts(judged(&plan, bytes, Some(Acting::ByPlan))), day, "{name}");
    }
}

/// What the plan would have done waits for a pipeline that the scenario blocks, as the day does.
#[test]
fn a_blocked_pipeline_holds_back_what_the_plan_would_have_done() {
    let day = plan(&shipped("fix-waits"), &[]);
    let (_, bytes) = record(&day);
    let starts = |blocked: bool| {
        let mut recording = Recording::new(&bytes[..]).expect("a recording");
        let (mut subject, _) = Subject::of_recording(&day, &recording).expect("it fits");
        if !blocked {
            subject.blocked.clear();
        }
        let mut judge = Judge::new(&subject, Acting::ByPlan);
        judge.take_all(&mut recording, &subject.positions).expect("a whole recording");
        let mut outputs = judge.outputs().iter();
        outputs.find_map(|(_, output)| match output {
            Output::Play(PlayEvent::AttemptEnded(attempt)) => attempt.reached.deploying_at,
            _ => None,
        })
    };
    let minutes = |n: u64| Time::ZERO + sim::units::Span::from_secs(n * 60);
    // Blocked from 20m for 200m; the fix is ready long before.
    assert_eq!(starts(true), Some(minutes(220)));
    assert!(starts(false).expect("it would have started") < minutes(100));
}

/// The scopes that an access log knows.
fn in_a_log(line: &str) -> bool {
    let kind = line.split_whitespace().nth(3).unwrap_or_default();
    matches!(kind, "site" | "endpoint" | "browser")
}

#[test]
fn an_access_log_of_a_day_gives_the_alerts_of_that_day() {
    for name in ["proxy-outage", "latency-spike", "rollback-fails", "launch-day"] {
        let plan = plan(&shipped(name), &[]);
        let entries = &recorded(name).0;
        let end = Time::ZERO + plan.lasts;
        let alerts = entries.iter().filter(|entry| matches!(entry.event, Event::Alert(_)));
        let without_incident = |line: String| line.rsplit_once(' ').expect("words").0.to_string();
        let day: Vec<String> = alerts.filter_map(told).filter(|line| in_a_log(line)).collect();
        let day: Vec<String> = day.into_iter().map(without_incident).collect();
        assert!(day.len() > 2, "{name}: {day:?}");

        let log = access_log(&plan);
        let (subject, outputs) = judged_log(&plan, &log);
        let judged = outputs.iter().filter(|(at, output)| {
            // The last intervals of the day have no reading in the day itself.
            *at <= end && matches!(output, Output::Alert(_))
        });
        let judged: Vec<String> =
            judged.filter_map(|(at, output)| said(&plan, *at, output)).collect();
        let judged: Vec<String> = judged.into_iter().map(without_incident).collect();
        assert_eq!(judged, day, "{name}");
        let unjudged: Vec<&str> = subject
            .unjudged
            .iter()
            .map(|one| plan.names.rules[one.rule.index()].as_str())
            .collect();
        // Of the launch's own rules two are not filled in, and an access log does not see tiers.
        let open: &[&str] = &["Upstream", "SpikeInErrors", "Latency"];
        let expected = if name == "launch-day" { open } else { &open[..1] };
        assert_eq!(unjudged, expected, "{name}");
    }
}

/// The traffic of trial 0 as an access log.
fn access_log(plan: &Plan) -> Vec<u8> {
    let trial = Trial { seed: plan.seed, number: 0 };
    let header = scenario::header(plan, trial.number, trial.seed);
    let mapping = plan.logs.mapping(&plan.names);
    let mut writer = sim::logs::LogWriter::new(&mapping, &plan.names, &plan.calendar);
    let mut log = Vec::new();
    let mut gameday = Gameday::new(plan, &header, trial).without_readings().with_attempts();
    while gameday.step().is_some() {
        for attempt in gameday.drain_attempts() {
            writer.write(&mut log, &attempt).expect("memory");
        }
    }
    log
}

/// What the judge says of a log.
fn judged_log(plan: &Plan, log: &[u8]) -> (Subject, Vec<(Time, Output)>) {
    let mut feed = Feed::new(LogReadOptions::default());
    feed.push(log);
    feed.finish();
    let mut readings = LogReadings::new(plan, plan.logs.mapping(&plan.names));
    while feed.step(&mut |request| readings.count(request)) {}
    readings.complete(feed.newest());
    let subject = readings.subject().expect("requests");
    let mut judge = Judge::new(&subject, Acting::ByPlan);
    let mut known = Time::ZERO;
    while let Some(reading) = readings.next_reading() {
        known = reading.to + plan.telemetry.delay;
        judge.observe(known, &reading);
    }
    judge.finish(known);
    let outputs = judge.outputs().to_vec();
    (subject, outputs)
}

/// Rules with no share of the traffic of their own, on a log of another day than the scenario's.
#[test]
fn a_log_of_another_day_is_judged_with_everybody_on_duty() {
    let day = plan(&shipped("proxy-outage"), &[]);
    let log = access_log(&day);
    let other = plan(&shipped("proxy-outage"), &[("starts", "2018-10-20T03:00 America/New_York")]);
    let (subject, outputs) = judged_log(&other, &log);
    assert!(subject.notes.iter().any(|note| note.contains("on duty")), "{:?}", subject.notes);
    assert_eq!(subject.calendar.rfc3339(Time::ZERO), "2018-11-07T17:00:00-05:00");
    let live = outputs.iter().any(|(_, output)| match output {
        Output::Play(PlayEvent::AttemptEnded(attempt)) => attempt.reached.live_at.is_some(),
        _ => false,
    });
    assert!(live, "the plan would have acted");
}

#[test]
fn what_is_not_a_whole_recording_is_refused_or_judged_as_far_as_it_goes() {
    let text = shipped("proxy-outage");
    let plan = plan(&text, &[("lasts", "20m")]);
    let (_, bytes) = record(&plan);
    let text = String::from_utf8(bytes.clone()).expect("text");
    let lines: Vec<&str> = text.lines().collect();
    let problem = |text: &str| match Recording::new(text.as_bytes()) {
        Err(error) => error.to_string(),
        Ok(mut recording) => match Subject::of_recording(&plan, &recording) {
            Err(error) => error.to_string(),
            Ok((subject, same)) => {
                let acting = if same { Acting::Recorded } else { Acting::ByPlan };
                let mut judge = Judge::new(&subject, acting);
                let error = judge.take_all(&mut recording, &subject.positions);
                error.map_or_else(|error| error.to_string(), |()| "fine".to_string())
            }
        },
    };
    let join = |lines: &[&str]| lines.join("\n") + "\n";
    let with = |line: &str| join(&[&lines[..3], &[line][..]].concat());
    assert_eq!(problem(&text), "fine");
    assert_eq!(problem(""), "the recording is empty");
    assert_eq!(problem("{\"journal\":2}\n"), "this is not a recording");
    let other = text.replacen("\"recording\":1", "\"recording\":9", 1);
    assert_eq!(problem(&other), "the recording has format 9, this program reads format 1");
    let half = &text[..text.len() / 2];
    assert!(problem(half).starts_with("the recording is cut off in line"), "{}", problem(half));
    let slower = text.replacen("\"every\":10000000000", "\"every\":30000000000", 1);
    assert_eq!(problem(&slower), "its readings come every 30s, the scenario's every 10s");
    let never = text.replacen("\"every\":10000000000", "\"every\":0", 1);
    assert!(problem(&never).contains("`every` is zero"));
    let starts = text.replacen("2018-11-07T17", "2018-31-07T17", 1);
    assert!(problem(&starts).contains("`starts` is not a date and time"));
    for (line, says) in [
        ("junk", "expected value"),
        ("{\"at\":99999999999}", "it must say one thing"),
        ("{\"at\":99999999999,\"wake\":true,\"end\":true}", "it must say one thing"),
        ("{\"at\":0,\"wake\":true}", "its time is before that of the line above"),
        (
            "{\"at\":99999999999,\"change\":[60000,\"deploy\"]}",
            "a change, a person or a play that the scenario does not",
        ),
        ("{\"at\":99999999999,\"reading\":{\"from\":0,\"to\":5}}", "its interval is not as long"),
        (
            "{\"at\":99999999999,\"reading\":{\"from\":80000000000,\"to\":90000000000,\
             \"scopes\":[]}}",
            "it does not have one entry for each scope",
        ),
        (
            "{\"at\":85000000000,\"reading\":{\"from\":80000000000,\"to\":90000000000}}",
            "a reading is known before its interval is over",
        ),
    ] {
        let problem = problem(&with(line));
        assert!(problem.starts_with("line 4 of the recording is corrupt"), "{line}: {problem}");
        assert!(problem.contains(says), "{line}: {problem}");
    }
    let spoilt = lines[2].replacen("[[", "[[7,7],[7,7],[", 1);
    assert!(problem(&with(&spoilt)).contains("line 4"), "{}", problem(&with(&spoilt)));
}
