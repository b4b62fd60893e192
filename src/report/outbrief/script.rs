//! The one script of a page, and the policy that lets nothing else run.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

/// Answers a pointer, follows links to a moment, filters segments. The page is whole without it.
pub(super) const SCRIPT: &str = include_str!("page.js");

/// Loads the screen of players again, and scrolls its drawings to what is new.
pub(super) const AGAIN: &str = include_str!("players.js");

/// Nothing is loaded and nothing is run but this script, whatever a scenario's names say.
pub(super) fn policy(script: &str) -> String {
    let nothing = "default-src 'none'; style-src 'unsafe-inline'";
    if script.is_empty() {
        return nothing.to_string();
    }
    let hash = BASE64_STANDARD.encode(Sha256::digest(script.as_bytes()));
    format!("{nothing}; script-src 'sha256-{hash}'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_lets_only_this_script_run() {
        // As `openssl dgst -sha256 -binary | base64` says of it.
        let alert = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='";
        assert!(policy("alert('Hello, world.');").ends_with(&format!("script-src {alert}")));
        assert!(policy(SCRIPT).starts_with("default-src 'none'; "));
        assert!(!policy("").contains("script-src"));
        // What would end the script early, or reach outside.
        for part in ["</", "<!--", "http:", "https:", "eval(", "innerHTML", "fetch("] {
            assert!(!SCRIPT.contains(part), "{part} in the script");
            assert!(!AGAIN.contains(part), "{part} in the script of players");
        }
    }
}
