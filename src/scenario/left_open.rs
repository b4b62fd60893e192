//! `"?"` where a value may stand and the language has no word for "nobody knows": the part is left
//! out of the run, and that is a finding.

use crate::language::node::{Key, Node, NodeKind, Scalar};
use crate::language::shape::{KeyDoc, MappingShape, Shape};
use crate::language::source::Place;
use crate::language::word::Spelling;

/// Something that is left out because nobody has filled it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOpen {
    /// The place of the question mark.
    pub place: Place,
    /// What is left out, in a sentence.
    pub text: String,
}

/// Keys that say what a step of a play does: without their value there is no step.
const VERBS: [&str; 3] = ["declare", "diagnose", "triage"];
/// Mappings that mean something else once a key of theirs is gone: they are left out whole.
const WHOLE: [&str; 2] = ["Fault", "State"];

/// Takes every `"?"` out of the tree that could not be read, with the smallest part around it that
/// can be left out: an optional key, or an entry of a list. What cannot be left out stays, and is
/// an error when it is read.
pub fn leave_out(root: &mut Node, shape: &Shape) -> Vec<LeftOpen> {
    let mut left = Vec::new();
    visit(root, shape, "", &mut left);
    left
}

/// An open value that the part around it cannot do without.
struct Needed {
    place: Place,
    path: String,
}

fn visit(node: &mut Node, shape: &Shape, path: &str, left: &mut Vec<LeftOpen>) -> Option<Needed> {
    if node.text() == Some("?") {
        let needed = Needed { place: node.place, path: path.to_string() };
        return (!takes_a_question_mark(shape)).then_some(needed);
    }
    match &mut node.kind {
        NodeKind::Map(entries) => match (keys_of(shape), names_of(shape)) {
            (Some(mapping), _) => keys(entries, mapping, path, left),
            (None, Some(inner)) => {
                names(entries, inner, path, left);
                None
            }
            (None, None) => None,
        },
        NodeKind::List(items) => {
            if let Some(inner) = items_of(shape) {
                list(items, inner, path, left);
            }
            None
        }
        NodeKind::Scalar(scalar) => step_in_words(scalar, path, node.place),
        NodeKind::Null => None,
    }
}

/// `declare ?` is a step without its time.
fn step_in_words(scalar: &Scalar, path: &str, place: Place) -> Option<Needed> {
    let (verb, rest) = scalar.text.split_once(' ')?;
    let step = path.starts_with("plays.") && path.contains(".steps.");
    let open = step && VERBS.contains(&verb) && rest.trim() == "?";
    open.then(|| Needed { place, path: format!("{path}.{verb}") })
}

fn keys(
    entries: &mut Vec<(Key, Node)>,
    mapping: &MappingShape,
    path: &str,
    left: &mut Vec<LeftOpen>,
) -> Option<Needed> {
    let mut needed = None;
    entries.retain_mut(|(key, node)| {
        let known: Option<&KeyDoc> = mapping.keys.iter().find(|known| known.key == key.text);
        let Some(known) = known else { return true };
        let below = joined(path, &key.text);
        let Some(open) = visit(node, &(known.shape)(), &below, left) else { return true };
        let verb = mapping.name == "StepKeys" && VERBS.contains(&known.key);
        if (mapping.name, known.key) == ("Criterion", "require") {
            // Somebody has to say so until there is a number.
            let text = format!("nobody has filled in {}: the criterion stays open", open.path);
            left.push(LeftOpen { place: open.place, text });
            key.text = "attested".to_string();
            return true;
        }
        if known.required || verb || WHOLE.contains(&mapping.name) {
            needed = needed.take().or(Some(open));
            return true;
        }
        let text = format!("nobody has filled in {}: it counts as not written", open.path);
        left.push(LeftOpen { place: open.place, text });
        false
    });
    needed
}

fn names(entries: &mut [(Key, Node)], inner: &Shape, path: &str, left: &mut Vec<LeftOpen>) {
    for (key, node) in entries {
        let below = joined(path, &key.text);
        let Some(open) = visit(node, inner, &below, left) else { continue };
        if path == "channels" {
            let place = open.place;
            let text = format!("nobody knows {}: nobody answers by {}", open.path, key.text);
            left.push(LeftOpen { place, text });
            *node = nobody_answers(place);
        }
    }
}

/// How a channel is answered of which nobody knows it.
fn nobody_answers(place: Place) -> Node {
    let entry =
        |key: &str, value: &str| (Key { place, text: key.to_string() }, Node::scalar(place, value));
    Node { place, kind: NodeKind::Map(vec![entry("answers", "0%"), entry("after", "1m")]) }
}

fn list(items: &mut Vec<Node>, inner: &Shape, path: &str, left: &mut Vec<LeftOpen>) {
    let mut index = 0;
    items.retain_mut(|item| {
        let below = joined(path, &index.to_string());
        index += 1;
        let Some(open) = visit(item, inner, &below, left) else { return true };
        let text = format!("nobody has filled in {}: {below} is left out", open.path);
        left.push(LeftOpen { place: open.place, text });
        false
    });
}

fn joined(path: &str, key: &str) -> String {
    match path {
        "" => key.to_string(),
        path => format!("{path}.{key}"),
    }
}

/// Whether what is here may be `"?"` by its own rules.
fn takes_a_question_mark(shape: &Shape) -> bool {
    match shape {
        Shape::Word(Spelling::Any, _) => true,
        Shape::Word(Spelling::OneOf(words), _) => words.contains(&"?"),
        Shape::Word(Spelling::Pattern(pattern), _) => pattern.contains("[?]"),
        Shape::Word(..) => false,
        Shape::OneOrMany(inner) => takes_a_question_mark(inner),
        Shape::Either(shapes) => shapes.iter().any(takes_a_question_mark),
        Shape::Keys(mapping) => mapping.alone.is_some_and(|alone| {
            let key = mapping.keys.iter().find(|key| key.key == alone);
            key.is_some_and(|key| takes_a_question_mark(&(key.shape)()))
        }),
        Shape::List(_) | Shape::Entries(_) => false,
    }
}

fn keys_of(shape: &Shape) -> Option<&MappingShape> {
    match shape {
        Shape::Keys(mapping) => Some(mapping),
        Shape::OneOrMany(inner) => keys_of(inner),
        Shape::Either(shapes) => shapes.iter().find_map(keys_of),
        _ => None,
    }
}

fn names_of(shape: &Shape) -> Option<&Shape> {
    match shape {
        Shape::Entries(inner) => Some(inner),
        Shape::Either(shapes) => shapes.iter().find_map(names_of),
        _ => None,
    }
}

fn items_of(shape: &Shape) -> Option<&Shape> {
    match shape {
        Shape::List(inner) | Shape::OneOrMany(inner) => Some(inner),
        Shape::Either(shapes) => shapes.iter().find_map(items_of),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::language::source::SourceText;
    use crate::scenario::load;

    const DAY: &str = "\
scenario: what nobody knows
starts: 2018-11-07T17:00 America/New_York
lasts: 1h
traffic:
  visits: [{at: 0m, rate: 1/s}, {at: \"17:30\", rate: 2/s}, {at: \"17:40\", rate: \"?\"}]
  mix: {tool: {a: 100%}}
  tools: {a: {requests: 2, think: 1s, use: {p: 100%}}}
  patience: \"?\"
site:
  tiers: {t: {instances: 2, threads: 10, takes: 10ms, queue: \"?\"}}
  endpoints: {p: t}
faults:
  - {at: \"?\", outage: t}
  - {at: 10m, failing: t, errors: \"?\"}
  - {at: 20m, failing: t, errors: 40%}
baseline: {error_rate: \"?\"}
rules:
  - {alert: A, expr: error_rate > 5%, for: \"?\"}
  - {alert: B, expr: error_rate > 5%, for: 1m}
people: {x: {role: decider}, y: \"?\"}
channels: {email: {answers: \"?\", after: 1m}, phone: {answers: 90%, after: 1m}}
escalation: {ops: {try: [x], each: \"?\"}}
changes: {c: \"?\", d: {takes: 3m, fails: \"?\"}}
freezes: [{from: \"?\", to: \"18:00\", changes: [c]}]
plays:
  r:
    when: [B]
    steps:
      - page ops
      - declare ?
      - {triage: \"?\", among: {c: 100%}}
      - {ask: decider, within: \"?\", by: [email, phone]}
      - change d
    verify: \"?\"
go_no_go: [{criterion: z, require: \"?\"}]
checklist: [{item: i, owner: \"?\", due: \"?\", done: \"?\"}]
expect: {detected: \"?\"}
";

    #[test]
    fn what_nobody_knows_is_left_out_and_said() {
        let loaded = load(&SourceText::file("day.yaml", DAY), &[]);
        let loaded = loaded.unwrap_or_else(|problems| panic!("{}", problems.render(false)));
        let texts: Vec<&str> = loaded.plan.findings.iter().map(|f| f.row.text.as_str()).collect();
        for said in [
            "nobody has filled in traffic.visits.2.rate: traffic.visits.2 is left out",
            "nobody has filled in traffic.patience: it counts as not written",
            "nobody knows when this fault begins: it is left out",
            "nobody has filled in faults.1.errors: faults.1 is left out",
            "nobody knows channels.email.answers: nobody answers by email",
            "nobody knows how long this freeze lasts: it is left out",
            "nobody has filled in plays.r.steps.1.declare: plays.r.steps.1 is left out",
            "nobody has filled in go_no_go.0.require: the criterion stays open",
            "nobody has filled in expect.detected: it counts as not written",
        ] {
            assert!(texts.contains(&said), "{said} is not among {texts:#?}");
        }
        let plan = loaded.plan;
        assert_eq!((plan.faults.len(), plan.traffic.curve.points.len()), (1, 2));
        assert_eq!(plan.traffic.curve.points[1].at.seconds(), 1800.0, "17:30 by the clock");
        assert!(plan.expect.is_empty() && plan.playbook.changes.freezes.is_empty());
    }

    #[test]
    fn what_a_run_cannot_do_without_is_an_error() {
        let text = DAY.replace("lasts: 1h", "lasts: \"?\"");
        let problems = load(&SourceText::file("day.yaml", text), &[]).expect_err("no length");
        assert!(problems.render(false).contains("day.yaml:3"), "{}", problems.render(false));
    }
}
