//! When visits begin: the curve, the number of visits expected up to a moment, and its inverse.

use super::{Curve, Visitors};
use crate::kernel::DrawKey;
use crate::units::{Rate, Span, Time};

/// A curve laid out in pieces of linear rate, for looking up both ways.
#[derive(Debug, Clone)]
pub struct Arrivals {
    pieces: Vec<RatePiece>,
}

/// From its start to the next piece's, the rate is `rate + slope × seconds`.
#[derive(Debug, Clone, Copy)]
struct RatePiece {
    from: Time,
    /// Visits expected before it starts.
    before: f64,
    rate: f64,
    slope: f64,
}

/// One stream of visits with random draws of its own: the curve's, or a surge's.
#[derive(Debug, Clone)]
pub struct VisitSource {
    key: DrawKey,
    /// Visits per visit of the curve.
    scale: f64,
    /// Where the next visit lies on the axis of expected visits.
    expected: f64,
    /// Visits that have begun.
    visits: u64,
    /// Those who come by this source.
    pub visitors: Visitors,
}

/// Purpose of a draw from a visit's key: the time since the previous visit.
const SPACING: u64 = 1 << 32;

impl Curve {
    /// Visits per second at a moment; where the curve jumps, the rate after the jump.
    pub fn rate(&self, at: Time) -> Rate {
        Rate(self.line(at).0)
    }

    /// Visits expected in `[0, at)`.
    pub fn cumulative(&self, at: Time) -> f64 {
        Arrivals::new(self).cumulative(at)
    }

    /// Rate and slope (visits per second, and per second squared) just after a moment.
    fn line(&self, at: Time) -> (f64, f64) {
        let after = self.points.partition_point(|point| point.at <= at);
        let (rate, slope) = match (after.checked_sub(1), self.points.get(after)) {
            (Some(before), Some(next)) => {
                let point = self.points[before];
                let slope = (next.rate.0 - point.rate.0) / (next.at - point.at).seconds();
                (point.rate.0 + slope * (at - point.at).seconds(), slope)
            }
            (Some(last), None) => (self.points[last].rate.0, 0.0),
            (None, first) => (first.map_or(0.0, |point| point.rate.0), 0.0),
        };
        let hour = self.profile.partition_point(|(from, _)| *from <= at).saturating_sub(1);
        let factor = self.profile.get(hour).map_or(1.0, |(_, factor)| *factor);
        (rate * factor, slope * factor)
    }
}

impl Arrivals {
    /// The pieces of a curve.
    pub fn new(curve: &Curve) -> Arrivals {
        let corners = curve.points.iter().map(|point| point.at);
        let hours = curve.profile.iter().map(|(from, _)| *from);
        let mut starts: Vec<Time> = corners.chain(hours).chain([Time::ZERO]).collect();
        starts.sort_unstable();
        starts.dedup();
        let mut pieces: Vec<RatePiece> = Vec::with_capacity(starts.len());
        for from in starts {
            let before = pieces.last().map_or(0.0, |piece| piece.before + piece.visits(from));
            let (rate, slope) = curve.line(from);
            pieces.push(RatePiece { from, before, rate, slope });
        }
        Arrivals { pieces }
    }

    /// Visits expected in `[0, at)`.
    pub fn cumulative(&self, at: Time) -> f64 {
        let piece = self.pieces[self.pieces.partition_point(|piece| piece.from <= at) - 1];
        piece.before + piece.visits(at)
    }

    /// The moment up to which this many visits are expected; `None` if there never are that many.
    pub fn time_of(&self, cumulative: f64) -> Option<Time> {
        let after = self.pieces.partition_point(|piece| piece.before <= cumulative);
        let piece = self.pieces[after.saturating_sub(1)];
        let visits = (cumulative - piece.before).max(0.0);
        if visits == 0.0 {
            return Some(piece.from);
        }
        // The root of rate × x + slope × x² / 2 = visits that does not cancel.
        let root = (piece.rate * piece.rate + 2.0 * piece.slope * visits).max(0.0).sqrt();
        let seconds = 2.0 * visits / (piece.rate + root);
        seconds.is_finite().then(|| piece.from + Span::from_seconds(seconds))
    }
}

impl RatePiece {
    /// Visits expected between its start and a moment in it.
    fn visits(self, to: Time) -> f64 {
        let seconds = (to - self.from).seconds();
        (self.rate + self.slope * seconds / 2.0) * seconds
    }
}

impl VisitSource {
    /// The visits that are still to come are redrawn for this fork; visitors who have come already
    /// stay the same.
    pub fn fork(&mut self, luck: u64) {
        self.key = self.key.forked(luck);
    }

    /// A source that has not started; `key` is its own.
    pub fn new(key: DrawKey) -> VisitSource {
        VisitSource { key, scale: 0.0, expected: 0.0, visits: 0, visitors: Visitors::new(key) }
    }

    /// Starts at a moment, with `scale` visits per visit of the curve from there on.
    pub fn start(&mut self, at: Time, scale: f64, arrivals: &Arrivals) {
        self.scale = scale;
        self.expected = scale * arrivals.cumulative(at);
    }

    /// When the next visit begins; `None`: there is no further one. Spacings are exponential on
    /// the axis of expected visits, so scaling the curve keeps everybody's luck.
    pub fn next(&mut self, arrivals: &Arrivals) -> Option<Time> {
        self.expected += self.key.child(self.visits).child(SPACING).exponential();
        if self.scale > 0.0 { arrivals.time_of(self.expected / self.scale) } else { None }
    }

    /// The next visit begins: its key.
    pub fn begin(&mut self) -> DrawKey {
        self.visits += 1;
        self.key.child(self.visits - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::CurvePoint;
    use proptest::prelude::*;

    fn curve(points: &[(u64, f64)], profile: &[(u64, f64)]) -> Curve {
        let point = |&(at, rate)| CurvePoint { at: seconds(at), rate: Rate(rate) };
        Curve {
            points: points.iter().map(point).collect(),
            profile: profile.iter().map(|&(at, factor)| (seconds(at), factor)).collect(),
        }
    }

    fn seconds(seconds: u64) -> Time {
        Time::ZERO + Span::from_secs(seconds)
    }

    #[test]
    fn areas_of_a_known_curve() {
        let curve = curve(&[(10, 1.0), (20, 3.0), (20, 5.0)], &[(0, 1.0), (30, 0.5)]);
        let areas = [(0, 0.0), (10, 10.0), (15, 17.5), (20, 30.0), (30, 80.0), (40, 105.0)];
        for (at, area) in areas {
            assert!((curve.cumulative(seconds(at)) - area).abs() < 1e-9, "{at}");
        }
        let rates = [(0, 1.0), (15, 2.0), (20, 5.0), (30, 2.5)];
        rates.iter().for_each(|(at, rate)| assert_eq!(curve.rate(seconds(*at)), Rate(*rate)));
    }

    #[test]
    fn nothing_comes_after_a_curve_has_gone_to_zero() {
        let arrivals = Arrivals::new(&curve(&[(0, 2.0), (10, 0.0)], &[]));
        assert!((arrivals.cumulative(seconds(100)) - 10.0).abs() < 1e-9);
        assert_eq!(arrivals.time_of(7.5), Some(seconds(5)));
        assert_eq!(arrivals.time_of(10.5), None);
    }

    proptest! {
        #[test]
        fn the_inverse_is_the_inverse(
            rates in prop::collection::vec(0.0f64..50.0, 1..6),
            factors in prop::collection::vec(0.1f64..3.0, 0..4),
            at in 0.0f64..2_000.0,
        ) {
            let points = rates.iter().enumerate().map(|(i, r)| (i as u64 * 97, *r + 0.01));
            let profile = factors.iter().enumerate().map(|(i, f)| (i as u64 * 250, *f));
            let curve = curve(&points.collect::<Vec<_>>(), &profile.collect::<Vec<_>>());
            let arrivals = Arrivals::new(&curve);
            let at = Time::ZERO + Span::from_seconds(at);
            let back = arrivals.time_of(arrivals.cumulative(at)).expect("the rate is positive");
            prop_assert!(back.0.abs_diff(at.0) < 1_000, "{back:?} for {at:?}");
        }
    }

    #[test]
    fn a_doubled_curve_keeps_the_order_and_halves_the_times() {
        let arrivals = Arrivals::new(&curve(&[(0, 3.0)], &[]));
        let times = |scale: f64| {
            let mut source = VisitSource::new(DrawKey::new(1, 0, "site"));
            source.start(Time::ZERO, scale, &arrivals);
            let mut next = || {
                let at = source.next(&arrivals).expect("the rate holds");
                source.begin();
                at.seconds()
            };
            (0..500).map(|_| next()).collect::<Vec<f64>>()
        };
        let (once, twice) = (times(1.0), times(2.0));
        assert!(once.iter().zip(&twice).all(|(a, b)| (a - 2.0 * b).abs() < 1e-6));
        // 500 visits at 3/s take 167 s, give or take 4.5 % (one standard deviation).
        assert!((once[499] - 166.7).abs() < 25.0, "{}", once[499]);
    }
}
