//! All integration tests: one program, because linking one for every file took longer than the
//! tests themselves. `cargo test --test all check::` runs one part.

mod authoring;
mod autoscaling;
mod bad;
mod campaign;
mod campaign_command;
mod capacity;
mod check;
mod command;
mod explain;
mod fingerprints;
mod gameday;
mod house;
mod incidents;
mod judge;
mod judge_command;
mod judge_nginx;
mod library;
mod limits;
mod live;
mod logs;
mod messages;
mod papers;
mod readme;
mod report;
mod schema;
mod site;
mod support;
mod swarm;
mod theory;
