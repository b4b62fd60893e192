//! What keeps a caller from calling: circuit breakers, budgets for retries, and waits before them.

use super::blame::CauseId;
use super::plan::Breaker;
use crate::kernel::DrawKey;
use crate::units::{Ratio, Span, Time};

/// A circuit breaker at work, shared by all instances of the caller.
#[derive(Debug, Clone)]
pub(super) struct Circuit {
    plan: Breaker,
    state: CircuitState,
    /// The calendar minute of simulated time that `current` counts.
    minute: u64,
    current: MinuteCounts,
    previous: MinuteCounts,
    /// What the newest failure was charged to that was charged to anybody.
    blamed: CauseId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CircuitState {
    Closed,
    /// No call passes before this moment.
    Open(Time),
    /// One call has passed; everything waits for its outcome.
    Probing,
}

#[derive(Debug, Clone, Copy, Default)]
struct MinuteCounts {
    successes: u64,
    failures: u64,
}

/// What a breaker says to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BreakerDecision {
    Free,
    /// As the one that retests.
    Probe,
    Barred,
}

impl Circuit {
    pub(super) fn new(plan: Breaker) -> Circuit {
        let (current, previous) = (MinuteCounts::default(), MinuteCounts::default());
        let blamed = CauseId::NOBODY;
        Circuit { plan, state: CircuitState::Closed, minute: 0, current, previous, blamed }
    }

    /// A call that had passed has failed by this.
    pub(super) fn blames(&mut self, cause: CauseId) {
        if cause != CauseId::NOBODY {
            self.blamed = cause;
        }
    }

    /// What calls that do not pass are charged to.
    pub(super) fn opened_by(&self) -> CauseId {
        self.blamed
    }

    /// Whether a call may be sent now.
    pub(super) fn try_pass(&mut self, now: Time) -> BreakerDecision {
        match self.state {
            CircuitState::Closed => BreakerDecision::Free,
            CircuitState::Open(until) if now >= until => {
                self.state = CircuitState::Probing;
                BreakerDecision::Probe
            }
            CircuitState::Open(_) | CircuitState::Probing => BreakerDecision::Barred,
        }
    }

    /// A call that had passed has ended.
    pub(super) fn ended(&mut self, now: Time, ok: bool, probe: bool) {
        if probe {
            self.move_to(now.0 / Span::MINUTE.0);
            self.current = MinuteCounts { successes: u64::from(ok), failures: 0 };
            self.previous = MinuteCounts::default();
            self.state =
                if ok { CircuitState::Closed } else { CircuitState::Open(now + self.plan.retest) };
            return;
        }
        self.move_to(now.0 / Span::MINUTE.0);
        if ok {
            self.current.successes += 1;
            return;
        }
        self.current.failures += 1;
        let successes = self.current.successes + self.previous.successes;
        let failures = self.current.failures + self.previous.failures;
        let share = failures as f64 / (failures + successes) as f64;
        // With no success the share is 1, which reaches every threshold.
        if self.state == CircuitState::Closed && share >= self.plan.opens.0.min(1.0) {
            self.state = CircuitState::Open(now + self.plan.retest);
        }
    }

    fn move_to(&mut self, minute: u64) {
        if minute != self.minute {
            let next = minute == self.minute + 1;
            self.previous = if next { self.current } else { MinuteCounts::default() };
            self.current = MinuteCounts::default();
            self.minute = minute;
        }
    }
}

/// A retry budget: a bucket of ten tokens that starts full. Ten is a choice: as many retries may
/// come at once from a full bucket; then what first attempts add is all there is.
#[derive(Debug, Clone)]
pub(super) struct RetryBudget {
    /// What a first attempt adds.
    gain: f64,
    tokens: f64,
}

impl RetryBudget {
    const SIZE: f64 = 10.0;

    pub(super) fn new(gain: Ratio) -> RetryBudget {
        RetryBudget { gain: gain.0, tokens: Self::SIZE }
    }

    /// A first attempt is sent.
    pub(super) fn earn(&mut self) {
        self.tokens = (self.tokens + self.gain).min(Self::SIZE);
    }

    /// Pays for a retry, if there is enough.
    pub(super) fn spend(&mut self) -> bool {
        // Gains such as 0.1 do not add up to exactly 1.
        let enough = self.tokens >= 1.0 - 1e-9;
        self.tokens -= if enough { 1.0 } else { 0.0 };
        enough
    }
}

/// Purpose of a draw from a frame's or an attempt's key: how long to wait before trying again.
const JITTER: u64 = 4 << 32;

/// A wait drawn uniformly from `wait × (1 ± jitter)`.
pub(super) fn jittered(wait: Span, jitter: Ratio, key: DrawKey) -> Span {
    if jitter.0 == 0.0 {
        return wait;
    }
    wait.stretched(1.0 + jitter.0 * (2.0 * key.child(JITTER).unit() - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Time {
        Time::ZERO + Span::from_secs(seconds)
    }

    fn circuit() -> Circuit {
        Circuit::new(Breaker { opens: Ratio(0.5), retest: Span::from_secs(60) })
    }

    #[test]
    fn a_probe_that_succeeds_wipes_what_was_counted() {
        let mut circuit = circuit();
        (0..9).for_each(|_| circuit.ended(at(1), false, false));
        assert_eq!(circuit.try_pass(at(61)), BreakerDecision::Probe);
        circuit.ended(at(61), true, true);
        (0..2).for_each(|_| circuit.ended(at(62), true, false));
        // One of three is not half of them; with the nine of before it would be ten of twelve.
        circuit.ended(at(63), false, false);
        assert_eq!(circuit.try_pass(at(64)), BreakerDecision::Free);
    }

    #[test]
    fn one_failure_without_a_success_opens_it() {
        let mut circuit = circuit();
        circuit.ended(at(1), false, false);
        assert_eq!(circuit.try_pass(at(60)), BreakerDecision::Barred);
        assert_eq!(circuit.try_pass(at(61)), BreakerDecision::Probe);
        assert_eq!(circuit.try_pass(at(500)), BreakerDecision::Barred, "one probe at a time");
        circuit.ended(at(62), false, true);
        assert_eq!(circuit.try_pass(at(121)), BreakerDecision::Barred);
        assert_eq!(circuit.try_pass(at(122)), BreakerDecision::Probe);
        circuit.ended(at(123), true, true);
        assert_eq!(circuit.try_pass(at(123)), BreakerDecision::Free);
    }

    #[test]
    fn it_opens_at_half_over_this_minute_and_the_one_before() {
        let mut circuit = circuit();
        (0..4).for_each(|_| circuit.ended(at(50), true, false));
        (0..3).for_each(|_| circuit.ended(at(70), false, false));
        assert_eq!(circuit.try_pass(at(70)), BreakerDecision::Free);
        circuit.ended(at(119), false, false);
        assert_eq!(circuit.try_pass(at(119)), BreakerDecision::Barred);
    }

    #[test]
    fn a_probe_that_succeeds_counts_and_what_was_before_it_does_not() {
        let mut circuit = Circuit::new(Breaker { opens: Ratio(0.6), retest: Span::from_secs(60) });
        (0..100).for_each(|_| circuit.ended(at(1), false, false));
        assert_eq!(circuit.try_pass(at(61)), BreakerDecision::Probe);
        circuit.ended(at(62), true, true);
        circuit.ended(at(63), false, false);
        assert_eq!(circuit.try_pass(at(63)), BreakerDecision::Free, "one failure of two is 50 %");
        circuit.ended(at(64), false, false);
        assert_eq!(circuit.try_pass(at(64)), BreakerDecision::Barred, "two of three are 67 %");
    }

    #[test]
    fn successes_of_two_minutes_ago_are_forgotten() {
        let mut circuit = circuit();
        (0..100).for_each(|_| circuit.ended(at(59), true, false));
        circuit.ended(at(120), false, false);
        assert_eq!(circuit.try_pass(at(120)), BreakerDecision::Barred);
    }

    #[test]
    fn a_late_failure_of_a_call_from_before_does_not_disturb_the_probe() {
        let mut circuit = circuit();
        circuit.ended(at(1), false, false);
        assert_eq!(circuit.try_pass(at(61)), BreakerDecision::Probe);
        circuit.ended(at(62), false, false);
        circuit.ended(at(63), true, true);
        assert_eq!(circuit.try_pass(at(63)), BreakerDecision::Free);
    }

    #[test]
    fn a_budget_pays_for_ten_and_then_for_its_share() {
        let mut budget = RetryBudget::new(Ratio(0.1));
        assert_eq!((0..20).filter(|_| budget.spend()).count(), 10);
        let paid = (0..100).filter(|_| {
            budget.earn();
            budget.spend()
        });
        assert_eq!(paid.count(), 10);
    }
}
