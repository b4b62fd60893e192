//! What many runs say of a plan, in the words that the first screen of every page and terminal
//! takes: the answer, why runs were lost, and a typical run beside a bad one.

use super::affected;
use super::answer::{About, CampaignAnswer, NAME};
use super::context::ReportContext;
use super::extras::{Extras, RunBeside};
use super::hinges::{hinges_words, remedies_words};
use super::untrusted::for_terminal;
use super::walk::RunWalk;
use crate::campaign::{CampaignEnding, Odds, Results, UsualHeadline};
use crate::journal::{Basis, Expectation, FaultSentence, Header, RunMode, RunOutcome};
use crate::units::{Time, grouped};

/// What is said where it took longer than somebody wanted to wait.
const NO_TIME: &str = "not worked out yet: run `sim hinges` on the same file";
/// What to do first where a plan has no limit.
const SET_LIMIT: &str = "say how soon it must be over, such as expect: {recovered: < 1h}";
/// The most faults that are named.
const CAUSES: usize = 3;
/// Keys of inputs about people that say who and how, and are not numbers.
const WHO: [&str; 2] = ["try", "by"];

/// The first screen of many runs.
pub(crate) struct FirstScreen<'a> {
    context: &'a ReportContext<'a>,
    beside: Extras<'a>,
    results: &'a Results,
    /// What they say.
    pub answer: CampaignAnswer,
}

/// What to do where rules have no values yet: whatever else is done, they see nothing.
fn fill_in(open: &[&str]) -> String {
    let named: Vec<String> =
        open.iter().take(CAUSES).map(|name| for_terminal(name, NAME)).collect();
    let more = match open.len().saturating_sub(CAUSES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (word, it) =
        if open.len() == 1 { ("rule", "it never fires") } else { ("rules", "they never fire") };
    format!("fill in the {word} {}{more}: until then {it} (`sim fill` asks)", named.join(", "))
}

impl<'a> FirstScreen<'a> {
    /// `None` where there are not many runs, or the reported one is not among them: what people
    /// were seen to do speaks for itself.
    pub fn from_context(
        context: &'a ReportContext<'a>,
        beside: Extras<'a>,
    ) -> Option<FirstScreen<'a>> {
        let results = beside.campaign.filter(|results| results.rows.len() > 1)?;
        if context.header.mode != RunMode::Simulated {
            return None;
        }
        let about = match context.header.faults.is_empty() {
            true => About::Day,
            false => About::Failure,
        };
        let end = context.short_clock(Time::ZERO + context.header.lasts);
        let end = format!("when the run ends at {end}");
        let rules = &context.header.rules;
        let unfilled = !rules.is_empty() && context.header.open_rules().len() == rules.len();
        let answer = CampaignAnswer { odds: Odds::from_results(results), about, end, unfilled };
        Some(FirstScreen { context, beside, results, answer })
    }

    /// `EXERCISE · simulated · 200 runs · 9 of 14 numbers about people are assumed`.
    pub fn eyebrow(&self) -> String {
        let runs = grouped(self.answer.odds.runs);
        let mut parts = vec!["EXERCISE".to_string(), "simulated".to_string()];
        parts.extend(self.context.header.draft().map(str::to_string));
        parts.push(match self.results.ending {
            CampaignEnding::Interrupted { wanted } => {
                format!("interrupted after {runs} of {} runs", grouped(wanted))
            }
            _ => format!("{runs} runs"),
        });
        parts.extend(about_people(self.context.header));
        parts.join(" · ")
    }

    /// What the answer is about: `IF Half the reverse proxies fail`.
    pub fn condition(&self) -> String {
        let header = self.context.header;
        let title = header.title();
        if header.faults.is_empty() { title.to_string() } else { format!("IF: {title}") }
    }

    /// What breaks, at most [`CAUSES`] faults: `50% of reverse-proxy refuses from 18:05`. A title
    /// need not say it.
    pub fn breaks(&self) -> Option<String> {
        let faults = &self.context.header.faults;
        let told = |(name, sentence): &(String, FaultSentence)| match &sentence.begins {
            Some(begins) => format!("{} {}", sentence.does, begins.short()),
            None => name.clone(),
        };
        let mut all: Vec<String> = faults.iter().take(CAUSES).map(told).collect();
        if faults.len() > CAUSES {
            all.push(format!("{} more", faults.len() - CAUSES));
        }
        (!all.is_empty()).then(|| all.join(" · "))
    }

    /// What would have saved most, the best first.
    pub fn to_do(&self) -> Vec<String> {
        let mut told = match self.beside.sensitivity.map(|found| &found.remedies) {
            None => return Vec::new(),
            Some(None) => vec![NO_TIME.to_string()],
            Some(Some(remedies)) => remedies_words(remedies),
        };
        if self.answer.limit().is_none() && !self.context.header.faults.is_empty() {
            // Without one there is no verdict, whatever else is done.
            told.insert(0, SET_LIMIT.to_string());
        }
        let open = self.context.header.open_rules();
        if !open.is_empty() && !self.context.header.faults.is_empty() {
            told.insert(0, fill_in(&open));
        }
        told
    }

    /// What the answer hinges on. Each says how many runs keep everything that is expected now,
    /// where that are not those of the answer.
    pub fn hinges(&self) -> Vec<String> {
        match self.beside.sensitivity.map(|found| &found.hinges) {
            None => Vec::new(),
            Some(None) => vec![NO_TIME.to_string()],
            Some(Some(hinges)) => {
                let limit = self.answer.limit().map(|limit| (limit.met, limit.judged));
                let (kept, of) = (hinges.kept, hinges.total);
                let other = limit != Some((kept, of));
                hinges_words(hinges, other.then_some(kept))
            }
        }
    }

    /// The typical run and the bad one, as far as there are such.
    pub fn walks(&self) -> Vec<(&'static str, RunWalk)> {
        let named = self.looked_at().into_iter();
        named.filter_map(|(word, trial)| Some((word, self.walk(trial?)?))).collect()
    }

    /// The numbers of the runs that are looked at, the typical one first.
    fn looked_at(&self) -> [(&'static str, Option<u64>); 2] {
        let odds = &self.answer.odds;
        // Where most are lost, that is what is typical.
        match 2 * odds.with(RunOutcome::StillDown) > odds.runs {
            true => [("typical", odds.bad), ("better", odds.typical)],
            false => [("typical", odds.typical), ("bad", odds.bad)],
        }
    }

    /// The same with all that is known of each, where both were played again to be looked at.
    pub fn pair(&self) -> Option<[(&'static str, RunWalk, &'a RunBeside); 2]> {
        let played = |trial| self.beside.shown.iter().find(|run| run.trial == trial);
        let known = self.walks().into_iter().filter_map(|(word, walk)| {
            let run = played(walk.trial)?;
            Some((word, walk, run))
        });
        known.collect::<Vec<_>>().try_into().ok()
    }

    fn walk(&self, trial: u64) -> Option<RunWalk> {
        let limit = self.answer.limit().and_then(|limit| match limit.expectation {
            Expectation::Recovered { within, .. } | Expectation::Contained { within, .. } => {
                Some(within)
            }
            _ => None,
        });
        if trial == self.context.header.trial {
            return RunWalk::from_context(self.context, trial, limit);
        }
        let run = self.beside.shown.iter().find(|run| run.trial == trial)?;
        RunWalk::from_context(&ReportContext::new(&run.header, &run.story), trial, limit)
    }

    /// Who was affected, in the typical run.
    pub fn users(&self) -> Option<String> {
        let [(_, typical), (_, other)] = self.looked_at();
        let told = typical.or(other).unwrap_or(self.context.header.trial);
        let whose = match typical {
            Some(_) => "in the typical run, ".to_string(),
            None => format!("in run {told}, "),
        };
        let shown = self.beside.shown.iter().find(|run| run.trial == told);
        let sentence = match shown {
            Some(run) => affected::sentence(&ReportContext::new(&run.header, &run.story)),
            None => affected::sentence(self.context),
        };
        sentence.map(|sentence| whose + &sentence.replacen(" were affected", "", 1))
    }

    /// Where the run that is described lies among all: `run 0 (2018-11-07), number 92 of 182 by
    /// time to recovery`.
    pub fn rank_of_run(&self) -> String {
        let trial = self.context.header.trial;
        let day = self.context.header.calendar.day(Time::ZERO);
        let number = format!("run {trial} ({day})");
        let rank = self.results.identity.place(UsualHeadline::Recovered).and_then(|place| {
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
}

/// `9 of 14 numbers about people are assumed`; nothing without such numbers.
fn about_people(header: &Header) -> Option<String> {
    let known = header.inputs.iter().filter(|row| {
        let number = !WHO.contains(&row.key());
        row.basis.is_some() && number && row.is_about_people()
    });
    let all = known.clone().count() as u64;
    let assumed = known.filter(|row| row.basis == Some(Basis::Assumed)).count() as u64;
    (all > 0).then(|| {
        format!("{} of {} numbers about people are assumed", grouped(assumed), grouped(all))
    })
}
