//! What must be met before the launch.

use super::facts::{Asked, Criterion, Fate};
use super::lines::Kind;
use super::state::Reader;
use super::topic::Topic;
use regex::Regex;
use std::sync::LazyLock;

macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: LazyLock<Regex> =
            LazyLock::new(|| Regex::new($text).expect("a pattern of this file"));
    };
}

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

/// A line of a go/no-go list; `None` where it is none.
pub(super) fn criterion(reader: &mut Reader<'_>, index: usize) -> Option<Fate> {
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
        // Who is asked stands below what is asked, in the same list.
        reader.end_lead();
        return None;
    }
    let asked = asked(&line.text);
    let (text, line) = (line.text.clone(), line.number);
    reader.facts.criteria.push(Criterion { text, asked, line });
    Some(Fate::Understood("a go/no-go criterion"))
}

/// What a program can check of a criterion.
pub(super) fn asked(text: &str) -> Asked {
    if let Some(found) = COVERAGE.captures(text) {
        let share = found.name("n").or(found.name("m")).and_then(|n| n.as_str().parse().ok());
        let lower = text.to_lowercase();
        let named = ["browser", "login", "account", "tool"].into_iter();
        let dimensions: Vec<&'static str> = named.filter(|word| lower.contains(word)).collect();
        if let Some(share) = share.filter(|share| (1..=100).contains(share))
            && !dimensions.is_empty()
        {
            return Asked::Coverage(share, dimensions);
        }
    }
    if let Some(found) = USERS.captures(text) {
        let digits: String = found["n"].chars().filter(char::is_ascii_digit).collect();
        let thousand = if found.name("k").is_some() { 1000 } else { 1 };
        if let Some(number) = digits.parse::<u64>().ok().and_then(|n| n.checked_mul(thousand)) {
            return Asked::Users(number);
        }
    }
    Asked::Attested
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn criteria_are_counted_where_they_can_be() {
        assert_eq!(asked("5,000 users in beta"), Asked::Users(5000));
        assert_eq!(asked("at least 2k beta users"), Asked::Users(2000));
        let diverse = "Representative of 85% diverse users (across browser types, tool types)";
        assert_eq!(asked(diverse), Asked::Coverage(85, vec!["browser", "tool"]));
        assert_eq!(asked("100% of traffic is on the new site"), Asked::Attested);
    }
}
