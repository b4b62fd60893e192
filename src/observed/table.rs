//! A CSV file as spreadsheets and people leave it: marks, delimiters, headings, empty rows.

use super::SheetProblem;
use super::vocabulary::hint;

/// The most rows of a sheet.
const MOST_ROWS: usize = 10_000;

/// The cells of one row, in the order of the columns asked for; blank where there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowCells {
    /// The row as a spreadsheet counts: the heading is row 1.
    pub number: u64,
    /// One for each column asked for.
    pub cells: Vec<String>,
}

/// The rows below the heading that are not empty. Columns may stand in any order, between commas,
/// semicolons or tabs; those in `needed` must be there. All that is wrong comes back at once.
pub fn table(
    bytes: &[u8],
    columns: &[(&str, &str)],
    needed: &[&str],
) -> Result<Vec<RowCells>, Vec<SheetProblem>> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let row = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        let problem = SheetProblem::error(row as u64 + 1, "the sheet is not written in UTF-8");
        vec![problem.hint("save it as \"CSV UTF-8\"")]
    })?;
    let names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(text))
        .from_reader(text.as_bytes());
    let mut heading: Option<Vec<Option<usize>>> = None;
    let (mut table, mut problems) = (Vec::new(), Vec::new());
    // A spreadsheet counts blank lines, and does not count those within a cell.
    let mut within_cells = 0;
    for record in reader.records() {
        let record = record.map_err(|error| vec![SheetProblem::error(None, error.to_string())])?;
        let line = record.position().map_or(1, |position| position.line());
        let number = line - within_cells;
        within_cells += record.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let Some(found) = &heading else {
            let cells: Vec<&str> = record.iter().collect();
            heading = Some(headed(number, &cells, &names, needed)?);
            continue;
        };
        if table.len() == MOST_ROWS {
            let problem = SheetProblem::error(number, format!("more than {MOST_ROWS} rows"));
            return Err(vec![problem.hint("a sheet covers one day")]);
        }
        table.push(row(number, &record, found, names.len(), &mut problems));
    }
    if table.is_empty() {
        let hint = format!("a first row `{}`, then a row for each thing", names.join(","));
        problems.push(SheetProblem::error(None, "the sheet is empty").hint(hint));
    }
    if problems.is_empty() { Ok(table) } else { Err(problems) }
}

/// The delimiter that the first line has most of.
pub fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |delimiter: u8| first.bytes().filter(|byte| *byte == delimiter).count();
    // Of several that are equally frequent, the last is taken: commas are the usual case.
    let likely = [b'\t', b';', b','].into_iter().max_by_key(|delimiter| count(*delimiter));
    likely.unwrap_or(b',')
}

fn row(
    number: u64,
    record: &csv::StringRecord,
    found: &[Option<usize>],
    columns: usize,
    problems: &mut Vec<SheetProblem>,
) -> RowCells {
    let mut cells = RowCells { number, cells: vec![String::new(); columns] };
    for (position, cell) in record.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()) {
        match found.get(position).copied().flatten() {
            Some(column) => cells.cells[column] = cell.to_string(),
            None => {
                let message = format!("`{}` is beyond the last column", cell.trim());
                let hint = "put a cell that has commas in it into double quotes";
                problems.push(SheetProblem::error(number, message).hint(hint));
            }
        }
    }
    cells
}

/// The position of each column.
fn headed(
    number: u64,
    cells: &[&str],
    names: &[&str],
    needed: &[&str],
) -> Result<Vec<Option<usize>>, Vec<SheetProblem>> {
    let mut found: Vec<Option<usize>> = Vec::with_capacity(cells.len());
    let mut problems = Vec::new();
    for cell in cells {
        let column = names.iter().position(|name| *name == cell.trim().to_lowercase());
        if column.is_none() && !cell.trim().is_empty() {
            let message = format!("there is no column `{}`", cell.trim());
            problems.push(SheetProblem::error(number, message).hint(hint(cell.trim(), names)));
        }
        if column.is_some() && found.contains(&column) {
            let message = format!("the column `{}` appears twice", cell.trim());
            problems.push(SheetProblem::error(number, message).hint("leave one of them out"));
        }
        found.push(column);
    }
    for needed in needed {
        let column = names.iter().position(|name| name == needed);
        if !found.contains(&column) {
            let message = format!("the column `{needed}` is missing");
            let hint = format!("the first row names the columns: {}", names.join(","));
            problems.push(SheetProblem::error(number, message).hint(hint));
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}
