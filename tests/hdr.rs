//! `sim run --hdr`: an interval log that HdrHistogram's own reader understands.

use assert_cmd::Command;
use hdrhistogram::serialization::interval_log::{IntervalLogIterator, LogEntry};
use std::fs;
use std::path::Path;

fn sim(folder: &Path, words: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::cargo_bin("sim").expect("built");
    let output = command.current_dir(folder).env("NO_COLOR", "1").args(words).output();
    let output = output.expect("it runs");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn phases_follow_each_other_and_the_total_has_them_all() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tune.yaml");
    let text = fs::read_to_string(data).expect("readable");
    let text = text.replace("error_rate > ?", "error_rate > 20%");
    let tune = text.find("tune:").expect("there");
    fs::write(folder.path().join("day.yaml"), &text[..tune]).expect("written");
    let words = ["run", "day.yaml", "-q", "--hdr", "times.hlog", "--access-log", "access.log"];
    let (code, err) = sim(folder.path(), &words);
    assert!(matches!(code, Some(0 | 99)), "{err}");
    let log = fs::read(folder.path().join("times.hlog")).expect("written");
    let mut lines: Vec<(String, f64, f64, f64)> = Vec::new();
    for entry in IntervalLogIterator::new(&log) {
        if let LogEntry::Interval(line) = entry.expect("its own reader understands it") {
            let tag = line.tag().expect("every line has one").as_str().to_string();
            let from = line.start_timestamp().as_secs_f64();
            lines.push((tag, from, line.duration().as_secs_f64(), line.max()));
        }
    }
    let (total, phases) = lines.split_last().expect("lines");
    assert_eq!((&total.0[..], total.1, total.2), ("total", 0.0, 3_600.0));
    let names: Vec<&str> = phases.iter().map(|(name, ..)| &name[..]).collect();
    assert_eq!(&names[..3], ["normal", "fault", "incident"], "{phases:?}");
    assert!((phases[1].1 - 1_200.0).abs() < 1e-6, "the fault begins after twenty minutes");
    for pair in phases.windows(2) {
        assert!((pair[0].1 + pair[0].2 - pair[1].1).abs() < 1e-6, "a gap: {phases:?}");
    }
    let most = phases.iter().map(|(.., max)| *max).fold(0.0, f64::max);
    assert_eq!(most, total.3);
}

#[test]
fn a_log_that_cannot_be_written_is_said_before_the_run() {
    let folder = tempfile::TempDir::new().expect("a folder");
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/example.yaml");
    fs::copy(data, folder.path().join("day.yaml")).expect("copied");
    let (code, err) = sim(folder.path(), &["run", "day.yaml", "--hdr", "no/where.hlog"]);
    assert_eq!(code, Some(1), "{err}");
    assert!(err.contains("cannot write to no/where.hlog") && err.contains("--hdr"), "{err}");
    assert!(!folder.path().join("reports/day/journal.jsonl").exists());
    let both = ["run", "day.yaml", "day.yaml", "--hdr", "times.hlog"];
    let (code, err) = sim(folder.path(), &both);
    assert_eq!(code, Some(2));
    assert!(err.contains("--hdr goes with one scenario"), "{err}");
}
