//! The source files, their code told from their comments and strings.

use std::fs;
use std::path::{Path, PathBuf};

/// One source file, whole and with everything that is not code blanked out.
pub struct Source {
    pub path: String,
    pub text: String,
    pub code: String,
    pub comments: String,
}

/// All source files.
pub fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in ["src", "tests", "benches"] {
        collect(&root.join(folder), &mut paths);
    }
    paths.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("source files are text");
        let (code, comments) = separated(&text);
        let path = path.strip_prefix(root).expect("below the root").display().to_string();
        Source { path, text, code, comments }
    };
    paths.into_iter().map(read).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

/// The code without comments and the contents of strings, and the comments without the code; every
/// line stays where it was.
pub fn separated(text: &str) -> (String, String) {
    let (mut code, mut comments) = (String::new(), String::new());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (length, is_comment) = token(rest);
        let (token, after) = rest.split_at(length);
        let hidden = is_comment || (length > 1 && first != '\r');
        for character in token.chars() {
            let blank = if character == '\n' { '\n' } else { ' ' };
            code.push(if hidden { blank } else { character });
            comments.push(if is_comment { character } else { blank });
        }
        rest = after;
    }
    (code, comments)
}

/// The length in bytes of what a text starts with, and whether it is a comment: a comment, a string
/// or a character literal as a whole, else one character.
fn token(text: &str) -> (usize, bool) {
    let first = text.chars().next().map_or(1, char::len_utf8);
    if text.starts_with("//") {
        return (text.find('\n').unwrap_or(text.len()), true);
    }
    if text.starts_with("/*") {
        return (block_comment(text), true);
    }
    let hashes = text.len() - text.trim_start_matches('#').len();
    if hashes > 0 && text[hashes..].starts_with('"') {
        let end = format!("\"{}", "#".repeat(hashes));
        let closing = text[hashes + 1..].find(&end);
        return (closing.map_or(text.len(), |at| hashes + at + 2), false);
    }
    if text.starts_with('"') {
        return (quoted(text, '"'), false);
    }
    let literal = text.starts_with("'\\") || text.chars().nth(2) == Some('\'');
    if text.starts_with('\'') && literal { (quoted(text, '\''), false) } else { (first, false) }
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(b"/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest.starts_with(b"*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

/// The length of a literal up to its closing quote.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}
