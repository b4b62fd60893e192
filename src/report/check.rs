//! What there is to say about a scenario that can run, for the terminal: most severe first; what is
//! said of many things once, with a list.

use super::launch_plan::{hanging, line_numbers};
use super::untrusted::{for_terminal, wrapped};
use crate::language::problem::{Problem, ProblemSeverity, Problems};
use crate::names::Severity as Weight;

/// The maximum width of one combined entry, in columns.
const LONGEST: usize = 1_000;

/// Warnings and findings, the gravest first, in lines of this many columns; empty if there is
/// nothing to say.
pub fn check_screen(problems: &Problems, path: &str, width: usize) -> String {
    let mut told: Vec<GroupedProblem> = Vec::new();
    for problem in problems.iter() {
        let rank = rank(problem);
        let same = told.iter_mut().find(|told| told.rank == rank && told.takes(problem));
        match same {
            Some(told) => told.problems.push(problem),
            None => told.push(GroupedProblem { rank, problems: vec![problem] }),
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
    /// One at least, in their order.
    problems: Vec<&'p Problem>,
}

/// A list is given whole up to this many letters, and else this many of its items.
const LISTED: usize = 300;
const SHOWN: usize = 3;

impl GroupedProblem<'_> {
    /// Whether this says the same of another thing.
    fn takes(&self, problem: &Problem) -> bool {
        let of_all = problem.one_of.as_ref().map(|one| one.of_all.as_str());
        of_all.is_some() && of_all == self.of_all()
    }

    /// What is said of all of them.
    fn of_all(&self) -> Option<&str> {
        self.problems[0].one_of.as_ref().map(|one| one.of_all.as_str())
    }

    /// `nobody is assigned to: nsoc, oit (lines 63-65)`, with advice where it is grave. A list of
    /// whole sentences is cut to a few of them.
    fn words(&self, problems: &Problems) -> String {
        let items = self.problems.iter().filter_map(|problem| problem.one_of.as_ref());
        let items: Vec<&str> = items.map(|one| one.this.as_str()).collect();
        let sentence = match (self.of_all(), &items[..]) {
            (None, _) | (_, [_]) => self.problems[0].message.clone(),
            (Some(says), items) => {
                let between =
                    if items.iter().any(|item| item.contains(", ")) { "; " } else { ", " };
                let whole = items.iter().map(|item| item.len()).sum::<usize>() <= LISTED;
                let shown = if whole { items } else { &items[..items.len().min(SHOWN)] };
                let more = match items.len() - shown.len() {
                    0 => String::new(),
                    more => format!("{between}and {more} more (--long lists them)"),
                };
                format!("{says}: {}{more}", shown.join(between))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::source::{Place, SourceText};
    use crate::language::wording::Wording;

    fn screen(list: Vec<(ProblemSeverity, Option<Weight>, u32, Wording)>) -> String {
        let mut problems = Problems::new(SourceText::file("day.yaml", ""));
        for (severity, weight, line, wording) in list {
            let place = Place { line, ..Place::default() };
            let problem = Problem::error(place, wording).hint("do this");
            problems.push(Problem { severity, weight, ..problem });
        }
        check_screen(&problems, "day.yaml", 80)
    }

    #[test]
    fn the_gravest_come_first_and_what_is_alike_is_said_once() {
        let (low, high) = (Some(Weight::Low), Some(Weight::High));
        let medium = Some(Weight::Medium);
        let unused = |name: &str| {
            let says = "nothing in this scenario uses the change";
            Wording::ending(says, "nothing in this scenario uses the changes", name.into())
        };
        let vacant =
            |role: &str| Wording::ending("nobody is assigned to", "nobody has", role.into());
        let text = screen(vec![
            (ProblemSeverity::Finding, low, 4, unused("`a`")),
            (ProblemSeverity::Finding, low, 5, unused("`b, c`")),
            (ProblemSeverity::Finding, high, 9, "`x` is the only `lead`, without a deputy".into()),
            (ProblemSeverity::Finding, low, 6, unused("`d`")),
            (ProblemSeverity::Finding, medium, 7, vacant("oit")),
            (ProblemSeverity::Finding, medium, 8, vacant("help desk")),
            (ProblemSeverity::Finding, high, 10, vacant("comms")),
            (ProblemSeverity::Warning, None, 2, "nobody works the hours `late`".into()),
        ]);
        let expected = "\
day.yaml
  warn    nobody works the hours `late` (line 2) → do this
  high    `x` is the only `lead`, without a deputy (line 9) → do this
  high    nobody is assigned to comms (line 10) → do this
  medium  nobody has: oit, help desk (lines 7-8)
  low     nothing in this scenario uses the changes: `a`; `b, c`; `d` (lines
          4-6)
";
        assert_eq!(text, expected);
        assert_eq!(screen(Vec::new()), "");
    }

    #[test]
    fn what_stands_alone_is_told_in_its_own_sentence() {
        let medium = Some(Weight::Medium);
        let open = Wording::listed("open on the checklist", "read it, owner ed".into());
        let text = screen(vec![
            (ProblemSeverity::Finding, medium, 1, "it is left out: `a`".into()),
            (ProblemSeverity::Finding, medium, 2, "it is left out: `a`".into()),
            (ProblemSeverity::Finding, medium, 0, open),
        ]);
        assert_eq!(text.matches("  medium  it is left out: `a` (line ").count(), 2, "{text}");
        assert!(text.contains("  medium  open on the checklist: read it, owner ed\n"), "{text}");
    }
}
