//! Questions in words: what is asked, why, of whom, and how an answer is written.

use crate::journal::{FindingKind, OpenPoint, PlanFinding};
use crate::language::edit::Editor;
use crate::language::node::{Node, NodeKind};
use crate::launch_plan::{Hole, PlanOrigin};

use super::asked::{AnswerKind, path};
use super::known::full_name;
use super::path_questions;
use super::places::text_at;
use super::sentence::{usual, wanted};

/// What a question is about, whatever its words have become.
pub(super) fn about(root: &Node, finding: &PlanFinding, asked: &AnswerKind) -> String {
    let text = &finding.row.text;
    match asked {
        AnswerKind::Person { role, .. } => format!("who is {role}"),
        AnswerKind::Tentative { name } => format!("is it {name}"),
        AnswerKind::Deputy { role, .. } => format!("deputy of {role}"),
        AnswerKind::Items { .. } => format!("item {}", item(root, asked)),
        AnswerKind::Meaning { what, .. } => format!("what is {what}"),
        AnswerKind::Silence(asking) => format!("silence of {}", asking.path),
        AnswerKind::First { ladder, .. } => format!("first on {ladder}"),
        AnswerKind::Limit { path } => path.clone(),
        // Two steps, or two freezes, may be open in the same words.
        AnswerKind::Value { .. } => {
            format!("{text} {}", path(root, asked).unwrap_or_default())
        }
        _ => text.clone(),
    }
}

/// The text of the first item that is asked for; empty for what is none.
pub(super) fn item<'a>(root: &'a Node, asked: &AnswerKind) -> &'a str {
    let AnswerKind::Items { items } = asked else { return "" };
    let first = items.first().and_then(|item| text_at(root.get("checklist"), *item));
    first.unwrap_or_default()
}

/// The finding as a question.
pub(super) fn asks(
    root: &Node,
    editor: &Editor,
    finding: &PlanFinding,
    asked: &AnswerKind,
) -> String {
    let row = &finding.row;
    match asked {
        AnswerKind::Person { role, .. } => format!("Who is {role}?"),
        AnswerKind::Tentative { name } => {
            let person = people_of(root, name);
            let full = person.and_then(|line| full_name(editor, line));
            let full = full.unwrap_or(name.trim_end_matches('?').to_string());
            let roles = roles_of(root, name);
            let roles = if roles.is_empty() { roles } else { format!(", as {roles}") };
            format!("The plan has {full}{roles}, with a question mark. Is that right?")
        }
        AnswerKind::Deputy { role, .. } => format!("{}: who else can be {role}?", row.text),
        AnswerKind::Items { .. } => {
            let due = row.due.as_ref().map_or(String::new(), |due| format!(" (due {due})"));
            let item = item(root, asked);
            match &row.owner {
                Some(owner) => {
                    let owner = owner.trim_end_matches('?');
                    format!("{owner} has this{due}: {item}. Is it done, or does it stay so?")
                }
                None => format!("Nobody has this{due}: {item}. Whose is it, or is it done?"),
            }
        }
        AnswerKind::Meaning { what, .. } => format!("What is {what}?"),
        AnswerKind::First { ladder, .. } => {
            format!("{}: who else is first on {ladder}?", row.text)
        }
        AnswerKind::Silence(_) => format!("{}: what then?", row.text),
        AnswerKind::Limit { .. } => format!("{}: who has, and when?", row.text),
        AnswerKind::Value { text, .. } => value(root, finding, text, &path(root, asked)),
        _ => row.text.clone(),
    }
}

/// The question for what is open at this path.
fn value(root: &Node, finding: &PlanFinding, text: &str, path: &Option<String>) -> String {
    let path = path.as_deref().unwrap_or_default();
    if let Some(rule) = path.strip_prefix("rules.") {
        let name = rule.rsplit_once('.').map_or(rule, |(name, _)| name);
        return format!("When does `{name}` fire: {}? ({text})", wanted(text).join(", "));
    }
    if let Some(step) = path.strip_prefix("launch.").and_then(|rest| rest.strip_suffix(".to")) {
        let step = step.parse().ok().and_then(|at: usize| match &root.get("launch")?.kind {
            NodeKind::List(steps) => steps.get(at),
            _ => None,
        });
        let text_at = |key: &str| step.and_then(|step| step.get(key)).and_then(Node::text);
        let at =
            text_at("at").filter(|at| *at != "?").map_or(String::new(), |at| format!(" at {at}"));
        let note = text_at("note").or(text_at("template")).unwrap_or("this");
        return format!("Who is told{at}: {note}?");
    }
    if let Some(name) = path.strip_prefix("templates.") {
        let who = senders(root, name);
        let who = if who.is_empty() { who } else { format!(" ({who})") };
        return format!("What does the message `{name}` say{who}? Nobody has written it.");
    }
    let known = path_questions::open(path, finding).map(|(text, _)| text);
    let says = &finding.row.text;
    known.unwrap_or_else(|| match text.matches('?').count() {
        _ if text == "?" => says.clone(),
        1 => format!("{says}: what is the value?"),
        holes => format!("{says}: what are the {holes} values?"),
    })
}

/// Who sends a template to whom, in which plays: `rachael to chris, in rollback`.
fn senders(root: &Node, template: &str) -> String {
    let mut found: Vec<String> = Vec::new();
    for (name, play) in root.get("plays").and_then(Node::entries).unwrap_or_default() {
        let Some(NodeKind::List(steps)) = play.get("steps").map(|steps| &steps.kind) else {
            continue;
        };
        for step in steps {
            let text_at = |key: &str| step.get(key).and_then(Node::text);
            if text_at("template") == Some(template) {
                let to = text_at("to").map_or(String::new(), |to| format!(" to {to}"));
                found.push(format!(
                    "{}{to}, in {}",
                    text_at("tell").unwrap_or_default(),
                    name.text
                ));
            }
        }
    }
    found.dedup();
    found.truncate(2);
    found.join("; ")
}

/// The line of a person.
fn people_of(root: &Node, name: &str) -> Option<u32> {
    let people = root.get("people").and_then(Node::entries)?;
    people.iter().find(|(key, _)| key.text == name).map(|(key, _)| key.place.line)
}

/// The roles of a person, in words.
fn roles_of(root: &Node, name: &str) -> String {
    let person = root.get("people").and_then(|people| people.get(name));
    let role = person.and_then(|person| person.get("role").or(person.get("roles")));
    match role.map(|role| &role.kind) {
        Some(NodeKind::Scalar(role)) => role.text.clone(),
        Some(NodeKind::List(roles)) => {
            roles.iter().filter_map(Node::text).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    }
}

/// What the plan itself says of it, as the comment above or beside it has kept it.
pub(super) fn of_plan(editor: &Editor, line: u32, asked: &AnswerKind) -> Option<String> {
    if let AnswerKind::Meaning { .. } = asked {
        let items = editor.root().and_then(|root| root.get("checklist"));
        let AnswerKind::Meaning { items: places, .. } = asked else { return None };
        let hole = Hole::of_item(text_at(items, *places.first()?)?)?;
        return Some(format!("The plan says: {}", hole.line));
    }
    if !matches!(asked, AnswerKind::Value { .. } | AnswerKind::Other) {
        return None;
    }
    let above = PlanOrigin::of_comment(editor.comment_line(line.saturating_sub(1)))?;
    Some(format!("The plan says, in line {}: {}", above.lines, above.words?))
}

/// What somebody is needed for: the poll, or the lines of the plan that ask.
pub(super) fn of_role(root: &Node, editor: &Editor, asked: &AnswerKind) -> Option<String> {
    let AnswerKind::Person { key, role } = asked else { return None };
    let first = editor.comment_of(key.line).split(';').next().unwrap_or_default();
    let lines = PlanOrigin::of_comment(first).map_or(String::new(), |origin| origin.lines);
    let poll = root.get("decision").and_then(|decision| decision.get("poll"));
    let asked = poll.is_some_and(|poll| poll.get(role).is_some());
    let plural = if lines.contains(',') { "lines" } else { "line" };
    match (lines.is_empty(), asked) {
        (false, true) => Some(format!(
            "The plan asks for them in {plural} {lines}; they have a say in go or no-go."
        )),
        (false, false) => Some(format!("The plan asks for them in {plural} {lines}.")),
        (true, true) => Some("They have a say in go or no-go.".to_string()),
        (true, false) => None,
    }
}

/// How an answer is written.
pub(super) fn how(root: &Node, finding: &PlanFinding, asked: &AnswerKind) -> Option<String> {
    let known = || path_questions::open(&path(root, asked)?, finding).map(|(_, how)| how);
    Some(match asked {
        AnswerKind::Silence(asking) => asking.ways(),
        AnswerKind::Items { .. } => match &finding.row.owner {
            Some(_) => "done, keep, another name, or not needed",
            None => "a name, with a day if there is one (ann, Nov 5); done; or not needed",
        }
        .to_string(),
        AnswerKind::Person { .. } => "a name; `same as ROLE`; or not needed".to_string(),
        AnswerKind::Deputy { .. } | AnswerKind::First { .. } => "a name".to_string(),
        AnswerKind::Meaning { .. } => "what belongs there".to_string(),
        AnswerKind::Limit { .. } => "a name and a day: ann, 2018-11-01".to_string(),
        AnswerKind::Tentative { .. } => "yes, or the right name".to_string(),
        AnswerKind::Value { text, .. } => match known() {
            Some(how) => how.to_string(),
            None => examples(text)?,
        },
        _ => return None,
    })
}

/// Values for the question marks of a rule, such as `3x for 2m`.
fn examples(text: &str) -> Option<String> {
    match usual(text).as_slice() {
        [] => None,
        _ if text == "?" => None,
        [one] if !text.contains(" for ") => {
            Some(format!("{one}; with how long it must last: {one} for 2m"))
        }
        all => Some(all.join(", ")),
    }
}

/// Who or what is likely to know.
pub(super) fn who_may_know(finding: &PlanFinding) -> Option<String> {
    Some(
        match (finding.row.kind, &finding.point) {
            (FindingKind::Untimed, _) => "Whoever makes the change, and whoever decides when.",
            (_, OpenPoint::OpenRule { .. }) => {
                "`sim tune` finds values that are quiet on good days and quick on bad ones; with \
                 --measured and its folder they are proposed here."
            }
            (_, OpenPoint::Unmeasured { .. }) => {
                "`sim baseline LOG` reads it from an access log; with --measured and its file it \
                 is proposed here."
            }
            (FindingKind::Silence | FindingKind::OnePerson | FindingKind::TwoPlaces, _) => {
                "Whoever leads the response."
            }
            _ => return None,
        }
        .to_string(),
    )
}
