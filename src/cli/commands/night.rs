//! `sim night`: the board of the real night, and what a scribe types.

mod arguments;
mod begin;
mod close;
mod log;
mod session;

use crate::cli::shared::files::{Folder, default_folder};
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::loading::{LoadedScenario, load_whole};
use crate::cli::shared::provenance::RUN;
use crate::cli::shared::typing::{self, TerminalState};
use crate::cli::shared::{Exit, provenance, terminal};
use crate::night::{Card, completions};
use crate::report::{for_terminal, night_card, page_title};
use crate::scenario::{InputFile, MadeBy, Plan};
use crate::units::Time;
use log::Follow;
use session::ScribeSession;
use std::cell::OnceCell;

pub(in crate::cli) use arguments::NightArguments;

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &NightArguments) -> Exit {
    night(arguments).unwrap_or_else(|exit| exit)
}

fn night(arguments: &NightArguments) -> Result<Exit, Exit> {
    let LoadedScenario { plan, files, .. } = load_whole(&arguments.scenario, &arguments.set, true)?;
    if arguments.card {
        return card(arguments, &plan, files);
    }
    let rehearsed = match &arguments.rehearsal {
        Some(folder) => Some(begin::rehearsed(folder)?),
        None => None,
    };
    let options = log::options(arguments, &plan)?;
    let mut tail = log::opened(arguments.log.as_deref())?;
    let subject = OnceCell::new();
    let begun = begin::begin(arguments, &plan, files)?;
    let signals = Interrupt::collect("every line is saved; the same command continues from there");
    let manners = TerminalState::remember();
    let before = manners.clone();
    signals.restore_with(move || before.restore());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| {
        terminal::error(&format!("cannot wait for the clock: {error}"), "try again");
        Exit::Broke
    })?;
    let calendar = begun.scribe.calendar();
    let close = match arguments.close {
        None => Time::ZERO + plan.lasts,
        Some(time) => calendar.next(time).ok_or_else(|| {
            terminal::error(&format!("there is no {time} that night"), "write another --close");
            Exit::Wrong
        })?,
    };
    let mut table = ScribeSession::new(&plan, begun, signals, close, rehearsed.as_ref());
    table.follow = match (&arguments.log, &mut tail) {
        (Some(path), Some(tail)) => Some(Follow::new(&plan, path, tail, options, &subject)),
        _ => None,
    };
    table.quiet = arguments.quiet;
    table.input = Some(typing::listen("REAL> ", &plan.names, completions));
    table.welcome();
    let left = runtime.block_on(table.work());
    manners.restore();
    drop(runtime);
    table.input = None;
    table.settle();
    Ok(close::close(arguments, &table, left))
}

/// The page.
const PAGE: &str = "card.html";

/// Makes the page.
fn card(arguments: &NightArguments, plan: &Plan, files: Vec<InputFile>) -> Result<Exit, Exit> {
    let card = Card::from_plan(plan);
    if card.rows.is_empty() {
        let message = "no alert of the plan opens a play with a change in it";
        terminal::error(message, "add a play: sim schema --reference says how");
        return Err(Exit::Wrong);
    }
    let default = || default_folder(&arguments.scenario, "-card");
    let wanted = arguments.out.clone().unwrap_or_else(default);
    let broke = |error: std::io::Error| {
        terminal::cannot_write(&wanted, &error);
        Exit::Broke
    };
    let title = page_title("Card", &plan.scenario);
    let folder = Folder::claim_page(&wanted, &[PAGE, RUN], &title).map_err(broke)?;
    folder.keep(PAGE, night_card(&card).as_bytes()).map_err(broke)?;
    let command = provenance::command("night", &arguments.scenario) + " --card";
    let made_by = MadeBy::new(command + &provenance::sets(&arguments.set), files);
    provenance::keep(&folder, &made_by).map_err(broke)?;
    if !arguments.quiet {
        for row in &card.rows {
            let minute = row.stop_after.0.div_ceil(crate::units::Span::MINUTE.0);
            let text = format!("{}: at minute {minute} make {}", row.alert, row.change);
            terminal::print(&format!("{}\n", for_terminal(&text, 400)));
        }
        let page = folder.path().join(PAGE).display().to_string();
        terminal::print(&format!("Page    {}\n", for_terminal(&page, 2_000)));
    }
    Ok(Exit::Met)
}
