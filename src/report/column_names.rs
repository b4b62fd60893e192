//! What the columns of `trials.csv` are called: lower-case letters, digits and underscores, so that
//! databases, R and pandas take them without quotes.

use crate::campaign::{Headline, HeadlineUnit};
use std::collections::BTreeSet;

/// What symbols are called in a name; of those with the same beginning, the longest first.
const SIGNS: [(&str, &str); 9] = [
    ("<=", "le"),
    (">=", "ge"),
    ("!=", "ne"),
    ("<", "lt"),
    (">", "gt"),
    ("=", "eq"),
    ("≤", "le"),
    ("≥", "ge"),
    ("%", "pct"),
];

/// One name for each headline, in order: `detect_s`, `meets_detected_lt_3m`,
/// `affected_browser_chrome`. No two are the same, for those who do not tell small letters from
/// capitals either: one that was taken before goes on with `_2`.
pub(super) fn column_names(headlines: &[Headline]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let name = |headline: &Headline| {
        let unit = match headline.unit {
            HeadlineUnit::Seconds => "_s",
            HeadlineUnit::PerDay => "_per_day",
            HeadlineUnit::Chance
            | HeadlineUnit::Requests
            | HeadlineUnit::Users
            | HeadlineUnit::UserMinutes
            | HeadlineUnit::Updates => "",
        };
        let name = clean(&headline.subject.to_string()) + unit;
        let others = (2..).map(|nth| format!("{name}_{nth}"));
        let mut names = std::iter::once(name.clone()).chain(others);
        let free = names.find(|name| taken.insert(name.clone()));
        free.expect("numbers do not end")
    };
    headlines.iter().map(name).collect()
}

/// Words as one name. What is neither a letter nor a digit parts words; of a name in another script
/// the letters stay.
fn clean(words: &str) -> String {
    let mut words = words.to_lowercase();
    for (sign, name) in SIGNS {
        words = words.replace(sign, &format!(" {name} "));
    }
    let parts = words.split(|character: char| !character.is_alphanumeric());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(headlines: &[(&str, HeadlineUnit)]) -> Vec<String> {
        let headline = |(name, unit): &(&str, HeadlineUnit)| Headline {
            subject: name.to_string().into(),
            unit: *unit,
        };
        column_names(&headlines.iter().map(headline).collect::<Vec<_>>())
    }

    #[test]
    fn words_and_signs_become_names() {
        let cases = [
            ("meets detected < 3m", HeadlineUnit::Chance, "meets_detected_lt_3m"),
            (
                "meets recovered < 1h 30m all-clear",
                HeadlineUnit::Chance,
                "meets_recovered_lt_1h_30m_all_clear",
            ),
            ("meets detected < 1.5s of db", HeadlineUnit::Chance, "meets_detected_lt_1_5s_of_db"),
            (
                "meets alerts: ErrorSpike, SlowPages",
                HeadlineUnit::Chance,
                "meets_alerts_errorspike_slowpages",
            ),
            ("detect", HeadlineUnit::Seconds, "detect_s"),
            ("false alarms", HeadlineUnit::PerDay, "false_alarms_per_day"),
            (
                "user-minutes lost, browser IE 11",
                HeadlineUnit::UserMinutes,
                "user_minutes_lost_browser_ie_11",
            ),
            (
                "affected, browser =HYPERLINK(\"x\")",
                HeadlineUnit::Users,
                "affected_browser_eq_hyperlink_x",
            ),
            ("affected, tool Ä≥5%", HeadlineUnit::Users, "affected_tool_ä_ge_5_pct"),
        ];
        for (words, unit, name) in cases {
            assert_eq!(names(&[(words, unit)]), [name]);
        }
    }

    #[test]
    fn no_name_is_given_twice() {
        let alike = ["a b", "A-b", "a_b_2", "a.b"].map(|words| (words, HeadlineUnit::Users));
        assert_eq!(names(&alike), ["a_b", "a_b_2", "a_b_2_2", "a_b_3"]);
        let hostile = ["affected, browser \u{202e}\n", "affected, browser \"\""];
        let hostile = hostile.map(|words| (words, HeadlineUnit::Users));
        assert_eq!(names(&hostile), ["affected_browser", "affected_browser_2"]);
    }
}
