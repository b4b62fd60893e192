//! From the text of a scenario to its plan, with all problems at once.

use crate::journal::{self, Basis, FindingKind, Severity, WrittenAt};
use crate::language::node::{Node, NodeKind};
use crate::language::problem::{Problem, Problems};
use crate::language::set::Grammar;
use crate::language::source::{Place, SourceText};
use crate::language::written::FromNode;
use crate::language::{include, set, vars, wrong_kind, yaml};
use crate::scenario::document::Document;
use crate::scenario::inputs::inputs;
use crate::scenario::left_open::{self, LeftOpen};
use crate::scenario::lint::run_lints;
use crate::scenario::plan::Plan;
use crate::scenario::resolve::resolve;
use crate::scenario::resolver::plan_finding;
use crate::scenario::rules::noise::NoisyRule;

/// A scenario that can run.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedPlan {
    pub plan: Plan,
    /// Warnings and findings, in the order of their places.
    pub warnings: Problems,
    /// Rules that chance alone makes fire; a warning tells of each.
    pub noisy: Vec<NoisyRule>,
}

/// Reads, checks and resolves a scenario, with some values replaced (`path.to.key`, YAML). What it
/// includes is looked for beside [`SourceText::path_shown`]; a scenario without `include` is only
/// text. If anything is wrong with it, all problems come back at once.
pub fn load(source: &SourceText, sets: &[(String, String)]) -> Result<LoadedPlan, Problems> {
    load_with_faults(source, sets, &[])
}

/// The same with further faults after those of the file, each written as one entry of `faults:`.
pub fn load_with_faults(
    source: &SourceText,
    sets: &[(String, String)],
    faults: &[String],
) -> Result<LoadedPlan, Problems> {
    let source = source.without_mark();
    let text = source.text.clone();
    let mut problems = Problems::new(source);
    let read = read(&text, sets, faults, &mut problems);
    let problems = problems.sorted();
    match read {
        Some((plan, noisy)) if !problems.any_error() => {
            Ok(LoadedPlan { plan, warnings: problems, noisy })
        }
        _ => Err(problems.errors_only()),
    }
}

/// A scenario as a tree, with what it includes and its variables filled in, and the texts that its
/// places point into. Everything wrong with it that keeps it from being one comes back at once.
pub fn tree(source: &SourceText) -> Result<(Node, Problems), Problems> {
    let source = source.without_mark();
    let text = source.text.clone();
    let mut problems = Problems::new(source);
    let Some(root) = root(&text, &top_keys(), &mut problems) else {
        return Err(problems.errors_only());
    };
    if !matches!(root.kind, NodeKind::Map(_)) {
        // What it should be is said by whoever reads the keys of a scenario.
        Document::read(&root, &mut problems);
        return Err(problems.errors_only());
    }
    let mut root = include::merged(root, &mut problems);
    vars::fill(&mut root, &top_keys(), &mut problems);
    match problems.any_error() {
        true => Err(problems.errors_only()),
        false => Ok((root, problems)),
    }
}

/// What is written in a file, unless it is empty or another kind of file.
fn root(text: &str, keys: &[&'static str], problems: &mut Problems) -> Option<Node> {
    let path = problems.sources[0].path_shown.clone();
    if let Some(foreign) = wrong_kind::by_text(&path, text) {
        problems.push(foreign);
        return None;
    }
    let root = yaml::parse(text, 0, problems)?;
    if let Some(foreign) =
        wrong_kind::by_keys(&path, &root, wrong_kind::ExpectedFile::Scenario, keys)
    {
        problems.push(foreign);
        return None;
    }
    if root.kind == NodeKind::Null {
        let problem = Problem::error(Place::default(), "the file is empty");
        problems.push(problem.hint("a scenario begins with `scenario: what happens`"));
        return None;
    }
    Some(root)
}

/// Keys by which the parts of lists are called.
pub(super) const NAMES: [&str; 3] = ["alert", "criterion", "item"];

/// The plan of a scenario, as far as there is one, with its noisy rules; all problems are recorded.
pub fn read(
    text: &str,
    sets: &[(String, String)],
    faults: &[String],
    problems: &mut Problems,
) -> Option<(Plan, Vec<NoisyRule>)> {
    let keys = top_keys();
    let mut root = root(text, &keys, problems)?;
    root = include::merged(root, problems);
    if problems.any_error() {
        return None;
    }
    let grammar = Grammar { shape: Document::shape(), names: &NAMES };
    for (path, value) in sets {
        set::set(&mut root, path, value, &grammar, problems);
    }
    for fault in faults {
        set::append(&mut root, "faults", fault, problems);
    }
    let filled = vars::fill(&mut root, &keys, problems);
    let open = left_open::leave_out(&mut root, &grammar.shape);
    let read = Document::read(&root, problems).and_then(|document| {
        let mut plan = resolve(&document, problems)?;
        for LeftOpen { place, text } in open {
            let hint = "agree on a value before the day; until then nobody can rehearse it";
            let problem = Problem::finding(place, &*text).hint(hint).weighing(Severity::Medium);
            let kind = (FindingKind::Unfilled, Severity::Medium);
            plan.findings.push(plan_finding(problems, kind, text.into(), &problem));
            problems.push(problem);
        }
        let (findings, noisy) = run_lints(&document, &plan, problems);
        plan.findings.extend(findings);
        plan.inputs = inputs(&document, &plan, problems);
        if document.draft == Some(true) {
            plan.scenario = draft_title(&plan);
        }
        parked(&mut plan, text, problems);
        Some((plan, noisy))
    });
    problems.trace(&filled);
    read
}

/// A draft says on everything that is made of it how much of it nobody has looked at.
fn draft_title(plan: &Plan) -> String {
    let written = plan.inputs.iter().filter(|input| input.from != WrittenAt::Default);
    let known: Vec<Basis> = written.filter_map(|input| input.basis).collect();
    let yours = known.iter().filter(|basis| **basis != Basis::Assumed).count();
    match yours == known.len() {
        true => plan.scenario.clone(),
        false => journal::draft_title(yours, known.len(), &plan.scenario),
    }
}

/// Findings whose line says that somebody has taken it with them: `# parked: ann, 2018-11-01`. Who
/// and by when is known then, and with a day before the launch none of them is severe any more.
fn parked(plan: &mut Plan, text: &str, problems: &mut Problems) {
    let starts = plan.calendar.starts().date();
    let in_time = |due: &str| due.parse::<jiff::civil::Date>().is_ok_and(|day| day <= starts);
    let lines: Vec<&str> = text.lines().collect();
    let parking_at = |line: usize| lines.get(line.checked_sub(1)?).and_then(|line| parking(line));
    let rows = plan.findings.iter_mut().map(|finding| &mut finding.row);
    for finding in rows.filter(|finding| finding.file.is_none()) {
        let Some((owner, due)) = finding.line.and_then(|line| parking_at(line as usize)) else {
            continue;
        };
        finding.owner = Some(owner.to_string()).filter(|owner| !owner.is_empty());
        finding.due = due.map(str::to_string);
        if due.is_some_and(in_time) && finding.severity == Severity::High {
            finding.severity = Severity::Medium;
        }
    }
    problems.cap_severity(Severity::Medium, |problem| {
        let here = problem.place.source == 0;
        let parked = parking_at(problem.place.line as usize).filter(|_| here);
        parked.and_then(|(_, due)| due).is_some_and(in_time)
    });
}

/// Who has taken what this line says with them, and by when.
fn parking(line: &str) -> Option<(&str, Option<&str>)> {
    let (_, note) = line.split_once(PARKED)?;
    let note = note.split([';', '[']).next().unwrap_or_default().trim();
    let dated = note.rsplit_once(", ").filter(|(_, due)| due.parse::<jiff::civil::Date>().is_ok());
    Some(dated.map_or((note, None), |(owner, due)| (owner, Some(due))))
}

/// What a comment begins with beside something that somebody has taken with them.
pub const PARKED: &str = "parked: ";

/// The keys at the top of a scenario.
pub fn top_keys() -> Vec<&'static str> {
    Document::keys().iter().map(|known| known.key).collect()
}
