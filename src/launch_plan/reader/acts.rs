//! Lines that do something: steps of the launch and of plays.

use super::super::action::{action, fails, is_condition, is_page, repeated, unanswered};
use super::super::clauses::phrases;
use super::super::facts::{At, LineStatus, StatedAction, StatedPlay, StatedStep, StatedTask};
use super::super::lines::{Kind, Line};
use super::super::names::{is_person, mention};
use super::super::phrase::{self, TimeOfDay};
use super::super::slug::slug;
use super::super::state::{PlanReader, is_role, labelled};
use super::super::topic::{Topic, is_handbook, topic};

/// What comes before the steps of a play in a line.
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

/// What is this many minutes from the launch is not part of its day.
const FAR: i32 = 12 * 60;

impl PlanReader<'_> {
    pub(super) fn step_heading(
        &mut self,
        index: usize,
        clock: &TimeOfDay,
        text: String,
    ) -> LineStatus {
        let line = &self.lines[index];
        if let Some(offset) = clock.offset.filter(|offset| offset.abs() >= FAR) {
            return self.counted_task(index, offset, &text);
        }
        let day = self.day(index);
        let (minutes, day) = self.moment(clock, day, line.number);
        if topic(&text) == Some(Topic::GoNoGo) {
            if let Some(minutes) = minutes {
                self.facts.meeting = Some(At { value: (day, minutes), line: line.number });
            }
            self.polled_in(&text, index);
            return LineStatus::Understood("the go/no-go meeting");
        }
        let (action, number) = (action(&text), line.number);
        let by = self.doing_chain(&text, action.as_ref(), number);
        let action = action.map(|act| self.undone_by(act));
        self.facts.steps.push(StatedStep {
            text,
            minutes,
            counted: clock.offset.is_some(),
            day,
            action,
            by,
            notes: Vec::new(),
            line: number,
        });
        self.step_of.push((index, self.facts.steps.len() - 1));
        LineStatus::Understood("a step")
    }

    /// What is done so long before or after the launch that it is not part of the day: a task.
    fn counted_task(&mut self, index: usize, offset: i32, text: &str) -> LineStatus {
        let line = self.lines[index].number;
        let whole = self.lines[index].text.clone();
        let owner = mention(text.split([',', '(']).nth(1).unwrap_or_default());
        let owner = owner.filter(|who| who.name.contains(' ')).map(|who| self.person(&who, line));
        let counted = phrase::clock(&whole).filter(|clock| clock.offset == Some(offset));
        let counted = counted.map_or("", |clock| &whole[clock.from..clock.to]);
        let item = format!("{counted}: {text}");
        self.facts.tasks.push(StatedTask { item, owner, due: None, done: false, line });
        LineStatus::Understood("a task")
    }

    /// A line of a list below a time that counts from the launch: `T-30 minutes`.
    pub(super) fn counted_line(&mut self, index: usize) -> Option<LineStatus> {
        let line = &self.lines[index];
        let Kind::Item { .. } = line.kind else { return None };
        let lead = self.lead_of(index).map(str::to_string);
        let above = line.under.iter().rev().map(|at| self.lines[*at].text.clone());
        let heads: Vec<String> = lead.into_iter().chain(above).collect();
        let (head, clock) = heads.iter().find_map(|head| {
            let clock = phrase::clock(head).filter(|c| c.offset.is_some() && c.from <= 3)?;
            Some((head, clock))
        })?;
        let text = line.text.clone();
        match clock.offset {
            Some(offset) if offset.abs() >= FAR => {
                let (item, line) =
                    (format!("{}: {text}", &head[clock.from..clock.to]), line.number);
                self.facts.tasks.push(StatedTask {
                    item,
                    owner: None,
                    due: None,
                    done: false,
                    line,
                });
                Some(LineStatus::Understood("a task"))
            }
            _ => {
                let fate = self.step_heading(index, &clock, text);
                self.step_of.retain(|(at, _)| *at != index);
                Some(fate)
            }
        }
    }

    /// `Crisis plan: rollback`, `Crisis plan: rollback fails, put up a maintenance page`.
    pub(super) fn play_heading(&mut self, index: usize) -> Option<usize> {
        let line = &self.lines[index];
        if topic(&line.text) != Some(Topic::Play) {
            return None;
        }
        // Whole handbooks have such a heading too, with chapters below it.
        let below = |other: &&Line| other.under.last() == Some(&index);
        let acts = |other: &Line| phrases(&other.text).iter().any(|part| action(part).is_some());
        if is_handbook(&line.text) && !self.lines.iter().filter(below).any(acts) {
            return None;
        }
        let text = line.text.trim_end_matches([':', ' ']);
        let text = text.split_once(':').map_or(text, |(_, text)| text).trim();
        let lower = text.to_lowercase();
        let fails = [" fails", " failed", " does not work", " doesn't work", " is not possible"];
        let after = fails.iter().find_map(|word| lower.find(word)).and_then(|at| {
            let before = lower[..at].trim();
            let named =
                |play: &StatedPlay| before.contains(&play.name) || play.name.contains(before);
            self.facts.plays.iter().rposition(named)
        });
        let mut parts = phrases(text).into_iter();
        let first = parts.next().unwrap_or_default();
        let rest: Vec<String> = parts.collect();
        let page = is_page(&lower);
        let words = match (after.is_some(), page) {
            (true, true) => "maintenance page".to_string(),
            (true, false) => rest.first().cloned().unwrap_or(first),
            _ => first,
        };
        let name = slug(&words);
        let name = if name.is_empty() { "play".to_string() } else { name };
        let number = line.number;
        let acts = rest.iter().filter_map(|part| action(part));
        let steps = acts.map(|value| At { value, line: number }).collect();
        let play = self.new_play(name, after, number);
        self.facts.plays[play].steps = steps;
        self.facts.plays[play].page = page;
        Some(play)
    }

    /// A play without steps yet; its line tells it from another of the same name.
    pub(super) fn new_play(&mut self, name: String, after: Option<usize>, line: usize) -> usize {
        let name = match self.facts.plays.iter().any(|play| play.name == name) {
            true => format!("{name}-{line}"),
            false => name,
        };
        let (steps, notes) = (Vec::new(), Vec::new());
        self.facts.plays.push(StatedPlay { name, after, steps, notes, page: false, line });
        self.facts.plays.len() - 1
    }

    pub(super) fn play_line(&mut self, index: usize, play: usize) -> LineStatus {
        let line = &self.lines[index];
        if self.task_in_wish(index) {
            return LineStatus::Understood("a task");
        }
        // "Steps: revert, tell the partner": what comes before the colon is not a step.
        let said = match labelled(&line.text) {
            Some((label, rest)) if HEADS.contains(&label.to_lowercase().as_str()) => rest,
            _ => line.text.as_str(),
        };
        if said.trim().is_empty() || line.text.ends_with(':') {
            return LineStatus::Understood("a heading");
        }
        let (said, number) = (said.to_string(), line.number);
        match self.play_phrases(&said, number, play) {
            true => LineStatus::Understood("a step of a play"),
            false => LineStatus::NotUnderstood,
        }
    }

    /// Puts what some words say into a play; whether any of it was understood.
    pub(super) fn play_phrases(&mut self, said: &str, line: usize, play: usize) -> bool {
        let (mut understood, mut play) = (false, play);
        let mut silent = None;
        for phrase in phrases(said) {
            if let Some(again) = repeated(&phrase)
                && let Some(At { value: StatedAction::Tell { every: every @ None, .. }, .. }) =
                    self.facts.plays[play].steps.last_mut()
            {
                *every = Some(again);
                continue;
            }
            if fails(&phrase) {
                play = self.fallback(play, line);
                continue;
            }
            if let Some(within) = unanswered(&phrase) {
                silent = Some(within);
                self.facts.plays[play].notes.push(At { value: phrase, line });
                continue;
            }
            let Some(value) = action(&phrase) else {
                let page = is_page(&phrase);
                self.facts.plays[play].page |= page;
                understood |= page;
                self.facts.plays[play].notes.push(At { value: phrase, line });
                continue;
            };
            self.name_people(&value, line);
            let value = self.undone_by(value);
            understood = true;
            if let (Some(within), StatedAction::Ask { who, .. }) = (silent.take(), &value)
                && self.add_deputy(play, who, within)
            {
                continue;
            }
            let steps = &mut self.facts.plays[play].steps;
            // "Deploy. Requires approval": the yes comes first.
            let before = usize::from(is_condition(&phrase) && !steps.is_empty());
            steps.insert(steps.len() - before, At { value, line });
        }
        understood
    }

    pub(super) fn step_line(&mut self, index: usize, step: usize) -> LineStatus {
        let line = &self.lines[index];
        if line.text.ends_with(':') {
            return LineStatus::Understood("a heading");
        }
        if self.task_in_wish(index) {
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
                if own.is_none() && matches!(act, StatedAction::Change { .. }) {
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

    pub(super) fn name_people(&mut self, act: &StatedAction, line: usize) {
        match act {
            StatedAction::Tell { from: Some(from), to, .. } if is_person(&from.name) => {
                let teller = self.person(from, line);
                self.facts.give_role(teller, "comms");
                if let Some(to) = mention(to) {
                    self.person(&to, line);
                }
            }
            StatedAction::Ask { who, .. }
            | StatedAction::Tell { to: who, .. }
            | StatedAction::Page { who } => {
                if let Some(who) = mention(who) {
                    self.person(&who, line);
                } else if matches!(act, StatedAction::Ask { .. }) && is_role(who) {
                    let held = self.facts.people.iter().any(|person| person.holds(who));
                    if !held {
                        self.facts.vacant(who, line);
                    }
                }
            }
            StatedAction::Work { .. } | StatedAction::Change { .. } => {}
        }
    }
}
