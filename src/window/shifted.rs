//! The same plan, begun later in the day.

use crate::scenario::Plan;
use crate::traffic::{Curve, CurvePoint};
use crate::units::{Calendar, Rate, Span, Time};

/// A plan that begins so much later: hours of people, rules and freezes, and the traffic, stay
/// where they are by the clock; launch steps, faults and everything else keep their time after the
/// start.
pub(super) fn begun_later(plan: &Plan, by: Span, lasts: Span) -> Plan {
    let mut plan = plan.clone();
    let starts = plan.calendar.at(Time::ZERO + by);
    plan.calendar = Calendar::new(starts);
    plan.lasts = lasts;
    plan.traffic.curve = curve(&plan.traffic.curve, by);
    for person in &mut plan.playbook.roster.people {
        person.on_duty = windows(&person.on_duty, by);
    }
    for rule in &mut plan.playbook.rules {
        rule.active = rule.active.as_deref().map(|active| windows(active, by));
    }
    for fault in &mut plan.faults {
        for notice in &mut fault.notices {
            notice.hours = notice.hours.as_deref().map(|hours| windows(hours, by));
        }
    }
    plan.playbook.changes.freezes.retain_mut(|freeze| {
        (freeze.from, freeze.to) = (earlier(freeze.from, by), earlier(freeze.to, by));
        freeze.from < freeze.to
    });
    plan
}

fn earlier(time: Time, by: Span) -> Time {
    Time(time.0.saturating_sub(by.0))
}

/// Stretches of time that are left.
fn windows(of: &[(Time, Time)], by: Span) -> Vec<(Time, Time)> {
    let moved = of.iter().map(|(from, to)| (earlier(*from, by), earlier(*to, by)));
    moved.filter(|(from, to)| from < to).collect()
}

/// The curve by the clock; what it was at the new start holds before the next corner.
fn curve(curve: &Curve, by: Span) -> Curve {
    let start = Time::ZERO + by;
    let later = curve.points.iter().filter(|point| point.at > start);
    let first = CurvePoint { at: Time::ZERO, rate: bare(&curve.points, start) };
    let points = std::iter::once(first)
        .chain(later.map(|point| CurvePoint { at: earlier(point.at, by), ..*point }))
        .collect();
    let before = curve.profile.iter().rev().find(|(from, _)| *from <= start);
    let after = curve.profile.iter().filter(|(from, _)| *from > start);
    let profile = before
        .map(|(_, factor)| (Time::ZERO, *factor))
        .into_iter()
        .chain(after.map(|(from, factor)| (earlier(*from, by), *factor)))
        .collect();
    Curve { points, profile }
}

/// The rate between corners, without the factors of hours.
fn bare(points: &[CurvePoint], at: Time) -> Rate {
    let next = points.iter().position(|point| point.at > at);
    match next {
        Some(0) => points[0].rate,
        None => points[points.len() - 1].rate,
        Some(next) => {
            let (from, to) = (points[next - 1], points[next]);
            let share = at.since(from.at).seconds() / to.at.since(from.at).seconds();
            Rate(from.rate.0 + (to.rate.0 - from.rate.0) * share)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(minutes: u64) -> Time {
        Time::ZERO + Span::from_secs(60 * minutes)
    }

    #[test]
    fn traffic_stays_by_the_clock() {
        let point = |at, rate| CurvePoint { at: minutes(at), rate: Rate(rate) };
        let whole = Curve {
            points: vec![point(0, 1.0), point(60, 3.0), point(90, 2.0)],
            profile: vec![(Time::ZERO, 1.0), (minutes(45), 0.5), (minutes(100), 2.0)],
        };
        for by in [0, 10, 30, 60, 75, 90, 120] {
            let moved = curve(&whole, Span::from_secs(60 * by));
            for at in 0..120 {
                let (one, other) = (whole.rate(minutes(at + by)).0, moved.rate(minutes(at)).0);
                assert!((one - other).abs() < 1e-9, "{at} min after {by}: {one} and {other}");
            }
        }
    }

    #[test]
    fn hours_that_are_over_are_gone() {
        let hours = [(minutes(0), minutes(30)), (minutes(40), minutes(60))];
        let by = |by: u64| windows(&hours, Span::from_secs(60 * by));
        assert_eq!(by(10), [(minutes(0), minutes(20)), (minutes(30), minutes(50))]);
        assert_eq!(by(50), [(minutes(0), minutes(10))]);
        assert_eq!(by(60), []);
    }
}
