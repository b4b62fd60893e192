//! The language that scenarios are written in: YAML in which everything knows its place, shapes of
//! what may stand where, single values, and problems with a place. It knows no section of any file.
//!
//! Text becomes a tree (`yaml`), shared parts are put under it (`include`), values are replaced
//! (`set`) and filled in (`vars`), and whoever declares its keys with `written!` reads the tree.

mod comma;
pub mod edit;
pub mod files;
pub mod include;
pub mod node;
pub mod problem;
mod render;
pub mod set;
pub mod shape;
pub mod source;
pub mod value;
pub mod vars;
pub mod word;
pub mod wording;
pub mod written;
pub mod wrong_kind;
pub mod yaml;
