//! Common and combined lines of nginx and Apache, with or without the time a request took.

use super::format::ElapsedIn;
use super::moment::Moment;
use super::request::{Flaw, Request, quoted, seconds, status, target};
use crate::units::Span;
use std::borrow::Cow;

/// One line taken apart; `tail` is what stands behind the format's own parts.
struct Parts<'a> {
    time: &'a [u8],
    request: &'a [u8],
    status: &'a [u8],
    agent: Option<&'a [u8]>,
    tail: &'a [u8],
}

fn parts(line: &[u8]) -> Option<Parts<'_>> {
    let open = memchr::memmem::find(line, b" [")?;
    let rest = &line[open + 2..];
    let close = memchr::memchr(b']', rest)?;
    let (request, rest) = quoted(rest[close + 1..].strip_prefix(b" \"")?)?;
    let rest = rest.strip_prefix(b" ")?;
    let (status, rest) = word(rest);
    let (_, tail) = word(rest.strip_prefix(b" ")?);
    let both = tail.strip_prefix(b" \"").and_then(quoted).and_then(|(_, rest)| {
        let (agent, tail) = quoted(rest.strip_prefix(b" \"")?)?;
        Some((agent, tail))
    });
    let (agent, tail) = both.map_or((None, tail), |(agent, tail)| (Some(agent), tail));
    let time = &line[open + 2..open + 2 + close];
    Some(Parts { time, request, status, agent, tail })
}

/// The text up to the next space, and the rest from that space on.
fn word(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(memchr::memchr(b' ', text).unwrap_or(text.len()))
}

/// Reads a common or combined line.
pub(super) fn parse(line: &[u8], elapsed_in: ElapsedIn) -> Result<Request<'_>, Flaw> {
    let parts = parts(line).ok_or(Flaw::Shape)?;
    let at = Moment::common(parts.time).ok_or(Flaw::Time)?;
    Ok(Request {
        at,
        elapsed: elapsed(parts.tail, elapsed_in),
        status: status(parts.status)?,
        target: Cow::Borrowed(target(parts.request)),
        agent: parts.agent.map(Cow::Borrowed),
        named: [const { None }; 4],
    })
}

/// Whether a line has a referer and a user agent, and where it has the time the request took;
/// `None` if it is no such line.
pub(super) fn looks(line: &[u8]) -> Option<(bool, ElapsedIn)> {
    let parts = parts(line)?;
    Moment::common(parts.time)?;
    status(parts.status).ok()?;
    let named = |words: &[&str]| extras(parts.tail).any(|(key, _)| words.contains(&key));
    let bare = |value: &[u8]| memchr::memchr(b'.', value).is_some() && seconds(value).is_some();
    let position = || extras(parts.tail).position(|(key, value)| key.is_empty() && bare(value));
    let elapsed = if named(&REQUEST_TIME) {
        ElapsedIn::RequestTime
    } else if let Some(position) = position() {
        ElapsedIn::Nth(position.min(255) as u8)
    } else if named(&UPSTREAM_TIME) {
        ElapsedIn::UpstreamTime
    } else {
        ElapsedIn::Nowhere
    };
    Some((parts.agent.is_some(), elapsed))
}

/// Names under which the time of a request is written in seconds.
const REQUEST_TIME: [&str; 4] = ["rt", "request_time", "reqtime", "request-time"];
/// Names under which the time of the upstream alone is written in seconds.
const UPSTREAM_TIME: [&str; 3] = ["urt", "upstream_response_time", "uht"];

fn elapsed(tail: &[u8], elapsed_in: ElapsedIn) -> Option<Span> {
    let one =
        |words: &[&str]| extras(tail).find(|(key, _)| words.contains(key)).map(|(_, value)| value);
    match elapsed_in {
        ElapsedIn::Nowhere => None,
        ElapsedIn::RequestTime => seconds(one(&REQUEST_TIME)?),
        // One time per upstream that was tried: `0.012, 0.500 : 0.100`.
        ElapsedIn::UpstreamTime => {
            let times = one(&UPSTREAM_TIME)?.split(|byte| b", :".contains(byte));
            let mut times = times.filter(|text| !text.is_empty()).map(seconds).peekable();
            times.peek()?;
            times.try_fold(Span::ZERO, |sum, time| Some(sum + time?))
        }
        ElapsedIn::Nth(position) => seconds(extras(tail).nth(usize::from(position))?.1),
        ElapsedIn::LastMicros => {
            let (_, last) = extras(tail).last()?;
            let micros: u64 = std::str::from_utf8(last).ok()?.parse().ok()?;
            Some(Span(micros.saturating_mul(1_000)))
        }
    }
}

/// What follows the format's own parts, word by word: a name (empty without one) and its value
/// without quotes. `rt=0.012 urt="0.011"`, `0.012 "-"`.
fn extras(mut text: &[u8]) -> impl Iterator<Item = (&str, &[u8])> {
    std::iter::from_fn(move || {
        let start = text.iter().position(|byte| !b" \t".contains(byte))?;
        text = &text[start..];
        let ends = memchr::memchr3(b' ', b'=', b'"', text);
        let (key, rest) = match ends {
            Some(at) if text[at] == b'=' => (&text[..at], &text[at + 1..]),
            _ => (&b""[..], text),
        };
        let key = std::str::from_utf8(key).unwrap_or("");
        let (value, rest) = match rest.strip_prefix(b"\"") {
            Some(inside) => quoted(inside).unwrap_or((inside, b"")),
            None => word(rest),
        };
        text = rest;
        Some((key, value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str =
        r#"192.0.2.1 - - [07/Nov/2018:17:00:00 -0500] "GET /claims?a=1 HTTP/1.1" 200"#;

    fn line(rest: &str) -> String {
        format!("{START} {rest}")
    }

    #[test]
    fn where_the_time_stands_is_seen() {
        let cases = [
            ("512", false, ElapsedIn::Nowhere),
            ("-", false, ElapsedIn::Nowhere),
            (r#"512 "-" "curl/8""#, true, ElapsedIn::Nowhere),
            (r#"512 "-" "curl/8" "-""#, true, ElapsedIn::Nowhere),
            (r#"512 "-" "curl/8" 0.250"#, true, ElapsedIn::Nth(0)),
            (r#"512 "-" "curl/8" "203.0.113.9" 0.250 0.240"#, true, ElapsedIn::Nth(1)),
            (r#"512 "-" "curl/8" rt=0.250 uct="0.001" urt="0.2""#, true, ElapsedIn::RequestTime),
            (r#"512 "-" "curl/8" request_time=0.250"#, true, ElapsedIn::RequestTime),
            (r#"512 "-" "curl/8" urt="0.200, 0.050""#, true, ElapsedIn::UpstreamTime),
            (r#"512 0.250"#, false, ElapsedIn::Nth(0)),
        ];
        for (rest, agent, expected) in cases {
            let line = line(rest);
            assert_eq!(looks(line.as_bytes()), Some((agent, expected)), "{line}");
            let request = parse(line.as_bytes(), expected).expect("a line");
            let known = expected != ElapsedIn::Nowhere;
            assert_eq!(request.elapsed, known.then(|| Span::from_millis(250)), "{line}");
            assert_eq!((request.status, &*request.target), (200, &b"/claims?a=1"[..]));
            assert_eq!(request.agent.as_deref(), agent.then_some(&b"curl/8"[..]));
        }
        let apache = line(r#"512 "-" "curl/8" 250000"#);
        let request = parse(apache.as_bytes(), ElapsedIn::LastMicros).expect("a line");
        assert_eq!(request.elapsed, Some(Span::from_millis(250)));
    }

    #[test]
    fn odd_lines_are_still_read() {
        let upstream_gone = line(r#"512 "-" "curl/8" rt=0.250 urt="-""#);
        assert!(parse(upstream_gone.as_bytes(), ElapsedIn::UpstreamTime).is_ok());
        let escaped = line(r#"512 "-" "a \"quoted\" agent" rt=0.250"#);
        let request = parse(escaped.as_bytes(), ElapsedIn::RequestTime).expect("a line");
        assert_eq!(request.agent.as_deref(), Some(&br#"a \"quoted\" agent"#[..]));
        let host_first = format!("www.example.org:443 {}", line("512"));
        assert!(looks(host_first.as_bytes()).is_some());
    }

    #[test]
    fn broken_lines_say_what_is_wrong() {
        let cases = [
            ("", Flaw::Shape),
            ("hello", Flaw::Shape),
            (r#"192.0.2.1 - - [07/Nov/2018:17:00:00 -0500] "GET / HTTP/1.1"#, Flaw::Shape),
            (r#"192.0.2.1 - - [yesterday] "GET / HTTP/1.1" 200 1"#, Flaw::Time),
            (r#"192.0.2.1 - - [07/Nov/2018:17:00:00 -0500] "GET /" OK 1"#, Flaw::Status),
        ];
        for (line, flaw) in cases {
            assert_eq!(parse(line.as_bytes(), ElapsedIn::Nowhere), Err(flaw), "{line}");
            assert_eq!(looks(line.as_bytes()), None, "{line}");
        }
    }
}
