//! `sim`, the program: parses what the user typed, and returns its exit code.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    sim::cli::main()
}
