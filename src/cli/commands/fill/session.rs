//! One sitting: the question that is asked, what is typed, and the file after every answer.

use crate::cli::shared::draft::Draft;
use crate::cli::shared::named_file::{Left, replace};
use crate::cli::shared::own::not_written;
use crate::cli::shared::{Exit, terminal};
use crate::fill::{self, Answer, Answerer, Measured, Question, Weighed};
use crate::names::visible;
use crate::report::{for_terminal, wrapped};
use crate::scenario::{self, Severity, Source};
use std::path::{Path, PathBuf};

/// What to do where an answer cannot be written.
const ANOTHER: &str = "free disk space or work on a copy, and start again";

/// A sitting over one file.
pub(super) struct Session {
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
    /// What the next answer goes into: nobody else writes the file meanwhile.
    draft: Option<Draft>,
    answers: usize,
    parked: usize,
}

impl Session {
    pub(super) fn new(
        path: &Path,
        source: Source,
        said: Answerer,
        (weighed, measured): (Weighed, Measured),
        numbers: Vec<String>,
    ) -> Session {
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
            draft,
            answers,
            parked,
        }
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
        open.extend(fill::questions(&loaded, &self.source.text, &self.measured).open);
        open.retain(|question| !self.passed.contains(&question.about));
        open
    }

    /// The next question as a page; `None`: there is none.
    pub(super) fn page(&mut self) -> Option<String> {
        let open = self.open();
        let left = open.len();
        let question = open.into_iter().next()?;
        let mut page =
            format!("\n{left} left · line {} · {}\n\n", question.line, question.severity.word());
        for line in wrapped(&question.text, terminal::width() - 2) {
            page += &format!("  {line}\n");
        }
        page.push('\n');
        for why in &question.why {
            for line in wrapped(why, terminal::width() - 4) {
                page += &format!("    {line}\n");
            }
        }
        if let Some(proposal) = &question.proposal {
            let kept = matches!(question.asked, fill::Asked::Number { .. });
            let verb = if kept { "ok: it is" } else { "ok takes" };
            page += &format!("    {verb} {}\n", for_terminal(proposal, 60));
        }
        page += "\n> ";
        self.asked = Some(question);
        Some(page)
    }

    /// Every open question in a line or two.
    pub(super) fn list(&self) -> String {
        let mut text = String::new();
        for question in self.open() {
            let head = format!("  {:<6}  line {:<4} ", question.severity.word(), question.line);
            for (index, line) in
                wrapped(&question.text, terminal::width().saturating_sub(head.len()))
                    .iter()
                    .enumerate()
            {
                let before = if index == 0 { head.clone() } else { " ".repeat(head.len()) };
                text += &format!("{before}{line}\n");
            }
        }
        text
    }

    /// Handles what was typed; `None`: the session ends. Errors have already been reported.
    pub(super) fn typed(&mut self, line: &str) -> Result<Option<String>, Exit> {
        let Some(question) = self.asked.take() else { return Ok(None) };
        if let Some(problem) = hidden(line) {
            return Ok(Some(refused(&problem)));
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.trim();
        let answer = match word.to_lowercase().as_str() {
            "" | "skip" => {
                self.pass(&question);
                return Ok(Some("  Skipped; it is asked again another time.\n".to_string()));
            }
            "stop" | "quit" | "exit" => return Ok(None),
            "by" if !rest.is_empty() => {
                self.said.by = rest.to_string();
                let name = for_terminal(rest, 60);
                return Ok(Some(format!("  From here on, {name} answers.\n")));
            }
            "park" | "park:" => match parked(rest) {
                Ok(answer) => answer,
                Err(problem) => return Ok(Some(refused(&problem))),
            },
            "ok" if question.proposal.is_none() && line.len() == 2 => {
                return Ok(Some(refused("no value is proposed here: type an answer")));
            }
            "ok" if line.len() == 2 => Answer::Words(question.proposal.clone().unwrap_or_default()),
            _ => Answer::Words(line.to_string()),
        };
        let text = match fill::answered(&self.source.text, &question, &answer, &self.said) {
            Ok(text) => text,
            Err(problem) => return Ok(Some(refused(&problem))),
        };
        let path_shown = self.source.path_shown.clone();
        let next = Source::file(path_shown, text);
        if let Err(problems) = scenario::load(&next, &[]) {
            let problem = problems.iter().find(|problem| problem.severity == Severity::Error);
            let problem = problem.map_or("it cannot be read".to_string(), |problem| {
                let hint = problem.hint.as_ref().map_or(String::new(), |hint| format!(": {hint}"));
                format!("{}{hint}", problem.message)
            });
            return Ok(Some(refused(&problem)));
        }
        self.save(&next.text)?;
        self.source = next;
        match answer {
            Answer::Parked { .. } => self.parked += 1,
            Answer::Words(_) => self.answers += 1,
        }
        self.pass(&question);
        Ok(Some(format!("  Written, line {}.\n", question.line)))
    }

    fn pass(&mut self, question: &Question) {
        self.passed.push(question.about.clone());
        if let fill::Asked::Number { .. } = question.asked
            && !self.numbers.is_empty()
        {
            self.numbers.remove(0);
        }
    }

    /// What was done, and what is left.
    pub(super) fn end(&self) -> String {
        let left = match scenario::load(&self.source, &[]) {
            Ok(loaded) => fill::questions(&loaded, &self.source.text, &self.measured),
            Err(_) => fill::Questions::default(),
        };
        let high = left.open.iter().filter(|q| q.severity == crate::journal::Severity::High);
        let path = for_terminal(&self.path.display().to_string(), 200);
        format!(
            "\nAnswered {}, parked {}; {} open, {} of them high.\nNext    sim check {path}\n",
            self.answers,
            self.parked,
            left.open.len(),
            high.count()
        )
    }

    /// Puts the text on disk, unless somebody else has changed the file since it was read.
    fn save(&mut self, text: &str) -> Result<(), Exit> {
        let draft = match self.draft.take() {
            Some(draft) => draft,
            None => opened(&self.path)?,
        };
        let shown = self.path.display();
        replace(&self.path, draft, &self.source.text, text).map_err(|left| match left {
            Left::Changed => {
                let hint =
                    "look at what changed, then start again: earlier answers are in the file";
                terminal::error(&format!("{shown} was changed meanwhile: left as it is"), hint);
                Exit::Broke
            }
            Left::Io(error) => not_written(&self.path, &error, ANOTHER),
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

fn refused(problem: &str) -> String {
    let lines = wrapped(&format!("Not accepted: {problem}."), terminal::width() - 2);
    lines.iter().map(|line| format!("  {line}\n")).collect()
}

/// `ann 2018-11-01`, `ann, 2018-11-01`, `ann`.
fn parked(words: &str) -> Result<Answer, String> {
    let words = words.trim();
    if words.is_empty() {
        return Err("say who takes it: park ann 2018-11-01".to_string());
    }
    let (owner, due) = words.rsplit_once([' ', ',']).unwrap_or((words, ""));
    if due.parse::<jiff::civil::Date>().is_ok() {
        let owner = owner.trim_end_matches([',', ' ']).to_string();
        return Ok(Answer::Parked { owner, due: Some(due.to_string()) });
    }
    if due.starts_with(|letter: char| letter.is_ascii_digit()) {
        return Err(format!("`{due}` is not a date: write 2018-11-01"));
    }
    Ok(Answer::Parked { owner: words.to_string(), due: None })
}
