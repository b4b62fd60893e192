//! Names as people type them: what is not a name is refused.

/// What is typed where somebody should be named, and names nobody.
const NOBODY: [&str; 62] = [
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
    "tomorrow",
    "today",
    "next week",
    "next",
    "skip",
    "stop",
    "back",
    "undo",
    "help",
    "park",
    "pass",
    "why",
    "right",
    "correct",
    "exactly",
    "sure",
    "fine",
    "good",
    "hm",
    "whatever",
    "ok then",
    "new",
    "the same",
    "both",
    "all",
];
/// How such answers begin.
const BEGINNINGS: [&str; 7] =
    ["i don't", "i dont", "we don't", "same as", "still ", "to be ", "ask "];
/// How answers begin that leave open a name or a value.
const UNKNOWN: [&str; 15] = [
    "we'll ",
    "i'll ",
    "we will ",
    "i will ",
    "let me ",
    "let's ",
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
const SENTENCE: [&str; 67] = [
    "it", "depends", "two", "three", "first", "second", "third", "last", "next", "now", "is",
    "are", "was", "will", "would", "think", "so", "whoever", "or", "someone", "somebody",
    "probably", "why", "who", "we", "i", "they", "did", "has", "can", "that's", "it's", "he",
    "she", "does", "do", "should", "could", "then", "maybe", "ask", "check", "need", "get", "find",
    "be", "have", "had", "must", "let", "let's", "to", "for", "at", "in", "on", "by", "if", "when",
    "what", "where", "how", "about", "around", "yet", "still", "there",
];
/// And how such words end.
const SHORTENED: [&str; 5] = ["'ll", "'ve", "'re", "'m", "n't"];
/// A name has no more words than this.
const MOST_WORDS: usize = 6;

/// Whether somebody says that a value is not known.
pub(super) fn leaves_open(words: &str) -> bool {
    let lower = words.trim().to_lowercase().replace('’', "'");
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
        return Err("a name with a question mark leaves it open: `park OWNER DATE`".to_string());
    }
    if lower.contains(" or ") {
        return Err(format!("`{words}` leaves open which: name one, or both with `and`"));
    }
    // `Will So` is a name; in a sentence such words are small, or come first.
    let of_sentence = |(at, word): (usize, &str)| {
        let lower = word.to_lowercase().replace('’', "'");
        let small = word == lower || (at == 0 && lower != "will");
        let short = SHORTENED.iter().any(|end| lower.ends_with(end));
        short || (small && SENTENCE.contains(&lower.as_str()))
    };
    if words.split([' ', ',']).enumerate().any(of_sentence) {
        return Err(format!("`{words}` is more than a name: write the name alone, or park it"));
    }
    if words.contains(|letter: char| letter.is_ascii_digit() || letter == '@') {
        return Err(format!(
            "`{words}` is not a name alone: phones and addresses have their place on the contact \
             sheet"
        ));
    }
    if words.contains(|letter: char| ",:;/\\#\"()[]{}<>!&+*=|~^$%".contains(letter)) {
        return Err(format!("`{words}` is more than one name: write the name alone"));
    }
    if words.is_empty() || words.split(' ').count() > MOST_WORDS {
        return Err(format!("`{words}` is not a name: write the name alone"));
    }
    Ok(words)
}

/// Whether these words say that nobody is needed for a role.
pub(super) fn is_not_needed(words: &str) -> bool {
    let lower = words.to_lowercase().replace('’', "'");
    let bare = lower.trim_end_matches(['.', '!']);
    let alone = [
        "none",
        "none needed",
        "not needed",
        "not required",
        "not applicable",
        "nobody needed",
        "nobody is needed",
        "no one needed",
        "no one is needed",
        "drop it",
        "drop that one",
        "remove it",
        "it is not needed",
        "it's not needed",
    ];
    let heads = ["we don't need ", "we dont need ", "we do not need ", "don't need ", "no need "];
    alone.contains(&bare) || heads.iter().any(|head| bare.starts_with(head))
}

/// The names in an answer that may be several: `Ann Lee, then Bo`, `Ann and Bo`.
pub(super) fn several(words: &str) -> Vec<&str> {
    let parts = bare(words).split([',', ';']);
    let parts = parts.flat_map(|part| part.split(" and ")).flat_map(|part| part.split(" then "));
    let parts = parts.flat_map(|part| part.split(" & ")).flat_map(|part| part.split(" plus "));
    let parts = parts.map(|part| part.trim().trim_start_matches("then ").trim());
    parts.filter(|part| !part.is_empty()).collect()
}

/// What people say before a name.
const HEADS: [&str; 16] = [
    "i meant ",
    "i mean ",
    "that will be ",
    "it would be ",
    "it should be ",
    "yes, ",
    "no, ",
    "no: ",
    "yes: ",
    "it is ",
    "it's ",
    "that's ",
    "that is ",
    "i think ",
    "it will be ",
    "that would be ",
];

/// And behind one.
const TAILS: [&str; 27] = [
    " says so",
    " instead",
    ", yes",
    ", right",
    ", it is",
    ", please",
    " does it",
    " does that",
    " does them",
    " does both",
    " does all of them",
    " does this",
    " will do it",
    " will do that",
    " is doing it",
    " takes it",
    " takes that",
    " takes them",
    " takes both",
    " takes all of them",
    " takes this",
    " has it",
    " has them",
    " owns it",
    " is on it",
    " too",
    " as well",
];

/// Whether these words only say yes.
pub(super) fn is_yes(words: &str) -> bool {
    let lower = words.to_lowercase().replace('’', "'");
    let bare = lower.trim_end_matches(['.', '!']);
    if let Some(rest) = bare.strip_prefix("yes, ").or(bare.strip_prefix("yes ")) {
        return ["please", "it is"].contains(&rest) || is_yes(rest);
    }
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
        "that is right",
        "that's right",
        "that is fine",
        "that's fine",
        "that's correct",
        "exactly",
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
    let tail = TAILS.iter().find(|tail| lower.ends_with(**tail) && lower.len() == words.len());
    tail.map_or(words, |tail| bare(&words[..words.len() - tail.len()]))
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
            "Ann (deputy)",
            "the NSOC shift lead, whoever is on",
            "Curtis is coming, keep",
            "why",
            "I’ll ask around",
            "let me check",
            "it depends",
            "Clare for now",
            "three Wyatt",
            "!!!",
            "not there yet",
        ] {
            assert!(name(words).is_err(), "{words}");
        }
        for words in ["Will So", "Dave Miller", "Zoë O'Brien-Lee", "ann", "Jeff B."] {
            assert!(name(words).is_ok(), "{words}");
        }
        assert_eq!(bare("no, Dana Cole"), "Dana Cole");
        assert_eq!(bare("Jennifer Lee, yes"), "Jennifer Lee");
        assert_eq!(bare("no, it's Dana Cole"), "Dana Cole");
        for words in ["Dana Cole does it", "Dana Cole too", "no, Dana Cole takes both"] {
            assert_eq!(bare(words), "Dana Cole", "{words}");
        }
        assert_eq!(bare("I think it is Dana Cole"), "Dana Cole");
        assert!(
            is_yes("yes, that's right")
                && is_yes("yes it is")
                && is_yes("Yes, it is.")
                && !is_yes("I think so")
        );
    }
}
