//! The end of a rehearsal: what is saved, and what is shown.

use super::arguments::RoomRequest;
use super::drive::{RehearsalSession, Stop};
use crate::campaign::Campaign;
use crate::cli::commands::run::outputs::Writing;
use crate::cli::commands::run::trials;
use crate::cli::shared::exit::exit_of;
use crate::cli::shared::files::Folder;
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::saving;
use crate::cli::shared::{Exit, terminal};
use crate::journal::{Header, Story};
use crate::rehearsal::{RecordedEvent, SimulatedDay};
use crate::report::for_shell;
use crate::report::{self, Extras, Naming};
use crate::units::Time;
use std::io;

/// How a rehearsal ended.
pub(super) struct RehearsalEnding<'a> {
    pub(super) turn: Stop,
    pub(super) reached: Time,
    pub(super) header: &'a Header,
    pub(super) story: &'a Story,
    /// The same day with every seat empty, if there is nothing more to come.
    pub(super) beside: Option<SimulatedDay>,
    /// The seed of the many trials beside it.
    pub(super) seed: u64,
    /// Why the players do not see the end of it.
    pub(super) unshown: Option<String>,
}

/// Saves the journal and the reports, and says how it went.
pub(super) fn close(
    wanted: &RoomRequest,
    folder: &Folder,
    session: &mut RehearsalSession,
    ending: RehearsalEnding,
    writing: Writing,
) -> Exit {
    let RehearsalEnding { turn, reached, header, story, beside, seed, unshown } = ending;
    session.detach_prompt();
    Interrupt::listen();
    let saved = writing.end().and_then(|()| {
        let shown = folder.path().display();
        Interrupt::finishing(&format!(
            "the journal is saved in {shown}; `sim report {shown}` makes its reports"
        ));
        saving::write(folder, header, story, None, wanted.naming).map(drop)
    });
    let saved = saved.and_then(|()| {
        beside.as_ref().map_or(Ok(()), |day| keep_beside(folder, day, wanted.naming))
    });
    // When it is resumed, players may still be watching this terminal.
    let between = session.hidden && turn == Stop::Left;
    if !wanted.quiet && !between {
        let told = if wanted.brief { report::brief } else { report::summary };
        terminal::print(&told(header, story, Extras::default(), terminal::style()));
        if let Some(day) = &beside {
            let text = report::rehearsed(header, story, &day.story, terminal::style());
            terminal::print(&text);
        }
    }
    let many = wanted.many.filter(|_| beside.is_some());
    let saved = saved.and_then(|()| {
        let Some(many) = many else { return Ok(()) };
        let campaign = Campaign::new(session.stage.written(), seed);
        play_many(wanted, folder, campaign, many)?;
        saving::write(folder, header, story, None, wanted.naming).map(drop)
    });
    let over = matches!(turn, Stop::Over | Stop::Aborted);
    let saved = saved.and_then(|()| settle(wanted, session, over, (folder, header, story)));
    let shown = report::for_terminal(&folder.path().display().to_string(), 2_000);
    if let Err(error) = saved {
        let message = format!("cannot save all of {shown}: {error}");
        let hint = match session.log {
            Some(_) => "every input is saved: free disk space, then --resume writes the rest",
            None => "free disk space or name another folder with --out, and run again",
        };
        terminal::error(&message, hint);
        return Exit::Broke;
    }
    if over {
        session.note_at(reached, RecordedEvent::Over {}, true);
    }
    if !wanted.quiet {
        terminal::print(&format!("\nFiles   {shown}/\n"));
        if !over && session.log.is_some() {
            let again = resume_command(wanted, folder, session.hidden);
            terminal::print(&format!("Resume  {}\n", report::for_terminal(&again, 2_000)));
        }
    }
    if let Some(problem) = unshown {
        terminal::error(&problem, "the rehearsal is saved; name another file with --players");
        return Exit::Broke;
    }
    match turn {
        Stop::Over if session.refused > 0 && session.input.is_none() => Exit::Wrong,
        Stop::Over => exit_of(story, false, false),
        _ => Exit::Interrupted,
    }
}

/// Opens the guesses, writes down what is kept, and says so, once it is over.
fn settle(
    wanted: &RoomRequest,
    session: &mut RehearsalSession,
    over: bool,
    (folder, header, story): (&Folder, &Header, &Story),
) -> io::Result<()> {
    if !over {
        return Ok(());
    }
    session.open_guesses(folder, (header, story))?;
    let rows = session.settle(wanted, (folder, header, story))?;
    if !wanted.quiet {
        terminal::print(&report::guesses(&session.asides.opened, terminal::style()));
        terminal::print(&report::improvement_plan(&rows, terminal::style()));
    }
    Ok(())
}

/// The command that goes on with what was left.
fn resume_command(wanted: &RoomRequest, folder: &Folder, hidden: bool) -> String {
    let file = for_shell(&wanted.scenario.display().to_string());
    let out = for_shell(&folder.path().display().to_string());
    // Whoever looks on must not see more than before.
    let hide = if hidden && !wanted.options.hide { " --hide" } else { "" };
    format!("sim room {file} --out {out} --resume{hide}")
}

/// Plays many runs beside what happened in the room, and tells what they say.
fn play_many(
    wanted: &RoomRequest,
    folder: &Folder,
    campaign: Campaign,
    many: trials::TrialsRequest,
) -> io::Result<()> {
    let playing = trials::TrialsRun { folder, quiet: wanted.quiet, told: String::new() };
    let played = trials::run(campaign, many, &playing, &Interrupt::listen())?;
    if !wanted.quiet {
        terminal::print(&report::merged_summary(&played.summary, terminal::style()));
        terminal::print("\n");
    }
    Ok(())
}

/// The folder of the same day with every seat empty, in that of the rehearsal.
const SIMULATED: &str = "simulated";

fn keep_beside(folder: &Folder, day: &SimulatedDay, naming: Naming) -> io::Result<()> {
    let folder = Folder::below(folder, SIMULATED)?;
    let mut writing = Writing::begin(&folder, &day.header);
    writing.write(&day.entries);
    writing.end()?;
    saving::write(&folder, &day.header, &day.story, None, naming).map(drop)
}
