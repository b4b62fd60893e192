//! `sim explain`: a scenario in plain words, and every value with where it comes from.

use crate::cli::shared::{Exit, loading, terminal};
use crate::journal::{Basis, InputRow};
use crate::report::{self, TreeLine, columns_of, for_terminal, wrapped};
use crate::scenario::{self, Explanation, PlayTold, RuleTold, StepTold};
use clap::ValueEnum;
use std::path::PathBuf;

/// Explain a scenario in plain words
///
/// Shows who comes, through which tiers, and what breaks; every rule as one sentence, with the
/// chance of a false alarm; every play as a numbered list; and the resolved plan: every value and
/// every default, the line it comes from, and whether it is calibrated [c] or assumed [a].
///
/// Each step of a play has two times. "Paper" is what the change-time table says; it covers only
/// the technical pipeline. "Simulated" is a mean by formula: of the step's own times, and for pages
/// and asks of the ladder's channels, tried one after another, with the people who are on duty when
/// the first fault begins. It assumes free pipelines and people who are not busy; `sim run` plays
/// out the rest.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct ExplainArguments {
    /// The scenario file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Change one value of the scenario, as in `sim run`
    #[arg(long, value_name = "KEY=VALUE", value_parser = loading::key_value)]
    set: Vec<(String, String)>,

    /// The output format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, 80 columns wide
    Text,
    /// For programs: one JSON document
    Json,
}

const EXAMPLES: &str = "\
Examples:
  sim explain scenarios/proxy-outage.yaml
  sim explain scenarios/proxy-outage.yaml --set channels.phone.answers=50%
  sim explain day.yaml --format json | jq '.resolved[] | select(.from == \"default\")'

Exit codes: 0 explained, 2 the scenario has errors or the usage is wrong.";

/// Runs the subcommand.
pub(in crate::cli) fn explain(arguments: &ExplainArguments) -> Exit {
    let explained = scenario::read_source(&arguments.file)
        .and_then(|source| scenario::explain(&source, &arguments.set));
    let explanation = match explained {
        Ok(explanation) => explanation,
        Err(problems) => {
            terminal::complain(&problems.render(terminal::colour_on_stderr()));
            return Exit::Wrong;
        }
    };
    let text = match arguments.format {
        Format::Text => as_text(&explanation, terminal::style().color),
        Format::Json => {
            serde_json::to_string_pretty(&explanation).expect("plain data with text keys") + "\n"
        }
    };
    terminal::print(&text);
    Exit::Met
}

/// Columns of a page, and of what stands left of the times of a step.
const PAGE: usize = 80;
const STEP: usize = 50;

/// A page that is being written; whatever comes from the scenario is made safe on its way.
struct Page {
    text: String,
    color: bool,
}

fn as_text(told: &Explanation, color: bool) -> String {
    let mut page = Page { text: String::new(), color };
    page.bold(&told.scenario);
    page.paragraph(&format!("{}, for {}, seed {}", told.starts, told.lasts, told.seed), 0, 0);
    page.heading("The site: who calls whom, and where it breaks");
    for line in report::site_tree(&told.topology, PAGE - 2) {
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
        let text = for_terminal(text, PAGE);
        let bold = anstyle::Style::new().bold();
        match self.color {
            true => self.line(&format!("{bold}{text}{bold:#}")),
            false => self.line(&text),
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
        for (number, line) in wrapped(text, PAGE - first.max(rest)).iter().enumerate() {
            let indent = if number == 0 { first } else { rest };
            self.line(&format!("{:indent$}{line}", ""));
        }
    }

    fn rule(&mut self, rule: &RuleTold) {
        self.paragraph(&rule.alert, 2, 4);
        self.paragraph(&rule.sentence, 4, 4);
        if let Some(alarm) = &rule.false_alarm {
            self.paragraph(&format!("False alarm: {alarm}."), 4, 4);
        }
    }

    fn play(&mut self, play: &PlayTold) {
        self.row(&for_terminal(&play.play, STEP), "paper", "simulated");
        self.paragraph(&play.opens, 4, 4);
        for (number, step) in play.steps.iter().enumerate() {
            self.step(number + 1, step);
        }
        let paper = play.paper.as_deref().unwrap_or("");
        self.row("       until live, if all goes well", paper, &play.simulated);
        self.paragraph(&play.then, 4, 4);
        self.text.push('\n');
    }

    fn step(&mut self, number: usize, step: &StepTold) {
        for (at, line) in wrapped(&step.text, STEP - 6).iter().enumerate() {
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

    /// What it is, and the two times in their columns.
    fn row(&mut self, text: &str, paper: &str, simulated: &str) {
        let text = if text.starts_with(' ') { text.to_string() } else { format!("  {text}") };
        let paper = for_terminal(paper, 14);
        let gap = (STEP + 2).saturating_sub(columns_of(&text)).max(1);
        let before = " ".repeat(14usize.saturating_sub(columns_of(&paper)));
        self.line(&format!("{text}{}{before}{paper}{simulated:>11}", " ".repeat(gap)));
    }

    /// Every value under the key that it lies under.
    fn values(&mut self, values: &[InputRow]) {
        let widest = |of: &dyn Fn(&InputRow) -> usize, most: usize| {
            values.iter().map(of).max().unwrap_or(0).min(most)
        };
        let keys = widest(&|value| columns_of(split(value).1), 20);
        let origins = widest(&|value| columns_of(&origin(value)), 34);
        let mut under = "";
        for value in values {
            let (path, key) = split(value);
            if path != under && !path.is_empty() {
                self.line(&format!("  {}", for_terminal(path, PAGE - 2)));
            }
            under = path;
            let key = for_terminal(key, keys);
            let before = keys + if path.is_empty() { 4 } else { 6 };
            let left = format!("{}{key}", " ".repeat(before - keys - 2));
            let from = for_terminal(&origin(value), origins);
            let lines = wrapped(&value.value, PAGE - before - origins - 2);
            for (number, line) in lines.iter().enumerate() {
                let (left, from) = if number == 0 { (&*left, &*from) } else { ("", "") };
                let gap = before - columns_of(left);
                let fill = PAGE - before - columns_of(line) - columns_of(from);
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
