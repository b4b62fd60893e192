//! The inputs of rules, people, changes and plays.

use crate::language::written::OneOrMany;
use crate::names::RoleId;
use crate::scenario::document::Document;
use crate::scenario::inputs::InputTable;
use crate::scenario::people::written::WrittenPerson;
use crate::scenario::phrases::listed;
use crate::scenario::plan::Plan;

impl InputTable<'_> {
    /// The inputs of people, hours, channels and escalations.
    pub fn people(&mut self, document: &Document, plan: &Plan) {
        let roster = &plan.playbook.roster;
        let roles = |ids: &[RoleId]| {
            ids.iter().map(|role| plan.names.roles[role.index()].clone()).collect::<Vec<_>>()
        };
        for (name, person) in document.people.iter().flat_map(|people| &people.0) {
            let Some(index) = plan.names.people.get_index_of(&name.value) else { continue };
            let path = format!("people.{}", name.value);
            let Some(WrittenPerson::Named(keys)) = person else {
                self.place(path, "nobody is named".to_string(), Some(name.place));
                continue;
            };
            self.at(path);
            if let Some(full) = &roster.people[index].name {
                self.row(&keys.written, "name", full);
            }
            let held = roles(&roster.people[index].roles);
            let key = if keys.roles.is_some() { "roles" } else { "role" };
            self.row(
                &keys.written,
                key,
                if held.is_empty() { "none".to_string() } else { held.join(", ") },
            );
            let hours = keys.hours.as_ref().map(|OneOrMany(hours)| {
                listed(&hours.iter().map(|hours| hours.value.clone()).collect::<Vec<_>>(), "and")
            });
            self.row(&keys.written, "hours", hours.unwrap_or("always on duty".to_string()));
        }
        let channels = document.channels.iter().flat_map(|channels| &channels.0);
        for ((name, keys), channel) in channels.zip(&roster.channels) {
            let Some(keys) = keys else { continue };
            self.at(format!("channels.{}", name.value));
            self.row(&keys.written, "answers", channel.answers);
            self.row(&keys.written, "after", channel.after);
        }
        let ladders = document.escalation.iter().flat_map(|ladders| &ladders.0);
        for ((name, keys), ladder) in ladders.zip(&roster.escalations) {
            let Some(keys) = keys else { continue };
            let people = ladder.people.iter().map(|p| plan.names.people[p.index()].clone());
            let by = ladder.by.iter().map(|c| plan.names.channels[c.index()].clone());
            self.at(format!("escalation.{}", name.value));
            self.row(&keys.written, "try", people.collect::<Vec<_>>().join(", "));
            self.row(&keys.written, "by", by.collect::<Vec<_>>().join(", "));
            self.row(&keys.written, "each", ladder.each);
            self.row(&keys.written, "rounds", ladder.rounds);
        }
    }
}
