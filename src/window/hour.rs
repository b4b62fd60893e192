//! How the step went at each hour, and what all hours say together.

use crate::campaign::{Odds, Results, UsualHeadline};
use crate::journal::RunOutcome;
use crate::measure::estimate::{Estimate, Estimator, PairedDifference, mean};
use crate::units::Ratio;
use jiff::Zoned;

/// One hour.
#[derive(Debug, Clone, PartialEq)]
pub struct LaunchHour {
    pub at: Zoned,
    pub on_duty: usize,
    pub frozen: bool,
    /// `None`: not played: nobody is on duty, a freeze forbids it, or it was stopped before.
    pub played: Option<PlayedHour>,
}

/// What the runs of an hour say.
#[derive(Debug, Clone, PartialEq)]
pub struct PlayedHour {
    pub runs: u64,
    /// Runs in which users were well at the end, and any harm had been noticed.
    pub well: u64,
    /// Users affected in one run.
    pub users: Option<Estimate>,
    /// Why most of the others were lost, and how many of them.
    pub why: Option<(String, u64)>,
    /// Each run by its number, so that hours can be compared run by run.
    each: Vec<(u64, bool)>,
}

impl PlayedHour {
    /// Of the runs of an hour.
    pub fn from_results(results: &Results) -> PlayedHour {
        let odds = Odds::from_results(results);
        let place = results.identity.place(UsualHeadline::UsersAffected);
        let users: Vec<f64> = place.map_or(Vec::new(), |place| {
            results.rows.iter().filter_map(|row| row.values[place]).collect()
        });
        let each: Vec<(u64, bool)> = (results.rows.iter())
            .map(|row| (row.trial, !row.conclusion.outcome.is_lost()))
            .collect();
        let lost = odds.lost();
        PlayedHour {
            runs: odds.runs,
            well: odds.with(RunOutcome::Restored) + odds.with(RunOutcome::Quiet),
            users: mean(&users),
            why: lost.first().map(|ends| (ends.conclusion.why.lacks(), ends.runs)),
            each,
        }
    }

    /// The share of runs that went well.
    pub fn share(&self) -> f64 {
        self.well as f64 / (self.runs as f64).max(1.0)
    }

    /// How much more often runs go well than in another hour, run by run on the same luck.
    fn better_than(&self, other: &PlayedHour) -> Option<Estimate> {
        let number = |well: bool| if well { 1.0 } else { 0.0 };
        let pairs = self.each.iter().filter_map(|(trial, well)| {
            let best_run = other.each.iter().find(|(number, _)| number == trial)?;
            Some((number(best_run.1), number(*well)))
        });
        PairedDifference::from_pairs(pairs).estimate()
    }
}

/// How an hour compares with the best one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HourRating {
    /// As good as the best, as far as can be told, and good enough.
    Good,
    /// As good as the best, as far as can be told; not even the best is good enough.
    AsGoodAsAny,
    /// Too few runs go well, and it is not clearly worse than the best.
    Unsure,
    /// Clearly worse than the best.
    Worse,
    /// Nobody on duty, or frozen.
    Closed,
    /// It was stopped before.
    Unknown,
}

/// All hours.
#[derive(Debug, Clone, PartialEq)]
pub struct LaunchWindow {
    pub scenario: String,
    pub step: String,
    /// The distance from the first fault is assumed.
    pub assumed: bool,
    pub hours: Vec<LaunchHour>,
    pub close: Zoned,
    /// The share of runs that must go well.
    pub wanted: Ratio,
}

impl LaunchWindow {
    /// The hour at which most runs go well, the earliest of several; of those that were played to
    /// the end.
    pub fn best(&self) -> Option<(&LaunchHour, &PlayedHour)> {
        let played = self.hours.iter().filter_map(|hour| Some((hour, hour.played.as_ref()?)));
        let most = played.clone().map(|(_, played)| played.runs).max();
        let whole = played.filter(|(_, played)| Some(played.runs) == most);
        whole.rev().max_by(|one, other| one.1.share().total_cmp(&other.1.share()))
    }

    /// How an hour compares.
    pub fn standing(&self, hour: &LaunchHour) -> HourRating {
        let Some(played) = &hour.played else {
            let closed = hour.frozen || hour.on_duty == 0;
            return if closed { HourRating::Closed } else { HourRating::Unknown };
        };
        let Some((_, best)) = self.best() else { return HourRating::Unknown };
        if played.runs < best.runs {
            return HourRating::Unknown;
        }
        let worse = played.better_than(best).and_then(|by| by.high).is_some_and(|high| high < 0.0);
        // Where all runs differ alike, there is no interval.
        let worse = worse || (played.well == 0 && best.well == best.runs && best.runs > 0);
        match (worse, played.share() >= self.wanted.0, best.share() >= self.wanted.0) {
            (true, _, _) => HourRating::Worse,
            (false, true, _) => HourRating::Good,
            (false, false, true) => HourRating::Unsure,
            (false, false, false) => HourRating::AsGoodAsAny,
        }
    }

    /// The first and the last of the hours in a row that stand as well as the best does; those at
    /// which the step cannot be made do not end the row.
    pub fn open(&self) -> Option<(&LaunchHour, &LaunchHour)> {
        let is = |hour: &&LaunchHour, closed: bool| match self.standing(hour) {
            HourRating::Good | HourRating::AsGoodAsAny => true,
            HourRating::Closed => closed,
            _ => false,
        };
        let (best, _) = self.best()?;
        let place = self.hours.iter().position(|hour| hour.at == best.at)?;
        let (before, after) = (self.hours[..=place].iter().rev(), self.hours[place..].iter());
        let last = after.take_while(|hour| is(hour, true)).filter(|hour| is(hour, false)).last();
        let first = before.take_while(|hour| is(hour, true)).filter(|hour| is(hour, false)).last();
        Some((first?, last?))
    }

    /// Hours within the open ones at which the step cannot be made.
    pub fn closed(&self) -> impl Iterator<Item = &LaunchHour> {
        let open = self.open();
        let within = move |hour: &&LaunchHour| {
            open.is_some_and(|(first, last)| first.at < hour.at && hour.at < last.at)
        };
        self.hours.iter().filter(within).filter(|hour| self.standing(hour) == HourRating::Closed)
    }

    /// The first hour after the open ones that was played and is worse.
    pub fn edge(&self) -> Option<(&LaunchHour, &PlayedHour)> {
        let (_, last) = self.open()?;
        let later = self.hours.iter().filter(|hour| hour.at > last.at);
        let mut worse = later.filter(|hour| self.standing(hour) == HourRating::Worse);
        worse.find_map(|hour| Some((hour, hour.played.as_ref()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn played(well: u64, runs: u64) -> Option<PlayedHour> {
        let each = (0..runs).map(|run| (run, run < well)).collect();
        Some(PlayedHour { runs, well, users: None, why: None, each })
    }

    fn window(hours: [Option<PlayedHour>; 3]) -> LaunchWindow {
        let at = |hour: i8| -> Zoned {
            let time = jiff::civil::date(2021, 3, 5).at(hour, 0, 0, 0);
            time.in_tz("UTC").expect("a zone")
        };
        let hours = hours.into_iter().zip(9..);
        let hour = |(played, hour)| LaunchHour { at: at(hour), on_duty: 1, frozen: false, played };
        LaunchWindow {
            scenario: String::new(),
            step: String::new(),
            assumed: false,
            hours: hours.map(hour).collect(),
            close: at(20),
            wanted: Ratio(0.9),
        }
    }

    #[test]
    fn an_hour_that_was_broken_off_is_neither_the_best_nor_judged() {
        let window = window([played(19, 20), played(7, 7), None]);
        assert_eq!(window.best().map(|(hour, _)| hour.at.hour()), Some(9));
        let standings = window.hours.iter().map(|hour| window.standing(hour));
        let standings: Vec<HourRating> = standings.collect();
        assert_eq!(standings, [HourRating::Good, HourRating::Unknown, HourRating::Unknown]);
        let (first, last) = window.open().expect("one is good");
        assert_eq!((first.at.hour(), last.at.hour()), (9, 9));
    }
}
