//! A scenario in a few lines, before the full description.

use crate::explanation::{PlayExplanation, StorySection};
use crate::journal::{Basis, InputRow};
use crate::scenario::header;
use crate::scenario::plan::Plan;

/// The most faults, rules and plays that are named; the rest are counted.
const NAMED: usize = 3;

/// What breaks, who is there, who notices, what is done, what is expected, and what it rests on: a
/// word and a sentence or two each.
pub fn summary(
    plan: &Plan,
    story: &[StorySection],
    plays: &[PlayExplanation],
    inputs: &[InputRow],
) -> Vec<StorySection> {
    let told = |title: &str| story.iter().find(|section| section.title == title);
    let faults =
        header(plan, 0, plan.seed).faults.into_iter().map(|(_, sentence)| sentence.to_string());
    let breaks = match &faults.collect::<Vec<String>>()[..] {
        [] => vec!["nothing".to_string()],
        all => listed(all, "; "),
    };
    let visitors = told("Visitors").and_then(|section| section.lines.get(1).cloned());
    let expected: Vec<String> = plan.expect.iter().map(|one| one.to_string()).collect();
    let expected = match expected.is_empty() {
        true => "nothing, so no run can be good or bad".to_string(),
        false => format!("{}; each in {} of runs", expected.join("; "), plan.expect_on),
    };
    let lines = [
        ("breaks", breaks),
        ("visitors", visitors.into_iter().collect()),
        ("rules", rules(plan)),
        ("plays", listed(&plays.iter().map(play).collect::<Vec<_>>(), "; ")),
        ("expected", vec![expected]),
        ("rests on", vec![basis(inputs)]),
    ];
    let section = |(title, lines): (&str, Vec<String>)| StorySection { title: title.into(), lines };
    lines.map(section).into_iter().filter(|section| !section.lines.is_empty()).collect()
}

/// The first few, and how many more there are, as one line; none without any.
fn listed(all: &[String], between: &str) -> Vec<String> {
    let named = all[..all.len().min(NAMED)].join(between);
    match all.len().saturating_sub(NAMED) {
        _ if all.is_empty() => Vec::new(),
        0 => vec![named],
        more => vec![format!("{named}{between}{more} more")],
    }
}

/// `5 that open a play: ErrorSpike, SlowPages and 3 more; 2 that open none`.
fn rules(plan: &Plan) -> Vec<String> {
    let playbook = &plan.playbook;
    let opens = |index: &usize| playbook.play_of((*index).into()).is_some();
    let (open, alone): (Vec<usize>, Vec<usize>) = (0..playbook.rules.len()).partition(opens);
    let names: Vec<String> = open.iter().map(|index| plan.names.rules[*index].clone()).collect();
    let that_open = |count: usize| if count == 1 { "that opens" } else { "that open" };
    let mut parts: Vec<String> = listed(&names, ", ")
        .into_iter()
        .map(|names| format!("{} {} a play: {names}", open.len(), that_open(open.len())))
        .collect();
    if !alone.is_empty() {
        parts.push(format!("{} {} none", alone.len(), that_open(alone.len())));
    }
    if parts.is_empty() { Vec::new() } else { vec![parts.join("; ")] }
}

/// `rollback, 9 steps, live after 3m or 16m on paper and 27m simulated`.
fn play(play: &PlayExplanation) -> String {
    let steps = play.steps.len();
    let steps = format!("{steps} {}", if steps == 1 { "step" } else { "steps" });
    let paper = play.paper.as_ref().map_or(String::new(), |paper| format!("{paper} on paper, "));
    format!("{}, {steps}, until live {paper}{} simulated", play.play, play.simulated)
}

/// How much of it is assumed.
fn basis(inputs: &[InputRow]) -> String {
    let count = |basis: Basis| inputs.iter().filter(|input| input.basis == Some(basis)).count();
    let kinds = [
        (count(Basis::Assumed), "assumed"),
        (count(Basis::Calibrated), "calibrated"),
        (count(Basis::Ours), "our own"),
    ];
    let known: usize = kinds.iter().map(|(count, _)| count).sum();
    let there = kinds.iter().filter(|(count, _)| *count > 0);
    let kinds: Vec<String> = there.map(|(count, word)| format!("{count} {word}")).collect();
    let values = inputs.len();
    match known {
        0 => format!("{values} values, none of which says how it is known"),
        _ => {
            format!("{values} values; of {known} that say how they are known, {}", kinds.join(", "))
        }
    }
}
