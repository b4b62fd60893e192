//! The go/no-go list judged: every row with its evidence. Simulated evidence only forecasts.

use super::{Attestation, Counted, Criterion, CriterionKind, DecisionRecord, Measured, Says};

/// A judged row of the list, of the poll, or the decision itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    pub row: Row,
    /// The criterion, or who was polled.
    pub criterion: String,
    pub required: String,
    /// In `unit`.
    pub observed: Option<f64>,
    pub unit: &'static str,
    /// Observed minus required, in `unit`.
    pub margin: Option<f64>,
    pub status: Status,
    /// `simulated`, `formula`, `attested`, or blank.
    pub evidence: &'static str,
    pub source: String,
    /// The date of the newest attestation, as written.
    pub as_of: Option<String>,
    /// Whose word is still wanted.
    pub owner: Option<String>,
    pub caveat: String,
    pub decided_by: Option<String>,
    pub decided_at: Option<String>,
}

/// What kind of row it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    Criterion,
    Poll,
    Decision,
}

impl Row {
    /// The word used in reports.
    pub fn word(self) -> &'static str {
        match self {
            Row::Criterion => "criterion",
            Row::Poll => "poll",
            Row::Decision => "decision",
        }
    }
}

/// How a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Met,
    Failed,
    Open,
}

impl Status {
    /// The word used in reports.
    pub fn word(self) -> &'static str {
        match self {
            Status::Met => "met",
            Status::Failed => "failed",
            Status::Open => "open",
        }
    }

    /// A vote: only `go` and `no-go` settle anything.
    fn of_vote(vote: Option<&str>) -> Status {
        match vote {
            Some("go") => Status::Met,
            Some("no-go") => Status::Failed,
            _ => Status::Open,
        }
    }
}

/// Judges every row: the criteria, then the poll, then the decision; nothing where the scenario
/// has none of them. `seen` says what the simulation saw, coverage as a share from 0 to 1.
pub fn judge(
    criteria: &[Criterion],
    record: &DecisionRecord,
    seen: &dyn Fn(&Measured) -> Option<f64>,
) -> Vec<Judged> {
    if criteria.is_empty() && *record == DecisionRecord::default() {
        return Vec::new();
    }
    let mut rows: Vec<Judged> = criteria.iter().map(|row| criterion(row, seen)).collect();
    rows.extend(record.poll.iter().map(|(who, vote)| poll(who, vote.as_deref())));
    rows.push(decision(record));
    rows
}

fn blank(row: Row, criterion: &str, required: &str) -> Judged {
    Judged {
        row,
        criterion: criterion.to_string(),
        required: required.to_string(),
        observed: None,
        unit: "",
        margin: None,
        status: Status::Open,
        evidence: "",
        source: String::new(),
        as_of: None,
        owner: None,
        caveat: String::new(),
        decided_by: None,
        decided_at: None,
    }
}

fn criterion(criterion: &Criterion, seen: &dyn Fn(&Measured) -> Option<f64>) -> Judged {
    match &criterion.kind {
        CriterionKind::Attested(voices) => attested(&criterion.name, voices),
        CriterionKind::Require { measured, at_least, text, counted } => {
            let row = blank(Row::Criterion, &criterion.name, text);
            let (unit, scale) = match measured {
                Measured::Users => ("users", 1.0),
                Measured::Coverage(_) | Measured::Headroom => ("%", 100.0),
            };
            if let Some(counted) = counted {
                return of_count(row, counted, *at_least, (unit, scale));
            }
            let Some(observed) = seen(measured) else {
                return Judged { unit, caveat: "not measured".to_string(), ..row };
            };
            let forecast = if observed >= *at_least { "would be met" } else { "would be missed" };
            let (evidence, source) = match measured {
                Measured::Headroom => ("formula", "offered load at the peak"),
                _ => ("simulated", "this run"),
            };
            let by = if evidence == "formula" { "by formula" } else { evidence };
            Judged {
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

/// A real count judges; one that is only known to be at most so much can fail, but not pass.
fn of_count(
    row: Judged,
    counted: &Counted,
    at_least: f64,
    (unit, scale): (&'static str, f64),
) -> Judged {
    let enough = counted.observed >= at_least;
    let status = match (enough, counted.bound) {
        (true, true) => Status::Open,
        (true, false) => Status::Met,
        (false, _) => Status::Failed,
    };
    let bound = "at most: the counts are by single categories, not by all of them together";
    Judged {
        unit,
        observed: Some(counted.observed * scale),
        margin: Some((counted.observed - at_least) * scale),
        status,
        evidence: "measured",
        source: counted.source.clone(),
        as_of: Some(counted.as_of.clone()),
        caveat: if counted.bound { bound.to_string() } else { String::new() },
        ..row
    }
}

fn attested(name: &str, voices: &[Attestation]) -> Judged {
    let those = |says: Says| {
        let those = voices.iter().filter(move |voice| voice.says == says);
        those.map(|voice| voice.source.as_str()).collect::<Vec<_>>().join(", ")
    };
    let (failed, missing) = (those(Says::Failed), those(Says::Open));
    let sources: Vec<&str> = voices.iter().map(|voice| voice.source.as_str()).collect();
    let heard = voices.iter().filter(|voice| voice.says != Says::Open);
    let status = match (failed.as_str(), missing.as_str()) {
        ("", "") if !voices.is_empty() => Status::Met,
        ("", _) => Status::Open,
        _ => Status::Failed,
    };
    let mut caveats = Vec::new();
    if !failed.is_empty() {
        caveats.push(format!("failed according to {failed}"));
    }
    if !missing.is_empty() {
        caveats.push(format!("nothing heard from {missing}"));
    }
    Judged {
        status,
        evidence: if heard.clone().next().is_some() { "attested" } else { "" },
        source: sources.join(", "),
        as_of: heard.filter_map(|voice| voice.at.clone()).max(),
        owner: Some(missing).filter(|missing| !missing.is_empty()),
        caveat: caveats.join("; "),
        ..blank(Row::Criterion, name, "every source says met")
    }
}

fn poll(who: &str, vote: Option<&str>) -> Judged {
    let status = Status::of_vote(vote);
    let caveat = match (status, vote) {
        (Status::Open, None) => "has not been heard".to_string(),
        (Status::Open, Some(word)) => format!("says {word}"),
        _ => String::new(),
    };
    Judged {
        status,
        evidence: if vote.is_some() { "attested" } else { "" },
        source: who.to_string(),
        owner: Some(who.to_string()).filter(|_| vote.is_none()),
        caveat,
        ..blank(Row::Poll, who, "go")
    }
}

fn decision(record: &DecisionRecord) -> Judged {
    let decided = record.decided.as_deref();
    let status = Status::of_vote(decided);
    let caveat = match (status, decided) {
        (Status::Open, None) => "nobody has decided".to_string(),
        (Status::Open, Some(word)) => format!("decided: {word}"),
        _ => String::new(),
    };
    Judged {
        status,
        evidence: if decided.is_some() { "attested" } else { "" },
        source: record.by.clone().unwrap_or_default(),
        as_of: record.at.clone(),
        owner: record.by.clone().filter(|_| decided.is_none()),
        caveat,
        decided_by: record.by.clone(),
        decided_at: record.at.clone(),
        ..blank(Row::Decision, "decision", "go")
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
        Criterion { name: "row".into(), kind }
    }

    fn one(kind: CriterionKind, seen: Option<f64>) -> Judged {
        judge(&[row(kind)], &DecisionRecord::default(), &|_| seen).remove(0)
    }

    #[test]
    fn simulated_evidence_forecasts_and_never_passes() {
        let users = || CriterionKind::Require {
            measured: Measured::Users,
            at_least: 5_000.0,
            text: "users >= 5000".into(),
            counted: None,
        };
        let met = one(users(), Some(6_000.0));
        assert_eq!((met.status, met.margin), (Status::Open, Some(1_000.0)));
        assert_eq!(met.caveat, "simulated: a forecast (would be met)");
        let missed = one(users(), Some(4_999.0));
        assert_eq!((missed.status, missed.margin), (Status::Open, Some(-1.0)));
        assert_eq!(missed.caveat, "simulated: a forecast (would be missed)");
        let unseen = one(users(), None);
        assert_eq!((unseen.status, unseen.observed, unseen.evidence), (Status::Open, None, ""));
    }

    #[test]
    fn coverage_is_a_percentage() {
        let measured = Measured::Coverage(vec![Dimension::Browser]);
        let text = "coverage >= 85% of browser".to_string();
        let judged = one(
            CriterionKind::Require { measured, at_least: 0.85, text, counted: None },
            Some(0.9),
        );
        assert_eq!((judged.unit, judged.observed), ("%", Some(90.0)));
        assert!((judged.margin.expect("a margin") - 5.0).abs() < 1e-9);
    }

    #[test]
    fn real_counts_pass_and_fail_and_bounds_only_fail() {
        let of = |observed, bound| {
            let (source, as_of) = ("beta-counts.csv".to_string(), "2018-11-04".to_string());
            let counted = Some(Counted { observed, bound, source, as_of });
            let text = "coverage >= 85% of browser".to_string();
            let measured = Measured::Coverage(vec![Dimension::Browser]);
            one(CriterionKind::Require { measured, at_least: 0.85, text, counted }, Some(0.1))
        };
        let met = of(0.9, false);
        assert_eq!((met.status, met.evidence), (Status::Met, "measured"));
        assert_eq!((met.as_of.as_deref(), met.observed), (Some("2018-11-04"), Some(90.0)));
        assert_eq!(of(0.8, false).status, Status::Failed);
        assert_eq!(of(0.8, true).status, Status::Failed);
        assert_eq!(of(0.9, true).status, Status::Open);
    }

    #[test]
    fn attested_rows_need_every_voice() {
        use Says::{Failed, Met, Open};
        let judged = |says: [Says; 2]| {
            let voices =
                vec![voice("oit", says[0], Some("2018-11-06")), voice("mhv", says[1], None)];
            one(CriterionKind::Attested(voices), None)
        };
        assert_eq!(judged([Met, Met]).status, Status::Met);
        assert_eq!(judged([Met, Met]).as_of.as_deref(), Some("2018-11-06"));
        let open = judged([Met, Open]);
        assert_eq!((open.status, open.caveat.as_str()), (Status::Open, "nothing heard from mhv"));
        assert_eq!(open.owner.as_deref(), Some("mhv"));
        assert_eq!(judged([Failed, Open]).status, Status::Failed);
        assert_eq!(judged([Open, Open]).evidence, "");
        assert_eq!(one(CriterionKind::Attested(Vec::new()), None).status, Status::Open);
    }

    #[test]
    fn the_poll_and_the_decision_are_a_persons() {
        let record = DecisionRecord {
            poll: vec![
                ("oit".into(), Some("go".into())),
                ("mhv".into(), Some("pause".into())),
                ("nsoc".into(), None),
            ],
            decided: Some("no-go".into()),
            by: Some("chris".into()),
            at: Some("2018-11-07T10:00".into()),
        };
        let rows = judge(&[], &record, &|_| None);
        let status: Vec<Status> = rows.iter().map(|row| row.status).collect();
        assert_eq!(status, [Status::Met, Status::Open, Status::Open, Status::Failed]);
        assert_eq!(rows[1].caveat, "says pause");
        assert_eq!((rows[3].row, rows[3].decided_by.as_deref()), (Row::Decision, Some("chris")));
        assert!(judge(&[], &DecisionRecord::default(), &|_| None).is_empty());
    }
}
