//! A file of rule tests as written.

use crate::language::written::{Entries, Placed, written};
use crate::scenario::rule_test::judge::ExpectedState;
use crate::scenario::rule_test::series::TestSeries;
use crate::units::Span;

written! {
    /// Tests of the rules of one scenario.
    TestFile("a file of rule tests") {
        /// The scenario whose rules are tested, relative to this file.
        required scenario: Placed<String> = "scenario";
        /// The length of an interval. Default: that of the scenario's telemetry.
        optional interval: Placed<Span> = "interval";
        /// The tests.
        required tests: Vec<TestCase> = "tests";
    }

    /// One test: what is seen, and what the rules must make of it.
    TestCase("a test") {
        /// What it shows, in a few words.
        required name: Placed<String> = "name";
        /// What is seen, interval by interval.
        required input: Input = "input";
        /// What the rules must make of it.
        required expect: Vec<Expected> = "expect";
    }

    /// What is seen on every scope.
    Input("an input") {
        /// Requests per interval; `_` is a missing reading.
        required requests: Placed<TestSeries> = "requests";
        /// How many of them fail. Default: none.
        optional bad: Placed<TestSeries> = "bad";
        /// Answers of a maintenance page, not included in `requests`. Default: none.
        optional planned: Placed<TestSeries> = "planned";
        /// How many of them are slow. Default: none.
        optional slow: Slow = "slow";
        /// What is seen on individual scopes instead, such as `tier evss` or `browser ie11`.
        optional of: Entries<ScopeInput> = "of";
    }

    /// What is seen on one scope.
    ScopeInput("the input of a scope") {
        /// Requests per interval.
        required requests: Placed<TestSeries> = "requests";
        /// How many of them fail. Default: none.
        optional bad: Placed<TestSeries> = "bad";
        /// Answers of a maintenance page, not included in `requests`. Default: none.
        optional planned: Placed<TestSeries> = "planned";
        /// How many of them are slow. Default: none.
        optional slow: Slow = "slow";
    }

    /// Slow requests.
    Slow("slow requests") {
        /// How long a slow request takes; the others take 10ms.
        required limit: Placed<Span> = "limit";
        /// The percentage of requests that are slow.
        required share: Placed<TestSeries> = "share";
    }

    /// The state that a rule must be in at a given time.
    Expected("an expectation") {
        /// The time after the start of the input.
        required at: Placed<Span> = "at";
        /// The rule.
        required alert: Placed<String> = "alert";
        /// The scope, for a rule that watches several. Default: the strongest state counts.
        optional scope: Placed<String> = "scope";
        /// `inactive`, `pending`, `firing` or `no_data`.
        required state: Placed<ExpectedState> = "state";
    }
}
