//! The days that were played before an interruption.

use super::TuneArguments;
use crate::cli::shared::files::Folder;
use crate::cli::shared::resume::Checkpoint;
use crate::cli::shared::terminal;
use crate::scenario::{self, Plan};
use crate::tune::{Day, Wanted};
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;
use std::collections::BTreeMap;
use std::hash::Hasher;
use std::io;
use std::sync::{Mutex, PoisonError};

/// The days so far, in the folder of the tables.
const RESUME: &str = "tune.resume.jsonl";

/// What stands for a fault on days without one; no fault has this name.
pub(super) const QUIET: &str = "";

/// Which days they are: of this plan, with what is kept of a reading.
#[derive(Serialize, Deserialize, PartialEq)]
struct Identity {
    program: String,
    scenario_hash: String,
    seed: u64,
    /// What candidates look at, as a hash: other candidates may need more of a reading.
    wanted: String,
}

/// One day. It is a pure function of the plan, the seed, the fault and the number.
#[derive(Serialize, Deserialize)]
struct PlayedDay<D> {
    fault: String,
    number: u64,
    day: D,
}

/// The days on disk, and those of them that were there at the beginning.
pub(super) struct PlayedDays {
    checkpoint: Checkpoint,
    before: Mutex<BTreeMap<(String, u64), Day>>,
}

impl PlayedDays {
    /// Opens the file, and takes over what it has of the same days if that is asked for.
    pub(super) fn open(
        folder: &Folder,
        (plan, seed): (&Plan, u64),
        wanted: &Wanted,
        arguments: &TuneArguments,
    ) -> io::Result<PlayedDays> {
        let mut hasher = SipHasher13::new();
        hasher.write(format!("{wanted:?}").as_bytes());
        let of = Identity {
            program: env!("CARGO_PKG_VERSION").to_string(),
            scenario_hash: scenario::plan_hash(plan),
            seed,
            wanted: format!("{:016x}", hasher.finish()),
        };
        let path = folder.path().join(RESUME);
        let opened = Checkpoint::open::<PlayedDay<Day>>(&path, &of, arguments.resume)?;
        let (checkpoint, days) = opened;
        if arguments.resume && !arguments.quiet {
            terminal::complain(&format!("{} days were played before\n", days.len()));
        }
        let before = days.into_iter().map(|day| ((day.fault, day.number), day.day));
        Ok(PlayedDays { checkpoint, before: Mutex::new(before.collect()) })
    }

    /// A day as it was played before, or as it is played now; `None` if it was stopped.
    pub(super) fn day(
        &self,
        (fault, number): (&str, u64),
        play: &dyn Fn() -> Option<Day>,
    ) -> Option<Day> {
        let key = (fault.to_string(), number);
        let known = self.before.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
        if known.is_some() {
            return known;
        }
        let day = play()?;
        self.checkpoint.add(&PlayedDay { fault: key.0, number, day: &day });
        Some(day)
    }

    /// The tables are saved: the days are not needed any more.
    pub(super) fn remove(self) {
        self.checkpoint.remove();
    }
}
