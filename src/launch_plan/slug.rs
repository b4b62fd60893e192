//! Words of a plan as names of a scenario.

/// Words as a name of a scenario: `Proxy Rebuild / Deploy` as `proxy-rebuild-deploy`.
pub(super) fn slug(words: &str) -> String {
    let lower = words.to_lowercase();
    let parts = lower.split(|letter: char| !letter.is_alphanumeric());
    parts.filter(|part| !part.is_empty()).take(6).collect::<Vec<_>>().join("-")
}
