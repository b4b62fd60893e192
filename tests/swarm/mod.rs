//! Random valid scenarios, and what must hold for every one of them.
//!
//! A failing case prints its seed; SIM_SWARM_SEED=<seed> SIM_SWARM_CASES=1 before
//! `cargo test --test all swarm` plays it again. More cases, or another first seed, look further.

mod causes;
mod checks;
mod generate;
mod response;
use crate::capacity_edges;
use crate::support;

use sim::capacity::{CheckSetup, by_formula, cases};
use sim::fault::FaultKind;
use sim::scenario::Plan;
use sim::units::Rate;
use support::{MadeOnce, Run, plan, play};

/// The number of cases, which take about ten seconds.
const CASES: u64 = 150;
/// The seed of the first case; the next ones follow it.
const FIRST: u64 = 20_181_107;

/// Names the case when a test ends in it.
struct Case {
    seed: u64,
    text: String,
}

impl Drop for Case {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.text);
            eprintln!("to play this case again: SIM_SWARM_SEED={} SIM_SWARM_CASES=1", self.seed);
        }
    }
}

fn setting(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text} is not a whole number")))
}

/// Hands every case on, played.
fn swarm(cases: u64, mut check: impl FnMut(u64, &Plan, &Run)) {
    static PLAYED: MadeOnce<u64, (Plan, Run)> = MadeOnce::new();
    let first = setting("SIM_SWARM_SEED").unwrap_or(FIRST);
    for seed in first..first + setting("SIM_SWARM_CASES").unwrap_or(cases) {
        let case = Case { seed, text: generate::scenario(seed) };
        let played = PLAYED.get(seed, || {
            let plan = plan(&case.text, &[]);
            let run = play(&plan, seed % 3);
            (plan, run)
        });
        check(seed, &played.0, &played.1);
    }
}

#[test]
fn whatever_the_scenario_the_run_holds_together() {
    let (mut attempts, mut frozen, mut recovered) = (0, 0, 0);
    swarm(CASES, |_, plan, run| {
        checks::order(plan, run);
        checks::counts(plan, run);
        checks::contacts(plan, run);
        checks::one_thing_at_a_time(run);
        checks::pipelines(run);
        checks::attempts(run);
        checks::alerts(run);
        checks::faults(run);
        attempts += run.attempts().len();
        frozen += usize::from(run.lines().contains("\"frozen\""));
        recovered += usize::from(run.lines().contains("\"recovered\""));
    });
    if setting("SIM_SWARM_CASES").is_none() {
        let seen = (attempts > 100, frozen > 5, recovered > 5);
        let numbers = (attempts, frozen, recovered);
        assert_eq!(seen, (true, true, true), "the swarm is too tame: {numbers:?}");
    }
}

#[test]
fn the_journal_alone_makes_every_table_again() {
    swarm(CASES / 3, |_, _, run| checks::tables(run));
}

#[test]
fn the_formulas_of_capacity_hold_for_any_site() {
    let first = setting("SIM_SWARM_SEED").unwrap_or(FIRST);
    let mut judged = 0;
    for seed in first..first + setting("SIM_SWARM_CASES").unwrap_or(CASES / 5) {
        let case = Case { seed, text: generate::scenario(seed) };
        let plan = plan(&case.text, &[]);
        let question = CheckSetup::new(&plan);
        if question.not_judgeable().is_some() {
            continue;
        }
        judged += 1;
        let peak = question.peak.visits;
        for times in [0.5, 3.0] {
            let mut question = CheckSetup::new(&plan);
            question.peak.visits = peak * times;
            let check = question.by_formula();
            capacity_edges::sane(&check, &format!("seed {seed} at {times}x"));
        }
        for case in &cases(&plan, &question.objectives, Rate(peak), None).cases {
            for times in [1e-3, 1.0, 20.0, 1e4, 1e8] {
                let outcome = by_formula(&plan, &question.objectives, case, peak * times);
                let what = format!("seed {seed}, {} at {times}x", case.title);
                capacity_edges::sane_outcome(&outcome, &what);
            }
        }
    }
    assert!(judged > 0, "no site had any traffic");
}

/// Whether readings hold what happened: nothing is hidden from the monitoring as a whole.
fn sees_all(plan: &Plan) -> bool {
    let hides = |kind: &FaultKind| matches!(kind, FaultKind::BlindSpot { .. });
    !plan.faults.iter().any(|fault| hides(&fault.kind))
}

#[test]
fn charges_and_bad_requests_add_up() {
    let mut charged = 0;
    swarm(CASES / 3, |seed, plan, run| {
        if sees_all(plan) {
            charged += checks::charges(plan, run, seed % 3);
        }
    });
    assert!(charged > 1_000 || setting("SIM_SWARM_CASES").is_some(), "too tame: {charged}");
}

#[test]
fn what_is_said_of_causes_is_in_the_journal() {
    let (mut troubles, mut told, mut incidents) = (0, 0, 0);
    swarm(CASES / 2, |_, plan, run| {
        if sees_all(plan) {
            causes::charges_are_the_bad_requests(run);
        }
        causes::credit_is_the_end_of_the_cause(run);
        causes::expectations_keep_to_their_cause(run);
        incidents += causes::every_moment_carries_one_word(run);
        causes::columns_of_users_add_up(run);
        let all = run.story.cause_records(&run.header);
        troubles += all.len();
        told += all.iter().filter(|trouble| trouble.detected.is_some()).count();
    });
    if setting("SIM_SWARM_CASES").is_none() {
        let enough = troubles > 50 && told > 20 && incidents > 20;
        assert!(enough, "too tame: {troubles} troubles, {told} told, {incidents} incidents");
    }
}

#[test]
fn the_same_scenario_twice_is_the_same_run() {
    swarm(CASES / 10, |seed, plan, run| {
        assert_eq!(play(plan, seed % 3).lines(), run.lines());
        let text = generate::scenario(seed).replace('\n', "\r\n");
        assert_eq!(support::plan(&text, &[]), *plan, "other line ends are another plan");
    });
}
