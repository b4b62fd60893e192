//! Where something is in the tree of a scenario, and what is there.

use crate::language::node::{Key, Node, NodeKind};
use crate::language::source::Place;

/// The path of the value at this place, as `--set` takes it; a rule goes by its name.
pub(super) fn path_of(node: &Node, place: Place) -> Option<String> {
    let below = |name: &str, value: &Node| match value.place == place {
        true => Some(name.to_string()),
        false => path_of(value, place).map(|rest| format!("{name}.{rest}")),
    };
    match &node.kind {
        NodeKind::Map(entries) => entries.iter().find_map(|(key, value)| below(&key.text, value)),
        NodeKind::List(items) => items.iter().enumerate().find_map(|(index, item)| {
            let name = item.get("alert").and_then(Node::text).map(str::to_string);
            below(&name.unwrap_or(index.to_string()), item)
        }),
        NodeKind::Scalar(_) | NodeKind::Null => None,
    }
}

/// The text of the single value at this place.
pub(super) fn text_at(node: Option<&Node>, place: Place) -> Option<&str> {
    let node = node?;
    match &node.kind {
        NodeKind::Scalar(scalar) => (node.place == place).then_some(scalar.text.as_str()),
        NodeKind::List(items) => items.iter().find_map(|item| text_at(Some(item), place)),
        NodeKind::Map(entries) => entries.iter().find_map(|(_, value)| text_at(Some(value), place)),
        NodeKind::Null => None,
    }
}

/// The entry of a section whose key is at this place.
pub(super) fn entry<'a>(
    root: &'a Node,
    section: &str,
    place: Place,
) -> Option<(&'a Key, &'a Node)> {
    let entries = root.get(section)?.entries()?;
    entries.iter().find(|(key, _)| key.place == place).map(|(key, node)| (key, node))
}

/// The open value that a place means: itself, or what is below a key.
pub(super) fn open_at(node: &Node, place: Place) -> Option<(Place, String)> {
    match &node.kind {
        NodeKind::Scalar(scalar) => {
            let open = node.place == place && scalar.text.contains('?');
            open.then(|| (place, scalar.text.clone()))
        }
        NodeKind::List(items) => items.iter().find_map(|item| open_at(item, place)),
        NodeKind::Map(entries) => {
            entries.iter().find_map(|(key, value)| match key.place == place {
                true => first_open(value),
                false => open_at(value, place),
            })
        }
        NodeKind::Null => None,
    }
}

/// The first value below that is open.
pub(super) fn first_open(node: &Node) -> Option<(Place, String)> {
    match &node.kind {
        NodeKind::Scalar(scalar) if scalar.text == "?" => Some((node.place, scalar.text.clone())),
        NodeKind::Map(entries) => entries.iter().find_map(|(_, value)| first_open(value)),
        _ => None,
    }
}
