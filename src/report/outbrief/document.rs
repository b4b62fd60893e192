//! The frame of every page: self-contained, without script, in light and dark.

use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The look, in light and dark and on paper.
pub(super) const LOOK: &str = include_str!("look.css");

/// Nothing is loaded and nothing is run, whatever a scenario's names say.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// A section below the first screen: where, its name, what it holds.
pub(in crate::report) type Section<'a> = (&'a str, &'a str, Markup);

/// What a page is about, and what stands above and below its sections.
pub(in crate::report) struct Frame<'a> {
    /// `Outbrief: …`, in the window's title.
    pub title: &'a str,
    /// The small line above the heading.
    pub eyebrow: Markup,
    pub heading: &'a str,
    /// What the first screen shows.
    pub first: Markup,
    pub footer: Markup,
}

/// The head of a page that asks for nothing from outside. `more` is what else stands in it.
pub(in crate::report) fn head(title: &str, more: Markup, styles: &[&str]) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            (more)
            meta http-equiv="Content-Security-Policy" content=(POLICY);
            title { (title) }
            style { @for style in styles { (PreEscaped(*style)) } }
        }
    }
}

/// A page that follows the reader's choice of light or dark.
pub(super) fn light_and_dark() -> Markup {
    html! { meta name="color-scheme" content="light dark"; }
}

/// A whole page. It ends in a newline.
pub(in crate::report) fn document(frame: Frame, sections: &[Section]) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (head(frame.title, light_and_dark(), &[LOOK]))
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
                    @for (id, name, content) in sections {
                        section.part aria-labelledby=(id) { h2 id=(id) { (name) } (content) }
                    }
                }
                footer { (frame.footer) }
            }
        }
    };
    page.into_string() + "\n"
}
