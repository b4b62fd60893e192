//! Several scenarios of one launch, checked together.

use crate::language::problem::{PlanPart, Problems};
use crate::language::source::{Place, SourceText};
use crate::scenario::{LoadedPlan, load};

/// Reads and checks each file, with some values replaced; what one leaves out of the launch plan
/// and another exercises is not a finding, and what all of them leave out is one only once. What is
/// wrong in a part that several files include is told with the first of them; the others are errors
/// without a problem then.
pub fn check(
    read: Vec<Result<SourceText, Problems>>,
    sets: &[(String, String)],
) -> Vec<Result<LoadedPlan, Problems>> {
    let load = |source: Result<SourceText, Problems>| source.and_then(|source| load(&source, sets));
    let mut checked: Vec<Result<LoadedPlan, Problems>> = read.into_iter().map(load).collect();
    let left_out: Vec<Vec<PlanPart>> = checked.iter().map(unexercised).collect();
    let exercises = |at: usize, part: &PlanPart| {
        checked[at].as_ref().is_ok_and(|loaded| has(loaded, part)) && !left_out[at].contains(part)
    };
    let files = 0..left_out.len();
    let kept: Vec<Vec<PlanPart>> = files
        .clone()
        .map(|file| {
            let told = |part: &&PlanPart| {
                let earlier = left_out[..file].iter().any(|others| others.contains(part));
                !earlier && !files.clone().any(|other| exercises(other, part))
            };
            left_out[file].iter().filter(told).cloned().collect()
        })
        .collect();
    for (loaded, kept) in checked.iter_mut().zip(kept) {
        let Ok(loaded) = loaded else { continue };
        let told = |part: &Option<PlanPart>| part.as_ref().is_none_or(|part| kept.contains(part));
        loaded.warnings.retain(|problem| told(&problem.unexercised));
    }
    report_shared_problems_once(&mut checked);
    checked
}

/// What is wrong in a part that several files share is reported with the first of them.
fn report_shared_problems_once(checked: &mut [Result<LoadedPlan, Problems>]) {
    let mut told: Vec<(String, Place, String)> = Vec::new();
    for checked in checked {
        let problems = match checked {
            Ok(loaded) => &mut loaded.warnings,
            Err(problems) => problems,
        };
        let all = problems.clone();
        problems.retain(|problem| {
            let path = all.path(problem.place).to_string();
            let problem = (path, Place { source: 0, ..problem.place }, problem.message.clone());
            let new = !told.contains(&problem);
            told.extend(new.then_some(problem));
            new
        });
    }
}

fn unexercised(loaded: &Result<LoadedPlan, Problems>) -> Vec<PlanPart> {
    let warnings = loaded.iter().flat_map(|loaded| loaded.warnings.iter());
    warnings.filter_map(|problem| problem.unexercised.clone()).collect()
}

fn has(loaded: &LoadedPlan, part: &PlanPart) -> bool {
    let names = &loaded.plan.names;
    let known = match part.kind {
        "change" => &names.changes,
        "play" => &names.plays,
        "role" => &names.roles,
        _ => &names.rules,
    };
    known.contains(&part.name)
}
