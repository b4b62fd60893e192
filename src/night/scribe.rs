//! What was typed so far, and the state that follows from it.

use super::incident::Situation;
use super::rows::{NightRow, ParsedLine, Reminder, RowReader};
use super::typed::{EntryKind, NightEntry, TypedLine};
use crate::journal::{Entry as JournalEntry, Header, RunMode, Story};
use crate::names::PersonId;
use crate::observed::{self, Observed, Weight};
use crate::scenario::{self, Plan};
use crate::units::{Calendar, Span, Time};

/// Everything that was typed, as a sheet and as the story that the sheet tells.
#[derive(Clone)]
pub struct Scribe<'p> {
    pub(super) plan: &'p Plan,
    pub(super) calendar: Calendar,
    header: Header,
    rows: Vec<NightRow>,
    pub(super) reminders: Vec<Reminder>,
    responders: Vec<(Option<u32>, PersonId)>,
    /// Work that is done: since when, of which incident, what.
    worked: Vec<(Time, Option<u32>, String)>,
    /// What was understood although something is missing.
    warned: Vec<String>,
    entries: Vec<JournalEntry>,
    pub(super) story: Story,
    pub(super) situation: Situation,
}

/// A line that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedLine {
    /// In full, as it is written to disk.
    pub written: String,
    /// When it was, which may be before now.
    pub at: Time,
    /// What was understood although something is missing.
    pub warnings: Vec<String>,
}

impl<'p> Scribe<'p> {
    /// An empty night, on this day. Faults and expectations of the plan are none of its business.
    pub fn new(plan: &'p Plan, calendar: Calendar) -> Scribe<'p> {
        let mut without = Plan {
            faults: Vec::new(),
            expect: Vec::new(),
            actual: None,
            calendar: calendar.clone(),
            ..plan.clone()
        };
        without.names.faults.clear();
        let header = Header {
            mode: RunMode::Real,
            inputs: Vec::new(),
            findings: Vec::new(),
            ..scenario::header(&without, 0, plan.seed)
        };
        Scribe {
            plan,
            calendar,
            header,
            rows: Vec::new(),
            reminders: Vec::new(),
            responders: Vec::new(),
            worked: Vec::new(),
            warned: Vec::new(),
            entries: Vec::new(),
            story: Story::default(),
            situation: Situation::default(),
        }
    }

    /// What a line is in full, and the night with it; this one is as before. Fails with what to
    /// type instead.
    pub fn prepare(
        &self,
        now: Time,
        entry: &NightEntry,
    ) -> Result<(AcceptedLine, Scribe<'p>), String> {
        let mut with = self.clone();
        let taken = with.add(now, entry)?;
        Ok((taken, with))
    }

    /// Takes in a line that was once written to disk. Undo, status and the end are not for it. A
    /// night that has failed to take one is of no use any more.
    pub fn replay(&mut self, now: Time, text: &str) -> Result<AcceptedLine, String> {
        match TypedLine::read(text, &self.plan.names)? {
            TypedLine::Entry(entry) => self.add(now, &entry),
            _ => Err(format!("`{text}` does not say what happened")),
        }
    }

    fn add(&mut self, now: Time, entry: &NightEntry) -> Result<AcceptedLine, String> {
        let at = entry.at.map_or(Ok(now), |clock| self.moment(clock, now))?;
        let (plan, calendar, situation) = (self.plan, &self.calendar, &self.situation);
        let meaning = RowReader { plan, calendar, situation, at, entry }.meaning()?;
        let ParsedLine { rows, reminder, responder, worked } = meaning;
        let number = self.situation.incident(entry.incident).map(|incident| incident.number);
        let written = match &worked {
            Some(what) => NightEntry { what: EntryKind::Worked(what.clone()), ..entry.clone() },
            None => entry.clone(),
        };
        self.worked.extend(worked.map(|what| (at, number, what)));
        self.rows.extend(rows);
        self.reminders.extend(reminder);
        self.responders.extend(responder);
        let before = std::mem::take(&mut self.warned);
        self.rebuild_story(now)?;
        let fresh = self.warned.iter().filter(|text| !before.contains(text));
        let warnings = fresh.cloned().collect();
        Ok(AcceptedLine { written: written.written(&self.plan.names), at, warnings })
    }

    /// The last moment up to now at which the clock showed this.
    fn moment(&self, clock: jiff::civil::Time, now: Time) -> Result<Time, String> {
        let today = self.calendar.at(now).date();
        let days = [Some(today), today.yesterday().ok()].into_iter().flatten();
        let mut moments = days.filter_map(|day| {
            let moment = self.calendar.zone().to_zoned(day.to_datetime(clock)).ok()?;
            self.calendar.time_of(&moment).filter(|at| *at <= now)
        });
        moments.next().ok_or_else(|| {
            let (begins, now) = (self.calendar.clock(Time::ZERO), self.calendar.clock(now));
            format!("{} is not between {begins} and now, {now}", clock.strftime("%H:%M:%S"))
        })
    }

    /// Lets the sheet tell its story again, up to now.
    fn rebuild_story(&mut self, now: Time) -> Result<(), String> {
        // What is under way is told up to the end of the sheet: the next second.
        self.tell_until(now + Span::SECOND)
    }

    /// Tells it up to this moment and no further, for what is written down in the end.
    pub fn settle(&mut self, now: Time) {
        if !self.is_empty() {
            self.tell_until(now).expect("it made sense before");
        }
    }

    fn tell_until(&mut self, until: Time) -> Result<(), String> {
        let header = self.header(until);
        let told = observed::observed(&self.sheet(until), &header, &Story::default());
        let Observed { entries, warnings, .. } = told.map_err(|problems| {
            let said: Vec<String> = problems.iter().map(sentence).collect();
            said.join("; ")
        })?;
        self.story = Story::default();
        entries.iter().for_each(|entry| self.story.add(entry));
        self.entries = entries;
        self.situation = Situation::from_story(&self.story, self.plan);
        for (at, number, what) in &self.worked {
            let is_this = |own: &&mut super::incident::NightIncident| Some(own.number) == *number;
            if let Some(own) = self.situation.incidents.iter_mut().find(is_this) {
                own.worked.push((*at, what.clone()));
            }
        }
        for (number, person) in &self.responders {
            let is_this = |own: &&mut super::incident::NightIncident| Some(own.number) == *number;
            if let Some(own) = self.situation.incidents.iter_mut().find(is_this) {
                own.responder = Some(*person);
            }
        }
        let said = warnings.iter().filter(|one| one.weight == Weight::Warning);
        self.warned = said.map(|one| one.message.clone()).collect();
        Ok(())
    }

    /// The header of its journal; a night may go on for longer than its plan.
    pub fn header(&self, now: Time) -> Header {
        let lasts = Span(self.header.lasts.0.max(now.0));
        Header { lasts, ..self.header.clone() }
    }

    /// The journal of the night, without its header.
    pub fn entries(&self) -> &[JournalEntry] {
        &self.entries
    }

    /// The same without readings, for reports.
    pub fn story(&self) -> &Story {
        &self.story
    }

    /// The clock of the night.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What was typed as the cells of an observer's sheet, the heading first, in order of time.
    pub fn cells(&self) -> Vec<[String; 7]> {
        let names = &self.plan.names;
        let mut rows: Vec<&NightRow> = self.rows.iter().collect();
        rows.sort_by_key(|row| row.at);
        let cells = rows.into_iter().map(|row| {
            let actor = row.actor.map(|id| names.people[id.index()].clone());
            let channel = row.channel.map(|id| names.channels[id.index()].clone());
            let incident = row.incident.map(|number| number.to_string());
            [
                self.calendar.rfc3339(row.at),
                actor.unwrap_or_default(),
                row.whom.clone(),
                channel.unwrap_or_default(),
                row.action.to_string(),
                incident.unwrap_or_default(),
                row.note.clone(),
            ]
        });
        let heading = observed::COLUMNS.map(|(name, _)| name.to_string());
        std::iter::once(heading).chain(cells).collect()
    }

    /// The sheet as it is read, in the order in which it was typed.
    fn sheet(&self, until: Time) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let at = self.calendar.rfc3339(until);
        let end: [String; 7] = std::array::from_fn(|column| match column {
            0 => at.clone(),
            4 => "endex".to_string(),
            _ => String::new(),
        });
        for cells in self.cells().iter().chain([&end]) {
            writer.write_record(cells).expect("it is written to memory");
        }
        writer.into_inner().expect("it is written to memory")
    }
}

/// `message (hint)`.
fn sentence(problem: &observed::SheetProblem) -> String {
    match problem.hint.is_empty() {
        true => problem.message.clone(),
        false => format!("{} ({})", problem.message, problem.hint),
    }
}
