//! One judgement, two arms: what the monitor says of a simulated day, and what it says of the
//! record of that day.

mod support;

use sim::decision::{Order, Output, PlayEvent};
use sim::gameday::{Gameday, Trial};
use sim::journal::{Entry, Event};
use sim::judge::{Acting, Judge, Recording, RecordingHeader, Subject};
use sim::names::IncidentId;
use sim::scenario::{self, Plan};
use sim::units::Time;
use support::{plan, shipped};

/// A run and its recording.
fn recorded(plan: &Plan) -> (Vec<Entry>, Vec<u8>) {
    let trial = Trial { seed: plan.seed, number: 0 };
    let header = scenario::header(plan, trial.number, trial.seed);
    let mut bytes = Vec::new();
    let first = RecordingHeader::of(&header, &plan.names);
    sim::judge::write_header(&mut bytes, &first).expect("memory");
    let mut gameday = Gameday::new(plan, &header, trial).recording();
    let mut entries = Vec::new();
    let mut write = |inputs: Vec<(Time, sim::decision::Input)>| {
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
            attempt.live_at,
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
            alert.alert,
            alert.scope_kind,
            alert.scope,
            alert.state,
            alert.tick,
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
        Event::Change { change, stage, incident, .. } if stage == "ordered" => {
            format!("order {change} {incident:?}")
        }
        Event::Incident { incident, state, .. } => format!("incident {incident} {state}"),
        Event::Play { incident: Some(incident), play: Some(play), step, text, .. }
            if step == "opened" =>
        {
            format!("play {incident} {play} {text}")
        }
        Event::Attempt(attempt) => format!(
            "attempt {} {} {:?} {:?} {:?}",
            attempt.incident, attempt.attempt, attempt.outcome, attempt.live_at, attempt.ended_at
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
        let (entries, bytes) = recorded(&plan);
        let day: Vec<String> = entries.iter().filter_map(told).collect();
        assert!(name == "quiet-day" || day.len() > 20, "{name}: {} lines", day.len());
        assert_eq!(judged(&plan, &bytes, None), day, "{name}");
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
        let (entries, bytes) = recorded(&plan);
        let day = alerts(entries.iter().filter_map(told).collect());
        assert_eq!(alerts(judged(&plan, &bytes, Some(Acting::ByPlan))), day, "{name}");
    }
}
