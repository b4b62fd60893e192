//! `sim judge --follow`: a log that grows, on launch night.

use super::arguments::JudgeArguments;
use super::session::{Watching, finish};
use crate::cli::shared::{Exit, terminal};
use crate::decision::{Output, PlayEvent};
use crate::judge::Subject;
use crate::logs::{Feed, Moment, Options};
use crate::report;
use crate::scenario::Plan;
use crate::units::{Span, Time};
use jiff::Timestamp;
use std::cell::OnceCell;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::Duration;

/// How often the log is looked at.
const LOOK: Duration = Duration::from_millis(500);
/// A log whose newest request is no older than this is being written now: from then on the wall
/// clock says which intervals are over, and silence means no traffic.
const LIVE: Span = Span::from_secs(600);
/// So much is read at a time.
const PIECE: usize = 1 << 16;

/// Follows one log until Ctrl-C, then sums up.
pub(in crate::cli) fn run(arguments: &JudgeArguments, plan: &Plan, options: Options) -> Exit {
    let [path] = &arguments.logs[..] else {
        terminal::error(
            "--follow watches one log",
            "merge the others into it, or judge them later",
        );
        return Exit::Wrong;
    };
    if path.as_os_str() == "-" {
        let hint = "name the file; standard input is judged as it comes without --follow";
        terminal::error("--follow needs a file", hint);
        return Exit::Wrong;
    }
    let mut tail = match Tail::open(path) {
        Ok(tail) => tail,
        Err(error) => {
            let message = format!("cannot follow {}: {error}", path.display());
            terminal::error(&message, "name a plain log that is being written");
            return Exit::Wrong;
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            terminal::error(&format!("cannot wait for the log: {error}"), "");
            return Exit::Broke;
        }
    };
    let subject = OnceCell::new();
    let mut night = Night {
        watching: Watching::new(plan),
        feed: Feed::new(options),
        live: false,
        told: 0,
        quiet: arguments.quiet,
    };
    let failed = runtime.block_on(async {
        let mut ticks = tokio::time::interval(LOOK);
        let stop = tokio::signal::ctrl_c();
        tokio::pin!(stop);
        loop {
            tokio::select! {
                biased;
                _ = &mut stop => return None,
                _ = ticks.tick() => {}
            }
            if let Err(error) = night.look(&mut tail, &subject) {
                return Some(error);
            }
        }
    });
    if let Some(error) = &failed {
        let message = format!("cannot read {} further: {error}", path.display());
        terminal::error(&message, "what came before it is judged below");
    }
    let name = format!("Log {}", path.display());
    let exit = finish(arguments, night.watching, &subject, &name);
    match (failed, exit) {
        (Some(_), _) => Exit::Broke,
        (None, Exit::Broke) => Exit::Broke,
        (None, _) => Exit::Interrupted,
    }
}

/// A log and what has been made of it.
struct Night<'p, 's> {
    watching: Watching<'p, 's>,
    feed: Feed,
    live: bool,
    /// As many outputs have been told.
    told: usize,
    quiet: bool,
}

impl<'s> Night<'_, 's> {
    /// Reads what has come, judges what is complete, and tells what is new.
    fn look(&mut self, tail: &mut Tail, subject: &'s OnceCell<Subject>) -> io::Result<()> {
        let mut piece = vec![0; PIECE];
        loop {
            let read = tail.read(&mut piece)?;
            self.feed.push(&piece[..read]);
            if read == 0 {
                self.feed.settle();
            }
            self.step(subject);
            if read == 0 {
                break;
            }
        }
        let now = Moment::of(Timestamp::now());
        self.live |= self.feed.newest() != Moment::MIN && now.since(self.feed.newest()) <= LIVE;
        if self.live {
            self.watching.readings.complete(now.minus(self.feed.options().window));
        }
        self.watching.judge(subject);
        self.tell();
        Ok(())
    }

    fn step(&mut self, subject: &'s OnceCell<Subject>) {
        let readings = &mut self.watching.readings;
        while self.feed.step(&mut |request| readings.count(request)) {}
        if self.feed.newest() != Moment::MIN {
            self.watching.readings.complete(self.feed.complete_until());
        }
        self.watching.judge(subject);
    }

    /// Says every move of a rule, and what the plan would have done by now.
    fn tell(&mut self) {
        let (Some(judge), false) = (&self.watching.judge, self.quiet) else { return };
        let subject = judge.subject();
        for (at, output) in &judge.outputs()[self.told..] {
            match output {
                Output::Alert(alert) => {
                    let text = report::judge_moment(subject, *at, alert, terminal::style());
                    terminal::print(&text);
                }
                Output::Play(event) => {
                    if let Some(words) = words(subject, event) {
                        line(subject, *at, &words);
                    }
                }
                Output::Order(_) => {}
            }
        }
        self.told = judge.outputs().len();
    }
}

fn words(subject: &Subject, event: &PlayEvent) -> Option<String> {
    let names = &subject.names;
    match event {
        PlayEvent::PlayOpened { play, cause, .. } => {
            Some(format!("{} opens: {cause}", names.plays[play.index()]))
        }
        PlayEvent::Chosen { change, .. } => {
            Some(format!("by the plan: {} is chosen by now", names.changes[change.index()]))
        }
        PlayEvent::Decided { person, .. } => {
            Some(format!("by the plan: {} has said yes by now", names.people[person.index()]))
        }
        PlayEvent::Recovered { .. } => Some("all is well again".to_string()),
        _ => None,
    }
}

fn line(subject: &Subject, at: Time, words: &str) {
    let words = report::for_terminal(words, 68);
    terminal::print(&format!("  {}  {words}\n", subject.calendar.clock(at)));
}

/// A file that grows, is cut short, or makes room for another one of its name.
struct Tail<'a> {
    path: &'a Path,
    file: File,
    position: u64,
}

impl Tail<'_> {
    fn open(path: &Path) -> io::Result<Tail<'_>> {
        let mut file = File::open(path)?;
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("it is no plain file"));
        }
        let mut first = [0; 2];
        if file.read(&mut first)? == 2 && first == [0x1f, 0x8b] {
            return Err(io::Error::other("it is packed with gzip and cannot grow"));
        }
        file.seek(SeekFrom::Start(0))?;
        Ok(Tail { path, file, position: 0 })
    }

    /// What has come since the last time, 0 for nothing.
    fn read(&mut self, piece: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = match self.file.read(piece) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            self.position += read as u64;
            if read > 0 {
                return Ok(read);
            }
            if self.file.metadata()?.len() < self.position {
                // Cut short where it lies (copytruncate): it begins again.
                self.file.seek(SeekFrom::Start(0))?;
                self.position = 0;
                continue;
            }
            let Ok(newer) = File::open(self.path) else { return Ok(0) };
            if same_file(&self.file, &newer)? {
                return Ok(0);
            }
            // What was written to the old one before it made room comes first.
            let rest = self.file.read(piece)?;
            self.position += rest as u64;
            if rest > 0 {
                return Ok(rest);
            }
            (self.file, self.position) = (newer, 0);
        }
    }
}

#[cfg(unix)]
fn same_file(one: &File, other: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let (one, other) = (one.metadata()?, other.metadata()?);
    Ok((one.dev(), one.ino()) == (other.dev(), other.ino()))
}

/// Without inodes, a file is taken to be another one only when it is shorter.
#[cfg(not(unix))]
fn same_file(one: &File, other: &File) -> io::Result<bool> {
    Ok(other.metadata()?.len() >= one.metadata()?.len())
}
