//! The change-time table, launch steps and freezes as written.

use crate::change::BatchSize;
use crate::language::node::{Key, Node, NodeKind};
use crate::language::problem::Problems;
use crate::language::shape::{MappingShape, Shape};
use crate::language::value::calendar::MomentSpec;
use crate::language::word::{ScalarValue, Spelling, ValueError};
use crate::language::written::{Entries, FromNode, OneOrMany, Placed, written};
use crate::scenario::site::written::Path;
use crate::units::{Rate, Ratio, Spread};

written! {
    /// A row of the change-time table.
    Row("a change, or the time it takes") {
        /// From start to done: `3m`, `~45m`, `<5m`, `1m..4m`.
        required takes: Placed<Timing> = "takes";
        /// From done to live.
        optional rollout: Spread = "rollout";
        /// From done to live, reaching more and more of the site: what it cures fades, and
        /// what it brings grows.
        optional rolls: Placed<Spread> = "rolls";
        /// Another word for `rollout`.
        optional propagate: Spread = "propagate";
        /// The chance that it fails. Default: 0%.
        optional fails: Ratio = "fails";
        /// The pipeline, on which one change runs at a time.
        optional pipeline: Placed<String> = "pipeline";
        /// `503`: it puts up a maintenance page.
        optional serves: Placed<u32> = "serves";
        /// It puts up a waiting room: this many visits may begin (`50/s`, `600/m`), the others are
        /// held back until it is their turn, or leave.
        optional admits: Placed<Rate> = "admits";
        /// How long somebody who is held back waits before leaving. Default: as long as for a
        /// reply.
        optional waits: Placed<Spread> = "waits";
        /// The changes that it undoes.
        optional ends: OneOrMany<Placed<String>> = "ends";
        /// Instances that it adds, by tier.
        optional add: Entries<Placed<u32>> = "add";
        /// Instances that are out of service while it `rolls`, batch by batch, by tier: `2`, or
        /// `25%` (in whole instances, at least one). They finish what they have.
        optional takes_out: Entries<Placed<BatchSize>> = "takes_out";
        /// Endpoints that it routes along another path.
        optional route: Entries<Placed<Path>> = "route";
    }

    /// A period in which changes may not be made.
    WrittenFreeze("a freeze") {
        /// When it begins.
        required from: Placed<MomentSpec> = "from";
        /// When it ends.
        required to: Placed<MomentSpec> = "to";
        /// The changes that may not be made. Default: all changes.
        optional changes: OneOrMany<Placed<String>> = "changes";
        /// Plays that may make them anyway.
        optional except: OneOrMany<Placed<String>> = "except";
        /// The role that is told.
        optional tell: Placed<String> = "tell";
    }
}

/// A cell of the change-time table: the time, and its text; `"?"` is a cell nobody filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Timing {
    pub spread: Option<Spread>,
    pub paper: String,
}

impl FromNode for Timing {
    fn kind() -> &'static str {
        Spread::kind()
    }

    fn shape() -> Shape {
        let open = Shape::Word(Spelling::OneOf(&["?"]), "\"?\": nobody knows");
        Shape::Either(vec![open, Spread::shape()])
    }

    fn read(node: &Node, problems: &mut Problems) -> Option<Self> {
        if node.text() == Some("?") {
            return Some(Timing { spread: None, paper: "?".to_string() });
        }
        let spread = Spread::read(node, problems)?;
        let paper = node.text().map_or_else(|| spread.to_string(), str::to_string);
        Some(Timing { spread: Some(spread), paper })
    }
}

impl ScalarValue for BatchSize {
    const KIND: &'static str = "a whole number, or a percentage such as 25%";
    const SPELLING: Spelling = Spelling::Pattern("^[0-9]+([.][0-9]+)? ?%?$");

    fn parse(text: &str) -> Result<Self, ValueError> {
        match text.ends_with('%') {
            true => Ratio::parse(text).map(BatchSize::Share),
            false => u32::parse(text).map(BatchSize::Count),
        }
    }
}

/// A row of the change-time table: its time alone, or with more.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenChange(pub Row);

impl FromNode for WrittenChange {
    fn kind() -> &'static str {
        Row::kind()
    }

    fn shape() -> Shape {
        let row = match Row::shape() {
            Shape::Keys(row) => Shape::Keys(MappingShape { alone: Some("takes"), ..row }),
            other => other,
        };
        Shape::Either(vec![Timing::shape(), row])
    }

    fn read(node: &Node, problems: &mut Problems) -> Option<Self> {
        let mixture = |(key, _): &(Key, Node)| key.text.ends_with('%');
        let spread = ["median", "p99", "exponential"].iter().any(|key| node.get(key).is_some())
            || node.entries().is_some_and(|entries| entries.iter().any(mixture));
        if !spread && let NodeKind::Map(_) = node.kind {
            return Row::read(node, problems).map(WrittenChange);
        }
        let takes = Placed::<Timing>::read(node, problems);
        takes.map(|takes| WrittenChange(Row::taking(takes)))
    }

    fn keys() -> Vec<crate::language::shape::KeyDoc> {
        Row::keys()
    }
}

impl Row {
    /// A change of which only the time is known.
    fn taking(takes: Placed<Timing>) -> Row {
        Row {
            place: takes.place,
            written: Vec::new(),
            takes: Some(takes),
            rollout: None,
            rolls: None,
            propagate: None,
            fails: None,
            pipeline: None,
            serves: None,
            admits: None,
            waits: None,
            ends: None,
            add: None,
            takes_out: None,
            route: None,
        }
    }
}
