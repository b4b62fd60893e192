//! A team's own past incidents, as how long its people take: a log of incidents in, a part of a
//! scenario out, with what the fit would have said of each incident left out.

mod fit;
mod log;

pub use fit::{CrewFit, FittedStep, LEAST, StepFit, fit, yaml};
pub use log::{COLUMNS, PastIncident, PastMoment, read};
