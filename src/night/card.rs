//! A card to print before the night: for every alert, until when to diagnose, and what is made
//! then, with a place for the yes of whoever decides.

use crate::decision::{AskStep, Play, Step};
use crate::names::{ChangeId, Names, RuleId};
use crate::scenario::Plan;
use crate::units::Span;

/// The whole card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The scenario's own words.
    pub scenario: String,
    /// One for each alert whose play has a change to make, in the order of the rules.
    pub rows: Vec<CardRow>,
    /// Alerts of which the plan says nothing to make, in the order of the rules.
    pub without: Vec<String>,
}

/// What is done when an alert fires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardRow {
    pub alert: String,
    /// The rule as it is written.
    pub rule: String,
    pub play: String,
    /// The change that the play may choose and that takes least by the table, and its cell.
    pub change: String,
    pub paper: String,
    /// From the alert: so long is diagnosed, and then the change is made. It is what the change
    /// takes at most, until it is everywhere: from then on waiting has cost more than making it.
    pub stop_after: Span,
    /// What else the play may choose, and what it takes at most.
    pub others: Vec<(String, Span)>,
    /// Who says yes: the role, or the people who are asked; empty if the play asks nobody.
    pub deciders: Vec<String>,
    /// Who has approved the change in advance, and when and how in their words.
    pub approved: Option<(String, Option<String>)>,
    /// Freezes that stop the change for this play: from when to when.
    pub frozen: Vec<(String, String)>,
}

impl Card {
    /// The card of a plan.
    pub fn from_plan(plan: &Plan) -> Card {
        let mut card =
            Card { scenario: plan.scenario.clone(), rows: Vec::new(), without: Vec::new() };
        for (index, alert) in plan.names.rules.iter().enumerate() {
            match row(plan, index.into(), alert) {
                Some(row) => card.rows.push(row),
                None => card.without.push(alert.clone()),
            }
        }
        card
    }
}

fn row(plan: &Plan, rule: RuleId, alert: &str) -> Option<CardRow> {
    let play_id = plan.playbook.play_of(rule)?;
    let (names, play) = (&plan.names, &plan.playbook.plays[play_id.index()]);
    let table = &plan.playbook.changes;
    let mut changes = choices(play);
    changes.sort_by_key(|change| table.changes[change.index()].most());
    let (first, others) = changes.split_first()?;
    let name = |change: &ChangeId| names.changes[change.index()].clone();
    let took = |change: &ChangeId| table.changes[change.index()].most();
    let stops = table.freezes.iter().filter(|one| one.stops(*first, Some(play_id), one.from));
    let clock = |at| plan.calendar.local(at)[..16].to_string();
    Some(CardRow {
        alert: alert.to_string(),
        rule: plan.playbook.rules[rule.index()].text.clone(),
        play: names.plays[play_id.index()].clone(),
        change: name(first),
        paper: table.changes[first.index()].paper.clone(),
        stop_after: took(first),
        others: others.iter().map(|change| (name(change), took(change))).collect(),
        approved: asked(play).and_then(|ask| ask.approved.as_ref()).and_then(|approval| {
            let by = names.people[approval.by.index()].clone();
            approval.covers(Some(*first)).then(|| (by, approval.given.clone()))
        }),
        deciders: asked(play).map_or(Vec::new(), |ask| deciders(ask, names)),
        frozen: stops.map(|one| (clock(one.from), clock(one.to))).collect(),
    })
}

/// What is chosen among in a play; where nothing is, the changes that it makes.
fn choices(play: &Play) -> Vec<ChangeId> {
    let among = play.steps.iter().find_map(|step| match step {
        Step::Diagnose { among, .. } => Some(among.iter().map(|(change, _)| *change).collect()),
        _ => None,
    });
    among.unwrap_or_else(|| {
        let made = play.steps.iter().filter_map(|step| match step {
            Step::Change(crate::decision::ChangeChoice::This(change)) => Some(*change),
            _ => None,
        });
        made.collect()
    })
}

fn asked(play: &Play) -> Option<&AskStep> {
    play.steps.iter().find_map(|step| match step {
        Step::Ask(ask) => Some(ask),
        _ => None,
    })
}

fn deciders(ask: &AskStep, names: &Names) -> Vec<String> {
    let mut people: Vec<String> =
        ask.people.iter().map(|(person, _)| names.people[person.index()].clone()).collect();
    people.dedup();
    match ask.role {
        Some(role) if people.is_empty() => vec![names.roles[role.index()].clone()],
        _ => people,
    }
}
