//! The site against known answers: queueing theory, single mechanisms, and properties.

pub mod build;
mod burden;
mod calls;
mod charges;
mod faults;
mod health;
mod luck;
mod scaling;
mod waiting;
