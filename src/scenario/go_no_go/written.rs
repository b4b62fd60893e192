//! Go/no-go criteria and the decision as written.

use crate::decision::MeasuredQuantity;
use crate::language::node::{Node, NodeKind};
use crate::language::problem::{Problems, quoted};
use crate::language::shape::Shape;
use crate::language::value::number::decimal;
use crate::language::value::when::DayOrMoment;
use crate::language::word::{ScalarValue, Spelling, ValueError};
use crate::language::written::{Entries, FromNode, OneOrMany, Placed, written};
use crate::names::Dimension;
use crate::units::{Ratio, Span};
use jiff::civil::Date;

written! {
    /// A criterion.
    WrittenCriterion("a criterion") {
        /// Its name.
        required criterion: Placed<String> = "criterion";
        /// A number that must be measured: `users >= 5000`.
        optional require: Placed<Requirement> = "require";
        /// Those who must say that it is met.
        optional attested: Attestations = "attested";
        /// A CSV file next to this one with counts of distinct users by category:
        /// `date,browser,login,account,tool,users`; an empty cell means all of them together. The
        /// latest date counts.
        optional from: Placed<String> = "from";
        /// Who answers for it before the launch; `"?"` where nobody does.
        optional owner: Placed<String> = "owner";
        /// By when it must be known: a day or a moment. Default: by the decision.
        optional due: DayOrMoment = "due";
        /// How long a statement about it holds, such as `48h`. Default: until the decision.
        optional holds: Span = "holds";
    }

    /// What somebody says about a criterion.
    Attestation("{says: met, at: 2018-11-06}, or \"?\"") {
        /// `met` or `failed`.
        required says: Placed<String> = "says";
        /// The date.
        optional at: String = "at";
    }

    /// The poll and the decision, filled in by hand.
    WrittenDecision("the decision") {
        /// Who was asked, and the answer: `go`, `no-go`, or `"?"`.
        optional poll: Entries<String> = "poll";
        /// `go`, `no-go`, or `"?"`.
        optional decided: Placed<String> = "decided";
        /// Who decided.
        optional by: String = "by";
        /// When.
        optional at: String = "at";
        /// When it is to be decided: a day or a moment. Default: when the scenario starts.
        optional due: DayOrMoment = "due";
    }
}

/// Those who must say that a criterion is met, and what they say (`None`: nothing yet).
#[derive(Debug, Clone, PartialEq)]
pub struct Attestations(pub Vec<(Placed<String>, Option<Attestation>)>);

impl FromNode for Attestations {
    fn kind() -> &'static str {
        "a list of those who must say so, or a mapping to what they say"
    }

    fn shape() -> Shape {
        let open = Shape::Word(Spelling::OneOf(&["?"]), "\"?\": nothing is said yet");
        let said = Shape::Either(vec![open, Attestation::shape()]);
        let names = OneOrMany::<Placed<String>>::shape();
        Shape::Either(vec![names, Shape::Entries(Box::new(said))])
    }

    fn read(node: &Node, problems: &mut Problems) -> Option<Self> {
        let NodeKind::Map(entries) = &node.kind else {
            let OneOrMany(names) = OneOrMany::read(node, problems)?;
            return Some(Attestations(names.into_iter().map(|name| (name, None)).collect()));
        };
        let read = |(key, node): &(crate::language::node::Key, Node)| {
            let name = Placed { value: key.text.clone(), place: key.place };
            let open = node.text() == Some("?");
            (name, if open { None } else { crate::language::written::value(node, problems) })
        };
        Some(Attestations(entries.iter().map(read).collect()))
    }

    fn keys() -> Vec<crate::language::shape::KeyDoc> {
        Attestation::keys()
    }
}

written! {
    /// Something that must be done before the launch.
    ChecklistItem("an item of the checklist") {
        /// What must be done: `conference line tested`.
        required item: Placed<String> = "item";
        /// Who does it; `"?"` where nobody does.
        optional owner: Placed<String> = "owner";
        /// The day by which it must be done.
        optional due: Placed<Date> = "due";
        /// `true`, or the day on which it was done. Default: `false`.
        optional done: Placed<Done> = "done";
    }
}

/// Whether something has been done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    No,
    Yes,
    /// On this day.
    On(Date),
}

impl ScalarValue for Done {
    const KIND: &'static str = "`true`, `false`, or the day on which it was done";

    fn parse(text: &str) -> Result<Self, ValueError> {
        match text {
            "true" => Ok(Done::Yes),
            "false" | "?" => Ok(Done::No),
            _ => Date::parse(text).map(Done::On).map_err(|_| {
                let message = format!("{} says neither whether nor when", quoted(text));
                ValueError::new(message, "write true, false, or a day: 2018-11-05")
            }),
        }
    }
}

/// What a criterion asks for: `users >= 5000`, `coverage >= 85% of browser, login`, `capacity
/// headroom >= 30%`.
#[derive(Debug, Clone, PartialEq)]
pub struct Requirement {
    pub measured: MeasuredQuantity,
    pub at_least: f64,
    pub text: String,
}

impl ScalarValue for Requirement {
    const KIND: &'static str = "`users >= 5000`, `coverage >= 85% of browser, login` or \
                                `capacity headroom >= 30%`";
    const SPELLING: Spelling = Spelling::Pattern("^(users|coverage|capacity headroom) *>=");

    fn parse(text: &str) -> Result<Self, ValueError> {
        let not = || ValueError::new(format!("{} cannot be measured", quoted(text)), Self::KIND);
        let (what, limit) = text.split_once(">=").ok_or_else(not)?;
        let (limit, text) = (limit.trim(), text.to_string());
        match what.trim() {
            "users" => {
                let at_least = decimal(limit, "a number of users")?;
                Ok(Requirement { measured: MeasuredQuantity::Users, at_least, text })
            }
            "coverage" => {
                let (share, of) = limit.split_once(" of ").ok_or_else(not)?;
                let at_least = Ratio::parse(share.trim())?.0;
                let dimensions: Result<Vec<_>, _> =
                    of.split(',').map(|word| Dimension::parse(word.trim())).collect();
                Ok(Requirement {
                    measured: MeasuredQuantity::Coverage(dimensions?),
                    at_least,
                    text,
                })
            }
            "capacity headroom" => {
                let at_least = Ratio::parse(limit)?.0;
                Ok(Requirement { measured: MeasuredQuantity::Headroom, at_least, text })
            }
            _ => Err(not()),
        }
    }
}
