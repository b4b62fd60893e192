//! The clauses of a line that says several things.

use super::pattern::pattern;

pattern!(PARTED, r"(?i)\s*(?:[,;]\s*(?:and\s+|then\s+)?|\.\s+|\s+then\s+)");

/// The phrases of a line that says several things: `get a yes from Pat, tell Lee, deploy`.
pub fn phrases(line: &str) -> Vec<String> {
    // What is in parentheses or brackets is one with the words before it.
    let mut text = String::new();
    let mut depth = 0;
    for letter in line.chars() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        text.push(if depth > 0 && matches!(letter, ',' | ';' | '.') { '\u{1}' } else { letter });
    }
    PARTED
        .split(&text)
        .map(|part| part.replace('\u{1}', ",").trim().to_string())
        .filter(|part| !part.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_may_say_several_things() {
        let said = phrases("Get a yes from Pat, tell Lee (Roe, Ltd), then deploy. Watch it");
        assert_eq!(said, ["Get a yes from Pat", "tell Lee (Roe, Ltd)", "deploy", "Watch it"]);
    }
}
