//! What happened, in order. A journal alone is enough to make every report again.

mod actual;
mod causes;
mod conclusion;
mod credit;
mod entry;
pub mod episodes;
mod expectation;
mod fault_sentence;
mod finding;
#[cfg(test)]
pub(crate) mod fixture;
mod header;
mod inputs;
mod limits;
mod lines;
mod messages;
mod notification;
mod phase_timeline;
mod phases;
mod plan_finding;
mod story;
mod stretches;
mod told;
mod totals;
mod vocabulary;

pub use crate::decision::{Closest, Interval};
pub use crate::names::Severity;
pub use actual::{Actual, IncidentPart};
pub use causes::{CauseRecord, took_effect};
pub use conclusion::{EndReason, RunConclusion, RunOutcome};
pub use credit::Credit;
pub use entry::{
    APPROVED_IN_ADVANCE, AlertEntry, AttemptEntry, Attribution, CauseEntry, Entry, Event,
    ExpectEntry, IncidentState, PlayStep, RoomKind, ScopeRow, Verdict,
};
pub use expectation::{Expectation, check_expectations, plays_opened};
pub use fault_sentence::{FaultBegins, FaultSentence};
pub use finding::{FindingKind, FindingRow};
pub use header::{
    ChangeRow, CrewRow, Header, RegularUpdate, Rehearsal, RuleRow, RunMode, draft_and_title,
    draft_title,
};
pub use inputs::{Basis, InputRow, WrittenAt, last_key};
pub use limits::{GIVEN, LimitKind, LimitRow, LimitStatus, LimitUnit};
pub use lines::{FORMAT, JournalReader, ReadError, Unreadable, VERSION, write_entry, write_header};
pub use messages::MessageTimeline;
pub use notification::{AudienceTimeline, HeardBy, Notification};
pub use phase_timeline::{PhaseTimeline, between, printed, spent};
pub use plan_finding::{Duty, OpenPoint, PlanFinding, UsedLadder, vacant};
pub use story::{FaultSpan, Incident, Story};
pub use stretches::Stretch;
pub use totals::{IncidentRequests, RuleTicks, SegmentRow, Totals};
pub use vocabulary::{Evidence, MessageEntry, MessageStage};
