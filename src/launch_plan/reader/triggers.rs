//! Reasons to roll back that a plan lists, and what it says is done then.

use super::super::action::action;
use super::super::criteria;
use super::super::facts::{At, LineStatus, StatedAction};
use super::super::lines::Kind;
use super::super::pattern::pattern;
use super::super::slug::slug;
use super::super::state::{PlanReader, labelled};
use super::super::thresholds::threshold;
use super::super::topic::{Topic, topic};

/// Why a trigger is open that no rule can tell.
const NOT_MEASURED: &str = "no number of the site shows it";

pattern!(
    CONSEQUENCE,
    r"(?i)^(?:then|in (?:that|this) case|if so|if any of (?:these|this|them)\b[^:,]*)\s*[:,]\s*"
);
pattern!(VERB, r"(?i)\b(?:roll(?:ing)?[\s-]?back|abort|revert|back[\s-]?out|stop)");

pattern!(
    OTHER,
    concat!(
        r"(?i)\b(?:who|authority|decides?|decision|decision[- ]maker|owners?|approv\w+|contacts?",
        r"|window|procedure|steps?|process|actions?|communicat\w+|time(?:line|s)?|notes?)\b",
    )
);

impl PlanReader<'_> {
    /// A line with a box that is not a task: a criterion, or a reason to roll back.
    pub(super) fn boxed(&mut self, index: usize) -> Option<LineStatus> {
        if self.topics(index).first() == Some(&Topic::Trigger) {
            let line = &self.lines[index];
            if let Some(found) = threshold(&line.text, line.number) {
                self.facts.thresholds.push(found);
                return Some(LineStatus::Understood("a threshold"));
            }
            return self.trigger(index);
        }
        criteria::criterion(self, index)
    }

    /// `Any data loss` below `Rollback triggers`: somebody has to notice it.
    pub(super) fn trigger(&mut self, index: usize) -> Option<LineStatus> {
        let line = &self.lines[index];
        let listed = matches!(line.kind, Kind::Item { .. }) && !line.text.ends_with(':');
        if !listed || self.topics(index).first() != Some(&Topic::Trigger) {
            return None;
        }
        // "Who decides:" within such a list leads in something else.
        let above = self.lines[..index].iter().rev().take_while(|other| other.under == line.under);
        let lead = above.map(|other| other.text.as_str()).find(|text| text.ends_with(':'));
        let reasons = |lead: &str| topic(lead) == Some(Topic::Trigger) || !OTHER.is_match(lead);
        if topic(&line.text).is_some() || lead.is_some_and(|lead| !reasons(lead)) {
            return None;
        }
        let acts = |part: &StatedAction| {
            !matches!(part, StatedAction::Work { .. } | StatedAction::Change { .. })
        };
        if action(&line.text).as_ref().is_some_and(acts) {
            return None;
        }
        self.facts.triggers.push(At { value: line.text.clone(), line: line.number });
        Some(LineStatus::Open(NOT_MEASURED.to_string()))
    }

    /// `Then: switch back. If that does not help, put up the page`, below the reasons for it.
    pub(super) fn consequence(&mut self, index: usize, lead: Option<usize>) -> Option<LineStatus> {
        let line = &self.lines[index];
        let begins = CONSEQUENCE.find(&line.text)?;
        let lead = lead.filter(|at| *at < index && self.lines[*at].under == line.under);
        let heading = line.under.last().copied();
        let reasons = |at: &usize| topic(&self.lines[*at].text) == Some(Topic::Trigger);
        let reasons = lead.into_iter().chain(heading).find(reasons)?;
        let verb = VERB.find(&self.lines[reasons].text).map_or("rollback", |found| found.as_str());
        let name = slug(verb).replace("roll-back", "rollback");
        let (said, number) = (line.text[begins.end()..].to_string(), line.number);
        let play = self.new_play(name, None, number);
        Some(match self.play_phrases(&said, number, play) {
            true => LineStatus::Understood("a play"),
            false => LineStatus::NotUnderstood,
        })
    }

    /// What is done where the repairs of a play do not help.
    pub(super) fn fallback(&mut self, play: usize, line: usize) -> usize {
        if let Some(next) = self.facts.plays.iter().position(|next| next.after == Some(play)) {
            return next;
        }
        let name = format!("{}-fails", self.facts.plays[play].name);
        self.new_play(name, Some(play), line)
    }

    /// Somebody decides where the one who was asked last gives no answer; whether anybody was.
    pub(super) fn add_deputy(&mut self, play: usize, deputy: &str, within: Option<String>) -> bool {
        let last = self.facts.plays[play].steps.last_mut();
        let Some(At {
            value: StatedAction::Ask { deputy: none @ None, within: waits, .. }, ..
        }) = last
        else {
            return false;
        };
        *none = Some(deputy.to_string());
        *waits = within;
        true
    }

    /// `Launch date: 14 March`: the day of the launch.
    pub(super) fn dated_label(&mut self, index: usize) -> Option<LineStatus> {
        let line = &self.lines[index];
        let (label, rest) = labelled(&line.text)?;
        if !DAY_LABEL.is_match(label.trim()) {
            return None;
        }
        let days = super::super::dates::days(rest, self.dates)?;
        if self.facts.day.is_none() {
            self.facts.day = Some(At { value: days.to, line: line.number });
        }
        Some(LineStatus::Understood("the day"))
    }
}

pattern!(
    DAY_LABEL,
    concat!(
        r"(?i)^(?:planned |target |scheduled )?(?:(?:launch|release|go-?live|cut-?over|event",
        r"|deployment|migration)(?: date| day)?|date|day|when)$",
    )
);
