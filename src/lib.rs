//! `sim`: a flight simulator for launch day.
//!
//! A team describes its site, its visitors, its people, its change times and its rollback rules in
//! one YAML file. `sim` plays the day: which failures are noticed and how fast, who answers, what
//! is decided, how long the deploy takes, and whether it helps. Every minute is accounted for.
//!
//! ```text
//! visitors → site → telemetry → rules → people → decision → change → recovered?
//!             ↑ faults                     ↑ ladders, hours    ↓ may fail → next play
//! ```
//!
//! # Two halves that never see each other
//!
//! [`site`] is simulated production: millions of tiny events, one closed enum, one `match`.
//! [`decision`] is the judgement: rules, plays, ladders and go/no-go, with no I/O, no clock and no
//! random numbers. A [`telemetry::Reading`] goes up from one to the other, [`fault::Conditions`] go
//! down. [`gameday`] is above both and lets neither import the other.
//!
//! # The floors
//!
//! Imports only go down, never to a room of the same floor; a test enforces it.
//!
//! | floor | rooms |
//! |---|---|
//! | 11 | [`cli`]: what the user types and sees |
//! | 10 | [`report`]: the journal as tables and as a summary |
//! | 9 | [`capacity`]: does the site carry the traffic · [`tune`]: thresholds, good and bad days |
//! |   | [`window`]: at which hours a step of the launch goes well · [`night`]: the real one |
//! |   | [`fill`]: what a plan leaves open as questions, answers as changes of its text |
//! | 8 | [`campaign`]: many trials, paired comparison, shards · [`rehearsal`]: people in the room |
//! | 7 | [`gameday`]: one simulated day · [`judge`]: a log judged · [`rollcall`]: who answers ·
//! |   | [`drift`]: a launch plan beside the scenario that came of it ·
//! |   | [`crew`]: how long people took · [`readiness`]: go or no-go over days |
//! | 6 | [`scenario`]: the file → the [`scenario::Plan`] · [`observed`]: a sheet kept by hand ·
//! |   | [`launch_plan`]: a page that people wrote → a draft of a scenario |
//! | 5 | [`explanation`]: a scenario in plain words, as data |
//! | 4 | [`fault`]: what breaks · [`journal`]: what happened, in order |
//! | 3 | [`site`]: production · [`decision`]: the judgement · [`logs`]: access logs as readings |
//! | 2 | [`traffic`], [`telemetry`], [`people`], [`change`] |
//! | 1 | [`kernel`]: agenda, keyed draws · [`measure`]: histograms · [`language`]: YAML, placed |
//! | 0 | [`units`]: time, rates, spreads, the calendar · [`names`]: interned ids and scopes |
//!
//! # Invariants
//!
//! - A run is a pure function of plan, seed and trial: the same bytes, whatever the machine.
//! - Reading a scenario may fail, and says all that is wrong at once. Running a plan cannot fail.
//! - A draw depends on whose draw it is, never on how many came before it, so that a tier, a fault,
//!   a rule or a person added somewhere shifts nobody else's luck.
//! - generated = ok + failed + rejected + abandoned + planned + in flight, for the site and every
//!   tier, asserted at every reading.
//! - The intervals of an attempt add up to its total, the attempts to the incident.
//! - The journal alone is enough to make every report again.
//!
//! # A whole day in a few lines
//!
//! ```
//! use sim::gameday::{Gameday, Trial};
//! use sim::scenario;
//!
//! let source = scenario::read_source("scenarios/quiet-day.yaml".as_ref()).expect("shipped");
//! let sets = [("lasts".to_string(), "20m".to_string())];
//! let plan = scenario::load(&source, &sets).expect("a shipped scenario").plan;
//!
//! let trial = Trial { seed: plan.seed, number: 0 };
//! let header = scenario::header(&plan, trial.number, trial.seed);
//! let mut gameday = Gameday::new(&plan, &header, trial);
//! let mut entries = 0;
//! while gameday.step().is_some() {
//!     entries += gameday.drain().len(); // a program writes them to the journal here
//! }
//! let story = gameday.finish().story;
//! assert!(entries > 100 && story.expectations().all(|expectation| expectation.met()));
//! ```

#![forbid(unsafe_code)]

pub mod campaign;
pub mod capacity;
pub mod change;
pub mod cli;
pub mod crew;
pub mod decision;
pub mod drift;
pub mod explanation;
pub mod fault;
pub mod fill;
pub mod gameday;
pub mod journal;
pub mod json_lines;
pub mod judge;
pub mod kernel;
pub mod language;
pub mod launch_plan;
pub mod logs;
pub mod measure;
pub mod names;
pub mod night;
pub mod observed;
pub mod people;
pub mod readiness;
pub mod rehearsal;
pub mod report;
pub mod rollcall;
pub mod scenario;
pub mod site;
pub mod telemetry;
pub mod traffic;
pub mod tune;
pub mod units;
pub mod window;
