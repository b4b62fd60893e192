//! What kind of answer a finding asks for.

use crate::journal::{Duty, FindingKind, OpenPoint, PlanFinding};
use crate::language::node::{Node, NodeKind};
use crate::language::source::Place;
use crate::launch_plan::Hole;
use crate::scenario::Plan;

use super::places::{entry, open_at, path_of, text_at};
use super::silence::SilentAsk;

/// What kind of answer a question takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerKind {
    /// A value in the place of a `"?"`, or of several within a sentence.
    Value { place: Place, text: String },
    /// A number that was assumed.
    Number { place: Place, key: String },
    /// Somebody for a role that is at `key` with `"?"` as its value.
    Person { key: Place, role: String },
    /// Whether a name with a question mark is right.
    Tentative { name: String },
    /// Somebody who stands in for the one holder of a role.
    Deputy { holder: Place, role: String },
    /// Somebody who is tried first on a ladder, instead of who is first there now.
    First { ladder: String, instead: String },
    /// What is done when nobody says yes.
    Silence(SilentAsk),
    /// Who has looked up the limit at this path, and when.
    Limit { path: String },
    /// Who sees to items of the checklist, or that they are done.
    Items { items: Vec<Place> },
    /// How soon users must be well again, and how often.
    Expect,
    /// What something is that the plan leaves open in its text: `[who]`.
    Meaning { what: String, items: Vec<Place> },
    /// When the day of a draft begins, as it is written there.
    Starts { place: Place, text: String },
    /// When the rehearsed failure comes.
    Strikes { place: Place },
    /// What keeps a rule quiet on good days: its path, and the key and the value that do.
    Quieter { path: String, key: String, value: String },
    /// Something that no single value resolves: it can be parked.
    Other,
}

/// Where the answer goes, if no other question is asked of the same place.
pub(super) fn goes_to(asked: &AnswerKind) -> Option<Place> {
    match asked {
        AnswerKind::Value { place, .. } | AnswerKind::Number { place, .. } => Some(*place),
        AnswerKind::Person { key, .. } => Some(*key),
        AnswerKind::Items { items } | AnswerKind::Meaning { items, .. } => items.first().copied(),
        AnswerKind::Starts { place, .. } | AnswerKind::Strikes { place } => Some(*place),
        // Those without a deputy are tentative as well, which is another question.
        AnswerKind::Deputy { .. } | AnswerKind::Tentative { .. } | AnswerKind::First { .. } => None,
        AnswerKind::Quieter { .. } => None,
        AnswerKind::Silence(_)
        | AnswerKind::Limit { .. }
        | AnswerKind::Expect
        | AnswerKind::Other => None,
    }
}

/// What a comment calls a thing of which its line has others: what is parked of it.
pub(super) fn key_of(asked: &AnswerKind) -> &str {
    match asked {
        AnswerKind::Number { key, .. } => key,
        AnswerKind::Deputy { .. } => "deputy",
        AnswerKind::Tentative { .. } => "name",
        AnswerKind::First { .. } => "first",
        AnswerKind::Quieter { .. } => "noise",
        _ => "",
    }
}

/// What kind of answer a finding takes; `None` where another question settles it.
pub(super) fn asked(root: &Node, plan: &Plan, finding: &PlanFinding) -> Option<AnswerKind> {
    let place = finding.place;
    if let Some((role, Node { kind: NodeKind::Scalar(value), .. })) = entry(root, "people", place)
        && value.text == "?"
    {
        return Some(AnswerKind::Person { key: place, role: role.text.clone() });
    }
    match finding.row.kind {
        FindingKind::Tentative => {
            let name = entry(root, "people", place)?.0.text.clone();
            return Some(AnswerKind::Tentative { name });
        }
        FindingKind::Checklist => {
            let items = vec![place];
            let text = text_at(root.get("checklist"), place).unwrap_or_default();
            return Some(match Hole::of_item(text).filter(|_| finding.row.owner.is_none()) {
                Some(hole) => AnswerKind::Meaning { what: hole.what, items },
                None => AnswerKind::Items { items },
            });
        }
        FindingKind::Silence => {
            let asking = SilentAsk::at(root, plan, place);
            return Some(asking.map_or(AnswerKind::Other, AnswerKind::Silence));
        }
        _ => {}
    }
    match &finding.point {
        OpenPoint::NoDeputy { role, .. } => {
            return Some(AnswerKind::Deputy { holder: place, role: role.clone() });
        }
        OpenPoint::OnePerson { does, .. } => {
            return Some(first(root, place, does.iter().filter_map(Duty::ladder)));
        }
        OpenPoint::TwoPlaces { ladders, .. } => {
            return Some(first(root, place, ladders.iter().map(|ladder| ladder.name.as_str())));
        }
        _ => {}
    }
    if let Some((place, text)) = open_at(root, place) {
        return Some(AnswerKind::Value { place, text });
    }
    if let OpenPoint::UncheckedLimit { .. } = finding.point
        && let Some((name, _)) = entry(root, "limits", place)
    {
        return Some(AnswerKind::Limit { path: format!("limits.{}", name.text) });
    }
    // That nobody is named is asked where the people are.
    (finding.row.kind != FindingKind::Unnamed).then_some(AnswerKind::Other)
}

/// Somebody is first on ladders of this file, and somebody else could be on the last of them.
fn first<'a>(root: &Node, place: Place, named: impl Iterator<Item = &'a str>) -> AnswerKind {
    let ladder = || {
        let (instead, _) = entry(root, "people", place)?;
        let ladders = root.get("escalation")?;
        let is_first = |name: &&str| {
            let tried = ladders.get(name).and_then(|ladder| ladder.get("try"));
            let Some(Node { kind: NodeKind::List(tried), .. }) = tried else { return false };
            tried.first().and_then(Node::text) == Some(instead.text.as_str())
        };
        let ladder = named.filter(is_first).last()?.to_string();
        Some(AnswerKind::First { ladder, instead: instead.text.clone() })
    };
    ladder().unwrap_or(AnswerKind::Other)
}

/// The path of what a value goes to, as `--set` takes it.
pub(super) fn path(root: &Node, asked: &AnswerKind) -> Option<String> {
    match asked {
        AnswerKind::Value { place, .. } => path_of(root, *place),
        AnswerKind::Person { role, .. } => Some(format!("people.{role}")),
        AnswerKind::Starts { .. } => Some("starts".to_string()),
        _ => None,
    }
}
