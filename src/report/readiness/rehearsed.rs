//! What one folder of results says: which failure, how it went, what that hinges on.

use crate::campaign::Odds;
use crate::decision::CriterionEvidence;
use crate::journal::{Header, RunMode, RunOutcome, Story};
use crate::report::context::{ReportContext, significant};
use crate::report::extras::Extras;
use crate::report::gamedays::GamedayRow;
use crate::report::go_no_go::criteria;
use crate::report::odds::FirstScreen;
use crate::units::grouped;

/// What was rehearsed, as one folder of results tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct RehearsedExercise {
    /// The scenario's own words.
    pub title: String,
    /// The folder, as it was named.
    pub folder: String,
    /// Whether anything breaks in it.
    pub failure: bool,
    /// `200 runs, simulated`, `rehearsed by james, wyatt`.
    pub how: String,
    /// The odds, or how the one run went.
    pub came: String,
    /// The first thing that this hinges on, and what would have saved most.
    pub hinge: Option<String>,
    /// It was not noticed in most of its runs.
    pub unnoticed: bool,
    /// The plays that the run that is told has opened.
    pub plays: Vec<String>,
    /// Who was there in person.
    pub seats: Vec<String>,
    /// Figures for criteria, by name: forecasts, and never evidence.
    pub forecasts: Vec<(String, String)>,
}

impl RehearsedExercise {
    /// Of a run and what is kept beside it.
    pub fn new(folder: &str, header: &Header, story: &Story, beside: Extras) -> RehearsedExercise {
        let context = ReportContext::new(header, story);
        let screen = FirstScreen::from_context(&context, beside);
        let expected = context.expected();
        let odds =
            beside.campaign.filter(|_| header.mode == RunMode::Simulated).map(Odds::from_results);
        let unnoticed = match &odds {
            Some(odds) => 2 * odds.with(RunOutcome::NotDetected) > odds.runs,
            None => story.conclusion(header).outcome == RunOutcome::NotDetected,
        };
        let came = match &screen {
            Some(screen) => screen.answer.again(),
            None => GamedayRow::played("", &expected, (header, story), 0).verdict,
        };
        let hinges = screen.as_ref().map_or(Vec::new(), FirstScreen::hinges);
        let opened = |play: &&String| story.incidents().iter().any(|one| one.played(play));
        let seats = header.rehearsal.as_ref().map_or(Vec::new(), |live| live.seats.clone());
        RehearsedExercise {
            title: header.title().to_string(),
            folder: folder.to_string(),
            failure: !header.faults.is_empty(),
            how: match (header.mode, &odds) {
                (RunMode::Simulated, Some(odds)) => {
                    format!("{} runs, simulated", grouped(odds.runs))
                }
                (RunMode::Simulated, None) => "one run, simulated".to_string(),
                (RunMode::Rehearsal, _) if seats.is_empty() => "rehearsed".to_string(),
                (RunMode::Rehearsal, _) => format!("rehearsed by {}", seats.join(", ")),
                (RunMode::Observed, _) => "as it was observed".to_string(),
                (RunMode::Real, _) => "as it was, and REAL".to_string(),
            },
            came,
            hinge: hinges.into_iter().next(),
            unnoticed: !header.faults.is_empty() && unnoticed,
            plays: header.plays.iter().filter(opened).cloned().collect(),
            seats,
            forecasts: forecasts(story),
        }
    }
}

/// What the run says of numbers that the go/no-go list asks for.
fn forecasts(story: &Story) -> Vec<(String, String)> {
    let made =
        |evidence| matches!(evidence, CriterionEvidence::Simulated | CriterionEvidence::Formula);
    let rows = criteria(story).filter(|row| made(row.evidence));
    let told = |row: &crate::decision::JudgedRow| {
        let figure = row.unit.after(&significant(row.observed?, 4));
        Some((row.criterion.clone(), format!("{figure}, {}", row.caveat)))
    };
    rows.filter_map(told).collect()
}
