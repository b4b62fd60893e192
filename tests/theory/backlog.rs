//! A durable queue: nobody waits, nothing is lost, and it drains at the tier's own pace.

use super::replications::{Window, replicate, tier_agrees};
use crate::site::build::{Built, at, exponential, fixed, of_tier, site, tier};
use sim::measure::erlang;
use sim::names::TierId;
use sim::site::{InstanceState, Site};
use sim::units::{Ratio, Span};

/// A tier that answers at once, and one behind it that keeps its work.
fn kept(rate: f64, instances: u32, threads: u32, takes: f64) -> Built {
    let mut built = site(rate, vec![tier(1, 10_000, fixed(0.001)), tier(1, 1, fixed(1.0))]);
    built.plan.tiers[1] = tier(instances, threads, exponential(takes));
    built.plan.tiers[1].durable = true;
    built
}

fn waiting(site: &Site) -> u64 {
    site.tier_totals(TierId(1)).backlog
}

#[test]
fn all_threads_of_all_instances_take_from_one_queue() {
    // Eight threads in four instances are one M/M/8: in a queue for each they would be worse.
    let (servers, rho) = (8_u32, 0.8);
    let load = f64::from(servers) * rho;
    let time = 1.0 + erlang::wait(servers.into(), load);
    let runs = replicate(&kept(load, 4, 2, 1.0), 90e3 / load);
    tier_agrees("time in a durable M/M/8", &runs, 1, Window::time, time);
    tier_agrees("number in a durable M/M/8", &runs, 1, |window| window.number, load * time);
    // What fails is done again at once: geometric sums of exponential times are exponential.
    let mut again = kept(load, 4, 2, 0.75);
    again.plan.tiers[1].errors = Ratio(0.25);
    let runs = replicate(&again, 90e3 / load);
    tier_agrees("time where a quarter is done again", &runs, 1, Window::time, time);
}

#[test]
fn an_outage_leaves_what_came_meanwhile_and_drains_at_the_spare_pace() {
    // 10 a second come, 20 a second can be done, for half an hour nothing is.
    let (arrivals, pace, outage) = (10.0, 20.0, 1_800.0);
    let built = kept(arrivals, 4, 1, 4.0 / pace);
    for state in [InstanceState::Gone, InstanceState::Refusing] {
        let mut site = built.start();
        site.run_until(at(600.0));
        assert!(waiting(&site) < 20, "half of it is enough: {}", waiting(&site));
        site.scrape(at(0.0), at(600.0));
        let mut down = built.quiet();
        down.tiers[1].instances.fill(state);
        site.apply(&down);
        site.run_until(at(600.0 + outage));
        let reading = site.scrape(at(600.0), at(600.0 + outage));
        let backlog = of_tier(&reading, 1).backlog.expect("it keeps its work");
        // λT; 99.99 % of a Poisson count are within four standard deviations.
        let (expected, deviation) = (arrivals * outage, (arrivals * outage).sqrt());
        let off = (backlog.waiting as f64 - expected).abs();
        assert!(off < 4.0 * deviation + 8.0, "{backlog:?}, expected {expected}");
        let age = backlog.age.seconds();
        assert!((age - outage).abs() < 5.0, "the oldest came as it went down: {age}");
        // Nobody noticed: every caller had his answer at once.
        let seen = of_tier(&reading, 1);
        assert_eq!((seen.failed, seen.rejected, seen.abandoned), (0, 0, 0));
        assert_eq!(seen.latency.slower_than(Span::MILLISECOND), 0);
        site.apply(&built.quiet());
        let mut now = 600.0 + outage;
        while waiting(&site) > 0 {
            now += 1.0;
            site.run_until(at(now));
        }
        // λT ÷ (μ − λ): as long again as the outage here.
        let drained = now - 600.0 - outage;
        let expected = arrivals * outage / (pace - arrivals);
        assert!((drained / expected - 1.0).abs() < 0.08, "{drained} s, expected {expected}");
        site.check_conservation();
    }
}

#[test]
fn what_was_begun_in_an_instance_that_is_lost_is_done_by_another() {
    let built = kept(6.0, 4, 2, 1.0).quiet_after(500.0);
    let mut site = built.start();
    for step in 1..20_usize {
        site.run_until(at(20.0 * step as f64));
        let mut lost = built.quiet();
        lost.tiers[1].instances[step % 4] = InstanceState::Gone;
        lost.tiers[1].instances[(step + 1) % 4] = InstanceState::Hanging;
        site.apply(&lost);
        site.check_conservation();
    }
    site.apply(&built.quiet());
    site.run_until(at(5_000.0));
    let totals = site.tier_totals(TierId(1));
    assert!(totals.arrivals > 2_500, "{totals:?}");
    assert_eq!((totals.departures, totals.backlog, totals.refused), (totals.arrivals, 0, 0));
}
