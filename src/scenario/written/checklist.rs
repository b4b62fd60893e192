//! The checklist as written.

use crate::language::written::{Placed, written};
use crate::scenario::value::words::Done;
use jiff::civil::Date;

written! {
    /// Something that must be done before the launch.
    ChecklistItem("an item of the checklist") {
        /// What must be done: `conference line tested`.
        required item: Placed<String> = "item";
        /// Who does it; `"?"` where nobody does.
        optional owner: Placed<String> = "owner";
        /// The day by which it must be done.
        optional due: Placed<Date> = "due";
        /// `true`, or the day on which it was done; `false` unless said.
        optional done: Placed<Done> = "done";
    }
}
