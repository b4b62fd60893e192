//! Writing to the terminal: data on stdout, everything else on stderr. A closed pipe is not an
//! error; any other failure of stdout is kept, and makes the exit code of every command 1.

use crate::report::Style;
use crate::scenario::Problems;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use terminal_size::{Height, Width, terminal_size_of};

/// What first kept something from being printed.
static FAILED: Mutex<Option<io::Error>> = Mutex::new(None);

/// Prints to stdout, without colour where it is not wanted.
pub(in crate::cli) fn print(text: &str) {
    let mut to = anstream::stdout().lock();
    let printed = to.write_all(text.as_bytes()).and_then(|()| to.flush());
    match printed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            FAILED.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        }
        // Nobody wants to read any more.
        _ => {}
    }
}

/// What first kept something from being printed, if anything did.
pub(in crate::cli) fn failure() -> Option<io::Error> {
    FAILED.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Prints to stderr, without colour where it is not wanted. Nobody is left to tell when that fails.
pub(in crate::cli) fn print_to_stderr(text: &str) {
    let mut to = anstream::stderr().lock();
    drop(to.write_all(text.as_bytes()).and_then(|()| to.flush()));
}

/// A problem that is not one of the scenario: one line, and what to do instead.
pub(in crate::cli) fn error(message: &str, hint: &str) {
    let error = anstyle::AnsiColor::Red.on_default().bold();
    let bold = anstyle::Style::new().bold();
    let message = wrap_after(message, 7);
    print_to_stderr(&format!("{error}error{error:#}{bold}: {message}{bold:#}\n"));
    if !hint.is_empty() {
        print_to_stderr(&format!("  {bold}hint{bold:#}: {}\n", wrap_after(hint, 8)));
    }
}

/// Something that was understood and should be looked at.
pub(in crate::cli) fn warning(message: &str, hint: &str) {
    let warning = anstyle::AnsiColor::Yellow.on_default().bold();
    let bold = anstyle::Style::new().bold();
    let message = wrap_after(message, 9);
    print_to_stderr(&format!("{warning}warning{warning:#}: {message}\n"));
    if !hint.is_empty() {
        print_to_stderr(&format!("  {bold}hint{bold:#}: {}\n", wrap_after(hint, 8)));
    }
}

/// A text after a word, broken between words where a terminal shows it; one line where none does.
fn wrap_after(text: &str, after: usize) -> String {
    let text = crate::report::for_terminal(text, 2_000);
    match columns_of(terminal_size_of(io::stderr())) {
        Some(columns) if columns > 2 * after => {
            let lines = crate::report::wrapped(&text, columns.min(READABLE.1) - after);
            lines.join(&format!("\n{:after$}", ""))
        }
        _ => text,
    }
}

/// As wide as the terminal; colour where stdout shows it.
pub(in crate::cli) fn style() -> Style {
    let choice = anstream::AutoStream::choice(&io::stdout());
    Style { color: choice != anstream::ColorChoice::Never, width: width() }
}

/// Columns of what is printed: those of the environment's COLUMNS, else of the terminal, within
/// what can be read; 80 where stdout is none, so that it can be pasted anywhere.
pub(in crate::cli) fn width() -> usize {
    // What mail and tickets show without wrapping.
    const PASTED: usize = 80;
    let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.trim().parse().ok());
    let asked = asked.filter(|columns: &usize| *columns > 0);
    asked
        .or_else(|| columns_of(terminal_size_of(io::stdout())))
        .unwrap_or(PASTED)
        .clamp(READABLE.0, READABLE.1)
}

/// Of a terminal of this size; `None`: it is none, or does not know.
fn columns_of(size: Option<(Width, Height)>) -> Option<usize> {
    let (Width(columns), _) = size?;
    Some(usize::from(columns)).filter(|columns| *columns > 0)
}

/// No page is laid out in fewer columns, and lines that are longer are hard to read.
const READABLE: (usize, usize) = (24, 100);

/// Whether stderr shows colour.
pub(in crate::cli) fn colour_on_stderr() -> bool {
    use anstream::AutoStream;
    AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never
}

/// Problems for stderr, as wide as its terminal.
pub(in crate::cli) fn problems(problems: &Problems) -> String {
    let columns = columns_of(terminal_size_of(io::stderr()));
    problems.render_within(colour_on_stderr(), columns.unwrap_or(usize::MAX))
}

/// The same for stdout.
pub(in crate::cli) fn problems_on_stdout(problems: &Problems) -> String {
    let columns = columns_of(terminal_size_of(io::stdout()));
    problems.render_within(style().color, columns.unwrap_or(usize::MAX))
}

/// A progress bar over simulated seconds; it hides itself when stderr is not a terminal.
pub(in crate::cli) fn progress(seconds: u64, quiet: bool) -> ProgressBar {
    bar(seconds, quiet, "{msg} {wide_bar} {percent:>3}%  {eta:>3} left")
}

/// A progress bar over trials; it hides itself when stderr is not a terminal.
pub(in crate::cli) fn progress_of_trials(trials: u64, quiet: bool) -> ProgressBar {
    bar(trials, quiet, "{prefix}{human_pos} of {human_len} runs {wide_bar} {eta:>3} left  {msg}")
}

/// A progress bar over the parts of a check; it hides itself when stderr is not a terminal.
pub(in crate::cli) fn progress_of_parts(parts: u64, quiet: bool) -> ProgressBar {
    bar(parts, quiet, "{human_pos} of {human_len} parts {wide_bar} {elapsed:>3}")
}

/// How many runs were played again, of which nobody knows the number beforehand; it hides itself
/// when stderr is not a terminal.
pub(in crate::cli) fn progress_of_more(quiet: bool) -> ProgressBar {
    let bar = bar(0, quiet, "{human_pos} runs repeated with other values, {elapsed:>3}");
    bar.unset_length();
    bar
}

fn bar(length: u64, quiet: bool, template: &str) -> ProgressBar {
    let target =
        if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr_with_hz(10) };
    let bar = ProgressBar::with_draw_target(Some(length), target);
    let style = ProgressStyle::with_template(template).expect("the template is fixed");
    bar.set_style(style.progress_chars("━━ "));
    bar
}

/// The folder of the results cannot be written to.
pub(in crate::cli) fn cannot_write(folder: &Path, error: &io::Error) {
    let message = format!("cannot write to {}: {error}", folder.display());
    self::error(&message, ELSEWHERE);
}

/// Advice where the results cannot be written.
pub(in crate::cli) const ELSEWHERE: &str = "name another folder with --out";
