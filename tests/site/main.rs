//! The site against known answers: queueing theory, single mechanisms, and properties.

mod build;
mod calls;
mod faults;
mod health;
mod luck;
