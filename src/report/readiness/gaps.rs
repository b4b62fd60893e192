//! The most severe gaps of a plan as a list to act on: late ones first, one line for all names that
//! are missing, and nothing said twice.

use crate::journal::{FindingRow, OpenPoint, PlanFinding, Severity, vacant};

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
pub(super) fn gaps(findings: &[PlanFinding], today: &str) -> Vec<SevereGap> {
    let grave = || findings.iter().filter(|finding| finding.row.severity == Severity::High);
    let mut names: Vec<&str> = Vec::new();
    let mut gaps = Vec::new();
    for finding in grave() {
        let row = &finding.row;
        match &finding.point {
            OpenPoint::Vacant { role } if row.owner.is_none() && row.due.is_none() => {
                names.push(role);
            }
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

fn gap(finding: &PlanFinding, today: &str) -> SevereGap {
    let FindingRow { owner, due, .. } = &finding.row;
    // Its owner and its due date are shown beside it.
    let text = finding.alone();
    let late = due.as_ref().is_some_and(|due| due.as_str() < today);
    SevereGap { text, owner: owner.clone(), due: due.clone(), late }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::FindingKind;
    use crate::language::source::Place;

    #[test]
    fn what_is_late_comes_first_and_names_that_are_missing_are_one_line() {
        let finding = |severity, point: OpenPoint, due: Option<&str>| {
            let text = point.wording().text;
            let row = FindingRow::new(FindingKind::Checklist, severity, text);
            let row = FindingRow { due: due.map(str::to_string), ..row };
            PlanFinding { point, row, place: Place::default(), hint: None }
        };
        let vacant = |role: &str| {
            let point = OpenPoint::Vacant { role: role.to_string() };
            finding(Severity::High, point, None)
        };
        let item = |item: &str, due: &str| {
            let (item, day) = (item.to_string(), Some(due.to_string()));
            let point = OpenPoint::Item { item, owner: None, due: day };
            finding(Severity::High, point, Some(due))
        };
        let findings = [
            vacant("oit"),
            item("rooms", "2018-11-07"),
            finding(Severity::Medium, "not so grave".into(), None),
            item("badges", "2018-11-05"),
            vacant("help desk"),
        ];
        let told: Vec<(String, bool)> =
            gaps(&findings, "2018-11-06").into_iter().map(|gap| (gap.text, gap.late)).collect();
        let expected = [
            ("open on the checklist: badges", true),
            ("open on the checklist: rooms", false),
            ("nobody is assigned to oit, help desk", false),
        ];
        assert_eq!(told, expected.map(|(text, late)| (text.to_string(), late)));
    }
}
