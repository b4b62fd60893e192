//! Hostile names and sentences, through every table and the summary.

use super::Extras;
use super::fixtures::{parsed, written};
use super::summary::{Style, summary};
use super::untrusted::columns_of;
use crate::journal::{Entry, Header, fixture};
use std::collections::BTreeSet;

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
        let files = written(&header, &entries).into_iter();
        for (name, text) in files.filter(|(name, _)| name.ends_with(".csv")) {
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
            let text = summary(&header, &fixture::story(&entries), Extras::default(), style);
            // Where there is no room for columns, every row is a few lines of its own.
            let most = if width < 40 { 300 } else { 150 };
            assert!(text.lines().count() < most, "{} lines", text.lines().count());
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

/// The tags of a page with their attributes but not the values of these.
fn tags(page: &str) -> Vec<String> {
    let mut rest = page;
    let mut tags = Vec::new();
    while let Some(start) = rest.find('<') {
        let (mut end, mut quoted) = (start, false);
        for (position, character) in rest[start..].char_indices() {
            quoted ^= character == '"';
            if character == '>' && !quoted {
                end = start + position;
                break;
            }
        }
        assert!(end > start, "a tag without an end: {}", &rest[start..]);
        tags.push(rest[start..end].split('"').step_by(2).collect());
        rest = &rest[end..];
    }
    tags
}

#[test]
fn pages_stay_the_pages_that_they_are() {
    let page = |poison: &str| {
        let (header, entries) = poisoned(poison);
        let page = written(&header, &entries).remove("outbrief.html").expect("a page");
        // The page's own script is the last thing in it.
        let (page, script) = page.split_once("<script>").expect("a script");
        assert!(script.ends_with("</script></body></html>\n"), "{poison:?}");
        page.to_string()
    };
    // How many marks there are depends on what there is room for, not which.
    let kinds = |page: &str| BTreeSet::from_iter(tags(page));
    let clean = kinds(&page("word"));
    assert!(clean.len() > 50, "{} kinds of tags", clean.len());
    let more = ["\" onload=\"alert(1)", "</style><script>x</script>", "&lt;b&gt;", "-->", "]]>"];
    let long = "x".repeat(10_000);
    for poison in POISONS.into_iter().chain(more).chain([long.as_str()]) {
        let page = page(poison);
        let new: Vec<String> = kinds(&page).difference(&clean).cloned().collect();
        assert_eq!(new, Vec::<String>::new(), "{poison:?}");
        assert!(!page.to_lowercase().contains("<script"), "{poison:?}");
        assert!(page.len() < 500_000, "{} bytes with {poison:?}", page.len());
        let control = |c: char| c.is_control() && c != '\n';
        assert!(!page.contains(control), "{poison:?}");
        assert!(!page.contains(['\u{202e}', '\u{2066}']), "{poison:?}");
    }
}

#[test]
fn messages_stay_messages() {
    for poison in POISONS.into_iter().chain(["a|b", "[x](http://evil)", "@everyone `x`"]) {
        let (header, entries) = poisoned(poison);
        let text = written(&header, &entries).remove("outbrief.md").expect("a text");
        for bad in [
            "<script",
            "\n\"quoted\"",
            "](http://",
            "@",
            "\u{1b}",
            "\u{202e}",
            "=HYPERLINK(\"http://",
        ] {
            assert!(!text.contains(bad), "{bad:?} with {poison:?}:\n{text}");
        }
        for row in text.lines().filter(|line| line.starts_with("| ")) {
            let bars = row.replace("\\|", "").matches('|').count();
            assert!([5, 6, 7].contains(&bars), "{bars} bars in {row:?}");
        }
    }
}
