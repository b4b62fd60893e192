//! The scenario as written: each mapping once, with its keys, what they mean and what they take.

pub mod autoscaling;
pub mod capacity;
pub mod change;
pub mod checklist;
pub mod document;
pub mod fault;
pub mod go_no_go;
pub mod limit;
pub mod logs;
pub mod people;
pub mod play;
pub mod rule;
pub mod site;
pub mod traffic;
pub mod tune;
