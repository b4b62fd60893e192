//! What happened, in order. A journal alone is enough to make every report again.

mod actual;
mod causes;
mod course;
mod credit;
mod entry;
pub mod episodes;
mod expectation;
#[cfg(test)]
pub(crate) mod fixture;
mod header;
mod lines;
mod messages;
mod notification;
mod phases;
mod story;
mod stretches;
mod told;
mod totals;
mod upshot;
mod vocabulary;

pub use crate::names::Severity;
pub use actual::{Actual, IncidentPart};
pub use causes::{CauseRecord, took_effect};
pub use course::{PhaseTimeline, between, printed, spent};
pub use credit::Credit;
pub use entry::{
    APPROVED_IN_ADVANCE, AlertEntry, AttemptEntry, CauseEntry, Entry, Event, ExpectEntry,
    IncidentState, PlayStep, RoomKind, ScopeRow, Verdict,
};
pub use expectation::{Expectation, check_expectations, plays_opened};
pub use header::{
    Basis, ChangeRow, CrewRow, DRAFT, FindingRow, Header, InputRow, LimitRow, LimitStatus, Mode,
    Regular, Rehearsal, RuleRow,
};
pub use lines::{FORMAT, JournalReader, ReadError, Unreadable, VERSION, write_entry, write_header};
pub use messages::Message;
pub use notification::{AudienceTimeline, Notification};
pub use story::{FaultSpan, Incident, Story};
pub use stretches::Stretch;
pub use totals::{Closest, IncidentRequests, RuleTicks, SegmentRow, Totals};
pub use upshot::{RunConclusion, RunOutcome, Why};
pub use vocabulary::{Evidence, Interval, MessageEntry, MessageStage};
