//! Patterns of text that this module looks for.

/// Declares a regular expression that is made once, when it is first looked for.
macro_rules! pattern {
    ($name:ident, $text:expr) => {
        static $name: std::sync::LazyLock<regex::Regex> = std::sync::LazyLock::new(|| {
            regex::Regex::new($text).expect("a pattern that a test has tried")
        });
    };
}

pub(super) use pattern;
