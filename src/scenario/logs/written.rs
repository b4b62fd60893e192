//! How the site's logs are read, as written.

use crate::language::node::{Node, NodeKind};
use crate::language::problem::{Problems, quoted};
use crate::language::shape::{KeyDoc, Shape};
use crate::language::word::{ScalarValue, Spelling, ValueError};
use crate::language::written::{Entries, FromNode, OneOrMany, Placed, written};
use crate::logs::{ElapsedUnit, Field, Pattern};

written! {
    /// How access logs of the site are read.
    WrittenLogs("logs") {
        /// Paths and the endpoints they lead to: `"/v0/claims*": claims`. The most specific
        /// pattern counts; an endpoint without one matches the first part of a path.
        optional routes: Entries<Placed<String>> = "routes";
        /// User agents and their browsers, where the usual names do not work: `"*Trident*": ie11`.
        optional browsers: Entries<Placed<String>> = "browsers";
        /// Paths of maintenance pages.
        optional planned: OneOrMany<Pattern> = "planned";
        /// The format of the lines, if it cannot be detected: the name of a format (`sim
        /// baseline --help`), or nginx's log_format, Apache's LogFormat or a pattern of its own.
        optional format: Placed<String> = "format";
        /// Which fields say what; fields with the usual names are found automatically.
        optional fields: Fields = "fields";
        /// The zone of times that name none. Default: the scenario's.
        optional zone: Placed<String> = "zone";
        /// What is not a visitor and is left out: paths, addresses, user agents, `monitors` and
        /// `crawlers` in one list, or each kind under its own name: `{paths: [/healthz]}`.
        optional ignore: LeftOut = "ignore";
        /// Paths of requests that stay open as long as somebody listens; they have no response
        /// time. WebSockets are recognised automatically.
        optional streams: OneOrMany<Pattern> = "streams";
    }

    /// What is left out, by kind.
    LeftOutBy("what is left out") {
        /// User agents.
        optional agents: OneOrMany<Placed<String>> = "agents";
        /// Paths.
        optional paths: OneOrMany<Placed<String>> = "paths";
        /// Addresses and networks of clients: `10.0.0.7`, `10.0.0.0/8`.
        optional addresses: OneOrMany<Placed<String>> = "addresses";
        /// All known health checks and monitors.
        optional monitors: bool = "monitors";
        /// All known crawlers.
        optional crawlers: bool = "crawlers";
    }

    /// A field and its unit.
    FieldAndUnit("a field and its unit") {
        /// The name of the field, or the number of the word in the line.
        required field: Placed<String> = "field";
        /// The unit of the times in it: `s`, `ms`, `us` or `ns`.
        optional unit: ElapsedUnit = "unit";
    }

    /// Which fields of JSON lines, columns of tables or words of a line say what.
    Fields("fields of log lines") {
        /// When.
        optional time: LogField = "time";
        /// The day, where the time is in a field of its own.
        optional date: LogField = "date";
        /// How long it took, with its unit: `took ms`, or `{field: took, unit: ms}`.
        optional elapsed: Placed<LogField> = "elapsed";
        /// The HTTP status.
        optional status: LogField = "status";
        /// The path, or the whole request line.
        optional path: LogField = "path";
        /// The user agent.
        optional agent: LogField = "agent";
        /// The client's address.
        optional address: LogField = "address";
        /// The browser, by the scenario's own name.
        optional browser: LogField = "browser";
        /// The login.
        optional login: LogField = "login";
        /// The account.
        optional account: LogField = "account";
        /// The tool.
        optional tool: LogField = "tool";
    }
}

/// What is left out of logs.
#[derive(Debug, Clone, PartialEq)]
pub enum LeftOut {
    /// Whatever each of them is.
    Any(Vec<Placed<String>>),
    By(LeftOutBy),
}

impl FromNode for LeftOut {
    fn kind() -> &'static str {
        "a path, an address or a user agent"
    }

    fn shape() -> Shape {
        Shape::Either(vec![OneOrMany::<Placed<String>>::shape(), LeftOutBy::shape()])
    }

    fn read(node: &Node, problems: &mut Problems) -> Option<Self> {
        match node.kind {
            NodeKind::Map(_) => LeftOutBy::read(node, problems).map(LeftOut::By),
            _ => OneOrMany::read(node, problems).map(|OneOrMany(all)| LeftOut::Any(all)),
        }
    }

    fn keys() -> Vec<KeyDoc> {
        LeftOutBy::keys()
    }
}

/// A field, as `took ms` or as `{field: took, unit: ms}`.
#[derive(Debug, Clone, PartialEq)]
pub struct LogField(pub Field);

impl FromNode for LogField {
    fn kind() -> &'static str {
        Field::KIND
    }

    fn shape() -> Shape {
        Shape::Either(vec![<Field as FromNode>::shape(), FieldAndUnit::shape()])
    }

    fn read(node: &Node, problems: &mut Problems) -> Option<Self> {
        let NodeKind::Map(_) = node.kind else {
            return <Field as FromNode>::read(node, problems).map(LogField);
        };
        let FieldAndUnit { field, unit, .. } = FieldAndUnit::read(node, problems)?;
        let name = field?.value;
        let unit = unit.or_else(|| ElapsedUnit::of_name(&name));
        Some(LogField(Field { name, unit }))
    }

    fn keys() -> Vec<KeyDoc> {
        FieldAndUnit::keys()
    }
}

impl ScalarValue for ElapsedUnit {
    const KIND: &'static str = "a unit: `s`, `ms`, `us` or `ns`";
    const SPELLING: Spelling = Spelling::OneOf(&["s", "ms", "us", "ns"]);

    fn parse(text: &str) -> Result<Self, ValueError> {
        text.parse().map_err(|_| {
            ValueError::new(format!("{} is not a unit", quoted(text)), "write s, ms, us or ns")
        })
    }
}

impl ScalarValue for Pattern {
    const KIND: &'static str = "a pattern such as /v0/claims*";
    const SPELLING: Spelling = Spelling::Any;

    fn parse(text: &str) -> Result<Self, ValueError> {
        text.parse().map_err(|hint: String| {
            ValueError::new(format!("{} is not a pattern", quoted(text)), hint)
        })
    }
}

impl ScalarValue for Field {
    const KIND: &'static str = "a field such as http.status, or `took ms`";
    const SPELLING: Spelling = Spelling::Any;

    fn parse(text: &str) -> Result<Self, ValueError> {
        text.parse().map_err(|hint: String| {
            ValueError::new(format!("{} is not a field", quoted(text)), hint)
        })
    }
}
