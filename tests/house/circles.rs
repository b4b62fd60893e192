//! Files of one room form a graph without cycles, so that each can be read after those it uses.
//!
//! An import through a re-export is one of the file that defines the item, so that a `mod.rs` is no
//! way round the rule. Code that is only there for tests may look wherever it wants.

use super::modules::{Edges, Modules};
use super::source::Source;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

type Graph = BTreeMap<String, Edges>;

#[test]
fn files_of_a_room_use_each_other_in_one_direction() {
    let graph = graph(&super::SOURCES);
    let mut text = String::new();
    circles(&graph).iter().for_each(|circle| describe(&graph, circle, &mut text));
    assert!(text.is_empty(), "\n{text}");
}

#[test]
fn re_exports_are_seen_through() {
    let file = |path: &str, code: &str| Source {
        path: path.to_string(),
        text: String::new(),
        code: code.to_string(),
        comments: String::new(),
    };
    let edges = |files: &[(&str, &str)]| {
        let sources: Vec<Source> = files.iter().map(|(path, code)| file(path, code)).collect();
        let graph = graph(&sources);
        let names =
            |path: &str| path.trim_start_matches("src/a/").trim_end_matches(".rs").to_string();
        let pairs = graph.iter().flat_map(|(from, to)| to.keys().map(move |to| (from, to)));
        let pairs: Vec<String> = pairs.map(|(a, b)| format!("{} {}", names(a), names(b))).collect();
        (pairs.join(", "), circles(&graph).len())
    };
    let lib = ("src/lib.rs", "pub mod a;");
    let room = (
        "src/a/mod.rs",
        "mod b; mod c; mod d;\npub use b::{B, deep::Deep as Other};\npub(crate) use c::*;",
    );
    // Through `mod.rs`, through another name, through `*`, through a module that was imported.
    let through = |c: &str| {
        edges(&[
            lib,
            room,
            ("src/a/b/mod.rs", "pub mod deep; use super::C; pub struct B(C);"),
            ("src/a/b/deep.rs", "pub struct Deep;"),
            ("src/a/c.rs", c),
            ("src/a/d.rs", ""),
        ])
    };
    assert_eq!(through("pub struct C;"), ("b/mod c".into(), 0));
    let circle = ("b/mod c, c b/mod".to_string(), 1);
    for c in [
        "use super::B; pub struct C;",
        "pub struct C; fn f() { let _ = super::b::B::new(); }",
        "use crate::a::{self as room}; pub struct C; fn f(_: room::B) {}",
        "use super::*; pub struct C; fn f(_: B) {}",
        "pub struct C; mod inner { use super::super::B; }",
    ] {
        assert_eq!(through(c), circle, "{c}");
    }
    assert_eq!(through("use super::Other; pub struct C;"), ("b/mod c, c b/deep".into(), 0));
    assert_eq!(
        through("pub struct C; #[cfg(test)] mod tests { use super::super::B; }"),
        ("b/mod c".into(), 0)
    );
    // What `mod.rs` hands on it does not use; what it uses it does.
    let both = |code: &str| {
        edges(&[lib, ("src/a/mod.rs", code), ("src/a/b.rs", "use super::A; pub fn b(_: A) {}")])
    };
    assert_eq!(both("mod b; pub use b::b; pub struct A;"), ("b mod".into(), 0));
    assert_eq!(
        both("mod b; pub use b::b; pub struct A; fn f() { b(A) }"),
        ("b mod, mod b".into(), 1)
    );
    assert_eq!(both("mod b; pub struct A; fn f() { b::b(A) }"), ("b mod, mod b".into(), 1));
}

/// The files of each room and what they use of the same room.
fn graph(sources: &[Source]) -> Graph {
    let mut graph = Modules::from_sources(sources).edges();
    graph.retain(|file, _| super::room(file).is_some());
    for (file, edges) in &mut graph {
        edges.retain(|other, _| super::room(other) == super::room(file));
    }
    graph
}

/// All sets of two or more files that lead to each other, the largest first.
fn circles(graph: &Graph) -> Vec<Vec<&str>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> =
        graph.keys().map(|file| (file.as_str(), reachable(graph, file))).collect();
    let mut circles: Vec<Vec<&str>> = Vec::new();
    for (file, reached) in &reach {
        let known = circles.iter().any(|circle| circle.contains(file));
        if !known && reached.contains(file) {
            let back = |other: &&&str| reach.get(*other).is_some_and(|r| r.contains(file));
            circles.push(reached.iter().filter(back).copied().collect());
        }
    }
    circles.sort_by_key(|circle| std::cmp::Reverse(circle.len()));
    circles
}

fn reachable<'a>(graph: &'a Graph, from: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut ahead: Vec<&str> = vec![from];
    while let Some(file) = ahead.pop() {
        for next in graph.get(file).into_iter().flat_map(Edges::keys) {
            if reached.insert(next.as_str()) {
                ahead.push(next);
            }
        }
    }
    reached
}

/// Each file of a circle and what it uses of the others.
fn describe(graph: &Graph, circle: &[&str], text: &mut String) {
    writeln!(text, "  a circle of {} files:", circle.len()).expect("memory");
    for file in circle {
        for (other, (line, name)) in
            graph[*file].iter().filter(|(o, _)| circle.contains(&o.as_str()))
        {
            writeln!(text, "    {file}:{line} uses {other} (`{name}`)").expect("memory");
        }
    }
}
