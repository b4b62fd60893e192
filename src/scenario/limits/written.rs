//! Limits that are not threads, as written.

use crate::journal::LimitKind;
use crate::language::word::{ScalarValue, Spelling, ValueError, one_of};
use crate::language::written::{OneOrMany, Placed, written};
use crate::scenario::limits::amount::{Amount, Using};
use jiff::civil::Date;

written! {
    /// Something other than threads that can run out: a service quota, connections, bandwidth.
    WrittenLimit("a limit") {
        /// How much there is: `400` at a time, `10000/s`, `50000/day`, `10 Gbit/s`, or `"?"`.
        required value: Placed<Amount> = "value";
        /// What uses it, added up: `1 per request to api`, `40 kB per request`,
        /// `1 per visit`, `20 per instance of api`, `1 per thread of api`,
        /// `1 per busy thread of api`. The use at the peak follows from the expected traffic.
        optional uses: OneOrMany<Placed<Using>> = "uses";
        /// The use at the peak, if it is known and need not be computed.
        optional at_peak: Placed<Amount> = "at_peak";
        /// `quota`, `connections`, `bandwidth`, `warm-up` or `other`. Default: by its value.
        optional kind: LimitKind = "kind";
        /// Who has checked that the value is true; `"?"` where nobody has.
        optional checked_by: Placed<String> = "checked_by";
        /// The day on which it was checked.
        optional checked_on: Placed<Date> = "checked_on";
    }
}

impl ScalarValue for LimitKind {
    const KIND: &'static str = "`quota`, `connections`, `bandwidth`, `warm-up` or `other`";
    const SPELLING: Spelling =
        Spelling::OneOf(&["quota", "connections", "bandwidth", "warm-up", "other"]);

    fn parse(text: &str) -> Result<Self, ValueError> {
        one_of(text, &LimitKind::ALL.map(|kind| (kind.word(), kind)))
    }
}
