//! A spread of several kinds of cases: 30 % are over at once, the rest takes an evening.

use super::{Ratio, Span, Spread};
use serde::{Deserialize, Serialize};

/// Up to [`Mixture::MOST`] plain spreads, each with its share of the cases. The size is fixed so
/// that a [`Spread`] stays a value that is copied.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Mixture {
    parts: [Part; Mixture::MOST],
    /// How many of the parts there are.
    len: u8,
}

/// A plain spread, in a form that does not contain a [`Spread`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Part {
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
    /// As many parts as it can have.
    pub const MOST: usize = 4;

    /// A mixture of these; `None` for none, too many, or one that is a mixture itself. The shares
    /// are taken in proportion to their sum.
    pub fn of(parts: &[(f64, Spread)]) -> Option<Mixture> {
        let sum: f64 = parts.iter().map(|(share, _)| share).sum();
        if parts.is_empty() || parts.len() > Mixture::MOST || sum.is_nan() || sum <= 0.0 {
            return None;
        }
        let unused = Part::of(0.0, Spread::Fixed(Span::ZERO))?;
        let mut mixture = Mixture { parts: [unused; Mixture::MOST], len: parts.len() as u8 };
        for (place, (share, spread)) in mixture.parts.iter_mut().zip(parts) {
            *place = Part::of(share / sum, *spread)?;
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
    pub(super) fn average(&self, of: impl Fn(Spread) -> f64) -> f64 {
        self.parts().map(|(share, spread)| share * of(spread)).sum()
    }

    /// The duration that this share of the draws does not exceed. Chances only grow with time, so
    /// it lies between the earliest and the latest of the parts and is found by halving.
    pub(super) fn quantile(&self, share: f64) -> Span {
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
    pub(super) fn map(&self, change: impl Fn(Spread) -> Spread) -> Mixture {
        let parts: Vec<(f64, Spread)> =
            self.parts().map(|(share, spread)| (share, change(spread))).collect();
        Mixture::of(&parts).unwrap_or(*self)
    }
}

impl Part {
    fn of(share: f64, spread: Spread) -> Option<Part> {
        let (kind, first, second) = match spread {
            Spread::Fixed(span) => (Plain::Fixed, span, Span::ZERO),
            Spread::About(span) => (Plain::About, span, Span::ZERO),
            Spread::Below(span) => (Plain::Below, span, Span::ZERO),
            Spread::Between(low, high) => (Plain::Between, low, high),
            Spread::Tail { median, p99 } => (Plain::Tail, median, p99),
            Spread::Exponential(mean) => (Plain::Exponential, mean, Span::ZERO),
            Spread::Mixed(_) => return None,
        };
        Some(Part { share: Ratio(share), kind, first, second })
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
mod tests {
    use super::*;

    fn m(minutes: u64) -> Span {
        Span::from_secs(60 * minutes)
    }

    fn mixture() -> Spread {
        let tail = Spread::Tail { median: m(30), p99: m(480) };
        Spread::Mixed(Mixture::of(&[(0.3, Spread::Below(m(3))), (0.7, tail)]).expect("two parts"))
    }

    #[test]
    fn a_mixture_is_its_parts_by_share() {
        let mixed = mixture();
        assert_eq!(mixed.to_string(), "30% <3m, 70% 30m (p99 8h)");
        assert!((mixed.chance_within(m(3)) - 0.3).abs() < 0.02, "little of the tail is as short");
        for share in [0.1, 0.5, 0.9, 0.99] {
            let chance = mixed.chance_within(mixed.quantile(share));
            assert!((chance - share).abs() < 1e-6, "{share}: {chance}");
        }
        let tail = Spread::Tail { median: m(30), p99: m(480) };
        let mean = 0.3 * 135.0 + 0.7 * tail.mean().seconds();
        assert!((mixed.mean().seconds() - mean).abs() < 1e-6);
        assert!((mixed.times(2.0).mean().seconds() - 2.0 * mean).abs() < 1e-6);
        assert!((mixed.times(2.0).variance() / mixed.variance() - 4.0).abs() < 1e-6);
    }

    #[test]
    fn the_variance_of_a_mixture_has_what_lies_between_its_parts() {
        let two = [(0.5, Spread::Fixed(m(0))), (0.5, Spread::Fixed(m(2)))];
        let two = Spread::Mixed(Mixture::of(&two).expect("two parts"));
        assert_eq!(two.variance(), 3600.0);
        assert_eq!(two.median(), m(0), "half of the draws are nothing");
        assert_eq!(two.p99(), m(2));
    }

    #[test]
    fn what_is_no_mixture() {
        let fixed = Spread::Fixed(m(1));
        assert_eq!(Mixture::of(&[]), None);
        assert_eq!(Mixture::of(&[(1.0, fixed); 5]), None);
        assert_eq!(Mixture::of(&[(1.0, mixture())]), None);
        assert_eq!(Mixture::of(&[(0.0, fixed)]), None);
    }
}
