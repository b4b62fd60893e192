//! Asking for a yes: who is asked in which order, for how long, and what is done without one.

use crate::decision::{AskStep, Instead, Step};
use crate::language::problem::quoted;
use crate::language::word::ScalarValue;
use crate::language::written::{OneOrMany, Placed};
use crate::names::{PersonId, RoleId};
use crate::people::Roster;
use crate::scenario::plays::answers::Answers;
use crate::scenario::plays::written::StepKeys;
use crate::scenario::resolver::Resolver;
use crate::units::Span;

/// How long a person is tried unless said. Assumed, and `within` says otherwise: with half of it,
/// the next person is asked five minutes sooner.
const TRIED: Span = Span::from_secs(600);

/// Somebody who is asked: a role or a person, and for how long if that is said.
struct AskedParty {
    role: Option<RoleId>,
    people: Vec<PersonId>,
    time: Option<Span>,
}

impl Resolver<'_> {
    /// A step that asks.
    pub fn ask(&mut self, keys: &StepKeys, roster: &Roster) -> Option<Step> {
        let OneOrMany(written) = keys.ask.as_ref()?;
        let Some(first) = written.first() else {
            self.error(keys.place, "`ask` asks nobody", "name a role: `ask: decider`");
            return None;
        };
        let by = self.channels_or_all(keys.by.as_ref(), first);
        // Without these floors, a rehearsal of an hour could ask billions of times.
        for span in [&keys.each, &keys.within].into_iter().flatten() {
            self.at_least(span, Span::SECOND, "nobody answers within less than a second");
        }
        let asked: Vec<AskedParty> =
            written.iter().filter_map(|word| self.asked(word, roster)).collect();
        let channels = by.len().max(1) as u64;
        let timed = asked.iter().any(|asked| asked.time.is_some());
        // Of several who are listed, each has a share of the whole time; the holders of one role
        // have it each, as somebody who is asked alone has.
        let listed = written.len() as u64;
        let in_all = timed || keys.each.is_some() || keys.rounds.is_some() || listed > 1;
        let alone = match (keys.within, in_all) {
            (Some(within), false) => within.value,
            (Some(within), true) if listed > 1 => within.value / listed,
            _ => TRIED,
        };
        let mut people: Vec<(PersonId, Span)> = Vec::new();
        for (asked, word) in asked.iter().zip(written) {
            let each = match (asked.time, &keys.each) {
                (Some(time), _) => time / channels,
                (None, Some(each)) => each.value,
                (None, None) => alone / channels,
            };
            for person in &asked.people {
                if people.iter().any(|(other, _)| other == person) {
                    let message = format!("{} is asked twice", quoted(&word.value));
                    self.error(word.place, message, "use `rounds` to go through the list again");
                } else {
                    people.push((*person, each));
                }
            }
        }
        let role = match &asked[..] {
            [AskedParty { role, time: None, .. }] => *role,
            _ => None,
        };
        let rounds = keys.rounds.as_ref().map_or(1, |rounds| self.between(rounds, 1..=100));
        let silent = keys.silent.as_ref().and_then(|word| self.instead(word));
        let refused = keys.refused.as_ref().and_then(|word| self.instead(word));
        let Answers { agrees, others } = self.answers(keys, &people)?;
        let mut ask = AskStep {
            role,
            people,
            by,
            rounds,
            within: keys.within.filter(|_| in_all).map(|within| within.value),
            agrees,
            others,
            takes: keys.takes,
            silent,
            refused: refused.unwrap_or_default(),
            approved: None,
        };
        ask.approved = self.approved_of(keys, &ask.people)?;
        if ask.takes.is_some() && ask.within.is_none() {
            // Somebody who has answered does not think about it for ever.
            ask.within = Some(ask.tried_within());
        }
        (asked.len() == written.len()).then_some(Step::Ask(ask))
    }

    /// `decider`, `chris` or `chris 10m`.
    fn asked(&mut self, word: &Placed<String>, roster: &Roster) -> Option<AskedParty> {
        let names = self.names;
        let known = |name: &str| names.roles.contains(name) || names.people.contains(name);
        let parts = word.value.rsplit_once(char::is_whitespace);
        let (name, time) = match parts {
            Some((name, time)) if !known(&word.value) && known(name.trim()) => {
                let time = Span::parse(time);
                let time = time.map_err(|wrong| self.problems.push(wrong.at(word.place))).ok()?;
                let time = Placed { value: time, place: word.place };
                self.positive(&time, "the time of a person");
                (name.trim(), Some(time.value))
            }
            _ => (word.value.as_str(), None),
        };
        let name = Placed { value: name.to_string(), place: word.place };
        if let Some(person) = names.people.get_index_of(&name.value)
            && !names.roles.contains(&name.value)
        {
            return Some(AskedParty { role: None, people: vec![person.into()], time });
        }
        let role = self.role(&name, roster)?;
        Some(AskedParty { role: Some(role), people: roster.holders(role).collect(), time })
    }

    /// `stop`, `next`, `hold 5m`, or a play.
    fn instead(&mut self, word: &Placed<String>) -> Option<Instead> {
        let names = self.names;
        match word.value.as_str() {
            "stop" => return Some(Instead::Stop),
            "next" => return Some(Instead::Next),
            _ => {}
        }
        if let Some(time) = word.value.strip_prefix("hold ")
            && !names.plays.contains(&word.value)
        {
            let time = Span::parse(time.trim());
            let time = time.map_err(|wrong| self.problems.push(wrong.at(word.place))).ok()?;
            let time_there = Placed { value: time, place: word.place };
            let why = "nobody is asked again within a second";
            self.at_least(&time_there, Span::SECOND, why);
            return Some(Instead::Hold(time));
        }
        if !names.plays.contains(&word.value) {
            let message = format!("there is no play {}", quoted(&word.value));
            let plays: Vec<&str> = names.plays.iter().map(String::as_str).collect();
            let hint = format!("write `next`, `stop`, `hold 5m`, or a play: {}", plays.join(", "));
            self.error(word.place, message, &hint);
            return None;
        }
        self.find(&names.plays, word, "play").map(Instead::Play)
    }
}
