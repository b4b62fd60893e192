//! `sim merge`: the shards of a campaign in, the campaign out.

use crate::campaign::{Results, Shard, merge};
use crate::cli::shared::files::Folder;
use crate::cli::shared::provenance::{self, RUN};
use crate::cli::shared::saving::TRIALS;
use crate::cli::shared::trials::save;
use crate::cli::shared::{Exit, terminal};
use crate::report;
use crate::scenario::MadeBy;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// Join the shards of a campaign
///
/// Reads what `sim run --trials N --shard I/M` wrote, in any order, and writes trials.csv and
/// campaign.csv with the same bytes as one run of all trials. Shards of another scenario, seed or
/// version of sim are refused, and so are a missing, double or unfinished one.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct MergeArguments {
    /// The files of all shards
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Folder for the tables; one that holds another campaign is left alone, the new one gets -2
    #[arg(long, value_name = "DIR", default_value = "reports/merged")]
    out: PathBuf,

    /// Print nothing but errors
    #[arg(long, short)]
    quiet: bool,
}

const EXAMPLES: &str = "\
Examples:
  sim merge reports/proxy-outage-shard-*.jsonl --out reports/proxy-outage-all

Exit codes: 0 merged, 2 the files do not make a campaign, 1 something broke.";

/// What is written.
const TABLES: [&str; 4] = [report::TRIALS_FILE, report::CAMPAIGN_FILE, TRIALS, RUN];

/// Runs the subcommand.
pub(in crate::cli) fn run(arguments: &MergeArguments) -> Exit {
    let (results, made_by) = match joined(&arguments.files) {
        Ok(results) => results,
        Err(exit) => return exit,
    };
    let claimed = Folder::claim_table(&arguments.out, &TABLES, &[(0, &results.identity.run_id)]);
    let saved = claimed.and_then(|folder| {
        save(&results, &folder)?;
        if let Some(made_by) = &made_by {
            provenance::keep(&folder, made_by)?;
        }
        Ok(folder)
    });
    match saved {
        Ok(folder) => {
            if !arguments.quiet {
                terminal::print(&report::campaign_summary(&results, terminal::style()));
                let path = report::for_terminal(&folder.path().display().to_string(), 2_000);
                terminal::print(&format!("\nFiles   {path}/\n"));
            }
            Exit::Met
        }
        Err(error) => {
            terminal::cannot_write(&arguments.out, &error);
            Exit::Broke
        }
    }
}

/// The campaign, and by what its first shard was made.
fn joined(files: &[PathBuf]) -> Result<(Results, Option<MadeBy>), Exit> {
    let mut shards = Vec::new();
    for path in files {
        shards.push((path.display().to_string(), read(path)?));
    }
    let first = shards.iter().min_by_key(|(_, shard)| shard.header.block.shard);
    let made_by = first.and_then(|(_, shard)| shard.header.made_by.clone());
    let merged = merge(shards).map_err(|error| {
        terminal::error(&error.message, &error.hint);
        Exit::Wrong
    });
    Ok((merged?, made_by))
}

fn read(path: &Path) -> Result<Shard, Exit> {
    let wrong = |problem: &dyn std::fmt::Display| {
        let message = format!("cannot read {}: {problem}", path.display());
        terminal::error(&message, "name files that sim run --trials N --shard I/M wrote");
        Exit::Wrong
    };
    let file = File::open(path).map_err(|error| wrong(&error))?;
    Shard::read(BufReader::new(file)).map_err(|error| wrong(&error))
}
