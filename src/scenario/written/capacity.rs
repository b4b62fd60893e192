//! The capacity check as written.

use crate::language::written::{Entries, Placed, written};
use crate::scenario::value::limit::{Factor, LatencyLimit, ShareLimit};
use crate::units::Ratio;

written! {
    /// What the site must keep to at the expected peak, and what the cases of the check need.
    Capacity("the capacity check") {
        /// The share of its capacity that the peak leaves unused; 30% unless said.
        optional headroom: Placed<Ratio> = "headroom";
        /// The percentile of response times and its limit; `p95 < 2s` unless said.
        optional latency: LatencyLimit = "latency";
        /// The share of requests without a good answer; `< 0.1%` unless said.
        optional errors: ShareLimit = "errors";
        /// Zones that may be lost at a time; 1 unless said, 0 leaves the case out.
        optional zones_lost: Placed<u32> = "zones_lost";
        /// How much longer tiers take with their caches cold: `{content: 3x}`.
        optional cold: Entries<Placed<Factor>> = "cold";
        /// The share of a tier's instances that a rolling deploy takes out at once, in whole
        /// instances, at least one; one at a time unless said (calibrated: AWS CodeDeploy's
        /// default, `CodeDeployDefault.OneAtATime`).
        optional deploy: Placed<Ratio> = "deploy";
    }
}
