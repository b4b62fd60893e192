//! `sim rollcall`: who answers, on which channel, after how long.

use crate::cli::shared::draft::Draft;
use crate::cli::shared::interrupt::Interrupt;
use crate::cli::shared::ownership::{opened, published};
use crate::cli::shared::{Exit, loading, named_file, terminal};
use crate::observed::{SheetProblem, name};
use crate::report;
use crate::rollcall::{self, CallRecord, LEAST, RollCall};
use crate::units::Span;
use std::fs;
use std::io::{self, BufRead};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// Measure who answers on a channel and how fast, as `channels:` for the next run
///
/// Without --from, it is a stopwatch: send the message (an @here, an @channel, a phone round),
/// press Enter, and type each name as people answer. Every answer is on disk before the next one is
/// asked for. The same record may hold many roll calls, one after the other.
///
/// It prints a part to include: for each channel the share of calls that were answered and
/// a log-normal fitted to the times, with how many answers they rest on. A channel with fewer than
/// three answers is not fitted; whoever answered at least three times gets their own figures.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct RollcallArguments {
    /// Turn this record into channels, without calling anybody
    ///
    /// Columns: channel,person,asked,answered,after. Anyone who did not answer has a row without an
    /// answer.
    #[arg(long, value_name = "CSV", conflicts_with_all = ["channel", "who", "within", "record"])]
    from: Option<PathBuf>,

    /// The channel used to reach everybody
    #[arg(long, value_name = "NAME", required_unless_present = "from")]
    channel: Option<String>,

    /// Who is called, separated by commas [default: everybody in the scenario]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    #[arg(required_unless_present_any = ["from", "scenario"])]
    who: Vec<String>,

    /// Stop waiting after this time
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = time)]
    within: Span,

    /// Where the answers are kept; an existing record is continued
    #[arg(long, value_name = "CSV", default_value = "rollcall.csv")]
    record: PathBuf,

    /// The scenario with these people and channels; other names are refused
    #[arg(long, value_name = "FILE")]
    scenario: Option<PathBuf>,

    /// Write the channels to this file instead of stdout
    #[arg(long, short, alias = "out", value_name = "FILE")]
    output: Option<PathBuf>,

    /// Replace what is at --output, even if sim did not write it
    #[arg(long, requires = "output")]
    force: bool,
}

const EXAMPLES: &str = "\
Examples:
  sim rollcall --scenario launch.yaml --channel slack
  sim rollcall --channel phone --who james,wyatt,ed --within 5m
  sim rollcall --from rollcall.csv -o parts/rollcall.yaml

Then, in the scenario: include: [parts/launch-plan.yaml, parts/rollcall.yaml]

Exit codes: 0 channels are written, 3 too few answers for any channel, 2 wrong
usage or a record with errors, 1 a file could not be written.";

/// What to do where the channels cannot be written.
const OTHER: &str = "name another file with -o";

fn time(text: &str) -> Result<Span, String> {
    let span = text.parse::<Span>().map_err(|error| error.to_string())?;
    if span == Span::ZERO { Err("write a time such as 10m".to_string()) } else { Ok(span) }
}

/// The names that may be used; empty without a scenario.
#[derive(Default)]
struct KnownNames {
    people: Vec<String>,
    channels: Vec<String>,
}

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &RollcallArguments) -> Exit {
    let mut known = KnownNames::default();
    if let Some(scenario) = &arguments.scenario {
        let Ok(plan) = loading::load(scenario, &[], true) else { return Exit::Wrong };
        let people = plan.names.people.iter().zip(&plan.playbook.roster.people);
        let named = people.filter(|(_, person)| !person.unnamed);
        known.people = named.map(|(name, _)| name.clone()).collect();
        known.channels = plan.names.channels.iter().cloned().collect();
    }
    let path = arguments.from.as_ref().unwrap_or(&arguments.record);
    let mut calls = match load(path, &known, arguments.from.is_some()) {
        Ok(calls) => calls,
        Err(exit) => return exit,
    };
    let draft = match arguments.output.as_deref().map(|path| open(path, arguments.force)) {
        None => None,
        Some(Ok(draft)) => Some(draft),
        Some(Err(exit)) => return exit,
    };
    if arguments.from.is_none() {
        // Nobody is called whose answer could not be kept.
        if let Err(error) = Draft::at_any_depth(&arguments.record) {
            return cannot_save(&arguments.record, &error);
        }
        match call(arguments, &known, &mut calls) {
            Ok(()) => {}
            Err(exit) => return exit,
        }
    }
    print_or_write(arguments, draft, path, &rollcall::fit(&calls))
}

/// Reads a record; one that must not be there yet may be missing.
fn load(path: &Path, known: &KnownNames, must: bool) -> Result<Vec<CallRecord>, Exit> {
    let shown = path.display();
    let bytes = match named_file::bytes(path, named_file::LONGEST) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound && !must => return Ok(Vec::new()),
        Err(error) => {
            terminal::error(
                &format!("cannot read {shown}: {error}"),
                "name a record of a roll call",
            );
            return Err(Exit::Wrong);
        }
    };
    fn words(names: &[String]) -> Vec<&str> {
        names.iter().map(String::as_str).collect()
    }
    let read = rollcall::read(&bytes, &words(&known.people), &words(&known.channels));
    read.map_err(|problems: Vec<SheetProblem>| {
        for problem in problems {
            terminal::error(&format!("{shown}, {problem}"), &problem.hint);
        }
        Exit::Wrong
    })
}

/// Prints or writes what was measured.
fn print_or_write(
    arguments: &RollcallArguments,
    draft: Option<Draft>,
    path: &Path,
    roll_call: &RollCall,
) -> Exit {
    for few in &roll_call.unfitted {
        let message = format!(
            "{}: {} of {} answered; at least {LEAST} answers are needed",
            few.channel, few.answered, few.called
        );
        terminal::warning(&message, "call again with the same record");
    }
    if roll_call.fitted.is_empty() {
        let message = "no channel has enough answers, so there is nothing to put into a scenario";
        terminal::error(message, "assumptions are unchanged until then");
        return Exit::NotJudgeable;
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let text = rollcall::yaml(roll_call, &format!("record {name}"));
    let (Some(output), Some(mut draft)) = (&arguments.output, draft) else {
        terminal::print(&text);
        return Exit::Met;
    };
    draft.attempt(|to| to.write_all(text.as_bytes()));
    published(output, draft, OTHER).map_or_else(|exit| exit, |()| Exit::Met)
}

/// Opens the file for the channels before anybody is called, unless something else is there.
fn open(path: &Path, force: bool) -> Result<Draft, Exit> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        // A folder that cannot be made is told when the file is opened.
        fs::create_dir_all(folder).ok();
    }
    opened(path, &["# Measured in a roll call"], force, OTHER)
}

/// Writes the record, whole or not at all.
fn save(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut draft = Draft::at_any_depth(path)?;
    draft.attempt(|to| to.write_all(bytes));
    draft.publish()
}

/// Calls everybody, and adds what comes back to the record.
fn call(
    arguments: &RollcallArguments,
    known: &KnownNames,
    calls: &mut Vec<CallRecord>,
) -> Result<(), Exit> {
    let wrong = |what: &str, text: &str, hint: &str| {
        terminal::error(&format!("`{text}` is not a {what} of the scenario"), hint);
        Exit::Wrong
    };
    let look = |what: &str, text: &str, names: &[String]| {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        match names.is_empty() {
            true => Ok(text.trim().to_string()),
            false => name(text, &names).map_err(|hint| wrong(what, text, &hint)),
        }
    };
    let channel = arguments.channel.as_deref().expect("clap asks for it without --from");
    let channel = look("channel", channel, &known.channels)?;
    let mut who: Vec<String> = Vec::new();
    for person in arguments.who.iter().filter(|person| !person.trim().is_empty()) {
        let person = look("person", person, &known.people)?;
        if !who.contains(&person) {
            who.push(person);
        }
    }
    if who.is_empty() {
        who = known.people.clone();
    }
    if who.is_empty() {
        terminal::error("there is nobody to call", "name them with --who");
        return Err(Exit::Wrong);
    }
    Interrupt::at_once("every answer so far is in the record; --from turns it into channels");
    let lines = lines();
    say(&format!(
        "Roll call on {channel}: {}.\nSend: EXERCISE, roll call. Please answer with your name.\n\
         Press Enter when it is sent.\n",
        who.join(", ")
    ));
    if lines.recv().is_err() {
        terminal::error("nothing was sent, so nobody was called", "press Enter when it is sent");
        return Err(Exit::Wrong);
    }
    let mut stopwatch = Stopwatch::start(channel, who, std::mem::take(calls), arguments);
    let ended = stopwatch.listen(&lines);
    *calls = stopwatch.record;
    ended.map_err(|error| cannot_save(&arguments.record, &error))
}

fn cannot_save(record: &Path, error: &io::Error) -> Exit {
    let message = format!("cannot write {}: {error}", record.display());
    terminal::error(&message, "free disk space, or name another file with --record");
    Exit::Broke
}

/// The lines that are typed, as they come.
fn lines() -> Receiver<String> {
    let (to, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines() {
            let Ok(line) = line else { break };
            if to.send(line).is_err() {
                break;
            }
        }
    });
    lines
}

/// A roll call that is going on.
struct Stopwatch<'a> {
    /// All calls, those of this time at the end.
    record: Vec<CallRecord>,
    first: usize,
    started: Instant,
    within: Duration,
    path: &'a Path,
}

impl<'a> Stopwatch<'a> {
    fn start(
        channel: String,
        who: Vec<String>,
        mut record: Vec<CallRecord>,
        arguments: &'a RollcallArguments,
    ) -> Stopwatch<'a> {
        let asked = now();
        let first = record.len();
        record.extend(who.into_iter().map(|person| CallRecord {
            channel: channel.clone(),
            person,
            asked: asked.clone(),
            answered: String::new(),
            after: None,
        }));
        let within = Duration::from_nanos(arguments.within.0);
        Stopwatch { record, first, started: Instant::now(), within, path: &arguments.record }
    }

    /// Takes names until everybody has answered, the time is over, or nobody types any more.
    fn listen(&mut self, lines: &Receiver<String>) -> io::Result<()> {
        self.save()?;
        say(&format!(
            "Type the name of everybody who answers; `undo` removes the last one, `end` finishes \
             it. It ends by itself after {}.\n",
            Span(self.within.as_nanos() as u64)
        ));
        while self.record[self.first..].iter().any(|call| call.after.is_none()) {
            let left = self.within.saturating_sub(self.started.elapsed());
            match lines.recv_timeout(left) {
                Ok(line) if line.trim().is_empty() => {}
                Ok(line) if line.trim().eq_ignore_ascii_case("end") => break,
                Ok(line) if line.trim().eq_ignore_ascii_case("undo") => self.undo()?,
                Ok(line) => self.answered(line.trim())?,
                Err(RecvTimeoutError::Timeout) => {
                    say("Time is up.\n");
                    break;
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        let calls = &self.record[self.first..];
        let came = calls.iter().filter(|call| call.after.is_some()).count();
        say(&format!("{came} of {} answered.\n", calls.len()));
        Ok(())
    }

    fn answered(&mut self, text: &str) -> io::Result<()> {
        let after = self.started.elapsed();
        let names: Vec<&str> =
            self.record[self.first..].iter().map(|call| call.person.as_str()).collect();
        let begin: Vec<&str> = names
            .iter()
            .filter(|name| name.to_lowercase().starts_with(&text.to_lowercase()))
            .copied()
            .collect();
        let found = match (name(text, &names), &begin[..]) {
            (Ok(name), _) => name,
            (Err(_), [only]) => only.to_string(),
            (Err(hint), _) => {
                let text = report::for_terminal(text, 60);
                say(&format!("Nobody with that name was called: {text}; {hint}\n"));
                return Ok(());
            }
        };
        let mut calls = self.record[self.first..].iter_mut();
        let call = calls.find(|call| call.person == found).expect("it is one of the names");
        if let Some(before) = call.after {
            say(&format!("{found} already answered, after {before}.\n"));
            return Ok(());
        }
        let after = Span(after.as_nanos() as u64);
        (call.answered, call.after) = (now(), Some(after));
        self.save()?;
        say(&format!("{found} after {after}\n"));
        Ok(())
    }

    /// Takes the last answer back.
    fn undo(&mut self) -> io::Result<()> {
        let answers = self.record[self.first..].iter_mut().filter(|call| call.after.is_some());
        let Some(last) = answers.max_by_key(|call| call.after) else {
            say("There is nothing to take back.\n");
            return Ok(());
        };
        (last.answered, last.after) = (String::new(), None);
        let person = last.person.clone();
        self.save()?;
        say(&format!("{person} has not answered.\n"));
        Ok(())
    }

    /// Puts the whole record on disk.
    fn save(&self) -> io::Result<()> {
        let mut bytes = Vec::new();
        rollcall::write(&self.record, &mut bytes)?;
        save(self.path, &bytes)
    }
}

/// Progress for the user, on stderr: only the result goes to stdout.
fn say(text: &str) {
    for line in text.lines() {
        terminal::print_to_stderr(&(report::for_terminal(line, 400) + "\n"));
    }
}

fn now() -> String {
    jiff::Zoned::now().strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}
