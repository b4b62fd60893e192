//! Names and sentences that mean harm, through every table and the summary.

use super::fixtures::{parsed, written};
use super::summary::{Style, summary};
use super::untrusted::columns_of;
use crate::journal::{Entry, Header, fixture};

/// Every string of a journal that a scenario has a say in, replaced.
fn poisoned(poison: &str) -> (Header, Vec<Entry>) {
    let (header, entries) = fixture::proxy_outage();
    let quoted = serde_json::to_string(poison).expect("a string");
    let replace = |text: String| {
        let words = [
            "Half the reverse proxies fail an hour after launch",
            "outage-reverse-proxy",
            "half of reverse-proxy refuses",
            "reverse-proxy-update",
            "ErrorSpike",
            "wyatt",
            "rollback",
            "slack",
            "heads-up",
            "beta users",
            "users >= 5000",
            "detected < 5m",
            "detected after 2m 40s",
            "ie11",
            "nobody watches the cycling of instances",
        ];
        let replaced = |text: String, word: &&str| text.replace(&format!("\"{word}\""), &quoted);
        words.iter().fold(text, replaced)
    };
    let header = replace(serde_json::to_string(&header).expect("a header"));
    let entries = entries.iter().map(|entry| {
        let line = replace(serde_json::to_string(entry).expect("an entry"));
        serde_json::from_str(&line).expect("still an entry")
    });
    (serde_json::from_str(&header).expect("still a header"), entries.collect())
}

const POISONS: [&str; 8] = [
    "=HYPERLINK(\"http://evil\",\"x\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "<script>alert(1)</script>",
    "\u{1b}[2J\u{1b}]0;title\u{7}\u{9b}31m",
    "user\u{202e}gpj.exe\u{2066}",
    "first\nsecond\r\n\"quoted\",",
    "日本語のとても長い名前がここにあります日本語のとても長い名前がここにあります",
];

#[test]
fn tables_stay_tables() {
    for poison in POISONS {
        let (header, entries) = poisoned(poison);
        let clean = fixture::proxy_outage();
        let clean = written(&clean.0, &clean.1);
        for (name, text) in written(&header, &entries) {
            let rows = parsed(&text);
            assert_eq!(rows.len(), parsed(&clean[&name]).len(), "rows of {name} with {poison:?}");
            for (column, cell) in rows.iter().flatten() {
                let number = cell.parse::<f64>().is_ok();
                let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
                assert!(number || !formula, "{column} of {name}: {cell:?}");
                assert!(!cell.contains(char::is_control), "{column} of {name}: {cell:?}");
                assert!(!cell.contains(['\u{202e}', '\u{2066}']), "{column} of {name}: {cell:?}");
            }
        }
    }
}

#[test]
fn every_line_of_a_summary_fits() {
    let long = "x".repeat(10_000);
    let spaced = "word ".repeat(2_000);
    for poison in POISONS.into_iter().chain([long.as_str(), spaced.as_str(), ""]) {
        let (header, entries) = poisoned(poison);
        for width in [20, 80, 200] {
            let style = Style { color: false, width };
            let text = summary(&header, &fixture::story(&entries), style);
            assert!(text.lines().count() < 150, "{} lines", text.lines().count());
            for line in text.lines() {
                assert!(columns_of(line) <= width, "{line:?}");
                assert!(!line.ends_with(' '), "{line:?}");
                assert!(!line.contains(char::is_control), "{line:?}");
                assert!(!line.contains(['\u{202e}', '\u{2066}']), "{line:?}");
            }
        }
    }
}

#[test]
fn a_long_name_stays_whole_in_tables() {
    let long = "x".repeat(10_000);
    let (header, entries) = poisoned(&long);
    let rows = parsed(&written(&header, &entries)["responses.csv"]);
    assert_eq!(rows[0]["scenario"], long);
    assert_eq!(rows[0]["change"], long);
}
