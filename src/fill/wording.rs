//! Questions in words: what is asked, why, of whom, and how an answer is written.

use crate::journal::{FindingKind, FindingRow};
use crate::language::edit::Editor;
use crate::language::node::{Node, NodeKind};

use super::asked::{AnswerKind, path};
use super::known::full_name;
use super::path_questions;
use super::places::text_at;
use super::sentence::{usual, wanted};

/// What a question is about, whatever its words are by now.
pub(super) fn about(root: &Node, finding: &FindingRow, asked: &AnswerKind) -> String {
    match asked {
        AnswerKind::Person { role, .. } => format!("who is {role}"),
        AnswerKind::Tentative { name } => format!("is it {name}"),
        AnswerKind::Deputy { role, .. } => format!("deputy of {role}"),
        AnswerKind::Items { items } => {
            let item = items.first().and_then(|item| text_at(root.get("checklist"), *item));
            format!("item {}", item.unwrap_or_default())
        }
        AnswerKind::Meaning { what, .. } => format!("what is {what}"),
        AnswerKind::Silence(asking) => format!("silence of {}", asking.path),
        AnswerKind::First { ladder, .. } => format!("first on {ladder}"),
        AnswerKind::Limit { path } => path.clone(),
        // Two steps, or two freezes, may be open in the same words.
        AnswerKind::Value { .. } => {
            format!("{} {}", finding.text, path(root, asked).unwrap_or_default())
        }
        _ => finding.text.clone(),
    }
}

/// The finding as a question.
pub(super) fn asks(
    root: &Node,
    editor: &Editor,
    finding: &FindingRow,
    asked: &AnswerKind,
) -> String {
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
        AnswerKind::Deputy { role, .. } => format!("{}: who else can be {role}?", finding.text),
        AnswerKind::Items { .. } => {
            let due = finding.due.as_ref().map_or(String::new(), |due| format!(" (due {due})"));
            let item = about(root, finding, asked);
            let item = item.trim_start_matches("item ");
            match &finding.owner {
                Some(owner) => {
                    let owner = owner.trim_end_matches('?');
                    format!("{owner} has this{due}: {item}. Is it done, or does it stay so?")
                }
                None => format!("Nobody has this{due}: {item}. Whose is it, or is it done?"),
            }
        }
        AnswerKind::Meaning { what, .. } => format!("What is {what}?"),
        AnswerKind::First { ladder, .. } => {
            format!("{}: who else is first on {ladder}?", finding.text)
        }
        AnswerKind::Silence(_) => format!("{}: what then?", finding.text),
        AnswerKind::Limit { .. } => format!("{}: who has, and when?", finding.text),
        AnswerKind::Value { text, .. } => value(root, finding, text, &path(root, asked)),
        _ => finding.text.clone(),
    }
}

/// The question for what is open at this path.
fn value(root: &Node, finding: &FindingRow, text: &str, path: &Option<String>) -> String {
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
    let known = path_questions::open(path, &finding.text).map(|(text, _)| text);
    known.unwrap_or_else(|| match text.matches('?').count() {
        _ if text == "?" => finding.text.clone(),
        1 => format!("{}: what is the value?", finding.text),
        holes => format!("{}: what are the {holes} values?", finding.text),
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
        let text = text_at(items, *places.first()?)?;
        return Some(format!("The plan says: {}", text.split_once(" is: ")?.1));
    }
    if !matches!(asked, AnswerKind::Value { .. } | AnswerKind::Other) {
        return None;
    }
    let above = editor.comment_line(line.saturating_sub(1)).strip_prefix("plan: line ")?;
    let (number, words) = above.split_once(": ")?;
    Some(format!("The plan says, in line {number}: {words}"))
}

/// What somebody is needed for: the poll, or the lines of the plan that ask.
pub(super) fn of_role(root: &Node, editor: &Editor, asked: &AnswerKind) -> Option<String> {
    let AnswerKind::Person { key, role } = asked else { return None };
    let lines = editor.comment_of(key.line).split(';').next().unwrap_or_default();
    let lines = lines.strip_prefix("plan: line ").unwrap_or_default().to_string();
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
pub(super) fn how(root: &Node, finding: &FindingRow, asked: &AnswerKind) -> Option<String> {
    let known = || path_questions::open(&path(root, asked)?, &finding.text).map(|(_, how)| how);
    Some(match asked {
        AnswerKind::Silence(asking) => asking.ways(),
        AnswerKind::Items { .. } => match &finding.owner {
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
pub(super) fn who_may_know(finding: &FindingRow) -> Option<String> {
    Some(
        match finding.kind {
            FindingKind::Untimed => "Whoever makes the change, and whoever decides when.",
            FindingKind::Unfilled if finding.text.contains("knows how long it takes") => {
                "Whoever makes the change: time it once, such as 3m, ~45m or <5m."
            }
            FindingKind::Unfilled if finding.text.contains("rule ") => {
                "`sim tune` finds values that are quiet on good days and quick on bad ones; with \
                 --measured and its folder they are proposed here."
            }
            FindingKind::Unfilled if finding.text.contains("what is normal") => {
                "`sim baseline LOG` reads it from an access log; with --measured and its file it \
                 is proposed here."
            }
            FindingKind::Silence | FindingKind::OnePerson | FindingKind::TwoPlaces => {
                "Whoever leads the response."
            }
            _ => return None,
        }
        .to_string(),
    )
}
