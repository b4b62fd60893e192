//! Words with a meaning of their own.

use crate::decision::{Hold, Measured};
use crate::language::word::Word;
use crate::names::Dimension;
use crate::scenario::document::{Bound, RecoveryBound};
use crate::scenario::go_no_go::written::Requirement;
use crate::scenario::site::written::Path;
use crate::units::Span;

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
    assert_eq!(all.measured, Measured::Coverage(vec![Dimension::Browser, Dimension::Tool]));
    assert!(Requirement::parse("coverage >= 85% of hats").is_err());
    let headroom = Requirement::parse("capacity headroom >= 30%").expect("read");
    assert_eq!((headroom.measured, headroom.at_least), (Measured::Headroom, 0.3));
}
