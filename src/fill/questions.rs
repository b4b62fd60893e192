//! What is still open in a scenario, as questions.

use crate::journal::{FindingRow, Severity};
use crate::language::edit::Editor;
use crate::language::node::{Key, Kind, Node};
use crate::language::source::Place;
use crate::scenario::{Loaded, PARKED};

use super::measured::{Figure, Measured};

/// What kind of answer a question takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// A value in the place of a `"?"`, or of several within a sentence.
    Value { place: Place, text: String },
    /// A number that was assumed.
    Number { place: Place, key: String },
    /// Somebody for a role that stands at `key` with `"?"` as its value.
    Person { key: Place, role: String },
    /// Whether a name with a question mark is right.
    Tentative { name: String },
    /// Somebody who stands in for the one holder of a role.
    Deputy { holder: Place, role: String },
    /// Who is responsible for a checklist item, or that it is done.
    Item { item: Place },
    /// Something that no single value resolves: it can be parked.
    Other,
}

/// One question.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The line of the scenario, from 1.
    pub line: u32,
    /// What is asked.
    pub text: String,
    /// Why it matters, and to whom to turn.
    pub why: Vec<String>,
    /// What could be answered, where something is there to propose.
    pub proposal: Option<String>,
    /// How much it matters.
    pub severity: Severity,
    /// What kind of answer it takes.
    pub asked: Asked,
    /// What it is about: the same question in other words has the same.
    pub about: String,
}

/// What is open in a scenario.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Questions {
    /// To be asked, in this order.
    pub open: Vec<Question>,
    /// How many somebody has taken with them.
    pub parked: usize,
    /// How many stand in included files, which other scenarios share.
    pub included: usize,
}

/// The questions that the findings of a scenario ask, the gravest first, each thing once.
pub fn questions(loaded: &Loaded, text: &str, measured: &Measured) -> Questions {
    let editor = Editor::new(text);
    let mut found = Questions::default();
    let Some(root) = editor.root() else { return found };
    let mut seen: Vec<Place> = Vec::new();
    let mut findings: Vec<&FindingRow> = loaded.plan.findings.iter().collect();
    findings.sort_by_key(|finding| (finding.severity, finding.line));
    for finding in findings {
        if matches!(finding.kind.as_str(), "unused" | "autoscaling" | "capacity") {
            continue;
        }
        if finding.file.is_some() {
            found.included += 1;
            continue;
        }
        let problem = loaded.warnings.iter().find(|problem| {
            problem.message == finding.text && Some(problem.place.line) == finding.line
        });
        let Some(problem) = problem.filter(|problem| problem.place.source == 0) else { continue };
        let Some(asked) = asked(root, finding, problem.place) else { continue };
        let at = of(&asked).unwrap_or(problem.place);
        if seen.contains(&at) {
            continue;
        }
        seen.push(at);
        if editor.comment_of(at.line).contains(PARKED) {
            found.parked += 1;
            continue;
        }
        let about = about(root, finding, &asked);
        let figure = proposed(root, &asked, measured);
        let basis = figure.map(|figure| format!("{} ({})", figure.value, figure.basis));
        let turn_to = basis.or(turn_to(finding));
        let why = problem.hint.iter().cloned().chain(turn_to).collect();
        found.open.push(Question {
            line: at.line,
            text: asks(finding, &asked),
            why,
            proposal: figure.map(|figure| figure.value.clone()),
            severity: finding.severity,
            asked,
            about,
        });
    }
    found
}

/// What has been measured for the value that stands open here. A multiple of what nobody has
/// measured yet is no answer.
fn proposed<'a>(root: &Node, asked: &Asked, measured: &'a Measured) -> Option<&'a Figure> {
    let Asked::Value { place, text } = asked else { return None };
    let unmeasured = || root.get("baseline").is_some_and(|node| first_open(node).is_some());
    if text.contains("baseline") && unmeasured() {
        return None;
    }
    measured.of(&path_of(root, *place)?)
}

/// The path of the value that stands here, as `--set` takes it; a rule goes by its name.
fn path_of(node: &Node, place: Place) -> Option<String> {
    let below = |name: &str, value: &Node| match value.place == place {
        true => Some(name.to_string()),
        false => path_of(value, place).map(|rest| format!("{name}.{rest}")),
    };
    match &node.kind {
        Kind::Map(entries) => entries.iter().find_map(|(key, value)| below(&key.text, value)),
        Kind::List(items) => items.iter().enumerate().find_map(|(index, item)| {
            let name = item.get("alert").and_then(Node::text).map(str::to_string);
            below(&name.unwrap_or(index.to_string()), item)
        }),
        Kind::Scalar(_) | Kind::Null => None,
    }
}

/// What a question is about, whatever its words are by now.
fn about(root: &Node, finding: &FindingRow, asked: &Asked) -> String {
    match asked {
        Asked::Person { role, .. } => format!("who is {role}"),
        Asked::Tentative { name } => format!("is it {name}"),
        Asked::Deputy { role, .. } => format!("deputy of {role}"),
        Asked::Item { item } => {
            let text = open_text(root.get("checklist"), *item).unwrap_or_default();
            format!("item {text}")
        }
        Asked::Value { .. } | Asked::Number { .. } | Asked::Other => finding.text.clone(),
    }
}

/// The text of the single value that stands here.
fn open_text(node: Option<&Node>, place: Place) -> Option<&str> {
    let node = node?;
    match &node.kind {
        Kind::Scalar(scalar) => (node.place == place).then_some(scalar.text.as_str()),
        Kind::List(items) => items.iter().find_map(|item| open_text(Some(item), place)),
        Kind::Map(entries) => entries.iter().find_map(|(_, value)| open_text(Some(value), place)),
        Kind::Null => None,
    }
}

/// Where the answer goes.
fn of(asked: &Asked) -> Option<Place> {
    match asked {
        Asked::Value { place, .. } | Asked::Number { place, .. } => Some(*place),
        Asked::Person { key, .. } => Some(*key),
        Asked::Item { item } => Some(*item),
        // Those without a deputy are tentative as well, which is another question.
        Asked::Deputy { .. } | Asked::Tentative { .. } | Asked::Other => None,
    }
}

/// What kind of answer a finding takes; `None` where another question settles it.
fn asked(root: &Node, finding: &FindingRow, place: Place) -> Option<Asked> {
    if let Some((role, Node { kind: Kind::Scalar(value), .. })) = entry(root, "people", place)
        && value.text == "?"
    {
        return Some(Asked::Person { key: place, role: role.text.clone() });
    }
    match finding.kind.as_str() {
        "tentative" => {
            let name = entry(root, "people", place)?.0.text.clone();
            return Some(Asked::Tentative { name });
        }
        "deputy" => {
            let role = finding.text.split("the only `").nth(1)?.split('`').next()?.to_string();
            return Some(Asked::Deputy { holder: place, role });
        }
        "checklist" => return Some(Asked::Item { item: place }),
        _ => {}
    }
    if let Some((place, text)) = open_at(root, place) {
        return Some(Asked::Value { place, text });
    }
    // That nobody is named is asked where the people are.
    (finding.kind != "unnamed").then_some(Asked::Other)
}

/// The entry of a section whose key stands here.
fn entry<'a>(root: &'a Node, section: &str, place: Place) -> Option<(&'a Key, &'a Node)> {
    let entries = root.get(section)?.entries()?;
    entries.iter().find(|(key, _)| key.place == place).map(|(key, node)| (key, node))
}

/// The open value that a place means: itself, or what stands below a key.
fn open_at(node: &Node, place: Place) -> Option<(Place, String)> {
    match &node.kind {
        Kind::Scalar(scalar) => {
            let open = node.place == place && scalar.text.contains('?');
            open.then(|| (place, scalar.text.clone()))
        }
        Kind::List(items) => items.iter().find_map(|item| open_at(item, place)),
        Kind::Map(entries) => entries.iter().find_map(|(key, value)| match key.place == place {
            true => first_open(value),
            false => open_at(value, place),
        }),
        Kind::Null => None,
    }
}

fn first_open(node: &Node) -> Option<(Place, String)> {
    match &node.kind {
        Kind::Scalar(scalar) if scalar.text == "?" => Some((node.place, scalar.text.clone())),
        Kind::Map(entries) => entries.iter().find_map(|(_, value)| first_open(value)),
        _ => None,
    }
}

/// The finding as a question.
fn asks(finding: &FindingRow, asked: &Asked) -> String {
    match asked {
        Asked::Person { role, .. } => format!("Who is {role}?"),
        Asked::Tentative { name } => {
            format!("Is it {}? (yes, or the right name)", name.trim_end_matches('?'))
        }
        Asked::Deputy { role, .. } => format!("{}: who else can be {role}?", finding.text),
        Asked::Item { .. } => format!("{}: whose is it, or is it done?", finding.text),
        Asked::Value { text, .. } if text == "?" => finding.text.clone(),
        Asked::Value { text, .. } => {
            let holes = text.matches('?').count();
            let values = match holes {
                1 => "1 value for the question mark".to_string(),
                many => format!("{many} values for the question marks"),
            };
            format!("{}: {values}", finding.text)
        }
        Asked::Number { .. } | Asked::Other => finding.text.clone(),
    }
}

/// Who or what is likely to know.
fn turn_to(finding: &FindingRow) -> Option<String> {
    Some(
        match (finding.kind.as_str(), finding.severity) {
            ("unnamed" | "tentative" | "deputy", _) => "Only the people themselves can say.",
            ("untimed", _) => "Whoever makes the change, and whoever decides when.",
            ("unfilled", _) if finding.text.contains("rule ") => {
                "`sim tune` finds values that are quiet on good days and quick on bad ones; with \
                 --measured and its folder they are proposed here."
            }
            ("unfilled", _) if finding.text.contains("baseline") => {
                "`sim baseline LOG` reads it from an access log; with --measured and its file it \
                 is proposed here."
            }
            ("silence" | "one-person" | "two-places", _) => "Whoever leads the response.",
            _ => return None,
        }
        .to_string(),
    )
}
