//! Turns the fields of a line into the request that it describes.

use super::elapsed::elapsed;
use super::notation::{self, LogTime};
use super::request::{LineError, Request, target};
use super::role::{NAMED, Role, Slots};
use crate::units::Span;
use jiff::tz::TimeZone;
use std::borrow::Cow;

/// What must be known besides the line.
#[derive(Debug, Clone, Copy)]
pub(super) struct AssemblyContext<'r> {
    /// The zone of times that name none.
    pub zone: &'r TimeZone,
    /// Spaces of agents are written as `+`, as IIS does.
    pub plus: bool,
}

/// Understands the fields of a line.
#[inline]
pub(super) fn assemble<'a>(
    mut slots: Slots<'a>,
    reading: AssemblyContext<'_>,
) -> Result<Request<'a>, LineError> {
    let status = status(slots.get(Role::Status).ok_or(LineError::Status)?)?;
    let when = log_time(&slots, reading.zone).ok_or(LineError::Time)?;
    let began = slots.get(Role::Began).and_then(|text| notation::read(text, reading.zone));
    let stream = status == 101 || slots.get(Role::Kind).is_some_and(is_stream);
    let took = response_time(&slots).or_else(|| began.map(|began| when.at.since(began.at)));
    let agent = slots.take(Role::Agent).map(|agent| decoded(agent, reading.plus));
    Ok(Request {
        at: when.at,
        second: when.second,
        local: when.local,
        elapsed: took.filter(|_| !stream),
        stream,
        status,
        target: whole_target(&mut slots),
        agent,
        address: slots.take(Role::Address),
        named: NAMED.map(|role| slots.take(role).map(text)),
    })
}

fn text(value: Cow<'_, [u8]>) -> Cow<'_, str> {
    match value {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

fn log_time(slots: &Slots<'_>, zone: &TimeZone) -> Option<LogTime> {
    let (date, time) = (slots.get(Role::Date), slots.get(Role::Time));
    if let Some(date) = date {
        let joined = [date.trim_ascii(), time.unwrap_or(b"")].join(&b' ');
        if let Some(when) = notation::read(&joined, zone) {
            return Some(when);
        }
    }
    notation::read(time?, zone)
}

/// A status. Where nothing was sent (`000` and `-` of nginx, `-1` of HAProxy, `0` of Envoy), the
/// client had left: 0.
#[inline]
pub(super) fn status(text: &[u8]) -> Result<u16, LineError> {
    let text = text.strip_suffix(b".0").unwrap_or(text);
    match text {
        b"-" | b"0" | b"-1" | b"000" => Ok(0),
        [a @ b'1'..=b'9', b, c] if b.is_ascii_digit() && c.is_ascii_digit() => {
            let digit = |byte: &u8| u16::from(byte - b'0');
            Ok(digit(a) * 100 + digit(b) * 10 + digit(c))
        }
        _ => Err(LineError::Status),
    }
}

/// An answer that stays open as long as somebody listens.
fn is_stream(kind: &[u8]) -> bool {
    kind.starts_with(b"text/event-stream") || kind.starts_with(b"application/grpc")
}

/// The sum of the parts; unknown as soon as one of them is.
fn response_time(slots: &Slots<'_>) -> Option<Span> {
    let mut sum = None;
    for (text, unit) in slots.parts() {
        let part = elapsed(text, unit)?;
        sum = Some(sum.map_or(part, |sum: Span| sum + part));
    }
    sum
}

fn whole_target<'a>(slots: &mut Slots<'a>) -> Cow<'a, [u8]> {
    if let Some(line) = slots.take(Role::Request) {
        // A whole line of some proxies has no method in front: it is a path then.
        return part(line, |line| if is_path(line) { line } else { target(line) });
    }
    let Some(path) = slots.take(Role::Path) else { return Cow::Borrowed(b"") };
    let path = match () {
        () if path.contains(&b' ') => part(path, target),
        () => part(path, without_host),
    };
    if path.is_empty() || &*path == b"-" {
        return Cow::Borrowed(b"");
    }
    let query = slots.get(Role::Query).filter(|query| !query.is_empty() && *query != b"-");
    let query = query.filter(|_| !path.contains(&b'?'));
    if query.is_none() && matches!(path[0], b'/' | b'*') {
        return path;
    }
    let mut whole = path.into_owned();
    if !matches!(whole[0], b'/' | b'*') {
        whole.insert(0, b'/');
    }
    if let Some(query) = query {
        whole.push(b'?');
        whole.extend_from_slice(query.strip_prefix(b"?").unwrap_or(query));
    }
    Cow::Owned(whole)
}

fn is_path(line: &[u8]) -> bool {
    line.first() == Some(&b'/') && !line.contains(&b' ')
}

/// Part of a value, whoever owns it.
fn part<'a>(value: Cow<'a, [u8]>, of: impl Fn(&[u8]) -> &[u8]) -> Cow<'a, [u8]> {
    match value {
        Cow::Borrowed(value) => Cow::Borrowed(of(value)),
        Cow::Owned(value) => Cow::Owned(of(&value).to_vec()),
    }
}

/// A path without scheme and host: `https://www.example.org/a` and `www.example.org/a` are `/a`.
fn without_host(path: &[u8]) -> &[u8] {
    if matches!(path.first(), Some(b'/' | b'*')) {
        return path;
    }
    let scheme = memchr::memmem::find(path, b"://");
    let host = scheme.map_or(path, |scheme| &path[scheme + 3..]);
    let Some(slash) = memchr::memchr(b'/', host) else {
        return if scheme.is_some() { b"/" } else { path };
    };
    let is_host = scheme.is_some() || memchr::memchr2(b'.', b':', &host[..slash]).is_some();
    if is_host { &host[slash..] } else { path }
}

/// An agent with its spaces, where they are written as `%20` or `+`.
fn decoded(agent: Cow<'_, [u8]>, plus: bool) -> Cow<'_, [u8]> {
    let percent = !agent.contains(&b' ') && memchr::memmem::find(&agent, b"%20").is_some();
    let spaces = plus && agent.contains(&b'+');
    if !(percent || spaces) {
        return agent;
    }
    let mut bytes = Vec::with_capacity(agent.len());
    let mut rest = &agent[..];
    while let Some((first, behind)) = rest.split_first() {
        let hex = |byte: &u8| char::from(*byte).to_digit(16);
        match (first, behind) {
            (b'%', [high, low, ..]) if percent && hex(high).is_some() && hex(low).is_some() => {
                let value = hex(high).unwrap_or(0) * 16 + hex(low).unwrap_or(0);
                bytes.push(value as u8);
                rest = &behind[2..];
            }
            (b'+', _) if plus => {
                bytes.push(b' ');
                rest = behind;
            }
            _ => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    Cow::Owned(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::elapsed::ElapsedUnit;

    fn request(
        fields: &[(Role, Option<ElapsedUnit>, &'static str)],
    ) -> Result<Request<'static>, LineError> {
        let mut slots = Slots::default();
        for (role, unit, value) in fields {
            slots.put(*role, *unit, Cow::Borrowed(value.as_bytes()));
        }
        assemble(slots, AssemblyContext { zone: &TimeZone::UTC, plus: true })
    }

    #[test]
    fn paths_get_what_they_lack_and_lose_what_they_do_not_need() {
        let cases = [
            ("/a", "-", "/a"),
            ("a/b", "x=1", "/a/b?x=1"),
            ("/a", "?x=1", "/a?x=1"),
            ("/a?x=1", "x=1", "/a?x=1"),
            ("https://www.example.org/a", "", "/a"),
            ("http://www.example.org", "", "/"),
            ("www.example.org/a", "", "/a"),
            ("GET /a HTTP/1.1", "", "/a"),
            ("*", "", "*"),
            ("-", "", ""),
        ];
        for (path, query, expected) in cases {
            let fields = [
                (Role::Time, None, "2018-11-07T22:00:02Z"),
                (Role::Status, None, "200"),
                (Role::Path, None, path),
                (Role::Query, None, query),
            ];
            let request = request(&fields).expect("a request");
            assert_eq!(&*request.target, expected.as_bytes(), "{path} {query}");
        }
    }

    #[test]
    fn what_stays_open_has_no_response_time_and_what_was_not_sent_no_status() {
        let with = |status, kind| {
            let fields = [
                (Role::Date, None, "2018-11-07"),
                (Role::Time, None, "22:00:02"),
                (Role::Status, None, status),
                (Role::Kind, None, kind),
                (Role::Elapsed, Some(ElapsedUnit::Seconds), "0.5"),
                (Role::Agent, None, "Mozilla/5.0+(X11)"),
            ];
            request(&fields).expect("a request")
        };
        assert_eq!(with("200", "text/html").elapsed, Some(Span::from_millis(500)));
        assert_eq!(with("200", "text/event-stream; charset=utf-8").elapsed, None);
        assert_eq!(with("101", "-").elapsed, None);
        assert_eq!(with("000", "-").status, 0);
        assert_eq!(with("-1", "-").status, 0);
        assert_eq!(with("200", "-").agent.as_deref(), Some(&b"Mozilla/5.0 (X11)"[..]));
        assert_eq!(request(&[(Role::Status, None, "20")]).err(), Some(LineError::Status));
        assert_eq!(request(&[(Role::Status, None, "200")]).err(), Some(LineError::Time));
    }

    #[test]
    fn parts_of_a_time_add_up_or_give_way_to_when_it_began() {
        let with = |part| {
            let fields = [
                (Role::Time, None, "2018-11-07T22:00:12Z"),
                (Role::Began, None, "2018-11-07T22:00:02Z"),
                (Role::Status, None, "200"),
                (Role::Elapsed, Some(ElapsedUnit::Seconds), "0.001"),
                (Role::Elapsed, Some(ElapsedUnit::Seconds), part),
            ];
            request(&fields).expect("a request").elapsed
        };
        assert_eq!(with("0.1"), Some(Span::from_millis(101)));
        assert_eq!(with("-1"), Some(Span::from_secs(10)));
    }
}
