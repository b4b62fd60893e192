//! Verdicts of the capacity check on random sites, with fresh seeds, against long simulations.
//!
//! Each site is judged as `sim capacity` judges it, at its own peak and by the formula; then it is
//! played for twenty times as long, in pieces with seeds of their own. A verdict is right if the
//! long simulation is on the same side of the objectives, or so close to them that nobody could
//! tell. `cargo bench --bench capacity -- SITES SEED`.

#[path = "../tests/support/mod.rs"]
#[allow(dead_code, unused_imports)]
mod support;

use sim::capacity::{CheckSetup, LoadPoint, LoadStatus, LoadTest, cases};
use sim::kernel::DrawKey;
use sim::scenario::Plan;
use sim::units::Rate;
use std::time::{SystemTime, UNIX_EPOCH};

/// Pieces of the long simulation of a site.
const PIECES: u64 = 20;
/// Within this share of a limit either verdict will do.
const CLOSE: f64 = 0.05;

/// Uniform numbers of one site.
struct Luck(DrawKey, u64);

impl Luck {
    fn between(&mut self, low: f64, high: f64) -> f64 {
        self.1 += 1;
        low + (high - low) * self.0.child(self.1).unit()
    }

    fn whole(&mut self, low: u64, high: u64) -> u64 {
        self.between(low as f64, high as f64 + 1.0) as u64
    }
}

/// One to three tiers in a row under 40 to 130 % of what their threads carry.
fn scenario(site: u64, seed: u64) -> String {
    let mut luck = Luck(DrawKey::new(seed, site, "site"), 0);
    let tiers = luck.whole(1, 3);
    let (mut text, mut names, mut behind, mut least) =
        (String::new(), Vec::new(), 0.0, f64::INFINITY);
    for number in (0..tiers).rev() {
        let (instances, threads) = (luck.whole(1, 4), luck.whole(2, 30));
        let milliseconds = luck.between(20.0, 300.0).round();
        let takes = match luck.whole(0, 2) {
            0 => format!("{milliseconds}ms"),
            1 => format!("{{exponential: {milliseconds}ms}}"),
            _ => format!("{{median: {milliseconds}ms, p99: {}ms}}", milliseconds * 4.0),
        };
        let queue = luck.whole(0, 200);
        let line = format!(
            "    t{number}: {{instances: {instances}, threads: {threads}, takes: {takes}, \
             queue: {queue}, balance: least-busy}}\n"
        );
        text.insert_str(0, &line);
        names.insert(0, format!("t{number}"));
        // Callers hold their threads while those behind work.
        behind += milliseconds / 1e3;
        least = least.min((instances * threads) as f64 / behind);
    }
    let rate = least * luck.between(0.4, 1.3);
    format!(
        "scenario: site {site}
starts: 2018-11-07T17:00 America/New_York
lasts: 1h
seed: {seed}
traffic:
  visits: [{{at: 0m, rate: {rate:.3}/s}}]
  tools: {{ask: {{requests: 1, think: 1s, use: {{ask: 100%}}}}}}
  patience: 30s
site:
  tiers:
{text}  endpoints: {{ask: {}}}
capacity: {{headroom: 30%, latency: p95 < 2s, errors: < 1%}}
",
        names.join(" > ")
    )
}

fn played(plan: &Plan) -> LoadPoint {
    let question = CheckSetup::new(plan);
    let visits = question.peak.visits;
    let all = cases(plan, &question.objectives, Rate(visits), None);
    let (objectives, case) = (&question.objectives, &all.cases[0]);
    let test = LoadTest { plan, objectives, case, peak: visits, judged: None };
    test.play(1.0, &|| false).expect("nobody stops it")
}

/// What the long simulation says, and whether it is too close to a limit to tell.
fn long(plan: &Plan, seed: u64) -> (LoadStatus, bool, f64, f64) {
    let question = CheckSetup::new(plan);
    let pieces: Vec<LoadPoint> = (1..=PIECES)
        .map(|piece| {
            let mut plan = plan.clone();
            plan.seed = seed.wrapping_mul(1_000_003).wrapping_add(piece);
            played(&plan)
        })
        .collect();
    let mean = |of: &dyn Fn(&LoadPoint) -> f64| pieces.iter().map(of).sum::<f64>() / PIECES as f64;
    let (slow, bad) = (mean(&|point| point.slow.value), mean(&|point| point.bad.value));
    let limits = (1.0 - question.objectives.quantile, question.objectives.errors.0);
    let close = |value: f64, limit: f64| (value / limit - 1.0).abs() < CLOSE;
    let met = slow <= limits.0 && bad <= limits.1;
    (LoadStatus::from_met(met), close(slow, limits.0) || close(bad, limits.1), slow, bad)
}

fn main() {
    let numbers: Vec<u64> = std::env::args().filter_map(|word| word.parse().ok()).collect();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_secs());
    let sites = numbers.first().copied().unwrap_or(40);
    let seed = numbers.get(1).copied().unwrap_or(now);
    println!("{sites} random sites, seed {seed}; long: {PIECES} pieces with fresh seeds\n");
    println!("site  formula  played  long    slow    bad");
    let (mut wrong, mut open, mut near, mut by_formula_wrong) = (0, 0, 0, 0);
    for site in 0..sites {
        let plan = support::plan(&scenario(site, seed), &[]);
        let formula = CheckSetup::new(&plan).by_formula().cases[0].formula.status;
        let status = played(&plan).outcome.status;
        let (truth, close, slow, bad) = long(&plan, seed + site);
        open += u64::from(status == LoadStatus::Open);
        near += u64::from(close);
        let differs = |said: LoadStatus| said != LoadStatus::Open && said != truth && !close;
        wrong += u64::from(differs(status));
        by_formula_wrong += u64::from(differs(formula));
        let mark = if differs(status) { "  WRONG" } else { "" };
        println!(
            "{site:>4}  {:<7}  {:<6}  {:<6}  {slow:.4}  {bad:.4}{}{mark}",
            formula.word(),
            status.word(),
            truth.word(),
            if close { "  close to a limit" } else { "" },
        );
    }
    println!(
        "\nplayed: {wrong} of {sites} wrong, {open} open, {near} close to a limit; \
         by formula alone: {by_formula_wrong} wrong"
    );
}
