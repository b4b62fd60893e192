//! The scenario file as a tree in which every key and value knows its place.

use crate::language::source::Place;

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub place: Place,
    pub kind: NodeKind,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// Nothing, `~` or `null`.
    Null,
    Scalar(Scalar),
    List(Vec<Node>),
    /// In file order, no key twice.
    Map(Vec<(Key, Node)>),
}

/// A single value, exactly as written: `0x10` and `1e3` are not numbers yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Scalar {
    pub text: String,
    pub quoted: bool,
}

/// A key and its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub place: Place,
    pub text: String,
}

impl Node {
    /// A plain value.
    pub fn scalar(place: Place, text: impl Into<String>) -> Node {
        Node { place, kind: NodeKind::Scalar(Scalar { text: text.into(), quoted: false }) }
    }

    /// The text of a single value.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Scalar(scalar) => Some(&scalar.text),
            _ => None,
        }
    }

    /// Keys and values of a mapping.
    pub fn entries(&self) -> Option<&[(Key, Node)]> {
        match &self.kind {
            NodeKind::Map(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value under a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let found = self.entries()?.iter().find(|(k, _)| k.text == key);
        found.map(|(_, node)| node)
    }

    /// What it is, as messages say it.
    pub fn what(&self) -> &'static str {
        match &self.kind {
            NodeKind::Null => "nothing",
            NodeKind::Scalar(_) => "a single value",
            NodeKind::List(_) => "a list",
            NodeKind::Map(_) => "a mapping",
        }
    }
}
