//! False alarms, tried out: a rule judges weeks of made-up readings in which nothing is wrong.

use crate::decision::{Measure, Rule, Threshold, firings, written_limit};
use crate::kernel::DrawKey;
use crate::measure::{Latencies, Limits};
use crate::scenario::plan::Plan;
use crate::telemetry::ScopeReading;
use crate::units::{Span, Time};
use rand_distr::{Distribution, Poisson};

/// Hours that are tried. A choice: of a rule that is just about noise, three of them have a false
/// alarm; with half of them, such a rule would show none in one case of five.
const HOURS: u64 = 300;

/// With a short telemetry interval, no more readings than this: 300 hours at the usual 10 s have
/// 108,000. A choice, so that checking stays quick.
const MOST: u64 = 200_000;

/// The most rules of a scenario that are tried out at full length. A choice: of more, each is tried
/// for fewer hours, so that all of them take no longer.
const AT_LENGTH: u64 = 40;

/// The chance of a false alarm within an hour on a scope with this many requests per second, of
/// which this share is bad, or slow, although nothing is wrong.
///
/// Requests and hits are Poisson and apart (a thinned Poisson process); the rule's own window and
/// state machine judge hour after hour of them, so that overlapping windows count as what they are.
/// The same rule gives the same figure.
pub fn false_alarm(plan: &Plan, rule: &Rule, requests: f64, normal: f64) -> f64 {
    let every = plan.telemetry.every;
    let ticks = (Span::MINUTE.0 * 60 / every.0.max(1)).max(1);
    // Many rules share the time that checking may take.
    let rules = plan.playbook.rules.len() as u64;
    let hours = (HOURS.min(MOST / ticks) * AT_LENGTH / rules.max(AT_LENGTH)).max(10);
    let mean = requests * every.seconds();
    let count = |mean: f64| Poisson::new(mean).ok();
    let (hits, others) = (count(mean * normal), count(mean * (1.0 - normal)));
    let mut generator = DrawKey::new(0, 0, "false alarms").generator();
    let mut draw = |of: &Option<Poisson<f64>>| {
        of.as_ref().map_or(0, |poisson| poisson.sample(&mut generator) as u64)
    };
    let limit = rule.breach.and_then(|breach| {
        limit(rule.measure, level(plan, rule.measure, breach.threshold, Time::ZERO))
    });
    let limits = Limits::default();
    let mut reading = || {
        let (hits, others) = (draw(&hits), draw(&others));
        let Some(limit) = limit else {
            return ScopeReading { ok: others, failed: hits, ..ScopeReading::default() };
        };
        let (slow, quick) = (Span(limit.0.saturating_mul(2)), Span(limit.0 / 2));
        let latency = Latencies::counted(&[(quick, others as u32), (slow, hits as u32)], &limits);
        ScopeReading { ok: hits + others, latency, ..ScopeReading::default() }
    };
    let baseline = &plan.playbook.baseline;
    let fires = |_: &u64| {
        let hour: Vec<ScopeReading> = (0..ticks).map(|_| reading()).collect();
        firings(rule, baseline, every, hour.into_iter()) > 0
    };
    (0..hours).filter(fires).count() as f64 / hours as f64
}

/// Where the line is drawn at a moment.
pub fn level(plan: &Plan, measure: Measure, threshold: Threshold, at: Time) -> f64 {
    threshold.level(measure, &plan.playbook.baseline, (at, at))
}

/// The response time beyond which a request counts as slow; `None`: the rule is not about that.
pub fn limit(measure: Measure, level: f64) -> Option<Span> {
    match measure {
        Measure::SlowerThan(limit) => Some(written_limit(limit).1),
        Measure::Latency(_) => Some(Span::from_seconds(level)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::source::SourceText;
    use crate::scenario::load;

    fn rule(expr: &str, hold: &str) -> (Plan, Rule) {
        let text = format!(
            "scenario: a day\nstarts: 2018-11-07T17:00 America/New_York\nlasts: 1h\n\
             traffic: {{visits: [{{at: 0m, rate: 1/s}}], tools: {{t: {{requests: 1, think: 1s, \
             use: {{p: 100%}}}}}}}}\nsite: {{tiers: {{web: {{threads: 9, takes: 1ms}}}}, \
             endpoints: {{p: web}}}}\nrules: [{{alert: A, expr: {expr}, for: {hold}}}]\n"
        );
        let source = SourceText::file("a.yaml", text);
        let plan = load(&source, &[]).expect("a scenario").plan;
        let rule = plan.playbook.rules[0].clone();
        (plan, rule)
    }

    #[test]
    fn what_always_or_never_breaches() {
        let (plan, always) = rule("error_rate > 1%", "2m");
        assert_eq!(false_alarm(&plan, &always, 10.0, 0.5), 1.0);
        assert_eq!(false_alarm(&plan, &always, 10.0, 0.0), 0.0);
        let (plan, slow) = rule("latency > 3s for 10% of traffic", "2m");
        assert_eq!(false_alarm(&plan, &slow, 10.0, 0.5), 1.0);
        let (plan, quiet) = rule("requests < 1/m", "5m");
        assert_eq!(false_alarm(&plan, &quiet, 0.0, 0.0), 1.0);
    }

    #[test]
    fn windows_that_overlap_are_not_luck_of_their_own() {
        // One request in a hundred fails; a window of a minute has 600 of them.
        let (plan, at_once) = rule("error_rate > 1.2%", "0s");
        let (_, held) = rule("error_rate > 1.2%", "2m");
        let chance = |rule: &Rule| false_alarm(&plan, rule, 10.0, 0.01);
        assert!(chance(&at_once) > 0.95, "{}", chance(&at_once));
        assert!((0.05..0.8).contains(&chance(&held)), "{}", chance(&held));
        assert_eq!(chance(&held), chance(&held));
    }
}
