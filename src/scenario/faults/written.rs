//! Faults as written: `verb: target`, and what belongs to the verb.

use crate::fault::OutageMode;
use crate::language::value::number::Number;
use crate::language::value::varying::{MomentOrDelay, Portion};
use crate::language::word::{ScalarValue, Spelling, ValueError, one_of};
use crate::language::written::{Entries, OneOrMany, Placed, written};
use crate::site::SeenAs;
use crate::units::Spread;

written! {
    /// Who notices a fault without any rule, and after how long.
    WrittenNotice("who notices it") {
        /// How long after its beginning, if it is still there: `30m (p99 8h)`.
        required after: Spread = "after";
        /// Who: `support`, `a tester`, `the maker of the change`; `when: {noticed: …}` of a play
        /// names it.
        required by: Placed<String> = "by";
        /// The time passes only in these hours: at night it waits for the morning.
        optional hours: Placed<String> = "hours";
    }

    /// A fault: one verb with its target, and the keys that belong to it.
    WrittenFault("a fault") {
        /// What people call it: `payments down`. Default: `verb target`.
        optional name: Placed<String> = "name";
        /// When it begins: a time after the start (`65m`, or drawn in `20m..60m`), or by the clock
        /// (`"18:05"`).
        optional at: Placed<MomentOrDelay> = "at";
        /// Begins when this is first true for the whole site, seen by the monitoring or not:
        /// `error_rate > 50% for 5m` (such as a monitor that dies under the load).
        optional starts_when: Placed<String> = "starts_when";
        /// Begins when this change is live (only `bad-release`).
        optional with: Placed<String> = "with";
        /// How long it lasts, exactly or drawn (`20m (p99 4h)`). Default: to the end.
        optional lasts: Placed<Spread> = "for";
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
        /// This person does not answer anybody.
        optional unreachable: Placed<String> = "unreachable";
        /// What the monitoring does not see: a rule, a tier's own metrics, a source of
        /// reports, or all of it (`blind: telemetry`). With `share`, that share of the requests or
        /// reports is not counted: counts fall, shares and times stay as they are.
        optional blind: Placed<String> = "blind";
        /// No change starts on this pipeline.
        optional blocked: Placed<String> = "blocked";
        /// The share of instances that are hit, or of requests that are not seen (`blind`); or the
        /// range from which it is drawn.
        optional share: Placed<Portion> = "share";
        /// The number of instances that are hit.
        optional count: Placed<u32> = "count";
        /// The zone whose instances are hit.
        optional zone: Placed<String> = "zone";
        /// `refuse` at once, or `hang` until the caller's timeout.
        optional mode: OutageMode = "mode";
        /// Time added to each request's work: `8s`, or drawn once for each run in `5s..20s`.
        optional by: Spread = "by";
        /// A factor: of the work's time (`slow`), of the traffic (`surge`).
        optional times: Placed<Number> = "times";
        /// How long the work takes instead.
        optional takes: Spread = "takes";
        /// The share of requests that end in an error, or the range it is drawn from for each
        /// run: `20%..60%`.
        optional errors: Portion = "errors";
        /// How long its damage takes to fade away gradually once it has ended: `20m`,
        /// `30m (p99 8h)`. Default: it is gone at once.
        optional fades: Placed<Spread> = "fades";
        /// Who notices it without any rule, and after how long:
        /// `{after: 1h (p99 1d), by: support}`.
        optional noticed: OneOrMany<WrittenNotice> = "noticed";
        /// How the monitoring sees its failures: `5xx` (the default), which rules count,
        /// `4xx` or `nothing`, which they do not. Users lose time either way.
        optional seen_as: Placed<SeenAs> = "seen_as";
        /// Hits only these visitors: `{browser: ie11}`.
        optional only: Entries<OneOrMany<Placed<String>>> = "only";
    }
}

impl ScalarValue for SeenAs {
    const KIND: &'static str = "`5xx`, `4xx` or `nothing`";
    const SPELLING: Spelling = Spelling::OneOf(&["5xx", "4xx", "nothing"]);

    fn parse(text: &str) -> Result<Self, ValueError> {
        one_of(text, &SeenAs::ALL.map(|seen| (seen.word(), seen)))
    }
}

impl ScalarValue for OutageMode {
    const KIND: &'static str = "`refuse` or `hang`";
    const SPELLING: Spelling = Spelling::OneOf(&["refuse", "hang"]);

    fn parse(text: &str) -> Result<Self, ValueError> {
        one_of(text, &[("refuse", OutageMode::Refuse), ("hang", OutageMode::Hang)])
    }
}
