//! `sim night`: the board of the real night, and what a scribe types.

mod arguments;
mod begin;
mod card;
mod close;
mod log;
mod table;

use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::loading::{Whole, load_whole};
use crate::cli::shared::typing::{self, Manners};
use crate::cli::shared::{Exit, terminal};
use crate::night::completions;
use crate::units::Time;
use log::Follow;
use std::cell::OnceCell;
use table::Table;

pub(in crate::cli) use arguments::NightArguments;

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &NightArguments) -> Exit {
    night(arguments).unwrap_or_else(|exit| exit)
}

fn night(arguments: &NightArguments) -> Result<Exit, Exit> {
    let Whole { plan, files, .. } = load_whole(&arguments.scenario, &arguments.set, true)?;
    if arguments.card {
        return card::card(arguments, &plan, files);
    }
    let rehearsed = match &arguments.rehearsal {
        Some(folder) => Some(begin::rehearsed(folder)?),
        None => None,
    };
    let options = log::options(arguments, &plan)?;
    let mut tail = log::opened(arguments.log.as_deref())?;
    let subject = OnceCell::new();
    let begun = begin::begin(arguments, &plan, files)?;
    let signals = Interrupt::collect("every line is kept; the same command goes on from there");
    let manners = Manners::remember();
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
    let mut table = Table::new(&plan, begun, signals, close, rehearsed.as_ref());
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
