//! Where the thresholds of rules lie in a drawing, with their words.

use super::formatting::shown;
use crate::decision::MeasureKind;
use crate::journal::RuleRow;
use crate::report::context::{ReportContext, significant};
use crate::units::Span;
use serde_json::Value;

/// A line at a threshold: where, and its words.
pub(super) type ThresholdLine = (f64, String);

/// The thresholds for the whole site that a chart of this kind can show, in its unit, no two at
/// the same place.
pub(super) fn of_site(context: &ReportContext, kind: MeasureKind) -> Vec<ThresholdLine> {
    let rules = context.header.plan.pointer("/playbook/rules").and_then(Value::as_array);
    let rules = rules.into_iter().flatten().zip(&context.header.rules);
    let mut found: Vec<ThresholdLine> = Vec::new();
    for (rule, row) in rules {
        let whole = rule["scope"] == "site" && rule["by"].is_null();
        let Some(at) = threshold(rule, row, kind, context).filter(|_| whole) else { continue };
        if !at.is_finite() || at <= 0.0 {
            continue;
        }
        let bound = if floor_binds(rule, context) { ", never below its floor" } else { "" };
        let text = format!("{}: {}{bound}", row.alert, row.text);
        match found.iter_mut().find(|(known, _)| known == &at) {
            Some((_, known)) => known.push_str(&format!(", {}", row.alert)),
            None => found.push((at, shown(&text))),
        }
    }
    found.iter_mut().for_each(|(_, text)| *text = shown(text));
    found.truncate(5);
    found
}

/// The thresholds of rules that measure this of a tier: requests that wait, or minutes.
pub(super) fn of_tier(
    context: &ReportContext,
    measure: MeasureKind,
    tier: &str,
) -> Vec<ThresholdLine> {
    let plan = &context.header.plan;
    let named = |rule: &Value| {
        let number = rule["scope"]["tier"].as_u64()?;
        plan.pointer(&format!("/names/tiers/{number}")).and_then(Value::as_str)
    };
    let rules = plan.pointer("/playbook/rules").and_then(Value::as_array);
    let rules = rules.into_iter().flatten().zip(&context.header.rules);
    let is_rule = |(rule, row): (&Value, &RuleRow)| {
        let own = row.measure == measure && named(rule) == Some(tier);
        let at = rule["breach"]["threshold"]["fixed"].as_f64().filter(|_| own)?;
        let at = if measure == MeasureKind::BacklogAge { at / 60.0 } else { at };
        let text = shown(&format!("{}: {}", row.alert, row.text));
        (at.is_finite() && at > 0.0).then_some((at, text))
    };
    rules.filter_map(is_rule).take(5).collect()
}

/// Where the threshold of this rule lies in a drawing of shares of requests, in percent; `None` of
/// a rule about something else.
pub(super) fn share_of(context: &ReportContext, alert: &str) -> Option<ThresholdLine> {
    let (rule, row) = rule_of(context, alert)?;
    let at = threshold(rule, row, MeasureKind::ErrorRate, context)
        .filter(|at| at.is_finite() && *at > 0.0)?;
    let limit = significant(at, 3);
    Some((at, shown(&format!("{} fires above {limit}% errors", row.alert))))
}

/// Where the threshold of this rule lies in a drawing of response times, in milliseconds; `None`
/// of a rule about something else.
pub(super) fn time_of(context: &ReportContext, alert: &str) -> Option<ThresholdLine> {
    let (rule, row) = rule_of(context, alert)?;
    let at = threshold(rule, row, MeasureKind::Latency, context)
        .filter(|at| at.is_finite() && *at > 0.0)?;
    Some((at, shown(&format!("{}: {}", row.alert, row.text))))
}

/// A rule as the plan has it and as the header has it.
fn rule_of<'a>(context: &'a ReportContext, alert: &str) -> Option<(&'a Value, &'a RuleRow)> {
    let rules = context.header.plan.pointer("/playbook/rules").and_then(Value::as_array)?;
    rules.iter().zip(&context.header.rules).find(|(_, row)| row.alert == alert)
}

/// Whether the floor of a multiple of the baseline is what counts.
fn floor_binds(rule: &Value, context: &ReportContext) -> bool {
    let relative = &rule["breach"]["threshold"]["baseline"];
    let multiple = relative["multiple"].as_f64().zip(context.header.baseline_error_rate);
    let floor = relative["floor"].as_f64();
    floor.zip(multiple).is_some_and(|(floor, (times, of))| floor > times * of)
}

/// Where a rule lies on a chart: percent of errors, or milliseconds.
fn threshold(
    rule: &Value,
    row: &RuleRow,
    kind: MeasureKind,
    context: &ReportContext,
) -> Option<f64> {
    let limit = &rule["breach"]["threshold"];
    // What probes meet is not what visitors meet, who are drawn.
    if !rule["probe"].is_null() {
        return None;
    }
    match (kind, row.measure) {
        (MeasureKind::ErrorRate, MeasureKind::ErrorRate) => {
            let relative = &limit["baseline"];
            let floor = relative["floor"].as_f64().unwrap_or(0.0);
            let multiple = relative["multiple"].as_f64();
            let of_baseline = multiple.zip(context.header.baseline_error_rate);
            let share = limit["fixed"].as_f64();
            let share = share.or(of_baseline.map(|(times, of)| (times * of).max(floor)))?;
            Some(share * 100.0)
        }
        (MeasureKind::Latency, MeasureKind::SlowShare) => {
            rule["measure"]["slower-than"].as_u64().map(|limit| Span(limit).seconds() * 1e3)
        }
        (MeasureKind::Latency, MeasureKind::Latency) => {
            limit["fixed"].as_f64().map(|seconds| seconds * 1e3)
        }
        _ => None,
    }
}
