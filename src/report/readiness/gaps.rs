//! The most severe gaps of a plan as a list to act on: late ones first, one line for all names that
//! are missing, and nothing said twice.

use crate::journal::{FindingRow, Severity, vacancy, vacant};

/// A gap that weighs high.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SevereGap {
    pub text: String,
    pub owner: Option<String>,
    /// `2018-11-05`.
    pub due: Option<String>,
    /// That is over.
    pub late: bool,
}

/// The most severe of these findings as of a day, `2018-11-06`: those that are late, those
/// that are due, those without a day.
pub(super) fn gaps(findings: &[FindingRow], today: &str) -> Vec<SevereGap> {
    let grave = || findings.iter().filter(|finding| finding.severity == Severity::High);
    let mut names: Vec<&str> = Vec::new();
    let mut gaps = Vec::new();
    for finding in grave() {
        match vacancy(&finding.text) {
            Some(name) if finding.owner.is_none() && finding.due.is_none() => names.push(name),
            _ => gaps.push(gap(finding, today)),
        }
    }
    gaps.sort_by_key(|gap| (gap.due.is_none(), gap.due.clone()));
    if !names.is_empty() {
        let text = vacant(&names.join(", "));
        gaps.push(SevereGap { text, owner: None, due: None, late: false });
    }
    gaps
}

fn gap(finding: &FindingRow, today: &str) -> SevereGap {
    let FindingRow { owner, due, .. } = finding;
    // Its owner and its due date are shown beside it.
    let text = finding.alone().to_string();
    let late = due.as_ref().is_some_and(|due| due.as_str() < today);
    SevereGap { text, owner: owner.clone(), due: due.clone(), late }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::FindingKind;

    #[test]
    fn what_is_late_comes_first_and_names_that_are_missing_are_one_line() {
        let finding = |severity, text: &str, due: Option<&str>| {
            let mut row = FindingRow::new(FindingKind::Checklist, severity, text.to_string());
            row.due = due.map(str::to_string);
            row
        };
        let findings = [
            finding(Severity::High, "nobody is assigned to oit", None),
            finding(Severity::High, "open: rooms, no owner, due 2018-11-07", Some("2018-11-07")),
            finding(Severity::Medium, "not so grave", None),
            finding(Severity::High, "open: badges, no owner, due 2018-11-05", Some("2018-11-05")),
            finding(Severity::High, "nobody is assigned to help desk", None),
        ];
        let told: Vec<(String, bool)> =
            gaps(&findings, "2018-11-06").into_iter().map(|gap| (gap.text, gap.late)).collect();
        let expected = [
            ("open: badges", true),
            ("open: rooms", false),
            ("nobody is assigned to oit, help desk", false),
        ];
        assert_eq!(told, expected.map(|(text, late)| (text.to_string(), late)));
    }
}
