//! How a launch plan was read, for the terminal: what was understood, what was not, and its gaps.

use super::{columns_of, for_terminal, wrapped};
use crate::launch_plan::{Grade, LineStatus, ReadPlan};

/// The whole report in this many columns: counts, what is kept as it is, and every gap with the
/// plan's own line.
pub fn plan_reading(reading: &ReadPlan, name: &str, width: usize) -> String {
    let (understood, open, not) = reading.counts();
    let mut text = String::new();
    let name = for_terminal(name, 10 * width);
    hanging_after(&mut text, "Read    ", &name, width);
    row(&mut text, understood, "lines understood", &contents(reading), width);
    let detail = if open > 0 { "each of them is a gap below" } else { "" };
    row(&mut text, open, "lines open", detail, width);
    let kept = reading.lines.iter().filter(|line| line.status == LineStatus::NotUnderstood);
    let kept: Vec<usize> = kept.map(|line| line.number).collect();
    let detail = match kept.as_slice() {
        [] => String::new(),
        lines => format!("{}; the draft keeps them as comments", line_numbers(lines)),
    };
    row(&mut text, not, "lines not understood", &detail, width);
    text.push('\n');
    text.push_str(&plan_gaps(reading, width));
    text
}

/// Every gap of the plan, the gravest first, in this many columns.
pub fn plan_gaps(reading: &ReadPlan, width: usize) -> String {
    if reading.gaps.is_empty() {
        return "Gaps    none\n".to_string();
    }
    let count = |grade: Grade| reading.gaps.iter().filter(|gap| gap.grade == grade).count();
    let (high, medium, low) = (count(Grade::High), count(Grade::Medium), count(Grade::Low));
    let mut text =
        format!("Gaps    {high} high, {medium} medium, {low} low; by the plan's lines\n");
    for gap in &reading.gaps {
        let lines = match gap.lines.as_slice() {
            [] => String::new(),
            lines => format!("{}: ", line_numbers(lines)),
        };
        let hint = match gap.grade {
            Grade::High => format!(" → {}", gap.hint),
            Grade::Medium | Grade::Low => String::new(),
        };
        let words = format!("{lines}{}{hint}", gap.text);
        hanging(&mut text, gap.grade.word(), &words, width);
    }
    text
}

/// How many numbers or ranges of lines are named before the rest is only counted.
const MOST_RANGES: usize = 12;

/// `line 4`, `lines 4, 9-12 and 30 more`; the lines in their order.
pub(super) fn line_numbers(lines: &[usize]) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for line in lines {
        match ranges.last_mut() {
            Some((_, last)) if (*last..=*last + 1).contains(line) => *last = *line,
            _ => ranges.push((*line, *line)),
        }
    }
    let range = |(from, to): &(usize, usize)| match from == to {
        true => from.to_string(),
        false => format!("{from}-{to}"),
    };
    let named: Vec<String> = ranges.iter().take(MOST_RANGES).map(range).collect();
    let rest: usize = ranges.iter().skip(MOST_RANGES).map(|(from, to)| to - from + 1).sum();
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    let word = if lines.len() == 1 { "line" } else { "lines" };
    format!("{word} {}{more}", named.join(", "))
}

fn contents(reading: &ReadPlan) -> String {
    let facts = &reading.facts;
    let counted = [
        (facts.people.len(), "person", "people"),
        (facts.vacancies.len(), "role nobody is assigned to", "roles nobody is assigned to"),
        (facts.chains.len(), "chain", "chains"),
        (facts.changes.len(), "change time", "change times"),
        (facts.steps.len(), "step", "steps"),
        (facts.plays.len(), "play", "plays"),
        (facts.thresholds.len(), "threshold", "thresholds"),
        (facts.criteria.len(), "criterion", "criteria"),
        (facts.tasks.len(), "task", "tasks"),
    ];
    let named = counted.iter().filter(|(count, ..)| *count > 0);
    let named =
        named.map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }));
    named.collect::<Vec<_>>().join(", ")
}

fn row(text: &mut String, count: usize, what: &str, detail: &str, width: usize) {
    let what = if count == 1 { what.replacen("lines", "line", 1) } else { what.to_string() };
    let head = format!("{count:>5} {what:<20}");
    hanging_after(text, &format!("  {head}  "), detail, width);
}

/// A word in the first column, and words that stay in the second.
pub(super) fn hanging(text: &mut String, head: &str, words: &str, width: usize) {
    hanging_after(text, &format!("  {head:<6}  "), words, width);
}

/// A head, and words beside it; below it where it leaves them no room.
pub fn hanging_after(text: &mut String, head: &str, words: &str, width: usize) {
    // A choice: in narrower columns there is hardly more than one word a line.
    const LEAST: usize = 16;
    let mut deep = columns_of(head);
    let mut head = head;
    if deep + LEAST > width && !words.is_empty() {
        text.push_str(head.trim_end());
        text.push('\n');
        (head, deep) = ("    ", 4);
    }
    for (index, line) in wrapped(words, width.saturating_sub(deep)).iter().enumerate() {
        let before = if index == 0 { head.to_string() } else { " ".repeat(deep) };
        text.push_str(format!("{before}{line}").trim_end());
        text.push('\n');
    }
}
