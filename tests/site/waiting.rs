//! A waiting room, against what queueing theory says of one.

use crate::site::build::{Built, at, exponential, fixed, site, span, tier};
use sim::change::Admission;
use sim::site::{Site, SiteConditions};
use sim::units::{Rate, Span, Spread};

fn crowd(rate: f64) -> Built {
    site(rate, vec![tier(1, 100_000, fixed(0.1))])
}

fn admits(built: &Built, rate: f64, waits: Option<Spread>) -> SiteConditions {
    SiteConditions { admits: Some(Admission { rate: Rate(rate), waits }), ..built.quiet() }
}

/// Everybody is in, waiting, or gone.
fn adds_up(site: &Site) {
    let totals = site.totals();
    let held = totals.held_back;
    assert_eq!(totals.visits, totals.requests.generated + held.waiting + held.left, "{totals:?}");
    site.check_conservation();
}

#[test]
fn nobody_is_held_back_below_the_rate_and_nothing_differs() {
    let built = crowd(5.0).quiet_after(1_000.0);
    let (room, _) = built.under(&admits(&built, 50.0, None), 2_000.0);
    assert_eq!(room.totals(), built.run(2_000.0).totals());
}

#[test]
fn as_many_come_in_as_it_admits() {
    let built = crowd(20.0);
    // They wait as long as they have to: 3,000 seconds of the rate, and what the bucket held.
    let (site, _) = built.under(&admits(&built, 4.0, Some(fixed(1e6))), 3_000.0);
    let totals = site.totals();
    assert!((12_000..=12_004).contains(&totals.requests.generated), "{totals:?}");
    assert_eq!(totals.held_back.left, 0);
    adds_up(&site);
}

#[test]
fn patience_balances_the_crowd() {
    // With exponential patience, those who leave are the length of the queue times its rate: in
    // the long run 20/s come, 4/s are admitted, and 16/s leave from 16 × 60 who wait.
    let built = crowd(20.0);
    let (site, _) = built.under(&admits(&built, 4.0, Some(exponential(60.0))), 20_000.0);
    let held = site.totals().held_back;
    let left = held.left as f64 / 20_000.0;
    assert!((left - 16.0).abs() < 0.3, "{left}");
    // One standard deviation of the number who wait is about 31.
    assert!(held.waiting.abs_diff(960) < 130, "{held:?}");
    adds_up(&site);
}

#[test]
fn whoever_waits_as_long_as_everybody_else_comes_in_just_in_time() {
    let built = crowd(20.0).patience(90.0);
    let (site, _) = built.under(&admits(&built, 4.0, None), 3_000.0);
    let held = site.totals().held_back;
    assert!(held.longest > span(85.0) && held.longest < span(90.0), "{held:?}");
    // 16 of 20 leave, but for those of the first 90 seconds, of whom there was room for more.
    let share = held.left as f64 / (held.held - held.waiting) as f64;
    assert!((share - 0.8).abs() < 0.02, "{share}");
    adds_up(&site);
}

#[test]
fn once_it_is_gone_all_come_in_at_once() {
    let built = crowd(20.0);
    let mut site = built.start();
    site.apply(&admits(&built, 4.0, Some(fixed(1e6))));
    site.run_until(at(100.0));
    let waiting = site.totals().held_back.waiting;
    let before = site.totals().requests.generated;
    assert!(waiting > 1_400);
    site.apply(&built.quiet());
    assert_eq!(site.totals().requests.generated, before + waiting);
    assert_eq!(site.totals().held_back.waiting, 0);
    // Those who had entered a time to leave do not leave twice.
    site.run_until(at(2e6 / 10.0));
    assert_eq!(site.totals().held_back.left, 0);
    adds_up(&site);
}

#[test]
fn a_wider_door_is_used_from_the_next_one_on() {
    let built = crowd(20.0);
    let mut site = built.start();
    site.apply(&admits(&built, 4.0, Some(fixed(1e6))));
    site.run_until(at(100.0));
    let before = site.totals();
    site.apply(&admits(&built, 40.0, Some(fixed(1e6))));
    site.run_until(at(110.0));
    let came = site.totals().requests.generated - before.requests.generated;
    // Nothing is saved up from before, but for the second's worth that a new room has.
    assert!((400..=440).contains(&came), "{came}");
    adds_up(&site);
}

#[test]
fn waiting_is_time_lost() {
    let built = crowd(20.0).quiet_after(100.0);
    let (site, _) = built.under(&admits(&built, 4.0, Some(fixed(1e6))), 10_000.0);
    let totals = site.totals();
    assert_eq!((totals.held_back.left, totals.held_back.waiting), (0, 0));
    assert!(totals.lost > Span::ZERO && totals.affected.page > 0);
    // 2,000 come within 100 s and are let in over 500 s: the mean wait is 200 s.
    let mean = totals.lost.seconds() / totals.visits as f64;
    assert!((mean - 200.0).abs() < 15.0, "{mean}");
    adds_up(&site);
}
