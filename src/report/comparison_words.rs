//! A comparison in sentences: what is worse or better, and why nothing differs where
//! nothing does.

use super::differences::{Compared, DifferenceKind, is_clear};
use super::summary::campaign::plus_minus;
use crate::campaign::{
    ChangeUse, HeadlineDifference, HeadlineSubject, HeadlineUnit, UsualHeadline,
};
use crate::measure::estimate::Estimate;
use crate::units::grouped;

/// Headlines that the sentences are about, the most important first.
const TOLD: [UsualHeadline; 6] = [
    UsualHeadline::Total,
    UsualHeadline::RequestsFailed,
    UsualHeadline::RequestsTurnedAway,
    UsualHeadline::UsersAffected,
    UsualHeadline::UserMinutesLost,
    UsualHeadline::FalseAlarms,
];

/// What a comparison comes to, in plain words, with what each sentence means; at least one. Why
/// there is no difference, or can be none, comes last.
pub(super) fn sentences(compared: &Compared) -> Vec<(DifferenceKind, String)> {
    let mut sentences: Vec<_> = notable(compared.differences).filter_map(sentence).collect();
    if sentences.is_empty() {
        let text = "No difference in time, requests, users or alarms.".to_string();
        sentences.push((DifferenceKind::Unclear, text));
    }
    sentences.extend(reasons(compared).into_iter().map(|text| (DifferenceKind::Unclear, text)));
    sentences
}

/// The differences worth a sentence: of some headlines always, of a chance if it is a clear one.
fn notable(differences: &[HeadlineDifference]) -> impl Iterator<Item = &HeadlineDifference> {
    let row_of =
        |usual: UsualHeadline| differences.iter().find(|row| row.headline.subject == usual.into());
    let clear = |row: &&HeadlineDifference| {
        row.headline.unit == HeadlineUnit::Chance && row.difference.as_ref().is_some_and(is_clear)
    };
    TOLD.into_iter().filter_map(row_of).chain(differences.iter().filter(clear))
}

/// `Better: the second saves 6.1 ± 0.8 min from onset to the end.`, or how little is clear.
fn sentence(row: &HeadlineDifference) -> Option<(DifferenceKind, String)> {
    let difference = row.difference?;
    let usual = match row.headline.subject {
        HeadlineSubject::Usual(usual) => Some(usual),
        _ => None,
    };
    let (unit, what) = match usual {
        Some(UsualHeadline::Total) => (60.0, "from onset to the end"),
        Some(UsualHeadline::RequestsFailed) => (1.0, "failed requests"),
        Some(UsualHeadline::RequestsTurnedAway) => {
            (1.0, "requests turned away by a maintenance page")
        }
        Some(UsualHeadline::UsersAffected) => (1.0, "users affected"),
        Some(UsualHeadline::UserMinutesLost) => (1.0, "user-minutes lost"),
        Some(UsualHeadline::FalseAlarms) => (1.0, "false alarms in 24 hours"),
        _ => (0.01, "points"),
    };
    let standing = DifferenceKind::from_difference(row);
    if standing == DifferenceKind::Unclear {
        let size = plus_minus(&difference, unit);
        let text = match row.headline.unit {
            HeadlineUnit::Seconds => format!("No clear difference in the time {what}: {size} min."),
            _ => format!("No clear difference in {what}: {size}."),
        };
        // Nothing, or a single pair.
        return difference.low.map(|_| (standing, text));
    }
    let fewer = difference.value < 0.0;
    let size = plus_minus(&positive(&difference), unit);
    // Without an interval it is the same in all pairs.
    let always = if difference.low.is_none() { ", in every pair" } else { "" };
    let what = format!("{what}{always}");
    let text = match (row.headline.unit, fewer) {
        (HeadlineUnit::Chance, fewer) => {
            let rarer = if fewer { "rarer" } else { "likelier" };
            format!("\"{}\" is {size} points {rarer} with the second", row.headline.subject)
        }
        (HeadlineUnit::Seconds, true) => format!("the second saves {size} min {what}"),
        (HeadlineUnit::Seconds, false) => format!("the second takes {size} min longer {what}"),
        (_, true) => format!("the second has {size} fewer {what}"),
        (_, false) => format!("the second has {size} more {what}"),
    };
    let text = match standing {
        DifferenceKind::Worse => format!("Worse: {text}."),
        DifferenceKind::Better => format!("Better: {text}."),
        _ => format!("{text}."),
    };
    Some((standing, text))
}

/// The same size without a sign.
fn positive(found: &Estimate) -> Estimate {
    if found.value >= 0.0 {
        return *found;
    }
    let flip = |bound: Option<f64>| bound.map(|bound| -bound);
    Estimate { n: found.n, value: -found.value, low: flip(found.high), high: flip(found.low) }
}

/// Why runs are the same, as far as plans and runs show it.
fn reasons(compared: &Compared) -> Vec<String> {
    let Compared { contrast, same, trials, .. } = *compared;
    let mut reasons: Vec<String> = Vec::new();
    if contrast.same_plan {
        reasons.push("Both sides are the same plan: the values set match those it had.".into());
    }
    let unmade = |change: &&ChangeUse| change.is_unused();
    let unused: Vec<&ChangeUse> = contrast.changes.iter().filter(unmade).collect();
    if !unused.is_empty() {
        let (names, is) = (named(&unused), if unused.len() == 1 { "is" } else { "are" });
        let all = contrast.only_changes && unused.len() == contrast.changes.len();
        let so = if all { ", and nothing else was changed: no run can differ" } else { "" };
        reasons.push(format!("{names} {is} in no play and in no timed launch step{so}."));
    }
    for change in contrast.changes.iter().filter(|change| !change.is_unused()) {
        if !change.launched && change.plays.iter().all(|play| never_opens(compared, play)) {
            let plays: Vec<String> =
                change.plays.iter().map(|play| format!("\"{play}\"")).collect();
            let (plays, s) = (plays.join(", "), if plays.len() == 1 { "" } else { "s" });
            let name = &change.name;
            reasons.push(format!("`{name}` is only in the play{s} {plays}, never opened here."));
        }
    }
    if same == trials {
        reasons.push(format!("All figures are the same in each of the {} runs.", grouped(trials)));
    } else if same > 0 {
        let (same, trials) = (grouped(same), grouped(trials));
        reasons.push(format!("In {same} of {trials} runs every figure is the same on both sides."));
    }
    reasons
}

fn never_opens(compared: &Compared, play: &str) -> bool {
    let opens = HeadlineSubject::PlayOpens(play.to_string());
    let row = compared.differences.iter().find(|row| row.headline.subject == opens);
    let never = |side: Option<Estimate>| side.is_some_and(|mean| mean.value == 0.0);
    row.is_some_and(|row| never(row.first) && never(row.second))
}

fn named(changes: &[&ChangeUse]) -> String {
    let names: Vec<String> = changes.iter().map(|change| format!("`{}`", change.name)).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// Totals that the end of the run has cut short, on either side.
pub(super) fn cut_short(unfinished: [u64; 2]) -> Option<String> {
    let [first, second] = unfinished.map(grouped);
    (unfinished != [0, 0]).then(|| {
        format!(
            "The incident outlasted the run in {first} of the first's runs and in {second} of \
             the second's: their times end there, so a difference of times may be larger."
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::differences::tests::{exactly, row};

    #[test]
    fn a_plain_sentence() {
        let told = |row: &HeadlineDifference| {
            let rows = [row.clone()];
            super::notable(&rows).find_map(sentence).map(|(_, text)| text).unwrap_or_default()
        };
        let saves = row("total", HeadlineUnit::Seconds, -366.0, 48.0);
        let expected = "Better: the second saves 6.1 ± 0.8 min from onset to the end.";
        assert_eq!(told(&saves), expected);
        let costs = row("users affected", HeadlineUnit::Users, 120.0, 14.0);
        assert_eq!(told(&costs), "Worse: the second has 120 ± 14 more users affected.");
        let unclear = row("requests failed", HeadlineUnit::Requests, -3.0, 14.0);
        assert_eq!(told(&unclear), "No clear difference in failed requests: -3 ± 14.");
        assert_eq!(told(&exactly("total", HeadlineUnit::Seconds, 0.0)), "");
        let always = "Worse: the second takes 4 min longer from onset to the end, in every pair.";
        assert_eq!(told(&exactly("total", HeadlineUnit::Seconds, 240.0)), always);
        let chance = row("meets recovered < 1h", HeadlineUnit::Chance, -0.75, 0.19);
        let expected = "Worse: \"meets recovered < 1h\" is 75 ± 19 points rarer with the second.";
        assert_eq!(told(&chance), expected);
        let neither = row("play \"a\" opens", HeadlineUnit::Chance, 0.75, 0.19);
        let expected = "\"play \"a\" opens\" is 75 ± 19 points likelier with the second.";
        assert_eq!(told(&neither), expected);
    }
}
