//! Access logs of AWS Application Load Balancers.

use super::moment::Moment;
use super::request::{Flaw, Request, quoted, seconds, status, target};
use jiff::tz::TimeZone;
use std::borrow::Cow;

/// The kinds of request that begin a line.
const KINDS: [&[u8]; 6] = [b"http", b"https", b"h2", b"grpcs", b"ws", b"wss"];

/// Positions of fields ("Access logs for your Application Load Balancer", the table of fields).
const KIND: usize = 0;
const TIME: usize = 1;
const PROCESSING: [usize; 3] = [5, 6, 7];
const STATUS: usize = 8;
const REQUEST: usize = 12;
const AGENT: usize = 13;
const CREATED: usize = 21;
const FIELDS: usize = CREATED + 1;

/// Reads a line. The time is that of the answer. What a request took is the sum of the three
/// processing times; where one of them is -1 (no answer from the target), it is the time from its
/// creation to the answer.
pub(super) fn parse(line: &[u8]) -> Result<Request<'_>, Flaw> {
    let mut fields: [&[u8]; FIELDS] = [b""; FIELDS];
    let mut rest = line;
    for field in &mut fields {
        if rest.is_empty() {
            break;
        }
        if let Some(inside) = rest.strip_prefix(b"\"") {
            (*field, rest) = quoted(inside).ok_or(Flaw::Shape)?;
        } else {
            let end = memchr::memchr(b' ', rest).unwrap_or(rest.len());
            (*field, rest) = rest.split_at(end);
        }
        rest = rest.strip_prefix(b" ").unwrap_or(rest);
    }
    if !KINDS.contains(&fields[KIND]) || fields[REQUEST].is_empty() {
        return Err(Flaw::Shape);
    }
    let at = Moment::iso(fields[TIME], &TimeZone::UTC).ok_or(Flaw::Time)?;
    let parts = PROCESSING.map(|field| seconds(fields[field]));
    let elapsed = match parts {
        [Some(before), Some(target), Some(after)] => Some(before + target + after),
        _ => Moment::iso(fields[CREATED], &TimeZone::UTC).map(|created| at.since(created)),
    };
    Ok(Request {
        at,
        elapsed,
        status: status(fields[STATUS])?,
        target: Cow::Borrowed(target(fields[REQUEST])),
        agent: Some(Cow::Borrowed(fields[AGENT])),
        named: [const { None }; 4],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Span;

    /// The example of the vendor's documentation, its host and addresses as they stand there.
    const EXAMPLE: &str = concat!(
        r#"https 2018-07-02T22:23:00.186641Z app/my-loadbalancer/50dc6c495c0c9188 "#,
        r#"192.168.131.39:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 0 57 "#,
        r#""GET https://www.example.com:443/claims?id=1 HTTP/1.1" "curl/7.46.0" "#,
        r#"ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 arn:aws:elasticloadbalancing:us-east-2:"#,
        r#"123456789012:targetgroup/my-targets/73e2d6bc24d8a067 "#,
        r#""Root=1-58337281-1d84f3d73c47ec4e58577259" "www.example.com" "arn:aws:acm:us-east-2:"#,
        r#"123456789012:certificate/12345678-1234-1234-1234-123456789012" 1 "#,
        r#"2018-07-02T22:22:48.364000Z "authenticate,forward" "-" "-" "10.0.0.1:80" "200" "-" "-""#,
    );

    #[test]
    fn the_vendors_own_example() {
        let request = parse(EXAMPLE.as_bytes()).expect("a line");
        assert_eq!(request.at.rfc3339(), "2018-07-02T22:23:00Z");
        assert_eq!(request.elapsed, Some(Span::from_millis(171)));
        assert_eq!((request.status, &*request.target), (200, &b"/claims?id=1"[..]));
        assert_eq!(request.agent.as_deref(), Some(&b"curl/7.46.0"[..]));
    }

    #[test]
    fn a_target_that_never_answered_took_from_creation_to_answer() {
        let gone = EXAMPLE.replace("0.086 0.048 0.037 200 200", "0.000 -1 -1 504 -");
        let request = parse(gone.as_bytes()).expect("a line");
        assert_eq!(request.status, 504);
        assert_eq!(request.elapsed, Some(Span(11_822_641_000)));
    }

    #[test]
    fn broken_lines_say_what_is_wrong() {
        assert_eq!(parse(b""), Err(Flaw::Shape));
        assert_eq!(parse(b"https 2018-07-02T22:23:00Z app/x \"unfinished"), Err(Flaw::Shape));
        let wrong = EXAMPLE.replace("2018-07-02T22:23:00.186641Z", "today");
        assert_eq!(parse(wrong.as_bytes()), Err(Flaw::Time));
        let wrong = EXAMPLE.replace(" 200 200 ", " - - ");
        assert_eq!(parse(wrong.as_bytes()), Err(Flaw::Status));
    }
}
