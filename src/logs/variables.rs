//! What servers call the parts of their log lines.

use super::elapsed::ElapsedUnit;
use super::role::Role;

/// What a variable means: its role and, for elapsed times, its unit.
pub(super) type Meaning = (Option<Role>, Option<ElapsedUnit>);

const NOTHING: Meaning = (None, None);

fn is(role: Role) -> Meaning {
    (Some(role), None)
}

fn took(unit: ElapsedUnit) -> Meaning {
    (Some(Role::Elapsed), Some(unit))
}

/// nginx's variables, and this program's own plain words (`$time`, `$elapsed_ms`).
pub(super) fn nginx(name: &str) -> Meaning {
    match name {
        "time_local" | "time_iso8601" | "msec" | "time" => is(Role::Time),
        "date" | "date_local" | "date_gmt" => is(Role::Date),
        "began" => is(Role::Began),
        "status" => is(Role::Status),
        "request" => is(Role::Request),
        "request_method" | "method" => is(Role::Method),
        "request_uri" | "uri" | "document_uri" | "path" => is(Role::Path),
        "args" | "query_string" | "query" => is(Role::Query),
        "http_user_agent" | "agent" => is(Role::Agent),
        "remote_addr" | "address" => is(Role::Address),
        "sent_http_content_type" | "type" => is(Role::Kind),
        "request_time" | "elapsed_s" => took(ElapsedUnit::Seconds),
        "elapsed_ms" => took(ElapsedUnit::Millis),
        "elapsed_us" => took(ElapsedUnit::Micros),
        "elapsed_ns" => took(ElapsedUnit::Nanos),
        "elapsed" => is(Role::Elapsed),
        "browser" => is(Role::Browser),
        "login" => is(Role::Login),
        "account" => is(Role::Account),
        "tool" => is(Role::Tool),
        _ => NOTHING,
    }
}

/// Apache's directives, those of Tomcat, Jetty and Varnish with them, and gunicorn's letters:
/// `%D`, `%{ms}T`, `%{User-Agent}i`.
pub(super) fn apache(letter: char, argument: &str) -> Meaning {
    match (letter, argument) {
        ('t', _) => is(Role::Time),
        ('s', _) => is(Role::Status),
        ('r', _) => is(Role::Request),
        ('m', _) => is(Role::Method),
        ('U', _) => is(Role::Path),
        ('q', _) => is(Role::Query),
        ('h' | 'a', _) => is(Role::Address),
        ('D', _) => took(ElapsedUnit::Micros),
        ('T', "ms") => took(ElapsedUnit::Millis),
        ('T', "us") => took(ElapsedUnit::Micros),
        ('T', _) => took(ElapsedUnit::Seconds),
        ('i', name) if name.eq_ignore_ascii_case("user-agent") => is(Role::Agent),
        ('o', name) if name.eq_ignore_ascii_case("content-type") => is(Role::Kind),
        _ => NOTHING,
    }
}

/// gunicorn's letters, where they are not Apache's.
pub(super) fn gunicorn(letter: &str) -> Meaning {
    match letter {
        "M" => took(ElapsedUnit::Millis),
        "L" | "T" => took(ElapsedUnit::Seconds),
        "a" => is(Role::Agent),
        "f" | "l" | "u" | "b" | "B" | "H" | "p" => NOTHING,
        _ => letter.chars().next().map_or(NOTHING, |letter| apache(letter, "")),
    }
}

/// HAProxy's variables: `%tr`, `%ST`, `%Ta`.
pub(super) fn haproxy(name: &str) -> Meaning {
    match name {
        "t" | "tr" | "trg" | "trl" | "T" | "Tl" | "Ts" => is(Role::Time),
        "ST" => is(Role::Status),
        "r" => is(Role::Request),
        "HM" => is(Role::Method),
        "HU" | "HP" | "HPO" => is(Role::Path),
        "HQ" => is(Role::Query),
        "ci" => is(Role::Address),
        "Ta" | "Tt" => took(ElapsedUnit::Millis),
        _ => NOTHING,
    }
}

/// Envoy's operators: `%START_TIME%`, `%REQ(USER-AGENT)%`.
pub(super) fn envoy(name: &str, argument: &str) -> Meaning {
    match (name, argument.to_ascii_uppercase().as_str()) {
        ("START_TIME", _) => is(Role::Time),
        ("RESPONSE_CODE", _) => is(Role::Status),
        ("DURATION", _) => took(ElapsedUnit::Millis),
        ("REQ", ":METHOD") => is(Role::Method),
        ("REQ", ":PATH" | "X-ENVOY-ORIGINAL-PATH?:PATH") => is(Role::Path),
        ("REQ", "USER-AGENT") => is(Role::Agent),
        ("RESP", "CONTENT-TYPE") => is(Role::Kind),
        ("DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT" | "DOWNSTREAM_REMOTE_ADDRESS", _) => {
            is(Role::Address)
        }
        _ => NOTHING,
    }
}

/// Variables that hold the time of the upstream alone: better than nothing, and said aloud.
pub(super) fn is_upstream_time(name: &str) -> bool {
    matches!(name, "upstream_response_time" | "upstream_header_time" | "urt" | "uht")
}
