//! What a plan leaves open in its text, as an item of the checklist of a draft.

use std::fmt;

/// What an item begins with that asks for what a plan leaves open.
const SAY_WHAT: &str = "say what ";
/// What comes between that and the line of the plan.
const IS: &str = " is: ";

/// Something in brackets in a line of a plan, such as `[who]`: what is asked, and the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    /// As it is written in brackets.
    pub what: String,
    /// The line of the plan, whole; cut where it is long.
    pub line: String,
}

impl Hole {
    /// The hole that an item of a checklist asks for; `None`: it is an item like any other.
    pub fn of_item(item: &str) -> Option<Hole> {
        let (what, line) = item.strip_prefix(SAY_WHAT)?.split_once(IS)?;
        Some(Hole { what: what.to_string(), line: line.to_string() })
    }

    /// Whether an item of a checklist asks for a hole, be it cut off before its line.
    pub fn is_item(item: &str) -> bool {
        item.starts_with(SAY_WHAT)
    }
}

impl fmt::Display for Hole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What ends it must not stand in it.
        let what = match self.what.contains(IS.trim_end()) {
            true => self.what.replace(':', ""),
            false => self.what.clone(),
        };
        write!(f, "{SAY_WHAT}{what}{IS}{}", self.line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_hole_is_found_again(what in "(.| is:| ){0,12}", line in "(.| is: ){0,12}") {
            let hole = Hole { what, line };
            let item = hole.to_string();
            let found = Hole::of_item(&item).expect("a hole");
            prop_assert_eq!(&found.line, &hole.line);
            prop_assert_eq!(found.what.replace(':', ""), hole.what.replace(':', ""));
            prop_assert_eq!(found.to_string(), item.as_str());
            prop_assert!(Hole::is_item(&item));
        }

        #[test]
        fn another_item_is_none(item in ".{0,30}") {
            prop_assume!(!item.starts_with(SAY_WHAT));
            prop_assert_eq!(Hole::of_item(&item), None);
        }
    }
}
