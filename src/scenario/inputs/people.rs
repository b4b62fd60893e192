//! The inputs of rules, people, changes and plays.

use crate::decision::{Hold, Instead, Step};
use crate::language::written::OneOrMany;
use crate::names::RoleId;
use crate::scenario::explain::listed;
use crate::scenario::inputs::{Table, optional};
use crate::scenario::plan::Plan;
use crate::scenario::written::document::Document;
use crate::scenario::written::people::Person;
use crate::scenario::written::play::Step as WrittenStep;
use crate::units::Span;

impl Table<'_> {
    /// The inputs of the rules and of the monitoring.
    pub fn rules(&mut self, document: &Document, plan: &Plan) {
        let rules = document.rules.iter().flatten().zip(&plan.playbook.rules);
        for (index, (keys, rule)) in rules.enumerate() {
            let written = &keys.written;
            self.at(format!("rules.{index}"));
            self.row(written, "alert", &plan.names.rules[index]);
            self.row(written, "expr", &rule.text);
            let said = if written.iter().any(|key| key.value == "for") { "for" } else { "expr" };
            let hold = match rule.hold {
                Hold::For(span) => span.to_string(),
                Hold::Of { n, of } => format!("{n} of {of}"),
            };
            let place = written.iter().find(|key| key.value == said).map(|key| key.place);
            let place = place.filter(|_| said == "for" || rule.hold != Hold::For(Span::ZERO));
            self.place(format!("rules.{index}.for"), hold, place);
            self.row(written, "window", rule.window);
            self.row(written, "min_requests", rule.min_requests);
            self.row(written, "keep_firing_for", rule.keep_firing_for);
            self.row(written, "no_data_for", rule.no_data_for);
            self.row(
                written,
                "resolve",
                keys.resolve.as_ref().map_or("not a breach", |r| &r.value),
            );
            self.row(written, "severity", optional(rule.severity.clone()));
        }
    }

    /// The inputs of people, hours, channels and escalations.
    pub fn people(&mut self, document: &Document, plan: &Plan) {
        let roster = &plan.playbook.roster;
        let roles = |ids: &[RoleId]| {
            ids.iter().map(|role| plan.names.roles[role.index()].clone()).collect::<Vec<_>>()
        };
        for (name, person) in document.people.iter().flat_map(|people| &people.0) {
            let Some(index) = plan.names.people.get_index_of(&name.value) else { continue };
            let path = format!("people.{}", name.value);
            let Some(Person::Named(keys)) = person else {
                self.place(path, "nobody is named".to_string(), Some(name.place));
                continue;
            };
            self.at(path);
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

    /// The inputs of the change-time table.
    pub fn changes(&mut self, document: &Document, plan: &Plan) {
        let rows = document.changes.iter().flat_map(|changes| &changes.0);
        for ((name, row), change) in rows.zip(&plan.playbook.changes.changes) {
            let Some(row) = row else { continue };
            let row = &row.0;
            let path = format!("changes.{}", name.value);
            if row.written.is_empty() {
                self.place(format!("{path}.takes"), change.paper.clone(), Some(name.place));
            } else {
                self.at(path.clone());
                self.row(&row.written, "takes", &change.paper);
            }
            self.at(path);
            let rollout = if row.propagate.is_some() { "propagate" } else { "rollout" };
            self.row(&row.written, rollout, optional(change.propagate));
            self.row(&row.written, "fails", change.fails);
            let pipeline = change.pipeline.map(|id| plan.names.pipelines[id.index()].clone());
            self.row(&row.written, "pipeline", pipeline.unwrap_or("none, never waits".to_string()));
        }
    }

    /// The inputs of plays.
    pub fn plays(&mut self, document: &Document, plan: &Plan) {
        let plays = document.plays.iter().flat_map(|plays| &plays.0);
        for ((name, keys), play) in plays.zip(&plan.playbook.plays) {
            let Some(keys) = keys else { continue };
            let path = format!("plays.{}", name.value);
            self.at(path.clone());
            let confirm = if keys.verify.is_some() { "verify" } else { "confirm" };
            self.row(&keys.written, confirm, optional(play.verify));
            let otherwise = play.otherwise.map(|play| plan.names.plays[play.index()].clone());
            self.row(&keys.written, "otherwise", optional(otherwise));
            let steps = keys.steps.iter().flatten().zip(&play.steps).enumerate();
            for (number, (WrittenStep(keys), step)) in steps {
                self.at(format!("{path}.steps.{number}"));
                let ask = match step {
                    Step::Declare(takes) => {
                        self.place(
                            format!("{}.declare", self.path),
                            takes.to_string(),
                            Some(keys.place),
                        );
                        continue;
                    }
                    Step::Triage { takes, among } => {
                        self.place(
                            format!(
                                "{}.{}",
                                self.path,
                                if keys.triage.is_some() { "triage" } else { "diagnose" }
                            ),
                            takes.to_string(),
                            Some(keys.place),
                        );
                        let among = among.iter().map(|(change, share)| {
                            format!("{} {share}", plan.names.changes[change.index()])
                        });
                        let among = among.collect::<Vec<_>>().join(", ");
                        self.place(format!("{}.among", self.path), among, Some(keys.place));
                        continue;
                    }
                    Step::Ask(ask) => ask,
                    Step::Page(_) | Step::Tell(_) | Step::Change(_) => continue,
                };
                let by = ask.by.iter().map(|c| plan.names.channels[c.index()].clone());
                self.row(&keys.written, "by", by.collect::<Vec<_>>().join(", "));
                let within = ask.within.unwrap_or_else(|| ask.tried_within());
                self.row(&keys.written, "within", within);
                self.row(&keys.written, "rounds", ask.rounds);
                self.row(&keys.written, "takes", optional(ask.takes));
                self.row(&keys.written, "agrees", ask.agrees);
                let instead = |instead: Instead| match instead {
                    Instead::Stop => "stop".to_string(),
                    Instead::Next => "next".to_string(),
                    Instead::Hold(time) => format!("hold {time}"),
                    Instead::Play(play) => plan.names.plays[play.index()].clone(),
                };
                self.row(&keys.written, "silent", optional(ask.silent.map(instead)));
                self.row(&keys.written, "refused", instead(ask.refused));
            }
        }
    }
}
