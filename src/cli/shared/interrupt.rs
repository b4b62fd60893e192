//! Being told to stop: Ctrl-C, `kill`, and a terminal that is closed are all alike. The first
//! signal ends the work at its next step and saves it, the second ends the program at once; either
//! way nothing unfinished stays on disk.

use super::draft::remove_unfinished;
use super::exit::Exit;
use super::terminal;
use std::collections::VecDeque;
use std::fmt::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use std::time::{Duration, Instant};

/// How often to check for signals: a choice, too short for anybody to notice.
const POLL_INTERVAL: Duration = Duration::from_millis(20);
/// How long the tables of what is saved already may still be written after a signal. A choice: with
/// the last words, it is far below the ten seconds after which `docker stop` kills.
const GRACE: Duration = Duration::from_millis(800);

/// How long the program waits at most for its last message to be written. A choice: a reader that
/// has stopped must not keep the program from ending.
const LAST_WORDS: Duration = Duration::from_millis(400);

/// What came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) enum Signal {
    /// Ctrl-C: somebody is there who can be asked.
    Interrupt,
    /// Told to end, or the terminal is gone.
    Terminate,
}

/// What a signal does.
#[derive(Debug)]
enum Mode {
    /// Nothing more can be saved: it ends the program, and says this.
    AtOnce(String),
    /// It is looked at by the work, which stops and saves.
    Working,
    /// Everything is saved but what can be made again: this is said, and the program ends if that
    /// takes long.
    Finishing(String),
    /// Each one is handed over: in the room, leaving is asked for. If nobody takes it in time, the
    /// program ends and says this.
    Collected(String),
}

impl Default for Mode {
    fn default() -> Mode {
        Mode::AtOnce("nothing was saved".to_string())
    }
}

#[derive(Default)]
struct InterruptState {
    /// The first signal that the work has to look at.
    wanted: AtomicBool,
    since: Mutex<Option<Instant>>,
    mode: Mutex<Mode>,
    collected: Mutex<VecDeque<(Signal, Instant)>>,
    /// Restores the terminal.
    restore: Mutex<Option<Box<dyn Fn() + Send>>>,
}

static STATE: OnceLock<Arc<InterruptState>> = OnceLock::new();

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Begins to listen, once and for the whole program. On a machine without a thread to spare,
/// signals just end the program. One that was ignored from the start (as under `nohup`) stays
/// ignored.
pub(in crate::cli) fn start() {
    let state = STATE.get_or_init(Arc::default).clone();
    let flags: Vec<(i32, Signal, Arc<AtomicBool>)> =
        kinds().into_iter().map(|(number, signal)| (number, signal, Arc::default())).collect();
    let watched = flags.iter().map(|(_, signal, flag)| (*signal, flag.clone())).collect();
    let watcher = std::thread::Builder::new().name("signals".to_string());
    if watcher.spawn(move || watch(&state, watched)).is_err() {
        return;
    }
    for (number, _, flag) in flags {
        // One that cannot be listened to keeps its usual effect.
        signal_hook::flag::register(number, flag).ok();
    }
}

#[cfg(unix)]
fn kinds() -> Vec<(i32, Signal)> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let ignored = ignored();
    let all =
        [(SIGINT, Signal::Interrupt), (SIGTERM, Signal::Terminate), (SIGHUP, Signal::Terminate)];
    all.into_iter().filter(|(number, _)| ignored >> (number - 1) & 1 == 0).collect()
}

#[cfg(not(unix))]
fn kinds() -> Vec<(i32, Signal)> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    vec![(SIGINT, Signal::Interrupt), (SIGTERM, Signal::Terminate)]
}

/// The signals that are ignored, one bit each; none where the system does not say.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    line.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

fn watch(state: &InterruptState, flags: Vec<(Signal, Arc<AtomicBool>)>) {
    loop {
        std::thread::sleep(POLL_INTERVAL);
        for (signal, flag) in &flags {
            if flag.swap(false, Ordering::Relaxed) {
                record_signal(state, *signal);
            }
        }
        let late = |since: Instant| since.elapsed() > GRACE;
        match &*lock(&state.mode) {
            Mode::Finishing(words) if lock(&state.since).is_some_and(late) => leave(state, words),
            Mode::Collected(words) => {
                let waiting = lock(&state.collected).front().map(|(_, since)| *since);
                if waiting.is_some_and(late) {
                    leave(state, words);
                }
            }
            _ => {}
        }
    }
}

fn record_signal(state: &InterruptState, signal: Signal) {
    match &*lock(&state.mode) {
        Mode::AtOnce(words) => leave(state, words),
        Mode::Collected(_) => lock(&state.collected).push_back((signal, Instant::now())),
        mode if state.wanted.swap(true, Ordering::Relaxed) => match mode {
            Mode::Finishing(words) => leave(state, words),
            _ => leave(state, ""),
        },
        _ => *lock(&state.since) = Some(Instant::now()),
    }
}

/// Ends the program: nothing unfinished stays, the terminal is as before, and it is said what is
/// saved.
fn leave(state: &InterruptState, words: &str) -> ! {
    remove_unfinished();
    if let Some(restore) = &*lock(&state.restore) {
        restore();
    }
    let mut text = "interrupted".to_string();
    if !words.is_empty() {
        let _ = write!(text, ": {words}");
    }
    // Whoever reads the messages may have stopped reading.
    let (said, done) = mpsc::channel();
    let say = move || {
        terminal::print_to_stderr(&(crate::report::for_terminal(&text, 2_000) + "\n"));
        said.send(()).ok();
    };
    if std::thread::Builder::new().spawn(say).is_ok() {
        // On a busy machine that takes a while.
        done.recv_timeout(LAST_WORDS).ok();
    }
    std::process::exit(Exit::Interrupted as i32);
}

/// Whether the user wants to stop.
#[derive(Clone)]
pub(in crate::cli) struct Interrupt(Arc<InterruptState>);

impl Interrupt {
    /// Ends the program at the next signal, with these words about what is saved; this is also how
    /// every command begins.
    pub(in crate::cli) fn at_once(words: &str) -> Interrupt {
        Interrupt::set(Mode::AtOnce(words.to_string()))
    }

    /// From now on the work looks at [`Interrupt::wanted`] and saves what is done.
    pub(in crate::cli) fn listen() -> Interrupt {
        Interrupt::set(Mode::Working)
    }

    /// What is done is saved: if the rest, which can be made again, takes long after a signal, the
    /// program ends and says these words.
    pub(in crate::cli) fn finishing(words: &str) -> Interrupt {
        Interrupt::set(Mode::Finishing(words.to_string()))
    }

    /// From now on every signal is handed over by [`Interrupt::next`]; if it is not taken in time,
    /// the program ends and says these words.
    pub(in crate::cli) fn collect(words: &str) -> Interrupt {
        Interrupt::set(Mode::Collected(words.to_string()))
    }

    fn set(mode: Mode) -> Interrupt {
        let interrupt = Interrupt(STATE.get_or_init(Arc::default).clone());
        *lock(&interrupt.0.mode) = mode;
        interrupt
    }

    pub(in crate::cli) fn wanted(&self) -> bool {
        self.0.wanted.load(Ordering::Relaxed)
    }

    /// The oldest signal that nobody has taken yet.
    pub(in crate::cli) fn next(&self) -> Option<Signal> {
        lock(&self.0.collected).pop_front().map(|(signal, _)| signal)
    }

    /// Does this before the program ends by a signal.
    pub(in crate::cli) fn restore_with(&self, restore: impl Fn() + Send + 'static) {
        *lock(&self.0.restore) = Some(Box::new(restore));
    }
}
