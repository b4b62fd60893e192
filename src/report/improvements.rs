//! What the floor asked and keeps: what a change is worth in simulated runs, and the improvement
//! plan, whose rows say how to test it again.

use super::context::Cell;
use super::sheet::{ColumnDoc, CsvSheet};
use super::summary::{Ink, Page, Style, inked, plain};
use crate::campaign::WhatIf;
use crate::journal::Header;
use crate::units::{Span, grouped};
use serde::{Deserialize, Serialize};
use std::io::{self, Write};

/// The file of [`write_improvements`].
pub const IMPROVEMENTS_FILE: &str = "improvement-plan.csv";

#[rustfmt::skip]
pub(super) const COLUMNS: [ColumnDoc; 8] = [
    ("change", "", "a value of the scenario and what it is to be, as --set takes it"),
    ("was", "", "what stood in the file; blank: nothing, or it is not written there"),
    ("owner", "", "who owns it; blank: nobody yet"),
    ("due", "date", "by when; blank: not said"),
    ("found", "", "what it is worth in simulated runs, as it is and with the change"),
    ("written", "", "the file and line that the change is written in; blank: it is not"),
    ("open", "", "why it is not written"),
    ("test", "", "the command that tests it again"),
];

/// A row of the improvement plan. Fields that may name people are called so that roles can take
/// their place in what is handed on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Improvement {
    /// What is to be changed, as `--set` takes it.
    #[serde(rename = "path")]
    pub change: String,
    /// What stood there.
    #[serde(rename = "value")]
    pub was: Option<String>,
    /// Who is responsible for it.
    pub owner: Option<String>,
    /// Until when, ISO 8601.
    pub due: Option<String>,
    /// What it is worth in simulated runs, in words.
    pub found: Option<String>,
    /// Where it is written, or why it is not.
    pub written: Result<String, String>,
    /// The command that tests it again.
    #[serde(rename = "text")]
    pub test: String,
}

/// Writes the improvement plan of a rehearsal, one row for each change that is kept.
pub fn write_improvements(
    header: &Header,
    improvements: &[Improvement],
    to: Box<dyn Write>,
) -> io::Result<()> {
    let mut sheet = CsvSheet::new(to, header, &COLUMNS)?;
    for one in improvements {
        let text = |text: &Option<String>| text.as_ref().map_or(Cell::Blank, Cell::from);
        let written = one.written.as_ref();
        sheet.row(&[
            Cell::from(&one.change),
            text(&one.was),
            text(&one.owner),
            text(&one.due),
            text(&one.found),
            written.map_or(Cell::Blank, Cell::from),
            written.err().map_or(Cell::Blank, Cell::from),
            Cell::from(&one.test),
        ])?;
    }
    sheet.finish()
}

/// The same for the terminal; nothing if nothing is kept.
pub fn improvement_plan(improvements: &[Improvement], style: Style) -> String {
    let mut page = Page::new(style);
    if improvements.is_empty() {
        return page.finish();
    }
    page.heading("Improvement plan");
    for one in improvements {
        let owner = one.owner.as_deref().unwrap_or("nobody yet");
        let due = one.due.as_deref().map_or(String::new(), |due| format!(", due {due}"));
        let at = match &one.written {
            Ok(place) => format!("written: {place}"),
            Err(why) => format!("not written: {why}"),
        };
        page.paragraph(Ink::Plain, &one.change);
        let mut rows = vec![vec![plain("owner"), plain(format!("{owner}{due}"))]];
        rows.extend(one.found.as_ref().map(|found| vec![plain("found"), plain(found.clone())]));
        rows.push(vec![plain("file"), plain(at)]);
        rows.push(vec![inked(Ink::Faint, "test"), inked(Ink::Faint, one.test.clone())]);
        page.table(rows);
    }
    page.finish()
}

/// What a change is worth: `still down 18 → 9 of 200, typical −4m`.
pub fn what_if(found: &WhatIf) -> String {
    let pairs = grouped(found.pairs);
    let runs = |[now, then]: [u64; 2]| format!("{} → {}", grouped(now), grouped(then));
    let ways: Vec<String> =
        found.lost.iter().map(|(way, both)| format!("{} {}", way.word(), runs(*both))).collect();
    let lost = match ways.is_empty() {
        true => format!("none of {pairs} runs is lost, with it or without"),
        false => format!("{} of {pairs}", ways.join(", ")),
    };
    let typical = match found.median_shift {
        None => ", never back both ways".to_string(),
        Some(moves) => format!(", typical {}", signed(moves)),
    };
    format!("{lost}{typical}")
}

/// What that means, in sentences: what is expected, whether luck alone may do it, what was played.
pub fn what_if_means(found: &WhatIf) -> Vec<String> {
    let pairs = grouped(found.pairs);
    let mut lines = Vec::new();
    if found.expects && found.kept[0] != found.kept[1] {
        let [now, then] = found.kept.map(grouped);
        lines.push(format!("All that is expected: {now} → {then} of {pairs}."));
    }
    let [now, then] = found.all_lost();
    if found.may_differ == 0 {
        lines.push(format!(
            "It changes none of these {pairs} runs: what it affects is never used, or comes out \
             the same."
        ));
    } else if now != then && found.is_clear() {
        lines.push("That is more than luck alone does.".to_string());
    } else if now != then {
        lines.push("So few runs may differ by luck alone.".to_string());
    }
    if found.both > 0 {
        let both = grouped(found.both);
        lines.push(format!(
            "Simulated, the same luck with it and without. Typical: the median of the {both} runs \
             in which service is restored both ways."
        ));
    } else {
        lines.push("Simulated, the same luck with it and without.".to_string());
    }
    lines
}

/// `−4m`, `+30s`, `the same`.
fn signed(seconds: f64) -> String {
    let size = Span::from_seconds(seconds.abs().round());
    match seconds.round() {
        0.0 => "the same".to_string(),
        less if less < 0.0 => format!("−{size}"),
        _ => format!("+{size}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::RunOutcome;
    use crate::measure::estimate::{Estimator, PairedDifference};

    fn found(pairs: u64, lost: [u64; 2], moves: Option<f64>) -> WhatIf {
        let better = |n| if n < lost[0] && n >= lost[1] { (1.0, 0.0) } else { (0.0, 0.0) };
        WhatIf {
            pairs,
            may_differ: pairs / 2,
            lost: vec![(RunOutcome::StillDown, lost)],
            kept: [pairs - lost[0], pairs - lost[1]],
            expects: true,
            both: pairs - lost[0],
            median_shift: moves,
            difference: PairedDifference::from_pairs((0..pairs).map(better)).estimate(),
        }
    }

    #[test]
    fn what_it_is_worth_is_said_with_how_many_runs() {
        let many = found(200, [18, 9], Some(-240.0));
        assert_eq!(what_if(&many), "still down 18 → 9 of 200, typical −4m");
        let means = what_if_means(&many).join(" ");
        assert!(means.contains("All that is expected: 182 → 191 of 200."), "{means}");
        assert!(means.contains("more than luck") && means.contains("Simulated"), "{means}");
        let few = found(8, [2, 1], Some(0.3));
        assert_eq!(what_if(&few), "still down 2 → 1 of 8, typical the same");
        assert!(what_if_means(&few).join(" ").contains("luck alone"), "{few:?}");
        let none = WhatIf { lost: Vec::new(), median_shift: None, may_differ: 0, both: 0, ..few };
        assert_eq!(
            what_if(&none),
            "none of 8 runs is lost, with it or without, never back both ways"
        );
        assert!(what_if_means(&none)[1].contains("changes none of these 8 runs"), "{none:?}");
    }
}
