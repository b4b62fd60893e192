//! Values of which only the range is known: `20%..60%`, moments that are drawn, and values that
//! nobody knows yet.

use crate::language::node::Node;
use crate::language::problem::{Problems, quoted};
use crate::language::shape::{KeyDoc, Shape};
use crate::language::value::calendar::MomentSpec;
use crate::language::word::{ScalarValue, Spelling, ValueError};
use crate::language::written::FromNode;
use crate::units::{Ratio, Spread};

/// A share, or the range in which it is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Portion {
    pub low: Ratio,
    pub high: Ratio,
}

impl Portion {
    /// The middle of the range.
    pub fn middle(self) -> Ratio {
        Ratio((self.low.0 + self.high.0) / 2.0)
    }

    /// The range, if it is one.
    pub fn range(self) -> Option<(Ratio, Ratio)> {
        (self.low != self.high).then_some((self.low, self.high))
    }
}

impl ScalarValue for Portion {
    const KIND: &'static str = "a percentage such as 5%, or a range such as 20%..60%";
    const SPELLING: Spelling = Spelling::Pattern("^[0-9]+([.][0-9]+)? ?%([.][.].*)?$");

    fn parse(text: &str) -> Result<Self, ValueError> {
        let Some((low, high)) = text.split_once("..") else {
            return Ratio::parse(text).map(|share| Portion { low: share, high: share });
        };
        let (low, high) = (low.trim(), high.trim());
        if high.is_empty() || low.is_empty() {
            return Err(ValueError::new(format!("{} has no end", quoted(text)), "write 20%..60%"));
        }
        let hint = format!("write {high}..{low}");
        let (low, high) = (Ratio::parse(low)?, Ratio::parse(high)?);
        if low.0 > high.0 {
            return Err(ValueError::new(format!("the range {} is reversed", quoted(text)), hint));
        }
        Ok(Portion { low, high })
    }
}

/// A moment, or the spread of how long after the start it comes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum MomentOrDelay {
    At(MomentSpec),
    After(Spread),
}

impl FromNode for MomentOrDelay {
    fn kind() -> &'static str {
        "a time after the start such as 65m or 20m..60m, or by the clock such as \"17:30\""
    }

    fn shape() -> Shape {
        Shape::Either(vec![MomentSpec::shape(), Spread::shape()])
    }

    fn read(node: &Node, problems: &mut Problems) -> Option<Self> {
        let varies = |text: &str| {
            text.contains("..") || text.contains('(') || text.starts_with(['~', '<', '>'])
        };
        match node.text() {
            Some(text) if !varies(text) && !text.contains('%') => {
                MomentSpec::read(node, problems).map(MomentOrDelay::At)
            }
            _ => Spread::read(node, problems).map(MomentOrDelay::After),
        }
    }
}

/// A value, or `"?"` where nobody knows it yet: a gap of the plan, never an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open<T>(pub Option<T>);

impl<T: FromNode> FromNode for Open<T> {
    fn kind() -> &'static str {
        T::kind()
    }

    fn shape() -> Shape {
        let open = Shape::Word(Spelling::OneOf(&["?"]), "\"?\": nobody knows");
        Shape::Either(vec![open, T::shape()])
    }

    fn read(node: &Node, problems: &mut Problems) -> Option<Self> {
        match node.text() {
            Some("?") => Some(Open(None)),
            _ => T::read(node, problems).map(|value| Open(Some(value))),
        }
    }

    fn keys() -> Vec<KeyDoc> {
        T::keys()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_or_its_range() {
        let portion = |text: &str| Portion::parse(text);
        assert_eq!(portion("20%").map(|one| one.range()), Ok(None));
        let range = portion("20% .. 60%").expect("a range");
        assert_eq!((range.middle(), range.range()), (Ratio(0.4), Some((Ratio(0.2), Ratio(0.6)))));
        assert_eq!(
            portion("60%..20%").expect_err("reversed").hint.as_deref(),
            Some("write 20%..60%")
        );
        assert!(portion("20%..").is_err() && portion("20%..high").is_err());
    }
}
