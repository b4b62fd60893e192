//! Which of all that was said of one thing counts at a moment.

use super::rows::same;
use super::statement::{Claim, Statement, StatementTarget};
use crate::decision::Vote;
use crate::units::Span;
use jiff::{SignedDuration, Zoned};

/// What counts.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum EffectiveStatement<'s> {
    /// Nobody has said anything, or all of it was withdrawn.
    Nothing,
    /// It was said, and does not count any more.
    Stale(&'s Statement),
    /// The condition was not said to be met in time.
    Reopened(&'s Statement),
    /// This.
    One(&'s Statement),
    /// These say different things.
    Contradicted(Vec<&'s Statement>),
}

/// What counts of one thing at a moment.
pub(super) fn standing<'s>(
    said: &'s [Statement],
    target: StatementTarget,
    now: &Zoned,
) -> EffectiveStatement<'s> {
    let counting = said.iter().filter(|s| s.target == target && s.recorded <= *now);
    let counting =
        counting.filter(|s| !matches!(s.claim, Claim::Owned { .. } | Claim::Vote(Vote::Asked)));
    // The last word of each person.
    let mut last: Vec<&Statement> = Vec::new();
    for statement in counting {
        let whose = match &statement.claim {
            Claim::Withdrawn { whose } => whose,
            _ => &statement.by,
        };
        let before = last.iter().position(|other| same(&other.by, whose));
        match (before, &statement.claim) {
            (Some(before), Claim::Withdrawn { .. }) => drop(last.remove(before)),
            (None, Claim::Withdrawn { .. }) => {}
            (Some(before), _) if last[before].from <= statement.from => last[before] = statement,
            (Some(_), _) => {}
            (None, _) => last.push(statement),
        }
    }
    let over = |s: &&Statement| s.expires.as_ref().is_some_and(|expires| expires <= now);
    let open = |s: &&Statement| s.condition.as_ref().is_some_and(|(_, until)| until <= now);
    let counts: Vec<&Statement> = last.iter().filter(|s| !over(s) && !open(s)).copied().collect();
    match (&counts[..], target) {
        ([], _) => match last.iter().max_by(|a, b| a.from.cmp(&b.from)) {
            None => EffectiveStatement::Nothing,
            Some(last) if open(last) => EffectiveStatement::Reopened(last),
            Some(last) => EffectiveStatement::Stale(last),
        },
        // A count is of its moment: the latest tells.
        (_, StatementTarget::Count { .. }) => {
            let latest = counts.iter().map(|s| &s.from).max().expect("there is one");
            one_of(counts.iter().filter(|s| s.from == *latest).copied().collect())
        }
        _ => one_of(counts),
    }
}

/// The one that all agree with: of those who say the same, one with a condition, else the newest.
fn one_of(counts: Vec<&Statement>) -> EffectiveStatement<'_> {
    if counts.iter().any(|s| s.claim != counts[0].claim) {
        return EffectiveStatement::Contradicted(counts);
    }
    let rank = |s: &&&Statement| (s.condition.is_some(), s.from.clone());
    EffectiveStatement::One(counts.iter().max_by_key(rank).copied().expect("there is one"))
}

/// A moment so much later.
pub(super) fn later(from: &Zoned, span: Span) -> Zoned {
    let later = SignedDuration::try_from(std::time::Duration::from_nanos(span.0));
    later.ok().and_then(|later| from.checked_add(later).ok()).unwrap_or_else(|| from.clone())
}
