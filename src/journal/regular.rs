//! How often a plan itself wants an audience to have news: `every` of what its plays tell.

use super::Header;
use crate::decision::{Audience, Play, Step, TellStep};
use crate::units::Span;
use serde::Deserialize;

/// What a play tells again and again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regular {
    /// The play that tells it.
    pub play: String,
    /// The role or the person that is told.
    pub whom: String,
    /// How often.
    pub every: Span,
}

impl Header {
    /// What the plays of the plan tell again and again, in their order; nothing where its plan is
    /// of another version. What is told to everyone is told to nobody in particular.
    pub fn regular(&self) -> Vec<Regular> {
        let plays = self.plan.pointer("/playbook/plays").map(Vec::<Play>::deserialize);
        let plays = plays.and_then(Result::ok).unwrap_or_default();
        let mut all = Vec::new();
        for (play, name) in plays.iter().zip(&self.plays) {
            for step in &play.steps {
                let Step::Tell(TellStep { to, every: Some(every), .. }) = step else { continue };
                let Some(whom) = self.audience(*to) else { continue };
                all.push(Regular { play: name.clone(), whom, every: *every });
            }
        }
        all
    }

    fn audience(&self, audience: Audience) -> Option<String> {
        match audience {
            Audience::Role(role) => {
                let roles = self.plan.pointer("/names/roles")?;
                Some(roles.get(role.index())?.as_str()?.to_string())
            }
            Audience::Person(person) => Some(self.people.get(person.index())?.0.clone()),
            Audience::Everyone => None,
        }
    }
}
