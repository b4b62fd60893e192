//! The table at the end of a list of gamedays.

use super::summary::{Ink, Page, Style, inked, plain};
use super::untrusted::for_terminal;
use crate::campaign::Odds;
use crate::journal::{Expectation, Header, Story};
use crate::units::Span;

/// One gameday of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GamedayRow {
    /// The name of the scenario file.
    pub name: String,
    /// The verdict in a few words.
    pub verdict: String,
    pub detected: Option<Span>,
    pub recovered: Option<Span>,
    /// The exit code that this gameday alone would have.
    pub exit: u8,
}

impl GamedayRow {
    /// A gameday that was played.
    pub fn played(
        name: &str,
        expect: &[Expectation],
        (header, story): (&Header, &Story),
        exit: u8,
    ) -> GamedayRow {
        let judged = story.judged(expect);
        let all = story.expectations().count();
        let missed = story.expectations().filter(|expectation| !expectation.met()).count();
        let verdict = match (all, missed) {
            _ if story.totals().is_none_or(|totals| totals.interrupted) => "interrupted".into(),
            (0, _) => "nothing expected".into(),
            (all, 0) => format!("met all {all}"),
            (all, missed) => format!("missed {missed} of {all}"),
        };
        let detected = judged.as_ref().and_then(|incident| incident.detected());
        let recovered = judged.as_ref().and_then(|incident| story.recovery(header, incident));
        GamedayRow { name: name.to_string(), verdict, detected, recovered, exit }
    }

    /// The same as many runs say it, if there are many.
    pub fn among(self, odds: Option<&Odds>) -> GamedayRow {
        let Some(one) = odds.and_then(Odds::decisive) else { return self };
        let verdict = match one.judged {
            0 => "could not be judged".to_string(),
            judged => {
                let what = for_terminal(&one.expectation.to_string(), 24);
                format!("{what} in {} of {judged}", one.met)
            }
        };
        GamedayRow { verdict, ..self }
    }

    /// A gameday that could not be played.
    pub fn not_played(name: &str, verdict: &str, exit: u8) -> GamedayRow {
        let (name, verdict) = (name.to_string(), verdict.to_string());
        GamedayRow { name, verdict, detected: None, recovered: None, exit }
    }
}

/// The gamedays of a list, one line each, in the order in which they were played.
pub fn gamedays(rows: &[GamedayRow], style: Style) -> String {
    let mut page = Page::new(style);
    let met = rows.iter().filter(|row| row.exit == 0).count();
    page.heading(&format!("Gamedays: {met} of {} met what was expected", rows.len()));
    let titles = ["scenario", "verdict", "detected", "recovered", "exit"];
    let mut table = vec![titles.map(|title| inked(Ink::Faint, title)).to_vec()];
    let time = |span: Option<Span>| plain(span.map_or("-".to_string(), |span| span.to_string()));
    table.extend(rows.iter().map(|row| {
        let ink = if row.exit == 0 { Ink::Good } else { Ink::Bad };
        let verdict = inked(ink, &row.verdict);
        let (detected, recovered) = (time(row.detected), time(row.recovered));
        vec![plain(&row.name), verdict, detected, recovered, plain(row.exit.to_string())]
    }));
    page.table(table);
    page.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::fixture;

    #[test]
    fn a_list_of_gamedays() {
        let (header, entries) = fixture::proxy_outage();
        let story = fixture::story(&entries);
        let missed = [Expectation::Play { play: "maintenance".into() }];
        let rows = [
            GamedayRow::played("proxy-outage", &[], (&header, &story), 0),
            GamedayRow::played("the-same\u{1b}[31m", &missed, (&header, &story), 99),
            GamedayRow::not_played("broken", "has errors", 2),
        ];
        let text = gamedays(&rows, Style::default());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], "Gamedays: 1 of 3 met what was expected");
        let words = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(words(lines[2]), "scenario verdict detected recovered exit");
        assert!(words(lines[3]).ends_with("2m 40s 24m 20s 0"), "{}", lines[3]);
        assert!(words(lines[4]).ends_with("- - 99"), "{}", lines[4]);
        assert!(lines.iter().all(|line| line.chars().count() <= 80));
        assert!(!text.contains('\u{1b}'));
    }
}
