//! How the site's logs are read, as written.

use crate::language::problem::quoted;
use crate::language::word::{Complaint, Spelling, Word};
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
        /// The fields of JSON lines.
        optional fields: Fields = "fields";
    }

    /// Where JSON lines say what; fields with the usual names are found without.
    Fields("fields of JSON lines") {
        /// When.
        optional time: Field = "time";
        /// How long it took, with a unit if that is not seconds: `took ms`.
        optional elapsed: Field = "elapsed";
        /// The HTTP status.
        optional status: Field = "status";
        /// The path, or the whole request line.
        optional path: Field = "path";
        /// The user agent.
        optional agent: Field = "agent";
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

    fn parse(text: &str) -> Result<Self, Complaint> {
        text.parse()
            .map_err(|hint: String| Complaint::new(format!("{} is no pattern", quoted(text)), hint))
    }
}

impl Word for Field {
    const KIND: &'static str = "a field such as http.status, or `took ms`";
    const SPELLING: Spelling = Spelling::Any;

    fn parse(text: &str) -> Result<Self, Complaint> {
        text.parse()
            .map_err(|hint: String| Complaint::new(format!("{} is no field", quoted(text)), hint))
    }
}
