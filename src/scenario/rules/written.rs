//! Rules as written.

use crate::decision::Hold;
use crate::language::problem::quoted;
use crate::language::value::points::Candidates;
use crate::language::value::time::duration;
use crate::language::value::varying::Open;
use crate::language::word::{Spelling, ValueError, Word};
use crate::language::written::{OneOrMany, Placed, written};
use crate::names::Dimension;
use crate::units::{Ratio, Span};

written! {
    /// An alerting rule.
    Rule("a rule") {
        /// Its name.
        required alert: Placed<String> = "alert";
        /// What counts as a breach: `error_rate > 5%`, also several conditions, each with a window
        /// of its own: `error_rate > 1.44% over 1h and error_rate > 1.44% over 5m`.
        required expr: Placed<String> = "expr";
        /// How long a breach must last (`2m`), or how often it is seen (`3 of 5`); 0s unless said,
        /// `"?"` while nobody has decided.
        optional lasts: Placed<Open<Hold>> = "for";
        /// A multiple of the baseline never counts as less than this.
        optional floor: Placed<Ratio> = "floor";
        /// A word for how bad it is: `SEV-1`.
        optional severity: String = "severity";
        /// One state machine per `browser`, `login`, `account` or `tool`.
        optional by: Placed<Dimension> = "by";
        /// What it looks at: a tier, an endpoint, a part of the mix; the site unless said.
        optional scope: Where = "where";
        /// When it is active, by a name of `hours`; always unless said. At other times it is as if
        /// nothing were wrong.
        optional hours: OneOrMany<Placed<String>> = "hours";
        /// The time that its conditions look back over, unless they say `over 5m`; 1m unless said.
        optional window: Placed<Span> = "window";
        /// It judges by synthetic requests of its own instead of those of visitors, one each such
        /// time: `30s`. They pass a maintenance page and a waiting room, go through the tiers as
        /// they are, and count for nobody else: `where` an endpoint or a tier, or all endpoints in
        /// turn. One without an answer within the visitors' `patience` has failed.
        optional probe: Placed<Span> = "probe";
        /// What counts as ok; everything that is not a breach unless said.
        optional resolve: Placed<String> = "resolve";
        /// With fewer requests it does not judge; 20 unless said, 1 with `probe`, 0 for `requests`
        /// and `errors`.
        optional min_requests: u64 = "min_requests";
        /// How long it must be ok before it resolves; 1m unless said.
        optional keep_firing_for: Span = "keep_firing_for";
        /// Missing readings for this long are an alert of their own; 3m unless said.
        optional no_data_for: Span = "no_data_for";
    }

    /// What a rule looks at: one key.
    Where("where") {
        /// Calls to a tier, as their callers see them.
        optional tier: Placed<String> = "tier";
        /// Requests of an endpoint.
        optional endpoint: Placed<String> = "endpoint";
        /// Visitors with a browser.
        optional browser: Placed<String> = "browser";
        /// Visitors with a login.
        optional login: Placed<String> = "login";
        /// Visitors with an account.
        optional account: Placed<String> = "account";
        /// Visitors of a tool.
        optional tool: Placed<String> = "tool";
        /// Reports to a source of `reports:` under `traffic`; only for the measure `reports`.
        optional source: Placed<String> = "source";
    }
}

written! {
    /// What `sim tune` tries for the numbers of a rule: ranges such as `1%..10%`, or lists.
    Tune("what to try") {
        /// The time of `latency > LIMIT for 10% of traffic`.
        optional limit: Placed<Candidates> = "limit";
        /// The share of `latency > 3s for SHARE of traffic`.
        optional share: Placed<Candidates> = "share";
        /// The number of `error_rate > VALUE`, of a multiple, or of `latency p95 > VALUE`.
        optional value: Placed<Candidates> = "value";
        /// How long a breach must last.
        optional lasts: Placed<Candidates> = "for";
    }
}

impl Rule {
    /// A sentence by itself, and how long it must hold.
    pub fn of(expr: Placed<String>, lasts: Option<Placed<Open<Hold>>>) -> Rule {
        Rule {
            place: expr.place,
            written: Vec::new(),
            expr: Some(expr),
            lasts,
            alert: None,
            floor: None,
            severity: None,
            by: None,
            scope: None,
            hours: None,
            window: None,
            probe: None,
            resolve: None,
            min_requests: None,
            keep_firing_for: None,
            no_data_for: None,
        }
    }
}

impl Word for Hold {
    const KIND: &'static str = "a duration such as 2m, or a count of ticks such as `3 of 5`";
    const SPELLING: Spelling = Spelling::Pattern("^[0-9.]+ ?[a-z]");

    fn parse(text: &str) -> Result<Self, ValueError> {
        let Some((n, of)) = text.split_once(" of ") else {
            return duration(text).map(Hold::For);
        };
        let (n, of) = (u32::parse(n.trim())?, u32::parse(of.trim())?);
        if n == 0 || n > of || of > 1_000 {
            let message = format!("{} cannot be", quoted(text));
            return Err(ValueError::new(message, "write it like `3 of 5`"));
        }
        Ok(Hold::Of { n, of })
    }
}
