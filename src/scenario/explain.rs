//! The scenario in plain words: as a story, rule by rule, play by play, value by value.

use crate::explanation::{Explanation, PlayExplanation};
use crate::fault::FaultStart;
use crate::journal::{Header, WrittenAt};
use crate::language::problem::Problems;
use crate::language::source::SourceText;
use crate::scenario::header;
use crate::scenario::load::read;
use crate::scenario::plan::Plan;
use crate::scenario::plays::explain::plays;
use crate::scenario::rules::explain::rules;
use crate::scenario::story::story;
use crate::scenario::summary::summary;
use crate::units::Time;

/// Explains a scenario, with some values replaced; if anything is wrong with it, says all of that.
pub fn explain(source: &SourceText, sets: &[(String, String)]) -> Result<Explanation, Problems> {
    let source = source.without_mark();
    let text = source.text.clone();
    let mut problems = Problems::new(source);
    let read = read(&text, sets, &[], &mut problems);
    let problems = problems.sorted();
    let Some((plan, _)) = read.filter(|_| !problems.any_error()) else {
        return Err(problems.errors_only());
    };
    let at = people_at(&plan);
    let mut resolved = plan.inputs.clone();
    for value in &mut resolved {
        let below = |path: &str| value.path.strip_prefix(path).is_some_and(is_end_of_key);
        if let Some((path, _)) = sets.iter().rfind(|(path, _)| below(path)) {
            value.from = WrittenAt::Option(path.to_string());
        }
    }
    let (story, plays) = (story(&plan), plays(&plan, at));
    Ok(Explanation {
        scenario: plan.scenario.clone(),
        starts: plan.calendar.starts().to_string(),
        lasts: plan.lasts.to_string(),
        seed: plan.seed,
        summary: summary(&plan, &story, &plays, &resolved),
        story,
        topology: plan.topology(&header(&plan, 0, plan.seed)),
        rules: rules(&plan),
        people_at: plan.calendar.clock(at),
        plays,
        resolved,
    })
}

/// The plays of the plan that a journal was played with, as [`Explanation::plays`]; nothing if it
/// carries none of this version.
pub fn plays_of(header: &Header) -> Vec<PlayExplanation> {
    Plan::of_header(header).map_or(Vec::new(), |plan| plays(&plan, people_at(&plan)))
}

/// Whether a key ends where this rest of a path begins.
fn is_end_of_key(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('.')
}

/// When the first fault of the site begins, else the start.
fn people_at(plan: &Plan) -> Time {
    let site = plan.faults.iter().filter(|fault| fault.kind.hits_site());
    let starts = site.filter_map(|fault| match fault.start {
        FaultStart::At(at) => Some(at),
        FaultStart::With(_) | FaultStart::When => None,
    });
    starts.min().unwrap_or(Time::ZERO)
}
