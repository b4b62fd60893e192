//! What many runs say of a plan, in the words that the first screen of every page and terminal
//! takes: the answer, why runs were lost, and a typical run beside a bad one.

use super::affected;
use super::book::{Book, significant};
use super::extras::{Extras, ToldRun};
use super::hinges::{hinges_words, remedies_words};
use super::outbrief::words::capital;
use super::untrusted::for_terminal;
use super::walk::Walk;
use crate::campaign::{Ending, Ends, ExpectationOdds, Odds, Readiness, Results};
use crate::journal::{Basis, Expectation, Header, Mode, RunOutcome};
use crate::measure::estimate::Estimate;
use crate::units::{Time, grouped};

/// Where it took longer than somebody wanted to wait.
const NO_TIME: &str = "not computed in time; sim hinges plays it whole";
/// The longest that a name becomes in a sentence, in columns.
const NAME: usize = 40;
/// As many reasons for which runs were lost are named.
const REASONS: usize = 4;
/// What makes its values what they are: paths of inputs that are about people.
const PEOPLE: [&str; 4] = ["people", "channels", "escalations", "plays"];

/// The first screen of many runs.
pub(crate) struct FirstScreen<'a> {
    book: &'a Book<'a>,
    beside: Extras<'a>,
    results: &'a Results,
    /// What they say.
    pub odds: Odds,
}

impl<'a> FirstScreen<'a> {
    /// `None` where there are not many runs, or the one that is told is not of them: what people
    /// were seen to do stands for itself.
    pub fn of(book: &'a Book<'a>, beside: Extras<'a>) -> Option<FirstScreen<'a>> {
        let results = beside.campaign.filter(|results| results.rows.len() > 1)?;
        if book.header.mode != Mode::Simulated {
            return None;
        }
        Some(FirstScreen { book, beside, results, odds: Odds::of(results) })
    }

    /// `EXERCISE · simulated · 200 runs · 9 of 14 numbers about people are assumed`.
    pub fn eyebrow(&self) -> String {
        let runs = grouped(self.odds.runs);
        let mut parts = vec!["EXERCISE".to_string(), "simulated".to_string()];
        parts.extend(self.book.header.draft().map(str::to_string));
        parts.push(match self.results.ending {
            Ending::Interrupted { wanted } => {
                format!("interrupted after {runs} of {} runs", grouped(wanted))
            }
            _ => format!("{runs} runs"),
        });
        parts.extend(about_people(self.book.header));
        parts.join(" · ")
    }

    /// What the answer is about: `IF Half the reverse proxies fail`.
    pub fn condition(&self) -> String {
        let header = self.book.header;
        let title = header.title();
        if header.faults.is_empty() { title.to_string() } else { format!("IF: {title}") }
    }

    /// The answer in capitals.
    pub fn answer(&self) -> &'static str {
        match (self.odds.readiness(), self.limit()) {
            (Readiness::NotReady, _) => "NOT READY",
            (_, None) => "NO LIMIT SET",
            (Readiness::CannotSay, _) => "CAN'T SAY",
            (Readiness::Ready, _) => "READY",
        }
    }

    /// Whether the answer is good, unsure or bad news. A site that is down at the end is bad news,
    /// whatever was expected; without a limit nothing is good news.
    pub fn colour(&self) -> Readiness {
        match (self.odds.readiness(), self.limit()) {
            (Readiness::NotReady, _) => Readiness::NotReady,
            (_, None) if self.odds.with(RunOutcome::StillDown) > 0 => Readiness::NotReady,
            (_, None) => Readiness::CannotSay,
            (other, Some(_)) => other,
        }
    }

    /// The limit that the answer is about: on recovery, on containment, or no alert at all.
    fn limit(&self) -> Option<&ExpectationOdds> {
        let of = |wanted: fn(&Expectation) -> bool| {
            self.odds.expectations.iter().find(move |one| wanted(&one.expectation))
        };
        of(|one| matches!(one, Expectation::Recovered { .. }))
            .or_else(|| of(|one| matches!(one, Expectation::Contained { .. })))
            .or_else(|| of(|one| matches!(one, Expectation::NoAlerts)))
    }

    /// How the answer is meant, and in how many runs what is wanted came true.
    pub fn sentence(&self) -> String {
        let about = match self.book.header.faults.is_empty() {
            true => "for such a day",
            false => "for this failure",
        };
        let decisive = self.odds.decisive();
        let reason = match (self.odds.readiness(), decisive) {
            (Readiness::CannotSay, Some(one)) => format!(" ({})", self.too_close(one)),
            _ => String::new(),
        };
        let first = match self.beyond() {
            Some(one) => format!("{} {}. ", named(one), self.came(one)),
            None => String::new(),
        };
        let Some(limit) = self.limit() else {
            return format!("{about}{reason}. {first}{}.", self.without_limit());
        };
        let otherwise = self.otherwise(limit);
        let otherwise = if otherwise.is_empty() { otherwise } else { format!("; {otherwise}") };
        let (promise, came) = (promise(&limit.expectation), self.came(limit));
        format!("{about}{reason}. {first}{promise} {came}{otherwise}.")
    }

    /// The expectation that decides the answer, if it is further from being met than the limit, or
    /// if it is not met and there is no limit. It comes first.
    fn beyond(&self) -> Option<&ExpectationOdds> {
        let limit = self.limit().map_or(Readiness::Ready, |limit| limit.readiness);
        self.odds.decisive().filter(|one| one.readiness > limit)
    }

    /// `in 182 of 200 runs (91 %, margin of error 86 to 94 %; wanted: 95 %)`.
    fn came(&self, one: &ExpectationOdds) -> String {
        let Some(share) = one.share else { return "could never be judged".to_string() };
        let wanted = significant(self.odds.wanted.0 * 100.0, 6);
        format!(
            "in {} of {} runs ({:.0}\u{a0}%, margin of error {}; wanted: {wanted}\u{a0}%)",
            grouped(one.met),
            grouped(one.judged),
            share.value * 100.0,
            interval(share)
        )
    }

    /// How many runs ended how, where there is no limit to keep.
    fn without_limit(&self) -> String {
        let runs = grouped(self.odds.runs);
        let outcomes = [
            (RunOutcome::StillDown, format!("still down {}", self.at_the_end())),
            (RunOutcome::NotDetected, "never noticed".to_string()),
            (RunOutcome::PageUp, "behind the maintenance page to the end".to_string()),
            (RunOutcome::Restored, "users well again before the end".to_string()),
            (RunOutcome::Quiet, "nothing went wrong".to_string()),
        ];
        let said = outcomes.into_iter().filter_map(|(outcome, words)| {
            let count = self.odds.with(outcome);
            (count > 0).then_some((count, words))
        });
        let said = said.enumerate().map(|(position, (count, words))| match position {
            0 => format!("{} in {} of {runs} runs", capital(&words), grouped(count)),
            _ => format!("{words} in {}", grouped(count)),
        });
        said.collect::<Vec<_>>().join("; ")
    }

    /// What came of the runs that miss a limit.
    fn otherwise(&self, limit: &ExpectationOdds) -> String {
        if matches!(limit.expectation, Expectation::NoAlerts) {
            return String::new();
        }
        let words = |outcome| match outcome {
            RunOutcome::StillDown => format!("still down {}", self.at_the_end()),
            RunOutcome::NotDetected => "never noticed".to_string(),
            RunOutcome::PageUp => "behind the maintenance page to the end".to_string(),
            RunOutcome::Restored => match limit.expectation {
                Expectation::Contained { .. } => "users well again without it".to_string(),
                _ => "later".to_string(),
            },
            RunOutcome::Quiet => "without an incident".to_string(),
        };
        let missed = limit
            .missed
            .iter()
            .rev()
            .map(|(outcome, count)| format!("in {} {}", grouped(*count), words(*outcome)));
        missed.collect::<Vec<_>>().join("; ")
    }

    /// `when the run ends at 20:00`.
    fn at_the_end(&self) -> String {
        let end = self.book.clock(Time::ZERO + self.book.header.lasts);
        format!("when the run ends at {}", end.strip_suffix(":00").unwrap_or(&end))
    }

    fn too_close(&self, one: &ExpectationOdds) -> String {
        // With fewer runs than this even a plan that never misses cannot show it (Wilson).
        const SQUARE: f64 = 1.96 * 1.96;
        let wanted = self.odds.wanted.0;
        let least = (SQUARE * wanted / (1.0 - wanted)).ceil() as u64;
        match one.judged {
            0 => "nothing happened that could be judged".to_string(),
            judged if judged < least => format!("too few runs: {} are the least", grouped(least)),
            _ => format!("too close to {}\u{a0}%", significant(wanted * 100.0, 6)),
        }
    }

    /// Every expectation that is not in the sentence, with the runs in which it is met.
    pub fn others(&self) -> Option<String> {
        let limit = self.limit();
        let first = self.beyond();
        let said = |one: &&ExpectationOdds| Some(*one) == limit || Some(*one) == first;
        let mut others: Vec<&ExpectationOdds> =
            self.odds.expectations.iter().filter(|one| !said(one)).collect();
        others.sort_by_key(|one| std::cmp::Reverse(one.readiness));
        let told = |one: &&ExpectationOdds| {
            let what = for_terminal(&one.expectation.to_string(), NAME);
            match one.share {
                None => format!("{what} could never be judged"),
                Some(share) => {
                    let (met, judged) = (grouped(one.met), grouped(one.judged));
                    let sure = one.readiness == Readiness::Ready;
                    let sure = if sure { String::new() } else { format!(" ({})", interval(share)) };
                    format!("{what} in {met} of {judged}{sure}")
                }
            }
        };
        let others: Vec<String> = others.iter().map(told).collect();
        (!others.is_empty()).then(|| others.join(" · "))
    }

    /// How runs were lost. Where there is a limit, it is those that ended in a way in which
    /// something expected was missed: a page that was expected to be up is no loss.
    pub fn lost(&self) -> Vec<&Ends> {
        let mut lost = self.odds.lost();
        if self.limit().is_some() {
            let missed = |ends: &&Ends| {
                let ways = self.odds.expectations.iter().flat_map(|one| &one.missed);
                ways.into_iter().any(|(outcome, _)| *outcome == ends.upshot.outcome)
            };
            lost.retain(missed);
        }
        lost
    }

    /// Why runs were lost, the commonest reason first.
    pub fn why(&self) -> Option<String> {
        let lost = self.lost();
        let told = |ends: &&&Ends| {
            let why = for_terminal(&ends.upshot.why.lacks(), 2 * NAME);
            format!("{why} ({})", grouped(ends.runs))
        };
        let mut reasons: Vec<String> = lost.iter().take(REASONS).map(|ends| told(&ends)).collect();
        let more: u64 = lost.iter().skip(REASONS).map(|ends| ends.runs).sum();
        if more > 0 {
            reasons.push(format!("other reasons ({})", grouped(more)));
        }
        (!reasons.is_empty()).then(|| reasons.join(" · "))
    }

    /// What would have saved most, the best first.
    pub fn to_do(&self) -> Vec<String> {
        match self.beside.sensitivity.map(|found| &found.remedies) {
            None => Vec::new(),
            Some(None) => vec![NO_TIME.to_string()],
            Some(Some(remedies)) => remedies_words(remedies),
        }
    }

    /// What the answer hinges on. The first line says how many runs keep everything that is
    /// expected, where that are not those of the answer.
    pub fn hinges(&self) -> Vec<String> {
        match self.beside.sensitivity.map(|found| &found.hinges) {
            None => Vec::new(),
            Some(None) => vec![NO_TIME.to_string()],
            Some(Some(hinges)) => {
                let limit = self.limit().map(|limit| (limit.met, limit.judged));
                let (kept, of) = (hinges.kept, hinges.of);
                let what = match limit {
                    Some(_) => "all that is expected comes true",
                    None => "all that is expected comes true and the incident is over",
                };
                let all = format!("{what} in {} of {} runs now", grouped(kept), grouped(of));
                let other = limit != Some((kept, of)) && !hinges.best.is_empty();
                other.then_some(all).into_iter().chain(hinges_words(hinges)).collect()
            }
        }
    }

    /// The typical run and the bad one, as far as there are such.
    pub fn walks(&self) -> Vec<(&'static str, Walk)> {
        // Where most are lost, the run that is typical of the others comes second.
        let mut named = [("typical", self.odds.typical), ("bad", self.odds.bad)];
        if 2 * self.odds.with(RunOutcome::StillDown) > self.odds.runs {
            named.swap(0, 1);
        }
        let told = named.into_iter().filter_map(|(word, trial)| Some((word, self.walk(trial?)?)));
        told.collect()
    }

    fn walk(&self, trial: u64) -> Option<Walk> {
        let limit = self.limit().and_then(|limit| match limit.expectation {
            Expectation::Recovered { within, .. } | Expectation::Contained { within, .. } => {
                Some(within)
            }
            _ => None,
        });
        if trial == self.book.header.trial {
            return Walk::of(self.book, trial, limit);
        }
        let run = self.beside.shown.iter().flatten().find(|run| run.trial == trial)?;
        let ToldRun { header, story, .. } = run;
        Walk::of(&Book::new(header, story).ok()?, trial, limit)
    }

    /// Who was affected, in the typical run.
    pub fn users(&self) -> Option<String> {
        let told = self.odds.typical.or(self.odds.bad).unwrap_or(self.book.header.trial);
        let whose = match self.odds.typical {
            Some(_) => "in the typical run, ".to_string(),
            None => format!("in run {told}, "),
        };
        let shown = self.beside.shown.iter().flatten().find(|run| run.trial == told);
        let sentence = match shown {
            Some(run) => affected::sentence(&Book::new(run.header, run.story).ok()?),
            None => affected::sentence(self.book),
        };
        sentence.map(|sentence| whose + &sentence.replacen(" were affected", "", 1))
    }

    /// Where the run that is told stands among all: `run 0, number 92 of 182 by time to recovery`.
    pub fn told(&self) -> String {
        let trial = self.book.header.trial;
        let number = format!("run {trial}");
        let rank = self.results.identity.place("recovered").and_then(|place| {
            let own = self.results.rows.iter().find(|row| row.trial == trial)?.values[place]?;
            let all = self.results.rows.iter().filter_map(|row| row.values[place]);
            let faster = all.clone().filter(|after| *after < own).count() as u64;
            Some((faster + 1, all.count() as u64))
        });
        match rank {
            Some((rank, of)) => {
                format!("{number}, number {} of {} by time to recovery", grouped(rank), grouped(of))
            }
            None => number,
        }
    }

    /// One line for where the files are: `NOT READY  Back within 1h in 182 of 200 runs`.
    pub fn again(&self) -> String {
        let counted = |what: String, one: &ExpectationOdds| {
            format!("{what} in {} of {} runs", grouped(one.met), grouped(one.judged))
        };
        let said = match (self.beyond(), self.limit()) {
            (Some(one), _) => counted(named(one), one),
            (None, Some(limit)) => counted(promise(&limit.expectation), limit),
            (None, None) => self.without_limit(),
        };
        format!("{}. {said}", self.answer())
    }
}

/// An expectation as it stands in a scenario, at the beginning of a sentence.
fn named(one: &ExpectationOdds) -> String {
    capital(&for_terminal(&one.expectation.to_string(), NAME))
}

/// What a limit promises, in the words of a sentence's beginning.
fn promise(expectation: &Expectation) -> String {
    let of = |of: &Option<String>| {
        of.as_ref().map_or(String::new(), |of| format!(", {},", for_terminal(of, NAME)))
    };
    match expectation {
        Expectation::Recovered { within, of: cause, all_clear: false } => {
            format!("Back within {within}{}", of(cause))
        }
        Expectation::Recovered { within, of: cause, all_clear: true } => {
            format!("All clear within {within}{}", of(cause))
        }
        Expectation::Contained { within, of: cause } => {
            format!("Maintenance page up within {within}{}", of(cause))
        }
        Expectation::NoAlerts => "No rule fired".to_string(),
        other => for_terminal(&other.to_string(), NAME),
    }
}

/// `86 to 94 %`.
fn interval(share: Estimate) -> String {
    let percent = |end: Option<f64>, unknown: f64| (end.unwrap_or(unknown) * 100.0).round();
    format!("{} to {}\u{a0}%", percent(share.low, 0.0), percent(share.high, 1.0))
}

/// `9 of 14 numbers about people are assumed`; nothing without such numbers.
fn about_people(header: &Header) -> Option<String> {
    let about = |path: &str| PEOPLE.iter().any(|key| path.split('.').next() == Some(key));
    let known = header.inputs.iter().filter(|row| row.basis.is_some() && about(&row.path));
    let all = known.clone().count() as u64;
    let assumed = known.filter(|row| row.basis == Some(Basis::Assumed)).count() as u64;
    (all > 0).then(|| {
        format!("{} of {} numbers about people are assumed", grouped(assumed), grouped(all))
    })
}
