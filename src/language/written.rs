//! How any part of a scenario is read: words, lists, mappings, all problems at once.

use crate::language::node::{Key, Node, NodeKind};
use crate::language::problem::{Problem, Problems, advice, nearest, quoted};
use crate::language::shape::{KeyDoc, Shape};
use crate::language::source::Place;
use crate::language::word::ScalarValue;

/// Something that a node of the file can be read as.
pub trait FromNode: Sized {
    /// What is expected, as messages say it: `a duration such as 90s`.
    fn kind() -> &'static str;

    /// Reads a node that is not null; all problems are entered, and `None` means there was one.
    fn read(node: &Node, problems: &mut Problems) -> Option<Self>;

    /// What may stand there, for the schema and the reference.
    fn shape() -> Shape;

    /// The keys, if this is a mapping with fixed ones.
    fn keys() -> Vec<KeyDoc> {
        Vec::new()
    }
}

/// A value and its place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed<T> {
    pub value: T,
    pub place: Place,
}

impl<W: ScalarValue> FromNode for W {
    fn kind() -> &'static str {
        W::KIND
    }

    fn shape() -> Shape {
        Shape::Word(W::SPELLING, W::KIND)
    }

    fn read(node: &Node, problems: &mut Problems) -> Option<Self> {
        let NodeKind::Scalar(scalar) = &node.kind else {
            let words = match &node.kind {
                NodeKind::List(items) => {
                    items.iter().map(Node::text).collect::<Option<Vec<&str>>>()
                }
                _ => None,
            };
            let hint = words.and_then(|words| W::of_list(&words));
            problems.push(unexpected(node, W::KIND).maybe_hint(hint));
            return None;
        };
        W::parse_scalar(scalar).map_err(|complaint| problems.push(complaint.at(node.place))).ok()
    }
}

impl<T: FromNode> FromNode for Placed<T> {
    fn kind() -> &'static str {
        T::kind()
    }

    fn shape() -> Shape {
        T::shape()
    }

    fn read(node: &Node, problems: &mut Problems) -> Option<Self> {
        T::read(node, problems).map(|value| Placed { value, place: node.place })
    }

    fn keys() -> Vec<KeyDoc> {
        T::keys()
    }
}

/// The problem that something else was found here.
pub fn unexpected(node: &Node, expected: &str) -> Problem {
    let what = node.what();
    if node.kind == NodeKind::Null {
        return Problem::error(node.place, format!("a value is missing, expected {expected}"));
    }
    Problem::error(node.place, format!("expected {expected}, this is {what}"))
}

/// Reads a value that must be there.
pub fn value<T: FromNode>(node: &Node, problems: &mut Problems) -> Option<T> {
    if node.kind == NodeKind::Null {
        problems.push(unexpected(node, T::kind()));
        return None;
    }
    T::read(node, problems)
}

impl<T: FromNode> FromNode for Vec<T> {
    fn kind() -> &'static str {
        "a list"
    }

    fn shape() -> Shape {
        Shape::List(Box::new(T::shape()))
    }

    fn read(node: &Node, problems: &mut Problems) -> Option<Self> {
        let NodeKind::List(items) = &node.kind else {
            let problem = unexpected(node, &format!("a list, each entry {}", T::kind()));
            let keys = T::keys();
            let needed = keys.iter().filter(|key| key.required).map(|key| key.key);
            let needed: Vec<String> = needed.map(|key| format!("{key}: …")).collect();
            let hint = match (&node.kind, needed.is_empty()) {
                (NodeKind::Scalar(_), false) => format!("write [{{{}}}]", needed.join(", ")),
                _ => "write [ … ] around it, or `- ` before each".to_string(),
            };
            problems.push(problem.hint(hint));
            return None;
        };
        Some(items.iter().filter_map(|item| value(item, problems)).collect())
    }

    fn keys() -> Vec<KeyDoc> {
        T::keys()
    }
}

/// A list, or a single value where there is only one.
#[derive(Debug, Clone, PartialEq)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T: FromNode> FromNode for OneOrMany<T> {
    fn kind() -> &'static str {
        T::kind()
    }

    fn shape() -> Shape {
        Shape::OneOrMany(Box::new(T::shape()))
    }

    fn read(node: &Node, problems: &mut Problems) -> Option<Self> {
        match &node.kind {
            NodeKind::List(_) => Vec::read(node, problems).map(OneOrMany),
            _ => T::read(node, problems).map(|one| OneOrMany(vec![one])),
        }
    }
}

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

impl<T: FromNode> FromNode for Entries<T> {
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
    } else {
        check_length("the name", &key.text, key.place, problems);
    }
}

/// The most characters of a name or a title: they stand in every row of every table.
const LONGEST_NAME: usize = 200;

/// Refuses a name or a title, `what` says which, that is too long.
pub fn check_length(what: &str, text: &str, place: Place, problems: &mut Problems) {
    let length = text.chars().count();
    if length > LONGEST_NAME {
        let message = format!("{what} {} has {length} characters", quoted(text));
        let hint = format!("write {LONGEST_NAME} at most; the rest fits into a comment");
        problems.push(Problem::error(place, message).hint(hint));
    }
}

/// The keys of a mapping while it is read: each is taken once, the rest is unknown.
pub struct MappingReader<'a> {
    node: &'a Node,
    entries: &'a [(Key, Node)],
    keys: &'static [&'static str],
    /// What the mapping is, as messages say it.
    thing: &'static str,
}

impl<'a> MappingReader<'a> {
    /// `None`, with a problem, if the node is not a mapping.
    pub fn open(
        node: &'a Node,
        thing: &'static str,
        keys: &'static [&'static str],
        problems: &mut Problems,
    ) -> Option<MappingReader<'a>> {
        let Some(entries) = node.entries() else {
            let top = (thing == "the scenario").then_some("begin with `scenario: what happens`");
            problems.push(unexpected(node, thing).maybe_hint(top.map(String::from)));
            return None;
        };
        Some(MappingReader { node, entries, keys, thing })
    }

    /// Whether an unknown key is a slip for this one, which then is not missing as well.
    fn misspelt(&self, key: &str) -> bool {
        let unknown = self.entries.iter().filter(|(k, _)| !self.keys.contains(&k.text.as_str()));
        unknown.into_iter().any(|(k, _)| nearest(&k.text, self.keys.iter().copied()) == Some(key))
    }

    /// Reads the value of one key.
    pub fn take<T: FromNode>(
        &self,
        key: &'static str,
        required: bool,
        problems: &mut Problems,
    ) -> Option<T> {
        let Some((found, node)) = self.entries.iter().find(|(k, _)| k.text == key) else {
            if required && !self.misspelt(key) {
                let problem = Problem::error(self.node.place, format!("`{key}` is missing"));
                let problem = problem.label(format!("{} needs it", self.thing));
                let hint = T::keys().is_empty().then(|| format!("`{key}` is {}", T::kind()));
                problems.push(problem.maybe_hint(hint));
            }
            return None;
        };
        if node.kind == NodeKind::Null {
            let message = format!("`{key}` has no value, expected {}", T::kind());
            let hint = if required { "write one" } else { "write one, or leave the key out" };
            problems.push(Problem::error(found.place, message).hint(hint));
            return None;
        }
        T::read(node, problems)
    }

    /// The keys that are written; a problem for every key that is not one of these.
    pub fn known(&self, problems: &mut Problems) -> Vec<Placed<&'static str>> {
        let keys = self.keys;
        let mut written = Vec::with_capacity(self.entries.len());
        for (key, _) in self.entries {
            if let Some(known) = keys.iter().find(|known| **known == key.text) {
                written.push(Placed { value: *known, place: key.place });
                continue;
            }
            // A place for anchors and notes, as in other YAML files.
            if key.text.starts_with("x-") {
                continue;
            }
            let message = format!("unknown key {}", quoted(&key.text));
            let problem = Problem::error(key.place, message);
            let problem = problem.label(format!("{} has no such key", self.thing));
            problems.note_unknown_key(self.thing, nearest(&key.text, keys.iter().copied()));
            let hint = plus(&key.text, keys).or_else(|| switch(&key.text, keys));
            let hint = hint.or_else(|| advice(&key.text, keys.iter().copied()));
            problems.push(problem.maybe_hint(hint));
        }
        written
    }
}

/// A plus behind a key adds to an included list; mappings need none.
fn plus(key: &str, keys: &[&str]) -> Option<String> {
    let key = key.strip_suffix('+').filter(|key| keys.contains(key))?;
    Some(format!(
        "write `{key}:`; a mapping is merged with the included one, only lists have a plus"
    ))
}

/// Other tools have keys to switch things off, for good or for some hours.
fn switch(key: &str, keys: &[&str]) -> Option<String> {
    const SWITCHES: [&str; 9] = [
        "enabled",
        "disabled",
        "active",
        "mute",
        "muted",
        "silence",
        "schedule",
        "active_time_intervals",
        "mute_time_intervals",
    ];
    let key = key.to_lowercase();
    SWITCHES.contains(&key.as_str()).then(|| {
        let hours = match keys.contains(&"hours") {
            true => "; `hours: NAME` says at which hours it counts",
            false => "",
        };
        format!("nothing is switched off: put `#` before its lines{hours}")
    })
}

/// What the schema calls a section that the code calls by this name: without `Written`, which the
/// code puts before the name of what becomes of it in a plan.
pub fn schema_name(name: &'static str) -> &'static str {
    name.strip_prefix("Written").unwrap_or(name)
}

/// Describes a mapping once: its keys, what they mean, what they take, whether they are needed.
/// From this come the reader, which finds all problems, and the documentation of the keys.
macro_rules! written {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident ($thing:literal) {
            $( $(#[doc = $key_doc:literal])+ $need:ident $field:ident: $type:ty = $key:literal; )*
        }
    )+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            /// Its place.
            pub place: $crate::language::source::Place,
            /// The keys that it was written with.
            pub written: Vec<$crate::language::written::Placed<&'static str>>,
            $( $(#[doc = $key_doc])+ pub $field: Option<$type>, )*
        }

        impl $crate::language::written::FromNode for $name {
            fn kind() -> &'static str {
                $thing
            }

            fn read(
                node: &$crate::language::node::Node,
                problems: &mut $crate::language::problem::Problems,
            ) -> Option<Self> {
                let keys = &[$($key),*];
                use $crate::language::written::MappingReader;
                let pieces = MappingReader::open(node, $thing, keys, problems)?;
                Some($name {
                    place: node.place,
                    written: pieces.known(problems),
                    $( $field: pieces.take($key, written!(@ $need), problems), )*
                })
            }

            fn keys() -> Vec<$crate::language::shape::KeyDoc> {
                vec![$($crate::language::shape::KeyDoc {
                    key: $key,
                    doc: concat!($($key_doc),+),
                    kind: <$type as $crate::language::written::FromNode>::kind(),
                    required: written!(@ $need),
                    keys: <$type as $crate::language::written::FromNode>::keys,
                    shape: <$type as $crate::language::written::FromNode>::shape,
                }),*]
            }

            fn shape() -> $crate::language::shape::Shape {
                $crate::language::shape::Shape::Keys($crate::language::shape::MappingShape {
                    name: $crate::language::written::schema_name(stringify!($name)),
                    doc: concat!($($doc),+),
                    keys: Self::keys(),
                    alone: None,
                })
            }
        }
    )+};
    (@ required) => { true };
    (@ optional) => { false };
}
pub(crate) use written;
