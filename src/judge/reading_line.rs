//! One reading in a recording, as a line has it.

use crate::measure::Latencies;
use crate::telemetry::{Reading, ScopeReading};
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
}

/// The buckets of the response times of good answers, and of those the exact counts of limits.
type GoodLine = (Vec<(u16, u32)>, Vec<(Span, u32)>);

/// Ok, failed, rejected, abandoned, planned, and the buckets of the response times.
type ScopeLine = (u64, u64, u64, u64, u64, Vec<(u16, u32)>);

impl ReadingLine {
    /// The line of a reading.
    pub fn of(reading: &Reading) -> ReadingLine {
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
        ReadingLine { from: reading.from, to: reading.to, scopes, exact, reports, errors, good }
    }

    /// The reading of a line, if it has this many scopes. The error says what is wrong with it.
    pub fn into_reading(self, expected: usize) -> Result<Reading, &'static str> {
        let ReadingLine { from, to, scopes, exact, reports, errors, good } = self;
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
        Ok(Reading { from, to, missing: false, scopes })
    }
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
