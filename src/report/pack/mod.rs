//! What is printed before a gameday: one page for everybody who takes part. Pure functions of the
//! header, which carries the whole plan.
//!
//! What players get never says what will break: no fault, and not the scenario's own words, which
//! often tell it.

mod agenda;
mod cards;
mod comms;
mod dates;
mod injects;
mod observers;
mod page;
mod plan;
mod session;
mod sheets;
mod wall;

use super::summary::{Page, Style, plain};
use crate::journal::Header;
use page::{Paper, paper};
pub use page::{PaperAudience, Printed};
use plan::Planned;
pub use session::{SessionExercise, folder_of, session};
use std::io;

/// Text in every calendar file of a pack, by which sim recognises its own.
pub const CALENDAR: &str = dates::PRODUCT;

/// Everything to print, the index first, for the scenario of this `file`. Fails if the header does
/// not hold a whole plan.
pub fn pack(header: &Header, file: &str) -> io::Result<Vec<Printed>> {
    let plan = Planned::from_header(header)?;
    let mut all = vec![printed(
        &plan,
        ("injects.html", "Inject list", PaperAudience::Facilitator),
        "one, in an envelope that is opened when the gameday begins",
        injects::papers(&plan),
    )];
    all.extend(for_players(&plan));
    all.push(printed(
        &plan,
        ("observer-sheet.html", "Observer sheet", PaperAudience::Observers),
        "one for each observer, landscape, with spare pages of rows",
        observers::papers(),
    ));
    all.push(Printed {
        file: "observed.csv",
        title: "Observer sheet to type into",
        audience: PaperAudience::Observers,
        copies: "none: a file for sim report --observed",
        text: observers::heading(),
    });
    all.push(Printed {
        file: "dates.ics",
        title: "Steps, shifts, deadlines",
        audience: PaperAudience::Players,
        copies: "none: a file for everybody's calendar",
        text: dates::calendar(&plan),
    });
    let index = printed(
        &plan,
        ("index.html", "What to print", PaperAudience::Facilitator),
        "none: view it on screen",
        vec![page::index(&plan, file, &all)],
    );
    all.insert(0, index);
    Ok(all)
}

/// Which papers there are, and for whom. It ends in a newline.
pub fn papers(papers: &[Printed], style: Style) -> String {
    let mut page = Page::new(style);
    let row =
        |paper: &Printed| vec![plain(paper.file), plain(paper.title), plain(paper.audience.word())];
    page.table(papers.iter().map(row).collect());
    page.finish()
}

fn printed(
    plan: &Planned,
    (file, title, audience): (&'static str, &'static str, PaperAudience),
    copies: &'static str,
    content: Vec<Paper>,
) -> Printed {
    let text = paper(plan, title, audience, content);
    Printed { file, title, audience, copies, text }
}

/// What may lie on the table.
fn for_players(plan: &Planned) -> Vec<Printed> {
    let papers = [
        (
            ("role-cards.html", "Role cards"),
            "one page for each role; a copy for everybody who holds it",
            cards::papers(plan),
        ),
        (
            ("change-times.html", "Change-time table"),
            "one on the wall, one for each table",
            wall::change_times(plan),
        ),
        (
            ("thresholds.html", "Thresholds"),
            "one on the wall, one for each table",
            wall::thresholds(plan),
        ),
        (
            ("contacts.html", "Contact sheet"),
            "one for everybody; write the numbers in by hand",
            wall::contacts(plan),
        ),
        (("messages.html", "Messages"), "one for everybody who tells others", comms::papers(plan)),
        (
            ("abort-card.html", "Abort card"),
            "one for everybody, on coloured paper",
            wall::abort_card(plan),
        ),
    ];
    let papers = papers.into_iter();
    papers
        .map(|((file, title), copies, content)| {
            printed(plan, (file, title, PaperAudience::Players), copies, content)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::fixture;

    #[test]
    fn a_header_without_a_plan_is_refused() {
        let (header, _) = fixture::proxy_outage();
        let error = pack(&header, "launch.yaml").expect_err("only a seed");
        assert!(error.to_string().contains("whole plan"), "{error}");
    }
}
