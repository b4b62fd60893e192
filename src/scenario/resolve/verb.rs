//! Mappings that say one thing: a verb with its target, and the keys that belong to it.

use crate::language::problem::{Problem, quoted};
use crate::language::source::Place;
use crate::language::written::Placed;
use crate::scenario::resolve::Desk;

/// A verb, and the keys that make sense with it.
pub type Verb = (&'static str, &'static [&'static str]);

/// The first verb among the keys.
pub fn first_verb(written: &[Placed<&'static str>], verbs: &[Verb]) -> Option<&'static str> {
    let is_verb = |key: &&Placed<&str>| verbs.iter().any(|(verb, _)| *verb == key.value);
    written.iter().find(is_verb).map(|key| key.value)
}

impl Desk<'_> {
    /// The one verb of a mapping; a problem for none, for a second one, and for every key that
    /// makes no sense with it. Keys in `always` make sense with any.
    pub fn one_verb(
        &mut self,
        place: Place,
        written: &[Placed<&'static str>],
        verbs: &[Verb],
        always: &[&str],
    ) -> Option<&'static str> {
        let Some(verb) = first_verb(written, verbs) else {
            let all: Vec<_> = verbs.iter().map(|(verb, _)| *verb).collect();
            // With an unknown key in its place, that is said already.
            if !(written.is_empty() && self.problems.error_in_line(place)) {
                self.error(place, "this does not say what is to happen", &all.join(", "));
            }
            return None;
        };
        let own = verbs.iter().find(|(name, _)| *name == verb).map_or(&[][..], |(_, own)| own);
        for key in written {
            if key.value == verb || always.contains(&key.value) || own.contains(&key.value) {
                continue;
            }
            let problem = if verbs.iter().any(|(name, _)| *name == key.value) {
                let message = format!("`{verb}` and `{}` are two things", key.value);
                Problem::error(key.place, message).hint("write them apart")
            } else {
                let message = format!("{} makes no sense with `{verb}`", quoted(key.value));
                let takers = verbs.iter().filter(|(_, keys)| keys.contains(&key.value));
                let takers: Vec<_> = takers.map(|(name, _)| format!("`{name}`")).collect();
                Problem::error(key.place, message).hint(format!("only {}", takers.join(", ")))
            };
            self.problems.push(problem);
        }
        Some(verb)
    }
}
