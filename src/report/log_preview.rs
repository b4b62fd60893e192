//! The first lines of a log in their parts.

use super::summary::{Ink, Page, Style, inked, plain};
use super::untrusted::for_terminal;
use crate::logs::{LineOutcome, LogPreview, PreviewLine, Role};

/// The widest that a part is shown.
const WIDEST: usize = 46;
/// The most parts of a line that are shown.
const PARTS: usize = 40;

/// How the lines of a log are read. It ends in a newline.
pub fn log_look(look: &LogPreview, style: Style) -> String {
    let mut page = Page::new(style);
    page.title(&for_terminal(&look.name, 200));
    match &look.format {
        Ok(format) => {
            let (requests, of) = look.requests;
            let text = format!("{requests} of the first {of} lines are requests: {format}.");
            page.paragraph(Ink::Plain, &text);
        }
        Err(why) => {
            let text = format!("No known format: it {}.", for_terminal(why, 600));
            page.paragraph(Ink::Bad, &text);
        }
    }
    for (number, cells) in look.lines.iter().enumerate() {
        line(&mut page, number, cells);
    }
    if let Ok(format) = &look.format {
        for role in &look.missing {
            page.paragraph(Ink::Plain, &format!("Missing: {}", words(*role)));
        }
        for guess in format.guesses() {
            page.paragraph(Ink::Plain, &format!("Guessed: {}", for_terminal(guess, 600)));
        }
        if let Some(question) = format.question() {
            let question = for_terminal(question, 600);
            page.paragraph(Ink::Bad, &format!("Needs an answer: {question}"));
        }
    } else {
        let text = "Describe the line with --log-format, or name its parts by their numbers or \
                    names: --field time=4 --field status=6 --field \"elapsed=last ms\".";
        page.paragraph(Ink::Plain, text);
    }
    let mut text = page.finish();
    // To be pasted: nothing of it may be cut off.
    if let Some(section) = look.section() {
        text.push_str("\nFor the scenario\n");
        for row in section.lines() {
            text.push_str("  ");
            text.push_str(&for_terminal(row, 16_000));
            text.push('\n');
        }
    }
    text
}

fn line(page: &mut Page, number: usize, cells: &PreviewLine) {
    page.heading(&format!("Line {}", number + 1));
    page.line(vec![plain("  "), inked(Ink::Faint, for_terminal(&cells.line, 76))]);
    let row = |(name, role, text): &(String, Option<Role>, String)| {
        let says = role.map_or("", Role::word);
        let ink = if role.is_some() { Ink::Good } else { Ink::Faint };
        vec![
            plain(format!("  {}", for_terminal(name, 28))),
            inked(ink, says),
            plain(for_terminal(text, WIDEST)),
        ]
    };
    // The first line shows all parts, the others what they come to.
    if number == 0 {
        page.table(cells.cells.iter().take(PARTS).map(row).collect());
    }
    let text = match &cells.outcome {
        LineOutcome::Request(at, status, took, target) => {
            let took = took.map_or("no response time".to_string(), |took| took.to_string());
            format!("= {at}, status {status}, {took}, {}", for_terminal(target, 30))
        }
        LineOutcome::Other(kind) => format!("= {kind}, not a request"),
        LineOutcome::Bad(why) => format!("= {why}"),
    };
    page.line(vec![plain("  "), plain(text)]);
}

fn words(role: Role) -> &'static str {
    match role {
        Role::Path => "no path: requests count for the whole site alone.",
        Role::Elapsed => "no response time: rules about latency cannot be judged.",
        Role::Agent => "no user agent: browsers cannot be told apart.",
        _ => "a field.",
    }
}
