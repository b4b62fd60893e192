//! The rows of a sheet in order, told as a journal tells a gameday.

use super::SheetProblem;
use super::case::{ChangeKind, SheetIncident};
use super::clock::{by_the_rooms_clock, planned};
use super::sheet::{ObservedSheet, SheetRow};
use super::vocabulary::{self, RowAction};
use crate::change::ChangeTable;
use crate::decision::{AlertState, BoundBy, EVERYONE};
use crate::journal::{AlertEntry, Attribution, Entry, Event, Evidence, FaultSpan, Header};
use crate::journal::{IncidentState, PlayStep, RunMode, Story};
use crate::names::NamedScope;
use crate::telemetry::Cause;
use crate::units::{Span, Time};

/// What a sheet says.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// That of the run, with a run id and a start of its own.
    pub header: Header,
    /// What happened, in order.
    pub entries: Vec<Entry>,
    /// What was understood in spite of how it is written, row by row.
    pub warnings: Vec<SheetProblem>,
}

/// The story of a sheet on its way.
pub(super) struct SheetNarrator<'a> {
    pub header: &'a Header,
    pub run: &'a Story,
    pub table: ChangeTable,
    pub entries: Vec<(Time, Event)>,
    pub cases: Vec<SheetIncident>,
    /// Everybody who was asked and has not answered: the ask, whom, when, for which incident.
    asked: Vec<(u32, String, Time, Option<u32>)>,
    asks: u32,
    pub faults: Vec<ObservedFault>,
    pub problems: Vec<SheetProblem>,
}

/// A fault of the run, at the moment when it began in the room.
pub(super) struct ObservedFault {
    pub name: String,
    pub text: String,
    pub site: bool,
    pub from: Time,
    pub to: Option<Time>,
    /// An incident began with it.
    taken: Option<u32>,
}

/// Tells the sheet as a journal.
pub(super) fn account(
    sheet: ObservedSheet,
    header: &Header,
    run: &Story,
    run_id: String,
) -> Result<Observed, Vec<SheetProblem>> {
    let ObservedSheet { rows, calendar, warnings } = sheet;
    let last = rows.last().map_or(Time::ZERO, |row| row.at);
    let header = Header {
        run_id,
        mode: RunMode::Observed,
        lasts: Span(header.lasts.0.max(last.0)),
        faults: by_the_rooms_clock(header, &calendar),
        calendar,
        // What is written down is when it was known.
        delay: Span::ZERO,
        ..header.clone()
    };
    let mut narrator = SheetNarrator::new(&header, run, warnings);
    rows.iter().for_each(|row| narrator.row(row));
    let (entries, warnings) = narrator.finish(last)?;
    Ok(Observed { header, entries, warnings })
}

impl<'a> SheetNarrator<'a> {
    fn new(header: &'a Header, run: &'a Story, problems: Vec<SheetProblem>) -> Self {
        let fault = |span: FaultSpan| ObservedFault {
            name: span.fault.to_string(),
            text: span.text.to_string(),
            site: span.site,
            from: span.from,
            to: span.to,
            taken: None,
        };
        SheetNarrator {
            header,
            run,
            table: planned(header, "/playbook/changes").unwrap_or_default(),
            entries: Vec::new(),
            cases: Vec::new(),
            asked: Vec::new(),
            asks: 0,
            faults: run.faults().into_iter().map(fault).collect(),
            problems,
        }
    }

    /// Adds an event, whatever its place in time.
    pub fn write(&mut self, at: Time, event: Event) {
        self.entries.push((at, event));
    }

    fn row(&mut self, row: &SheetRow) {
        match row.action {
            RowAction::Begin | RowAction::End => {}
            RowAction::Note => self.step(row, None, PlayStep::Note, &row.note),
            RowAction::Inject => self.inject(row),
            RowAction::Alert => self.alert(row),
            RowAction::Tell => {
                let incident = self.open_case(row).map(|case| self.cases[case].number);
                let audience = row.role.clone().unwrap_or_else(|| EVERYONE.to_string());
                let text = if row.note.is_empty() { "told".to_string() } else { row.note.clone() };
                let (from, to) = (row.actor.clone(), Vec::new());
                let evidence = Evidence::Simulated;
                let tell = Event::Tell { incident, from, audience, to, text, evidence };
                self.write(row.at, tell);
            }
            RowAction::Ask => self.ask(row),
            RowAction::Play => self.play(row),
            RowAction::Close => self.close_play(row),
            RowAction::Start | RowAction::Done | RowAction::Live | RowAction::Failed => {
                self.change(row)
            }
            _ => self.respond(row),
        }
    }

    /// The position of the incident that a row belongs to, if it is open.
    pub fn open_case(&self, row: &SheetRow) -> Option<usize> {
        match row.incident {
            Some(number) => self.cases.iter().position(|case| case.number == number),
            None => self.cases.iter().rposition(|case| !case.over),
        }
    }

    fn inject(&mut self, row: &SheetRow) {
        let names: Vec<&str> = self.header.faults.iter().map(|(name, _)| name.as_str()).collect();
        let Some(name) = vocabulary::named_in(&row.note, &names) else {
            let message = "`inject` names no fault of the scenario: kept as a note".to_string();
            let hint = format!("write one of: {}", names.join(", "));
            self.problems
                .push(SheetProblem::warning(row.number, message).column("note").hint(hint));
            return self.step(row, None, PlayStep::Inject, &row.note);
        };
        let same = |fault: &&mut ObservedFault| fault.name == name;
        match self.faults.iter_mut().find(same) {
            Some(fault) => {
                let length = fault.to.map(|to| to.since(fault.from));
                (fault.from, fault.to) = (row.at, length.map(|length| row.at + length));
            }
            None => {
                let text = self.header.faults.iter().find(|(other, _)| *other == name);
                let text = text.map_or(String::new(), |(_, sentence)| sentence.to_string());
                let (site, from) = (true, row.at);
                self.faults.push(ObservedFault { name, text, site, from, to: None, taken: None });
            }
        }
    }

    /// Somebody noticed: an incident opens, or a further rule joins it.
    fn alert(&mut self, row: &SheetRow) {
        let names: Vec<&str> = self.header.rules.iter().map(|rule| rule.alert.as_str()).collect();
        let rule = vocabulary::named_in(&row.note, &names)
            .or_else(|| vocabulary::named_in(row.actor.as_deref().unwrap_or_default(), &names));
        let alert = rule.clone().unwrap_or_else(|| match (&row.actor, row.note.is_empty()) {
            (Some(actor), _) => format!("noticed by {actor}"),
            (None, false) => row.note.clone(),
            (None, true) => "noticed by somebody".to_string(),
        });
        match self.open_case(row).filter(|case| !self.cases[*case].over) {
            Some(case) => {
                let incident = self.cases[case].number;
                self.fired(row.at, &alert, incident);
                self.incident(row.at, incident, IncidentState::Joined, Some(alert), None);
            }
            None => {
                let play = self.play_of(rule.as_deref());
                self.open(row, row.at, &alert, play, false);
            }
        }
    }

    fn fired(&mut self, at: Time, alert: &str, incident: u32) {
        let behind = self.faults.iter().find(|fault| fault.taken == Some(incident));
        let entry = AlertEntry {
            rule: alert.to_string(),
            scope: NamedScope::site(),
            state: AlertState::Firing,
            at,
            value: None,
            threshold: None,
            bound_by: BoundBy::Fixed,
            baseline: None,
            n: 0,
            held: Span::ZERO,
            incident: Some(incident),
            attribution: Attribution {
                cause: behind.map(|fault| Cause::Fault(fault.name.clone())),
                cause_at: behind.map(|fault| fault.from),
            },
        };
        self.write(at, Event::Alert(entry));
    }

    /// The play that a rule opens; the first of all where nobody knows the rule.
    fn play_of(&self, rule: Option<&str>) -> Option<String> {
        let mut rules = self.header.rules.iter();
        match rule {
            Some(rule) => rules.find(|row| row.alert == rule).and_then(|row| row.play.clone()),
            None => rules.find_map(|row| row.play.clone()),
        }
    }

    /// Opens an incident and its play.
    pub fn open(
        &mut self,
        row: &SheetRow,
        at: Time,
        alert: &str,
        play: Option<String>,
        of_run: bool,
    ) -> usize {
        let free = (1..).find(|number| self.cases.iter().all(|case| case.number != *number));
        let number = row.incident.or(free).expect("there are many numbers");
        let begun =
            |fault: &&mut ObservedFault| fault.site && fault.from <= at && fault.taken.is_none();
        let mut begun: Vec<&mut ObservedFault> = self.faults.iter_mut().filter(begun).collect();
        begun.sort_by_key(|fault| fault.from);
        let fault = begun.into_iter().next().map(|fault| {
            fault.taken = Some(number);
            (fault.name.clone(), fault.from)
        });
        self.cases.push(SheetIncident::open(number, at, alert, play.clone(), fault, of_run));
        self.fired(at, alert, number);
        self.incident(at, number, IncidentState::Opened, Some(alert.to_string()), None);
        if let Some(play) = play {
            let event = Event::Play {
                incident: Some(number),
                play: Some(play),
                step: PlayStep::Opened,
                actor: None,
                channel: None,
                text: alert.to_string(),
            };
            self.write(at, event);
        }
        self.cases.len() - 1
    }

    /// The incident that a response belongs to; one that nobody wrote down the alert of is opened.
    fn case_of(&mut self, row: &SheetRow) -> Option<usize> {
        if let Some(case) = self.open_case(row) {
            return Some(case);
        }
        if !matches!(row.action, RowAction::Ask | RowAction::Acknowledge | RowAction::Declare) {
            let message = format!("`{}`, and no incident is open", row.action.word());
            let hint = "write when it was noticed (`alert`) or answered (`ack`) in a row above";
            self.problems
                .push(SheetProblem::error(row.number, message).column("action").hint(hint));
            return None;
        }
        let number = self.cases.len() as u32 + 1;
        let mut firing = self.run.alerts().filter(|(_, alert)| {
            alert.state == AlertState::Firing && alert.incident == Some(number)
        });
        let of_run = firing.next().filter(|(at, _)| *at <= row.at);
        let of_run = of_run.map(|(at, alert)| (at, alert.rule.clone()));
        let what = "there is no `alert` row for this incident";
        let (message, case) = match of_run {
            Some((at, alert)) => {
                let message = format!("{what}: that of the simulated run is used");
                let play = self.play_of(Some(&alert));
                (message, self.open(row, at, &alert, play, true))
            }
            None => {
                let by = row.actor.as_deref().unwrap_or("somebody");
                let noticed = format!("noticed by {by}");
                let case = self.open(row, row.at, &noticed, self.play_of(None), false);
                (format!("{what}: it counts as noticed with this row"), case)
            }
        };
        let hint = "add a row `alert` with the time at which it was noticed";
        self.problems.push(SheetProblem::warning(row.number, message).hint(hint));
        Some(case)
    }

    fn ask(&mut self, row: &SheetRow) {
        let case = self.case_of(row);
        let incident = case.map(|case| self.cases[case].number);
        let person = row.actor.clone().unwrap_or_default();
        self.asks += 1;
        self.asked.push((self.asks, person.clone(), row.at, incident));
        let event = Event::Ask {
            ask: self.asks,
            incident,
            role: self.role(row),
            person,
            channel: row.channel.clone(),
            question: row.note.clone(),
            until: None,
        };
        self.write(row.at, event);
    }

    /// An answer, a decision, or what came of it.
    fn respond(&mut self, row: &SheetRow) {
        let Some(case) = self.case_of(row) else { return };
        let change = match row.action {
            RowAction::Choose => match self.change_in(row) {
                Some(change) => Some(change),
                None => return self.no_change(row),
            },
            _ => None,
        };
        if row.action != RowAction::Acknowledge && self.cases[case].over {
            let message = format!("incident {} is already over", self.cases[case].number);
            let hint = "write the number of another incident, or a `note`";
            self.problems
                .push(SheetProblem::error(row.number, message).column("incident").hint(hint));
            return;
        }
        let number = self.cases[case].number;
        let late = row.action == RowAction::Acknowledge && self.cases[case].acknowledged();
        let odd = self.cases[case].take(row, change.as_deref(), ChangeKind::default());
        self.problems.extend(odd);
        let (step, reply, text) = match row.action {
            RowAction::Acknowledge => (PlayStep::Acknowledged, Some("yes"), "takes the incident"),
            RowAction::Declare => (PlayStep::Declared, None, "this is an incident"),
            RowAction::NoIncident => (PlayStep::NotDeclared, None, "this is not an incident"),
            RowAction::Choose => (PlayStep::Chosen, None, change.as_deref().unwrap_or_default()),
            RowAction::Decide => (PlayStep::Decided, Some("yes"), "go ahead"),
            RowAction::Refuse => (PlayStep::Refused, Some("no"), "do not go ahead"),
            RowAction::NoEffect => (PlayStep::NotVerified, None, "it did not help"),
            _ => {
                self.recovered(row.at, number);
                return;
            }
        };
        if let Some(reply) = reply {
            self.answer(row, number, reply, late);
        }
        if !late {
            let text = if row.note.is_empty() { text } else { &row.note };
            self.step(row, Some(number), step, text);
        }
    }

    fn recovered(&mut self, at: Time, number: u32) {
        self.incident(at, number, IncidentState::Recovered, None, Some(at));
        let alerts = self.entries.iter().filter_map(|(_, event)| match event {
            Event::Alert(alert) if alert.incident == Some(number) => Some(alert.clone()),
            _ => None,
        });
        for alert in alerts.collect::<Vec<_>>() {
            let held = at.since(alert.at);
            let state = AlertState::Resolved;
            self.write(at, Event::Alert(AlertEntry { state, at, held, ..alert }));
        }
        let taken = self.faults.iter_mut().filter(|fault| fault.taken == Some(number));
        taken.for_each(|fault| fault.to = Some(at));
    }

    fn answer(&mut self, row: &SheetRow, incident: u32, reply: &str, late: bool) {
        let person = row.actor.clone().unwrap_or_default();
        let asked = self
            .asked
            .iter()
            .rposition(|(_, whom, _, of)| *whom == person && of.is_none_or(|of| of == incident));
        let (ask, asked_at) = match asked {
            Some(position) => {
                let (ask, _, at, _) = self.asked.remove(position);
                (ask, at)
            }
            None => {
                let message = format!("{person} answers, and no row says when they were asked");
                let problem = SheetProblem::warning(row.number, message);
                let hint = "add a row `ask` for them, to know how long they took";
                self.problems.push(problem.hint(hint));
                self.asks += 1;
                (self.asks, row.at)
            }
        };
        let event = Event::Answer {
            ask,
            incident: Some(incident),
            role: self.role(row),
            person,
            channel: row.channel.clone(),
            question: row.action.word().to_string(),
            reply: reply.to_string(),
            asked_at,
            late,
            evidence: Evidence::Measured,
        };
        self.write(row.at, event);
    }
}
