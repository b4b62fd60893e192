//! A real incident compared with the simulated ones: `backtest.csv`, the terminal, the outbrief.

use super::context::{Cell, significant};
use super::sheet::{ColumnDoc, CsvSheet};
use super::summary::{Ink, Page, Style, inked, plain, right};
use crate::campaign::{Backtest, BacktestRow, CampaignIdentity, LEAST_TRIALS};
use crate::journal::IncidentPart;
use crate::units::Span;
use std::io::{self, Write};

/// The file of [`write_backtest`].
pub const BACKTEST_FILE: &str = "backtest.csv";

#[rustfmt::skip]
pub(super) const COLUMNS: [ColumnDoc; 14] = [
    ("part", "", "part of the incident: detect, declare, …, total"),
    ("real_s", "s", "what it really took"),
    ("p10_s", "s", "10th percentile of the runs; blank: not over in the run"),
    ("p50_s", "s", "50th percentile"),
    ("p90_s", "s", "90th percentile"),
    ("n", "runs", "runs that have this part"),
    ("inside", "", "inside or outside p10 to p90"),
    ("percentile", "share", "share of the runs that took less, 0 to 1"),
    ("pinball", "doublings", "mean pinball loss of the three; 1 is off by a factor of two"),
    ("pinball_own", "doublings", "the same if reality were one of the runs: the best to expect"),
    ("longest_right", "", "whether the longest part is the longest by the medians: right or wrong"),
    ("longest_sure", "share", "share of the runs in which that part is the longest, 0 to 1"),
    ("order_right", "", "the same of the order of all parts"),
    ("source", "", "where the real times are known from"),
];

/// The caveat shown with these figures, so that nobody reads more into them.
pub(super) const HONEST: &str = concat!(
    "How long people take varies forty-fold between incidents: no plan can promise them ",
    "within a factor of two. What it can promise is how often reality lies between p10 and p90."
);

/// Writes one row per part that the source tells. A blank percentile is one that was not reached
/// before the run was over.
pub fn write_backtest(
    identity: &CampaignIdentity,
    backtest: &Backtest,
    to: Box<dyn Write>,
) -> io::Result<()> {
    let lead = [
        Cell::from(&identity.run_id),
        Cell::from(&identity.scenario),
        Cell::from(identity.mode.word()),
        Cell::Blank,
    ];
    let columns = COLUMNS.map(|(name, _, _)| name);
    let mut sheet = CsvSheet::with_lead(to, lead, &columns)?;
    let right = |said: Option<bool>| match said {
        None => Cell::Blank,
        Some(true) => Cell::from("right"),
        Some(false) => Cell::from("wrong"),
    };
    for row in &backtest.rows {
        let mut cells = vec![Cell::from(row.part.word()), Cell::seconds(row.real)];
        cells.extend(row.percentiles.map(|at| at.map_or(Cell::Blank, Cell::seconds)));
        cells.extend([
            Cell::from(row.n as u64),
            Cell::from(if row.is_inside() { "inside" } else { "outside" }),
            Cell::number(row.percentile, 3),
            Cell::number(row.score, 3),
            Cell::number(row.own_score, 3),
            right(backtest.longest_is_right()),
            backtest.sure.map_or(Cell::Blank, |sure| Cell::number(sure, 3)),
            right(backtest.order_is_right()),
            Cell::from(&backtest.source),
        ]);
        sheet.row(&cells)?;
    }
    sheet.finish()
}

/// How the real incident lies among the trials, for the terminal. It ends in a newline.
pub fn backtest_summary(backtest: &Backtest, style: Style) -> String {
    let mut page = Page::new(style);
    page.heading("Compared with the real incident");
    if backtest.is_too_few() {
        let text = format!(
            "{} runs are too few to say where reality lies; ask for --trials {LEAST_TRIALS} or \
             more.",
            backtest.trials
        );
        page.paragraph(Ink::Plain, &text);
        return page.finish();
    }
    let titles = ["", "real", "p10", "p50", "p90", "percentile", ""];
    let mut table = vec![titles.map(|title| inked(Ink::Faint, title)).to_vec()];
    table.extend(backtest.rows.iter().map(terminal_row));
    page.table(table);
    page.paragraph(Ink::Plain, &sentence(backtest));
    page.paragraph(Ink::Faint, &format!("Real times: {}. {HONEST}", backtest.source));
    page.finish()
}

fn terminal_row(row: &BacktestRow) -> Vec<super::summary::TextPiece> {
    let [low, middle, high] = row.percentiles.map(|at| right(minutes(at)));
    let (ink, word) = match row.is_inside() {
        true => (Ink::Good, "inside"),
        false => (Ink::Bad, "outside"),
    };
    vec![
        plain(row.part.word()),
        right(minutes(Some(row.real))),
        low,
        middle,
        high,
        right(format!("{:.0}", row.percentile * 100.0)),
        inked(ink, word),
    ]
}

/// `49m`, `5h 5m`, `20s`: whole minutes above one; `-` for what was not over in the run.
pub(super) fn minutes(span: Option<Span>) -> String {
    match span {
        None => "-".to_string(),
        Some(span) if span < Span::MINUTE => whole(span, Span::SECOND),
        Some(span) => whole(span, Span::MINUTE),
    }
}

/// To the nearest whole one of these.
fn whole(span: Span, unit: Span) -> String {
    (unit * ((span.0 + unit.0 / 2) / unit.0)).to_string()
}

/// How many parts lie inside, whether the longest is right, and the score.
pub(super) fn sentence(backtest: &Backtest) -> String {
    let (inside, all) = backtest.inside();
    let mut text = format!("{inside} of {all} inside p10 to p90.");
    let first = |parts: &[IncidentPart]| parts.first().map_or("", |part| part.word());
    let (real, said) = (first(&backtest.order.0), first(&backtest.order.1));
    match (backtest.longest_is_right(), backtest.order_is_right()) {
        (Some(true), Some(true)) => {
            text += &format!(" The longest part is right ({real}), and so is the order of all.");
        }
        (Some(true), _) => text += &format!(" The longest part is right ({real})."),
        (Some(false), _) => {
            text += &format!(" The longest part was {real}; by the medians it is {said}{}.", {
                let often = |sure| format!(", which it is in {:.0}% of the runs", 100.0 * sure);
                backtest.sure.map(often).unwrap_or_default()
            });
        }
        (None, _) => {}
    }
    if let Some(score) = backtest.score() {
        text += &format!(" Pinball loss {} doublings.", significant(score, 2));
    }
    text
}

/// The table at the end of a list of past incidents, with the coverage over all. It ends in a
/// newline; empty where no scenario of the list says what really happened.
pub fn backtests(rows: &[(String, Backtest)], style: Style) -> String {
    let judged: Vec<&(String, Backtest)> =
        rows.iter().filter(|(_, backtest)| !backtest.is_too_few()).collect();
    if judged.is_empty() {
        return String::new();
    }
    let mut page = Page::new(style);
    page.heading("Past incidents compared with simulated ones");
    let titles = ["incident", "inside", "total", "p10", "p50", "p90", "longest", "loss"];
    let mut table = vec![titles.map(|title| inked(Ink::Faint, title)).to_vec()];
    table.extend(judged.iter().map(|(name, backtest)| list_row(name, backtest)));
    page.table(table);
    page.paragraph(Ink::Plain, &coverage(&judged));
    page.paragraph(Ink::Faint, HONEST);
    page.finish()
}

fn list_row(name: &str, backtest: &Backtest) -> Vec<super::summary::TextPiece> {
    let (inside, all) = backtest.inside();
    let total = backtest.rows.iter().find(|row| row.part == IncidentPart::Total);
    let [low, middle, high] = total.map_or([None; 3], |row| row.percentiles);
    let longest = match backtest.longest_is_right() {
        None => plain("-"),
        Some(true) => inked(Ink::Good, "right"),
        Some(false) => inked(Ink::Bad, "wrong"),
    };
    let score = backtest.score().map_or("-".to_string(), |score| significant(score, 2));
    // Without spaces, so that the row of a long name fits.
    let short = |span: Option<Span>| right(minutes(span).replace(' ', ""));
    vec![
        plain(name),
        right(format!("{inside} of {all}")),
        short(total.map(|row| row.real)),
        short(low),
        short(middle),
        short(high),
        longest,
        right(score),
    ]
}

/// How many parts of all incidents lie inside, part by part, and the mean score.
fn coverage(judged: &[&(String, Backtest)]) -> String {
    let rows = || judged.iter().flat_map(|(_, backtest)| &backtest.rows);
    let ranked = |rows: Vec<&BacktestRow>| {
        let inside = rows.iter().filter(|row| row.is_inside()).count();
        format!("{inside} of {}", rows.len())
    };
    let all = rows().count();
    let inside = rows().filter(|row| row.is_inside()).count();
    let percent = 100.0 * inside as f64 / all.max(1) as f64;
    let parts = IncidentPart::ALL.into_iter().filter_map(|part| {
        let rows: Vec<&BacktestRow> = rows().filter(|row| row.part == part).collect();
        (!rows.is_empty()).then(|| format!("{} {}", part.word(), ranked(rows)))
    });
    let parts: Vec<String> = parts.collect();
    let longest = judged.iter().filter_map(|(_, backtest)| backtest.longest_is_right());
    let longest: Vec<bool> = longest.collect();
    let right = longest.iter().filter(|right| **right).count();
    let sure: f64 = judged.iter().filter_map(|(_, backtest)| backtest.sure).sum();
    let mean = |of: fn(&BacktestRow) -> f64| rows().map(of).sum::<f64>() / all.max(1) as f64;
    let (score, own) = (mean(|row| row.score), mean(|row| row.own_score));
    format!(
        "{inside} of {all} parts inside p10 to p90 ({percent:.0}%, 80% are promised): {}. The \
         longest part is right in {right} of {}; were reality one of the runs, it would be in \
         {sure:.0}. Mean pinball loss {} doublings; were reality one of the runs, {}.",
        parts.join(", "),
        longest.len(),
        significant(score, 2),
        significant(own, 2)
    )
}
