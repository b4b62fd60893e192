//! Commands that are to be typed again.

/// A word as a shell takes it: quoted where it must be.
pub(in crate::cli) fn for_shell(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./,:=+".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_string() } else { in_quotes(word) }
}

/// A word in quotes, whatever is in it.
pub(in crate::cli) fn in_quotes(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_typed_again_survives_the_shell() {
        assert_eq!(for_shell("scenarios/proxy-outage.yaml"), "scenarios/proxy-outage.yaml");
        assert_eq!(for_shell("my day.yaml"), "'my day.yaml'");
        assert_eq!(for_shell("$(ls)"), "'$(ls)'");
        assert_eq!(in_quotes("scenario=it's"), r"'scenario=it'\''s'");
    }
}
