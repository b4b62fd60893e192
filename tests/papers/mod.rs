//! What is printed before a gameday with people, and what is made of what was written down there.

mod observed;
mod pack;
mod rollcall;
use crate::support;

use assert_cmd::Command;
use std::path::Path;

/// The program, run in a folder.
fn sim(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("sim").expect("built");
    command.current_dir(folder).env("NO_COLOR", "1");
    command
}

fn shipped_path(name: &str) -> String {
    format!("{}/scenarios/{name}.yaml", env!("CARGO_MANIFEST_DIR"))
}

/// What was printed.
fn said(assert: &assert_cmd::assert::Assert) -> (String, String) {
    let output = assert.get_output();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}
