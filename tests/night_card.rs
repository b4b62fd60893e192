//! `sim night --card`: known answers of the card that is signed before a night.

use crate::live::{DAY, sim};
use crate::support::{plan, reaches_outside};
use sim::night::Card;
use sim::report::night_card;
use sim::units::Span;
use std::fs;
use tempfile::TempDir;

#[test]
fn the_minute_is_what_the_shortest_change_takes() {
    let card = Card::from_plan(&plan(DAY, &[]));
    assert_eq!((card.rows.len(), card.without.len()), (1, 0));
    let row = &card.rows[0];
    assert_eq!((row.alert.as_str(), row.change.as_str()), ("Errors", "proxy-update"));
    assert_eq!(row.stop_after, Span::MINUTE);
    assert_eq!(row.others, [("proxy-rebuild".to_string(), Span::MINUTE * 3)]);
    assert_eq!(row.deciders, ["chris"]);
    assert_eq!(row.frozen, []);
    // With what propagates, and the longer one first: the shortest still counts.
    let slower = DAY.replace("{takes: 1m}", "{takes: 2m, propagate: 90s}");
    let card = Card::from_plan(&plan(
        &slower,
        &[("freezes", "[{from: \"17:09\", to: \"17:12\", tell: ops}]")],
    ));
    let row = &card.rows[0];
    assert_eq!((row.change.as_str(), row.stop_after), ("proxy-rebuild", Span::MINUTE * 3));
    let times = ("2018-11-07 17:09".to_string(), "2018-11-07 17:12".to_string());
    assert_eq!(row.frozen, [times]);
    let page = night_card(&card);
    for words in [
        "At minute 3 stop diagnosing and make proxy-rebuild",
        "proxy-update 3m 30s",
        "Frozen from 2018-11-07 17:09",
        "Approved in advance: when Errors has fired",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert_eq!(reaches_outside(&page), None);
    let lower = page.to_lowercase();
    assert!(!lower.contains("simulat") && !lower.contains("exercise"), "{page}");
}

#[test]
fn it_is_a_page_beside_nothing_else() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("day.yaml"), DAY).expect("written");
    let made = sim(folder.path()).args(["night", "day.yaml", "--card"]).output().expect("it ended");
    assert_eq!(made.status.code(), Some(0), "{made:?}");
    let said = String::from_utf8_lossy(&made.stdout).into_owned();
    assert!(said.contains("Errors: at minute 1 make proxy-update"), "{said}");
    assert!(folder.path().join("reports/day-card/card.html").exists(), "{said}");
    let without = DAY
        .replace("      - change chosen\n", "")
        .replace("      - {triage: 30s..1m, among: {proxy-update: 60%, proxy-rebuild: 40%}}\n", "");
    fs::write(folder.path().join("none.yaml"), without).expect("written");
    let none = sim(folder.path()).args(["night", "none.yaml", "--card"]).output().expect("ended");
    assert_eq!(none.status.code(), Some(2), "{none:?}");
    let said = String::from_utf8_lossy(&none.stderr).into_owned();
    assert!(said.contains("no alert of the plan opens a play with a change in it"), "{said}");
}
