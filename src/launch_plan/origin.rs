//! Where a value of a draft comes from, as the comment beside it says: `plan: line 12`, of several
//! `plan: line 5, 28`, of a rule with the words of the plan, `plan: line 75: Spike in errors`.

use std::fmt::Display;

/// What such a comment begins with.
const PLAN_LINE: &str = "plan: line ";

/// That a value comes from a line, or from several with commas between them.
pub(super) fn from_line(line: impl Display) -> String {
    format!("{PLAN_LINE}{line}")
}

/// The same with what the plan says there.
pub(super) fn from_words(line: usize, words: &str) -> String {
    format!("{PLAN_LINE}{line}: {words}")
}

/// Where something comes from, read from the comment that a draft has of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanOrigin {
    /// The lines of the plan, as they are written: `5, 28`.
    pub lines: String,
    /// What the plan says there, where the comment has that.
    pub words: Option<String>,
}

impl PlanOrigin {
    /// `None` for a comment that says something else; what others have added after a semicolon
    /// stays with the words.
    pub fn of_comment(comment: &str) -> Option<PlanOrigin> {
        let rest = comment.strip_prefix(PLAN_LINE)?;
        let (lines, words) = match rest.split_once(": ") {
            Some((lines, words)) => (lines, Some(words.to_string())),
            None => (rest, None),
        };
        Some(PlanOrigin { lines: lines.to_string(), words })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_line_is_found_again(lines in proptest::collection::vec(1usize..999, 1..4)) {
            let lines: Vec<String> = lines.iter().map(usize::to_string).collect();
            let lines = lines.join(", ");
            let found = PlanOrigin::of_comment(&from_line(&lines));
            prop_assert_eq!(found, Some(PlanOrigin { lines, words: None }));
        }

        #[test]
        fn words_are_found_again(line in 1usize..999, words in ".{0,30}") {
            let found = PlanOrigin::of_comment(&from_words(line, &words));
            let lines = line.to_string();
            prop_assert_eq!(found, Some(PlanOrigin { lines, words: Some(words) }));
        }
    }
}
