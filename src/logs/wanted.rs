//! The format, as somebody has specified it.

use super::known::{self, KNOWN};
use super::template::{self, TemplateError};
use std::str::FromStr;

/// The format, as somebody has specified it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum FormatSpec {
    /// Look at the first lines.
    #[default]
    Detect,
    /// Common or combined; the place of the response time is still found by looking.
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

impl FormatSpec {
    /// A description of lines, checked.
    pub fn described(text: &str) -> Result<FormatSpec, TemplateError> {
        template::parse(text)?;
        Ok(FormatSpec::Described(text.to_string()))
    }

    /// A word for a format, or a description of one, as `logs: {format: …}` takes either.
    pub fn word_or_description(text: &str) -> Result<FormatSpec, TemplateError> {
        if text.contains(['$', '%']) {
            return FormatSpec::described(text);
        }
        text.parse().map_err(|hint| TemplateError {
            message: format!("`{text}` is not a known log format"),
            hint,
        })
    }

    /// The option that says the same, its words apart; `None` for looking at the lines.
    pub fn option(&self) -> Option<[String; 2]> {
        let (option, text) = match self {
            FormatSpec::Detect => return None,
            FormatSpec::Described(text) => ("--log-format", text.as_str()),
            FormatSpec::Combined => ("--format", "combined"),
            FormatSpec::Known(word) => ("--format", *word),
            FormatSpec::Json => ("--format", "json"),
            FormatSpec::Csv => ("--format", "csv"),
            FormatSpec::W3c => ("--format", "w3c"),
            FormatSpec::Logfmt => ("--format", "logfmt"),
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

impl FromStr for FormatSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<FormatSpec, String> {
        Ok(match text {
            "detect" => FormatSpec::Detect,
            "combined" | "common" => FormatSpec::Combined,
            "json" => FormatSpec::Json,
            "csv" => FormatSpec::Csv,
            "w3c" | "iis" | "cloudfront" => FormatSpec::W3c,
            "logfmt" => FormatSpec::Logfmt,
            word => match known::of_word(word) {
                Some((known, _)) => FormatSpec::Known(known.word),
                None => {
                    let words = FormatSpec::words().join(", ");
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
        for word in FormatSpec::words() {
            assert!(word.parse::<FormatSpec>().is_ok(), "{word}");
        }
        assert!("apache3".parse::<FormatSpec>().expect_err("unknown").contains("combined-us"));
        assert!(FormatSpec::described("$time $status").is_ok());
        assert!(FormatSpec::word_or_description("hello").is_err());
    }
}
