//! The inputs of traffic, site and faults.

use crate::names::Dimension;
use crate::scenario::header::describe;
use crate::scenario::inputs::{Keys, Table, optional};
use crate::scenario::plan::Plan;
use crate::scenario::written::document::Document;
use crate::site::{Autoscaling, Balance, Target};
use crate::traffic::Curve;
use crate::units::{Ratio, Span, Time};

/// Arrivals of a log in one line.
fn arrivals(curve: &Curve, lasts: Span) -> String {
    let visits = curve.cumulative(Time::ZERO + lasts);
    let most = curve.points.iter().map(|point| point.rate.0).fold(0.0, f64::max);
    format!("about {visits:.0} visits, at most {most:.3}/s")
}

impl Table<'_> {
    /// The inputs of the traffic.
    pub fn traffic(&mut self, document: &Document, plan: &Plan) {
        let Some(written) = &document.traffic else { return };
        let traffic = &plan.traffic;
        self.at("traffic");
        let points = traffic.curve.points.iter();
        let points =
            points.map(|p| format!("{}/s at {}", p.rate.0, p.at.since(crate::units::Time::ZERO)));
        match &written.from {
            Some(_) => self.row(&written.written, "from", arrivals(&traffic.curve, plan.lasts)),
            None => self.row(&written.written, "visits", points.collect::<Vec<_>>().join(", ")),
        }
        self.row(&written.written, "returning", traffic.returning);
        self.row(&written.written, "patience", traffic.patience);
        match (&traffic.retries, &written.retries) {
            (Some(retries), Some(keys)) => {
                self.at("traffic.retries");
                self.row(&keys.written, "at_most", retries.at_most);
                self.row(&keys.written, "after", retries.after);
                self.row(&keys.written, "growth", retries.growth);
                self.row(&keys.written, "jitter", retries.jitter);
                self.row(
                    &keys.written,
                    "budget",
                    retries.budget.map_or("no limit".to_string(), |b| b.to_string()),
                );
            }
            _ => self.row(&written.written, "retries", "none"),
        }
        let mix = written.mix.as_ref().map_or(&[][..], |mix| &mix.written);
        self.at("traffic.mix");
        let mixes = [&traffic.mixes.browser, &traffic.mixes.login, &traffic.mixes.tool];
        for (dimension, weights) in
            [Dimension::Browser, Dimension::Login, Dimension::Tool].into_iter().zip(mixes)
        {
            let names = plan.names.categories[dimension as usize].iter().zip(&weights.0);
            let shares: Vec<String> = names.map(|(n, w)| format!("{n} {}", Ratio(*w))).collect();
            self.row(mix, dimension.word(), shares.join(", "));
        }
        let logins = plan.names.categories[Dimension::Login as usize].iter();
        let accounts = logins.zip(&traffic.mixes.account).map(|(login, weights)| {
            let names = plan.names.categories[Dimension::Account as usize].iter().zip(&weights.0);
            let shares = names.filter(|(_, share)| **share > 0.0);
            let shares: Vec<String> = shares.map(|(n, w)| format!("{n} {}", Ratio(*w))).collect();
            format!("{login}: {}", shares.join(", "))
        });
        self.row(mix, Dimension::Account.word(), accounts.collect::<Vec<_>>().join("; "));
        let tools = written.tools.iter().flat_map(|tools| &tools.0);
        for (name, keys) in tools {
            let index = plan.names.categories[Dimension::Tool as usize].get_index_of(&name.value);
            let (Some(keys), Some(index)) = (keys, index) else { continue };
            let Some(tool) = traffic.tools.get(index) else { continue };
            self.at(format!("traffic.tools.{}", name.value));
            self.row(&keys.written, "requests", tool.requests);
            self.row(&keys.written, "think", tool.think);
            self.row(
                &keys.written,
                "login",
                if tool.login_required { "required" } else { "as the mix says" },
            );
        }
    }

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
            self.row(written, "queue", tier.queue);
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
            if let (Some(keys), Some(scaling)) = (&keys.autoscaling, tier.autoscaling) {
                self.at(format!("site.tiers.{}.autoscaling", name.value));
                self.autoscaling(&keys.written, scaling);
            }
        }
        self.calls(document, plan);
    }

    fn autoscaling(&mut self, written: &Keys, scaling: Autoscaling) {
        let (metric, value) = match scaling.target {
            Target::RequestsPerTarget(value) => ("ALBRequestCountPerTarget", value.to_string()),
            Target::ThreadUse(share) => ("ThreadUse", share.to_string()),
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

    /// The inputs of limits that are not threads.
    pub fn limits(&mut self, document: &Document, plan: &Plan) {
        let limits = document.limits.iter().flat_map(|limits| &limits.0);
        for ((name, keys), limit) in limits.zip(&plan.limits) {
            let Some(keys) = keys else { continue };
            let unknown = "nobody knows".to_string();
            let shown = |amount: Option<f64>| amount.map(|amount| limit.shown(amount));
            self.at(format!("limits.{}", name.value));
            self.row(&keys.written, "value", shown(limit.value).unwrap_or(unknown.clone()));
            if limit.uses.is_empty() {
                let used = shown(limit.at_peak).unwrap_or(unknown);
                self.row(&keys.written, "at_peak", used);
            } else {
                self.row(&keys.written, "uses", limit.used_by());
            }
            self.row(&keys.written, "kind", limit.kind.word());
            self.row(&keys.written, "checked_by", optional(limit.checked_by.clone()));
            self.row(&keys.written, "checked_on", optional(limit.checked_on.clone()));
        }
    }

    /// The inputs of faults.
    pub fn faults(&mut self, document: &Document, plan: &Plan) {
        for (index, (keys, fault)) in document.faults.iter().flatten().zip(&plan.faults).enumerate()
        {
            self.place(format!("faults.{index}"), describe(fault, plan), Some(keys.place));
        }
    }
}
