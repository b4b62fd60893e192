//! One line of an access log, taken apart.

use super::moment::Moment;
use crate::telemetry::{Outcome, is_of_one_who_left};
use crate::units::Span;
use std::borrow::Cow;

/// What one line says. Bytes are as the client sent them: anything may be in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request<'a> {
    /// As logged: nginx and AWS write when the answer was sent, Apache when the request came.
    pub at: Moment,
    /// The same local time an hour later, in the night in which the clock passes it twice.
    pub second: Option<Moment>,
    /// The line names no zone.
    pub local: bool,
    /// How long the request took; `None` where the line does not say, and for streams.
    pub elapsed: Option<Span>,
    /// It stays open as long as somebody listens: a WebSocket, an event stream.
    pub stream: bool,
    /// The HTTP status sent to the client; 0 where none was sent.
    pub status: u16,
    /// Path and query, without scheme and host; empty where there was no request to read.
    pub target: Cow<'a, [u8]>,
    /// The user agent, where the format has one.
    pub agent: Option<Cow<'a, [u8]>>,
    /// The client's address, where the format has one.
    pub address: Option<Cow<'a, [u8]>>,
    /// Browser, login, account and tool where the line names them itself.
    pub named: [Option<Cow<'a, str>>; 4],
}

impl Request<'_> {
    /// Of the two moments of a repeated hour, takes the one nearer to the lines before.
    pub(super) fn settle(&mut self, newest: Option<Moment>) {
        if let (Some(second), Some(newest)) = (self.second.take(), newest)
            && newest.0.abs_diff(second.0) < newest.0.abs_diff(self.at.0)
        {
            self.at = second;
        }
    }
}

/// Why a line is not a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineError {
    /// Its parts are not those of the format.
    Shape,
    /// Its time cannot be read.
    Time,
    /// Its status is not an HTTP status.
    Status,
    /// Longer than any honest line.
    Long,
    /// It is so far ahead of its neighbours that its clock must be wrong.
    Ahead,
    /// It is further behind its neighbours than the stated window.
    Behind,
}

impl LineError {
    /// The words after "line 7: ".
    pub fn words(self) -> &'static str {
        match self {
            LineError::Shape => "not of this format",
            LineError::Time => "its time cannot be read",
            LineError::Status => "its status is not an HTTP status",
            LineError::Long => "longer than 64 KiB",
            LineError::Ahead => "its clock is ahead of the lines around it",
            LineError::Behind => "further behind the lines before it than the window",
        }
    }
}

/// What an HTTP status amounts to: 503 and 429 are refusals, 499 (nginx), 460 (AWS) and 0 (nothing
/// was sent) are clients who left, all other server errors are failures. A client's own mistakes
/// (404 and such) are answers that worked.
pub fn outcome(status: u16) -> Outcome {
    match status {
        429 | 503 => Outcome::Rejected,
        status if is_of_one_who_left(status) => Outcome::Abandoned,
        500..=599 => Outcome::Failed,
        _ => Outcome::Ok,
    }
}

/// The target of a request line: `GET /claims?x=1 HTTP/1.1` → `/claims?x=1`. Scheme and host go.
/// What is not a request line (a scanner's binary greeting, `-`) gives nothing.
#[inline]
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

#[cfg(test)]
mod tests {
    use super::*;

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
    fn what_statuses_amount_to() {
        let cases = [
            (200, Outcome::Ok),
            (304, Outcome::Ok),
            (0, Outcome::Abandoned),
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

    #[test]
    fn a_repeated_hour_is_the_second_where_the_lines_before_say_so() {
        let hour = 3_600_000_000_000;
        let settled = |newest: Option<i64>| {
            let mut request = Request {
                at: Moment(0),
                second: Some(Moment(hour)),
                local: true,
                elapsed: None,
                stream: false,
                status: 200,
                target: Cow::Borrowed(b""),
                agent: None,
                address: None,
                named: [const { None }; 4],
            };
            request.settle(newest.map(Moment));
            request.at.0
        };
        assert_eq!(settled(None), 0);
        assert_eq!(settled(Some(-60)), 0, "before the hour");
        assert_eq!(settled(Some(hour - 1)), hour, "the first hour is over");
        assert_eq!(settled(Some(hour + 1)), hour);
        assert_eq!(settled(Some(hour / 3)), 0, "within the first hour, slightly late");
    }
}
