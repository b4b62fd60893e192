//! People as written.

use crate::language::node::Node;
use crate::language::problem::Problems;
use crate::language::shape::Shape;
use crate::language::source::Place;
use crate::language::value::calendar::{Daily, Weekdays};
use crate::language::word::Spelling;
use crate::language::written::{Entries, FromNode, OneOrMany, Placed, unexpected, written};
use crate::units::{Ratio, Span, Spread};
use jiff::civil::Date;

written! {
    /// A person who is named.
    Named("a person, or \"?\"") {
        /// The full name, for the papers that are handed out: `Chris Johnston`. Default: what the
        /// scenario calls the person.
        optional name: Placed<String> = "name";
        /// The person's role.
        optional role: Placed<String> = "role";
        /// The person's roles, if there are several.
        optional roles: Vec<Placed<String>> = "roles";
        /// The hours of duty, by name. Default: always on duty.
        optional hours: OneOrMany<Placed<String>> = "hours";
        /// How this person answers, where it differs from the others.
        optional channels: Entries<WrittenChannel> = "channels";
    }

    /// Days and hours of duty.
    HoursRow("duty hours") {
        /// The first day.
        optional from: Placed<Date> = "from";
        /// The last day.
        optional to: Placed<Date> = "to";
        /// The days of the week: `mon-fri`, `sat`. Default: all.
        optional days: Weekdays = "days";
        /// `09:00-18:00 America/New_York`. Default: all day, in the scenario's time zone.
        optional daily: Daily = "daily";
    }

    /// How people are reached.
    WrittenChannel("a channel") {
        /// The chance that there is an answer at all.
        required answers: Ratio = "answers";
        /// How long an answer takes.
        required after: Spread = "after";
    }

    /// Who is tried after whom.
    WrittenEscalation("an escalation") {
        /// People, or roles for everybody who holds them, first to last.
        required people: OneOrMany<Placed<String>> = "try";
        /// Channels, first to last. Default: all of them.
        optional by: OneOrMany<Placed<String>> = "by";
        /// How long one person is tried on one channel. Default: 2m.
        optional each: Placed<Span> = "each";
        /// How many times the list is worked through. Default: 1.
        optional rounds: Placed<u32> = "rounds";
    }
}

/// A person, named or not.
#[derive(Debug, Clone, PartialEq)]
pub enum WrittenPerson {
    Named(Box<Named>),
    /// `"?"`: nobody is named yet.
    Unnamed(Place),
}

impl FromNode for WrittenPerson {
    fn kind() -> &'static str {
        Named::kind()
    }

    fn shape() -> Shape {
        let unnamed = Shape::Word(Spelling::OneOf(&["?"]), "\"?\": nobody is named yet");
        Shape::Either(vec![unnamed, Named::shape()])
    }

    fn read(node: &Node, problems: &mut Problems) -> Option<Self> {
        match node.text() {
            Some("?") => Some(WrittenPerson::Unnamed(node.place)),
            Some(_) => {
                let problem = unexpected(node, "a person such as {role: ops}, or \"?\"");
                problems.push(problem);
                None
            }
            None => Named::read(node, problems).map(|named| WrittenPerson::Named(Box::new(named))),
        }
    }

    fn keys() -> Vec<crate::language::shape::KeyDoc> {
        Named::keys()
    }
}
