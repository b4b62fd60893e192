//! Whole gamedays: what a trial costs, and with `-- long` six hours at 2,000 requests/s.

mod bound;

use bound::{Side, contest, cpu_nanoseconds, launch, peak_megabytes};
use sim::gameday::{Gameday, Trial};
use sim::scenario::{self, Plan};

/// Plays one trial without writing its journal, and gives its requests.
fn play(plan: &Plan, number: u64) -> u64 {
    let header = scenario::header(plan, number, plan.seed);
    let mut gameday = Gameday::new(plan, &header, Trial { seed: plan.seed, number });
    while gameday.step().is_some() {
        drop(gameday.drain());
    }
    let story = gameday.finish().story;
    let end = story.entries().iter().rev().find_map(|entry| match &entry.event {
        sim::journal::Event::End(totals) => Some(totals.site.requests.generated),
        _ => None,
    });
    end.expect("a story ends")
}

fn main() {
    let shipped = launch::shipped(&[]);
    let requests = play(&shipped, 0);
    let mut number = 0;
    let gameday = contest(&mut [Side::new("gameday", || {
        number += 1;
        play(&shipped, number);
        1
    })])[0];
    println!("three hours of the launch, {requests} requests: {:.3} CPU s", gameday / 1e9);
    let minute_and_a_half = 1_000.0 * gameday / 1e9 / 2.0;
    println!("1,000 trials with two jobs at that rate: {minute_and_a_half:.0} s");

    if std::env::args().any(|argument| argument == "long") {
        let plan = launch::at_rate(2_000.0, "6h");
        let start = cpu_nanoseconds();
        let requests = play(&plan, 0);
        let seconds = (cpu_nanoseconds() - start) as f64 / 1e9;
        let each = seconds * 1e9 / requests as f64;
        println!("six hours, {requests} requests: {seconds:.1} CPU s, {each:.0} ns per request");
        if let Some(megabytes) = peak_megabytes() {
            println!("largest resident size of all of the above: {megabytes:.0} MB");
        }
    }
}
