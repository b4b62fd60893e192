//! JSON lines: one object per request, with the names of its fields as the site has them.

use super::moment::Moment;
use super::request::{Flaw, Request, target};
use crate::units::Span;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::str::FromStr;

/// Which field of an object says what. `None`: the usual names are tried in turn.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields {
    pub time: Option<Field>,
    pub elapsed: Option<Field>,
    pub status: Option<Field>,
    pub path: Option<Field>,
    pub agent: Option<Field>,
    /// Browser, login, account and tool; only read where named.
    pub named: [Option<Field>; 4],
}

/// The place of a value: names from the outermost object inwards, written `http.latency ms`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    path: Vec<String>,
    unit: Unit,
}

/// What a number of elapsed time counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unit {
    #[default]
    Seconds,
    Millis,
    Micros,
    Nanos,
}

impl FromStr for Field {
    type Err = String;

    fn from_str(text: &str) -> Result<Field, String> {
        let mut words = text.split_whitespace();
        let path = words.next().ok_or("name a field, such as http.status")?;
        let unit = match words.next() {
            Some("s") => Unit::Seconds,
            Some("ms") => Unit::Millis,
            Some("us") => Unit::Micros,
            Some("ns") => Unit::Nanos,
            Some(other) => return Err(format!("`{other}` is not a unit; write s, ms, us or ns")),
            None => unit_of_name(path),
        };
        if words.next().is_some() {
            return Err("write a field and at most a unit, such as `latency ms`".to_string());
        }
        Ok(Field { path: path.split('.').map(str::to_string).collect(), unit })
    }
}

/// The unit that a field's own name tells.
fn unit_of_name(name: &str) -> Unit {
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if ends(&["_ms", "_millis", "Ms", "Millis"]) {
        Unit::Millis
    } else if ends(&["_us", "_micros", "Us", "Micros"]) {
        Unit::Micros
    } else if ends(&["_ns", "_nanos", "Ns", "Nanos"]) {
        Unit::Nanos
    } else {
        Unit::Seconds
    }
}

/// The usual names, the likeliest first.
const TIME: [&str; 8] =
    ["time", "timestamp", "@timestamp", "time_iso8601", "time_local", "msec", "ts", "start_time"];
const ELAPSED: [&str; 9] = [
    "request_time",
    "duration",
    "elapsed",
    "latency",
    "response_time",
    "duration_ms",
    "elapsed_ms",
    "latency_ms",
    "response_time_ms",
];
const STATUS: [&str; 4] = ["status", "status_code", "response_code", "http_status"];
const PATH: [&str; 6] = ["request_uri", "uri", "path", "url", "request", "target"];
const AGENT: [&str; 4] = ["user_agent", "http_user_agent", "agent", "userAgent"];

/// Reads one line.
pub(super) fn parse<'a>(
    line: &'a [u8],
    fields: &Fields,
    zone: &TimeZone,
) -> Result<Request<'a>, Flaw> {
    if line.first() != Some(&b'{') {
        return Err(Flaw::Shape);
    }
    let object: Map<String, Value> = serde_json::from_slice(line).map_err(|_| Flaw::Shape)?;
    let at = find(&object, &fields.time, &TIME).and_then(|(value, _)| moment(value, zone));
    let status = find(&object, &fields.status, &STATUS).and_then(|(value, _)| whole(value));
    let path = find(&object, &fields.path, &PATH).and_then(|(value, _)| text(value));
    let agent = find(&object, &fields.agent, &AGENT).and_then(|(value, _)| text(value));
    let elapsed = find(&object, &fields.elapsed, &ELAPSED);
    let named = fields.named.each_ref().map(|field| {
        let (value, _) = find(&object, field, &[])?;
        Some(Cow::Owned(text(value)?))
    });
    Ok(Request {
        at: at.ok_or(Flaw::Time)?,
        elapsed: elapsed.and_then(|(value, unit)| span(value, unit)),
        status: status.filter(|status| (100..1000).contains(status)).ok_or(Flaw::Status)?,
        target: Cow::Owned(path.map_or(Vec::new(), |path| {
            // A whole request line, as nginx's `$request` is.
            let line = path.contains(' ') || path.contains("://");
            let line = if path.contains(' ') || !line { path } else { format!("GET {path} -") };
            if line.contains(' ') { target(line.as_bytes()).to_vec() } else { line.into_bytes() }
        })),
        agent: agent.map(|agent| Cow::Owned(agent.into_bytes())),
        named,
    })
}

/// The value of a field: the named one, else the first of the usual ones that is there.
fn find<'v>(
    object: &'v Map<String, Value>,
    field: &Option<Field>,
    usual: &[&str],
) -> Option<(&'v Value, Unit)> {
    if let Some(field) = field {
        // A name with dots may be one key (`"http.status": 200`) or a way through objects.
        if let Some(value) = object.get(&field.path.join(".")) {
            return Some((value, field.unit));
        }
        let (first, inner) = field.path.split_first()?;
        let start = object.get(first)?;
        let value = inner.iter().try_fold(start, |value, name| value.get(name))?;
        return Some((value, field.unit));
    }
    let (name, value) = usual.iter().find_map(|name| Some((name, object.get(*name)?)))?;
    Some((value, unit_of_name(name)))
}

fn moment(value: &Value, zone: &TimeZone) -> Option<Moment> {
    match value {
        Value::Number(number) => Moment::epoch(number.as_f64()?),
        Value::String(text) => Moment::iso(text.as_bytes(), zone)
            .or_else(|| Moment::common(text.as_bytes()))
            .or_else(|| Moment::epoch(text.parse().ok()?)),
        _ => None,
    }
}

fn whole(value: &Value) -> Option<u16> {
    match value {
        Value::Number(number) => u16::try_from(number.as_u64()?).ok(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_string)
}

fn span(value: &Value, unit: Unit) -> Option<Span> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    let seconds = match unit {
        Unit::Seconds => number,
        Unit::Millis => number / 1e3,
        Unit::Micros => number / 1e6,
        Unit::Nanos => number / 1e9,
    };
    (seconds >= 0.0 && seconds.is_finite()).then(|| Span::from_seconds(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str, fields: &Fields) -> Result<Request<'static>, Flaw> {
        let request = parse(line.as_bytes(), fields, &TimeZone::UTC)?;
        let owned = |text: Cow<'_, [u8]>| Cow::Owned(text.into_owned());
        Ok(Request {
            target: owned(request.target),
            agent: request.agent.map(owned),
            named: request.named.map(|name| name.map(|name| Cow::Owned(name.into_owned()))),
            ..Request {
                at: request.at,
                elapsed: request.elapsed,
                status: request.status,
                target: Cow::Borrowed(b""),
                agent: None,
                named: [const { None }; 4],
            }
        })
    }

    #[test]
    fn the_usual_names_are_known() {
        let line = concat!(
            r#"{"time_local": "07/Nov/2018:17:00:00 -0500", "status": "200", "#,
            r#""request": "GET /claims HTTP/1.1", "request_time": "0.250", "#,
            r#""http_user_agent": "a \"b\""}"#,
        );
        let request = read(line, &Fields::default()).expect("a line");
        assert_eq!(request.at.rfc3339(), "2018-11-07T22:00:00Z");
        assert_eq!(request.elapsed, Some(Span::from_millis(250)));
        assert_eq!((request.status, &*request.target), (200, &b"/claims"[..]));
        assert_eq!(request.agent.as_deref(), Some(&b"a \"b\""[..]));
    }

    #[test]
    fn fields_are_found_where_the_mapping_says() {
        let field = |text: &str| Some(text.parse().expect("a field"));
        let fields = Fields {
            time: field("at"),
            elapsed: field("http.took us"),
            status: field("http.code"),
            path: field("http.url"),
            agent: None,
            named: [None, field("user.login"), None, None],
        };
        let line = r#"{"at": 1541628000.5, "user": {"login": "id.me"},
            "http": {"code": 502, "took": 1500000, "url": "https://www.example.org/claims"}}"#;
        let request = read(line, &fields).expect("a line");
        assert_eq!(request.at, Moment(1_541_628_000_500_000_000));
        assert_eq!(request.elapsed, Some(Span::from_millis(1500)));
        assert_eq!((request.status, &*request.target), (502, &b"/claims"[..]));
        assert_eq!(request.named[1].as_deref(), Some("id.me"));
        let flat = r#"{"at": 1541628000, "http.code": 200, "http.took": -1}"#;
        let request = read(flat, &fields).expect("a line");
        assert_eq!((request.status, request.elapsed), (200, None));
    }

    #[test]
    fn units_stand_behind_the_field_or_in_its_name() {
        let unit = |text: &str| text.parse::<Field>().map(|field| field.unit);
        assert_eq!(unit("took"), Ok(Unit::Seconds));
        assert_eq!(unit("took ms"), Ok(Unit::Millis));
        assert_eq!(unit("duration_us"), Ok(Unit::Micros));
        for wrong in ["", "took parsecs", "took ms ms"] {
            assert!(unit(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn broken_lines_say_what_is_wrong() {
        let cases = [
            ("[]", Flaw::Shape),
            (r#"{"time": "#, Flaw::Shape),
            (r#"{"status": 200}"#, Flaw::Time),
            (r#"{"time": true, "status": 200}"#, Flaw::Time),
            (r#"{"time": 1541628000, "status": 20000}"#, Flaw::Status),
            (r#"{"time": 1541628000}"#, Flaw::Status),
        ];
        for (line, flaw) in cases {
            assert_eq!(read(line, &Fields::default()), Err(flaw), "{line}");
        }
        let deep = format!("{{\"time\": {}", "[".repeat(10_000));
        assert_eq!(read(&deep, &Fields::default()), Err(Flaw::Shape));
    }
}
