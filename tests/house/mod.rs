//! The rules of the house, checked over the source itself.

mod circles;
mod documents;
mod licences;
mod modules;
mod source;
mod words;

use source::{Source, separated, sources};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

/// The rooms of each floor, the ground floor first. Imports only go down, never to the same floor.
const FLOORS: [&[&str]; 12] = [
    &["json_lines", "names", "units"],
    &["kernel", "measure", "language"],
    &["traffic", "telemetry", "people", "change"],
    &["site", "decision", "logs"],
    &["fault", "journal"],
    &["explanation"],
    &["scenario", "observed", "launch_plan"],
    &["crew", "gameday", "judge", "rollcall", "drift", "readiness"],
    &["campaign", "rehearsal"],
    &["capacity", "tune", "window", "night", "fill"],
    &["report"],
    &["cli"],
];

/// Room and what it never imports, although it lies below.
const NEVER: [(&str, &str); 3] =
    [("decision", "crate::kernel"), ("people", "crate::kernel"), ("report", "crate::scenario")];

/// Words that say nothing, so no name has them as a part.
const EMPTY_WORDS: [&str; 5] = ["ctx", "mgr", "util", "helper", "common"];
/// Where such a word is somebody else's name for a thing: the Common Log Format, and a trait.
const TERMS: [(&str, &str); 3] =
    [("src/logs/", "common"), ("tests/logs/", "common"), ("src/cli/shared/typing.rs", "helper")];

const MOST_LINES_OF_A_FILE: usize = 399;
const MOST_LINES_OF_A_FUNCTION: usize = 69;
const WIDEST_LINE: usize = 100;

/// Read once for all rules.
static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(sources);

/// A line that breaks a rule.
type Violation = (String, usize, String);

#[test]
fn files_functions_and_lines_are_short() {
    check(|source| {
        let mut found = Vec::new();
        let lines = source.text.lines().count();
        if lines > MOST_LINES_OF_A_FILE {
            found.push((lines, format!("{lines} lines, at most {MOST_LINES_OF_A_FILE}")));
        }
        for (number, line) in numbered(&source.text) {
            let width = line.chars().count();
            if width > WIDEST_LINE {
                found.push((number, format!("{width} columns, at most {WIDEST_LINE}")));
            }
        }
        for (number, length) in functions(&source.code) {
            if length > MOST_LINES_OF_A_FUNCTION {
                let most = MOST_LINES_OF_A_FUNCTION;
                found.push((number, format!("a function of {length} lines, at most {most}")));
            }
        }
        found
    });
}

#[test]
fn imports_only_go_down() {
    check(|source| {
        let Some(room) = room(&source.path) else { return Vec::new() };
        let Some(floor) = floor(room) else {
            return vec![(1, format!("the room `{room}` is on no floor"))];
        };
        let mut found = Vec::new();
        for (number, line) in numbered(&source.code) {
            for rest in line.split("crate::").skip(1) {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
                let target = &rest[..end.unwrap_or(rest.len())];
                let problem = match self::floor(target) {
                    _ if target == room => continue,
                    None => format!("`crate::{target}` is no room; import each room by itself"),
                    Some(below) if below < floor => continue,
                    Some(_) => format!("{room} imports {target}, which is not below it"),
                };
                found.push((number, problem));
            }
            for (_, never) in NEVER.iter().filter(|(name, _)| *name == room) {
                if line.contains(&format!("{never}::")) {
                    found.push((number, format!("{room} never imports {never}")));
                }
            }
        }
        found
    });
}

#[test]
fn names_say_something() {
    check(|source| {
        let mut found = Vec::new();
        for (number, line) in numbered(&source.code) {
            for name in line.split(|c: char| !c.is_alphanumeric() && c != '_') {
                let empty = |word: &String| {
                    let term =
                        |(path, term): &(&str, &str)| source.path.starts_with(path) && word == term;
                    EMPTY_WORDS.contains(&&**word) && !TERMS.iter().any(term)
                };
                if let Some(word) = words(name).into_iter().find(empty) {
                    found.push((number, format!("`{name}` has the empty word `{word}`")));
                }
            }
        }
        found
    });
}

#[test]
fn nothing_is_left_undone() {
    check(|source| {
        let mut found = Vec::new();
        let lines = numbered(&source.code).zip(source.comments.lines());
        for ((number, code), comment) in lines {
            for left in ["todo!", "unimplemented!", "dbg!", "#[ignore"] {
                if code.contains(left) {
                    found.push((number, format!("`{left}`")));
                }
            }
            for left in ["FIXME", "XXX", "TODO", "HACK"] {
                if comment.contains(left) {
                    found.push((number, format!("{left} in a comment")));
                }
            }
        }
        found
    });
}

#[test]
fn library_code_prints_nothing() {
    check(|source| {
        if room(&source.path).is_none_or(|room| room == "cli") {
            return Vec::new();
        }
        let prints = |line: &str| {
            let mut calls = ["println!", "print!", "eprintln!", "eprint!"].iter();
            calls.any(|call| line.contains(call))
        };
        let lines = numbered(&source.code).filter(|(_, line)| prints(line));
        lines.map(|(number, _)| (number, "library code prints nothing".to_string())).collect()
    });
}

#[test]
fn public_items_are_documented() {
    const ITEMS: [&str; 6] = ["fn ", "const fn ", "struct ", "enum ", "trait ", "const "];
    check(|source| {
        if !source.path.starts_with("src") {
            return Vec::new();
        }
        let code: Vec<&str> = source.code.lines().collect();
        let text: Vec<&str> = source.text.lines().collect();
        let undocumented = |position: &usize| {
            let public = code[*position].trim_start().strip_prefix("pub ");
            let item = public.is_some_and(|rest| ITEMS.iter().any(|item| rest.starts_with(item)));
            let above = text[..*position].iter().rev().map(|line| line.trim());
            let mut above =
                above.take_while(|line| !line.is_empty() && !line.ends_with(['{', ';']));
            item && !above.any(|line| line.starts_with("///") || line.starts_with("$(#["))
        };
        let positions = (0..code.len()).filter(undocumented);
        positions.map(|p| (p + 1, format!("no sentence on `{}`", code[p].trim()))).collect()
    });
}

#[test]
fn every_test_file_is_part_of_the_test_program() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let main = fs::read_to_string(folder.join("main.rs")).expect("the test program");
    let entries = fs::read_dir(&folder).expect("the tests").map(|entry| entry.expect("an entry"));
    let name = |path: &Path| path.file_stem().expect("a name").to_string_lossy().into_owned();
    let forgotten: Vec<String> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "rs") || path.join("mod.rs").exists())
        .map(|path| name(&path))
        .filter(|name| name != "main" && !main.contains(&format!("\nmod {name};\n")))
        .collect();
    assert!(forgotten.is_empty(), "not in tests/main.rs, so never run: {forgotten:?}");
}

#[test]
fn comments_and_strings_are_told_from_code() {
    let text = "let a = \"// ctx\"; // why\nlet b = r#\"\"x\"#; /* a\n/* b */ c */ let c = '\"';\n";
    let (code, comments) = separated(text);
    assert_eq!(code.lines().count(), 3);
    let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(squeezed(&code), "let a = ; let b = r #; let c = ;");
    assert_eq!(squeezed(&comments), "// why /* a /* b */ c */");
    assert_eq!(words("HttpCtxOf_two"), ["http", "ctx", "of", "two"]);
    let body = "fn one() {\n    1\n}\nimpl A {\n    fn two(\n    ) {\n    }\n}\n";
    assert_eq!(functions(body), [(1, 3), (5, 3)]);
}

/// Runs a rule over every source file, and fails with all places at once.
fn check(rule: impl Fn(&Source) -> Vec<(usize, String)>) {
    let mut violations: Vec<Violation> = Vec::new();
    let sources = &*SOURCES;
    assert!(sources.len() > 30, "the sources are not where they should be");
    for source in sources {
        let found = rule(source).into_iter();
        violations.extend(found.map(|(line, problem)| (source.path.clone(), line, problem)));
    }
    let mut text = String::new();
    for (path, line, problem) in &violations {
        writeln!(text, "{path}:{line}: {problem}").expect("memory");
    }
    assert!(violations.is_empty(), "{} violations:\n{text}", violations.len());
}

/// The room of a file: `src/site/plan.rs` is in `site`. `lib.rs` and `main.rs` are in none.
fn room(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("src/")?;
    Some(rest.split('/').next()?.trim_end_matches(".rs")).filter(|r| !["lib", "main"].contains(r))
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(position, line)| (position + 1, line))
}

/// The lower-case words of a name in snake or camel case.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for character in name.chars() {
        if character == '_' || character.is_uppercase() {
            words.push(String::new());
        }
        if character != '_' {
            words.last_mut().expect("never empty").extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// First line and length of every function of formatted code that has more than one line: it ends
/// with the next brace that is as far left as its first line.
fn functions(code: &str) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = code.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut functions = Vec::new();
    for (position, line) in lines.iter().enumerate() {
        let start = line.trim_start();
        let is_function = start.starts_with("fn ") || start.contains(" fn ");
        if !is_function || start.ends_with(['}', ';']) {
            continue;
        }
        let ends = |next: &&str| indent(next) == indent(line) && next.trim_start().starts_with('}');
        let rest = &lines[position + 1..];
        let length = rest.iter().position(ends).map_or(rest.len(), |end| end + 1);
        functions.push((position + 1, length + 1));
    }
    functions
}
