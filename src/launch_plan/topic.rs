//! What a heading says that the lines below it are about.

use super::pattern::pattern;

/// What lines are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Who there is.
    People,
    /// Who is called, and after whom.
    Escalation,
    /// What must be met, and who is asked.
    GoNoGo,
    /// When something is bad enough to roll back.
    Trigger,
    /// What is done when something goes wrong.
    Play,
    /// How long changes take.
    ChangeTimes,
    /// What is to be done before.
    Checklist,
    /// A rehearsal.
    Gameday,
}

pattern!(GAMEDAY, r"(?i)\bgame\s?day\b|\b(?:dress )?rehearsal\b|\bdry[ -]run\b|\btabletop\b");
pattern!(
    GO,
    concat!(
        r"(?i)\bgo\s*(?:/|-|or)?\s*no[\s-]*go\b|\bcriteria (?:must|for launch)",
        r"|\b(?:launch|release|exit|cut-?over|go-?live) criteria\b",
    )
);
pattern!(
    PLAY,
    concat!(
        r"(?i)^(?:crisis|contingency|fallback|back-?out|backup|emergency)\b|\broll(?:ing)?[\s-",
        r"]?back (?:plan|steps|procedure|process)\b|^roll[\s-]?back\b|\bif (?:it",
        r"|something|the launch|things?) (?:fails|goes wrong|go wrong|breaks)\b|\b(?:revert",
        r"|back-?out|abort) (?:plan|procedure|steps)\b",
    )
);
pattern!(HANDBOOK, r"(?i)^(?:runbook|playbook)\s*[:–-]\s*\S");
pattern!(
    TRIGGER,
    concat!(
        r"(?i)\b(?:roll[\s-]?back|abort|revert|back-?out|stop|kill)\b.{0,12}\b(?:criteri\w+",
        r"|triggers?|thresholds?|conditions?)\b|\b(?:criteri\w+|triggers?|thresholds?",
        r"|conditions?)\s+(?:for|to)\s+(?:a |an )?(?:roll|abort|revert|back)|^(?:we )?(?:will )?",
        r"(?:abort|roll ?back|revert|back out|stop)(?: the \w+)?\s+(?:if|when)\b|^when (?:do we ",
        r"|to |we )?(?:roll|abort|revert|back out)|^abort if\b",
    )
);
pattern!(
    PLAY_NOT,
    r"(?ix)\b(?:criteria|thresholds?|triggers?|when\ to|contacts?|announcements?|messages?
        |templates?|communications?|numbers?|phones?|escalations?|tests?|verification)\b"
);
pattern!(
    CHANGES,
    r"(?i)\b(?:change|deploy(?:ment)?|release|lead) times?\b|\btime to deploy\b|\bhow long\b"
);
pattern!(CALL, r"(?i)\bescalation\b|\bon[\s-]?call\b|\bphone tree\b|\bwho to call\b|\bcontacts?\b");
pattern!(
    CHECK,
    concat!(
        r"(?i)\bcheck[\s-]?lists?\b|\bpre-?(?:launch|requisites?|flight|deployment)\b",
        r"|\bpreparation\b|\bto[\s-]?do\b|\breadiness\b|\btasks\b|\bbefore (?:the )?launch\b",
        r"|\bmust be available\b|\bassets\b",
    )
);
pattern!(
    PEOPLE,
    concat!(
        r"(?i)\b(?:team|people|roles?|group|staff|stakeholders?|responsib\w+|participants",
        r"|attendees|members|owners)\b",
    )
);

/// Whether a heading begins a runbook: `Runbook: bad deploy`.
pub fn is_handbook(heading: &str) -> bool {
    HANDBOOK.is_match(heading)
}

/// What a heading is about; `None` where it does not say.
pub fn topic(heading: &str) -> Option<Topic> {
    let ordered = [
        (&GAMEDAY, Topic::Gameday),
        (&GO, Topic::GoNoGo),
        (&CHANGES, Topic::ChangeTimes),
        (&CALL, Topic::Escalation),
        (&CHECK, Topic::Checklist),
        (&PEOPLE, Topic::People),
    ];
    if TRIGGER.is_match(heading) {
        return Some(Topic::Trigger);
    }
    if (PLAY.is_match(heading) || is_handbook(heading)) && !PLAY_NOT.is_match(heading) {
        return Some(Topic::Play);
    }
    ordered.iter().find(|(pattern, _)| pattern.is_match(heading)).map(|(_, topic)| *topic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_say_what_they_are_about() {
        for (heading, right) in [
            ("Crisis plan: rollback", Some(Topic::Play)),
            ("Rollback procedure", Some(Topic::Play)),
            ("Thresholds for rollback:", Some(Topic::Trigger)),
            ("Rollback triggers", Some(Topic::Trigger)),
            ("Abort if:", Some(Topic::Trigger)),
            ("When to roll back", Some(Topic::Trigger)),
            ("Runbook: bad deploy", Some(Topic::Play)),
            ("Incident response runbook", None),
            ("Emergency contacts", Some(Topic::Escalation)),
            ("Rollback announcement:", None),
            ("10 AM: Go / No Go", Some(Topic::GoNoGo)),
            ("\"On Call\" escalation paths", Some(Topic::Escalation)),
            ("Deployment Change Times", Some(Topic::ChangeTimes)),
            ("Pre-launch checklist", Some(Topic::Checklist)),
            ("Pause / Pivot / Continue Discussion Group", Some(Topic::People)),
            ("Nov 8:", None),
        ] {
            assert_eq!(topic(heading), right, "{heading}");
        }
    }
}
