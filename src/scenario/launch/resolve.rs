//! The planned steps of the launch.

use crate::decision::{LaunchAction, LaunchStep, LaunchTime};
use crate::journal::{FindingKind, OpenPoint, Severity};
use crate::language::problem::Problem;
use crate::language::value::calendar::MomentSpec;
use crate::language::written::Placed;
use crate::names::StepId;
use crate::people::Roster;
use crate::scenario::document::Document;
use crate::scenario::launch::written::WrittenLaunchStep;
use crate::scenario::resolver::{Resolver, VerbKeys};
use crate::units::{Span, Time};

const VERBS: [VerbKeys; 2] = [("change", &["by"]), ("tell", &["to", "note", "template"])];

impl Resolver<'_> {
    /// The planned steps, in file order.
    pub fn launch(&mut self, document: &Document, roster: &Roster) -> Vec<LaunchStep> {
        let mut steps: Vec<LaunchStep> = Vec::new();
        // Only steps that can be due are followed: the rest never finishes.
        let mut undue: Vec<bool> = Vec::new();
        let mut earlier: Vec<(String, Option<String>)> = Vec::new();
        for written in document.launch.iter().flatten() {
            let label = label(written);
            let Some(step) = self.launch_step(written, &label, &earlier, document, roster) else {
                continue;
            };
            let never = match step.at {
                None => true,
                Some(LaunchTime::At(_)) => false,
                Some(LaunchTime::After(before, _)) => undue[before.index()],
            };
            if never && let Some(after) = &written.after {
                let text = format!("{label} waits for {}, which nobody can time", after.value);
                self.finding(FindingKind::Untimed, Severity::High, text, after.place);
            }
            undue.push(never);
            earlier.push((label, written.change.as_ref().map(|change| change.value.clone())));
            steps.push(step);
        }
        steps
    }

    fn launch_step(
        &mut self,
        step: &WrittenLaunchStep,
        label: &str,
        earlier: &[(String, Option<String>)],
        document: &Document,
        roster: &Roster,
    ) -> Option<LaunchStep> {
        let always = ["at", "after", "step"];
        let verb = self.one_verb(step.place, &step.written, &VERBS, &always)?;
        let at = self.launch_time(step, label, earlier);
        let names = self.names;
        let action = match verb {
            "change" => {
                let by = match &step.by {
                    Some(by) => Some(self.find(&names.escalations, by, "escalation")?),
                    None => None,
                };
                LaunchAction::Change {
                    change: self.made_change(step.change.as_ref()?, document)?,
                    by,
                }
            }
            _ => {
                let tell = self.audience(step.tell.as_ref()?);
                let (from, to) = match &step.to {
                    Some(to) => {
                        self.role_if_role(step.tell.as_ref()?, roster);
                        (tell, self.audience(to)?)
                    }
                    None => (None, tell?),
                };
                let template = step.template.as_ref();
                let note = self.message(step.note.as_ref(), template, document, false);
                LaunchAction::Tell { to, from, note }
            }
        };
        Some(LaunchStep { label: label.to_string(), at, action })
    }

    /// Somebody who must do something: a finding if it is a role for which nobody is named.
    pub fn role_if_role(&mut self, name: &Placed<String>, roster: &Roster) {
        if self.names.roles.contains(&name.value) {
            self.role(name, roster);
        }
    }

    fn launch_time(
        &mut self,
        step: &WrittenLaunchStep,
        label: &str,
        earlier: &[(String, Option<String>)],
    ) -> Option<LaunchTime> {
        match (&step.at, &step.after) {
            (Some(at), None) if at.value == MomentSpec::Open => {
                let point = OpenPoint::UntimedStep { step: label.to_string(), tells: tells(step) };
                self.finding(FindingKind::Untimed, Severity::High, point, at.place);
                None
            }
            (Some(at), None) => {
                let time = self.moment(at)?;
                if time >= Time::ZERO + self.lasts && self.lasts > Span::ZERO {
                    let message = "this step is due after the scenario has ended";
                    self.problems.push(Problem::warning(at.place, message));
                }
                Some(LaunchTime::At(time))
            }
            (None, Some(after)) => {
                let name = Some(&after.value);
                let by_label = earlier.iter().position(|(label, _)| Some(label) == name);
                let by_change = || earlier.iter().position(|(_, change)| change.as_ref() == name);
                let found = by_label.or_else(by_change).map(StepId::from).or_else(|| {
                    let labels = earlier.iter().map(|(label, _)| label.clone()).collect();
                    self.find(&labels, after, "earlier step")
                });
                found.map(|step| LaunchTime::After(step, Span::ZERO))
            }
            (Some(_), Some(after)) => {
                self.error(after.place, "a step is `at` a time or `after` one, not both", "");
                None
            }
            (None, None) => {
                if !step.written.iter().any(|key| matches!(key.value, "at" | "after")) {
                    let hint = "add `at: \"17:30\"`, `after: …`, or `at: \"?\"`";
                    self.error(step.place, "this step does not say when", hint);
                }
                None
            }
        }
    }
}

/// Its own name, else its change, else whom it tells.
fn label(step: &WrittenLaunchStep) -> String {
    if let Some(name) = step.step.as_ref().or(step.change.as_ref()) {
        return name.value.clone();
    }
    format!("tell {}", tells(step).unwrap_or_default())
}

/// Whom a step tells what, where it has no name of its own.
fn tells(step: &WrittenLaunchStep) -> Option<String> {
    if step.step.is_some() || step.change.is_some() {
        return None;
    }
    let who = step.to.as_ref().or(step.tell.as_ref()).map_or("?", |who| &who.value);
    Some(match &step.note {
        Some(note) => format!("{who}: {note}"),
        None => who.to_string(),
    })
}
