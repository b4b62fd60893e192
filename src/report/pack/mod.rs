//! What is printed before a gameday: one page for everybody who takes part. Pure functions of the
//! header, which carries the whole plan.
//!
//! What players get never says what will break: no fault, and not the scenario's own words, which
//! often tell it.

mod abort;
mod cards;
mod comms;
mod injects;
mod observers;
mod page;
mod plan;
mod table;

use crate::journal::Header;
pub use page::{Audience, Printed};
use page::{Paper, paper};
use plan::Planned;
use std::io;

/// Everything to print, the index first. Fails if the header does not hold a whole plan.
pub fn pack(header: &Header) -> io::Result<Vec<Printed>> {
    let plan = Planned::of(header)?;
    let printed = |file, title, audience, copies, content: Vec<Paper>| {
        let text = paper(&plan, title, audience, content);
        Printed { file, title, audience, copies, text }
    };
    use Audience::{Facilitator, Observers, Players};
    let mut all = vec![
        printed(
            "injects.html",
            "Inject list",
            Facilitator,
            "one, in an envelope that is opened when the gameday begins",
            injects::papers(&plan),
        ),
        printed(
            "role-cards.html",
            "Role cards",
            Players,
            "one page for each role; a copy for everybody who holds it",
            cards::papers(&plan),
        ),
        printed(
            "change-times.html",
            "Change-time table",
            Players,
            "one on the wall, one for each table",
            table::papers(&plan),
        ),
        printed(
            "messages.html",
            "Messages",
            Players,
            "one for everybody who tells others",
            comms::papers(&plan),
        ),
        printed(
            "abort-card.html",
            "Abort card",
            Players,
            "one for everybody, on coloured paper",
            abort::papers(&plan),
        ),
        printed(
            "observer-sheet.html",
            "Observer sheet",
            Observers,
            "one for each observer, landscape, with spare pages of rows",
            observers::papers(),
        ),
    ];
    all.push(Printed {
        file: "observed.csv",
        title: "Observer sheet to type into",
        audience: Observers,
        copies: "none: a file for sim report --observed",
        text: observers::heading(),
    });
    let index = printed(
        "index.html",
        "What to print",
        Facilitator,
        "none: it is looked at",
        vec![page::index(&plan, &all)],
    );
    all.insert(0, index);
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::fixture;

    #[test]
    fn a_header_without_a_plan_is_refused() {
        let (header, _) = fixture::proxy_outage();
        let error = pack(&header).expect_err("only a seed");
        assert!(error.to_string().contains("whole plan"), "{error}");
    }
}
