//! The whole check: by formula at once, then played; and its verdict.

use super::case::{self, Case, CaseKind, SlowTier};
use super::cause::{self, Bottleneck, BottleneckStep, HeldThreads};
use super::formula::Formula;
use super::outcome::{LoadOutcome, LoadStatus};
use super::point::CheckObserver;
use super::point::{JudgedLoads, LoadPoint, LoadTest};
use super::ramp::{ScaleUpImpact, ramp};
use super::recovery::{Recovery, recovery};
use super::search::{Breaking, search};
use super::sizing::{self, Sizing};
use crate::campaign::WorkerPool;
use crate::journal::{LimitRow, LimitStatus};
use crate::names::TierId;
use crate::scenario::{self, CapacityPlan, Plan};
use crate::units::Rate;
use serde::{Deserialize, Serialize};

/// Bracket of the breaking point as planned: twice the margin in `search`. Other cases: a choice.
const NARROW: f64 = 0.03;
const ROUGH: f64 = 0.1;
/// Loads of the curve, times the breaking point: a choice, closer together where it bends.
const CURVE: [f64; 7] = [0.25, 0.5, 0.75, 0.9, 1.1, 1.25, 1.5];
/// Assumed: thread counts that nobody has measured may be this far off. No verdict rests on it.
const OFF: f64 = 0.3;

/// What is asked: a plan, at a peak.
pub struct CheckSetup<'p> {
    pub plan: &'p Plan,
    pub objectives: CapacityPlan,
    pub peak: Peak,
    /// The tier that is slow in the last case, and how slow.
    pub slow: Option<SlowTier>,
}

/// The load that is asked about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Peak {
    /// Visits per second.
    pub visits: f64,
    /// Where it comes from: `the curve at 18:00`, `10x of the curve at 18:00`.
    pub source: String,
    /// It is the curve's own, which the go/no-go list asks about.
    pub expected: bool,
}

/// All that the check found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CapacityCheck {
    pub program: String,
    pub run_id: String,
    pub scenario: String,
    pub scenario_hash: String,
    pub seed: u64,
    pub objectives: CapacityPlan,
    /// The scenario says them itself.
    pub objectives_written: bool,
    pub peak: Peak,
    pub cases: Vec<CaseResult>,
    /// Why a case is not among them.
    pub left_out: Vec<String>,
    /// Tiers that no endpoint leads through.
    pub uncalled: Vec<String>,
    /// What comes as the load rises.
    pub steps: Vec<BottleneckStep>,
    /// Whether it recovers at the loads that it carried; `None`: it carries none.
    pub recovery: Option<Recovery>,
    /// What users go through until groups that scale have grown; `None`: none does.
    #[serde(default)]
    pub ramp: Option<ScaleUpImpact>,
    /// What runs out and is not a thread, at the peak.
    pub limits: Vec<LimitRow>,
    pub sizing: Option<Sizing>,
    pub assumed: Option<Assumed>,
    /// Played, not only by formula.
    pub simulated: bool,
}

/// One case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseResult {
    pub kind: CaseKind,
    pub title: String,
    pub formula: LoadOutcome,
    /// Times the expected peak, by formula.
    pub formula_breaks: Option<f64>,
    /// The multiple at which the busiest tier has no thread to spare: nothing carries more.
    pub saturation: Option<f64>,
    /// The first bottleneck at the peak, by formula.
    pub bottleneck: Option<Bottleneck>,
    /// What a slow tier holds at those who wait for it.
    pub held: Option<HeldThreads>,
    /// At the peak.
    pub played: Option<LoadPoint>,
    pub breaking: Option<Breaking>,
    /// Where formula and simulation differ at the peak: by which effects.
    pub effects: Vec<String>,
    /// The same at the lowest load that clearly misses the objectives.
    pub breaks_by: Vec<String>,
}

/// What the numbers of threads that nobody has measured make of the breaking point, by formula.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assumed {
    pub tiers: Vec<String>,
    /// The breaking point if they are 30 % lower, as written, and 30 % higher.
    pub breaks: [Option<f64>; 3],
    /// The headroom of the busiest tier, likewise.
    pub headroom: [Option<f64>; 3],
}

impl<'p> CheckSetup<'p> {
    /// A plan at the peak of its own curve.
    pub fn new(plan: &'p Plan) -> CheckSetup<'p> {
        let (at, visits) = scenario::peak(plan);
        let source = format!("the curve at {}", plan.calendar.clock(at));
        let peak = Peak { visits: visits.0, source, expected: true };
        let objectives = plan.capacity.clone().unwrap_or_default();
        CheckSetup { plan, objectives, peak, slow: None }
    }

    fn cases(&self) -> case::Cases {
        case::cases(self.plan, &self.objectives, Rate(self.peak.visits), self.slow)
    }

    fn load_test<'a>(
        &'a self,
        case: &'a Case,
        judged: Option<&'a JudgedLoads<'a>>,
    ) -> LoadTest<'a> {
        let (objectives, peak) = (&self.objectives, self.peak.visits);
        LoadTest { plan: self.plan, objectives, case, peak, judged }
    }

    fn formula<'a>(&'a self, case: &Case) -> Formula<'a> {
        Formula::new(self.plan, &self.objectives, case)
    }

    /// Why nothing can be judged; `None`: it can.
    pub fn not_judgeable(&self) -> Option<String> {
        let called = self.plan.site.endpoints.len();
        if self.peak.visits <= 0.0 {
            let text = "the expected peak is 0 visits/s: there is no traffic to carry";
            return Some(text.to_string());
        }
        let requests: f64 = self.formula(&self.cases().cases[0]).outcome(self.peak.visits).requests;
        (called == 0 || requests <= 0.0)
            .then(|| "no request reaches any tier: there is nothing to overload".to_string())
    }

    /// Everything that formulas say; instant.
    pub fn by_formula(&self) -> CapacityCheck {
        let header = scenario::header(self.plan, 0, self.plan.seed);
        let case::Cases { cases, left_out } = self.cases();
        let visits = self.peak.visits;
        let result = |case: &Case| {
            let formula = self.formula(case);
            let outcome = formula.outcome(visits);
            CaseResult {
                kind: case.kind,
                title: case.title.clone(),
                formula_breaks: formula.breaking_point(visits),
                saturation: formula.saturation(visits),
                bottleneck: cause::bottleneck(self.plan, &outcome),
                formula: outcome,
                held: cause::held(self.plan, case, visits),
                played: None,
                breaking: None,
                effects: Vec::new(),
                breaks_by: Vec::new(),
            }
        };
        let cases: Vec<CaseResult> = cases.iter().map(result).collect();
        let uncalled = cases[0].formula.tiers.iter().filter(|tier| tier.calls == 0.0);
        CapacityCheck {
            program: header.program,
            run_id: header.run_id,
            scenario: header.scenario,
            scenario_hash: header.scenario_hash,
            seed: self.plan.seed,
            objectives: self.objectives.clone(),
            objectives_written: self.plan.capacity.is_some(),
            peak: self.peak.clone(),
            uncalled: uncalled.map(|tier| tier.tier.clone()).collect(),
            sizing: sizing::by_formula(self.plan, &self.objectives, visits),
            cases,
            left_out,
            steps: Vec::new(),
            recovery: None,
            ramp: None,
            limits: scenario::limit_rows(self.plan, self.times()),
            assumed: self.assumed(),
            simulated: false,
        }
    }

    /// The peak that is asked about in terms of the curve's own.
    fn times(&self) -> f64 {
        let (_, Rate(own)) = scenario::peak(self.plan);
        if own > 0.0 { self.peak.visits / own } else { 1.0 }
    }

    fn assumed(&self) -> Option<Assumed> {
        let cases = self.cases().cases;
        let visits = self.peak.visits;
        let scaled = |times: f64| self.formula(&cases[0]).with_assumed(times);
        let breaks = [1.0 - OFF, 1.0, 1.0 + OFF].map(|times| scaled(times).breaking_point(visits));
        let spare = |times: f64| Some(1.0 - 1.0 / scaled(times).saturation(visits)?);
        let headroom = [1.0 - OFF, 1.0, 1.0 + OFF].map(spare);
        let tiers = scaled(1.0).outcome(visits).tiers;
        let tiers: Vec<String> =
            tiers.into_iter().filter(|t| t.assumed && t.calls > 0.0).map(|t| t.tier).collect();
        (!tiers.is_empty()).then_some(Assumed { tiers, breaks, headroom })
    }

    /// How many parts [`CheckSetup::play`] has.
    pub fn parts(&self) -> u64 {
        self.cases().cases.len() as u64 + CURVE.len() as u64 + 3
    }

    /// Why formulas alone judge it; `None`: it can be played.
    pub fn too_large_to_play(&self) -> Option<String> {
        let case = &self.cases().cases[0];
        let requests = self.formula(case).outcome(self.peak.visits).requests;
        (self.load_test(case, None).most() < 1.0).then(|| {
            format!(
                "simulation: {requests:.0} requests a second at the peak are more than can \
                 be simulated in reasonable time, so only formulas judge it"
            )
        })
    }

    /// The same as [`CheckSetup::by_formula`], and all of it played. `None` if it was stopped.
    pub fn play(&self, workers: &WorkerPool, watch: &CheckObserver) -> Option<CapacityCheck> {
        let mut check = self.by_formula();
        let cases = self.cases().cases;
        if let Some(why) = self.too_large_to_play() {
            check.left_out.push(why);
            return Some(check);
        }
        let one = |number: u64| {
            let number = number as usize;
            let load_test = self.load_test(&cases[number], watch.judged);
            let result = &check.cases[number];
            let found = self.play_case(&load_test, result, watch.stop);
            (watch.done)();
            found
        };
        let played = workers.collect(0..cases.len() as u64, &one);
        if played.len() < cases.len() {
            return None;
        }
        let results = check.cases.iter_mut().zip(&cases);
        for ((result, case), (point, breaking)) in results.zip(played) {
            result.effects = cause::effects(&result.formula, &point);
            let missed = breaking.points.iter().find(|p| p.outcome.status == LoadStatus::Missed);
            result.breaks_by = missed.map_or(Vec::new(), |point| {
                cause::effects(&self.formula(case).outcome(point.visits), point)
            });
            (result.played, result.breaking) = (Some(point), Some(breaking));
        }
        self.curve(&mut check, &cases[0], workers, watch)?;
        let normal = check.cases[0].breaking.as_ref().expect("just played");
        check.steps = cause::steps(self.plan, &self.objectives, &normal.points);
        check.simulated = true;
        Some(check)
    }

    /// A case at the peak, and its breaking point.
    fn play_case(
        &self,
        load_test: &LoadTest,
        result: &CaseResult,
        stop: &dyn Fn() -> bool,
    ) -> Option<(LoadPoint, Breaking)> {
        let narrow = if load_test.case.kind == CaseKind::Normal { NARROW } else { ROUGH };
        let point = load_test.play(1.0, stop)?;
        let guess = result.formula_breaks.filter(|breaks| *breaks > 0.01).unwrap_or(1.0);
        let breaking = search(load_test, guess, narrow, vec![point.clone()], stop)?;
        Some((point, breaking))
    }

    /// The busiest tier by formula.
    fn busiest(&self, case: &CaseResult) -> TierId {
        let name = case.bottleneck.as_ref().map(|found| found.tier.as_str());
        let index = name.and_then(|name| self.plan.names.tiers.get_index_of(name));
        TierId::from(index.unwrap_or(0))
    }

    /// The curve beside the breaking point, the way down again, and the sizes played.
    fn curve(
        &self,
        check: &mut CapacityCheck,
        case: &Case,
        workers: &WorkerPool,
        watch: &CheckObserver,
    ) -> Option<()> {
        let load_test = self.load_test(case, watch.judged);
        let busiest = self.busiest(&check.cases[0]);
        let breaking = check.cases[0].breaking.as_mut().expect("just played");
        let known = breaking.clone();
        let around = breaking.at.or(breaking.low).or(breaking.high).unwrap_or(1.0);
        let sizing = check.sizing.as_ref().filter(|sizing| sizing.pass);
        let curve = CURVE.len() as u64;
        let one = |number: u64| {
            let found = if number < curve {
                let multiple = (around * CURVE[number as usize]).min(load_test.most());
                Extra::Point(Box::new(load_test.play(multiple, watch.stop)?))
            } else if number == curve + 2 {
                Extra::Ramp(ramp(self.plan, &self.objectives, self.times(), watch.stop)?)
            } else if number == curve {
                Extra::Recovery(recovery(&load_test, &known, busiest, watch.stop)?)
            } else {
                let sizing = sizing.map(|sizing| {
                    sizing::play(self.plan, &self.objectives, self.peak.visits, sizing, watch.stop)
                });
                Extra::Sizing(match sizing {
                    None => None,
                    Some(played) => Some(played?),
                })
            };
            (watch.done)();
            Some(found)
        };
        let extras = workers.collect(0..curve + 3, &one);
        if (extras.len() as u64) < curve + 3 {
            return None;
        }
        for extra in extras {
            match extra {
                Extra::Point(point) => breaking.points.push(*point),
                Extra::Recovery(found) => check.recovery = found,
                Extra::Ramp(found) => check.ramp = found,
                Extra::Sizing(Some(found)) => check.sizing = Some(found),
                Extra::Sizing(None) => {}
            }
        }
        breaking.points.sort_by(|a, b| a.multiple.total_cmp(&b.multiple));
        breaking.points.dedup_by(|a, b| (a.multiple / b.multiple - 1.0).abs() < 1e-9);
        Some(())
    }
}

/// What is played beside the cases.
enum Extra {
    Point(Box<LoadPoint>),
    Recovery(Option<Recovery>),
    Ramp(Option<ScaleUpImpact>),
    Sizing(Option<Sizing>),
}

impl CaseResult {
    /// Against latency and errors at the peak: as played, else by formula.
    pub fn status(&self) -> LoadStatus {
        self.played.as_ref().map_or(self.formula.status, |point| point.outcome.status)
    }

    /// The share of the capacity that the peak leaves unused, 1 − peak ÷ breaking point, with its
    /// ends; by formula where nothing was played. Below 0 the peak is beyond the breaking point.
    pub fn headroom(&self) -> Option<[f64; 3]> {
        let spare = |multiple: f64| 1.0 - 1.0 / multiple.max(1e-6);
        match &self.breaking {
            Some(Breaking { at, low, high, .. }) => {
                let at = at.or(*low).or(*high)?;
                let (low, high) = (low.map_or(-f64::INFINITY, spare), high.map_or(1.0, spare));
                Some([low, spare(at), high])
            }
            None => self.formula_breaks.map(|breaks| [spare(breaks); 3]),
        }
    }
}

impl CapacityCheck {
    /// Whether the headroom that is asked for is there, as planned.
    pub fn headroom(&self) -> LoadStatus {
        let wanted = self.objectives.headroom.0;
        match self.cases[0].headroom() {
            Some([low, _, _]) if low >= wanted => LoadStatus::Met,
            Some([_, _, high]) if high < wanted => LoadStatus::Missed,
            Some([_, at, _]) if !self.simulated => LoadStatus::from_met(at >= wanted),
            _ => LoadStatus::Open,
        }
    }

    /// The verdict: missed if anything is, a limit that is not threads too; else open if anything
    /// is; else met.
    pub fn verdict(&self) -> LoadStatus {
        let over = self.limits.iter().filter(|limit| limit.status == LimitStatus::Over);
        let over = over.map(|_| LoadStatus::Missed);
        let ramp = self.ramp.iter().map(|ramp| ramp.status);
        let all = self.cases.iter().map(CaseResult::status).chain([self.headroom()]);
        let all = all.chain(over).chain(ramp);
        let all: Vec<LoadStatus> = all.collect();
        let worst =
            [LoadStatus::Missed, LoadStatus::Open].into_iter().find(|one| all.contains(one));
        worst.unwrap_or(LoadStatus::Met)
    }
}
