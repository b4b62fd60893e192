//! From YAML text to the tree, within limits that no scenario needs and no hostile file passes.

use crate::language::comma::join_numbers;
use crate::language::node::{Key, Node, NodeKind, Scalar};
use crate::language::problem::{Problem, Problems, quoted};
use crate::language::source::{Place, place_at};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::{DuplicateKeyPolicy, Error, Location, NonFiniteFloatPolicy, Spanned};

/// Parses one document of a source. `None`: it is not YAML, and the problem says where.
pub fn parse(text: &str, source: usize, problems: &mut Problems) -> Option<Node> {
    let options = serde_yaml::options! {
        strict_booleans: true,
        with_snippet: false,
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        non_finite_float_policy: NonFiniteFloatPolicy::AsString,
        ignore_binary_tag_for_string: true,
        budget: serde_yaml::budget! {
            max_depth: 40,
            max_nodes: 100_000,
            max_aliases: 10_000,
            flow_nesting_limit: 40,
        },
    };
    match serde_yaml::from_str_with_options::<Raw>(without_empty_document(text), options) {
        Ok(raw) => {
            let mut root = Builder { text, source, problems }.node(raw);
            join_numbers(&mut root, problems);
            Some(root)
        }
        Err(error) => {
            let mut problem = syntax_problem(text, &error);
            problem.place.source = source;
            problems.push(problem);
            None
        }
    }
}

/// The text without a `---` at its end that nothing but comments follows: generators write it, and
/// a document of nothing is none.
fn without_empty_document(text: &str) -> &str {
    let mut end = text.len();
    for line in text.split_inclusive('\n').rev() {
        end -= line.len();
        match line.trim_end() {
            "---" | "..." => {
                let empty = |line: &str| line.trim().is_empty() || line.trim().starts_with('#');
                return if text[..end].lines().all(empty) { text } else { &text[..end] };
            }
            line if line.is_empty() || line.trim_start().starts_with('#') => {}
            _ => return text,
        }
    }
    text
}

/// Spaces that no YAML parser takes for one, as they come from web pages and word processors.
static ODD_SPACES: [(char, &str); 5] = [
    ('\u{a0}', "a no-break space (U+00A0)"),
    ('\u{202f}', "a narrow no-break space (U+202F)"),
    ('\u{2007}', "a figure space (U+2007)"),
    ('\u{3000}', "an ideographic space (U+3000)"),
    ('\u{200b}', "a zero-width space (U+200B)"),
];

/// The odd space that is to blame for a syntax error: the last one up to the end of its line.
fn odd_space(text: &str, error: Place) -> Option<Problem> {
    let end = text[error.start..].find('\n').map_or(text.len(), |at| error.start + at);
    let odd = |c: char| ODD_SPACES.iter().find(|(odd, _)| *odd == c);
    let (start, c) = text[..end].char_indices().rev().find(|(_, c)| odd(*c).is_some())?;
    // Within a few lines; further up it has been parsed without harm.
    let lines = text[start..error.start.max(start)].matches('\n').count();
    let (_, name) = odd(c).filter(|_| lines <= 3)?;
    let place = place_at(text, start, start + c.len_utf8());
    let problem = Problem::error(place, format!("this is {name}, not a space"));
    Some(problem.label("here").hint("type it again as a plain space"))
}

/// Typographic quotes are not quotes to YAML.
fn curly(text: &str) -> bool {
    let quote = |c: Option<char>| c.is_some_and(|c| "“”„‟‘’‚«»".contains(c));
    let (first, last) = (text.chars().next(), text.chars().next_back());
    text.chars().count() > 1 && quote(first) && quote(last)
}

/// What the parser hands over, before raw texts and places are looked up.
struct Raw {
    defined: Location,
    kind: RawKind,
}

enum RawKind {
    Null,
    Text(String),
    /// A boolean or number, whose own text is looked up.
    Typed,
    List(Vec<Raw>),
    Map(Vec<(Raw, Raw)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<RawKind>::deserialize(deserializer)?;
        Ok(Raw { defined: spanned.defined, kind: spanned.value })
    }
}

impl<'de> Deserialize<'de> for RawKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = RawKind;

    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("a value")
    }
    fn visit_unit<E>(self) -> Result<RawKind, E> {
        Ok(RawKind::Null)
    }
    fn visit_none<E>(self) -> Result<RawKind, E> {
        Ok(RawKind::Null)
    }
    fn visit_bool<E>(self, _: bool) -> Result<RawKind, E> {
        Ok(RawKind::Typed)
    }
    fn visit_i64<E>(self, _: i64) -> Result<RawKind, E> {
        Ok(RawKind::Typed)
    }
    fn visit_i128<E>(self, _: i128) -> Result<RawKind, E> {
        Ok(RawKind::Typed)
    }
    fn visit_u64<E>(self, _: u64) -> Result<RawKind, E> {
        Ok(RawKind::Typed)
    }
    fn visit_u128<E>(self, _: u128) -> Result<RawKind, E> {
        Ok(RawKind::Typed)
    }
    fn visit_f64<E>(self, _: f64) -> Result<RawKind, E> {
        Ok(RawKind::Typed)
    }
    fn visit_str<E>(self, text: &str) -> Result<RawKind, E> {
        Ok(RawKind::Text(text.to_string()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<RawKind, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = access.next_element()? {
            list.push(item);
        }
        Ok(RawKind::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<RawKind, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = access.next_entry()? {
            entries.push(entry);
        }
        Ok(RawKind::Map(entries))
    }
}

struct Builder<'a> {
    text: &'a str,
    source: usize,
    problems: &'a mut Problems,
}

impl Builder<'_> {
    fn node(&mut self, raw: Raw) -> Node {
        let place = Place { source: self.source, ..place_of(self.text, raw.defined) };
        let own = self.text.get(place.start..place.end).unwrap_or_default();
        let kind = match raw.kind {
            RawKind::Null => NodeKind::Null,
            RawKind::Typed => NodeKind::Scalar(Scalar { text: own.to_string(), quoted: false }),
            RawKind::Text(text) => {
                let quoted = own.starts_with(['"', '\'']);
                if !quoted && !own.starts_with(['|', '>']) {
                    self.typographic(&text, place);
                }
                NodeKind::Scalar(Scalar { text, quoted })
            }
            RawKind::List(list) => {
                NodeKind::List(list.into_iter().map(|item| self.node(item)).collect())
            }
            RawKind::Map(entries) => NodeKind::Map(self.entries(entries)),
        };
        Node { place, kind }
    }

    fn typographic(&mut self, text: &str, place: Place) {
        let odd = |c: char| ODD_SPACES.iter().find(|(odd, _)| *odd == c);
        let (first, last) = (text.chars().next(), text.chars().next_back());
        if curly(text) {
            let problem =
                Problem::error(place, "these are typographic quotes, which quote nothing");
            let hint = "type them again as plain quotes: \"…\"";
            self.problems.push(problem.hint(hint));
        } else if let Some((_, name)) = first.and_then(odd).or(last.and_then(odd)) {
            let problem = Problem::error(place, format!("there is {name} at its edge"));
            self.problems.push(problem.hint("type it again as a plain space, or quote the text"));
        }
    }

    fn entries(&mut self, raw: Vec<(Raw, Raw)>) -> Vec<(Key, Node)> {
        let mut entries: Vec<(Key, Node)> = Vec::new();
        let mut seen: indexmap::IndexMap<String, Place> = indexmap::IndexMap::new();
        for (key, value) in raw {
            let (key, value) = (self.node(key), self.node(value));
            let place = key.place;
            let NodeKind::Scalar(scalar) = key.kind else {
                let message = format!("a key must be a word, this is {}", key.what());
                self.problems.push(Problem::error(place, message));
                continue;
            };
            if let Some(first) = seen.get(&scalar.text) {
                let message = format!("{} is given twice", quoted(&scalar.text));
                let problem = Problem::error(place, message).label("second time");
                let problem = problem.hint("keep one of them");
                self.problems.push(problem.also(*first, "first time"));
                continue;
            }
            seen.insert(scalar.text.clone(), place);
            entries.push((Key { place, text: scalar.text }, value));
        }
        entries
    }
}

/// Errors of the scanner know line and column only.
fn place_of(text: &str, at: Location) -> Place {
    let (line, column) = (at.line() as u32, at.column() as u32);
    if let (Some(start), Some(len)) = (at.span().byte_offset(), at.span().byte_len()) {
        let start = (start as usize).min(text.len());
        let end = (start + len as usize).min(text.len());
        return Place { source: 0, line, column, start, end };
    }
    let lines = text.split_inclusive('\n').take(line.saturating_sub(1) as usize);
    let line_start: usize = lines.map(str::len).sum();
    let mut after = text[line_start..].char_indices().skip(column.saturating_sub(1) as usize);
    let start = after.next().map_or(text.len(), |(at, _)| line_start + at);
    let end = after.next().map_or(text.len(), |(at, _)| line_start + at);
    Place { source: 0, line, column, start, end }
}

fn syntax_problem(text: &str, error: &Error) -> Problem {
    let error = error.without_snippet();
    let place = error.location().map_or(place_at(text, 0, 0), |at| place_of(text, at));
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    if words.contains("budget breached") || words.contains("limit exceeded") {
        return too_much(place, words);
    }
    if words.contains("multiple YAML documents") {
        let problem = Problem::error(place, "a second document begins here");
        return problem.hint("a scenario is one document: remove the `---`");
    }
    if let Some(problem) = odd_space(text, place) {
        return problem;
    }
    let shown: String = words.chars().map(|c| if c == '`' { '\'' } else { c }).collect();
    let problem = Problem::error(place, format!("this is not YAML: {shown}")).label("here");
    problem.maybe_hint(syntax_hint(text, place, words))
}

fn too_much(place: Place, words: &str) -> Problem {
    if ["ecursion", "epth", "esting"].iter().any(|part| words.contains(part)) {
        let problem = Problem::error(place, "this is nested too deeply");
        return problem.hint("a scenario needs fewer than 40 levels");
    }
    let problem = Problem::error(place, "the file is too large once its aliases are filled in");
    problem.hint("a scenario has fewer than 100,000 values")
}

/// YAML's own traps, and how to get out of them.
fn syntax_hint(text: &str, place: Place, words: &str) -> Option<String> {
    if words.contains("tab") {
        return Some("use spaces, YAML does not allow tabs here".to_string());
    }
    let line_start = text[..place.start].rfind('\n').map_or(0, |at| at + 1);
    let line = text[line_start..].lines().next().unwrap_or_default();
    if line.contains("${") && words.contains("expected ','") {
        return Some("inside [ ] or { } quote it: \"${name}\"".to_string());
    }
    let value_start = line[..(place.start - line_start).min(line.len())]
        .rfind([':', '{', '[', ','])
        .map_or(0, |at| at + 1);
    let value = line[value_start..].trim_start().trim_start_matches("- ");
    if value.starts_with(['?', '@', '`', '%', '>', '|', '*', '&', '!']) {
        let value = value.split([',', '}', ']']).next().unwrap_or(value).trim_end();
        return Some(format!("quote it: \"{}\"", quoted(value).trim_matches('`')));
    }
    if words.contains("mapping values are not allowed") {
        return Some("quote a value that has a colon in it, and check the indentation".to_string());
    }
    if words.contains("unclosed") {
        return Some("close it".to_string());
    }
    if words.contains("flow mapping") {
        return Some("a comma is missing, or a `{` above is not closed".to_string());
    }
    if words.contains("flow sequence") {
        return Some("a comma is missing, or a `[` above is not closed".to_string());
    }
    if words.contains("simple key expected") {
        return Some("write `key: value`, with a space after the colon".to_string());
    }
    if words.contains("block mapping") && words.contains("expected key") {
        return Some(
            "the keys of a mapping begin in the same column, and so do the `- ` of a list"
                .to_string(),
        );
    }
    if words.contains("'-' indicator") {
        return Some("begin every entry of the list above with `- `, or none".to_string());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::source::SourceText;

    fn parsed(text: &str) -> (Option<Node>, Vec<Problem>) {
        let source = SourceText::file("test.yaml", text);
        let mut problems = Problems::new(source);
        (parse(text, 0, &mut problems), problems.iter().cloned().collect())
    }

    #[test]
    fn scalars_are_seen_as_written() {
        let (node, problems) = parsed("{a: 0x10, b: 1e3, c: '5', d: 9:00, e: é, f: .nan, g: no}");
        assert_eq!(problems, []);
        let node = node.expect("parsed");
        let text = |key| node.get(key).and_then(Node::text).expect("a scalar");
        let all = ["a", "b", "c", "d", "e", "f", "g"].map(text);
        assert_eq!(all, ["0x10", "1e3", "5", "9:00", "é", ".nan", "no"]);
        assert!(matches!(&node.get("c").expect("c").kind, NodeKind::Scalar(s) if s.quoted));
        assert_eq!(node.get("e").map(|n| (n.place.start, n.place.end)), Some((38, 40)));
    }

    #[test]
    fn values_by_alias_stand_where_they_are_defined() {
        let (node, problems) = parsed("base: &b {x: 1}\nuse: {<<: *b, y: 2}\n");
        assert_eq!(problems, []);
        let node = node.expect("parsed");
        let merged = node.get("use").and_then(|node| node.get("x")).expect("merged");
        assert_eq!((merged.text(), merged.place.line), (Some("1"), 1));
    }

    #[test]
    fn a_key_twice_names_both_places() {
        let (_, problems) = parsed("a: 1\nb: 2\na: 3\n");
        assert_eq!(problems.len(), 1);
        assert_eq!(
            (problems[0].message.as_str(), problems[0].place.line),
            ("`a` is given twice", 3)
        );
        assert_eq!(problems[0].also.as_ref().map(|(place, _)| place.line), Some(1));
    }

    #[test]
    fn bombs_are_refused() {
        let mut laughs = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for i in 1..9 {
            let nine = vec![format!("*a{}", i - 1); 9].join(",");
            laughs += &format!("a{i}: &a{i} [{nine}]\n");
        }
        let blocks: String = (0..3000).map(|i| format!("{}a:\n", " ".repeat(i))).collect();
        for text in [laughs, "[".repeat(200_000), "{a: ".repeat(100_000), blocks] {
            let (node, problems) = parsed(&text);
            assert!(node.is_none());
            let message = &problems[0].message;
            assert!(message.contains("too deeply") || message.contains("too large"), "{message}");
        }
    }
}
