//! `sim new`: scenarios to start from.

use crate::cli::shared::draft::Draft;
use crate::cli::shared::loading::scenario_schema;
use crate::cli::shared::{Exit, plan, terminal};
use crate::launch_plan;
use crate::report::{hanging_after, plan_reading};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A scenario to start from.
struct Template {
    name: &'static str,
    about: &'static str,
    text: &'static str,
}

const TEMPLATES: [Template; 5] = [
    Template {
        name: "minimal",
        about: "two tiers, one fault, one rule, one rollback: the shortest complete scenario",
        text: include_str!("templates/minimal.yaml"),
    },
    Template {
        name: "launch-day",
        about: "everything a launch plan has: go/no-go, checklist, steps, freezes, plays",
        text: include_str!("templates/launch-day.yaml"),
    },
    Template {
        name: "proxy-outage",
        about: "half the reverse proxies fail an hour after launch",
        text: include_str!("templates/proxy-outage.yaml"),
    },
    Template {
        name: "latency-spike",
        about: "an upstream is slow rather than down, and holds the API's threads",
        text: include_str!("templates/latency-spike.yaml"),
    },
    Template {
        name: "quiet-day",
        about: "nothing breaks: the rules must stay silent",
        text: include_str!("templates/quiet-day.yaml"),
    },
];

/// The schema's file, as the first line of every template names it.
const SCHEMA: &str = "scenario.schema.json";

/// Write a commented scenario to start from
///
/// Prints a complete scenario that runs as it is, with a comment on everything you may change; with
/// --from, a draft made from a launch plan: each value with the plan's own line, open points as
/// "?", and nothing invented: what the plan does not say is marked as assumed. With --output it
/// goes to a file, and the schema for completion in editors is put next to it unless it is there
/// already. Nothing is ever overwritten without --force.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct NewArguments {
    /// The scenario to start from; see --list
    #[arg(value_name = "TEMPLATE", default_value = "minimal",
          value_parser = clap::builder::PossibleValuesParser::new(TEMPLATES.map(|t| t.name)))]
    template: String,

    /// Read a launch plan (Markdown or plain text) and write a draft scenario from it
    #[arg(long, value_name = "PLAN", conflicts_with_all = ["template", "list"])]
    from: Option<PathBuf>,

    /// The year of the plan's dates, if the plan gives none [default: the next such launch day]
    #[arg(long, value_name = "YEAR", requires = "from", value_parser = plan::year)]
    year: Option<i16>,

    /// The time zone of the plan's times, if the plan does not give one
    #[arg(long, value_name = "ZONE", requires = "from", value_parser = plan::zone)]
    zone: Option<String>,

    /// Write to this file instead of stdout
    #[arg(long, short, alias = "out", value_name = "FILE")]
    output: Option<PathBuf>,

    /// Overwrite the file
    #[arg(long, requires = "output")]
    force: bool,

    /// List the scenarios to start from
    #[arg(long, conflicts_with_all = ["output", "force"])]
    list: bool,
}

const EXAMPLES: &str = "\
Examples:
  sim new --list
  sim new minimal -o launch.yaml && sim run launch.yaml
  sim new launch-day | less
  sim new --from launch-plan.md --year 2018 -o launch.yaml    your own plan, as a draft";

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &NewArguments) -> Exit {
    if arguments.list {
        let mut text = String::new();
        for template in &TEMPLATES {
            let head = format!("{:<14} ", template.name);
            hanging_after(&mut text, &head, template.about, terminal::width());
        }
        terminal::print(&text);
        return Exit::Met;
    }
    if let Some(from) = &arguments.from {
        return from_plan(from, arguments);
    }
    let template = TEMPLATES.iter().find(|template| template.name == arguments.template);
    let template = template.expect("the command line knows the names");
    hand_out(arguments, template.text, false)
}

/// A draft of what a launch plan says, and how it was read.
fn from_plan(from: &Path, arguments: &NewArguments) -> Exit {
    let Some(reading) = plan::read(from, arguments.year, arguments.zone.as_deref()) else {
        return Exit::Wrong;
    };
    let name = from.file_name().unwrap_or(from.as_os_str()).to_string_lossy();
    let report = plan_reading(&reading, &name, terminal::width());
    let draft = launch_plan::draft(&reading, &name);
    // The draft may go to a pipe: what is told about it does not.
    terminal::print_to_stderr(&report);
    hand_out(arguments, &draft, true)
}

/// A scenario to a file, with the schema beside it, or to stdout. What is `open` in it is asked for
/// first.
fn hand_out(arguments: &NewArguments, text: &str, open: bool) -> Exit {
    let Some(path) = &arguments.output else {
        terminal::print(text);
        return Exit::Met;
    };
    let draft = match new_file(path, arguments.force) {
        Ok(draft) => draft,
        Err(error) => return refused(path, &error),
    };
    let beside = path.with_file_name(SCHEMA);
    let schema = match new_file(&beside, false).and_then(|to| write(to, &scenario_schema())) {
        Ok(()) => format!("        {} (for your editor)\n", shown(&beside)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => String::new(),
        Err(error) => return refused(&beside, &error),
    };
    if let Err(error) = write(draft, text) {
        return refused(path, &error);
    }
    let path = shown(path);
    let next = match open {
        true => format!(
            "Next    sim fill {path}    asks for what is open, one question at a time\n        sim \
             run {path}     a first run as it is\n"
        ),
        false => format!("Next    sim run {path}\n"),
    };
    terminal::print(&format!("Wrote   {path}\n{schema}{next}"));
    Exit::Met
}

fn shown(path: &Path) -> String {
    crate::report::for_terminal(&path.display().to_string(), 2_000)
}

/// A new file; an old one only if that is wanted.
fn new_file(path: &Path, force: bool) -> io::Result<Draft> {
    if !force && fs::symlink_metadata(path).is_ok() {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    Draft::at(path)
}

/// Writes a whole file.
fn write(mut draft: Draft, text: &str) -> io::Result<()> {
    draft.attempt(|to| to.write_all(text.as_bytes()));
    draft.publish()
}

fn refused(path: &Path, error: &io::Error) -> Exit {
    let path = path.display();
    if error.kind() == io::ErrorKind::AlreadyExists {
        let hint = "name another file, or overwrite it with --force";
        terminal::error(&format!("{path} already exists"), hint);
        return Exit::Wrong;
    }
    let hint = "name another file with --output";
    terminal::error(&format!("cannot write {path}: {error}"), hint);
    Exit::Broke
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gameday::{Gameday, Trial};
    use crate::scenario::{self, ProblemSeverity, SourceText};

    #[test]
    fn every_template_runs_as_expected_and_names_the_schema() {
        for template in &TEMPLATES {
            let first = template.text.lines().next();
            let modeline = format!("# yaml-language-server: $schema={SCHEMA}");
            assert_eq!(first, Some(modeline.as_str()), "{}", template.name);
            let text = template.text.to_string();
            let source = SourceText::file(template.name, text);
            let loaded = scenario::load(&source, &[]);
            let loaded = loaded.unwrap_or_else(|problems| panic!("{}", problems.render(false)));
            let warnings = loaded.warnings.count(ProblemSeverity::Warning);
            assert_eq!(warnings, 0, "{}", loaded.warnings.render(false));
            let trial = Trial { seed: loaded.plan.seed, number: 0 };
            let header = scenario::header(&loaded.plan, trial.number, trial.seed);
            let mut gameday = Gameday::new(&loaded.plan, &header, trial);
            while gameday.step().is_some() {
                gameday.drain();
            }
            let story = gameday.finish().story;
            for expectation in story.expectations() {
                let (text, observed) = (&expectation.text, &expectation.observed);
                assert!(expectation.met(), "{}: {text}, but {observed}", template.name);
            }
        }
    }
}
