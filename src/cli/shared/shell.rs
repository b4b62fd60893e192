//! Commands that are to be typed again.

use std::borrow::Cow;

/// A word as a shell takes it: quoted where it must be.
pub(in crate::cli) fn for_shell(word: &str) -> String {
    // Only a NUL can be refused, and no argument of a program has one.
    shlex::try_quote(word).unwrap_or(Cow::Borrowed(word)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_typed_again_survives_the_shell() {
        assert_eq!(for_shell("scenarios/proxy-outage.yaml"), "scenarios/proxy-outage.yaml");
        assert_eq!(for_shell("my day.yaml"), "'my day.yaml'");
        assert_eq!(for_shell("$(ls)"), "'$(ls)'");
        for word in ["", "scenario=it's", "#1", "a\\b\"c!", "~", "日本 語"] {
            let typed = format!("sim run {}", for_shell(word));
            assert_eq!(shlex::split(&typed), Some(vec!["sim".into(), "run".into(), word.into()]));
        }
    }
}
