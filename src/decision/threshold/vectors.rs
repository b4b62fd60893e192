//! The eight vectors of the contract, literally, and known answers about windows.

use super::{RuleMove, RuleWatch};
use crate::decision::*;
use crate::measure::{Latencies, Limits};
use crate::names::{Dimension, Names, Scope};
use crate::telemetry::{Reading, ScopeReading};
use crate::units::{Ratio, Span, Time};

/// The end of the first tick, in seconds; series count from there.
const ZERO: u64 = 1000;

fn secs(seconds: u64) -> Time {
    Time(Span::from_secs(seconds).0)
}

fn rule(hold: Hold) -> Rule {
    let above = Condition { compare: Compare::Above, threshold: Threshold::Fixed(0.05) };
    Rule {
        breach: Some(above),
        window: Span::from_secs(10),
        hold,
        keep_firing_for: Span::from_secs(60),
        no_data_for: Span::from_secs(180),
        min_requests: 20,
        ..Rule::new("error_rate > 5%", Measure::ErrorRate)
    }
}

fn playbook(rule: Rule) -> Playbook {
    Playbook { rules: vec![rule], every: Span::from_secs(10), ..Playbook::default() }
}

fn counts(ok: u64, failed: u64) -> ScopeReading {
    ScopeReading { ok, failed, ..ScopeReading::default() }
}

/// One tick of a series: `.` ok, `B` breach, `-` between, `l` low, `_` missing.
fn reading(tick: char, index: u64) -> Reading {
    let to = secs(ZERO + index * 10);
    let from = Time(to.0 - secs(10).0);
    let scope = match tick {
        '.' => counts(100, 0),
        'B' => counts(90, 10),
        '-' => counts(96, 4),
        'l' => counts(1, 3),
        _ => return Reading::missing(from, to),
    };
    Reading::new(from, to, vec![scope])
}

fn run(rule: Rule, series: &str) -> Vec<RuleMove> {
    let (playbook, names) = (playbook(rule), Names::default());
    let mut watches = RuleWatch::all(&playbook, &names);
    let readings = series.chars().enumerate().map(|(i, tick)| reading(tick, i as u64));
    readings.flat_map(|reading| watches[0].observe(&reading)).collect()
}

fn states(rule: Rule, series: &str) -> Vec<(AlertState, u64)> {
    let moves = run(rule, series).into_iter();
    moves.map(|moved| (moved.alert.state, moved.alert.at.0 / 1_000_000_000 - ZERO)).collect()
}

/// A series with each part repeated.
fn series(parts: &[(&str, usize)]) -> String {
    parts.iter().map(|(part, times)| part.repeat(*times)).collect()
}

const MINUTE: Hold = Hold::For(Span::from_secs(60));
use AlertState::{Cleared, DataBack, Firing, NoData, Pending, Resolved};

#[test]
fn a_breach_fires_and_resolves() {
    let ticks = series(&[("...", 1), ("B", 12), (".", 12)]);
    assert_eq!(states(rule(MINUTE), &ticks), [(Pending, 30), (Firing, 90), (Resolved, 210)]);
}

#[test]
fn an_ok_tick_clears_a_pending_rule() {
    let ticks = series(&[("...BBB.", 1), ("B", 12), (".", 10)]);
    let expected = [(Pending, 30), (Cleared, 60), (Pending, 70), (Firing, 130), (Resolved, 250)];
    assert_eq!(states(rule(MINUTE), &ticks), expected);
}

#[test]
fn breaches_before_a_resolution_are_not_counted_again() {
    let of = Hold::Of { n: 3, of: 20 };
    let ticks = series(&[("BBB", 1), (".", 10), ("B.", 1), ("BB", 1)]);
    let moves = states(rule(of), &ticks);
    assert_eq!(moves, [(Firing, 20), (Resolved, 90), (Firing, 160)]);
}

#[test]
fn a_missing_tick_pauses_the_clock() {
    let ticks = series(&[("...BBB_", 1), ("B", 12), (".", 10)]);
    assert_eq!(states(rule(MINUTE), &ticks), [(Pending, 30), (Firing, 110), (Resolved, 250)]);
}

#[test]
fn three_missing_ticks_pause_the_clock_as_long_as_they_last() {
    let ticks = series(&[("...BBB___", 1), ("B", 12), (".", 10)]);
    assert_eq!(states(rule(MINUTE), &ticks), [(Pending, 30), (Firing, 130), (Resolved, 270)]);
}

#[test]
fn a_short_breach_is_a_near_miss() {
    let ticks = series(&[("...BB", 1), (".", 20)]);
    assert_eq!(states(rule(MINUTE), &ticks), [(Pending, 30), (Cleared, 50)]);
}

#[test]
fn a_flicker_never_fires_by_time_but_by_count() {
    let ticks = series(&[("...", 1), ("B.", 15)]);
    let by_time = states(rule(MINUTE), &ticks);
    assert!(by_time.iter().all(|(state, _)| matches!(state, Pending | Cleared)), "{by_time:?}");
    assert_eq!(states(rule(Hold::Of { n: 3, of: 5 }), &ticks), [(Firing, 70)]);
}

#[test]
fn missing_data_never_resolves() {
    let ticks = series(&[("...", 1), ("B", 8), ("_", 30)]);
    assert_eq!(states(rule(MINUTE), &ticks), [(Pending, 30), (Firing, 90), (NoData, 290)]);
}

#[test]
fn missing_data_is_an_alert_of_its_own() {
    let ticks = series(&[("...", 1), ("_", 30)]);
    assert_eq!(states(rule(MINUTE), &ticks), [(NoData, 210)]);
    let back = states(rule(MINUTE), &(ticks + "B."));
    assert_eq!(back, [(NoData, 210), (DataBack, 330), (Pending, 330), (Cleared, 340)]);
}

#[test]
fn without_a_hold_it_fires_in_the_same_tick() {
    let now = rule(Hold::For(Span::ZERO));
    assert_eq!(states(now, ".B"), [(Pending, 10), (Firing, 10)]);
}

#[test]
fn between_clears_pending_and_sets_the_ok_clock_back() {
    let below = Condition { compare: Compare::Below, threshold: Threshold::Fixed(0.02) };
    let rule = Rule { resolve: Some(below), ..rule(MINUTE) };
    assert_eq!(states(rule.clone(), "B-"), [(Pending, 0), (Cleared, 10)]);
    let ticks = series(&[("B", 7), (".", 6), ("-", 1), (".", 7)]);
    assert_eq!(states(rule, &ticks), [(Pending, 0), (Firing, 60), (Resolved, 200)]);
}

#[test]
fn low_traffic_pauses_both_clocks() {
    let ticks = series(&[("BBB", 1), ("l", 4), ("B", 5), ("..", 1), ("l", 9), (".", 6)]);
    assert_eq!(states(rule(MINUTE), &ticks), [(Pending, 0), (Firing, 110), (Resolved, 280)]);
}

#[test]
fn moves_say_how_long_and_since_when() {
    let moves = run(rule(MINUTE), &series(&[("...", 1), ("B", 12), (".", 12)]));
    let (firing, resolved) = (&moves[1], &moves[2]);
    assert_eq!((firing.alert.held, firing.since), (Span::from_secs(60), secs(ZERO + 30)));
    assert_eq!((firing.alert.value, firing.alert.threshold), (Some(0.1), Some(0.05)));
    assert_eq!((firing.alert.n, firing.alert.bound_by), (100, BoundBy::Fixed));
    assert_eq!((resolved.alert.held, resolved.since), (Span::from_secs(120), secs(ZERO + 150)));
}

#[test]
fn the_floor_or_the_multiple_binds() {
    let judged = |floor| {
        let threshold = Threshold::Baseline { multiple: 3.0, floor };
        let breach = Some(Condition { compare: Compare::Above, threshold });
        let mut playbook = playbook(Rule { breach, ..rule(Hold::For(Span::ZERO)) });
        playbook.baseline.error_rate = Some(Ratio(0.01));
        let alert = RuleWatch::all(&playbook, &Names::default())[0].observe(&reading('B', 0));
        (alert[0].alert.threshold, alert[0].alert.bound_by, alert[0].alert.baseline)
    };
    assert_eq!(judged(Some(0.05)), (Some(0.05), BoundBy::Floor, Some(0.01)));
    assert_eq!(judged(Some(0.02)), (Some(0.03), BoundBy::Multiple, Some(0.01)));
    assert_eq!(judged(None), (Some(0.03), BoundBy::Multiple, Some(0.01)));
}

#[test]
fn a_window_sums_its_readings() {
    let rule = Rule { window: Span::from_secs(30), ..rule(Hold::For(Span::ZERO)) };
    // 10 bad of 300 are 3.3 %, 20 of 300 are 6.7 %.
    let moves = run(rule, "....BB");
    assert_eq!((moves[0].alert.at, moves[0].alert.n), (secs(ZERO + 50), 300));
    assert_eq!(moves[0].alert.value, Some(20.0 / 300.0));
}

#[test]
fn requests_count_planned_answers_and_need_no_minimum() {
    let below = Condition { compare: Compare::Below, threshold: Threshold::Fixed(1.0) };
    let rule = Rule {
        measure: Measure::Requests,
        breach: Some(below),
        min_requests: 0,
        window: Span::from_secs(20),
        ..rule(Hold::For(Span::ZERO))
    };
    let (playbook, names) = (playbook(rule), Names::default());
    let mut watch = RuleWatch::all(&playbook, &names).remove(0);
    let mut see = |index: u64, ok: u64, planned: u64| {
        let scope = ScopeReading { ok, planned, ..ScopeReading::default() };
        let (from, to) = (secs(index * 10), secs(index * 10 + 10));
        watch.observe(&Reading::new(from, to, vec![scope]))
    };
    assert!(see(0, 2, 8).is_empty(), "one per second");
    assert!(see(1, 10, 0).is_empty());
    let quiet = see(2, 0, 9);
    assert_eq!(quiet[0].alert.value, Some(0.95));
}

/// Whether a rule breaches at once after a reading with these times of this many requests each.
fn breaches(measure: Measure, compare: Compare, level: f64, times: &[(Span, u32)]) -> bool {
    let breach = Some(Condition { compare, threshold: Threshold::Fixed(level) });
    let rule = Rule { measure, breach, min_requests: 1, ..rule(Hold::For(Span::ZERO)) };
    let limits = Limits::new(rule.limits(&Baseline::default()));
    let latency = Latencies::counted(times, &limits);
    let scope = ScopeReading { ok: latency.count(), latency, ..ScopeReading::default() };
    let (playbook, names) = (playbook(rule), Names::default());
    let reading = Reading::new(secs(0), secs(10), vec![scope]);
    !RuleWatch::all(&playbook, &names)[0].observe(&reading).is_empty()
}

#[test]
fn a_quantile_and_its_share_sentence_agree() {
    let limit = Span::from_secs(2);
    let beside = [limit.0 - 1, limit.0, limit.0 + 1, limit.0 + 5_000_000].map(Span);
    for n in [1u32, 7, 20, 100, 999, 1_000, 1_001] {
        for hits in (0..=n).step_by(1 + n as usize / 60) {
            for (time, longer) in beside.iter().zip([false, false, true, true]) {
                let times = [(Span::from_millis(3), n - hits), (*time, hits)];
                let share = |share: f64| {
                    breaches(Measure::SlowerThan(limit), Compare::Above, share, &times)
                };
                for (quantile, rest) in [(0.5, 0.5), (0.55, 0.45), (0.99, 0.01), (0.999, 0.001)] {
                    let slow = breaches(Measure::Latency(quantile), Compare::Above, 2.0, &times);
                    let case = format!("p{quantile} of {n} with {hits} at {time}");
                    assert_eq!(slow, share(rest), "{case}");
                    let exactly = f64::from(hits) / f64::from(n) > rest;
                    assert_eq!(slow, longer && exactly, "{case}");
                    let least = breaches(Measure::Latency(quantile), Compare::AtLeast, 2.0, &times);
                    assert_eq!(least, *time >= limit && exactly, "at least, {case}");
                    let below = breaches(Measure::Latency(quantile), Compare::Below, 2.0, &times);
                    assert_eq!(below, !least, "below, {case}");
                }
            }
        }
    }
}

#[test]
fn slow_shares_and_quantiles() {
    let spans = (0..100).map(|n| if n < 80 { 100 } else { 5_000 }).map(Span::from_millis);
    let latency: Latencies = spans.collect();
    let scope = ScopeReading { ok: 100, latency, ..ScopeReading::default() };
    let see = |measure| {
        let rule = Rule { measure, ..rule(Hold::For(Span::ZERO)) };
        let (playbook, names) = (playbook(rule), Names::default());
        let scopes = vec![scope.clone()];
        let reading = Reading::new(secs(0), secs(10), scopes);
        let moves = RuleWatch::all(&playbook, &names)[0].observe(&reading);
        moves[0].alert.value.expect("a value")
    };
    assert_eq!(see(Measure::SlowerThan(Span::from_secs(3))), 0.2);
    assert!((see(Measure::Latency(0.95)) - 5.0).abs() < 0.03);
    assert!((see(Measure::Latency(0.5)) - 0.1).abs() < 0.001);
}

#[test]
fn one_machine_per_category_and_none_for_an_unfilled_rule() {
    let browsers = ["chrome", "ie11"].iter().map(|word| word.to_string()).collect();
    let mut names = Names::default();
    names.categories[Dimension::Browser as usize] = browsers;
    let by = Rule { by: Some(Dimension::Browser), ..rule(Hold::For(Span::ZERO)) };
    let unfilled = Rule { breach: None, ..rule(MINUTE) };
    let playbook = Playbook { rules: vec![unfilled, by], ..Playbook::default() };
    let mut watches = RuleWatch::all(&playbook, &names);
    let scopes = vec![counts(100, 10), counts(100, 0), counts(80, 20)];
    let reading = Reading::new(secs(0), secs(10), scopes);
    let moves: Vec<_> = watches.iter_mut().flat_map(|watch| watch.observe(&reading)).collect();
    assert_eq!(watches.len(), 2);
    let firing = moves.iter().map(|moved| (moved.alert.scope, moved.alert.state));
    let firing: Vec<_> = firing.collect();
    let ie11 = Scope::Segment(Dimension::Browser, 1);
    assert_eq!(firing, [(ie11, Pending), (ie11, Firing)]);
}
