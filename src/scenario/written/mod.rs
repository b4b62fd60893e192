//! The scenario as written: each mapping once, with its keys, what they mean and what they take.

mod autoscaling;
mod capacity;
mod change;
mod checklist;
mod document;
mod fault;
mod go_no_go;
mod limit;
mod logs;
mod outline;
mod people;
mod play;
mod rule;
mod shape;
mod site;
mod traffic;
mod tune;

pub use autoscaling::Autoscaling;
pub use capacity::Capacity;
pub use change::{Change, Freeze, LaunchStep};
pub use checklist::ChecklistItem;
pub use document::Document;
pub use fault::Fault;
pub use go_no_go::{Attestations, Criterion, Decision};
pub use limit::Limit;
pub use logs::Logs;
pub use outline::{Mapping, Shape, Spelling};
pub use people::{Channel, Escalation, HoursRow, Person};
pub use play::{Play, Step, StepKeys, Trigger};
pub use rule::{Rule, Where};
pub use shape::{Complaint, Entries, KeyDoc, NotYet, OneOrMany, Pieces, Placed, Word, Written};
pub(crate) use shape::{unexpected, value, written};
pub use site::{Call, Health, Site, Tier};
pub use traffic::{AccountMix, ClientRetries, Shares, Tool, Traffic};
pub use tune::Tune;
