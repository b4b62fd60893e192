//! The state table of a rule: inactive, pending, firing, and the clocks in between.

use super::tick::TickVerdict;
use crate::decision::{AlertState, Hold, Rule};
use crate::units::{Span, Time};
use std::collections::VecDeque;

/// The state of one rule on one scope.
#[derive(Debug, Clone)]
pub(super) struct Machine {
    hold: Hold,
    keep_firing_for: Span,
    no_data_for: Span,
    state: RuleState,
    /// The last tick, and whether it was judged: clocks run between two judged ticks.
    previous: Option<(Time, bool)>,
    /// The last verdict on the site, and how many ticks in a row gave it without a gap.
    run: Option<(TickVerdict, u32)>,
    missing_since: Option<Time>,
    no_data: bool,
    /// The last judged ticks, and whether they were breaches (only for `n of m`).
    judged: VecDeque<(Time, bool)>,
}

#[derive(Debug, Clone, Copy)]
enum RuleState {
    Inactive,
    Pending { since: Time, held: Span },
    Firing { at: Time, ok: Option<HoldClock> },
}

/// A stretch of ok ticks, and how long it has been judged ok.
#[derive(Debug, Clone, Copy)]
struct HoldClock {
    since: Time,
    run: Span,
}

/// Where the machine went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Move {
    pub state: AlertState,
    pub held: Span,
    /// When the breach began (pending, firing, cleared), the stretch of ok that resolved it, or
    /// the first missing tick.
    pub since: Time,
}

impl Machine {
    /// A machine at rest.
    pub fn new(rule: &Rule) -> Machine {
        Machine {
            hold: rule.hold,
            keep_firing_for: rule.keep_firing_for,
            no_data_for: rule.no_data_for,
            state: RuleState::Inactive,
            previous: None,
            run: None,
            missing_since: None,
            no_data: false,
            judged: VecDeque::new(),
        }
    }

    /// It has fired and not resolved yet.
    pub fn is_firing(&self) -> bool {
        matches!(self.state, RuleState::Firing { .. })
    }

    /// One tick at the end of a reading of this length; gives the moves in order.
    pub fn tick(&mut self, at: Time, length: Span, verdict: TickVerdict) -> Vec<Move> {
        let mut moves = Vec::new();
        self.look_for_data(at, verdict, &mut moves);
        if verdict.is_judged() {
            let ran = self.elapsed_hold(at, length, verdict);
            self.remember(at, verdict == TickVerdict::Breach);
            self.judge(at, verdict, ran, &mut moves);
        }
        self.previous = Some((at, verdict.is_judged()));
        moves
    }

    /// How far the clocks run on with a judged tick.
    ///
    /// A gap stops them, and the first tick after it starts them again. Where ticks come only one
    /// by one between gaps (every other reading is missing), no two of them would ever be next to
    /// each other, and a rule would be pending for ever: then each counts for its own reading.
    fn elapsed_hold(&mut self, at: Time, length: Span, verdict: TickVerdict) -> Span {
        let adjoining = matches!(self.previous, Some((_, true)));
        let (ran, run) = match (self.run, self.previous) {
            (Some((before, run)), Some((previous, true))) if before == verdict => {
                (at - previous, run + 1)
            }
            (Some((before, 1)), _) if before == verdict && !adjoining => (length, 1),
            (_, Some((previous, true))) => (at - previous, 1),
            _ => (Span::ZERO, 1),
        };
        self.run = Some((verdict, run));
        ran
    }

    fn look_for_data(&mut self, at: Time, verdict: TickVerdict, moves: &mut Vec<Move>) {
        if verdict != TickVerdict::Missing {
            let since = self.missing_since.take();
            if let (true, Some(since)) = (self.no_data, since) {
                self.no_data = false;
                moves.push(Move { state: AlertState::DataBack, held: at - since, since });
            }
            return;
        }
        let since = *self.missing_since.get_or_insert(at);
        if !self.no_data && at - since >= self.no_data_for {
            self.no_data = true;
            moves.push(Move { state: AlertState::NoData, held: at - since, since });
        }
    }

    fn remember(&mut self, at: Time, breach: bool) {
        if let Hold::Of { of, .. } = self.hold {
            self.judged.push_back((at, breach));
            if self.judged.len() > of as usize {
                self.judged.pop_front();
            }
        }
    }

    fn judge(&mut self, at: Time, verdict: TickVerdict, ran: Span, moves: &mut Vec<Move>) {
        match (self.state, verdict) {
            (RuleState::Inactive, TickVerdict::Breach) => match self.hold {
                Hold::For(_) => {
                    moves.push(Move { state: AlertState::Pending, held: Span::ZERO, since: at });
                    self.hold_on(at, at, Span::ZERO, moves);
                }
                Hold::Of { n, .. } => self.count(at, n, moves),
            },
            (RuleState::Inactive, _) => {}
            (RuleState::Pending { since, held }, TickVerdict::Breach) => {
                self.hold_on(at, since, held + ran, moves);
            }
            (RuleState::Pending { since, held }, _) => {
                self.state = RuleState::Inactive;
                moves.push(Move { state: AlertState::Cleared, held, since });
            }
            (RuleState::Firing { at: fired, ok }, TickVerdict::Ok) => {
                let clock = match ok {
                    Some(clock) => HoldClock { run: clock.run + ran, ..clock },
                    None => HoldClock { since: at, run: Span::ZERO },
                };
                self.state = RuleState::Firing { at: fired, ok: Some(clock) };
                if clock.run >= self.keep_firing_for {
                    self.state = RuleState::Inactive;
                    // What was seen before it resolved has been dealt with.
                    self.judged.clear();
                    let (held, since) = (at - fired, clock.since);
                    moves.push(Move { state: AlertState::Resolved, held, since });
                }
            }
            (RuleState::Firing { at, .. }, _) => self.state = RuleState::Firing { at, ok: None },
        }
    }

    /// Pending, and firing once the breach has been held long enough.
    fn hold_on(&mut self, at: Time, since: Time, held: Span, moves: &mut Vec<Move>) {
        self.state = RuleState::Pending { since, held };
        if matches!(self.hold, Hold::For(long) if held >= long) {
            self.fire(at, Move { state: AlertState::Firing, held, since }, moves);
        }
    }

    /// Firing once enough of the last judged ticks were breaches.
    fn count(&mut self, at: Time, n: u32, moves: &mut Vec<Move>) {
        let mut breaches = self.judged.iter().filter(|(_, breach)| *breach).map(|(at, _)| *at);
        let since = breaches.next().expect("this tick is one");
        if 1 + breaches.count() >= n as usize {
            self.fire(at, Move { state: AlertState::Firing, held: at - since, since }, moves);
        }
    }

    fn fire(&mut self, at: Time, firing: Move, moves: &mut Vec<Move>) {
        self.state = RuleState::Firing { at, ok: None };
        moves.push(firing);
    }
}
