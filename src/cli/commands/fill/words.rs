//! Words of a sitting: what it says besides questions, and what is typed besides answers.

use crate::cli::shared::terminal;
use crate::fill::{self, Answer, Asked, Question};
use crate::report::{for_terminal, wrapped};

/// What a sitting may be told besides answers.
pub(super) const HELP: &str = "
  An answer       goes into the file
  ok              takes what is proposed; an assumed number becomes yours
  park WHO DAY    somebody takes it with them: park ann Nov 1, park ann Friday
  skip            the next question; this one is asked again another time
  back            takes the last answer back, or asks again what was passed
  by NAME         somebody else answers from here on
  stop            ends here; what is answered is in the file
";

/// How much a question matters, in a word.
pub(super) fn weight(question: &Question) -> &'static str {
    match question.asked {
        Asked::Number { .. } => "assumed",
        _ => question.severity.word(),
    }
}

/// Questions of which `ok` is an answer of its own.
pub(super) fn takes_ok(asked: &Asked) -> bool {
    matches!(asked, Asked::Items { .. } | Asked::Tentative { .. })
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

/// Where an answer went.
pub(super) fn written(question: &Question, answer: &Answer) -> String {
    let line = match question.of.len() {
        0 => format!("line {}", question.line),
        _ => format!("from line {} on", question.line),
    };
    match answer {
        Answer::Words(_) => format!("  Written, {line}.\n"),
        Answer::Parked { owner, due } => {
            let owner = for_terminal(owner, 60);
            let until =
                due.as_ref().map_or(", without a day".to_string(), |due| format!(" until {due}"));
            format!("  Parked with {owner}{until}, {line}.\n")
        }
    }
}

pub(super) fn refused(problem: &str) -> String {
    let lines = wrapped(&format!("Not accepted: {problem}."), terminal::width() - 2);
    lines.iter().map(|line| format!("  {line}\n")).collect()
}

/// `ann 2018-11-01`, `ann, Nov 1`, `ann`. A day without a year is one of the scenario's.
pub(super) fn parked(words: &str, year: i16, today: &str) -> Result<Answer, String> {
    let heads = ["it for ", "it with ", "for ", "with ", "it: "];
    let words = words.trim();
    let words = heads.iter().find_map(|head| words.strip_prefix(head)).unwrap_or(words).trim();
    if words.is_empty() {
        return Err("say who takes it: park ann 2018-11-01".to_string());
    }
    let today = today.parse().map_err(|_| "nobody knows which day it is: give --on")?;
    let (owner, due) = fill::until(words, year, today)?;
    if owner.is_empty() {
        return Err("say who takes it as well: park ann 2018-11-01".to_string());
    }
    Ok(Answer::Parked { owner: owner.to_string(), due: due.map(|due| due.to_string()) })
}
