//! How long people took at a rehearsal: only what was measured of them.

use crate::journal::{Interval, Story};
use crate::units::Span;

/// Times of people at a rehearsal.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rehearsed {
    /// Play, change, what was done, how long it took.
    times: Vec<(Option<String>, Option<String>, Interval, Span)>,
}

impl Rehearsed {
    /// Those that the journal of a rehearsal says were measured; nothing else of it counts.
    pub fn of(story: &Story) -> Rehearsed {
        let mut times = Vec::new();
        for attempt in story.attempts() {
            let stretches = attempt.stretches().into_iter();
            for stretch in stretches.filter(|one| attempt.measured.contains(&one.interval)) {
                let (play, change) = (attempt.play.clone(), attempt.change.clone());
                times.push((play, change, stretch.interval, stretch.printed()));
            }
        }
        Rehearsed { times }
    }

    /// Whether nothing was measured.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// How long this took in the attempts of this play, or of any where it was not played; for
    /// what is of a change, of this change alone.
    pub(super) fn took(&self, play: Option<&str>, change: Option<&str>, of: Interval) -> Vec<Span> {
        let human = of.human();
        let fits = |(_, made, interval, _): &&(_, Option<String>, Interval, Span)| {
            *interval == of && (human || made.as_deref() == change)
        };
        let all: Vec<_> = self.times.iter().filter(fits).collect();
        let own = all.iter().filter(|(own, ..)| own.as_deref() == play);
        let own: Vec<Span> = own.map(|(.., took)| *took).collect();
        if own.is_empty() { all.into_iter().map(|(.., took)| *took).collect() } else { own }
    }
}
