//! The launch window as people read it: a strip of hours, a sentence, and what it hinges on.

mod page;
mod screen;
mod table;

pub use page::window_page;
pub use screen::window_summary;
pub(super) use table::COLUMNS;
pub use table::{WINDOWS_FILE, write_window};

use crate::journal::Header;
use crate::report::context::significant;
use crate::units::grouped;
use crate::window::{HourRating, LaunchHour, LaunchWindow, PlayedHour};
use jiff::Zoned;

/// The window, and how it was found.
pub struct WindowReport<'a> {
    pub window: &'a LaunchWindow,
    /// Of the plan as it is written.
    pub header: &'a Header,
    /// How many runs were asked for per hour.
    pub trials: u64,
    /// How long after the step users are watched, in words.
    pub watched: &'a str,
    /// How long after a step without a time the first fault begins, in words.
    pub distance: &'a str,
    /// The faults that were asked for; none: all of them.
    pub faults: &'a [String],
    /// The state of the step's pipeline, in a sentence.
    pub pipeline: Option<&'a str>,
    /// The command again.
    pub again: &'a str,
}

impl WindowReport<'_> {
    /// What it comes to.
    fn sentence(&self) -> String {
        let window = self.window;
        let Some(((first, last), (best, most))) = window.open().zip(window.best()) else {
            return "No half hour was run, so nothing can be said.".to_string();
        };
        let wanted = significant(window.wanted.0 * 100.0, 4);
        let closed: Vec<String> = window
            .closed()
            .map(|hour| format!("{} ({})", clock(&hour.at), word(window, hour)))
            .collect();
        let but = match closed.is_empty() {
            true => String::new(),
            false => format!(", but not at {}", closed.join(", ")),
        };
        let within = match first.at == last.at {
            true => format!("at {}", clock(&first.at)),
            false => format!("between {} and {}{but}", clock(&first.at), clock(&last.at)),
        };
        let (well, best_at, most) = (self.success_text(), clock(&best.at), share(most));
        match window.standing(best) {
            HourRating::Good => format!(
                "{} {within}: {well} in at least {wanted}% of the runs, and none of these \
                 half hours is clearly worse than the best ({best_at}, {most}). Last safe start: \
                 {}.",
                window.step,
                clock(&last.at)
            ),
            _ => format!(
                "No half hour reaches the required {wanted}%. Best is {best_at}, \
                 where {well} in {most}; {within} none is clearly worse, so the hour is not what \
                 matters.",
            ),
        }
    }

    /// What is wanted of a run: `users are well within 2h of the step and by 22:00`.
    fn success_text(&self) -> String {
        let close = clock(&self.window.close);
        format!("service is healthy within {} of the step and by {close}", self.watched)
    }

    /// What is different after the last good hour, and what that hinges on.
    fn edge(&self) -> Option<String> {
        let (hour, played) = self.window.edge()?;
        let why = match &played.why {
            Some((why, runs)) => format!(" It hinges on this: {why} ({} runs).", grouped(*runs)),
            None => String::new(),
        };
        let (at, well, share) = (clock(&hour.at), self.success_text(), share(played));
        Some(format!("From {at} on it is clearly worse: {well} in {share} only.{why}"))
    }

    /// Why the runs of the best hour were lost.
    fn hinge(&self) -> Option<String> {
        let (hour, played) = self.window.best()?;
        let (why, runs) = played.why.as_ref()?;
        let lost = played.runs - played.well;
        let (runs, lost) = (grouped(*runs), grouped(lost));
        Some(format!("At {}, {runs} of the {lost} lost runs: {why}.", clock(&hour.at)))
    }

    /// What was played, and what was taken for granted.
    fn how(&self) -> String {
        let assumed = match self.window.assumed {
            true => format!(
                "The plan does not say when the step is; a first fault {} after it \
                 is assumed. ",
                self.distance
            ),
            false => String::new(),
        };
        let faults = match self.faults {
            [] => String::new(),
            faults => format!("Run with these faults only: {}. ", faults.join(", ")),
        };
        let pipeline = self.pipeline.map(|words| format!("{words} ")).unwrap_or_default();
        format!(
            "{assumed}{faults}{pipeline}Every half hour is run with the same luck. What people, \
             freezes and visitors do by the clock stays there; everything else in the plan, its \
             faults too, keeps its distance from the step. What it hinges on is what most of the \
             lost runs have in common; `sim hinges` tries other values of what is assumed."
        )
    }

    /// Hours that were not played to their end.
    fn unfinished(&self) -> Option<String> {
        let open = |hour: &&LaunchHour| match &hour.played {
            Some(played) => played.runs < self.trials,
            None => self.window.standing(hour) == HourRating::Unknown,
        };
        let open: Vec<String> =
            self.window.hours.iter().filter(open).map(|hour| clock(&hour.at)).collect();
        (!open.is_empty())
            .then(|| format!("Interrupted: not run, or not finished: {}.", open.join(", ")))
    }
}

fn clock(at: &Zoned) -> String {
    at.strftime("%H:%M").to_string()
}

/// `82 of 100 runs`.
fn share(played: &PlayedHour) -> String {
    format!("{} of {} runs", grouped(played.well), grouped(played.runs))
}

/// How many users, on average.
fn users(played: &PlayedHour) -> String {
    played.users.map_or("–".to_string(), |users| grouped(users.value.round() as u64))
}

/// How an hour compares, in a word.
fn word(window: &LaunchWindow, hour: &LaunchHour) -> &'static str {
    match window.standing(hour) {
        HourRating::Good => "good",
        HourRating::AsGoodAsAny => "no worse",
        HourRating::Unsure => "unsure",
        HourRating::Worse => "worse",
        HourRating::Closed if hour.frozen => "frozen",
        HourRating::Closed => "nobody on duty",
        HourRating::Unknown if hour.played.is_some() => "unfinished",
        HourRating::Unknown => "not played",
    }
}
