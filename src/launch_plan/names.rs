//! Who is meant: names with question marks, first names, and who is tried after whom.

use super::pattern::pattern;
use std::collections::HashSet;
use std::sync::LazyLock;

/// A person as a line of the plan names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The name as written, without marks.
    pub name: String,
    /// The plan itself is not sure (`Josh Tuscher?`, `probably Sean`).
    pub tentative: bool,
    /// What follows the name in parentheses.
    pub note: Option<String>,
}

/// Words that begin with a capital and are not names.
const NOT_NAMES: &str = "
    a abstain access account accountable action actions admin against agenda alert alerts all
    analytics and announce annual anti any api app approval approvals approve approver
    architect archive area asana audience audit authority aws azure backend backup backups
    basic before begin bitbucket blocked blog bluesky board bridge business call change changes
    channel chat check chief client clinical cloud cloudflare code command commander comms
    communications company compliance confirm confluence contact contacts content core create
    customer customers daily dashboard data database datadog date day debug december decision
    department deploy design desk developer devops director discord docker document
    documentation duration each email emergency enable end engineer engineering ensure
    enterprise error escalation estimate everybody everyone exec executive external facebook
    fail failed feature february figma final finance first follow for founder free friday
    frontend github gitlab go google governance grafana green guests have help heroku high hold
    hosting hourly hr identify if immediate implementation in incident info infra
    infrastructure initial instagram instructions internal issue issues it january jenkins jira
    july kafka key kibana kubernetes launch lead leadership legal level linear link linkedin
    living location log logistics low maintenance major management manager marketing mastodon
    medium meeting members metrics minor mitigation mobile moderate monday monitor monitoring
    monthly motivation name network newsletter next nexus no nobody none normal not note notes
    notifications notify notion november october office officer on open operations operator ops
    optional orange other others owner partner pass passed pending people phase phone pilot
    plan planning platform poll portal post postgres premium press primary priority pro process
    product production professional program project prometheus public purpose qa quality
    quarterly ready recommended red reddit redeploy redis release representative required
    research responder response responsibilities responsibility responsible revert review risk
    role rollback rolled room routine run sales saturday scope scribe second secondary section
    security send senior sentry september server service severity site slack social someone
    specialist splunk sponsor sre staff stage staging stakeholder stakeholders standard start
    status step steps stripe subject success summary sunday support system systems task team
    technical technology telegram template terraform test the third this threshold thursday
    time title traffic training trello trigger tuesday twilio twitter type unknown update
    urgent use user users vendor vercel verified verify version war warning we web webex
    website wednesday weekly whatsapp when where who yearly yellow yes youtube zoom
";

static KNOWN: LazyLock<HashSet<&str>> = LazyLock::new(|| NOT_NAMES.split_whitespace().collect());

/// Ways to reach people, as plans write them, and as scenarios call them.
const CHANNELS: [(&str, &str); 17] = [
    ("email", "email"),
    ("e-mail", "email"),
    ("mail", "email"),
    ("slack", "slack"),
    ("teams", "teams"),
    ("chat", "chat"),
    ("phone", "phone"),
    ("call", "phone"),
    ("mobile", "phone"),
    ("cell", "phone"),
    ("telephone", "phone"),
    ("text", "text"),
    ("sms", "text"),
    ("pager", "pager"),
    ("page", "pager"),
    ("pagerduty", "pager"),
    ("bridge", "phone"),
];

pattern!(ARROW, r"\s*(?:->|→|⇒|=>|-->|>>|➔|➜)\s*|\s+>\s+");
pattern!(
    IF_NOT,
    concat!(
        r"(?i)[,;.]?\s*\b(?:if not(?: available)?(?:\s+[\w.'-]+)?|otherwise|failing that)\s*,?",
        r"\s*(?:then\s+)?",
    )
);
pattern!(PARTED, r"(?i)\s*(?:,|;|/|\band\b|&|\+)\s*");
pattern!(DOUBT, r"(?i)\b(?:probably|maybe|perhaps|likely|possibly|tentative(?:ly)?)\b:?\s*");
pattern!(NOTE, r"\(([^()]*)\)");

/// Whether these words look like the name of a person.
pub fn is_person(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() || words.len() > 4 {
        return false;
    }
    words.iter().enumerate().all(|(index, word)| {
        let letters: Vec<char> = word.trim_end_matches('.').chars().collect();
        let lower = word.to_lowercase();
        // "Post-Incident" is no more of a name than "Incident" is.
        let mut parts = lower.trim_end_matches('.').split('-');
        let known = parts.any(|part| KNOWN.contains(part));
        let initial = letters.len() == 1 && index > 0;
        let shape = letters.first().is_some_and(|letter| letter.is_uppercase())
            && letters.iter().all(|l| l.is_alphabetic() || matches!(l, '\'' | '’' | '-'));
        let shouted = letters.len() > 1 && letters.iter().all(|letter| !letter.is_lowercase());
        !known && shape && (initial || letters.len() > 1) && !shouted
    })
}

/// The people whom a list names: `James Kassemi, Alex Loer`, `Nick (hydra) and Kam?`. What is no
/// name is left out; the second value says whether anything was.
pub fn mentions(text: &str) -> (Vec<Mention>, bool) {
    let mut found = Vec::new();
    let mut left_out = false;
    for part in PARTED.split(text.trim().trim_end_matches('.')) {
        if part.trim().is_empty() {
            continue;
        }
        match mention(part) {
            Some(mention) => found.push(mention),
            None => left_out = true,
        }
    }
    (found, left_out)
}

/// The one person whom these words name.
pub fn mention(text: &str) -> Option<Mention> {
    let note = NOTE.captures(text).map(|found| found[1].trim().to_string());
    let bare = NOTE.replace_all(text, " ");
    let doubted = DOUBT.is_match(&bare) || bare.contains('?');
    let bare = DOUBT.replace_all(&bare, "");
    let marks = |letter: char| !letter.is_alphanumeric() && letter != '.';
    let name = bare.replace('?', " ");
    let name = name.trim().trim_matches(marks).trim_start_matches('@').trim();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    is_person(&name).then_some(Mention { name, tentative: doubted, note })
}

/// Who is tried after whom: one list of people per turn; more than one are tried in turn as well.
/// `None` where the text has neither arrows nor "if not … then".
pub fn chain(text: &str) -> Option<Vec<Vec<Mention>>> {
    let arrows = IF_NOT.replace_all(text, " -> ");
    let parts: Vec<&str> = ARROW.split(&arrows).filter(|part| !part.trim().is_empty()).collect();
    if parts.len() < 2 {
        return None;
    }
    let turns: Vec<Vec<Mention>> = parts.iter().map(|part| mentions(part).0).collect();
    turns.iter().all(|turn| !turn.is_empty()).then_some(turns)
}

/// The roles that a text puts in order, where it names nobody: `On-call → Lead → Director`.
pub fn roles_in_order(text: &str) -> Option<Vec<String>> {
    let parts: Vec<&str> = ARROW.split(text).map(str::trim).collect();
    let role = |part: &&str| {
        let words = part.split_whitespace().count();
        (1..=4).contains(&words) && part.starts_with(|letter: char| letter.is_uppercase())
    };
    let all = parts.len() >= 2 && parts.iter().all(role);
    all.then(|| parts.iter().map(|part| part.trim_end_matches('.').to_string()).collect())
}

/// The channels that a text puts in order: `email -> slack -> phone`.
pub fn channels_in_order(text: &str) -> Option<Vec<&'static str>> {
    let words: Vec<&str> = ARROW.split(text).collect();
    let mut found: Vec<&'static str> = Vec::new();
    for (index, part) in words.iter().enumerate() {
        // Only the word next to the arrow belongs to the order.
        let word = match index {
            0 => part.split_whitespace().next_back(),
            _ => part.split_whitespace().next(),
        };
        match word.and_then(channel) {
            Some(channel) if !found.contains(&channel) => found.push(channel),
            Some(_) => {}
            None => break,
        }
    }
    (found.len() >= 2).then_some(found)
}

/// The channels that a text names, in its order.
pub fn channels(text: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    for word in text.split(|letter: char| !letter.is_alphanumeric() && letter != '-') {
        if let Some(channel) = channel(word).filter(|channel| !found.contains(channel)) {
            found.push(channel);
        }
    }
    found
}

fn channel(word: &str) -> Option<&'static str> {
    let word = word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase();
    CHANNELS.iter().find(|(name, _)| *name == word).map(|(_, channel)| *channel)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        let shown = |mention: &Mention| {
            let mark = if mention.tentative { "?" } else { "" };
            format!("{}{mark}", mention.name)
        };
        mentions(text).0.iter().map(shown).collect()
    }

    #[test]
    fn people_are_told_from_teams() {
        assert_eq!(names("Jo Miller, Zoë O'Neil"), ["Jo Miller", "Zoë O'Neil"]);
        assert_eq!(names("Nick (web), Kam (search) and Lu?"), ["Nick", "Kam", "Lu?"]);
        assert_eq!(names("probably Sean, who else?"), ["Sean?"]);
        assert!(names("?").is_empty() && names("Help Desk").is_empty() && names("NSOC").is_empty());
        for words in
            ["First Responder", "Responsibility", "Exec Sponsor", "Post-Launch", "Compliance"]
        {
            assert!(!is_person(words), "{words}");
        }
        assert!(is_person("Chris G.") && !is_person("Ops Engineer") && !is_person("the team"));
    }

    #[test]
    fn chains_as_people_write_them() {
        let turns = |text| {
            let turns = chain(text)?;
            let turn = |turn: Vec<Mention>| {
                turn.into_iter().map(|mention| mention.name).collect::<Vec<_>>().join("+")
            };
            Some(turns.into_iter().map(turn).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(turns("Mo -> Ray → Cy"), Some("Mo Ray Cy".to_string()));
        assert_eq!(turns("Nick (a), Eu (b) -> Jim"), Some("Nick+Eu Jim".to_string()));
        let spoken = "Jim, if not then Wes, if not Wes, then Ed.";
        assert_eq!(turns(spoken), Some("Jim Wes Ed".to_string()));
        assert_eq!(turns("a -> b"), None, "no names");
        assert_eq!(turns("Jim, Wes"), None);
        let order = channels_in_order("respond via email -> slack -> phone if urgent");
        assert_eq!(order, Some(vec!["email", "slack", "phone"]));
        assert_eq!(channels("Get email confirmation"), ["email"]);
    }
}
