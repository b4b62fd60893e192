//! A duration as a team writes it: `3m`, `~45m`, `<5m`, `1m..4m`, `{median, p99}`, `{exponential}`,
//! or a mixture of these: 30 % are over at once, the rest takes an evening.

use super::{Ratio, Span};
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
    /// `[{30%: <3m}, {70%: 30m (p99 8h)}]`: one of several, by share.
    Mixed(Mixture),
}

/// The 99 % quantile of the standard normal distribution.
const Z99: f64 = 2.326_347_874_040_841;

impl Spread {
    /// σ of the log of an [`Spread::About`] duration. Assumed: nine in ten are then between two
    /// thirds of the median and one and a half times it.
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
            Spread::Mixed(mixture) => {
                Span::from_seconds(mixture.average(|part| part.mean().seconds()))
            }
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
            Spread::Mixed(mixture) => mixture.quantile(0.5),
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
            // The mean of the squares, less the square of the mean.
            Spread::Mixed(mixture) => {
                let square = |part: Spread| part.variance() + libm::pow(part.mean().seconds(), 2.0);
                (mixture.average(square) - mean * mean).max(0.0)
            }
            Spread::Fixed(_) => 0.0,
            Spread::Below(most) => uniform(most.seconds() / 2.0),
            Spread::Between(low, high) => uniform((high - low).seconds()),
            Spread::Exponential(_) => mean * mean,
            Spread::About(_) | Spread::Tail { .. } => unreachable!("handled above"),
        }
    }

    /// The 99th percentile.
    pub fn p99(self) -> Span {
        self.quantile(0.99)
    }

    /// The duration that this share of the draws does not exceed; for shares between 0 and 1.
    pub fn quantile(self, share: f64) -> Span {
        if let Some((median, sigma)) = self.log_normal() {
            let z = if share == 0.99 { Z99 } else { normal_quantile(share) };
            return Span::from_seconds(median.seconds() * libm::exp(sigma * z));
        }
        let between = |low: Span, high: Span| {
            Span::from_seconds(low.seconds() + share * (high.seconds() - low.seconds()))
        };
        match self {
            Spread::Fixed(span) => span,
            Spread::Below(most) => between(most / 2, most),
            Spread::Between(low, high) => between(low, high),
            Spread::Exponential(mean) => {
                Span::from_seconds(-mean.seconds() * libm::log(1.0 - share))
            }
            Spread::Mixed(mixture) => mixture.quantile(share),
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
            Spread::Mixed(mixture) => Spread::Mixed(mixture.map(|part| part.times(factor))),
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
            Spread::Mixed(mixture) => mixture.average(|part| part.chance_within(span)),
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
            Spread::Mixed(mixture) => {
                let least = |(_, part): (f64, Spread)| part.printed_min();
                mixture.parts().map(least).min().flatten()
            }
        }
    }

    /// What the paper allows at most.
    pub fn paper_max(self) -> Span {
        match self {
            Spread::Between(_, high) => high,
            Spread::Tail { p99, .. } => p99,
            Spread::Mixed(mixture) => {
                mixture.parts().map(|(_, part)| part.paper_max()).max().unwrap_or_default()
            }
            Spread::Fixed(span)
            | Spread::About(span)
            | Spread::Below(span)
            | Spread::Exponential(span) => span,
        }
    }

    /// In words: a mixture, which nobody can add up in their head, with its median and its 90th
    /// percentile.
    pub fn in_words(self) -> String {
        let minutes = |share: f64| {
            let span = self.quantile(share);
            let unit = if span < Span::MINUTE { Span::SECOND.0 } else { Span::MINUTE.0 };
            Span((span.0 + unit / 2) / unit * unit)
        };
        match self {
            Spread::Mixed(mixture) => {
                format!("{mixture}; half within {}, 9 in 10 within {}", minutes(0.5), minutes(0.9))
            }
            other => other.to_string(),
        }
    }

    /// As it can be written in one line, in a variable for example: `30m (p99 8h)`.
    pub fn in_one_line(self) -> String {
        match self {
            Spread::Tail { median, p99 } => format!("{median} (p99 {p99})"),
            other => other.to_string(),
        }
    }
}

/// The standard normal quantile, by halving the interval of its distribution function: it is asked
/// for a few times per page, so that exact to the last digits matters more than speed.
fn normal_quantile(share: f64) -> f64 {
    let (mut low, mut high) = (-9.0, 9.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        match 0.5 * libm::erfc(-middle * std::f64::consts::FRAC_1_SQRT_2) < share {
            true => low = middle,
            false => high = middle,
        }
    }
    (low + high) / 2.0
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
            Spread::Mixed(mixture) => mixture.fmt(f),
        }
    }
}

/// Up to [`Mixture::MOST`] plain spreads, each with its share of the cases. The size is fixed so
/// that a [`Spread`] stays a value that is copied.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Mixture {
    parts: [PlainSpread; Mixture::MOST],
    /// How many of the parts there are.
    len: u8,
}

/// A plain spread, in a form that does not contain a [`Spread`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct PlainSpread {
    share: Ratio,
    kind: Plain,
    first: Span,
    second: Span,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Plain {
    Fixed,
    About,
    Below,
    Between,
    Tail,
    Exponential,
}

impl Mixture {
    /// As many parts as it can have. A choice: each one more makes every [`Spread`] larger.
    pub const MOST: usize = 4;

    /// A mixture of these; `None` for none, too many, or one that is a mixture itself. The shares
    /// are taken in proportion to their sum.
    pub fn new(parts: &[(f64, Spread)]) -> Option<Mixture> {
        let sum: f64 = parts.iter().map(|(share, _)| share).sum();
        if parts.is_empty() || parts.len() > Mixture::MOST || sum.is_nan() || sum <= 0.0 {
            return None;
        }
        let unused = PlainSpread::new(0.0, Spread::Fixed(Span::ZERO))?;
        let mut mixture = Mixture { parts: [unused; Mixture::MOST], len: parts.len() as u8 };
        for (place, (share, spread)) in mixture.parts.iter_mut().zip(parts) {
            *place = PlainSpread::new(share / sum, *spread)?;
        }
        Some(mixture)
    }

    /// The parts with their shares, which sum to 1.
    pub fn parts(&self) -> impl Iterator<Item = (f64, Spread)> + Clone + '_ {
        let parts = &self.parts[..usize::from(self.len)];
        parts.iter().map(|part| (part.share.0, part.spread()))
    }

    /// The part that a number in `[0, 1)` falls into.
    pub fn part_at(&self, unit: f64) -> Spread {
        let mut left = unit;
        for (share, spread) in self.parts() {
            if left < share {
                return spread;
            }
            left -= share;
        }
        // Rounding can leave a sliver above the last share.
        self.parts[usize::from(self.len) - 1].spread()
    }

    /// A sum over the parts, by share.
    fn average(&self, of: impl Fn(Spread) -> f64) -> f64 {
        self.parts().map(|(share, spread)| share * of(spread)).sum()
    }

    /// The duration that this share of the draws does not exceed. Chances only grow with time, so
    /// it lies between the earliest and the latest of the parts and is found by halving.
    fn quantile(&self, share: f64) -> Span {
        let at = |spread: Spread| spread.quantile(share).0;
        let (mut low, mut high) = (u64::MAX, 0);
        for (_, spread) in self.parts() {
            (low, high) = (low.min(at(spread)), high.max(at(spread)));
        }
        while low < high {
            let middle = low + (high - low) / 2;
            match self.average(|spread| spread.chance_within(Span(middle))) < share - 1e-12 {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        Span(low)
    }

    /// The same mixture with every part changed.
    fn map(&self, change: impl Fn(Spread) -> Spread) -> Mixture {
        let parts: Vec<(f64, Spread)> =
            self.parts().map(|(share, spread)| (share, change(spread))).collect();
        Mixture::new(&parts).unwrap_or(*self)
    }
}

impl PlainSpread {
    fn new(share: f64, spread: Spread) -> Option<PlainSpread> {
        let (kind, first, second) = match spread {
            Spread::Fixed(span) => (Plain::Fixed, span, Span::ZERO),
            Spread::About(span) => (Plain::About, span, Span::ZERO),
            Spread::Below(span) => (Plain::Below, span, Span::ZERO),
            Spread::Between(low, high) => (Plain::Between, low, high),
            Spread::Tail { median, p99 } => (Plain::Tail, median, p99),
            Spread::Exponential(mean) => (Plain::Exponential, mean, Span::ZERO),
            Spread::Mixed(_) => return None,
        };
        Some(PlainSpread { share: Ratio(share), kind, first, second })
    }

    fn spread(&self) -> Spread {
        let (first, second) = (self.first, self.second);
        match self.kind {
            Plain::Fixed => Spread::Fixed(first),
            Plain::About => Spread::About(first),
            Plain::Below => Spread::Below(first),
            Plain::Between => Spread::Between(first, second),
            Plain::Tail => Spread::Tail { median: first, p99: second },
            Plain::Exponential => Spread::Exponential(first),
        }
    }
}

impl std::fmt::Display for Mixture {
    /// As it can be written in one line: `30% <3m, 70% 30m (p99 8h)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (position, (share, spread)) in self.parts().enumerate() {
            let comma = if position == 0 { "" } else { ", " };
            // Shares that were written as percent come back without the dust of a division.
            let percent = (share * 1e6).round() / 1e4;
            write!(f, "{comma}{percent}% {}", spread.in_one_line())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
