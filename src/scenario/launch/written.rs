//! Launch steps as written.

use crate::language::value::calendar::MomentSpec;
use crate::language::written::{Placed, written};

written! {
    /// A planned step of the launch.
    WrittenLaunchStep("a launch step") {
        /// When: by the clock (`"17:30"`), after the start (`30m`), or `"?"`.
        optional at: Placed<MomentSpec> = "at";
        /// After this earlier step, by its `step` or its change.
        optional after: Placed<String> = "after";
        /// A name for this step.
        optional step: Placed<String> = "step";
        /// The change that is made.
        optional change: Placed<String> = "change";
        /// The escalation whose first responder makes it. Default: it starts by itself.
        optional by: Placed<String> = "by";
        /// Who is told, or who tells if there is a `to`.
        optional tell: Placed<String> = "tell";
        /// Who is told.
        optional to: Placed<String> = "to";
        /// What is said.
        optional note: String = "note";
        /// The template that is filled in and sent.
        optional template: Placed<String> = "template";
    }
}
