//! The record as written.

use crate::language::value::when::When;
use crate::language::written::{Placed, written};

written! {
    /// What has been said before go or no-go, oldest first.
    Record("a record of `sim go`") {
        /// The scenario that it is about, in its own words.
        required scenario: Placed<String> = "scenario";
        /// What has been said, one line each.
        optional statements: Vec<Line> = "statements";
    }

    /// Something that somebody has said: of a criterion, in the poll, or the decision.
    Line("a statement") {
        /// The criterion that it is about.
        optional criterion: Placed<String> = "criterion";
        /// The one of those who must say so.
        optional of: Placed<String> = "of";
        /// Who is polled.
        optional poll: Placed<String> = "poll";
        /// `go`, `no-go` or `hold`.
        optional decision: Placed<String> = "decision";
        /// `met`, `failed`, a number, a vote, or `withdrawn`.
        optional says: Placed<String> = "says";
        /// Whose word is withdrawn.
        optional whose: Placed<String> = "whose";
        /// Who answers for the criterion from now on.
        optional owner: Placed<String> = "owner";
        /// By when it must be known.
        optional due: When = "due";
        /// Who says so.
        required by: Placed<String> = "by";
        /// As of when it is so.
        required as_of: Placed<When> = "as_of";
        /// Where it is known from.
        optional source: Placed<String> = "source";
        /// Until when it counts.
        optional expires: Placed<When> = "expires";
        /// On which condition.
        optional condition: Placed<String> = "if";
        /// Until when the condition may be open.
        optional until: Placed<When> = "until";
        /// In their own words.
        optional words: Placed<String> = "words";
        /// When it was written down.
        optional said: Placed<When> = "said";
    }
}
