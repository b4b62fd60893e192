//! The resolved plan, value by value, and where each comes from.

use super::super::written::{Document, OneOrMany, Person, Placed, Step as WrittenStep};
use super::super::{Place, Plan, Problems};
use super::listed;
use crate::decision::{Hold, Refused, Step};
use crate::names::{Dimension, RoleId};
use crate::site::Balance;
use crate::units::{Ratio, Span};
use serde::Serialize;

/// A value of the plan.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Value {
    /// Its path in the scenario, as `--set` takes it.
    pub path: String,
    pub value: String,
    /// `line 12`, `--set …`, or `default`.
    pub from: String,
}

/// Every value that a default may have filled in, and those beside it.
pub fn resolved(document: &Document, plan: &Plan, problems: &Problems) -> Vec<Value> {
    let mut table = Table { problems, values: Vec::new(), path: String::new() };
    table.top(document, plan);
    table.traffic(document, plan);
    table.site(document, plan);
    table.rules(document, plan);
    table.people(document, plan);
    table.changes(document, plan);
    table.plays(document, plan);
    table.values
}

type Keys = [Placed<&'static str>];

struct Table<'a> {
    problems: &'a Problems,
    values: Vec<Value>,
    /// The mapping that is being told.
    path: String,
}

impl Table<'_> {
    fn at(&mut self, path: impl Into<String>) {
        self.path = path.into();
    }

    /// One key of the mapping: its value, and whether it was written.
    fn row(&mut self, written: &Keys, key: &str, value: impl ToString) {
        let place = written.iter().find(|found| found.value == key).map(|found| found.place);
        let path = match self.path.as_str() {
            "" => key.to_string(),
            path => format!("{path}.{key}"),
        };
        self.place(path, value.to_string(), place);
    }

    fn place(&mut self, path: String, value: String, place: Option<Place>) {
        let from = match place {
            None => "default".to_string(),
            Some(place) if place.source == 0 => format!("line {}", place.line),
            Some(place) => match self.problems.path(place) {
                set if set.starts_with("--set") => set.to_string(),
                file => format!("{file}:{}", place.line),
            },
        };
        self.values.push(Value { path, value, from });
    }

    fn top(&mut self, document: &Document, plan: &Plan) {
        self.row(&document.written, "starts", plan.calendar.starts());
        self.row(&document.written, "lasts", plan.lasts);
        self.row(&document.written, "seed", plan.seed);
        let telemetry = document.telemetry.as_ref().map_or(&[][..], |t| &t.written);
        self.at("telemetry");
        self.row(telemetry, "every", plan.telemetry.every);
        self.row(telemetry, "delay", plan.telemetry.delay);
        let baseline = document.baseline.as_ref().map_or(&[][..], |b| &b.written);
        self.at("baseline");
        self.row(baseline, "error_rate", optional(plan.playbook.baseline.error_rate));
    }

    fn traffic(&mut self, document: &Document, plan: &Plan) {
        let Some(written) = &document.traffic else { return };
        let traffic = &plan.traffic;
        self.at("traffic");
        let points = traffic.curve.points.iter();
        let points =
            points.map(|p| format!("{}/s at {}", p.rate.0, p.at.since(crate::units::Time::ZERO)));
        self.row(&written.written, "visits", points.collect::<Vec<_>>().join(", "));
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

    fn site(&mut self, document: &Document, plan: &Plan) {
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
        }
        self.calls(document, plan);
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

    fn rules(&mut self, document: &Document, plan: &Plan) {
        let rules = document.rules.iter().flatten().zip(&plan.playbook.rules);
        for (index, (keys, rule)) in rules.enumerate() {
            let written = &keys.written;
            self.at(format!("rules.{index}"));
            self.row(written, "alert", &plan.names.rules[index]);
            self.row(written, "expr", &rule.text);
            let said = if written.iter().any(|key| key.value == "for") { "for" } else { "expr" };
            let hold = match rule.hold {
                Hold::For(span) => span.to_string(),
                Hold::Of { n, of } => format!("{n} of {of}"),
            };
            let place = written.iter().find(|key| key.value == said).map(|key| key.place);
            let place = place.filter(|_| said == "for" || rule.hold != Hold::For(Span::ZERO));
            self.place(format!("rules.{index}.for"), hold, place);
            self.row(written, "window", rule.window);
            self.row(written, "min_requests", rule.min_requests);
            self.row(written, "keep_firing_for", rule.keep_firing_for);
            self.row(written, "no_data_for", rule.no_data_for);
            self.row(
                written,
                "resolve",
                keys.resolve.as_ref().map_or("not a breach", |r| &r.value),
            );
            self.row(written, "severity", optional(rule.severity.clone()));
        }
    }

    fn people(&mut self, document: &Document, plan: &Plan) {
        let roster = &plan.playbook.roster;
        let roles = |ids: &[RoleId]| {
            ids.iter().map(|role| plan.names.roles[role.index()].clone()).collect::<Vec<_>>()
        };
        for (name, person) in document.people.iter().flat_map(|people| &people.0) {
            let Some(index) = plan.names.people.get_index_of(&name.value) else { continue };
            let path = format!("people.{}", name.value);
            let Some(Person::Named(keys)) = person else {
                self.place(path, "nobody is named".to_string(), Some(name.place));
                continue;
            };
            self.at(path);
            let held = roles(&roster.people[index].roles);
            let key = if keys.roles.is_some() { "roles" } else { "role" };
            self.row(
                &keys.written,
                key,
                if held.is_empty() { "none".to_string() } else { held.join(", ") },
            );
            let hours = keys.hours.as_ref().map(|OneOrMany(hours)| {
                listed(&hours.iter().map(|hours| hours.value.clone()).collect::<Vec<_>>(), "and")
            });
            self.row(&keys.written, "hours", hours.unwrap_or("always on duty".to_string()));
        }
        let channels = document.channels.iter().flat_map(|channels| &channels.0);
        for ((name, keys), channel) in channels.zip(&roster.channels) {
            let Some(keys) = keys else { continue };
            self.at(format!("channels.{}", name.value));
            self.row(&keys.written, "answers", channel.answers);
            self.row(&keys.written, "after", channel.after);
        }
        let ladders = document.escalation.iter().flat_map(|ladders| &ladders.0);
        for ((name, keys), ladder) in ladders.zip(&roster.escalations) {
            let Some(keys) = keys else { continue };
            let people = ladder.people.iter().map(|p| plan.names.people[p.index()].clone());
            let by = ladder.by.iter().map(|c| plan.names.channels[c.index()].clone());
            self.at(format!("escalation.{}", name.value));
            self.row(&keys.written, "try", people.collect::<Vec<_>>().join(", "));
            self.row(&keys.written, "by", by.collect::<Vec<_>>().join(", "));
            self.row(&keys.written, "each", ladder.each);
            self.row(&keys.written, "rounds", ladder.rounds);
        }
    }

    fn changes(&mut self, document: &Document, plan: &Plan) {
        let rows = document.changes.iter().flat_map(|changes| &changes.0);
        for ((name, row), change) in rows.zip(&plan.playbook.changes.changes) {
            let Some(row) = row else { continue };
            let row = &row.0;
            let path = format!("changes.{}", name.value);
            if row.written.is_empty() {
                self.place(format!("{path}.takes"), change.paper.clone(), Some(name.place));
            } else {
                self.at(path.clone());
                self.row(&row.written, "takes", &change.paper);
            }
            self.at(path);
            self.row(&row.written, "propagate", optional(change.propagate));
            self.row(&row.written, "fails", change.fails);
            let pipeline = change.pipeline.map(|id| plan.names.pipelines[id.index()].clone());
            self.row(&row.written, "pipeline", pipeline.unwrap_or("none, never waits".to_string()));
        }
    }

    fn plays(&mut self, document: &Document, plan: &Plan) {
        let plays = document.plays.iter().flat_map(|plays| &plays.0);
        for ((name, keys), play) in plays.zip(&plan.playbook.plays) {
            let Some(keys) = keys else { continue };
            let path = format!("plays.{}", name.value);
            self.at(path.clone());
            self.row(&keys.written, "verify", optional(play.verify));
            let otherwise = play.otherwise.map(|play| plan.names.plays[play.index()].clone());
            self.row(&keys.written, "otherwise", optional(otherwise));
            let steps = keys.steps.iter().flatten().zip(&play.steps).enumerate();
            for (number, (WrittenStep(keys), step)) in steps {
                let Step::Ask(ask) = step else { continue };
                let by = ask.by.iter().map(|c| plan.names.channels[c.index()].clone());
                self.at(format!("{path}.steps.{number}"));
                self.row(&keys.written, "by", by.collect::<Vec<_>>().join(", "));
                self.row(&keys.written, "within", ask.each * ask.by.len() as u64);
                self.row(&keys.written, "agrees", ask.agrees);
                let refused = if ask.refused == Refused::Stop { "stop" } else { "next" };
                self.row(&keys.written, "refused", refused);
            }
        }
    }
}

fn optional(value: Option<impl ToString>) -> String {
    value.map_or("none".to_string(), |value| value.to_string())
}
