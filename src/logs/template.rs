//! Patterns as they stand in the configuration of a server: nginx's `log_format`, Apache's
//! `LogFormat`, and their kin.

use super::elapsed::Unit;
use super::layout::{Layout, Named, Piece};
use super::role::{Field, Fields, Role};
use super::variables::{self, Meaning};

/// How lines are written, as somebody has described it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Described {
    /// Lines of text.
    Text(Layout),
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

const HINT: &str = "paste the server's log_format or LogFormat as it stands, or name the parts \
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
    let pieces = pieces(&text).map_err(lacks)?;
    let pieces = with_upstream(joined(pieces));
    Layout::new(pieces).map(Described::Text).map_err(lacks)
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
        if let (Some(role), unit) = variables::nginx(&name) {
            if fields.get(role).is_none() {
                let unit = unit.or_else(|| Unit::of_name(key));
                fields.set(role, Field { name: key.to_string(), unit });
            }
        }
        rest = &variable[name.len()..];
        rest = rest.strip_prefix('"').unwrap_or(rest);
    }
    if !any || fields.get(Role::Time).is_none() || fields.get(Role::Status).is_none() {
        return Err("it has no field for the time or none for the status".to_string());
    }
    Ok(Described::Json(fields))
}

/// The name at the beginning of a text, and whether braces are around it.
fn name_at(text: &str) -> (&str, bool) {
    if let Some(inside) = text.strip_prefix('{')
        && let Some(end) = inside.find('}')
    {
        return (&inside[..end], true);
    }
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len());
    (&text[..end], false)
}

fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let envoy = text.contains("%START_TIME") || text.contains("%RESPONSE_CODE%");
    let haproxy = !envoy && ["%ST", "%ci", "%HM"].iter().any(|sign| text.contains(sign));
    let nginx = text.contains('$');
    let mut pieces = Pieces(Vec::new());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let behind = &rest[c.len_utf8()..];
        rest = match c {
            '$' if nginx => {
                let (name, braces) = name_at(behind);
                if name.is_empty() {
                    return Err("a `$` has no name behind it".to_string());
                }
                pieces.field(name, variables::nginx(name));
                &behind[name.len() + if braces { 2 } else { 0 }..]
            }
            '%' if envoy => pieces.envoy(behind)?,
            '%' if haproxy => pieces.haproxy(behind),
            '%' if !nginx => pieces.apache(behind)?,
            c => {
                pieces.text(c);
                behind
            }
        };
    }
    Ok(pieces.0)
}

struct Pieces(Vec<Piece>);

impl Pieces {
    fn text(&mut self, c: char) {
        let c = if c.is_whitespace() { ' ' } else { c };
        let mut bytes = [0; 4];
        let encoded = c.encode_utf8(&mut bytes).as_bytes();
        match self.0.last_mut() {
            Some(Piece::Text(text)) if c == ' ' && text.last() == Some(&b' ') => {}
            Some(Piece::Text(text)) => text.extend_from_slice(encoded),
            _ => self.0.push(Piece::Text(encoded.to_vec())),
        }
    }

    fn field(&mut self, name: &str, (role, unit): Meaning) {
        self.0.push(Piece::Field(Named { name: name.to_string(), role, unit }));
    }

    /// `%RESPONSE_CODE%`, `%REQ(:METHOD)%`, `%START_TIME(%s)%`.
    fn envoy<'t>(&mut self, text: &'t str) -> Result<&'t str, String> {
        let name = name_at(text).0;
        let behind = &text[name.len()..];
        let (argument, behind) = match behind.strip_prefix('(') {
            Some(inside) => inside.split_once(')').ok_or("a `(` is not closed")?,
            None => ("", behind),
        };
        let end = behind.find('%').ok_or_else(|| format!("`%{name}` is not closed with `%`"))?;
        self.field(&name.to_lowercase(), variables::envoy(name, argument));
        Ok(&behind[end + 1..])
    }

    /// `%ci`, `%{+Q}r`, `%[capture.req.hdr(0)]`.
    fn haproxy<'t>(&mut self, text: &'t str) -> &'t str {
        let flags = text.strip_prefix('{').and_then(|inside| inside.split_once('}'));
        let (flags, text) = flags.map_or(("", text), |(flags, behind)| (flags, behind));
        if let Some((_, behind)) = text.strip_prefix('[').and_then(|inside| inside.split_once(']'))
        {
            self.field("_", (None, None));
            return behind;
        }
        let name = name_at(text).0;
        let quoted = flags.contains("+Q");
        if quoted {
            self.text('"');
        }
        self.field(name, variables::haproxy(name));
        if quoted {
            self.text('"');
        }
        &text[name.len()..]
    }

    fn ends_with(&self, byte: u8) -> bool {
        matches!(self.0.last(), Some(Piece::Text(text)) if text.last() == Some(&byte))
    }

    /// `%>s`, `%{User-Agent}i`, `%(D)s`, `%!200,304{Referer}i`.
    fn apache<'t>(&mut self, text: &'t str) -> Result<&'t str, String> {
        if let Some(inside) = text.strip_prefix('(') {
            let (name, behind) = inside.split_once(")s").ok_or("a `%(` has no `)s`")?;
            self.time_or_field(name, variables::gunicorn(name), true);
            return Ok(behind);
        }
        if let Some(behind) = text.strip_prefix('%') {
            self.text('%');
            return Ok(behind);
        }
        let modifiers = |c: char| c.is_ascii_digit() || matches!(c, '!' | ',' | '<' | '>' | '^');
        let text = text.trim_start_matches(modifiers);
        let (argument, behind) = match text.strip_prefix('{') {
            Some(inside) => inside.split_once('}').ok_or("a `{` is not closed")?,
            None => ("", text),
        };
        let letter = behind.chars().next().ok_or("a `%` has nothing behind it")?;
        let behind = &behind[letter.len_utf8()..];
        // `%^ti` and `%^to` are trailers.
        let behind = if text.starts_with("ti") || text.starts_with("to") { &behind[1..] } else { behind };
        let name = if argument.is_empty() { letter.to_string() } else { argument.to_string() };
        let meaning = variables::apache(letter, argument);
        self.time_or_field(&name, meaning, letter == 't' && argument.is_empty());
        Ok(behind)
    }

    /// Apache's `%t` and gunicorn's `%(t)s` bring their brackets along.
    fn time_or_field(&mut self, name: &str, meaning: Meaning, plain: bool) {
        let name: String =
            name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        if meaning.0 == Some(Role::Time) {
            let brackets = plain && !self.ends_with(b'[');
            if brackets {
                self.text('[');
            }
            self.field("time", meaning);
            if brackets {
                self.text(']');
            }
        } else {
            self.field(&name, meaning);
        }
    }
}

/// Parts of one time, and fields between which nothing stands, as one field.
fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let is_time = |piece: &Piece| {
        matches!(piece, Piece::Field(Named { role: Some(Role::Time), .. }))
    };
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        let gap = joined.len().checked_sub(2).and_then(|at| joined.get(at..));
        if let Some([time, Piece::Text(text)]) = gap
            && is_time(time)
            && is_time(&piece)
            && text.len() <= 2
            && !text.iter().any(|byte| b"[]\"|,;".contains(byte))
        {
            joined.pop();
            continue;
        }
        match (joined.last_mut(), &piece) {
            (Some(Piece::Field(before)), Piece::Field(field)) => {
                if before.role.is_none() {
                    *before = field.clone();
                }
            }
            _ => joined.push(piece),
        }
    }
    joined
}

/// Where the format has the upstream's time alone, that is taken.
fn with_upstream(mut pieces: Vec<Piece>) -> Vec<Piece> {
    let fields = |piece: &Piece| match piece {
        Piece::Field(field) => field.role == Some(Role::Elapsed),
        Piece::Text(_) => false,
    };
    if !pieces.iter().any(fields) {
        for piece in &mut pieces {
            if let Piece::Field(field) = piece
                && variables::is_upstream_time(&field.name)
            {
                (field.role, field.unit) = (Some(Role::Elapsed), Some(Unit::Seconds));
                break;
            }
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::assemble::{Reading, assemble};
    use jiff::tz::TimeZone;

    /// Path, status and microseconds of a line cut by a description.
    fn read(template: &str, line: &str) -> (String, u16, Option<u64>) {
        let described = parse(template).unwrap_or_else(|error| panic!("{template}: {error:?}"));
        let Described::Text(layout) = described else { panic!("{template} is text") };
        let slots = layout.slots(line.as_bytes(), &mut Vec::new());
        let slots = slots.unwrap_or_else(|stop| panic!("{line} stops at {}", &line[stop.at..]));
        let reading = Reading { zone: &TimeZone::UTC, plus: false };
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
                r#"192.0.2.1 - - [07/Nov/2018:22:00:02 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl" 0.138"#,
            ),
            (
                r#"LogFormat "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" %D" timed"#,
                r#"192.0.2.1 - - [07/Nov/2018:22:00:02 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl" 138000"#,
            ),
            (
                r#"%h %l %u [%{%d/%b/%Y:%T}t.%{msec_frac}t %{%z}t] "%r" %>s %b %{ms}T"#,
                r#"192.0.2.1 - - [07/Nov/2018:22:00:02.479 +0000] "GET /a HTTP/1.1" 200 5 138"#,
            ),
            (
                r#"%(h)s %(l)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s" %(D)s"#,
                r#"192.0.2.1 - - [07/Nov/2018:22:00:02 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl" 138000"#,
            ),
            (
                r#"%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %{+Q}r"#,
                r#"192.0.2.1:44 [07/Nov/2018:22:00:02.479] in be/web 0/0/1/130/138 200 5 "GET /a HTTP/1.1""#,
            ),
            (
                r#"[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% %DURATION%"#,
                r#"[2018-11-07T22:00:02.479Z] "GET /a HTTP/1.1" 200 - 138"#,
            ),
            (
                "$time|$_|$request|$status|$_|$elapsed_s|$_",
                "07/Nov/2018:22:00:02 +0000|x|GET /a HTTP/1.1|200|-|0.138|y",
            ),
            (
                "[$time_local] $remote_addr -> $_ | $scheme $request_method $request_uri $_ | rt: $request_time msec | status: $status",
                "[07/Nov/2018:22:00:02 +0000] 192.0.2.1 -> 192.0.2.7 | https GET /a HTTP/1.1 | rt: 0.138 msec | status: 200",
            ),
            (
                r#"$host $remote_addr - - [$time_local] "$request" $status $bytes "$http_referer" "$http_user_agent" ($pid-$request_time)"#,
                r#"a.example.org 192.0.2.1 - - [07/Nov/2018:22:00:02 +0000] "GET /a HTTP/1.1" 200 5 "-" "curl" (60642713-0.138)"#,
            ),
        ];
        for (template, line) in cases {
            assert_eq!(read(template, line), ("/a".to_string(), 200, Some(138_000)), "{template}");
        }
    }

    #[test]
    fn a_quote_that_nobody_escaped_does_not_end_the_request() {
        let template = r#"$remote_addr - - [$time_local] "$request" $status $bytes "$referer" "$http_user_agent" $request_time"#;
        let line = r#"192.0.2.1 - - [07/Nov/2018:22:00:02 +0000] "GET /a/" HTTP/1.1" 200 5 "-" ""bot"" 0.138"#;
        assert_eq!(read(template, line), ("/a/\"".to_string(), 200, Some(138_000)));
    }

    #[test]
    fn json_may_be_described_as_nginx_writes_it() {
        let text = r#"log_format j escape=json '{"t":"$time_iso8601","code":$status,"took":$request_time,"u":"$request_uri"}';"#;
        let Ok(Described::Json(fields)) = parse(text) else { panic!("JSON") };
        assert_eq!(fields.get(Role::Status).map(|field| field.name.as_str()), Some("code"));
        assert_eq!(fields.get(Role::Elapsed).and_then(|field| field.unit), Some(Unit::Seconds));
    }

    #[test]
    fn what_a_description_lacks_is_said() {
        for (template, expected) in [
            ("$request $status", "no field for the time"),
            ("[$time_local] $request", "no field for the status"),
            ("$ $status", "no name behind it"),
            ("%{x %t", "`{` is not closed"),
            ("hello", "no field for the time"),
        ] {
            let error = parse(template).expect_err(template);
            assert!(error.message.contains(expected), "{template}: {}", error.message);
        }
    }
}
