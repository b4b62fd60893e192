//! The site against known answers: queueing theory, single mechanisms, and properties.

mod build;
mod burden;
mod calls;
mod faults;
mod health;
mod luck;
mod scaling;
