//! Rules as written.

use crate::decision::Hold;
use crate::language::problem::quoted;
use crate::language::value::points::Candidates;
use crate::language::value::time::duration;
use crate::language::value::varying::Open;
use crate::language::word::{ScalarValue, Spelling, ValueError};
use crate::language::written::{OneOrMany, Placed, written};
use crate::names::Dimension;
use crate::units::{Ratio, Span};

written! {
    /// An alerting rule.
    WrittenRule("a rule") {
        /// Its name.
        required alert: Placed<String> = "alert";
        /// What counts as a breach: `error_rate > 5%`, or several conditions, each with a window
        /// of its own: `error_rate > 1.44% over 1h and error_rate > 1.44% over 5m`.
        required expr: Placed<String> = "expr";
        /// How long a breach must last (`2m`), or how often it is seen (`3 of 5`). Default: 0s;
        /// `"?"` while nobody has decided.
        optional lasts: Placed<Open<Hold>> = "for";
        /// A multiple of the baseline never counts as less than this.
        optional floor: Placed<Ratio> = "floor";
        /// The severity, in any word: `SEV-1`.
        optional severity: String = "severity";
        /// One state machine per `browser`, `login`, `account` or `tool`.
        optional by: Placed<Dimension> = "by";
        /// What it looks at: a tier, an endpoint, a part of the mix. Default: the whole site.
        optional scope: Where = "where";
        /// When it is active, by a name in `hours`. Default: always. At other times it is as if
        /// nothing were wrong.
        optional hours: OneOrMany<Placed<String>> = "hours";
        /// The time its conditions look back over, unless they say `over 5m`. Default: 1m.
        optional window: Placed<Span> = "window";
        /// It judges by its own synthetic requests instead of visitors' requests, one per this
        /// interval: `30s`. They bypass a maintenance page and a waiting room, use the tiers as
        /// they are, and count nowhere else: `where` an endpoint or a tier, else all endpoints take
        /// turns. One without an answer within the visitors' `patience` has failed.
        optional probe: Placed<Span> = "probe";
        /// What counts as ok. Default: everything that is not a breach.
        optional resolve: Placed<String> = "resolve";
        /// With fewer requests it does not judge. Default: 20; 1 with `probe`; 0 for `requests`
        /// and `errors`.
        optional min_requests: u64 = "min_requests";
        /// How long it must be ok before it resolves. Default: 1m.
        optional keep_firing_for: Span = "keep_firing_for";
        /// Missing readings for this long are an alert of their own. Default: 3m.
        optional no_data_for: Span = "no_data_for";
    }

    /// What a rule looks at: one key.
    Where("where") {
        /// Calls to this tier, as its callers see them.
        optional tier: Placed<String> = "tier";
        /// Requests to this endpoint.
        optional endpoint: Placed<String> = "endpoint";
        /// Visitors with this browser.
        optional browser: Placed<String> = "browser";
        /// Visitors with this login.
        optional login: Placed<String> = "login";
        /// Visitors with this account.
        optional account: Placed<String> = "account";
        /// Visitors using this tool.
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

impl WrittenRule {
    /// A sentence by itself, and how long it must hold.
    pub fn from_expression(expr: Placed<String>, lasts: Option<Placed<Open<Hold>>>) -> WrittenRule {
        WrittenRule {
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

impl ScalarValue for Hold {
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
