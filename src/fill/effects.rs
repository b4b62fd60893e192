//! Why a question matters: the same days, with the same random draws, with it answered and without.

use crate::campaign::{Players, WhatIf, WhatIfSession};
use crate::scenario::RunEstimate;
use std::collections::BTreeMap;

use super::asked::AnswerKind;
use super::questions::FillQuestion;
use super::silence;
use super::stand_in::Playable;

/// Simulated events that may be spent on one question: a few seconds of a release build.
const MOST_EVENTS: f64 = 24e6;
/// And on finding out which questions come first, in all.
const MOST_IN_ALL: f64 = 60e6;
/// As many pairs of runs say why, and which question comes first.
const PAIRS: (u64, u64) = (20, 3);
/// Fewer say nothing.
const LEAST: u64 = 6;
/// Moved by less, nobody notices.
const WORTH: f64 = 60.0;

/// The runs of a plan, and what has been seen of its questions by them.
pub struct PlayedEffects<'p> {
    playable: &'p Playable,
    floor: WhatIfSession<'p>,
    /// How many pairs are played for one question.
    pairs: u64,
}

/// What is tried for a question.
struct TriedAnswer {
    /// In words, on the side that is not as the plan is.
    words: String,
    sets: Vec<(String, String)>,
    /// The plan as it is played has the answer in it, and this takes it away.
    opens: bool,
    /// Somebody is to be named.
    is_person: bool,
}

impl<'p> PlayedEffects<'p> {
    /// Of a plan that can be played; `None` where a day of it takes too long for that.
    pub fn from_playable(playable: &'p Playable) -> Option<PlayedEffects<'p>> {
        let plan = &playable.plan;
        let events = RunEstimate::from_plan(plan).events.max(1.0);
        let pairs = ((MOST_EVENTS / events) as u64).min(PAIRS.0);
        let floor = WhatIfSession::new(plan, &playable.source, &playable.sets, plan.seed);
        let worth = pairs >= LEAST && !plan.faults.is_empty();
        worth.then_some(PlayedEffects { playable, floor, pairs })
    }

    /// Looks at all of these with a few runs each, as far as the time for that goes: how many more
    /// or fewer runs are lost with each, by what it is about.
    pub fn simulate_questions(
        &mut self,
        questions: &[FillQuestion],
        players: &Players,
    ) -> BTreeMap<String, u64> {
        let mut moves = BTreeMap::new();
        let events = RunEstimate::from_plan(&self.playable.plan).events.max(1.0);
        let mut left = (MOST_IN_ALL / events) as u64;
        // Of people there may be many, and few of them are asked for anything.
        let person = |question: &&FillQuestion| matches!(question.asked, AnswerKind::Person { .. });
        let (people, others): (Vec<&FillQuestion>, Vec<&FillQuestion>) =
            questions.iter().partition(person);
        for question in others.into_iter().chain(people) {
            let Some(way) = self.ways(question).into_iter().next() else { continue };
            if left < PAIRS.1 || (players.stop)() {
                break;
            }
            left -= PAIRS.1;
            if let Ok(Some(found)) = self.floor.ask(&way.sets, PAIRS.1, players) {
                let [now, then] = found.all_lost();
                moves.insert(question.about.clone(), now.abs_diff(then));
            }
        }
        moves
    }

    /// Why it matters, as simulated; nothing where no run can tell.
    pub fn why(&mut self, question: &FillQuestion, players: &Players) -> Vec<String> {
        let mut told: Vec<String> = Vec::new();
        for way in self.ways(question) {
            if let Ok(Some(found)) = self.floor.ask(&way.sets, self.pairs, players) {
                // What is the same as is said already is not said twice.
                let as_it_is = told.is_empty();
                told.extend(way.effect_text(&found, as_it_is));
            }
        }
        if let Some(first) = told.first_mut() {
            let runs = self.pairs;
            let besides = match self.playable.sets.is_empty() {
                true => "",
                false => ", with a guess for everything else that is open",
            };
            *first = format!("Simulated, {runs} runs on the same luck{besides}: {first}");
        }
        told
    }

    fn ways(&self, question: &FillQuestion) -> Vec<TriedAnswer> {
        match &question.asked {
            AnswerKind::Value { .. } | AnswerKind::Person { .. } => self.opened(question),
            AnswerKind::Deputy { role, .. } => {
                let person = format!("{{role: {}}}", crate::language::edit::scalar(role));
                let sets = vec![(format!("+people.deputy of {role}"), person)];
                vec![TriedAnswer {
                    words: "with a deputy".into(),
                    sets,
                    opens: false,
                    is_person: false,
                }]
            }
            AnswerKind::Silence(asking) => {
                let channels = asking.others.iter().rev().take(1).map(String::as_str);
                let tried = channels.chain(["next"]).filter_map(|words| {
                    let sets = silence::sets(asking, words).ok()?;
                    let words = match words {
                        "next" => "with `next` where nobody answers".to_string(),
                        channel => format!("with {channel} too"),
                    };
                    Some(TriedAnswer { words, sets, opens: false, is_person: false })
                });
                tried.collect()
            }
            _ => Vec::new(),
        }
    }

    /// The answer that is guessed, taken away again.
    fn opened(&self, question: &FillQuestion) -> Vec<TriedAnswer> {
        let Some(path) = &question.path else { return Vec::new() };
        let guess = self.playable.stand_ins.iter().find(|guess| guess.path == *path);
        let way = guess.map(|guess| TriedAnswer {
            words: match question.asked {
                AnswerKind::Person { .. } => "with somebody there".to_string(),
                _ => format!("with {}", guess.value),
            },
            sets: vec![(guess.path.clone(), guess.open.clone())],
            opens: true,
            is_person: matches!(question.asked, AnswerKind::Person { .. }),
        });
        way.into_iter().collect()
    }
}

impl TriedAnswer {
    /// What came of it, in a sentence that begins with how it is where nothing has said so yet;
    /// nothing where an open name changes nothing.
    fn effect_text(&self, found: &WhatIf, as_it_is: bool) -> Option<String> {
        let [now, then] = found.all_lost();
        let ill = "the site is still down at the end";
        let (words, of) = (&self.words, found.pairs);
        let later = found.median_shift.filter(|seconds| seconds.abs() >= WORTH);
        let luck = if now == then || found.is_clear() { "" } else { ", which may be luck" };
        Some(match (self.opens, now == then, later) {
            (true, false, _) => {
                format!("left open, {ill} in {then} of {of}; {words}, in {now}{luck}.")
            }
            (false, false, _) if !as_it_is => {
                format!("{}, in {then} of {of}{luck}.", capital(words))
            }
            (false, false, _) => {
                format!("as it is, {ill} in {now} of {of}; {words}, in {then}{luck}.")
            }
            (opens, true, Some(seconds)) => {
                let side = if opens { "left open" } else { words.as_str() };
                let side = if as_it_is { side.to_string() } else { capital(side) };
                let minutes = (seconds.abs() / 60.0).round();
                let word = if seconds > 0.0 { "later" } else { "sooner" };
                format!("{side}, service is restored {minutes} minutes {word} in the median run.")
            }
            (true, true, None) if self.is_person => return None,
            (true, true, None) => format!("left open or answered, all {of} end alike."),
            (false, true, None) => {
                let words = if as_it_is { words.clone() } else { capital(words) };
                format!("{words}, all {of} end as they do now.")
            }
        })
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
