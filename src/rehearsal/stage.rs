//! What a rehearsal is played from, and playing it again.

use super::command::{Command, TypedCommand, fault, is_written};
use super::room::Room;
use crate::fault::FaultStart;
use crate::gameday::{Gameday, Trial};
use crate::journal::{Entry, Header, Rehearsal, Story};
use crate::names::PersonId;
use crate::scenario::{self, Plan, SourceText};
use crate::units::Time;

/// A day without people in the room.
#[derive(Debug)]
pub struct SimulatedDay {
    pub header: Header,
    pub entries: Vec<Entry>,
    pub story: Story,
}

/// What a rehearsal is played from.
pub struct RehearsalSetup {
    source: SourceText,
    sets: Vec<(String, String)>,
    /// The scenario before anything was injected.
    written: Plan,
    trial: Trial,
    seats: Vec<PersonId>,
    who: Rehearsal,
    script: String,
}

impl RehearsalSetup {
    /// A stage for this scenario, which is `written` when it is loaded; `script` is the text that
    /// plays the people, if one does.
    pub fn new(
        (source, sets, written): (SourceText, Vec<(String, String)>, Plan),
        trial: Trial,
        seats: Vec<PersonId>,
        started: Option<String>,
        script: String,
    ) -> RehearsalSetup {
        let names = seats.iter().map(|person| written.names.people[person.index()].clone());
        let who = Rehearsal { started, seats: names.collect() };
        RehearsalSetup { source, sets, written, trial, seats, who, script }
    }

    /// The scenario before anything was injected.
    pub fn written(&self) -> &Plan {
        &self.written
    }

    /// The text that the scenario was read from, and what was set.
    pub fn written_as(&self) -> (&SourceText, &[(String, String)]) {
        (&self.source, &self.sets)
    }

    /// The seed of the rehearsal, and of the days beside it.
    pub fn seed(&self) -> u64 {
        self.trial.seed
    }

    /// The plan with everything that these inputs inject, and its header. The error says what is
    /// wrong with an injected fault.
    pub fn set(&self, inputs: &[TypedCommand]) -> Result<(Plan, Header), String> {
        let names = &self.written.names;
        let injected = inputs.iter().filter_map(|input| match Command::parse(&input.text, names) {
            Ok(Command::Inject(text)) => Some((input.at, text)),
            _ => None,
        });
        let injected: Vec<(Time, String)> = injected.collect();
        let faults = injected.iter().filter(|(_, text)| is_written(text, names));
        let faults: Vec<String> = faults.map(|(at, text)| entry(*at, text)).collect();
        let mut plan = if faults.is_empty() {
            self.written.clone()
        } else {
            let loaded = scenario::load_with_faults(&self.source, &self.sets, &faults);
            loaded.map_err(|problems| problems.first_error_line())?.plan
        };
        for (at, name) in injected.iter().filter(|(_, text)| !is_written(text, names)) {
            let fault = fault(name, &plan.names)?;
            plan.faults[fault].start = FaultStart::At(*at);
        }
        let trial = (self.trial.number, self.trial.seed);
        let plans = (&plan, &self.written);
        let header = scenario::rehearsal_header(plans, trial, self.who.clone(), &self.script);
        Ok((plan, header))
    }

    /// The room after these inputs, each at its moment.
    pub fn replay<'p>(
        &self,
        plan: &'p Plan,
        header: &'p Header,
        inputs: &[TypedCommand],
    ) -> Result<Room<'p>, String> {
        let mut room = Room::new(plan, header, self.trial, &self.seats);
        for (number, input) in inputs.iter().enumerate() {
            room.replay(input).map_err(|error| {
                format!("input {} (`{}`) cannot be repeated: {error}", number + 1, input.text)
            })?;
        }
        Ok(room)
    }

    /// The same day and luck with every seat empty. What was injected happens there too.
    pub fn simulated(&self, plan: &Plan) -> SimulatedDay {
        let header = scenario::header(plan, self.trial.number, self.trial.seed);
        let mut gameday = Gameday::new(plan, &header, self.trial);
        let mut entries = Vec::new();
        while gameday.step().is_some() {
            entries.append(&mut gameday.drain());
        }
        let finished = gameday.finish();
        entries.extend(finished.entries);
        SimulatedDay { header, entries, story: finished.story }
    }
}

/// An injected fault as an entry of `faults:`.
fn entry(at: Time, text: &str) -> String {
    let inside = text.trim().trim_start_matches("- ").trim();
    let inside = inside.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    let inside = inside.unwrap_or(text.trim());
    format!("{{at: {}ms, {inside}}}", at.0 / 1_000_000)
}
