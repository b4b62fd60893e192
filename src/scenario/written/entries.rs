//! Mappings whose keys are names of the scenario's own.

use super::super::node::{Key, Node};
use super::super::problem::{Problem, Problems, quoted};
use super::{KeyDoc, Placed, Shape, Written, unexpected, value};

/// A mapping whose keys are names of the scenario's own; `None`: its value had a problem.
#[derive(Debug, Clone, PartialEq)]
pub struct Entries<T>(pub Vec<(Placed<String>, Option<T>)>);

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Entries(Vec::new())
    }
}

impl<T> Entries<T> {
    /// The names, in file order.
    pub fn names(&self) -> impl Iterator<Item = &Placed<String>> + Clone {
        self.0.iter().map(|(name, _)| name)
    }
}

impl<T: Written> Written for Entries<T> {
    fn kind() -> &'static str {
        "a mapping from names"
    }

    fn shape() -> Shape {
        Shape::Entries(Box::new(T::shape()))
    }

    fn read(node: &Node, problems: &mut Problems) -> Option<Self> {
        let Some(entries) = node.entries() else {
            let expected = format!("a mapping from names, each to {}", T::kind());
            problems.push(unexpected(node, &expected));
            return None;
        };
        let read = |(key, node): &(Key, Node)| {
            check_name(key, problems);
            let name = Placed { value: key.text.clone(), place: key.place };
            (name, value(node, problems))
        };
        Some(Entries(entries.iter().map(read).collect()))
    }

    fn keys() -> Vec<KeyDoc> {
        T::keys()
    }
}

fn check_name(key: &Key, problems: &mut Problems) {
    if key.text.trim().is_empty() {
        problems.push(Problem::error(key.place, "a name is empty"));
    } else if key.text == "?" {
        problems
            .push(Problem::error(key.place, "`?` is not a name").hint("give it a working name"));
    } else if key.text.len() > 200 {
        let message = format!("the name {} is longer than 200 bytes", quoted(&key.text));
        problems.push(Problem::error(key.place, message));
    }
}
