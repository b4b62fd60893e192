//! What several subcommands share. It depends on none of them.

pub(super) mod array;
pub(super) mod draft;
pub(super) mod exit;
pub(super) mod files;
pub(super) mod following;
pub(super) mod interrupt;
pub(super) mod line_log;
pub(super) mod loading;
pub(super) mod log_options;
pub(super) mod named_file;
pub(super) mod options;
pub(super) mod ownership;
pub(super) mod plan;
pub(super) mod provenance;
pub(super) mod resume;
pub(super) mod saving;
pub(super) mod shard_list;
pub(super) mod shards;
pub(super) mod tail;
pub(super) mod terminal;
pub(super) mod trials;
pub(super) mod typing;

pub(super) use exit::Exit;
