//! Browsers by their user agents: the data set that the ua-parser projects share, and its parser.

use serde::Deserialize;
use std::fmt;
use std::sync::OnceLock;
use ua_parser::user_agent::{Builder, Extractor, Parser};

/// The part of `regexes.yaml` of uap-core that is about browsers, of 11 August 2026.
const BROWSERS: &str = include_str!("browsers.yaml");

/// What simulated visitors call themselves if their browser has no well-known agent.
const SIMULATED: &str = "Mozilla/5.0 (compatible; sim; ";

/// Agents of the browsers that scenarios name most, as simulated visitors send them.
const WELL_KNOWN: [(&str, &str); 5] = [
    (
        "chrome",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
         Chrome/70.0.3538.77 Safari/537.36",
    ),
    (
        "safari",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14_1) AppleWebKit/605.1.15 (KHTML, like Gecko) \
         Version/12.0.1 Safari/605.1.15",
    ),
    ("ie11", "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko"),
    ("firefox", "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:63.0) Gecko/20100101 Firefox/63.0"),
    (
        "edge",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
         Chrome/64.0.3282.140 Safari/537.36 Edge/17.17134",
    ),
];

/// Tells browsers from agents.
pub(super) struct Agents(Extractor<'static>);

impl fmt::Debug for Agents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Agents")
    }
}

#[derive(Deserialize)]
struct DataSet {
    user_agent_parsers: Vec<Parser<'static>>,
}

/// The data set, made ready once when the first agent is looked at.
pub(super) fn agents() -> &'static Agents {
    static AGENTS: OnceLock<Agents> = OnceLock::new();
    AGENTS.get_or_init(|| {
        let data: DataSet = serde_yaml::from_str(BROWSERS).expect("a checked data set");
        let builder = data.user_agent_parsers.into_iter().try_fold(Builder::new(), Builder::push);
        let extractor = builder.expect("checked patterns").build().expect("checked patterns");
        Agents(extractor)
    })
}

impl Agents {
    /// Words by which a scenario may call the browser of an agent, the most particular first:
    /// `ie11`, `ie`, `internet-explorer`. Empty if it is of no known browser.
    pub fn words(&self, agent: &str) -> Vec<String> {
        if let Some(name) = agent.strip_prefix(SIMULATED) {
            return vec![name.trim_end_matches(')').to_string()];
        }
        let Some(found) = self.0.extract(agent) else { return Vec::new() };
        let family = found.family.to_lowercase().replace(' ', "-");
        let version = found.major.map(|major| format!("{family}{major}"));
        let plain: Vec<&str> =
            family.split('-').filter(|word| !["mobile", "ios", "webview"].contains(word)).collect();
        let mut words: Vec<String> = version.into_iter().collect();
        let plain = plain.join("-");
        words.push(family);
        if plain == "ie" {
            words.push("internet-explorer".to_string());
        }
        words.push(plain);
        words
    }
}

/// The agent that simulated visitors with this browser send.
pub fn agent_of(browser: &str) -> String {
    let known = WELL_KNOWN.iter().find(|(name, _)| *name == browser);
    known.map_or_else(|| plain(browser), |(_, agent)| agent.to_string())
}

/// An agent that names its browser and nothing else.
pub(super) fn plain(browser: &str) -> String {
    format!("{SIMULATED}{browser})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simulated_agents_are_read_back_as_their_browsers() {
        for browser in ["chrome", "safari", "ie11", "firefox", "edge", "other", "text-browser"] {
            let words = agents().words(&agent_of(browser));
            assert!(words.iter().any(|word| word == browser), "{browser}: {words:?}");
        }
    }

    #[test]
    fn the_words_go_from_the_particular_to_the_plain() {
        let words = |agent| agents().words(agent);
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 12_1 like Mac OS X) AppleWebKit/605.1.15 \
                     (KHTML, like Gecko) Version/12.0 Mobile/15E148 Safari/604.1";
        assert_eq!(words(phone), ["mobile-safari12", "mobile-safari", "safari"]);
        let explorer = agent_of("ie11");
        assert_eq!(words(&explorer), ["ie11", "ie", "internet-explorer", "ie"]);
        assert_eq!(words("curl/7.61.0").last().map(String::as_str), Some("curl"));
        assert!(words("-").is_empty());
    }
}
