//! What must be met before the launch.

use super::facts::{CriterionAsk, LineStatus, StatedCriterion};
use super::lines::Kind;
use super::pattern::pattern;
use super::state::PlanReader;
use super::topic::Topic;

pattern!(
    LEADS_IN,
    r"(?i)\bcrit\w+a\b|\bmust be (?:met|true)\b|\bin order to launch\b|\blaunch only if\b|\bgo if\b"
);
pattern!(
    USERS,
    r"(?i)^(?:at least |more than |>=? ?)?(?<n>\d[\d,. ]*\d|\d)\s*(?<k>k)?\s*\+?\s*(?:\w+ )?users\b"
);
pattern!(
    COVERAGE,
    concat!(
        r"(?i)(?<n>\d{1,3})\s*%[^.]*\b(?:divers\w+|representative|coverage)\b|\b(?:representat",
        r"ive|coverage) of\s+(?<m>\d{1,3})\s*%",
    )
);

pattern!(
    SOURCES,
    concat!(
        r"(?i)\bno\s+(?:\w+\s+)?(?:trends?|issues?|problems?|errors?|complaints?|regressions?)",
        r"\s+(?:in|from|on|with)\s+(?<list>[^.;]+)",
    )
);
pattern!(PARTED, r"(?i)\s*(?:,\s*(?:and|or)?|\band\b|\bor\b)\s+");

/// A line of a go/no-go list; `None` where it is none.
pub(super) fn criterion(reader: &mut PlanReader<'_>, index: usize) -> Option<LineStatus> {
    let line = &reader.lines[index];
    let listed = matches!(line.kind, Kind::Item { .. });
    let led = reader.lead_of(index).is_some_and(|lead| LEADS_IN.is_match(lead));
    let headed = line.under.last().is_some_and(|at| LEADS_IN.is_match(&reader.lines[*at].text));
    let topics = reader.topics(index);
    let rollback =
        reader.lead_of(index).is_some_and(|lead| lead.to_lowercase().contains("rollback"));
    if !listed || !(led || headed) || rollback || !topics.contains(&Topic::GoNoGo) && !led {
        return None;
    }
    if reader.names_people(index) {
        // Who is asked is below what is asked, in the same list.
        reader.end_lead();
        return None;
    }
    let found = criteria(&line.text, line.number);
    reader.facts.criteria.extend(found);
    Some(LineStatus::Understood("a go/no-go criterion"))
}

/// The criteria of a line: one, or two where a number and what several people watch stand together.
pub(super) fn criteria(text: &str, line: usize) -> Vec<StatedCriterion> {
    let asked = asked(text);
    let mut found = vec![StatedCriterion { text: text.to_string(), asked, line }];
    let sources = sources(text);
    if !matches!(found[0].asked, CriterionAsk::Attested(_))
        && let Some(part) = SOURCES.find(text)
    {
        let text = part.as_str().trim().to_string();
        found.push(StatedCriterion { text, asked: CriterionAsk::Attested(sources), line });
    }
    found
}

/// Where nothing bad may be seen: `no trends in analytics, calls or feedback`.
fn sources(text: &str) -> Vec<String> {
    let Some(found) = SOURCES.captures(text) else { return Vec::new() };
    let parts = PARTED.split(&found["list"]).map(|part| part.trim().to_string());
    parts.filter(|part| !part.is_empty() && part.len() <= 60).take(20).collect()
}

/// What a program can check of a criterion.
pub(super) fn asked(text: &str) -> CriterionAsk {
    if let Some(found) = COVERAGE.captures(text) {
        let share = found.name("n").or(found.name("m")).and_then(|n| n.as_str().parse().ok());
        let lower = text.to_lowercase();
        let named = ["browser", "login", "account", "tool"].into_iter();
        let dimensions: Vec<&'static str> = named.filter(|word| lower.contains(word)).collect();
        if let Some(share) = share.filter(|share| (1..=100).contains(share))
            && !dimensions.is_empty()
        {
            return CriterionAsk::Coverage(share, dimensions);
        }
    }
    if let Some(found) = USERS.captures(text) {
        let digits: String = found["n"].chars().filter(char::is_ascii_digit).collect();
        let thousand = if found.name("k").is_some() { 1000 } else { 1 };
        if let Some(number) = digits.parse::<u64>().ok().and_then(|n| n.checked_mul(thousand)) {
            return CriterionAsk::Users(number);
        }
    }
    CriterionAsk::Attested(sources(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn criteria_are_counted_where_they_can_be() {
        assert_eq!(asked("5,000 users in beta"), CriterionAsk::Users(5000));
        assert_eq!(asked("at least 2k beta users"), CriterionAsk::Users(2000));
        let diverse = "Representative of 85% diverse users (across browser types, tool types)";
        assert_eq!(asked(diverse), CriterionAsk::Coverage(85, vec!["browser", "tool"]));
        let none = CriterionAsk::Attested(Vec::new());
        assert_eq!(asked("100% of traffic is on the new site"), none);
        let both = format!("{diverse} have seen it, and there are no odd trends in calls or mail.");
        let both = criteria(&both, 7);
        let watched = CriterionAsk::Attested(vec!["calls".to_string(), "mail".to_string()]);
        assert_eq!((both.len(), &both[1].asked, both[1].line), (2, &watched, 7));
    }
}
