//! What a row of the inputs is about: the paths of what has no name of its own in the file, written
//! and read.

use crate::journal::InputRow;
use crate::names::Names;
use crate::scenario::plan::Plan;

/// What a row of the inputs is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputSubject<'r> {
    /// A step of a play, by their positions.
    Step { play: usize, step: usize },
    /// A rule, by its position.
    Rule(usize),
    /// A fault, by its position, or something of it.
    Fault(usize),
    /// Who reports what they meet.
    Reports(&'r str),
    /// Anything else: its section, and its name in there, which may be a path; blank where there
    /// is none.
    Named { section: &'r str, name: &'r str },
}

const PLAYS: &str = "plays.";
const STEPS: &str = ".steps.";
const RULES: &str = "rules.";
const FAULTS: &str = "faults.";
const REPORTS: &str = "traffic.reports.";

/// The path of a step, by its position.
pub fn step_path(play: &str, step: usize) -> String {
    format!("{PLAYS}{play}{STEPS}{step}")
}

/// The path of a rule, by its position.
pub fn rule_path(rule: usize) -> String {
    format!("{RULES}{rule}")
}

/// The path of a fault, by its position.
pub fn fault_path(fault: usize) -> String {
    format!("{FAULTS}{fault}")
}

/// The path of those who report.
pub fn reports_path(name: &str) -> String {
    format!("{REPORTS}{name}")
}

impl<'r> InputSubject<'r> {
    /// Of a row of this plan.
    pub fn from_row(row: &'r InputRow, plan: &Plan) -> InputSubject<'r> {
        let steps = |play: usize| plan.playbook.plays[play].steps.len();
        match InputSubject::read(row.mapping(), &plan.names) {
            InputSubject::Step { play, step } if step >= steps(play) => {
                InputSubject::named(row.mapping())
            }
            subject => subject,
        }
    }

    /// What lies at a path. Names may have dots in them.
    fn read(path: &'r str, names: &Names) -> InputSubject<'r> {
        let step = || {
            let (play, step) = path.strip_prefix(PLAYS)?.rsplit_once(STEPS)?;
            let (play, step) = (names.plays.get_index_of(play)?, step.parse().ok()?);
            Some(InputSubject::Step { play, step })
        };
        let rule = || {
            let rule = path.strip_prefix(RULES)?.parse().ok()?;
            (rule < names.rules.len()).then_some(InputSubject::Rule(rule))
        };
        let fault = || {
            let fault = path.strip_prefix(FAULTS)?.split('.').next()?.parse().ok()?;
            (fault < names.faults.len()).then_some(InputSubject::Fault(fault))
        };
        let reports = || path.strip_prefix(REPORTS).map(InputSubject::Reports);
        let found = step().or_else(rule).or_else(fault).or_else(reports);
        found.unwrap_or(InputSubject::named(path))
    }

    fn named(path: &'r str) -> InputSubject<'r> {
        let (section, name) = path.split_once('.').unwrap_or((path, ""));
        InputSubject::Named { section, name }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read_again(
            play in "[a-z.0-9]{1,9}(\\.steps\\.[0-9])?",
            (number, of) in (0..9_usize).prop_flat_map(|most| (0..=most, Just(most + 1))),
        ) {
            let names = Names {
                plays: [play.clone()].into_iter().collect(),
                rules: (0..of).map(|rule| format!("rule {rule}")).collect(),
                faults: (0..of).map(|fault| format!("fault {fault}")).collect(),
                ..Names::default()
            };
            let fault = InputSubject::Fault(number);
            for (path, subject) in [
                (step_path(&play, number), InputSubject::Step { play: 0, step: number }),
                (rule_path(number), InputSubject::Rule(number)),
                (fault_path(number), fault),
                (format!("{}.noticed.1", fault_path(number)), fault),
                (reports_path(&play), InputSubject::Reports(&play)),
            ] {
                prop_assert_eq!(InputSubject::read(&path, &names), subject);
            }
        }
    }

    #[test]
    fn all_else_has_a_section_and_a_name() {
        for (path, section, name) in [
            ("", "", ""),
            ("telemetry", "telemetry", ""),
            ("site.tiers.api", "site", "tiers.api"),
            ("rules.7", "rules", "7"),
            ("plays.nobody.steps.1", "plays", "nobody.steps.1"),
        ] {
            let read = InputSubject::read(path, &Names::default());
            assert_eq!(read, InputSubject::Named { section, name });
        }
    }
}
