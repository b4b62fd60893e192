//! The capacity check in words: sentences for the terminal and for the outbrief.

use super::capacity::limit_words;
use super::context::significant;
use crate::capacity::{
    Breaking, CapacityCheck, CaseResult, LoadStatus, ScaleUpImpact, Sizing, seconds,
};
use crate::journal::{LimitRow, LimitStatus};

/// Why the verdict is what it is.
pub(super) fn reasons(check: &CapacityCheck) -> Vec<String> {
    let mut reasons = Vec::new();
    let normal = &check.cases[0];
    let wanted = check.objectives.headroom;
    if let Some([_, at, _]) = normal.headroom() {
        let status = match check.headroom() {
            LoadStatus::Met => "enough",
            LoadStatus::Missed => "too little",
            LoadStatus::Open => "not clearly enough",
        };
        let breaks = breaks(normal, check.simulated);
        reasons.push(if at < 0.0 {
            format!("The expected peak is beyond the breaking point, which is at {breaks} of it.")
        } else {
            format!(
                "It breaks at {breaks} of the peak, a headroom of {}%: {status} for {wanted}.",
                significant((at * 100.0).floor(), 3)
            )
        });
    }
    for case in check.cases.iter().filter(|case| case.status() != LoadStatus::Met) {
        reasons.push(missed(case, check));
    }
    reasons.extend(check.ramp.iter().filter_map(|ramp| growing(ramp, check)));
    for limit in check.limits.iter().filter(|limit| limit.status == LimitStatus::Over) {
        reasons.push(format!("Over its limit: {}, {}.", limit.limit, limit_words(limit)));
    }
    if let Some(first) = check.steps.first() {
        let who = first.tier.as_deref().unwrap_or("visitors");
        reasons.push(format!(
            "What gives way first: {} of {who}, from {}x on: {}.",
            first.overload.word(),
            significant(first.multiple, 3),
            first.text
        ));
    } else if let Some(first) = &normal.bottleneck {
        reasons.push(format!("The first bottleneck is {}: {}.", first.tier, first.text));
    }
    reasons
}

/// What users go through while groups grow, and the ways out; `None`: they grow in time.
fn growing(ramp: &ScaleUpImpact, check: &CapacityCheck) -> Option<String> {
    let (from, to) = ramp.missed?;
    let grown = ramp.groups.iter().filter(|group| group.reaches > group.starts).map(|group| {
        let (tier, starts, reaches) = (&group.tier, group.starts, group.reaches);
        format!("{tier}: {starts} at the start, {reaches} after {}", seconds(group.after))
    });
    let grown: Vec<String> = grown.collect();
    let groups = match grown.is_empty() {
        true => "Groups that scale do not grow".to_string(),
        false => format!("Groups that scale grow too late ({})", grown.join("; ")),
    };
    let needed = ramp.groups.iter().filter(|group| group.reaches > group.starts);
    let needed = needed.map(|group| format!("{} for {}", group.reaches, group.tier));
    let needed: Vec<String> = needed.collect();
    let way_out = match needed.is_empty() {
        true => "more instances from the start, or a higher max_capacity".to_string(),
        false => format!(
            "min_capacity {}, or scheduled scaling that has them serving before {}",
            needed.join(", "),
            seconds(from.max(60.0))
        ),
    };
    Some(format!(
        "{groups}: from {} to {} after the start p{} or errors are missed, and {}% of users are \
         affected. Options: {way_out}.",
        seconds(from),
        seconds(to),
        significant(check.objectives.quantile * 100.0, 3),
        significant(ramp.share() * 100.0, 2)
    ))
}

/// What is wrong with a case.
fn missed(case: &CaseResult, check: &CapacityCheck) -> String {
    let outcome = case.played.as_ref().map_or(&case.formula, |point| &point.outcome);
    let latency = outcome.latency.map_or("no answer".to_string(), seconds);
    let percentile = significant(check.objectives.quantile * 100.0, 3);
    let word = if case.status() == LoadStatus::Open { "unclear" } else { "missed" };
    let why = case
        .bottleneck
        .as_ref()
        .map_or(String::new(), |found| format!("; busiest is {}: {}", found.tier, found.text));
    format!(
        "{word} with {}: p{percentile} {latency}, errors {}%{why}.",
        case.title,
        significant(outcome.errors * 100.0, 2)
    )
}

/// The breaking point of a case in words: `3.2x (3.1..3.3)`.
pub(super) fn breaks(case: &CaseResult, simulated: bool) -> String {
    let x = |multiple: f64| format!("{}x", significant(multiple, 3));
    match &case.breaking {
        Some(Breaking { at, low, high, .. }) => match (at, low, high) {
            (_, Some(low), None) => format!("more than {}", x(*low)),
            (_, None, Some(high)) => format!("less than {}", x(*high)),
            (Some(at), Some(low), Some(high)) => {
                let bare = |multiple: f64| significant(multiple, 3);
                format!("{} ({}..{})", x(*at), bare(*low), bare(*high))
            }
            _ => "not found".to_string(),
        },
        None if simulated => "not found".to_string(),
        None => case.formula_breaks.map_or("never".to_string(), x),
    }
}

/// What formulas say of the breaking point as planned, and why playing it says something else.
pub(super) fn bounds(check: &CapacityCheck) -> Vec<String> {
    let normal = &check.cases[0];
    let x = |multiple: f64| format!("{}x", significant(multiple, 3));
    let mut sentences = Vec::new();
    if let (Some(breaks), Some(most)) = (normal.formula_breaks, normal.saturation) {
        let busiest = normal.formula.tiers.iter().max_by(|a, b| a.used().total_cmp(&b.used()));
        let busiest = busiest.map_or("", |tier| tier.tier.as_str());
        sentences.push(format!(
            "By formula it breaks at {} of the peak as planned; beyond {} the threads of {busiest} \
             are not enough, whatever else you do.",
            x(breaks),
            x(most)
        ));
    }
    for held in check.cases.iter().filter_map(|case| case.held.as_ref()) {
        sentences.push(format!(
            "While {} takes that long, a call through it holds a thread of {} for {}: an instance \
             with {} threads carries {} of them a second. The peak brings {}/s, {} threads of {} \
             (Little's law).",
            held.slow,
            held.tier,
            seconds(held.hold),
            held.threads,
            significant(held.max_call_rate(), 2),
            significant(held.calls, 3),
            significant(held.busy(), 3),
            u64::from(held.threads) * u64::from(held.instances)
        ));
    }
    if !normal.breaks_by.is_empty() {
        sentences.push(format!(
            "Where it breaks, the simulation differs from the formula by {}.",
            normal.breaks_by.join("; by ")
        ));
    }
    sentences
}

/// Whether a site that was overrun recovers at the load that it bore before.
pub(super) fn hysteresis(check: &CapacityCheck) -> Option<String> {
    let found = check.recovery.as_ref()?;
    let x = |multiple: f64| format!("{}x", significant(multiple, 3));
    let level = x(found.sustained_load);
    Some(match (found.stays_down, found.recovers) {
        (None, recovers) => format!(
            "Ramping up it carries {level} of the peak, and after an overload ({} slow for three \
             minutes) it recovers at {}: the overload leaves nothing behind.",
            found.tier,
            recovers.map_or(level.clone(), x)
        ),
        (Some(stays), Some(recovers)) => format!(
            "Hysteresis: ramping up it carries {level} of the peak; once overloaded ({} slow for 3 \
             minutes) it stays down at {}, although the cause is gone, and recovers only at {}. \
             It keeps itself down: reduce the load, do not wait.",
            found.tier,
            x(stays),
            x(recovers)
        ),
        (Some(stays), None) => format!(
            "Hysteresis: ramping up it carries {level} of the peak; once overloaded ({} slow for 3 \
             minutes) it stays down, even at {}, although the cause is gone. It keeps itself \
             down: only removing the load completely ends it.",
            found.tier,
            x(stays)
        ),
    })
}

/// Who has checked a limit, and when.
pub(super) fn checked(limit: &LimitRow) -> String {
    match (&limit.checked_by, &limit.checked_on) {
        (Some(who), Some(on)) => format!("checked by {who} on {on}"),
        (Some(who), None) => format!("checked by {who}, nobody knows when"),
        (None, _) => "nobody has checked it".to_string(),
    }
}

/// Whether the sizes pass.
pub(super) fn passes(sizing: &Sizing) -> &'static str {
    match sizing.played {
        _ if !sizing.pass => {
            "No number of our own instances passes; these have the threads, and what is missed is \
             missed elsewhere."
        }
        Some(LoadStatus::Met) => "Simulated with these sizes, the objectives are met.",
        Some(LoadStatus::Missed) => "Simulated with these sizes, the objectives are still missed.",
        Some(LoadStatus::Open) => "Simulated with these sizes, it is too close to tell.",
        None => "By formula; not simulated.",
    }
}

/// How far the breaking point would move if the assumed thread counts were wrong.
pub(super) fn assumed_sentence(check: &CapacityCheck) -> Option<String> {
    let assumed = check.assumed.as_ref()?;
    let x = |multiple: Option<f64>| {
        multiple.map_or("nothing".to_string(), |multiple| format!("{}x", significant(multiple, 3)))
    };
    let [low, as_is, high] = assumed.breaks.map(x);
    if low == as_is && high == as_is {
        return Some(format!(
            "Nobody has measured the threads of {}. If they were 30% off, it would still break at \
             {as_is} of the peak (by formula).",
            assumed.tiers.join(", ")
        ));
    }
    Some(format!(
        "Nobody has measured the threads of {}. With 30% fewer, it would break at {low} of \
         the peak instead of {as_is}; with 30% more, at {high} (by formula).",
        assumed.tiers.join(", ")
    ))
}

/// The objectives in words.
pub(super) fn objectives(check: &CapacityCheck) -> String {
    let objectives = &check.objectives;
    let usual = if check.objectives_written { "" } else { " (defaults: the scenario sets none)" };
    format!(
        "headroom {}, p{} < {}, errors < {}{usual}",
        objectives.headroom,
        significant(objectives.quantile * 100.0, 3),
        objectives.latency,
        objectives.errors
    )
}
