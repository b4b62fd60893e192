//! Messages with `{{fields}}` in them.
//!
//! By hand: eight known fields and nothing else, so that a text from outside cannot run anything.

/// The fields of a message in a play, and what they stand for. `{{at}}` and `{{scenario}}` are
/// known to whoever keeps the clock, the others to the judgement.
pub const FIELDS: [(&str, &str); 8] = [
    ("scenario", "the scenario's own words"),
    ("at", "the time of day at which it is sent"),
    ("incident", "the number of the incident, from 1"),
    ("alert", "the rule that opened the incident"),
    ("severity", "that rule's severity"),
    ("play", "the play"),
    ("change", "the change that is being made"),
    ("status", "the status of the incident: `frontend-revert is under way`"),
];

/// Puts values in the place of fields; a field without a value stays as it is.
pub fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, field, after)) = next_field(rest) {
        filled += before;
        match value(field.trim()) {
            Some(value) => filled += &value,
            None => filled += &rest[before.len()..rest.len() - after.len()],
        }
        rest = after;
    }
    filled + rest
}

/// The names of the fields in a text, in order.
pub fn fields(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((_, field, after)) = next_field(rest) {
        names.push(field.trim());
        rest = after;
    }
    names
}

/// The text before the next field, its inside, and the text after it.
fn next_field(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (field, after) = rest.split_once("}}")?;
    Some((before, field, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_filled_in_once() {
        let value = |field: &str| match field {
            "play" => Some("{{alert}}".to_string()),
            "alert" => Some("ErrorSpike".to_string()),
            _ => None,
        };
        let text = "{{ play }}: {{alert}}, {{at}} {{";
        assert_eq!(fill(text, value), "{{alert}}: ErrorSpike, {{at}} {{");
        assert_eq!(fields(text), ["play", "alert", "at"]);
        assert_eq!(fields("}} {{ {{a}}"), ["{{a"]);
    }
}
