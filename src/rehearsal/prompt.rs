//! What the facilitator is shown: who is asked what, for how long, and how to answer.

use super::answer::{Answer, GoAheadAnswer};
use super::command::Command;
use super::find::people;
use super::room::Room;
use super::talk::Talk;
use crate::decision::{Question, Reply, UpcomingEvent};
use crate::gameday::{OpenAsk, OpenMessage, OwedMessage, tells};
use crate::scenario::Plan;
use crate::units::Time;

/// What somebody is asked, in words: `wyatt by email: page ops`.
pub fn asked(open: &OpenAsk, plan: &Plan) -> String {
    let names = &plan.names;
    let person = &names.people[open.ask.person.index()];
    let by = open.ask.channel.map(|channel| format!(" by {}", names.channels[channel.index()]));
    let what = match &open.ask.question {
        Question::Page { escalation } => format!("page {}", names.escalations[escalation.index()]),
        Question::Declare { .. } => "is this an incident?".to_string(),
        Question::Diagnose { .. } => "which change?".to_string(),
        Question::Decide { change: Some(change), .. } => {
            format!("go ahead with {}?", names.changes[change.index()])
        }
        Question::Decide { change: None, .. } => "go ahead?".to_string(),
        Question::Work { what, .. } => what.clone(),
    };
    format!("{person}{}: {what}", by.unwrap_or_default())
}

/// What to type when the answer comes.
pub fn how_to_answer(open: &OpenAsk, plan: &Plan) -> String {
    let names = &plan.names;
    let (person, channel) = (Some(open.ask.person), open.ask.channel);
    match &open.ask.question {
        Question::Page { .. } | Question::Work { .. } => {
            Command::Ack { person, channel, yes: true }.written(names)
        }
        Question::Declare { .. } => "declare yes|no".to_string(),
        Question::Diagnose { among, .. } => {
            let among = among.iter().map(|(change, _)| {
                let choose = Command::Choose { change: *change, person: None }.written(names);
                choose.trim_start_matches("choose ").to_string()
            });
            format!("choose {}", among.collect::<Vec<_>>().join("|"))
        }
        Question::Decide { .. } => {
            let said = Answer { person, channel, decision: GoAheadAnswer::Yes, wants: None };
            Command::Decide(said).written(names).replacen("yes", "yes|no|not yet", 1)
        }
    }
}

/// What somebody has to tell by the plan: `rachael tells decider: the rollback is under way`.
pub fn to_tell(owed: &OwedMessage, plan: &Plan) -> String {
    let from = &plan.names.people[owed.from.index()];
    tells(from, &owed.audience.name(&plan.names), &owed.text)
}

/// What to type once it is told.
pub fn how_to_tell(owed: &OwedMessage, plan: &Plan) -> String {
    let talk = Talk::Told { whom: owed.audience, by: Some(owed.from), text: None };
    Command::Talk(talk).written(&plan.names)
}

/// The status of everything, line by line.
///
/// What the plan does next, and what may be answered, is only for the controller.
pub fn status(room: &Room, for_controller: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let left = room.end().since(room.now());
    lines.push(format!("{} of the exercise, {left} left", room.clock(room.now())));
    for open in room.awaited() {
        let waited = room.now().since(open.asked_at).full_seconds();
        let (asked, how) = (asked(open, room.plan), how_to_answer(open, room.plan));
        let put_off = open.put_off.map(|(until, reply)| {
            let until = room.clock(until);
            match reply {
                Reply::NotYet(_) => format!("; said not yet, is asked again at {until}"),
                _ => format!("; said yes, if not better by {until}"),
            }
        });
        let how = if for_controller { format!("   ({how})") } else { String::new() };
        lines.push(format!("waiting {waited}: {asked}{}{how}", put_off.unwrap_or_default()));
    }
    lines.extend(room.open_messages().iter().map(|open| message(open, room, for_controller)));
    lines.extend(room.owed().iter().filter(|_| for_controller).map(|owed| {
        let waited = room.now().since(owed.at).full_seconds();
        let how = how_to_tell(owed, room.plan);
        format!("owed for {waited}: {}   ({how})", to_tell(owed, room.plan))
    }));
    if let Some((incident, play, responder)) = room.gameday.newest_open() {
        let names = &room.plan.names;
        let play = match play {
            Some(play) if for_controller => format!("{} is running", names.plays[play.index()]),
            Some(_) => "a play is running".to_string(),
            None => "no play is running; `do CHANGE`, `open PLAY`".to_string(),
        };
        let who = responder.map(|who| format!("; {} responds", room.person(who)));
        let number = incident.number();
        let by_hand = room.gameday.newest_by_hand().is_some_and(|(by_hand, _)| by_hand);
        let clear = if by_hand { "; `clear` gives the all clear" } else { "" };
        let who = who.unwrap_or_default();
        lines.push(format!("incident {number} is open: {play}{who}{clear}"));
    }
    for deploy in room.gameday.deploying() {
        let change = room.change(deploy.change);
        let since = room.clock(deploy.started_at);
        let end = match deploy.by_hand {
            true => "by hand, until `done`".to_string(),
            false => format!("until {} by its table time, or `done`", room.clock(deploy.due_at)),
        };
        lines.push(format!("{change} is being deployed since {since}, {end}"));
    }
    let in_effect = room.gameday.in_effect().iter().map(|change| room.change(*change));
    let in_effect: Vec<&str> = in_effect.collect();
    if !in_effect.is_empty() {
        lines.push(format!("in effect: {}", in_effect.join(", ")));
    }
    if let Some((at, what)) = next(room).filter(|_| for_controller) {
        lines.push(format!("next, in {}: {what}", at.since(room.now()).full_seconds()));
    }
    lines
}

/// A message that waits for somebody in the room: `message 1 for rachael by phone, …`.
fn message(open: &OpenMessage, room: &Room, for_controller: bool) -> String {
    let waited = room.now().since(open.at).full_seconds();
    let who = open.read_by.map_or_else(|| open.to.clone(), |reader| vec![reader]);
    let who = people(&who, &room.plan.names);
    let says = &open.message.says;
    let how = match for_controller {
        true => format!("   ({})", how_to_settle(open, room)),
        false => String::new(),
    };
    let number = open.number;
    match open.read_by {
        None => format!("message {number} for {who} has waited {waited}: {says}{how}"),
        Some(_) => format!("message {number}, read by {who}, open for {waited}: {says}{how}"),
    }
}

/// What to type when somebody deals with a message.
pub fn how_to_settle(open: &OpenMessage, room: &Room) -> String {
    let names = &room.plan.names;
    let ack = open.read_by.is_none().then(|| {
        let (person, channel) = (open.to.first().copied(), open.message.by);
        Command::Ack { person, channel, yes: true }.written(names)
    });
    let told = open.message.expect.map(|expect| {
        let talk = Talk::Told { whom: expect.audience, by: None, text: None };
        let until = open.due().map(|due| format!(" until {}", room.clock(due)));
        format!("{}{}", Command::Talk(talk).written(names), until.unwrap_or_default())
    });
    ack.into_iter().chain(told).collect::<Vec<_>>().join("; then ")
}

/// What comes next by itself, unless somebody is quicker, as far as the plan says.
pub fn next(room: &Room) -> Option<(Time, String)> {
    let names = &room.plan.names;
    let said = |coming: UpcomingEvent| match coming {
        UpcomingEvent::Asked(person, by) => {
            let by = by.map(|by| format!(" by {}", names.channels[by.index()]));
            format!("{} is asked{}", room.person(person), by.unwrap_or_default())
        }
        UpcomingEvent::NobodyLeft => "nobody is left to be asked".to_string(),
        UpcomingEvent::Again => "it is tried again".to_string(),
        UpcomingEvent::Agrees(person) => {
            format!("the yes from {} takes effect", room.person(person))
        }
        UpcomingEvent::Confirmed => "it is known whether the change has helped".to_string(),
    };
    let plays = room.gameday.upcoming().into_iter().map(|(at, coming)| (at, said(coming)));
    let deploys = room.gameday.deploying().into_iter().filter(|deploy| !deploy.by_hand);
    let deploys = deploys.map(|deploy| {
        (deploy.due_at, format!("{} is deployed by its table time", room.change(deploy.change)))
    });
    let messages = room.gameday.coming_messages().into_iter().map(|(at, message)| {
        let from = message.from.as_deref().unwrap_or("somebody");
        (at, format!("a message comes from {from} for {}", room.audience(message.to)))
    });
    plays
        .chain(deploys)
        .chain(messages)
        .filter(|(at, _)| *at > room.now())
        .min_by_key(|(at, _)| *at)
}
