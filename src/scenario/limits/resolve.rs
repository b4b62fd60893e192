//! Limits: names resolved to ids, and whether use and value measure the same.

use crate::journal::LimitKind;
use crate::language::problem::{Problem, quoted};
use crate::language::written::{OneOrMany, Placed};
use crate::names::Scope;
use crate::scenario::document::Document;
use crate::scenario::inputs::{InputTable, optional};
use crate::scenario::limits::amount::{Amount, AmountKind, Per, Using};
use crate::scenario::limits::limit::{Limit, LimitUse, UsedPer};
use crate::scenario::limits::written::WrittenLimit;
use crate::scenario::plan::Plan;
use crate::scenario::resolver::Resolver;

impl Resolver<'_> {
    /// The limits, in file order.
    pub fn limits(&mut self, document: &Document) -> Vec<Limit> {
        let Some(written) = &document.limits else { return Vec::new() };
        if written.0.len() > 1_000 {
            let count = written.0.len();
            self.error(
                document.place,
                format!("there are {count} limits, the maximum is 1,000"),
                "",
            );
        }
        let entries = written.0.iter();
        entries.filter_map(|(name, limit)| self.limit(name, limit.as_ref()?)).collect()
    }

    fn limit(&mut self, name: &Placed<String>, written: &WrittenLimit) -> Option<Limit> {
        let value = written.value?;
        if value.value.0.is_some_and(|(number, _)| number == 0.0) {
            self.error(value.place, "the limit must be above 0", "write \"?\" if unknown");
        }
        let OneOrMany(uses) = written.uses.clone().unwrap_or(OneOrMany(Vec::new()));
        if let Some(given) = written.at_peak.filter(|_| !uses.is_empty()) {
            let message = "the use at the peak is given, and computed from `uses` as well";
            self.error(given.place, message, "leave one of them out");
        }
        let used: Vec<LimitUse> = uses.iter().filter_map(|using| self.using(using)).collect();
        let measure = self.measure(value, written.at_peak, &uses);
        for using in &uses {
            self.same_measure(using, measure, value);
        }
        if let Some(on) = &written.checked_on {
            let starts = self.calendar.starts().date();
            if on.value > starts {
                let message = format!("this is checked on {}, after the scenario starts", on.value);
                self.problems.push(
                    Problem::warning(on.place, message)
                        .hint("leave `checked_on` out until it has been checked"),
                );
            }
        }
        let kind = written.kind.unwrap_or(match measure {
            AmountKind::Held => LimitKind::Connections,
            AmountKind::Within(_) => LimitKind::Quota,
            AmountKind::Data => LimitKind::Bandwidth,
        });
        let by = written.checked_by.as_ref().filter(|by| by.value != "?");
        Some(Limit {
            name: name.value.clone(),
            kind,
            measure,
            value: value.value.0.map(|(number, _)| number),
            uses: used,
            at_peak: written.at_peak.and_then(|at| at.value.0).map(|(number, _)| number),
            checked_by: by.map(|by| by.value.clone()),
            checked_on: written.checked_on.map(|on| on.value.to_string()),
        })
    }

    /// What the limit measures: as its value says, else as its use does.
    fn measure(
        &mut self,
        value: Placed<Amount>,
        at_peak: Option<Placed<Amount>>,
        uses: &[Placed<Using>],
    ) -> AmountKind {
        let given = at_peak.and_then(|at| at.value.0.map(|(_, measure)| (measure, at.place)));
        match (value.value.0, given) {
            (Some((_, measure)), Some((other, place))) if measure != other => {
                let problem = Problem::error(place, "this does not measure the same as `value`");
                let problem = problem.also(value.place, "the limit");
                self.problems.push(problem.hint("write both in the same unit"));
                measure
            }
            (Some((_, measure)), _) | (None, Some((measure, _))) => measure,
            (None, None) => uses.first().map_or(AmountKind::Held, |using| using.value.measure()),
        }
    }

    fn same_measure(&mut self, using: &Placed<Using>, of: AmountKind, value: Placed<Amount>) {
        let flows = |measure| matches!(measure, AmountKind::Within(_));
        let own = using.value.measure();
        if own == of || (flows(own) && flows(of)) {
            return;
        }
        let what = |measure| match measure {
            AmountKind::Held => "things held at a time",
            AmountKind::Within(_) => "things per time",
            AmountKind::Data => "data per time",
        };
        let message = format!("this uses {}, and the limit is one of {}", what(own), what(of));
        let hint = match of {
            AmountKind::Held => "use it per instance, per thread or per busy thread of a tier",
            AmountKind::Within(_) => "use it per visit or per request",
            AmountKind::Data => "say how much data, as in `40 kB per request`",
        };
        let problem = Problem::error(using.place, message).also(value.place, "the limit");
        self.problems.push(problem.hint(hint));
    }

    fn using(&mut self, using: &Placed<Using>) -> Option<LimitUse> {
        let names = self.names;
        let named = |name: &str| Placed { value: name.to_string(), place: using.place };
        let per = match &using.value.per {
            Per::Visit => UsedPer::Visit,
            Per::Request(None) => UsedPer::Request(Scope::Site),
            Per::Request(Some(name)) => UsedPer::Request(self.seen_by(&named(name))?),
            Per::Instance(name) => {
                UsedPer::Instance(self.find(&names.tiers, &named(name), "tier")?)
            }
            Per::Thread(name) => UsedPer::Thread(self.find(&names.tiers, &named(name), "tier")?),
            Per::BusyThread(name) => {
                UsedPer::BusyThread(self.find(&names.tiers, &named(name), "tier")?)
            }
        };
        Some(LimitUse { amount: using.value.amount, per, text: using.value.text.clone() })
    }

    /// `api`, a tier or an endpoint; `tier api` or `endpoint api` where both have the name.
    fn seen_by(&mut self, name: &Placed<String>) -> Option<Scope> {
        let names = self.names;
        let tier = |name: &str| names.tiers.get_index_of(name).map(|n| Scope::Tier(n.into()));
        let endpoint =
            |name: &str| names.endpoints.get_index_of(name).map(|n| Scope::Endpoint(n.into()));
        match (tier(&name.value), endpoint(&name.value)) {
            (Some(_), Some(_)) => {
                let word = &name.value;
                let message = format!("{} is a tier and an endpoint", quoted(word));
                let hint =
                    format!("write `request to tier {word}` or `request to endpoint {word}`");
                self.error(name.place, message, &hint);
                None
            }
            (Some(found), None) | (None, Some(found)) => Some(found),
            (None, None) => {
                let by_tier = name.value.strip_prefix("tier ").and_then(|name| tier(name.trim()));
                let by_endpoint = || name.value.strip_prefix("endpoint ").map(str::trim);
                by_tier.or_else(|| by_endpoint().and_then(endpoint)).or_else(|| {
                    let both = names.tiers.iter().chain(&names.endpoints).cloned().collect();
                    self.find::<usize>(&both, name, "tier or endpoint").map(|_| Scope::Site)
                })
            }
        }
    }
}

impl Using {
    /// What it adds up to.
    fn measure(&self) -> AmountKind {
        let second = AmountKind::Within(crate::units::Span::SECOND);
        match self.per {
            _ if self.data => AmountKind::Data,
            Per::Visit | Per::Request(_) => second,
            Per::Instance(_) | Per::Thread(_) | Per::BusyThread(_) => AmountKind::Held,
        }
    }
}

impl InputTable<'_> {
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
}
