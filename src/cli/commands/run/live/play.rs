//! Playing a rehearsal to its end, again from the start whenever an input changes the past.

use super::arguments::{LiveRefusal, RoomRequest};
use super::close::{RehearsalEnding, close};
use super::drive::{RehearsalSession, Stop};
use super::screen::{PlayersView, Served};
use crate::cli::commands::run::outputs::Writing;
use crate::cli::shared::Exit;
use crate::cli::shared::files::Folder;
use crate::cli::shared::interrupt::Signal;
use crate::cli::shared::typing::UserInput;
use crate::gameday::Finished;
use crate::journal::Entry;
use crate::rehearsal::Room;
use crate::units::Time;

/// Plays until it is over or left; again from the start whenever an input changes the past.
pub(super) fn play(
    wanted: &RoomRequest,
    folder: &Folder,
    session: &mut RehearsalSession,
    (runtime, served): (tokio::runtime::Runtime, Option<Served>),
) -> Result<Exit, LiveRefusal> {
    let mut reached = if wanted.live { session.pace.now() } else { Time::ZERO };
    let mut again = false;
    loop {
        let stage = session.stage;
        let hint = "use the version of sim that wrote the record; it is unchanged";
        let broken = |error: String| (error, hint, Exit::Broke);
        let (plan, header) = stage.set(&session.inputs).map_err(broken)?;
        let mut room = stage.replay(&plan, &header, &session.inputs).map_err(broken)?;
        room.run_to(reached);
        let file = wanted.options.players.as_deref();
        let screen = PlayersView::new(&header, wanted.options.code_name(), file, served.clone());
        let screen = screen.map_err(|error| broken(error.to_string()))?;
        let mut keep = EntrySink { writing: Writing::begin(folder, &header), screen };
        let entries = room.drain();
        keep.entries(&entries);
        if again {
            // What is new is only what begins at this very moment.
            let fresh = entries.partition_point(|entry| entry.at < reached);
            session.print_entries(&entries[fresh..]);
        }
        session.reset_idle_clock();
        let aborted = session.inputs.last().is_some_and(|last| last.aborts());
        let turn = match wanted.live {
            // It was killed while its reports were being written.
            _ if aborted => Stop::Aborted,
            true => runtime.block_on(work(session, &mut room, &mut keep)),
            false => at_once(session, &mut room, &mut keep),
        };
        keep.entries(&room.drain());
        keep.show(session, room.now(), true);
        if let Stop::Again(at) = turn {
            (again, reached) = (true, at);
            continue;
        }
        reached = room.now();
        // Nobody is served any more, and no descriptor is taken up, while reports are written.
        drop(runtime);
        let Finished { story, entries, .. } = room.finish();
        keep.writing.write(&entries);
        let beside = match turn {
            Stop::Over | Stop::Aborted => Some(stage.simulated(&plan)),
            _ => None,
        };
        let (header, story, seed) = (&header, &story, stage.seed());
        let unshown = keep.screen.problem();
        let ending = RehearsalEnding { turn, reached, header, story, beside, seed, unshown };
        let exit = close(wanted, folder, session, ending, keep.writing);
        if matches!(turn, Stop::Over | Stop::Aborted) && exit != Exit::Broke {
            session.afterwards(wanted, (folder, header, story), reached);
        }
        return Ok(exit);
    }
}

/// Where everything that happens is kept.
struct EntrySink {
    writing: Writing,
    screen: PlayersView,
}

impl EntrySink {
    /// Keeps what has happened.
    fn entries(&mut self, entries: &[Entry]) {
        self.writing.write(entries);
        self.screen.add(entries);
    }

    /// Shows the players the state of the day, now and then or at once.
    fn show(&mut self, session: &mut RehearsalSession, now: Time, at_once: bool) {
        if let Some(problem) = self.screen.show(now, session.pace.is_paused(), at_once) {
            session.say(&problem);
        }
    }
}

/// A script without a clock.
fn at_once(session: &mut RehearsalSession, room: &mut Room, keep: &mut EntrySink) -> Stop {
    loop {
        let (entries, turn) = session.catch_up(room);
        keep.entries(&entries);
        if let Some(turn) = turn {
            return turn;
        }
    }
}

/// The room at work: the clock, the script, the keyboard and signals, until something ends it.
async fn work(
    session: &mut RehearsalSession<'_>,
    room: &mut Room<'_>,
    keep: &mut EntrySink,
) -> Stop {
    let mut asked = session.ask(room, None);
    loop {
        session.check_clock();
        let (entries, turn) = session.catch_up(room);
        keep.entries(&entries);
        session.print_entries(&entries);
        asked = session.ask(room, asked);
        if let Some(turn) = turn {
            return turn;
        }
        keep.show(session, room.now(), false);
        session.mark(room);
        session.remind(room);
        let wait = session.wait(room);
        let input = session.input.as_mut().expect("a live rehearsal listens");
        let typed: Option<Option<UserInput>> = match session.signals.next() {
            Some(Signal::Terminate) => return Stop::Left,
            Some(Signal::Interrupt) => Some(Some(UserInput::Interrupt)),
            None => tokio::select! {
            biased;
            typed = input.typed.recv(), if input.open => Some(typed),
            () = tokio::time::sleep(wait) => None,
            },
        };
        if let Some(turn) = typed.and_then(|typed| session.handle_input(room, typed)) {
            return turn;
        }
    }
}
