//! Messages as written.

use crate::language::value::calendar::MomentSpec;
use crate::language::written::{Placed, written};
use crate::units::{Span, Spread};

written! {
    /// A message from somebody in no play: the help desk, a reporter, the partner.
    WrittenMessage("a message") {
        /// When it comes: after the start (`12m`), by the clock (`"17:12"`), or `"?"`.
        required at: Placed<MomentSpec> = "at";
        /// The role or person it is for; every holder of the role who is on duty gets it.
        required to: Placed<String> = "to";
        /// The channel by which it comes. Default: face to face.
        optional by: Placed<String> = "by";
        /// Who it comes from, in any words: `help desk`.
        optional from: Placed<String> = "from";
        /// What it says.
        required says: Placed<String> = "says";
        /// Who must be told of it by whoever reads it: `{told: decider, within: 10m}`.
        optional expect: WrittenToTell = "expect";
    }

    /// Who must be told of a message.
    WrittenToTell("{told: decider, within: 10m}") {
        /// The role or the person that must be told.
        required told: Placed<String> = "told";
        /// At most this long after the message came. Default: it is only timed.
        optional within: Placed<Span> = "within";
        /// The channel by which it is told. Default: that of the message.
        optional by: Placed<String> = "by";
        /// How long the reader takes before passing it on. Default: no time.
        optional takes: Placed<Spread> = "takes";
    }
}
