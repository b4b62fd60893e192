//! Every CSV file that any command writes is in the dictionary, column by column, and nothing else
//! is. The commands are those of the list of writers, which misses none.

use super::sim;
use super::writers::{SHORT, WRITERS, played, seeds, to};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What the list of writers makes in a shorter way.
const MORE: [&[&str]; 2] = [
    &["capacity", "day.yaml", "--set", "lasts=5m", "--out", "TO/o"],
    &["run", "past.yaml", "--set", SHORT, "--trials", "20", "--out", "TO/past"],
];

/// File → names of its columns, as `sim report --dictionary` tells them.
fn dictionary(folder: &Path) -> (Vec<String>, BTreeMap<String, Vec<String>>) {
    let output = sim(folder).args(["report", "--dictionary"]).assert().code(0);
    let text = String::from_utf8_lossy(&output.get_output().stdout).into_owned();
    let (mut lead, mut files) = (Vec::new(), BTreeMap::<String, Vec<String>>::new());
    let mut file = None;
    for line in text.lines() {
        if line.ends_with(".csv") && !line.contains(' ') {
            file = Some(line.to_string());
            assert!(files.insert(line.to_string(), Vec::new()).is_none(), "{line} twice");
        } else if line.starts_with("  ") && !line.starts_with("   ") {
            let name = line.split_whitespace().next().expect("a name").to_string();
            match &file {
                Some(file) => files.get_mut(file).expect("known").push(name),
                None => lead.push(name),
            }
        }
    }
    (lead, files)
}

fn tables(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let mut tables: Vec<_> =
        files.into_iter().filter(|path| path.extension().is_some_and(|end| end == "csv")).collect();
    tables.extend(folders.iter().flat_map(|folder| self::tables(folder)));
    tables
}

/// A column that is there only where its explanation says so.
fn may_be_missing(name: &str) -> bool {
    name.contains(char::is_uppercase) || name == "helped_s"
}

/// Whether a column has this name of the dictionary, in which capitals stand for words.
fn is_called(column: &str, name: &str) -> bool {
    let capital = |c: char| c.is_ascii_uppercase();
    let Some(from) = name.find(capital) else { return column == name };
    let (before, after) = (&name[..from], name[from..].trim_start_matches(capital));
    let between = column.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
    between.is_some_and(|words| !words.is_empty())
}

fn compare(path: &Path, (lead, files): &(Vec<String>, BTreeMap<String, Vec<String>>)) -> String {
    let file = path.file_name().expect("a name").to_string_lossy().into_owned();
    let file = if file == "roll.csv" { "rollcall.csv".to_string() } else { file };
    let names = files.get(&file).unwrap_or_else(|| panic!("{file} is not in the dictionary"));
    let mut reader = csv::Reader::from_path(path).expect("readable");
    let columns: Vec<String> =
        reader.headers().expect("a heading").iter().map(Into::into).collect();
    let own = match ["observed.csv", "rollcall.csv"].contains(&&*file) {
        true => &columns[..],
        false => {
            assert_eq!(&columns[..lead.len()], lead, "{file}");
            &columns[lead.len()..]
        }
    };
    let mut expected = names.iter().peekable();
    for column in own {
        let clean = |c: char| c.is_lowercase() || c.is_ascii_digit() || c == '_';
        assert!(column.chars().all(clean), "{column:?} of {file} is no clean name");
        // A name with capitals means any number of columns, none among them.
        while let Some(name) = expected.next_if(|name| !is_called(column, name)) {
            assert!(may_be_missing(name), "{name} is missing in {file}: {columns:?}");
        }
        let name = expected.peek().unwrap_or_else(|| panic!("{column} of {file} is not explained"));
        if !name.contains(char::is_uppercase) {
            expected.next();
        }
    }
    let left: Vec<&String> = expected.filter(|name| !may_be_missing(name)).collect();
    assert!(left.is_empty(), "{left:?} missing in {file}");
    let once: BTreeSet<&String> = columns.iter().collect();
    assert_eq!(once.len(), columns.len(), "{file} has a column twice");
    file
}

#[test]
fn the_dictionary_covers_every_table_of_every_command() {
    let folder = seeds();
    let at = folder.path().join("to");
    let day = fs::read_to_string(folder.path().join("day.yaml")).expect("readable");
    let past = "\nactual: {source: the log, detect: 3m, total: 30m}\n";
    fs::write(folder.path().join("past.yaml"), day.clone() + past).expect("written");
    let dictionary = dictionary(folder.path());
    let mut seen = BTreeSet::new();
    for writer in WRITERS.iter().chain(&MORE) {
        fs::create_dir(&at).expect("made");
        fs::write(at.join("day.yaml"), &day).expect("written");
        if writer.contains(&"TO/done") {
            let journal = folder.path().join("done/journal.jsonl");
            fs::create_dir(at.join("done")).expect("made");
            fs::copy(journal, at.join("done/journal.jsonl")).expect("copied");
        }
        let (code, said) = played(folder.path(), ":", &to("to/", writer));
        assert!(matches!(code, Some(0 | 3 | 99)), "{writer:?}: {code:?}\n{said}");
        seen.extend(tables(&at).iter().map(|path| compare(path, &dictionary)));
        fs::remove_dir_all(&at).expect("removed");
    }
    let unseen: Vec<&String> = dictionary.1.keys().filter(|file| !seen.contains(*file)).collect();
    assert!(unseen.is_empty(), "no command wrote {unseen:?}");
}
