//! A fault at less than its full strength: while a change that cures or brings it is rolled out,
//! and while it fades.

use super::plan::{Fault, FaultKind, InstanceSelector};
use crate::units::{Ratio, Span, Time};

/// In how many steps the strength is updated on its way: each step is five percent. A choice: a
/// ramp of ten minutes moves every 30 s; double would update the site twice as often.
const STEPS: u64 = 20;

/// On the way from nothing to full strength, or back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StrengthRamp {
    pub from: Time,
    pub to: Time,
    pub rises: bool,
}

impl StrengthRamp {
    /// The strength at a moment, from 0 to 1.
    pub fn at(&self, now: Time) -> f64 {
        let length = self.to.since(self.from).0.max(1) as f64;
        let gone = (now.since(self.from).0 as f64 / length).clamp(0.0, 1.0);
        if self.rises { gone } else { 1.0 - gone }
    }

    /// When it is next brought up to date; `None`: it is at its end.
    pub fn next(&self, now: Time) -> Option<Time> {
        let step = Span((self.to.since(self.from).0 / STEPS).max(1));
        let done = if now < self.from { 0 } else { now.since(self.from).0 / step.0 };
        (now < self.to).then(|| (self.from + step * (done + 1)).min(self.to))
    }
}

impl Fault {
    /// The same fault at this strength.
    pub(super) fn weakened(&self, strength: f64) -> Fault {
        Fault { kind: self.kind.weakened(strength), ..self.clone() }
    }
}

impl FaultKind {
    /// Whether there can be less of it.
    pub fn can_fade(&self) -> bool {
        !matches!(
            self,
            FaultKind::Unreachable { .. } | FaultKind::Blind | FaultKind::Blocked { .. }
        )
    }

    /// The same at this strength: so much of its instances, of its errors, of its slowness. A zone
    /// is lost or not, until it is back.
    fn weakened(&self, strength: f64) -> FaultKind {
        let weakened = |share: Ratio| Ratio(share.0 * strength);
        let part = |which: InstanceSelector| match which {
            InstanceSelector::All => InstanceSelector::Share(Ratio(strength)),
            InstanceSelector::Share(share) => InstanceSelector::Share(weakened(share)),
            InstanceSelector::Count(count) => {
                InstanceSelector::Count((f64::from(count) * strength).ceil() as u32)
            }
            InstanceSelector::Zone(zone) => InstanceSelector::Zone(zone),
        };
        let mut kind = self.clone();
        match &mut kind {
            FaultKind::Outage { which, .. } | FaultKind::LostServers { which, .. } => {
                *which = part(*which);
            }
            FaultKind::Slow { times, add, part, .. } => {
                *part = weakened(*part);
                *times = 1.0 + (*times - 1.0) * strength;
                *add = Span::from_seconds(add.seconds() * strength);
            }
            FaultKind::Failing { errors, .. } | FaultKind::BadRelease { errors, .. } => {
                *errors = weakened(*errors);
            }
            FaultKind::BlindSpot { share, .. } => *share = weakened(*share),
            FaultKind::Surge { times, .. } => *times = 1.0 + (*times - 1.0) * strength,
            FaultKind::LostZone { .. }
            | FaultKind::Unreachable { .. }
            | FaultKind::Blind
            | FaultKind::Blocked { .. } => {}
        }
        kind
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ramp_goes_from_one_end_to_the_other_in_twenty_steps() {
        let at = |seconds: u64| Time::ZERO + Span::from_secs(seconds);
        let ramp = StrengthRamp { from: at(100), to: at(300), rises: false };
        assert_eq!((ramp.at(at(50)), ramp.at(at(150)), ramp.at(at(400))), (1.0, 0.75, 0.0));
        assert_eq!(StrengthRamp { rises: true, ..ramp }.at(at(150)), 0.25);
        let mut now = at(100);
        let mut steps = 0;
        while let Some(next) = ramp.next(now) {
            assert!(next > now);
            (now, steps) = (next, steps + 1);
        }
        assert_eq!((now, steps), (at(300), 20));
    }
}
