//! The objectives of the capacity check.

use crate::language::written::Placed;
use crate::scenario::capacity::written::WrittenCapacity;
use crate::scenario::document::Document;
use crate::scenario::inputs::InputTable;
use crate::scenario::plan::{CapacityPlan, Plan};
use crate::scenario::resolver::Resolver;

impl Resolver<'_> {
    /// What the site must keep to; where nothing is said, the default.
    pub fn capacity(&mut self, written: &WrittenCapacity) -> CapacityPlan {
        let usual = CapacityPlan::default();
        let mut plan = CapacityPlan { zones_lost: self.zones_lost(written), ..usual };
        if let Some(headroom) = &written.headroom {
            if headroom.value.0 >= 1.0 {
                let message = "a headroom of 100% leaves nothing for the traffic itself";
                self.error(headroom.place, message, "write the share that stays unused: 30%");
            }
            plan.headroom = headroom.value;
        }
        if let Some(latency) = written.latency {
            (plan.quantile, plan.latency) = (latency.quantile, latency.limit);
        }
        plan.errors = written.errors.map_or(plan.errors, |limit| limit.0);
        plan.deploy = written.deploy.map(|deploy| deploy.value);
        if let Some(deploy) = written.deploy.filter(|deploy| deploy.value.0 >= 1.0) {
            let message = "a deploy that takes all instances out at once is not a rolling one";
            self.error(deploy.place, message, "write the share that is out at a time: 25%");
        }
        for (tier, factor) in written.cold.iter().flat_map(|cold| &cold.0) {
            let names = self.names;
            let found = self.find(&names.tiers, tier, "tier");
            let Some(factor) = factor else { continue };
            if !(1.0..=1_000.0).contains(&factor.value.0) {
                let message = format!("{}x is not between 1x and 1000x", factor.value.0);
                self.error(factor.place, message, "a cold cache makes a tier slower: 3x");
            }
            plan.cold.extend(found.map(|tier| (tier, factor.value.0)));
        }
        plan
    }

    /// The zones that may be lost: fewer than there are.
    fn zones_lost(&mut self, written: &WrittenCapacity) -> u32 {
        let usual = CapacityPlan::default().zones_lost;
        let Some(Placed { value, place }) = written.zones_lost else { return usual };
        let zones = self.names.zones.len();
        if value as usize >= zones.max(1) && !self.problems.any_error() {
            let (message, hint) = match zones {
                0 => (
                    "no tier is spread over zones".to_string(),
                    "write `zones: [a, b]` at the tiers",
                ),
                1 => ("the only zone cannot be lost".to_string(), "leave `zones_lost` out"),
                _ => (format!("{value} of {zones} zones leave nothing"), "write fewer"),
            };
            if value > 0 {
                self.error(place, message, hint);
            }
        }
        value
    }
}

impl InputTable<'_> {
    /// What the capacity check judges by, where the scenario says it.
    pub fn capacity(&mut self, document: &Document, plan: &Plan) {
        let (Some(written), Some(capacity)) = (&document.capacity, &plan.capacity) else { return };
        self.at("capacity");
        let percentile = capacity.quantile * 100.0;
        self.row(&written.written, "headroom", capacity.headroom);
        self.row(&written.written, "latency", format!("p{percentile} < {}", capacity.latency));
        self.row(&written.written, "errors", format!("< {}", capacity.errors));
        self.row(&written.written, "zones_lost", capacity.zones_lost);
        let one = "one instance at a time".to_string();
        let deploy = capacity.deploy.map_or(one, |share| share.to_string());
        self.row(&written.written, "deploy", deploy);
        let named = |(tier, times): &(crate::names::TierId, f64)| {
            format!("{} {times}x", plan.names.tiers[tier.index()])
        };
        let cold: Vec<String> = capacity.cold.iter().map(named).collect();
        let cold = if cold.is_empty() { "none".to_string() } else { cold.join(", ") };
        self.row(&written.written, "cold", cold);
    }
}
