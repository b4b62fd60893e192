//! A plan cut into lines that each know where they stand: under which headings, in which list or
//! table.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// What a line of a plan is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A heading, or a line that stands out in bold: both say what the lines below are about.
    Heading,
    /// A line of a paragraph.
    Words,
    /// An item of a list. `done`: it has a box, ticked or not.
    Item { depth: usize, done: Option<bool> },
    /// A row of a table, with its cells. `head`: it names the columns.
    Row { cells: Vec<String>, head: bool, table: usize },
    /// Markup or code that is not read.
    Markup,
}

/// One line of the plan that has something on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number in the file, from 1.
    pub number: usize,
    /// Its text without markup.
    pub text: String,
    /// What it is.
    pub kind: Kind,
    /// Indices of the headings it stands under, the outermost first.
    pub under: Vec<usize>,
}

/// How deep headings in bold lie below real ones.
const BOLD: u8 = 7;

/// Cuts Markdown into its lines. Plain text is Markdown too: a paragraph a block.
pub fn lines(text: &str) -> Vec<Line> {
    let mut cutter =
        Cutter { starts: starts(text), bold_lines: bold_lines(text), ..Cutter::default() };
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        cutter.event(event, range.start);
    }
    cutter.end_line();
    cutter.lines.sort_by_key(|line| line.number);
    nested(cutter.lines, cutter.levels)
}

/// Where each line of the text begins.
fn starts(text: &str) -> Vec<usize> {
    let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect()
}

/// The lines that begin with bold letters at the very margin. Directly below an item of a list they
/// are part of it by the rules of Markdown, and a heading to whoever wrote them.
fn bold_lines(text: &str) -> Vec<usize> {
    let lines = text.lines().enumerate().filter(|(_, line)| line.starts_with("**"));
    lines.map(|(index, _)| index + 1).collect()
}

#[derive(Default)]
struct Cutter {
    starts: Vec<usize>,
    bold_lines: Vec<usize>,
    lines: Vec<Line>,
    /// How deep each heading is, by its line; bold ones are deepest.
    levels: Vec<(usize, u8)>,
    text: String,
    /// How many of the letters stood in bold.
    bold: usize,
    in_bold: usize,
    at: Option<usize>,
    heading: Option<u8>,
    depth: usize,
    done: Option<bool>,
    cells: Option<(Vec<String>, bool)>,
    tables: usize,
    /// Within a block of code; true for a program's, false for text that only looks like that.
    code: Option<bool>,
}

impl Cutter {
    fn event(&mut self, event: Event<'_>, at: usize) {
        match event {
            Event::Start(tag) => self.start(&tag, at),
            Event::End(tag) => self.end(tag),
            Event::Text(text)
            | Event::Code(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text) => self.add(&text, at),
            Event::SoftBreak | Event::HardBreak => self.end_line(),
            Event::TaskListMarker(ticked) => self.done = Some(ticked),
            Event::Html(text) | Event::InlineHtml(text) => self.markup(&text, at),
            Event::FootnoteReference(text) => self.add(&text, at),
            Event::Rule => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>, at: usize) {
        match tag {
            Tag::Heading { level, .. } => {
                self.end_line();
                self.heading = Some(depth_of(*level));
            }
            Tag::List(_) => {
                self.end_line();
                self.depth += 1;
            }
            Tag::Item => {
                self.end_line();
                self.at = Some(at);
            }
            Tag::CodeBlock(kind) => {
                self.end_line();
                self.code = Some(is_program(kind));
            }
            Tag::Table(_) => {
                self.end_line();
                self.tables += 1;
            }
            Tag::TableHead => {
                self.cells = Some((Vec::new(), true));
                self.at = Some(at);
            }
            Tag::TableRow => {
                self.cells = Some((Vec::new(), false));
                self.at = Some(at);
            }
            Tag::Strong => self.in_bold += 1,
            Tag::Paragraph | Tag::BlockQuote(_) => self.end_line(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                self.end_line();
                self.heading = None;
            }
            TagEnd::List(_) => {
                self.end_line();
                self.depth -= 1;
            }
            TagEnd::Item => {
                // An empty item is a line too: somebody meant to fill it in.
                if let (true, Some(at)) = (self.text.is_empty(), self.at) {
                    let number = self.number(at);
                    if self.lines.iter().all(|line| line.number != number) {
                        self.push(
                            number,
                            String::new(),
                            Kind::Item { depth: self.depth, done: self.done },
                        );
                    }
                }
                self.end_line();
                self.at = None;
            }
            TagEnd::CodeBlock => {
                self.end_line();
                self.code = None;
            }
            TagEnd::TableCell => {
                let cell = tidy(&std::mem::take(&mut self.text));
                if let Some((cells, _)) = &mut self.cells {
                    cells.push(cell);
                }
                self.bold = 0;
            }
            TagEnd::TableHead | TagEnd::TableRow => {
                let at = self.at.take().unwrap_or_default();
                if let Some((cells, head)) = self.cells.take() {
                    let number = self.number(at);
                    let text = cells.join(" | ");
                    self.push(number, text, Kind::Row { cells, head, table: self.tables });
                }
            }
            TagEnd::Strong => self.in_bold = self.in_bold.saturating_sub(1),
            TagEnd::Paragraph => self.end_line(),
            _ => {}
        }
    }

    fn add(&mut self, text: &str, at: usize) {
        if let Some(program) = self.code {
            // One event may hold many lines of code; each keeps its own number.
            let first = self.number(at);
            for (index, line) in text.lines().enumerate() {
                let text = tidy(line);
                let kind = if program { Kind::Markup } else { Kind::Words };
                if !text.is_empty() {
                    self.push(first + index, text, kind);
                }
            }
            return;
        }
        if self.text.trim().is_empty() && self.cells.is_none() {
            self.at = Some(at);
        }
        if self.in_bold > 0 {
            self.bold += text.chars().filter(|letter| letter.is_alphanumeric()).count();
        }
        self.text.push_str(text);
    }

    fn markup(&mut self, text: &str, at: usize) {
        let text = text.trim();
        if self.cells.is_some() || text.is_empty() {
            // `<br>` in a cell parts two lines of it.
            self.text.push(' ');
            return;
        }
        if text.starts_with("<!--") || self.text.is_empty() {
            let number = self.number(at);
            self.push(number, text.replace('\n', " "), Kind::Markup);
        }
    }

    fn end_line(&mut self) {
        if self.cells.is_some() {
            self.text.push(' ');
            return;
        }
        let raw = std::mem::take(&mut self.text);
        // `** like this **` was meant to be bold, and is not by the rules of Markdown.
        let starred = raw.trim().strip_prefix("**").is_some_and(|rest| rest.ends_with("**"));
        let text = tidy(&raw);
        let bold = std::mem::take(&mut self.bold);
        if text.is_empty() {
            return;
        }
        let number = self.number(self.at.unwrap_or_default());
        let letters = text.chars().filter(|letter| letter.is_alphanumeric()).count();
        let stands_out =
            letters > 0 && (starred || bold * 10 >= letters * 6) && !is_sentence(&text);
        let at_margin = stands_out && self.bold_lines.binary_search(&number).is_ok();
        let kind = if let Some(level) = self.heading {
            self.levels.push((number, level));
            Kind::Heading
        } else if self.depth > 0 && !at_margin {
            Kind::Item { depth: self.depth, done: self.done.take() }
        } else if stands_out {
            self.levels.push((number, BOLD));
            Kind::Heading
        } else {
            Kind::Words
        };
        self.push(number, text, kind);
        self.done = None;
    }

    fn push(&mut self, number: usize, text: String, kind: Kind) {
        self.lines.push(Line { number, text, kind, under: Vec::new() });
    }

    /// The number of the line that holds this byte.
    fn number(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).max(1)
    }
}

/// Whether a block of code is a program's: it says in which language. Plans also keep contacts and
/// schedules in blocks without one.
fn is_program(kind: &CodeBlockKind<'_>) -> bool {
    match kind {
        CodeBlockKind::Fenced(language) => {
            let language = language.trim().to_lowercase();
            !matches!(language.as_str(), "" | "text" | "txt" | "plaintext" | "markdown" | "md")
        }
        CodeBlockKind::Indented => false,
    }
}

fn depth_of(level: HeadingLevel) -> u8 {
    level as u8
}

/// A request in bold is not a heading.
fn is_sentence(text: &str) -> bool {
    text.ends_with('.') && text.split_whitespace().count() > 6
}

/// Text without markup that was meant as such but is none (`** Go No Go **`), and with single
/// spaces.
fn tidy(text: &str) -> String {
    let text = text.trim().trim_matches(|letter| matches!(letter, '*' | '_' | '#')).trim();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Says of each line which headings it stands under.
fn nested(mut lines: Vec<Line>, levels: Vec<(usize, u8)>) -> Vec<Line> {
    let mut open: Vec<(usize, u8)> = Vec::new();
    for (index, line) in lines.iter_mut().enumerate() {
        if line.kind == Kind::Heading {
            let number = line.number;
            let level = levels.iter().find(|(at, _)| *at == number).map_or(BOLD, |l| l.1);
            open.retain(|(_, above)| *above < level);
            line.under = open.iter().map(|(heading, _)| *heading).collect();
            open.push((index, level));
        } else {
            line.under = open.iter().map(|(heading, _)| *heading).collect();
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let lines = lines(text);
        let under = |line: &Line| -> String {
            line.under.iter().map(|at| format!("{}/", lines[*at].text)).collect()
        };
        lines
            .iter()
            .map(|line| format!("{} {}{} {:?}", line.number, under(line), line.text, line.kind))
            .collect()
    }

    fn shown_below_an_item() -> Vec<String> {
        shown("- one\n**10 AM: start**\n- two\n")
    }

    #[test]
    fn every_line_knows_its_number_and_its_headings() {
        let text = "# Plan\n\nwords\nmore\n\n## Day\n**9 AM: start**\n- [ ] one\n  - [x] two\n-\n\n\
                    | a | b |\n|---|---|\n| 1 | **2** |\n\n## Night\nlast\n";
        let shown = shown(text);
        let expected = [
            "1 Plan Heading",
            "3 Plan/words Words",
            "4 Plan/more Words",
            "6 Plan/Day Heading",
            "7 Plan/Day/9 AM: start Heading",
            "8 Plan/Day/9 AM: start/one Item { depth: 1, done: Some(false) }",
            "9 Plan/Day/9 AM: start/two Item { depth: 2, done: Some(true) }",
            "10 Plan/Day/9 AM: start/ Item { depth: 1, done: None }",
        ];
        assert_eq!(&shown[..8], expected, "{shown:#?}");
        assert!(shown[8].starts_with("12 Plan/Day/9 AM: start/a | b Row"), "{shown:#?}");
        assert!(shown[9].contains("1 | 2 Row { cells: [\"1\", \"2\"], head: false"), "{shown:#?}");
        assert_eq!(shown[10], "16 Plan/Night Heading");
        let below = shown_below_an_item();
        assert_eq!(below[1], "2 10 AM: start Heading", "{below:#?}");
        assert!(below[2].starts_with("3 10 AM: start/two Item"), "{below:#?}");
        assert_eq!(shown[11], "17 Plan/Night/last Words");
    }
}
