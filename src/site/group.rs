//! A group of instances that follows its load: its state, and what it reports.

use super::autoscaling::{Autoscaling, PERIOD, Policy, ScalingTarget};
use crate::names::{TierId, worded};
use crate::units::Time;

/// The state of one group.
#[derive(Clone)]
pub(super) struct Scaler {
    pub plan: Autoscaling,
    pub policy: Policy,
    pub desired: u32,
    /// Instances in rotation, ascending: callers pick from these.
    pub rotation: Vec<u32>,
    /// Requests in this period that came to instances past their warm-up.
    pub requests: u64,
    /// Instances in rotation and past their warm-up, now, and over time in this period.
    pub counted: u64,
    counted_for: u128,
    since: Time,
    /// Busy shares of threads sampled in this period.
    pub busy: f64,
    pub samples: u32,
    pub at_max: bool,
}

/// What happens to an instance some time after its launch or its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InstanceMilestone {
    Booted,
    Warm,
    Drained,
}

/// Something that a group did.
#[derive(Debug, Clone, PartialEq)]
pub struct ScalingActivity {
    pub at: Time,
    pub tier: TierId,
    pub kind: ScalingKind,
    /// Instances wanted, or in rotation for [`ScalingKind::InService`], before and after.
    pub from: u32,
    pub to: u32,
    /// The metric that led to it, if one did.
    pub metric: Option<f64>,
}

worded! {
    /// What sort of activity it was.
    pub enum ScalingKind {
        /// More instances are launched.
        ScaleOut = "scale-out",
        /// Instances are taken away.
        ScaleIn = "scale-in",
        /// The metric is above its target and no more instances are allowed.
        AtMax = "at-max",
        /// New instances have passed their health check and take requests.
        InService = "in-service",
        /// Instances were lost; others are launched in their place.
        Replace = "replace",
        /// More instances than wanted: some that were lost have come back.
        Surplus = "surplus",
        /// An instance failed its health checks before it had booted, and is launched again.
        FailedBoot = "failed-boot",
    }
}

impl Scaler {
    pub(super) fn new(plan: Autoscaling, instances: u32) -> Scaler {
        Scaler {
            plan,
            policy: Policy::default(),
            desired: instances,
            rotation: Vec::new(),
            requests: 0,
            counted: 0,
            counted_for: 0,
            since: Time::ZERO,
            busy: 0.0,
            samples: 0,
            at_max: false,
        }
    }

    /// The metric of the period that ends now, and from how many instances on average; starts the
    /// next period.
    pub(super) fn metric(&mut self, now: Time) -> (Option<f64>, f64) {
        self.move_to(now);
        let (requests, samples) = (self.requests, self.samples);
        let (counted, busy) = (self.counted_for, self.busy);
        (self.requests, self.samples, self.counted_for, self.busy) = (0, 0, 0, 0.0);
        let targets = counted as f64 / PERIOD.0 as f64;
        let metric = match self.plan.target {
            ScalingTarget::RequestsPerTarget(_) => (counted > 0).then(|| requests as f64 / targets),
            ScalingTarget::ThreadUse(_) => (samples > 0).then(|| busy / f64::from(samples)),
        };
        (metric, targets)
    }

    pub(super) fn move_to(&mut self, now: Time) {
        self.counted_for += u128::from(self.counted) * u128::from((now - self.since).0);
        self.since = now;
    }
}

impl ScalingActivity {
    /// Whether it is this activity of this tier.
    pub(super) fn is(&self, tier: TierId, kind: ScalingKind) -> bool {
        self.tier == tier && self.kind == kind
    }
}
