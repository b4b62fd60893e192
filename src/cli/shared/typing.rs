//! What is typed in a room: line by line from a terminal, with completion, or from a pipe.

use crate::names::Names;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::Validator;
use rustyline::{CompletionType, Config, Context, Editor, ExternalPrinter, Helper};
use std::io::{self, BufRead, IsTerminal, Read};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Where the last word of a line begins, and all words that may stand there.
pub(in crate::cli) type Complete = fn(&str, &Names) -> (usize, Vec<String>);

/// What the user does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) enum UserInput {
    Line(String),
    /// Ctrl-C.
    Interrupt,
    /// Nothing more can be typed.
    End,
}

/// The most bytes of a line from a pipe; the rest of it is dropped. A choice that bounds memory:
/// nobody types that much.
const LONGEST: u64 = 4_000;

/// The input of the room, and how to speak without disturbing what is being typed.
pub(in crate::cli) struct InputChannel {
    pub(in crate::cli) typed: UnboundedReceiver<UserInput>,
    pub(in crate::cli) printer: Option<Box<dyn ExternalPrinter + Send>>,
    /// Where it is kept while nothing can be typed.
    pub(in crate::cli) resting: Option<Box<dyn ExternalPrinter + Send>>,
    /// It is an interactive terminal.
    pub(in crate::cli) terminal: bool,
    /// More may be typed.
    pub(in crate::cli) open: bool,
}

/// The terminal state before input: reading a line is cut short when the exercise ends,
/// and would leave the terminal in its own mode.
#[derive(Clone)]
pub(in crate::cli) struct TerminalState(#[cfg(unix)] Option<rustix::termios::Termios>);

impl TerminalState {
    /// Remembers how the terminal is.
    pub(in crate::cli) fn remember() -> TerminalState {
        #[cfg(unix)]
        return TerminalState(rustix::termios::tcgetattr(io::stdin()).ok());
        #[cfg(not(unix))]
        TerminalState()
    }

    /// Restores it.
    pub(in crate::cli) fn restore(&self) {
        #[cfg(unix)]
        if let Some(before) = &self.0 {
            use rustix::termios::{OptionalActions, tcsetattr};
            // A closed terminal need not be restored.
            tcsetattr(io::stdin(), OptionalActions::Now, before).ok();
        }
    }
}

/// Listens from now on, in a thread of its own: reading a line cannot be broken off. `prompt`
/// is before the cursor.
pub(in crate::cli) fn listen(
    prompt: &'static str,
    names: &Names,
    complete: Complete,
) -> InputChannel {
    let (sender, typed) = unbounded_channel();
    if io::stdin().is_terminal() && io::stdout().is_terminal() {
        let words = CompletionWords { names: names.clone(), complete };
        if let Ok((editor, printer)) = editor(words) {
            std::thread::spawn(move || read_terminal(editor, prompt, &sender));
            let printer = Some(printer);
            return InputChannel { typed, printer, resting: None, terminal: true, open: true };
        }
    }
    std::thread::spawn(move || read_pipe(&sender));
    InputChannel { typed, printer: None, resting: None, terminal: false, open: true }
}

type Terminal = Editor<CompletionWords, DefaultHistory>;

fn editor(
    words: CompletionWords,
) -> rustyline::Result<(Terminal, Box<dyn ExternalPrinter + Send>)> {
    let config = Config::builder().completion_type(CompletionType::List).build();
    let mut editor: Terminal = Editor::with_config(config)?;
    editor.set_helper(Some(words));
    let printer = editor.create_external_printer()?;
    Ok((editor, Box::new(printer)))
}

fn read_terminal(mut editor: Terminal, prompt: &str, to: &UnboundedSender<UserInput>) {
    loop {
        let typed = match editor.readline(prompt) {
            Ok(line) => {
                // Without its history a line can still be typed.
                drop(editor.add_history_entry(line.as_str()));
                UserInput::Line(line)
            }
            Err(ReadlineError::Interrupted) => UserInput::Interrupt,
            // Ctrl-D closes nothing here: whoever types it wants to leave.
            Err(ReadlineError::Eof) if io::stdin().is_terminal() => UserInput::Interrupt,
            Err(_) => UserInput::End,
        };
        let end = typed == UserInput::End;
        if to.send(typed).is_err() || end {
            return;
        }
    }
}

fn read_pipe(to: &UnboundedSender<UserInput>) {
    let mut input = io::stdin().lock();
    loop {
        let mut bytes = Vec::new();
        match input.by_ref().take(LONGEST).read_until(b'\n', &mut bytes) {
            Ok(read) if read > 0 => {
                // The rest of a long line is not a command of its own.
                if !bytes.ends_with(b"\n") && input.skip_until(b'\n').is_err() {
                    return drop(to.send(UserInput::End));
                }
                let line = String::from_utf8_lossy(&bytes).trim_end().to_string();
                if to.send(UserInput::Line(line)).is_err() {
                    return;
                }
            }
            _ => return drop(to.send(UserInput::End)),
        }
    }
}

/// What can be completed.
struct CompletionWords {
    names: Names,
    complete: Complete,
}

impl Completer for CompletionWords {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        let (start, words) = (self.complete)(&line[..position], &self.names);
        Ok((start, words.into_iter().map(|word| word + " ").collect()))
    }
}

impl Hinter for CompletionWords {
    type Hint = String;
}

impl Highlighter for CompletionWords {}
impl Validator for CompletionWords {}
impl Helper for CompletionWords {}
