//! Every file that any command makes: on a full disk, into a full device, and where the folder is
//! none. A command or an option that is not in the list fails the test that looks for it in the
//! help, so a new writer cannot be forgotten.

use super::{names, sim, under, unfinished};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

pub(super) const SHORT: &str = "lasts=40m";

/// What makes a file, and where: `TO/` is the place in question. The first word after the options
/// that set a day shorter is the option that names the file.
pub(super) const WRITERS: [&[&str]; 39] = [
    &["new", "launch-day", "-o", "TO/new.yaml"],
    &["new", "--from", "plan.md", "--output", "TO/new.yaml"],
    &["fill", "TO/day.yaml", "--first", "0"],
    &["run", "day.yaml", "--set", SHORT, "--trials", "1", "--out", "TO/o"],
    &["run", "day.yaml", "--set", SHORT, "--record", "TO/r.jsonl"],
    &["run", "day.yaml", "--set", SHORT, "--access-log", "TO/a.log"],
    &["run", "day.yaml", "--set", SHORT, "--hdr", "TO/h.hdr"],
    &["run", "day.yaml", "--set", SHORT, "--out", "TO/o", "--trials", "3"],
    &["run", "day.yaml", "--set", SHORT, "--out", "TO/o", "--trials", "4", "--shard", "1/2"],
    &["run", "day.yaml", "--set", SHORT, "--out", "TO/o", "--script", "script.txt"],
    &["run", "kept.yaml", "--script", "kept.txt", "--what-if-runs", "2", "--out", "TO/o"],
    &["run", "day.yaml", "--set", SHORT, "--out", "TO/o", "--live", "--speed", "1000000x"],
    &["run", "day.yaml", "--set", SHORT, "--live", "--speed", "1000000x", "--players", "TO/p.html"],
    &["room", "day.yaml", "--set", SHORT, "--speed", "1000000x", "--out", "TO/o"],
    &["room", "day.yaml", "--set", SHORT, "--speed", "1000000x", "--players", "TO/p.html"],
    &["compare", "day.yaml", "--set", SHORT, "--trials", "2", "--out", "TO/o"],
    &["compare", "day.yaml", "--set", SHORT, "--trials", "2", "--shard", "1/2", "--out", "TO/o"],
    &["hinges", "day.yaml", "--set", "lasts=5m", "--trials", "1", "-o", "TO/o"],
    &["go", "launch.yaml", "--out", "TO/o"],
    &["go", "own", "launch.yaml", "beta users", "ann", "--by", "ann", "--record", "TO/go.yaml"],
    &["when", "launch.yaml", "--step", "moved", "--to", "10:05", "--trials", "1", "--out", "TO/o"],
    &["night", "launch.yaml", "--now", "2026-03-02T10:05", "--out", "TO/o"],
    &["night", "day.yaml", "--card", "--out", "TO/o"],
    &["tune", "day.yaml", "--set", SHORT, "--try", "Errors.value=2,5", "--days", "2", "-o", "TO/o"],
    &["capacity", "day.yaml", "--formula", "--out", "TO/o"],
    &["pack", "day.yaml", "-o", "TO/o"],
    &["pack", "day.yaml", "launch.yaml", "--agenda", "2h", "-o", "TO/o"],
    &["report", "TO/done"],
    &["report", "done", "--observed", "sheet.csv", "--out", "TO/o"],
    &["merge", "s/day-shard-1-of-2.jsonl", "s/day-shard-2-of-2.jsonl", "--out", "TO/o"],
    &["plan-shards", "day.yaml", "--engine", "slurm", "--trials", "9", "--of", "3", "-o", "TO/o"],
    &["baseline", "a.log", "--window", "1s", "--min-requests", "1", "-o", "TO/b.yaml"],
    &["baseline", "a.log", "--window", "1s", "--partial", "TO/b.jsonl"],
    &["baseline", "merge", "part.jsonl", "--min-requests", "1", "-o", "TO/b.yaml"],
    &["judge", "day.yaml", "--readings", "r.jsonl", "-o", "TO/o"],
    &["judge", "day.yaml", "--log", "a.log", "--out", "TO/o"],
    &["crew", "incidents.csv", "-o", "TO/c.yaml"],
    &["rollcall", "--from", "roll.csv", "-o", "TO/c.yaml"],
    &["rollcall", "--channel", "slack", "--who", "ann", "--record", "TO/roll.csv"],
];

/// Options that name what is written, however they are spelled.
const OPTIONS: [(&str, &str); 7] = [
    ("--out", "-o"),
    ("--output", "-o"),
    ("--record", ""),
    ("--access-log", ""),
    ("--hdr", ""),
    ("--players", ""),
    ("--partial", ""),
];

/// A folder with something of every kind that the writers read.
pub(super) fn seeds() -> TempDir {
    let folder = super::folder();
    let put =
        |name: &str, text: String| fs::write(folder.path().join(name), text).expect("written");
    let times = |n: usize| format!("I{n},0m,{}m,{}m\n", n + 1, n + 30);
    let rows: String = (0..14).map(times).collect();
    put("incidents.csv", format!("incident,began,noticed,over\n{rows}"));
    let call = |n: usize| {
        format!("slack,ann{n},2018-11-06T10:00:00-05:00,2018-11-06T10:00:30-05:00,{}s\n", 20 + n)
    };
    let head = "channel,person,asked,answered,after\n";
    put("roll.csv", format!("{head}{}", (0..5).map(call).collect::<String>()));
    let head = "at,actor,role,channel,action,incident,note\n";
    put("sheet.csv", format!("{head}10:33,,,,alert,,Errors\n10:40,,,,recovered,,\n"));
    let day = fs::read_to_string(folder.path().join("day.yaml")).expect("readable");
    let launch = "launch: [{at: 5m, tell: kim, note: moved}]\n\
                  go_no_go: [{criterion: beta users, require: users >= 5000}]\n";
    put("launch.yaml", format!("{day}{launch}"));
    // What is kept changes the scenario that it is kept in.
    put("kept.yaml", day.clone());
    let kept = "0 guess kim back 40m longest decide\n31m what if changes.failover=2m\n\
                31m keep, owner kim, due Mar 1\n";
    put("kept.txt", kept.into());
    put("script.txt", "31m note a first look\n".into());
    put("plan.md", "# Relaunch\n\n## Team\n- ★ Dana: Owner\n- Engineering: Ravi\n".into());
    let run = ["run", "day.yaml", "--set", SHORT, "-q"];
    let made: [&[&str]; 4] = [
        &["--out", "done", "--record", "r.jsonl", "--access-log", "a.log"],
        &["--out", "s", "--trials", "4", "--shard", "1/2"],
        &["--out", "s", "--trials", "4", "--shard", "2/2"],
        &["--out", "done", "--trials", "2"],
    ];
    for more in made {
        let output = sim(folder.path()).args(run).args(more).output().expect("it ran");
        assert!(matches!(output.status.code(), Some(0 | 3 | 99)), "{output:?}");
    }
    let part = ["baseline", "a.log", "--window", "10s", "--partial", "part.jsonl"];
    sim(folder.path()).args(part).assert().code(0);
    folder
}

pub(super) fn to(place: &str, arguments: &[&str]) -> Vec<String> {
    arguments.iter().map(|word| word.replace("TO/", place)).collect()
}

/// Runs a writer after this has been set up in a shell; somebody types a few answers.
pub(super) fn played(folder: &Path, setup: &str, arguments: &[String]) -> (Option<i32>, String) {
    let setup = format!("printf 'ok\\nann\\n5m\\n' > typed; {setup}; exec < typed");
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (code, out, err) = under(folder, &setup, &arguments);
    assert!(!err.contains("panicked"), "{arguments:?}: {err}");
    (code, out + &err)
}

#[test]
fn every_command_that_writes_is_in_the_list() {
    let folder = super::folder();
    let help = |command: &str| {
        let output = sim(folder.path()).args([command, "--help"]).output().expect("it ran");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let output = sim(folder.path()).arg("--help").output().expect("it ran");
    let all = String::from_utf8_lossy(&output.stdout).into_owned();
    let commands = all.split("Commands:\n").nth(1).expect("a list").split("\n\n").next();
    let commands = commands.expect("a list").lines().filter(|line| !line.starts_with("    "));
    let commands: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.len() > 18, "{commands:?}");
    for command in commands {
        let help = help(command);
        for (long, short) in OPTIONS {
            let has = help.lines().any(|line| {
                let words: Vec<&str> = line.split_whitespace().collect();
                words.first().is_some_and(|word| word.starts_with('-')) && words.contains(&long)
            });
            let used = |writer: &&&[&str]| {
                writer[0] == command
                    && writer
                        .iter()
                        .any(|word| *word == long || (*word == short && long != "--record"))
            };
            assert!(!has || WRITERS.iter().any(|writer| used(&writer)), "{command} {long}");
        }
    }
}

#[test]
fn no_writer_leaves_anything_half_written_on_a_full_disk() {
    let folder = seeds();
    let at = folder.path().join("to");
    for writer in WRITERS {
        fs::create_dir(&at).expect("made");
        fs::copy(folder.path().join("day.yaml"), at.join("day.yaml")).expect("copied");
        fs::create_dir(at.join("done")).expect("made");
        for name in names(&folder.path().join("done")) {
            let copied =
                fs::copy(folder.path().join("done").join(&name), at.join("done").join(&name));
            copied.expect("copied");
        }
        let before = names(&at.join("done"));
        let arguments = to("to/", writer);
        let (code, said) = played(folder.path(), "trap '' XFSZ; ulimit -f 0", &arguments);
        assert_eq!(code, Some(1), "{arguments:?}: {said}");
        assert!(said.contains("error: cannot"), "{arguments:?}: {said}");
        assert_eq!(names(&at.join("o")), [""; 0], "{arguments:?}: {said}");
        assert_eq!(unfinished(&at), [""; 0], "{arguments:?}");
        assert_eq!(names(&at.join("done")), before, "{arguments:?}");
        let left: Vec<String> = names(&at)
            .into_iter()
            .filter(|name| !["day.yaml", "done", "o"].contains(&&**name))
            .collect();
        assert_eq!(left, [""; 0], "{arguments:?}: {said}");
        let text = |path: &Path| fs::read(path.join("day.yaml")).expect("readable");
        assert!(text(&at) == text(folder.path()), "{arguments:?}");
        fs::remove_dir_all(&at).expect("removed");
    }
}

#[test]
fn where_the_folder_is_a_file_it_is_said_before_the_work() {
    let folder = seeds();
    fs::write(folder.path().join("to"), "my own notes\n").expect("written");
    for writer in WRITERS.iter().filter(|writer| !writer[1].starts_with("TO/")) {
        let arguments = to("to/", writer);
        let (code, said) = played(folder.path(), ":", &arguments);
        // A record that is there is read first, and this one cannot be.
        let read_first = writer[0] == "rollcall" && writer.contains(&"--record");
        assert_eq!(code, Some(if read_first { 2 } else { 1 }), "{arguments:?}: {said}");
        assert!(said.contains("error: cannot"), "{arguments:?}: {said}");
        // Nothing was played, measured or asked by then.
        for done in ["Verdict", "trials", "Timed", "Press Enter", "Baseline"] {
            assert!(!said.contains(done), "{arguments:?}: {said}");
        }
        let mine = fs::read_to_string(folder.path().join("to")).expect("readable");
        assert_eq!(mine, "my own notes\n");
    }
}

#[test]
fn a_full_device_in_place_of_a_file_is_said() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let folder = seeds();
    let files = WRITERS.iter().filter(|writer| {
        let place = writer.iter().find(|word| word.starts_with("TO/")).expect("a place");
        place.contains('.') && !["fill", "go", "new"].contains(&writer[0])
    });
    for writer in files {
        let arguments: Vec<String> =
            writer
                .iter()
                .map(|word| {
                    if word.starts_with("TO/") { "/dev/full".to_string() } else { word.to_string() }
                })
                .collect();
        let (code, said) = played(folder.path(), ":", &arguments);
        let read_first = writer[0] == "rollcall" && writer.contains(&"--record");
        assert_eq!(code, Some(if read_first { 2 } else { 1 }), "{arguments:?}: {said}");
        assert!(said.contains("error: cannot"), "{arguments:?}: {said}");
        assert!(!fs::metadata("/dev/full").expect("it is there").is_file());
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_is_replaced_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let folder = super::folder();
    let path = folder.path().join("day.yaml");
    let before = fs::read_to_string(&path).expect("readable");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("set");
    let fill = ["fill", "day.yaml", "--first", "0", "--by", "lou", "--on", "2018-11-01"];
    let park = "park ann\n".repeat(9);
    sim(folder.path()).args(fill).write_stdin(park).assert().code(0);
    assert!(fs::read_to_string(&path).expect("readable") != before, "something was parked");
    let mode = fs::metadata(&path).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}

#[test]
fn what_cannot_be_seen_gets_into_no_file_that_is_written() {
    let folder = seeds();
    let path = folder.path().join("day.yaml");
    let before = fs::read_to_string(&path).expect("readable");
    let fill = ["fill", "day.yaml", "--first", "0", "--on", "2018-11-01"];
    let typed = "ann\u{202e}\npark b\u{200b}ob\nby l\u{2066}ou\n";
    let output = sim(folder.path()).args(fill).write_stdin(typed).assert().code(0);
    let said = String::from_utf8_lossy(&output.get_output().stdout).into_owned();
    assert!(said.contains("invisible character"), "{said}");
    assert_eq!(fs::read_to_string(&path).expect("readable"), before);
    sim(folder.path()).args(fill).args(["--by", "l\u{202e}ou"]).assert().code(2);
    let crew = ["crew", "incidents.csv", "-o", "crew.yaml", "--like", "o\u{202e}ur ${own}"];
    sim(folder.path()).args(crew).args(["--source", "a\u{200b}\nb"]).assert().code(0);
    let part = fs::read_to_string(folder.path().join("crew.yaml")).expect("written");
    assert!(part.contains(r#"like: "o\u202eur $${own}""#), "{part}");
    assert!(!part.contains(['\u{202e}', '\u{200b}']), "{part}");
}
