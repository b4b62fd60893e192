//! All integration tests: one program, because linking one for every file took longer than the
//! tests themselves. `cargo test --test all check::` runs one part.

mod authoring;
mod autoscaling;
mod bad;
mod campaign;
mod campaign_command;
mod capacity;
mod capacity_edges;
mod causes;
mod check;
mod check_screen;
mod command;
mod conditions;
mod coverage;
mod duty;
mod explain;
mod fingerprints;
mod gameday;
#[cfg(unix)]
mod hardening;
mod hdr;
mod house;
mod incidents;
mod judge;
mod judge_command;
mod judge_nginx;
mod launch_plan;
mod library;
mod limits;
mod live;
mod logs;
mod messages;
mod papers;
mod provenance;
mod readme;
mod report;
mod retries;
mod schema;
mod site;
mod support;
mod swarm;
mod theory;
mod thresholds;
mod tune;
mod typed;
mod users;
