//! Go/no-go criteria held against counts of real users, and words with a meaning of their own.

use crate::decision::{CriterionKind, Hold, MeasuredQuantity, UserCount};
use crate::language::word::ScalarValue;
use crate::names::Dimension;
use crate::scenario::document::{Bound, RecoveryBound};
use crate::scenario::go_no_go::written::Requirement;
use crate::scenario::site::written::Path;
use crate::scenario::tests::EXAMPLE;
use crate::scenario::tests::reuse::{folder, load_in, said};
use crate::units::Span;

/// The example with these rows of the list, and a file of counts.
fn with(list: &str, counts: &str) -> tempfile::TempDir {
    let mut kept = Vec::new();
    let mut inside = false;
    for line in EXAMPLE.lines() {
        inside = match line.starts_with("go_no_go:") {
            true => true,
            false => inside && (line.starts_with(' ') || line.is_empty()),
        };
        if !inside {
            kept.push(line);
        }
    }
    let text = format!("{}\ngo_no_go:\n{list}\n", kept.join("\n"));
    folder(&[("day.yaml", &text), ("beta-counts.csv", counts)])
}

const USERS: &str = "  - {criterion: users, require: users >= 5000, from: beta-counts.csv}";
const COVERAGE: &str =
    "  - {criterion: mix, require: coverage >= 50% of browser, from: beta-counts.csv}";

fn counted(list: &str, counts: &str) -> UserCount {
    let folder = with(list, counts);
    let plan = match load_in(folder.path(), "day.yaml", &[]) {
        Ok(loaded) => loaded.plan,
        Err(problems) => panic!("{}", problems.render(false)),
    };
    match &plan.go_no_go[0].kind {
        CriterionKind::Require(required) => required.counted.clone().expect("it is counted"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn users_are_those_of_the_latest_date() {
    let counts = "date,browser,login,account,tool,users\n\
                  2018-10-28,,,,,9999\n2018-11-04,,,,,5120\n2018-11-04,chrome,,,,3000\n";
    let counted = counted(USERS, counts);
    assert_eq!((counted.observed, counted.bound), (5120.0, false));
    assert_eq!(
        (counted.source.as_str(), counted.as_of.as_str()),
        ("beta-counts.csv", "2018-11-04")
    );
}

#[test]
fn coverage_is_what_of_the_expected_mix_was_counted() {
    let counts = "\u{feff}date, browser, users\n2018-11-04, chrome, 3000\n2018-11-04, ie11, 0\n";
    let one = counted(COVERAGE, counts);
    assert!((one.observed - 0.39).abs() < 1e-9 && !one.bound, "{one:?}");
    // Single categories bound the share of their combinations.
    let list = "  - {criterion: mix, require: \"coverage >= 50% of browser, login\", \
                from: beta-counts.csv}";
    let counts = "date,browser,login,users\n2018-11-04,chrome,,9\n2018-11-04,safari,,9\n\
                  2018-11-04,,none,9\n2018-11-04,,mhv,9\n";
    let both = counted(list, counts);
    assert!(both.bound && both.observed < 0.64 && both.observed > 0.62, "{both:?}");
}

#[test]
fn counts_that_cannot_be_used() {
    let of = |list: &str, counts: &str| said(&with(list, counts), "day.yaml", &[]).join("\n");
    let head = "date,browser,users\n";
    let cases = [
        (USERS, String::new(), "it needs the columns date and users"),
        (USERS, head.to_string(), "it has no rows"),
        (USERS, format!("{head}2018-11-04,chrome,3000\n"), "no row of all users"),
        (USERS, format!("{head}4 Nov,,1\n"), "line 2: `4 Nov` is not a date"),
        (USERS, format!("{head}2018-11-04,,many\n"), "line 2: `many` is not a number"),
        (USERS, format!("{head}2018-11-04,,-1\n"), "`-1` is not a number"),
        (USERS, format!("{head}2018-11-04,netscape,1\n"), "`netscape` is not a browser"),
        (
            USERS,
            format!("{head}2018-11-04,,1\n2018-11-04,,2\n"),
            "line 3 counts the same as line 2",
        ),
        (USERS, "date,users,age\n".to_string(), "its column `age` is not one of date, browser"),
        (USERS, format!("{head}2018-11-04,1\n"), "found record with 2 fields"),
        (COVERAGE, "date,users\n2018-11-04,1\n".to_string(), "no row counts by browser"),
    ];
    for (list, counts, expected) in cases {
        let said = of(list, &counts);
        assert!(said.contains(expected), "{counts:?}: {said}");
        assert!(said.contains("a CSV file: date,browser"), "{said}");
    }
    let missing = USERS.replace("beta-counts.csv", "none.csv");
    assert!(of(&missing, "").contains("there is no file `none.csv`"));
    let attested = "  - {criterion: mix, attested: [oit], from: beta-counts.csv}";
    assert!(of(attested, "").contains("only `require`"), "{}", of(attested, ""));
}

#[test]
fn words_with_a_meaning() {
    assert_eq!(Path::parse("a > b-c>d").map(|path| path.0.join("|")), Ok("a|b-c|d".to_string()));
    assert!(Path::parse("a > > b").is_err());
    let arrow = Path::parse("a -> b").expect_err("refused");
    assert_eq!(arrow.hint.as_deref(), Some("write `a > b`"));
    assert_eq!(Hold::parse("3 of 5"), Ok(Hold::Of { n: 3, of: 5 }));
    assert!(Hold::parse("6 of 5").is_err());
    assert_eq!(Bound::parse("< 5m"), Ok(Bound(Span::from_secs(300))));
    let bound = |all_clear| RecoveryBound { within: Span::from_secs(300), all_clear };
    assert_eq!(RecoveryBound::parse("< 5m"), Ok(bound(false)));
    assert_eq!(RecoveryBound::parse("< 5m all-clear"), Ok(bound(true)));
    assert!(RecoveryBound::parse("< all-clear").is_err());
    assert!(RecoveryBound::parse("5m all-clear").is_err());
    let all = Requirement::parse("coverage >= 85% of browser, tool").expect("read");
    assert_eq!(all.measured, MeasuredQuantity::Coverage(vec![Dimension::Browser, Dimension::Tool]));
    assert!(Requirement::parse("coverage >= 85% of hats").is_err());
    let headroom = Requirement::parse("capacity headroom >= 30%").expect("read");
    assert_eq!((headroom.measured, headroom.at_least), (MeasuredQuantity::Headroom, 0.3));
}
