//! Rules about the reports of users: whose they are stands in `where`.

use crate::decision::Measure;
use crate::language::written::{Entries, Placed};
use crate::scenario::document::Document;
use crate::scenario::resolver::Desk;
use crate::scenario::rules::condition::Part;
use crate::scenario::rules::expression::Expression;
use indexmap::IndexSet;

/// The sources of reports, in file order.
pub fn report_names(document: &Document) -> IndexSet<String> {
    let traffic = document.traffic.as_ref();
    let reports = traffic.and_then(|traffic| traffic.reports.as_ref());
    reports.into_iter().flat_map(Entries::names).map(|name| name.value.clone()).collect()
}

impl Desk<'_> {
    /// Gives the conditions about reports the source whose reports they count.
    pub fn reported(
        &mut self,
        sentence: &mut Expression,
        source: Option<&Placed<String>>,
        expr: &Placed<String>,
        document: &Document,
    ) -> Option<()> {
        let counts = |part: &Part| matches!(part.measure, Measure::Reports(_));
        let any = sentence.parts().any(counts);
        match (any, source) {
            (true, Some(source)) => {
                let names = report_names(document);
                let index: usize = self.find(&names, source, "source of reports")?;
                let further = sentence.further.iter_mut().map(|(_, part)| part);
                let parts = [&mut sentence.first].into_iter().chain(further);
                for part in parts.filter(|part| counts(part)) {
                    part.measure = Measure::Reports(index as u8);
                }
                Some(())
            }
            (true, None) => {
                let hint = "add `where: {source: call-center}`";
                self.error(expr.place, "it does not say whose reports", hint);
                None
            }
            (false, Some(source)) => {
                let hint = "write `reports > 5/h`";
                self.error(source.place, "only `reports` come from a source", hint);
                None
            }
            (false, None) => Some(()),
        }
    }
}
