//! The format, as somebody has specified it.

use super::known::{self, KNOWN};
use super::template::{self, TemplateError};
use std::str::FromStr;

/// The format, as somebody has specified it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Wanted {
    /// Look at the first lines.
    #[default]
    Detect,
    /// Common or combined; where the response time stands is still found by looking.
    Combined,
    /// One of the known formats of text lines, by its word.
    Known(&'static str),
    /// As this log_format, LogFormat or pattern says.
    Described(String),
    /// One JSON object a line.
    Json,
    /// A table with a heading.
    Csv,
    /// Lines under a `#Fields:` heading.
    W3c,
    /// Lines of `key=value` words.
    Logfmt,
}

impl Wanted {
    /// A description of lines, checked.
    pub fn described(text: &str) -> Result<Wanted, TemplateError> {
        template::parse(text)?;
        Ok(Wanted::Described(text.to_string()))
    }

    /// A word for a format, or a description of one, as `logs: {format: …}` takes either.
    pub fn word_or_description(text: &str) -> Result<Wanted, TemplateError> {
        if text.contains(['$', '%']) {
            return Wanted::described(text);
        }
        text.parse().map_err(|hint| TemplateError {
            message: format!("`{text}` is not a known log format"),
            hint,
        })
    }

    /// The option that says the same, its words apart; `None` for looking at the lines.
    pub fn option(&self) -> Option<[String; 2]> {
        let (option, text) = match self {
            Wanted::Detect => return None,
            Wanted::Described(text) => ("--log-format", text.as_str()),
            Wanted::Combined => ("--format", "combined"),
            Wanted::Known(word) => ("--format", *word),
            Wanted::Json => ("--format", "json"),
            Wanted::Csv => ("--format", "csv"),
            Wanted::W3c => ("--format", "w3c"),
            Wanted::Logfmt => ("--format", "logfmt"),
        };
        Some([option, text].map(String::from))
    }

    /// The words for formats.
    pub fn words() -> Vec<&'static str> {
        let mut words = vec!["detect", "combined", "common", "json", "csv", "w3c", "logfmt"];
        words.extend(KNOWN.iter().map(|known| known.word));
        words
    }
}

impl FromStr for Wanted {
    type Err = String;

    fn from_str(text: &str) -> Result<Wanted, String> {
        Ok(match text {
            "detect" => Wanted::Detect,
            "combined" | "common" => Wanted::Combined,
            "json" => Wanted::Json,
            "csv" => Wanted::Csv,
            "w3c" | "iis" | "cloudfront" => Wanted::W3c,
            "logfmt" => Wanted::Logfmt,
            word => match known::of_word(word) {
                Some((known, _)) => Wanted::Known(known.word),
                None => {
                    let words = Wanted::words().join(", ");
                    return Err(format!(
                        "the formats are {words}; any other is described with --log-format"
                    ));
                }
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_has_a_word_and_wrong_ones_are_told_the_right_ones() {
        for word in Wanted::words() {
            assert!(word.parse::<Wanted>().is_ok(), "{word}");
        }
        assert!("apache3".parse::<Wanted>().expect_err("unknown").contains("combined-us"));
        assert!(Wanted::described("$time $status").is_ok());
        assert!(Wanted::word_or_description("hello").is_err());
    }
}
