//! The subcommands, one file or folder each. None depends on another.

pub(super) mod baseline;
pub(super) mod capacity;
pub(super) mod check;
pub(super) mod compare;
pub(super) mod completions;
pub(super) mod crew;
pub(super) mod explain;
pub(super) mod fill;
pub(super) mod go;
pub(super) mod hinges;
pub(super) mod judge;
pub(super) mod logs;
pub(super) mod merge;
pub(super) mod new;
pub(super) mod night;
pub(super) mod pack;
pub(super) mod plan_shards;
pub(super) mod report;
pub(super) mod rollcall;
pub(super) mod run;
pub(super) mod schema;
pub(super) mod test;
pub(super) mod tune;
pub(super) mod when;
