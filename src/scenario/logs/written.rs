//! How the site's logs are read, as written.

use crate::language::problem::quoted;
use crate::language::word::{Spelling, ValueError, Word};
use crate::language::written::{Entries, OneOrMany, Placed, written};
use crate::logs::{Field, Pattern};

written! {
    /// How access logs of the site are read.
    Logs("logs") {
        /// Paths and the endpoints they lead to: `"/v0/claims*": claims`. The most particular
        /// pattern counts; an endpoint without one is the first part of a path.
        optional routes: Entries<Placed<String>> = "routes";
        /// User agents and their browsers, where the usual names do not do: `"*Trident*": ie11`.
        optional browsers: Entries<Placed<String>> = "browsers";
        /// Paths of maintenance pages.
        optional planned: OneOrMany<Pattern> = "planned";
        /// How lines are written, if looking at them does not tell: the word of a format (`sim
        /// baseline --help`), or nginx's log_format, Apache's LogFormat or a pattern of its own.
        optional format: Placed<String> = "format";
        /// Which fields say what; fields with the usual names are found without.
        optional fields: Fields = "fields";
        /// The zone of times that name none; the scenario's unless said.
        optional zone: Placed<String> = "zone";
        /// What is no visitor and is left out: paths, addresses, user agents, `monitors` and
        /// `crawlers`.
        optional ignore: OneOrMany<Placed<String>> = "ignore";
        /// Paths of requests that stay open as long as somebody listens; they have no response
        /// time. WebSockets are known without.
        optional streams: OneOrMany<Pattern> = "streams";
    }

    /// Which fields of JSON lines, columns of tables or words of a line say what.
    Fields("fields of log lines") {
        /// When.
        optional time: Field = "time";
        /// The day, where the time is in a field of its own.
        optional date: Field = "date";
        /// How long it took, with its unit: `took ms`.
        optional elapsed: Field = "elapsed";
        /// The HTTP status.
        optional status: Field = "status";
        /// The path, or the whole request line.
        optional path: Field = "path";
        /// The user agent.
        optional agent: Field = "agent";
        /// The client's address.
        optional address: Field = "address";
        /// The browser, by the scenario's own name.
        optional browser: Field = "browser";
        /// The login.
        optional login: Field = "login";
        /// The account.
        optional account: Field = "account";
        /// The tool.
        optional tool: Field = "tool";
    }
}

impl Word for Pattern {
    const KIND: &'static str = "a pattern such as /v0/claims*";
    const SPELLING: Spelling = Spelling::Any;

    fn parse(text: &str) -> Result<Self, ValueError> {
        text.parse().map_err(|hint: String| {
            ValueError::new(format!("{} is not a pattern", quoted(text)), hint)
        })
    }
}

impl Word for Field {
    const KIND: &'static str = "a field such as http.status, or `took ms`";
    const SPELLING: Spelling = Spelling::Any;

    fn parse(text: &str) -> Result<Self, ValueError> {
        text.parse().map_err(|hint: String| {
            ValueError::new(format!("{} is not a field", quoted(text)), hint)
        })
    }
}
