//! What is allowed where, as the schema and the reference describe it.

use crate::language::word::Spelling;

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
    Keys(MappingShape),
    /// One of several.
    Either(Vec<Shape>),
}

/// One key of a mapping: enough for its reference and its schema.
#[derive(Debug, Clone, Copy)]
pub struct KeyDoc {
    pub key: &'static str,
    pub doc: &'static str,
    /// What its value is.
    pub kind: &'static str,
    pub required: bool,
    /// The keys of its value, if that is a mapping with fixed ones.
    pub keys: fn() -> Vec<KeyDoc>,
    /// What may stand there.
    pub shape: fn() -> Shape,
}

/// A mapping with fixed keys.
#[derive(Debug, Clone)]
pub struct MappingShape {
    /// Its name in the schema.
    pub name: &'static str,
    /// What it is, in one sentence.
    pub doc: &'static str,
    pub keys: Vec<KeyDoc>,
    /// The key that a single value in the place of the mapping is a value of.
    pub alone: Option<&'static str>,
}

impl Shape {
    /// The mapping with fixed keys that is here or in what is listed or named here.
    pub fn mapping(&self) -> Option<&MappingShape> {
        match self {
            Shape::Keys(mapping) => Some(mapping),
            Shape::List(inner) | Shape::OneOrMany(inner) | Shape::Entries(inner) => inner.mapping(),
            Shape::Either(shapes) => shapes.iter().find_map(Shape::mapping),
            Shape::Word(..) => None,
        }
    }
}
