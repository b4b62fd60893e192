//! Steps that take time besides those of a response: work, messages that have to be written, and
//! several of them side by side.

use crate::decision::{Audience, Step, WorkStep};
use crate::language::written::{OneOrMany, Placed};
use crate::people::Roster;
use crate::scenario::document::Document;
use crate::scenario::plays::written::{Part, StepKeys};
use crate::scenario::resolver::{Resolver, VerbKeys};
use crate::units::{Span, Spread};

const VERBS: [VerbKeys; 2] =
    [("work", &["by", "takes"]), ("tell", &["to", "takes", "note", "template"])];

impl Resolver<'_> {
    /// `{work: write the report, by: comms, takes: 3m..8m}`.
    pub fn work(&mut self, keys: &StepKeys) -> Option<Step> {
        self.work_of(keys).map(|work| Step::Work(vec![vec![work]]))
    }

    fn work_of(&mut self, keys: &StepKeys) -> Option<WorkStep> {
        let what = keys.work.as_ref()?;
        if what.value.trim().is_empty() {
            self.error(what.place, "`work` does not say what is done", "work: write the report");
        }
        let by = match &keys.by {
            None => None,
            Some(OneOrMany(by)) => match &by[..] {
                [one] => Some(self.worker(one)?),
                _ => {
                    let message = "`work` is done by one person or one role";
                    self.error(keys.place, message, "by: comms; write more work for others");
                    None
                }
            },
        };
        let Some(takes) = keys.takes else {
            if !keys.written.iter().any(|key| key.value == "takes") {
                let message = "`work` does not say how long it takes";
                self.error(keys.place, message, "takes: 3m..8m");
            }
            return None;
        };
        Some(WorkStep { what: what.value.clone(), by, takes, then: None })
    }

    fn worker(&mut self, by: &Placed<String>) -> Option<Audience> {
        let audience = self.audience(by)?;
        if audience == Audience::Everyone {
            let message = "`everyone` cannot do work: one person does it";
            self.error(by.place, message, "name a role or a person");
        }
        Some(audience)
    }

    /// A message that takes time before it is sent.
    pub fn timed_tell_step(
        &mut self,
        keys: &StepKeys,
        document: &Document,
        roster: &Roster,
    ) -> Option<Step> {
        self.message_part(keys, document, roster).map(|work| Step::Work(vec![vec![work]]))
    }

    fn message_part(
        &mut self,
        keys: &StepKeys,
        document: &Document,
        roster: &Roster,
    ) -> Option<WorkStep> {
        let tell = self.tell(keys, document, roster)?;
        if let Some(every) = &keys.every {
            let message = "a message that takes time is not repeated by itself";
            self.error(every.place, message, "leave out `every` or `takes`");
        }
        let told = keys.to.as_ref().or(keys.tell.as_ref())?;
        Some(WorkStep {
            what: format!("tell {}", told.value),
            by: tell.from,
            takes: keys.takes.unwrap_or(Spread::Fixed(Span::ZERO)),
            then: Some(tell),
        })
    }

    /// `together: [[…], […]]`.
    pub fn together(
        &mut self,
        keys: &StepKeys,
        document: &Document,
        roster: &Roster,
    ) -> Option<Step> {
        let together = keys.together.as_ref()?;
        let lists = &together.value;
        if lists.len() < 2 || lists.iter().any(Vec::is_empty) {
            let message = "`together` needs at least two lists of work, none of them empty";
            let hint = "together: [[{work: fix, takes: 1h}], [{tell: comms, takes: 5m}]]";
            self.error(together.place, message, hint);
        }
        let mut resolved = Vec::with_capacity(lists.len());
        for list in lists {
            let mut works = Vec::with_capacity(list.len());
            for part in list {
                let verb = self.one_verb(part.place, &part.written, &VERBS, &[])?;
                let keys = part.in_keys();
                works.push(match verb {
                    "work" => self.work_of(&keys)?,
                    _ => self.message_part(&keys, document, roster)?,
                });
            }
            resolved.push(works);
        }
        Some(Step::Work(resolved))
    }
}

impl Part {
    /// The same as the keys of a step of its own.
    fn in_keys(&self) -> StepKeys {
        let Part { place, written, work, by, takes, tell, to, note, template } = self.clone();
        StepKeys { written, work, by, takes, tell, to, note, template, ..StepKeys::empty(place) }
    }
}
