//! What a field of a line says.

use super::elapsed::ElapsedUnit;
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// What a field of a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// When, in full.
    Time,
    /// The day alone; the time of day is in another field.
    Date,
    /// When the request came, where `Time` says when it was answered.
    Began,
    /// The HTTP status sent to the client.
    Status,
    /// The request line: method, target, protocol.
    Request,
    /// The method alone.
    Method,
    /// The path, with or without query, scheme and host.
    Path,
    /// The query alone.
    Query,
    /// The user agent.
    Agent,
    /// The address of the client.
    Address,
    /// The content type of the answer.
    Kind,
    /// How long the request took, or a part of it where there are several.
    Elapsed,
    /// The browser, by the scenario's own name.
    Browser,
    /// The login.
    Login,
    /// The account.
    Account,
    /// The tool.
    Tool,
}

impl Role {
    /// All roles.
    pub const ALL: [Role; 16] = [
        Role::Time,
        Role::Date,
        Role::Began,
        Role::Status,
        Role::Request,
        Role::Method,
        Role::Path,
        Role::Query,
        Role::Agent,
        Role::Address,
        Role::Kind,
        Role::Elapsed,
        Role::Browser,
        Role::Login,
        Role::Account,
        Role::Tool,
    ];

    /// The word in `--field` and in `logs: {fields: …}`.
    pub fn word(self) -> &'static str {
        match self {
            Role::Time => "time",
            Role::Date => "date",
            Role::Began => "began",
            Role::Status => "status",
            Role::Request => "request",
            Role::Method => "method",
            Role::Path => "path",
            Role::Query => "query",
            Role::Agent => "agent",
            Role::Address => "address",
            Role::Kind => "type",
            Role::Elapsed => "elapsed",
            Role::Browser => "browser",
            Role::Login => "login",
            Role::Account => "account",
            Role::Tool => "tool",
        }
    }

    /// The role of a word.
    pub fn of_word(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// The place of a value as somebody has named it: names from the outermost object inwards
/// (`http.latency ms`), a column, or the number of a word in a line of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// `http.latency`, or `11` for the eleventh word.
    pub name: String,
    /// The unit, if it is said or told by the name.
    pub unit: Option<ElapsedUnit>,
}

impl Field {
    /// What is wrong with it as the field of a response time: its last word is not a unit, though
    /// names with blanks need one behind them.
    pub fn unit_problem(&self) -> Option<String> {
        let (_, last) = self.name.rsplit_once(char::is_whitespace)?;
        let said = self.unit.is_some();
        (!said).then(|| last.parse::<ElapsedUnit>().err().unwrap_or_default())
    }
}

impl fmt::Display for Field {
    /// As it is read: `http.latency ms`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.unit.map_or(Ok(()), |unit| write!(f, " {unit}"))
    }
}

impl FromStr for Field {
    type Err = String;

    fn from_str(text: &str) -> Result<Field, String> {
        let text = text.trim();
        if text.is_empty() {
            return Err("name a field, such as http.status".to_string());
        }
        let (name, unit) = match text.rsplit_once(char::is_whitespace) {
            None => (text, None),
            Some((name, unit)) => match unit.parse::<ElapsedUnit>() {
                Ok(unit) => (name.trim_end(), Some(unit)),
                // The name of a column may have blanks; the number of a word has none.
                Err(why) if name == "last" || name.parse::<i64>().is_ok() => return Err(why),
                Err(_) => (text, None),
            },
        };
        let name = name.to_string();
        Ok(Field { unit: unit.or_else(|| ElapsedUnit::of_name(&name)), name })
    }
}

/// Which fields somebody has named; for the others the usual names are tried.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields(Vec<(Role, Field)>);

impl Fields {
    /// Names a field, in place of an earlier one of the same role.
    pub fn set(&mut self, role: Role, field: Field) {
        self.0.retain(|(known, _)| *known != role);
        self.0.push((role, field));
    }

    /// The field of a role.
    pub fn get(&self, role: Role) -> Option<&Field> {
        self.0.iter().find(|(known, _)| *known == role).map(|(_, field)| field)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &(Role, Field)> {
        self.0.iter()
    }

    /// Whether none is named.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Which of browser, login, account and tool are named.
    pub fn named(&self) -> [bool; 4] {
        NAMED.map(|role| self.get(role).is_some())
    }
}

/// The roles of the four dimensions, in their order.
pub(super) const NAMED: [Role; 4] = [Role::Browser, Role::Login, Role::Account, Role::Tool];

/// How many parts of an elapsed time are added up (an AWS load balancer writes three).
const PARTS: usize = 3;

/// What is at a place in a line, and its unit where that is said.
type FieldMeaning<'a> = (Cow<'a, [u8]>, Option<ElapsedUnit>);

/// What was found in one line, before it is understood.
#[derive(Debug, Default)]
pub(super) struct Slots<'a> {
    values: [Option<Cow<'a, [u8]>>; Role::ALL.len()],
    parts: [Option<FieldMeaning<'a>>; PARTS],
}

impl<'a> Slots<'a> {
    /// Puts a value into its place; of several, the first counts (but for parts of a time).
    #[inline]
    pub fn put(&mut self, role: Role, unit: Option<ElapsedUnit>, value: Cow<'a, [u8]>) {
        if role == Role::Elapsed {
            if let Some(part) = self.parts.iter_mut().find(|part| part.is_none()) {
                *part = Some((value, unit));
            }
        } else if self.values[role as usize].is_none() {
            self.values[role as usize] = Some(value);
        }
    }

    /// A value.
    #[inline]
    pub fn get(&self, role: Role) -> Option<&[u8]> {
        self.values[role as usize].as_deref()
    }

    /// A value, taken out.
    #[inline]
    pub fn take(&mut self, role: Role) -> Option<Cow<'a, [u8]>> {
        self.values[role as usize].take()
    }

    /// The same, free of the line.
    pub fn owned(self) -> Slots<'static> {
        let own = |value: Cow<'_, [u8]>| Cow::Owned(value.into_owned());
        Slots {
            values: self.values.map(|value| value.map(own)),
            parts: self.parts.map(|part| part.map(|(value, unit)| (own(value), unit))),
        }
    }

    /// The parts of the elapsed time.
    pub fn parts(&self) -> impl Iterator<Item = (&[u8], Option<ElapsedUnit>)> {
        self.parts.iter().flatten().map(|(value, unit)| (&**value, *unit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_stand_behind_the_field_or_in_its_name() {
        let unit = |text: &str| text.parse::<Field>().map(|field| field.unit);
        assert_eq!(unit("took"), Ok(None), "not guessed");
        assert_eq!(unit("took ms"), Ok(Some(ElapsedUnit::Millis)));
        assert_eq!(unit("duration_us"), Ok(Some(ElapsedUnit::Micros)));
        let column = "Response Time ms".parse::<Field>().expect("a column");
        assert_eq!(
            (column.name.as_str(), column.unit),
            ("Response Time", Some(ElapsedUnit::Millis))
        );
        assert_eq!("Duration (ms)".parse::<Field>().expect("a column").name, "Duration (ms)");
        let no_unit = "took parsecs".parse::<Field>().expect("perhaps a column");
        assert!(no_unit.unit_problem().is_some_and(|why| why.contains("parsecs")));
        assert_eq!(column.unit_problem(), None);
        for wrong in ["", " ", "11 parsecs", "last parsecs"] {
            assert!(unit(wrong).is_err(), "{wrong}");
        }
        Role::ALL.iter().for_each(|role| assert_eq!(Role::of_word(role.word()), Some(*role)));
    }
}
