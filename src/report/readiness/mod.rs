//! Go or no-go as people read it: what is missing, from whom, by when, and below it what was
//! rehearsed. What was simulated is kept apart from what is known.

mod gaps;
mod page;
mod rehearsed;
mod screen;

pub use page::readiness_page;
pub use rehearsed::RehearsedExercise;
pub use screen::readiness_summary;

use super::capacity_words::{objectives, reasons};
use crate::capacity::{CapacityCheck, LoadStatus as CapacityStatus};
use crate::journal::{PlanFinding, draft_and_title};
use crate::readiness::{
    Decision, DecisionStatus, Missing, ReadinessBoard, RowState, RowStatus, SeatState,
};
use crate::units::{counted, grouped};
use gaps::{SevereGap, gaps};
use jiff::Zoned;

/// All that is known before a launch, at a moment.
pub struct Readiness<'a> {
    pub board: &'a ReadinessBoard,
    pub missing: &'a [Missing],
    /// What was rehearsed, in the order in which it was named; `None`: no results were named.
    pub exercises: Option<&'a [RehearsedExercise]>,
    /// Failures of which no results were found.
    pub untried: &'a [String],
    /// The plays of the plan.
    pub plays: &'a [String],
    /// The capacity check of the scenario.
    pub capacity: Option<&'a CapacityCheck>,
    /// The gaps of the plan.
    pub findings: &'a [PlanFinding],
    /// The command that shows it again.
    pub again: &'a str,
}

/// Good, bad or open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tone {
    Good,
    Bad,
    Open,
}

impl Tone {
    fn from_status(status: &RowStatus) -> Tone {
        match status {
            RowStatus::Go => Tone::Good,
            RowStatus::NoGo => Tone::Bad,
            RowStatus::GoIf { .. } | RowStatus::Unknown => Tone::Open,
        }
    }
}

impl Readiness<'_> {
    /// The answer: what was decided, or how far it is from that. It is never more than people said.
    fn answer(&self) -> (Tone, String, String) {
        let board = self.board;
        match &board.decision {
            DecisionStatus::Decided(decided) => {
                let tone = match decided.decision {
                    Decision::Go => Tone::Good,
                    Decision::NoGo | Decision::Hold => Tone::Bad,
                };
                let words = decided.words.as_ref();
                let words = words.map_or(String::new(), |words| format!(": \"{words}\""));
                let word = format!("DECIDED: {}", decided.decision.word().to_uppercase());
                (tone, word, format!("by {}, {}{words}.", decided.by, decided.at))
            }
            DecisionStatus::Undecided(why) => (Tone::Open, "NOT DECIDED".into(), format!("{why}.")),
            DecisionStatus::Nothing => {
                let who = match &board.deciders[..] {
                    [] => "a person decides; the plan does not say who".to_string(),
                    names => format!("{} decides", names.join(" or ")),
                };
                let (tone, word) = match board.criteria() {
                    RowStatus::Go => (Tone::Good, "EVERY CRITERION IS GO"),
                    RowStatus::NoGo => (Tone::Bad, "NO-GO AS IT STANDS"),
                    RowStatus::GoIf { .. } => (Tone::Open, "GO IF, AS IT STANDS"),
                    RowStatus::Unknown => (Tone::Open, "NOT YET KNOWN"),
                };
                (tone, word.to_string(), format!("Not decided: {who}."))
            }
        }
    }

    /// `2 of 5 criteria GO, 1 NO-GO, 2 not yet known. Poll: 12 of 18 GO, 1 NO-GO, 5 not heard.`
    fn counts(&self) -> String {
        let board = self.board;
        let told = |all: &[&RowStatus], what: &str, unknown: &str| {
            let count = |word: &str| all.iter().filter(|status| status.word() == word).count();
            let mut parts = vec![format!("{} of {} {what}GO", count("GO"), all.len())];
            let others = [("NO-GO", "NO-GO"), ("GO IF", "GO IF"), ("NOT YET KNOWN", unknown)];
            parts.extend(others.into_iter().filter_map(|(status, words)| {
                let count = count(status);
                (count > 0).then(|| format!("{count} {words}"))
            }));
            parts.join(", ")
        };
        let rows: Vec<&RowStatus> = board.rows.iter().map(|row| &row.status).collect();
        let poll: Vec<&RowStatus> = board.poll.iter().map(|seat| &seat.line.status).collect();
        let rows = told(&rows, "criteria ", "not yet known");
        match poll.is_empty() {
            true => format!("{rows}."),
            false => format!("{rows}. Poll: {}.", told(&poll, "", "without a go or no-go")),
        }
    }

    /// Who has said no, or to wait, in their words.
    fn dissent(&self) -> Option<String> {
        let told = |seat: &SeatState| {
            let vote = seat.vote.filter(|vote| vote.dissents())?;
            let by = seat.line.source.as_deref().unwrap_or_default();
            let words = seat.line.words.as_ref();
            let words = words.map_or(String::new(), |words| format!(": \"{words}\""));
            Some(format!("{} says {vote} ({by}){words}", seat.name))
        };
        let all: Vec<String> = self.board.poll.iter().filter_map(told).collect();
        (!all.is_empty()).then(|| format!("Dissent: {}.", all.join("; ")))
    }

    /// What the decision was made in spite of, and what has changed since.
    fn decided_despite(&self) -> Option<String> {
        let DecisionStatus::Decided(decided) = &self.board.decision else { return None };
        let open = &decided.in_spite_of;
        (!open.is_empty()).then(|| format!("Decided while open: {}.", open.join("; ")))
    }

    /// `as of Mon 2018-11-05 15:00; to be decided by Wed 2018-11-07 10:00, in 1 day 19 h`.
    fn moment(&self) -> String {
        let (now, due) = (&self.board.now, &self.board.due);
        let zone = now.strftime("%Z");
        let left =
            between(now, due).map_or("which has passed".to_string(), |left| format!("in {left}"));
        let due = match self.board.decision {
            DecisionStatus::Decided(_) => String::new(),
            _ => format!("; to be decided by {}, {left}", at(due)),
        };
        format!("as of {} {zone}{due}", at(now))
    }

    /// What exercises tell together: how much was rehearsed, what was never noticed, what was never
    /// tried.
    fn rehearsed(&self) -> Vec<String> {
        let Some(exercises) = self.exercises else {
            let text = "No results were named, so rehearsals are not covered: --results DIR \
                        reads those of `sim run`, the room and `sim capacity`.";
            return vec![text.to_string()];
        };
        let failures: Vec<&RehearsedExercise> =
            exercises.iter().filter(|one| one.failure).collect();
        let mut titles: Vec<&str> = failures.iter().map(|one| one.title.as_str()).collect();
        titles.sort_unstable();
        titles.dedup();
        let all = titles.len() + self.untried.len();
        let missed = failures.iter().filter(|one| one.unnoticed).count();
        let mut told = vec![format!(
            "{} of {} rehearsed; {}.",
            titles.len(),
            counted(all, "failure"),
            match missed {
                0 => "all of them were noticed in at least half of their runs".to_string(),
                missed => format!("{missed} not noticed in most of their runs"),
            }
        )];
        if !self.untried.is_empty() {
            told.push(format!("Never rehearsed: {}.", self.untried.join("; ")));
        }
        let tried = |play: &String| exercises.iter().any(|one| one.plays.contains(play));
        let never: Vec<&str> =
            self.plays.iter().filter(|play| !tried(play)).map(String::as_str).collect();
        if !never.is_empty() {
            told.push(format!("Plays that no rehearsal has opened: {}.", never.join(", ")));
        }
        let seats = exercises.iter().flat_map(|one| &one.seats);
        let mut seats: Vec<&str> = seats.map(String::as_str).collect();
        seats.sort_unstable();
        seats.dedup();
        told.push(match seats.is_empty() {
            true => "Nobody has rehearsed in person; all people were simulated.".to_string(),
            false => format!("In person: {}; everybody else was simulated.", seats.join(", ")),
        });
        told
    }

    /// What the capacity check says.
    fn capacity(&self) -> Vec<String> {
        let Some(check) = self.capacity else {
            return vec!["Not checked: `sim capacity` on the same file does.".to_string()];
        };
        let word = match check.verdict() {
            CapacityStatus::Met => "There is enough capacity",
            CapacityStatus::Missed => "There is not enough capacity",
            CapacityStatus::Open => "Too close to tell",
        };
        let how = if check.simulated { "simulated" } else { "by formula" };
        let mut told = vec![format!("{word} ({how}): {}.", objectives(check))];
        told.extend(reasons(check));
        told
    }

    /// What an exercise of this scenario forecasts for its criteria.
    fn forecasts<'e>(
        &self,
        exercise: &'e RehearsedExercise,
    ) -> impl Iterator<Item = &'e (String, String)> + use<'e, '_> {
        let own = draft_and_title(&self.board.scenario).1 == exercise.title;
        let rows = &self.board.rows;
        let asked = move |name: &str| rows.iter().any(|row| row.name == name);
        exercise.forecasts.iter().filter(move |(name, _)| own && asked(name))
    }

    /// The most severe gaps of the plan, late ones first.
    fn severe_gaps(&self) -> Vec<SevereGap> {
        gaps(self.findings, &self.board.now.strftime("%Y-%m-%d").to_string())
    }
}

/// `Mon 2018-11-05 15:00`.
fn at(moment: &Zoned) -> String {
    moment.strftime("%a %Y-%m-%d %H:%M").to_string()
}

/// `1 day 19 h`, `35 min`; `None`: it is not later.
fn between(now: &Zoned, later: &Zoned) -> Option<String> {
    let minutes = (later.timestamp().as_second() - now.timestamp().as_second()).div_euclid(60);
    let minutes = u64::try_from(minutes).ok().filter(|_| later > now)?;
    let (days, hours) = (minutes / 1_440, minutes / 60 % 24);
    Some(match (days, hours) {
        (0, 0) => format!("{minutes} min"),
        (0, hours) => format!("{hours} h {} min", minutes % 60),
        (1, hours) => format!("1 day {hours} h"),
        (days, hours) => format!("{} days {hours} h", grouped(days)),
    })
}

/// `GO IF the logs are complete BY Tue 2018-11-06 18:00`.
fn status_words(status: &RowStatus) -> String {
    match status {
        RowStatus::GoIf { condition, by } => format!("GO IF {condition} BY {}", at(by)),
        other => other.word().to_string(),
    }
}

/// Whose a row is, in words.
fn owner(row: &RowState) -> String {
    row.owner.clone().unwrap_or_else(|| "nobody".to_string())
}

/// Why there is nobody to ask.
const NOBODY: &str = "nobody assigned";
