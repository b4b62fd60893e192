//! A yes that was given before the day: by whom, and for which changes.

use crate::decision::{Approval, Step};
use crate::language::problem::quoted;
use crate::language::written::OneOrMany;
use crate::names::{ChangeId, Names, PersonId};
use crate::scenario::plays::written::{StepKeys, WrittenApproval, WrittenPlay, WrittenStep};
use crate::scenario::resolver::Resolver;
use crate::units::Span;

impl Resolver<'_> {
    /// `approved:` of a step that asks these people, if it has one; `None`: it is wrong.
    pub fn approved_of(
        &mut self,
        keys: &StepKeys,
        asked: &[(PersonId, Span)],
    ) -> Option<Option<Approval>> {
        match &keys.approved {
            Some(written) => self.approval(written, asked).map(Some),
            None => Some(None),
        }
    }

    /// `approved:` of a step that asks these people.
    fn approval(
        &mut self,
        WrittenApproval(keys): &WrittenApproval,
        asked: &[(PersonId, Span)],
    ) -> Option<Approval> {
        let names = self.names;
        let by = keys.by.as_ref()?;
        let person: PersonId = self.find(&names.people, by, "person")?;
        if !asked.iter().any(|(other, _)| *other == person) {
            let all = asked.iter().map(|(person, _)| names.people[person.index()].as_str());
            let all: Vec<&str> = all.collect();
            let message = format!("{} is not asked in this step", quoted(&by.value));
            let hint = match all.is_empty() {
                true => "nobody is: name somebody who can say yes".to_string(),
                false => {
                    format!("only those who would be asked can approve it: {}", all.join(", "))
                }
            };
            self.error(by.place, message, &hint);
        }
        let written = keys.changes.as_ref().map_or(&[][..], |OneOrMany(changes)| changes);
        if keys.changes.is_some() && written.is_empty() {
            let hint = "name changes, or leave `changes` out: then it is for whichever is made";
            self.error(keys.place, "it is approved for no change", hint);
        }
        let changes = written.iter().filter_map(|name| self.find(&names.changes, name, "change"));
        let changes: Vec<ChangeId> = changes.collect();
        let given = keys.given.clone().filter(|given| !given.trim().is_empty());
        Some(Approval { by: person, given, changes })
    }

    /// What is approved must be something that the play makes.
    pub fn approved_changes(&mut self, play: &WrittenPlay, steps: &[Step]) {
        let made: Vec<ChangeId> = steps.iter().flat_map(Step::changes).collect();
        for WrittenStep(keys) in play.steps.iter().flatten() {
            let approved = keys.approved.as_ref().and_then(|one| one.0.changes.as_ref());
            for name in approved.map_or(&[][..], |OneOrMany(changes)| changes) {
                let change: Option<ChangeId> =
                    self.names.changes.get_index_of(&name.value).map(ChangeId::from);
                if change.is_some_and(|change| !made.contains(&change)) {
                    let all: Vec<&str> =
                        made.iter().map(|one| self.names.changes[one.index()].as_str()).collect();
                    let message = format!("this play never makes {}", quoted(&name.value));
                    let hint = format!("it makes one of: {}", all.join(", "));
                    self.error(name.place, message, &hint);
                }
            }
        }
    }
}

/// `approved in advance by chris (5 November) for backend-revert`.
pub fn in_words(approval: &Approval, names: &Names) -> String {
    let given = approval.given.as_ref().map(|given| format!(" ({given})")).unwrap_or_default();
    let changes: Vec<&str> =
        approval.changes.iter().map(|change| names.changes[change.index()].as_str()).collect();
    let covered = match changes.is_empty() {
        true => String::new(),
        false => format!(" for {}", changes.join(", ")),
    };
    format!("approved in advance by {}{given}{covered}", names.people[approval.by.index()])
}
