//! `capacity.csv` and `capacity-curve.csv`: the capacity check as tables.

use super::context::{Cell, significant};
use super::sheet::{ColumnDoc, CsvSheet};
use crate::capacity::{CapacityCheck, CaseResult, LoadOutcome, LoadPoint, LoadStatus, TierOutcome};
use crate::decision::{CriterionEvidence, CriterionRow, JudgedRow};
use crate::journal::{LimitRow, LimitStatus, Story};
use std::io::{self, Write};

/// The file of [`write_capacity`].
pub const CAPACITY_FILE: &str = "capacity.csv";
/// The file of [`write_curve`].
pub const CURVE_FILE: &str = "capacity-curve.csv";

/// The name of the whole site among the tiers.
const SITE: &str = "(site)";

#[rustfmt::skip]
pub(crate) const COLUMNS: [ColumnDoc; 18] = [
    ("tier", "", "the tier, (site) for the requests at the entry, or a limit"),
    ("case", "", "normal, zone-lost, instance-lost, cache-cold, rolling-deploy, slow-external"),
    ("peak_rps", "1/s", "calls or requests per second at the peak"),
    ("instances", "count", "that are left in this case"),
    ("threads", "count", "over all instances that are left"),
    ("threads_needed", "count", "busy on average, rounded up (Little's law)"),
    ("use_pct", "%", "share of the threads that is busy or wanted"),
    ("latency_p95_ms", "ms", "95th percentile, from the call to its answer"),
    ("error_pct", "%", "share without a good answer"),
    ("headroom_pct", "%", "1 - peak / the most that is carried"),
    ("break_x", "x", "multiple of the peak at which it breaks"),
    ("break_x_low", "x", "the highest multiple that clearly holds"),
    ("break_x_high", "x", "the lowest multiple that clearly does not"),
    ("limit_kind", "", "threads, threads (assumed), latency, errors, or the kind of the limit"),
    ("status", "", "met, missed, open (too close to tell) or not-called"),
    ("evidence", "", "formula, simulated, or given by the scenario"),
    ("checked_by", "", "who checked the limit with its owner"),
    ("checked_on", "date", "when, as written"),
];

#[rustfmt::skip]
pub(crate) const CURVE_COLUMNS: [ColumnDoc; 15] = [
    ("history", "", "steady, or after-overload: overloaded first, then this load"),
    ("load_x", "x", "multiple of the expected peak"),
    ("visits_rps", "1/s", "visits per second"),
    ("requests_rps", "1/s", "requests per second that ended, repeated ones too"),
    ("good_rps", "1/s", "of them, those with a good answer"),
    ("attempts", "number", "attempts for each request that visitors wanted to make"),
    ("p50_ms", "ms", "median response time"),
    ("p95_ms", "ms", "95th percentile"),
    ("slow_pct", "%", "share slower than the objective's limit"),
    ("slow_low_pct", "%", "lower end of its 95% interval"),
    ("slow_high_pct", "%", "upper end"),
    ("error_pct", "%", "share without a good answer"),
    ("error_low_pct", "%", "lower end of its 95% interval"),
    ("error_high_pct", "%", "upper end"),
    ("status", "", "met, missed or open (too close to tell)"),
];

/// Writes a row per tier and case, by formula and as played.
pub fn write_capacity(check: &CapacityCheck, to: Box<dyn Write>) -> io::Result<()> {
    let names: Vec<&str> = COLUMNS.iter().map(|(name, _, _)| *name).collect();
    let mut sheet = CsvSheet::with_lead(to, lead(check), &names)?;
    for case in &check.cases {
        let played = case.played.as_ref().map(|point| &point.outcome);
        let outcomes = [
            (Some(&case.formula), CriterionEvidence::Formula),
            (played, CriterionEvidence::Simulated),
        ];
        for (outcome, evidence) in outcomes {
            let Some(outcome) = outcome else { continue };
            sheet.row(&site_row(case, outcome, check, evidence))?;
            for tier in &outcome.tiers {
                sheet.row(&tier_row(case, tier, check, evidence))?;
            }
        }
    }
    check.limits.iter().try_for_each(|limit| sheet.row(&limit_row(limit)))?;
    sheet.finish()
}

/// Writes a row per load that was played as planned, and the loads that were
/// tried after it was overrun.
pub fn write_curve(check: &CapacityCheck, to: Box<dyn Write>) -> io::Result<()> {
    let names: Vec<&str> = CURVE_COLUMNS.iter().map(|(name, _, _)| *name).collect();
    let mut sheet = CsvSheet::with_lead(to, lead(check), &names)?;
    let points = check.cases.first().and_then(|case| case.breaking.as_ref());
    for point in points.iter().flat_map(|breaking| &breaking.points) {
        sheet.row(&point_row(point))?;
    }
    for step in check.recovery.iter().flat_map(|found| &found.steps) {
        let mut cells = vec![
            Cell::from("after-overload"),
            figure(step.multiple),
            figure(step.multiple * check.peak.visits),
            figure(step.requests),
            figure(step.good),
            figure(step.attempts),
            Cell::Blank,
            milliseconds(step.p95),
        ];
        cells.extend(vec![Cell::Blank; 3]);
        cells.extend([percent(step.errors), Cell::Blank, Cell::Blank]);
        cells.push(Cell::from(step.status.word()));
        sheet.row(&cells)?;
    }
    sheet.finish()
}

/// Rows of the go/no-go list that ask for headroom get what the check found instead of what
/// formulas say: its evidence is the site itself, played.
pub fn settle_headroom(check: &CapacityCheck, story: &mut Story) {
    let Some([low, at, high]) = check.cases.first().and_then(CaseResult::headroom) else { return };
    if !check.simulated || !check.peak.expected {
        return;
    }
    story.change_criteria(|row| {
        if (row.row, row.evidence) != (CriterionRow::Criterion, CriterionEvidence::Formula) {
            return;
        }
        let required = row.observed.zip(row.margin).map(|(observed, margin)| observed - margin);
        let Some(required) = required else { return };
        let status = match required / 100.0 {
            required if low >= required => "would be met",
            required if high < required => "would be missed",
            _ => "too close to tell",
        };
        let found = JudgedRow {
            observed: Some(at * 100.0),
            margin: Some(at * 100.0 - required),
            evidence: CriterionEvidence::Simulated,
            source: "sim capacity".to_string(),
            caveat: format!("simulated: a forecast ({status})"),
            ..row.clone()
        };
        *row = found;
    });
}

fn lead(check: &CapacityCheck) -> [Cell; 4] {
    [Cell::from(&check.run_id), Cell::from(&check.scenario), Cell::from("simulated"), Cell::Blank]
}

fn site_row(
    case: &CaseResult,
    outcome: &LoadOutcome,
    check: &CapacityCheck,
    evidence: CriterionEvidence,
) -> Vec<Cell> {
    let played = evidence == CriterionEvidence::Simulated;
    let breaking = case.breaking.as_ref().filter(|_| played);
    let breaks = if played { breaking.and_then(|found| found.at) } else { case.formula_breaks };
    let headroom = match (played, breaks) {
        // For something that carries nothing, no figure says how far it is beyond its capacity.
        (_, Some(0.0)) | (false, None) => None,
        (true, _) => case.headroom().map(|[_, at, _]| at),
        (false, Some(breaks)) => Some(1.0 - 1.0 / breaks.max(1e-6)),
    };
    let slow = outcome.latency.is_none_or(|t| t >= check.objectives.latency.seconds());
    let limit =
        if slow || outcome.errors < check.objectives.errors.0 { "latency" } else { "errors" };
    vec![
        Cell::from(SITE),
        Cell::from(case.kind.word()),
        figure(outcome.requests),
        Cell::Blank,
        Cell::Blank,
        Cell::Blank,
        Cell::Blank,
        milliseconds(outcome.p95),
        percent(outcome.errors),
        headroom.map_or(Cell::Blank, percent),
        Cell::number(breaks, 4),
        Cell::number(breaking.and_then(|found| found.low), 4),
        Cell::number(breaking.and_then(|found| found.high), 4),
        Cell::from(limit),
        Cell::from(outcome.status.word()),
        Cell::from(evidence.word()),
        Cell::Blank,
        Cell::Blank,
    ]
}

fn tier_row(
    case: &CaseResult,
    tier: &TierOutcome,
    check: &CapacityCheck,
    evidence: CriterionEvidence,
) -> Vec<Cell> {
    let called = tier.calls > 0.0;
    let or_blank = |cell: Cell| if called { cell } else { Cell::Blank };
    let used = tier.used();
    let status = if called { tier_status(case, tier, check).word() } else { "not-called" };
    let breaks = (used > 0.0 && evidence == CriterionEvidence::Formula).then(|| 1.0 / used);
    vec![
        Cell::from(&tier.tier),
        Cell::from(case.kind.word()),
        figure(tier.calls),
        Cell::from(tier.instances),
        Cell::from(tier.threads),
        or_blank(Cell::from(tier.needed())),
        or_blank(percent(used)),
        milliseconds(tier.p95),
        or_blank(percent(tier.errors)),
        or_blank(percent(1.0 - used)),
        Cell::number(breaks, 4),
        Cell::Blank,
        Cell::Blank,
        Cell::from(if tier.assumed { "threads (assumed)" } else { "threads" }),
        Cell::from(status),
        Cell::from(evidence.word()),
        Cell::Blank,
        Cell::Blank,
    ]
}

/// A limit that is not threads, at the peak.
fn limit_row(limit: &LimitRow) -> Vec<Cell> {
    let used = limit.used.zip(limit.value).map(|(used, value)| used / value);
    let status = match limit.status {
        LimitStatus::Ok | LimitStatus::Tight => LoadStatus::Met,
        LimitStatus::Over => LoadStatus::Missed,
        _ => LoadStatus::Open,
    };
    let mut cells = vec![Cell::from(&limit.limit), Cell::from("normal")];
    cells.extend(vec![Cell::Blank; 4]);
    cells.extend([
        used.map_or(Cell::Blank, percent),
        Cell::Blank,
        Cell::Blank,
        used.map_or(Cell::Blank, |used| percent(1.0 - used)),
        Cell::number(used.filter(|used| *used > 0.0).map(|used| 1.0 / used), 4),
        Cell::Blank,
        Cell::Blank,
        Cell::from(limit.kind.word()),
        Cell::from(status.word()),
        Cell::from(if limit.is_given() { "given" } else { "formula" }),
        Cell::from(&limit.checked_by),
        Cell::from(&limit.checked_on),
    ]);
    cells
}

/// `320 of 400 at a time`.
pub(super) fn limit_words(limit: &LimitRow) -> String {
    let number = |amount: Option<f64>| amount.map_or("?".to_string(), |one| significant(one, 4));
    let unit = limit.unit.after_amount();
    format!("{} of {}{unit}", number(limit.used), number(limit.value))
}

/// As planned a tier must have the headroom; otherwise it must not be overrun.
pub(super) fn tier_status(
    case: &CaseResult,
    tier: &TierOutcome,
    check: &CapacityCheck,
) -> LoadStatus {
    let normal = case.kind == crate::capacity::CaseKind::Normal;
    let most = if normal { 1.0 - check.objectives.headroom.0 } else { 1.0 };
    LoadStatus::from_met(tier.used() <= most && tier.threads > 0)
}

fn point_row(point: &LoadPoint) -> Vec<Cell> {
    let outcome = &point.outcome;
    vec![
        Cell::from("steady"),
        figure(point.multiple),
        figure(point.visits),
        figure(outcome.requests),
        figure(point.good),
        figure(point.attempts),
        milliseconds(point.median),
        milliseconds(outcome.p95),
        percent(point.slow.value),
        percent(point.slow.low),
        percent(point.slow.high),
        percent(point.bad.value),
        percent(point.bad.low),
        percent(point.bad.high),
        Cell::from(outcome.status.word()),
    ]
}

fn figure(value: f64) -> Cell {
    Cell::number(value, 4)
}

fn percent(share: f64) -> Cell {
    Cell::number(share * 100.0, 4)
}

fn milliseconds(seconds: Option<f64>) -> Cell {
    Cell::number(seconds.map(|seconds| seconds * 1e3), 4)
}
