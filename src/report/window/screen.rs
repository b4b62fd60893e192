//! The launch window on the terminal.

use super::{WindowReport, clock, share, users, word};
use crate::report::summary::{Ink, Page, Style, TextPiece, inked, plain, right};
use crate::window::{HourRating, LaunchHour};

/// Columns of a bar that represents all runs.
const BAR: f64 = 20.0;

/// The sentence, and a strip of all hours. It ends in a newline.
pub fn window_summary(told: &WindowReport, style: Style) -> String {
    let mut page = Page::new(style);
    let window = told.window;
    page.title(&window.scenario);
    let when = window.close.strftime("%a %Y-%m-%d %Z");
    page.paragraph_at(0, Ink::Faint, &format!("When to do {}: {when}, simulated", window.step));
    page.line(Vec::new());
    let best = window.best().map(|(best, _)| window.standing(best));
    let ink = if best == Some(HourRating::Good) { Ink::Good } else { Ink::Fired };
    page.paragraph_at(0, ink, &told.sentence());
    for text in [told.edge(), told.hinge()].iter().flatten() {
        page.paragraph_at(0, Ink::Plain, text);
    }
    page.line(Vec::new());
    let heads = ["start", "service healthy", "", "affected", "on duty", ""];
    let mut rows: Vec<Vec<TextPiece>> = vec![heads.map(|head| inked(Ink::Faint, head)).to_vec()];
    rows.extend(window.hours.iter().map(|hour| row(told, hour)));
    page.table_with_spare(&[4], rows);
    page.line(Vec::new());
    told.unfinished().iter().for_each(|text| page.paragraph_at(0, Ink::Bad, text));
    page.paragraph_at(0, Ink::Faint, &told.how());
    page.finish()
}

fn row(told: &WindowReport, hour: &LaunchHour) -> Vec<TextPiece> {
    let standing = told.window.standing(hour);
    let ink = match standing {
        HourRating::Good => Ink::Good,
        HourRating::Worse => Ink::Bad,
        HourRating::AsGoodAsAny | HourRating::Unsure => Ink::Fired,
        HourRating::Closed | HourRating::Unknown => Ink::Faint,
    };
    let (bar, runs, affected) = match &hour.played {
        None => (String::new(), String::new(), String::new()),
        Some(played) => {
            let full = (played.share() * BAR).round() as usize;
            let bar = "█".repeat(full) + &"░".repeat(BAR as usize - full);
            (bar, share(played), users(played))
        }
    };
    vec![
        plain(clock(&hour.at)),
        inked(ink, bar),
        plain(runs),
        right(affected),
        right(hour.on_duty.to_string()),
        inked(ink, word(told.window, hour)),
    ]
}
