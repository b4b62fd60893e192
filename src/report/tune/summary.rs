//! A tuning on the terminal: the recommendation first, then the points that no other beats.

use super::{Tuning, figure, reason};
use crate::report::context::significant;
use crate::report::summary::{Ink, Page, Style, TextPiece, inked, plain};
use crate::tune::Tuned;
use crate::units::grouped;

/// The most points that are shown; the rest are in tune.csv.
const SHOWN: usize = 12;

/// What values to take for each rule, and why. It ends in a newline.
pub fn tune_summary(tuning: &Tuning, style: Style) -> String {
    let mut page = Page::new(style);
    page.title(&tuning.identity.scenario);
    let weeks = significant(tuning.outcome.quiet_weeks, 2);
    let troubled = &tuning.outcome.troubled;
    let faults: Vec<&str> = troubled.iter().map(|(name, _)| name.as_str()).collect();
    let text = format!(
        "Quiet: {} ({weeks} weeks). Bad: {} days, each with one of {}. Nobody acts, so what is \
         seen depends on no rule: every candidate is judged on the same readings, in paired draws.",
        tuning.identity.quiet.words,
        grouped(troubled.iter().map(|(_, days)| *days as u64).sum()),
        faults.join(", ")
    );
    page.paragraph(Ink::Faint, &text);
    for tuned in &tuning.outcome.tuned {
        rule(tuning, tuned, &mut page);
    }
    page.finish()
}

fn rule(tuning: &Tuning, tuned: &Tuned, page: &mut Page) {
    page.heading(&tuned.alert);
    if let Some(choice) = tuned.choice {
        let words = tuned.tried[choice.at].0.words();
        let ink = if choice.noisy { Ink::Bad } else { Ink::Good };
        page.line(vec![plain("  take  "), inked(ink, words)]);
    }
    for sentence in reason(tuning, tuned) {
        page.paragraph(Ink::Plain, &sentence);
    }
    if tuned.frontier.is_empty() {
        return;
    }
    page.heading(&format!("{}: what no other candidate beats", tuned.alert));
    page.table(points(tuned));
    let more = tuned.frontier.len().saturating_sub(SHOWN);
    let all = grouped(tuned.tried.len() as u64);
    let more = if more > 0 { format!("+ {more} more; ") } else { String::new() };
    page.paragraph(Ink::Faint, &format!("{more}all {all} candidates are in tune.csv"));
}

fn points(tuned: &Tuned) -> Vec<Vec<TextPiece>> {
    let knobs: Vec<&str> =
        tuned.tried[0].0.numbers.iter().map(|(parameter, _)| parameter.word()).collect();
    let mut heads = knobs;
    heads.extend(["false a week", "minutes", "missed", "user-min lost"]);
    let mut rows = vec![heads.into_iter().map(|head| inked(Ink::Faint, head)).collect()];
    let mut shown: Vec<usize> = tuned.frontier.iter().take(SHOWN).copied().collect();
    let taken = tuned.choice.map(|choice| choice.at);
    shown.extend(taken.filter(|at| !shown.contains(at)));
    for at in shown {
        let (candidate, score) = &tuned.tried[at];
        let ink = if Some(at) == taken { Ink::Good } else { Ink::Plain };
        let numbers = candidate.numbers.iter().map(|(_, number)| inked(ink, number));
        let mut row: Vec<TextPiece> = numbers.collect();
        let missed = score.missed.map(|missed| {
            let count = (missed.value * missed.n as f64).round();
            format!("{count} of {}", missed.n)
        });
        row.extend([
            plain(figure(score.per_week)),
            plain(figure(score.minutes)),
            plain(missed.unwrap_or_default()),
            plain(score.lost.map_or(String::new(), |lost| significant(lost.value, 2))),
        ]);
        rows.push(row);
    }
    rows
}
