//! One reading in a recording, as a line has it.

use crate::measure::Latencies;
use crate::names::RuleId;
use crate::telemetry::{Backlog, Reading, ReadingGaps, RuleView, ScopeReading};
use crate::units::{Span, Time};
use serde::{Deserialize, Serialize};

/// One reading.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReadingLine {
    pub from: Time,
    pub to: Time,
    /// `None`: the reading did not come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scopes: Option<Vec<ScopeLine>>,
    /// By position of the scope: limits of rules in whose bucket something lies, and how much of
    /// that is longer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    exact: Vec<(usize, Vec<(Span, u32)>)>,
    /// Reports of users by source.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    reports: Vec<u64>,
    /// Errors of each scope, where the team counts others than failed and rejected requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<u64>>,
    /// Response times of good answers of each scope, where some rule asks for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    good: Option<Vec<GoodLine>>,
    /// By position of the scope: how many requests are kept, and how long the oldest has waited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    backlog: Vec<(usize, u64, Span)>,
    /// Positions of scopes of which nothing came.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unseen: Vec<usize>,
    /// What the rules with a view of their own saw, by position of the scope.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    views: Vec<ViewLine>,
}

/// A rule, and what it saw; `None`: nothing came for it.
type ViewLine = (RuleId, Option<Vec<(usize, ScopeReading)>>);

/// The buckets of the response times of good answers, and of those the exact counts of limits.
type GoodLine = (Vec<(u16, u32)>, Vec<(Span, u32)>);

/// Ok, failed, rejected, abandoned, planned, and the buckets of the response times.
type ScopeLine = (u64, u64, u64, u64, u64, Vec<(u16, u32)>);

impl ReadingLine {
    /// The line of a reading.
    pub fn from_reading(reading: &Reading) -> ReadingLine {
        let scope = |scope: &ScopeReading| {
            let ScopeReading { ok, failed, rejected, abandoned, planned, latency, .. } = scope;
            (*ok, *failed, *rejected, *abandoned, *planned, latency.buckets().to_vec())
        };
        let scopes = (!reading.missing).then(|| reading.scopes.iter().map(scope).collect());
        let exact = |(index, scope): (usize, &ScopeReading)| {
            let exact = scope.latency.exact().to_vec();
            (!exact.is_empty()).then_some((index, exact))
        };
        let exact = reading.scopes.iter().enumerate().filter_map(exact).collect();
        let errors = reading.scopes.iter().map(|scope| scope.errors).collect::<Option<Vec<u64>>>();
        let errors = errors.filter(|errors| !errors.is_empty());
        let good = |scope: &ScopeReading| {
            let good = scope.good.as_ref()?;
            Some((good.buckets().to_vec(), good.exact().to_vec()))
        };
        let good = reading.scopes.iter().map(good).collect::<Option<Vec<GoodLine>>>();
        let good = good.filter(|good| !good.is_empty());
        let reports = reading.scopes.first().map_or_else(Vec::new, |scope| scope.reports.clone());
        let unseen = reading.gaps.scopes.clone();
        let view = |view: &RuleView| (view.rule, view.scopes.clone());
        let views = reading.gaps.rules.iter().map(view).collect();
        let kept = |(at, scope): (usize, &ScopeReading)| {
            scope.backlog.map(|backlog| (at, backlog.waiting, backlog.age))
        };
        let backlog = reading.scopes.iter().enumerate().filter_map(kept).collect();
        let (from, to) = (reading.from, reading.to);
        ReadingLine { from, to, scopes, exact, reports, errors, good, backlog, unseen, views }
    }

    /// The reading of a line, if it has this many scopes. The error says what is wrong with it.
    pub fn into_reading(self, expected: usize) -> Result<Reading, &'static str> {
        let ReadingLine { from, to, scopes, exact, reports, errors, good, .. } = self;
        let ReadingLine { backlog, unseen, views, .. } = self;
        let Some(scopes) = scopes else { return Ok(Reading::missing(from, to)) };
        if scopes.len() != expected {
            return Err("it does not have one entry for each scope of the first line");
        }
        let mut exact = exact.into_iter().peekable();
        let scope = |(index, line): (usize, ScopeLine)| {
            let (ok, failed, rejected, abandoned, planned, buckets) = line;
            let exact = exact.next_if(|(at, _)| *at == index).map(|(_, exact)| exact);
            let latency = Latencies::from_parts(buckets, exact.unwrap_or_default())?;
            Some(ScopeReading {
                ok,
                failed,
                rejected,
                abandoned,
                planned,
                latency,
                ..ScopeReading::default()
            })
        };
        let scopes: Option<Vec<ScopeReading>> = scopes.into_iter().enumerate().map(scope).collect();
        let all_used = exact.peek().is_none();
        let mut scopes =
            scopes.filter(|_| all_used).ok_or("its response times are out of order")?;
        if let Some(site) = scopes.first_mut() {
            site.reports = reports;
        }
        if let Some(errors) = errors {
            count_errors(&mut scopes, &errors)?;
        }
        if let Some(good) = good {
            keep_good(&mut scopes, good)?;
        }
        for (at, waiting, age) in backlog {
            let scope =
                scopes.get_mut(at).ok_or("it has a backlog of a scope that is not there")?;
            scope.backlog = Some(Backlog { waiting, age });
        }
        let gaps = ReadingGaps { scopes: unseen, rules: seen_by_rules(views)? };
        Ok(Reading { gaps, ..Reading::new(from, to, scopes) })
    }
}

/// What rules saw as recorded, which may come from anybody.
fn seen_by_rules(views: Vec<ViewLine>) -> Result<Vec<RuleView>, &'static str> {
    let sound = |times: &Latencies| {
        Latencies::from_parts(times.buckets().to_vec(), times.exact().to_vec()).is_some()
    };
    let fits = |scope: &ScopeReading| {
        let counts = [scope.failed, scope.rejected, scope.abandoned];
        let total = counts.into_iter().fold(scope.ok, u64::saturating_add);
        sound(&scope.latency)
            && scope
                .good
                .as_ref()
                .is_none_or(|good| sound(good) && good.count() <= scope.latency.count())
            && scope.errors.is_none_or(|errors| errors <= total)
    };
    let scopes = views.iter().filter_map(|(_, scopes)| scopes.as_ref()).flatten();
    if !scopes.into_iter().all(|(_, scope)| fits(scope)) {
        return Err("what a rule saw contradicts itself");
    }
    Ok(views.into_iter().map(|(rule, scopes)| RuleView { rule, scopes }).collect())
}

/// The times of good answers of each scope as recorded.
fn keep_good(scopes: &mut [ScopeReading], good: Vec<GoodLine>) -> Result<(), &'static str> {
    if good.len() != scopes.len() {
        return Err("it does not have the times of good answers for each scope");
    }
    for (scope, (buckets, exact)) in scopes.iter_mut().zip(good) {
        let good = Latencies::from_parts(buckets, exact);
        let good = good.filter(|good| good.count() <= scope.latency.count());
        scope.good = Some(good.ok_or("its times of good answers are out of order, or too many")?);
    }
    Ok(())
}

/// The errors of each scope as recorded, which are never more than its requests.
fn count_errors(scopes: &mut [ScopeReading], errors: &[u64]) -> Result<(), &'static str> {
    if errors.len() != scopes.len() {
        return Err("it does not have one number of errors for each scope");
    }
    for (scope, errors) in scopes.iter_mut().zip(errors) {
        let most = scope.ok.saturating_add(scope.failed).saturating_add(scope.rejected);
        if *errors > most.saturating_add(scope.abandoned) {
            return Err("it has more errors than requests");
        }
        scope.errors = Some(*errors);
    }
    Ok(())
}
