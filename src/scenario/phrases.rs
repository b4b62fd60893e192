//! Shares and chances as sentences say them.

use crate::names::{Names, Scope};
use crate::site::TierLoad;
use crate::units::{Span, grouped};

/// A share with as many digits as it is worth: `0.039%`, `3%`, `142%`.
pub fn share(share: f64) -> String {
    let percent = share * 100.0;
    let digits = match percent {
        p if p >= 10.0 || p == 0.0 => 0,
        p if p >= 1.0 => 1,
        p if p >= 0.1 => 2,
        _ => 3,
    };
    let text = format!("{percent:.digits$}");
    let text = if digits > 0 { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "0" && share > 0.0 { "less than 0.001%".to_string() } else { format!("{text}%") }
}

/// A chance per hour: `12% an hour`, `1 in 1,300 hours`.
pub fn chance_per_hour(chance: f64) -> String {
    if chance >= 0.95 {
        "almost certain within an hour".to_string()
    } else if chance >= 0.01 {
        format!("{} an hour", share(chance))
    } else if chance > 1e-6 {
        format!("1 in {} hours", grouped(two_digits(1.0 / chance)))
    } else {
        "less than 1 in a million hours".to_string()
    }
}

fn two_digits(number: f64) -> u64 {
    let scale = libm::pow(10.0, (libm::floor(libm::log10(number)) - 1.0).max(0.0));
    (libm::round(number / scale) * scale) as u64
}

/// A scope as a sentence names it.
pub fn scope_words(names: &Names, scope: Scope) -> String {
    match (scope, names.scope(scope)) {
        (Scope::Site, _) => "the site".to_string(),
        (_, (kind, name)) => format!("{kind} {name}"),
    }
}

/// At most two decimals, none of them superfluous.
pub fn short(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// `with_article`, `a or b`, `a, b or c`.
pub fn listed(words: &[String], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., end] => format!("{} {last} {end}", most.join(", ")),
    }
}

/// `a role`, `an escalation`.
pub fn with_article(what: &str) -> String {
    let vowel = what.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {what}", if vowel { "an" } else { "a" })
}

/// How a load comes about, in words.
pub fn load_sum(load: &TierLoad) -> String {
    format!(
        "{:.1} calls/s, each holding a thread for {}, keep {:.1} of {} threads busy",
        load.calls,
        Span::from_seconds(load.hold()),
        load.busy,
        load.threads,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_digits_than_they_are_worth() {
        let shares = [0.00039, 0.03, 1.42, 0.0, 1e-9, 0.125].map(share);
        assert_eq!(shares, ["0.039%", "3%", "142%", "0%", "less than 0.001%", "12%"]);
        let chances = [1.0, 0.125, 1.0 / 1_337.0, 1e-9].map(chance_per_hour);
        let expected = [
            "almost certain within an hour",
            "12% an hour",
            "1 in 1,300 hours",
            "less than 1 in a million hours",
        ];
        assert_eq!(chances, expected);
    }
}
