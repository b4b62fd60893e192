//! The cause that has spoilt a request so far, carried along with it.

use super::conditions::Surge;
use crate::names::{FaultId, TierId};
use crate::units::Span;

/// A cause in two bytes: nobody, a fault, or a tier that had no room. Which fault that shortage
/// comes from is only looked for when something is charged to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct CauseId(u16);

/// A fault in two bytes, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct FaultRef(u16);

/// What a [`CauseId`] identifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ResolvedCause {
    Nobody,
    Fault(FaultId),
    NoRoom(TierId),
}

/// Causes from here on are tiers, those below faults.
const TIERS: u16 = 1 << 15;

impl CauseId {
    /// Nobody's doing.
    pub const NOBODY: CauseId = CauseId(0);

    /// A fault's doing. The faults after the first 32,766 of a scenario cannot be told apart from
    /// nobody's doing, which saves each request from carrying more.
    #[inline]
    pub fn fault(fault: FaultId) -> CauseId {
        CauseId(if fault.0 < TIERS - 1 { fault.0 + 1 } else { 0 })
    }

    /// That of a fault if there is one, else nobody's.
    #[inline]
    pub fn from_fault(fault: Option<FaultId>) -> CauseId {
        fault.map_or(CauseId::NOBODY, CauseId::fault)
    }

    /// A tier had no room.
    #[inline]
    pub fn no_room(tier: TierId) -> CauseId {
        CauseId(if tier.0 < TIERS { TIERS | tier.0 } else { 0 })
    }

    /// What it identifies.
    pub fn named(self) -> ResolvedCause {
        match self.0 {
            0 => ResolvedCause::Nobody,
            fault if fault < TIERS => ResolvedCause::Fault(FaultId(fault - 1)),
            tier => ResolvedCause::NoRoom(TierId(tier - TIERS)),
        }
    }
}

impl FaultRef {
    /// A reference to a fault, or to none.
    pub fn to(fault: Option<FaultId>) -> FaultRef {
        FaultRef(fault.map_or(0, |fault| fault.0.saturating_add(1)))
    }

    /// The fault that brought a source of visits: a surge.
    pub fn of_surge(surge: Option<&Surge>) -> FaultRef {
        FaultRef::to(surge.map(|surge| surge.fault))
    }

    /// The fault, if it is one.
    pub fn fault(self) -> Option<FaultId> {
        self.0.checked_sub(1).map(FaultId)
    }
}

/// What has delayed a request most, or made it fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct DelayAttribution {
    /// For how long it has kept the request waiting, in microseconds.
    micros: u32,
    pub cause: CauseId,
    /// The fault without which the request would not have been made: that of its surge, or that
    /// which spoilt the try that it repeats.
    pub brought_by: FaultRef,
}

impl DelayAttribution {
    /// Nothing has happened yet to a request that this fault has brought.
    #[inline]
    pub fn none(brought_by: FaultRef) -> DelayAttribution {
        DelayAttribution { brought_by, ..DelayAttribution::default() }
    }

    /// This kept it waiting for so long. Of different causes, the longest counts.
    #[inline]
    pub fn delayed(&mut self, cause: CauseId, by: Span) {
        self.add(cause, u32::try_from(by.0 / 1_000).unwrap_or(u32::MAX));
    }

    /// What happened to a call that it made happened to it too.
    #[inline]
    pub fn waited_for(&mut self, call: DelayAttribution) {
        self.add(call.cause, call.micros);
    }

    /// It, or the call that it has waited for, has failed by this after so long.
    pub fn failed(&mut self, cause: CauseId, after: Span) {
        self.cause = cause;
        self.micros = u32::try_from(after.0 / 1_000).unwrap_or(u32::MAX).max(1);
    }

    /// For how long its cause has kept it waiting.
    pub fn delay(self) -> Span {
        Span(u64::from(self.micros) * 1_000)
    }

    #[inline]
    fn add(&mut self, cause: CauseId, micros: u32) {
        if cause == self.cause {
            self.micros = self.micros.saturating_add(micros);
        } else if micros > self.micros {
            self.cause = cause;
            self.micros = micros;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_delay_counts_and_those_of_one_cause_add_up() {
        let (fault, tier) = (CauseId::fault(FaultId(0)), CauseId::no_room(TierId(0)));
        let mut blame = DelayAttribution::none(FaultRef::default());
        blame.delayed(fault, Span::SECOND * 2);
        blame.delayed(tier, Span::SECOND);
        assert_eq!(blame.cause.named(), ResolvedCause::Fault(FaultId(0)));
        blame.delayed(tier, Span::SECOND * 3);
        blame.delayed(tier, Span::SECOND);
        assert_eq!(blame.cause.named(), ResolvedCause::NoRoom(TierId(0)));
        assert_eq!(blame.delay(), Span::SECOND * 4);
    }

    #[test]
    fn what_does_not_fit_is_nobodys() {
        assert_eq!(CauseId::fault(FaultId(32_766)).named(), ResolvedCause::Fault(FaultId(32_766)));
        assert_eq!(CauseId::fault(FaultId(32_767)), CauseId::NOBODY);
        assert_eq!(CauseId::no_room(TierId(32_767)).named(), ResolvedCause::NoRoom(TierId(32_767)));
    }
}
