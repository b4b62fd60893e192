//! What may be answered to a question, and with which chance somebody says what.

use crate::names::{ChangeId, Names, PersonId};
use crate::units::{Ratio, Span};
use serde::{Deserialize, Serialize};

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    Yes,
    No,
    /// It is known that no answer will come.
    Silent,
    /// I am here, and will say yes or no.
    Reached,
    Choice(ChangeId),
    /// No; but this change, at once.
    Instead(ChangeId),
    /// Not yet: ask me again after this time.
    NotYet(Span),
    /// Yes after this time, unless all is clear by then.
    YesAfter(Span),
    /// This person decides.
    Refer(PersonId),
}

/// The answer that a draw, uniform in `[0, 1)`, means: a yes below the chance of one, then the
/// others in their order, and a no for the rest. Somebody it was referred to does not refer it to
/// themselves, but gives one of the other answers.
pub fn answer_of(draw: f64, who: PersonId, agrees: Ratio, others: &[(Reply, Ratio)]) -> Reply {
    let own = others.iter().find(|(reply, _)| *reply == Reply::Refer(who));
    let kept = 1.0 - own.map_or(0.0, |(_, share)| share.0);
    let mut below = agrees.0;
    let draw = draw * kept;
    if draw < below {
        return Reply::Yes;
    }
    for (reply, share) in others.iter().filter(|(reply, _)| *reply != Reply::Refer(who)) {
        below += share.0;
        if draw < below {
            return *reply;
        }
    }
    // Nobody can refer everything to themselves.
    if kept > 0.0 { Reply::No } else { Reply::Yes }
}

impl Reply {
    /// The answer as people say it.
    pub fn in_words(self, names: &Names) -> String {
        let change = |change: ChangeId| names.changes[change.index()].clone();
        match self {
            Reply::Yes => "yes".to_string(),
            Reply::No => "no".to_string(),
            Reply::Silent => "silent".to_string(),
            Reply::Reached => "reached".to_string(),
            Reply::Choice(chosen) => change(chosen),
            Reply::Instead(other) => format!("no, instead {}", change(other)),
            Reply::NotYet(wait) => format!("not yet, ask again in {wait}"),
            Reply::YesAfter(wait) => format!("yes, if not better in {wait}"),
            Reply::Refer(person) => format!("{} decides", names.people[person.index()]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_draw_is_an_answer_by_its_share() {
        let [chris, rachael] = [PersonId::from(0), PersonId::from(1)];
        let others =
            [(Reply::NotYet(Span::MINUTE), Ratio(0.25)), (Reply::Refer(rachael), Ratio(0.25))];
        let said = |draw, who| answer_of(draw, who, Ratio(0.25), &others);
        for (draw, to_chris, to_rachael) in [
            (0.0, Reply::Yes, Reply::Yes),
            (0.3, Reply::NotYet(Span::MINUTE), Reply::Yes),
            (0.6, Reply::Refer(rachael), Reply::NotYet(Span::MINUTE)),
            (0.99, Reply::No, Reply::No),
        ] {
            assert_eq!((said(draw, chris), said(draw, rachael)), (to_chris, to_rachael), "{draw}");
        }
        let all = [(Reply::Refer(rachael), Ratio(1.0))];
        assert_eq!(answer_of(0.5, rachael, Ratio(0.0), &all), Reply::Yes);
        assert_eq!(answer_of(0.94, chris, Ratio(0.95), &[]), Reply::Yes);
        assert_eq!(answer_of(0.95, chris, Ratio(0.95), &[]), Reply::No);
    }
}
