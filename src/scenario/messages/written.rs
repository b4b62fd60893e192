//! Messages as written.

use crate::language::value::calendar::Moment;
use crate::language::written::{Placed, written};
use crate::units::{Span, Spread};

written! {
    /// A message from somebody whom no play knows: the help desk, a reporter, the partner.
    Message("a message") {
        /// When it comes: after the start (`12m`), by the clock (`"17:12"`), or `"?"`.
        required at: Placed<Moment> = "at";
        /// The role or the person that it is for; everybody of them who is on duty gets it.
        required to: Placed<String> = "to";
        /// The channel by which it comes; face to face unless said.
        optional by: Placed<String> = "by";
        /// Whose voice it is, in any words: `help desk`.
        optional from: Placed<String> = "from";
        /// What it says.
        required says: Placed<String> = "says";
        /// Who must be told of it by whoever reads it: `{told: decider, within: 10m}`.
        optional expect: ToTell = "expect";
    }

    /// Who must be told of a message.
    ToTell("{told: decider, within: 10m}") {
        /// The role or the person that must be told.
        required told: Placed<String> = "told";
        /// At most so long after the message came; it is only timed unless said.
        optional within: Placed<Span> = "within";
        /// The channel by which it is told; that of the message unless said.
        optional by: Placed<String> = "by";
        /// How long whoever reads the message takes before it is told; no time unless said.
        optional takes: Placed<Spread> = "takes";
    }
}
