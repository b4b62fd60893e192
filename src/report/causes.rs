//! `causes.csv`: what was wrong at the site, one row for each cause: when it harmed users, when
//! people were told, and what ended it.

use super::context::{Cell, ReportContext};
use super::endings;
use super::sheet::{ColumnDoc, Rows};
use crate::journal::CauseRecord;

#[rustfmt::skip]
pub(crate) const COLUMNS: [ColumnDoc; 19] = [
    ("cause", "", "a fault, or overload of a tier by ordinary traffic"),
    ("incidents", "", "numbers of the incidents that are about it"),
    ("cause_at", "time", "when it took effect"),
    ("cause_local", "local time", "the same as spreadsheets read it"),
    ("harmed_at", "time", "start of the first request that it harmed; blank if it harmed none"),
    ("harmed_local", "local time", "the same"),
    ("told_at", "time", "people were told by a rule that fired for it"),
    ("told_local", "local time", "the same"),
    ("ended_at", "time", "it ended, as the simulation knows"),
    ("ended_local", "local time", "the same"),
    ("restored_at", "time", "service was restored: the end of the last request that it harmed"),
    ("restored_local", "local time", "the same"),
    ("all_clear_at", "time", "every rule of its incidents had resolved, as people were told"),
    ("all_clear_local", "local time", "the same"),
    ("ended_by", "", "by a change; on its own; the same during a change; after one; not over"),
    ("change", "", "the change in question"),
    ("detected_s", "s", "from its effect until people were told"),
    ("recovered_s", "s", "from its effect until service was restored"),
    ("all_clear_s", "s", "from its effect until all was clear"),
];

pub(crate) fn rows(context: &ReportContext) -> Rows {
    let records = context.story.cause_records(context.header);
    records.iter().map(|record| row(context, record)).collect()
}

fn row(context: &ReportContext, record: &CauseRecord) -> Vec<Cell> {
    let incidents: Vec<String> = record.incidents.iter().map(u32::to_string).collect();
    let mut row = vec![Cell::from(record.cause.to_string()), Cell::from(incidents.join(" "))];
    let moments = [
        Some(record.from),
        record.harmed.map(|(first, _)| first),
        record.detected,
        record.ended.as_ref().map(|(at, _)| *at),
        record.restored,
        record.clear,
    ];
    for moment in moments {
        row.push(context.moment(moment));
        row.push(Cell::from(moment.map(|moment| context.local(moment))));
    }
    let (ended_by, change) = endings::cells(context, record);
    row.push(Cell::from(ended_by));
    row.push(Cell::from(change));
    row.extend([
        Cell::seconds(record.detected()),
        Cell::seconds(record.recovered()),
        Cell::seconds(record.all_clear()),
    ]);
    row
}

#[cfg(test)]
mod tests {
    use super::super::fixture_table;

    #[test]
    fn every_cause_has_its_own_times_and_its_own_end() {
        let table = fixture_table("causes.csv");
        let columns = ["cause", "incidents", "detected_s", "recovered_s", "ended_by", "change"];
        let rows: Vec<Vec<&str>> =
            table.iter().map(|row| columns.iter().map(|c| row[*c].as_str()).collect()).collect();
        let outage = ["outage-reverse-proxy", "0", "160", "1460", "by a change"];
        assert_eq!(rows[0][..5], outage);
        assert_eq!(rows[0][5], "reverse-proxy-update");
        assert_eq!(rows[1], ["slow-evss", "", "", "", "not over", ""]);
        assert_eq!(rows.len(), 2);
    }
}
