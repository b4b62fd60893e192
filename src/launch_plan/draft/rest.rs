//! Whatever in a plan has no place among the values of a scenario is kept as comments.

use super::super::facts::LineStatus;
use super::super::lines::Kind;
use super::super::pattern::pattern;
use super::super::yaml::Yaml;
use super::super::{ReadLine, ReadPlan};
use std::collections::HashSet;

pattern!(NAMED, r"\blines? (?<numbers>\d+(?:(?:, | and |-)\d+)*)");

/// Bans, lines that were not understood, and every other line that the draft does not name yet, so
/// that none is lost.
pub(super) fn rest(reading: &ReadPlan, yaml: &mut Yaml) {
    if !reading.facts.bans.is_empty() {
        yaml.comment("What must not be done; make it `freezes:` once somebody says from when to");
        yaml.comment("when:");
        for ban in &reading.facts.bans {
            yaml.comment(&format!("  line {}: {}", ban.line, ban.value));
        }
    }
    let not = reading.lines.iter().filter(|line| line.status == LineStatus::NotUnderstood);
    listed("Lines of the plan that were not understood:", not, yaml);
    let named = named(yaml.text());
    let left = |line: &&ReadLine| line.kind != Kind::Heading && !named.contains(&line.number);
    let (open, understood): (Vec<&ReadLine>, Vec<&ReadLine>) = reading
        .lines
        .iter()
        .filter(left)
        .partition(|line| matches!(line.status, LineStatus::Open(_)));
    listed("Open lines that a scenario has no value for:", open.into_iter(), yaml);
    let heads = understood.into_iter().filter(|line| !is_head(line));
    listed("Lines that were understood and that a scenario has no value for:", heads, yaml);
}

/// The numbers of the lines that a text names.
fn named(text: &str) -> HashSet<usize> {
    let numbers = NAMED.captures_iter(text);
    let all = numbers.flat_map(|found| {
        let digits = |letter: char| !letter.is_ascii_digit();
        found["numbers"].split(digits).filter_map(|n| n.parse().ok()).collect::<Vec<usize>>()
    });
    all.collect()
}

/// The head of a table, or words that only lead a list in.
fn is_head(line: &ReadLine) -> bool {
    matches!(line.kind, Kind::Row { head: true, .. })
        || line.status == LineStatus::Understood("a heading")
}

fn listed<'a>(head: &str, lines: impl Iterator<Item = &'a ReadLine>, yaml: &mut Yaml) {
    let mut lines = lines.peekable();
    if lines.peek().is_some() {
        yaml.comment(head);
    }
    for line in lines {
        let words = if line.text.is_empty() { "(an empty item)" } else { line.text.as_str() };
        yaml.comment(&format!("  line {}: {words}", line.number));
    }
}
