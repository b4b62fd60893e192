//! Faults as written: `verb: target`, and what belongs to the verb.

use crate::fault::OutageMode;
use crate::language::value::calendar::Moment;
use crate::language::value::number::Number;
use crate::language::word::{Spelling, ValueError, Word, one_of};
use crate::language::written::{Entries, OneOrMany, Placed, written};
use crate::units::{Ratio, Span, Spread};

written! {
    /// A fault: one verb with its target, and the keys that belong to it.
    Fault("a fault") {
        /// What people call it: `payments down`; `verb target` unless said.
        optional name: Placed<String> = "name";
        /// When it begins: a time after the start (`65m`), or by the clock (`"18:05"`).
        optional at: Placed<Moment> = "at";
        /// Begins when this change is live (only `bad-release`).
        optional with: Placed<String> = "with";
        /// How long it lasts; to the end unless said.
        optional lasts: Placed<Span> = "for";
        /// The changes that cure it.
        optional until: OneOrMany<Placed<String>> = "until";
        /// Instances of this tier do not answer.
        optional outage: Placed<String> = "outage";
        /// Work of this tier or endpoint takes longer.
        optional slow: Placed<String> = "slow";
        /// Requests to this tier or endpoint end in errors.
        optional failing: Placed<String> = "failing";
        /// Instances of this tier vanish.
        optional lost_servers: Placed<String> = "lost-servers";
        /// All instances in this zone vanish.
        optional lost_zone: Placed<String> = "lost-zone";
        /// More `visits`, or more visits to this tool.
        optional surge: Placed<String> = "surge";
        /// A release of this tier or endpoint brings errors.
        optional bad_release: Placed<String> = "bad-release";
        /// This person answers nobody.
        optional unreachable: Placed<String> = "unreachable";
        /// No reading comes (`blind: telemetry`).
        optional blind: Placed<String> = "blind";
        /// No change starts on this pipeline.
        optional blocked: Placed<String> = "blocked";
        /// The share of instances that are hit.
        optional share: Placed<Ratio> = "share";
        /// The number of instances that are hit.
        optional count: Placed<u32> = "count";
        /// The zone whose instances are hit.
        optional zone: Placed<String> = "zone";
        /// `refuse` at once, or `hang` until the caller's timeout.
        optional mode: OutageMode = "mode";
        /// Time added to each request's work.
        optional by: Span = "by";
        /// A factor: of the work's time (`slow`), of the traffic (`surge`).
        optional times: Placed<Number> = "times";
        /// The time that the work takes instead.
        optional takes: Spread = "takes";
        /// The share of requests that end in an error.
        optional errors: Ratio = "errors";
        /// Hits only these visitors: `{browser: ie11}`.
        optional only: Entries<OneOrMany<Placed<String>>> = "only";
    }
}

impl Word for OutageMode {
    const KIND: &'static str = "`refuse` or `hang`";
    const SPELLING: Spelling = Spelling::OneOf(&["refuse", "hang"]);

    fn parse(text: &str) -> Result<Self, ValueError> {
        one_of(text, &[("refuse", OutageMode::Refuse), ("hang", OutageMode::Hang)])
    }
}
