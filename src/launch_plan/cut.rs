//! A plan cut into lines that each know their place: under which headings, in which list or table.

use super::lines::{Kind, Line};
use super::markup::{
    MarkupBlock, bold_lines, drawn, is_gap, is_program, is_sentence, starts, ticked, tidy,
};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// How deep headings in bold lie below real ones.
const BOLD: u8 = 7;

/// Cuts Markdown into its lines. Plain text is Markdown too: a paragraph a block.
pub fn lines(text: &str) -> Vec<Line> {
    let mut cutter = Cutter::default();
    cutter.cut(text);
    cutter.lines.sort_by_key(|line| line.number);
    nested(cutter.lines, &cutter.levels, &cutter.blocks)
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
    /// Within a block that is not a paragraph, and its text with the line that it begins on.
    block: Option<(MarkupBlock, usize, String)>,
    /// The text that is cut is itself a block of a plan, which begins behind this many lines.
    within: Option<usize>,
    /// The first and the last line of every block that was cut by itself.
    blocks: Vec<(usize, usize)>,
    /// Where the last cell of a row ends.
    cell_end: usize,
}

impl Cutter {
    fn cut(&mut self, text: &str) {
        self.starts = starts(text);
        self.bold_lines = bold_lines(text);
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
        for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
            match event {
                Event::End(TagEnd::TableCell) => self.cell_end = range.end,
                Event::End(TagEnd::TableHead | TagEnd::TableRow) => {
                    self.end_row(text.get(self.cell_end..range.end).unwrap_or_default());
                    continue;
                }
                _ => {}
            }
            self.event(event, range.start);
        }
        self.end_line();
    }

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
                let inside =
                    if self.within.is_some() { MarkupBlock::Raw } else { MarkupBlock::Plan };
                let block = if is_program(kind) { MarkupBlock::Program } else { inside };
                self.block = Some((block, 0, String::new()));
            }
            Tag::MetadataBlock(_) => {
                self.end_line();
                self.block = Some((MarkupBlock::Raw, 0, String::new()));
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
            TagEnd::CodeBlock | TagEnd::MetadataBlock(_) => self.end_block(),
            TagEnd::TableCell => {
                let cell = tidy(&std::mem::take(&mut self.text));
                if let Some((cells, _)) = &mut self.cells {
                    cells.push(cell);
                }
                self.bold = 0;
            }
            TagEnd::Strong => self.in_bold = self.in_bold.saturating_sub(1),
            TagEnd::Paragraph => self.end_line(),
            _ => {}
        }
    }

    /// A row is over, and this much of it comes after its last cell.
    fn end_row(&mut self, behind: &str) {
        let at = self.at.take().unwrap_or_default();
        let Some((cells, head)) = self.cells.take() else { return };
        let cells_behind = behind.split('|').map(tidy).filter(|cell| !cell.is_empty());
        let beyond = cells_behind.collect::<Vec<_>>().join(" | ");
        let mut text = cells.join(" | ");
        if !beyond.is_empty() {
            text = format!("{text} | {beyond}");
        }
        self.push(self.number(at), text, Kind::Row { cells, head, table: self.tables });
        let row = self.lines.last_mut().expect("just pushed");
        row.beyond = (!beyond.is_empty()).then_some(beyond);
    }

    /// A block is over. One that holds a part of the plan is cut like the plan itself.
    fn end_block(&mut self) {
        self.end_line();
        let Some((block, first, text)) = self.block.take() else { return };
        if block == MarkupBlock::Plan {
            let within = Some(first.saturating_sub(1));
            let mut inner = Cutter { within, tables: self.tables, ..Cutter::default() };
            inner.cut(&text);
            self.tables = inner.tables;
            self.lines.append(&mut inner.lines);
            self.levels.append(&mut inner.levels);
            self.blocks.push((first, first + text.lines().count()));
            return;
        }
        for (index, line) in text.lines().enumerate() {
            let text = tidy(line);
            let kind = if block == MarkupBlock::Program { Kind::Markup } else { Kind::Words };
            if !text.is_empty() {
                self.push(first + index, text, kind);
            }
        }
    }

    fn add(&mut self, text: &str, at: usize) {
        let number = self.number(at);
        if let Some((_, first, block)) = &mut self.block {
            if block.is_empty() {
                *first = number;
            }
            block.push_str(text);
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
        // `<name>` is to be filled in; it only looks like markup.
        if is_gap(text) {
            return self.add(text, at);
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
        let mut text = tidy(&raw);
        let bold = std::mem::take(&mut self.bold);
        let listed = drawn(&mut text);
        self.done = self.done.or_else(|| ticked(&mut text));
        if text.is_empty() {
            return;
        }
        let number = self.number(self.at.unwrap_or_default());
        let letters = text.chars().filter(|letter| letter.is_alphanumeric()).count();
        let stands_out =
            letters > 0 && (starred || bold * 10 >= letters * 6) && !is_sentence(&text);
        let at_margin = stands_out && self.bold_lines.binary_search(&number).is_ok();
        let kind = if let Some(level) = self.heading {
            self.levels.push((number, level + self.below()));
            Kind::Heading
        } else if (self.depth > 0 && !at_margin) || listed || self.done.is_some() {
            Kind::Item { depth: self.depth.max(1), done: self.done.take() }
        } else if stands_out {
            self.levels.push((number, BOLD + self.below()));
            Kind::Heading
        } else {
            Kind::Words
        };
        self.push(number, text, kind);
        self.done = None;
    }

    fn push(&mut self, number: usize, text: String, kind: Kind) {
        self.lines.push(Line { number, text, kind, under: Vec::new(), beyond: None });
    }

    /// Headings of a block within the plan lie below all others.
    fn below(&self) -> u8 {
        if self.within.is_some() { BOLD } else { 0 }
    }

    /// The number of the line that holds this byte.
    fn number(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).max(1) + self.within.unwrap_or_default()
    }
}

fn depth_of(level: HeadingLevel) -> u8 {
    level as u8
}

/// Says of each line which headings it is under.
fn nested(mut lines: Vec<Line>, levels: &[(usize, u8)], blocks: &[(usize, usize)]) -> Vec<Line> {
    let mut open: Vec<(usize, u8)> = Vec::new();
    for (index, line) in lines.iter_mut().enumerate() {
        // What a block within the plan begins ends with it.
        if !blocks.iter().any(|(from, to)| (*from..=*to).contains(&line.number)) {
            open.retain(|(_, level)| *level <= BOLD);
        }
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

    #[test]
    fn a_block_of_text_is_a_part_of_the_plan() {
        let text = "---\ntitle: The day\n---\n# Plan\n\n```\n**Before**\n- [ ] one\n☐ two\n\n\
                    | a | b |\n|---|---|\n| 1 | 2 | 3 |\n\n├── tree\n```\nafter <name>\n\
                    ```sh\n- [ ] run\n```\n";
        assert_eq!(
            shown(text),
            [
                "2 title: The day Words",
                "4 Plan Heading",
                "7 Plan/Before Heading",
                "8 Plan/Before/one Item { depth: 1, done: Some(false) }",
                "9 Plan/Before/two Item { depth: 1, done: Some(false) }",
                "11 Plan/Before/a | b Row { cells: [\"a\", \"b\"], head: true, table: 1 }",
                "13 Plan/Before/1 | 2 | 3 Row { cells: [\"1\", \"2\"], head: false, table: 1 }",
                "15 Plan/Before/tree Item { depth: 1, done: None }",
                "17 Plan/after <name> Words",
                "19 Plan/- [ ] run Markup",
            ]
        );
    }
}
