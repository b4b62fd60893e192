//! A value that nobody knows yet.

use crate::language::node::Node;
use crate::language::problem::Problems;
use crate::language::shape::{KeyDoc, Shape};
use crate::language::word::Spelling;
use crate::language::written::Written;

/// A value, or `"?"` where nobody knows it yet: a gap of the plan, never an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open<T>(pub Option<T>);

impl<T: Written> Written for Open<T> {
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
