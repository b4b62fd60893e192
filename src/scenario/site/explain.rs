//! The inputs of traffic, site and faults.

use crate::scenario::document::Document;
use crate::scenario::inputs::{InputTable, Keys, optional};
use crate::scenario::plan::Plan;
use crate::site::{Autoscaling, Balance, ScalingTarget};

impl InputTable<'_> {
    /// The inputs of the site.
    pub fn site(&mut self, document: &Document, plan: &Plan) {
        let Some(site) = &document.site else { return };
        let tiers = site.tiers.iter().flat_map(|tiers| &tiers.0);
        for ((name, keys), tier) in tiers.zip(&plan.site.tiers) {
            let Some(keys) = keys else { continue };
            let written = &keys.written;
            self.at(format!("site.tiers.{}", name.value));
            self.row(written, "instances", tier.instances);
            self.row(written, "threads", tier.threads);
            match tier.durable {
                true => self.row(written, "queue", "durable"),
                false => self.row(written, "queue", tier.queue),
            }
            self.row(written, "takes", tier.takes);
            self.row(written, "errors", tier.errors);
            let balance = match tier.balance {
                Balance::RoundRobin => "round-robin",
                Balance::LeastBusy => "least-busy",
            };
            self.row(written, "balance", balance);
            let zones = tier.zones.iter().map(|zone| plan.names.zones[zone.index()].clone());
            let zones: Vec<String> = zones.collect();
            self.row(
                written,
                "zones",
                if zones.is_empty() { "none".to_string() } else { zones.join(", ") },
            );
            let health = tier.health.map(|health| {
                format!(
                    "every {}, timeout {}, {} fails, replaced in {}",
                    health.every, health.timeout, health.fails, health.replace
                )
            });
            self.row(written, "health", optional(health));
            self.row(written, "external", tier.external);
            if let Some(warming) = tier.warming {
                self.row(written, "cold", format!("{}x", warming.times));
                self.row(written, "warms", warming.within);
            }
            if let (Some(keys), Some(scaling)) = (&keys.autoscaling, tier.autoscaling) {
                self.at(format!("site.tiers.{}.autoscaling", name.value));
                self.autoscaling(&keys.written, scaling);
            }
        }
        self.calls(document, plan);
    }

    fn autoscaling(&mut self, written: &Keys, scaling: Autoscaling) {
        let (metric, value) = match scaling.target {
            ScalingTarget::RequestsPerTarget(value) => {
                ("ALBRequestCountPerTarget", value.to_string())
            }
            ScalingTarget::ThreadUse(share) => ("ThreadUse", share.to_string()),
        };
        self.row(written, "metric", metric);
        self.row(written, "target_value", value);
        self.row(written, "min_capacity", scaling.min_capacity);
        self.row(written, "max_capacity", scaling.max_capacity);
        self.row(written, "boot", scaling.boot);
        self.row(written, "estimated_instance_warmup", scaling.estimated_instance_warmup);
        self.row(written, "health_check_grace_period", scaling.health_check_grace_period);
        self.row(written, "scale_in_cooldown", scaling.scale_in_cooldown);
        self.row(written, "disable_scale_in", scaling.disable_scale_in);
        self.row(written, "deregistration_delay", scaling.deregistration_delay);
    }

    /// The calls that some endpoint makes, alike ones of a caller together.
    fn calls(&mut self, document: &Document, plan: &Plan) {
        let calls = document.site.as_ref().and_then(|site| site.calls.as_ref());
        for (endpoint, name) in plan.site.endpoints.iter().zip(&plan.names.endpoints) {
            let index = plan.names.endpoints.get_index_of(name).expect("its own name");
            for caller in &endpoint.path[..endpoint.path.len() - 1] {
                let tier = &plan.names.tiers[caller.index()];
                let call = plan.site.calls[index][caller.index()];
                let specific = format!("{tier} {name}");
                let said = calls.iter().flat_map(|calls| &calls.0);
                let said = said.filter(|(key, _)| {
                    let words: Vec<&str> = key.value.split_whitespace().collect();
                    key.value == *tier || words.join(" ") == specific
                });
                let keys =
                    said.max_by_key(|(key, _)| key.value.len()).and_then(|(_, call)| call.as_ref());
                let written = keys.map_or(&[][..], |keys| &keys.written);
                self.at(format!("site.calls.{specific}"));
                self.row(written, "timeout", call.timeout);
                let retries =
                    call.retries.map(|r| format!("{} more, first after {}", r.at_most, r.backoff));
                self.row(written, "retries", optional(retries));
                let breaker = call
                    .breaker
                    .map(|b| format!("opens at {}, retest after {}", b.opens, b.retest));
                self.row(written, "breaker", optional(breaker));
            }
        }
    }
}
