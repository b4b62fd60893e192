//! What is still open in a scenario, as questions.

use crate::journal::{Expectation, FindingRow, Severity};
use crate::language::edit::Editor;
use crate::language::node::{Node, NodeKind};
use crate::language::source::Place;
use crate::scenario::{LoadedPlan, PARKED};

use super::asked::{Asked, asked, goes_to, path};
use super::measured::{Figure, Measured};
use super::places::{first_open, text_at};
use super::sentence::usual;
use super::words;

/// One question.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The line of the scenario, from 1.
    pub line: u32,
    /// What is asked.
    pub text: String,
    /// What it is asked of, one by one, where several things are asked together.
    pub of: Vec<String>,
    /// Why it matters, and to whom to turn.
    pub why: Vec<String>,
    /// How an answer is written, where that is not plain.
    pub how: Option<String>,
    /// What could be answered, where something is there to propose.
    pub proposal: Option<String>,
    /// How much it matters.
    pub severity: Severity,
    /// What kind of answer it takes.
    pub asked: Asked,
    /// What it is about: the same question in other words has the same. A line for each thing that
    /// is asked together.
    pub about: String,
    /// The path of what is open, as `--set` takes it.
    pub(super) path: Option<String>,
    /// Who has it and by when it is due: questions with the same of both are asked together.
    pub(super) kin: (Option<String>, Option<String>),
}

/// What is open in a scenario.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Questions {
    /// To be asked, in this order.
    pub open: Vec<Question>,
    /// What somebody has taken with them: what it is, with who and until when.
    pub parked: Vec<String>,
    /// How many stand in included files, which other scenarios share.
    pub included: usize,
}

/// The questions that the findings of a scenario ask, the gravest first, each thing once.
pub fn questions(loaded: &LoadedPlan, text: &str, measured: &Measured) -> Questions {
    let editor = Editor::new(text);
    let mut found = Questions::default();
    let Some(root) = editor.root() else { return found };
    let mut seen: Vec<Place> = Vec::new();
    let mut findings: Vec<&FindingRow> = loaded.plan.findings.iter().collect();
    // What is only to be done comes after what a run can show.
    findings.sort_by_key(|f| (f.severity, f.kind == "checklist", f.line));
    found.open.extend(limit(root, loaded, &editor));
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
        let Some(asked) = asked(root, &loaded.plan, finding, problem.place) else { continue };
        let at = goes_to(&asked).unwrap_or(problem.place);
        if seen.contains(&at) {
            continue;
        }
        seen.push(at);
        if let Some((_, parked)) = editor.comment_of(at.line).split_once(PARKED) {
            let whose = parked.split([';', '[']).next().unwrap_or_default().trim();
            found.parked.push(format!("{}: {whose}", asks(root, finding, &asked)));
            continue;
        }
        let about = about(root, finding, &asked);
        let figure = proposed(root, &asked, measured);
        let basis = figure.map(|figure| format!("{} ({})", figure.value, figure.basis));
        let turn_to = basis.or(turn_to(finding));
        // What is written into the file by hand is not what is answered here.
        let hint = problem.hint.clone().filter(|_| matches!(asked, Asked::Other));
        found.open.push(Question {
            line: at.line,
            text: asks(root, finding, &asked),
            of: Vec::new(),
            why: hint.into_iter().chain(turn_to).collect(),
            how: how(root, finding, &asked),
            proposal: figure.map(|figure| figure.value.clone()),
            severity: finding.severity,
            kin: (finding.owner.clone(), finding.due.clone()),
            path: path(root, &asked),
            asked,
            about,
        });
    }
    found
}

/// How soon it must be over: without an answer, no run can say whether the plan is good enough.
fn limit(root: &Node, loaded: &LoadedPlan, editor: &Editor) -> Option<Question> {
    let plan = &loaded.plan;
    let bounds = |expectation: &Expectation| {
        matches!(expectation, Expectation::Recovered { .. } | Expectation::Contained { .. })
    };
    // A plan that expects no alert, or that nothing breaks in, has nothing to be over.
    let silent = |expectation: &Expectation| matches!(expectation, Expectation::Alerts { .. });
    if plan.faults.is_empty() || plan.expect.iter().any(|e| bounds(e) || silent(e)) {
        return None;
    }
    let line = root.get("expect").map_or(1, |expect| expect.place.line);
    if editor.comment_of(line).contains(PARKED) {
        return None;
    }
    let why = "Until somebody says so, many runs give no verdict.";
    Some(Question {
        line,
        text: "When something breaks, how soon must users be served again?".to_string(),
        of: Vec::new(),
        why: vec![why.to_string(), "Whoever answers for the launch.".to_string()],
        how: Some("a time, with how often if not nearly always: 1h, or 1h in 90%".to_string()),
        proposal: None,
        severity: Severity::High,
        asked: Asked::Expect,
        about: "expect".to_string(),
        path: None,
        kin: (None, None),
    })
}

/// What has been measured for the value that stands open here. A multiple of what nobody has
/// measured yet is no answer.
fn proposed<'a>(root: &Node, asked: &Asked, measured: &'a Measured) -> Option<&'a Figure> {
    let Asked::Value { text, .. } = asked else { return None };
    let unmeasured = || root.get("baseline").is_some_and(|node| first_open(node).is_some());
    if text.contains("baseline") && unmeasured() {
        return None;
    }
    measured.of(&path(root, asked)?)
}

/// What a question is about, whatever its words are by now.
fn about(root: &Node, finding: &FindingRow, asked: &Asked) -> String {
    match asked {
        Asked::Person { role, .. } => format!("who is {role}"),
        Asked::Tentative { name } => format!("is it {name}"),
        Asked::Deputy { role, .. } => format!("deputy of {role}"),
        Asked::Items { items } => {
            let item = items.first().and_then(|item| text_at(root.get("checklist"), *item));
            format!("item {}", item.unwrap_or_default())
        }
        Asked::Silence(asking) => format!("silence of {}", asking.path),
        Asked::First { ladder, .. } => format!("first on {ladder}"),
        Asked::Limit { path } => path.clone(),
        // Two steps, or two freezes, may be open in the same words.
        Asked::Value { .. } => {
            format!("{} {}", finding.text, path(root, asked).unwrap_or_default())
        }
        Asked::Expect | Asked::Number { .. } | Asked::Other => finding.text.clone(),
    }
}

/// The finding as a question.
fn asks(root: &Node, finding: &FindingRow, asked: &Asked) -> String {
    match asked {
        Asked::Person { role, .. } => format!("Who is {role}?"),
        Asked::Tentative { name } => {
            let roles = roles_of(root, name);
            let roles = if roles.is_empty() { roles } else { format!(" ({roles})") };
            format!("Is it {}{roles}?", name.trim_end_matches('?'))
        }
        Asked::Deputy { role, .. } => format!("{}: who else can be {role}?", finding.text),
        Asked::Items { .. } => format!("{}: whose is it, or is it done?", finding.text),
        Asked::First { ladder, .. } => {
            format!("{}: who else is first on {ladder}?", finding.text)
        }
        Asked::Silence(_) => format!("{}: what then?", finding.text),
        Asked::Limit { .. } => format!("{}: who has, and when?", finding.text),
        Asked::Value { text, .. } => {
            let path = path(root, asked).unwrap_or_default();
            let known = words::open(&path, &finding.text).map(|(text, _)| text);
            known.unwrap_or_else(|| match (text.as_str(), text.matches('?').count()) {
                ("?", _) => finding.text.clone(),
                (_, 1) => format!("{}: what is the value?", finding.text),
                (_, holes) => format!("{}: what are the {holes} values?", finding.text),
            })
        }
        Asked::Expect | Asked::Number { .. } | Asked::Other => finding.text.clone(),
    }
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

/// How an answer is written.
fn how(root: &Node, finding: &FindingRow, asked: &Asked) -> Option<String> {
    let known = || words::open(&path(root, asked)?, &finding.text).map(|(_, how)| how);
    Some(match asked {
        Asked::Silence(asking) => asking.ways(),
        Asked::Items { .. } => match &finding.owner {
            Some(_) => "done, keep, or another name",
            None => "a name, with a day if there is one (ann, Nov 5), or done",
        }
        .to_string(),
        Asked::Limit { .. } => "a name and a day: ann, 2018-11-01".to_string(),
        Asked::Tentative { .. } => "yes, or the right name".to_string(),
        Asked::Value { text, .. } => match known() {
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
fn turn_to(finding: &FindingRow) -> Option<String> {
    Some(
        match finding.kind.as_str() {
            "unnamed" | "tentative" | "deputy" => "Only the people themselves can say.",
            "untimed" => "Whoever makes the change, and whoever decides when.",
            "unfilled" if finding.text.contains("knows how long it takes") => {
                "Whoever makes the change: time it once, such as 3m, ~45m or <5m."
            }
            "unfilled" if finding.text.contains("rule ") => {
                "`sim tune` finds values that are quiet on good days and quick on bad ones; with \
                 --measured and its folder they are proposed here."
            }
            "unfilled" if finding.text.contains("what is normal") => {
                "`sim baseline LOG` reads it from an access log; with --measured and its file it \
                 is proposed here."
            }
            "silence" | "one-person" | "two-places" => "Whoever leads the response.",
            _ => return None,
        }
        .to_string(),
    )
}

/// Items that are due on the same day and that nobody owns, or that the same person owns, as one
/// question each, at most this many.
const TOGETHER: usize = 9;

/// The same questions, with what can be answered together in one: in the place of the first.
pub fn together(questions: Vec<Question>) -> Vec<Question> {
    let mut all: Vec<Question> = Vec::new();
    for question in questions {
        let akin = |other: &&mut Question| {
            let kin = match &question.kin.0 {
                Some(owner) => other.kin.0.as_ref() == Some(owner),
                None => other.kin == question.kin,
            };
            let items = matches!(other.asked, Asked::Items { .. });
            items && kin && other.severity == question.severity && other.of.len() < TOGETHER
        };
        let Asked::Items { items } = &question.asked else {
            all.push(question);
            continue;
        };
        match all.iter_mut().find(akin) {
            Some(first) => first.join(items, &question.about),
            None => all.push(question),
        }
    }
    all
}

impl Question {
    fn join(&mut self, items: &[Place], about: &str) {
        let shown = |about: &str| about.trim_start_matches("item ").to_string();
        if self.of.is_empty() {
            self.of.push(shown(&self.about));
        }
        self.of.push(shown(about));
        self.about = format!("{}\n{about}", self.about);
        if let Asked::Items { items: mine } = &mut self.asked {
            mine.extend(items);
        }
        let number = self.of.len();
        self.text = match &self.kin {
            (Some(owner), _) => {
                format!("{number} items are {owner}'s: are they done, or whose are they?")
            }
            (None, Some(due)) => {
                format!("Nobody owns {number} items, due {due}: whose are they, or are they done?")
            }
            (None, None) => {
                format!("Nobody owns {number} items: whose are they, or are they done?")
            }
        };
        let how = match self.kin.0 {
            Some(_) => "done (all of them), keep; by number: 1-3 done; 4 ann, Nov 5",
            None => "ann (all of them); by number: 1-3 ann; 4 done; 2 bo, Nov 5",
        };
        self.how = Some(how.to_string());
    }
}
