//! Spreads and mixtures against what is known of them.

use super::*;

#[test]
fn means_of_each_kind() {
    let s = Span::from_secs;
    assert_eq!(Spread::Fixed(s(3)).mean(), s(3));
    assert_eq!(Spread::Below(s(300)).mean(), s(225));
    assert_eq!(Spread::Between(s(60), s(240)).mean(), s(150));
    assert_eq!(Spread::Exponential(s(10)).mean(), s(10));
    let about = Spread::About(s(100)).mean().seconds();
    assert!((about - 103.174_3).abs() < 1e-3, "{about}");
}

#[test]
fn half_of_the_draws_are_within_the_median() {
    let s = Span::from_secs;
    let tail = Spread::Tail { median: s(1), p99: s(10) };
    let spreads = [Spread::Below(s(300)), Spread::Between(s(60), s(240)), tail];
    for spread in spreads.into_iter().chain([Spread::About(s(9)), Spread::Exponential(s(7))]) {
        let chance = spread.chance_within(spread.median());
        assert!((chance - 0.5).abs() < 1e-9, "{spread}: {chance}");
    }
}

#[test]
fn percentiles_agree_with_chances_and_times_with_means() {
    let s = Span::from_secs;
    let tail = Spread::Tail { median: s(1), p99: s(10) };
    let kinds = [Spread::About(s(60)), Spread::Below(s(4)), Spread::Between(s(1), s(5)), tail];
    for spread in kinds.into_iter().chain([Spread::Exponential(s(10))]) {
        let chance = spread.chance_within(spread.p99());
        assert!((chance - 0.99).abs() < 1e-6, "{spread}: {chance}");
        let ratio = spread.times(3.0).mean().seconds() / spread.mean().seconds();
        assert!((ratio - 3.0).abs() < 1e-6, "{spread}: {ratio}");
        let ratio = spread.times(3.0).variance() / spread.variance();
        assert!((ratio - 9.0).abs() < 1e-6, "{spread}: {ratio}");
    }
    assert_eq!(Spread::Fixed(s(3)).variance(), 0.0);
    assert!((Spread::Below(s(4)).variance() - 1.0 / 3.0).abs() < 1e-9);
    assert_eq!(Spread::Exponential(s(10)).variance(), 100.0);
}

#[test]
fn chances_of_each_kind() {
    let s = Span::from_secs;
    let tail = Spread::Tail { median: s(1), p99: s(10) };
    for (spread, at, chance) in [
        (Spread::Fixed(s(3)), s(3), 1.0),
        (Spread::Fixed(s(3)), s(2), 0.0),
        (Spread::Below(s(4)), s(3), 0.5),
        (Spread::Between(s(1), s(5)), s(2), 0.25),
        (Spread::About(s(60)), s(60), 0.5),
        (Spread::About(s(60)), Span::ZERO, 0.0),
        (tail, s(10), 0.99),
        (Spread::Exponential(s(10)), s(10), 0.632_120_558_828_557_7),
    ] {
        let got = spread.chance_within(at);
        assert!((got - chance).abs() < 1e-9, "{spread} within {at}: {got}");
    }
}

#[test]
fn a_tail_goes_through_both_points() {
    let tail = Spread::Tail { median: Span::from_secs(1), p99: Span::from_secs(10) };
    let (_, sigma) = tail.log_normal().expect("log-normal");
    assert!((libm::exp(sigma * Z99) - 10.0).abs() < 1e-9);
}

fn m(minutes: u64) -> Span {
    Span::from_secs(60 * minutes)
}

fn mixture() -> Spread {
    let tail = Spread::Tail { median: m(30), p99: m(480) };
    Spread::Mixed(Mixture::new(&[(0.3, Spread::Below(m(3))), (0.7, tail)]).expect("two parts"))
}

#[test]
fn a_mixture_is_its_parts_by_share() {
    let mixed = mixture();
    assert_eq!(mixed.to_string(), "30% <3m, 70% 30m (p99 8h)");
    let words = mixed.in_words();
    assert!(words.starts_with("30% <3m, 70% 30m (p99 8h); half within 1"), "{words}");
    assert!((mixed.chance_within(m(3)) - 0.3).abs() < 0.02, "little of the tail is as short");
    for share in [0.1, 0.5, 0.9, 0.99] {
        let chance = mixed.chance_within(mixed.quantile(share));
        assert!((chance - share).abs() < 1e-6, "{share}: {chance}");
    }
    let tail = Spread::Tail { median: m(30), p99: m(480) };
    let mean = 0.3 * 135.0 + 0.7 * tail.mean().seconds();
    assert!((mixed.mean().seconds() - mean).abs() < 1e-6);
    assert!((mixed.times(2.0).mean().seconds() - 2.0 * mean).abs() < 1e-6);
    assert!((mixed.times(2.0).variance() / mixed.variance() - 4.0).abs() < 1e-6);
}

#[test]
fn the_variance_of_a_mixture_has_what_lies_between_its_parts() {
    let two = [(0.5, Spread::Fixed(m(0))), (0.5, Spread::Fixed(m(2)))];
    let two = Spread::Mixed(Mixture::new(&two).expect("two parts"));
    assert_eq!(two.variance(), 3600.0);
    assert_eq!(two.median(), m(0), "half of the draws are nothing");
    assert_eq!(two.p99(), m(2));
}

#[test]
fn what_is_no_mixture() {
    let fixed = Spread::Fixed(m(1));
    assert_eq!(Mixture::new(&[]), None);
    assert_eq!(Mixture::new(&[(1.0, fixed); 5]), None);
    assert_eq!(Mixture::new(&[(1.0, mixture())]), None);
    assert_eq!(Mixture::new(&[(0.0, fixed)]), None);
}
