//! What is still open in a scenario, as questions.

use crate::fault::FaultStart;
use crate::journal::{Expectation, FindingKind, FindingRow, PlanFinding, Severity};
use crate::language::edit::Editor;
use crate::language::node::{Node, NodeKind};
use crate::language::source::Place;
use crate::scenario::{LoadedPlan, NoisyRule};
use jiff::civil::Date;

use super::asked::{AnswerKind, asked, goes_to, key_of, path};
use super::measured::{Proposal, Proposals};
use super::numbers::numbers;
use super::parked;
use super::path_questions;
use super::places::first_open;
use super::start;
use super::wording::{about, asks, how, item, of_plan, of_role, who_may_know};

/// One question.
#[derive(Debug, Clone, PartialEq)]
pub struct FillQuestion {
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
    pub asked: AnswerKind,
    /// What it is about: the same question in other words has the same. A line for each thing that
    /// is asked together.
    pub about: String,
    /// The path of what is open, as `--set` takes it.
    pub(super) path: Option<String>,
    /// The text of the item that is asked for; empty for what is none.
    pub(super) item: String,
    /// Who has it and by when it is due: questions with the same of both are asked together.
    pub(super) kin: (Option<String>, Option<String>),
}

/// What is open in a scenario.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Questions {
    /// To be asked, in this order.
    pub open: Vec<FillQuestion>,
    /// What somebody has taken with them: what it is, with who and until when.
    pub parked: Vec<String>,
    /// How many stand in included files, which other scenarios share.
    pub included: usize,
}

/// The questions that the findings of a scenario ask, the gravest first, each thing once; `today`
/// says what is parked until a day that is over.
pub fn questions(loaded: &LoadedPlan, text: &str, measured: &Proposals, today: Date) -> Questions {
    let editor = Editor::new(text);
    let mut found = Questions::default();
    let Some(root) = editor.root() else { return found };
    let mut findings: Vec<&PlanFinding> = loaded.plan.findings.iter().collect();
    // What is only to be done comes after what a run can show.
    findings.sort_by_key(|PlanFinding { row, .. }| {
        (row.severity, row.kind == FindingKind::Checklist, row.line)
    });
    let mut asking =
        QuestionCollector { editor: &editor, root, today, found: &mut found, seen: Vec::new() };
    for question in [limit(root, loaded), begins(root, &editor, today)].into_iter().flatten() {
        asking.add(question);
    }
    for finding in findings {
        if matches!(
            finding.row.kind,
            FindingKind::Unused | FindingKind::Autoscaling | FindingKind::Capacity
        ) {
            continue;
        }
        if finding.row.file.is_some() {
            asking.found.included += 1;
            continue;
        }
        asking.finding(loaded, finding, measured);
    }
    for question in noisy(root, loaded, &editor).into_iter().chain(strikes(root, loaded, &editor)) {
        asking.add(question);
    }
    for number in numbers(&editor) {
        let parked = number.parked(&editor).filter(|parked| !parked.is_over(today));
        if let Some(parked) = parked {
            let text = path_questions::number(&number.path);
            found.parked.push(format!("{text} {}", parked.words()));
        }
    }
    found
}

/// Where questions are gathered.
struct QuestionCollector<'a> {
    editor: &'a Editor,
    root: &'a Node,
    today: Date,
    found: &'a mut Questions,
    seen: Vec<Place>,
}

impl QuestionCollector<'_> {
    /// Adds a question, or what it asks to what is parked.
    fn add(&mut self, mut question: FillQuestion) {
        let comment = self.editor.comment_of(question.line);
        match parked::from_comment(comment, key_of(&question.asked)) {
            Some(parked) if !parked.is_over(self.today) => {
                let ended = question.text.ends_with(['?', '.']);
                let colon = if ended { "" } else { ":" };
                let text = format!("{}{colon} {}", question.text, parked.words());
                self.found.parked.push(text);
            }
            Some(parked) => {
                question.why.insert(0, parked.again());
                self.found.open.push(question);
            }
            None => self.found.open.push(question),
        }
    }

    /// What a finding asks, if no other has asked it yet.
    fn finding(&mut self, loaded: &LoadedPlan, finding: &PlanFinding, measured: &Proposals) {
        let (root, editor, row) = (self.root, self.editor, &finding.row);
        if finding.place.source > 0 {
            return;
        }
        let Some(asked) = asked(root, &loaded.plan, finding) else { return };
        let at = goes_to(&asked).unwrap_or(finding.place);
        if self.seen.contains(&at) || self.is_kept(&asked, row, at) {
            return;
        }
        self.seen.push(at);
        if let AnswerKind::Meaning { what, items } = &asked
            && self.is_asked_already(what, items)
        {
            return;
        }
        let about = about(root, finding, &asked);
        let figure = proposed(root, &asked, measured);
        let basis = figure.map(|figure| format!("{} ({})", figure.value, figure.basis));
        let turn_to = basis.or(who_may_know(finding));
        // What is written into the file by hand is not what is answered here.
        let hint = finding.hint.clone().filter(|_| matches!(asked, AnswerKind::Other));
        let plan = of_plan(editor, at.line, &asked);
        let why = plan.into_iter().chain(of_role(root, editor, &asked));
        self.add(FillQuestion {
            line: at.line,
            text: asks(root, editor, finding, &asked),
            item: item(root, &asked).to_string(),
            of: Vec::new(),
            why: why.chain(hint).chain(turn_to).collect(),
            how: how(root, finding, &asked),
            proposal: figure.map(|figure| figure.value.clone()),
            severity: row.severity,
            kin: (row.owner.clone(), row.due.clone()),
            path: path(root, &asked),
            asked,
            about,
        });
    }

    /// Adds items to the question that asks for the same already, if one does.
    fn is_asked_already(&mut self, what: &str, items: &[Place]) -> bool {
        self.found.open.iter_mut().any(|question| match &mut question.asked {
            AnswerKind::Meaning { what: asked, items: mine } if asked == what => {
                mine.extend(items);
                true
            }
            _ => false,
        })
    }

    /// Whether somebody has said of an item with an owner that it stays so, or has given it to
    /// them, and its day is not over since then.
    fn is_kept(&self, asked: &AnswerKind, finding: &FindingRow, at: Place) -> bool {
        let owned = matches!(asked, AnswerKind::Items { .. }) && finding.owner.is_some();
        let comment = self.editor.comment_of(at.line);
        let said = comment.rsplit_once("[o] ").map(|(_, said)| said.split(';').next());
        let Some(said) = said.flatten().filter(|_| owned && !comment.contains("parked: ")) else {
            return false;
        };
        let on = said.rsplit([' ', ',']).next().and_then(|day| day.parse::<Date>().ok());
        let due = finding.due.as_ref().and_then(|due| due.parse::<Date>().ok());
        let over = on.zip(due).is_some_and(|(on, due)| on < due && due < self.today);
        !over
    }
}

/// When the day of a draft begins, until somebody has said that this is right.
fn begins(root: &Node, editor: &Editor, today: Date) -> Option<FillQuestion> {
    let draft = root.get("draft").and_then(Node::text) == Some("true");
    let starts = root.get("starts").filter(|_| draft)?;
    if editor.comment_of(starts.place.line).contains("[o] ") {
        return None;
    }
    let (place, text) = (starts.place, starts.text()?.to_string());
    let (words, over) = start::in_words(&text, today)?;
    let over = over.then_some("That day is over: if only the year is wrong, type the year.");
    let why = "The rehearsal is played for that day: who is on duty, what is due.";
    Some(FillQuestion {
        line: place.line,
        text: format!("The rehearsal begins on {words}. Is that right?"),
        why: over.into_iter().chain([why]).map(str::to_string).collect(),
        how: Some("ok, or a day and a time: Nov 5, 10 AM".to_string()),
        severity: Severity::Medium,
        ..FillQuestion::new(AnswerKind::Starts { place, text }, "starts")
    })
}

/// Rules that chance alone makes fire, each with what would keep it quiet.
fn noisy(root: &Node, loaded: &LoadedPlan, editor: &Editor) -> Vec<FillQuestion> {
    let asked = loaded.noisy.iter().filter(|noisy| noisy.place.source == 0).filter_map(|noisy| {
        let NoisyRule { rule: name, forecast, why, .. } = noisy;
        let (key, value) = noisy.remedy.clone()?;
        let line = noisy.place.line;
        // A rule of this file, of which nobody has said that it stays so.
        let written = root.get("rules").is_some();
        if !written || editor.comment_of(line).contains("[o] noise: ") {
            return None;
        }
        let proposed = format!("{key}: {value}");
        let lasts = match key {
            "for" => format!("Only if it lasts for {value}?"),
            _ => format!("With `{proposed}`?"),
        };
        Some(FillQuestion {
            line,
            text: format!("`{name}` would fire while nothing is wrong. {lasts}"),
            why: vec![
                format!("Forecast, not simulated: {forecast}; {why}."),
                format!("With `{proposed}` the same forecast calls it quiet."),
            ],
            how: Some("ok, another time such as 5m, or keep".to_string()),
            proposal: Some(proposed),
            severity: Severity::Medium,
            ..FillQuestion::new(
                AnswerKind::Quieter { path: format!("rules.{name}"), key: key.to_string(), value },
                &format!("noise of {name}"),
            )
        })
    });
    asked.collect()
}

/// A fault of a draft that strikes before the last change of its launch: a rehearsal of nothing.
fn strikes(root: &Node, loaded: &LoadedPlan, editor: &Editor) -> Option<FillQuestion> {
    use crate::decision::{LaunchAction, LaunchTime};
    let plan = &loaded.plan;
    let draft = root.get("draft").and_then(Node::text) == Some("true");
    let changes = plan.playbook.launch.iter().filter_map(|step| match (&step.action, step.at) {
        (LaunchAction::Change { .. }, Some(LaunchTime::At(time))) => Some(time),
        _ => None,
    });
    let last = changes.max().filter(|_| draft)?;
    let NodeKind::List(faults) = &root.get("faults")?.kind else { return None };
    let (FaultStart::At(time), Some(place)) =
        (plan.faults.first()?.start, faults.first()?.get("at").map(|at| at.place))
    else {
        return None;
    };
    if time > last || editor.comment_of(place.line).contains("[o] at: ") {
        return None;
    }
    let (time, last) = (plan.calendar.short(time), plan.calendar.short(last));
    Some(FillQuestion {
        line: place.line,
        text: format!(
            "The rehearsed failure comes at {time}, before the last change of the launch at \
             {last}. When should it come?"
        ),
        why: vec!["A failure before the launch says nothing of the launch.".to_string()],
        how: Some("a time of day, such as 2:30 PM; or ok, if it is right".to_string()),
        severity: Severity::Medium,
        ..FillQuestion::new(AnswerKind::Strikes { place }, "when the failure comes")
    })
}

/// How soon it must be over: without an answer, no run can say whether the plan is good enough.
fn limit(root: &Node, loaded: &LoadedPlan) -> Option<FillQuestion> {
    let plan = &loaded.plan;
    let bounds = |expectation: &Expectation| {
        matches!(expectation, Expectation::Recovered { .. } | Expectation::Contained { .. })
    };
    // A plan that expects no alert, or that nothing breaks in, has nothing to be over.
    let silent = |expectation: &Expectation| matches!(expectation, Expectation::Alerts { .. });
    if plan.faults.is_empty() || plan.expect.iter().any(|e| bounds(e) || silent(e)) {
        return None;
    }
    let why = "Until somebody says so, many runs give no verdict.";
    Some(FillQuestion {
        line: root.get("expect").or(root.get("scenario")).map_or(1, |at| at.place.line),
        text: "When something breaks, how soon must users be served again?".to_string(),
        why: vec![why.to_string(), "Whoever answers for the launch.".to_string()],
        how: Some("a time, with how often if not nearly always: 1h, or 1h in 90%".to_string()),
        severity: Severity::High,
        ..FillQuestion::new(AnswerKind::Expect, "expect")
    })
}

/// What has been measured for the value that is open here. A multiple of what nobody has
/// measured yet is not an answer.
fn proposed<'a>(root: &Node, asked: &AnswerKind, measured: &'a Proposals) -> Option<&'a Proposal> {
    let AnswerKind::Value { text, .. } = asked else { return None };
    let unmeasured = || root.get("baseline").is_some_and(|node| first_open(node).is_some());
    if text.contains("baseline") && unmeasured() {
        return None;
    }
    measured.figure(&path(root, asked)?)
}

/// Items that are due on the same day and that nobody owns, or that the same person owns, as one
/// question each, at most this many.
const TOGETHER: usize = 9;

/// The same questions, with what can be answered together in one: in the place of the first.
pub fn together(questions: Vec<FillQuestion>) -> Vec<FillQuestion> {
    let mut all: Vec<FillQuestion> = Vec::new();
    for question in questions {
        let akin = |other: &&mut FillQuestion| {
            let kin = match &question.kin.0 {
                Some(owner) => other.kin.0.as_ref() == Some(owner),
                None => other.kin == question.kin,
            };
            let items = matches!(other.asked, AnswerKind::Items { .. });
            items && kin && other.severity == question.severity && other.of.len() < TOGETHER
        };
        let AnswerKind::Items { items } = &question.asked else {
            all.push(question);
            continue;
        };
        match all.iter_mut().find(akin) {
            Some(first) => first.join(items, &question),
            None => all.push(question),
        }
    }
    all
}

impl FillQuestion {
    /// A question of this kind about this, with nothing else said.
    fn new(asked: AnswerKind, about: &str) -> FillQuestion {
        FillQuestion {
            line: 0,
            text: String::new(),
            of: Vec::new(),
            why: Vec::new(),
            how: None,
            proposal: None,
            severity: Severity::Medium,
            asked,
            about: about.to_string(),
            path: None,
            item: String::new(),
            kin: (None, None),
        }
    }

    fn join(&mut self, items: &[Place], other: &FillQuestion) {
        if self.of.is_empty() {
            self.of.push(self.item.clone());
        }
        self.of.push(other.item.clone());
        self.about = format!("{}\n{}", self.about, other.about);
        if let AnswerKind::Items { items: mine } = &mut self.asked {
            mine.extend(items);
        }
        let number = self.of.len();
        self.text = match &self.kin {
            (Some(owner), _) => {
                let owner = owner.trim_end_matches('?');
                format!("{owner} has {number} items: are they done, or does somebody else?")
            }
            (None, Some(due)) => {
                format!(
                    "Nobody owns these {number} items, due {due}: whose are they, or are they done?"
                )
            }
            (None, None) => {
                format!("Nobody owns these {number} items: whose are they, or are they done?")
            }
        };
        let how = match self.kin.0 {
            Some(_) => "done (all), keep (all); by number: 1-3 done, 4 ann, the rest keep",
            None => "ann (all); by number: 1 done, 2-4 ann, 5 not needed, the rest bo",
        };
        self.how = Some(how.to_string());
    }
}
