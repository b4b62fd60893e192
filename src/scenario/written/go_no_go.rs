//! Go/no-go criteria and the decision as written.

use crate::language::node::{Kind, Node};
use crate::language::problem::Problems;
use crate::language::shape::Shape;
use crate::language::word::Spelling;
use crate::language::written::{Entries, OneOrMany, Placed, Written, written};
use crate::scenario::value::words::Requirement;

written! {
    /// A criterion.
    Criterion("a criterion") {
        /// Its name.
        required criterion: Placed<String> = "criterion";
        /// A number that must be measured: `users >= 5000`.
        optional require: Placed<Requirement> = "require";
        /// Those who must say that it is met.
        optional attested: Attestations = "attested";
        /// A CSV file beside this one with counts of distinct users by category:
        /// `date,browser,login,account,tool,users`, an empty cell for all of them together. The
        /// latest date counts.
        optional from: Placed<String> = "from";
    }

    /// What somebody says of a criterion.
    Attestation("{says: met, at: 2018-11-06}, or \"?\"") {
        /// `met` or `failed`.
        required says: Placed<String> = "says";
        /// The date.
        optional at: String = "at";
    }

    /// The poll and the decision, filled in by hand.
    Decision("the decision") {
        /// Who was asked, and the answer: `go`, `no-go`, or `"?"`.
        optional poll: Entries<String> = "poll";
        /// `go`, `no-go`, or `"?"`.
        optional decided: Placed<String> = "decided";
        /// Who decided.
        optional by: String = "by";
        /// When.
        optional at: String = "at";
    }
}

/// Those who must say that a criterion is met, and what they say (`None`: nothing yet).
#[derive(Debug, Clone, PartialEq)]
pub struct Attestations(pub Vec<(Placed<String>, Option<Attestation>)>);

impl Written for Attestations {
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
        let Kind::Map(entries) = &node.kind else {
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
