//! A script: what is to be entered, and when.

use crate::units::{Calendar, Span, Time};

/// A line of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// Counted from 1.
    pub line: usize,
    pub at: Time,
    pub text: String,
}

/// Reads a script: one command per line after its moment, which is a time since the start (`65m`),
/// a time of day (`18:05:30`), or a time since the line before (`+30s`); `#` begins a comment. The
/// error names the line.
pub fn script(text: &str, calendar: &Calendar) -> Result<Vec<Cue>, String> {
    let mut cues: Vec<Cue> = Vec::new();
    let mut before = Time::ZERO;
    for (position, written) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = position + 1;
        let written = written.trim();
        if written.is_empty() || written.starts_with('#') {
            continue;
        }
        let wrong = |problem: String| format!("line {line}: {problem}");
        let (moment, rest) = written.split_once(char::is_whitespace).unwrap_or((written, ""));
        let at = moment_of(moment, before, calendar).map_err(wrong)?;
        if at < before {
            let than = calendar.clock(before);
            return Err(wrong(format!("`{moment}` is before the line above it, which is {than}")));
        }
        if rest.trim().is_empty() {
            return Err(wrong(format!("no command is given at `{moment}`")));
        }
        before = at;
        cues.push(Cue { line, at, text: rest.trim().to_string() });
    }
    Ok(cues)
}

fn moment_of(word: &str, before: Time, calendar: &Calendar) -> Result<Time, String> {
    let wrong = || format!("`{word}` is not a time; write 65m, 18:05:30 or +30s");
    if word.contains(':') {
        let time = word.parse().map_err(|_| wrong())?;
        let skipped = || format!("the clock of this scenario does not show `{word}` just once");
        return calendar.next(time).ok_or_else(skipped);
    }
    let (base, word) = match word.strip_prefix('+') {
        Some(rest) => (before, rest),
        None => (Time::ZERO, word),
    };
    if word == "0" {
        return Ok(base);
    }
    let span = word.parse::<Span>().ok().filter(|span| span.0 < 1 << 62);
    span.map(|span| base + span).ok_or_else(wrong)
}
