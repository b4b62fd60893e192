//! Whether two texts mean the same thing.

use crate::language::node::{Key, Node, NodeKind};

/// Words that say nothing of what is meant.
const SMALL: [&str; 16] = [
    "a", "an", "and", "for", "in", "is", "of", "on", "or", "the", "to", "with", "we", "be", "are",
    "by",
];

/// The words of a text, in small letters, without those that say nothing.
pub(super) fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty() && !SMALL.contains(word));
    words.map(|word| word.trim_end_matches('s').to_string()).collect()
}

/// Whether most words of the shorter of two texts stand in the other.
pub(super) fn share_most_words(one: &str, other: &str) -> bool {
    let (one, other) = (words(one), words(other));
    let (short, long) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    let shared = short.iter().filter(|word| long.contains(word)).count();
    !short.is_empty() && shared * 5 >= short.len() * 3
}

/// The text that is most like another, of those that are like it at all.
pub(super) fn most_alike<T>(
    all: impl Iterator<Item = T>,
    text_of: impl Fn(&T) -> Option<String>,
    other: &str,
) -> Option<T> {
    let wanted = words(other);
    let shared = |text: &str| {
        let words = words(text);
        let both = words.iter().filter(|word| wanted.contains(word)).count();
        // Of two with as many words in common, the one with fewer others.
        (both, std::cmp::Reverse(words.len()))
    };
    let alike = all.filter(|one| text_of(one).is_some_and(|text| share_most_words(&text, other)));
    // The first of several that are as much alike.
    alike.fold(None, |best: Option<T>, one| {
        let better = |best: &T| {
            let shared_words = |one: &T| shared(&text_of(one).unwrap_or_default());
            shared_words(&one) > shared_words(best)
        };
        match &best {
            Some(held) if !better(held) => best,
            _ => Some(one),
        }
    })
}

/// Whether a name of the scenario is that of the plan: the same letters and digits, all words of it
/// at least.
pub(super) fn is_same_name(name: &str, words_of_plan: &str) -> bool {
    let (name, plan) = (words(name), words(words_of_plan));
    !name.is_empty() && (name == plan || name.iter().all(|word| plan.contains(word)))
}

/// The entries of a section.
pub(super) fn entries<'a>(root: &'a Node, section: &str) -> &'a [(Key, Node)] {
    root.get(section).and_then(Node::entries).unwrap_or_default()
}

/// The items of a section.
pub(super) fn items<'a>(root: &'a Node, section: &str) -> &'a [Node] {
    match root.get(section).map(|node| &node.kind) {
        Some(NodeKind::List(items)) => items,
        _ => &[],
    }
}

/// The words by which a step of the scenario can be told.
pub(super) fn step_words(step: &Node) -> String {
    let keys = ["step", "change", "note", "tell"].into_iter();
    keys.filter_map(|key| step.get(key)?.text()).collect::<Vec<_>>().join(" ")
}

/// The single values of a list, or the only one.
pub(super) fn texts(node: Option<&Node>) -> Vec<String> {
    match node.map(|node| &node.kind) {
        Some(NodeKind::List(items)) => {
            items.iter().filter_map(Node::text).map(str::to_string).collect()
        }
        Some(NodeKind::Scalar(scalar)) => vec![scalar.text.clone()],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_mean_the_same_in_other_words() {
        assert!(share_most_words("Create the #ops channel in chat", "create ops channel"));
        assert!(!share_most_words("test the channel", "book a room"));
        assert!(is_same_name("frontend-revert", "Frontend Application Revert"));
        assert!(!is_same_name("frontend-rebuild", "Frontend Application Revert"));
    }
}
