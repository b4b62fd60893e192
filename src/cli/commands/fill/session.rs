//! One sitting: the question that is asked, what is typed, and the file after every answer.

use super::words::{HELP, parked, parked_list, refused, takes_ok, weight, written};
use crate::campaign::{Players, WorkerPool};
use crate::cli::shared::draft::Draft;
use crate::cli::shared::named_file::{NotReplaced, replace};
use crate::cli::shared::ownership::not_written;
use crate::cli::shared::{Exit, terminal};
use crate::fill::{self, Answer, Answerer, Effects, Measured, Question, Weighed};
use crate::names::visible;
use crate::report::{for_terminal, wrapped};
use crate::scenario::{self, Severity, Source};
use std::path::{Path, PathBuf};

/// What to do where an answer cannot be written.
const ANOTHER: &str = "free disk space or work on a copy, and start again";

/// A sitting over one file.
pub(super) struct Session<'p> {
    path: PathBuf,
    /// The text that the file had when it was last read or written.
    source: Source,
    said: Answerer,
    weighed: Weighed,
    /// What may be proposed.
    measured: Measured,
    /// Assumed numbers that are still to be asked, by path.
    numbers: Vec<String>,
    /// What is not asked again in this sitting.
    passed: Vec<String>,
    asked: Option<Question>,
    /// What was answered, parked and passed, the last one last.
    history: Vec<UndoStep>,
    /// What answers change, where days are short enough to be played.
    effects: Option<(Effects<'p>, WorkerPool)>,
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
    parked: bool,
}

impl<'p> Session<'p> {
    pub(super) fn new(
        path: &Path,
        source: Source,
        said: Answerer,
        (weighed, measured): (Weighed, Measured),
        numbers: Vec<String>,
    ) -> Session<'p> {
        let path = path.to_path_buf();
        let (passed, asked, draft) = (Vec::new(), None, None);
        let (answers, parked) = (0, 0);
        Session {
            path,
            source,
            said,
            weighed,
            measured,
            numbers,
            passed,
            asked,
            history: Vec::new(),
            effects: None,
            draft,
            answers,
            parked,
        }
    }

    /// Takes the runs by which questions are put in their order and told why they matter.
    pub(super) fn play(&mut self, mut effects: Effects<'p>, workers: WorkerPool) {
        let open = self.open();
        effects.look(&open, &players(&workers));
        self.effects = Some((effects, workers));
    }

    /// Takes the file into which the next answer goes.
    pub(super) fn keep(&mut self, draft: Option<Draft>) {
        self.draft = draft;
    }

    /// All that is open now. Places move with every answer, so the text is read again.
    fn open(&self) -> Vec<Question> {
        let Ok(loaded) = scenario::load(&self.source, &[]) else { return Vec::new() };
        let numbers = self.numbers.iter().filter_map(|path| {
            let weight = self.weighed.weights.iter().find(|weight| weight.path == *path)?;
            weight.in_text(&self.source.text).map(|weight| weight.question(&self.measured))
        });
        let mut open: Vec<Question> = numbers.collect();
        let mut asked = fill::questions(&loaded, &self.source.text, &self.measured).open;
        if let Some((effects, _)) = &self.effects {
            // What has to be known for a verdict stays first, what is only to be done last.
            asked.sort_by_key(|question| {
                let rank = match question.asked {
                    fill::Asked::Expect => 0,
                    fill::Asked::Items { .. } => 2,
                    _ => 1,
                };
                (question.severity, rank, std::cmp::Reverse(effects.moves(question)))
            });
        }
        open.extend(asked);
        open.retain(|question| !self.passed.contains(&question.about));
        fill::together(open)
    }

    /// The next question as a page; `None`: there is none.
    pub(super) fn page(&mut self) -> Option<String> {
        let open = self.open();
        let left = open.len();
        let mut question = self.weighed_again(open.into_iter().next()?);
        if let Some((effects, workers)) = &mut self.effects {
            let why = effects.why(&question, &players(workers));
            question.why.splice(0..0, why);
        }
        let word = weight(&question);
        let mut page = format!("\n{left} left · line {} · {word}\n\n", question.line);
        for line in wrapped(&question.text, terminal::width() - 2) {
            page += &format!("  {line}\n");
        }
        for (number, of) in (1..).zip(&question.of) {
            for (at, line) in wrapped(of, terminal::width() - 8).iter().enumerate() {
                let number = if at == 0 { number.to_string() } else { String::new() };
                page += &format!("    {number:>2}  {line}\n");
            }
        }
        page.push('\n');
        for why in &question.why {
            for line in wrapped(why, terminal::width() - 4) {
                page += &format!("    {line}\n");
            }
        }
        if let Some(how) = &question.how {
            for line in wrapped(&format!("Answer with: {how}."), terminal::width() - 4) {
                page += &format!("    {line}\n");
            }
        }
        if let Some(proposal) = &question.proposal {
            let kept = matches!(question.asked, fill::Asked::Number { .. });
            let verb = if kept { "ok: it is" } else { "ok takes" };
            page += &format!("    {verb} {}\n", for_terminal(proposal, 60));
        }
        page += "    (or: skip, park WHO DAY, back, stop, help)\n\n> ";
        self.asked = Some(question);
        Some(page)
    }

    /// What a number moves is told of the plan as it is by now.
    fn weighed_again(&self, question: Question) -> Question {
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
        if let Some(problem) = hidden(line) {
            return Ok(Some(refused(&problem)));
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        match line.to_lowercase().as_str() {
            "help" | "?" | "h" => return Ok(Some(HELP.to_string())),
            "back" | "undo" => return self.back(),
            _ => {}
        }
        let answer = match word.to_lowercase().as_str() {
            "" | "skip" => {
                self.pass(question.about.lines(), &question);
                return Ok(Some("  Skipped; it is asked again another time.\n".to_string()));
            }
            "stop" | "quit" | "exit" => return Ok(None),
            "by" if !rest.is_empty() => {
                self.said.by = rest.to_string();
                let name = for_terminal(rest, 60);
                return Ok(Some(format!("  From here on, {name} answers.\n")));
            }
            "park" | "park:" => match parked(rest, self.year(), &self.said.on) {
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
                Answer::Words(question.proposal.clone().unwrap_or_default())
            }
            _ => Answer::Words(line.to_string()),
        };
        let answered = match fill::answered(&self.source, &question, &answer, &self.said) {
            Ok(answered) => answered,
            Err(problem) => return Ok(Some(refused(&problem))),
        };
        let next = Source { text: answered.text, ..self.source.clone() };
        if let Err(problems) = scenario::load(&next, &[]) {
            let problem = problems.iter().find(|problem| problem.severity == Severity::Error);
            let problem = problem.map_or("it cannot be read".to_string(), |problem| {
                let hint = problem.hint.as_ref().map_or(String::new(), |hint| format!(": {hint}"));
                format!("{}{hint}", problem.message)
            });
            return Ok(Some(refused(&problem)));
        }
        self.save(&next.text)?;
        let before = std::mem::replace(&mut self.source, next).text;
        match answer {
            Answer::Parked { .. } => self.parked += 1,
            Answer::Words(_) => self.answers += 1,
        }
        self.pass(answered.settled.iter().map(String::as_str), &question);
        if let Some(step) = self.history.last_mut() {
            step.text = Some(before);
            step.parked = matches!(answer, Answer::Parked { .. });
        }
        Ok(Some(written(&question, &answer)))
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
                let count = if step.parked { &mut self.parked } else { &mut self.answers };
                *count = count.saturating_sub(1);
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

    /// The year in which the scenario starts.
    fn year(&self) -> i16 {
        let loaded = scenario::load(&self.source, &[]);
        loaded.map_or(2000, |loaded| loaded.plan.calendar.starts().year())
    }

    /// Does not ask these again in this sitting.
    fn pass<'a>(&mut self, about: impl Iterator<Item = &'a str>, question: &Question) {
        let about: Vec<String> = about.map(str::to_string).collect();
        self.passed.extend(about.iter().cloned());
        let number = match question.asked {
            fill::Asked::Number { .. } if !self.numbers.is_empty() => Some(self.numbers.remove(0)),
            _ => None,
        };
        self.history.push(UndoStep { text: None, about, number, parked: false });
    }

    /// What was done, and what is left.
    pub(super) fn end(&self) -> String {
        let left = match scenario::load(&self.source, &[]) {
            Ok(loaded) => fill::questions(&loaded, &self.source.text, &self.measured),
            Err(_) => fill::Questions::default(),
        };
        let path = for_terminal(&self.path.display().to_string(), 200);
        let open = fill::together(left.open);
        let high = open.iter().filter(|q| q.severity == crate::journal::Severity::High).count();
        let mut text = format!(
            "\nAnswered {}, parked {}; {} {} left, {high} of them high.\n",
            self.answers,
            self.parked,
            open.len(),
            if open.len() == 1 { "question is" } else { "questions are" },
        );
        text += &parked_list(&left.parked);
        if !open.is_empty() {
            text += &format!("Go on   sim fill {path}\n");
        }
        text + &format!("Next    sim check {path}\n")
    }

    /// Puts the text on disk, unless somebody else has changed the file since it was read.
    fn save(&mut self, text: &str) -> Result<(), Exit> {
        let draft = match self.draft.take() {
            Some(draft) => draft,
            None => opened(&self.path)?,
        };
        let shown = self.path.display();
        replace(&self.path, draft, &self.source.text, text).map_err(|left| match left {
            NotReplaced::Changed => {
                let hint =
                    "look at what changed, then start again: earlier answers are in the file";
                terminal::error(&format!("{shown} was changed meanwhile: left as it is"), hint);
                Exit::Broke
            }
            NotReplaced::Io(error) => not_written(&self.path, &error, ANOTHER),
        })?;
        self.draft = Some(opened(&self.path)?);
        Ok(())
    }
}

/// Opens the file for an answer, before it is asked for; what is wrong has been told.
pub(super) fn opened(path: &Path) -> Result<Draft, Exit> {
    Draft::at(path).map_err(|error| not_written(path, &error, ANOTHER))
}

/// What cannot be seen does not get into a file that people read.
pub(super) fn hidden(text: &str) -> Option<String> {
    let shown = visible(text);
    (shown != text).then(|| format!("{shown} contains an invisible character: type it again"))
}

/// Whoever does not want to wait breaks the whole sitting off: every answer is in the file.
fn players(workers: &WorkerPool) -> Players<'_> {
    Players { workers, stop: &|| false, done: &|| {} }
}
