//! Plays: what opens them, what is done, and what follows.

use crate::decision::{ChangeChoice, Play, Step, TellStep, Trigger};
use crate::language::problem::quoted;
use crate::language::written::{Entries, OneOrMany, Placed};
use crate::names::ChangeId;
use crate::people::Roster;
use crate::scenario::document::Document;
use crate::scenario::intern::{ANYONE, NOTICED_BY};
use crate::scenario::plays::written::{StepKeys, WrittenPlay, WrittenStep, WrittenTrigger};
use crate::scenario::resolver::{Resolver, VerbKeys};
use crate::units::{Ratio, Span};

const VERBS: [VerbKeys; 10] = [
    ("page", &[]),
    ("declare", &[]),
    ("diagnose", &["again", "among"]),
    ("triage", &["again", "among"]),
    (
        "ask",
        &[
            "by", "each", "rounds", "within", "takes", "agrees", "answers", "approved", "silent",
            "refused",
        ],
    ),
    ("tell", &["to", "takes", "every", "note", "template"]),
    ("work", &["by", "takes"]),
    ("together", &[]),
    ("confirm", &[]),
    ("change", &[]),
];

impl Resolver<'_> {
    /// The plays, in file order.
    pub fn plays(&mut self, document: &Document, roster: &Roster) -> Vec<Play> {
        let Some(Entries(entries)) = &document.plays else { return Vec::new() };
        let written = |(_, play): &(Placed<String>, Option<WrittenPlay>)| {
            Some(self.play(play.as_ref()?, document, roster))
        };
        let plays: Vec<Play> = entries.iter().filter_map(written).collect();
        if plays.len() == entries.len() {
            self.play_cycles(entries, &plays);
            self.plays_that_nothing_opens(entries, &plays);
        }
        plays
    }

    fn play(&mut self, play: &WrittenPlay, document: &Document, roster: &Roster) -> Play {
        let names = self.names;
        let when = play.when.as_ref().map_or(&[][..], |OneOrMany(when)| when);
        let when = when.iter().flat_map(|trigger| self.triggers(trigger)).collect();
        let mut steps: Vec<Step> = Vec::new();
        for WrittenStep(keys) in play.steps.iter().flatten() {
            let step = self.step(keys, &steps, document, roster);
            steps.extend(step);
        }
        self.approved_changes(play, &steps);
        if play.steps.as_ref().is_some_and(Vec::is_empty) {
            self.error(play.place, "this play has no steps", "");
        }
        if let (Some(_), Some(verify)) = (&play.confirm, &play.verify) {
            self.error(verify.place, "`verify` is another word for `confirm`", "use one of them");
        }
        let confirm = play.confirm.or(play.verify);
        if let Some(confirm) = &confirm {
            self.positive(confirm, if play.confirm.is_some() { "confirm" } else { "verify" });
        }
        let otherwise = play.otherwise.as_ref();
        let otherwise = otherwise.and_then(|play| self.find(&names.plays, play, "play"));
        Play { when, steps, verify: confirm.map(|confirm| confirm.value), otherwise }
    }

    /// What a line of `when` means: one trigger, or those of everybody who notices things.
    fn triggers(&mut self, trigger: &WrittenTrigger) -> Vec<Trigger> {
        match trigger {
            WrittenTrigger::State(state)
                if state.noticed.as_ref().is_some_and(|by| by.value == ANYONE) =>
            {
                let rules = self.names.rules.iter().enumerate();
                let noticed = rules.filter(|(_, name)| name.starts_with(NOTICED_BY));
                noticed.map(|(index, _)| Trigger::Fires(index.into())).collect()
            }
            _ => self.trigger(trigger).into_iter().collect(),
        }
    }

    fn trigger(&mut self, trigger: &WrittenTrigger) -> Option<Trigger> {
        let names = self.names;
        let state = match trigger {
            WrittenTrigger::Rule(rule) => {
                return self.find(&names.rules, rule, "rule").map(Trigger::Fires);
            }
            WrittenTrigger::State(state) => state,
        };
        let verbs: [VerbKeys; 5] = [
            ("lasts", &["for", "even"]),
            ("failed", &[]),
            ("stalled", &[]),
            ("refused", &[]),
            ("noticed", &[]),
        ];
        match self.one_verb(state.place, &state.written, &verbs, &[])? {
            "failed" => {
                self.find(&names.plays, state.failed.as_ref()?, "play").map(Trigger::Failed)
            }
            "stalled" => {
                self.find(&names.plays, state.stalled.as_ref()?, "play").map(Trigger::Stalled)
            }
            "noticed" => {
                let source = state.noticed.as_ref()?;
                let name = format!("{NOTICED_BY}{}", source.value);
                // Every source that `when` names has its rule.
                names.rules.get_index_of(&name).map(|index| Trigger::Fires(index.into()))
            }
            "refused" => {
                self.find(&names.plays, state.refused.as_ref()?, "play").map(Trigger::Refused)
            }
            _ => {
                let change = self.find(&names.changes, state.lasts.as_ref()?, "change");
                let Some(time) = &state.time else {
                    self.error(state.place, "`lasts` needs a time", "add `for: 45m`");
                    return None;
                };
                self.positive(time, "for");
                if let Some(even) = state.even.as_ref().filter(|even| even.value != "running") {
                    let message = format!("{} is not known here", quoted(&even.value));
                    self.error(even.place, message, "write `even: running`, or leave it out");
                }
                let even_running = state.even.is_some();
                Some(Trigger::Lasts { change: change?, time: time.value, even_running })
            }
        }
    }

    fn step(
        &mut self,
        keys: &StepKeys,
        before: &[Step],
        document: &Document,
        roster: &Roster,
    ) -> Option<Step> {
        let names = self.names;
        match self.one_verb(keys.place, &keys.written, &VERBS, &[])? {
            "page" => {
                let found = self.find(&names.escalations, keys.page.as_ref()?, "escalation");
                found.map(Step::Page)
            }
            "declare" => keys.declare.map(Step::Declare),
            "diagnose" | "triage" => self.diagnose(keys, document),
            "ask" => self.ask(keys, roster),
            "tell" if keys.takes.is_some() => self.timed_tell_step(keys, document, roster),
            "tell" => self.tell(keys, document, roster).map(Step::Tell),
            "work" => self.work(keys),
            "together" => self.together(keys, document, roster),
            "confirm" => self.confirm(keys.confirm?, before),
            _ => {
                let change = keys.change.as_ref()?;
                if change.value != "chosen" || names.changes.contains("chosen") {
                    return self
                        .made_change(change, document)
                        .map(ChangeChoice::This)
                        .map(Step::Change);
                }
                if !before.iter().any(|step| matches!(step, Step::Diagnose { .. })) {
                    let hint = "add {diagnose: 5m..10m, among: {…}} before it";
                    self.error(change.place, "nothing was chosen before this step", hint);
                }
                Some(Step::Change(ChangeChoice::ByDiagnosis))
            }
        }
    }

    /// A step that waits until the change before it is seen to help.
    fn confirm(&mut self, within: Placed<Span>, before: &[Step]) -> Option<Step> {
        self.positive(&within, "confirm");
        if !before.iter().any(|step| matches!(step, Step::Change(_))) {
            let hint = "put it after the change that should help";
            self.error(within.place, "nothing was changed before this step", hint);
        }
        Some(Step::Confirm(within.value))
    }

    fn diagnose(&mut self, keys: &StepKeys, document: &Document) -> Option<Step> {
        let verb = if keys.diagnose.is_some() { "diagnose" } else { "triage" };
        let Some(shares) = &keys.among else {
            let written = keys.written.iter().any(|key| key.value == "among");
            if !written {
                let hint = "among: {frontend-revert: 60%, frontend-rebuild: 40%}";
                let message = format!("`{verb}` does not say what is chosen from");
                self.error(keys.place, message, hint);
            }
            return None;
        };
        let candidate = |(name, share): &(Placed<String>, f64)| {
            let change: ChangeId = self.made_change(name, document)?;
            Some((change, Ratio(*share)))
        };
        let among = shares.shares.iter().filter_map(candidate).collect();
        Some(Step::Diagnose { takes: keys.diagnose.or(keys.triage)?, again: keys.again, among })
    }

    /// What a step tells.
    pub fn tell(
        &mut self,
        keys: &StepKeys,
        document: &Document,
        roster: &Roster,
    ) -> Option<TellStep> {
        let note = self.message(keys.note.as_ref(), keys.template.as_ref(), document, true);
        let told = keys.tell.as_ref()?;
        let audience = self.audience(told);
        let (from, to) = match &keys.to {
            Some(to) => {
                self.role_if_role(told, roster);
                (Some(audience?), self.audience(to)?)
            }
            None => (None, audience?),
        };
        if let Some(every) = &keys.every {
            self.at_least(every, Span::SECOND, "nobody is told more than once a second");
        }
        let every = keys.every.map(|every| every.value);
        Some(TellStep { from, to, every, note })
    }
}
