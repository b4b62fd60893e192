//! What is wrong with a sheet: where, what, and what to write instead.

use std::fmt;

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// The row cannot be understood.
    Error,
    /// It can, and the team should look at it.
    Warning,
}

/// One thing that is wrong with a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetProblem {
    /// Whether it keeps the sheet from being read.
    pub weight: Weight,
    /// The row as a spreadsheet counts: the heading is row 1. `None`: the sheet as a whole.
    pub row: Option<u64>,
    /// The column, if it is one cell.
    pub column: Option<&'static str>,
    /// What is wrong.
    pub message: String,
    /// What to do instead; may be empty.
    pub hint: String,
}

impl SheetProblem {
    /// Something that keeps the sheet from being read.
    pub fn error(row: impl Into<Option<u64>>, message: impl Into<String>) -> SheetProblem {
        SheetProblem {
            weight: Weight::Error,
            row: row.into(),
            column: None,
            message: message.into(),
            hint: String::new(),
        }
    }

    /// Something that the team should look at.
    pub fn warning(row: impl Into<Option<u64>>, message: impl Into<String>) -> SheetProblem {
        SheetProblem { weight: Weight::Warning, ..SheetProblem::error(row, message) }
    }

    /// The same, about one cell.
    pub fn column(self, column: &'static str) -> SheetProblem {
        SheetProblem { column: Some(column), ..self }
    }

    /// The same, with what to do about it.
    pub fn hint(self, hint: impl Into<String>) -> SheetProblem {
        SheetProblem { hint: hint.into(), ..self }
    }
}

impl fmt::Display for SheetProblem {
    /// `row 4, column at: 25:61 is not a time`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(row) = self.row {
            write!(f, "row {row}")?;
            if let Some(column) = self.column {
                write!(f, ", column {column}")?;
            }
            write!(f, ": ")?;
        }
        write!(f, "{}", self.message)
    }
}
