//! The words of a sheet: actions, and the names of people, channels and changes.

use crate::names::worded;
use strsim::jaro_winkler;

/// The columns of a sheet, in the order in which the printed one has them, with what each holds.
pub const COLUMNS: [(&str, &str); 7] = [
    ("at", "when: 17:42, 5:42 pm or 2018-11-07T17:42:00-05:00"),
    ("actor", "who did it"),
    ("role", "as which role, if not their own"),
    ("channel", "by which channel they were reached or spoke"),
    ("action", "what was done: one of the words below"),
    ("incident", "number of the incident; blank while there is only one"),
    ("note", "the change, the rule, the fault or the message; or anything else"),
];

worded! {
    /// What a row says was done, in the order of a response.
    #[derive(Default)]
    pub enum RowAction {
        Begin = "startex",
        Inject = "inject",
        Alert = "alert",
        Ask = "ask",
        Acknowledge = "ack",
        Declare = "declare",
        NoIncident = "no-incident",
        Choose = "choose",
        Decide = "decide",
        Refuse = "refuse",
        Start = "start",
        Done = "done",
        Failed = "failed",
        Live = "live",
        NoEffect = "no-effect",
        Recovered = "recovered",
        Tell = "tell",
        Play = "play",
        Close = "close",
        #[default]
        Note = "note",
        End = "endex",
    }
}

/// An action as the printed sheet explains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionDoc {
    /// What its word is for.
    pub action: RowAction,
    /// When to write it.
    pub meaning: &'static str,
    /// What belongs into the note; may be empty.
    pub note: &'static str,
}

/// Every action, in the order of a response.
pub const ACTIONS: [ActionDoc; 21] = {
    const fn doc(action: RowAction, meaning: &'static str, note: &'static str) -> ActionDoc {
        ActionDoc { action, meaning, note }
    }
    use RowAction::*;
    [
        doc(Begin, "the rehearsal begins, if by a clock other than the scenario's", ""),
        doc(Inject, "a fault was injected, if not at its planned time", "the fault"),
        doc(Alert, "somebody noticed, or was told by a rule", "the rule, if it was one"),
        doc(Ask, "somebody was paged, called or asked (actor: who was asked)", ""),
        doc(Acknowledge, "somebody answered a page", ""),
        doc(Declare, "it was called an incident", ""),
        doc(NoIncident, "it was said to be no incident", ""),
        doc(Choose, "a change was chosen", "the change"),
        doc(Decide, "the decider said yes", ""),
        doc(Refuse, "the decider said no", ""),
        doc(Start, "the pipeline began to work on the change", "the change, if not the chosen one"),
        doc(Done, "the change was done", "the change, if not the chosen one"),
        doc(Failed, "the change failed", "the change, if not the chosen one"),
        doc(Live, "it was everywhere, if later than done", "the change, if not the chosen one"),
        doc(NoEffect, "it was live and did not help", ""),
        doc(Recovered, "service was back to normal", ""),
        doc(Tell, "somebody told others (role: whom)", "the message"),
        doc(Play, "a play was opened, whatever rule opens it", "the play"),
        doc(Close, "the play was ended, and it was not over", ""),
        doc(Note, "anything else worth remembering", "what"),
        doc(End, "the rehearsal was called off or over", ""),
    ]
};

/// Other words for each action.
const WORDS: [(RowAction, &[&str]); 21] = [
    (RowAction::Begin, &["start exercise", "exercise starts", "begin", "begins"]),
    (RowAction::Inject, &["injected", "fault"]),
    (RowAction::Alert, &["alerted", "alarm", "detected", "noticed"]),
    (RowAction::Ask, &["asked", "page", "paged", "call", "called"]),
    (RowAction::Acknowledge, &["acknowledge", "acknowledged", "answer", "answered", "acked"]),
    (RowAction::Declare, &["declared", "incident"]),
    (RowAction::NoIncident, &["no incident", "not declared", "not-declared"]),
    (RowAction::Choose, &["chose", "chosen", "triage"]),
    (RowAction::Decide, &["decided", "yes", "approve", "approved", "agreed"]),
    (RowAction::Refuse, &["refused", "no", "rejected"]),
    (RowAction::Start, &["started", "deploying", "deploy"]),
    (RowAction::Done, &["deployed", "finished"]),
    (RowAction::Failed, &["fail", "fails"]),
    (RowAction::Live, &["contained"]),
    (RowAction::NoEffect, &["no effect", "not verified", "did not help"]),
    (RowAction::Recovered, &["recover", "recovery", "resolved"]),
    (RowAction::Tell, &["told", "said", "comms"]),
    (RowAction::Play, &["open", "opened"]),
    (RowAction::Close, &["closed"]),
    (RowAction::Note, &["noted", "observation"]),
    (RowAction::End, &["end exercise", "exercise ends", "ends"]),
];

/// The action of a cell.
pub(super) fn action(text: &str) -> Result<RowAction, String> {
    let word = text.trim().to_lowercase();
    let found = WORDS
        .iter()
        .find(|(action, others)| action.word() == word || others.contains(&word.as_str()));
    found
        .map(|(action, _)| *action)
        .ok_or_else(|| hint(&word, &RowAction::ALL.map(RowAction::word)))
}

/// The name of this kind in a cell, whatever its case; with the nearest one in the hint if there
/// is none.
pub fn name(text: &str, names: &[&str]) -> Result<String, String> {
    let same = |name: &&&str| name.to_lowercase() == text.trim().to_lowercase();
    match names.iter().find(same) {
        Some(name) => Ok(name.to_string()),
        None => Err(hint(text.trim(), names)),
    }
}

/// The first of these names that a text contains as a word, the longest if several do.
pub(super) fn named_in(text: &str, names: &[&str]) -> Option<String> {
    let text = text.to_lowercase();
    let edge = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '-' && c != '_');
    let within = |name: &&&str| {
        let name = name.to_lowercase();
        text.match_indices(&name).any(|(at, _)| {
            edge(text[..at].chars().next_back()) && edge(text[at + name.len()..].chars().next())
        })
    };
    names.iter().filter(within).max_by_key(|name| name.len()).map(|name| name.to_string())
}

/// `did you mean `wyatt`?`, or the list of what there is.
pub(super) fn hint(text: &str, names: &[&str]) -> String {
    let near = |name: &&&str| jaro_winkler(&text.to_lowercase(), &name.to_lowercase());
    let nearest = names.iter().max_by(|one, other| near(one).total_cmp(&near(other)));
    match nearest.filter(|name| near(name) > 0.8) {
        Some(name) => format!("did you mean `{name}`?"),
        None if names.is_empty() => "the scenario has none".to_string(),
        None => {
            let more = if names.len() > 20 { ", …" } else { "" };
            format!("write one of: {}{more}", names[..names.len().min(20)].join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_its_own_word() {
        for known in RowAction::ALL {
            assert_eq!(action(known.word()), Ok(known));
        }
        assert_eq!(ACTIONS.map(|doc| doc.action), RowAction::ALL);
        assert_eq!(action(" Acknowledged "), Ok(RowAction::Acknowledge));
        assert_eq!(action("declair"), Err("did you mean `declare`?".to_string()));
        assert!(action("picnic").expect_err("no action").starts_with("write one of: startex"));
    }

    #[test]
    fn names_are_found_in_sentences() {
        let names = ["proxy", "reverse-proxy-update", "update"];
        let found = |text| named_in(text, &names);
        assert_eq!(found("the Reverse-Proxy-Update, of course"), Some(names[1].to_string()));
        assert_eq!(found("updates"), None);
        assert_eq!(found(""), None);
        assert_eq!(name("WYATT ", &["wyatt"]), Ok("wyatt".to_string()));
        assert_eq!(name("wiatt", &["wyatt"]), Err("did you mean `wyatt`?".to_string()));
    }
}
