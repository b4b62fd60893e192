//! The scenario as written: each mapping once, with its keys, what they mean and what they take.

mod change;
mod checklist;
mod document;
mod entries;
mod fault;
mod go_no_go;
mod outline;
mod people;
mod play;
mod rule;
mod shape;
mod site;
mod traffic;

pub use change::{Change, Freeze, LaunchStep};
pub use checklist::ChecklistItem;
pub use document::Document;
pub use entries::Entries;
pub use fault::Fault;
pub use go_no_go::{Attestations, Criterion, Decision};
pub use outline::{Mapping, Shape, Spelling};
pub use people::{Channel, Escalation, HoursRow, Person};
pub use play::{Play, Step, StepKeys, Trigger};
pub use rule::{Rule, Where};
pub use shape::{Complaint, KeyDoc, NotYet, OneOrMany, Pieces, Placed, Word, Written};
pub(crate) use shape::{unexpected, value, written};
pub use site::{Call, Health, Site, Tier};
pub use traffic::{AccountMix, ClientRetries, Shares, Tool, Traffic};
