//! What surrounds the words of a plan: blocks, elements of HTML, drawn boxes and trees.

use pulldown_cmark::CodeBlockKind;

/// Where each line of the text begins.
pub(super) fn starts(text: &str) -> Vec<usize> {
    let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect()
}

/// The lines that begin with bold letters at the very margin. Directly below an item of a list they
/// are part of it by the rules of Markdown, and a heading to whoever wrote them.
pub(super) fn bold_lines(text: &str) -> Vec<usize> {
    let lines = text.lines().enumerate().filter(|(_, line)| line.starts_with("**"));
    lines.map(|(index, _)| index + 1).collect()
}

/// A block that is not a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MarkupBlock {
    /// Of a program.
    Program,
    /// Lines of the plan that stand there as they are.
    Raw,
    /// Markdown within Markdown.
    Plan,
}

/// Elements of HTML that stand within a line.
const ELEMENTS: &str = "
    a abbr article aside b big blockquote body br button caption center cite code col
    colgroup dd del details dfn div dl dt em figcaption figure font footer form h1 h2 h3 h4
    h5 h6 head header hr html i iframe img input ins kbd label li link main mark meta nav
    nobr noscript ol option p picture pre q s samp script section select small source span
    strike strong style sub summary sup svg table tbody td textarea tfoot th thead time
    title tr tt u ul var video
";

/// Whether this looks like an element of HTML and is none: `<name>`, `<date of launch>`.
pub(super) fn is_gap(markup: &str) -> bool {
    let name = markup.trim_start_matches(['<', '/']);
    let name = name.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default();
    let name = name.to_lowercase();
    !name.is_empty() && !ELEMENTS.split_whitespace().any(|element| element == name)
}

/// Takes the lines of a drawn tree away (`├── alerts`); whether there were any.
pub(super) fn drawn(text: &mut String) -> bool {
    let is_line = |letter: char| matches!(letter, '\u{2500}'..='\u{257f}') || letter == ' ';
    let rest = text.trim_start_matches(is_line);
    let was = rest.len() < text.len();
    if was {
        // The other side of a box, and the marks of a list within it.
        let rest = rest.trim_end_matches(is_line).trim_start_matches(['•', '·', '▪', ' ']);
        *text = rest.to_string();
    }
    was
}

/// Takes the box away that people draw where there is no other (`☐ tested`); whether it is ticked.
pub(super) fn ticked(text: &mut String) -> Option<bool> {
    let (done, rest) = match text.chars().next()? {
        '☐' | '□' | '▢' => (false, &text[3..]),
        '☑' | '☒' | '✓' | '✔' => (true, &text[3..]),
        _ => return None,
    };
    // With several on a line one of them is to be chosen.
    let rest = rest.trim_start_matches('\u{fe0f}').trim();
    if rest.contains(['☐', '□', '▢', '☑', '☒']) {
        return None;
    }
    *text = rest.to_string();
    Some(done)
}

/// Whether a block of code is a program's: it says in which language. Plans also keep contacts and
/// schedules in blocks without one.
pub(super) fn is_program(kind: &CodeBlockKind<'_>) -> bool {
    match kind {
        CodeBlockKind::Fenced(language) => {
            let language = language.trim().to_lowercase();
            !matches!(language.as_str(), "" | "text" | "txt" | "plaintext" | "markdown" | "md")
        }
        CodeBlockKind::Indented => false,
    }
}

/// A request in bold is not a heading.
pub(super) fn is_sentence(text: &str) -> bool {
    text.ends_with('.') && text.split_whitespace().count() > 6
}

/// Text without markup that was meant as such but is none (`** Go No Go **`), and with single
/// spaces.
pub(super) fn tidy(text: &str) -> String {
    let text = text.trim().trim_matches(|letter| matches!(letter, '*' | '_' | '#')).trim();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
