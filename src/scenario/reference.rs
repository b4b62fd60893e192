//! The reference of the scenario language, from the same tables that read it.

use crate::decision::FIELDS;
use crate::language::shape::{KeyDoc, Mapping, Shape};
use crate::language::written::Written;
use crate::scenario::document::Document;
use crate::scenario::rule_test;
use std::fmt::Write;

/// What no table says: values, rules, reuse, tests of rules.
const GUIDE: &str = include_str!("reference.md");

/// The reference as Markdown: the guide, then every key with what it takes and what it means.
pub fn reference() -> String {
    let fields: String =
        FIELDS.iter().map(|(name, means)| format!("| `{{{{{name}}}}}` | {means} |\n")).collect();
    let mut text = GUIDE.replace("FIELDS\n", &format!("| field | means |\n|---|---|\n{fields}"));
    text += "\n## Every key of a scenario\n";
    section(&mut text, "", &mapping_of(Document::shape()), &mut Vec::new());
    text += "\n## Every key of a file of rule tests\n";
    section(&mut text, "", &mapping_of(rule_test::shape()), &mut Vec::new());
    text
}

fn mapping_of(shape: Shape) -> Mapping {
    shape.mapping().expect("a file is a mapping with fixed keys").clone()
}

/// The table of one mapping, then those of the mappings in it.
fn section(text: &mut String, path: &str, mapping: &Mapping, told: &mut Vec<&'static str>) {
    told.push(mapping.name);
    let title = if path.is_empty() { "At the top".to_string() } else { format!("`{path}`") };
    writeln!(text, "\n### {title}\n\n{}\n", mapping.doc.trim()).expect("memory");
    text.push_str("| key | takes | means |\n|---|---|---|\n");
    for key in &mapping.keys {
        let needed = if key.required { "**Needed.** " } else { "" };
        let takes = takes(&(key.shape)()).replace('|', "\\|");
        let doc = key.doc.trim().replace('|', "\\|");
        writeln!(text, "| `{}` | {takes} | {needed}{doc} |", key.key).expect("memory");
    }
    for key in &mapping.keys {
        let shape = (key.shape)();
        if let Some(inner) = shape.mapping().filter(|inner| !told.contains(&inner.name)) {
            section(text, &below(path, key, &shape), inner, told);
        }
    }
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

/// What a key takes, in words.
fn takes(shape: &Shape) -> String {
    match shape {
        Shape::Word(_, kind) => (*kind).to_string(),
        Shape::List(inner) => format!("a list: {}", takes(inner)),
        Shape::OneOrMany(inner) => format!("{}, or a list", takes(inner)),
        Shape::Entries(inner) => format!("names, each with {}", takes(inner)),
        Shape::Keys(_) => "keys, see below".to_string(),
        Shape::Either(shapes) => {
            let each: Vec<String> = shapes.iter().map(takes).collect();
            each.join(", or ")
        }
    }
}
