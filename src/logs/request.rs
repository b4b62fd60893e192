//! One line of an access log, taken apart.

use super::Moment;
use crate::telemetry::Outcome;
use crate::units::Span;
use std::borrow::Cow;

/// What one line says. Bytes are as the client sent them: anything may be in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request<'a> {
    /// As logged: nginx and AWS write when the answer was sent, Apache when the request came.
    pub at: Moment,
    /// How long the request took; `None` where the line does not say.
    pub elapsed: Option<Span>,
    /// The HTTP status sent to the client.
    pub status: u16,
    /// Path and query, without scheme and host; empty where there was no request to read.
    pub target: Cow<'a, [u8]>,
    /// The user agent, where the format has one.
    pub agent: Option<Cow<'a, [u8]>>,
    /// Browser, login, account and tool where the line names them itself (JSON lines only).
    pub named: [Option<Cow<'a, str>>; 4],
}

/// Why a line is no request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Its parts are not those of the format.
    Shape,
    /// Its time cannot be read.
    Time,
    /// Its status is no HTTP status.
    Status,
    /// Longer than any honest line.
    Long,
    /// It is so far ahead of its neighbours that its clock must be wrong.
    Ahead,
    /// It is further behind its neighbours than the stated window.
    Behind,
}

impl Flaw {
    /// The words after "line 7: ".
    pub fn words(self) -> &'static str {
        match self {
            Flaw::Shape => "not of this format",
            Flaw::Time => "its time cannot be read",
            Flaw::Status => "its status is no HTTP status",
            Flaw::Long => "longer than 64 KiB",
            Flaw::Ahead => "its clock is ahead of the lines around it",
            Flaw::Behind => "further behind the lines before it than the window",
        }
    }
}

/// What an HTTP status amounts to: 503 and 429 are refusals, 499 (nginx) and 460 (AWS) are clients
/// who left, all other server errors are failures. A client's own mistakes (404 and such) are
/// answers that worked.
pub fn outcome(status: u16) -> Outcome {
    match status {
        429 | 503 => Outcome::Rejected,
        460 | 499 => Outcome::Abandoned,
        500..=599 => Outcome::Failed,
        _ => Outcome::Ok,
    }
}

/// Takes the text up to the next unescaped quote, which is consumed: `…" rest` → (`…`, ` rest`).
pub(super) fn quoted(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut at = 0;
    loop {
        let found = at + memchr::memchr2(b'"', b'\\', &text[at..])?;
        if text[found] == b'"' {
            return Some((&text[..found], &text[found + 1..]));
        }
        at = found + 2;
        if at > text.len() {
            return None;
        }
    }
}

/// The target of a request line: `GET /claims?x=1 HTTP/1.1` → `/claims?x=1`. Scheme and host go.
/// What is no request line (a scanner's binary greeting, `-`) gives nothing.
pub(super) fn target(line: &[u8]) -> &[u8] {
    let Some(method) = memchr::memchr(b' ', line) else { return b"" };
    let rest = &line[method + 1..];
    let target = &rest[..memchr::memchr(b' ', rest).unwrap_or(rest.len())];
    if target.first() == Some(&b'/') {
        return target;
    }
    let Some(scheme) = memchr::memmem::find(target, b"://") else { return target };
    let host = &target[scheme + 3..];
    memchr::memchr(b'/', host).map_or(b"/", |slash| &host[slash..])
}

/// A status of three digits.
pub(super) fn status(text: &[u8]) -> Result<u16, Flaw> {
    match text {
        [a @ b'1'..=b'9', b, c] if b.is_ascii_digit() && c.is_ascii_digit() => {
            let digit = |byte: &u8| u16::from(byte - b'0');
            Ok(digit(a) * 100 + digit(b) * 10 + digit(c))
        }
        _ => Err(Flaw::Status),
    }
}

/// A decimal number of seconds such as `0.012`; not negative, nothing else around it.
pub(super) fn seconds(text: &[u8]) -> Option<Span> {
    let (whole, part) = match memchr::memchr(b'.', text) {
        Some(dot) => (&text[..dot], &text[dot + 1..]),
        None => (text, &b""[..]),
    };
    if whole.is_empty() || whole.len() > 9 || part.len() > 18 {
        return None;
    }
    let digits = |text: &[u8]| {
        text.iter().try_fold(0u64, |sum, digit| {
            digit.is_ascii_digit().then(|| sum * 10 + u64::from(digit - b'0'))
        })
    };
    let kept = &part[..part.len().min(9)];
    digits(&part[kept.len()..])?;
    let nanos = digits(kept)? * 10u64.pow(9 - kept.len() as u32);
    Some(Span(digits(whole)? * 1_000_000_000 + nanos))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_end_where_they_are_not_escaped() {
        assert_eq!(quoted(br#"a\"b" c"#), Some((&br#"a\"b"#[..], &b" c"[..])));
        assert_eq!(quoted(b"\" c"), Some((&b""[..], &b" c"[..])));
        [&b"no end"[..], br"ends in \", br#"ends in \""#]
            .iter()
            .for_each(|text| assert_eq!(quoted(text), None));
    }

    #[test]
    fn targets_lose_scheme_and_host() {
        let cases: [(&[u8], &[u8]); 6] = [
            (b"GET /claims?x=1 HTTP/1.1", b"/claims?x=1"),
            (b"GET https://www.example.org:443/claims HTTP/2.0", b"/claims"),
            (b"GET http://www.example.org HTTP/1.1", b"/"),
            (b"OPTIONS * HTTP/1.1", b"*"),
            (b"\x16\x03\x01", b""),
            (b"GET /no-version", b"/no-version"),
        ];
        cases.iter().for_each(|(line, expected)| assert_eq!(target(line), *expected));
    }

    #[test]
    fn seconds_are_exact_to_the_nanosecond() {
        assert_eq!(seconds(b"0.012"), Some(Span::from_millis(12)));
        assert_eq!(seconds(b"61"), Some(Span::from_secs(61)));
        assert_eq!(seconds(b"1.0000000019"), Some(Span(1_000_000_001)));
        [&b""[..], b"-1", b"-", b".5", b"1e3", b"1.2.3", b"NaN", b"99999999999"]
            .iter()
            .for_each(|text| assert_eq!(seconds(text), None));
    }

    #[test]
    fn statuses_and_what_they_amount_to() {
        assert_eq!(status(b"503"), Ok(503));
        [&b"-"[..], b"20", b"2000", b"000", b"2x0"]
            .iter()
            .for_each(|text| assert_eq!(status(text), Err(Flaw::Status)));
        let cases = [
            (200, Outcome::Ok),
            (304, Outcome::Ok),
            (404, Outcome::Ok),
            (429, Outcome::Rejected),
            (499, Outcome::Abandoned),
            (500, Outcome::Failed),
            (502, Outcome::Failed),
            (503, Outcome::Rejected),
            (504, Outcome::Failed),
        ];
        cases.iter().for_each(|(status, expected)| assert_eq!(outcome(*status), *expected));
    }
}
