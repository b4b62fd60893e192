//! Plays: what opens them, what is done, and what follows.

use crate::decision::{AskStep, Chosen, Play, Step, TellStep, Trigger};
use crate::language::problem::{Problem, quoted};
use crate::language::written::{Entries, OneOrMany, Placed};
use crate::names::{ChangeId, PlayId};
use crate::people::Roster;
use crate::scenario::document::Document;
use crate::scenario::plays::written::{
    Play as WrittenPlay, Step as WrittenStep, StepKeys, Trigger as WrittenTrigger,
};
use crate::scenario::resolver::{Desk, Verb};
use crate::units::{Ratio, Span};

const VERBS: [Verb; 6] = [
    ("page", &[]),
    ("declare", &[]),
    ("triage", &["among"]),
    ("ask", &["by", "each", "within", "agrees", "refused"]),
    ("tell", &["to", "every", "note", "template"]),
    ("change", &[]),
];

impl Desk<'_> {
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
        let when = when.iter().filter_map(|trigger| self.trigger(trigger)).collect();
        let mut steps: Vec<Step> = Vec::new();
        for WrittenStep(keys) in play.steps.iter().flatten() {
            let triaged = steps.iter().any(|step| matches!(step, Step::Triage { .. }));
            steps.extend(self.step(keys, triaged, document, roster));
        }
        if play.steps.as_ref().is_some_and(Vec::is_empty) {
            self.error(play.place, "this play has no steps", "");
        }
        if let Some(verify) = &play.verify {
            self.positive(verify, "verify");
        }
        let otherwise = play.otherwise.as_ref();
        let otherwise = otherwise.and_then(|play| self.find(&names.plays, play, "play"));
        Play { when, steps, verify: play.verify.map(|verify| verify.value), otherwise }
    }

    fn trigger(&mut self, trigger: &WrittenTrigger) -> Option<Trigger> {
        let names = self.names;
        let state = match trigger {
            WrittenTrigger::Rule(rule) => {
                return self.find(&names.rules, rule, "rule").map(Trigger::Fires);
            }
            WrittenTrigger::State(state) => state,
        };
        let verbs: [Verb; 2] = [("lasts", &["for"]), ("failed", &[])];
        match self.one_verb(state.place, &state.written, &verbs, &[])? {
            "failed" => {
                self.find(&names.plays, state.failed.as_ref()?, "play").map(Trigger::Failed)
            }
            _ => {
                let change = self.find(&names.changes, state.lasts.as_ref()?, "change");
                let Some(time) = &state.time else {
                    self.error(state.place, "`lasts` needs a time", "add `for: 45m`");
                    return None;
                };
                self.positive(time, "for");
                Some(Trigger::Lasts { change: change?, time: time.value })
            }
        }
    }

    fn step(
        &mut self,
        keys: &StepKeys,
        triaged: bool,
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
            "triage" => self.triage(keys, document),
            "ask" => self.ask(keys, roster),
            "tell" => self.tell(keys, document, roster),
            _ => {
                let change = keys.change.as_ref()?;
                if change.value != "chosen" || names.changes.contains("chosen") {
                    return self.made_change(change, document).map(Chosen::This).map(Step::Change);
                }
                if !triaged {
                    let hint = "add {triage: 5m..10m, among: {…}} before it";
                    self.error(change.place, "nothing was chosen before this step", hint);
                }
                Some(Step::Change(Chosen::ByTriage))
            }
        }
    }

    fn triage(&mut self, keys: &StepKeys, document: &Document) -> Option<Step> {
        let Some(shares) = &keys.among else {
            let written = keys.written.iter().any(|key| key.value == "among");
            if !written {
                let hint = "among: {frontend-revert: 60%, frontend-rebuild: 40%}";
                self.error(keys.place, "`triage` does not say what is chosen from", hint);
            }
            return None;
        };
        let candidate = |(name, share): &(Placed<String>, f64)| {
            let change: ChangeId = self.made_change(name, document)?;
            Some((change, Ratio(*share)))
        };
        let among = shares.shares.iter().filter_map(candidate).collect();
        Some(Step::Triage { takes: keys.triage?, among })
    }

    fn ask(&mut self, keys: &StepKeys, roster: &Roster) -> Option<Step> {
        let asked = keys.ask.as_ref()?;
        let role = self.role(asked, roster);
        let by = self.channels_or_all(keys.by.as_ref(), asked);
        for (span, key) in [(&keys.each, "each"), (&keys.within, "within")] {
            if let Some(span) = span {
                self.positive(span, key);
            }
        }
        if let (Some(each), Some(within)) = (&keys.each, &keys.within)
            && each.value * by.len() as u64 != within.value
        {
            let message = "`each` and `within` do not agree";
            self.error(each.place, message, "give one of them");
        }
        let within = keys.within.map_or(Span::MINUTE * 10, |within| within.value);
        let each = keys.each.map_or(within / by.len().max(1) as u64, |each| each.value);
        let agrees = keys.agrees.unwrap_or(Ratio(1.0));
        let refused = keys.refused.unwrap_or_default();
        Some(Step::Ask(AskStep { role: role?, by, each, agrees, refused }))
    }

    fn tell(&mut self, keys: &StepKeys, document: &Document, roster: &Roster) -> Option<Step> {
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
        Some(Step::Tell(TellStep { from, to, every, note }))
    }

    /// A play that leads back to itself would never end.
    fn play_cycles(&mut self, entries: &[(Placed<String>, Option<WrittenPlay>)], plays: &[Play]) {
        let next = |play: PlayId| {
            let failed = Trigger::Failed(play);
            let others =
                plays.iter().enumerate().filter(move |(_, other)| other.when.contains(&failed));
            plays[play.index()].otherwise.into_iter().chain(others.map(|(i, _)| PlayId::from(i)))
        };
        for start in (0..plays.len()).map(PlayId::from) {
            let mut seen = vec![start];
            let mut reached = 0;
            while reached < seen.len() {
                for play in next(seen[reached]) {
                    if play == start {
                        let (name, _) = &entries[start.index()];
                        let message = format!("play {} leads back to itself", quoted(&name.value));
                        self.error(
                            name.place,
                            message,
                            "`otherwise` and `failed` must come to an end",
                        );
                        return;
                    }
                    if !seen.contains(&play) {
                        seen.push(play);
                    }
                }
                reached += 1;
            }
        }
    }

    fn plays_that_nothing_opens(
        &mut self,
        entries: &[(Placed<String>, Option<WrittenPlay>)],
        plays: &[Play],
    ) {
        for (index, (name, _)) in entries.iter().enumerate() {
            let id = PlayId::from(index);
            let follows = plays.iter().any(|play| play.otherwise == Some(id));
            if plays[index].when.is_empty() && !follows {
                let message = format!("nothing opens play {}", quoted(&name.value));
                let problem = Problem::warning(name.place, message);
                self.problems.push(problem.hint("add `when:`, or name it in an `otherwise:`"));
            }
        }
    }
}
