//! Rules that never fire, rules that are noise, floors that hide the multiple.

use crate::decision::{Clause, Compare, Hold, Measure, Rule, Threshold};
use crate::journal::{FindingKind, Severity};
use crate::language::problem::quoted;
use crate::language::wording::Wording;
use crate::measure::tail::poisson_at_least;
use crate::names::{Scope, TierId};
use crate::scenario::lint::{Linter, key};
use crate::scenario::phrases::{chance_per_hour, share};
use crate::scenario::plan::peak;
use crate::scenario::rules::alarms::{level, limit};
use crate::scenario::rules::noise::{Noise, NoisyRule, noise};
use crate::site::per_visit;
use crate::units::{Span, Time};

/// A false alarm more often than once in a hundred hours is noise. A choice: at that rate, 3 of 100
/// launches of three hours have one.
const NOISE: f64 = 0.01;

impl Linter<'_> {
    /// Looks over every rule.
    pub fn rules(&mut self) {
        for index in 0..self.plan.playbook.rules.len() {
            if let Some(why) = self.never_fires(index) {
                let rule = &self.plan.playbook.rules[index];
                let name = quoted(&self.names().rules[index]);
                let document = &self.document.rules.as_ref().expect("the plan has rules")[index];
                let place = why.key.and_then(|name| key(&document.written, name));
                let expr = document.expr.as_ref().map_or(document.place, |expr| expr.place);
                let severity = rule.severity.as_deref();
                let what =
                    severity.map_or("rule".to_string(), |severity| format!("{severity} rule"));
                let message = format!("{what} {name} can never fire: {}", why.why);
                self.warning(place.unwrap_or(expr), message, why.hint);
                continue;
            }
            self.floor(index);
            self.noise(index);
        }
    }

    /// Whether a rule cannot fire in this scenario, whatever breaks.
    pub fn never_fires(&self, index: usize) -> Option<NeverFires> {
        let rule = &self.plan.playbook.rules[index];
        // Conditions that all must hold never do if one of them never does.
        let never = |clauses: Vec<Clause>| {
            let mut each = clauses.iter().map(|clause| rule.with_only(clause));
            each.find_map(|rule| self.never_holds(&rule))
        };
        let alternatives: Option<Vec<NeverFires>> =
            rule.alternatives().into_iter().map(never).collect();
        alternatives?.into_iter().next()
    }

    /// Whether a condition cannot hold.
    fn never_holds(&self, rule: &Rule) -> Option<NeverFires> {
        let breach = rule.breach?;
        let (at, _) = peak(self.plan);
        let level = level(self.plan, rule.measure, breach.threshold, at);
        self.beyond_all(rule, breach.compare, level)
            .or_else(|| self.too_long(rule))
            .or_else(|| self.beyond_patience(rule, level))
            .or_else(|| self.too_few_probes(rule))
            .or_else(|| self.too_few(rule))
    }

    /// More than everything, or less than nothing.
    fn beyond_all(&self, rule: &Rule, compare: Compare, level: f64) -> Option<NeverFires> {
        let shares =
            matches!(rule.measure, Measure::ErrorRate | Measure::GivenUp | Measure::SlowerThan(_));
        let most = if shares { 1.0 } else { f64::INFINITY };
        let never = match compare {
            Compare::Above => level >= most,
            Compare::AtLeast => level > most,
            Compare::Below => level <= 0.0,
            Compare::AtMost => level < 0.0,
        };
        let what = match shares {
            true => format!("a share is never beyond {}", share(level)),
            false => "there is nothing below 0".to_string(),
        };
        never.then(|| NeverFires::new(None, what, "choose a level that requests can reach"))
    }

    fn too_long(&self, rule: &Rule) -> Option<NeverFires> {
        let Hold::For(held) = rule.hold else { return None };
        let lasts = self.plan.lasts;
        let why = format!("it must hold for {held}, the scenario lasts {lasts}");
        let hint = "shorten `for`, or make the scenario longer";
        (held >= lasts).then(|| NeverFires::new(Some("for"), why, hint))
    }

    /// Nobody waits as long as the limit.
    fn beyond_patience(&self, rule: &Rule, level: f64) -> Option<NeverFires> {
        let limit = limit(rule.measure, level)?;
        let compare = rule.breach?.compare;
        if matches!(compare, Compare::Below | Compare::AtMost) {
            return None;
        }
        let waits = rule.scopes(&self.plan.names).into_iter().map(|scope| self.longest_wait(scope));
        let longest = match rule.probe {
            Some(_) => self.plan.traffic.patience,
            None => waits.max().unwrap_or_default(),
        };
        let who = match rule.scope {
            _ if rule.probe.is_some() => "a probe waits",
            Scope::Tier(_) => "its callers wait",
            _ => "visitors wait",
        };
        let why = format!("it looks for replies after {limit}, {who} {longest} at most");
        let hint = format!("choose a limit below {longest}");
        (longest <= limit).then(|| NeverFires::new(None, why, hint))
    }

    /// The longest that anybody waits for a reply of a scope.
    fn longest_wait(&self, scope: Scope) -> Span {
        let Scope::Tier(tier) = scope else { return self.plan.traffic.patience };
        let site = &self.plan.site;
        let routes = self.plan.playbook.changes.changes.iter().flat_map(|change| &change.routes);
        let routes = routes.map(|route| (route.endpoint.index(), &route.path));
        let paths = site.endpoints.iter().enumerate().map(|(index, e)| (index, &e.path));
        let wait = |(endpoint, path): (usize, &Vec<TierId>)| {
            let at = path.iter().position(|passed| *passed == tier)?;
            let caller = at.checked_sub(1).map(|before| path[before]);
            let timeout = |caller: TierId| site.calls[endpoint][caller.index()].timeout;
            Some(caller.map_or(self.plan.traffic.patience, timeout))
        };
        paths.chain(routes).filter_map(wait).max().unwrap_or_default()
    }

    /// There are never enough probes to judge, or nothing that they could be sent to.
    fn too_few_probes(&self, rule: &Rule) -> Option<NeverFires> {
        let every = rule.probe?;
        if let Scope::Tier(tier) = rule.scope
            && !self.paths_of_all().any(|(_, path)| path.contains(&tier))
        {
            let why = "no endpoint leads through it, so no probe can be sent to it";
            return Some(NeverFires::new(Some("probe"), why, "look at a tier on some path"));
        }
        let most = rule.window.0 / every.0.max(1);
        let why = format!(
            "it needs {} requests in {}, a probe every {every} makes {most}",
            rule.min_requests, rule.window
        );
        let hint = "lower `min_requests`, widen `window`, or probe more often";
        (most < rule.min_requests).then(|| NeverFires::new(Some("min_requests"), why, hint))
    }

    /// There are never enough requests to judge.
    fn too_few(&self, rule: &Rule) -> Option<NeverFires> {
        if rule.min_requests == 0 || rule.probe.is_some() {
            return None;
        }
        let (at, visits) = peak(self.plan);
        let expected = |scope| {
            visits.0 * per_visit(scope, &self.plan.site, &self.plan.traffic) * rule.window.seconds()
        };
        let routed = |scope: Scope| match scope {
            Scope::Tier(tier) => self.is_routed_to(tier),
            _ => false,
        };
        let scopes = rule.scopes(&self.plan.names);
        let best = scopes.iter().copied().map(expected).fold(0.0, f64::max);
        let seldom = poisson_at_least(best, rule.min_requests) < 1e-6;
        if !seldom || self.has_surge() || scopes.into_iter().any(routed) {
            return None;
        }
        let clock = self.plan.calendar.clock(at);
        let why = format!(
            "it needs {} requests in {}, {} are expected even at {clock}",
            rule.min_requests,
            rule.window,
            if best < 0.05 { "none".to_string() } else { format!("about {best:.1}") },
        );
        let hint = "lower `min_requests`, widen `window`, or look at more of the site";
        Some(NeverFires::new(Some("min_requests"), why, hint))
    }

    fn is_routed_to(&self, tier: TierId) -> bool {
        let routes = self.plan.playbook.changes.changes.iter().flat_map(|change| &change.routes);
        routes.into_iter().any(|route| route.path.contains(&tier))
    }

    fn has_surge(&self) -> bool {
        let mut faults = self.plan.faults.iter();
        faults.any(|fault| matches!(fault.kind, crate::fault::FaultKind::Surge { .. }))
    }

    /// A floor above the multiple: the multiple says nothing.
    fn floor(&mut self, index: usize) {
        let rule = &self.plan.playbook.rules[index];
        let Some(Threshold::Baseline { multiple, floor: Some(floor) }) =
            rule.breach.map(|breach| breach.threshold)
        else {
            return;
        };
        let baseline = self.plan.playbook.baseline.error_rate.unwrap_or_default().0;
        if floor <= multiple * baseline {
            return;
        }
        let document = &self.document.rules.as_ref().expect("the plan has rules")[index];
        let Some(place) = document.floor.as_ref().map(|floor| floor.place) else { return };
        let name = quoted(&self.names().rules[index]);
        let (three, floor) = (share(multiple * baseline), share(floor));
        let why = format!("{multiple}x baseline is {three}, it fires above {floor}");
        let text = format!("the floor of {name} always binds: {why}");
        let multiples = if baseline > 0.0 { rule_multiple(rule, baseline) } else { None };
        let hint = match multiples {
            Some(binding) => {
                format!("write `error_rate > {floor}`, or a multiple from {binding}x on")
            }
            None => format!("write `error_rate > {floor}`"),
        };
        self.finding(FindingKind::Floor, Severity::Low, text, (place, hint));
    }

    /// Chance alone makes it fire.
    fn noise(&mut self, index: usize) {
        let rule = &self.plan.playbook.rules[index];
        let Some(noise) = noise(self.plan, rule).filter(|noise| noise.per_hour > NOISE) else {
            return;
        };
        let document = &self.document.rules.as_ref().expect("the plan has rules")[index];
        let place = document.expr.as_ref().map_or(document.place, |expr| expr.place);
        let chance = chance_per_hour(noise.per_hour);
        let what = match rule.measure {
            Measure::Reports(_) | Measure::Noticed => String::new(),
            Measure::Backlog | Measure::BacklogAge => String::new(),
            Measure::Requests => format!("about {:.1} are expected", noise.expected),
            Measure::Errors => format!("about {:.1} requests are expected", noise.expected),
            Measure::ErrorRate => format!(
                "about {:.0} requests are expected, {} of them fail anyway",
                noise.expected,
                share(noise.normal)
            ),
            Measure::GivenUp => {
                format!("about {:.0} requests are expected", noise.expected)
            }
            Measure::SlowerThan(_) | Measure::Latency(_) => format!(
                "about {:.0} requests are expected, {} of them are slow anyway",
                noise.expected,
                share(noise.normal)
            ),
        };
        let clock = if noise.at == Time::ZERO {
            "at the start".to_string()
        } else {
            format!("at {}", self.plan.calendar.clock(noise.at))
        };
        let about = if chance.starts_with("almost") { "" } else { "about " };
        let noisy = NoisyRule {
            rule: self.names().rules[index].clone(),
            place,
            forecast: format!("a false alarm is {about}{chance} {clock}"),
            why: format!("in {} of {}, {what}", rule.window, self.scope(noise.scope)),
            remedy: self.quieter(rule),
        };
        let says = format!("is noise: {}", noisy.forecast);
        let message = Wording::beginning(quoted(&noisy.rule), &says, format!("… {says}"));
        let remedy = match &noisy.remedy {
            Some((key, value)) => format!("`{key}: {value}` makes it quiet"),
            None => "move its threshold away from what is normal".to_string(),
        };
        let hint = format!("{}; {remedy}{}", noisy.why, self.unplayed(rule, &noise));
        self.warning(place, message, hint);
        self.noisy.push(noisy);
    }

    /// Why runs do not show these alarms, where what fails on a usual day is only a figure of the
    /// baseline: the site of the scenario fails nothing by itself.
    fn unplayed(&self, rule: &Rule, noise: &Noise) -> String {
        let fails = self.plan.site.tiers.iter().any(|tier| tier.errors.0 > 0.0);
        let of_errors = matches!(rule.measure, Measure::Errors | Measure::ErrorRate);
        if fails || !of_errors || noise.normal <= 0.0 {
            return String::new();
        }
        let normal = share(noise.normal);
        format!(
            "; runs do not show it: nothing fails there by itself, give a tier `errors: {normal}`"
        )
    }

    /// The first of some usual remedies that makes a rule quiet.
    fn quieter(&self, rule: &Rule) -> Option<(&'static str, String)> {
        let quiet = |rule: &Rule| noise(self.plan, rule).is_none_or(|n| n.per_hour < NOISE / 3.0);
        for minutes in [1, 2, 3, 5, 10] {
            let hold = Hold::For(Span::MINUTE * minutes);
            let longer = matches!(rule.hold, Hold::For(held) if held < Span::MINUTE * minutes);
            if longer && quiet(&Rule { hold, ..rule.clone() }) {
                return Some(("for", format!("{minutes}m")));
            }
        }
        for min_requests in [50, 100, 200, 500, 1_000] {
            if min_requests > rule.min_requests && quiet(&Rule { min_requests, ..rule.clone() }) {
                return Some(("min_requests", min_requests.to_string()));
            }
        }
        for minutes in [2, 5, 10, 15] {
            let window = Span::MINUTE * minutes;
            if window > rule.window && quiet(&Rule { window, ..rule.clone() }) {
                return Some(("window", format!("{minutes}m")));
            }
        }
        None
    }
}

/// The multiple from which on the floor would no longer bind.
fn rule_multiple(rule: &Rule, baseline: f64) -> Option<u64> {
    let Threshold::Baseline { floor: Some(floor), .. } = rule.breach?.threshold else {
        return None;
    };
    Some((floor / baseline).ceil() as u64).filter(|multiple| *multiple < 100)
}

/// Why a rule never fires.
pub struct NeverFires {
    /// The key that is to blame; the expression if there is none.
    key: Option<&'static str>,
    why: String,
    hint: String,
}

impl NeverFires {
    fn new(
        key: Option<&'static str>,
        why: impl Into<String>,
        hint: impl Into<String>,
    ) -> NeverFires {
        NeverFires { key, why: why.into(), hint: hint.into() }
    }
}
