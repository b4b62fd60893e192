//! Go/no-go criteria, the checklist, the decision, and what the run must show.

use crate::decision::{Attestation, Criterion, CriterionKind, Decision, DecisionRecord};
use crate::decision::{PollAnswer, Requirement, Says};
use crate::journal;
use crate::journal::{Expectation, FindingKind, OpenPoint, PlanFinding};
use crate::language::problem::{Problem, quoted};
use crate::language::written::{OneOrMany, Placed};
use crate::scenario::document::{Bound, Document, RecoveryBound};
use crate::scenario::go_no_go::written::{Attestations, ChecklistItem, Done, WrittenCriterion};
use crate::scenario::plan::USUAL_SHARE;
use crate::scenario::resolver::{Resolver, VerbKeys};
use crate::traffic::TrafficPlan;
use crate::units::Ratio;

const KINDS: [VerbKeys; 2] = [("require", &["from"]), ("attested", &[])];

/// What every criterion may have.
const COMMON: [&str; 4] = ["criterion", "owner", "due", "holds"];

/// What the name of an overload begins with, before its tier.
pub const OVERLOAD: &str = "overload of ";

impl Resolver<'_> {
    /// The rows of the go/no-go list.
    pub fn criteria(
        &mut self,
        document: &Document,
        traffic: Option<&TrafficPlan>,
    ) -> Vec<Criterion> {
        let criteria = document.go_no_go.iter().flatten();
        criteria.filter_map(|criterion| self.criterion(criterion, traffic)).collect()
    }

    fn criterion(
        &mut self,
        written: &WrittenCriterion,
        traffic: Option<&TrafficPlan>,
    ) -> Option<Criterion> {
        let kind = self.one_verb(written.place, &written.written, &KINDS, &COMMON)?;
        let kind = match kind {
            "require" => {
                let require = written.require.as_ref()?.value.clone();
                let (measured, at_least) = (require.measured, require.at_least);
                let counted = match &written.from {
                    Some(from) => Some(self.counted(from, &measured, traffic)?),
                    None => None,
                };
                let text = require.text;
                CriterionKind::Require(Requirement { measured, at_least, text, counted })
            }
            _ => {
                let Attestations(rows) = written.attested.as_ref()?;
                let mut attestations = Vec::with_capacity(rows.len());
                for (source, said) in rows {
                    let says = match said {
                        Some(said) => self.says(said.says.as_ref()?)?,
                        None => Says::Open,
                    };
                    let at = said.as_ref().and_then(|said| said.at.clone());
                    if source.value == "?" {
                        self.attests_nobody(written, source);
                    }
                    attestations.push(Attestation { source: source.value.clone(), says, at });
                }
                if attestations.is_empty() {
                    self.error(written.place, "nobody attests this", "attested: [oit]");
                }
                CriterionKind::Attested(attestations)
            }
        };
        let named = written.owner.as_ref().filter(|owner| owner.value != "?");
        Some(Criterion {
            name: written.criterion.as_ref()?.value.clone(),
            kind,
            owner: named.map(|owner| owner.value.clone()),
            due: written.due.map(|due| due.ends(self.calendar.zone())),
            holds: written.holds,
        })
    }

    fn attests_nobody(&mut self, written: &WrittenCriterion, source: &Placed<String>) {
        let name = written.criterion.as_ref().map_or("", |name| name.value.as_str());
        let point = OpenPoint::Unattested { criterion: name.to_string() };
        let hint = "name who says so, a person or a role";
        self.finding_with(
            hint,
            FindingKind::Unnamed,
            journal::Severity::Medium,
            point,
            source.place,
        );
    }

    fn says(&mut self, word: &Placed<String>) -> Option<Says> {
        match word.value.as_str() {
            "met" => Some(Says::Met),
            "failed" => Some(Says::Failed),
            "open" | "?" => Some(Says::Open),
            other => {
                let message = format!("{} is not an attestation", quoted(other));
                self.error(word.place, message, "write met, failed, or \"?\"");
                None
            }
        }
    }

    /// The poll and the decision as filled in.
    pub fn decision(&mut self, document: &Document) -> DecisionRecord {
        let Some(decision) = &document.decision else { return DecisionRecord::default() };
        let answered = |word: &String| (word != "?").then(|| word.clone());
        let poll = decision.poll.iter().flat_map(|poll| &poll.0);
        let said = |word: &String| answered(word).map(|word| PollAnswer::from(word.as_str()));
        let poll = poll.map(|(who, word)| (who.value.clone(), word.as_ref().and_then(said)));
        let decided = decision.decided.as_ref().and_then(|decided| self.decided(decided));
        DecisionRecord {
            poll: poll.collect(),
            decided,
            by: decision.by.as_ref().and_then(answered),
            at: decision.at.as_ref().and_then(answered),
            due: decision.due.map(|due| due.ends(self.calendar.zone())),
        }
    }

    /// Whoever has not decided leaves it open: a scenario does not say that it is put off.
    fn decided(&mut self, word: &Placed<String>) -> Option<Decision> {
        let settled = [Decision::Go, Decision::NoGo];
        let decided = settled.into_iter().find(|decision| decision.word() == word.value);
        if decided.is_none() && word.value != "?" {
            let message = format!("{} is not a decision", quoted(&word.value));
            self.error(word.place, message, "write go, no-go, or \"?\"");
        }
        decided
    }

    /// What the run is expected to show.
    pub fn expectations(&mut self, document: &Document) -> Vec<Expectation> {
        let Some(expect) = &document.expect else { return Vec::new() };
        let names = self.names;
        let mut all = Vec::new();
        let within = |bound: Option<Bound>| bound.map(|Bound(within)| within);
        let cause = expect.of.as_ref().and_then(|cause| self.cause(cause));
        let detected = |within| Expectation::Detected { within, of: cause.clone() };
        all.extend(within(expect.detected).map(detected));
        let recovered = |RecoveryBound { within, all_clear }| Expectation::Recovered {
            within,
            of: cause.clone(),
            all_clear,
        };
        all.extend(expect.recovered.map(recovered));
        let contained = |within| Expectation::Contained { within, of: cause.clone() };
        all.extend(within(expect.contained).map(contained));
        let times = [expect.detected.is_some(), expect.recovered.is_some()];
        if let Some(cause) = &expect.of
            && !times.contains(&true)
            && expect.contained.is_none()
        {
            let message = "`of` restricts `detected`, `recovered` and `contained`: none is given";
            self.error(cause.place, message, "add `detected: < 5m`, or leave `of` out");
        }
        if let Some(play) = &expect.play
            && self.find::<usize>(&names.plays, play, "play").is_some()
        {
            all.push(Expectation::Play { play: play.value.clone() });
        }
        if let Some(OneOrMany(alerts)) = &expect.alerts {
            match &alerts[..] {
                [none] if none.value == "none" => all.push(Expectation::NoAlerts),
                _ => all.push(Expectation::Alerts { alerts: self.alerts(alerts) }),
            }
        }
        if let Some(OneOrMany(silent)) = &expect.silent {
            all.push(Expectation::Silent { alerts: self.alerts(silent) });
        }
        all.extend(self.told_of_incidents(expect));
        all
    }

    /// In which share of many runs expectations must be met.
    pub fn expected_share(&mut self, document: &Document) -> Ratio {
        let Some(expect) = &document.expect else { return USUAL_SHARE };
        let Some(on) = &expect.on else { return USUAL_SHARE };
        if on.value.0 <= 0.0 || on.value.0 >= 1.0 {
            let message = format!("no number of runs can show that it holds in {}", on.value);
            let hint = "write a share above 0% and below 100%, such as 95%";
            self.error(on.place, message, hint);
        }
        on.value
    }

    /// The name of a cause that an expectation is about.
    fn cause(&mut self, of: &Placed<String>) -> Option<String> {
        let names = self.names;
        let overloads = names.tiers.iter().map(|tier| format!("{OVERLOAD}{tier}"));
        let known = names.faults.iter().cloned().chain(overloads).collect();
        self.find::<usize>(&known, of, "fault, nor is it the overload of a tier,")?;
        Some(of.value.clone())
    }

    fn alerts(&mut self, alerts: &[Placed<String>]) -> Vec<String> {
        let names = self.names;
        let found: Vec<usize> = self.find_all(&names.rules, alerts, "rule");
        found.into_iter().map(|index| names.rules[index].clone()).collect()
    }
}

impl Resolver<'_> {
    /// Records a finding for every item that is not done.
    pub fn checklist(&mut self, document: &Document) {
        for item in document.checklist.iter().flatten() {
            self.item(item);
        }
    }

    fn item(&mut self, item: &ChecklistItem) {
        let Some(name) = &item.item else { return };
        let starts = self.calendar.starts().date();
        match item.done.map(|done| (done.value, done.place)) {
            Some((Done::Yes, _)) => return,
            Some((Done::On(day), place)) => {
                if day > starts {
                    let message = format!("this is done on {day}, after the scenario starts");
                    let problem = Problem::warning(place, message);
                    self.problems.push(problem.hint("an item to be done later has a `due`"));
                }
                return;
            }
            Some((Done::No, _)) | None => {}
        }
        let owner = item.owner.as_ref().filter(|owner| owner.value != "?");
        let due = item.due.as_ref().map(|due| due.value.to_string());
        let owner = owner.map(|owner| owner.value.clone());
        let (item, to) = (name.value.clone(), owner.clone());
        let point = OpenPoint::Item { item, owner: to, due: due.clone() };
        // It is owned until its due date: whether it is late, a file cannot know.
        let severity = match owner.is_none() {
            true => journal::Severity::High,
            false => journal::Severity::Medium,
        };
        let hint = "say whose it is and by when; `done: true` once it is done";
        self.finding_with(hint, FindingKind::Checklist, severity, point, name.place);
        if let Some(PlanFinding { row, .. }) = self.findings.last_mut() {
            (row.owner, row.due) = (owner, due);
        }
    }
}
