//! The modules of the library as the compiler sees them: what each file defines, what it takes from
//! elsewhere, and which file that comes from in the end.

use super::source::Source;
use std::collections::{BTreeMap, BTreeSet};

/// A path in code, cut at its `::`.
type Path = Vec<String>;
/// What a file uses: the file it comes from, with the line and the name that show it.
pub type Edges = BTreeMap<String, (usize, String)>;

/// More steps than any honest chain of re-exports has: `use` can go round in a circle.
const MOST_STEPS: usize = 40;
const ITEMS: [&str; 8] = ["fn", "struct", "enum", "trait", "type", "const", "static", "union"];

/// One module: a file, or a block inside one.
#[derive(Default)]
struct Module {
    file: String,
    items: BTreeSet<String>,
    children: BTreeSet<String>,
    imports: Vec<Import>,
    /// Paths and single names in code, with their lines.
    mentions: Vec<(usize, Path)>,
}

struct Import {
    line: usize,
    /// The name it has from here on; none for `*`.
    name: Option<String>,
    path: Path,
    /// A re-export: an interface for others, no use by itself.
    public: bool,
}

enum Target {
    Module(String),
    File(String),
}

/// All modules that are not only there for tests, by their path from `crate`.
pub struct Modules(BTreeMap<String, Module>);

impl Modules {
    /// Reads the modules of `src`.
    pub fn from_sources(sources: &[Source]) -> Modules {
        let mut modules = Modules(BTreeMap::new());
        let mut only_tests = Vec::new();
        for source in sources.iter().filter(|source| source.path.starts_with("src/")) {
            let tokens = tokens(&source.code);
            let mut reader = Reader {
                tokens: &tokens,
                at: 0,
                file: &source.path,
                modules: &mut modules.0,
                only_tests: &mut only_tests,
            };
            reader.module(&module_path(&source.path));
        }
        let below = |path: &str, top: &String| {
            path.strip_prefix(&**top).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        };
        modules.0.retain(|path, _| !only_tests.iter().any(|top| below(path, top)));
        modules
    }

    /// For every file: the other files whose items it uses.
    pub fn edges(&self) -> BTreeMap<String, Edges> {
        let mut edges: BTreeMap<String, Edges> = BTreeMap::new();
        for (path, module) in &self.0 {
            let names: BTreeSet<&String> =
                module.mentions.iter().flat_map(|(_, path)| path.first()).collect();
            let from = edges.entry(module.file.clone()).or_default();
            let mut add = |line: usize, used: &Path| {
                if let Some(Target::File(file)) = self.resolve(path, used, 0)
                    && file != module.file
                {
                    from.entry(file).or_insert((line, used.join("::")));
                }
            };
            for import in &module.imports {
                let used = |name: &String| !import.public || names.contains(name);
                if import.name.as_ref().is_some_and(used) {
                    add(import.line, &import.path);
                }
            }
            for (line, mention) in &module.mentions {
                add(*line, mention);
            }
        }
        edges
    }

    /// What a path means that is written in a module.
    fn resolve(&self, from: &str, path: &[String], step: usize) -> Option<Target> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => self.walk("crate", rest, step + 1),
            "self" => self.walk(from, rest, step + 1),
            "super" => self.walk(parent(from)?, rest, step + 1),
            _ => self.find(from, path, step + 1),
        }
    }

    /// Goes down a path from a module. A name that nobody is seen to define, as a macro may, is
    /// taken for the module's own.
    fn walk(&self, module: &str, path: &[String], step: usize) -> Option<Target> {
        match path.first().map(String::as_str) {
            None => Some(Target::Module(module.to_string())),
            Some("super") => self.walk(parent(module)?, &path[1..], step + 1),
            Some("self") => self.walk(module, &path[1..], step + 1),
            Some(_) => self.find(module, path, step + 1).or_else(|| {
                let file = self.0.get(module)?.file.clone();
                (module != "crate").then_some(Target::File(file))
            }),
        }
    }

    /// What the first name of a path means inside a module, and the rest of the path from there.
    fn find(&self, at: &str, path: &[String], step: usize) -> Option<Target> {
        let (module, (name, rest)) = (self.0.get(at)?, path.split_first()?);
        if step > MOST_STEPS {
            return None;
        }
        let is_module = module.children.contains(name);
        if module.items.contains(name) && (rest.is_empty() || !is_module) {
            return Some(Target::File(module.file.clone()));
        }
        if is_module {
            return self.walk(&format!("{at}::{name}"), rest, step + 1);
        }
        let named = module.imports.iter().filter(|import| import.name.as_ref() == Some(name));
        for import in named {
            match self.resolve(at, &import.path, step + 1) {
                Some(Target::Module(found)) => return self.walk(&found, rest, step + 1),
                Some(file) => return Some(file),
                None => {}
            }
        }
        let globs = module.imports.iter().filter(|import| import.name.is_none());
        globs.into_iter().find_map(|import| match self.resolve(at, &import.path, step + 1) {
            Some(Target::Module(found)) if found != at => self.find(&found, path, step + 1),
            _ => None,
        })
    }
}

/// `src/site/plan.rs` is `crate::site::plan`, `src/site/mod.rs` is `crate::site`.
fn module_path(file: &str) -> String {
    let path = file.trim_start_matches("src/").trim_end_matches(".rs");
    let path = path.trim_end_matches("mod").trim_end_matches('/');
    match path {
        "lib" => "crate".to_string(),
        path => format!("crate::{}", path.replace('/', "::")),
    }
}

fn parent(module: &str) -> Option<&str> {
    module.rsplit_once("::").map(|(parent, _)| parent)
}

/// Names, `::` and single signs, each with its line.
fn tokens(code: &str) -> Vec<(usize, String)> {
    let mut tokens: Vec<(usize, String)> = Vec::new();
    for (number, line) in code.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let word = |c: char| c.is_alphanumeric() || c == '_';
            let length = match first {
                ':' if rest.starts_with("::") => 2,
                first if word(first) => rest.find(|c| !word(c)).unwrap_or(rest.len()),
                first => first.len_utf8(),
            };
            tokens.push((number + 1, rest[..length].to_string()));
            rest = rest[length..].trim_start();
        }
    }
    tokens
}

/// Reads the tokens of one file from front to back.
struct Reader<'a> {
    tokens: &'a [(usize, String)],
    at: usize,
    file: &'a str,
    modules: &'a mut BTreeMap<String, Module>,
    only_tests: &'a mut Vec<String>,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> &str {
        self.tokens.get(self.at + ahead).map_or("", |(_, token)| token)
    }

    /// Reads a module up to its closing brace or the end of the file.
    fn module(&mut self, path: &str) {
        let mut module = Module { file: self.file.to_string(), ..Module::default() };
        let (mut depth, mut public, mut in_macro) = (0, false, None);
        while self.at < self.tokens.len() {
            let at_top = depth == 0 || in_macro.is_some();
            match self.peek(0) {
                "#" => self.attribute(path, &mut public),
                "use" => self.import(&mut module, public),
                "mod" if depth == 0 => self.child(path, &mut module),
                "macro_rules" if depth == 0 => {
                    module.items.insert(self.peek(2).to_string());
                    self.at += 3;
                }
                "{" => {
                    let is_macro = self.at > 0 && self.tokens[self.at - 1].1 == "!";
                    if is_macro && depth == 0 {
                        in_macro = Some(depth);
                    }
                    depth += 1;
                    self.at += 1;
                }
                "}" if depth == 0 => {
                    self.at += 1;
                    break;
                }
                "}" => {
                    depth -= 1;
                    in_macro = in_macro.filter(|start| *start != depth);
                    self.at += 1;
                }
                item if at_top && ITEMS.contains(&item) => {
                    if !ITEMS.contains(&self.peek(1)) {
                        module.items.insert(self.peek(1).to_string());
                        self.at += 1;
                    }
                    self.at += 1;
                }
                _ => {
                    self.mention(&mut module, &mut public);
                    continue;
                }
            }
            public = false;
        }
        self.modules.insert(path.to_string(), module);
    }

    /// Goes past an attribute, and past what is below it if that is only there for tests.
    fn attribute(&mut self, path: &str, public: &mut bool) {
        *public = false;
        let start = self.at;
        self.at += if self.peek(1) == "!" { 2 } else { 1 };
        self.skip_group();
        let attribute = &self.tokens[start..self.at];
        let has = |word: &str| attribute.iter().any(|(_, token)| token == word);
        if !(has("cfg") && has("test")) {
            return;
        }
        while !["{", ";", ""].contains(&self.peek(0)) {
            if self.peek(0) == "mod" {
                self.only_tests.push(format!("{path}::{}", self.peek(1)));
            }
            self.at += 1;
        }
        if self.peek(0) == "{" {
            self.skip_group();
        } else {
            self.at += 1;
        }
    }

    /// Goes past a group in brackets that begins here.
    fn skip_group(&mut self) {
        let mut depth = 0;
        while self.at < self.tokens.len() {
            match self.peek(0) {
                "[" | "{" | "(" => depth += 1,
                "]" | "}" | ")" => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }

    fn child(&mut self, path: &str, module: &mut Module) {
        let name = self.peek(1).to_string();
        let block = self.peek(2) == "{";
        self.at += 3;
        if block {
            self.module(&format!("{path}::{name}"));
        }
        module.children.insert(name);
    }

    /// `use a::{b, c as d, e::*};`
    fn import(&mut self, module: &mut Module, public: bool) {
        let line = self.tokens[self.at].0;
        self.at += 1;
        let mut prefixes: Vec<Path> = vec![Vec::new()];
        let mut path = Path::new();
        let mut name = None;
        while self.at < self.tokens.len() {
            let token = self.peek(0).to_string();
            self.at += 1;
            match token.as_str() {
                "::" => {}
                "{" => prefixes.push(std::mem::take(&mut path)),
                "as" => {
                    name = Some(self.peek(0).to_string());
                    self.at += 1;
                }
                "," | "}" | ";" => {
                    if !path.is_empty() {
                        let mut whole: Path = prefixes.concat();
                        whole.append(&mut path);
                        let import = Import::new(line, whole, name.take(), public);
                        module.imports.push(import);
                    }
                    match token.as_str() {
                        "}" => drop(prefixes.pop()),
                        ";" => return,
                        _ => {}
                    }
                }
                _ => path.push(token),
            }
        }
    }

    /// Notes a name or a path, unless it is a field or a method.
    fn mention(&mut self, module: &mut Module, public: &mut bool) {
        let (line, first) = &self.tokens[self.at];
        let is_name = |token: &str| token.starts_with(|c: char| c.is_alphabetic() || c == '_');
        let after_dot = self.at > 0 && [".", "'"].contains(&&*self.tokens[self.at - 1].1);
        self.at += 1;
        if first == "pub" {
            *public = true;
            if self.peek(0) == "(" {
                self.skip_group();
            }
            return;
        }
        *public = false;
        if !is_name(first) || after_dot {
            return;
        }
        let mut path = vec![first.clone()];
        while self.peek(0) == "::" && is_name(self.peek(1)) {
            path.push(self.peek(1).to_string());
            self.at += 2;
        }
        module.mentions.push((*line, path));
    }
}

impl Import {
    fn new(line: usize, mut path: Path, renamed: Option<String>, public: bool) -> Import {
        if path.last().is_some_and(|last| last == "self") && path.len() > 1 {
            path.pop();
        }
        let last = path.last().cloned().unwrap_or_default();
        if last == "*" {
            path.pop();
        }
        let name = renamed.unwrap_or(last);
        Import { line, name: Some(name).filter(|name| name != "*"), path, public }
    }
}
