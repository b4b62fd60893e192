//! The clock of the room: simulated time against real time.

use crate::units::{Span, Time};
use std::time::Duration;

/// A longer silence than this between two looks at the wall clock means that the computer slept.
/// A choice: looks are 250 ms apart, and a busy machine seldom delays one by so much.
const ASLEEP: Duration = Duration::from_secs(5);

/// How simulated time goes on.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pace {
    /// Simulated seconds per second.
    speed: f64,
    now: Time,
    paused: bool,
    /// Running ahead up to there, as fast as it can.
    ahead: Option<Time>,
}

impl Pace {
    /// A clock at this moment.
    pub(super) fn new(speed: f64, now: Time) -> Pace {
        Pace { speed, now, paused: false, ahead: None }
    }

    /// Lets this much of the wall clock go by; says so if it is so much that the computer must
    /// have slept, which counts as nothing.
    pub(super) fn elapse(&mut self, wall: Duration) -> Option<Duration> {
        if wall > ASLEEP {
            return (!self.paused).then_some(wall);
        }
        if !self.paused && self.ahead.is_none() {
            self.now += Span::from_seconds(wall.as_secs_f64() * self.speed);
        }
        None
    }

    /// The moment up to which everything should have happened by now.
    pub(super) fn target(&self) -> Time {
        self.ahead.filter(|_| !self.paused).unwrap_or(self.now)
    }

    /// How long to wait until a moment, `None` while the clock stands still.
    pub(super) fn until(&self, moment: Time) -> Option<Duration> {
        if self.paused {
            return None;
        }
        if self.ahead.is_some() || moment <= self.now {
            return Some(Duration::ZERO);
        }
        let seconds = moment.since(self.now).seconds() / self.speed;
        Some(Duration::from_secs_f64(seconds.min(3600.0)))
    }

    /// The clock stops at this moment: it could not keep up, or has arrived.
    pub(super) fn stop_at(&mut self, now: Time) {
        self.now = now;
        if self.ahead.is_some_and(|ahead| ahead <= now) {
            self.ahead = None;
        }
    }

    pub(super) fn now(&self) -> Time {
        self.now
    }

    pub(super) fn pause(&mut self) {
        self.paused = true;
    }

    pub(super) fn resume(&mut self) {
        self.paused = false;
    }

    pub(super) fn is_paused(&self) -> bool {
        self.paused
    }

    pub(super) fn set_speed(&mut self, speed: f64) {
        self.speed = speed;
    }

    /// Runs ahead by this much.
    pub(super) fn skip(&mut self, span: Span) {
        self.ahead = Some(self.now + span);
    }

    pub(super) fn is_ahead(&self) -> bool {
        self.ahead.is_some()
    }

    /// Stops running ahead where it is.
    pub(super) fn arrive(&mut self) {
        self.ahead = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Time {
        Time::ZERO + Span::from_secs(seconds)
    }

    #[test]
    fn time_goes_by_at_its_speed_and_stands_still() {
        let mut pace = Pace::new(4.0, seconds(100));
        assert_eq!(pace.elapse(Duration::from_secs(3)), None);
        assert_eq!(pace.now(), seconds(112));
        assert_eq!(pace.until(seconds(120)), Some(Duration::from_secs(2)));
        pace.pause();
        assert_eq!(pace.elapse(Duration::from_secs(3)), None);
        assert_eq!((pace.now(), pace.until(seconds(120))), (seconds(112), None));
        pace.resume();
        pace.set_speed(0.5);
        pace.elapse(Duration::from_secs(2));
        assert_eq!(pace.now(), seconds(113));
    }

    #[test]
    fn a_lid_that_was_closed_counts_as_nothing() {
        let mut pace = Pace::new(4.0, seconds(100));
        let slept = Duration::from_secs(1800);
        assert_eq!(pace.elapse(slept), Some(slept));
        assert_eq!(pace.now(), seconds(100));
        pace.pause();
        assert_eq!(pace.elapse(slept), None, "it stood still anyway");
    }

    #[test]
    fn running_ahead_ends_where_it_was_to_or_earlier() {
        let mut pace = Pace::new(1.0, seconds(100));
        pace.skip(Span::from_secs(600));
        pace.elapse(Duration::from_secs(1));
        assert_eq!(pace.target(), seconds(700));
        assert_eq!(pace.until(seconds(650)), Some(Duration::ZERO));
        pace.stop_at(seconds(300));
        assert!(pace.is_ahead());
        pace.arrive();
        assert_eq!((pace.target(), pace.is_ahead()), (seconds(300), false));
        pace.skip(Span::from_secs(10));
        pace.stop_at(seconds(310));
        assert!(!pace.is_ahead());
    }
}
