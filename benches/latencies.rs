//! The windows of response times against the crate `hdrhistogram` with the same layout: counting,
//! handing out a reading, adding readings up, and the memory of a reading.

mod bound;

use bound::{Side, heading, print};
use hdrhistogram::Histogram;
use sim::measure::{Latencies, LatencyTally, Limits};
use sim::units::Span;
use std::hint::black_box;

/// The range and the digits of the windows: up to about 19 hours in microseconds.
const MOST: u64 = (1 << 36) - 1;
const DIGITS: u8 = 2;
/// Values of a reading: ten seconds of a scope that sees a request every 50 ms.
const VALUES: usize = 200;
const READINGS: usize = 2_000;
/// Readings that a rule with a window of an hour adds up.
const WINDOW: usize = 360;

/// Response times around 40 ms with a long tail, the same ones on every machine.
fn values() -> Vec<Span> {
    let mut state = 7_u64;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 / (1_u64 << 53) as f64).max(1e-9)
    };
    let one = |uniform: f64| Span::from_seconds(0.02 + 0.02 * -uniform.ln());
    (0..VALUES * READINGS).map(|_| one(next())).collect()
}

fn empty() -> Histogram<u32> {
    Histogram::new_with_max(MOST, DIGITS).expect("two digits are allowed")
}

/// The reading that the crate hands out, and the window that it leaves.
fn handed_out(window: &mut Histogram<u32>) -> Histogram<u32> {
    let reading = window.clone();
    window.reset();
    reading
}

fn ours(values: &[Span], limits: &Limits) -> Vec<Latencies> {
    let mut tally = LatencyTally::new(limits);
    let reading = |values: &[Span]| {
        values.iter().for_each(|value| tally.record_at(limits.place(*value)));
        tally.take()
    };
    values.chunks(VALUES).map(reading).collect()
}

fn theirs(values: &[Span]) -> Vec<Histogram<u32>> {
    let mut window = empty();
    let reading = |values: &[Span]| {
        values.iter().for_each(|value| window.saturating_record(value.0 / 1_000));
        handed_out(&mut window)
    };
    // Not all are kept: two thousand of them take more memory than a small machine has.
    values.chunks(VALUES).map(reading).take(WINDOW).collect()
}

fn main() {
    let values = values();
    let limits = Limits::new(vec![Span::from_millis(100), Span::SECOND]);
    let count = values.len() as u64;
    let mut window = empty();
    let mut tally = LatencyTally::new(&limits);
    heading("counting, no reading taken", "value");
    print(&mut [
        Side::new("hdrhistogram, 32 bits a bucket", || {
            values.iter().for_each(|value| window.saturating_record(value.0 / 1_000));
            count
        }),
        Side::new("LatencyTally, two limits exact", || {
            values.iter().for_each(|value| tally.record_at(limits.place(*value)));
            count
        }),
    ]);
    heading("counting 200 values and handing out the reading", "value");
    let some = &values[..VALUES * WINDOW];
    print(&mut [
        Side::new("hdrhistogram: clone and reset", || black_box(theirs(some)).len() as u64 * 200),
        Side::new("LatencyTally: take", || black_box(ours(some, &limits)).len() as u64 * 200),
    ]);
    let (crate_readings, our_readings) = (theirs(some), ours(some, &limits));
    heading("adding up an hour of readings", "reading");
    print(&mut [
        Side::new("hdrhistogram: add", || {
            let mut sum = empty();
            crate_readings.iter().for_each(|one| sum.add(one).expect("the same range"));
            black_box(sum.value_at_quantile(0.99));
            WINDOW as u64
        }),
        Side::new("Latencies: add", || {
            let mut sum = Latencies::default();
            our_readings.iter().for_each(|one| sum.add(one));
            black_box(sum.quantile(0.99));
            WINDOW as u64
        }),
    ]);
    let used = our_readings.iter().map(|one| one.buckets().len() * 8).sum::<usize>() / WINDOW;
    let whole = crate_readings[0].distinct_values() * size_of::<u32>();
    println!("\nbytes of a reading: {whole} as hdrhistogram has it, {used} without empty buckets");
}
