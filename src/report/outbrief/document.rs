//! The frame of every page: self-contained, whole without script, in light and dark; its one
//! script, and the policy that lets nothing else run.

use super::formatting::shown;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

/// The look, in light and dark and on paper.
pub(super) const STYLES: &str = include_str!("look.css");

/// A section below the first screen: where, its name, what it holds.
pub(in crate::report) type PageSection<'a> = (&'a str, &'a str, Markup);

/// What a page is about, and what comes above and below its sections.
pub(in crate::report) struct PageFrame<'a> {
    /// `Outbrief: …`, in the window's title.
    pub title: &'a str,
    /// The small line above the heading.
    pub eyebrow: Markup,
    pub heading: &'a str,
    /// What the first screen shows.
    pub first: Markup,
    pub footer: Markup,
    /// What runs in the page; nothing if it is empty.
    pub script: &'a str,
    /// The sections from this one on begin a new sheet of paper.
    pub later: usize,
    /// The sections from this one on are folded.
    pub appendix: usize,
}

/// The head of a page that asks for nothing from outside. `more` is what else it holds.
pub(in crate::report) fn head(title: &str, more: Markup, styles: &[&str]) -> Markup {
    scripted_head(title, more, styles, "")
}

/// The same with this script, which the page has at its end, as the only one that runs.
pub(super) fn scripted_head(title: &str, more: Markup, styles: &[&str], script: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            (more)
            meta http-equiv="Content-Security-Policy" content=(policy(script));
            title { (title) }
            style { @for style in styles { (PreEscaped(*style)) } }
        }
    }
}

/// A page that follows the reader's choice of light or dark.
pub(super) fn light_and_dark() -> Markup {
    html! { meta name="color-scheme" content="light dark"; }
}

/// The title of a page's window: what it is, of which scenario.
pub(in crate::report) fn named(what: &str, scenario: &str) -> String {
    format!("{what}: {}", shown(scenario))
}

/// The same as it is in the page.
pub fn page_title(what: &str, scenario: &str) -> String {
    html! { (named(what, scenario)) }.into_string()
}

/// A whole page. It ends in a newline.
pub(in crate::report) fn document(frame: PageFrame, sections: &[PageSection]) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (scripted_head(frame.title, light_and_dark(), &[STYLES], frame.script))
            body {
                a.skip href="#content" { "Skip to the content" }
                header {
                    p.eyebrow { (frame.eyebrow) }
                    h1 { (frame.heading) }
                }
                main id="content" {
                    (frame.first)
                    nav aria-label="Contents" {
                        ul { @for (id, name, _) in sections {
                            li { a href={ "#" (id) } { (name) } }
                        } }
                    }
                    @for (position, (id, name, content)) in sections.iter().enumerate() {
                        @if position < frame.appendix {
                            section.part.later[position >= frame.later] aria-labelledby=(id) {
                                h2 id=(id) { (name) }
                                (content)
                            }
                        } @else {
                            details.part.appendix {
                                summary { h2 id=(id) { (name) } }
                                (content)
                            }
                        }
                    }
                }
                footer { (frame.footer) }
                @if !frame.script.is_empty() { script { (PreEscaped(frame.script)) } }
            }
        }
    };
    page.into_string() + "\n"
}

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
