//! What a phrase of a plan does: asks, tells, calls or changes something.

use super::facts::StatedAction;
use super::lengths::{TimedWords, length, timed};
use super::names::{Mention, channels, mention};
use super::pattern::pattern;
use super::state::is_role;

pattern!(
    ASK,
    r"(?ix)\b(?:gets?|obtains?|requests?|asks?\ for|awaits?|waits?\ for|receives?|secures?|seeks?)\b
      .{0,40}?\b(?:confirmation|approval|sign-?\ ?off|permission|go-?ahead|ok|decision
        |authori[sz]ation)\b
      (?:\s+(?:from|of|by)\s+(?:the\s+)?(?<who>[^,;.]+))?"
);
pattern!(
    ASK_WHOM,
    r"(?ix)\basks?\s+(?:the\s+)?(?<who>[\p{L}][^,;.]{1,40}?)\s+(?:for\s+(?:\w+\s+){0,2}?
      (?:confirmation|approval|sign-?\ ?off|permission|go-?ahead|ok|decision|authori[sz]ation)
        |to\s+(?:approve|confirm|sign\ off|decide))\b"
);
pattern!(
    NEEDS_YES,
    concat!(
        r"(?i)^(?:this |it |which )?(?:requires?|needs?)\s+(?:the )?",
        r"(?<who>[\p{L}][\p{L} .-]{0,30}?)(?:['’]s)?\s+",
        r"(?:approval|sign-?off|permission|go-?ahead|ok|confirmation)\b",
    )
);
pattern!(
    APPROVES,
    concat!(
        r"(?i)^(?<who>[\p{L}][\p{L} .'-]*?)\s+(?:must |has to |needs to )?(?:approves?",
        r"|confirms?|signs? off|decides?)\b",
    )
);
pattern!(
    TELL,
    r"(?ix)^(?:(?<from>[\p{L}][\p{L}.'’-]*(?:\s[\p{Lu}][\p{L}.'’-]*){0,2})\s+)??
      (?:will\s+|to\s+)?
      (?:updates?|tells?|notif(?:y|ies)|informs?|alerts?|e?-?mails?|messages?|pings?
        |briefs?|gives?|lets?|announces?|communicates?|sends?|posts?|publish(?:es)?|shares?)
      \s+(?<rest>.+)$"
);
pattern!(
    IN_PUBLIC,
    r"(?i)#\w|\b(?:status page|channel|bridge|war[- ]room|stakeholders|customers|public|users)\b"
);
pattern!(
    EVERY,
    concat!(
        r"(?i)[,;]?\s*(?:and\s+)?(?:then\s+)?\bevery\s+(?<length>\d+\s*(?:m|mins?|minutes?|h",
        r"|hours?))\b",
    )
);
pattern!(TEMPLATE, r"(?i)\bw(?:/|ith)\s*(?:the\s+)?(?<text>[^,;]*\btemplate\b[^,;]*)");
pattern!(
    AFTER_WHOM,
    concat!(
        r"(?i)\s+(?:w/|with\b|a\s+heads?[ -]?up|know\b|on\b|about\b|that\b|via\b",
        r"|by\b|when\b|of\b|in\b|at\b|for\b|as\b|once\b).*$",
    )
);
pattern!(INSIDE, r"\((?<who>[^()]{2,40})\)");
pattern!(TO_WHOM, r"(?i)\bto\s+(?:the\s+)?(?<who>[^,;.(]+)");
pattern!(
    PAGE,
    r"(?i)^(?:page|call|phone|escalate(?: this)? to|bring in)\s+(?:the\s+)?(?<who>[^,;.]+)"
);
pattern!(
    CHANGE,
    r"(?ix)\b(?:deploys?|reverts?|rolls?\s?back|roll\s+\w+\s+back|switch(?:es)?
|flips?|puts?\ up|enables?|disables?|restarts?|scales?|merges?
      |releases?|push(?:es)?|turns?\ (?:on|off)|cuts?\ over|fails?\ over|points?
        |migrates?|restores?|swaps?|promotes?|activates?|redeploys?|re-deploys?|takes?\ down
        |starts?\ up|stops?|ramps?|rolls?\ out|upgrades?|toggles?|redirects?|repoints?|shifts?
        |runs?\ (?:the\ |a\ |all\ )?(?:\w+\ )?(?:migrations?|scripts?|playbooks?))\b"
);

pattern!(
    TOGETHER,
    concat!(
        r"(?i)^(?:everyone|everybody|all|the (?:whole )?team)\b.*\b(?:phone|bridge|conference",
        r"|(?:the|a) call)\b",
    )
);
pattern!(WANTED, r"(?i)^(?:we )?(?:still )?(?:needs?|missing|to be written|to do)\b");
pattern!(
    BECOMES,
    concat!(
        r"(?i)\b(?:is|are|will be|gets?)\s+(?:\w+ly\s+)?(?:released|deployed|merged|pushed",
        r"|switched|promoted|published|cut over|migrated|turned (?:on|off))\b",
    )
);

pattern!(
    ONLY_SPEAKS,
    concat!(
        r"(?i)^(?:[\p{L}.@-]+\s+){0,2}?(?:verif(?:y|ies)|confirms?|checks?|tests?|documents?",
        r"|records?|reviews?|monitors?|declares?|discuss(?:es)?|considers?|decides?",
        r"|assess(?:es)?|ensures?|watch(?:es)?|plans?|schedules?|prepares?|analy[sz]es?",
        r"|writes?|reports?|debates?|if|when)\b",
    )
);
pattern!(
    NOUN,
    concat!(
        r"(?i)^[- ]+(?:initiated|complete\w*|executed|done|decisions?|plan|procedures?",
        r"|reasons?|analysis|communication|messages?|criteri\w+|triggers?|status|confirmed",
        r"|steps|needed|team|scripts?|tests?|tested|debated|successful|process|announcement",
        r"|time|window|notes|rehearsal|in progress)\b",
    )
);
pattern!(
    CARRIES_OUT,
    r"(?i)\b(?:executes?|initiates?|triggers?|starts?|begins?|performs?|runs?)\b"
);

/// Whether the words only speak of a change: `Verify rollback complete`, `Rollback procedure`.
fn only_mentions_change(before: &str, after: &str, phrase: &str) -> bool {
    !CARRIES_OUT.is_match(before) && (ONLY_SPEAKS.is_match(phrase) || NOUN.is_match(after))
}

pattern!(
    PAGE_UP,
    r"(?i)\bmaintenance\b|\b503\b|\b(?:sorry|holding|outage|splash|down|static) page\b"
);

/// Whether the words speak of the page that visitors see while the site is taken down.
pub fn is_page(words: &str) -> bool {
    PAGE_UP.is_match(words)
}

/// Whether the words name a condition of what was said before them: `Requires CTO approval`.
pub fn is_condition(phrase: &str) -> bool {
    NEEDS_YES.is_match(phrase.trim())
}

/// Whether the phrase says that something is still missing.
pub fn wanted(phrase: &str) -> bool {
    WANTED.is_match(phrase.trim())
}

/// Whether the phrase says that something of the site is changed, without saying by whom.
pub fn says_site_changes(phrase: &str) -> bool {
    BECOMES.is_match(phrase)
}

/// What a phrase does; `None` where that cannot be told.
pub fn action(phrase: &str) -> Option<StatedAction> {
    let phrase = phrase.trim().trim_end_matches('.');
    if TOGETHER.is_match(phrase) {
        let (to, text) = ("everyone".to_string(), phrase.to_string());
        return Some(StatedAction::Tell { from: None, to, template: None, every: None, text });
    }
    if let Some(found) = asks(phrase) {
        let who = found.name("who").map_or("", |who| who.as_str());
        return Some(ask(strip(who), phrase));
    }
    if let Some(told) = TELL.captures(phrase).and_then(|found| tell(&found, phrase)) {
        return Some(told);
    }
    if let Some(found) = PAGE.captures(phrase) {
        return Some(StatedAction::Page { who: strip(&found["who"]).to_string() });
    }
    if let Some(found) = APPROVES.captures(phrase).filter(|found| {
        let helps = ["will", "may", "can", "must", "should"];
        !helps.contains(&found["who"].to_lowercase().as_str()) && mention(&found["who"]).is_some()
    }) {
        let what = CHANGE.is_match(phrase);
        return (!what).then(|| ask(strip(&found["who"]), phrase));
    }
    let timed = timed(phrase);
    change(&timed.text, &timed).or_else(|| {
        let told = !timed.text.is_empty() && !SILENT.is_match(phrase);
        let takes = timed.takes.filter(|_| told)?;
        Some(StatedAction::Work { what: timed.text, takes })
    })
}

fn asks(phrase: &str) -> Option<regex::Captures<'_>> {
    let patterns = [&ASK, &ASK_WHOM, &NEEDS_YES];
    patterns.iter().find_map(|pattern| pattern.captures(phrase))
}

fn ask(who: &str, phrase: &str) -> StatedAction {
    StatedAction::Ask { who: who.to_string(), by: channels(phrase), deputy: None, within: None }
}

/// What the words change, if they do.
fn change(phrase: &str, timed: &TimedWords) -> Option<StatedAction> {
    let changes = CHANGE.find(phrase)?;
    // "Do not deploy" changes nothing, and "after the deploy" is no order.
    let before = phrase[..changes.start()].to_lowercase();
    let refused =
        ["not ", "n't ", "never ", "no ", "after ", "before ", "during ", "until ", "freeze "];
    if refused.iter().any(|word| before.ends_with(word) || before.starts_with(word))
        || only_mentions_change(&before, &phrase[changes.end()..], phrase)
    {
        return None;
    }
    let (takes, propagates) = (timed.takes.clone(), timed.propagates.clone());
    Some(StatedAction::Change { what: phrase.to_string(), takes, propagates })
}

pattern!(
    SILENT,
    concat!(
        r"(?i)^(?:if|when|where) (?:there is |there's )?(?:no|nobody|not|(?:he|she|they|\w+) ",
        r"(?:does not|doesn't|do not|don't|is not|isn't|cannot|can't))\b.*?\b(?:answers?",
        r"|repl(?:y|ies)|responses?|responds?|reach(?:ed|able)|available|decision)\b",
        r"(?:.*?\b(?:in|within|after|for)\s+(?<length>\d+\s*(?:m|mins?|minutes?|h|hours?)))?",
    )
);

/// Whether the words speak of an answer that does not come (`if no answer in 10 minutes`), and how
/// long that is waited for.
pub fn unanswered(phrase: &str) -> Option<Option<String>> {
    let found = SILENT.captures(phrase.trim())?;
    Some(found.name("length").and_then(|found| length(found.as_str())))
}

pattern!(
    HELPS_NOT,
    concat!(
        r"(?i)^(?:if|should|when) (?:it|that|this|(?:the )?(?:\w+ ){1,3}?)?\s*(?:still )?",
        r"(?:fails?|(?:does not|doesn't|did not|didn't) (?:help|work)|is not possible",
        r"|cannot be done)\b",
    )
);

/// How often something is said again, where the words say nothing else: `every 30 minutes`.
pub fn repeated(phrase: &str) -> Option<String> {
    let phrase = phrase.trim().trim_end_matches('.');
    let found = EVERY.captures(phrase).filter(|found| found[0].len() == phrase.len())?;
    length(&found["length"])
}

/// Whether words begin with a verb that changes something of the site.
pub fn begins_with_change(words: &str) -> bool {
    CHANGE.find(words.trim()).is_some_and(|found| found.start() == 0)
}

/// Whether the words speak of a repair that does not help: `if that fails`.
pub fn fails(phrase: &str) -> bool {
    HELPS_NOT.is_match(phrase.trim())
}

fn tell(found: &regex::Captures<'_>, phrase: &str) -> Option<StatedAction> {
    let from: Option<Mention> = found.name("from").and_then(|from| {
        // "chris sends the mail": people leave out the capital.
        let mut letters = from.as_str().chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        mention(from.as_str()).or_else(|| mention(&first.chain(letters).collect::<String>()))
    });
    // "IC posts an update": whoever holds the role.
    let role = found.name("from").map(|from| from.as_str()).filter(|from| is_role(from));
    let held = role.map(|role| Mention { name: role.to_string(), tentative: false, note: None });
    let from = from.or(held);
    if found.name("from").is_some() && from.is_none() {
        return None;
    }
    let every = EVERY.captures(&found["rest"]).and_then(|found| length(&found["length"]));
    let rest = &EVERY.replace(&found["rest"], "");
    let template = TEMPLATE.captures(rest).map(|found| {
        let words = found["text"].trim_matches(|letter| matches!(letter, '[' | ']' | ' '));
        let open = words.to_lowercase().contains("define") || words.contains('?');
        if open { "?".to_string() } else { words.to_string() }
    });
    let direct = AFTER_WHOM.replace(rest, "");
    let direct = strip(direct.split(['(', ',', ';']).next().unwrap_or_default());
    // "give the partner a heads up (Lee Roe)", "update OIT (the web team)": who is meant is in
    // the parentheses.
    let inside = INSIDE.captures(rest).map(|found| found["who"].trim().to_string());
    let direct = match inside {
        Some(who) if mention(&who).is_some_and(|who| who.name.contains(' ')) => who,
        Some(who) if who.split_whitespace().count() <= 3 => format!("{direct} ({who})"),
        _ => direct.to_string(),
    };
    // "sends the decision doc to Pat" names whom after "to"; "sends decision doc" names nobody.
    let to = match TO_WHOM.captures(rest) {
        Some(to) => strip(AFTER_WHOM.replace(&to["who"], "").as_ref()).to_string(),
        None => direct,
    };
    // "posts in #launch", "updates the status page": whoever looks there is told.
    let to = match mention(&to).is_none() && IN_PUBLIC.is_match(rest) {
        true => "everyone".to_string(),
        false => to,
    };
    Some(StatedAction::Tell { from, to, template, every, text: phrase.to_string() })
}

fn strip(words: &str) -> &str {
    let words = words.trim().trim_start_matches("the ").trim_start_matches("The ");
    words.trim_matches(|letter: char| matches!(letter, ' ' | '.' | ':' | '!' | '"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_do_what_they_say() {
        let ask = action("Get email confirmation from Pat");
        let right = super::ask("Pat", "by email");
        assert_eq!(ask, Some(right));
        let asked = action("Ask Sam Roe for approval by phone");
        assert_eq!(asked, Some(super::ask("Sam Roe", "by phone")));
        assert_eq!(unanswered("if no answer in 10 minutes"), Some(Some("10m".into())));
        assert_eq!(unanswered("If she cannot be reached"), Some(None));
        assert_eq!(unanswered("if no error is seen"), None);
        assert!(fails("If that does not help") && fails("if the rollback fails"));
        let Some(StatedAction::Tell { to, every, .. }) =
            action("Post status page update every 30 minutes")
        else {
            panic!("a message")
        };
        assert_eq!((to.as_str(), every.as_deref()), ("everyone", Some("30m")));
        assert!(matches!(
            action("IC announces rollback in #war-room"),
            Some(StatedAction::Tell { .. })
        ));
        let Some(StatedAction::Change { what, takes, .. }) =
            action("Flip feature flag `new` off (2 min)")
        else {
            panic!("a change")
        };
        assert_eq!((what.as_str(), takes.as_deref()), ("Flip feature flag `new` off", Some("2m")));
        let tests = StatedAction::Work { what: "Smoke tests".into(), takes: "15m".into() };
        assert_eq!(action("Smoke tests (15 min)"), Some(tests));
        let Some(StatedAction::Tell { from: None, to, template: None, .. }) =
            action("give the partner a heads up (Lee Roe)")
        else {
            panic!("a message")
        };
        assert_eq!(to, "Lee Roe", "who is meant is in the parentheses");
    }

    #[test]
    fn phrases_that_only_mention_something_do_nothing() {
        assert!(wanted("Need improved failure page") && !wanted("Needle"));
        assert!(
            says_site_changes("Builds are released as always")
                && !says_site_changes("Release the build")
        );
        let Some(StatedAction::Tell { to, .. }) =
            action("Everyone's back on the phone until it is over")
        else {
            panic!("a call")
        };
        assert_eq!(to, "everyone");
        let Some(StatedAction::Tell { from: Some(from), to, template, .. }) =
            action("Sam updates Pat w/[define comms template]")
        else {
            panic!("a message")
        };
        assert_eq!(
            (from.name.as_str(), to.as_str(), template.as_deref()),
            ("Sam", "Pat", Some("?"))
        );
        let deploy = action("deploy configuration update to go back");
        assert!(matches!(deploy, Some(StatedAction::Change { .. })));
        assert_eq!(action("Do not push layout changes"), None);
        assert_eq!(action("the weather is fine"), None);
        for words in [
            "Verify rollback complete",
            "Rollback initiated",
            "Eng lead confirms with \"ROLLBACK CONFIRMED\"",
            "If rollback needed",
            "Will confirm completion",
            "Document the rollback reason",
        ] {
            assert_eq!(action(words), None, "{words}");
        }
        for words in ["Execute the rollback script", "Ann rolls back", "Roll it back"] {
            assert!(matches!(action(words), Some(StatedAction::Change { .. })), "{words}");
        }
        assert_eq!(
            action("Page the database team"),
            Some(StatedAction::Page { who: "database team".into() })
        );
    }
}
