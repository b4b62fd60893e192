//! `include:`: parts that scenarios share, merged under the file that includes them.

use crate::language::files::read_text;
use crate::language::node::{Key, Node, NodeKind};
use crate::language::problem::{Problem, Problems, advice, quoted};
use crate::language::source::{Origin, Place, SourceText, plain};
use crate::language::written::{OneOrMany, Placed, value};
use crate::language::yaml;
use indexmap::IndexMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// The deepest that files include files, the most files, bytes and values in all. Choices: far
/// above what teams share, and low enough that parts that include each other over and over end at
/// once.
const MOST_DEEP: usize = 8;
const MOST_FILES: usize = 32;
const MOST_BYTES: usize = 4_000_000;
const MOST_VALUES: usize = 100_000;

/// The scenario with everything it includes. After a problem with an included file it is not
/// whole, and must not be judged.
pub fn merged(root: Node, problems: &mut Problems) -> Node {
    if root.get("include").is_none() {
        return joined(root);
    }
    let path = PathBuf::from(&problems.sources[0].path_shown);
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    };
    let tree = match fs::canonicalize(&folder) {
        Ok(tree) => tree,
        Err(error) => {
            let message = format!("the scenario's folder cannot be read: {error}");
            problems.push(Problem::error(root.place, message));
            return root;
        }
    };
    // A text that is in no file yet includes as if it lay where its name says.
    let name = path.file_name().unwrap_or_default();
    let own = fs::canonicalize(&path).unwrap_or_else(|_| tree.join(name));
    let shown = path.parent().map(Path::to_path_buf).unwrap_or_default();
    let file = OpenFile { canonical: own, shown: shown.join(name) };
    let mut reading =
        IncludeReader { tree, problems, open: vec![file], files: 0, bytes: 0, values: 0 };
    let whole = reading.whole(root);
    joined(whole)
}

/// What a key ends with whose list is added to the one that is there.
const ADDED: char = '+';

/// Lists that are to be added to others, where there was none to add them to.
fn joined(root: Node) -> Node {
    let place = root.place;
    if !matches!(root.kind, NodeKind::Map(_)) {
        return root;
    }
    merge(Node { place, kind: NodeKind::Map(Vec::new()) }, root, &mut Vec::new())
}

/// A file between its opening and the end of what it includes.
struct OpenFile {
    canonical: PathBuf,
    shown: PathBuf,
}

struct IncludeReader<'a> {
    /// The scenario's own folder: nothing outside is read.
    tree: PathBuf,
    problems: &'a mut Problems,
    /// From the scenario down to the file that is being read.
    open: Vec<OpenFile>,
    files: usize,
    bytes: usize,
    values: usize,
}

impl IncludeReader<'_> {
    /// The innermost open file, on top of what it includes; later parts win over earlier ones.
    fn whole(&mut self, mut node: Node) -> Node {
        let NodeKind::Map(entries) = &mut node.kind else { return node };
        let Some(at) = entries.iter().position(|(key, _)| key.text == "include") else {
            return node;
        };
        let (_, paths) = entries.remove(at);
        let Some(OneOrMany(paths)) = value::<OneOrMany<Placed<String>>>(&paths, self.problems)
        else {
            return node;
        };
        let parts: Vec<Node> = paths.iter().filter_map(|path| self.part(path)).collect();
        let replaced = &mut self.problems.replaced;
        let together = |base, top| merge(base, top, replaced);
        parts.into_iter().chain([node]).reduce(together).expect("at least the file itself")
    }

    /// One included file with what it includes in turn.
    fn part(&mut self, path: &Placed<String>) -> Option<Node> {
        let (canonical, text) = match self.read(path) {
            Ok(found) => found,
            Err(problem) => {
                self.problems.push(*problem);
                return None;
            }
        };
        let shown = self.beside(Path::new(&path.value));
        let source = self.problems.sources.len();
        let path_shown = shown.display().to_string();
        let read = SourceText { origin: Origin::Included, path_shown, text }.without_mark();
        let text = read.text.clone();
        self.problems.sources.push(read);
        let node = yaml::parse(&text, source, self.problems)?;
        self.values += count(&node);
        if self.values > MOST_VALUES {
            let message = "with this file, the included files have more than 100,000 values";
            self.problems.push(Problem::error(path.place, message));
            return None;
        }
        if !matches!(node.kind, NodeKind::Map(_)) {
            let message = format!("an included file is a mapping of keys, this is {}", node.what());
            let place = Place { source, ..node.place };
            self.problems.push(Problem::error(place, message).also(path.place, "included here"));
            return None;
        }
        self.open.push(OpenFile { canonical, shown });
        let whole = self.whole(node);
        self.open.pop();
        Some(whole)
    }

    /// The path of an included file as messages show it.
    fn beside(&self, path: &Path) -> PathBuf {
        let folder = self.open.last().and_then(|file| file.shown.parent());
        plain(&folder.unwrap_or(Path::new("")).join(path))
    }

    /// Where an included file really is, and its text.
    fn read(&mut self, path: &Placed<String>) -> Result<(PathBuf, String), Box<Problem>> {
        let refuse = |message: String, hint: &str| {
            Box::new(Problem::error(path.place, message).hint(hint.to_string()))
        };
        let name = quoted(&path.value);
        let relative = Path::new(&path.value);
        if !relative
            .components()
            .all(|c| matches!(c, Component::Normal(_) | Component::CurDir | Component::ParentDir))
        {
            let hint = "write it relative to this file: `parts/site.yaml`";
            return Err(refuse(format!("{name} is not a relative path"), hint));
        }
        let file = self.open.last().expect("the scenario is open");
        let folder = file.canonical.parent().unwrap_or(&self.tree);
        let outside = || {
            let message = format!("{name} is outside the scenario's own folder");
            refuse(message, "included files must be in the folder of the scenario, or below")
        };
        let wanted = plain(&folder.join(relative));
        if !wanted.starts_with(&self.tree) {
            return Err(outside());
        }
        let canonical = fs::canonicalize(&wanted).map_err(|error| {
            let message = match error.kind() {
                std::io::ErrorKind::NotFound => format!("there is no file {name}"),
                _ => format!("{name} cannot be read: {error}"),
            };
            let hint = self.files_beside(&wanted);
            Box::new(Problem::error(path.place, message).maybe_hint(hint))
        })?;
        if !canonical.starts_with(&self.tree) {
            return Err(outside());
        }
        if self.open.iter().any(|file| file.canonical == canonical) {
            let chain = self.open.iter().map(|file| file.shown.display().to_string());
            let chain: Vec<String> =
                chain.chain([self.beside(relative).display().to_string()]).collect();
            let message = format!("{name} is already being included");
            return Err(refuse(
                message,
                &format!("the includes form a cycle: {}", chain.join(" > ")),
            ));
        }
        self.limits(path)?;
        if !canonical.is_file() {
            return Err(refuse(format!("{name} is not a file"), "name a YAML file"));
        }
        let text = read_text(&canonical).map_err(|refused| {
            let (_, problem) = *refused;
            refuse(format!("{name}: {}", problem.message), "")
        })?;
        self.bytes += text.len();
        if self.bytes > MOST_BYTES {
            let message = format!("with {name}, the included files are larger than 4 MB");
            return Err(refuse(message, "no scenario needs that much"));
        }
        Ok((canonical, text))
    }

    fn limits(&mut self, path: &Placed<String>) -> Result<(), Box<Problem>> {
        self.files += 1;
        let message = if self.open.len() > MOST_DEEP {
            format!("includes are nested more than {MOST_DEEP} deep")
        } else if self.files > MOST_FILES {
            format!("more than {MOST_FILES} files are included")
        } else {
            return Ok(());
        };
        Err(Box::new(Problem::error(path.place, message).hint("combine some of them")))
    }

    /// A hint from the names of the YAML files in the folder where the included one is missing.
    fn files_beside(&self, wanted: &Path) -> Option<String> {
        let folder = fs::canonicalize(wanted.parent()?).ok()?;
        if !folder.starts_with(&self.tree) {
            return None;
        }
        let name = wanted.file_name()?.to_str()?;
        if let Some(found) = below(&folder, name) {
            return Some(format!("did you mean {}?", quoted(&found)));
        }
        let names = fs::read_dir(folder).ok()?.take(1_000).flatten();
        let names = names.filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<String> = names.filter(|name| name.ends_with(".yaml")).collect();
        names.sort();
        advice(name, names.iter().map(String::as_str))
    }
}

/// A file of this name in a folder below, as a path from here.
fn below(folder: &Path, name: &str) -> Option<String> {
    let entries = fs::read_dir(folder).ok()?.take(1_000).flatten();
    let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let mut folders: Vec<String> =
        folders.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    folders.sort();
    let found = folders.into_iter().find(|inner| folder.join(inner).join(name).is_file())?;
    Some(format!("{found}/{name}"))
}

/// The keys at the top of a file; lists whose key ends in a plus are added to those below.
fn merge(base: Node, top: Node, replaced: &mut Vec<Key>) -> Node {
    let place = top.place;
    let (NodeKind::Map(base), NodeKind::Map(top)) = (base.kind, top.kind) else {
        unreachable!("a file is a mapping, or a problem already");
    };
    let named = |(key, node): (Key, Node)| (key.text.clone(), (key, node));
    let mut merged: IndexMap<String, (Key, Node)> = base.into_iter().map(named).collect();
    for (key, node) in top {
        let added = key.text.strip_suffix(ADDED).filter(|_| matches!(node.kind, NodeKind::List(_)));
        let text = added.unwrap_or(&key.text).to_string();
        let below = merged.get_mut(&text).map(|(_, below)| take(below));
        let node = match below {
            Some(below) if added.is_some() => appended(below, node),
            Some(below) => {
                if matches!((&below.kind, &node.kind), (NodeKind::List(_), NodeKind::List(_))) {
                    replaced.push(key.clone());
                }
                over(below, node)
            }
            None => node,
        };
        merged.insert(text.clone(), (Key { text, ..key }, node));
    }
    Node { place, kind: NodeKind::Map(merged.into_values().collect()) }
}

/// A list and what is added to it.
fn appended(below: Node, added: Node) -> Node {
    let place = added.place;
    match (below.kind, added.kind) {
        (NodeKind::List(mut items), NodeKind::List(more)) => {
            items.extend(more);
            Node { place, kind: NodeKind::List(items) }
        }
        (_, kind) => Node { place, kind },
    }
}

/// Mappings key by key, in the order of the base; anything else is replaced as a whole.
fn over(base: Node, top: Node) -> Node {
    let place = top.place;
    match (base.kind, top.kind) {
        (NodeKind::Map(base), NodeKind::Map(top)) => {
            let named = |(key, node): (Key, Node)| (key.text.clone(), (key, node));
            let mut merged: IndexMap<String, (Key, Node)> = base.into_iter().map(named).collect();
            for (key, node) in top {
                let below = merged.get_mut(&key.text).map(|(_, below)| take(below));
                let node = match below {
                    Some(below) => over(below, node),
                    None => node,
                };
                merged.insert(key.text.clone(), (key, node));
            }
            Node { place, kind: NodeKind::Map(merged.into_values().collect()) }
        }
        (_, kind) => Node { place, kind },
    }
}

fn take(node: &mut Node) -> Node {
    let place = node.place;
    std::mem::replace(node, Node { place, kind: NodeKind::Null })
}

fn count(node: &Node) -> usize {
    1 + match &node.kind {
        NodeKind::Null | NodeKind::Scalar(_) => 0,
        NodeKind::List(items) => items.iter().map(count).sum(),
        NodeKind::Map(entries) => entries.iter().map(|(_, node)| 1 + count(node)).sum(),
    }
}
