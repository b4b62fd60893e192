//! Which shard this process is to play: by hand, or as the engine of a job array says it.

use super::shard_list::{ShardList, shards};
use super::{Exit, terminal};
use crate::campaign::ShardPosition;

/// The most shards of one campaign.
pub(in crate::cli) const MOST_SHARDS: u32 = 1_000_000;

/// Which part of a campaign is played here.
#[derive(clap::Args)]
pub(in crate::cli) struct ShardArguments {
    /// Run one block of the trials and write it to a file for `sim merge`: 3/16, or auto
    ///
    /// With auto and --of, the number comes from the job array that this process belongs to:
    /// Slurm (SLURM_ARRAY_TASK_ID, counted from 1), of a Kubernetes Indexed Job
    /// (JOB_COMPLETION_INDEX) or AWS Batch (AWS_BATCH_JOB_ARRAY_INDEX). A shard that was
    /// killed continues where it stopped, and one whose file exists already is not run again.
    #[arg(long, value_name = "I/N", value_parser = parse_selection)]
    shard: Option<ShardSelection>,

    /// With --shard auto: how many shards the whole campaign has
    #[arg(long, value_name = "N", requires = "shard")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_SHARDS)))]
    of: Option<u32>,

    /// With --shard auto: the array runs only these shards, its first task the first of them
    ///
    /// In the form in which sim merge lists missing ones: 3,17-19.
    #[arg(long, value_name = "LIST", requires = "of", value_parser = shards)]
    only: Option<ShardList>,
}

/// As it is written after `--shard`.
#[derive(Debug, Clone, Copy, PartialEq)]
enum ShardSelection {
    Auto,
    Block(ShardPosition),
}

/// What is wrong, and what to do instead.
type ArrayRefusal = (String, String);

impl ShardArguments {
    /// Whether only a block is to be played.
    pub(in crate::cli) fn wanted(&self) -> bool {
        self.shard.is_some()
    }

    /// The block to be played; `None`: all of the campaign. What contradicts itself is refused.
    pub(in crate::cli) fn block(&self) -> Result<Option<ShardPosition>, Exit> {
        self.of_environment(&|name| std::env::var(name).ok()).map_err(|(message, hint)| {
            terminal::error(&message, &hint);
            Exit::Wrong
        })
    }

    fn of_environment(
        &self,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Option<ShardPosition>, ArrayRefusal> {
        match (self.shard, self.of) {
            (None, _) => Ok(None),
            (Some(ShardSelection::Block(block)), None) => Ok(Some(block)),
            (Some(ShardSelection::Block(block)), Some(_)) => {
                let message = format!("--of goes with --shard auto, and --shard {block} has both");
                Err((message, "leave --of out, or write --shard auto".to_string()))
            }
            (Some(ShardSelection::Auto), None) => {
                let hint = "say how many shards the whole campaign has: --shard auto --of 64; the \
                            array of a rerun has fewer tasks";
                Err(("--shard auto needs --of".to_string(), hint.to_string()))
            }
            (Some(ShardSelection::Auto), Some(of)) => {
                let task = Task::from_environment(variable)?;
                let shard = match &self.only {
                    None => task.shard(of)?,
                    Some(only) => task.among(only, of)?,
                };
                Ok(Some(ShardPosition { shard, total: of }))
            }
        }
    }
}

/// What runs job arrays.
#[derive(Debug, Clone, Copy, PartialEq)]
enum ArrayEngine {
    Slurm,
    Kubernetes,
    AwsBatch,
}

impl ArrayEngine {
    const ALL: [ArrayEngine; 3] =
        [ArrayEngine::Slurm, ArrayEngine::Kubernetes, ArrayEngine::AwsBatch];

    fn name(self) -> &'static str {
        match self {
            ArrayEngine::Slurm => "Slurm",
            ArrayEngine::Kubernetes => "Kubernetes",
            ArrayEngine::AwsBatch => "AWS Batch",
        }
    }

    /// Where a task finds its index.
    fn index(self) -> &'static str {
        match self {
            ArrayEngine::Slurm => "SLURM_ARRAY_TASK_ID",
            ArrayEngine::Kubernetes => "JOB_COMPLETION_INDEX",
            ArrayEngine::AwsBatch => "AWS_BATCH_JOB_ARRAY_INDEX",
        }
    }

    /// Where a task finds how many there are, if the engine says it.
    fn size(self) -> Option<&'static str> {
        match self {
            ArrayEngine::Slurm => Some("SLURM_ARRAY_TASK_COUNT"),
            ArrayEngine::Kubernetes => None,
            ArrayEngine::AwsBatch => Some("AWS_BATCH_JOB_ARRAY_SIZE"),
        }
    }

    /// The index of the first task. Slurm's arrays begin where their submission says; shards are
    /// counted from 1 there, so that the numbers are those that `sim merge` lists.
    fn first(self) -> u32 {
        match self {
            ArrayEngine::Slurm => 1,
            ArrayEngine::Kubernetes | ArrayEngine::AwsBatch => 0,
        }
    }
}

/// The task of a job array that this process is.
struct Task {
    engine: ArrayEngine,
    index: u32,
    /// How many tasks the array has, where that is known.
    size: Option<u32>,
}

impl Task {
    fn from_environment(variable: &dyn Fn(&str) -> Option<String>) -> Result<Task, ArrayRefusal> {
        let engines = ArrayEngine::ALL.into_iter();
        let set: Vec<(ArrayEngine, String)> = engines
            .filter_map(|engine| Some((engine, variable(engine.index())?)))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let (engine, value) = match &set[..] {
            [one] => one,
            [] => {
                let names = ArrayEngine::ALL.map(ArrayEngine::index).join(", ");
                let message = format!("--shard auto: none of {names} is set");
                let hint = "that is for a task of a job array; by hand, write --shard 3/16";
                return Err((message, hint.to_string()));
            }
            [(one, _), (other, _), ..] => {
                let message =
                    format!("--shard auto: both {} and {} are set", one.index(), other.index());
                let hint =
                    "a process is a task of one array: unset the other, or write --shard 3/16";
                return Err((message, hint.to_string()));
            }
        };
        let number = |name: &str, value: &str| {
            value.trim().parse::<u32>().map_err(|_| {
                let value = crate::report::for_terminal(value, 40);
                let message = format!("--shard auto: {name} is \"{value}\", which is not an index");
                (
                    message,
                    format!("{} sets it to a number; by hand, write --shard 3/16", engine.name()),
                )
            })
        };
        let index = number(engine.index(), value)?;
        let size = match engine.size().and_then(|name| Some((name, variable(name)?))) {
            Some((name, value)) if !value.is_empty() => Some(number(name, &value)?),
            _ => None,
        };
        Ok(Task { engine: *engine, index, size })
    }

    /// Which task it is, from 0.
    fn place(&self) -> Result<u32, ArrayRefusal> {
        self.index.checked_sub(self.engine.first()).ok_or_else(|| {
            let message = format!(
                "--shard auto: {} is 0, and shards are counted from 1",
                self.engine.index()
            );
            (message, "submit the array as --array=1-N".to_string())
        })
    }

    /// Its shard, where every task has the shard of its own number.
    fn shard(&self, of: u32) -> Result<u32, ArrayRefusal> {
        let place = self.place()?;
        let (name, engine) = (self.engine.index(), self.engine.name());
        if place >= of {
            let message = format!("--shard auto: {name} is {}, and --of is {of}", self.index);
            let last = of - 1 + self.engine.first();
            let hint = format!(
                "{engine}'s array ends at {last}, or --of is the number of another campaign"
            );
            return Err((message, hint));
        }
        // Slurm keeps the numbers of a rerun; the others count from 0 again.
        let renumbered = self.engine != ArrayEngine::Slurm;
        match self.size {
            Some(size) if renumbered && size != of => {
                let message = format!("--shard auto: the array has {size} tasks, and --of is {of}");
                let hint = "for a rerun, name its shards: --only 3,17-19, as sim merge lists them";
                Err((message, hint.to_string()))
            }
            _ => Ok(place + 1),
        }
    }

    /// Its shard, where the array plays only some of them.
    fn among(&self, only: &ShardList, of: u32) -> Result<u32, ArrayRefusal> {
        let (place, count) = (self.place()?, only.count());
        if let Some(last) = only.last().filter(|last| *last > of) {
            let message = format!("--only names shard {last}, and there are {of}");
            return Err((message, "list shards as sim merge does: 3,17-19".to_string()));
        }
        let size = self.size.filter(|size| *size != count);
        if let Some(size) = size {
            let message = format!("--only names {count} shards, and the array has {size} tasks");
            return Err((message, "submit one task for each of them".to_string()));
        }
        only.at(place).ok_or_else(|| {
            let message = format!("--only names {count} shards, and this is task {}", place + 1);
            (message, "submit one task for each of them".to_string())
        })
    }
}

/// `3/16` or `auto`.
fn parse_selection(text: &str) -> Result<ShardSelection, String> {
    if text.trim() == "auto" {
        return Ok(ShardSelection::Auto);
    }
    let wrong = || "write which shard of how many, such as 3/16, or auto".to_string();
    let (shard, of) = text.split_once('/').ok_or_else(wrong)?;
    let number = |text: &str| text.trim().parse::<u32>().map_err(|_| wrong());
    match (ShardPosition { shard: number(shard)?, total: number(of)? }) {
        ShardPosition { shard: 0, .. } => Err("shards are counted from 1".to_string()),
        ShardPosition { total, .. } if total > MOST_SHARDS => {
            Err(format!("at most {MOST_SHARDS} shards"))
        }
        ShardPosition { shard, total } if shard > total => {
            Err(format!("there is no shard {shard} of {of}: the last one is {of}/{of}"))
        }
        block => Ok(ShardSelection::Block(block)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(
        shard: &str,
        of: Option<u32>,
        only: Option<&str>,
        environment: &[(&str, &str)],
    ) -> Result<Option<ShardPosition>, String> {
        let arguments = ShardArguments {
            shard: Some(parse_selection(shard).expect("a shard")),
            of,
            only: only.map(|text| shards(text).expect("a list")),
        };
        let variable = |name: &str| {
            let found = environment.iter().find(|(one, _)| *one == name);
            found.map(|(_, value)| value.to_string())
        };
        arguments.of_environment(&variable).map_err(|(message, _)| message)
    }

    fn block(shard: u32, of: u32) -> Result<Option<ShardPosition>, String> {
        Ok(Some(ShardPosition { shard, total: of }))
    }

    #[test]
    fn each_engine_says_which_shard_it_is() {
        let slurm = |id| asked("auto", Some(64), None, &[("SLURM_ARRAY_TASK_ID", id)]);
        assert_eq!(slurm("1"), block(1, 64));
        assert_eq!(slurm("64"), block(64, 64));
        assert!(slurm("65").is_err_and(|message| message.contains("is 65, and --of is 64")));
        assert!(slurm("0").is_err_and(|message| message.contains("counted from 1")));
        let kubernetes = |id| asked("auto", Some(64), None, &[("JOB_COMPLETION_INDEX", id)]);
        assert_eq!(kubernetes("0"), block(1, 64));
        assert_eq!(kubernetes("63"), block(64, 64));
        assert!(kubernetes("64").is_err());
        let aws = |id, size| {
            let set = [("AWS_BATCH_JOB_ARRAY_INDEX", id), ("AWS_BATCH_JOB_ARRAY_SIZE", size)];
            asked("auto", Some(64), None, &set)
        };
        assert_eq!(aws("3", "64"), block(4, 64));
        assert!(aws("3", "4").is_err_and(|message| message.contains("has 4 tasks")));
    }

    #[test]
    fn a_rerun_plays_the_shards_that_are_listed() {
        let aws = |id| {
            let set = [("AWS_BATCH_JOB_ARRAY_INDEX", id), ("AWS_BATCH_JOB_ARRAY_SIZE", "4")];
            asked("auto", Some(64), Some("3,17-19"), &set)
        };
        assert_eq!(["0", "1", "2", "3"].map(aws), [3, 17, 18, 19].map(|shard| block(shard, 64)));
        let kubernetes =
            |id| asked("auto", Some(18), Some("3,17-18"), &[("JOB_COMPLETION_INDEX", id)]);
        assert_eq!(kubernetes("2"), block(18, 18));
        assert!(kubernetes("3").is_err_and(|message| message.contains("task 4")));
        let beyond = asked("auto", Some(16), Some("3,17"), &[("JOB_COMPLETION_INDEX", "0")]);
        assert!(beyond.is_err_and(|message| message.contains("names shard 17")));
        // Slurm's own array of a rerun has the numbers themselves.
        let set = [("SLURM_ARRAY_TASK_ID", "17"), ("SLURM_ARRAY_TASK_COUNT", "4")];
        assert_eq!(asked("auto", Some(64), None, &set), block(17, 64));
    }

    #[test]
    fn what_contradicts_itself_is_refused() {
        let none = asked("auto", Some(4), None, &[]);
        assert!(none.is_err_and(|message| message.contains("is set")));
        let two = [("SLURM_ARRAY_TASK_ID", "1"), ("JOB_COMPLETION_INDEX", "0")];
        assert!(asked("auto", Some(4), None, &two).is_err_and(|message| message.contains("both")));
        let words = asked("auto", Some(4), None, &[("JOB_COMPLETION_INDEX", "first")]);
        assert!(words.is_err_and(|message| message.contains("\"first\"")));
        assert!(asked("auto", None, None, &two[..1]).is_err());
        assert!(asked("3/16", Some(16), None, &[]).is_err());
        assert_eq!(asked("3/16", None, None, &two), block(3, 16), "what is written counts");
        for wrong in ["0/4", "5/4", "4", "a/b", "1/1000001"] {
            assert!(parse_selection(wrong).is_err(), "{wrong}");
        }
        for wrong in ["", "3,", "0", "3-1", "5,3", "3,3", "1-"] {
            assert!(shards(wrong).is_err(), "{wrong}");
        }
    }
}
