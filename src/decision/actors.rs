//! Who acts. Everybody answers by the same rules, whether each time and chance is drawn (a
//! simulated person) or takes what is likeliest (the plan by its own times).

use super::{Ask, Question, Reply};
use crate::names::{ChangeId, ChannelId, PersonId};
use crate::units::{Ratio, Span, Spread};

/// Where the times, chances and choices of somebody who is asked come from.
pub trait Actor {
    /// How long something takes him.
    fn takes(&mut self, takes: Spread) -> Span;

    /// After how long he answers on a channel; `None`: never.
    fn answers(&mut self, person: PersonId, by: ChannelId) -> Option<Span>;

    /// Which of the changes he chooses, each with its share of the choices; there is at least one.
    fn chooses(&mut self, among: &[(ChangeId, Ratio)]) -> ChangeId;

    /// What he says to a change: yes with this chance, or one of the others with theirs. `asking`
    /// counts the times that anybody was asked to decide.
    fn decides(&mut self, agrees: Ratio, others: &[(Reply, Ratio)], asking: u32) -> Reply;
}

/// After how long somebody answers an ask, and what; `None` for silence.
pub fn answer(ask: &Ask, actor: &mut impl Actor) -> Option<(Span, Reply)> {
    let after = match (&ask.question, ask.channel) {
        (
            Question::Declare { takes }
            | Question::Diagnose { takes, .. }
            | Question::Work { takes, .. },
            _,
        ) => actor.takes(*takes),
        (_, Some(channel)) => actor.answers(ask.person, channel)?,
        (Question::Decide { takes: Some(takes), .. }, None) => actor.takes(*takes),
        (_, None) => Span::ZERO,
    };
    let reply = match &ask.question {
        Question::Page { .. } | Question::Declare { .. } | Question::Work { .. } => Reply::Yes,
        Question::Diagnose { among, .. } => Reply::Choice(actor.chooses(among)),
        // Somebody who was reached says what he decides once he has thought about it.
        Question::Decide { takes: Some(_), .. } if ask.channel.is_some() => Reply::Reached,
        Question::Decide { agrees, others, asking, .. } => actor.decides(*agrees, others, *asking),
    };
    Some((after, reply))
}
