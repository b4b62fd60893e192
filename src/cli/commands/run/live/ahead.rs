//! How far the clock runs ahead when nobody has anything to do.

use crate::gameday::OpenAsk;
use crate::journal::{Entry, Event, PlayStep};
use crate::rehearsal::{Command, Room, Stage, asked};

/// Whether the clock may run ahead to the next question: one that somebody in the room has not
/// answered, and that no channel ends, stands until the end of the exercise.
pub(super) fn may_run_ahead(
    live: bool,
    room: &Room,
    stage: &Stage,
    command: &Command,
) -> Result<(), String> {
    if !matches!(command, Command::Next) || !live {
        return Ok(());
    }
    let awaited = room.awaited();
    let stands = |open: &&&OpenAsk| open.ask.channel.is_none() && open.put_off.is_none();
    match awaited.iter().find(stands) {
        None => Ok(()),
        Some(open) => {
            let asked = asked(open, stage.written());
            Err(format!("{asked} waits for an answer; `skip 10m` lets time pass without it"))
        }
    }
}

/// Whether a play stands still from now on: the day would run to its end with nobody asked.
pub(super) fn stalls(entry: &Entry) -> bool {
    matches!(entry.event, Event::Play { step: PlayStep::Stalled, .. })
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

/// The last word that somebody in the room has to tell.
pub(super) fn owed(room: &Room) -> u32 {
    room.owed().iter().map(|owed| owed.number).max().unwrap_or(0)
}
