//! Which assumed numbers move the day most: each is doubled, and the day is played again with the
//! same random draws.

use crate::gameday::{Gameday, Trial};
use crate::journal::{Basis, Severity, WrittenAt};
use crate::language::edit::Editor;
use crate::language::source::Place;
use crate::scenario::{self, LoadedPlan, Plan, RunEstimate, SourceText};
use jiff::civil::Date;

use super::asked::AnswerKind;
use super::measured::Proposals;
use super::numbers::{WrittenNumber, doubled, numbers};
use super::path_questions;
use super::questions::FillQuestion;
use crate::units::grouped;

/// Simulated events that weighing may take in all: some ten seconds of a release build.
const MOST_EVENTS: f64 = 40e6;

/// What another value of a number changes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum InputEffect {
    /// Minutes that users lose in all, as it is and as tried.
    Minutes(f64, f64),
    /// In how many of this many runs the plan does what it is expected to, as it is and as tried.
    Runs { now: u64, then: u64, of: u64 },
    /// Nobody has tried.
    Untried,
}

/// A number that was assumed, and what another value does.
#[derive(Debug, Clone, PartialEq)]
pub struct InputWeight {
    /// Its path, as `--set` takes it.
    pub path: String,
    /// As it is written.
    pub now: String,
    /// Another value, as it was tried.
    pub tried: String,
    /// What that changes.
    pub moves: InputEffect,
    /// Whether somebody has answered it already, or has it parked.
    pub settled: bool,
    place: Place,
    /// Why it is asked again, where its day is over.
    again: Option<String>,
}

/// The numbers, those first that move most.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RankedInputs {
    /// Those that were tried and move something.
    pub weights: Vec<InputWeight>,
    /// How many numbers are assumed.
    pub assumed: usize,
    /// How many of them were tried before the time was over.
    pub tried: usize,
}

/// Plays the day once for every assumed number, as many as the bound allows, and for those that
/// somebody has settled by `today`, so that they keep their place; `stop` is asked in between.
pub fn rank_inputs(
    loaded: &LoadedPlan,
    source: &SourceText,
    today: Date,
    stop: &dyn Fn() -> bool,
) -> RankedInputs {
    let editor = Editor::new(&source.text);
    let numbers = assumed(loaded, &editor, today);
    let open = numbers.iter().filter(|(_, settled)| !settled).count();
    let mut weighed = RankedInputs { assumed: open, ..RankedInputs::default() };
    let each = RunEstimate::from_plan(&loaded.plan).events.max(1.0);
    if each > MOST_EVENTS || stop() {
        return weighed;
    }
    let before = lost(&loaded.plan);
    let mut events = each;
    for (number, settled) in numbers {
        let Some(tried) = doubled(&number.text) else { continue };
        if events > MOST_EVENTS || stop() {
            break;
        }
        weighed.tried += usize::from(!settled);
        let set = [(number.path.clone(), tried.clone())];
        let Ok(other) = scenario::load(source, &set) else { continue };
        events += RunEstimate::from_plan(&other.plan).events.max(1.0);
        let after = lost(&other.plan);
        if (after - before).abs() >= 1.0 {
            let moves = InputEffect::Minutes(before, after);
            let again = number.parked(&editor).map(|parked| parked.again());
            let WrittenNumber { path, place, text: now } = number;
            weighed.weights.push(InputWeight { path, now, tried, moves, settled, place, again });
        }
    }
    let moved = |weight: &InputWeight| weight.moves.by();
    weighed.weights.sort_by(|a, b| moved(b).total_cmp(&moved(a)).then(a.path.cmp(&b.path)));
    weighed
}

impl InputEffect {
    /// By how much: minutes, or runs.
    fn by(self) -> f64 {
        match self {
            InputEffect::Minutes(now, then) => (then - now).abs(),
            InputEffect::Runs { now, then, .. } => (then as f64 - now as f64).abs(),
            InputEffect::Untried => 0.0,
        }
    }

    fn words(self, tried: &str) -> String {
        match self {
            InputEffect::Minutes(now, then) if (then - now).abs() < 1.0 => {
                format!("With {tried} instead, users would lose just as many minutes.")
            }
            InputEffect::Minutes(now, then) => format!(
                "With {tried} instead, users would lose {} minutes in all instead of {}.",
                grouped(then.round() as u64),
                grouped(now.round() as u64)
            ),
            InputEffect::Untried => format!("The effect of {tried} instead has not been tested."),
            InputEffect::Runs { now, then, of } => format!(
                "With {tried} instead, {then} of {of} runs would meet expectations instead of \
                 {now}."
            ),
        }
    }
}

impl RankedInputs {
    /// Puts numbers first that are known to move the answer of many runs: the path of each, what it
    /// is and was tried as, and in how many runs that matters. Returns how many of them do not
    /// stand in this text as they were then.
    pub fn put_first(
        &mut self,
        known: impl IntoIterator<Item = (String, String, String, InputEffect)>,
        text: &str,
    ) -> usize {
        let place = Place::default();
        let weights = known.into_iter().map(|(path, now, tried, moves)| InputWeight {
            path,
            now,
            tried,
            moves,
            settled: false,
            place,
            again: None,
        });
        let (first, elsewhere): (Vec<InputWeight>, Vec<InputWeight>) =
            weights.partition(|weight| weight.in_text(text).is_some());
        self.weights.retain(|weight| first.iter().all(|other| other.path != weight.path));
        self.weights.splice(..0, first);
        elsewhere.len()
    }

    /// Adds the assumed numbers that have been measured, whatever they move; returns their paths.
    pub fn put_measured(
        &mut self,
        loaded: &LoadedPlan,
        source: &SourceText,
        measured: &Proposals,
        today: Date,
    ) -> Vec<String> {
        let all = assumed(loaded, &Editor::new(&source.text), today);
        let known = all.into_iter().filter(|(_, settled)| !settled).filter_map(|(number, _)| {
            let tried = measured.figure(&number.path)?.value.clone();
            Some((number.path, number.place, number.text, tried))
        });
        let short = RunEstimate::from_plan(&loaded.plan).events <= MOST_EVENTS;
        let mut before = None;
        let mut paths = Vec::new();
        for (path, place, now, tried) in known {
            paths.push(path.clone());
            if self.weights.iter().any(|weight| weight.path == path) {
                continue;
            }
            let set = [(path.clone(), tried.clone())];
            let moves = match scenario::load(source, &set).ok().filter(|_| short) {
                Some(other) => {
                    let before = *before.get_or_insert_with(|| lost(&loaded.plan));
                    InputEffect::Minutes(before, lost(&other.plan))
                }
                None => InputEffect::Untried,
            };
            let again = None;
            self.weights.push(InputWeight {
                path,
                now,
                tried,
                moves,
                settled: false,
                place,
                again,
            });
        }
        paths
    }
}

impl InputWeight {
    /// The same number with what another value changes in this text; where runs were counted, that
    /// stays as it is.
    #[must_use]
    pub fn again(self, source: &SourceText) -> InputWeight {
        let InputEffect::Minutes(..) = self.moves else { return self };
        let plans = (
            scenario::load(source, &[]),
            scenario::load(source, &[(self.path.clone(), self.tried.clone())]),
        );
        match plans {
            (Ok(now), Ok(then)) => {
                let moves = InputEffect::Minutes(lost(&now.plan), lost(&then.plan));
                InputWeight { moves, ..self }
            }
            _ => self,
        }
    }

    /// The same number at its place in this text; `None` if it has changed since.
    pub fn in_text(&self, text: &str) -> Option<InputWeight> {
        let mut all = numbers(&Editor::new(text)).into_iter();
        let same = all.find(|number| number.path == self.path && number.text == self.now)?;
        Some(InputWeight { place: same.place, ..self.clone() })
    }

    /// The question that it asks.
    pub fn question(&self, measured: &Proposals) -> FillQuestion {
        let found = measured.figure(&self.path);
        let moves = self.moves.words(&self.tried);
        let basis = found.map_or(likely_source(&self.path).to_string(), |found| {
            format!("Measured: {} ({}).", found.value, found.basis)
        });
        FillQuestion {
            line: self.place.line,
            text: format!(
                "{} ({} is assumed to be {})",
                path_questions::number(&self.path),
                self.path,
                self.now
            ),
            of: Vec::new(),
            why: self.again.iter().cloned().chain([moves, basis]).collect(),
            how: None,
            path: None,
            item: String::new(),
            kin: (None, None),
            proposal: Some(found.map_or(self.now.clone(), |found| found.value.clone())),
            severity: Severity::High,
            asked: AnswerKind::Number {
                place: self.place,
                key: self.path.rsplit('.').next().unwrap_or_default().to_string(),
            },
            about: self.path.clone(),
        }
    }
}

/// Who is likely to know.
fn likely_source(path: &str) -> &'static str {
    match path.split('.').next().unwrap_or_default() {
        "traffic" => "Whoever reads the analytics; `sim baseline LOG` counts it in an access log.",
        "site" => "Whoever runs the servers.",
        "channels" => "Nobody until a roll call measures it: `sim rollcall`.",
        "changes" => "Whoever deploys: time it once.",
        _ => "Whoever has seen it go wrong.",
    }
}

/// The minutes that users lose in the first trial of a plan.
fn lost(plan: &Plan) -> f64 {
    let trial = Trial { seed: plan.seed, number: 0 };
    let header = scenario::header(plan, trial.number, trial.seed);
    let mut gameday = Gameday::new(plan, &header, trial).without_readings();
    while gameday.step().is_some() {
        gameday.drain();
    }
    gameday.lost().seconds() / 60.0
}

/// The numbers of the file itself that are assumed, and those that somebody has settled.
fn assumed(loaded: &LoadedPlan, editor: &Editor, today: Date) -> Vec<(WrittenNumber, bool)> {
    let inputs = &loaded.plan.inputs;
    let known = |number: WrittenNumber| {
        let covers = |row: &&crate::journal::InputRow| {
            number
                .path
                .strip_prefix(row.path.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let row = inputs.iter().filter(covers).max_by_key(|row| row.path.len());
        let row = row.filter(|row| matches!(row.from, WrittenAt::Line(_)))?;
        let settled = number.is_settled(editor, today);
        (settled || row.basis == Some(Basis::Assumed)).then_some((number, settled))
    };
    numbers(editor).into_iter().filter_map(known).collect()
}
