//! The go/no-go list judged: every row with its evidence. Simulated evidence only forecasts.

use super::{Attestation, Criterion, CriterionKind, Decision, DecisionRecord, MeasuredQuantity};
use super::{PollAnswer, Requirement, Says, UserCount, Vote};
use crate::names::worded;
use serde::{Deserialize, Serialize};

/// A judged row of the list, of the poll, or the decision itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgedRow {
    pub row: CriterionRow,
    /// The criterion, or who was polled.
    pub criterion: String,
    pub required: String,
    /// In `unit`.
    pub observed: Option<f64>,
    pub unit: CriterionUnit,
    /// Observed minus required, in `unit`.
    pub margin: Option<f64>,
    pub status: CriterionStatus,
    pub evidence: CriterionEvidence,
    pub source: String,
    /// The date of the newest attestation, as written.
    pub as_of: Option<String>,
    /// Whose word is still wanted.
    pub owner: Option<String>,
    pub caveat: String,
    pub decided_by: Option<String>,
    pub decided_at: Option<String>,
}

worded! {
    /// What kind of row it is.
    pub enum CriterionRow {
        Criterion = "criterion",
        Poll = "poll",
        Decision = "decision",
    }

    /// What the figures of a row count.
    pub enum CriterionUnit {
        Users = "users",
        Percent = "%",
        /// It has no figures.
        Nothing = "",
    }

    /// The status of a row.
    pub enum CriterionStatus {
        Met = "met",
        Failed = "failed",
        Open = "open",
    }

    /// What a row rests on.
    pub enum CriterionEvidence {
        /// A run of the simulation: a forecast.
        Simulated = "simulated",
        /// A formula: a forecast.
        Formula = "formula",
        /// Real users were counted.
        Measured = "measured",
        /// Somebody says so.
        Attested = "attested",
        /// Nothing yet.
        Nothing = "",
    }
}

impl CriterionUnit {
    /// A figure with it: `85%`, `5000 users`.
    pub fn after(self, figure: &str) -> String {
        match self {
            CriterionUnit::Users => format!("{figure} {self}"),
            CriterionUnit::Percent => format!("{figure}{self}"),
            CriterionUnit::Nothing => figure.to_string(),
        }
    }
}

impl CriterionStatus {
    /// Only a go and a no-go settle a row of the poll.
    fn of_answer(answer: Option<&PollAnswer>) -> CriterionStatus {
        match answer {
            Some(PollAnswer::Vote(Vote::Go)) => CriterionStatus::Met,
            Some(PollAnswer::Vote(Vote::NoGo)) => CriterionStatus::Failed,
            _ => CriterionStatus::Open,
        }
    }

    fn of_decision(decided: Option<Decision>) -> CriterionStatus {
        match decided {
            Some(Decision::Go) => CriterionStatus::Met,
            Some(Decision::NoGo) => CriterionStatus::Failed,
            Some(Decision::Hold) | None => CriterionStatus::Open,
        }
    }
}

/// Judges every row: the criteria, then the poll, then the decision; nothing where the scenario
/// has none of them. `seen` says what the simulation saw, coverage as a share from 0 to 1.
pub fn judge(
    criteria: &[Criterion],
    record: &DecisionRecord,
    seen: &dyn Fn(&MeasuredQuantity) -> Option<f64>,
) -> Vec<JudgedRow> {
    if criteria.is_empty() && *record == DecisionRecord::default() {
        return Vec::new();
    }
    let mut rows: Vec<JudgedRow> = criteria.iter().map(|row| criterion(row, seen)).collect();
    rows.extend(record.poll.iter().map(|(who, vote)| poll(who, vote.as_ref())));
    rows.push(decision(record));
    rows
}

fn blank(row: CriterionRow, criterion: &str, required: &str) -> JudgedRow {
    JudgedRow {
        row,
        criterion: criterion.to_string(),
        required: required.to_string(),
        observed: None,
        unit: CriterionUnit::Nothing,
        margin: None,
        status: CriterionStatus::Open,
        evidence: CriterionEvidence::Nothing,
        source: String::new(),
        as_of: None,
        owner: None,
        caveat: String::new(),
        decided_by: None,
        decided_at: None,
    }
}

fn criterion(criterion: &Criterion, seen: &dyn Fn(&MeasuredQuantity) -> Option<f64>) -> JudgedRow {
    match &criterion.kind {
        CriterionKind::Attested(voices) => attested(&criterion.name, voices),
        CriterionKind::Require(Requirement { measured, at_least, text, counted }) => {
            let row = blank(CriterionRow::Criterion, &criterion.name, text);
            let (unit, scale) = match measured {
                MeasuredQuantity::Users => (CriterionUnit::Users, 1.0),
                MeasuredQuantity::Coverage(_) | MeasuredQuantity::Headroom => {
                    (CriterionUnit::Percent, 100.0)
                }
            };
            if let Some(counted) = counted {
                return of_count(row, counted, *at_least, (unit, scale));
            }
            let Some(observed) = seen(measured) else {
                return JudgedRow { unit, caveat: "not measured".to_string(), ..row };
            };
            let forecast = if observed >= *at_least { "would be met" } else { "would be missed" };
            let (evidence, by, source) = match measured {
                MeasuredQuantity::Headroom => {
                    (CriterionEvidence::Formula, "by formula", "offered load at the peak")
                }
                _ => (CriterionEvidence::Simulated, "simulated", "this run"),
            };
            JudgedRow {
                unit,
                observed: Some(observed * scale),
                margin: Some((observed - at_least) * scale),
                evidence,
                source: source.to_string(),
                caveat: format!("{by}: a forecast ({forecast})"),
                ..row
            }
        }
    }
}

/// A real count judges; one that is only known to be at most this much can fail, but not pass.
fn of_count(
    row: JudgedRow,
    counted: &UserCount,
    at_least: f64,
    (unit, scale): (CriterionUnit, f64),
) -> JudgedRow {
    let enough = counted.observed >= at_least;
    let status = match (enough, counted.bound) {
        (true, true) => CriterionStatus::Open,
        (true, false) => CriterionStatus::Met,
        (false, _) => CriterionStatus::Failed,
    };
    let bound = "at most: the counts are by single categories, not by all of them together";
    JudgedRow {
        unit,
        observed: Some(counted.observed * scale),
        margin: Some((counted.observed - at_least) * scale),
        status,
        evidence: CriterionEvidence::Measured,
        source: counted.source.clone(),
        as_of: Some(counted.as_of.clone()),
        caveat: if counted.bound { bound.to_string() } else { String::new() },
        ..row
    }
}

fn attested(name: &str, voices: &[Attestation]) -> JudgedRow {
    let those = |says: Says| {
        let those = voices.iter().filter(move |voice| voice.says == says);
        those.map(|voice| voice.source.as_str()).collect::<Vec<_>>().join(", ")
    };
    let (failed, missing) = (those(Says::Failed), those(Says::Open));
    let sources: Vec<&str> = voices.iter().map(|voice| voice.source.as_str()).collect();
    let heard = voices.iter().filter(|voice| voice.says != Says::Open);
    let status = match (failed.as_str(), missing.as_str()) {
        ("", "") if !voices.is_empty() => CriterionStatus::Met,
        ("", _) => CriterionStatus::Open,
        _ => CriterionStatus::Failed,
    };
    let mut caveats = Vec::new();
    if !failed.is_empty() {
        caveats.push(format!("failed according to {failed}"));
    }
    if !missing.is_empty() {
        caveats.push(format!("nothing heard from {missing}"));
    }
    JudgedRow {
        status,
        evidence: attested_if(heard.clone().next().is_some()),
        source: sources.join(", "),
        as_of: heard.filter_map(|voice| voice.at.clone()).max(),
        owner: Some(missing).filter(|missing| !missing.is_empty()),
        caveat: caveats.join("; "),
        ..blank(CriterionRow::Criterion, name, "every source says met")
    }
}

fn attested_if(heard: bool) -> CriterionEvidence {
    if heard { CriterionEvidence::Attested } else { CriterionEvidence::Nothing }
}

fn poll(who: &str, vote: Option<&PollAnswer>) -> JudgedRow {
    let status = CriterionStatus::of_answer(vote);
    let caveat = match (status, vote) {
        (CriterionStatus::Open, None) => "has not been heard".to_string(),
        (CriterionStatus::Open, Some(word)) => format!("says {word}"),
        _ => String::new(),
    };
    JudgedRow {
        status,
        evidence: attested_if(vote.is_some()),
        source: who.to_string(),
        owner: Some(who.to_string()).filter(|_| vote.is_none()),
        caveat,
        ..blank(CriterionRow::Poll, who, "go")
    }
}

fn decision(record: &DecisionRecord) -> JudgedRow {
    let decided = record.decided;
    let status = CriterionStatus::of_decision(decided);
    let caveat = match (status, decided) {
        (CriterionStatus::Open, None) => "nobody has decided".to_string(),
        (CriterionStatus::Open, Some(word)) => format!("decided: {word}"),
        _ => String::new(),
    };
    JudgedRow {
        status,
        evidence: attested_if(decided.is_some()),
        source: record.by.clone().unwrap_or_default(),
        as_of: record.at.clone(),
        owner: record.by.clone().filter(|_| decided.is_none()),
        caveat,
        decided_by: record.by.clone(),
        decided_at: record.at.clone(),
        ..blank(CriterionRow::Decision, "decision", "go")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::Dimension;

    fn voice(source: &str, says: Says, at: Option<&str>) -> Attestation {
        Attestation { source: source.into(), says, at: at.map(str::to_string) }
    }

    fn row(kind: CriterionKind) -> Criterion {
        Criterion { name: "row".into(), kind, owner: None, due: None, holds: None }
    }

    fn one(kind: CriterionKind, seen: Option<f64>) -> JudgedRow {
        judge(&[row(kind)], &DecisionRecord::default(), &|_| seen).remove(0)
    }

    #[test]
    fn simulated_evidence_forecasts_and_never_passes() {
        let users = || {
            CriterionKind::Require(Requirement {
                measured: MeasuredQuantity::Users,
                at_least: 5_000.0,
                text: "users >= 5000".into(),
                counted: None,
            })
        };
        let met = one(users(), Some(6_000.0));
        assert_eq!((met.status, met.margin), (CriterionStatus::Open, Some(1_000.0)));
        assert_eq!(met.caveat, "simulated: a forecast (would be met)");
        let missed = one(users(), Some(4_999.0));
        assert_eq!((missed.status, missed.margin), (CriterionStatus::Open, Some(-1.0)));
        assert_eq!(missed.caveat, "simulated: a forecast (would be missed)");
        let unseen = one(users(), None);
        assert_eq!(
            (unseen.status, unseen.observed, unseen.evidence),
            (CriterionStatus::Open, None, CriterionEvidence::Nothing)
        );
    }

    #[test]
    fn coverage_is_a_percentage() {
        let measured = MeasuredQuantity::Coverage(vec![Dimension::Browser]);
        let text = "coverage >= 85% of browser".to_string();
        let judged = one(
            CriterionKind::Require(Requirement { measured, at_least: 0.85, text, counted: None }),
            Some(0.9),
        );
        assert_eq!((judged.unit, judged.observed), (CriterionUnit::Percent, Some(90.0)));
        assert!((judged.margin.expect("a margin") - 5.0).abs() < 1e-9);
    }

    #[test]
    fn real_counts_pass_and_fail_and_bounds_only_fail() {
        let judge = |observed, bound| {
            let (source, as_of) = ("beta-counts.csv".to_string(), "2018-11-04".to_string());
            let counted = Some(UserCount { observed, bound, source, as_of });
            let text = "coverage >= 85% of browser".to_string();
            let measured = MeasuredQuantity::Coverage(vec![Dimension::Browser]);
            let required = Requirement { measured, at_least: 0.85, text, counted };
            one(CriterionKind::Require(required), Some(0.1))
        };
        let met = judge(0.9, false);
        assert_eq!((met.status, met.evidence), (CriterionStatus::Met, CriterionEvidence::Measured));
        assert_eq!((met.as_of.as_deref(), met.observed), (Some("2018-11-04"), Some(90.0)));
        assert_eq!(judge(0.8, false).status, CriterionStatus::Failed);
        assert_eq!(judge(0.8, true).status, CriterionStatus::Failed);
        assert_eq!(judge(0.9, true).status, CriterionStatus::Open);
    }

    #[test]
    fn attested_rows_need_every_voice() {
        use Says::{Failed, Met, Open};
        let judged = |says: [Says; 2]| {
            let voices =
                vec![voice("oit", says[0], Some("2018-11-06")), voice("mhv", says[1], None)];
            one(CriterionKind::Attested(voices), None)
        };
        assert_eq!(judged([Met, Met]).status, CriterionStatus::Met);
        assert_eq!(judged([Met, Met]).as_of.as_deref(), Some("2018-11-06"));
        let open = judged([Met, Open]);
        assert_eq!(
            (open.status, open.caveat.as_str()),
            (CriterionStatus::Open, "nothing heard from mhv")
        );
        assert_eq!(open.owner.as_deref(), Some("mhv"));
        assert_eq!(judged([Failed, Open]).status, CriterionStatus::Failed);
        assert_eq!(judged([Open, Open]).evidence, CriterionEvidence::Nothing);
        assert_eq!(one(CriterionKind::Attested(Vec::new()), None).status, CriterionStatus::Open);
    }

    #[test]
    fn the_poll_and_the_decision_are_a_persons() {
        let record = DecisionRecord {
            poll: vec![
                ("oit".into(), Some(PollAnswer::Vote(Vote::Go))),
                ("mhv".into(), Some(PollAnswer::Vote(Vote::Pause))),
                ("nsoc".into(), None),
            ],
            decided: Some(Decision::NoGo),
            by: Some("chris".into()),
            at: Some("2018-11-07T10:00".into()),
            due: None,
        };
        let rows = judge(&[], &record, &|_| None);
        let status: Vec<CriterionStatus> = rows.iter().map(|row| row.status).collect();
        assert_eq!(
            status,
            [
                CriterionStatus::Met,
                CriterionStatus::Open,
                CriterionStatus::Open,
                CriterionStatus::Failed
            ]
        );
        assert_eq!(rows[1].caveat, "says pause");
        assert_eq!(
            (rows[3].row, rows[3].decided_by.as_deref()),
            (CriterionRow::Decision, Some("chris"))
        );
        assert!(judge(&[], &DecisionRecord::default(), &|_| None).is_empty());
    }
}
