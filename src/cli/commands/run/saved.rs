//! What is saved of a run, alone or the first of many, and what is shown of it.

use super::trials;
use crate::campaign::{Campaign, CampaignEnding, RunsVerdict, Summary};
use crate::cli::shared::files::Folder;
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::{Exit, saving, terminal};
use crate::journal::{Header, Story};
use crate::report::{self, Extras, Naming};
use crate::scenario::{Plan, SourceText};
use std::io;
use std::time::Duration;

/// The run that is reported in detail.
pub(super) struct ReportedRun<'a> {
    pub(super) plan: &'a Plan,
    /// From what it was read.
    pub(super) source: &'a SourceText,
    /// What was set when it was read.
    pub(super) sets: &'a [(String, String)],
    pub(super) header: &'a Header,
    pub(super) story: &'a Story,
    /// How long it took to play.
    pub(super) took: Duration,
}

/// How it is reported, and how many runs are played beside it.
pub(super) struct ReportOptions {
    pub(super) naming: Naming,
    pub(super) quiet: bool,
    /// The verdict alone.
    pub(super) brief: bool,
    /// `None`: no more.
    pub(super) wanted: Option<trials::TrialsRequest>,
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
            (CampaignEnding::Interrupted { .. }, _) => Exit::Interrupted,
            (_, RunsVerdict::NotReady) => Exit::Missed,
            (_, RunsVerdict::CannotSay) => Exit::NotJudgeable,
            (_, RunsVerdict::Ready) => Exit::Met,
        }
    }
}

/// Writes the reports of a run whose journal is saved, plays many beside it if they are wanted, and
/// tells how it went; what they said, if there are many.
pub(super) fn save(
    how: &ReportOptions,
    run: &ReportedRun,
    folder: &Folder,
    interrupt: &Interrupt,
) -> io::Result<Option<Saved>> {
    let ReportedRun { plan, header, story, took, source, sets } = *run;
    let ReportOptions { naming, quiet, brief, wanted } = *how;
    let style = terminal::style();
    let say = |text: String| {
        if !quiet {
            terminal::print(&text);
        }
    };
    Interrupt::finishing(&saved_words(folder));
    let written = saving::write(folder, header, story, None, naming);
    let Some(wanted) = wanted.filter(|_| !interrupt.wanted()) else {
        let told = if brief { report::brief } else { report::summary };
        say(told(header, story, Extras::default(), style));
        return written.map(|_| None);
    };
    written?;
    if !quiet {
        trials::long(&wanted, took).iter().for_each(|text| terminal::print_to_stderr(text));
    }
    let told = report::brief(header, story, Extras::default(), style);
    let playing = trials::TrialsRun { folder, quiet, told };
    let campaign = Campaign::new(plan, header.seed);
    let interrupt = Interrupt::listen();
    let played = trials::run(campaign, wanted, &playing, &interrupt)?;
    let summary = &played.summary;
    let mut beside = saving::Neighbours::load(folder.path(), header);
    // What is kept in the folder does not say why there are no more, nor what is only looked for.
    beside.trials.iter_mut().for_each(|trials| trials.ending = summary.ending);
    beside.sensitivity = None;
    say(report::answer(header, story, beside.extras(), style));
    beside.sensitivity = played.sensitivity((source, sets), (&interrupt, quiet));
    if let Some(found) = &beside.sensitivity {
        saving::keep_sensitivity(folder, found)?;
    }
    Interrupt::finishing(&saved_words(folder));
    saving::write_beside(folder, header, story, Extras { naming, ..beside.extras() })?;
    say(report::sensitivity(header, story, beside.extras(), style));
    if !brief {
        say(report::run_details(header, story, beside.extras(), style));
    }
    let past = saving::backtest(header, beside.trials.as_ref());
    if let Some(past) = past {
        say(report::backtest_summary(&past, style) + "\n");
    }
    let verdict = report::verdict_again(header, story, beside.extras());
    Ok(Some(Saved { summary: played.summary, verdict }))
}

/// What is on disk before the tables are.
fn saved_words(folder: &Folder) -> String {
    let shown = folder.path().display();
    format!("the journal is saved in {shown}; `sim report {shown}` makes its reports")
}
