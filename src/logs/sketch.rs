//! Derives the pattern of all lines from the words of one.

use super::elapsed::ElapsedUnit;
use super::elapsed_field::ElapsedField;
use super::layout::{NamedField, PatternPiece};
use super::line_words::Word;
use super::role::Role;

/// Which word of a line is what.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct LineShape {
    /// First and last word of the time.
    pub time: (usize, usize),
    pub roles: Vec<(usize, Role)>,
    pub elapsed: Option<ElapsedField>,
}

/// The pattern of a line whose words are known.
pub(super) fn pieces(line: &[u8], words: &[Word], shape: &LineShape) -> Vec<PatternPiece> {
    let mut wanted: Vec<(usize, usize, Role, Option<ElapsedUnit>)> =
        shape.roles.iter().map(|(word, role)| (*word, *word, *role, None)).collect();
    wanted.push((shape.time.0, shape.time.1, Role::Time, None));
    if let Some(took) = &shape.elapsed {
        wanted.push((took.word, took.word, Role::Elapsed, took.unit));
    }
    wanted.sort_by_key(|(word, ..)| *word);
    let status = shape.roles.iter().find(|(_, role)| *role == Role::Status).map_or(0, |s| s.0);
    let mut pieces: Vec<PatternPiece> = Vec::new();
    let (mut at, mut next) = (0, 0);
    for (first, last, role, unit) in &wanted {
        // One word cannot say two things, whoever says so.
        if *first < next {
            continue;
        }
        let by_name = *role == Role::Elapsed
            && shape.elapsed.as_ref().is_some_and(|took| took.name.is_some());
        let free_head = next == 0 && words[*first].open == Some(b'[') && *first > 0;
        if (by_name || free_head) && *first > next {
            text(
                &mut pieces,
                &line[at..words[next].from.min(words[next].named.unwrap_or(usize::MAX))],
            );
            skip(&mut pieces, "_");
            // The blank before the word, its name, its sign and its quote.
            let word = &words[*first];
            let start = word.named.unwrap_or(word.from - usize::from(word.open.is_some()));
            text(&mut pieces, &line[start - 1..word.from]);
        } else {
            for (index, word) in words[next..*first].iter().enumerate() {
                text(&mut pieces, &line[at..word.from]);
                skip(&mut pieces, name_of(next + index, status, word));
                at = word.to;
            }
            text(&mut pieces, &line[at..words[*first].from]);
        }
        let name = name_of_role(*role, *unit).to_string();
        pieces.push(PatternPiece::Field(NamedField { name, role: Some(*role), unit: *unit }));
        at = words[*last].to;
        next = last + 1;
    }
    // Quotes, brackets, bars or stars that end the last word; what is behind them may differ.
    if let Some(end) = line.get(at).filter(|end| **end != b' ') {
        let same = line[at..].iter().take_while(|byte| *byte == end).count();
        text(&mut pieces, &line[at..at + if *end == b'*' { same } else { 1 }]);
    }
    pieces
}

fn skip(pieces: &mut Vec<PatternPiece>, name: &str) {
    let field = NamedField { name: name.to_string(), role: None, unit: None };
    pieces.push(PatternPiece::Field(field));
}

fn name_of(index: usize, status: usize, word: &Word) -> &'static str {
    match word.open {
        None if index == status + 1 => "body_bytes_sent",
        Some(b'"') if index == status + 2 => "http_referer",
        _ => "_",
    }
}

/// The name of a field in a pattern that is printed, to be pasted.
fn name_of_role(role: Role, unit: Option<ElapsedUnit>) -> &'static str {
    match (role, unit) {
        (Role::Time, _) => "time_local",
        (Role::Address, _) => "remote_addr",
        (Role::Agent, _) => "http_user_agent",
        (Role::Elapsed, Some(ElapsedUnit::Seconds)) => "request_time",
        (Role::Elapsed, Some(ElapsedUnit::Millis)) => "elapsed_ms",
        (Role::Elapsed, Some(ElapsedUnit::Micros)) => "elapsed_us",
        (Role::Elapsed, Some(ElapsedUnit::Nanos)) => "elapsed_ns",
        (role, _) => role.word(),
    }
}

fn text(pieces: &mut Vec<PatternPiece>, bytes: &[u8]) {
    let mut plain: Vec<u8> = Vec::with_capacity(bytes.len());
    for byte in bytes {
        let byte = if *byte == b'\t' && !plain.is_empty() { b' ' } else { *byte };
        if byte != b' ' || plain.last() != Some(&b' ') {
            plain.push(byte);
        }
    }
    match pieces.last_mut() {
        _ if plain.is_empty() => {}
        Some(PatternPiece::Text(before)) => before.extend_from_slice(&plain),
        _ => pieces.push(PatternPiece::Text(plain)),
    }
}
