//! The reference of the scenario language, from the same tables that read it.

use crate::decision::FIELDS;
use crate::language::shape::{KeyDoc, MappingShape, Shape};
use crate::language::written::FromNode;
use crate::scenario::document::Document;
use crate::scenario::rule_test;
use std::fmt::Write;

/// What no table says: values, rules, reuse, tests of rules.
const GUIDE: &str = include_str!("reference.md");

/// The reference as Markdown: contents, the guide, then every key with what it takes and what it
/// means.
pub fn reference() -> String {
    let fields: String =
        FIELDS.iter().map(|(name, means)| format!("| `{{{{{name}}}}}` | {means} |\n")).collect();
    let guide = GUIDE.replace("FIELDS\n", &format!("| field | means |\n|---|---|\n{fields}"));
    let scenario = sections("key", &mapping_of(Document::shape()));
    let tests = sections("test", &mapping_of(rule_test::shape()));
    let contents = contents(&guide, &[(SCENARIO, &scenario), (TESTS, &tests)]);
    let mut text = guide.replacen("CONTENTS\n", &contents, 1);
    for (title, sections) in [(SCENARIO, &scenario), (TESTS, &tests)] {
        write!(text, "\n## {title}\n").expect("memory");
        sections.iter().for_each(|section| text.push_str(&section_table(section, sections)));
    }
    text
}

const SCENARIO: &str = "Every key of a scenario";
const TESTS: &str = "Every key of a file of rule tests";

fn mapping_of(shape: Shape) -> MappingShape {
    shape.mapping().expect("a file is a mapping with fixed keys").clone()
}

/// The keys of one mapping.
struct Section {
    /// `plays.<name>.steps[]`; empty: a whole file.
    path: String,
    /// What links to it name.
    anchor: String,
    mapping: MappingShape,
}

impl Section {
    fn title(&self) -> String {
        if self.path.is_empty() { "At the top".to_string() } else { format!("`{}`", self.path) }
    }

    fn link(&self) -> String {
        format!("[{}](#{})", self.title(), self.anchor)
    }
}

/// A mapping and those in it, each once, in the order in which they are told.
fn sections(of: &str, mapping: &MappingShape) -> Vec<Section> {
    let mut all = Vec::new();
    collect(of, "", mapping, &mut all);
    all
}

fn collect(of: &str, path: &str, mapping: &MappingShape, all: &mut Vec<Section>) {
    let words = path.split(|c: char| !c.is_alphanumeric() && c != '_');
    let words: Vec<&str> = words.filter(|word| !word.is_empty() && *word != "name").collect();
    let anchor =
        if words.is_empty() { format!("{of}s") } else { format!("{of}-{}", words.join("-")) };
    all.push(Section { path: path.to_string(), anchor, mapping: mapping.clone() });
    for key in &mapping.keys {
        let shape = (key.shape)();
        let new =
            |inner: &&MappingShape| all.iter().all(|section| section.mapping.name != inner.name);
        if let Some(inner) = shape.mapping().filter(new) {
            collect(of, &below(path, key, &shape), inner, all);
        }
    }
}

/// What there is, with links: the chapters of the guide in one line, the keys level by level.
fn contents(guide: &str, parts: &[(&str, &[Section])]) -> String {
    let slug = |title: &str| title.to_lowercase().replace(' ', "-").replace(',', "");
    let link = |title: &str| format!("[{title}](#{})", slug(title));
    let chapters = guide.lines().filter_map(|line| line.strip_prefix("## "));
    let chapters: Vec<String> = chapters.filter(|title| *title != "Contents").map(link).collect();
    let mut text = format!("Guide: {}\n\n", chapters.join(" · "));
    for (title, sections) in parts {
        writeln!(text, "{}:\n", link(title)).expect("memory");
        for section in sections.iter() {
            let path = plain(&section.path);
            let top = !path.contains('.');
            let begins = format!("{path}.");
            let within = sections
                .iter()
                .filter(|other| top && !path.is_empty() && plain(&other.path).starts_with(&begins));
            let within: Vec<String> = within.map(Section::link).collect();
            let inner =
                if within.is_empty() { String::new() } else { format!(": {}", within.join(", ")) };
            if top {
                writeln!(text, "- {}{inner}", section.link()).expect("memory");
            }
        }
        text.push('\n');
    }
    text
}

/// The table of one mapping.
fn section_table(section: &Section, all: &[Section]) -> String {
    let mut text = String::new();
    let (anchor, title, doc) = (&section.anchor, section.title(), section.mapping.doc.trim());
    // An anchor of its own: those made from titles differ from one viewer to the next.
    write!(text, "\n<a id=\"{anchor}\"></a>\n\n### {title}\n\n").expect("memory");
    let path = plain(&section.path);
    let above = all.iter().filter(|other| {
        let over = plain(&other.path);
        !path.is_empty() && (over.is_empty() || path.starts_with(&format!("{over}.")))
    });
    let above: Vec<String> = above.map(Section::link).collect();
    let above = [vec!["[Contents](#contents)".to_string()], above].concat().join(" › ");
    write!(text, "{above}\n\n{}\n\n", linked(doc, section, all)).expect("memory");
    text.push_str("| key | takes | means |\n|---|---|---|\n");
    for key in &section.mapping.keys {
        let needed = if key.required { "**Needed.** " } else { "" };
        let takes = takes(&(key.shape)(), all).replace('|', "\\|");
        let doc = linked(key.doc.trim(), section, all).replace('|', "\\|");
        writeln!(text, "| `{}` | {takes} | {needed}{doc} |", key.key).expect("memory");
    }
    text
}

/// A text in which the keys that have a section of their own are links: `traffic.retries`,
/// `changes`, and `telemetry.errors` to the section that has it.
fn linked(doc: &str, here: &Section, all: &[Section]) -> String {
    let mut text = String::new();
    for (at, part) in doc.split('`').enumerate() {
        let target = if at % 2 == 1 { target(part, all) } else { None };
        match target.filter(|target| target.anchor != here.anchor) {
            Some(target) => write!(text, "[`{part}`](#{})", target.anchor).expect("memory"),
            None if at % 2 == 1 => write!(text, "`{part}`").expect("memory"),
            None => text.push_str(part),
        }
    }
    text
}

/// A path without its lists and names.
fn plain(path: &str) -> String {
    path.replace("[]", "").replace(".<name>", "")
}

/// The section of a key that is named by its path from the top.
fn target<'a>(path: &str, all: &'a [Section]) -> Option<&'a Section> {
    let find = |path: &str| {
        all.iter().find(|section| !section.path.is_empty() && plain(&section.path) == plain(path))
    };
    let has = |section: &&Section, key: &str| section.mapping.keys.iter().any(|one| one.key == key);
    let (above, key) = path.rsplit_once('.').unwrap_or(("", path));
    find(path).or_else(|| find(above).filter(|section| has(section, key)))
}

/// `plays.<name>.steps[]`.
fn below(path: &str, key: &KeyDoc, shape: &Shape) -> String {
    let dot = if path.is_empty() { "" } else { "." };
    format!("{path}{dot}{}{}", key.key, inside(shape))
}

fn inside(shape: &Shape) -> String {
    match shape {
        Shape::List(inner) | Shape::OneOrMany(inner) => format!("[]{}", inside(inner)),
        Shape::Entries(inner) => format!(".<name>{}", inside(inner)),
        Shape::Either(shapes) => {
            shapes.iter().find(|one| one.mapping().is_some()).map_or(String::new(), inside)
        }
        Shape::Keys(_) | Shape::Word(..) => String::new(),
    }
}

/// What a key takes, in words; keys of its own are a link to where they are told.
fn takes(shape: &Shape, all: &[Section]) -> String {
    match shape {
        Shape::Word(_, kind) => (*kind).to_string(),
        Shape::List(inner) => format!("a list: {}", takes(inner, all)),
        Shape::OneOrMany(inner) => format!("{}, or a list", takes(inner, all)),
        Shape::Entries(inner) => format!("names, each with {}", takes(inner, all)),
        Shape::Keys(mapping) => {
            let told = all.iter().find(|section| section.mapping.name == mapping.name);
            told.map_or("keys".to_string(), |told| format!("[keys](#{})", told.anchor))
        }
        Shape::Either(shapes) => {
            let each: Vec<String> = shapes.iter().map(|shape| takes(shape, all)).collect();
            each.join(", or ")
        }
    }
}
