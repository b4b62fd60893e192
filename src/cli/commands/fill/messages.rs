//! The messages of a session: what it says besides questions, and what is typed besides answers.

use crate::cli::shared::terminal;
use crate::fill::{self, AnswerKind, FillQuestion, GivenAnswer};
use crate::names::visible;
use crate::report::{for_terminal, wrapped};
use jiff::civil::Date;

/// What a sitting may be told besides answers.
pub(super) const HELP: &str = "
  An answer       goes into the file as you say it: about 45 minutes, 1 PM
  ok              takes what is proposed; an assumed number becomes yours
  park WHO DAY    somebody takes it until then: park ann Nov 1
  skip            the next question
  back, undo      takes the last answer back, or asks again what was passed
  not needed      of a role or an item: it goes, and a comment says who said so
  done, keep      of an item: it is done; it stays with whom it is
  why             what the file and the plan say here
  by NAME         somebody else answers from here on
  stop            ends here; what is answered is in the file
";

/// How much a question matters, in a word.
pub(super) fn weight(question: &FillQuestion) -> &'static str {
    match question.asked {
        AnswerKind::Number { .. } => "assumed",
        _ => question.severity.word(),
    }
}

/// Questions of which `ok` is an answer of its own.
pub(super) fn takes_ok(asked: &AnswerKind) -> bool {
    use AnswerKind::{Items, Starts, Strikes, Tentative};
    matches!(asked, Items { .. } | Tentative { .. } | Starts { .. } | Strikes { .. })
}

/// Questions of which "by phone" is an answer, and no name of whoever answers.
pub(super) fn asks_channel(asked: &AnswerKind) -> bool {
    matches!(asked, AnswerKind::Silence(_))
}

/// What has been parked so far, all of it.
pub(super) fn parked_list(parked: &[String]) -> String {
    let mut text = String::new();
    for (at, parked) in parked.iter().enumerate() {
        let head = if at == 0 { "Parked  " } else { "        " };
        let lines = wrapped(parked, terminal::width().saturating_sub(8));
        for (at, line) in lines.iter().enumerate() {
            text += &format!("{}{line}\n", if at == 0 { head } else { "          " });
        }
    }
    text
}

/// What became of an answer: what was understood, or the line that has changed.
pub(super) fn told(
    question: &FillQuestion,
    answer: &GivenAnswer,
    told: &[String],
    (before, after): (&str, &str),
) -> String {
    let changed = changed(before, after);
    let line = changed.map_or(question.line as usize, |(line, _)| line);
    let text = match answer {
        GivenAnswer::Parked { owner, due } => {
            let owner = for_terminal(owner, 60);
            let until =
                due.as_ref().map_or(", without a day".to_string(), |due| format!(" until {due}"));
            let of = if question.of.is_empty() { "" } else { " from" };
            format!("Parked with {owner}{until},{of} line {line}.")
        }
        GivenAnswer::Words(_) if !told.is_empty() => {
            let of = if question.of.is_empty() { "" } else { "from " };
            let shown = changed.map_or("", |(_, text)| text);
            let values =
                matches!(question.asked, AnswerKind::Value { .. } | AnswerKind::Strikes { .. });
            let shown = if values { format!(" {shown}.") } else { String::new() };
            format!("Written, {of}line {line}:{shown} {}", sentence(&told.join(". ")))
        }
        GivenAnswer::Words(_) => match changed {
            Some((line, text)) => format!("Written, line {line}: {text}"),
            None => format!("Written, line {line}."),
        },
    };
    let lines = wrapped(&for_terminal(&text, 300), terminal::width() - 2);
    lines.iter().map(|line| format!("  {line}\n")).collect()
}

/// The first line that is another one, and what it says without its comment.
fn changed<'t>(before: &str, after: &'t str) -> Option<(usize, &'t str)> {
    let mut old = before.lines();
    let mut new = after.lines().enumerate().filter(|(_, line)| old.next() != Some(line));
    let (at, line) = new.find(|(_, line)| !line.trim().is_empty())?;
    let code = line.split(" #").next().unwrap_or(line).trim();
    let code = code.strip_prefix("- ").unwrap_or(code);
    Some((at + 1, code))
}

fn sentence(text: &str) -> String {
    if text.ends_with(['.', '?']) { text.to_string() } else { format!("{text}.") }
}

/// What the file and the plan say where a question is asked.
pub(super) fn why(question: &FillQuestion, text: &str) -> String {
    let line = text.lines().nth((question.line as usize).saturating_sub(1)).unwrap_or_default();
    let (code, comment) = line.split_once(" #").unwrap_or((line, ""));
    let mut lines = vec![format!("Line {} of the file: {}", question.line, code.trim())];
    if !comment.trim().is_empty() {
        lines.push(format!("Its comment: {}", comment.trim()));
    }
    lines.push(
        match question.asked {
            AnswerKind::Number { .. } => {
                "Nobody has measured it; it was assumed, so that the day can be played at all."
            }
            AnswerKind::Items { .. } | AnswerKind::Meaning { .. } => {
                "It is on the checklist: what nobody has by the day of the launch is not done."
            }
            AnswerKind::Person { .. }
            | AnswerKind::Deputy { .. }
            | AnswerKind::Tentative { .. } => {
                "Whoever is not named cannot be called, told or asked on the day."
            }
            _ => "While it is open, runs go on without it, and `sim check` says so.",
        }
        .to_string(),
    );
    let shown =
        lines.iter().flat_map(|line| wrapped(&for_terminal(line, 240), terminal::width() - 2));
    shown.map(|line| format!("  {line}\n")).collect()
}

/// What was done in a sitting, and what is left.
pub(super) fn ended(
    (answers, parked): (usize, usize),
    (open, skipped, high): (usize, usize, usize),
    all_parked: &[String],
    (path, by): (&str, &str),
) -> String {
    let are = if open == 1 { "question is" } else { "questions are" };
    let skipped = if skipped > 0 { format!(" ({skipped} skipped here)") } else { String::new() };
    let mut text = format!("\nAnswered {answers}, parked {parked}; {open} {are} left{skipped}.\n");
    let findings = match (high, all_parked.len()) {
        (0, _) => "`sim check` finds nothing high in it.".to_string(),
        (high, 0) => format!("`sim check` finds {high} high in it."),
        (high, _) => format!("`sim check` finds {high} high in it, what is parked included."),
    };
    text += &(wrapped(&findings, terminal::width()).join("\n") + "\n");
    text += &parked_list(all_parked);
    if open > 0 {
        text += &format!("Go on   sim fill {path}{by}\n");
    }
    text + &format!("Next    sim check {path}\n")
}

/// What cannot be seen does not get into a file that people read.
pub(super) fn hidden(text: &str) -> Option<String> {
    let shown = visible(text);
    (shown != text).then(|| format!("{shown} contains an invisible character: type it again"))
}

pub(super) fn refused(problem: &str) -> String {
    let problem = problem.trim_end_matches('.');
    let end = if problem.ends_with('?') { "" } else { "." };
    let lines = wrapped(&format!("Not accepted: {problem}{end}"), terminal::width() - 2);
    lines.iter().map(|line| format!("  {line}\n")).collect()
}

/// `ann 2018-11-01`, `ann, Nov 1`, `ann`.
pub(super) fn parked(words: &str, plan: Date, today: Date) -> Result<GivenAnswer, String> {
    let heads = ["it for ", "it with ", "for ", "with ", "it: ", "it "];
    let words = words.trim();
    let words = heads.iter().find_map(|head| words.strip_prefix(head)).unwrap_or(words).trim();
    if words.is_empty() {
        return Err("say who takes it: park ann 2018-11-01".to_string());
    }
    // `The 3rd of November`.
    let spelt = words.replace(" the ", " ").replace(" of ", " ");
    let words = spelt.as_str();
    // A day that is over this year is one of the plan's year, if that is still to come.
    let (owner, due) = match fill::until(words, today.year(), today)? {
        (_, Some(due)) if due < today && plan.year() > today.year() => {
            fill::until(words, plan.year(), today)?
        }
        found => found,
    };
    if owner.is_empty() {
        return Err("say who takes it as well: park ann 2018-11-01".to_string());
    }
    let lower = owner.to_lowercase();
    let of_day = ["by", "until", "end", "week", "month", "next", "before", "soon", "asap", "day"];
    if lower.split(' ').any(|word| of_day.contains(&word)) {
        return Err(format!("`{words}` leaves the day open: write a date, such as ann Nov 1"));
    }
    if let Some(due) = due.filter(|due| *due < today) {
        return Err(format!("{due} is over: write a day from {today} on"));
    }
    Ok(GivenAnswer::Parked { owner: owner.to_string(), due: due.map(|due| due.to_string()) })
}
