//! What the README shows is what the program does.

use assert_cmd::Command;
use std::fs;
use tempfile::TempDir;

fn path(name: &str) -> String {
    format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// The fenced block after a marker.
fn block<'a>(text: &'a str, marker: &str) -> &'a str {
    let from = text.find(marker).unwrap_or_else(|| panic!("no {marker:?} in the README"));
    let fence = from + text[from..].find("```text\n").expect("a block") + "```text\n".len();
    let length = text[fence..].find("```").expect("its end");
    &text[fence..fence + length]
}

#[test]
fn the_readme_shows_a_real_run() {
    let folder = TempDir::new().expect("a folder");
    fs::create_dir(folder.path().join("scenarios")).expect("made");
    copy(&path("scenarios"), &folder.path().join("scenarios"));
    let mut sim = Command::cargo_bin("sim").expect("built");
    let run = ["run", "scenarios/proxy-outage.yaml", "--trials", "1"];
    let output = sim.current_dir(folder.path()).env("NO_COLOR", "1").args(run).output();
    let said = String::from_utf8(output.expect("ran").stdout).expect("UTF-8");
    let readme = fs::read_to_string(path("README.md")).expect("there");
    let said_files = said.split("\nRun  ").next().expect("the summary");
    let shown = block(&readme, "<!-- summary");
    assert_eq!(shown.trim_end(), said_files.trim_end(), "put the program's words in the README");

    let responses = fs::read_to_string(folder.path().join("reports/proxy-outage/responses.csv"));
    let responses = responses.expect("written");
    let mut lines = csv::Reader::from_reader(responses.as_bytes());
    let columns = lines.headers().expect("a heading").clone();
    let row = lines.records().next().expect("a row").expect("whole");
    let table = &readme[readme.find("<!-- response").expect("the table")..];
    let table = &table[..table.find("\n## ").expect("its end")];
    for (column, cell) in columns.iter().zip(&row) {
        let interval = column.strip_suffix("_s").filter(|name| !name.starts_with("table"));
        if let Some(interval) = interval.filter(|name| *name != "over_table" && !cell.is_empty()) {
            let found = table
                .lines()
                .any(|line| line.contains(interval) && line.contains(&format!(" {cell} ")));
            assert!(found, "the README does not say that {interval} took {cell} s:\n{table}");
        }
    }
}

fn copy(from: &str, to: &std::path::Path) {
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry").path();
        let target = to.join(entry.file_name().expect("a name"));
        if entry.is_dir() {
            fs::create_dir(&target).expect("made");
            copy(entry.to_str().expect("UTF-8"), &target);
        } else {
            fs::copy(&entry, &target).expect("copied");
        }
    }
}
