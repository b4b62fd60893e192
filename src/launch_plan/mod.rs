//! A launch plan that people wrote, read into a scenario to start from.
//!
//! A plan is a Markdown page: who decides, who is called after whom, hours, boxes to tick, go/no-go
//! criteria, steps, thresholds, change times. [`read`] cuts it into lines, takes from each what it
//! says, and keeps what it does not understand; nothing is invented and no line is dropped.
//! [`draft`] writes what was understood as a commented scenario in which every value names the
//! line that it came from and everything open stays `"?"`.
//!
//! Bytes of a plan are untrusted.

mod action;
mod clauses;
mod countdown;
mod criteria;
mod cut;
mod dates;
mod draft;
mod facts;
mod findings;
mod hole;
mod lengths;
mod lines;
mod markup;
mod names;
mod options;
mod origin;
mod pattern;
mod phrase;
mod reader;
mod slug;
mod state;
mod tables;
mod text;
mod thresholds;
mod topic;
mod yaml;

pub use draft::draft;
pub use facts::{
    At, ChangeTime, ContactChain, CriterionAsk, Duty, Facts, LineStatus, StatedAction,
    StatedCriterion, StatedPerson, StatedPlay, StatedStep, StatedTask, StatedThreshold, Vacancy,
    same_person,
};
pub use findings::{Grade, PlanGap};
pub use hole::Hole;
pub use lines::Kind;
pub use names::Mention;
pub use options::ReadOptions;
pub use origin::PlanOrigin;
pub use phrase::{DutyHours, clock_shown};
pub use text::{MOST_BYTES, UnreadablePlan};

use jiff::civil::Date;
use state::PlanReader;

/// A plan that has been read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadPlan {
    /// What it says.
    pub facts: Facts,
    /// Every line with something on it, and what became of it.
    pub lines: Vec<ReadLine>,
    /// What is missing, unsure, contradicting or cannot be tested, the gravest first.
    pub gaps: Vec<PlanGap>,
    /// The year that dates without one are taken to be in.
    pub year: i16,
}

/// A line of the plan, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadLine {
    /// From 1.
    pub number: usize,
    /// Its text without markup.
    pub text: String,
    /// What it is.
    pub kind: Kind,
    /// What became of it.
    pub status: LineStatus,
}

impl ReadPlan {
    /// The day of the launch; `None` where the plan has no day.
    pub fn day(&self) -> Option<Date> {
        self.facts.launch_day().map(|(day, _)| day)
    }

    /// How many lines were understood, are open, and were not understood.
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |wanted: fn(&LineStatus) -> bool| {
            self.lines.iter().filter(|line| wanted(&line.status)).count()
        };
        (
            count(|fate| matches!(fate, LineStatus::Understood(_))),
            count(|fate| matches!(fate, LineStatus::Open(_))),
            count(|fate| *fate == LineStatus::NotUnderstood),
        )
    }
}

/// Reads a plan: Markdown, or plain text with a line for each thing.
///
/// # Errors
///
/// What is not text is refused, with the way to get text out of it; so is text of which no line
/// reads as a plan's.
pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<ReadPlan, UnreadablePlan> {
    let decoded = text::decode(bytes)?;
    let lines = cut::lines(&decoded.text);
    let shown = || dates::year(lines.iter().map(|line| line.text.as_str()), options.year.0);
    let shown = if options.year.1 { None } else { shown() };
    let year = shown.unwrap_or(options.year.0);
    let options = &ReadOptions { year: (year, options.year.1), ..options.clone() };
    let mut reader = PlanReader::new(&lines, year);
    let fates = reader.read();
    if fates.iter().all(|fate| *fate == LineStatus::NotUnderstood) {
        return Err(nothing_understood(&lines));
    }
    let unsure = std::mem::take(&mut reader.unsure);
    let mut facts = std::mem::take(&mut reader.facts);
    let gaps = findings::gaps(&facts, &lines, &fates, &unsure, &decoded, options);
    if let (None, Some(zone)) = (&facts.zone, &options.zone) {
        facts.zone = Some(facts::At { value: zone.clone(), line: 0 });
    }
    let read = lines.iter().zip(fates);
    let lines = read
        .map(|(line, fate)| ReadLine {
            number: line.number,
            text: line.text.clone(),
            kind: line.kind.clone(),
            status: fate,
        })
        .collect();
    Ok(ReadPlan { facts, lines, gaps, year: options.year.0 })
}

fn nothing_understood(lines: &[lines::Line]) -> UnreadablePlan {
    let first = lines.first().map_or(String::new(), |line| {
        let text: String = line.text.chars().take(40).collect();
        format!("; line {} is `{text}`", line.number)
    });
    UnreadablePlan::new(
        format!("none of its {} reads as a launch plan{first}", text::counted(lines.len())),
        "give the page that says who decides, who is called and what is done when, as Markdown: \
         `pandoc plan.html -t gfm -o plan.md` makes Markdown of many formats",
    )
}
