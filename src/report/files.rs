//! All tables of a run, written to wherever the caller opens them.

use super::context::ReportContext;
use super::extras::HotWash;
use super::extras::{Extras, RunBeside};
use super::outbrief::{self, SiteSeries};
use super::roles::{self, Naming};
use super::sheet::{ColumnDoc, CsvSheet, Rows};
use super::{
    alerts, causes, change_times, findings, go_no_go, messages, metrics, people, responses,
    timeline,
};
use super::{rules, segments, told};
use crate::journal::{Entry, Header, Story};
use std::io::{self, Write};

/// A table that is made from the story alone: its file, its columns, its rows.
type StoryTable = (&'static str, &'static [ColumnDoc], fn(&ReportContext) -> Rows);

/// The table that is handed on with the outbrief.
const FINDINGS: &str = "findings.csv";

const STORY_TABLES: [StoryTable; 12] = [
    ("responses.csv", &responses::COLUMNS, responses::rows),
    ("causes.csv", &causes::COLUMNS, causes::rows),
    ("timeline.csv", &timeline::COLUMNS, timeline::rows),
    ("alerts.csv", &alerts::COLUMNS, alerts::rows),
    ("messages.csv", &messages::COLUMNS, messages::rows),
    ("told.csv", &told::COLUMNS, told::rows),
    ("rules.csv", &rules::COLUMNS, rules::rows),
    ("segments.csv", &segments::COLUMNS, segments::rows),
    ("go_no_go.csv", &go_no_go::COLUMNS, go_no_go::rows),
    ("change_times.csv", &change_times::COLUMNS, change_times::rows),
    ("people.csv", &people::COLUMNS, people::rows),
    (FINDINGS, &findings::COLUMNS, findings::rows),
];

/// Every table with its own columns, those of [`LEAD`] left out.
pub(crate) fn tables() -> impl Iterator<Item = (&'static str, &'static [ColumnDoc])> {
    let story = STORY_TABLES.iter().map(|(name, columns, _)| (*name, *columns));
    story.chain([("metrics.csv", &metrics::COLUMNS[..])])
}

/// The names of all files that [`write_all`] writes.
pub fn file_names() -> impl Iterator<Item = &'static str> {
    STORY_TABLES.iter().map(|(name, _, _)| *name).chain([
        "metrics.csv",
        "outbrief.html",
        "outbrief.md",
    ])
}

/// Writes every CSV file of a run, and its outbrief. `story` is the whole journal but its readings;
/// `entries` is the journal once more for its readings, one at a time, so that memory does not grow
/// with them. `open` is called once for each name of [`file_names`].
pub fn write_all<E: Into<io::Error>>(
    header: &Header,
    story: &Story,
    extras: Extras,
    entries: impl Iterator<Item = Result<Entry, E>>,
    open: &mut dyn FnMut(&str) -> io::Result<Box<dyn Write>>,
) -> io::Result<()> {
    let context = ReportContext::new(header, story);
    let by_role = match extras.naming {
        Naming::Roles => Some(roles::with_roles(header, story)?),
        Naming::People => None,
    };
    let plays = match extras.naming {
        Naming::Roles => roles::plays(header, extras.plays),
        Naming::People => extras.plays.to_vec(),
    };
    let shown: Option<Vec<RunBeside>> = match extras.naming {
        Naming::Roles => {
            Some(extras.shown.iter().map(RunBeside::by_role).collect::<Result<_, _>>()?)
        }
        Naming::People => None,
    };
    let shown = shown.as_deref().unwrap_or(extras.shown);
    let washed = |wash: &HotWash| match extras.naming {
        Naming::Roles => roles::beside(header, wash),
        Naming::People => Ok(wash.clone()),
    };
    let wash = extras.hot_wash.map(washed).transpose()?;
    let extras = Extras { plays: &plays, shown, hot_wash: wash.as_ref(), ..extras };
    let handed_on = match &by_role {
        Some((header, story)) => ReportContext::new(header, story),
        None => ReportContext::new(header, story),
    };
    for (name, columns, rows) in STORY_TABLES {
        let mut sheet = CsvSheet::new(open(name)?, header, columns)?;
        let context = if name == FINDINGS { &handed_on } else { &context };
        rows(context).iter().try_for_each(|row| sheet.row(row))?;
        sheet.finish()?;
    }
    let phases = metrics::Phases::from_context(&context);
    let windows = outbrief::windows(&context);
    let stretches: Vec<_> = windows.iter().map(|window| (window.from, window.to)).collect();
    let mut series = SiteSeries::new(header).with_close_ups(header, &stretches);
    let mut sheet = CsvSheet::new(open("metrics.csv")?, header, &metrics::COLUMNS)?;
    for entry in entries {
        let entry = entry.map_err(Into::into)?;
        metrics::rows(&context, &phases, &entry).iter().try_for_each(|row| sheet.row(row))?;
        series.add(&entry);
    }
    sheet.finish()?;
    let texts = [
        ("outbrief.html", outbrief::page(&handed_on, &series, extras)),
        ("outbrief.md", outbrief::markdown(&handed_on, extras)),
    ];
    for (name, text) in texts {
        let mut file = open(name)?;
        file.write_all(text.as_bytes())?;
        file.flush()?;
    }
    Ok(())
}
