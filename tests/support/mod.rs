//! Runs scenarios through the library, for the tests beside this folder.

use sim::gameday::{Gameday, Trial};
use sim::journal::{self, AttemptEntry, Entry, Event, Header, Story};
use sim::scenario::{self, Plan, Problem, SourceText};
use sim::units::Time;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, OnceLock};
use tempfile::TempDir;

/// A whole run, readings included.
pub struct Run {
    pub header: Header,
    pub entries: Vec<Entry>,
    pub story: Story,
}

/// What has been made for each key, or is being made.
type MadeSlots<K, V> = BTreeMap<K, Arc<OnceLock<Arc<V>>>>;

/// What takes long to make and several tests look at: each is made once, by whoever comes first.
pub struct MadeOnce<K, V>(LazyLock<Mutex<MadeSlots<K, V>>>);

impl<K: Ord, V> MadeOnce<K, V> {
    pub const fn new() -> MadeOnce<K, V> {
        MadeOnce(LazyLock::new(Mutex::default))
    }

    /// The one of this key. Others wait only for what they need themselves.
    pub fn get(&self, key: K, make: impl FnOnce() -> V) -> Arc<V> {
        let slot = self
            .0
            .lock()
            .expect("nobody panics while it is locked")
            .entry(key)
            .or_default()
            .clone();
        slot.get_or_init(|| Arc::new(make())).clone()
    }
}

/// The first thing by which a page would reach outside; its own patterns are within it.
pub fn reaches_outside(page: &str) -> Option<&'static str> {
    let within = page.replace("url(#", "");
    let reaches = ["http://", "https://", "src=", "@import", "url("];
    reaches.into_iter().find(|outside| within.contains(outside))
}

/// The files directly in `scenarios/`, in order; what is in `parts/` is not a scenario.
pub fn shipped_paths() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let files = std::fs::read_dir(folder).expect("the folder of scenarios");
    let paths = files.map(|file| file.expect("an entry").path());
    let mut paths: Vec<PathBuf> =
        paths.filter(|path| path.extension() == Some("yaml".as_ref())).collect();
    paths.sort();
    assert!(paths.len() > 20, "only {} scenarios", paths.len());
    paths
}

/// The names of all shipped scenarios, in order.
pub fn shipped_names() -> Vec<String> {
    let name = |path: &PathBuf| path.file_stem().expect("a name").to_string_lossy().into_owned();
    let mut names: Vec<String> = shipped_paths().iter().map(name).collect();
    names.sort();
    names
}

/// The text of a shipped scenario.
pub fn shipped(name: &str) -> String {
    let path = format!("{}/scenarios/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A folder with the parts that shipped scenarios include.
pub fn folder_with_parts() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let parts = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/parts");
    std::fs::create_dir(folder.path().join("parts")).expect("a new folder");
    for part in std::fs::read_dir(parts).expect("there are parts") {
        let part = part.expect("an entry");
        let copy = folder.path().join("parts").join(part.file_name());
        std::fs::copy(part.path(), copy).expect("copied");
    }
    folder
}

/// The plan of a scenario text with some values set.
pub fn plan(text: &str, sets: &[(&str, &str)]) -> Plan {
    let beside = format!("{}/scenarios/test.yaml", env!("CARGO_MANIFEST_DIR"));
    let source = SourceText::file(beside, text);
    let sets: Vec<_> = sets.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
    match scenario::load(&source, &sets) {
        Ok(loaded) => loaded.plan,
        Err(problems) => panic!("{}", problems.render(false)),
    }
}

/// A text after some replacements, each of which must find its text.
pub fn replaced(text: &str, replacements: &[(&str, &str)]) -> String {
    let mut text = text.to_string();
    for (from, to) in replacements {
        assert!(text.contains(from), "{from:?} is not in the scenario");
        text = text.replacen(from, to, 1);
    }
    text
}

/// What is said of a scenario that can be played, after some replacements.
pub fn warnings(text: &str, replacements: &[(&str, &str)]) -> Vec<Problem> {
    let source = SourceText::file("shop.yaml", replaced(text, replacements));
    let loaded = scenario::load(&source, &[]);
    let loaded = loaded.unwrap_or_else(|problems| panic!("{}", problems.render(false)));
    loaded.warnings.iter().cloned().collect()
}

/// Plays one trial of a plan.
pub fn play(plan: &Plan, trial: u64) -> Run {
    let trial = Trial { seed: plan.seed, number: trial };
    let header = scenario::header(plan, trial.number, trial.seed);
    let mut gameday = Gameday::new(plan, &header, trial);
    let mut entries = Vec::new();
    while gameday.step().is_some() {
        entries.append(&mut gameday.drain());
    }
    let finished = gameday.finish();
    entries.extend(finished.entries);
    Run { story: finished.story, header, entries }
}

/// Trial 0 of a shipped scenario as it is.
pub fn shipped_run(name: &str) -> Arc<Run> {
    static RUNS: MadeOnce<String, Run> = MadeOnce::new();
    RUNS.get(name.to_string(), || run(&shipped(name), &[]))
}

/// Plays trial 0 of a text with some values set.
pub fn run(text: &str, sets: &[(&str, &str)]) -> Run {
    play(&plan(text, sets), 0)
}

impl Run {
    /// The journal's lines after the header.
    pub fn lines(&self) -> String {
        let mut bytes = Vec::new();
        for entry in &self.entries {
            journal::write_entry(&mut bytes, entry).expect("memory");
        }
        String::from_utf8(bytes).expect("JSON is UTF-8")
    }

    /// All attempts, in order.
    pub fn attempts(&self) -> Vec<&AttemptEntry> {
        let attempts = self.entries.iter().filter_map(|entry| match &entry.event {
            Event::Attempt(attempt) => Some(&**attempt),
            _ => None,
        });
        attempts.collect()
    }

    /// How many scopes the readings list; the same for all of them.
    pub fn scopes_listed(&self) -> usize {
        let listed = self.entries.iter().filter_map(|entry| match &entry.event {
            Event::Reading { missing: false, scopes, .. } => Some(scopes.len()),
            _ => None,
        });
        let mut listed: Vec<usize> = listed.collect();
        listed.dedup();
        assert_eq!(listed.len(), 1, "the readings differ");
        listed[0]
    }

    /// When each alert fired: its name and the moment it was known.
    pub fn fired(&self) -> Vec<(&str, Time)> {
        let fired = self.entries.iter().filter_map(|entry| match &entry.event {
            Event::Alert(alert) if alert.state == sim::decision::AlertState::Firing => {
                Some((alert.rule.as_str(), entry.at))
            }
            _ => None,
        });
        fired.collect()
    }

    /// Who was asked by which channel, and when.
    pub fn asked(&self) -> Vec<(&str, &str, Time)> {
        let asked = self.entries.iter().filter_map(|entry| match &entry.event {
            Event::Ask { person, channel, .. } => {
                Some((person.as_str(), channel.as_deref().unwrap_or(""), entry.at))
            }
            _ => None,
        });
        asked.collect()
    }

    /// Expectations that were missed.
    pub fn missed(&self) -> Vec<String> {
        let missed = self.story.expectations().filter(|expectation| !expectation.met());
        missed
            .map(|expectation| format!("{}: {}", expectation.text, expectation.observed))
            .collect()
    }
}
