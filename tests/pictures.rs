//! The pictures of the outbrief say what the tables say: their marks are read back from the page
//! and compared with the CSV files of the same run.

use assert_cmd::Command;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A row of a table by column.
pub(crate) type Row = BTreeMap<String, String>;

/// The files of a run of a shipped scenario.
pub(crate) fn run(name: &str, more: &[&str]) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let scenario = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{name}.yaml"));
    let mut command = Command::cargo_bin("sim").expect("built");
    command.current_dir(folder.path()).arg("run").arg(scenario).args(["-q", "--out", "out"]);
    let one: &[&str] = if more.contains(&"--trials") { &[] } else { &["--trials", "1"] };
    command.args(more).args(one).output().expect("ended");
    folder
}

pub(crate) fn table(folder: &TempDir, file: &str) -> Vec<Row> {
    rows(&folder.path().join("out").join(file))
}

/// The rows of a table.
pub(crate) fn rows(path: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    let columns = reader.headers().expect("columns").clone();
    let row = |record: csv::StringRecord| {
        columns.iter().zip(record.iter()).map(|(a, b)| (a.to_string(), b.to_string())).collect()
    };
    reader.records().map(|record| row(record.expect("a row"))).collect()
}

pub(crate) fn page(folder: &TempDir) -> String {
    fs::read_to_string(folder.path().join("out/outbrief.html")).expect("a page")
}

pub(crate) fn number(text: &str) -> f64 {
    text.parse().unwrap_or_else(|_| panic!("{text:?} is not a number"))
}

/// The value of an attribute in a tag.
pub(crate) fn attribute<'a>(tag: &'a str, name: &str) -> &'a str {
    let begin = format!(" {name}=\"");
    let at = tag.find(&begin).unwrap_or_else(|| panic!("no {name} in {tag}")) + begin.len();
    tag[at..].split('"').next().expect("quoted")
}

/// The tags of a text that begin like this.
pub(crate) fn tags<'a>(text: &'a str, begin: &str) -> Vec<&'a str> {
    text.match_indices(begin).map(|(at, _)| text[at..].split('>').next().expect("one")).collect()
}

/// The drawing of an incident for a wide screen.
fn clock(page: &str, incident: &str) -> String {
    let figure = page.split(&format!("id=\"incident-{incident}\"")).nth(1).expect("a figure");
    let drawing = figure.split("<svg class=\"clock on-wide\"").nth(1).expect("a drawing");
    format!("<svg {}", drawing.split("</svg>").next().expect("it ends"))
}

/// The points of a path, apart where the pen is lifted.
fn points(path: &str) -> Vec<(f64, f64)> {
    let point = |text: &str| {
        let (x, y) = text.split_once(' ').expect("two numbers");
        (number(x), number(y))
    };
    path.split(['M', 'L']).filter(|text| !text.is_empty()).map(point).collect()
}

#[test]
fn steps_are_drawn_as_long_as_the_table_of_responses_says() {
    for name in ["proxy-outage", "rollback-fails"] {
        let folder = run(name, &[]);
        let (page, rows) = (page(&folder), table(&folder, "responses.csv"));
        let incidents: std::collections::BTreeSet<&str> =
            rows.iter().map(|row| row["incident"].as_str()).collect();
        assert!(!incidents.is_empty());
        for incident in incidents {
            let drawing = clock(&page, incident);
            let per = number(attribute(&drawing, "data-per"));
            let mut drawn: BTreeMap<String, f64> = BTreeMap::new();
            for piece in tags(&drawing, "<rect class=\"piece i-") {
                let word = attribute(piece, "class").rsplit("i-").next().expect("a word");
                *drawn.entry(word.to_string()).or_default() +=
                    number(attribute(piece, "width")) * per;
            }
            let mut told: BTreeMap<String, f64> = BTreeMap::new();
            for row in rows.iter().filter(|row| row["incident"] == incident) {
                let own = row.iter().filter(|(column, cell)| {
                    let other = ["total_s", "table_min_s", "table_max_s", "over_table_s"];
                    column.ends_with("_s") && !other.contains(&column.as_str()) && !cell.is_empty()
                });
                for (column, cell) in own.filter(|(_, cell)| number(cell) > 0.0) {
                    *told.entry(column.trim_end_matches("_s").to_string()).or_default() +=
                        number(cell);
                }
            }
            let words = |of: &BTreeMap<String, f64>| of.keys().cloned().collect::<Vec<_>>();
            assert_eq!(words(&drawn), words(&told), "{name}, incident {incident}");
            for (word, seconds) in &told {
                let off = (drawn[word] - seconds).abs();
                assert!(off < 0.1 * per, "{name}: {word} {seconds} s is drawn as {}", drawn[word]);
            }
        }
    }
}

#[test]
fn what_visitors_felt_is_drawn_as_the_table_of_readings_says() {
    // In one of them readings are missing while the site is broken.
    for name in ["retry-storm", "blind-monitor"] {
        let folder = run(name, &[]);
        let page = page(&folder);
        let readings: Vec<Row> = table(&folder, "metrics.csv")
            .into_iter()
            .filter(|row| row["scope_kind"] == "site")
            .collect();
        let incident = table(&folder, "responses.csv")[0]["incident"].clone();
        let drawing = clock(&page, &incident);
        let value = |name: &str| number(attribute(&drawing, name));
        let (from, step) = (value("data-first"), value("data-step"));
        let shares: Vec<&str> = attribute(&drawing, "data-values").split(' ').collect();
        let mut given_up = 0.0;
        for (position, share) in shares.iter().enumerate() {
            let (begin, end) = (from + step * position as f64, from + step * (position + 1) as f64);
            let within = |row: &&Row| number(&row["t_s"]) > begin && number(&row["t_s"]) <= end;
            let known: Vec<&Row> =
                readings.iter().filter(within).filter(|row| !row["requests"].is_empty()).collect();
            let sum = |column: &str| known.iter().map(|row| number(&row[column])).sum::<f64>();
            given_up += sum("given_up");
            let bad = sum("errors") + sum("rejected") + sum("given_up");
            let told = bad / sum("requests") * 100.0;
            match *share {
                "-" => assert!(known.is_empty() || sum("requests") == 0.0, "{name} at {begin}"),
                share => {
                    let off = (number(share) - told).abs();
                    assert!(off <= 0.051, "{name} at {begin}: {share}, not {told}");
                }
            }
        }
        assert!(given_up > 0.0 || name != "retry-storm", "nobody gave up");
        // Every point of the line is one of these shares, and lies at its moment.
        let line = attribute(tags(&drawing, "<path class=\"felt\"")[0], "d");
        let known = shares.iter().enumerate().filter(|(_, share)| **share != "-");
        let (left, start, per) = (value("data-left"), value("data-from"), value("data-per"));
        let moments: Vec<f64> = known
            .map(|(position, _)| from + step * (position as f64 + 0.5))
            .filter(|at| *at >= start && *at <= value("data-to"))
            .collect();
        let drawn = points(line);
        assert_eq!(drawn.len(), moments.len(), "{name}");
        for ((x, _), at) in drawn.iter().zip(moments) {
            let off = (start + (x - left) * per - at).abs();
            assert!(off <= per * 0.06, "{name}: the point of {at} s lies {off} s beside it");
        }
        let gaps = tags(&drawing, "<rect class=\"gap\"").len();
        assert_eq!(gaps, usize::from(name == "blind-monitor"), "{name}");
    }
}

#[test]
fn response_times_are_drawn_where_a_rule_about_them_opened_the_play() {
    let folder = run("retry-storm", &[]);
    let page = page(&folder);
    let readings: Vec<Row> = table(&folder, "metrics.csv")
        .into_iter()
        .filter(|row| row["scope_kind"] == "site" && !row["p95_ms"].is_empty())
        .collect();
    let incident = table(&folder, "responses.csv")[0]["incident"].clone();
    let drawing = clock(&page, &incident);
    let value = |name: &str| number(attribute(&drawing, name));
    let (left, start, per) = (value("data-left"), value("data-from"), value("data-per"));
    let step = value("data-step");
    let height = |class: &str, position: usize| {
        number(attribute(tags(&drawing, &format!("<line class=\"{class}\""))[position], "y1"))
    };
    // The first row is about errors, of which this rule says nothing: its line is in the second.
    let (base, limit) = (height("axis", 1), height("limit", 0));
    assert_eq!(tags(&drawing, "<line class=\"limit\"").len(), 1);
    let of_limit = |y: f64| (base - y) / (base - limit) * 3000.0;
    let line = points(attribute(tags(&drawing, "<path class=\"felt slow\"")[0], "d"));
    assert!(line.len() > 100, "{} points", line.len());
    for (x, y) in line {
        let at = start + (x - left) * per;
        let close = |row: &&Row| (number(&row["t_s"]) - at).abs() <= step;
        let near = readings.iter().filter(close).map(|row| number(&row["p95_ms"]));
        let tolerance = 3000.0 / (base - limit) * 0.1;
        let told =
            near.clone().any(|time| (time - of_limit(y)).abs() <= tolerance.max(time * 0.01));
        assert!(told, "at {at} s: {} ms, not one of {:?}", of_limit(y), near.collect::<Vec<_>>());
    }
    let other = run("proxy-outage", &[]);
    assert!(!self::page(&other).contains("felt slow\""), "a rule about errors opened it");
}

#[test]
fn the_bracket_is_as_long_as_the_table_promises() {
    let folder = run("latency-spike", &[]);
    let drawing = clock(&page(&folder), "1");
    let per = number(attribute(&drawing, "data-per"));
    let length = |tag: &&str| {
        let path = attribute(tag, "d");
        let (start, end) = path.trim_start_matches('M').split_once('H').expect("a line");
        let start = start.split(' ').next().expect("a number");
        (number(end.trim_end_matches("v-7")) - number(start)) * per
    };
    let drawn: Vec<f64> = tags(&drawing, "<path class=\"bracket\"").iter().map(length).collect();
    let rows = table(&folder, "responses.csv");
    let told: Vec<f64> = rows
        .iter()
        .filter(|row| !row["deploying_at"].is_empty())
        .map(|row| number(&row["table_max_s"]))
        .collect();
    assert!(!told.is_empty() && drawn.len() == told.len(), "{drawn:?} for {told:?}");
    for (drawn, told) in drawn.iter().zip(told) {
        assert!((drawn - told).abs() < 0.15 * per, "{told} s are drawn as {drawn}");
    }
}

/// The rows of a table of cells: its name, and the step of the ramp of every cell.
fn cells(page: &str, id: &str) -> Vec<(String, Vec<Option<usize>>, String)> {
    let table = page.split(&format!("<table class=\"heat\" id=\"{id}\"")).nth(1).expect("one");
    let table = table.split("</table>").next().expect("it ends");
    let row = |row: &str| {
        let drawing = row.split("<svg").nth(1).expect("a drawing");
        let width = attribute(drawing, "viewBox").split(' ').nth(2).map(number).expect("a width");
        let mut steps = vec![None; width as usize / 10];
        for step in 0..7 {
            for path in tags(row, &format!("<path class=\"h{step}\"")) {
                for piece in attribute(path, "d").split('M').filter(|piece| !piece.is_empty()) {
                    let (x, rest) = piece.split_once(" 0h").expect("a cell");
                    let long = number(rest.split('v').next().expect("its width")) as usize / 10;
                    let first = number(x) as usize / 10;
                    steps[first..first + long].fill(Some(step));
                }
            }
        }
        let figures = row.split("</svg></td>").nth(1).expect("figures").to_string();
        (attribute(row, "data-name").to_string(), steps, figures)
    };
    table.split("<tr").filter(|row| row.starts_with(" data-name")).map(row).collect()
}

#[test]
fn who_was_affected_when_is_what_the_table_of_readings_says() {
    const RAMP: [f64; 7] = [0.0, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0];
    let folder = run("proxy-outage", &[]);
    let page = page(&folder);
    let (readings, segments) = (table(&folder, "metrics.csv"), table(&folder, "segments.csv"));
    let every = number(&readings[0]["t_s"]);
    for id in ["segments", "tiers"] {
        let begin = format!("id=\"{id}\" data-bin=\"");
        let bin = page.split(&begin).nth(1).and_then(|rest| rest.split('"').next());
        let bin = number(bin.expect("the length of a cell"));
        let drawn = cells(&page, id);
        let names = drawn.iter().flat_map(|(name, ..)| name.split(" = "));
        let names: std::collections::BTreeSet<&str> = names.collect();
        if id == "segments" {
            let told = segments.iter().filter(|row| row["segment_kind"] != "all").count();
            assert_eq!(names.len(), told, "{names:?}");
            assert!(drawn.len() < told, "the same people stand in two rows");
        }
        for (name, steps, figures) in &drawn {
            for name in name.split(" = ") {
                let (kind, scope) = name.split_once(' ').expect("a kind and a name");
                let mut bins = vec![(0.0, 0.0); steps.len()];
                let own = |row: &&Row| row["scope_kind"] == kind && row["scope"] == scope;
                for row in readings.iter().filter(own).filter(|row| !row["requests"].is_empty()) {
                    let bin = &mut bins[((number(&row["t_s"]) - every) / bin) as usize];
                    bin.0 += number(&row["requests"]);
                    bin.1 += ["errors", "rejected", "given_up"]
                        .map(|c| number(&row[c]))
                        .iter()
                        .sum::<f64>();
                }
                let step = |(all, bad): &(f64, f64)| {
                    (*all > 0.0).then(|| {
                        RAMP.iter().rposition(|from| bad / all * 100.0 >= *from).expect("from 0 on")
                    })
                };
                let told: Vec<_> = bins.iter().map(step).collect();
                assert_eq!(steps, &told, "{name}");
                let bad: f64 = bins.iter().map(|(_, bad)| bad).sum();
                let written = figures.split("<td class=\"figure\">").nth(1).expect("a figure");
                let written = written.split('<').next().expect("it ends").replace(',', "");
                assert_eq!(number(&written), bad, "{name}");
                let row = segments
                    .iter()
                    .find(|row| row["segment_kind"] == kind && row["segment"] == scope);
                if let Some(row) = row {
                    let users = figures.split("spare\">").nth(1).expect("users");
                    let users = users.split('<').next().expect("it ends").replace(',', "");
                    assert_eq!(users, row["users_affected"], "{name}");
                }
            }
        }
    }
}

#[test]
fn every_run_is_drawn_as_the_table_of_trials_says() {
    let folder = run("proxy-outage", &["--trials", "8", "--set", "lasts=100m"]);
    let page = page(&folder);
    let trials = table(&folder, "trials.csv");
    let drawing = page.split("<svg class=\"clock runs on-wide\"").nth(1).expect("a drawing");
    let drawing = format!("<svg {}", drawing.split("</svg>").next().expect("it ends"));
    let value = |name: &str| number(attribute(&drawing, name));
    let (left, per) = (value("data-left"), value("data-per"));
    let (top, height) = (value("data-top"), value("data-height"));
    let order: Vec<&str> = attribute(&drawing, "data-trials").split(' ').collect();
    let row_of = |trial: &str| trials.iter().find(|row| row["trial"] == trial).expect("a trial");
    // The restored first; the lost by why, the commonest reason first; each from the shortest to
    // the longest.
    let lost = |row: &&Row| row["recovered_s"].is_empty() && !row["total_s"].is_empty();
    let lost: Vec<&Row> = trials.iter().filter(lost).collect();
    let key = |trial: &&str| {
        let row = row_of(trial);
        let why = if row["recovered_s"].is_empty() { row["why"].clone() } else { String::new() };
        let alike = lost.iter().filter(|other| other["why"] == why).count();
        let contained = row["contained_s"].is_empty();
        (
            !why.is_empty(),
            contained && !why.is_empty(),
            -(alike as i64),
            why,
            number(&row["total_s"]),
        )
    };
    let keys: Vec<_> = order.iter().map(key).collect();
    let least = |(lost, page, alike, ..): &(bool, bool, i64, String, f64)| (*lost, *page, *alike);
    for pair in keys.windows(2) {
        assert!(least(&pair[0]) <= least(&pair[1]), "{keys:?}");
        assert!(pair[0].3 != pair[1].3 || pair[0].4 <= pair[1].4, "{keys:?}");
    }
    let with = trials.iter().filter(|row| !row["total_s"].is_empty()).count();
    assert_eq!(order.len(), with);
    let mut drawn = vec![BTreeMap::new(); order.len()];
    for path in tags(&drawing, "<path class=\"run r-") {
        let word = attribute(path, "class").rsplit("r-").next().expect("a word").to_string();
        for piece in attribute(path, "d").split('M').filter(|piece| !piece.is_empty()) {
            let (place, width) = piece.split_once('h').expect("a stretch");
            let (x, y) = place.split_once(' ').expect("a place");
            let row = ((number(y) - top) / height) as usize;
            drawn[row].insert(word.clone(), (number(x), number(width)));
        }
    }
    for (trial, drawn) in order.iter().zip(&drawn) {
        let row = row_of(trial);
        let end = drawn.values().map(|(x, width)| x + width).fold(0.0, f64::max);
        let off = ((end - left) * per - number(&row["total_s"])).abs();
        assert!(off < 0.1 * per, "trial {trial} ends {off} s beside its total");
        let told = row.iter().filter(|(column, cell)| {
            let parts = column.ends_with("_s") && !cell.is_empty();
            let other = ["total_s", "recovered_s", "contained_s"].contains(&column.as_str());
            parts && !other && number(cell) > 0.0
        });
        let told: Vec<_> = told.collect();
        assert_eq!(told.len(), drawn.len(), "trial {trial}");
        for (column, cell) in told {
            let (_, width) = drawn[column.trim_end_matches("_s")];
            let off = (width * per - number(cell)).abs();
            assert!(off < 0.01 * per, "trial {trial}: {column} is {cell}, drawn {}", width * per);
        }
    }
}
