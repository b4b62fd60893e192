//! What the verdict hinges on and what would have saved most: as tables, and as the words of a
//! first screen.

use super::campaign::{bounded_times, lead, names};
use super::context::Cell;
use super::sheet::{ColumnDoc, CsvSheet};
use super::untrusted::for_shell;
use crate::campaign::{BEST, CampaignIdentity, Hinge, Hinges, Remedies, Remedy};
use crate::units::grouped;
use std::io::{self, Write};

/// The file of [`write_hinges`].
pub const HINGES_FILE: &str = "hinges.csv";
/// The file of [`write_remedies`].
pub const REMEDIES_FILE: &str = "remedies.csv";

#[rustfmt::skip]
pub(super) const HINGE_COLUMNS: [ColumnDoc; 14] = [
    ("rank", "number", "1 moves the verdict most; blank: not among the strongest"),
    ("input", "", "an assumed input, as a person calls it"),
    ("path", "", "the same as --set takes it"),
    ("from", "", "its value in the plan"),
    ("to", "", "the value that was tried, as --set takes it"),
    ("may_differ", "runs", "runs that another value could change at all"),
    ("replayed", "runs", "how many of these were run again; a sample if fewer"),
    ("of", "runs", "all runs, or only those that were run again"),
    ("kept_now", "runs", "how many of these meet what the plan expects"),
    ("kept_then", "runs", "the same with the value that was tried"),
    ("change_pct", "%", "how much more often it is met, in points, pair by pair"),
    ("change_low_pct", "%", "lower end of its 95% interval"),
    ("change_high_pct", "%", "upper end"),
    ("clear", "", "yes: beyond luck; no: the interval holds 0, or there is none"),
];

#[rustfmt::skip]
pub(super) const REMEDY_COLUMNS: [ColumnDoc; 8] = [
    ("rank", "number", "1 saves most runs, then most time"),
    ("what", "", "what to agree on beforehand"),
    ("set", "", "the same as changes of the plan"),
    ("saved", "runs", "lost runs that would meet what the plan expects"),
    ("lost", "runs", "how many lost runs that is of"),
    ("broken", "runs", "good runs that would be lost by it"),
    ("kept", "runs", "how many good runs that is of"),
    ("sooner_s", "s", "how much sooner service is restored, median of these"),
];

/// Writes one row for every value of an input that was tried.
pub fn write_hinges(
    identity: &CampaignIdentity,
    hinges: &Hinges,
    to: Box<dyn Write>,
) -> io::Result<()> {
    let mut sheet = CsvSheet::with_lead(to, lead(identity), &names(&HINGE_COLUMNS))?;
    for hinge in &hinges.tried {
        let rank = hinges.best.iter().position(|best| best == hinge);
        let mut cells = vec![
            rank.map_or(Cell::Blank, |rank| Cell::from(rank as u64 + 1)),
            Cell::from(&hinge.input),
            Cell::from(&hinge.path),
            Cell::from(&hinge.from),
            Cell::from(&hinge.value),
            Cell::from(hinge.may_differ),
            Cell::from(hinge.replayed),
            Cell::from(hinge.total),
            Cell::from(hinge.now),
            Cell::from(hinge.then),
        ];
        cells.extend(bounded_times(hinge.difference, 100.0));
        cells.push(Cell::from(if hinge.is_luck_only() { "no" } else { "yes" }));
        sheet.row(&cells)?;
    }
    sheet.finish()
}

/// Writes one row for everything that saves something.
pub fn write_remedies(
    identity: &CampaignIdentity,
    remedies: &Remedies,
    to: Box<dyn Write>,
) -> io::Result<()> {
    let mut sheet = CsvSheet::with_lead(to, lead(identity), &names(&REMEDY_COLUMNS))?;
    for (rank, remedy) in remedies.best.iter().enumerate() {
        sheet.row(&[
            Cell::from(rank as u64 + 1),
            Cell::from(&remedy.words),
            Cell::from(&changes(&remedy.sets)),
            Cell::from(remedy.saved),
            Cell::from(remedy.lost),
            Cell::from(remedy.broken),
            Cell::from(remedy.kept),
            Cell::number(remedy.sooner.map(|sooner| sooner.seconds()), 6),
        ])?;
    }
    sheet.finish()
}

/// `plays.rollback.steps.ask.refused=next`, several with a semicolon between them.
fn changes(sets: &[(String, String)]) -> String {
    let sets = sets.iter().map(|(path, value)| format!("{path}={value}"));
    sets.collect::<Vec<_>>().join("; ")
}

/// `--set plays.rollback.steps.ask.refused=next`: how a remedy is tried on the command line.
pub fn set_words(sets: &[(String, String)]) -> String {
    let word = |(path, value): &(String, String)| {
        format!("--set {}", for_shell(&format!("{path}={value}")))
    };
    sets.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// What the verdict hinges on, at most [`BEST`] pieces: `"the decider says yes 95%" is assumed: 90%
/// → 170 of 200 runs`, and how much was not tried. What may be due to chance alone is shown only
/// where there is nothing else.
pub(super) fn hinges_words(hinges: &Hinges, now: Option<u64>) -> Vec<String> {
    let (luck, clear): (Vec<&Hinge>, Vec<&Hinge>) =
        hinges.best.iter().partition(|hinge| hinge.is_luck_only());
    let best = if clear.is_empty() { luck } else { clear };
    let now = now.map_or(String::new(), |now| format!(" (now {})", grouped(now)));
    let best = best.into_iter().take(BEST);
    let mut told: Vec<String> = best.map(|hinge| hinge_words(hinge, &now)).collect();
    let left = hinges.left_out.len() as u64;
    if told.is_empty() {
        told.push(match (hinges.inputs() as u64, left) {
            (0, 0) => "no input is assumed".to_string(),
            (0, left) => format!("not known: none of {} assumed inputs was tried", grouped(left)),
            (tried, 0) => format!("none of the {} assumed inputs alone", grouped(tried)),
            (tried, left) => format!(
                "not known: of {} assumed inputs {} were tried, and none of these alone changes \
                 the answer",
                grouped(tried + left),
                grouped(tried)
            ),
        });
        return told;
    }
    told.extend(match left {
        0 => None,
        1 => Some("1 more assumed input was not tried".to_string()),
        left => Some(format!("{} more assumed inputs were not tried", grouped(left))),
    });
    told
}

/// One hinge; that a difference may be luck is said.
fn hinge_words(hinge: &Hinge, now: &str) -> String {
    let about = if hinge.is_whole() { "" } else { "about " };
    let luck = if hinge.is_luck_only() { ", which may be luck" } else { "" };
    let (input, to, then) = (&hinge.input, &hinge.to, then(hinge));
    format!("\"{input}\" is assumed: {to} → {about}{then} runs{now}{luck}")
}

/// `170 of 200`.
pub(super) fn then(hinge: &Hinge) -> String {
    format!("{} of {}", grouped(hinge.then), grouped(hinge.total))
}

/// What would have saved most: `plan what follows a refusal in rollback: try the next change
/// (saves 12 of the 18 lost runs)`, at most [`BEST`]; empty if nothing was found.
pub(super) fn remedies_words(remedies: &Remedies) -> Vec<String> {
    let told = |one: &Remedy| match one.saved {
        0 => format!("{} ({})", one.words, benefit(one, remedies.lost)),
        _ => format!("{} (saves {})", one.words, benefit(one, remedies.lost)),
    };
    let mut best: Vec<String> = remedies.best.iter().take(BEST).map(told).collect();
    if best.is_empty() && !remedies.left_out.is_empty() {
        best.push(
            "nothing found yet: run `sim hinges` on the same file, which tries more".to_string(),
        );
    }
    best
}

/// `12 of the 18 lost runs`, `3 of the 4 lost runs that were tried; 14 were not`, or `5m sooner`
/// where no run is saved. `lost`: how many are lost in all.
pub(super) fn benefit(remedy: &Remedy, lost: u64) -> String {
    let (saved, tried) = (grouped(remedy.saved), grouped(remedy.lost));
    let saved = match remedy.lost < lost {
        true => {
            let more = grouped(lost - remedy.lost);
            format!("{saved} of the {tried} lost runs that were tried; {more} were not")
        }
        false if remedy.saved == lost && lost > 1 => format!("all {saved} lost runs"),
        false => format!("{saved} of the {tried} lost runs"),
    };
    let sooner = remedy.sooner.map(|sooner| format!("{} min sooner", minutes(sooner.seconds())));
    let broken = match remedy.broken {
        0 => String::new(),
        broken => format!(", loses {broken} of {} others", grouped(remedy.kept)),
    };
    match (remedy.saved, sooner) {
        (0, Some(sooner)) => sooner + &broken,
        _ => saved + &broken,
    }
}

/// Whole minutes, and one decimal below ten.
fn minutes(seconds: f64) -> String {
    let minutes = seconds / 60.0;
    if minutes < 9.95 { format!("{minutes:.1}") } else { format!("{minutes:.0}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::estimate::Estimate;
    use crate::units::Span;

    fn hinge(replayed: u64, low: f64) -> Hinge {
        let difference = Estimate { n: 200, value: -0.06, low: Some(low), high: Some(-0.01) };
        Hinge {
            input: "the decider says yes 95%".into(),
            path: "plays.rollback.steps.ask.agrees".into(),
            from: "95%".into(),
            to: "90%".into(),
            value: "90%".into(),
            may_differ: 20,
            replayed,
            now: 182,
            then: 170,
            total: 200,
            difference: Some(difference),
            effect: -0.06,
        }
    }

    fn hinges(best: Vec<Hinge>, left_out: usize) -> Hinges {
        let left_out = vec!["visitors wait 30s".to_string(); left_out];
        Hinges { tried: best.clone(), best, left_out, ..Hinges::default() }
    }

    #[test]
    fn hinges_say_what_they_rest_on() {
        let told = |hinges: &Hinges| hinges_words(hinges, None).join("; ");
        let clear = "\"the decider says yes 95%\" is assumed: 90% → 170 of 200 runs";
        assert_eq!(told(&hinges(vec![hinge(20, -0.1)], 0)), clear);
        let more = format!("{clear}; 2 more assumed inputs were not tried");
        assert_eq!(told(&hinges(vec![hinge(20, -0.1)], 2)), more);
        assert!(told(&hinges(vec![hinge(7, -0.1)], 0)).ends_with("90% → about 170 of 200 runs"));
        let luck = Hinge { difference: None, ..hinge(20, -0.1) };
        assert_eq!(told(&hinges(vec![luck], 0)), format!("{clear}, which may be luck"));
        let now = hinges_words(&hinges(vec![hinge(20, -0.1)], 0), Some(181)).join("; ");
        assert_eq!(now, format!("{clear} (now 181)"));
        let none = "not known: none of 3 assumed inputs was tried";
        assert_eq!(told(&hinges(vec![], 3)), none);
        assert_eq!(told(&hinges(vec![], 0)), "no input is assumed");
        let still = Hinges { tried: vec![hinge(20, -0.1)], ..Hinges::default() };
        let none = "none of the 1 assumed inputs alone";
        assert_eq!(told(&still), none);
    }

    #[test]
    fn remedies_say_what_they_save_and_what_they_lose() {
        let remedy = |saved, broken, sooner| Remedy {
            words: "try phone first, everywhere".into(),
            sets: Vec::new(),
            saved,
            lost: 18,
            broken,
            kept: 20,
            sooner,
        };
        assert_eq!(benefit(&remedy(12, 0, None), 18), "12 of the 18 lost runs");
        assert_eq!(
            benefit(&remedy(12, 1, None), 18),
            "12 of the 18 lost runs, loses 1 of 20 others"
        );
        assert_eq!(benefit(&remedy(0, 0, Some(Span::from_secs(300))), 18), "5.0 min sooner");
        let best = vec![remedy(12, 0, None), remedy(6, 0, None)];
        let told = remedies_words(&Remedies { best, lost: 18, ..Remedies::default() });
        assert_eq!(told[0], "try phone first, everywhere (saves 12 of the 18 lost runs)");
        let some = benefit(&remedy(12, 0, None), 40);
        assert_eq!(some, "12 of the 18 lost runs that were tried; 22 were not");
        assert_eq!(told.len(), 2);
    }
}
