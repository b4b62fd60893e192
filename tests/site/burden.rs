//! The time that users lose, against sums that can be done by hand.

use crate::site::build::{Built, at, fixed, retries, site, span, tier};
use sim::names::Dimension;
use sim::site::{FailingWork, Hit, Site, SiteConditions};
use sim::traffic::ClientRetries;
use sim::units::{Ratio, Span};

/// One tier that takes two seconds; visits of five requests on average, ten seconds apart.
fn built() -> Built {
    let mut built = site(2.0, vec![tier(1, 1_000, fixed(2.0))]).quiet_after(60.0);
    built.traffic.tools[0].requests = 5.0;
    built.traffic.tools[0].think = fixed(10.0);
    built
}

fn everything_fails(built: &Built) -> SiteConditions {
    let mut conditions = built.quiet();
    let failing = FailingWork {
        fault: sim::names::FaultId(0),
        key: 0,
        hit: Hit::default(),
        share: Ratio(1.0),
    };
    conditions.tiers[0].failing.push(failing);
    conditions
}

fn near(found: Span, seconds: f64) {
    assert!((found.seconds() - seconds).abs() < 1e-6, "{found} is not {seconds} s");
}

/// Every dimension tells the same sum.
fn adds_up(site: &Site) {
    for dimension in Dimension::ALL {
        let sum: u64 = site.lost_time_by(dimension).iter().map(|lost| lost.0).sum();
        assert_eq!(sum, site.totals().lost.0, "{dimension:?}");
    }
}

#[test]
fn who_leaves_loses_the_rest_of_the_visit() {
    let built = built();
    let healthy = built.run(1_000.0).totals();
    assert_eq!((healthy.lost, healthy.in_flight), (Span::ZERO, 0));
    let (site, _) = built.under(&everything_fails(&built), 1_000.0);
    let totals = site.totals();
    assert_eq!(totals.visits, healthy.visits);
    // Two seconds for the request that failed, and the thinking between all requests to come.
    let thinking = 10 * (healthy.requests.generated - healthy.visits);
    near(totals.lost, (2 * totals.visits + thinking) as f64);
    adds_up(&site);
}

#[test]
fn retries_and_their_waits_are_lost_too() {
    let mut built = built();
    built.traffic.tools[0].requests = 1.0;
    let three =
        ClientRetries { after: span(3.0), growth: 1.0, jitter: Ratio(0.0), ..retries(2, None) };
    built.traffic.retries = Some(three);
    let (site, _) = built.under(&everything_fails(&built), 1_000.0);
    near(site.totals().lost, (site.totals().visits * (3 * 2 + 2 * 3)) as f64);
    adds_up(&site);
}

#[test]
fn lost_until_the_next_good_answer() {
    let mut built = built();
    built.traffic.tools[0].requests = 1.0;
    let later = ClientRetries { after: span(100.0), ..retries(1, None) };
    built.traffic.retries = Some(ClientRetries { jitter: Ratio(0.0), ..later });
    let mut site = built.start();
    site.apply(&everything_fails(&built));
    site.run_until(at(70.0));
    site.apply(&built.quiet());
    site.run_until(at(1_000.0));
    let totals = site.totals();
    assert_eq!((totals.requests.ok, totals.requests.failed), (totals.visits, totals.visits));
    near(totals.lost, (totals.visits * (2 + 100 + 2)) as f64);
    adds_up(&site);
}

#[test]
fn behind_a_maintenance_page_the_rest_of_the_visit_is_lost() {
    let built = built();
    let healthy = built.run(1_000.0).totals();
    let mut conditions = built.quiet();
    conditions.maintenance = true;
    let (site, _) = built.under(&conditions, 1_000.0);
    let totals = site.totals();
    assert_eq!((totals.visits, totals.requests.planned), (healthy.visits, healthy.visits));
    assert_eq!((totals.affected.page, totals.affected.total()), (totals.users, totals.users));
    // The thinking between the requests that are not made any more.
    near(totals.lost, (10 * (healthy.requests.generated - healthy.visits)) as f64);
    adds_up(&site);
}

#[test]
fn whom_a_page_meets_after_an_error_counts_as_failed() {
    let mut built = built();
    built.traffic.retries =
        Some(ClientRetries { after: span(100.0), jitter: Ratio(0.0), ..retries(1, None) });
    let mut site = built.start();
    site.apply(&everything_fails(&built));
    site.run_until(at(70.0));
    let before = site.totals().affected;
    let mut page = built.quiet();
    page.maintenance = true;
    site.apply(&page);
    site.run_until(at(1_000.0));
    assert!(site.totals().requests.planned > 0 && before.failed > 0);
    assert_eq!(site.totals().affected, before, "each in the worst column only");
}

#[test]
fn who_waits_longer_than_is_put_up_with_is_affected() {
    let built = built();
    let mut site = built.start();
    site.slow_after(span(1.9));
    site.run_until(at(1_000.0));
    let totals = site.totals();
    assert_eq!((totals.affected.slow, totals.affected.total()), (totals.users, totals.users));
    assert_eq!(totals.lost, Span::ZERO, "they got their answers");
    let mut site = built.start();
    site.slow_after(span(2.1));
    site.run_until(at(1_000.0));
    assert_eq!(site.totals().affected.total(), 0);
}
