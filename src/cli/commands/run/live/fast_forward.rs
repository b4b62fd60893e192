//! How far the clock runs ahead when nobody has anything to do.

use crate::gameday::OpenAsk;
use crate::journal::{Entry, Event, IncidentState, PlayStep};
use crate::names::PersonId;
use crate::rehearsal::{Command, RehearsalSetup, Room, asked, people};

/// Whether the clock may run ahead to the next question: one that somebody in the room has not
/// answered, and that no channel ends, stays open until the end of the exercise.
pub(super) fn may_run_ahead(
    live: bool,
    room: &Room,
    stage: &RehearsalSetup,
    command: &Command,
) -> Result<(), String> {
    if !matches!(command, Command::Next) || !live {
        return Ok(());
    }
    let awaited = room.awaited();
    let stays_open = |open: &&&OpenAsk| open.ask.channel.is_none() && open.put_off.is_none();
    match awaited.iter().find(stays_open) {
        None => Ok(()),
        Some(open) => {
            let asked = asked(open, stage.written());
            Err(format!("{asked} waits for an answer; `skip 10m` lets time pass without it"))
        }
    }
}

/// Which of these entries is a reason to stop the clock: a play is stalled from now on, so that the
/// day would run to its end with nobody asked, or all is clear.
pub(super) fn reason_to_stop(entries: &[Entry]) -> Option<String> {
    entries.iter().find_map(|entry| match &entry.event {
        Event::Play { step: PlayStep::Stalled, .. } => {
            Some("the plan has no next step".to_string())
        }
        Event::Incident { incident, state: IncidentState::Recovered, .. } => {
            Some(format!("all clear for incident {incident}"))
        }
        _ => None,
    })
}

/// Who in the room is asked, since this question: `wyatt is asked`.
pub(super) fn who_is_asked(room: &Room, since: Option<u32>) -> String {
    let awaited = room.awaited();
    let new = awaited.iter().filter(|open| Some(open.ask.id.0) > since);
    let mut who: Vec<PersonId> = new.map(|open| open.ask.person).collect();
    who.dedup();
    let verb = if who.len() == 1 { "is" } else { "are" };
    format!("{} {verb} asked", people(&who, room.names()))
}

/// The last question that somebody in the room has not answered. Another may end as it begins, so
/// that to count them is not enough.
pub(super) fn newest_ask(room: &Room) -> Option<u32> {
    room.awaited().iter().map(|open| open.ask.id.0).max()
}

/// How many messages somebody in the room has not read.
pub(super) fn unread(room: &Room) -> usize {
    room.open_messages().iter().filter(|open| open.read_by.is_none()).count()
}

/// The newest update that somebody in the room still has to give.
pub(super) fn owed(room: &Room) -> u32 {
    room.owed().iter().map(|owed| owed.number).max().unwrap_or(0)
}
