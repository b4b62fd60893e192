//! What may stand where, as the schema and the reference tell it.

use super::KeyDoc;

/// What may stand somewhere.
#[derive(Debug, Clone)]
pub enum Shape {
    /// A single value, and what it is in words.
    Word(Spelling, &'static str),
    List(Box<Shape>),
    /// A list, or one of what it is a list of.
    OneOrMany(Box<Shape>),
    /// A mapping from names of the scenario's own.
    Entries(Box<Shape>),
    /// A mapping with fixed keys.
    Keys(Mapping),
    /// One of several.
    Either(Vec<Shape>),
}

/// How a single value is spelled.
#[derive(Debug, Clone, Copy)]
pub enum Spelling {
    Any,
    OneOf(&'static [&'static str]),
    /// A regular expression.
    Pattern(&'static str),
    /// A bare number, or what the expression matches.
    NumberOr(&'static str),
    Number,
    Whole,
    Flag,
}

/// A mapping with fixed keys.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// Its name in the schema.
    pub name: &'static str,
    /// What it is, in one sentence.
    pub doc: &'static str,
    pub keys: Vec<KeyDoc>,
}

impl Shape {
    /// The mapping with fixed keys that is here or in what is listed or named here.
    pub fn mapping(&self) -> Option<&Mapping> {
        match self {
            Shape::Keys(mapping) => Some(mapping),
            Shape::List(inner) | Shape::OneOrMany(inner) | Shape::Entries(inner) => inner.mapping(),
            Shape::Either(shapes) => shapes.iter().find_map(Shape::mapping),
            Shape::Word(..) => None,
        }
    }
}
