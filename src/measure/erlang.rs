//! Erlang's formulas, and Pollaczek and Khinchine's: what a queue does in the long run.
//!
//! The load is arrivals per second times the mean service time, in servers kept busy. Waits are in
//! mean service times. Weights of states are kept as logarithms, relative to the state in which all
//! servers are busy and nobody waits: so a deep queue under any load neither overflows nor becomes
//! the difference of two equal numbers.

/// Up to this many servers their states are added up one by one; beyond, from the likeliest
/// outwards.
const ONE_BY_ONE: u64 = 4_096;
/// Terms this much smaller than their sum do not change it.
const NEGLIGIBLE: f64 = 1e-18;

/// A queue with this many servers and this much room beside them, in the long run: M/M/c/K.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounded {
    /// The share of arrivals that find no room.
    pub refused: f64,
    /// The share of the others that wait.
    pub waits: f64,
    /// The mean wait of those who are not refused.
    pub wait: f64,
    /// The mean square of their waits.
    pub wait_squared: f64,
}

/// The chance that all servers are busy where nobody can wait (Erlang B): M/G/c/c.
pub fn erlang_b(servers: u64, load: f64) -> f64 {
    libm::exp(-sum_of_logs(ln_free(servers, load), 0.0))
}

/// The chance to have to wait where everybody can (Erlang C): M/M/c. 1 from full load on.
pub fn erlang_c(servers: u64, load: f64) -> f64 {
    let spare = 1.0 - load / servers as f64;
    if spare <= 0.0 {
        return 1.0;
    }
    libm::exp(-sum_of_logs(ln_free(servers, load) + libm::log(spare), 0.0))
}

/// The mean wait in M/M/c, infinite from full load on.
pub fn wait(servers: u64, load: f64) -> f64 {
    let spare = servers as f64 - load;
    if spare <= 0.0 { f64::INFINITY } else { erlang_c(servers, load) / spare }
}

/// The queue with this much room beside the servers, under any load above 0.
pub fn bounded(servers: u64, room: u64, load: f64) -> Bounded {
    let ln_free = ln_free(servers, load);
    let ln_factor = ln_ratio(load, servers as f64);
    // The chance to find all servers busy and every place taken, in units of the likeliest state:
    // so the largest logarithms never have to cancel each other.
    let ln_full = room as f64 * ln_factor;
    let states = ln_from_largest(ln_factor, room.saturating_add(1));
    let ln_refused = match ln_factor > 0.0 {
        true => -sum_of_logs(ln_free - ln_full, states),
        false => ln_full - sum_of_logs(ln_free, states),
    };
    let refused = libm::exp(ln_refused).min(1.0);
    if room == 0 {
        return Bounded { refused, waits: 0.0, wait: 0.0, wait_squared: 0.0 };
    }
    // Who finds k waiting in front, k = 0 … room − 1, waits for k + 1 services of the busy servers.
    let ln_waits = ln_geometric(ln_factor, room);
    let waits = libm::exp(-sum_of_logs(ln_free - ln_waits, 0.0));
    let (mean, variance) = truncated_geometric(ln_factor, room);
    let each = 1.0 / servers as f64;
    let square = variance + mean * mean;
    Bounded {
        refused,
        waits,
        wait: waits * (mean + 1.0) * each,
        wait_squared: waits * (square + 3.0 * mean + 2.0) * each * each,
    }
}

/// The mean wait at one server for services of any kind (Pollaczek–Khinchine): M/G/1. Variation is
/// the variance of a service time over the square of its mean: 0 fixed, 1 exponential.
pub fn wait_at_one_server(load: f64, variation: f64) -> f64 {
    if load >= 1.0 { f64::INFINITY } else { load * (1.0 + variation) / (2.0 * (1.0 - load)) }
}

/// The mean of what is exponential with this rate (falling; rising where it is negative) between 0
/// and an end.
pub fn mean_up_to(rate: f64, end: f64) -> f64 {
    let x = rate * end;
    if x.abs() < 0.05 {
        return end * (0.5 - x / 12.0 + x * x * x / 720.0);
    }
    1.0 / rate - end / libm::expm1(x)
}

/// The logarithm of all states with a server to spare, together. −∞ without servers.
fn ln_free(servers: u64, load: f64) -> f64 {
    if servers <= ONE_BY_ONE { one_by_one(servers, load) } else { sum_from_mode(servers, load) }
}

fn one_by_one(servers: u64, load: f64) -> f64 {
    let (mut sum, mut shift) = (0.0f64, 0.0);
    for busy in 1..=servers {
        sum = busy as f64 / load * (1.0 + sum);
        if sum > 1e250 {
            // Beside the sum so far, the one that is added next is nothing: what is left is a
            // product, of which the logarithm is taken before it overflows.
            for busy in busy + 1..=servers {
                if sum > 1e250 {
                    shift += libm::log(sum);
                    sum = 1.0;
                }
                sum *= busy as f64 / load;
            }
            break;
        }
    }
    libm::log(sum) + shift
}

fn sum_from_mode(servers: u64, load: f64) -> f64 {
    let likeliest = (load.floor().max(0.0) as u64).min(servers - 1);
    let (mut sum, mut term) = (1.0, 1.0);
    for busy in (1..=likeliest).rev() {
        term *= busy as f64 / load;
        sum += term;
        if term < NEGLIGIBLE * sum {
            break;
        }
    }
    term = 1.0;
    for busy in likeliest + 1..servers {
        term *= load / busy as f64;
        sum += term;
        if term < NEGLIGIBLE * sum {
            break;
        }
    }
    let (all, most) = (servers as f64, likeliest as f64);
    let steps = libm::lgamma(all + 1.0) - libm::lgamma(most + 1.0);
    libm::log(sum) + steps - (all - most) * libm::log(load)
}

/// ln(e^one + e^other).
fn sum_of_logs(one: f64, other: f64) -> f64 {
    let (low, high) = if one < other { (one, other) } else { (other, one) };
    high + libm::log1p(libm::exp(low - high))
}

/// ln(load / servers), to the last digit where they are nearly equal.
fn ln_ratio(load: f64, servers: f64) -> f64 {
    let apart = (load - servers) / servers;
    if apart.abs() < 0.5 { libm::log1p(apart) } else { libm::log(load) - libm::log(servers) }
}

/// The logarithm of 1 + r + r² + …, this many terms, with r given by its logarithm.
fn ln_geometric(ln_factor: f64, terms: u64) -> f64 {
    let largest = if ln_factor > 0.0 { (terms as f64 - 1.0) * ln_factor } else { 0.0 };
    largest + ln_from_largest(ln_factor, terms)
}

/// The same over its largest term.
fn ln_from_largest(ln_factor: f64, terms: u64) -> f64 {
    let (fall, n) = (ln_factor.abs(), terms as f64);
    match n * fall {
        small if small < 1e-12 => libm::log(n),
        _ => libm::log(libm::expm1(-n * fall) / libm::expm1(-fall)),
    }
}

/// Mean and variance of k with chances in proportion to r^k, k = 0 … terms − 1.
fn truncated_geometric(ln_factor: f64, terms: u64) -> (f64, f64) {
    let (fall, n) = (ln_factor.abs(), terms as f64);
    let whole = n * fall;
    // Where r is nearly 1, the closed form is a small difference of large numbers: its series.
    let (mean, variance) = if whole < 0.05 {
        let (n2, f2) = (n * n, fall * fall);
        let (n4, n6) = (n2 * n2, n2 * n2 * n2);
        let mean = (n - 1.0) / 2.0 - fall * (n2 - 1.0) / 12.0 + fall * f2 * (n4 - 1.0) / 720.0;
        let variance = (n2 - 1.0) / 12.0 - f2 * (n4 - 1.0) / 240.0 + f2 * f2 * (n6 - 1.0) / 6_048.0;
        (mean, variance)
    } else {
        let spread =
            |x: f64| if x > 700.0 { 0.0 } else { 0.25 / libm::pow(libm::sinh(x / 2.0), 2.0) };
        let mean = 1.0 / libm::expm1(fall) - n / libm::expm1(whole);
        (mean, spread(fall) - n * n * spread(whole))
    };
    let mean = if ln_factor > 0.0 { n - 1.0 - mean } else { mean };
    (mean.max(0.0), variance.max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(seen: f64, known: f64) {
        assert!((seen - known).abs() < 1e-9 * known.abs().max(1.0), "{seen} instead of {known}");
    }

    #[test]
    fn published_values() {
        same(erlang_c(10, 8.0), 0.409_180_150_8);
        same(erlang_b(10, 8.0), 0.121_661_064_3);
        same(erlang_c(1, 0.7), 0.7);
        same(wait(1, 0.5), 1.0);
        same(wait_at_one_server(0.5, 1.0), 1.0);
        same(wait_at_one_server(0.5, 0.0), 0.5);
    }

    /// Servers, room, load; then refused, mean wait and mean square wait, from the states of the
    /// chain added up one by one as fractions of whole numbers, without any rounding before the
    /// end.
    const EXACT: [(u64, u64, f64, f64, f64, f64); 16] = [
        (1, 0, 0.5, 0.3333333333333333, 0.0, 0.0),
        (3, 2, 3.0, 0.20454545454545456, 0.2571428571428571, 0.22857142857142856),
        (4, 9, 7.5, 0.46691901697584315, 1.967276790406918, 4.506547763496452),
        (8, 30, 6.4, 0.0001133587729453198, 0.2837102114525054, 0.34640060721480187),
        (8, 400, 7.99, 0.0019020159544947692, 22.75136685207133, 729.4641415398538),
        (8, 400, 8.0, 0.002473747245999982, 24.860815515063525, 832.8373197546281),
        (8, 400, 8.01, 0.0031487463833370314, 26.967669689793013, 939.6441321755095),
        (80, 3000, 250.0, 0.68, 37.49411764705882, 1406.277642733564),
        (80, 3000, 79.0, 4.443030229580111e-19, 0.8698740187658054, 1.7397480375315606),
        (2, 5000, 2.0, 0.0001999000499750125, 1249.8750374887534, 2083958.312506248),
        (50, 1000, 100000.0, 0.9995, 19.9999899949975, 400.39959980010013),
        (300, 200, 0.1, 0.0, 0.0, 0.0),
        (1, 1000, 1000000000.0, 0.999999999, 999.999999999, 1000999.999998),
        (5000, 40, 5010.0, 0.00889300572779096, 0.001431206751743576, 8.066519091494024e-06),
        (5000, 40, 4000.0, 4.16326607936749e-57, 1.5641731725895766e-55, 3.114690832438828e-58),
        (6000, 100, 12000.0, 0.5, 0.0165, 0.00027505555555555557),
    ];

    #[test]
    fn a_bounded_queue_is_its_chain_added_up_exactly() {
        for (servers, room, load, refused, wait, squared) in EXACT {
            let found = bounded(servers, room, load);
            for (found, exact) in
                [(found.refused, refused), (found.wait, wait), (found.wait_squared, squared)]
            {
                let off = (found - exact).abs();
                assert!(off <= 1e-8 * exact, "{servers} {room} {load}: {found}, not {exact}");
            }
        }
    }

    #[test]
    fn every_load_and_depth_gives_sane_figures() {
        let loads = (-60..=120).map(|exponent| libm::pow(10.0, f64::from(exponent) / 10.0));
        for load in loads {
            for servers in [1, 3, 64, 4_096, 4_097, 100_000] {
                for room in [0, 1, 7, 1_000, 4_000_000, u64::from(u32::MAX) * 1_000] {
                    let found = bounded(servers, room, load);
                    let Bounded { refused, waits, wait, wait_squared } = found;
                    let case = format!("{servers} servers, {room} room, {load}: {found:?}");
                    let factor = load / servers as f64;
                    assert!(
                        (0.0..=1.0).contains(&refused) && (0.0..=1.0).contains(&waits),
                        "{case}"
                    );
                    // What is not served is refused, and nobody waits for more than all in front.
                    assert!(refused >= 1.0 - 1.0 / factor - 1e-9, "{case}");
                    assert!(wait >= 0.0 && wait <= room as f64 / servers as f64 + 1e-9, "{case}");
                    assert!(
                        wait_squared.is_finite() && wait_squared >= wait * wait * 0.999,
                        "{case}"
                    );
                    assert!((0.0..=1.0).contains(&erlang_b(servers, load)), "{case}");
                    assert!((0.0..=1.0).contains(&erlang_c(servers, load)), "{case}");
                }
            }
        }
    }

    #[test]
    fn many_servers_continue_few() {
        for load in [10.0, 4_000.0, 4_090.0, 4_097.0, 5_000.0, 1e7] {
            let (few, many) = (one_by_one(4_097, load), sum_from_mode(4_097, load));
            assert!((few - many).abs() < 1e-8 * few.abs().max(1.0), "{load}: {few} {many}");
        }
    }

    #[test]
    fn much_room_is_the_same_as_endless_room() {
        same(bounded(8, 2_000, 6.4).wait, wait(8, 6.4));
        assert!(bounded(8, 2_000, 6.4).refused < 1e-12);
    }

    #[test]
    fn overload_waits_for_ever_and_loses_the_rest() {
        assert_eq!((erlang_c(4, 4.0), wait(4, 5.0)), (1.0, f64::INFINITY));
        assert_eq!(wait_at_one_server(1.0, 0.0), f64::INFINITY);
        same(bounded(4, 100_000, 8.0).refused, 0.5);
    }

    #[test]
    fn a_mean_up_to_an_end() {
        same(mean_up_to(1.0, 1e9), 1.0);
        same(mean_up_to(0.0, 8.0), 4.0);
        same(mean_up_to(-50.0, 10.0), 10.0 - 0.02);
        let (series, closed) = (mean_up_to(0.049_999, 1.0), mean_up_to(0.050_001, 1.0));
        assert!((series - closed).abs() < 1e-6, "{series} {closed}");
    }
}
