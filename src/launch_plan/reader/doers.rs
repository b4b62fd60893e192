//! Who does what a line says, where it names somebody for it.

use super::super::action::begins_with_change;
use super::super::facts::{ContactChain, StatedAction};
use super::super::names::{is_person, mention, mentions};
use super::super::pattern::pattern;
use super::super::phrase;
use super::super::state::{PlanReader, is_role};

pattern!(DONE_BY, r"\bby (\p{Lu}[\p{L}'’-]+ \p{Lu}[\p{L}'’.-]+)\.?$");

pattern!(INSIDE, r"\((?<inside>[^()]*)\)\s*\.?$");
pattern!(AFTER_DASH, r"\s[-–—]\s*(?<who>\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’.-]+)?)(?:,|$)");
pattern!(
    DOES,
    r"^(?<who>\p{Lu}[\p{L}'’-]+(?: \p{Lu}[\p{L}'’.-]+)?)\s+(?:will\s+\p{Ll}+|\p{Ll}{2,}s)\s"
);

impl PlanReader<'_> {
    /// A person at the end in parentheses, behind a dash, or before a verb is responsible for it.
    pub(super) fn owner(&mut self, text: &str, line: usize) -> Option<usize> {
        let inside = text.rfind('(').map(|at| text[at + 1..].trim_end_matches([')', '.']));
        let named = inside.and_then(mention).filter(|who| who.name.contains(' '));
        let verb = || {
            let words: Vec<&str> =
                text.split([',', '(']).nth(1).map(str::trim).into_iter().collect();
            words.first().and_then(|words| mention(words)).filter(|who| who.name.contains(' '))
        };
        let by = || mention(DONE_BY.captures(text)?.get(1)?.as_str());
        let short = || {
            let found = INSIDE.captures(text).map(|found| found["inside"].to_string());
            let dashed = || Some(AFTER_DASH.captures(text)?["who"].to_string());
            let who = found.or_else(dashed)?;
            mention(&who).filter(|who| who.name.contains(' ') || self.is_named_elsewhere(&who.name))
        };
        let known = named.or_else(verb).or_else(by).or_else(short)?;
        Some(self.person(&known, line))
    }

    /// Whether a single word is somebody whom the plan names more than once: one mention alone may
    /// be the name of anything.
    fn is_named_elsewhere(&self, name: &str) -> bool {
        let word = |part: &str| part == name;
        let split = |letter: char| !letter.is_alphanumeric();
        let times = self.lines.iter().filter(|line| line.text.split(split).any(word)).count();
        self.facts.knows(name) || times > 1
    }

    /// An action without the one who does it, where that is somebody of the plan: `Kim switches the
    /// DNS` is called "switch the DNS".
    pub(super) fn undone_by(&self, act: StatedAction) -> StatedAction {
        let StatedAction::Change { what, takes, propagates } = act else { return act };
        let found = DOES.captures(&what).map(|found| found["who"].to_string());
        let known = found.filter(|who| mention(who).is_some_and(|who| self.facts.knows(&who.name)));
        let what = known.map_or(what.clone(), |who| what[who.len()..].trim().to_string());
        StatedAction::Change { what, takes, propagates }
    }

    /// The chain that does a step: whoever is named before its verb.
    pub(super) fn doing_chain(
        &mut self,
        text: &str,
        act: Option<&StatedAction>,
        line: usize,
    ) -> Option<usize> {
        if let Some(StatedAction::Tell { from: Some(from), .. }) = act {
            if !self.facts.knows(&from.name) {
                let teller = self.person(from, line);
                self.facts.give_role(teller, "comms");
            }
            return None;
        }
        let found = DOES.captures(text)?;
        let who = mention(&found["who"])?;
        // A word alone is somebody only where its verb changes something: "Record counts" does not.
        let acts = act.is_some() && begins_with_change(&text[found["who"].len()..]);
        if is_role(&who.name) || !(acts || self.facts.knows(&who.name)) {
            return None;
        }
        let person = self.person(&who, line);
        Some(self.chain_of(vec![person], line))
    }

    /// The chain of these people, in this order.
    pub(in crate::launch_plan) fn chain_of(&mut self, people: Vec<usize>, line: usize) -> usize {
        if let Some(at) = self.facts.chains.iter().position(|chain| chain.people == people) {
            return at;
        }
        let label = people.first().map_or(String::new(), |at| self.facts.people[*at].name.clone());
        self.facts.chains.push(ContactChain { label, people, line });
        self.facts.chains.len() - 1
    }

    /// `final go/no-go poll (Engineering, Support, Legal?)`: who is asked.
    pub(super) fn polled_in(&mut self, text: &str, index: usize) {
        let Some(found) = INSIDE.captures(text) else { return };
        let line = self.lines[index].number;
        let parts: Vec<String> =
            found["inside"].split(',').map(|part| part.trim().into()).collect();
        let short = |part: &String| part.split_whitespace().count() <= 3 && !part.is_empty();
        if parts.len() < 2 || !parts.iter().all(short) {
            return;
        }
        for part in &parts {
            if phrase::clock(part).is_some() {
                continue;
            }
            let bare = part.trim_end_matches('?').trim();
            match is_person(bare) && self.facts.knows(bare) {
                true => {
                    for who in mentions(part).0 {
                        self.person(&who, line);
                    }
                }
                false => self.polled(bare, line),
            }
        }
    }
}
