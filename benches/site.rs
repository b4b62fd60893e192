//! The site against event loops written by hand: one tier, four in tandem, the launch scenario at
//! three rates and under an outage, and what telemetry costs.

mod bound;
#[allow(dead_code)]
#[path = "../tests/site/build.rs"]
mod build;

use bound::{Side, by_hand, heading, launch, print};
use build::{Built, call, exponential, site, tier};
use sim::kernel::DrawKey;
use sim::names::{EndpointId, Segment, TierId};
use sim::scenario::Plan;
use sim::site::{InstanceState, Site, SiteConditions};
use sim::telemetry::{Outcome, Tally};
use sim::units::{Span, Time};
use std::hint::black_box;

const CUSTOMERS: u64 = 300_000;
const REQUESTS: u64 = 300_000;
const READING: Span = Span::from_secs(10);

/// A site that has already run for this long, as a warm starting point.
fn warm(mut site: Site, seconds: u64) -> Site {
    while site.now() < Time::ZERO + Span::from_secs(seconds) {
        advance(&mut site);
    }
    site
}

/// One interval and its reading.
fn advance(site: &mut Site) {
    let (from, to) = (site.now(), site.now() + READING);
    site.run_until(to);
    black_box(site.scrape(from, to));
}

/// Runs on until about this many more requests have been made.
fn go_on(site: &mut Site, requests: u64) -> u64 {
    let before = site.totals().requests.generated;
    while site.totals().requests.generated < before + requests {
        advance(site);
    }
    site.totals().requests.generated - before
}

/// M/M/8 at 80 %.
fn one_tier() -> Built {
    site(800.0, vec![tier(1, 8, exponential(0.008))])
}

/// Four such tiers; the first three have threads for all that the last keeps waiting.
fn tandem() -> Built {
    let threads = [1_000, 1_000, 1_000, 8];
    let mut built = site(800.0, threads.map(|n| tier(1, n, exponential(0.008))).to_vec());
    built.plan.calls = vec![vec![call(15.0); 4]];
    built.patience(30.0)
}

fn start(plan: &Plan) -> Site {
    Site::new(&plan.site, &plan.traffic, &plan.names, DrawKey::new(plan.seed, 0, "site"))
}

/// The launch with all content servers hanging until so many requests are pending.
fn piled_up(pending: u64) -> Site {
    let plan = launch::at_rate(2_000.0, "3h");
    let mut site = warm(start(&plan), 60);
    let mut conditions = SiteConditions::quiet(&plan.site);
    let content = &mut conditions.tiers[1];
    content.instances.iter_mut().for_each(|state| *state = InstanceState::Hanging);
    site.apply(&conditions);
    let inside = |site: &Site| {
        let totals = site.tier_totals(TierId(1));
        totals.arrivals - totals.departures
    };
    while inside(&site) < pending {
        advance(&mut site);
    }
    site
}

fn launches() {
    heading("the launch scenario, readings every ten seconds, all scopes", "request");
    let mut sites: Vec<(String, Site)> = [20.0, 2_000.0, 20_000.0]
        .iter()
        .map(|rate| {
            let plan = launch::at_rate(*rate, "3h");
            (format!("at {rate} requests/s"), warm(start(&plan), 300))
        })
        .collect();
    let hanging = piled_up(100_000);
    let tandem = || black_box(by_hand::tandem(CUSTOMERS)).0;
    let mut sides = vec![Side::new("by hand, the tandem", tandem)];
    for (name, site) in &mut sites {
        sides.push(Side::new(name, || go_on(site, REQUESTS)));
    }
    sides.push(Side::new("at 2000, an outage holds 100000", || {
        go_on(&mut hanging.clone(), 150_000)
    }));
    let times = print(&mut sides);
    println!("dearest to cheapest rate: {:.2}", spread(&times[1..4]));
    println!("with 100,000 pending to without: {:.2}", times[4] / times[2]);
}

fn spread(times: &[f64]) -> f64 {
    let least = times.iter().copied().fold(f64::MAX, f64::min);
    times.iter().copied().fold(0.0, f64::max) / least
}

/// Counting alone, as a request through four tiers has it counted, readings included.
fn telemetry() {
    let plan = launch::shipped(&[]);
    let mut tally = Tally::new(&plan.names);
    let key = DrawKey::new(1, 0, "telemetry");
    let times: Vec<Span> =
        (0..4_096).map(|n| Span::from_seconds(0.1 * key.child(n).exponential())).collect();
    let count = || {
        for n in 0..REQUESTS {
            let took = |hop: u64| times[((n * 5 + hop) % 4_096) as usize];
            let segment = Segment([(n % 4) as u8, (n % 3) as u8, (n % 2) as u8, (n % 5) as u8]);
            (0..4)
                .for_each(|hop| tally.call(key, TierId(hop as u16), (Outcome::Ok, 200), took(hop)));
            tally.attempt(|| key, EndpointId((n % 5) as u16), segment, (Outcome::Ok, 200), took(4));
            if n % 20_000 == 0 {
                black_box(tally.take(Time::ZERO, Time::ZERO));
            }
        }
        REQUESTS
    };
    let time = bound::contest(&mut [Side::new("telemetry", count)])[0];
    println!("telemetry alone, 20,000 requests a reading: {time:.1} ns per request");
}

fn main() {
    heading("M/M/8 at 80 %", "customer");
    let (mut one, mut four) = (warm(one_tier().start(), 100), warm(tandem().start(), 100));
    print(&mut [
        Side::new("by hand, four-ary heap", || black_box(by_hand::one_tier(CUSTOMERS)).0),
        Side::new("site, telemetry on", || go_on(&mut one, CUSTOMERS)),
    ]);

    heading("four tiers of M/M/8 in tandem", "customer");
    print(&mut [
        Side::new("by hand, four-ary heap", || black_box(by_hand::tandem(CUSTOMERS)).0),
        Side::new("site, ids, timeouts, telemetry", || go_on(&mut four, CUSTOMERS)),
    ]);

    launches();
    telemetry();
}
