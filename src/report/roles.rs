//! Replaces names with roles in what is shared, so that nobody is named.

use crate::explanation::PlayExplanation;
use crate::journal::{Entry, Header, Story};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::io;

/// How people are referred to in the outbrief and in the findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Naming {
    /// By what they are for: "the decider", "the second on call".
    #[default]
    Roles,
    /// By their names.
    People,
}

/// The same run with everybody called by what they are for.
pub(crate) fn with_roles(header: &Header, story: &Story) -> io::Result<(Header, Story)> {
    let roles = Roles::from_header(header);
    let mut header = header.clone();
    header.people.iter_mut().for_each(|(name, _)| *name = roles.whole(name));
    header.faults = roles.replaced("faults", &header.faults)?;
    header.findings = roles.replaced("findings", &header.findings)?;
    header.inputs = roles.replaced("inputs", &header.inputs)?;
    header.rehearsal = roles.replaced("rehearsal", &header.rehearsal)?;
    if let Some(expect) = header.plan.get_mut("expect") {
        roles.walk("", expect);
    }
    let mut told = Story::default();
    for entry in story.entries() {
        let entry: Entry = roles.replaced("", entry)?;
        told.add(&entry);
    }
    Ok((header, told))
}

/// The plays of the same run, likewise.
pub(crate) fn plays(header: &Header, plays: &[PlayExplanation]) -> Vec<PlayExplanation> {
    let roles = Roles::from_header(header);
    let mut plays = plays.to_vec();
    for step in plays.iter_mut().flat_map(|play| &mut play.steps) {
        step.text = roles.text(&step.text);
        step.caution = step.caution.as_ref().map(|caution| roles.text(caution));
    }
    plays
}

/// What is kept beside the same run, likewise.
pub(crate) fn beside<T: Serialize + DeserializeOwned>(header: &Header, of: &T) -> io::Result<T> {
    Roles::from_header(header).replaced("", of)
}

/// What everybody is for.
struct Roles {
    /// Names and words, the longest name first, so that no name is found within another.
    words: Vec<(String, String)>,
}

/// Names that are words of every day, so that a sentence may have them without meaning anybody.
const EVERYDAY: [&str; 24] = [
    "art", "bill", "case", "chase", "chip", "drew", "faith", "grace", "guy", "hope", "jack", "joy",
    "mark", "may", "page", "pat", "ray", "rich", "rob", "rose", "skip", "sue", "ward", "will",
];

impl Roles {
    fn from_header(header: &Header) -> Roles {
        let people = header.plan.pointer("/playbook/roster/people").and_then(Value::as_array);
        let named = |index: usize| {
            let unnamed = people.and_then(|people| people.get(index)?["unnamed"].as_bool());
            !unnamed.unwrap_or(false)
        };
        let ladders = header.plan.pointer("/playbook/roster/escalations").and_then(Value::as_array);
        let ladders: Vec<Vec<usize>> = ladders.into_iter().flatten().map(members).collect();
        let mut words: Vec<(String, String)> = Vec::new();
        for (index, (name, roles)) in header.people.iter().enumerate() {
            // Where nobody is named, the name is that of the role.
            if !named(index) || name.is_empty() {
                continue;
            }
            let role = roles.first();
            let others = header.people.iter().enumerate().filter(|(other, (_, roles))| {
                *other != index && named(*other) && roles.first() == role
            });
            let on_ladder =
                ladders.iter().find_map(|ladder| ladder.iter().position(|member| *member == index));
            let before = others.clone().filter(|(other, _)| *other < index).count();
            let word = match (on_ladder, others.count()) {
                (_, 0) if !role.is_empty() => format!("the {role}"),
                (Some(place), _) if ladders.len() == 1 => format!("the {} on call", nth(place)),
                _ if !role.is_empty() => format!("the {} of {role}", nth(before)),
                (Some(place), _) => format!("the {} on call", nth(place)),
                _ => "somebody without a role".to_string(),
            };
            let same = words.iter().filter(|(_, known)| {
                *known == word || known.strip_prefix(&word).is_some_and(|r| r.starts_with(" ("))
            });
            let word = match same.count() {
                0 => word,
                more => format!("{word} ({})", more + 1),
            };
            words.push((name.clone(), word));
        }
        words.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        Roles { words }
    }

    /// The words for a name, or for the names in what is called otherwise: `chris's boss`.
    fn named(&self, name: &str) -> String {
        match self.words.iter().any(|(known, _)| known == name) {
            true => self.whole(name),
            false => self.text(name),
        }
    }

    /// The words for a name; what is not a name stays as it is.
    fn whole(&self, name: &str) -> String {
        let known = self.words.iter().find(|(known, _)| known == name);
        known.map_or_else(|| name.to_string(), |(_, word)| word.clone())
    }

    /// A text with the words in place of every name in it.
    fn text(&self, text: &str) -> String {
        let mut text = text.to_string();
        for (name, word) in &self.words {
            text = text.replace(&format!("`{name}`"), word);
            if !EVERYDAY.contains(&name.as_str()) {
                text = by_word(&text, name, word);
            }
        }
        text
    }

    /// Something of the journal with words in place of names wherever people are meant.
    fn replaced<T: Serialize + DeserializeOwned>(&self, key: &str, of: &T) -> io::Result<T> {
        let mut value = serde_json::to_value(of)?;
        self.walk(key, &mut value);
        Ok(serde_json::from_value(value)?)
    }

    fn walk(&self, key: &str, value: &mut Value) {
        match value {
            Value::String(text) => match key {
                "person" | "actor" | "from" | "to" | "by" | "responder" | "decider" | "owner"
                | "decided_by" | "seats" | "audience" | "told" | "whom" => *text = self.named(text),
                "text" | "question" | "observed" | "note" | "source" | "caveat" | "value"
                | "path" | "fault" | "faults" | "cause" => *text = self.text(text),
                _ => {}
            },
            Value::Array(list) => list.iter_mut().for_each(|item| self.walk(key, item)),
            Value::Object(map) => map.iter_mut().for_each(|(key, item)| self.walk(key, item)),
            _ => {}
        }
    }
}

/// The people of a ladder in the order in which they are tried.
fn members(ladder: &Value) -> Vec<usize> {
    let people = ladder["people"].as_array().into_iter().flatten();
    people.filter_map(|person| Some(person.as_u64()? as usize)).collect()
}

/// `first`, `second`, …, `11th`.
fn nth(position: usize) -> String {
    const WORDS: [&str; 6] = ["first", "second", "third", "fourth", "fifth", "sixth"];
    match WORDS.get(position) {
        Some(word) => (*word).to_string(),
        None => format!("no. {}", position + 1),
    }
}

/// A text in which a name that is a word of its own is replaced.
fn by_word(text: &str, name: &str, word: &str) -> String {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let mut replaced = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let (before, after) = (&rest[..at], &rest[at + name.len()..]);
        let last = before.chars().next_back().or(replaced.chars().next_back());
        let alone = !last.is_some_and(part) && !after.chars().next().is_some_and(part);
        replaced.push_str(before);
        // `unreachable-james` names a fault after whom it hits.
        if alone && replaced.ends_with('-') {
            replaced.pop();
            replaced.push_str(": ");
        }
        replaced.push_str(if alone { word } else { name });
        rest = after;
    }
    replaced + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::fixture;
    use crate::names::HeldRoles;

    fn roles(people: &[(&str, &str)], plan: Value) -> Roles {
        let (header, _) = fixture::proxy_outage();
        let people =
            people.iter().map(|(a, b)| (a.to_string(), HeldRoles::from(b.to_string()))).collect();
        Roles::from_header(&Header { people, plan, ..header })
    }

    #[test]
    fn people_are_called_by_what_they_are_for() {
        let plan = serde_json::json!({"playbook": {"roster": {
            "people": [{"unnamed": false}, {"unnamed": false}, {"unnamed": false},
                {"unnamed": true}],
            "escalations": [{"people": [1, 2]}],
        }}});
        let people = [("chris", "decider, owner"), ("wyatt", "ops"), ("james", "ops"), ("oit", "")];
        let roles = roles(&people, plan);
        let said = |name| roles.whole(name);
        assert_eq!(said("chris"), "the decider");
        assert_eq!([said("wyatt"), said("james")], ["the first on call", "the second on call"]);
        assert_eq!(said("oit"), "oit", "nobody is named there");
        let text = "`chris` is the only `decider`; asked in vain: james by email, jamesons";
        let expected = "the decider is the only `decider`; asked in vain: the second on call by \
                        email, jamesons";
        assert_eq!(roles.text(text), expected);
        assert_eq!(roles.text("unreachable-james"), "unreachable: the second on call");
    }

    #[test]
    fn two_of_a_kind_stay_two_and_words_of_every_day_stay_words() {
        let people = [("will", "press"), ("ann", "press"), ("bob", ""), ("eve", "")];
        let roles = roles(&people, Value::Null);
        assert_eq!(roles.whole("ann"), "the second of press");
        assert_eq!(roles.whole("eve"), "somebody without a role (2)");
        assert_eq!(
            roles.text("it will be said; ask `will`"),
            "it will be said; ask the first of press"
        );
    }

    #[test]
    fn no_name_is_left_in_what_is_handed_on() {
        let (header, entries) = fixture::proxy_outage();
        let story = fixture::story(&entries);
        let (header, told) = with_roles(&header, &story).expect("plain data");
        let all = serde_json::to_string(&told.entries().to_vec()).expect("plain data");
        for name in ["wyatt", "chris", "james", "josh"] {
            assert!(!all.contains(&format!("\"{name}\"")), "{name} in {all}");
        }
        assert_eq!(header.people[0].0, "the decider");
        assert_eq!(told.incidents()[0].first().decider.as_deref(), Some("the decider"));
    }
}
