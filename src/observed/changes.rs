//! Changes and plays in a sheet, one that people open and one that they end, and the end of its
//! story.

use super::account::{ObservedFault, SheetNarrator};
use super::case::ChangeKind;
use super::clock::planned;
use super::sheet::SheetRow;
use super::vocabulary::{self, RowAction};
use super::{SheetProblem, Weight};
use crate::change::ChangeStage;
use crate::journal::check_expectations;
use crate::journal::{Entry, Event, Evidence, Expectation, IncidentState, PlayStep, Story};
use crate::units::Time;

impl SheetNarrator<'_> {
    /// The change that a row names, whatever else its note says.
    pub fn change_in(&self, row: &SheetRow) -> Option<String> {
        let names: Vec<&str> = self.header.changes.iter().map(|row| row.change.as_str()).collect();
        vocabulary::named_in(&row.note, &names)
    }

    /// A row that must name a change and does not.
    pub fn no_change(&mut self, row: &SheetRow) {
        let names: Vec<&str> = self.header.changes.iter().map(|row| row.change.as_str()).collect();
        let message = match row.note.as_str() {
            "" => format!("`{}` does not say which change", row.action.word()),
            note => format!("`{note}` names no change of the table"),
        };
        let hint = vocabulary::name(&row.note, &names).err().unwrap_or_default();
        self.problems.push(SheetProblem::error(row.number, message).column("note").hint(hint));
    }

    /// How the change of this name is made.
    fn change_kind(&self, change: Option<&str>) -> ChangeKind {
        let names = self.header.changes.iter();
        let position = change.and_then(|change| names.clone().position(|row| row.change == change));
        let row = position.and_then(|position| self.table.changes.get(position));
        row.map_or(ChangeKind { at_once: true, maintenance: false }, |row| ChangeKind {
            at_once: row.propagate.is_none(),
            maintenance: row.maintenance,
        })
    }

    /// A pipeline moved on: for an incident, or by itself.
    pub fn change(&mut self, row: &SheetRow) {
        let named = self.change_in(row);
        let case = self.open_case(row).filter(|case| !self.cases[*case].over);
        let of_case = case.and_then(|case| self.cases[case].change().map(String::from));
        // A change that is not the one chosen is none of the incident's, unless the row says so.
        let case = case.filter(|_| {
            row.incident.is_some() || named.is_none() || of_case.is_none() || named == of_case
        });
        let Some(change) = named.or(of_case) else { return self.no_change(row) };
        let change_kind = self.change_kind(Some(&change));
        let incident = case.map(|case| self.cases[case].number);
        if let Some(case) = case {
            let odd = self.cases[case].take(row, Some(&change), change_kind);
            self.problems.extend(odd);
        }
        let stage = match row.action {
            RowAction::Start => ChangeStage::Deploying,
            RowAction::Done => ChangeStage::Deployed,
            RowAction::Live => ChangeStage::Live,
            _ => ChangeStage::Failed,
        };
        self.staged(row, &change, stage, incident);
        if row.action == RowAction::Done && change_kind.at_once {
            self.staged(row, &change, ChangeStage::Live, incident);
        }
        if let Some(incident) = incident.filter(|_| change_kind.maintenance)
            && (row.action == RowAction::Live
                || row.action == RowAction::Done && change_kind.at_once)
        {
            self.incident(row.at, incident, IncidentState::Contained, None, None);
        }
    }

    fn staged(&mut self, row: &SheetRow, change: &str, stage: ChangeStage, incident: Option<u32>) {
        let case = self.cases.iter().find(|case| Some(case.number) == incident);
        let event = Event::Change {
            change: change.to_string(),
            stage,
            by: row.actor.clone(),
            incident,
            play: case.and_then(|case| case.play.clone()),
            pipeline: None,
            text: String::new(),
            evidence: Evidence::Measured,
        };
        self.write(row.at, event);
    }

    /// A play moved on, or something was noted.
    pub fn step(&mut self, row: &SheetRow, incident: Option<u32>, step: PlayStep, text: &str) {
        let case = self.cases.iter().find(|case| Some(case.number) == incident);
        let event = Event::Play {
            incident,
            play: case.and_then(|case| case.play.clone()),
            step,
            actor: row.actor.clone(),
            channel: row.channel.clone(),
            text: text.to_string(),
        };
        self.write(row.at, event);
    }

    /// An incident moved on.
    pub fn incident(
        &mut self,
        at: Time,
        incident: u32,
        state: IncidentState,
        rule: Option<String>,
        since: Option<Time>,
    ) {
        self.write(at, Event::Incident { incident, state, rule, since });
    }

    /// The role of a row's person: as it says, else their own.
    pub fn role(&self, row: &SheetRow) -> String {
        let people = &self.header.people;
        let own =
            row.actor.as_ref().and_then(|actor| people.iter().find(|(name, _)| name == actor));
        row.role.clone().or(own.map(|(_, roles)| roles.to_string())).unwrap_or_default()
    }

    /// Closes the books: faults, attempts, go/no-go as the run had it, expectations.
    pub fn finish(
        mut self,
        last: Time,
    ) -> Result<(Vec<Entry>, Vec<SheetProblem>), Vec<SheetProblem>> {
        if self.problems.iter().any(|problem| problem.weight == Weight::Error) {
            self.problems.retain(|problem| problem.weight == Weight::Error);
            return Err(self.problems);
        }
        let seen = |time: &Time| *time <= last;
        let mut entries: Vec<(Time, Event)> = Vec::new();
        for ObservedFault { name, text, site, from, to, .. } in &self.faults {
            let event = |begins| {
                let (fault, text, site) = (name.clone(), text.clone(), *site);
                Event::Fault { fault, begins, site, text }
            };
            entries.extend(Some(*from).filter(seen).map(|from| (from, event(true))));
            entries.extend(to.filter(seen).map(|to| (to, event(false))));
        }
        entries.append(&mut self.entries);
        let mut attempts = Vec::new();
        for case in self.cases {
            let (ended, phases) = case.close(last);
            attempts.extend(ended);
            entries.extend(phases.into_iter().map(|span| (span.until, Event::Phase(span))));
        }
        entries.sort_by_key(|(at, _)| *at);
        for attempt in attempts {
            entries.push((last, Event::Attempt(Box::new(attempt))));
        }
        let criteria = self.run.entries().iter().filter_map(|entry| match &entry.event {
            Event::Criterion(criterion) => Some((last, Event::Criterion(criterion.clone()))),
            _ => None,
        });
        entries.extend(criteria);
        let numbered = |entries: Vec<(Time, Event)>| -> Vec<Entry> {
            let entries = entries.into_iter().zip(1..);
            entries.map(|((at, event), seq)| Entry { seq, at, event }).collect()
        };
        let mut entries = numbered(entries);
        let mut story = Story::default();
        entries.iter().for_each(|entry| story.add(entry));
        let expect: Vec<Expectation> = planned(self.header, "/expect").unwrap_or_default();
        for expectation in check_expectations(&expect, self.header, &story) {
            let seq = entries.len() as u64 + 1;
            entries.push(Entry { seq, at: last, event: Event::Expect(expectation) });
        }
        Ok((entries, self.problems))
    }
}

impl SheetNarrator<'_> {
    /// A play was opened: in the place of the one that ran, or with an incident of its own.
    pub fn play(&mut self, row: &SheetRow) {
        let names: Vec<&str> = self.header.plays.iter().map(String::as_str).collect();
        let Some(play) = vocabulary::named_in(&row.note, &names) else {
            let message = match row.note.as_str() {
                "" => "`play` does not say which play".to_string(),
                note => format!("`{note}` names no play"),
            };
            let hint = vocabulary::name(&row.note, &names).err().unwrap_or_default();
            self.problems.push(SheetProblem::error(row.number, message).column("note").hint(hint));
            return;
        };
        let cause = format!("{play} was opened");
        let Some(case) = self.open_case(row).filter(|case| !self.cases[*case].over) else {
            self.open(row, row.at, &cause, Some(play), false);
            return;
        };
        self.cases[case].change_play(row.at, Some(play.clone()));
        let incident = Some(self.cases[case].number);
        let (actor, channel) = (row.actor.clone(), row.channel.clone());
        let (step, text) = (PlayStep::Opened, cause);
        self.write(row.at, Event::Play { incident, play: Some(play), step, actor, channel, text });
    }

    /// The play that ran was ended, and the incident goes on without one.
    pub fn close_play(&mut self, row: &SheetRow) {
        let case = self.open_case(row).filter(|case| !self.cases[*case].over);
        let Some(case) = case.filter(|case| self.cases[*case].play.is_some()) else {
            let problem = SheetProblem::error(row.number, "`close`, and no play is open");
            let hint = "write `recovered` when service was back to normal, or a `note`";
            self.problems.push(problem.column("action").hint(hint));
            return;
        };
        let play = self.cases[case].play.clone().unwrap_or_default();
        self.cases[case].change_play(row.at, None);
        let incident = Some(self.cases[case].number);
        self.step(row, incident, PlayStep::Note, &format!("{play} was closed"));
    }
}
