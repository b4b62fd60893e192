//! Patterns as written in the configuration of a server: nginx's `log_format`, Apache's
//! `LogFormat`, and their kin.

use super::dialects::{self, name_at};
use super::elapsed::ElapsedUnit;
use super::layout::LineLayout;
use super::role::{Field, Fields, Role};
use super::variables;

/// How lines are written, as somebody has described it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Described {
    /// Lines of text.
    Text(LineLayout),
    /// JSON lines whose fields are these.
    Json(Fields),
}

/// What cannot be understood of a description, and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// What is wrong.
    pub message: String,
    /// What to write.
    pub hint: String,
}

const HINT: &str = "paste the server's log_format or LogFormat as it is, or name the parts \
                    yourself: '$address [$time] \"$request\" $status $elapsed_ms'";

/// Understands a description: the directive itself or its text alone.
pub(super) fn parse(text: &str) -> Result<Described, TemplateError> {
    let text = directive(text.trim());
    let lacks = |message: String| TemplateError {
        message: format!("the log format cannot be used: {message}"),
        hint: HINT.to_string(),
    };
    if text.trim_start().starts_with('{') && text.contains(':') && text.contains('$') {
        return json(&text).map_err(lacks);
    }
    let pieces = dialects::pieces(&text).map_err(lacks)?;
    LineLayout::new(pieces).map(Described::Text).map_err(lacks)
}

/// The text inside `log_format NAME '…' '…';` or `LogFormat "…" NAME`, without its escapes.
fn directive(text: &str) -> String {
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or("");
    let nginx = first == "log_format";
    let apache = ["logformat", "customlog"].contains(&first.to_ascii_lowercase().as_str());
    if !nginx && !apache {
        // Escapes of a pasted configuration mean nothing outside it.
        return text.replace("\\\"", "\"");
    }
    let mut strings = quoted_strings(&text[first.len()..]);
    if apache && !strings.is_empty() {
        strings.truncate(1);
    }
    strings.concat()
}

/// The quoted strings of a directive, one after the other.
pub(super) fn quoted_strings(text: &str) -> Vec<String> {
    let mut strings = Vec::new();
    let mut chars = text.chars();
    while let Some(quote) = chars.by_ref().find(|c| matches!(c, '\'' | '"')) {
        let mut string = String::new();
        while let Some(c) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some(escaped @ ('\'' | '"' | '\\')) => string.push(escaped),
                    Some(other) => string.extend(['\\', other]),
                    None => break,
                },
                c if c == quote => break,
                c => string.push(c),
            }
        }
        strings.push(string);
    }
    strings
}

/// JSON with variables as values: `{"time": "$time_iso8601", "took": $request_time}`.
fn json(text: &str) -> Result<Described, String> {
    let mut fields = Fields::default();
    let mut rest = text;
    let mut any = false;
    while let Some(start) = rest.find('"') {
        let Some(end) = rest[start + 1..].find('"') else { break };
        let key = &rest[start + 1..start + 1 + end];
        let behind = rest[start + end + 2..].trim_start();
        let Some(value) = behind.strip_prefix(':') else {
            rest = behind;
            continue;
        };
        let value = value.trim_start();
        let value = value.strip_prefix('"').unwrap_or(value);
        let Some(variable) = value.strip_prefix('$') else {
            rest = value;
            continue;
        };
        let name: String = name_at(variable).0.to_string();
        any = true;
        if let (Some(role), unit) = variables::nginx(&name)
            && fields.get(role).is_none()
        {
            let unit = unit.or_else(|| ElapsedUnit::of_name(key));
            fields.set(role, Field { name: key.to_string(), unit });
        }
        rest = &variable[name.len()..];
        rest = rest.strip_prefix('"').unwrap_or(rest);
    }
    if !any || fields.get(Role::Time).is_none() || fields.get(Role::Status).is_none() {
        return Err("it has no field for the time or none for the status".to_string());
    }
    Ok(Described::Json(fields))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::assemble::{AssemblyContext, assemble};
    use jiff::tz::TimeZone;

    /// Path, status and microseconds of a line cut by a description.
    fn read(template: &str, line: &str) -> (String, u16, Option<u64>) {
        let described = parse(template).unwrap_or_else(|error| panic!("{template}: {error:?}"));
        let Described::Text(layout) = described else { panic!("{template} is text") };
        let slots = layout.slots(line.as_bytes(), &mut Vec::new());
        let slots = slots.unwrap_or_else(|stop| panic!("{line} stops at {}", &line[stop.at..]));
        let reading = AssemblyContext { zone: &TimeZone::UTC, plus: false };
        let request = assemble(slots, reading).unwrap_or_else(|flaw| panic!("{line}: {flaw:?}"));
        assert_eq!(request.at.rfc3339(), "2018-11-07T22:00:02Z", "{template}");
        let target = String::from_utf8_lossy(&request.target).into_owned();
        (target, request.status, request.elapsed.map(|span| span.0 / 1_000))
    }

    #[test]
    fn descriptions_of_many_servers() {
        let cases = [
            (
                r#"log_format main '$remote_addr - $remote_user [$time_local] "$request" '
                    '$status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time';"#,
                "192.0.2.1 - - [07/Nov/2018:22:00:02 +0000] \"GET /a HTTP/1.1\" 200 5 \"-\" \
                 \"curl\" 0.138",
            ),
            (
                "LogFormat \"%h %l %u %t \\\"%r\\\" %>s %b \\\"%{Referer}i\\\" \
                 \\\"%{User-Agent}i\\\" %D\" timed",
                "192.0.2.1 - - [07/Nov/2018:22:00:02 +0000] \"GET /a HTTP/1.1\" 200 5 \"-\" \
                 \"curl\" 138000",
            ),
            (
                r#"%h %l %u [%{%d/%b/%Y:%T}t.%{msec_frac}t %{%z}t] "%r" %>s %b %{ms}T"#,
                r#"192.0.2.1 - - [07/Nov/2018:22:00:02.479 +0000] "GET /a HTTP/1.1" 200 5 138"#,
            ),
            (
                r#"%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s" %(D)s"#,
                "192.0.2.1 - - [07/Nov/2018:22:00:02 +0000] \"GET /a HTTP/1.1\" 200 5 \"-\" \
                 \"curl\" 138000",
            ),
            (
                r#"%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %{+Q}r"#,
                "192.0.2.1:44 [07/Nov/2018:22:00:02.479] in be/web 0/0/1/130/138 200 5 \"GET /a \
                 HTTP/1.1\"",
            ),
            (
                "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\" \
                 %RESPONSE_CODE% %RESPONSE_FLAGS% %DURATION%",
                r#"[2018-11-07T22:00:02.479Z] "GET /a HTTP/1.1" 200 - 138"#,
            ),
            (
                "$time|$_|$request|$status|$_|$elapsed_s|$_",
                "07/Nov/2018:22:00:02 +0000|x|GET /a HTTP/1.1|200|-|0.138|y",
            ),
            (
                "[$time_local] $remote_addr -> $_ | $scheme $request_method $request_uri $_ | rt: \
                 $request_time msec | status: $status",
                "[07/Nov/2018:22:00:02 +0000] 192.0.2.1 -> 192.0.2.7 | https GET /a HTTP/1.1 | \
                 rt: 0.138 msec | status: 200",
            ),
            (
                "$host $remote_addr - - [$time_local] \"$request\" $status $bytes \
                 \"$http_referer\" \"$http_user_agent\" ($pid-$request_time)",
                "a.example.org 192.0.2.1 - - [07/Nov/2018:22:00:02 +0000] \"GET /a HTTP/1.1\" 200 \
                 5 \"-\" \"curl\" (60642713-0.138)",
            ),
        ];
        for (template, line) in cases {
            assert_eq!(read(template, line), ("/a".to_string(), 200, Some(138_000)), "{template}");
        }
    }

    #[test]
    fn a_quote_that_nobody_escaped_does_not_end_the_request() {
        let template = "$remote_addr - - [$time_local] \"$request\" $status $bytes \"$referer\" \
         \"$http_user_agent\" $request_time";
        let line = "192.0.2.1 - - [07/Nov/2018:22:00:02 +0000] \"GET /a/\" HTTP/1.1\" 200 5 \"-\" \
         \"\"bot\"\" 0.138";
        assert_eq!(read(template, line), ("/a/\"".to_string(), 200, Some(138_000)));
    }

    #[test]
    fn json_may_be_described_as_nginx_writes_it() {
        let text = "log_format j escape=json \
         '{\"t\":\"$time_iso8601\",\"code\":$status,\"took\":$request_time,\
                    \"u\":\"$request_uri\"}';";
        let Ok(Described::Json(fields)) = parse(text) else { panic!("JSON") };
        assert_eq!(fields.get(Role::Status).map(|field| field.name.as_str()), Some("code"));
        assert_eq!(
            fields.get(Role::Elapsed).and_then(|field| field.unit),
            Some(ElapsedUnit::Seconds)
        );
    }

    #[test]
    fn what_a_description_lacks_is_said() {
        for (template, expected) in [
            ("$request $status", "no field for the time"),
            ("[$time_local] $request", "no field for the status"),
            ("$ $status", "no name after it"),
            ("%{x %t", "`{` is not closed"),
            ("hello", "no field for the time"),
        ] {
            let error = parse(template).expect_err(template);
            assert!(error.message.contains(expected), "{template}: {}", error.message);
        }
    }
}
