//! Problems as the terminal shows them: the message, the line with a caret, the advice.

use crate::language::problem::{Problem, ProblemSeverity, Problems};
use crate::language::source::Place;
use crate::names::{is_hidden, visible};
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Origin as At, Renderer, Snippet};

/// More than these are counted, not shown.
const SHOWN: usize = 50;
/// Columns of a line where nothing says how wide it may be.
const COLUMNS: usize = 140;
/// In fewer columns nothing of a line would be left beside its number.
const NARROWEST: usize = 24;

impl Problems {
    /// All problems in rustc's style, in the order of their places, at most fifty of them.
    pub fn render(&self, color: bool) -> String {
        self.render_within(color, COLUMNS)
    }

    /// The same for this many columns: of a longer line the part around its caret is shown. What is
    /// said of it is whole.
    pub fn render_within(&self, color: bool, columns: usize) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let columns = columns.clamp(NARROWEST, COLUMNS);
        let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(columns);
        let texts: Vec<String> = self.sources.iter().map(|s| without_hidden(&s.text)).collect();
        let mut parts: Vec<String> =
            self.iter().take(SHOWN).map(|p| self.render_one(p, &texts, &renderer)).collect();
        let more = self.iter().count().saturating_sub(SHOWN);
        if more > 0 {
            parts.push(format!("… and {more} more"));
        }
        parts.join("\n\n") + "\n"
    }

    fn render_one(&self, problem: &Problem, texts: &[String], renderer: &Renderer) -> String {
        let [message, label] = [&problem.message, &problem.label].map(|text| safe(text));
        let level = match problem.severity {
            ProblemSeverity::Error => Level::ERROR,
            ProblemSeverity::Warning => Level::WARNING,
            ProblemSeverity::Finding => Level::NOTE.with_name("finding"),
        };
        let path_of = |place: Place| safe(&self.sources[place.source].path_shown);
        let path = path_of(problem.place);
        let also = problem.also.as_ref().map(|(place, label)| (*place, safe(label)));
        let title = level.primary_title(message.as_str());
        let mut group = if problem.place.line == 0 {
            title.element(At::path(&path))
        } else {
            let text = texts[problem.place.source].as_str();
            let primary = AnnotationKind::Primary.span(span(text, problem.place));
            let mut snippet = Snippet::source(text).path(&path).annotation(primary.label(&label));
            if let Some((place, label)) = &also
                && place.source == problem.place.source
            {
                let context = AnnotationKind::Context.span(span(text, *place));
                snippet = snippet.annotation(context.label(label.as_str()));
            }
            title.element(snippet)
        };
        if let Some((place, label)) = &also
            && place.source != problem.place.source
            && place.line > 0
        {
            let text = texts[place.source].as_str();
            let context = AnnotationKind::Context.span(span(text, *place)).label(label.as_str());
            group = group.element(Snippet::source(text).path(path_of(*place)).annotation(context));
        }
        let hint = problem.hint.as_ref().map(|hint| safe(hint));
        if let Some(hint) = &hint {
            group = group.element(Level::HELP.with_name("hint").message(hint.as_str()));
        }
        renderer.render(&[group])
    }
}

/// A text with what would not be seen, or would change how others are seen, written out; its lines
/// stay lines.
fn safe(text: &str) -> String {
    text.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

/// At least one character wide, on one line, within the text, on character boundaries.
fn span(text: &str, place: Place) -> std::ops::Range<usize> {
    let start = boundary(text, place.start);
    let line_end = text[start..].find(['\n', '\r']).map_or(text.len(), |at| start + at);
    let next = text[start..].chars().next().map_or(start, |c| start + c.len_utf8());
    let end = boundary(text, place.end).min(line_end);
    start..end.max(next.min(line_end)).max(start)
}

/// The nearest character boundary at or before an offset.
fn boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// The same text, byte for byte as long, with characters that would not be seen replaced.
fn without_hidden(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\n' | '\r' | '\t') || !is_hidden(c) {
            shown.push(c);
        } else {
            shown.extend(std::iter::repeat_n('?', c.len_utf8()));
        }
    }
    shown
}
