//! The inputs of plays as `sim explain` lists them.

use crate::decision::{Instead, Step};
use crate::scenario::document::Document;
use crate::scenario::input_subject::step_path;
use crate::scenario::inputs::{InputTable, optional};
use crate::scenario::plan::Plan;
use crate::scenario::plays::approved::in_words;
use crate::scenario::plays::written::{StepKeys, WrittenStep};

impl InputTable<'_> {
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
                self.at(step_path(&name.value, number));
                let ask = match step {
                    Step::Declare(takes) => {
                        let path = format!("{}.declare", self.path);
                        self.place(path, takes.to_string(), Some(keys.place));
                        continue;
                    }
                    Step::Diagnose { takes, again, among } => {
                        if let Some(again) = again {
                            self.row(&keys.written, "again", again);
                        }
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
                    other => {
                        self.timed(keys, other);
                        continue;
                    }
                };
                let by = ask.by.iter().map(|c| plan.names.channels[c.index()].clone());
                self.row(&keys.written, "by", by.collect::<Vec<_>>().join(", "));
                let within = ask.within.unwrap_or_else(|| ask.tried_within());
                self.row(&keys.written, "within", within);
                self.row(&keys.written, "rounds", ask.rounds);
                self.row(&keys.written, "takes", optional(ask.takes));
                self.answers(keys, ask, &plan.names);
                let instead = |instead: Instead| match instead {
                    Instead::Stop => "stop".to_string(),
                    Instead::Next => "next".to_string(),
                    Instead::Hold(time) => format!("hold {time}"),
                    Instead::Play(play) => plan.names.plays[play.index()].clone(),
                };
                let approved = ask.approved.iter().map(|one| in_words(one, &plan.names));
                approved.for_each(|words| self.row(&keys.written, "approved", words));
                self.row(&keys.written, "silent", optional(ask.silent.map(instead)));
                self.row(&keys.written, "refused", instead(ask.refused));
            }
        }
    }

    /// How long a step takes, or waits, that has no other input.
    fn timed(&mut self, keys: &StepKeys, step: &Step) {
        match step {
            Step::Work(lists) => {
                if let [[work]] = lists.iter().map(Vec::as_slice).collect::<Vec<_>>()[..] {
                    self.row(&keys.written, "takes", work.takes);
                }
            }
            Step::Confirm(within) => self.row(&keys.written, "confirm", within),
            _ => {}
        }
    }
}
