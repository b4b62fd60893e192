//! Erlang's formulas, and Pollaczek and Khinchine's: what a queue does in the long run.
//!
//! The load is arrivals per second times the mean service time, in servers kept busy. Waits are in
//! mean service times.

/// The chance that all servers are busy where nobody can wait (Erlang B): M/G/c/c.
pub fn erlang_b(servers: u32, load: f64) -> f64 {
    (1..=servers).fold(1.0, |blocked, k| load * blocked / (f64::from(k) + load * blocked))
}

/// The chance to have to wait where everybody can (Erlang C): M/M/c. 1 from full load on.
pub fn erlang_c(servers: u32, load: f64) -> f64 {
    let blocked = erlang_b(servers, load);
    let servers = f64::from(servers);
    if load >= servers { 1.0 } else { servers * blocked / (servers - load * (1.0 - blocked)) }
}

/// The mean wait in M/M/c, infinite from full load on.
pub fn wait(servers: u32, load: f64) -> f64 {
    let spare = f64::from(servers) - load;
    if spare <= 0.0 { f64::INFINITY } else { erlang_c(servers, load) / spare }
}

/// The share of requests refused where so many can wait beside those served: M/M/c/K, with K the
/// servers and the room together.
pub fn refused(servers: u32, room: u32, load: f64) -> f64 {
    let busier = |refused: f64, _| {
        let load = load / f64::from(servers);
        load * refused / (1.0 + load * refused)
    };
    (0..room).fold(erlang_b(servers, load), busier)
}

/// The mean wait of those who are not refused in M/M/c/K.
pub fn wait_with_room(servers: u32, room: u32, load: f64) -> f64 {
    // Weights of k = 0 … room waiting while all servers are busy, relative to k = 0.
    let factor = load / f64::from(servers);
    let weights = (0..=room).scan(1.0, |weight, k| {
        let now = *weight;
        *weight *= factor;
        Some((f64::from(k), now))
    });
    let (waiting, full) = weights.fold((0.0, 0.0), |sum, (k, w)| (sum.0 + k * w, sum.1 + w));
    // `full` and everything else, in units of the state in which all serve and nobody waits.
    let all_busy = erlang_b(servers, load);
    let waiting = waiting / (full + (1.0 - all_busy) / all_busy);
    waiting / (load * (1.0 - refused(servers, room, load)))
}

/// The mean wait at one server for services of any kind (Pollaczek–Khinchine): M/G/1. Variation is
/// the variance of a service time over the square of its mean: 0 fixed, 1 exponential.
pub fn wait_at_one_server(load: f64, variation: f64) -> f64 {
    if load >= 1.0 { f64::INFINITY } else { load * (1.0 + variation) / (2.0 * (1.0 - load)) }
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

    #[test]
    fn a_bounded_queue_is_the_birth_and_death_chain() {
        for (servers, room, load) in [(1, 0, 0.5), (3, 2, 3.0), (4, 9, 7.5), (8, 30, 6.4)] {
            let mut weights = vec![1.0f64];
            for k in 1..=servers + room {
                let before = weights[weights.len() - 1];
                weights.push(before * load / f64::from(k.min(servers)));
            }
            let sum: f64 = weights.iter().sum();
            let lost = weights[weights.len() - 1] / sum;
            same(refused(servers, room, load), lost);
            let queued = weights.iter().skip(servers as usize).enumerate();
            let queued: f64 = queued.map(|(k, w)| k as f64 * w / sum).sum();
            same(wait_with_room(servers, room, load), queued / (load * (1.0 - lost)));
        }
    }

    #[test]
    fn much_room_is_the_same_as_endless_room() {
        same(wait_with_room(8, 2_000, 6.4), wait(8, 6.4));
        assert!(refused(8, 2_000, 6.4) < 1e-12);
    }

    #[test]
    fn overload_waits_for_ever_and_loses_the_rest() {
        assert_eq!((erlang_c(4, 4.0), wait(4, 5.0)), (1.0, f64::INFINITY));
        assert_eq!(wait_at_one_server(1.0, 0.0), f64::INFINITY);
        same(refused(4, 100_000, 8.0), 0.5);
    }
}
