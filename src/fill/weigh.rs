//! Which assumed numbers move the day most: each is doubled, and the day is played again on the
//! same luck.

use crate::gameday::{Gameday, Trial};
use crate::journal::{Basis, Severity};
use crate::language::edit::Editor;
use crate::language::node::{Kind, Node};
use crate::language::source::Place;
use crate::scenario::{self, Estimate, Loaded, Plan, Source};

use super::questions::{Asked, Question};

/// Simulated events that weighing may take in all: some ten seconds of a release build.
const MOST_EVENTS: f64 = 40e6;

/// The sections whose numbers say what the world is like.
const SECTIONS: [&str; 5] = ["traffic", "site", "channels", "changes", "faults"];

/// A number that was assumed, and what doubling it does.
#[derive(Debug, Clone, PartialEq)]
pub struct Weight {
    /// Its path, as `--set` takes it.
    pub path: String,
    /// As it is written.
    pub now: String,
    /// Twice that, as it was tried.
    pub tried: String,
    /// Minutes that users lose in all, as it is and as tried.
    pub lost: (f64, f64),
    place: Place,
}

/// The numbers, those first that move most.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Weighed {
    /// Those that were tried and move something.
    pub weights: Vec<Weight>,
    /// How many numbers are assumed.
    pub assumed: usize,
    /// How many of them were tried before the time was over.
    pub tried: usize,
}

/// Plays the day once for every assumed number, as many as the bound allows; `stop` is asked in
/// between.
pub fn weigh(loaded: &Loaded, source: &Source, stop: &dyn Fn() -> bool) -> Weighed {
    let numbers = numbers(loaded, &source.text);
    let mut weighed = Weighed { assumed: numbers.len(), ..Weighed::default() };
    let each = Estimate::of(&loaded.plan).events.max(1.0);
    if each > MOST_EVENTS || stop() {
        return weighed;
    }
    let before = lost(&loaded.plan);
    let mut events = each;
    for (path, place, now) in numbers {
        let Some(tried) = doubled(&now) else { continue };
        if events > MOST_EVENTS || stop() {
            break;
        }
        weighed.tried += 1;
        let Ok(other) = scenario::load(source, &[(path.clone(), tried.clone())]) else { continue };
        events += Estimate::of(&other.plan).events.max(1.0);
        let after = lost(&other.plan);
        if (after - before).abs() >= 1.0 {
            weighed.weights.push(Weight { path, now, tried, lost: (before, after), place });
        }
    }
    let moved = |weight: &Weight| (weight.lost.1 - weight.lost.0).abs();
    weighed.weights.sort_by(|a, b| moved(b).total_cmp(&moved(a)).then(a.path.cmp(&b.path)));
    weighed
}

impl Weight {
    /// The same number where it stands in this text; `None` if it is another by now.
    pub fn in_text(&self, text: &str) -> Option<Weight> {
        let editor = Editor::new(text);
        let section = self.path.split('.').next()?;
        let mut found = Vec::new();
        collect(editor.root()?.get(section)?, section, &mut found);
        let (_, place, _) =
            found.into_iter().find(|(path, _, now)| *path == self.path && *now == self.now)?;
        Some(Weight { place, ..self.clone() })
    }

    /// The question that it asks.
    pub fn question(&self) -> Question {
        let (before, after) = (self.lost.0.round(), self.lost.1.round());
        let moves = format!(
            "With {} instead, users would lose {after:.0} minutes in all, and not {before:.0}.",
            self.tried
        );
        Question {
            line: self.place.line,
            text: format!("{} is assumed to be {}. What is it?", self.path, self.now),
            why: vec![moves, knows(&self.path).to_string()],
            proposal: Some(self.now.clone()),
            severity: Severity::High,
            asked: Asked::Number {
                place: self.place,
                key: self.path.rsplit('.').next().unwrap_or_default().to_string(),
                now: self.now.clone(),
            },
            about: self.path.clone(),
        }
    }
}

/// Who is likely to know.
fn knows(path: &str) -> &'static str {
    match path.split('.').next().unwrap_or_default() {
        "traffic" => "Whoever reads the analytics; `sim baseline LOG` counts it in an access log.",
        "site" => "Whoever runs the servers.",
        "channels" => "Nobody until a roll call measures it: `sim rollcall`.",
        "changes" => "Whoever deploys: time it once.",
        _ => "Whoever has seen it go wrong.",
    }
}

/// The minutes that users lose in the first trial of a plan.
fn lost(plan: &Plan) -> f64 {
    let trial = Trial { seed: plan.seed, number: 0 };
    let header = scenario::header(plan, trial.number, trial.seed);
    let mut gameday = Gameday::new(plan, &header, trial).without_readings();
    while gameday.step().is_some() {
        gameday.drain();
    }
    gameday.lost().seconds() / 60.0
}

/// The numbers of the file itself that are assumed: path, place and text.
fn numbers(loaded: &Loaded, text: &str) -> Vec<(String, Place, String)> {
    let editor = Editor::new(text);
    let mut found = Vec::new();
    for section in SECTIONS {
        if let Some(node) = editor.root().and_then(|root| root.get(section)) {
            collect(node, section, &mut found);
        }
    }
    let inputs = &loaded.plan.inputs;
    found.retain(|(path, ..)| {
        let covers = |row: &&crate::journal::InputRow| {
            path.strip_prefix(row.path.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let row = inputs.iter().filter(covers).max_by_key(|row| row.path.len());
        row.is_some_and(|row| row.basis == Some(Basis::Assumed) && row.from.starts_with("line "))
    });
    found
}

fn collect(node: &Node, path: &str, found: &mut Vec<(String, Place, String)>) {
    match &node.kind {
        Kind::Scalar(scalar) if doubled(&scalar.text).is_some() => {
            found.push((path.to_string(), node.place, scalar.text.clone()));
        }
        Kind::List(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &format!("{path}.{index}"), found);
            }
        }
        Kind::Map(entries) => {
            for (key, value) in entries {
                collect(value, &format!("{path}.{}", key.text), found);
            }
        }
        Kind::Scalar(_) | Kind::Null => {}
    }
}

/// A number as written, twice as large: `~60ms` as `~120ms`, `2m..20m` as `4m..40m`, `40%` as
/// `80%`. A share stays below all; a time that is none gives nothing.
fn doubled(text: &str) -> Option<String> {
    if let Some((from, to)) = text.split_once("..") {
        return Some(format!("{}..{}", doubled(from)?, doubled(to)?));
    }
    let sign = if text.starts_with(['~', '<']) { &text[..1] } else { "" };
    let rest = &text[sign.len()..];
    let digits = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.');
    let (number, unit) = rest.split_at(digits.unwrap_or(rest.len()));
    if !["", "%", "ms", "s", "m", "h", "x", "/s", "/m", "/h"].contains(&unit) {
        return None;
    }
    let value: f64 = number.parse().ok().filter(|value| *value > 0.0)?;
    let twice = match unit {
        // Twice 85% is no share: half of what is missing instead.
        "%" if value > 50.0 => value + (100.0 - value) / 2.0,
        _ => value * 2.0,
    };
    (twice.is_finite() && twice < 1e12).then(|| format!("{sign}{twice}{unit}"))
}

#[cfg(test)]
mod tests {
    use super::doubled;

    #[test]
    fn numbers_are_doubled_as_they_are_written() {
        for (text, twice) in [
            ("~60ms", Some("~120ms")),
            ("2m..20m", Some("4m..40m")),
            ("40%", Some("80%")),
            ("85%", Some("92.5%")),
            ("0.6/s", Some("1.2/s")),
            ("16", Some("32")),
            ("0m", None),
            ("proxy", None),
            ("2018-11-04", None),
            ("?", None),
        ] {
            assert_eq!(doubled(text).as_deref(), twice, "{text}");
        }
    }
}
