//! Plays as written.

use crate::language::node::{Key, Node, NodeKind};
use crate::language::problem::{Problem, Problems, nearest, quoted};
use crate::language::shape::{KeyDoc, Shape};
use crate::language::source::Place;
use crate::language::word::Spelling;
use crate::language::written::{FromNode, OneOrMany, Placed, written};
use crate::units::{Ratio, Span, Spread};

written! {
    /// What is done when rules fire.
    WrittenPlay("a play") {
        /// The rules that open it, `{lasts: change, for: 45m}`, `{failed: play}`,
        /// `{stalled: play}`, `{refused: play}` or `{noticed: support}`.
        optional when: OneOrMany<WrittenTrigger> = "when";
        /// What is done, in order.
        required steps: Vec<WrittenStep> = "steps";
        /// Within this time of its change being in effect, every rule must resolve.
        optional confirm: Placed<Span> = "confirm";
        /// Another word for `confirm`.
        optional verify: Placed<Span> = "verify";
        /// The play that opens when this one has nothing left to try.
        optional otherwise: Placed<String> = "otherwise";
    }

    /// A state that opens a play.
    State("a rule, {lasts: change, for: 45m}, {failed: play}, {stalled: play}, {refused: play} \
           or {noticed: support}") {
        /// The effect of this change has lasted.
        optional lasts: Placed<String> = "lasts";
        /// For this long.
        optional time: Placed<Span> = "for";
        /// `running`: the play opens even while another one is running, and replaces it. Default:
        /// it opens once the other has nothing left to do.
        optional even: Placed<String> = "even";
        /// This play has nothing left to try.
        optional failed: Placed<String> = "failed";
        /// Nobody answers this play, or nobody is on duty.
        optional stalled: Placed<String> = "stalled";
        /// This play was answered with a no.
        optional refused: Placed<String> = "refused";
        /// People noticed a fault by themselves: the source in a fault's `noticed`, or `anyone`.
        optional noticed: Placed<String> = "noticed";
    }

    /// A step: one verb, and the keys that belong to it.
    StepKeys("a step") {
        /// The escalation that is worked through until somebody answers.
        optional page: Placed<String> = "page";
        /// How long it takes the responder to declare an incident.
        optional declare: Spread = "declare";
        /// How long it takes the responder to choose a change.
        optional diagnose: Spread = "diagnose";
        /// How long the next diagnosis takes, after a change that did not help. Default: as long as
        /// the first.
        optional again: Spread = "again";
        /// Another word for `diagnose`.
        optional triage: Spread = "triage";
        /// The changes the responder chooses from, with shares.
        optional among: crate::scenario::traffic::written::Shares = "among";
        /// Who is asked for approval: the holders of a role in turn, or people with their times:
        /// `[chris 10m, rachael 10m]`.
        optional ask: OneOrMany<Placed<String>> = "ask";
        /// The channels used to ask. Default: all of them. For `work`: the role or
        /// person that does it. Default: the responder.
        optional by: OneOrMany<Placed<String>> = "by";
        /// How long each person is tried on each channel.
        optional each: Placed<Span> = "each";
        /// How many times everybody is tried. Default: 1.
        optional rounds: Placed<u32> = "rounds";
        /// How long in all; a list of names shares it evenly. For one role without `each` and
        /// `rounds`: how long each holder is tried. Split evenly over channels. Default: 10m.
        optional within: Placed<Span> = "within";
        /// How long somebody who has answered takes to say yes or no. Default: no time. For
        /// `tell`: how long the message takes to write. For `work`: how long it takes.
        optional takes: Spread = "takes";
        /// The chance of a yes. Default: 100%. Short for `answers` with a yes and a no.
        optional agrees: Ratio = "agrees";
        /// The answers, in shares that add up to 100%: `yes`, `no`, `not yet` (asked again after
        /// 5m, or `not yet 10m`), `yes if not better in 10m`, `no instead CHANGE`, or
        /// `PERSON decides`. `pause` is another word for `not yet`, `pivot CHANGE` for `no instead
        /// CHANGE`, and `continue` (the launch goes on as it is) for `no`.
        optional answers: crate::scenario::traffic::written::Shares = "answers";
        /// Who has approved it in advance, so that nobody is asked: `chris`, or
        /// `{by: chris, given: 5 November, changes: [backend-revert]}`.
        optional approved: WrittenApproval = "approved";
        /// What happens when nobody has answered: `next`, a play, `hold 5m` to ask again, or
        /// `stop`. Default: nothing until somebody answers.
        optional silent: Placed<String> = "silent";
        /// What happens after a no: `stop` (the default), `next`, a play, or `hold 5m` to retry.
        optional refused: Placed<String> = "refused";
        /// The role or person that is told, or that tells if there is a `to`; or `everyone`.
        optional tell: Placed<String> = "tell";
        /// Who is told.
        optional to: Placed<String> = "to";
        /// Repeated this often until the incident ends.
        optional every: Placed<Span> = "every";
        /// What is said. Default: the status of the incident.
        optional note: String = "note";
        /// The template that is filled in and sent.
        optional template: Placed<String> = "template";
        /// Other work, in words, that takes time; nobody is asked first.
        optional work: Placed<String> = "work";
        /// Lists of work and messages that are done in parallel: `[[{work: …}, {tell: …}], […]]`.
        optional together: Placed<Vec<Vec<Part>>> = "together";
        /// Waits until every rule of the incident has resolved, at most this long: the next steps
        /// follow once the change before it is seen to help, else the play has failed. Behind a
        /// maintenance page only rules with a `probe` can tell.
        optional confirm: Placed<Span> = "confirm";
        /// The change that is made, or `chosen` for the one that `diagnose` chose.
        optional change: Placed<String> = "change";
    }
}

written! {
    /// A part of what is done in parallel.
    Part("`{work: write the report, by: comms, takes: 3m..8m}` or a message") {
        /// What is done, in words.
        optional work: Placed<String> = "work";
        /// The role or person that does it. Default: the responder.
        optional by: OneOrMany<Placed<String>> = "by";
        /// How long it takes.
        optional takes: Spread = "takes";
        /// The role or person that is told, or that tells if there is a `to`; or `everyone`.
        optional tell: Placed<String> = "tell";
        /// Who is told.
        optional to: Placed<String> = "to";
        /// What is said. Default: the status of the incident.
        optional note: String = "note";
        /// The template that is filled in and sent.
        optional template: Placed<String> = "template";
    }
}

written! {
    /// An approval given in advance.
    ApprovalKeys("an approval such as `chris` or {by: chris, given: 5 November}") {
        /// Who gave it: somebody whom the step would ask.
        required by: Placed<String> = "by";
        /// When and how, in words.
        optional given: String = "given";
        /// The changes it covers. Default: whichever the play makes.
        optional changes: OneOrMany<Placed<String>> = "changes";
    }
}

/// A yes that was given before the day; a name alone is for whichever change the play makes.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenApproval(pub ApprovalKeys);

impl FromNode for WrittenApproval {
    fn kind() -> &'static str {
        ApprovalKeys::kind()
    }

    fn shape() -> Shape {
        Shape::Either(vec![String::shape(), ApprovalKeys::shape()])
    }

    fn read(node: &Node, problems: &mut Problems) -> Option<Self> {
        let keys = match &node.kind {
            NodeKind::Scalar(_) => {
                let key = Key { place: node.place, text: "by".to_string() };
                &Node { place: node.place, kind: NodeKind::Map(vec![(key, node.clone())]) }
            }
            _ => node,
        };
        ApprovalKeys::read(keys, problems).map(WrittenApproval)
    }

    fn keys() -> Vec<KeyDoc> {
        ApprovalKeys::keys()
    }
}

/// What opens a play.
#[derive(Debug, Clone, PartialEq)]
// There are a handful of them in a scenario.
#[allow(clippy::large_enum_variant)]
pub enum WrittenTrigger {
    Rule(Placed<String>),
    State(State),
}

impl FromNode for WrittenTrigger {
    fn kind() -> &'static str {
        State::kind()
    }

    fn shape() -> Shape {
        Shape::Either(vec![String::shape(), State::shape()])
    }

    fn read(node: &Node, problems: &mut Problems) -> Option<Self> {
        match &node.kind {
            NodeKind::Scalar(_) => Placed::read(node, problems).map(WrittenTrigger::Rule),
            _ => State::read(node, problems).map(WrittenTrigger::State),
        }
    }

    fn keys() -> Vec<KeyDoc> {
        State::keys()
    }
}

/// A step; its verb alone may be written as words.
#[derive(Debug, Clone, PartialEq)]
pub struct WrittenStep(pub StepKeys);

impl FromNode for WrittenStep {
    fn kind() -> &'static str {
        "a step such as `page ops` or {tell: comms}"
    }

    fn shape() -> Shape {
        let words = Spelling::Pattern("^(page|declare|diagnose|triage|ask|tell|confirm|change) ");
        Shape::Either(vec![Shape::Word(words, "a step such as `page ops`"), StepKeys::shape()])
    }

    fn read(node: &Node, problems: &mut Problems) -> Option<Self> {
        if let Some(problem) = node.text().and_then(|text| without_verb(text, node.place)) {
            problems.push(problem);
            return None;
        }
        StepKeys::read(&in_keys(node), problems).map(WrittenStep)
    }

    fn keys() -> Vec<KeyDoc> {
        StepKeys::keys()
    }
}

impl StepKeys {
    /// A step without any key.
    pub fn empty(place: Place) -> StepKeys {
        StepKeys {
            place,
            written: Vec::new(),
            page: None,
            declare: None,
            diagnose: None,
            again: None,
            triage: None,
            among: None,
            ask: None,
            by: None,
            each: None,
            rounds: None,
            within: None,
            takes: None,
            agrees: None,
            answers: None,
            approved: None,
            silent: None,
            refused: None,
            tell: None,
            to: None,
            every: None,
            note: None,
            template: None,
            work: None,
            together: None,
            confirm: None,
            change: None,
        }
    }
}

/// What a step begins with if it is written as words.
const VERBS: [&str; 8] =
    ["page", "declare", "diagnose", "triage", "ask", "tell", "confirm", "change"];

/// Words that begin with no verb.
fn without_verb(text: &str, place: Place) -> Option<Problem> {
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    if VERBS.contains(&first) || StepKeys::keys().iter().any(|known| known.key == first) {
        return None;
    }
    let hint = match (nearest(first, VERBS), rest.trim()) {
        (Some(verb), rest) if !rest.is_empty() => format!("did you mean `{verb} {rest}`?"),
        (_, "") => {
            let verbs = VERBS.join(", ");
            format!("a step begins with one of {verbs}, such as `change {first}`")
        }
        _ => format!("a step begins with one of {}", VERBS.join(", ")),
    };
    Some(Problem::error(place, format!("{} is not a valid step", quoted(text))).hint(hint))
}

/// `page ops` means `{page: ops}`.
fn in_keys(node: &Node) -> Node {
    let Some(text) = node.text() else { return node.clone() };
    let (verb, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let Place { source, line, column, start, end } = node.place;
    let verb_end = (start + verb.len()).min(end);
    let key = Key { place: Place { end: verb_end, ..node.place }, text: verb.to_string() };
    let gap = (verb.len() + 1).min(end.saturating_sub(start));
    let column = column + gap as u32;
    let value = match rest.trim() {
        "" => Node { place: node.place, kind: NodeKind::Null },
        rest => Node::scalar(Place { source, line, column, start: start + gap, end }, rest),
    };
    Node { place: node.place, kind: NodeKind::Map(vec![(key, value)]) }
}
