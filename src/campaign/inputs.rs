//! The assumed inputs of a plan, each with the other values that it is tried with.

use crate::decision::{AskStep, Reply, Step};
use crate::journal::{Basis, InputRow, last_key};
use crate::language::value::shown::ShownValue;
use crate::names::Names;
use crate::scenario::{InputSubject, Plan};
use crate::units::{Ratio, Span, Spread};

/// An assumed input and what is tried instead.
#[derive(Debug, Clone, PartialEq)]
pub struct AssumedInput {
    /// Its name as people read it, with its value: `the decider says yes 95%`.
    pub words: String,
    /// Its path, as `--set` takes it.
    pub path: String,
    /// As the plan has it.
    pub from: String,
    /// Other values, as `--set` takes them, each with how it is shown.
    pub others: Vec<AlternativeValue>,
    /// Which of these is expected to make it worse, where there is time for one alone.
    pub worse: usize,
    /// Whether it is about people and changes, not about the site and its visitors.
    pub people: bool,
}

/// Another value of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlternativeValue {
    /// As `--set` takes it.
    pub value: String,
    /// As it is shown.
    pub shown: String,
}

/// The assumed inputs that can be tried with other values, those about people first: a chance with
/// its miss halved and doubled, a time, a rate or a number half and twice as large; and where
/// somebody is asked for a yes by several channels, the first of them alone.
pub fn inputs(plan: &Plan) -> Vec<AssumedInput> {
    let assumed = plan.inputs.iter().filter(|row| row.basis == Some(Basis::Assumed));
    let mut inputs: Vec<AssumedInput> = assumed.filter_map(|row| input(plan, row)).collect();
    inputs.extend(first_channels(plan));
    // Those of a yes come first; of equals, the order of the plan stays.
    inputs.sort_by_key(|input| (!input.people, !input.path.starts_with("plays.")));
    inputs
}

/// One input, unless nothing else can be put in its place.
fn input(plan: &Plan, row: &InputRow) -> Option<AssumedInput> {
    let key = row.key();
    let subject = InputSubject::from_row(row, plan);
    let asks = match subject {
        InputSubject::Step { play, step } => {
            Some((&plan.playbook.plays[play].steps[step], &plan.names))
        }
        _ => None,
    };
    if matches!(asks, Some((Step::Ask(ask), _)) if ask.asks_nobody()) {
        return None;
    }
    let value = ShownValue::read(&row.value);
    let others = match (asks, key) {
        (Some((Step::Ask(ask), names)), "answers") => answers(ask, names)?,
        _ => others(key, value.clone()?)?,
    };
    // Half as many of what there is; a worse chance, twice the time, twice as many visits.
    let number = matches!(value, Some(ShownValue::Number(_)));
    let worse = if number { 0 } else { others.len() - 1 };
    Some(AssumedInput {
        words: words(plan, row, subject),
        path: path(plan, row, subject),
        from: match asks {
            Some((Step::Ask(ask), _)) if key == "answers" => ask.agrees.to_string(),
            _ => row.value.clone(),
        },
        others,
        worse,
        people: row.is_about_people() || row.section() == "changes",
    })
}

/// What is tried in the place of a value.
fn others(key: &str, value: ShownValue) -> Option<Vec<AlternativeValue>> {
    let plain = |value: String| AlternativeValue { shown: value.clone(), value };
    let both = |half: String, twice: String| Some(vec![plain(half), plain(twice)]);
    match value {
        ShownValue::Share(share) => {
            let tried = match key {
                "answers" | "agrees" => of_yes(share.0)?,
                "fails" | "errors" | "share" => of_no(share.0)?,
                _ => return None,
            };
            Some(tried.map(|share| plain(share.to_string())).to_vec())
        }
        ShownValue::Curve(points) => (key == "visits").then(|| visits(&points)),
        ShownValue::PerSecond(rate) => {
            (key == "admits" && rate > 0.0).then_some(())?;
            let [half, twice] = [rate / 2.0, rate * 2.0].map(ShownValue::PerSecond);
            both(half.to_string(), twice.to_string())
        }
        ShownValue::Number(number) => {
            let halved = number.div_ceil(2);
            let halves = (halved != number && number > 0).then(|| plain(halved.to_string()));
            let others = halves.into_iter().chain([plain(number.checked_mul(2)?.to_string())]);
            (number > 0).then(|| others.collect())
        }
        ShownValue::Time(spread) => {
            let [half, twice] = [0.5, 2.0].map(|factor| written(spread.times(factor)));
            (spread.mean() > Span::ZERO).then_some(())?;
            both(half, twice)
        }
    }
}

/// What is said by somebody who may say more than yes and no: the yes as in [`of_yes`], and all
/// else that is said in the same proportion as before.
fn answers(ask: &AskStep, names: &Names) -> Option<Vec<AlternativeValue>> {
    let tried = of_yes(ask.agrees.0)?.map(|yes| {
        let factor = (1.0 - yes.0) / (1.0 - ask.agrees.0);
        // A part in a million is left to the no, so that they add up as they are written.
        let scaled = |share: Ratio| Ratio((share.0 * factor * 1e6).round() / 1e6);
        let others = ask.others.iter().map(|(reply, share)| (*reply, scaled(*share)));
        let others: Vec<(Reply, Ratio)> = others.collect();
        let said: f64 = yes.0 + others.iter().map(|(_, share)| share.0).sum::<f64>();
        let no = Ratio(((1.0 - said) * 1e6).round().max(0.0) / 1e6);
        let all = [(Reply::Yes, yes)].into_iter().chain(others).chain([(Reply::No, no)]);
        let all = all.filter(|(_, share)| share.0 > 0.0);
        let all: Vec<String> =
            all.map(|(reply, share)| format!("{}: {share}", sentence(reply, names))).collect();
        AlternativeValue { value: format!("{{{}}}", all.join(", ")), shown: yes.to_string() }
    });
    Some(tried.to_vec())
}

/// An answer as a scenario has it, in quotes, with a span of one word.
fn sentence(reply: Reply, names: &Names) -> String {
    let text = match reply {
        Reply::NotYet(wait) => format!("not yet {}", wait.compact()),
        Reply::YesAfter(wait) => format!("yes if not better in {}", wait.compact()),
        other => other.in_words(names),
    };
    serde_json::Value::from(text).to_string()
}

/// The chance of a good outcome, with its miss halved and doubled; never less than half of it.
fn of_yes(chance: f64) -> Option<[Ratio; 2]> {
    let miss = 1.0 - chance;
    let usable = chance > 0.0 && chance < 1.0;
    usable.then(|| [Ratio(1.0 - miss / 2.0), Ratio((1.0 - 2.0 * miss).max(chance / 2.0))])
}

/// The chance of a bad outcome, halved and doubled; never more than halfway to certainty.
fn of_no(chance: f64) -> Option<[Ratio; 2]> {
    let usable = chance > 0.0 && chance < 1.0;
    usable.then(|| [Ratio(chance / 2.0), Ratio((2.0 * chance).min((1.0 + chance) / 2.0))])
}

/// Half and twice as many visits.
fn visits(points: &[(f64, Span)]) -> Vec<AlternativeValue> {
    let other = |factor: f64| {
        // As short as it was written, without the rounding digits that multiplication adds.
        let scaled = |rate: f64| (rate * factor * 1e9).round() / 1e9;
        let points: Vec<(f64, Span)> =
            points.iter().map(|(rate, at)| (scaled(*rate), *at)).collect();
        let value: Vec<String> = points
            .iter()
            .map(|(rate, at)| format!("{{at: {at}, rate: {}}}", ShownValue::PerSecond(*rate)))
            .collect();
        let value = format!("[{}]", value.join(", "));
        AlternativeValue { value, shown: ShownValue::Curve(points).to_string() }
    };
    vec![other(0.5), other(2.0)]
}

/// A duration as `--set` takes it.
fn written(spread: Spread) -> String {
    match spread {
        Spread::Exponential(mean) => format!("{{exponential: {mean}}}"),
        other => other.in_one_line(),
    }
}

/// The path of an input with the names of rules, and of steps by their verb, in the place of their
/// positions.
fn path(plan: &Plan, row: &InputRow, subject: InputSubject) -> String {
    match subject {
        InputSubject::Rule(rule) => format!("rules.{}.{}", plan.names.rules[rule], row.key()),
        InputSubject::Step { play, step } => {
            format!("{}.{}", step_path(plan, play, step), row.key())
        }
        _ => row.path.clone(),
    }
}

/// The path of a step of a play: by its verb if no other step of the play has it, else by its
/// position.
pub(super) fn step_path(plan: &Plan, play: usize, number: usize) -> String {
    let steps = &plan.playbook.plays[play].steps;
    let name = &plan.names.plays[play];
    let asks = |step: &Step| matches!(step, Step::Ask(_));
    match asks(&steps[number]) && steps.iter().filter(|step| asks(step)).count() == 1 {
        true => format!("plays.{name}.steps.ask"),
        false => format!("plays.{name}.steps.{number}"),
    }
}

/// Somebody who is asked by several channels may be reached by the first alone.
fn first_channels(plan: &Plan) -> Vec<AssumedInput> {
    let mut inputs = Vec::new();
    for (play, steps) in plan.playbook.plays.iter().map(|play| &play.steps).enumerate() {
        for (number, step) in steps.iter().enumerate() {
            let Step::Ask(ask) = step else { continue };
            if ask.asks_nobody() {
                continue;
            }
            let channels: Vec<&str> =
                ask.by.iter().map(|by| plan.names.channels[by.index()].as_str()).collect();
            let [first, _, ..] = channels[..] else { continue };
            let from = channels.join(", ");
            inputs.push(AssumedInput {
                words: format!("{from} for {}", asked(plan, ask)),
                path: format!("{}.by", step_path(plan, play, number)),
                from,
                others: vec![AlternativeValue {
                    value: format!("[{first}]"),
                    shown: format!("{first} alone"),
                }],
                worse: 0,
                people: true,
            });
        }
    }
    inputs
}

/// Whoever is asked, by role and never by name.
pub(super) fn asked(plan: &Plan, ask: &AskStep) -> String {
    let person = ask.people.first();
    let held = person
        .and_then(|(person, _)| plan.playbook.roster.people[person.index()].roles.first().copied());
    match ask.role.or(held) {
        Some(role) => format!("the {}", plan.names.roles[role.index()]),
        None => "whoever is asked".to_string(),
    }
}

/// The name of an input as people read it.
fn words(plan: &Plan, row: &InputRow, subject: InputSubject) -> String {
    let (key, value) = (row.key(), &row.value);
    match subject {
        InputSubject::Step { play, step } => of_step(plan, (play, step), key, value),
        InputSubject::Rule(rule) => format!("{} {key} {value}", plan.names.rules[rule]),
        InputSubject::Fault(fault) => {
            let fault = &plan.names.faults[fault];
            match key {
                "fades" => format!("{fault} wears off {value} after its end"),
                "after" => format!("{fault} is noticed after {value}"),
                _ => format!("{fault} {key} {value}"),
            }
        }
        InputSubject::Reports(name) => match key {
            "share" => format!("{value} of those affected report to {}", last_key(name).1),
            "after" => format!("users report to {} after {value}", last_key(name).1),
            _ => format!("{} {key} {value}", row.mapping().replace('.', " ")),
        },
        InputSubject::Named { section, name } => match (section, key) {
            ("", _) => format!("{key} is {value}"),
            ("channels", "answers") => format!("{name} is answered {value}"),
            ("channels", _) => format!("{name} is answered after {value}"),
            ("changes", "takes") => format!("{name} takes {value}"),
            ("changes", "fails") => format!("{name} fails {value}"),
            ("changes", "admits") => format!("{name} admits {value}"),
            ("changes", "waits") => format!("visitors held back by {name} wait {value}"),
            ("changes", _) => format!("{name} rolls out in {value}"),
            ("escalation", "each") => format!("{name} are tried for {value} each"),
            ("escalation", _) => format!("{name} are tried {value} times"),
            ("traffic", "visits") => format!("visits are {value}"),
            ("traffic", "patience") => format!("visitors wait {value}"),
            ("telemetry", "delay") => format!("readings are delayed by {value}"),
            ("telemetry", "every") => format!("a reading comes every {value}"),
            ("site", _) => format!("{} {key} {value}", last_key(name).1),
            _ => format!("{} {key} {value}", row.mapping().replace('.', " ")),
        },
    }
}

/// The name of an input of a step, by the positions of its play and its own.
fn of_step(plan: &Plan, (play, step): (usize, usize), key: &str, value: &str) -> String {
    let several = plan.playbook.plays.len() > 1;
    let in_play = if several { format!(" in {}", plan.names.plays[play]) } else { String::new() };
    match (&plan.playbook.plays[play].steps[step], key) {
        (Step::Ask(ask), "agrees") => format!("{} says yes {value}", asked(plan, ask)),
        (Step::Ask(ask), "answers") => format!("{} says yes {}", asked(plan, ask), ask.agrees),
        (Step::Ask(ask), "takes") => format!("{} decides in {value}", asked(plan, ask)),
        (Step::Work(_), _) => format!("the work{in_play} takes {value}"),
        (_, "declare") => format!("to declare{in_play} takes {value}"),
        (_, "again") => format!("the next diagnosis{in_play} takes {value}"),
        _ => format!("the diagnosis{in_play} takes {value}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chance_moves_by_its_miss_and_a_time_by_two() {
        let shown = |key: &str, value: &str| {
            ShownValue::read(value)
                .and_then(|value| others(key, value))
                .map(|all| all.into_iter().map(|other| other.shown).collect::<Vec<_>>())
        };
        for (key, value, tried) in [
            ("agrees", "95%", Some(["97.5%", "90%"])),
            ("answers", "40%", Some(["70%", "20%"])),
            ("fails", "3%", Some(["1.5%", "6%"])),
            ("fails", "80%", Some(["40%", "90%"])),
            ("agrees", "100%", None),
            ("fails", "0%", None),
            ("jitter", "50%", None),
            ("after", "2m..20m", Some(["1m..10m", "4m..40m"])),
            ("takes", "~1m", Some(["~30s", "~2m"])),
            ("takes", "median 700ms, p99 4s", Some(["350ms (p99 2s)", "1.4s (p99 8s)"])),
            (
                "takes",
                "exponential, mean 10ms",
                Some(["{exponential: 5ms}", "{exponential: 20ms}"]),
            ),
            ("threads", "400", Some(["200", "800"])),
            (
                "visits",
                "0.6/s at 0s, 1.6/s at 1h",
                Some(["0.3/s at 0s, 0.8/s at 1h", "1.2/s at 0s, 3.2/s at 1h"]),
            ),
            ("rollout", "none", None),
            ("delay", "0s", None),
            ("expr", "error_rate > 5%", None),
        ] {
            let tried = tried.map(|tried| tried.map(str::to_string).to_vec());
            assert_eq!(shown(key, value), tried, "{key} {value}");
        }
        assert_eq!(shown("instances", "1"), Some(vec!["2".to_string()]));
    }
}
