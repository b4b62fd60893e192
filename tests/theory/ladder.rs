//! The ladder's known answer: who answers first, by which channel, and how often nobody does.

use crate::support::{plan, play, shipped};
use sim::decision::AttemptOutcome;
use sim::units::Span;

/// Each channel of the ladder in its order: chance of an answer, and how long that takes.
const CHANNELS: [(&str, f64, u64); 3] =
    [("email", 0.10, 90), ("slack", 0.25, 60), ("phone", 0.35, 30)];
const PEOPLE: [&str; 2] = ["wyatt", "james"];
const ROUNDS: usize = 2;
const EACH: u64 = 120;
const TRIALS: u64 = 400;

/// The chance of the first answer by each contact in turn, and at last that of none.
fn known() -> Vec<f64> {
    let mut silent = 1.0;
    let mut chances = Vec::new();
    for (_, chance, _) in (0..PEOPLE.len() * ROUNDS).flat_map(|_| CHANNELS) {
        chances.push(silent * chance);
        silent *= 1.0 - chance;
    }
    chances.push(silent);
    chances
}

#[test]
fn the_first_answer_comes_as_often_from_each_contact_as_the_channels_say() {
    let answers: Vec<(String, String)> = CHANNELS
        .iter()
        .map(|(channel, chance, after)| {
            let value = format!("{{answers: {}%, after: {after}s}}", chance * 100.0);
            (format!("channels.{channel}"), value)
        })
        .collect();
    // The outage comes early, few visitors suffice to see it, and the launch step waits.
    let mut sets = vec![
        ("lasts", "40m"),
        ("faults.0.at", "5m"),
        ("launch.0.at", "17:39"),
        ("traffic.visits.0.rate", "0.2/s"),
        ("traffic.visits.1.rate", "0.2/s"),
    ];
    sets.extend(answers.iter().map(|(path, value)| (path.as_str(), value.as_str())));
    let plan = plan(&shipped("proxy-outage"), &sets);

    let mut counts = vec![0.0; known().len()];
    for trial in 0..TRIALS {
        let run = play(&plan, trial);
        let attempts = run.attempts();
        let attempt = attempts.first().unwrap_or_else(|| panic!("trial {trial}: nothing opened"));
        let contact = match attempt.reached.acknowledged_at {
            None => {
                assert_eq!(attempt.outcome, AttemptOutcome::Stalled, "trial {trial}");
                counts.len() - 1
            }
            Some(at) => {
                let waited = at - attempt.reached.alerted_at.expect("an answer follows an alert");
                let contact = (waited.0 / Span::from_secs(EACH).0) as usize;
                let (channel, _, after) = CHANNELS[contact % CHANNELS.len()];
                let person = PEOPLE[contact / CHANNELS.len() % PEOPLE.len()];
                assert_eq!(waited, Span::from_secs(EACH * contact as u64 + after));
                assert_eq!(attempt.responder.as_deref(), Some(person), "trial {trial}");
                assert_eq!(attempt.channel.as_deref(), Some(channel), "trial {trial}");
                contact
            }
        };
        counts[contact] += 1.0;
    }
    let deviation = |(count, chance): (&f64, f64)| {
        let expected = chance * TRIALS as f64;
        (count - expected).powi(2) / expected
    };
    let fit: f64 = counts.iter().zip(known()).map(deviation).sum();
    // 99.9 % quantile of χ² with twelve degrees of freedom.
    assert!(fit < 32.909, "χ² of {fit}: {counts:?}");
}
