//! `sim report DIR --observed`: a gameday that was written down by hand.

use super::{said, shipped_path, sim};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const SHEET: &str = "\
at,actor,role,channel,action,incident,note
18:07:40,,,,alert,,ErrorSpike
18:08,wyatt,,slack,ask,,
18:10,wyatt,,slack,ack,,
18:13,wyatt,,,declare,,
18:21,wyatt,,,choose,,reverse-proxy-update
18:21,chris,,phone,ask,,
18:35,chris,,phone,decide,,
18:35,wyatt,,,start,,
18:39:30,wyatt,,,done,,
18:41,,,,recovered,,
18:42,rachael,decider,,tell,,=HYPERLINK(\"all well\")
";

type Row = BTreeMap<String, String>;

fn table(folder: &Path, name: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(folder.join(name)).expect(name);
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

/// A folder with a run in `run`, with a few trials, and the sheet beside it.
fn folder() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let sets = ["--set", "lasts=110m", "--quiet", "--out", "run", "--trials", "5"];
    let scenario = shipped_path("proxy-outage");
    sim(folder.path()).arg("run").arg(scenario).args(sets).output().expect("ended");
    fs::write(folder.path().join("observed.csv"), SHEET).expect("written");
    folder
}

fn bytes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder).expect("a folder").map(|file| file.expect("one").path());
    let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    files.map(|path| (name(&path), fs::read(&path).expect("readable"))).collect()
}

#[test]
fn a_sheet_gives_the_same_reports_as_a_run() {
    let folder = folder();
    let (run, own) = (folder.path().join("run"), folder.path().join("run-observed"));
    let before = bytes(&run);
    let report = ["report", "run", "--observed", "observed.csv"];
    let (told, complained) = said(&sim(folder.path()).args(report).assert().code(0));
    assert_eq!(complained, "");
    assert!(before == bytes(&run), "the run was changed");

    let responses = table(&own, "responses.csv");
    assert_eq!(responses.len(), 1);
    for (column, expected) in [
        ("mode", "observed"),
        ("incident", "1"),
        ("play", "rollback"),
        ("change", "reverse-proxy-update"),
        ("cause_at", "2018-11-07T18:05:00-05:00"),
        ("detect_s", "160"),
        ("acknowledge_s", "140"),
        ("declare_s", "180"),
        ("diagnose_s", "480"),
        ("reach_s", "840"),
        // The pipeline was free.
        ("queue_s", ""),
        ("deploy_s", "270"),
        ("over_table_s", "90"),
        ("confirm_s", "90"),
        ("total_s", "2160"),
        ("responder", "wyatt"),
        ("decider", "chris"),
        ("outcome", "recovered"),
        ("evidence", "measured"),
    ] {
        assert_eq!(responses[0][column], expected, "{column}");
    }
    assert_ne!(responses[0]["run_id"], table(&run, "responses.csv")[0]["run_id"]);
    let times = table(&own, "change_times.csv");
    let update = times.iter().find(|row| row["change"] == "reverse-proxy-update");
    let update = update.expect("a row");
    assert_eq!((&*update["rehearsed_s"], &*update["simulated_p50_s"]), ("270", ""));
    assert_eq!(update["recommended"], "longer than on paper: plan for 4m 30s");
    let people = table(&own, "people.csv");
    let wyatt = people.iter().find(|row| row["person"] == "wyatt").expect("asked");
    assert_eq!((&*wyatt["channel"], &*wyatt["evidence"]), ("slack", "measured"));
    let timeline = fs::read_to_string(own.join("timeline.csv")).expect("a table");
    assert!(timeline.contains("'=HYPERLINK"), "a formula goes into a spreadsheet");

    let page = fs::read_to_string(own.join("outbrief.html")).expect("a page");
    for expected in ["EXERCISE", "How did we do", "of 5 runs", "is the best choice", "measured"] {
        assert!(page.contains(expected), "no `{expected}` on the page");
    }
    assert!(!page.contains("hatched\" style="), "something measured is hatched");
    for expected in ["EXERCISE: Half", "How did we do", "14m", "met all 3", "is the best choice"] {
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains(expected), "no `{expected}` in\n{told}");
    }
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
    assert!(!told.contains("visits"), "nobody counted visits:\n{told}");
}

#[test]
fn the_reports_of_a_sheet_are_made_again_from_its_journal() {
    let folder = folder();
    let own = folder.path().join("run-observed");
    let report = ["report", "run", "--observed", "observed.csv", "--quiet"];
    sim(folder.path()).args(report).assert().code(0);
    let first = bytes(&own);
    sim(folder.path()).args(["report", "run-observed", "--quiet"]).assert().code(0);
    assert!(first == bytes(&own), "the bytes differ");
    // The same sheet is the same journal; another sheet gets a folder of its own.
    sim(folder.path()).args(report).assert().code(0);
    assert!(first == bytes(&own), "the bytes differ");
    let other = SHEET.replace("18:35", "18:36");
    fs::write(folder.path().join("observed.csv"), other).expect("written");
    sim(folder.path()).args(report).assert().code(0);
    assert!(first == bytes(&own), "another sheet was overwritten");
    assert!(folder.path().join("run-observed-2/responses.csv").exists());
    let again = ["report", "run-observed", "--observed", "observed.csv"];
    let (_, complained) = said(&sim(folder.path()).args(again).assert().code(2));
    assert!(complained.contains("holds what was observed, not a run"), "{complained}");
}

#[test]
fn a_rehearsal_is_put_beside_the_trials_of_a_run() {
    let folder = folder();
    let report = ["report", "run", "--observed", "observed.csv", "--quiet"];
    sim(folder.path()).args(report).assert().code(0);
    let own = folder.path().join("run-observed");
    let first = bytes(&own);
    for name in ["trials.jsonl", "alternatives.json"] {
        fs::remove_file(own.join(name)).expect("there");
    }
    let (told, _) = said(&sim(folder.path()).args(["report", "run-observed"]).assert().code(0));
    assert!(told.contains("Without many runs"), "{told}");
    let beside = ["report", "run-observed", "--beside", "run"];
    let (told, _) = said(&sim(folder.path()).args(beside).assert().code(0));
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("is the best choice"), "{told}");
    assert!(first == bytes(&own), "the bytes differ");
    let beside = ["report", "run-observed", "--beside", "nowhere"];
    let (_, complained) = said(&sim(folder.path()).args(beside).assert().code(2));
    assert!(complained.contains("nowhere has no runs of this scenario"), "{complained}");
}

#[test]
fn a_sheet_with_errors_writes_nothing() {
    let folder = folder();
    let wrong = format!("{SHEET}25:10,wiatt,,slcak,ack,x,\n,,,,,,lost\n");
    fs::write(folder.path().join("observed.csv"), wrong).expect("written");
    let report = ["report", "run", "--observed", "observed.csv"];
    let (_, complained) = said(&sim(folder.path()).args(report).assert().code(2));
    for expected in [
        "observed.csv, row 13, column at: `25:10` is not a time",
        "observed.csv, row 13, column actor: `wiatt` is not a person",
        "observed.csv, row 13, column channel: `slcak` is not a channel",
        "observed.csv, row 13, column incident: `x` is not the number",
        "hint: did you mean `wyatt`?",
        "observed.csv, row 14, column action: the row does not say what was done",
    ] {
        assert!(complained.contains(expected), "no `{expected}` in\n{complained}");
    }
    assert!(!folder.path().join("run-observed").exists());
    let report = ["report", "run", "--observed", "nowhere.csv"];
    let (_, complained) = said(&sim(folder.path()).args(report).assert().code(2));
    assert!(complained.contains("cannot read nowhere.csv"), "{complained}");
    let report = ["report", "nowhere", "--observed", "observed.csv"];
    let (_, complained) = said(&sim(folder.path()).args(report).assert().code(2));
    assert!(complained.contains("name the folder of a run"), "{complained}");
}
