//! What a site must keep to: `p95 < 2s`, `< 0.1%`; and how many times something is: `3x`.

use crate::language::problem::quoted;
use crate::language::value::number::decimal;
use crate::language::value::time::duration;
use crate::language::word::{ScalarValue, Spelling, ValueError};
use crate::language::written::{Entries, Placed, written};
use crate::units::{Ratio, Span, hundredths};

/// A percentile of response times that must stay below a time: `p95 < 2s`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LatencyLimit {
    /// Between 0 and 1.
    pub quantile: f64,
    pub limit: Span,
}

impl ScalarValue for LatencyLimit {
    const KIND: &'static str = "a percentile and its limit such as p95 < 2s";
    const SPELLING: Spelling = Spelling::Pattern("^p[0-9.]+ *<");

    fn parse(text: &str) -> Result<Self, ValueError> {
        let not = || ValueError::new(format!("{} is not a limit", quoted(text)), "write p95 < 2s");
        let (percentile, limit) = text.split_once('<').ok_or_else(not)?;
        let digits = percentile.trim().strip_prefix('p').ok_or_else(not)?;
        let percent = decimal(digits, "a percentile")?;
        if !(1.0..=99.9).contains(&percent) {
            let message = format!("p{percent} cannot be estimated from samples");
            return Err(ValueError::new(message, "write a percentile from p1 to p99.9"));
        }
        let limit = duration(limit.trim())?;
        if limit == Span::ZERO {
            let message = "no answer takes less than 0s";
            return Err(ValueError::new(message, "write the longest acceptable time"));
        }
        Ok(LatencyLimit { quantile: hundredths(digits).unwrap_or(percent / 100.0), limit })
    }
}

/// A share that must not be reached: `< 0.1%`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareLimit(pub Ratio);

impl ScalarValue for ShareLimit {
    const KIND: &'static str = "a limit such as < 0.1%";
    const SPELLING: Spelling = Spelling::Pattern("^< *[0-9.]+ ?%$");

    fn parse(text: &str) -> Result<Self, ValueError> {
        let Some(share) = text.strip_prefix('<') else {
            let message = format!("{} is not a limit", quoted(text));
            let hint = format!("write \"< {}\"", quoted(text).trim_matches('`'));
            return Err(ValueError::new(message, hint));
        };
        let share = Ratio::parse(share.trim())?;
        if share.0 == 0.0 {
            let message = "no share is less than 0%";
            return Err(ValueError::new(message, "write the smallest acceptable share: < 0.01%"));
        }
        Ok(ShareLimit(share))
    }
}

/// How many times as long or as much: `3x`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Factor(pub f64);

impl ScalarValue for Factor {
    const KIND: &'static str = "a factor such as 3x";
    const SPELLING: Spelling = Spelling::Pattern("^[0-9]+([.][0-9]+)? ?x$");

    fn parse(text: &str) -> Result<Self, ValueError> {
        let Some(number) = text.strip_suffix('x') else {
            let message = format!("{} is not a factor", quoted(text));
            return Err(ValueError::new(message, "write 3x for three times"));
        };
        decimal(number.trim_end(), Self::KIND).map(Factor)
    }
}

written! {
    /// What must hold at the expected peak, and what the cases of the check need.
    WrittenCapacity("the capacity check") {
        /// The share of its capacity that the peak leaves unused. Default: 30%.
        optional headroom: Placed<Ratio> = "headroom";
        /// The percentile of response times and its limit. Default: `p95 < 2s`.
        optional latency: LatencyLimit = "latency";
        /// The share of requests without a good answer. Default: `< 0.1%`.
        optional errors: ShareLimit = "errors";
        /// Zones that may be lost at the same time. Default: 1; 0 leaves the case out.
        optional zones_lost: Placed<u32> = "zones_lost";
        /// How much longer tiers take with their caches cold: `{content: 3x}`.
        optional cold: Entries<Placed<Factor>> = "cold";
        /// The share of a tier's instances that a rolling deploy takes out at once, in whole
        /// instances, at least one. Default: one at a time (calibrated: AWS CodeDeploy's
        /// default, `CodeDeployDefault.OneAtATime`).
        optional deploy: Placed<Ratio> = "deploy";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_as_people_write_them() {
        let two = Span::from_secs(2);
        let p95 = LatencyLimit { quantile: 0.95, limit: two };
        assert_eq!(LatencyLimit::parse("p95 < 2s"), Ok(p95));
        assert_eq!(LatencyLimit::parse("p95<2s"), Ok(p95));
        assert_eq!(ShareLimit::parse("< 0.1%"), Ok(ShareLimit(Ratio(0.001))));
        assert_eq!(Factor::parse("2.5x"), Ok(Factor(2.5)));
        for wrong in ["2s", "p95", "p0 < 1s", "p100 < 1s", "p95 < 0s", "q95 < 1s", "p95 > 2s"] {
            assert!(LatencyLimit::parse(wrong).is_err(), "{wrong}");
        }
        for wrong in ["0.1%", "< 0%", "< 0.1", "> 1%"] {
            assert!(ShareLimit::parse(wrong).is_err(), "{wrong}");
        }
        assert!(Factor::parse("3").is_err() && Factor::parse("-1x").is_err());
    }
}
