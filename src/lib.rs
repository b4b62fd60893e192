//! `sim`: a flight simulator for launch day.

pub mod change;
pub mod decision;
pub mod fault;
pub mod gameday;
pub mod journal;
pub mod kernel;
pub mod measure;
pub mod names;
pub mod people;
pub mod report;
pub mod scenario;
pub mod site;
pub mod telemetry;
pub mod traffic;
pub mod units;

pub mod cli;
