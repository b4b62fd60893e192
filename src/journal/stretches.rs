//! Where the minutes of an attempt went: named stretches that follow each other without a gap.

use super::entry::AttemptEntry;
use super::phase_timeline::between;
use crate::decision::{AttemptOutcome, Interval};
use crate::units::{Span, Time};

/// One interval of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// What was going on.
    pub interval: Interval,
    /// Its start, which is the end of the stretch before it.
    pub from: Time,
    /// Its end.
    pub to: Time,
}

impl Stretch {
    /// How long it took.
    pub fn length(&self) -> Span {
        self.to - self.from
    }

    /// How long it took, as people read it: from the second that its start is printed as to that of
    /// its end, so that what is printed adds up. What takes under a second keeps its length.
    pub fn printed(&self) -> Span {
        between(self.from, self.to)
    }
}

impl AttemptEntry {
    /// The stretches of this attempt, in order of time. They lead from `started_at` to `ended_at`
    /// without gap or overlap, so their lengths add up to the total to the nanosecond.
    ///
    /// Milestones outside the attempt are left out; what follows the last one is named by outcome.
    pub fn stretches(&self) -> Vec<Stretch> {
        let mut stretches = Vec::new();
        let mut from = self.start.started_at;
        for (interval, to) in self.milestones() {
            stretches.push(Stretch { interval, from, to });
            from = to;
        }
        if from < self.ended_at {
            let last = stretches.last().map(|stretch| stretch.interval);
            let interval = self.interval_at_end(last);
            stretches.push(Stretch { interval, from, to: self.ended_at });
        }
        stretches
    }

    /// The intervals that end with one of these moments, when somebody was seen to act: `people`
    /// answered, `pipelines` moved a change on.
    pub fn measured_by(&self, people: &[Time], pipelines: &[Time]) -> Vec<Interval> {
        let seen = |(interval, time): &(Interval, Time)| {
            let moments = if interval.is_human() { people } else { pipelines };
            moments.contains(time)
        };
        let milestones = self.milestones().into_iter().filter(seen);
        milestones.map(|(interval, _)| interval).collect()
    }

    /// How the times of people in it are known: `simulated`, `measured`, or `mixed`; without any,
    /// how the rest is.
    pub fn evidence(&self) -> &'static str {
        let stretches = self.stretches();
        let human = stretches.iter().filter(|stretch| stretch.interval.is_human());
        let human: Vec<bool> =
            human.map(|stretch| self.measured.contains(&stretch.interval)).collect();
        match (human.contains(&true), human.contains(&false)) {
            (true, true) => "mixed",
            (true, false) => "measured",
            (false, false) if !self.measured.is_empty() => "measured",
            (false, _) => "simulated",
        }
    }

    /// The milestones within the attempt with the intervals that they end, earliest first; those of
    /// the same moment in the order of a response.
    fn milestones(&self) -> Vec<(Interval, Time)> {
        let times = [
            (Interval::Wait, self.reached.opened_at),
            (Interval::Detect, self.reached.alerted_at),
            (Interval::Acknowledge, self.reached.acknowledged_at),
            (Interval::Declare, self.reached.declared_at),
            (Interval::Diagnose, self.reached.chosen_at),
            (Interval::Decide, self.reached.decided_at),
            (Interval::Queue, self.reached.deploying_at),
            (Interval::Deploy, self.reached.deployed_at),
            (Interval::Propagate, self.reached.live_at),
        ];
        let within = |(interval, time): (Interval, Option<Time>)| {
            let time =
                time.filter(|time| (self.start.started_at..=self.ended_at).contains(time))?;
            Some((interval, time))
        };
        let mut milestones: Vec<_> = times.into_iter().filter_map(within).collect();
        milestones.sort_by_key(|(_, time)| *time);
        milestones
    }

    /// What was going on between the last milestone and the end.
    fn interval_at_end(&self, last: Option<Interval>) -> Interval {
        match self.outcome {
            AttemptOutcome::Recovered => Interval::Recover,
            AttemptOutcome::NotVerified => Interval::Verify,
            AttemptOutcome::ChangeFailed => Interval::Deploy,
            AttemptOutcome::Frozen => Interval::Queue,
            AttemptOutcome::Refused => Interval::Decide,
            AttemptOutcome::NotDeclared => Interval::Declare,
            AttemptOutcome::Contained
            | AttemptOutcome::Live
            | AttemptOutcome::Stalled
            | AttemptOutcome::Open => self.interval_after(last),
        }
    }

    /// The interval that follows one in the order of the play.
    fn interval_after(&self, last: Option<Interval>) -> Interval {
        let ordered = self.reached.ordered_at.is_some_and(|time| time <= self.ended_at);
        match last {
            None | Some(Interval::Wait) if self.number == 1 => Interval::Detect,
            Some(Interval::Queue) => Interval::Deploy,
            Some(Interval::Deploy) => Interval::Propagate,
            Some(Interval::Propagate | Interval::Recover | Interval::Verify) => Interval::Recover,
            _ if ordered => Interval::Queue,
            None | Some(Interval::Wait) if self.change.is_some() => Interval::Decide,
            None | Some(Interval::Wait | Interval::Detect) => Interval::Acknowledge,
            Some(Interval::Acknowledge) => Interval::Declare,
            Some(Interval::Declare) => Interval::Diagnose,
            Some(Interval::Diagnose) => Interval::Decide,
            Some(Interval::Decide) => Interval::Queue,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::{KnownStart, Milestones};
    use proptest::prelude::*;

    const OUTCOMES: [AttemptOutcome; 10] = [
        AttemptOutcome::Recovered,
        AttemptOutcome::Contained,
        AttemptOutcome::Live,
        AttemptOutcome::NotVerified,
        AttemptOutcome::ChangeFailed,
        AttemptOutcome::Frozen,
        AttemptOutcome::Refused,
        AttemptOutcome::NotDeclared,
        AttemptOutcome::Stalled,
        AttemptOutcome::Open,
    ];

    fn attempt(
        number: u32,
        start: u64,
        times: [Option<u64>; 10],
        end: u64,
        outcome: AttemptOutcome,
    ) -> AttemptEntry {
        let [
            opened_at,
            alerted_at,
            acknowledged_at,
            declared_at,
            chosen_at,
            decided_at,
            ordered_at,
            deploying_at,
            deployed_at,
            live_at,
        ] = times.map(|time| time.map(Time));
        AttemptEntry {
            incident: 0,
            play: None,
            number,
            change: None,
            cause: String::new(),
            start: KnownStart { fault: None, started_at: Time(start) },
            reached: Milestones {
                opened_at,
                alerted_at,
                acknowledged_at,
                declared_at,
                chosen_at,
                decided_at,
                ordered_at,
                deploying_at,
                deployed_at,
                live_at,
            },
            ended_at: Time(end),
            outcome,
            responder: None,
            channel: None,
            decider: None,
            measured: Vec::new(),
        }
    }

    fn named(attempt: &AttemptEntry) -> Vec<(&'static str, u64)> {
        attempt.stretches().iter().map(|s| (s.interval.word(), s.length().0)).collect()
    }

    const N: Option<u64> = None;

    #[test]
    fn a_whole_response() {
        let times = [N, Some(15), Some(20), Some(22), Some(30), Some(33), Some(33), Some(40)];
        let times = [&times[..], &[Some(60), Some(65)]].concat().try_into().expect("ten");
        let expected = [
            ("detect", 5),
            ("acknowledge", 5),
            ("declare", 2),
            ("triage", 8),
            ("decide", 3),
            ("queue", 7),
            ("deploy", 20),
            ("propagate", 5),
            ("recover", 11),
        ];
        assert_eq!(named(&attempt(1, 10, times, 76, AttemptOutcome::Recovered)), expected);
        let failed = named(&attempt(1, 10, times, 76, AttemptOutcome::NotVerified));
        assert_eq!(failed.last(), Some(&("verify", 11)));
        let page = named(&attempt(1, 10, times, 65, AttemptOutcome::Contained));
        assert_eq!(page.last(), Some(&("propagate", 5)));
    }

    #[test]
    fn skipped_steps_are_left_out() {
        let times = [Some(10), N, N, N, N, N, Some(10), Some(10), Some(190), Some(190)];
        let later = attempt(2, 0, times, 190, AttemptOutcome::Contained);
        let expected = [("wait", 10), ("queue", 0), ("deploy", 180), ("propagate", 0)];
        assert_eq!(named(&later), expected);
    }

    #[test]
    fn what_was_in_progress_when_it_ended() {
        let alerted = [N, Some(5), N, N, N, N, N, N, N, N];
        let chosen = [N, Some(5), Some(6), Some(7), Some(8), N, N, N, N, N];
        let ordered = [N, Some(5), Some(6), Some(7), Some(8), N, Some(8), N, N, N];
        let deploying = [N, Some(5), N, N, N, N, Some(5), Some(5), N, N];
        let cases = [
            (1, [N; 10], AttemptOutcome::Open, "detect"),
            (2, [N; 10], AttemptOutcome::Open, "acknowledge"),
            (1, alerted, AttemptOutcome::Stalled, "acknowledge"),
            (1, chosen, AttemptOutcome::Stalled, "decide"),
            (1, chosen, AttemptOutcome::Frozen, "queue"),
            (1, ordered, AttemptOutcome::Open, "queue"),
            (1, deploying, AttemptOutcome::Open, "deploy"),
            (1, deploying, AttemptOutcome::ChangeFailed, "deploy"),
        ];
        for (number, times, outcome, word) in cases {
            let stretches = named(&attempt(number, 0, times, 100, outcome));
            let last = stretches.last().expect("time has passed");
            assert_eq!(last.0, word, "{outcome:?} after {times:?}");
        }
    }

    #[test]
    fn a_milestone_after_the_end_is_no_part_of_it() {
        let times = [N, Some(5), Some(50), N, N, N, N, N, N, N];
        let open = attempt(1, 0, times, 40, AttemptOutcome::Open);
        assert_eq!(named(&open), [("detect", 5), ("acknowledge", 35)]);
    }

    proptest! {
        /// Whatever milestones are known, the stretches lead from the start to the end.
        #[test]
        fn stretches_add_up(
            number in 1u32..4,
            start in 0u64..100,
            times in prop::array::uniform10(prop::option::of(0u64..300)),
            length in 0u64..200,
            outcome in prop::sample::select(&OUTCOMES[..]),
        ) {
            let attempt = attempt(number, start, times, start + length, outcome);
            let mut at = attempt.start.started_at;
            for stretch in attempt.stretches() {
                prop_assert_eq!(stretch.from, at);
                at = stretch.to;
            }
            prop_assert_eq!(at, attempt.ended_at);
        }
    }
}
