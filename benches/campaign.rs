//! Trials per second, with one job and with two.

use sim::campaign::{Campaign, CampaignObserver, WorkerPool};
use sim::gameday::{Gameday, Trial};
use sim::scenario::{self, Plan, SourceText};
use std::time::Instant;

const TRIALS: u64 = 48;
const ROUNDS: usize = 7;

fn plan(name: &str) -> Plan {
    let path = format!("{}/scenarios/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("shipped");
    let source = SourceText::file(path, text);
    scenario::load(&source, &[]).expect("a shipped scenario").plan
}

/// Seconds for the trials of a campaign.
fn campaign(plan: &Plan, jobs: usize) -> f64 {
    let campaign = Campaign::new(plan, plan.seed);
    let workers = WorkerPool::new(jobs).expect("threads");
    let began = Instant::now();
    let rows =
        campaign.run(0..TRIALS, &workers, &CampaignObserver { stop: &|| false, done: &|_| {} });
    assert_eq!(rows.len() as u64, TRIALS);
    began.elapsed().as_secs_f64()
}

/// Seconds for the same trials with full journals, one by one: the work that a campaign skips.
fn told(plan: &Plan) -> f64 {
    let began = Instant::now();
    for number in 0..TRIALS {
        let header = scenario::header(plan, number, plan.seed);
        let trial = Trial { seed: plan.seed, number };
        let mut gameday = Gameday::new(plan, &header, trial);
        let mut bytes = Vec::new();
        while gameday.step().is_some() {
            for entry in gameday.drain() {
                sim::journal::write_entry(&mut bytes, &entry).expect("memory");
            }
        }
        assert!(gameday.finish().story.totals().is_some() && !bytes.is_empty());
    }
    began.elapsed().as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    println!("trials per second, median of {ROUNDS} interleaved rounds of {TRIALS} trials");
    for name in ["quiet-day", "proxy-outage"] {
        let plan = plan(name);
        let (mut one, mut two, mut bound) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            one.push(campaign(&plan, 1));
            two.push(campaign(&plan, 2));
            bound.push(told(&plan));
        }
        let (one, two, told) = (median(one), median(two), median(bound));
        let rate = |seconds: f64| TRIALS as f64 / seconds;
        println!(
            "{name:<14} 1 job {:7.1}   2 jobs {:7.1} ({:.2} times)   told in detail {:7.1}",
            rate(one),
            rate(two),
            one / two,
            rate(told)
        );
    }
}
