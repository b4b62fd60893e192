//! JSON lines: the wanted fields of an object, and nothing else of it.

use super::elapsed::ElapsedUnit;
use super::producers::FieldSamples;
use super::role::{Fields, Role, Slots};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// How deep objects are searched for the names of their fields. A choice that bounds what a hostile
/// line costs; fields that lie deeper are not found.
const DEEPEST: usize = 6;
/// How many different fields are looked at. A choice that bounds memory and time: each value is
/// looked for among all fields that are known.
const MOST_COLUMNS: usize = 500;

/// The wanted fields, by the way that leads to them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Tree {
    key: String,
    wanted: Option<(Role, Option<ElapsedUnit>)>,
    inner: Vec<Tree>,
}

impl Tree {
    /// The ways to these fields.
    pub fn from_fields(fields: &Fields) -> Tree {
        let mut tree = Tree::default();
        for (role, field) in fields.iter() {
            let wanted = (*role, field.unit);
            // A name with dots may be one key (`"http.status": 200`) or a way through objects;
            // of a list, the first counts.
            let way: Vec<&str> = field.name.split('.').filter(|key| *key != "0").collect();
            tree.add(&[field.name.as_str()], wanted);
            tree.add(&way, wanted);
        }
        tree
    }

    fn add(&mut self, way: &[&str], wanted: (Role, Option<ElapsedUnit>)) {
        let Some((first, behind)) = way.split_first() else {
            self.wanted = Some(wanted);
            return;
        };
        let position = self.inner.iter().position(|inner| inner.key == *first);
        let position = position.unwrap_or_else(|| {
            self.inner.push(Tree { key: first.to_string(), ..Tree::default() });
            self.inner.len() - 1
        });
        self.inner[position].add(behind, wanted);
    }

    /// The fields of a line; `None` if it is not an object.
    pub fn slots<'a>(&self, line: &'a [u8]) -> Option<Slots<'a>> {
        if let Some(slots) = self.pick(line) {
            return Some(slots);
        }
        // What nginx writes without `escape=json`: `\x22` is no JSON, but no riddle either.
        let fixed = fixed(line)?;
        self.pick(&fixed).map(Slots::owned)
    }

    fn pick<'a>(&self, line: &'a [u8]) -> Option<Slots<'a>> {
        let mut slots = Slots::default();
        let mut reader = serde_json::Deserializer::from_slice(line);
        Picker { tree: self, slots: &mut slots }.deserialize(&mut reader).ok()?;
        reader.end().ok()?;
        Some(slots)
    }
}

/// Hexadecimal escapes as JSON has them; `None` without any.
fn fixed(line: &[u8]) -> Option<Vec<u8>> {
    memchr::memmem::find(line, b"\\x")?;
    let mut fixed = Vec::with_capacity(line.len() + 32);
    let mut rest = line;
    while let Some((first, behind)) = rest.split_first() {
        match (first, behind) {
            (b'\\', [b'x', a, b, ..]) if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => {
                fixed.extend_from_slice(&[b'\\', b'u', b'0', b'0', *a, *b]);
                rest = &behind[3..];
            }
            (b'\\', [escaped, ..]) => {
                fixed.extend_from_slice(&[b'\\', *escaped]);
                rest = &behind[1..];
            }
            _ => {
                fixed.push(*first);
                rest = behind;
            }
        }
    }
    Some(fixed)
}

struct Picker<'t, 's, 'a> {
    tree: &'t Tree,
    slots: &'s mut Slots<'a>,
}

impl<'a> DeserializeSeed<'a> for Picker<'_, '_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        if let (Some((role, unit)), true) = (self.tree.wanted, self.tree.inner.is_empty()) {
            let raw: &'a RawValue = serde::Deserialize::deserialize(deserializer)?;
            if let Some(value) = value(raw.get()) {
                self.slots.put(role, unit, value);
            }
            return Ok(());
        }
        deserializer.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Picker<'_, '_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Key(&self.tree.inner))? {
            match key {
                Some(tree) => {
                    map.next_value_seed(Picker { tree, slots: &mut *self.slots })?;
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut list: A) -> Result<(), A::Error> {
        let Picker { tree, slots } = self;
        list.next_element_seed(Picker { tree, slots })?;
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// A key of an object, as the way that goes on behind it.
struct Key<'t>(&'t [Tree]);

impl<'a, 't> DeserializeSeed<'a> for Key<'t> {
    type Value = Option<&'t Tree>;

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'t> Visitor<'_> for Key<'t> {
    type Value = Option<&'t Tree>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().find(|tree| tree.key == key))
    }
}

/// What a JSON value says: a text, a number, the first of a list, or the date in `{"$date": …}`.
fn value(raw: &str) -> Option<Cow<'_, [u8]>> {
    match raw.as_bytes() {
        [b'"', inside @ .., b'"'] if !inside.contains(&b'\\') => Some(Cow::Borrowed(inside)),
        [b'"', ..] => {
            let text: String = serde_json::from_str(raw).ok()?;
            Some(Cow::Owned(text.into_bytes()))
        }
        [b'[', ..] => {
            let list: Vec<&RawValue> = serde_json::from_str(raw).ok()?;
            value(list.first()?.get()).map(|value| Cow::Owned(value.into_owned()))
        }
        [b'{', ..] => {
            let object: serde_json::Map<String, Value> = serde_json::from_str(raw).ok()?;
            let inner = object.get("$date").or_else(|| object.get("$numberLong"))?;
            value(&inner.to_string()).map(|value| Cow::Owned(value.into_owned()))
        }
        b"null" | b"true" | b"false" => None,
        number => Some(Cow::Borrowed(number)),
    }
}

/// The object of a line.
pub(super) fn object(line: &[u8]) -> Option<serde_json::Map<String, Value>> {
    let read = |line: &[u8]| serde_json::from_slice(line).ok();
    read(line).or_else(|| read(&fixed(line)?))
}

/// The text of one field of a line.
pub(super) fn text_of(line: &[u8], key: &str) -> Option<Vec<u8>> {
    match object(line)?.get(key)? {
        Value::String(text) => Some(text.clone().into_bytes()),
        // journald writes what is not UTF-8 as a list of bytes.
        Value::Array(bytes) => bytes.iter().map(|byte| u8::try_from(byte.as_u64()?).ok()).collect(),
        _ => None,
    }
}

/// All fields of these lines, each with its values.
pub(super) fn columns(lines: &[&[u8]]) -> Vec<FieldSamples> {
    let mut columns = Vec::new();
    for line in lines {
        if let Some(object) = object(line) {
            flatten(&object, "", 0, &mut columns);
        }
    }
    columns
}

fn flatten(
    object: &serde_json::Map<String, Value>,
    before: &str,
    depth: usize,
    columns: &mut Vec<FieldSamples>,
) {
    for (key, inner) in object {
        let path = if before.is_empty() { key.clone() } else { format!("{before}.{key}") };
        let mut inner = inner;
        while let Value::Array(list) = inner {
            let Some(first) = list.first() else { break };
            inner = first;
        }
        if let Value::Object(object) = inner
            && !object.contains_key("$date")
        {
            if depth < DEEPEST {
                flatten(object, &path, depth + 1, columns);
            }
            continue;
        }
        let Some(value) = value(&inner.to_string()).map(Cow::into_owned) else { continue };
        let room = columns.len() < MOST_COLUMNS;
        match columns.iter_mut().find(|column| column.path == path) {
            Some(column) => column.values.push(value),
            None if room => {
                columns.push(FieldSamples { path, values: vec![value] });
            }
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(Role, &str)]) -> Fields {
        let mut fields = Fields::default();
        for (role, name) in pairs {
            fields.set(*role, name.parse().expect("a field"));
        }
        fields
    }

    #[test]
    fn fields_are_found_through_objects_lists_and_dotted_names() {
        let tree = Tree::from_fields(&fields(&[
            (Role::Status, "http.code"),
            (Role::Agent, "request.headers.User-Agent.0"),
            (Role::Time, "at"),
        ]));
        for line in [
            "{\"at\": {\"$date\": \"x\"}, \"http\": {\"code\": 502, \"x\": [1]}, \"request\": \
             {\"headers\": {\"User-Agent\": [\"a \\\"b\\\"\", \"c\"]}}}",
            "{\"http.code\": \"502\", \"at\": \"x\", \"request\": [{\"headers\": {\"User-Agent\": \
             \"a \\\"b\\\"\"}}]}",
        ] {
            let slots = tree.slots(line.as_bytes()).expect(line);
            assert_eq!(slots.get(Role::Status), Some(&b"502"[..]), "{line}");
            assert_eq!(slots.get(Role::Agent), Some(&br#"a "b""#[..]), "{line}");
            assert_eq!(slots.get(Role::Time), Some(&b"x"[..]), "{line}");
        }
    }

    #[test]
    fn what_nginx_escapes_in_its_own_way_is_read() {
        let tree = Tree::from_fields(&fields(&[(Role::Path, "uri")]));
        let slots = tree.slots(br#"{"uri":"/a\x22\\x"}"#).expect("fixed");
        assert_eq!(slots.get(Role::Path), Some(&br#"/a"\x"#[..]));
    }

    #[test]
    fn what_is_no_object_gives_nothing() {
        let tree = Tree::from_fields(&fields(&[(Role::Status, "status.deep")]));
        let deep = format!("{{\"status\": {}", "[".repeat(10_000));
        for line in ["", "{", r#"{"status": "#, deep.as_str()] {
            assert!(tree.slots(line.as_bytes()).is_none());
            assert!(columns(&[line.as_bytes()]).is_empty());
        }
        let slots = tree.slots(br#"{"status": 1}"#).expect("an object");
        assert_eq!(slots.get(Role::Status), None);
    }
}
