//! A question as it is shown on a screen.

use super::messages::weight;
use crate::cli::shared::terminal;
use crate::fill::{self, FillQuestion};
use crate::report::{for_terminal, wrapped};

/// A question as a page, with how many are left: whole on a screen of 24 lines.
pub(super) fn page(question: &FillQuestion, left: usize) -> String {
    let word = weight(question);
    let mut page = format!("\n{left} left · line {} · {word}\n\n", question.line);
    for line in wrapped(&question.text, terminal::width() - 2) {
        page += &format!("  {line}\n");
    }
    let mut below = String::new();
    for why in &question.why {
        for line in wrapped(why, terminal::width() - 4) {
            below += &format!("    {line}\n");
        }
    }
    if let Some(how) = &question.how {
        for line in wrapped(&format!("Answer with: {how}."), terminal::width() - 4) {
            below += &format!("    {line}\n");
        }
    }
    if let Some(proposal) = &question.proposal {
        let kept = matches!(question.asked, fill::AnswerKind::Number { .. });
        let verb = if kept { "ok: it is" } else { "ok takes" };
        below += &format!("    {verb} {}\n", for_terminal(proposal, 60));
    }
    below += "    (or: skip, park WHO DAY, back, why, stop, help)\n\n> ";
    let each = |of: &String| wrapped(of, terminal::width() - 8);
    let whole: usize = question.of.iter().map(|of| each(of).len()).sum();
    // What is long is cut where all of it would not fit.
    let fits = page.lines().count() + whole + below.lines().count() <= SCREEN;
    for (number, of) in (1..).zip(&question.of) {
        let lines = if fits { each(of) } else { vec![for_terminal(of, terminal::width() - 8)] };
        for (at, line) in lines.iter().enumerate() {
            let number = if at == 0 { number.to_string() } else { String::new() };
            page += &format!("    {number:>2}  {line}\n");
        }
    }
    page + "\n" + &below
}

/// Lines of a small screen, less those that say what came of the last answer.
const SCREEN: usize = 20;
