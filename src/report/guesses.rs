//! What was guessed before the start, compared with the room and with many simulated runs; what
//! surprised most comes first.

use super::context::ReportContext;
use super::summary::{Ink, Page, Style, inked, plain, right};
use crate::campaign::UsualRuns;
use crate::decision::Phase;
use crate::journal::{Header, Story, Verdict, between};
use crate::rehearsal::{Guess, RecoveryGuess};
use crate::units::{Span, grouped};
use serde::{Deserialize, Serialize};

/// A guess is close if it is off by at most this share of what really happened. A choice: only the
/// number of close guesses depends on it.
const NEAR: f64 = 0.25;

/// What came of it, in the room or in the middle of many runs.
pub(super) struct ActualResult {
    /// `None`: users were not well again.
    pub(super) back: Option<f64>,
    pub(super) longest: Option<(Phase, Span)>,
    /// There was something to recover from.
    pub(super) incident: bool,
}

impl ActualResult {
    pub(super) fn from_context(context: &ReportContext) -> ActualResult {
        let Some(incident) = context.story.judged(&context.expected()) else {
            return ActualResult { back: None, longest: None, incident: false };
        };
        let (from, back) =
            (incident.first().start.started_at, context.story.recovery(context.header, &incident));
        // In the seconds in which every page says it.
        let back = back.map(|back| between(from, from + back).seconds());
        let longest = context.story.phase_timeline(&incident).longest();
        let longest = longest.filter(|(phase, _)| *phase != Phase::Clear);
        ActualResult { back, longest, incident: true }
    }
}

/// The middle of all runs, those in which users are not well again last.
pub(super) fn middle(usual: &UsualRuns) -> Option<f64> {
    let mut back: Vec<f64> =
        usual.recovery_times.iter().map(|back| back.unwrap_or(f64::INFINITY)).collect();
    back.sort_by(f64::total_cmp);
    back.get(back.len().checked_sub(1)? / 2).copied().filter(|middle| middle.is_finite())
}

/// The step that takes longest in most runs, and in how many.
pub(super) fn commonest(usual: &UsualRuns) -> Option<(Phase, u64)> {
    let runs = |phase: Phase| usual.longest.iter().filter(|own| **own == Some(phase)).count();
    let all = Phase::ALL.into_iter().rev().map(|phase| (phase, runs(phase) as u64));
    all.max_by_key(|(_, runs)| *runs).filter(|(_, runs)| *runs > 0)
}

/// A line of the guesses: of somebody who guessed, of the room, or of many runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuessRow {
    /// Whose it is.
    pub by: String,
    /// Until users are well again, in words.
    pub back: String,
    /// The step that takes longest.
    pub longest: String,
    /// What will be missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Something that surprised, in a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Surprise {
    /// The sentence.
    pub text: String,
}

/// Guesses, the room and the runs, one below the other, and what surprised, the most first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct GuessComparison {
    /// Those who guessed, then the room, then the runs; nothing if nobody guessed.
    pub rows: Vec<GuessRow>,
    /// What surprised most comes first.
    pub surprises: Vec<Surprise>,
}

impl GuessComparison {
    /// What was guessed beside what came of it.
    ///
    /// Panics if the header's start is not a time, which reading a journal excludes.
    pub fn new(
        header: &Header,
        story: &Story,
        guesses: &[(String, Guess)],
        usual: &UsualRuns,
    ) -> GuessComparison {
        if guesses.is_empty() {
            return GuessComparison::default();
        }
        let context = ReportContext::new(header, story);
        let came = ActualResult::from_context(&context);
        let surprises = surprises(&context, guesses, usual, &came).into_iter();
        let surprises = surprises.map(|(_, text)| Surprise { text }).collect();
        GuessComparison { rows: rows(guesses, usual, &came), surprises }
    }
}

/// What counts as close, and what is not judged.
pub(super) const GUESSES_NOTE: &str = "Near is within a quarter of the outcome. What few guessed \
                                       and few runs show comes first. Whether something was \
                                       missing is for the hot wash. Runs are simulated.";

/// The same for the terminal; nothing if nobody guessed.
pub fn guesses(told: &GuessComparison, style: Style) -> String {
    let mut page = Page::new(style);
    if told.rows.is_empty() {
        return page.finish();
    }
    page.heading("Guessed before the start");
    let heading = vec![plain(""), right("restored".to_string()), inked(Ink::Faint, "longest step")];
    let row = |row: &GuessRow| {
        vec![plain(row.by.clone()), right(row.back.clone()), plain(row.longest.clone())]
    };
    page.table(std::iter::once(heading).chain(told.rows.iter().map(row)).collect());
    for row in &told.rows {
        if let Some(missing) = &row.note {
            page.labelled(&format!("missing, says {}", row.by), missing);
        }
    }
    page.heading("What surprised most");
    for (place, surprise) in told.surprises.iter().enumerate() {
        page.labelled(&format!("{}", place + 1), &surprise.text);
    }
    if told.surprises.is_empty() {
        page.paragraph(Ink::Plain, "None of the guesses can be judged.");
    }
    page.paragraph(Ink::Faint, GUESSES_NOTE);
    page.finish()
}

fn rows(guesses: &[(String, Guess)], usual: &UsualRuns, came: &ActualResult) -> Vec<GuessRow> {
    let row =
        |by: String, back: String, longest: String| GuessRow { by, back, longest, note: None };
    let mut rows = Vec::new();
    for (who, guess) in guesses {
        let back = match guess.back {
            None => "–".to_string(),
            Some(RecoveryGuess::Never) => "never".to_string(),
            Some(RecoveryGuess::After(span)) => span.to_string(),
        };
        let longest = guess.longest.map_or("–", Phase::word).to_string();
        let note = guess.missing.clone();
        rows.push(GuessRow { by: who.clone(), back, longest, note });
    }
    let never = if came.incident { "never" } else { "no incident" };
    let longest = came.longest.map_or("–", |(phase, _)| phase.word()).to_string();
    rows.push(row("the room".to_string(), after(came.back, never), longest));
    if usual.runs() > 0 {
        let total_runs = grouped(usual.runs());
        let longest = commonest(usual).map_or("–".to_string(), |(phase, runs)| {
            format!("{}, in {} of {total_runs}", phase.word(), grouped(runs))
        });
        rows.push(row(
            format!("median of {total_runs} runs"),
            after(middle(usual), "never"),
            longest,
        ));
    }
    rows
}

fn after(seconds: Option<f64>, never: &str) -> String {
    seconds.map_or(never.to_string(), |seconds| Span::from_seconds(seconds.round()).to_string())
}

/// What there is to say, with how surprising it is in bits: what surprised most comes first.
fn surprises(
    context: &ReportContext,
    guesses: &[(String, Guess)],
    usual: &UsualRuns,
    came: &ActualResult,
) -> Vec<(f64, String)> {
    let mut all = Vec::new();
    all.extend(recovery_surprise(guesses, usual, came));
    all.extend(longest(guesses, usual, came));
    let missed = context.story.expectations().filter(|entry| entry.verdict == Verdict::Missed);
    all.extend(missed.map(|entry| {
        let runs = usual.missed.iter().find(|(text, ..)| *text == entry.text);
        let (misses, judged) = runs.map_or((0, 0), |(_, misses, judged)| (*misses, *judged));
        let among = match judged {
            0 => String::new(),
            _ => format!(", as in {} of {} runs", grouped(misses), grouped(judged)),
        };
        (bits(misses, judged), format!("Missed: {}{among}.", entry.text))
    }));
    all.sort_by(|one, other| other.0.total_cmp(&one.0));
    all
}

/// When users were well again.
fn recovery_surprise(
    guesses: &[(String, Guess)],
    usual: &UsualRuns,
    came: &ActualResult,
) -> Option<(f64, String)> {
    let guessed: Vec<RecoveryGuess> = guesses.iter().filter_map(|(_, guess)| guess.back).collect();
    if guessed.is_empty() || !came.incident {
        return None;
    }
    let is_near = |guess: &&RecoveryGuess| match (guess, came.back) {
        (RecoveryGuess::Never, back) => back.is_none(),
        (RecoveryGuess::After(_), None) => false,
        (RecoveryGuess::After(span), Some(back)) => (span.seconds() - back).abs() <= NEAR * back,
    };
    let near = guessed.iter().filter(is_near).count() as u64;
    let total = guessed.len() as u64;
    let so = match came.back {
        None => usual.recovery_times.iter().filter(|back| back.is_none()).count() as u64,
        Some(back) => {
            // On whichever side of the middle it lies, as far out or farther.
            let slower = middle(usual).is_some_and(|middle| back > middle);
            let as_far = |own: &&Option<f64>| match slower {
                true => own.is_none_or(|own| own >= back),
                false => own.is_some_and(|own| own <= back),
            };
            usual.recovery_times.iter().filter(as_far).count() as u64
        }
    };
    let runs = usual.runs();
    let among = match (runs, came.back) {
        (0, _) => String::new(),
        (_, None) => format!(" Nor is it in {} of {} runs.", grouped(so), grouped(runs)),
        (_, Some(back)) => {
            let slower = middle(usual).is_some_and(|middle| back > middle);
            let than = if slower { "no sooner" } else { "no later" };
            format!(" In {} of {} runs it is {than}.", grouped(so), grouped(runs))
        }
    };
    let what = match came.back {
        Some(_) => format!("Service was restored after {}", after(came.back, "")),
        None => "Service was not restored".to_string(),
    };
    let guessed = match came.back {
        Some(_) => format!("{near} of {total} guessed near that"),
        None => format!("{near} of {total} guessed so"),
    };
    let twice = (so * 2).min(runs);
    Some((bits(near, total) + bits(twice, runs), format!("{what}; {guessed}.{among}")))
}

/// What took longest.
fn longest(
    guesses: &[(String, Guess)],
    usual: &UsualRuns,
    came: &ActualResult,
) -> Option<(f64, String)> {
    let guessed: Vec<Phase> = guesses.iter().filter_map(|(_, guess)| guess.longest).collect();
    let (phase, took) = came.longest.filter(|_| !guessed.is_empty())?;
    let right = guessed.iter().filter(|own| **own == phase).count() as u64;
    let total = guessed.len() as u64;
    let known: Vec<Phase> = usual.longest.iter().copied().flatten().collect();
    let runs = known.len() as u64;
    let so = known.iter().filter(|own| **own == phase).count() as u64;
    let among = match runs {
        0 => String::new(),
        _ => format!(" It is in {} of {} runs.", grouped(so), grouped(runs)),
    };
    let word = phase.word();
    let sentence =
        format!("The longest step was {word}, {took}; {right} of {total} guessed it.{among}");
    Some((bits(right, total) + bits(so, runs), sentence))
}

/// How surprising something is that this many of that many have: what all have is worth next to
/// nothing, however few they are (Laplace's rule).
fn bits(these: u64, all: u64) -> f64 {
    -((these as f64 + 1.0) / (all as f64 + 2.0)).log2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::fixture;

    fn guess(who: &str, back: Option<RecoveryGuess>, longest: Option<Phase>) -> (String, Guess) {
        let guess = Guess { person: 0usize.into(), back, longest, missing: None };
        (who.to_string(), guess)
    }

    fn minutes(n: u64) -> Option<RecoveryGuess> {
        Some(RecoveryGuess::After(Span::MINUTE * n))
    }

    #[test]
    fn what_few_guessed_and_few_runs_show_comes_first() {
        let (header, entries) = fixture::proxy_outage();
        let story = fixture::story(&entries);
        let context = ReportContext::new(&header, &story);
        let came = ActualResult::from_context(&context);
        let (phase, _) = came.longest.expect("an incident");
        let back = came.back.expect("it is over");
        let other = Phase::ALL.into_iter().find(|other| *other != phase).expect("another");
        // All guess the time, which is usual; nobody guesses the step, which is rare.
        let near = Some(RecoveryGuess::After(Span::from_seconds(back.round())));
        let both = [guess("ann", near, Some(other)), guess("bob", near, Some(other))];
        let usual = UsualRuns {
            recovery_times: vec![Some(back); 100],
            longest: [vec![Some(phase); 2], vec![Some(other); 98]].concat(),
            missed: Vec::new(),
        };
        let told = surprises(&context, &both, &usual, &came);
        let missed = story.expectations().filter(|e| e.verdict == Verdict::Missed).count();
        assert_eq!(told.len(), 2 + missed, "{told:?}");
        assert!(told[0].1.starts_with("The longest step was"), "{told:?}");
        assert!(told[0].1.contains("0 of 2 guessed it. It is in 2 of 100 runs."), "{told:?}");
        assert!(told.iter().any(|(_, text)| text.contains("2 of 2 guessed near that")), "{told:?}");
        // The other way round, the time comes first.
        let far = [
            guess("ann", minutes(500), Some(phase)),
            guess("bob", Some(RecoveryGuess::Never), None),
        ];
        let usual = UsualRuns {
            recovery_times: vec![Some(back * 3.0); 100],
            longest: vec![Some(phase); 100],
            missed: Vec::new(),
        };
        let told = surprises(&context, &far, &usual, &came);
        assert!(told[0].1.starts_with("Service was restored after"), "{told:?}");
        assert!(told[0].1.contains("0 of 2") && told[0].1.contains("0 of 100"), "{told:?}");
    }

    #[test]
    fn the_screen_and_the_table_have_everybody() {
        let (header, entries) = fixture::proxy_outage();
        let story = fixture::story(&entries);
        let mut all =
            [guess("ann", minutes(25), None), guess("bob", Some(RecoveryGuess::Never), None)];
        all[0].1.missing = Some("a number to call".to_string());
        let usual =
            UsualRuns { recovery_times: vec![None, Some(60.0), None], ..UsualRuns::default() };
        let told = GuessComparison::new(&header, &story, &all, &usual);
        let screen = guesses(&told, Style::default());
        for words in ["ann", "25m", "never", "the room", "median of 3 runs", "a number to call"] {
            assert!(screen.contains(words), "{words}: {screen}");
        }
        let none = GuessComparison::new(&header, &story, &[], &usual);
        assert_eq!(guesses(&none, Style::default()), "");
        let kept = super::super::sheet::Memory::default();
        let to = Box::new(kept.clone());
        crate::report::write_guesses(&header, &story, &all, &usual, to).expect("written");
        let text = String::from_utf8(kept.0.borrow().clone()).expect("text");
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!(rows.len(), 5, "{text}");
        assert!(rows[1].ends_with(",guess,ann,,1500,,,,a number to call"), "{text}");
        assert!(rows[4].ends_with(",runs,,3,,yes,,,"), "{text}");
    }

    #[test]
    fn what_all_have_is_no_surprise() {
        assert!(bits(100, 100) < 0.02 && bits(0, 100) > 6.0);
        assert_eq!(bits(0, 0), 1.0);
    }
}
