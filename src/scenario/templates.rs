//! What is told: a note, or a template with fields.

use crate::decision::{FIELDS, fields, fill};
use crate::journal::{FindingKind, Severity};
use crate::language::problem::{Problem, advice, quoted};
use crate::language::source::Place;
use crate::language::wording::Wording;
use crate::language::written::Placed;
use crate::scenario::document::Document;
use crate::scenario::resolver::Resolver;

/// The fields of a message that belongs to no incident.
const AT_LAUNCH: [&str; 2] = ["scenario", "at"];

impl Resolver<'_> {
    /// The text of a step that tells; its fields are known to be right, and the scenario's name is
    /// filled in.
    pub fn message(
        &mut self,
        note: Option<&String>,
        template: Option<&Placed<String>>,
        document: &Document,
        in_play: bool,
    ) -> Option<String> {
        let Some(template) = template else { return note.cloned() };
        if note.is_some() {
            let message = "a step has a `note` or a `template`, not both";
            self.error(template.place, message, "leave one of them out");
        }
        if template.value == "?" {
            let text = "nobody has written what is said".to_string();
            self.finding(FindingKind::Unfilled, Severity::Medium, text, template.place);
            return None;
        }
        let templates = document.templates.iter().flat_map(|templates| &templates.0);
        let known: Vec<&str> = templates.clone().map(|(name, _)| name.value.as_str()).collect();
        let Some((_, text)) = templates.clone().find(|(name, _)| name.value == template.value)
        else {
            let message = format!("unknown template {}", quoted(&template.value));
            let problem = Problem::error(template.place, message).label(match known.is_empty() {
                true => "the scenario has no `templates`",
                false => "no template has this name",
            });
            self.problems.push(problem.maybe_hint(advice(&template.value, known)));
            return None;
        };
        let text = text.as_ref().filter(|text| text.value.trim() != "?")?;
        if !in_play {
            self.only_at_launch(&text.value, text.place, template.place);
        }
        let scenario = document.scenario.as_ref().map(|scenario| scenario.value.clone());
        Some(fill(&text.value, |field| scenario.clone().filter(|_| field == "scenario")))
    }

    fn only_at_launch(&mut self, text: &str, place: Place, step: Place) {
        let unknown = fields(text).into_iter().filter(|field| !AT_LAUNCH.contains(field));
        for field in unknown.filter(|field| FIELDS.iter().any(|(known, _)| known == field)) {
            let message = format!("`{{{{{field}}}}}` is only known in a play");
            let problem = Problem::error(place, message).also(step, "a launch step uses it");
            self.problems.push(problem.hint("a launch step knows {{scenario}} and {{at}}"));
        }
    }

    /// Every field of every template must be known; a template that nothing uses is a slip.
    pub fn templates(&mut self, document: &Document) {
        let plays = document.plays.iter().flat_map(|plays| &plays.0);
        let steps = plays.filter_map(|(_, play)| play.as_ref()?.steps.as_ref()).flatten();
        let used = steps.filter_map(|step| step.0.template.as_ref());
        let launch = document.launch.iter().flatten().filter_map(|step| step.template.as_ref());
        let used: Vec<&str> = used.chain(launch).map(|name| name.value.as_str()).collect();
        for (name, text) in document.templates.iter().flat_map(|templates| &templates.0) {
            let Some(text) = text else { continue };
            if text.value.trim() == "?" {
                let says = "nobody has written the template";
                let open = Wording::ending(says, says, quoted(&name.value));
                let hint = "write what is said; {{at}} and other fields are filled in";
                self.finding_with(
                    hint,
                    FindingKind::Unfilled,
                    Severity::Medium,
                    open.into(),
                    text.place,
                );
            }
            for field in fields(&text.value) {
                if FIELDS.iter().any(|(known, _)| *known == field) {
                    continue;
                }
                let message = format!("unknown field {}", quoted(&format!("{{{{{field}}}}}")));
                let hint = advice(field, FIELDS.iter().map(|(known, _)| *known));
                let place = self.problems.word_in(text.place, &format!("{{{{{field}}}}}"));
                self.problems.push(Problem::error(place, message).maybe_hint(hint));
            }
            if !used.contains(&name.value.as_str()) && name.place.source == 0 {
                let says = "no step uses the template";
                let message = Wording::ending(says, says, quoted(&name.value));
                let problem = Problem::warning(name.place, message);
                let hint = format!("{{tell: comms, to: decider, template: {}}}", name.value);
                self.problems.push(problem.hint(hint));
            }
        }
    }
}
