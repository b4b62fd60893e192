//! What of a fault is not known beforehand, and is drawn for each run.

use super::plan::{Fault, FaultKind, FaultStart, InstanceSelector};
use crate::kernel::DrawKey;
use crate::units::{Ratio, Span, Time};

impl Fault {
    /// The fault as it is in one run. The draws belong to the fault's name and to what is drawn,
    /// so that another value that varies shifts none of them.
    pub fn drawn(&self, key: DrawKey) -> Fault {
        let mut fault = self.clone();
        let Some(varies) = self.varies else { return fault };
        let between = |(low, high): (Ratio, Ratio), what: &str| {
            Ratio(low.0 + (high.0 - low.0) * key.named(what).unit())
        };
        if let Some(at) = varies.at {
            fault.start = FaultStart::At(Time::ZERO + key.named("at").spread(at));
        }
        if let Some(lasts) = varies.lasts {
            // A fault that lasts no time at all would never have been one.
            fault.end.after = Some(key.named("for").spread(lasts).max(Span::SECOND));
        }
        match &mut fault.kind {
            FaultKind::Slow { add, which, .. } => {
                *add = varies.by.map_or(*add, |by| key.named("by").spread(by));
                share_of(which, varies.share.map(|share| between(share, "share")));
            }
            FaultKind::Failing { errors, which, .. } => {
                *errors = varies.errors.map_or(*errors, |errors| between(errors, "errors"));
                share_of(which, varies.share.map(|share| between(share, "share")));
            }
            FaultKind::BlindSpot { share, .. } => {
                *share = varies.share.map_or(*share, |range| between(range, "share"));
            }
            FaultKind::BadRelease { errors, .. } => {
                *errors = varies.errors.map_or(*errors, |errors| between(errors, "errors"));
            }
            FaultKind::Outage { which, .. } | FaultKind::LostServers { which, .. } => {
                share_of(which, varies.share.map(|share| between(share, "share")));
            }
            _ => {}
        }
        fault
    }
}

fn share_of(which: &mut InstanceSelector, share: Option<Ratio>) {
    if let Some(share) = share {
        *which = InstanceSelector::Share(share);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::{FaultEnd, FaultTarget, VaryingValues};
    use crate::names::TierId;
    use crate::units::Spread;

    fn failing(varies: VaryingValues) -> Fault {
        let kind = FaultKind::Failing {
            target: FaultTarget::Tier(TierId(0)),
            which: InstanceSelector::All,
            only: Default::default(),
            errors: Ratio(0.4),
        };
        let (start, end) = (FaultStart::At(Time::ZERO), FaultEnd::default());
        Fault {
            kind,
            start,
            end,
            fades: None,
            starts_when: None,
            notices: Vec::new(),
            varies: Some(varies),
            seen_as: Default::default(),
        }
    }

    #[test]
    fn each_value_has_a_draw_of_its_own() {
        let minutes = |n: u64| Span::from_secs(60 * n);
        let errors = Some((Ratio(0.2), Ratio(0.6)));
        let at = Some(Spread::Between(minutes(10), minutes(30)));
        let (mut least, mut most) = (1.0_f64, 0.0_f64);
        for trial in 0..200 {
            let key = DrawKey::new(6, trial, "faults");
            let one = failing(VaryingValues { errors, ..VaryingValues::default() }).drawn(key);
            let both = failing(VaryingValues { errors, at, ..VaryingValues::default() }).drawn(key);
            assert_eq!(one.kind, both.kind, "a time that varies shifts no share");
            let FaultKind::Failing { errors, .. } = one.kind else { panic!("it fails") };
            (least, most) = (least.min(errors.0), most.max(errors.0));
            let FaultStart::At(at) = both.start else { panic!("at a time") };
            assert!((600.0..=1800.0).contains(&at.seconds()), "{at:?}");
        }
        assert!((0.2..0.23).contains(&least) && (0.57..=0.6).contains(&most), "{least} {most}");
    }
}
