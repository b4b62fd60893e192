//! What there is to say about a scenario that can run, for the terminal: most severe first; what is
//! said of many things once, with a list.

use super::launch_plan::{hanging, line_numbers};
use super::untrusted::{for_terminal, wrapped};
use crate::journal::{vacancy, vacant};
use crate::language::problem::{Problem, ProblemSeverity, Problems};
use crate::names::Severity as Weight;

/// The maximum width of one combined entry, in columns.
const LONGEST: usize = 1_000;

/// Warnings and findings, the gravest first, in lines of this many columns; empty if there is
/// nothing to say.
pub fn check_screen(problems: &Problems, path: &str, width: usize) -> String {
    let mut told: Vec<GroupedProblem> = Vec::new();
    for problem in problems.iter() {
        let (says, item) = parts(&problem.message);
        let rank = rank(problem);
        let same =
            told.iter_mut().find(|told| !item.is_empty() && told.rank == rank && told.says == says);
        let item = item.to_string();
        match same {
            Some(told) => {
                told.items.push(item);
                told.problems.push(problem);
            }
            None => {
                told.push(GroupedProblem { rank, says, items: vec![item], problems: vec![problem] })
            }
        }
    }
    if told.is_empty() {
        return String::new();
    }
    told.sort_by_key(|told| told.rank);
    let mut text = wrapped(&for_terminal(path, LONGEST), width).join("\n") + "\n";
    for told in &told {
        let words = for_terminal(&told.words(problems), LONGEST);
        hanging(&mut text, WORDS[told.rank], &words, width);
    }
    text
}

/// The words of the ranks, the most severe first.
const WORDS: [&str; 5] = ["error", "warn", "high", "medium", "low"];

fn rank(problem: &Problem) -> usize {
    match (problem.severity, problem.weight) {
        (ProblemSeverity::Error, _) => 0,
        (ProblemSeverity::Warning, _) => 1,
        (ProblemSeverity::Finding, Some(Weight::High)) => 2,
        (ProblemSeverity::Finding, Some(Weight::Medium)) => 3,
        (ProblemSeverity::Finding, Some(Weight::Low) | None) => 4,
    }
}

/// Something that is said of one thing or of several.
struct GroupedProblem<'p> {
    rank: usize,
    /// The sentence without what it is about, where that can be taken out.
    says: String,
    /// What it is about; one that is empty if the sentence says it all.
    items: Vec<String>,
    problems: Vec<&'p Problem>,
}

/// A list is given whole up to this many letters, and else this many of its items.
const LISTED: usize = 300;
const SHOWN: usize = 3;

impl GroupedProblem<'_> {
    /// `nobody is assigned to: nsoc, oit (lines 63-65)`, with advice where it is grave. A list of
    /// whole sentences is cut to a few of them.
    fn words(&self, problems: &Problems) -> String {
        let sentence = match &self.items[..] {
            [_] => self.problems[0].message.clone(),
            items => {
                let between =
                    if items.iter().any(|item| item.contains(", ")) { "; " } else { ", " };
                let whole = items.iter().map(String::len).sum::<usize>() <= LISTED;
                let shown = if whole { items } else { &items[..items.len().min(SHOWN)] };
                let more = match items.len() - shown.len() {
                    0 => String::new(),
                    more => format!("{between}and {more} more (--long lists them)"),
                };
                format!("{}: {}{more}", plural(&self.says), shown.join(between))
            }
        };
        let hint = match (&self.problems[0].hint, self.rank) {
            (Some(hint), 0..=2) => format!(" → {hint}"),
            _ => String::new(),
        };
        format!("{sentence}{}{hint}", self.places(problems))
    }

    /// ` (lines 4, 9-12)`; nothing for what is about a file as a whole.
    fn places(&self, problems: &Problems) -> String {
        let mut files: Vec<(String, Vec<usize>)> = Vec::new();
        for problem in self.problems.iter().filter(|problem| problem.place.line > 0) {
            let part = problems.part(problem.place);
            let path = part.unwrap_or_else(|| problems.path(problem.place).to_string());
            let line = problem.place.line as usize;
            match files.iter_mut().find(|(of, _)| *of == path) {
                Some((_, lines)) => lines.push(line),
                None => files.push((path, vec![line])),
            }
        }
        let own = problems.sources.first().map_or("", |source| source.path_shown.as_str());
        let shown = files.iter_mut().map(|(path, lines)| {
            lines.sort_unstable();
            lines.dedup();
            match path == own {
                true => line_numbers(lines),
                false => format!("{} {}", for_terminal(path, 60), line_numbers(lines)),
            }
        });
        let shown: Vec<String> = shown.collect();
        if shown.is_empty() { String::new() } else { format!(" ({})", shown.join("; ")) }
    }
}

/// What a sentence says, and of what: a name at its end or its beginning, or what follows a colon.
fn parts(message: &str) -> (String, &str) {
    let whole = (message.to_string(), "");
    if let Some(role) = vacancy(message) {
        return (vacant("").trim_end().to_string(), role);
    }
    let quotes: Vec<usize> = message.match_indices('`').map(|(at, _)| at).collect();
    match quotes[..] {
        [] => match message.split_once(": ") {
            Some((says, item)) => (says.to_string(), item),
            None => whole,
        },
        [from, to] if to + 1 == message.len() && from > 0 => {
            (message[..from].trim_end().to_string(), &message[from..])
        }
        [0, to] => (format!("…{}", &message[to + 1..]), &message[..=to]),
        _ => whole,
    }
}

/// A sentence of which the end is taken away, about several of what it speaks of.
fn plural(says: &str) -> String {
    let many = [
        ("… is a tentative name", "tentative names"),
        ("nothing in this scenario leads to play", "nothing in this scenario leads to plays"),
    ];
    if let Some((_, words)) = many.iter().find(|(one, _)| *one == says) {
        return (*words).to_string();
    }
    let last = says.rsplit(' ').next().unwrap_or_default();
    match last {
        "change" | "rule" | "role" | "tier" | "endpoint" | "fault" | "play" => format!("{says}s"),
        _ => says.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::source::{Place, SourceText};

    fn screen(list: &[(ProblemSeverity, Option<Weight>, u32, &str)]) -> String {
        let mut problems = Problems::new(SourceText::file("day.yaml", ""));
        for (severity, weight, line, message) in list {
            let place = Place { line: *line, ..Place::default() };
            let problem = Problem::error(place, *message).hint("do this");
            problems.push(Problem { severity: *severity, weight: *weight, ..problem });
        }
        check_screen(&problems, "day.yaml", 80)
    }

    #[test]
    fn the_gravest_come_first_and_what_is_alike_is_said_once() {
        let (low, high) = (Some(Weight::Low), Some(Weight::High));
        let text = screen(&[
            (ProblemSeverity::Finding, low, 4, "nothing in this scenario uses the change `a`"),
            (ProblemSeverity::Finding, low, 5, "nothing in this scenario uses the change `b, c`"),
            (ProblemSeverity::Finding, high, 9, "`x` is the only `lead`, without a deputy"),
            (ProblemSeverity::Finding, low, 6, "nothing in this scenario uses the change `d`"),
            (ProblemSeverity::Finding, Some(Weight::Medium), 7, "nobody is assigned to oit"),
            (ProblemSeverity::Finding, Some(Weight::Medium), 8, "nobody is assigned to help desk"),
            (ProblemSeverity::Warning, None, 2, "nobody works the hours `late`"),
        ]);
        let expected = "\
day.yaml
  warn    nobody works the hours `late` (line 2) → do this
  high    `x` is the only `lead`, without a deputy (line 9) → do this
  medium  nobody is assigned to: oit, help desk (lines 7-8)
  low     nothing in this scenario uses the changes: `a`; `b, c`; `d` (lines
          4-6)
";
        assert_eq!(text, expected);
        assert_eq!(screen(&[]), "");
    }

    #[test]
    fn tentative_names_and_what_stands_alone() {
        let medium = Some(Weight::Medium);
        let text = screen(&[
            (ProblemSeverity::Finding, medium, 1, "`ed?` is a tentative name"),
            (ProblemSeverity::Finding, medium, 2, "`amy?` is a tentative name"),
            (ProblemSeverity::Finding, medium, 0, "open on the checklist: read it, owner ed"),
        ]);
        assert!(text.contains("  medium  tentative names: `ed?`, `amy?` (lines 1-2)\n"), "{text}");
        assert!(text.contains("  medium  open on the checklist: read it, owner ed\n"), "{text}");
    }
}
