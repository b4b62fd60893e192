//! What `sim tune` tries.

use crate::language::problem::quoted;
use crate::names::RuleId;
use crate::scenario::plan::TuneRow;
use crate::scenario::resolve::Desk;
use crate::scenario::sentence::{Knob, Sentence};
use crate::scenario::written::document::Document;

impl Desk<'_> {
    /// The values to try, rule by rule.
    pub fn tune(&mut self, document: &Document) -> Vec<TuneRow> {
        let mut rows = Vec::new();
        let names = self.names;
        for (name, tune) in document.tune.iter().flat_map(|tune| &tune.0) {
            let Some(rule) = self.find::<RuleId>(&names.rules, name, "rule") else { continue };
            let Some(tune) = tune else { continue };
            let texts = document.rules.iter().flatten();
            let text = texts
                .filter(|rule| rule.alert.as_ref().is_some_and(|alert| alert.value == name.value))
                .find_map(|rule| rule.expr.as_ref());
            let sentence = text.and_then(|text| Sentence::of(&text.value));
            let points = [&tune.limit, &tune.share, &tune.value, &tune.lasts];
            for (knob, points) in Knob::ALL.into_iter().zip(points) {
                let Some(points) = points else { continue };
                let has = sentence.as_ref().is_some_and(|s| s.number(knob).is_some());
                if !has && knob != Knob::For && sentence.is_some() {
                    let message = format!("{} has no {} to try", quoted(&name.value), knob.word());
                    self.error(points.place, message, "its `expr` has no such number");
                }
                rows.push(TuneRow { rule, knob, points: points.value.0.clone() });
            }
        }
        rows
    }
}
