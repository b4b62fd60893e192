//! Names as people type them: what is none is refused, and whoever is in the file already is found.

use crate::language::edit::Editor;
use crate::language::node::{Key, Node};

/// What is typed where somebody should be named, and names nobody.
const NOBODY: [&str; 37] = [
    "?",
    "-",
    "x",
    "n/a",
    "na",
    "tbd",
    "tba",
    "none",
    "nobody",
    "no one",
    "noone",
    "unknown",
    "unclear",
    "open",
    "not yet",
    "nobody yet",
    "later",
    "pending",
    "somebody",
    "someone",
    "anybody",
    "anyone",
    "everyone",
    "everybody",
    "yes",
    "no",
    "ok",
    "okay",
    "maybe",
    "me",
    "us",
    "same",
    "them",
    "delete",
    "keep",
    "leave",
    "done",
];
/// How such answers begin.
const BEGINNINGS: [&str; 7] =
    ["i don't", "i dont", "we don't", "same as", "still ", "to be ", "ask "];
/// How answers begin that leave open a name or a value.
const UNKNOWN: [&str; 9] = [
    "don't know",
    "dont know",
    "do not know",
    "i don't know",
    "we don't know",
    "nobody knows",
    "not sure",
    "no idea",
    "not known",
];
/// Words of sentences, and of no name.
const SENTENCE: [&str; 22] = [
    "is", "are", "was", "will", "would", "think", "so", "whoever", "or", "someone", "somebody",
    "probably", "why", "who", "the", "we", "i", "they", "did", "has", "can", "that's",
];
/// A name has no more words than this.
const MOST_WORDS: usize = 6;

/// Whether somebody says that a value is not known.
pub(super) fn leaves_open(words: &str) -> bool {
    let lower = words.trim().to_lowercase();
    let bare = ["tbd", "tba", "unknown", "n/a", "?", "not yet", "later", "pending", "nobody"];
    bare.contains(&lower.as_str()) || UNKNOWN.iter().any(|head| lower.starts_with(head))
}

/// A name, or why what was typed is none.
pub(super) fn name(words: &str) -> Result<&str, String> {
    let words = words.trim().trim_end_matches(['.', ',']);
    let lower = words.to_lowercase();
    let mut heads = UNKNOWN.iter().chain(&BEGINNINGS);
    if NOBODY.contains(&lower.as_str()) || heads.any(|head| lower.starts_with(head)) {
        return Err(format!("`{words}` names nobody: write a name, `park OWNER DATE`, or `skip`"));
    }
    if words.contains('?') {
        return Err("an uncertain name leaves it open: park it".to_string());
    }
    let of_sentence = |word: &str| SENTENCE.contains(&word);
    if lower.split([' ', ',']).any(of_sentence) {
        return Err(format!("`{words}` is more than a name: write the name alone, or park it"));
    }
    let odd = |letter: char| letter.is_ascii_digit() || ",:;@/\\#\"()[]{}<>".contains(letter);
    if words.contains(odd) {
        return Err(format!(
            "`{words}` is not a name alone: phones and addresses have their place on the contact \
             sheet"
        ));
    }
    if words.is_empty() || words.split(' ').count() > MOST_WORDS {
        return Err(format!("`{words}` is not a name: write the name alone"));
    }
    Ok(words)
}

/// Whoever of the people of the file is meant: by the key, by the full name, or by the name in the
/// comment beside it or above it.
pub(super) fn known(editor: &Editor, name: &str) -> Option<(Key, Node)> {
    let people = people(editor);
    let by_key = people.iter().find(|(key, _)| same(&key.text, name));
    let full = |(key, person): &&(Key, Node)| {
        if person.get("name").and_then(Node::text).is_some_and(|full| same(full, name)) {
            return true;
        }
        let line = key.place.line;
        let above = editor.comment_line(line.saturating_sub(1));
        [editor.comment_of(line), above].iter().any(|comment| {
            let named = comment.split(';').next().unwrap_or_default().trim();
            named.contains(' ') && same(named, name)
        })
    };
    by_key.or_else(|| people.iter().find(full)).cloned()
}

/// The people of the file.
pub(super) fn people(editor: &Editor) -> Vec<(Key, Node)> {
    let people = editor.root().and_then(|root| root.get("people")).and_then(Node::entries);
    people.unwrap_or_default().to_vec()
}

/// Whether both are the same name, a question mark behind the first or not.
pub(super) fn same(one: &str, other: &str) -> bool {
    one.trim_end_matches('?').to_lowercase() == other.trim().to_lowercase()
}

/// What people say before a name.
const HEADS: [&str; 9] =
    ["yes, ", "no, ", "no: ", "yes: ", "it is ", "it's ", "that's ", "that is ", "i think "];

/// Whether these words only say yes.
pub(super) fn is_yes(words: &str) -> bool {
    let lower = words.to_lowercase();
    let bare = lower.trim_end_matches(['.', '!']);
    [
        "yes",
        "y",
        "ok",
        "yep",
        "yeah",
        "correct",
        "right",
        "sure",
        "yes it is",
        "yes, it is",
        "it is",
    ]
    .contains(&bare)
}

/// The name without what people say around it: `no, Dana Cole`, `Jennifer Lee, yes`.
pub(super) fn bare(words: &str) -> &str {
    let words = words.trim();
    let lower = words.to_lowercase();
    let head =
        HEADS.iter().find(|head| lower.starts_with(**head) && words.is_char_boundary(head.len()));
    if let Some(head) = head {
        return bare(&words[head.len()..]);
    }
    let tail = [", yes", ", right", ", it is"].iter().find(|tail| words.ends_with(**tail));
    tail.map_or(words, |tail| words[..words.len() - tail.len()].trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_nobody_is_refused() {
        for words in [
            "don't know yet",
            "nobody knows",
            "nobody yet",
            "same as above",
            "TBD",
            "me",
            "phone 304-555-0100",
            "dave@example.org",
            "Curtis?",
            "we will see about that on Monday at ten",
            "I think so",
            "probably",
            "Help desk is Ann Lee",
            "Ann or Bo",
            "the NSOC shift lead, whoever is on",
            "Curtis is coming, keep",
            "why",
        ] {
            assert!(name(words).is_err(), "{words}");
        }
        for words in ["Dave Miller", "Zoë O'Brien-Lee", "ann", "Jeff B."] {
            assert!(name(words).is_ok(), "{words}");
        }
        assert_eq!(bare("no, Dana Cole"), "Dana Cole");
        assert_eq!(bare("Jennifer Lee, yes"), "Jennifer Lee");
        assert_eq!(bare("no, it's Dana Cole"), "Dana Cole");
        assert_eq!(bare("I think it is Dana Cole"), "Dana Cole");
        assert!(is_yes("yes it is") && is_yes("Yes, it is.") && !is_yes("I think so"));
    }

    #[test]
    fn people_are_found_by_their_full_names() {
        let text = "people:\n  # Chris Johnston; plan: line 5\n  chris: {role: decider}\n  marcy: \
                    {role: product} # Marcy Jacobs; plan: line 9\n  \"lee?\": {role: a}\n";
        let editor = Editor::new(text);
        let key = |name: &str| known(&editor, name).map(|(key, _)| key.text);
        assert_eq!(key("Marcy Jacobs").as_deref(), Some("marcy"));
        assert_eq!(key("chris johnston").as_deref(), Some("chris"));
        assert_eq!(key("Lee").as_deref(), Some("lee?"));
        assert_eq!(key("Marcy Jones"), None);
    }
}
