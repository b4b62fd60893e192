//! The panels of the capacity check and the strips of a tuning, read back from their pages and
//! compared with the tables beside them.

use crate::capacity::PAIR;
use crate::pictures::{Row, attribute, number, rows, tags};
use assert_cmd::Command;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn sim(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::cargo_bin("sim").expect("built");
    let output = command.current_dir(folder).env("NO_COLOR", "1").args(arguments).output();
    String::from_utf8(output.expect("it runs").stdout).expect("text")
}

/// The drawing of this kind for a wide screen.
fn drawing(page: &str, kind: &str) -> String {
    let begin = format!("<svg class=\"clock {kind} on-wide\"");
    let rest = page.split(&begin).nth(1).unwrap_or_else(|| panic!("no {kind}"));
    format!("{begin}{}", rest.split("</svg>").next().expect("it ends"))
}

/// Two numbers of an attribute.
fn two(tag: &str, name: &str) -> (f64, f64) {
    let (one, other) = attribute(tag, name).split_once(' ').expect("two numbers");
    (number(one), number(other))
}

/// A folder with a run and a capacity check, and what the check said.
fn checked() -> (TempDir, String) {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("day.yaml"), PAIR.replace("lasts: 1h", "lasts: 2m"))
        .expect("there");
    sim(folder.path(), &["run", "day.yaml", "--trials", "1", "-q"]);
    let told = sim(folder.path(), &["capacity", "day.yaml"]);
    (folder, told)
}

/// What a dot says, where it is, and whether it fired.
type Dot = (f64, f64, bool);

#[test]
fn capacity_is_drawn_as_its_tables_say() {
    let (folder, told) = checked();
    let reports = folder.path().join("reports/day");
    let page = fs::read_to_string(reports.join("outbrief.html")).expect("a page");
    let drawing = drawing(&page, "panels");
    let value = |name: &str| number(attribute(&drawing, name));
    let (zero, one) = (value("data-zero"), value("data-one"));
    let x = |multiple: f64| zero + multiple * (one - zero);
    let close = |drawn: f64, told: f64| (drawn - told).abs() < 0.3;
    let curve: Vec<Row> = rows(&reports.join("capacity-curve.csv"))
        .into_iter()
        .filter(|row| row["history"] == "steady")
        .collect();

    // A mark for each load in each of the two panels.
    let circles =
        tags(&drawing, "<circle class=\"load").into_iter().map(|tag| (tag, "cx", "cy", 0.0));
    let squares = tags(&drawing, "<rect class=\"load").into_iter().map(|tag| (tag, "x", "y", 4.0));
    let marks: Vec<(f64, f64, String, String)> = circles
        .chain(squares)
        .map(|(tag, x, y, half)| {
            let place = |name| number(attribute(tag, name)) + half;
            let text = |name| attribute(tag, name).to_string();
            (place(x), place(y), text("data-x"), text("class"))
        })
        .collect();
    let (times, shares) = (two(&drawing, "data-times"), two(&drawing, "data-shares"));
    let y = |(zero, decade): (f64, f64), value: f64| zero - value.log10() * decade;
    assert!(curve.len() > 5);
    for row in &curve {
        let own = marks.iter().filter(|mark| mark.2 == row["load_x"]);
        let own: Vec<_> = own.collect();
        assert_eq!(own.len(), 2, "{row:?}");
        let class = match row["status"].as_str() {
            "met" => "load good",
            "missed" => "load bad",
            _ => "load open",
        };
        let at = |told: f64| own.iter().any(|mark| close(mark.1, told));
        assert!(own.iter().all(|mark| close(mark.0, x(number(&row["load_x"])))), "{row:?}");
        assert!(own.iter().all(|mark| mark.3 == class), "{row:?}: {own:?}");
        assert!(at(y(times, number(&row["p95_ms"]) / 1e3)), "{row:?}: {own:?}");
        let share = |column: &str| (number(&row[column]) / 100.0).max(1e-4);
        assert!(at(y(shares, share("error_pct"))), "{row:?}: {own:?}");
        let ends = [y(shares, share("error_high_pct")), y(shares, share("error_low_pct"))];
        let interval = tags(&drawing, "<line class=\"between\"").into_iter().any(|tag| {
            let drawn = ["y1", "y2"].map(|name| number(attribute(tag, name)));
            close(drawn[0], ends[0]) && close(drawn[1], ends[1])
        });
        assert!(interval, "{row:?}");
    }

    broken(&drawing, &told, &reports);
}

/// The headroom that was asked for, and where each case breaks.
fn broken(drawing: &str, told: &str, reports: &Path) {
    let value = |name: &str| number(attribute(drawing, name));
    let (zero, one) = (value("data-zero"), value("data-one"));
    let x = |multiple: f64| zero + multiple * (one - zero);
    let close = |drawn: f64, told: f64| (drawn - told).abs() < 0.3;
    let band = tags(drawing, "<rect class=\"headroom\"")[0];
    assert!(close(number(attribute(band, "x")), one));
    assert!(close(number(attribute(band, "width")), x(1.0 / 0.7) - one));
    let cases: Vec<Row> = rows(&reports.join("capacity.csv"))
        .into_iter()
        .filter(|row| row["tier"] == "(site)" && row["evidence"] == "simulated")
        .collect();
    let drawn: Vec<&str> = drawing.split("<g class=\"case\"").skip(1).collect();
    assert_eq!(drawn.len(), cases.len());
    assert!(cases.len() > 3);
    for (row, group) in cases.iter().zip(drawn) {
        let bar = tags(group, "<rect class=\"break ")[0];
        let (from, width) = (number(attribute(bar, "x")), number(attribute(bar, "width")));
        if let (Ok(low), Ok(high)) = (row["break_x_low"].parse(), row["break_x_high"].parse()) {
            let (low, high): (f64, f64) = (x(low), x(high));
            assert!(close(from, low) && close(width, (high - low).max(3.0)), "{row:?}");
        }
        assert!(told.contains(row["break_x_low"].get(..3).unwrap_or_default()), "{told}");
    }

    // On the terminal the word of every case comes first, where nothing cuts it.
    let table = told.split("Case by case").nth(1).expect("a table");
    let words = table.lines().skip(2).take_while(|line| !line.trim().is_empty());
    let words: Vec<&str> = words
        .filter(|line| !line.starts_with("    "))
        .filter_map(|line| line.split_whitespace().next())
        .take(cases.len())
        .collect();
    assert!(words.iter().all(|word| ["met", "missed", "open"].contains(word)), "{words:?}");
}

#[test]
fn strips_have_every_day_and_the_threshold_between() {
    let folder = TempDir::new().expect("a folder");
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tune.yaml");
    fs::copy(scenario, folder.path().join("day.yaml")).expect("copied");
    let words = ["tune", "day.yaml", "--days", "12", "--trials", "5", "-q", "--out", "out"];
    sim(folder.path(), &words);
    let page = fs::read_to_string(folder.path().join("out/tune.html")).expect("a page");
    let table = rows(&folder.path().join("out/tune.csv"));
    let all = |row: &&Row| row["recommended"] == "yes" && row["fault"].is_empty();
    let row = table.iter().find(all).expect("one is taken");
    let drawing = drawing(&page, "strips");
    let strips: Vec<(&str, Vec<Dot>)> = drawing
        .split("<g data-strip=\"")
        .skip(1)
        .map(|strip| {
            let dot = |tag: &&str| {
                let value = |name| number(attribute(tag, name));
                (value("data-value"), value("cx"), attribute(tag, "class").ends_with("fired"))
            };
            let dots = tags(strip, "<circle class=\"day ").iter().map(dot).collect();
            (strip.split('"').next().expect("a name"), dots)
        })
        .collect();
    assert_eq!(strips.len(), 3, "quiet days and two faults");
    let counts: Vec<usize> = strips.iter().map(|(_, dots)| dots.len()).collect();
    assert_eq!(counts, [12, 5, 5]);
    let close = |one: f64, told: &str| (one - number(told)).abs() <= number(told).abs() * 1e-3;
    let worst = strips[0].1.iter().map(|dot| dot.0).fold(0.0, f64::max);
    assert!(close(worst, &row["quiet_worst"]), "{worst}: {row:?}");
    let faults = || strips[1..].iter().flat_map(|(_, dots)| dots);
    let least = faults().map(|dot| dot.0).fold(f64::MAX, f64::min);
    assert!(close(least, &row["fault_least"]), "{least}: {row:?}");
    assert!(close(number(attribute(&drawing, "data-threshold")), &row["threshold"]));
    // Filled is what fired: as many as the table has found.
    let found = number(&row["faults"]) - number(&row["missed"]) - number(&row["already"]);
    assert_eq!(faults().filter(|dot| dot.2).count() as f64, found);
    // Larger values lie further right, and the line lies where its value does.
    let line = tags(&drawing, "<line class=\"threshold\"")[0];
    let mut places: Vec<(f64, f64)> = strips
        .iter()
        .flat_map(|(_, dots)| dots.iter().map(|dot| (dot.0, dot.1)))
        .chain([(number(&row["threshold"]), number(attribute(line, "x1")))])
        .collect();
    places.sort_by(|one, other| one.0.total_cmp(&other.0));
    assert!(places.windows(2).all(|pair| pair[0].1 <= pair[1].1 + 0.11), "{places:?}");
}
