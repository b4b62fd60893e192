//! What `sim compare` draws and says is what its table says: rows in order, marks where the figures
//! are, and a reason where nothing differs.

use crate::pictures::{Row, attribute, number, rows, tags};
use assert_cmd::Command;
use std::fs;
use tempfile::TempDir;

/// Compares a shipped scenario with a change in so many pairs; what was printed, and the folder.
fn compare(trials: &str, more: &[&str]) -> (String, TempDir) {
    let folder = TempDir::new().expect("a folder");
    let scenario = format!("{}/scenarios/proxy-outage.yaml", env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::cargo_bin("sim").expect("built");
    command.current_dir(folder.path()).env("NO_COLOR", "1").args(["compare", &scenario]);
    let output =
        command.args(["--trials", trials, "--out", "out"]).args(more).output().expect("ran");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8(output.stdout).expect("text"), folder)
}

fn page(folder: &TempDir) -> String {
    fs::read_to_string(folder.path().join("out/compare.html")).expect("a page")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_difference_of_nothing_is_explained() {
    let unused = ["--set", "changes.frontend-revert.takes=9m"];
    let (told, folder) = compare("2", &unused);
    let told = one_line(&told);
    for part in [
        "`frontend-revert` is in no play and in no timed launch step, and nothing else was changed",
        "All figures are the same in each of the 2 runs.",
        "figures are the same in every run",
    ] {
        assert!(told.contains(part), "{part:?} is not in {told}");
    }
    let page = page(&folder);
    assert!(page.contains("<code>frontend-revert</code> is in no play"), "{page}");
    assert!(page.contains("Nothing differs.") && !page.contains("<table"), "{page}");
    let table = rows(&folder.path().join("out/compare.csv"));
    assert!(table.iter().all(|row| row["same"] == row["n"]), "{table:?}");

    // Where something else was changed too, no more is said than is known.
    let more = ["--set", "changes.frontend-revert.takes=9m", "--set", "lasts=90m"];
    let (told, _) = compare("2", &more);
    let reason = "`frontend-revert` is in no play and in no timed launch step.";
    assert!(one_line(&told).contains(reason), "{told}");

    // What was set was so before.
    let (told, _) = compare("2", &["--set", "changes.reverse-proxy-update.takes=3m"]);
    assert!(one_line(&told).contains("Both sides are the same plan"), "{told}");

    // It is in a play, which nothing opens here; the shards carry what explains it.
    let quiet = ["--set", "changes.reverse-proxy-update.takes=9m", "--set", "faults=[]"];
    let both = [&["--set", "faults=[]", "--vs"][..], &quiet].concat();
    let (told, _) = compare("2", &both);
    let reason = "`reverse-proxy-update` is only in the play \"rollback\", never opened here.";
    assert!(one_line(&told).contains(reason), "{told}");
}

/// What a row of the table means.
fn meaning(row: &Row) -> &'static str {
    let ends = ["difference_low", "difference_high"].map(|column| row[column].parse::<f64>().ok());
    let value = row["difference"].parse::<f64>().ok();
    let clear = match ends {
        [Some(low), Some(high)] => low > 0.0 || high < 0.0,
        _ => value.is_some_and(|value| value != 0.0) && number(&row["n"]) > 1.0,
    };
    let more_is_better = row["headline"].starts_with("meets ");
    let neither = row["headline"] == "requests" || (row["unit"] == "chance" && !more_is_better);
    match value {
        _ if !clear => "unclear",
        _ if neither => "differs",
        Some(value) if (value > 0.0) == more_is_better => "better",
        _ => "worse",
    }
}

#[test]
fn differences_are_drawn_as_the_table_says() {
    let (told, folder) = compare("6", &["--set", "changes.reverse-proxy-update.takes=9m"]);
    let (page, table) = (page(&folder), rows(&folder.path().join("out/compare.csv")));
    let drawn = page.split("<table class=\"heat forest\" id=\"whole\"").nth(1).expect("a table");
    let drawn = format!("<table {}", drawn.split("</table>").next().expect("it ends"));
    let end = number(attribute(&drawn, "data-end"));
    let of = |name: &str| table.iter().find(|row| row["headline"] == name).expect("a row");
    let percent = |row: &Row, column: &str| {
        let first = if row["unit"] == "chance" { 1.0 } else { number(&row["first"]) };
        let value = row[column].parse::<f64>().ok()?;
        Some(if value == 0.0 { 0.0 } else { value / first * 100.0 })
    };
    let mut sizes = Vec::new();
    let mut names = Vec::new();
    for row in drawn.split("<tr data-name=\"").skip(1) {
        let name = row.split('"').next().expect("a name").replace("&lt;", "<");
        let of_name: Vec<&Row> = name.split(" = ").map(of).collect();
        let told = of_name[0];
        for other in &of_name {
            for column in ["unit", "n", "first", "second", "difference", "same", "only_first"] {
                assert_eq!(other[column], told[column], "{name} are not the same");
            }
        }
        names.extend(of_name.iter().map(|row| row["headline"].clone()));
        let value = percent(told, "difference");
        let (low, high) = (percent(told, "difference_low"), percent(told, "difference_high"));
        let word = meaning(told);
        assert!(row.contains(&format!(">{word}</span>")), "{name} is not {word}");
        sizes.push((word == "unclear", value.map_or(0.0, f64::abs)));
        let Some(value) = value else { continue };
        let x = |percent: f64| ((percent / end).clamp(-1.0, 1.0) + 1.0) * 500.0;
        let bar = tags(row, "<rect class=\"size")[0];
        assert!((number(attribute(bar, "width")) - (x(value) - 500.0).abs()).abs() < 0.2, "{name}");
        let interval = tags(row, "<rect class=\"interval")[0];
        let from = number(attribute(interval, "x"));
        assert!((from - x(low.unwrap_or(value))).abs() < 0.2, "{name} begins at {from}");
        let to = from + number(attribute(interval, "width"));
        assert!((to - x(high.unwrap_or(value))).abs() < 3.2, "{name} ends at {to}");
    }
    let sorted = |pair: &[(bool, f64)]| {
        (!pair[0].0 && pair[1].0) || (pair[0].0 == pair[1].0 && pair[0].1 >= pair[1].1)
    };
    assert!(sizes.len() > 3 && sizes.windows(2).all(sorted), "{sizes:?}");
    // Everything that differs and is about all users is drawn, once.
    let differs = |row: &&Row| {
        row["same"] != row["n"] || row["only_first"] != "0" || row["only_second"] != "0"
    };
    let mut expected: Vec<String> = table
        .iter()
        .filter(differs)
        .map(|row| row["headline"].clone())
        .filter(|name| !name.contains(", "))
        .collect();
    names.sort();
    expected.sort();
    assert_eq!(names, expected);
    // The terminal has the same rows in the same words.
    for name in &names {
        assert!(told.contains(name.as_str()), "{name} is not in {told}");
    }
    assert!(told.lines().all(|line| line.starts_with("Replay") || line.chars().count() <= 80));
}
