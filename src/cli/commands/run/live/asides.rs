//! What-if questions from the room, and the changes that are kept. Nothing in the room changes by
//! it.

use super::arguments::RoomRequest;
use super::beside::KeptChange;
use super::drive::RehearsalSession;
use crate::campaign::{MOST_PAIRS, Players, WhatIf, WhatIfSession, WorkerPool};
use crate::cli::shared::draft::Draft;
use crate::cli::shared::files::Folder;
use crate::cli::shared::named_file::{NotReplaced, replace};
use crate::cli::shared::options::all_processors;
use crate::cli::shared::{provenance, saving, terminal};
use crate::journal::{Header, Story};
use crate::rehearsal::{self, Aside, Command, Guess, Keep, RecordedEvent, Setting, TypedCommand};
use crate::report::{
    self, GUESSES_FILE, GuessComparison, HotWash, IMPROVEMENTS_FILE, Improvement, for_shell,
    for_terminal,
};
use crate::scenario::{self, SourceText};
use crate::units::Time;
use std::io;
use std::time::{Duration, Instant};

/// How long runs are played for a question, unless their number is given. A choice: a room waits
/// for it; with half of it, the interval is 1.4 times as wide.
pub(super) const BUDGET: Duration = Duration::from_secs(5);
/// How many are played for it where only a script answers: the same bytes on every machine. Their
/// number is a choice: a share is known to ten percentage points (95 %).
const BY_SCRIPT: u64 = 100;
/// How many runs test a change again if it is not known how many showed it first. A choice: as many
/// as `sim run` plays.
const AGAIN: u64 = 200;

impl RehearsalSession<'_> {
    /// Takes what is said beside the exercise, at this moment. The error says why it is not taken.
    pub(super) fn aside(
        &mut self,
        at: Time,
        said: &Aside,
        cue: Option<usize>,
    ) -> Result<(), String> {
        match said {
            Aside::WhatIf(changes) => {
                let stopped = self.input.is_none() || cue.is_some() || self.pace.is_paused();
                if !stopped {
                    return Err("people are at work: `pause` first, then ask".to_string());
                }
                self.what_if(changes)?;
                // On resuming from the record, a line of the script need not be asked again.
                if cue.is_some() {
                    let text = said.text(&self.stage.written().names);
                    self.note_at(at, RecordedEvent::Aside { text, found: None, cue }, false);
                }
                Ok(())
            }
            Aside::Keep(keep) => self.keep(at, keep, cue),
            Aside::Guess(guess) => self.guess(at, guess, cue),
            Aside::Odds(_) => Err("the exercise is over: there is nothing to wait for".to_string()),
        }
    }

    /// What was said beside the exercise before it was resumed.
    pub(super) fn recall(&mut self, asides: &[(TypedCommand, Option<String>)]) {
        for (input, found) in asides {
            let read = Command::parse(&input.text, &self.stage.written().names);
            match read {
                Ok(Command::Aside(Aside::Keep(keep))) => {
                    let found = found.clone().map(|found| (found, AGAIN));
                    self.asides.kept.push(KeptChange { keep, found, done: None });
                }
                Ok(Command::Aside(Aside::Guess(guess))) => self.seal(guess),
                _ => {}
            }
        }
    }

    /// Seals a guess before the start; the last one of each person counts.
    fn guess(&mut self, at: Time, guess: &Guess, cue: Option<usize>) -> Result<(), String> {
        let plan = self.stage.written();
        if at > Time::ZERO {
            let began = plan.calendar.clock(Time::ZERO);
            return Err(format!(
                "guesses are sealed before the start, and that was at {began}; --guesses holds the \
                 clock back until everybody has guessed"
            ));
        }
        let text = Aside::Guess(guess.clone()).text(&plan.names);
        if !self.note_at(at, RecordedEvent::Aside { text, found: None, cue }, true) {
            return Err("it could not be saved".to_string());
        }
        let again = self.asides.guesses.iter().any(|own| own.person == guess.person);
        self.seal(guess.clone());
        let who = for_terminal(&plan.names.people[guess.person.index()], 60);
        self.print_aside(
            &match again {
                true => format!("{who}'s guess is sealed again, in the place of the first"),
                false => format!("{who}'s guess is sealed"),
            },
            0,
        );
        Ok(())
    }

    fn seal(&mut self, guess: Guess) {
        match self.asides.guesses.iter_mut().find(|own| own.person == guess.person) {
            Some(own) => *own = guess,
            None => self.asides.guesses.push(guess),
        }
    }

    /// Opens the guesses: keeps them in the folder beside what came, and returns the screen that
    /// shows them. Nothing if nobody guessed.
    pub(super) fn open_guesses(
        &mut self,
        folder: &Folder,
        (header, story): (&Header, &Story),
    ) -> io::Result<()> {
        if self.asides.guesses.is_empty() {
            return Ok(());
        }
        let usual = self.play_beside(|floor, most, players| floor.usual(most, players));
        let usual = usual.map_err(io::Error::other)?;
        let names = &self.stage.written().names.people;
        let named = |guess: &Guess| (names[guess.person.index()].clone(), guess.clone());
        let all: Vec<(String, Guess)> = self.asides.guesses.iter().map(named).collect();
        folder.keep_streamed(GUESSES_FILE, |to| {
            report::write_guesses(header, story, &all, &usual, to)
        })?;
        self.asides.opened = GuessComparison::new(header, story, &all, &usual);
        Ok(())
    }

    /// Plays runs beside the exercise: as many as are wanted, or as many as time allows.
    pub(super) fn play_beside<T>(
        &mut self,
        play: impl FnOnce(&mut WhatIfSession, u64, &Players) -> T,
    ) -> Result<T, String> {
        let stage = self.stage;
        let (source, sets) = stage.written_as();
        let asides = &mut self.asides;
        if asides.workers.is_none() {
            let workers = WorkerPool::new(all_processors());
            let wrong = |error| format!("no runs can be started during the exercise: {error}");
            asides.workers = Some(workers.map_err(wrong)?);
        }
        let workers = asides.workers.as_ref().expect("it is there");
        let new = || WhatIfSession::new(stage.written(), source, sets, stage.seed());
        let floor = asides.floor.get_or_insert_with(new);
        let most = match (asides.runs, self.input.is_some()) {
            (None, true) => None,
            (runs, _) => Some(runs.unwrap_or(BY_SCRIPT)),
        };
        let (began, signals) = (Instant::now(), &self.signals);
        let stop = || (most.is_none() && began.elapsed() > BUDGET) || signals.wanted();
        let players = Players { workers, stop: &stop, done: &|| {} };
        let played = play(floor, most.unwrap_or(MOST_PAIRS), &players);
        self.reset_idle_clock();
        Ok(played)
    }

    fn what_if(&mut self, changes: &[Setting]) -> Result<(), String> {
        let asked = self.play_beside(|floor, most, players| floor.ask(changes, most, players))?;
        let found = asked.map_err(|problems| problems.first_error_line())?;
        let Some(found) = found else {
            return Err(format!(
                "no run finished within {} s; `sim compare FILE --set …` has no time limit",
                BUDGET.as_secs()
            ));
        };
        self.print_aside(&format!("what if {}", rehearsal::written(changes)), 0);
        self.print_aside(&report::what_if(&found), 2);
        for line in report::what_if_means(&found) {
            self.print_aside(&line, 2);
        }
        self.print_aside("`keep, owner WHO, due DAY` keeps it.", 2);
        self.asides.last = Some((changes.to_vec(), found));
        Ok(())
    }

    fn keep(&mut self, at: Time, keep: &Keep, cue: Option<usize>) -> Result<(), String> {
        let mut keep = keep.clone();
        let asked =
            |last: &(Vec<Setting>, WhatIf)| keep.changes.is_empty() || last.0 == keep.changes;
        let found = self.asides.last.as_ref().filter(|last| asked(last));
        if keep.changes.is_empty() {
            let last = found.ok_or("nothing was asked yet: `what if PATH=VALUE` comes first")?;
            keep.changes = last.0.clone();
        }
        let found = found.map(|(_, found)| (report::what_if(found), found.pairs));
        let (source, sets) = self.stage.written_as();
        let all: Vec<Setting> = sets.iter().chain(&keep.changes).cloned().collect();
        scenario::load(source, &all).map_err(|problems| problems.first_error_line())?;
        let near = self.stage.written().calendar.starts().date();
        if let Some(due) = &keep.due {
            keep.due = Some(rehearsal::day(due, near)?.to_string());
        }
        if self.asides.kept.iter().any(|kept| kept.keep.changes == keep.changes) {
            return Err("that is already kept".to_string());
        }
        let text = Aside::Keep(keep.clone()).text(&self.stage.written().names);
        let words = found.as_ref().map(|(found, _)| found.clone());
        if !self.note_at(at, RecordedEvent::Aside { text: text.clone(), found: words, cue }, true) {
            return Err("it could not be saved".to_string());
        }
        self.print_aside(&format!("→ {text}"), 0);
        self.asides.kept.push(KeptChange { keep, found, done: None });
        Ok(())
    }

    /// Prints something beside the exercise, indented by this many columns.
    pub(super) fn print_aside(&mut self, text: &str, indent: usize) {
        let indented = " ".repeat(indent);
        let width = terminal::width().saturating_sub(indent).max(20);
        for line in report::wrapped(&for_terminal(text, 2_000), width) {
            match self.input.is_some() {
                true => self.say(&format!("{indented}{line}")),
                false if self.asides.told => terminal::print(&format!("{indented}{line}\n")),
                false => {}
            }
        }
    }

    /// Writes what is kept into the scenario, and the improvement plan into the folder, once the
    /// exercise is over; the outbrief shows it, and what was guessed. Returns the rows that are new
    /// since the last time.
    pub(super) fn settle(
        &mut self,
        wanted: &RoomRequest,
        (folder, header, story): (&Folder, &Header, &Story),
    ) -> io::Result<Vec<Improvement>> {
        let mut kept = std::mem::take(&mut self.asides.kept);
        let mut fresh = Vec::new();
        for one in kept.iter_mut().filter(|one| one.done.is_none()) {
            let rows = self.improvement_rows(wanted, one);
            fresh.extend(rows.iter().cloned());
            one.done = Some(rows);
        }
        let all: Vec<Improvement> =
            kept.iter().flat_map(|one| one.done.iter().flatten().cloned()).collect();
        self.asides.kept = kept;
        if !fresh.is_empty() {
            folder.keep_streamed(IMPROVEMENTS_FILE, |to| {
                report::write_improvements(header, &all, to)
            })?;
        }
        let wash = HotWash::new(header, self.asides.opened.clone(), all);
        if !wash.is_empty() {
            saving::keep_hot_wash(folder, &wash)?;
            saving::write(folder, header, story, None, wanted.naming)?;
        }
        Ok(fresh)
    }

    /// The rows of a change that is kept, which goes into the file, whole or not at all.
    fn improvement_rows(&mut self, wanted: &RoomRequest, kept: &KeptChange) -> Vec<Improvement> {
        let Keep { changes, owner, due } = &kept.keep;
        let read = self.asides.source.take();
        let mut source = read.unwrap_or_else(|| self.stage.written_as().0.without_mark());
        let written = write(wanted, &mut source, &kept.keep);
        self.asides.source = Some(source);
        let pairs = kept.found.as_ref().map_or(AGAIN, |(_, pairs)| *pairs);
        let old = written.as_ref().ok().and_then(|all| {
            let old = changes.iter().zip(all).map(|((path, _), one)| {
                let old = one.old.clone().filter(|old| !old.contains('\n'))?;
                Some((path.clone(), old))
            });
            old.collect::<Option<Vec<Setting>>>()
        });
        let runs = (pairs, self.stage.seed());
        let test = test(wanted, changes, (written.is_ok(), old), runs);
        let name = wanted.scenario.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let row = |(at, (path, value)): (usize, &Setting)| {
            let one = written.as_ref().map(|all| &all[at]);
            Improvement {
                change: format!("{path}={value}"),
                was: one.ok().and_then(|one| one.old.clone()),
                owner: owner.clone(),
                due: due.clone(),
                found: kept.found.as_ref().map(|(found, _)| found.clone()),
                written: match one {
                    Ok(one) => Ok(format!("{name}, line {}", one.line)),
                    Err(why) => Err(why.clone()),
                },
                test: test.clone(),
            }
        };
        changes.iter().enumerate().map(row).collect()
    }
}

/// Writes changes into the scenario's file; why it is left as it was otherwise.
fn write(
    wanted: &RoomRequest,
    source: &mut SourceText,
    keep: &Keep,
) -> Result<Vec<scenario::Edited>, String> {
    let note = match (&keep.owner, &keep.due) {
        (Some(owner), Some(due)) => format!("owner {owner}, due {due}"),
        (Some(owner), None) => format!("owner {owner}"),
        (None, Some(due)) => format!("due {due}"),
        (None, None) => "kept in the room".to_string(),
    };
    let path = wanted.scenario;
    let cannot = |error: io::Error| format!("cannot write {}: {error}", path.display());
    let draft = Draft::at(path).map_err(cannot)?;
    let (mut next, mut all) = (source.clone(), Vec::new());
    for change in &keep.changes {
        let edited = scenario::edited(&next, change, &note)?;
        next.text.clone_from(&edited.text);
        all.push(edited);
    }
    match replace(path, draft, &source.text, &next.text) {
        Ok(()) => {
            *source = next;
            Ok(all)
        }
        Err(NotReplaced::Changed) => Err("the file was changed meanwhile".to_string()),
        Err(NotReplaced::Io(error)) => Err(cannot(error)),
    }
}

/// The command that tests a change again: beside what stood there, if that is known.
fn test(
    wanted: &RoomRequest,
    changes: &[Setting],
    (written, old): (bool, Option<Vec<Setting>>),
    (runs, seed): (u64, u64),
) -> String {
    let file = for_shell(&wanted.scenario.display().to_string());
    let sets = provenance::sets(wanted.sets);
    let many = format!(" --trials {runs} --seed {seed}");
    match (written, old) {
        (true, Some(old)) => {
            format!("sim compare {file}{sets}{}{many} --vs{sets}", provenance::sets(&old))
        }
        (true, None) => format!("sim run {file}{sets}{many}"),
        (false, _) => {
            let new = provenance::sets(changes);
            let before = if sets.is_empty() { String::new() } else { format!("{sets} --vs{sets}") };
            format!("sim compare {file}{before}{new}{many}")
        }
    }
}
