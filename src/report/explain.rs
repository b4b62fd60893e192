//! A scenario in plain words, for the terminal.

use super::launch_plan::hanging_after;
use super::summary::Style;
use super::topology::{TreeLine, site_tree};
use super::untrusted::{columns_of, for_terminal, wrapped};
use crate::explanation::{Explanation, PlayExplanation, RuleExplanation, StepExplanation};
use crate::journal::{Basis, InputRow};

/// Columns of the two times of a step, and the fewest that leave room for it beside them.
const TIMES: usize = 28;
const BESIDE: usize = 36;
/// The fewest columns of a value between its key and where it comes from.
const VALUE: usize = 16;

/// A page that is being written; whatever comes from the scenario is made safe on its way.
struct Page {
    text: String,
    color: bool,
    /// Columns of the terminal.
    width: usize,
}

/// All of it on the terminal: an overview, the site, the story, rules, plays, every value.
pub fn explanation_page(told: &Explanation, style: Style) -> String {
    let mut page = Page { text: String::new(), color: style.color, width: style.width };
    page.bold(&told.scenario);
    page.paragraph(&format!("{}, for {}, seed {}", told.starts, told.lasts, told.seed), 0, 0);
    page.text.push('\n');
    for section in &told.summary {
        let head = format!("  {:<8}  ", section.title);
        hanging_after(&mut page.text, &head, &section.lines.join(" "), page.width);
    }
    page.heading("The site: who calls whom, and where it breaks");
    for line in site_tree(&told.topology, page.width - 2) {
        page.tree(&line);
    }
    for section in &told.story {
        page.heading(&section.title);
        section.lines.iter().for_each(|line| page.paragraph(line, 2, 4));
    }
    if !told.rules.is_empty() {
        page.heading("Rules");
        told.rules.iter().for_each(|rule| page.rule(rule));
    }
    if !told.plays.is_empty() {
        page.heading(&format!("Plays (with the people on duty at {})", told.people_at));
        told.plays.iter().for_each(|play| page.play(play));
    }
    page.heading("The resolved plan");
    page.values(&told.resolved);
    page.text
}

impl Page {
    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn bold(&mut self, text: &str) {
        let bold = anstyle::Style::new().bold();
        for line in wrapped(text, self.width) {
            match self.color {
                true => self.line(&format!("{bold}{line}{bold:#}")),
                false => self.line(&line),
            }
        }
    }

    fn tree(&mut self, line: &TreeLine) {
        let red = anstyle::AnsiColor::Red.on_default().bold();
        match self.color && line.hit {
            true => self.line(&format!("  {red}{}{red:#}", line.text)),
            false => self.line(&format!("  {}", line.text)),
        }
    }

    fn heading(&mut self, title: &str) {
        self.text.push('\n');
        self.bold(title);
    }

    /// Words in lines, the first indented by `first` columns, the others by `rest`.
    fn paragraph(&mut self, text: &str, first: usize, rest: usize) {
        for (number, line) in wrapped(text, self.width - first.max(rest)).iter().enumerate() {
            let indent = if number == 0 { first } else { rest };
            self.line(&format!("{:indent$}{line}", ""));
        }
    }

    fn rule(&mut self, rule: &RuleExplanation) {
        self.paragraph(&rule.alert, 2, 4);
        self.paragraph(&rule.sentence, 4, 4);
        if let Some(alarm) = &rule.false_alarm {
            self.paragraph(&format!("False alarm: {alarm}."), 4, 4);
        }
    }

    /// Columns for a step; the times stand below it if there is too little room beside.
    fn step_columns(&self) -> usize {
        match self.width.checked_sub(TIMES + 2) {
            Some(columns) if columns >= BESIDE => columns,
            _ => self.width - 2,
        }
    }

    fn play(&mut self, play: &PlayExplanation) {
        let name = wrapped(&play.play, self.step_columns());
        self.row(&format!("  {}", name.join(" ")), "paper", "simulated");
        self.paragraph(&play.opens, 4, 4);
        for (number, step) in play.steps.iter().enumerate() {
            self.step(number + 1, step);
        }
        let paper = play.paper.as_deref().unwrap_or("");
        self.row("       until live, if all goes well", paper, &play.simulated);
        self.paragraph(&play.then, 4, 4);
        self.text.push('\n');
    }

    fn step(&mut self, number: usize, step: &StepExplanation) {
        for (at, line) in wrapped(&step.text, self.step_columns() - 6).iter().enumerate() {
            let blank = String::new();
            let simulated = step.simulated.as_ref().unwrap_or(&blank);
            let paper = step.paper.as_ref().unwrap_or(&blank);
            match at {
                0 => self.row(&format!("{number:>5}. {line}"), paper, simulated),
                _ => self.line(&format!("       {line}")),
            }
        }
        if let Some(caution) = &step.caution {
            self.paragraph(&format!("({caution})"), 7, 7);
        }
    }

    /// What it is, and the two times in their columns, or below it.
    fn row(&mut self, text: &str, paper: &str, simulated: &str) {
        let step = self.step_columns();
        if step + TIMES > self.width {
            self.line(text);
            let times = [("paper", paper), ("simulated", simulated)];
            let times = times.iter().filter(|(of, time)| !time.is_empty() && of != time);
            let times: Vec<String> = times.map(|(of, time)| format!("{of} {time}")).collect();
            if !times.is_empty() {
                self.paragraph(&times.join(", "), 9, 9);
            }
            return;
        }
        let paper = for_terminal(paper, 14);
        let gap = (step + 2).saturating_sub(columns_of(text)).max(1);
        let before = " ".repeat(14usize.saturating_sub(columns_of(&paper)));
        self.line(&format!("{text}{}{before}{paper}{simulated:>11}", " ".repeat(gap)));
    }

    /// Every value under the key that it lies under.
    fn values(&mut self, values: &[InputRow]) {
        let widest = |of: &dyn Fn(&InputRow) -> usize, most: usize| {
            values.iter().map(of).max().unwrap_or(0).min(most)
        };
        let keys = widest(&|value| columns_of(split(value).1), (self.width / 4).max(14));
        let origins = widest(&|value| columns_of(&origin(value)), self.width * 2 / 5 + 2);
        let mut under = "";
        for value in values {
            let (path, key) = split(value);
            if path != under && !path.is_empty() {
                self.paragraph(path, 2, 4);
            }
            under = path;
            let before = keys + if path.is_empty() { 4 } else { 6 };
            let indent = before - keys - 2;
            if before + origins + VALUE > self.width {
                self.paragraph(&format!("{key}: {}", value.value), indent, indent + 4);
                self.paragraph(&origin(value), indent + 4, indent + 4);
                continue;
            }
            let key = wrapped(key, keys);
            let from = origin(value);
            // The room of a mark stays, so that lines stand below each other.
            let fits = columns_of(&from) <= origins;
            let from = if fits { vec![from] } else { wrapped(&from, origins) };
            let lines = wrapped(&value.value, self.width - before - origins - 2);
            for number in 0..lines.len().max(key.len()).max(from.len()) {
                let of = |cells: &[String]| cells.get(number).cloned().unwrap_or_default();
                let (left, line, from) = (of(&key), of(&lines), of(&from));
                let left = format!("{:indent$}{left}", "");
                let gap = before - columns_of(&left);
                let fill = self.width - before - columns_of(&line) - columns_of(&from);
                self.line(&format!("{left}{:gap$}{line}{:fill$}{from}", "", ""));
            }
        }
    }
}

/// The key that a value lies under, and its own.
fn split(value: &InputRow) -> (&str, &str) {
    value.path.rsplit_once('.').unwrap_or(("", &value.path))
}

/// Where a value comes from, and how it is known: `line 12 [c]`.
fn origin(value: &InputRow) -> String {
    let mark = match value.basis {
        Some(Basis::Calibrated) => "[c]",
        Some(Basis::Assumed) => "[a]",
        Some(Basis::Ours) => "[o]",
        None => "   ",
    };
    format!("{} {mark}", value.from)
}
