//! What is saved of a run, alone or the first of many, and what is said of it.

use super::{RunArguments, trials};
use crate::campaign::{Campaign, Ending, Readiness, Summary};
use crate::cli::shared::files::Folder;
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::{Exit, saving, terminal};
use crate::journal::{Header, Story};
use crate::report::{self, Extras};
use crate::scenario::Plan;
use std::io;
use std::time::Duration;

/// The run that is told.
pub(super) struct Told<'a> {
    pub(super) plan: &'a Plan,
    pub(super) header: &'a Header,
    pub(super) story: &'a Story,
    /// How long it took to play.
    pub(super) took: Duration,
}

/// What many runs said.
pub(super) struct Saved {
    pub(super) summary: Summary,
    /// In one line.
    pub(super) verdict: Option<String>,
}

impl Saved {
    /// What its exit code says.
    pub(super) fn exit(&self) -> Exit {
        match (self.summary.ending, self.summary.odds.readiness()) {
            (Ending::Interrupted { .. }, _) => Exit::Interrupted,
            (_, Readiness::NotReady) => Exit::Missed,
            (_, Readiness::CannotSay) => Exit::NotJudgeable,
            (_, Readiness::Ready) => Exit::Met,
        }
    }
}

/// Writes the reports of a run whose journal is saved, plays many beside it if they are wanted, and
/// tells how it went; what they said, if there are many.
pub(super) fn save(
    arguments: &RunArguments,
    run: &Told,
    folder: &Folder,
    interrupt: &Interrupt,
) -> io::Result<Option<Saved>> {
    let Told { plan, header, story, took } = *run;
    let (naming, style) = (arguments.names.naming(), terminal::style());
    let tell = |beside: Extras| {
        let told = if arguments.brief { report::brief } else { report::summary };
        if !arguments.quiet {
            terminal::print(&told(header, story, beside, style));
        }
    };
    Interrupt::finishing(&saved_words(folder));
    let written = saving::write(folder, header, story, None, naming);
    let wanted = arguments.wanted().filter(|_| !interrupt.wanted());
    let Some(mut wanted) = wanted else {
        tell(Extras::default());
        return written.map(|_| None);
    };
    written?;
    wanted.resume = arguments.live.resume();
    if !arguments.quiet {
        trials::long(&wanted, took).iter().for_each(|text| terminal::complain(text));
    }
    let told = report::brief(header, story, Extras::default(), style);
    let playing = trials::Playing { folder, quiet: arguments.quiet, told };
    let campaign = Campaign::new(plan, header.seed);
    let summary = trials::run(campaign, wanted, &playing, &Interrupt::listen())?;
    Interrupt::finishing(&saved_words(folder));
    let mut beside = saving::write(folder, header, story, None, naming)?;
    // What is kept in the folder does not say why there are no more.
    beside.trials.iter_mut().for_each(|trials| trials.ending = summary.ending);
    tell(beside.extras());
    let past = saving::backtest(header, beside.trials.as_ref());
    if let Some(past) = past.filter(|_| !arguments.quiet) {
        terminal::print(&report::backtest_summary(&past, style));
        terminal::print("\n");
    }
    let verdict = report::verdict_again(header, story, beside.extras());
    Ok(Some(Saved { summary, verdict }))
}

/// What is on disk before the tables are.
fn saved_words(folder: &Folder) -> String {
    let shown = folder.path().display();
    format!("the journal is saved in {shown}; `sim report {shown}` makes its reports")
}
