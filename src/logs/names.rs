//! The names of fields: which field of an object, a table or a line of words means what.

use super::assemble::status;
use super::elapsed::{ElapsedUnit, elapsed, with_unit};
use super::notation;
use super::producers::{FieldSamples, Producer, plain, producer};
use super::role::{Field, Fields, Role};
use super::usual::USUAL;
use jiff::tz::TimeZone;

/// A name without the unit at its end.
fn unitless(name: &str) -> String {
    const UNITS: [&str; 17] = [
        "inseconds",
        "milliseconds",
        "microseconds",
        "nanoseconds",
        "seconds",
        "millis",
        "micros",
        "nanos",
        "msec",
        "usec",
        "nsec",
        "secs",
        "sec",
        "ms",
        "us",
        "ns",
        "s",
    ];
    // `latency_human` is the same in words: `69.1ms`.
    let words = ["_human", "Human", "_str", "_string", "_text", "_formatted"];
    let name = words.iter().find_map(|words| name.strip_suffix(words)).unwrap_or(name);
    let plain = plain(name);
    if ElapsedUnit::of_name(name).is_none() {
        return plain;
    }
    let unit = UNITS.iter().find(|unit| plain.ends_with(**unit));
    unit.map_or(plain.clone(), |unit| plain[..plain.len() - unit.len()].to_string())
}

/// What was found of the fields, and how the unit of the response time is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DetectedFields {
    pub fields: Fields,
    /// Who writes such lines, where their names tell.
    pub producer: Option<&'static str>,
    /// The field that may be the response time, but does not say in which unit.
    pub unclear: Option<String>,
    /// What was guessed and why, in sentences.
    pub guesses: Vec<String>,
}

/// Finds the fields by the given names, the producer's known shape and the usual names; a field
/// counts only if its values can be what it would say.
pub(super) fn find(columns: &[FieldSamples], given: &Fields, zone: &TimeZone) -> DetectedFields {
    let mut fields = given.clone();
    let (mut unclear, mut guesses) = (None, Vec::new());
    let producer = producer(columns);
    for (role, names) in &USUAL {
        if let Some(field) = given.get(*role) {
            if *role == Role::Elapsed && field.unit.is_none() {
                unclear = settle_unit(columns, field, producer, &mut fields);
            }
            continue;
        }
        if *role == Role::Date && !needs_date(columns, &fields) {
            continue;
        }
        let column = best(columns, *role, names, zone).or_else(|| {
            let column = likely(columns, *role, zone)?;
            guesses.extend(guess(*role, column));
            Some(column)
        });
        let Some(column) = column else { continue };
        let name = column.path.clone();
        let unit = ElapsedUnit::of_name(&name);
        let field = Field { name, unit };
        if *role == Role::Elapsed && unit.is_none() {
            unclear = settle_unit(columns, &field, producer, &mut fields);
        } else {
            fields.set(*role, field);
        }
    }
    if fields.get(Role::Elapsed).is_none() && unclear.is_none() {
        began(columns, &mut fields, zone);
    }
    DetectedFields { fields, producer: producer.map(|producer| producer.title), unclear, guesses }
}

/// A field whose name is not usual, but is like what it would be called, and whose values are
/// nothing else; the one nearest the top.
fn likely<'c>(
    columns: &'c [FieldSamples],
    role: Role,
    zone: &TimeZone,
) -> Option<&'c FieldSamples> {
    let parts: &[&str] = match role {
        Role::Time => &["time", "date", "stamp", "start", "logged", "received"],
        Role::Path => &["path", "uri", "url", "route", "target", "request", "resource", "page"],
        Role::Elapsed => &["duration", "elapsed", "latency", "took", "responsetime", "timetaken"],
        _ => return None,
    };
    let differ = |column: &FieldSamples| {
        let first = column.values.first();
        column.values.len() < 8 || column.values.iter().any(|value| Some(value) != first)
    };
    let fits_it = |column: &&FieldSamples| {
        let name = plain(&column.path);
        let text = |value: &Vec<u8>| value.starts_with(b"/") || value.starts_with(b"http");
        parts.iter().any(|part| name.contains(part))
            && fits(column, role, zone)
            && differ(column)
            && (role != Role::Path || column.values.iter().all(text))
    };
    let depth = |column: &&FieldSamples| column.path.matches('.').count();
    columns.iter().filter(fits_it).min_by_key(depth)
}

/// What is said of a field that was taken by what its name and its values are like.
fn guess(role: Role, column: &FieldSamples) -> Option<String> {
    let (name, example) = (&column.path, column.values.first()?);
    let example = String::from_utf8_lossy(example);
    let what = match role {
        Role::Time => "the time",
        Role::Path => "the path",
        // Its unit is asked for anyway.
        _ => return None,
    };
    let role = role.word();
    Some(format!(
        "`{name}` (`{example}`) is {what}: no field has a usual name for it; --field \
         {role}=FIELD changes that"
    ))
}

/// The field with the likeliest name whose values fit; of several, the one nearest the top.
fn best<'c>(
    columns: &'c [FieldSamples],
    role: Role,
    names: &[&str],
    zone: &TimeZone,
) -> Option<&'c FieldSamples> {
    let rank = |column: &FieldSamples| {
        let last = column.path.rsplit('.').next().unwrap_or("");
        let last = if role == Role::Elapsed { unitless(last) } else { plain(last) };
        let whole = plain(&column.path);
        let two: String = column
            .path
            .rsplit('.')
            .take(2)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .map(plain)
            .collect();
        let named =
            names.iter().position(|name| *name == last || *name == two || *name == whole)?;
        Some((named + 4 * column.path.matches('.').count(), named))
    };
    let ranked = columns.iter().filter_map(|column| Some((rank(column)?, column)));
    let fitting = ranked.filter(|(_, column)| fits(column, role, zone));
    let (rank, first) = fitting.clone().min_by_key(|(rank, _)| *rank)?;
    // The same in words (`latency_human`) says its unit.
    let same = |(other, column): &((usize, usize), &FieldSamples)| {
        role == Role::Elapsed && *other == rank && says_its_unit(column)
    };
    let in_words = fitting.clone().find(same).map(|(_, column)| column);
    Some(in_words.filter(|_| ElapsedUnit::of_name(&first.path).is_none()).unwrap_or(first))
}

/// Whether every value carries its own unit.
fn says_its_unit(column: &FieldSamples) -> bool {
    let mut values = column.values.iter().filter(|value| !value.is_empty() && *value != b"-");
    let first = values.next();
    first.is_some_and(|first| with_unit(first).is_some())
        && values.all(|value| with_unit(value).is_some())
}

/// Whether most values can be what the role says.
fn fits(column: &FieldSamples, role: Role, zone: &TimeZone) -> bool {
    let good = |value: &Vec<u8>| match role {
        Role::Time => notation::read(value, zone).is_some() || is_clock(value),
        Role::Date => !is_clock(value) && value.len() >= 8 && value.len() <= 11,
        Role::Status => status(value).is_ok(),
        Role::Elapsed => {
            value == b"-"
                || elapsed(value, Some(ElapsedUnit::Seconds)).is_some()
                || with_unit(value).is_some()
        }
        Role::Path => {
            !value.is_empty() && value.len() < 8_192 && !value.iter().all(u8::is_ascii_digit)
        }
        Role::Address => value.iter().all(|b| b.is_ascii_hexdigit() || b":.".contains(b)),
        _ => true,
    };
    let n = column.values.iter().filter(|value| good(value)).count();
    n > 0 && 2 * n >= column.values.len()
}

/// A time of day without its day: `22:00:02`.
fn is_clock(value: &[u8]) -> bool {
    value.len() >= 7
        && value.len() <= 15
        && value.iter().filter(|byte| **byte == b':').count() == 2
        && value.iter().all(|byte| byte.is_ascii_digit() || b":.,".contains(byte))
}

fn needs_date(columns: &[FieldSamples], fields: &Fields) -> bool {
    let time = fields.get(Role::Time).and_then(|field| column(columns, &field.name));
    time.is_some_and(|time| time.values.iter().all(|value| is_clock(value)))
}

pub(super) fn column<'c>(columns: &'c [FieldSamples], path: &str) -> Option<&'c FieldSamples> {
    columns.iter().find(|column| column.path == path)
}

/// When the request came, where lines say that beside when it was answered.
fn began(columns: &[FieldSamples], fields: &mut Fields, zone: &TimeZone) {
    const NAMES: [&str; 3] = ["edgestarttimestamp", "requestcreationtime", "requeststart"];
    if let Some(column) = best(columns, Role::Time, &NAMES, zone)
        && fields.get(Role::Time).is_some_and(|time| time.name != column.path)
    {
        fields.set(Role::Began, Field { name: column.path.clone(), unit: None });
    }
}

/// Puts the response time among the fields if its unit is known; else says that it is not.
fn settle_unit(
    columns: &[FieldSamples],
    field: &Field,
    producer: Option<&Producer>,
    fields: &mut Fields,
) -> Option<String> {
    let last = plain(field.name.rsplit('.').next().unwrap_or(""));
    let carried = column(columns, &field.name).is_some_and(says_its_unit);
    let by_producer = producer.filter(|producer| producer.elapsed.contains(&last.as_str()));
    let unit = match (by_producer, last.as_str()) {
        _ if carried => None,
        (Some(producer), _) => Some(producer.unit),
        // nginx's own variables, under their own names.
        (None, "requesttime" | "upstreamresponsetime") => Some(ElapsedUnit::Seconds),
        _ => return Some(field.name.clone()),
    };
    fields.set(Role::Elapsed, Field { unit, ..field.clone() });
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(pairs: &[(&str, &str)]) -> Vec<FieldSamples> {
        let column = |(path, value): &(&str, &str)| FieldSamples {
            path: path.to_string(),
            values: vec![value.as_bytes().to_vec()],
        };
        pairs.iter().map(column).collect()
    }

    fn names(pairs: &[(&str, &str)]) -> DetectedFields {
        find(&columns(pairs), &Fields::default(), &TimeZone::UTC)
    }

    #[test]
    fn a_bare_duration_has_no_unit() {
        let common = [("time", "2018-11-07T22:00:02Z"), ("status", "200"), ("path", "/a")];
        let bare = names(&[&common[..], &[("duration", "138")]].concat());
        assert_eq!(bare.unclear.as_deref(), Some("duration"));
        assert_eq!(bare.fields.get(Role::Elapsed), None);
        let unit = |name, value| {
            let found = names(&[&common[..], &[(name, value)]].concat());
            assert_eq!(found.unclear, None, "{name}");
            found.fields.get(Role::Elapsed).expect(name).unit
        };
        assert_eq!(unit("duration_ms", "138"), Some(ElapsedUnit::Millis));
        assert_eq!(unit("duration", "138ms"), None, "it carries its own");
        assert_eq!(unit("request_time", "0.138"), Some(ElapsedUnit::Seconds), "nginx's own name");
        assert_eq!(unit("turnAroundTimeMSec", "138"), Some(ElapsedUnit::Millis));
        assert_eq!(unit("Duration (ms)", "138"), Some(ElapsedUnit::Millis));
        let both = [("latency", "138000000"), ("latency_human", "138ms")];
        let found = names(&[&common[..], &both].concat());
        let elapsed = found.fields.get(Role::Elapsed).expect("one of them says its unit");
        assert_eq!((elapsed.name.as_str(), elapsed.unit), ("latency_human", None));
    }

    #[test]
    fn unusual_names_are_taken_by_what_they_are_like_and_said() {
        let found = names(&[
            ("loggedTimeUtc", "2018-11-07T22:00:02Z"),
            ("status", "200"),
            ("httpRequestPath2", "/a"),
            ("upstreamLatencyOfAll", "138"),
        ]);
        let name = |role| found.fields.get(role).map(|field| field.name.as_str());
        assert_eq!(name(Role::Time), Some("loggedTimeUtc"));
        assert_eq!(name(Role::Path), Some("httpRequestPath2"));
        assert_eq!(found.unclear.as_deref(), Some("upstreamLatencyOfAll"));
        assert_eq!(found.guesses.len(), 2, "{:?}", found.guesses);
    }

    #[test]
    fn producers_are_known_by_their_other_fields() {
        let istio = names(&[
            ("start_time", "2018-11-07T22:00:02Z"),
            ("response_code", "200"),
            ("response_flags", "-"),
            ("path", "/a"),
            ("duration", "138"),
        ]);
        assert_eq!(istio.producer, Some("Envoy or Istio"));
        let elapsed = istio.fields.get(Role::Elapsed).expect("known");
        assert_eq!(elapsed.unit, Some(ElapsedUnit::Millis));
    }

    #[test]
    fn names_count_without_regard_to_case_and_only_if_their_values_fit() {
        let found = names(&[
            ("requestTime", "07/Nov/2018:22:00:02 +0000"),
            ("httpRequest.Status", "200"),
            ("httpRequest.requestUrl", "https://www.example.org/a"),
            ("code", "abc"),
        ]);
        let name = |role| found.fields.get(role).map(|field| field.name.as_str());
        assert_eq!(name(Role::Time), Some("requestTime"));
        assert_eq!(name(Role::Status), Some("httpRequest.Status"));
        assert_eq!(name(Role::Path), Some("httpRequest.requestUrl"));
        assert_eq!(found.unclear, None);
    }

    #[test]
    fn a_day_and_a_time_of_day_belong_together() {
        let found = names(&[("date", "2018-11-07"), ("time", "22:00:02"), ("sc-status", "200")]);
        let name = |role| found.fields.get(role).map(|field| field.name.as_str());
        assert_eq!((name(Role::Date), name(Role::Time)), (Some("date"), Some("time")));
    }
}
