//! A duration as a team writes it: `3m`, `~45m`, `<5m`, `1m..4m`, `{median, p99}`, `{exponential}`.

use super::Span;
use serde::{Deserialize, Serialize};

/// The spread of a duration, before anything is drawn from it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Spread {
    /// `3m`: always this long.
    Fixed(Span),
    /// `~45m`: log-normal with this median and σ 0.25.
    About(Span),
    /// `<5m`: uniform between half of it and all of it.
    Below(Span),
    /// `1m..4m`: uniform between the two.
    Between(Span, Span),
    /// `{median: 400ms, p99: 3s}`: log-normal through both points.
    Tail { median: Span, p99: Span },
    /// `{exponential: 10ms}`: exponential with this mean.
    Exponential(Span),
}

/// The 99 % quantile of the standard normal distribution.
const Z99: f64 = 2.326_347_874_040_841;

impl Spread {
    /// σ of the log of an [`Spread::About`] duration.
    pub const ABOUT_SIGMA: f64 = 0.25;

    /// Median and σ of the log for the log-normal kinds, `None` for the others.
    pub fn log_normal(self) -> Option<(Span, f64)> {
        match self {
            Spread::About(median) => Some((median, Self::ABOUT_SIGMA)),
            Spread::Tail { median, p99 } => {
                Some((median, libm::log(p99.seconds() / median.seconds()) / Z99))
            }
            _ => None,
        }
    }

    /// The mean. Log-normal: median × exp(σ²/2).
    pub fn mean(self) -> Span {
        if let Some((median, sigma)) = self.log_normal() {
            return Span::from_seconds(median.seconds() * libm::exp(sigma * sigma / 2.0));
        }
        match self {
            Spread::Fixed(span) | Spread::Exponential(span) => span,
            Spread::Below(span) => Span(span.0 / 4 * 3 + span.0 % 4 * 3 / 4),
            Spread::Between(low, high) => Span(low.0 + (high.0 - low.0) / 2),
            Spread::About(_) | Spread::Tail { .. } => unreachable!("handled above"),
        }
    }

    /// The median: half of the draws are shorter.
    pub fn median(self) -> Span {
        match self {
            Spread::Fixed(span) | Spread::About(span) => span,
            Spread::Tail { median, .. } => median,
            Spread::Exponential(mean) => {
                Span::from_seconds(mean.seconds() * std::f64::consts::LN_2)
            }
            Spread::Below(_) | Spread::Between(..) => self.mean(),
        }
    }

    /// The variance, in seconds squared. Log-normal: mean² × (exp(σ²) − 1).
    pub fn variance(self) -> f64 {
        let mean = self.mean().seconds();
        if let Some((_, sigma)) = self.log_normal() {
            return mean * mean * libm::expm1(sigma * sigma);
        }
        let uniform = |width: f64| width * width / 12.0;
        match self {
            Spread::Fixed(_) => 0.0,
            Spread::Below(most) => uniform(most.seconds() / 2.0),
            Spread::Between(low, high) => uniform((high - low).seconds()),
            Spread::Exponential(_) => mean * mean,
            Spread::About(_) | Spread::Tail { .. } => unreachable!("handled above"),
        }
    }

    /// The 99th percentile.
    pub fn p99(self) -> Span {
        if let Some((median, sigma)) = self.log_normal() {
            return Span::from_seconds(median.seconds() * libm::exp(sigma * Z99));
        }
        let between = |low: Span, high: Span| {
            Span::from_seconds(low.seconds() + 0.99 * (high.seconds() - low.seconds()))
        };
        match self {
            Spread::Fixed(span) => span,
            Spread::Below(most) => between(most / 2, most),
            Spread::Between(low, high) => between(low, high),
            Spread::Exponential(mean) => Span::from_seconds(-mean.seconds() * libm::log(0.01)),
            Spread::About(_) | Spread::Tail { .. } => unreachable!("handled above"),
        }
    }

    /// The same kind of spread with every duration this many times as long.
    pub fn times(self, factor: f64) -> Spread {
        let longer = |span: Span| Span::from_seconds(span.seconds() * factor);
        match self {
            Spread::Fixed(span) => Spread::Fixed(longer(span)),
            Spread::About(median) => Spread::About(longer(median)),
            Spread::Below(most) => Spread::Below(longer(most)),
            Spread::Between(low, high) => Spread::Between(longer(low), longer(high)),
            Spread::Tail { median, p99 } => {
                Spread::Tail { median: longer(median), p99: longer(p99) }
            }
            Spread::Exponential(mean) => Spread::Exponential(longer(mean)),
        }
    }

    /// The chance that a draw is at most this long.
    pub fn chance_within(self, span: Span) -> f64 {
        let (at, linear) = (span.seconds(), |low: f64, high: f64| {
            let share = (span.seconds() - low) / (high - low).max(f64::MIN_POSITIVE);
            share.clamp(0.0, 1.0)
        });
        if let Some((median, sigma)) = self.log_normal() {
            let z = libm::log(at / median.seconds()) / sigma;
            return 0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2);
        }
        match self {
            Spread::Fixed(fixed) => f64::from(u8::from(fixed <= span)),
            Spread::Below(most) => linear(most.seconds() / 2.0, most.seconds()),
            Spread::Between(low, high) if low == high => f64::from(u8::from(low <= span)),
            Spread::Between(low, high) => linear(low.seconds(), high.seconds()),
            Spread::Exponential(mean) if mean == Span::ZERO => 1.0,
            Spread::Exponential(mean) => -libm::expm1(-at / mean.seconds()),
            Spread::About(_) | Spread::Tail { .. } => unreachable!("handled above"),
        }
    }

    /// What the paper promises at least, where it says so: `3m`, `~45m` and `1m..4m` do, `<5m` does
    /// not.
    pub fn printed_min(self) -> Option<Span> {
        match self {
            Spread::Below(_) => None,
            Spread::Between(low, _) => Some(low),
            Spread::Tail { median, .. } => Some(median),
            Spread::Fixed(span) | Spread::About(span) | Spread::Exponential(span) => Some(span),
        }
    }

    /// What the paper allows at most.
    pub fn paper_max(self) -> Span {
        match self {
            Spread::Between(_, high) => high,
            Spread::Tail { p99, .. } => p99,
            Spread::Fixed(span)
            | Spread::About(span)
            | Spread::Below(span)
            | Spread::Exponential(span) => span,
        }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Spread::Fixed(span) => write!(f, "{span}"),
            Spread::About(span) => write!(f, "~{span}"),
            Spread::Below(span) => write!(f, "<{span}"),
            Spread::Between(low, high) => write!(f, "{low}..{high}"),
            Spread::Tail { median, p99 } => write!(f, "median {median}, p99 {p99}"),
            Spread::Exponential(mean) => write!(f, "exponential, mean {mean}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_of_each_kind() {
        let s = Span::from_secs;
        assert_eq!(Spread::Fixed(s(3)).mean(), s(3));
        assert_eq!(Spread::Below(s(300)).mean(), s(225));
        assert_eq!(Spread::Between(s(60), s(240)).mean(), s(150));
        assert_eq!(Spread::Exponential(s(10)).mean(), s(10));
        let about = Spread::About(s(100)).mean().seconds();
        assert!((about - 103.174_3).abs() < 1e-3, "{about}");
    }

    #[test]
    fn half_of_the_draws_are_within_the_median() {
        let s = Span::from_secs;
        let tail = Spread::Tail { median: s(1), p99: s(10) };
        let spreads = [Spread::Below(s(300)), Spread::Between(s(60), s(240)), tail];
        for spread in spreads.into_iter().chain([Spread::About(s(9)), Spread::Exponential(s(7))]) {
            let chance = spread.chance_within(spread.median());
            assert!((chance - 0.5).abs() < 1e-9, "{spread}: {chance}");
        }
    }

    #[test]
    fn percentiles_agree_with_chances_and_times_with_means() {
        let s = Span::from_secs;
        let tail = Spread::Tail { median: s(1), p99: s(10) };
        let kinds = [Spread::About(s(60)), Spread::Below(s(4)), Spread::Between(s(1), s(5)), tail];
        for spread in kinds.into_iter().chain([Spread::Exponential(s(10))]) {
            let chance = spread.chance_within(spread.p99());
            assert!((chance - 0.99).abs() < 1e-6, "{spread}: {chance}");
            let ratio = spread.times(3.0).mean().seconds() / spread.mean().seconds();
            assert!((ratio - 3.0).abs() < 1e-6, "{spread}: {ratio}");
            let ratio = spread.times(3.0).variance() / spread.variance();
            assert!((ratio - 9.0).abs() < 1e-6, "{spread}: {ratio}");
        }
        assert_eq!(Spread::Fixed(s(3)).variance(), 0.0);
        assert!((Spread::Below(s(4)).variance() - 1.0 / 3.0).abs() < 1e-9);
        assert_eq!(Spread::Exponential(s(10)).variance(), 100.0);
    }

    #[test]
    fn chances_of_each_kind() {
        let s = Span::from_secs;
        let tail = Spread::Tail { median: s(1), p99: s(10) };
        for (spread, at, chance) in [
            (Spread::Fixed(s(3)), s(3), 1.0),
            (Spread::Fixed(s(3)), s(2), 0.0),
            (Spread::Below(s(4)), s(3), 0.5),
            (Spread::Between(s(1), s(5)), s(2), 0.25),
            (Spread::About(s(60)), s(60), 0.5),
            (Spread::About(s(60)), Span::ZERO, 0.0),
            (tail, s(10), 0.99),
            (Spread::Exponential(s(10)), s(10), 0.632_120_558_828_557_7),
        ] {
            let got = spread.chance_within(at);
            assert!((got - chance).abs() < 1e-9, "{spread} within {at}: {got}");
        }
    }

    #[test]
    fn a_tail_goes_through_both_points() {
        let tail = Spread::Tail { median: Span::from_secs(1), p99: Span::from_secs(10) };
        let (_, sigma) = tail.log_normal().expect("log-normal");
        assert!((libm::exp(sigma * Z99) - 10.0).abs() < 1e-9);
    }
}
