//! From a file of rule tests to tests that can be judged.

use crate::language::files::read_source;
use crate::language::problem::{Problem, Problems, advice, quoted};
use crate::language::source::{Place, SourceText};
use crate::language::wording::Wording;
use crate::language::written::{FromNode, Placed};
use crate::language::wrong_kind::ExpectedFile;
use crate::language::{wrong_kind, yaml};
use crate::measure::{Latencies, Limits};
use crate::names::{RuleId, Scope};
use crate::scenario::load::{load, top_keys};
use crate::scenario::plan::Plan;
use crate::scenario::rule_test::RuleTests;
use crate::scenario::rule_test::judge::{RuleTest, StateCheck};
use crate::scenario::rule_test::series::TestSeries;
use crate::scenario::rule_test::written::{Expected, Input, ScopeInput, Slow, TestCase, TestFile};
use crate::telemetry::ScopeReading;
use crate::units::{Span, Time};
use std::path::Path;

/// The most requests of an interval.
const MOST: f64 = 100_000.0;
/// How long a request takes that is not slow.
const QUICK: Span = Span::from_millis(10);

/// Reads a file of rule tests and the scenario that it names, which is looked for beside it. If
/// anything is wrong with either, all problems of that file come back at once.
pub fn rule_tests(source: &SourceText) -> Result<RuleTests, Problems> {
    let source = source.without_mark();
    let text = source.text.clone();
    let folder = Path::new(&source.path_shown).parent().unwrap_or(Path::new("")).to_path_buf();
    let path = source.path_shown.clone();
    let mut problems = Problems::new(source);
    let file = parsed(&path, &text, &mut problems);
    let Some(file) = file else { return Err(problems.sorted()) };
    let plan = match scenario(&folder, &file, &mut problems) {
        Ok(plan) => plan,
        Err(of_scenario) => {
            let own = problems.any_error();
            return Err(if own { problems.sorted() } else { of_scenario });
        }
    };
    let interval = file.interval.map_or(plan.telemetry.every, |interval| interval.value);
    let limits = plan.kept_times();
    let mut reader = RuleTestReader { plan: &plan, interval, limits, problems: &mut problems };
    reader.interval(file.interval.as_ref());
    let tests = file.tests.iter().flatten();
    let tests: Vec<RuleTest> = tests.filter_map(|test| reader.test(test)).collect();
    if tests.is_empty() && !problems.any_error() {
        let problem = Problem::error(file.place, "there is no test in this file");
        problems.push(problem.hint("`sim schema --reference` shows one"));
    }
    if problems.any_error() {
        return Err(problems.sorted());
    }
    Ok(RuleTests { plan, interval, tests })
}

fn parsed(path: &str, text: &str, problems: &mut Problems) -> Option<TestFile> {
    let foreign = wrong_kind::by_text(path, text);
    let root = match foreign {
        None => yaml::parse(text, 0, problems)?,
        Some(foreign) => {
            let message = foreign.message.replace("not a scenario", "not a file of rule tests");
            problems.push(Problem { message, ..foreign });
            return None;
        }
    };
    match wrong_kind::by_keys(path, &root, ExpectedFile::RuleTests, &top_keys()) {
        None => TestFile::read(&root, problems),
        Some(foreign) => {
            problems.push(foreign);
            None
        }
    }
}

/// A folder that can be looked up, though it is not written.
fn folder_of(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// The plan of the scenario that a file of tests names. Its own problems come back; if it is not
/// there, that is a problem of the file.
fn scenario(folder: &Path, file: &TestFile, problems: &mut Problems) -> Result<Plan, Problems> {
    let Some(scenario) = &file.scenario else { return Err(problems.clone()) };
    let path = folder.join(&scenario.value);
    if !path.exists() {
        let message = format!("there is no scenario {}", quoted(&scenario.value));
        let hint = "it is looked for relative to this file";
        problems.push(Problem::error(scenario.place, message).hint(hint));
        return Err(problems.clone());
    }
    let within =
        |path: &Path| Some((path.canonicalize().ok()?, folder_of(folder).canonicalize().ok()?));
    if within(&path).is_none_or(|(path, folder)| !path.starts_with(folder)) {
        let message = format!("{} is outside the folder of this file", quoted(&scenario.value));
        let hint = "put the tests beside the scenario, or above it";
        problems.push(Problem::error(scenario.place, message).hint(hint));
        return Err(problems.clone());
    }
    Ok(load(&read_source(&path)?, &[])?.plan)
}

struct RuleTestReader<'a> {
    plan: &'a Plan,
    interval: Span,
    limits: Limits,
    problems: &'a mut Problems,
}

/// The series of one scope.
struct ScopeSeries<'a> {
    requests: &'a Placed<TestSeries>,
    bad: Option<&'a Placed<TestSeries>>,
    planned: Option<&'a Placed<TestSeries>>,
    slow: Option<&'a Slow>,
}

impl<'a> ScopeSeries<'a> {
    fn from_input(input: &'a Input) -> Option<ScopeSeries<'a>> {
        let (bad, planned) = (input.bad.as_ref(), input.planned.as_ref());
        let requests = input.requests.as_ref()?;
        Some(ScopeSeries { requests, bad, planned, slow: input.slow.as_ref() })
    }

    fn of_scope(input: &'a ScopeInput) -> Option<ScopeSeries<'a>> {
        let (bad, planned) = (input.bad.as_ref(), input.planned.as_ref());
        let requests = input.requests.as_ref()?;
        Some(ScopeSeries { requests, bad, planned, slow: input.slow.as_ref() })
    }

    fn share(&self) -> Option<&'a Placed<TestSeries>> {
        self.slow.and_then(|slow| slow.share.as_ref())
    }

    fn all(&self) -> impl Iterator<Item = &'a Placed<TestSeries>> {
        [Some(self.requests), self.bad, self.planned, self.share()].into_iter().flatten()
    }
}

impl RuleTestReader<'_> {
    fn error(&mut self, place: Place, message: impl Into<Wording>, hint: &str) {
        self.problems.push(Problem::error(place, message).hint(hint));
    }

    /// Windows are whole numbers of readings.
    fn interval(&mut self, written: Option<&Placed<Span>>) {
        let Some(written) = written else { return };
        if written.value < Span::SECOND {
            return self.error(written.place, "an interval is at least a second", "10s");
        }
        let rules = self.plan.playbook.rules.iter().zip(&self.plan.names.rules);
        let odd =
            rules.filter(|(rule, _)| rule.window.0 % written.value.0 != 0).map(|(_, name)| name);
        if let Some(rule) = odd.into_iter().next() {
            let message = format!("the window of {} is not a multiple of this", quoted(rule));
            let hint = format!("the scenario's own interval is {}", self.plan.telemetry.every);
            self.error(written.place, message, &hint);
        }
    }

    fn test(&mut self, test: &TestCase) -> Option<RuleTest> {
        let input = test.input.as_ref()?;
        let every = ScopeSeries::from_input(input)?;
        let mut own: Vec<(usize, ScopeSeries)> = Vec::new();
        for (name, scope) in input.of.iter().flat_map(|of| &of.0) {
            let found = self.scope(name)?;
            own.push((self.plan.names.scope_index(found), ScopeSeries::of_scope(scope.as_ref()?)?));
        }
        let own_series = own.iter().flat_map(|(_, seen)| seen.all());
        let length = every.all().chain(own_series).map(|series| series.value.0.len()).max()?;
        let count = self.plan.names.scopes().len();
        let mut readings = Vec::with_capacity(length);
        for interval in 0..length {
            if every.requests.value.at(interval).is_none() {
                readings.push(None);
                continue;
            }
            let mut scopes = vec![self.reading(&every, interval)?; count];
            for (position, seen) in &own {
                scopes[*position] = self.reading(seen, interval)?;
            }
            readings.push(Some(scopes));
        }
        let ends = Span(self.interval.0 * length as u64);
        let expect = test.expect.iter().flatten();
        let mut checks: Vec<StateCheck> =
            expect.filter_map(|expected| self.check(expected, ends)).collect();
        if test.expect.as_ref().is_some_and(Vec::is_empty) {
            let hint = "- {at: 3m, alert: ErrorSpike, state: firing}";
            self.error(test.place, "this test expects nothing", hint);
        }
        checks.sort_by_key(|check| check.at);
        Some(RuleTest { name: test.name.as_ref()?.value.clone(), readings, checks })
    }

    /// What one scope shows in one interval.
    fn reading(&mut self, seen: &ScopeSeries, interval: usize) -> Option<ScopeReading> {
        let number = |reader: &mut Self, series: Option<&Placed<TestSeries>>, whole: bool| {
            let Some(series) = series else { return Some(0.0) };
            let Some(value) = series.value.at(interval) else {
                let hint = "only the `requests` of the whole input can have a `_`";
                reader.error(series.place, "a single series cannot be missing", hint);
                return None;
            };
            if value > MOST || (whole && value.fract() != 0.0) {
                let message = format!("{value} is not a number of requests");
                reader.error(series.place, message, "a whole number up to 100,000");
                return None;
            }
            Some(value)
        };
        let requests = number(self, Some(seen.requests), true)?;
        let bad = number(self, seen.bad, true)?;
        let planned = number(self, seen.planned, true)?;
        let share = number(self, seen.share(), false)?;
        if let (Some(series), true) = (seen.bad, bad > requests) {
            let message = format!("in interval {}, {bad} of {requests} are bad", interval + 1);
            self.error(series.place, message, "`bad` counts some of the `requests`");
            return None;
        }
        if let (Some(series), true) = (seen.share(), share > 100.0) {
            self.error(series.place, "a share is at most 100", "it is in percent");
            return None;
        }
        let slow = (requests * share / 100.0).round() as usize;
        let limit = seen.slow.and_then(|slow| slow.limit).map_or(QUICK, |limit| limit.value);
        let quick = requests as usize - slow;
        let times = [(QUICK, quick as u32), (limit, slow as u32)];
        Some(ScopeReading {
            ok: (requests - bad) as u64,
            failed: bad as u64,
            planned: planned as u64,
            latency: Latencies::counted(&times, &self.limits),
            ..ScopeReading::default()
        })
    }

    fn check(&mut self, expected: &Expected, ends: Span) -> Option<StateCheck> {
        let (at, alert, state) =
            (expected.at?, expected.alert.as_ref()?, expected.state.as_ref()?.value);
        let names = &self.plan.names;
        let Some(rule) = names.rules.get_index_of(&alert.value) else {
            let message = format!("the scenario has no rule {}", quoted(&alert.value));
            let hint = advice(&alert.value, names.rules.iter().map(String::as_str));
            self.problems.push(Problem::error(alert.place, message).maybe_hint(hint));
            return None;
        };
        let rule = RuleId::from(rule);
        let watched = &self.plan.playbook.rules[rule.index()];
        if watched.breach.is_none() {
            let hint = "write a number in place of its `?`";
            self.error(alert.place, "this rule is not filled in, it never fires", hint);
            return None;
        }
        if at.value > ends {
            let message = format!("the input ends at {ends}, before this");
            self.error(at.place, message, "make a series longer");
            return None;
        }
        let scope = match &expected.scope {
            Some(scope) => Some((self.scope(scope)?, scope.place)),
            None => None,
        };
        if let Some((scope, place)) = scope {
            let watches = match (watched.by, scope) {
                (Some(by), Scope::Segment(dimension, _)) => by == dimension,
                (Some(_), _) => false,
                (None, scope) => scope == watched.scope,
            };
            if !watches {
                self.error(place, "this rule does not watch this scope", "leave `scope` out");
                return None;
            }
        }
        let (line, at) = (expected.place.line, Time::ZERO + at.value);
        Some(StateCheck { line, at, rule, scope: scope.map(|(scope, _)| scope), state })
    }

    /// A scope by its kind and name: `tier evss`.
    fn scope(&mut self, name: &Placed<String>) -> Option<Scope> {
        let names = &self.plan.names;
        let word = |scope: Scope| {
            let (kind, name) = names.scope(scope);
            kind.with(name)
        };
        let scopes: Vec<(String, Scope)> =
            names.scopes().into_iter().map(|scope| (word(scope), scope)).collect();
        if let Some((_, scope)) = scopes.iter().find(|(word, _)| *word == name.value) {
            return Some(*scope);
        }
        let message = format!("the scenario has no scope {}", quoted(&name.value));
        let hint = advice(&name.value, scopes.iter().map(|(word, _)| word.as_str()));
        self.problems.push(Problem::error(name.place, message).maybe_hint(hint));
        None
    }
}
