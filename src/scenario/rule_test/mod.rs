//! Tests of rules: made-up readings, and the state that a rule must be in.

pub mod judge;
pub mod read;
pub mod series;
pub mod written;

use crate::language::shape::Shape;
use crate::language::written::FromNode;
use crate::names::RuleId;
use crate::scenario::plan::Plan;
use crate::scenario::rule_test::judge::{RuleTest, TestOutcome};
use crate::units::Span;

/// What may stand in a file of rule tests.
pub fn shape() -> Shape {
    written::TestFile::shape()
}

/// A file of rule tests, with the scenario whose rules they test.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleTests {
    plan: Plan,
    /// Of the readings.
    interval: Span,
    tests: Vec<RuleTest>,
}

impl RuleTests {
    /// Judges every test, in file order.
    pub fn judge(&self) -> Vec<TestOutcome> {
        self.tests.iter().map(|test| judge::judge(&self.plan, self.interval, test)).collect()
    }

    /// Rules of the scenario that no test looks at, and that could fire.
    pub fn untested(&self) -> Vec<&str> {
        let checks: Vec<RuleId> =
            self.tests.iter().flat_map(|test| &test.checks).map(|check| check.rule).collect();
        let rules = self.plan.playbook.rules.iter().zip(&self.plan.names.rules).enumerate();
        let untested = rules.filter(|(index, (rule, _))| {
            rule.breach.is_some() && !checks.contains(&RuleId::from(*index))
        });
        untested.map(|(_, (_, name))| name.as_str()).collect()
    }
}
