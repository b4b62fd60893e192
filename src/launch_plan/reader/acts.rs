//! Lines that do something: steps of the launch and of plays.

use super::super::action::{action, phrases};
use super::super::facts::{Action, At, LineStatus, Play, Step};
use super::super::names::mention;
use super::super::phrase::{self, Clock};
use super::super::slug::slug;
use super::super::state::{Reader, labelled};
use super::super::topic::{Topic, topic};

/// What stands before the steps of a play in a line.
const HEADS: [&str; 13] = [
    "action",
    "actions",
    "comms",
    "communication",
    "execution",
    "how",
    "procedure",
    "process",
    "response",
    "step",
    "steps",
    "then",
    "what to do",
];

impl Reader<'_> {
    pub(super) fn step_heading(&mut self, index: usize, clock: &Clock, text: String) -> LineStatus {
        let line = &self.lines[index];
        let day = self.day(index);
        let (minutes, day) = self.moment(clock, day, line.number);
        if topic(&text) == Some(Topic::GoNoGo) {
            if let Some(minutes) = minutes {
                self.facts.meeting = Some(At { value: (day, minutes), line: line.number });
            }
            return LineStatus::Understood("the go/no-go meeting");
        }
        let action = action(&text);
        self.facts.steps.push(Step {
            text,
            minutes,
            day,
            action,
            by: None,
            notes: Vec::new(),
            line: line.number,
        });
        self.step_of.push((index, self.facts.steps.len() - 1));
        LineStatus::Understood("a step")
    }

    /// `Crisis plan: rollback`, `Crisis plan: rollback fails, put up a maintenance page`.
    pub(super) fn play_heading(&mut self, index: usize) -> Option<usize> {
        let line = &self.lines[index];
        if topic(&line.text) != Some(Topic::Play) {
            return None;
        }
        let text = line.text.trim_end_matches([':', ' ']);
        let text = text.split_once(':').map_or(text, |(_, text)| text).trim();
        let lower = text.to_lowercase();
        let fails = [" fails", " failed", " does not work", " doesn't work", " is not possible"];
        let after = fails.iter().find_map(|word| lower.find(word)).and_then(|at| {
            let before = lower[..at].trim();
            let named = |play: &Play| before.contains(&play.name) || play.name.contains(before);
            self.facts.plays.iter().rposition(named)
        });
        let mut parts = phrases(text).into_iter();
        let first = parts.next().unwrap_or_default();
        let rest: Vec<String> = parts.collect();
        let page = lower.contains("maintenance") || lower.contains("503");
        let words = match (after.is_some(), page) {
            (true, true) => "maintenance page".to_string(),
            (true, false) => rest.first().cloned().unwrap_or(first),
            _ => first,
        };
        let name = slug(&words);
        let name = if name.is_empty() { "play".to_string() } else { name };
        let name = match self.facts.plays.iter().any(|play| play.name == name) {
            true => format!("{name}-{}", line.number),
            false => name,
        };
        let acts = rest.iter().filter_map(|part| action(part));
        let steps = acts.map(|value| At { value, line: line.number }).collect();
        let notes = Vec::new();
        self.facts.plays.push(Play { name, after, steps, notes, page, line: line.number });
        Some(self.facts.plays.len() - 1)
    }

    pub(super) fn play_line(&mut self, index: usize, play: usize) -> LineStatus {
        let line = &self.lines[index];
        if self.wish(index) {
            return LineStatus::Understood("a task");
        }
        let mut understood = false;
        // "Steps: revert, tell the partner": what comes before the colon is not a step.
        let said = match labelled(&line.text) {
            Some((label, rest)) if HEADS.contains(&label.to_lowercase().as_str()) => rest,
            _ => line.text.as_str(),
        };
        if said.trim().is_empty() || line.text.ends_with(':') {
            return LineStatus::Understood("a heading");
        }
        for phrase in phrases(said) {
            match action(&phrase) {
                Some(value) => {
                    self.name_people(&value, line.number);
                    self.facts.plays[play].steps.push(At { value, line: line.number });
                    understood = true;
                }
                None => {
                    let page =
                        phrase.contains("503") || phrase.to_lowercase().contains("maintenance");
                    self.facts.plays[play].page |= page;
                    understood |= page;
                    self.facts.plays[play].notes.push(At { value: phrase, line: line.number });
                }
            }
        }
        if understood {
            LineStatus::Understood("a step of a play")
        } else {
            LineStatus::NotUnderstood
        }
    }

    pub(super) fn step_line(&mut self, index: usize, step: usize) -> LineStatus {
        let line = &self.lines[index];
        if line.text.ends_with(':') {
            return LineStatus::Understood("a heading");
        }
        if self.wish(index) {
            return LineStatus::Understood("a task");
        }
        let act = action(&line.text);
        if let Some(act) = &act {
            self.name_people(act, line.number);
        }
        let note = At { value: line.text.clone(), line: line.number };
        self.facts.steps[step].notes.push(note);
        match act {
            Some(act) => {
                let own = &mut self.facts.steps[step].action;
                if own.is_none() && matches!(act, Action::Change { .. }) {
                    *own = Some(act);
                }
                LineStatus::Understood("what a step does")
            }
            None if phrase::open(&line.text).is_some() => {
                LineStatus::Understood("what a step does")
            }
            None => LineStatus::NotUnderstood,
        }
    }

    /// `17:30 switch the traffic` in a list is a step as well.
    pub(super) fn timed_line(&mut self, index: usize) -> Option<LineStatus> {
        let line = &self.lines[index];
        let found = phrase::clock(&line.text).filter(|clock| clock.from <= 3)?;
        let text = line.text[found.to..].trim_start_matches([':', '-', '–', ' ', '.', '|']).trim();
        if text.is_empty() {
            return None;
        }
        let fate = self.step_heading(index, &found, text.to_string());
        self.step_of.retain(|(at, _)| *at != index);
        Some(fate)
    }

    pub(super) fn name_people(&mut self, act: &Action, line: usize) {
        match act {
            Action::Tell { from: Some(from), to, .. } => {
                let teller = self.person(from, line);
                self.facts.give_role(teller, "comms");
                if let Some(to) = mention(to) {
                    self.person(&to, line);
                }
            }
            Action::Ask { who, .. } | Action::Tell { to: who, .. } | Action::Page { who } => {
                if let Some(who) = mention(who) {
                    self.person(&who, line);
                }
            }
            Action::Change { .. } => {}
        }
    }
}
