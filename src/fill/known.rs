//! The people of a file as they are named in answers: people who are there already are found, and a
//! name that may be a slip is confirmed.

use crate::language::edit::Editor;
use crate::language::node::{Key, Node};

/// Words of what somebody does, and of few names.
const OF_A_JOB: [&str; 36] = [
    "the",
    "a",
    "an",
    "shift",
    "lead",
    "leads",
    "team",
    "desk",
    "manager",
    "director",
    "officer",
    "engineer",
    "call",
    "vendor",
    "rep",
    "group",
    "staff",
    "person",
    "guy",
    "department",
    "support",
    "their",
    "our",
    "his",
    "her",
    "my",
    "your",
    "of",
    "from",
    "with",
    "not",
    "this",
    "new",
    "contractor",
    "duty",
    "and",
];

/// Whoever of the people of the file is meant: by the key, by the full name as the file or the
/// comment beside it has it, or by a first name that only one has.
pub(super) fn known(editor: &Editor, name: &str) -> Option<(Key, Node)> {
    let people = people(editor);
    let by_key = people.iter().find(|(key, _)| same(&key.text, name));
    let full = |(key, _): &&(Key, Node)| {
        full_name(editor, key.place.line).is_some_and(|full| same(&full, name))
    };
    let exact = by_key.or_else(|| people.iter().find(full));
    // A first name or a surname alone is enough where only one has it.
    let first = |(key, _): &&(Key, Node)| {
        let full = full_name(editor, key.place.line).unwrap_or(key.text.clone());
        let mut parts = full.split(' ');
        full.contains(' ') && parts.any(|part| same(part, name))
    };
    let mut firsts = people.iter().filter(first);
    let only = firsts.next().filter(|_| firsts.next().is_none());
    exact.or(only).cloned()
}

/// The full name of the person on this line, as the file has it, or the comment beside it or
/// above it.
pub(super) fn full_name(editor: &Editor, line: u32) -> Option<String> {
    let person = people(editor).into_iter().find(|(key, _)| key.place.line == line);
    let named = person.and_then(|(_, person)| Some(person.get("name")?.text()?.to_string()));
    if named.is_some() {
        return named;
    }
    let above = editor.comment_line(line.saturating_sub(1));
    let named = [editor.comment_of(line), above]
        .into_iter()
        .map(|comment| comment.split(';').next().unwrap_or_default().trim());
    let plain = |letter: char| letter.is_alphabetic() || " .'’-".contains(letter);
    named.into_iter().find(|name| name.contains(' ') && name.chars().all(plain)).map(str::to_string)
}

/// Why it is asked once more whether this is the name of somebody new; `None`: it need not be.
pub(super) fn odd(editor: &Editor, name: &str) -> Option<String> {
    if known(editor, name).is_some() {
        return None;
    }
    let of_job = |word: &str| OF_A_JOB.contains(&word);
    let lower = name.to_lowercase();
    if lower.split(' ').count() > 3 || lower.split(' ').any(of_job) {
        return Some(format!("Add `{name}` as a new person? Type yes, or the right name."));
    }
    let wanted = folded(name);
    let near = |other: &str| {
        let other = folded(other.trim_end_matches('?'));
        let most = if wanted.chars().count() < 8 { 1 } else { 2 };
        wanted.chars().next() == other.chars().next()
            && strsim::damerau_levenshtein(&wanted, &other) <= most
    };
    let is_near = people(editor).into_iter().find_map(|(key, _)| {
        let full = full_name(editor, key.place.line);
        let named = full.clone().unwrap_or(key.text.clone());
        (near(&key.text) || full.is_some_and(|full| near(&full))).then_some(named)
    })?;
    Some(format!(
        "Add `{name}` as a new person? {is_near} is in the plan. Type yes, or the right name."
    ))
}

/// The people of the file.
pub(super) fn people(editor: &Editor) -> Vec<(Key, Node)> {
    let people = editor.root().and_then(|root| root.get("people")).and_then(Node::entries);
    people.unwrap_or_default().to_vec()
}

/// Whether both are the same name, a question mark behind the first or not.
pub(super) fn same(one: &str, other: &str) -> bool {
    folded(one.trim_end_matches('?')) == folded(other.trim())
}

/// A name as it is compared: in lower case and without accents.
fn folded(name: &str) -> String {
    let bare = |letter: char| match letter {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ù'..='ü' => 'u',
        'ý' | 'ÿ' => 'y',
        '’' => '\'',
        letter => letter,
    };
    name.to_lowercase().chars().map(bare).collect()
}

#[cfg(test)]
mod tests {
    use super::super::names::{is_not_needed, several};
    use super::*;

    #[test]
    fn people_are_found_by_their_full_names() {
        let text = "\
people:
  # Chris Johnston; plan: line 5
  chris: {role: decider}
  marcy: {role: product} # Marcy Jacobs; plan: line 9
  ann: {name: Ann Lee-Roe, role: b}
  \"lee?\": {role: a}
";
        let editor = Editor::new(text);
        let key = |name: &str| known(&editor, name).map(|(key, _)| key.text);
        assert_eq!(key("Marcy Jacobs").as_deref(), Some("marcy"));
        assert_eq!(key("chris johnston").as_deref(), Some("chris"));
        assert_eq!(key("Lee").as_deref(), Some("lee?"));
        assert_eq!(key("Ann Lee-Roe").as_deref(), Some("ann"));
        assert_eq!(key("Chris J"), None);
        assert_eq!(key("Marcy Jones"), None);
        assert_eq!(key("MARCY JACÓBS").as_deref(), Some("marcy"), "accents are not told apart");
    }

    #[test]
    fn what_may_be_no_new_person_is_asked_once_more() {
        let text = "\
people:
  rachael: {role: comms} # Rachael Roueché; plan: line 10
  lee: {role: a} # plan: line 3
";
        let editor = Editor::new(text);
        for name in ["Rachel", "Rachael Rouchee", "the NSOC shift lead", "Ann Bo Cy Di", "Lea"] {
            assert!(odd(&editor, name).is_some(), "{name}");
        }
        for name in ["Rachael Roueche", "Lee", "Dana Whitfield", "Wyatt", "Bob"] {
            assert_eq!(odd(&editor, name), None, "{name}");
        }
        for words in ["none", "Not needed.", "we don’t need that one", "We don't need Medallia"] {
            assert!(is_not_needed(words), "{words}");
        }
        assert!(!is_not_needed("we don't know") && !is_not_needed("nobody yet"));
        assert_eq!(several("Ann Lee, then Bo and Cy"), ["Ann Lee", "Bo", "Cy"]);
    }
}
