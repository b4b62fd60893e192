//! One simulated day, played and written down.

use super::outputs::AccessLog;
use super::outputs::HdrLog;
use super::outputs::RecordingOutput;
use super::outputs::Writing;
use crate::cli::shared::files::Folder;
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::terminal;
use crate::gameday::{Finished, Gameday, Trial};
use crate::journal::{Header, Story};
use crate::scenario::Plan;
use crate::units::Time;
use std::io;

/// What a run leaves: its story, and its journal or what kept it from being written.
pub(super) struct PlayedDay {
    pub(super) story: Story,
    pub(super) written: io::Result<()>,
    /// Whether the access log and the interval log, where they were wanted, are there.
    pub(super) logged: io::Result<()>,
}

/// Plays the day to its end, or to where it is interrupted.
pub(super) fn play(
    (plan, header, trial): (&Plan, &Header, Trial),
    folder: &Folder,
    (record, mut log, mut hdr): (&mut RecordingOutput, Option<AccessLog>, Option<HdrLog>),
    interrupt: &Interrupt,
    quiet: bool,
) -> PlayedDay {
    let bar = terminal::progress((plan.lasts.seconds()).ceil() as u64, quiet);
    let mut journal = Writing::begin(folder, header);
    let stop = || interrupt.wanted();
    let mut gameday = Gameday::new(plan, header, trial).stopped_by(&stop);
    if record.wanted() {
        gameday = gameday.recording();
    }
    if log.is_some() || hdr.is_some() {
        gameday = gameday.with_attempts();
    }
    let mut reached = Time::ZERO;
    while !interrupt.wanted() {
        let step = gameday.step();
        let (attempts, entries) = (gameday.drain_attempts(), gameday.drain());
        log.iter_mut().for_each(|log| log.write(&attempts));
        hdr.iter_mut().for_each(|hdr| hdr.take(&attempts, &entries));
        journal.write(&entries);
        let Some(now) = step else { break };
        reached = now;
        record.write(&gameday.drain_inputs());
        bar.set_position(now.seconds() as u64);
        if !bar.is_hidden() {
            bar.set_message(clock(plan, now));
        }
    }
    let Finished { story, entries, inputs } = gameday.finish();
    hdr.iter_mut().for_each(|hdr| hdr.take(&[], &entries));
    journal.write(&entries);
    record.write(&inputs);
    bar.finish_and_clear();
    let logged = log.map_or(Ok(()), AccessLog::end);
    let logged = logged.and(hdr.map_or(Ok(()), |hdr| hdr.end(reached)));
    PlayedDay { story, written: journal.end(), logged }
}

fn clock(plan: &Plan, now: Time) -> String {
    plan.calendar.clock(now)
}
