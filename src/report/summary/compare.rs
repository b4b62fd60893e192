//! What one change makes of many days, on the terminal: a sentence first, then the figures.

use super::campaign::SEGMENTS;
use super::page::{Ink, Page, Style, TextPiece, inked, plain, right};
use crate::campaign::{HeadlineDifference, HeadlineUnit};
use crate::report::comparison_words::{cut_short, sentences};
use crate::report::differences::{
    Compared, DifferenceKind, FigureLine, Ranked, figures_of, unit_of,
};
use crate::report::untrusted::wrapped;
use crate::units::grouped;

/// The widest that the name of a figure becomes; the rest of it goes on lines of its own.
const NAME: usize = 30;

/// A comparison; `sides` say which files and changes each side is. It ends in a newline.
pub fn compare_summary(compared: &Compared, sides: [&str; 2], style: Style) -> String {
    let mut page = Page::new(style);
    let identity = compared.first;
    page.title(&identity.scenario);
    page.line(Vec::new());
    page.labelled("first ", sides[0]);
    page.labelled("second", sides[1]);
    page.heading("Verdict");
    for (standing, sentence) in sentences(compared) {
        page.paragraph(ink(standing), &sentence);
    }
    cut_short(compared.unfinished).iter().for_each(|text| page.paragraph(Ink::Plain, text));
    figures(compared, &mut page);
    let origin = format!(
        "{} pairs of runs with the same visitors and the same luck, simulated by sim {} with \
         seed {}. Second minus first, run by run, the largest first in percent of the first; \
         ± is a 95% interval. Where it includes 0, the difference is unclear.",
        grouped(compared.trials),
        identity.program,
        identity.seed
    );
    page.line(Vec::new());
    page.paragraph(Ink::Faint, &origin);
    page.finish()
}

fn ink(standing: DifferenceKind) -> Ink {
    match standing {
        DifferenceKind::Worse => Ink::Bad,
        DifferenceKind::Better => Ink::Good,
        DifferenceKind::Other | DifferenceKind::Unclear => Ink::Plain,
    }
}

/// Every figure that differs, and how many do not.
fn figures(compared: &Compared, page: &mut Page) {
    let Ranked { whole, mut segments, same } = Ranked::new(compared.differences);
    let of_segments = segments.len();
    segments.retain(|line| line.row.headline.unit == HeadlineUnit::Users);
    segments.truncate(SEGMENTS);
    let more = of_segments - segments.len();
    let lines: Vec<&FigureLine> = whole.iter().chain(&segments).collect();
    page.line(Vec::new());
    if !lines.is_empty() {
        table(compared.trials, &lines, page);
    }
    if more > 0 {
        page.paragraph(Ink::Faint, &format!("+ {more} more rows about segments in compare.csv"));
    }
    if !same.is_empty() {
        page.paragraph(Ink::Faint, &nothing(&same, lines.is_empty()));
    }
}

/// `15 figures are the same on both sides in every run: queue, stalled, …`
/// Where nothing differs, their names say no more.
fn nothing(same: &[&HeadlineDifference], all: bool) -> String {
    if all {
        return format!("{} figures are the same in every run", same.len());
    }
    let named = same.iter().filter(|row| !row.headline.subject.is_of_segment());
    let named: Vec<String> = named.map(|row| row.headline.subject.to_string()).collect();
    let more = same.len() - named.len();
    let figures = if same.len() == 1 { "figure is" } else { "figures are" };
    let names = if named.is_empty() { String::new() } else { format!(": {}", named.join(", ")) };
    let more = match more {
        0 => String::new(),
        more if named.is_empty() => format!(": {more} about segments"),
        more => format!(" and {more} about segments"),
    };
    format!("{} {figures} the same in every run{names}{more}", same.len())
}

fn table(trials: u64, lines: &[&FigureLine], page: &mut Page) {
    // How many pairs a figure rests on is only worth a column where it is not all of them.
    let n = |line: &FigureLine| line.row.difference.map_or(0, |difference| difference.n);
    let fewer = lines.iter().any(|line| n(line) != trials);
    let heading = |text: &str| inked(Ink::Heading, text);
    let mut titles = vec![heading("Figure"), heading("first"), heading("second")];
    titles.iter_mut().skip(1).for_each(|title| title.right = true);
    titles.extend([heading("difference"), heading("")]);
    if fewer {
        titles.push(TextPiece { right: true, ..heading("n") });
    }
    let mut rows = vec![titles];
    for line in lines {
        let (_, word) = unit_of(line.row.headline.unit);
        let [first, second, difference] = figures_of(line.row);
        let mut names = names(line, word).into_iter();
        let mut cells = vec![
            plain(names.next().unwrap_or_default()),
            right(first),
            right(second),
            inked(ink(line.standing), difference),
            inked(ink(line.standing), line.standing.word()),
        ];
        if fewer {
            cells.push(right(grouped(n(line))));
        }
        rows.push(cells);
        rows.extend(names.map(|name| vec![plain(name), plain("")]));
    }
    // The difference is what is asked for.
    page.table_with_spare(&[5, 1, 2], rows);
}

/// The names of a figure, each broken between words, with its unit behind the last.
fn names(line: &FigureLine, unit: &str) -> Vec<String> {
    let last = line.names.len() - 1;
    let name = |(position, name): (usize, &String)| {
        let sign = if position == 0 { "" } else { "= " };
        let unit = if position == last { unit } else { "" };
        wrapped(format!("{sign}{name} {unit}").trim_end(), NAME)
    };
    line.names.iter().enumerate().flat_map(name).collect()
}
