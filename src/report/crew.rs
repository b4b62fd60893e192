//! How long people took in past incidents, for the terminal.

use crate::crew::CrewFit;

/// One line for each step: how many incidents tell it, its range, and how many of the incidents
/// fell within when each was left out.
pub fn crew_summary(crew: &CrewFit) -> String {
    let lines = crew.fitted.iter().map(|fitted| {
        let (inside, all) = fitted.held;
        let (low, high) = fitted.between;
        let (step, n) = (fitted.step, fitted.n);
        format!(
            "{step:<9} n {n:<4} 8 in 10 between {low} and {high}; each left out once, {inside} of \
             {all} fell inside\n"
        )
    });
    lines.collect()
}
