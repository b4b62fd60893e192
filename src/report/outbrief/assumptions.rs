//! What the run rests on: every input with its value, how it is known, and where it is written.

use super::formatting::shown;
use super::tables::{cell, table};
use crate::journal::{Basis, InputRow, WrittenAt, last_key};
use crate::report::context::ReportContext;
use crate::units::grouped;
use maud::{Markup, html};

/// The inputs that lie under one key of the scenario.
struct InputGroup<'a> {
    path: &'a str,
    rows: Vec<&'a InputRow>,
}

/// The inputs of the world in a table, the team's own decisions behind a fold.
pub(super) fn section(context: &ReportContext) -> Markup {
    let all = parts(&context.header.inputs);
    let (world, decided): (Vec<&InputGroup>, Vec<&InputGroup>) =
        all.iter().partition(|part| part.rows.iter().any(|row| row.basis.is_some()));
    let (world, decided) = (rows(&world), rows(&decided));
    let caption = "An input is calibrated where the scenario, or the reference for a default, \
                   names its source, and assumed everywhere else.";
    let columns = ["Part", "As run", "How it is known", "Where"];
    html! {
        @if let Some(crew) = &context.header.crew { p { (shown(&crew.sentence())) } }
        @if let Some(sum) = sum(&context.header.inputs) { p { (sum) } }
        (table("Assumptions", caption, &columns, world, "journal.jsonl"))
        @if !decided.is_empty() {
            details {
                summary { "What the team has decided" }
                (table("Decisions", "Rules, people and plans are what is rehearsed, not assumed.",
                    &["Part", "As run", "Where"], without_basis(decided), "journal.jsonl"))
            }
        }
    }
}

/// How many inputs are calibrated and how many assumed.
fn sum(inputs: &[InputRow]) -> Option<String> {
    let count = |basis: Basis, default: Option<bool>| {
        let is_in_part = |row: &&InputRow| {
            let by_default = row.from == WrittenAt::Default;
            row.basis == Some(basis) && default.is_none_or(|wanted| wanted == by_default)
        };
        inputs.iter().filter(is_in_part).count() as u64
    };
    let (calibrated, assumed) = (count(Basis::Calibrated, None), count(Basis::Assumed, None));
    let by_default = count(Basis::Assumed, Some(true));
    let ours = count(Basis::Ours, None);
    let said = match ours {
        0 => String::new(),
        ours => format!("{} are the team's own, ", grouped(ours)),
    };
    (calibrated + assumed + ours > 0).then(|| {
        format!(
            "{} of {} inputs are calibrated, {said}{} are assumed, {} of these by default.",
            grouped(calibrated),
            grouped(calibrated + assumed + ours),
            grouped(assumed),
            grouped(by_default)
        )
    })
}

/// The inputs by the key that they lie under, in the order of the journal.
fn parts(inputs: &[InputRow]) -> Vec<InputGroup<'_>> {
    let mut parts: Vec<InputGroup> = Vec::new();
    for row in inputs {
        let path = row.mapping();
        match parts.last_mut().filter(|part| part.path == path && !path.is_empty()) {
            Some(part) => part.rows.push(row),
            None => parts.push(InputGroup { path, rows: vec![row] }),
        }
    }
    parts
}

/// Rows of decisions, of which it makes no sense to ask how they are known.
fn without_basis(mut rows: Vec<Vec<Markup>>) -> Vec<Vec<Markup>> {
    rows.iter_mut().for_each(|row| drop(row.remove(2)));
    rows
}

/// A row for every part; parts of one section that say the same share one.
fn rows(parts: &[&InputGroup]) -> Vec<Vec<Markup>> {
    let mut rows: Vec<(Vec<String>, [Markup; 3])> = Vec::new();
    for part in parts {
        let cells = [values_as_run(part), known(part), cell(&places(part))];
        let text = |cells: &[Markup; 3]| cells.each_ref().map(|cell| cell.0.clone());
        let section = |path: &str| last_key(path).0.map(str::to_string);
        let name = match part.path {
            "" | "faults" => part.rows[0].path.as_str(),
            path => path,
        };
        let same = rows.iter_mut().find(|(names, known)| {
            let alike = section(&names[0]).is_some() && section(&names[0]) == section(name);
            alike && text(known) == text(&cells)
        });
        match same {
            Some((names, _)) => {
                names.push(last_key(name).1.to_string());
            }
            None => rows.push((vec![name.to_string()], cells)),
        }
    }
    let row = |(names, cells): (Vec<String>, [Markup; 3])| {
        std::iter::once(cell(&names.join(", "))).chain(cells).collect()
    };
    rows.into_iter().map(row).collect()
}

/// What was written, then what was filled in.
fn values_as_run(part: &InputGroup) -> Markup {
    let told = |default: bool| {
        let rows = part.rows.iter().filter(|row| (row.from == WrittenAt::Default) == default);
        let rows = rows.filter(|row| !default || !row.is_none());
        let values = rows.map(|row| match part.rows.len() {
            1 => shown(&row.value),
            _ => format!("{} {}", shown(row.key()), shown(&row.value)),
        });
        values.collect::<Vec<_>>().join(", ")
    };
    let (written, default) = (told(false), told(true));
    html! {
        (written)
        @if !default.is_empty() {
            span.quiet { @if written.is_empty() { "" } @else { "; " } "by default " (default) }
        }
    }
}

/// The keys of each basis, with what the comments beside them say.
fn known(part: &InputGroup) -> Markup {
    let mut groups: Vec<(Basis, &str, Vec<&str>)> = Vec::new();
    for row in part.rows.iter().filter(|row| !row.is_none()) {
        let Some(basis) = row.basis else { continue };
        match groups.iter_mut().find(|(known, note, _)| *known == basis && *note == row.note) {
            Some((_, _, keys)) => keys.push(row.key()),
            None => groups.push((basis, &row.note, vec![row.key()])),
        }
    }
    let several = groups.len() > 1;
    html! {
        @for (position, (basis, note, keys)) in groups.iter().enumerate() {
            @if position > 0 { br; }
            @match basis {
                Basis::Calibrated => span.tag.calibrated { "calibrated" },
                Basis::Assumed => span.tag.assumed { "assumed" },
                Basis::Ours => span.tag.calibrated { "ours" },
            }
            @if several { " " (shown(&keys.join(", "))) }
            @if !note.is_empty() { span.quiet { " " (shown(note)) } }
        }
    }
}

/// Where the values are written, each place once.
fn places(part: &InputGroup) -> String {
    let mut places: Vec<String> = Vec::new();
    for row in part.rows.iter().filter(|row| row.from != WrittenAt::Default) {
        let place = row.from.to_string();
        if !places.contains(&place) {
            places.push(place);
        }
    }
    if places.is_empty() { "default".to_string() } else { places.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(path: &str, from: &str, basis: Option<Basis>, note: &str) -> InputRow {
        let (path, value) = (path.to_string(), "7".to_string());
        InputRow {
            path,
            value,
            from: WrittenAt::from(from.to_string()),
            basis,
            note: note.to_string(),
        }
    }

    #[test]
    fn a_part_says_what_is_known_how() {
        let (calibrated, assumed) = (Some(Basis::Calibrated), Some(Basis::Assumed));
        let inputs = [
            input("lasts", "line 3", None, ""),
            input("site.tiers.api.threads", "line 9", calibrated, "VGT#41448"),
            input("site.tiers.api.takes", "line 9", assumed, ""),
            input("site.tiers.api.queue", "default", assumed, ""),
        ];
        let parts = parts(&inputs);
        assert_eq!(parts.len(), 2);
        let cells: Vec<String> =
            rows(&[&parts[1]]).remove(0).into_iter().map(Markup::into_string).collect();
        assert!(cells[0].contains("site.tiers.api"), "{cells:?}");
        assert_eq!(cells[1], "threads 7, takes 7<span class=\"quiet\">; by default queue 7</span>");
        let expected = "<span class=\"tag calibrated\">calibrated</span> threads\
                        <span class=\"quiet\"> VGT#41448</span><br>\
                        <span class=\"tag assumed\">assumed</span> takes, queue";
        assert_eq!(cells[2], expected);
        assert!(cells[3].contains("line 9"), "{cells:?}");
        let expected = "1 of 3 inputs are calibrated, 2 are assumed, 1 of these by default.";
        assert_eq!(sum(&inputs).as_deref(), Some(expected));
        assert_eq!(sum(&inputs[..1]), None);
    }
}
