//! `guesses.csv`: what was guessed, what came of it, and how runs of the same scenario go.

use super::context::{Cell, ReportContext};
use super::guesses::{ActualResult, commonest, middle};
use super::sheet::{ColumnDoc, CsvSheet};
use crate::campaign::UsualRuns;
use crate::journal::{Header, Story};
use crate::rehearsal::{Guess, RecoveryGuess};
use std::io::{self, Write};

/// The file of [`write_guesses`].
pub const GUESSES_FILE: &str = "guesses.csv";

#[rustfmt::skip]
pub(super) const COLUMNS: [ColumnDoc; 8] = [
    ("kind", "", "guess; room: what came of it; runs: the same scenario, simulated"),
    ("who", "", "who guessed"),
    ("runs", "runs", "how many runs there are"),
    ("back_s", "s", "until service is restored, median of runs; blank: not said, or never"),
    ("never", "", "yes: service is not restored before the end; of runs: in more than half"),
    ("longest", "", "the step that takes longest; of runs: in most of them"),
    ("longest_runs", "runs", "in how many runs that is so"),
    ("missing", "", "what will be missing"),
];

/// Writes the guesses, what came of it in the room, and how runs of the same scenario go.
pub fn write_guesses(
    header: &Header,
    story: &Story,
    guesses: &[(String, Guess)],
    usual: &UsualRuns,
    to: Box<dyn Write>,
) -> io::Result<()> {
    let context = ReportContext::new(header, story);
    let came = ActualResult::from_context(&context);
    let mut sheet = CsvSheet::new(to, header, &COLUMNS)?;
    let yes = |never: bool| if never { Cell::from("yes") } else { Cell::Blank };
    for (who, guess) in guesses {
        let back = match guess.back {
            Some(RecoveryGuess::After(span)) => Some(span.seconds()),
            _ => None,
        };
        sheet.row(&[
            Cell::from("guess"),
            Cell::from(who),
            Cell::Blank,
            Cell::number(back, 6),
            yes(guess.back == Some(RecoveryGuess::Never)),
            guess.longest.map_or(Cell::Blank, |phase| Cell::from(phase.word())),
            Cell::Blank,
            guess.missing.as_ref().map_or(Cell::Blank, Cell::from),
        ])?;
    }
    sheet.row(&[
        Cell::from("room"),
        Cell::Blank,
        Cell::Blank,
        Cell::number(came.back, 6),
        yes(came.incident && came.back.is_none()),
        came.longest.map_or(Cell::Blank, |(phase, _)| Cell::from(phase.word())),
        Cell::Blank,
        Cell::Blank,
    ])?;
    if usual.runs() > 0 {
        let (back, often) = (middle(usual), commonest(usual));
        sheet.row(&[
            Cell::from("runs"),
            Cell::Blank,
            Cell::from(usual.runs()),
            Cell::number(back, 6),
            yes(back.is_none()),
            often.map_or(Cell::Blank, |(phase, _)| Cell::from(phase.word())),
            often.map_or(Cell::Blank, |(_, runs)| Cell::from(runs)),
            Cell::Blank,
        ])?;
    }
    sheet.finish()
}
