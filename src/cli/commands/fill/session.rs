//! One session: the question that is asked, what is typed, and the file after every answer.

use super::file::{opened, written};
use super::messages::{
    HELP, asks_channel, ended, hidden, parked, parked_list, refused, takes_ok, told, weight, why,
};
use super::page::page;
use crate::campaign::{Players, WorkerPool};
use crate::cli::shared::draft::Draft;
use crate::cli::shared::{Exit, terminal};
use crate::fill::{
    self, Answerer, FillQuestion, GivenAnswer, Playable, PlayedEffects, Proposals, RankedInputs,
    Refusal,
};
use crate::report::{for_terminal, wrapped};
use crate::scenario::{self, ProblemSeverity, SourceText};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A sitting over one file.
pub(super) struct FillSession {
    path: PathBuf,
    /// The text that the file had when it was last read or written.
    source: SourceText,
    said: Answerer,
    today: Date,
    weighed: RankedInputs,
    /// What may be proposed.
    measured: Proposals,
    /// Assumed numbers that are still to be asked, by path.
    numbers: Vec<String>,
    /// What is not asked again in this sitting.
    passed: Vec<String>,
    asked: Option<FillQuestion>,
    /// What a yes means, where it is asked once more what was meant.
    unsure: Option<GivenAnswer>,
    /// What was answered, parked and passed, the last one last.
    history: Vec<UndoStep>,
    /// Who plays the day, where it is short enough to be played.
    workers: Option<WorkerPool>,
    /// How much each question moves, by what it is about.
    moves: BTreeMap<String, u64>,
    /// Why each matters, of the text as it is.
    reasons: BTreeMap<String, Vec<String>>,
    /// What the next answer goes into: nobody else writes the file meanwhile.
    draft: Option<Draft>,
    answers: usize,
    parked: usize,
}

/// Something that can be taken back.
struct UndoStep {
    /// The text before, if it has changed since.
    text: Option<String>,
    about: Vec<String>,
    number: Option<String>,
    /// How many things it parked; 0: it was an answer.
    parked: usize,
}

impl FillSession {
    pub(super) fn new(
        path: &Path,
        source: SourceText,
        (said, today): (Answerer, Date),
        (weighed, measured): (RankedInputs, Proposals),
        numbers: Vec<String>,
    ) -> FillSession {
        FillSession {
            path: path.to_path_buf(),
            source,
            said,
            today,
            weighed,
            measured,
            numbers,
            passed: Vec::new(),
            asked: None,
            unsure: None,
            history: Vec::new(),
            workers: None,
            moves: BTreeMap::new(),
            reasons: BTreeMap::new(),
            draft: None,
            answers: 0,
            parked: 0,
        }
    }

    /// Takes those who play the day, by which questions are put in their order and told why they
    /// matter.
    pub(super) fn play(&mut self, workers: WorkerPool) {
        let open = self.open();
        let playable = Playable::from_source(&self.source, &self.measured);
        if let Some(mut effects) = playable.as_ref().and_then(PlayedEffects::from_playable) {
            self.moves = effects.simulate_questions(&open, &players(&workers));
            self.workers = Some(workers);
        }
    }

    /// Takes the file into which the next answer goes.
    pub(super) fn keep(&mut self, draft: Option<Draft>) {
        self.draft = draft;
    }

    /// All that is open now. Places move with every answer, so the text is read again.
    fn open(&self) -> Vec<FillQuestion> {
        let Ok(loaded) = scenario::load(&self.source, &[]) else { return Vec::new() };
        let numbers = self.numbers.iter().filter_map(|path| {
            let weight = self.weighed.weights.iter().find(|weight| weight.path == *path)?;
            weight.in_text(&self.source.text).map(|weight| weight.question(&self.measured))
        });
        let asked = fill::questions(&loaded, &self.source.text, &self.measured, self.today).open;
        // What a verdict needs is asked first, what is only to be done last, and how a rule is
        // kept quiet next to the rule.
        let place = |question: &FillQuestion| match question.asked {
            fill::AnswerKind::Expect => 0,
            fill::AnswerKind::Starts { .. } => 1,
            fill::AnswerKind::Number { .. } => 2,
            fill::AnswerKind::Quieter { .. } => 3,
            _ => 4,
        };
        let is_item = |question: &FillQuestion| {
            matches!(
                question.asked,
                fill::AnswerKind::Items { .. } | fill::AnswerKind::Meaning { .. }
            )
        };
        let moves = |question: &FillQuestion| self.moves.get(&question.about).copied();
        let mut open: Vec<FillQuestion> = numbers.chain(asked).collect();
        open.sort_by_cached_key(|question| {
            let moves = std::cmp::Reverse(moves(question).unwrap_or_default());
            let number = matches!(question.asked, fill::AnswerKind::Number { .. });
            let severity = if number { crate::journal::Severity::High } else { question.severity };
            (place(question), severity, is_item(question), moves)
        });
        open.retain(|question| !self.passed.contains(&question.about));
        fill::together(open)
    }

    /// The next question as a page; `None`: there is none.
    pub(super) fn page(&mut self) -> Option<String> {
        let open = self.open();
        let left = open.len();
        let mut question = self.weighed_again(open.into_iter().next()?);
        let reasons = self.reasons(&question);
        question.why.splice(0..0, reasons);
        let mut shown = question.clone();
        if self.unsure.is_some() {
            shown.proposal = None;
            shown.how = Some("yes, or the right answer".to_string());
        }
        self.asked = Some(question);
        Some(page(&shown, left))
    }

    /// Why a question matters, as runs of the plan as it is now show it.
    fn reasons(&mut self, question: &FillQuestion) -> Vec<String> {
        let Some(workers) = &self.workers else { return Vec::new() };
        if let Some(known) = self.reasons.get(&question.about) {
            return known.clone();
        }
        let playable = Playable::from_source(&self.source, &self.measured);
        let effects = playable.as_ref().and_then(PlayedEffects::from_playable);
        let why = effects.map(|mut effects| effects.why(question, &players(workers)));
        let why = why.unwrap_or_default();
        self.reasons.insert(question.about.clone(), why.clone());
        why
    }

    /// What a number changes is described for the plan as it is now.
    fn weighed_again(&self, question: FillQuestion) -> FillQuestion {
        let weights = &self.weighed.weights;
        let weight = weights.iter().find(|weight| weight.path == question.about);
        let weight = weight.filter(|_| self.answers > 0);
        let weight = weight.and_then(|weight| weight.in_text(&self.source.text));
        weight.map_or(question, |weight| weight.again(&self.source).question(&self.measured))
    }

    /// Every open question in a line or two, and what is parked.
    pub(super) fn list(&self, parked: &[String]) -> String {
        let mut text = String::new();
        for question in self.open() {
            let head = format!("  {:<7}  line {:<4} ", weight(&question), question.line);
            let of = (1..).zip(&question.of).map(|(number, of)| format!(" ({number}) {of}"));
            let asked = question.text.clone() + &of.collect::<String>();
            for (index, line) in
                wrapped(&asked, terminal::width().saturating_sub(head.len())).iter().enumerate()
            {
                let before = if index == 0 { head.clone() } else { " ".repeat(head.len()) };
                text += &format!("{before}{line}\n");
            }
        }
        text + &parked_list(parked)
    }

    /// Handles what was typed; `None`: the session ends. Errors have already been reported.
    pub(super) fn typed(&mut self, line: &str) -> Result<Option<String>, Exit> {
        let Some(question) = self.asked.take() else { return Ok(None) };
        let unsure = self.unsure.take();
        if let Some(problem) = hidden(line) {
            return Ok(Some(refused(&problem)));
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        let lower = line.to_lowercase();
        match lower.trim_end_matches(['.', '!']) {
            "help" | "?" | "h" => return Ok(Some(HELP.to_string())),
            "back" | "undo" => return self.back(),
            "yes" | "y" | "ok" | "yes please" => {
                if let Some(answer) = unsure {
                    return self.answer(&question, &answer, true);
                }
            }
            "no" if unsure.is_some() => return Ok(Some(refused("type the right answer"))),
            lower if lower == "why" || lower.starts_with("why ") || lower == "why?" => {
                return Ok(Some(why(&question, &self.source.text)));
            }
            _ => {}
        }
        let answer = match word.to_lowercase().as_str() {
            "" | "skip" if rest.is_empty() => {
                self.pass(question.about.lines(), &question);
                let number = matches!(question.asked, fill::AnswerKind::Number { .. });
                let then = if number { "it stays assumed" } else { "it is asked again next time" };
                return Ok(Some(format!("  Skipped; {then}.\n")));
            }
            "stop" | "quit" | "exit" => return Ok(None),
            "by" if !rest.is_empty() && !asks_channel(&question.asked) => {
                self.said.by = rest.to_string();
                let name = for_terminal(rest, 60);
                return Ok(Some(format!("  From here on, {name} answers.\n")));
            }
            "park" | "park:" => match parked(rest, self.day(), self.today) {
                Ok(answer) => answer,
                Err(problem) => return Ok(Some(refused(&problem))),
            },
            "ok" if question.proposal.is_none()
                && line.len() == 2
                && !takes_ok(&question.asked) =>
            {
                return Ok(Some(refused("no value is proposed here: type an answer")));
            }
            "ok" if line.len() == 2 && !takes_ok(&question.asked) => {
                GivenAnswer::Words(question.proposal.clone().unwrap_or_default())
            }
            _ => GivenAnswer::Words(line.to_string()),
        };
        self.answer(&question, &answer, false)
    }

    /// Writes an answer, or says why it is not written, or asks whether it is meant.
    fn answer(
        &mut self,
        question: &FillQuestion,
        answer: &GivenAnswer,
        sure: bool,
    ) -> Result<Option<String>, Exit> {
        let answered = match fill::answered(&self.source, question, answer, &self.said, sure) {
            Ok(answered) => answered,
            Err(Refusal::No(problem)) => return Ok(Some(refused(&problem))),
            Err(Refusal::Unsure { asks, answer }) => {
                self.unsure = Some(answer);
                let lines = wrapped(&asks, terminal::width() - 2);
                return Ok(Some(lines.iter().map(|line| format!("  {line}\n")).collect()));
            }
        };
        let next = SourceText { text: answered.text, ..self.source.clone() };
        if let Err(problems) = scenario::load(&next, &[]) {
            let problem =
                problems.iter().find(|problem| problem.severity == ProblemSeverity::Error);
            let problem = problem.map_or("it cannot be read".to_string(), |problem| {
                let hint = problem.hint.as_ref().map_or(String::new(), |hint| format!(": {hint}"));
                format!("{}{hint}", problem.message)
            });
            return Ok(Some(refused(&problem)));
        }
        self.save(&next.text)?;
        let before = std::mem::replace(&mut self.source, next).text;
        self.reasons.clear();
        match answer {
            GivenAnswer::Parked { .. } => self.parked += answered.settled.len(),
            GivenAnswer::Words(_) => self.answers += 1,
        }
        self.pass(answered.settled.iter().map(String::as_str), question);
        if let Some(step) = self.history.last_mut() {
            step.text = Some(before.clone());
            step.parked =
                if matches!(answer, GivenAnswer::Parked { .. }) { step.about.len() } else { 0 };
        }
        let told = told(question, answer, &answered.told, (&before, &self.source.text));
        let late = match answer {
            GivenAnswer::Parked { due: Some(due), .. } => {
                due.parse().is_ok_and(|due| self.day() < due)
            }
            _ => false,
        };
        let late =
            if late { "  That is after the plan's own day: it stays as grave.\n" } else { "" };
        Ok(Some(told + late))
    }

    /// Takes the last answer back, or asks again what was passed.
    fn back(&mut self) -> Result<Option<String>, Exit> {
        let Some(step) = self.history.pop() else {
            return Ok(Some(refused("this is the first question of this sitting")));
        };
        let told = match step.text {
            Some(text) => {
                self.save(&text)?;
                self.source.text = text;
                self.reasons.clear();
                match step.parked {
                    0 => self.answers = self.answers.saturating_sub(1),
                    parked => self.parked = self.parked.saturating_sub(parked),
                }
                "  Taken back.\n"
            }
            None => "  Asked again.\n",
        };
        self.passed.retain(|about| !step.about.contains(about));
        if let Some(number) = step.number {
            self.numbers.insert(0, number);
        }
        Ok(Some(told.to_string()))
    }

    /// The day on which the scenario starts.
    fn day(&self) -> Date {
        let loaded = scenario::load(&self.source, &[]);
        loaded.map_or(self.today, |loaded| loaded.plan.calendar.starts().date())
    }

    /// Does not ask these again in this sitting.
    fn pass<'a>(&mut self, about: impl Iterator<Item = &'a str>, question: &FillQuestion) {
        let about: Vec<String> = about.map(str::to_string).collect();
        self.passed.extend(about.iter().cloned());
        let number = match question.asked {
            fill::AnswerKind::Number { .. } if !self.numbers.is_empty() => {
                Some(self.numbers.remove(0))
            }
            _ => None,
        };
        self.history.push(UndoStep { text: None, about, number, parked: 0 });
    }

    /// What was done, and what is left.
    pub(super) fn end(&mut self) -> String {
        let Ok(loaded) = scenario::load(&self.source, &[]) else { return String::new() };
        let questions = fill::questions(&loaded, &self.source.text, &self.measured, self.today);
        let passed = std::mem::take(&mut self.passed);
        let open = self.open();
        let is_passed = |question: &&FillQuestion| {
            question.about.lines().any(|about| passed.iter().any(|passed| passed == about))
        };
        let skipped = open.iter().filter(is_passed).count();
        let high = loaded
            .plan
            .findings
            .iter()
            .filter(|finding| finding.row.severity == crate::journal::Severity::High);
        let path = for_terminal(&self.path.display().to_string(), 200);
        let by = match self.said.by.as_str() {
            "" => String::new(),
            by => format!(" --by {}", crate::report::for_shell(by)),
        };
        ended(
            (self.answers, self.parked),
            (open.len(), skipped, high.count()),
            &questions.parked,
            (&path, &by),
        )
    }

    /// Puts the text on disk, unless somebody else has changed the file since it was read.
    fn save(&mut self, text: &str) -> Result<(), Exit> {
        let draft = match self.draft.take() {
            Some(draft) => draft,
            None => opened(&self.path)?,
        };
        written(&self.path, draft, &self.source.text, text)?;
        self.draft = Some(opened(&self.path)?);
        Ok(())
    }
}

/// Whoever does not want to wait breaks the whole sitting off: every answer is in the file.
fn players(workers: &WorkerPool) -> Players<'_> {
    Players { workers, stop: &|| false, done: &|| {} }
}
