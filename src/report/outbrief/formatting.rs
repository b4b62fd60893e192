//! How an outbrief writes names, numbers and times.

use crate::journal::Severity;
use crate::report::untrusted::for_terminal;
use crate::units::Span;
use maud::{Markup, html};

/// The maximum width of a name or a sentence from outside, in columns.
const LONGEST: usize = 160;
/// The maximum width of a sentence with such strings.
const SENTENCE: usize = 4_000;

/// A string from outside: control and direction-changing characters written out, cut to a
/// length that a table bears. Markup is escaped where it is put into the page.
pub(in crate::report) fn shown(text: &str) -> String {
    for_terminal(text, LONGEST)
}

/// A sentence of ours with names from outside in it.
pub(super) fn sentence_shown(text: &str) -> String {
    for_terminal(text, SENTENCE)
}

/// The word of a severity, which is never told by colour alone.
pub(super) fn severity(severity: Severity) -> Markup {
    let word = severity.word();
    html! { span class={ "tag " (word) } { (word) } }
}

/// A sentence in which names stand between back-ticks, as messages for the terminal have them.
pub(super) fn sentence(text: &str) -> Markup {
    let text = shown(text);
    let even = text.matches('`').count().is_multiple_of(2);
    html! {
        @if even {
            @for (position, part) in text.split('`').enumerate() {
                @if position % 2 == 1 { code { (part) } } @else { (part) }
            }
        } @else { (text) }
    }
}

/// A coordinate: one decimal is a tenth of a pixel.
pub(in crate::report) fn n(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_string() } else { text.to_string() }
}

/// A share in whole percent, as people say it; a little is not nothing.
pub(super) fn percent(part: Span, of: Span) -> String {
    match part.0 as f64 / of.0.max(1) as f64 * 100.0 {
        share if share > 0.0 && share < 1.0 => "<1%".to_string(),
        share => format!("{share:.0}%"),
    }
}

/// Seconds or milliseconds, two significant digits: `450 ms`, `3.2 s`.
pub(super) fn response_time(milliseconds: f64) -> String {
    use crate::report::context::significant;
    match milliseconds {
        ms if ms < 1000.0 => format!("{} ms", significant(ms, 2)),
        ms => format!("{} s", significant(ms / 1000.0, 2)),
    }
}

/// The first letter large, for the beginning of a sentence.
pub(in crate::report) fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or(String::new(), |first| first.to_uppercase().chain(rest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!([n(0.0), n(-0.01), n(12.0), n(12.34)], ["0", "0", "12", "12.3"]);
        assert_eq!(percent(Span(1), Span(1_000)), "<1%");
        assert_eq!(percent(Span(0), Span(0)), "0%");
        assert_eq!([response_time(449.6), response_time(3_210.0)], ["450 ms", "3.2 s"]);
        assert_eq!(capital("größe"), "Größe");
    }

    #[test]
    fn names_in_sentences_are_set_apart() {
        let text = |text| sentence(text).into_string();
        let expected = "<code>chris</code> decides &lt;alone&gt;";
        assert_eq!(text("`chris` decides <alone>"), expected);
        assert_eq!(text("one ` alone"), "one ` alone");
    }
}
