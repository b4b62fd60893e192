//! Logs as they come from the world: cut, mixed, hostile.

use super::{faulty, line, sim, support, two_hours};
use std::fs;
use std::io::Write;
use tempfile::TempDir;

/// Writes a log, takes its baseline, and gives the exit code with everything that was said.
fn baseline_of(log: &[u8], more: &[&str]) -> (Option<i32>, String) {
    let folder = support::folder_with_parts();
    fs::write(folder.path().join("a.log"), log).expect("written");
    said(&folder, &[&["a.log"], more].concat())
}

fn said(folder: &TempDir, arguments: &[&str]) -> (Option<i32>, String) {
    let output = sim(folder.path()).arg("baseline").args(arguments).output().expect("runs");
    let mut said = String::from_utf8_lossy(&output.stderr).into_owned();
    said += &String::from_utf8_lossy(&output.stdout);
    assert!(!said.contains("panicked"), "{said}");
    assert!(!said.contains('\u{1b}'), "{said:?}");
    (output.status.code(), said)
}

fn packed(text: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(text).expect("memory");
    packer.finish().expect("memory")
}

#[test]
fn a_truncated_gzip_counts_until_it_ends() {
    let whole = fs::read(faulty()).expect("there");
    let (code, said) = baseline_of(&whole[..whole.len() / 2], &["--window", "10s"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("ends early"), "{said}");
    let (code, said) = baseline_of(&whole[..15], &[]);
    assert_eq!(code, Some(2), "{said}");
    let mut flipped = packed(two_hours().as_bytes());
    let middle = flipped.len() / 2;
    flipped[middle..middle + 64].fill(0xff);
    let (_, said) = baseline_of(&flipped, &[]);
    assert!(said.contains("ends early"), "{said}");
}

#[test]
fn several_members_of_one_gzip_are_one_log() {
    let log = two_hours();
    let (first, second) = log.split_at(log.len() / 2);
    let both = [packed(first.as_bytes()), packed(second.as_bytes())].concat();
    let (code, said) = baseline_of(&both, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("7,200 lines"), "{said}");
}

#[test]
fn junk_is_refused_and_a_little_of_it_is_not() {
    let junk: Vec<u8> = (0..200_000u32).map(|n| (n.wrapping_mul(n) >> 7) as u8).collect();
    let (code, said) = baseline_of(&junk, &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("no known format") && said.contains("--log-format"), "{said}");
    let mut log = two_hours().into_bytes();
    log.extend_from_slice(b"\x00\xff\x1b[2J\xfe junk\n");
    let (code, said) = baseline_of(&log, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("1 bad lines") && said.contains("line 7201"), "{said}");
    log.extend(b"not a line\n".repeat(100));
    let (code, said) = baseline_of(&log, &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("101 of 7301 lines are bad (1.38%), more than 1%"), "{said}");
    let (code, said) = baseline_of(&log, &["--max-bad", "2%"]);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn a_line_of_a_megabyte_is_one_bad_line() {
    let mut log = two_hours();
    log.insert_str(0, &("x".repeat(1 << 20) + "\n"));
    log += &line(7_200, &"/x".repeat(1 << 19), 200, "curl/8", "0.1");
    let (code, said) = baseline_of(log.as_bytes(), &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("2 bad lines") && said.contains("longer than 64 KiB"), "{said}");
}

#[test]
fn clocks_that_jump() {
    let mut log = two_hours();
    // One line from next year, in the middle.
    let middle = log[..log.len() / 2].rfind('\n').expect("lines") + 1;
    log.insert_str(middle, &line(0, "/page", 200, "curl/8", "0.1").replace("2018", "2019"));
    let (code, said) = baseline_of(log.as_bytes(), &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("1 with a wrong clock"), "{said}");
    // The clock is set back by an hour and stays there.
    let back: String = (3_600..7_200).map(|n| line(n, "/page", 200, "curl/8", "0.1")).collect();
    let twice = two_hours() + &back;
    let (code, said) = baseline_of(twice.as_bytes(), &[]);
    assert_eq!(code, Some(0), "lines may come in any order: {said}");
    let (code, said) = baseline_of(twice.as_bytes(), &["--disorder", "10s"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("out of order") && said.contains("leave out --disorder"), "{said}");
    // The first lines are from another century.
    let old = line(0, "/page", 200, "curl/8", "0.1").replace("2018", "1999");
    let (code, said) = baseline_of((old + &two_hours()).as_bytes(), &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("there is nothing from 1999"), "{said}");
    let since = ["--since", "2018-01-01T00:00"];
    let old = line(0, "/page", 200, "curl/8", "0.1").replace("2018", "1999");
    let (code, said) = baseline_of((old + &two_hours()).as_bytes(), &since);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn the_same_log_twice_is_refused() {
    let folder = support::folder_with_parts();
    fs::write(folder.path().join("a.log"), two_hours()).expect("written");
    fs::write(folder.path().join("b.gz"), packed(two_hours().as_bytes())).expect("written");
    let (code, refused) = said(&folder, &["a.log", "b.gz"]);
    assert_eq!(code, Some(2), "{refused}");
    assert!(refused.contains("a.log and b.gz begin with the same lines"), "{refused}");
    let (code, refused) = said(&folder, &["a.log", "./a.log"]);
    assert_eq!(code, Some(2), "{refused}");
}

#[test]
fn empty_missing_and_folders() {
    for empty in [&b""[..], b"\n\n\r\n", &packed(b"")] {
        let (code, said) = baseline_of(empty, &[]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("a.log contains no lines"), "{said}");
    }
    let folder = support::folder_with_parts();
    fs::create_dir(folder.path().join("nothing")).expect("made");
    for (name, expected) in [
        ("none.log", "cannot read none.log"),
        ("nothing", "is a folder without files"),
        ("parts", "has no known format"),
    ] {
        let (code, said) = said(&folder, &[name]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn mixed_formats_are_bad_lines_of_one_of_them() {
    let json = |n: u32| {
        format!("{{\"time\": {}, \"status\": 200, \"path\": \"/page\"}}\n", 1_541_548_800 + n)
    };
    let log: String =
        (0..4_000).map(|n| line(n, "/page", 200, "curl/8", "0.1") + &json(n)).collect();
    let (code, said) = baseline_of(log.as_bytes(), &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("4000 of 8000 lines are bad (50%)"), "{said}");
    // Each in a file of its own is no problem.
    let folder = support::folder_with_parts();
    let lines: String = (0..4_000).map(|n| line(n, "/page", 200, "curl/8", "0.1")).collect();
    fs::write(folder.path().join("a.log"), lines).expect("written");
    fs::write(folder.path().join("b.log"), (0..4_000).map(json).collect::<String>()).expect("ok");
    let (code, said) = self::said(&folder, &["a.log", "b.log"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("8,000 requests") && said.contains("JSON lines"), "{said}");
}

#[test]
fn hostile_agents_and_paths_stay_words() {
    let hostile = [
        "\u{1b}[31mred\u{7}",
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script>",
        "\u{202e}evil",
        "a\\\"b: {c}\n",
    ];
    let mut log = Vec::new();
    for n in 0..7_200u32 {
        let text = hostile[n as usize % 4];
        let agent = format!("{text}/1.0 Chrome/70.0 \u{ff}");
        log.extend_from_slice(line(n, &format!("/{text}"), 200, &agent, "0.1").as_bytes());
    }
    for bytes in [&b"\xff\xfe\x80"[..], b"\x1b]0;title\x07"] {
        log.extend_from_slice(&bytes.repeat(10));
        log.push(b'\n');
    }
    let folder = support::folder_with_parts();
    fs::write(folder.path().join("a.log"), log).expect("written");
    let (code, shown) = said(&folder, &["a.log", "-o", "b.yaml"]);
    assert_eq!(code, Some(0), "{shown}");
    let written = fs::read_to_string(folder.path().join("b.yaml")).expect("written");
    assert!(!written.contains('\u{1b}') && !written.contains('\u{202e}'), "{written}");
    sim::logs::LogBaseline::read(&written).expect("still a baseline");
}

#[test]
fn wrong_usage_says_what_to_write() {
    let cases: [(&[&str], &str); 11] = [
        (&["--field", "elapsed=99 ms"], "has no word `99` for elapsed; its words have the numbers"),
        (&["--format", "json"], "has no line that is a JSON object"),
        (&["--format", "apache3"], "the formats are"),
        (&["--max-bad", "200%"], "between 0% and 100%"),
        (&["--field", "stats=code"], "not one of time"),
        (&["--field", "elapsed=took parsecs"], "is not a unit"),
        (&["--zone", "Mars/Olympus"], "is not a time zone"),
        (&["--window", "0s"], "at least one second"),
        (&["--window", "soon"], "soon"),
        (&["--since", "yesterday"], "is not a time"),
        (&["--since", "2019-01-01T00:00", "--until", "2018-01-01T00:00"], "not before"),
    ];
    for (arguments, expected) in cases {
        let (code, said) = baseline_of(two_hours().as_bytes(), arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {said}");
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
    let (code, said) = baseline_of(two_hours().as_bytes(), &["--format", "alb"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("7200 of 7200 lines are bad"), "{said}");
    let (code, said) = baseline_of(two_hours().as_bytes(), &["--since", "2020-01-01T00:00"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("no requests in that period"), "{said}");
}
