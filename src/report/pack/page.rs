//! The frame of every paper: made to be printed on A4 or Letter, "EXERCISE" on every page.

use super::plan::{Planned, shown};
use crate::report::outbrief::head;
use crate::report::untrusted::for_shell;
use maud::{DOCTYPE, Markup, html};

/// The look, on paper and on a screen.
const STYLES: &str = include_str!("look.css");
/// The text on every page that leaves the room.
pub(super) const EXERCISE: &str = "EXERCISE EXERCISE EXERCISE";

/// For whom a paper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperAudience {
    /// Whoever runs the gameday: sealed until then.
    Facilitator,
    /// Whoever writes down what happens.
    Observers,
    /// Everybody who plays.
    Players,
}

impl PaperAudience {
    /// The words on the paper.
    pub fn word(self) -> &'static str {
        match self {
            PaperAudience::Facilitator => "facilitator only, sealed",
            PaperAudience::Observers => "observers",
            PaperAudience::Players => "players",
        }
    }
}

/// One file of the pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The name of its file.
    pub file: &'static str,
    /// What it is.
    pub title: &'static str,
    /// Who gets it.
    pub audience: PaperAudience,
    /// How many to print, and how.
    pub copies: &'static str,
    /// The whole file.
    pub text: String,
}

/// A paper that begins on a page of its own.
pub(super) struct Paper {
    pub heading: String,
    /// On its side, for many columns.
    pub wide: bool,
    pub content: Markup,
}

impl Paper {
    /// A sheet of the usual width.
    pub fn new(heading: impl Into<String>, content: Markup) -> Paper {
        Paper { heading: heading.into(), wide: false, content }
    }
}

/// A file of papers. The words above and below are those of a table's head and foot, because
/// printers repeat those on every page.
pub(super) fn paper(
    plan: &Planned,
    title: &str,
    audience: PaperAudience,
    papers: Vec<Paper>,
) -> String {
    let own = |text: &str| html! { (shown(text)) };
    // The scenario's own words often say what will break.
    let about = match audience {
        PaperAudience::Facilitator => own(&plan.header.scenario),
        PaperAudience::Observers | PaperAudience::Players => html! {
            "Gameday" @if let Some(draft) = plan.header.draft() { ", " (shown(draft)) }
        },
    };
    let eyebrow = html! { (about) ", " (plan.day()) ", " (plan.hours()) };
    band(&eyebrow, title, audience, papers)
}

/// The same for what is not of a single plan: the text above every heading is given.
pub(super) fn band(
    eyebrow: &Markup,
    title: &str,
    audience: PaperAudience,
    papers: Vec<Paper>,
) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (head(&format!("EXERCISE: {title}"), html! {}, &[STYLES]))
            body {
                main {
                    @for paper in &papers {
                        table.paper.wide[paper.wide] role="presentation" {
                            thead { tr { td { div.band {
                                strong { (EXERCISE) }
                                span { (audience.word()) }
                            } } } }
                            tbody { tr { td {
                                p.eyebrow { (eyebrow) }
                                h1 { (shown(&paper.heading)) }
                                (paper.content)
                            } } }
                            tfoot { tr { td { div.band {
                                strong { (EXERCISE) } span { (title) }
                            } } } }
                        }
                    }
                }
            }
        }
    };
    page.into_string() + "\n"
}

/// A table of a paper: its name for those who do not see it, its columns, its rows.
pub(super) fn table(name: &str, columns: &[&str], rows: Vec<Vec<Markup>>) -> Markup {
    html! {
        div.over tabindex="0" role="group" aria-label=(name) { table.rows aria-label=(name) {
            thead { tr { @for column in columns { th scope="col" { (column) } } } }
            tbody { @for row in rows { tr { @for cell in row { td { (cell) } } } } }
        } }
    }
}

/// A line to write on.
pub(super) fn line() -> Markup {
    html! { span.line {} }
}

/// A box to tick.
pub(super) fn tick() -> Markup {
    html! { span.tick {} }
}

/// Which papers there are, for whom, how often.
pub(super) fn listed(all: &[Printed]) -> Markup {
    let row = |printed: &Printed| {
        vec![
            html! { a href=(printed.file) { (printed.title) } },
            html! { (printed.audience.word()) },
            html! { (printed.copies) },
        ]
    };
    table("Papers", &["Paper", "For", "Print"], all.iter().map(row).collect())
}

/// What to print, for whom, how often.
pub(super) fn index(plan: &Planned, file: &str, all: &[Printed]) -> Paper {
    let run = format!("sim run {} --trials 200 --out after", for_shell(file));
    let content = html! {
        (listed(all))
        h2 { "Before the day" }
        ol {
            li { "Print on A4 or Letter, without the browser's own headers and footers. "
                "The observer sheet prints in landscape." }
            li { "Keep the inject list and this page from the players: only these two say what "
                "will break. All other sheets can be on the table." }
            li { "Give every role its card. Anybody without a card is an observer." }
            li { "Read out the abort card first, and agree on a word for \"stop\"." }
            li { "Set a clock that all can see to the scenario's time, or write into the observer "
                "sheet when the gameday begins (" code { "startex" } ")." }
        }
        h2 { "After the day" }
        ol {
            li { "Type the observer sheet into " code { "observed.csv" } "." }
            li { "Run " code { (shown(&run)) } ", then "
                code { "sim report after --observed observed.csv" } "." }
        }
        p.quiet { "Scenario " code { (shown(&plan.header.scenario_hash)) } ", made by sim "
            (shown(&plan.header.program)) ". If the scenario changes, print again." }
    };
    Paper::new("What to print", content)
}
