//! Commands that are to be typed again.

/// A word as a shell takes it: quoted where it must be.
pub fn for_shell(word: &str) -> String {
    // No argument of a program has a NUL in it; a path that is shown may.
    shlex::try_quote(word).map_or_else(|_| word.replace('\0', ""), String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_be_typed_again_survives_the_shell() {
        assert_eq!(for_shell("scenarios/proxy-outage.yaml"), "scenarios/proxy-outage.yaml");
        for word in ["my day.yaml", "$(ls)", "scenario=it's", "a\nb", "~", "", "*", "a\"b'c`d!"] {
            let quoted = for_shell(word);
            assert_eq!(shlex::split(&quoted), Some(vec![word.to_string()]), "{quoted}");
        }
    }
}
