//! What is put around a log line on its way, and lines in between that are not requests at all.

use super::json;
use super::line_words::time_in;
use super::notation;
use jiff::tz::TimeZone;

/// What is around every line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Envelope {
    #[default]
    None,
    /// The line is the text of one field of a JSON object, as Docker and journald have it.
    Field(String),
    /// Time, stream and a flag, as Kubernetes writes container logs.
    Cri,
    /// Something in front of a JSON object.
    BeforeBrace,
    /// How many words in front.
    Words(usize),
    /// Quotes around the whole line, as OpenLiteSpeed writes it.
    Quotes,
}

/// Fields in which whoever passes a line on says when.
const TIMES: [&str; 7] =
    ["time", "timestamp", "@timestamp", "ts", "eventTime", "__REALTIME_TIMESTAMP", "date"];

/// Fields in which a whole line is passed on.
const FIELDS: [&str; 9] =
    ["log", "MESSAGE", "message", "msg", "textPayload", "line", "@message", "text", "original"];

impl Envelope {
    /// What may be around these lines, nothing first.
    pub fn possible(lines: &[&[u8]]) -> Vec<Envelope> {
        let most = |fits: &dyn Fn(&[u8]) -> bool| {
            2 * lines.iter().filter(|line| fits(line)).count() >= lines.len().max(1)
        };
        if most(&|line| cri(line).is_some()) {
            return vec![Envelope::Cri];
        }
        if most(&|line| quoted_whole(line).is_some()) {
            return vec![Envelope::Quotes];
        }
        let docker = |line: &[u8]| {
            line.first() == Some(&b'{')
                && json::object(line).is_some_and(|object| {
                    object.get("log").is_some_and(serde_json::Value::is_string)
                        && (object.contains_key("stream") || object.contains_key("time"))
                })
        };
        if most(&docker) {
            return vec![Envelope::Field("log".to_string())];
        }
        let mut possible = vec![Envelope::None];
        if most(&|line| line.first() == Some(&b'{')) {
            let inner = FIELDS.iter().filter(|field| {
                most(&|line| json::text_of(line, field).is_some_and(|text| text.len() > 20))
            });
            possible.extend(inner.map(|field| Envelope::Field(field.to_string())));
        } else if most(&|line| before_brace(line).is_some()) {
            possible.insert(0, Envelope::BeforeBrace);
        }
        possible
    }

    /// The line inside; `None` if this is not around it.
    pub fn open<'a>(&self, line: &'a [u8], scratch: &'a mut Vec<u8>) -> Option<&'a [u8]> {
        match self {
            Envelope::None => Some(line),
            Envelope::Field(field) => {
                *scratch = json::text_of(line, field)?;
                Some(scratch.trim_ascii_end())
            }
            Envelope::Cri => cri(line).map(|(_, inside)| inside),
            Envelope::BeforeBrace => before_brace(line),
            Envelope::Quotes => quoted_whole(line),
            Envelope::Words(n) => {
                let mut rest = line;
                for _ in 0..*n {
                    let end = memchr::memchr(b' ', rest)?;
                    rest = rest[end..].trim_ascii_start();
                }
                Some(rest)
            }
        }
    }

    /// When the line was written, where the envelope says so.
    pub fn time(&self, line: &[u8]) -> Option<Vec<u8>> {
        match self {
            Envelope::Cri => line.split(|byte| *byte == b' ').next().map(<[u8]>::to_vec),
            Envelope::BeforeBrace => {
                let inside = before_brace(line)?;
                time_in(&line[..line.len() - inside.len()]).map(<[u8]>::to_vec)
            }
            Envelope::Field(_) => {
                let object = json::object(line)?;
                let value = TIMES.iter().find_map(|name| object.get(*name))?;
                let text = value.as_str().map_or_else(|| value.to_string(), String::from);
                let text = text.into_bytes();
                notation::read(&text, &TimeZone::UTC).map(|_| text)
            }
            Envelope::None | Envelope::Words(_) | Envelope::Quotes => None,
        }
    }

    /// The line inside with its time in front; `None` if there is none around it.
    pub fn with_envelope_time(&self, line: &[u8], scratch: &mut Vec<u8>) -> Option<Vec<u8>> {
        self.time(line)?;
        let mut dated = Vec::new();
        with_time(self, line, self.open(line, scratch)?, &mut dated);
        Some(dated)
    }

    /// What people call it.
    pub fn words(&self) -> Option<String> {
        Some(match self {
            Envelope::None => return None,
            Envelope::Field(field) if field == "log" => "as Docker keeps them".to_string(),
            Envelope::Field(field) if field == "MESSAGE" => "from journald".to_string(),
            Envelope::Field(field) => format!("in the field `{field}`"),
            Envelope::Cri => "as Kubernetes keeps them".to_string(),
            Envelope::BeforeBrace => "after a prefix".to_string(),
            Envelope::Quotes => "in quotes".to_string(),
            Envelope::Words(n) => format!("after {n} words"),
        })
    }
}

/// `2018-11-07T22:00:02.479Z stdout F the line`: whether more of the line follows, and the line.
pub(super) fn cri(line: &[u8]) -> Option<(bool, &[u8])> {
    let mut parts = line.splitn(4, |byte| *byte == b' ');
    let (time, stream, flag) = (parts.next()?, parts.next()?, parts.next()?);
    let known = matches!(stream, b"stdout" | b"stderr") && matches!(flag, b"F" | b"P");
    if !known || notation::read(time, &TimeZone::UTC).is_none() {
        return None;
    }
    Some((flag == b"P", parts.next().unwrap_or(b"")))
}

/// Puts the time from around a line in front of what is inside.
pub(super) fn with_time(envelope: &Envelope, line: &[u8], inside: &[u8], to: &mut Vec<u8>) {
    to.clear();
    if let Some(time) = envelope.time(line) {
        to.extend_from_slice(&time);
        to.push(b' ');
    }
    to.extend_from_slice(inside);
}

/// What is between the quotes around a line. A quoted first word is no such thing: its quote ends
/// before the bracket of the time.
fn quoted_whole(line: &[u8]) -> Option<&[u8]> {
    let inside = line.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let bracket = memchr::memchr(b'[', inside)?;
    (memchr::memchr(b'"', inside)? > bracket).then_some(inside)
}

fn before_brace(line: &[u8]) -> Option<&[u8]> {
    let start = memchr::memmem::find(line, b"{\"")?;
    let inside = &line[start..];
    (start > 0 && inside.trim_ascii_end().ends_with(b"}")).then_some(inside)
}

/// What a line is that is not a request, in the plural: an error message of the server, a message
/// of Kubernetes' own, a line of an application's log. `None`: nothing that is known.
pub(super) fn other_kind(line: &[u8]) -> Option<&'static str> {
    if line.starts_with(b"#") {
        return Some("comments");
    }
    if is_klog(line) {
        return Some("messages of Kubernetes");
    }
    const START: [&[u8]; 7] = [
        b"/docker-entrypoint",
        b"/usr/bin/",
        b"Traceback ",
        b"\tat ",
        b"    at ",
        b"  File \"",
        b"Caused by:",
    ];
    if START.iter().any(|start| line.starts_with(start)) {
        return Some("messages of a program");
    }
    let head = &line[..line.len().min(110)];
    const LEVELS: [&[u8]; 20] = [
        b"[error]",
        b"[warn]",
        b"[notice]",
        b"[crit]",
        b"[alert]",
        b"[emerg]",
        b"[info]",
        b"[debug]",
        b"[INFO]",
        b"[WARN]",
        b"[ERROR]",
        b"[DEBUG]",
        b":error]",
        b":notice]",
        b":warn]",
        b" INFO ",
        b" WARN ",
        b" ERROR ",
        b" DEBUG ",
        b" WARNING ",
    ];
    let level = LEVELS.iter().any(|level| memchr::memmem::find(head, level).is_some());
    let quoted = head.windows(6).any(|w| w.starts_with(b"\"GET /") || w.starts_with(b"\"POST "));
    (level && !quoted).then_some("messages of a program")
}

/// `I1107 22:00:02.094937       7 controller.go:428] …`
fn is_klog(line: &[u8]) -> bool {
    let [level, a, b, c, d, b' ', rest @ ..] = line else { return false };
    let digits = [a, b, c, d].iter().all(|byte| byte.is_ascii_digit());
    b"IWEF".contains(level) && digits && rest.get(2) == Some(&b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_taken_out_of_what_is_around_them() {
        let open = |envelope: &Envelope, line: &str| {
            let mut scratch = Vec::new();
            let inside = envelope.open(line.as_bytes(), &mut scratch);
            inside.map(|inside| String::from_utf8_lossy(inside).into_owned())
        };
        let cri = "2018-11-07T22:00:02.479Z stdout F a line";
        let docker = r#"{"log":"a line\n","stream":"stdout","time":"2018-11-07T22:00:02Z"}"#;
        let journal = r#"{"MESSAGE":[97,32,108,105,110,101]}"#;
        let prefixed = r#"web_1  | {"a": 1}"#;
        let possible = |line: &str| Envelope::possible(&[line.as_bytes()]);
        assert_eq!(possible(cri), [Envelope::Cri]);
        assert_eq!(open(&Envelope::Cri, cri).as_deref(), Some("a line"));
        assert_eq!(possible(docker), [Envelope::Field("log".to_string())]);
        assert_eq!(open(&Envelope::Field("log".into()), docker).as_deref(), Some("a line"));
        assert_eq!(open(&Envelope::Field("MESSAGE".into()), journal).as_deref(), Some("a line"));
        assert_eq!(possible(prefixed)[0], Envelope::BeforeBrace);
        assert_eq!(open(&Envelope::BeforeBrace, prefixed).as_deref(), Some(r#"{"a": 1}"#));
        assert_eq!(open(&Envelope::Words(2), "a b c d").as_deref(), Some("c d"));
        assert_eq!(open(&Envelope::Cri, "something else"), None);
        assert_eq!(possible("a line"), [Envelope::None]);
    }

    #[test]
    fn messages_are_told_from_requests() {
        for line in [
            "2018/11/07 22:00:02 [error] 31#31: *0 upstream timed out",
            "I1107 22:00:02.094937       7 controller.go:428] backend reload required",
            "[Wed Nov 07 22:00:02.479 2018] [core:error] [pid 7] AH00124",
            "/docker-entrypoint.sh: Configuration complete; ready for start up",
            "2018-11-07 22:00:02.479  INFO 1 --- [main] o.s.Application : Started",
            "#Date: 2018-11-07 22:00:00",
        ] {
            assert!(other_kind(line.as_bytes()).is_some(), "{line}");
        }
        for line in [
            r#"1.2.3.4 - - [07/Nov/2018:22:00:02 +0000] "GET /[error] HTTP/1.1" 200 5"#,
            "junk",
            "",
        ] {
            assert_eq!(other_kind(line.as_bytes()), None, "{line}");
        }
    }
}
