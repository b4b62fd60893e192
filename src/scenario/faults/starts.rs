//! Faults that begin when something is true of the site, instead of at a time.

use crate::decision::Hold;
use crate::fault::StartsWhen;
use crate::language::value::varying::Open;
use crate::language::word::ScalarValue;
use crate::language::written::Placed;
use crate::scenario::document::Document;
use crate::scenario::faults::written::WrittenFault;
use crate::scenario::resolver::Resolver;
use crate::scenario::rules::written::WrittenRule;
use crate::units::Span;

impl Resolver<'_> {
    /// `starts_when: error_rate > 50% for 5m`: the sentence of a rule, and how long it must hold.
    pub fn starts_when(
        &mut self,
        fault: &WrittenFault,
        document: &Document,
        every: Span,
    ) -> Option<StartsWhen> {
        let written = fault.starts_when.as_ref()?;
        let others = [
            fault.at.as_ref().map(|at| (at.place, "at")),
            fault.with.as_ref().map(|with| (with.place, "with")),
        ];
        for (place, key) in others.into_iter().flatten() {
            let message = format!("`starts_when` and `{key}` both say when it begins");
            self.error(place, message, "leave one of them out");
        }
        let (sentence, held) = self.held(written)?;
        if sentence.contains("baseline") {
            let message = "the trigger of a fault is compared with a number, not a baseline";
            self.error(written.place, message, "write `error_rate > 50% for 5m`");
            return None;
        }
        if sentence.contains("reports") {
            let message = "a fault is triggered by what the site does, not what people report";
            self.error(written.place, message, "write `error_rate > 50% for 5m`");
            return None;
        }
        let expr = Placed { value: sentence, place: written.place };
        let lasts = held.map(|held| Placed { value: Open(Some(held)), place: written.place });
        let rule = WrittenRule::from_expression(expr, lasts);
        let rule = self.rule(&rule, document, every, &Default::default())?;
        if rule.is_open() {
            self.error(written.place, "this is not filled in", "write `error_rate > 50% for 5m`");
            return None;
        }
        Some(StartsWhen { text: written.value.clone(), rule })
    }

    /// The sentence without the time for which it must hold at its end. The `for` of
    /// `latency > 3s for 10% of traffic` belongs to the sentence.
    fn held(&mut self, written: &Placed<String>) -> Option<(String, Option<Hold>)> {
        let Some((sentence, time)) = written.value.rsplit_once(" for ") else {
            return Some((written.value.clone(), None));
        };
        if time.contains('%') {
            return Some((written.value.clone(), None));
        }
        let held = Hold::parse(time.trim());
        let held = held.map_err(|wrong| self.problems.push(wrong.at(written.place))).ok()?;
        Some((sentence.trim().to_string(), Some(held)))
    }
}
