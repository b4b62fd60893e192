//! What `sim tune` tries, as written.

use crate::language::value::points::Points;
use crate::language::written::{Placed, written};

written! {
    /// What `sim tune` tries for the numbers of a rule: ranges such as `1%..10%`, or lists.
    Tune("what to try") {
        /// The time of `latency > LIMIT for 10% of traffic`.
        optional limit: Placed<Points> = "limit";
        /// The share of `latency > 3s for SHARE of traffic`.
        optional share: Placed<Points> = "share";
        /// The number of `error_rate > VALUE`, of a multiple, or of `latency p95 > VALUE`.
        optional value: Placed<Points> = "value";
        /// How long a breach must last.
        optional lasts: Placed<Points> = "for";
    }
}
