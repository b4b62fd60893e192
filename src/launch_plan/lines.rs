//! The lines of a plan, each of which knows its place.

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
    /// Indices of the headings it is under, the outermost first.
    pub under: Vec<usize>,
    /// Cells of a row that stand beyond the last column.
    pub beyond: Option<String>,
}
