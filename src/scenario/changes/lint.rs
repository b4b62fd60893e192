//! Waiting rooms that hold nobody back.

use crate::fault::FaultKind;
use crate::scenario::lint::Sense;
use crate::scenario::plan::peak;

impl Sense<'_> {
    /// A waiting room is wide enough for all that come.
    pub fn waiting_rooms(&mut self) {
        let surge = |kind: &FaultKind| matches!(kind, FaultKind::Surge { .. });
        let surges = self.plan.faults.iter().any(|fault| surge(&fault.kind));
        let (_, most) = peak(self.plan);
        let rows = self.document.changes.iter().flat_map(|changes| &changes.0);
        let rows: Vec<_> = rows.filter_map(|(_, row)| row.as_ref()?.0.admits).collect();
        for admits in rows.iter().filter(|admits| !surges && admits.value.0 >= most.0) {
            let message = format!(
                "this waiting room holds nobody back: at most {:.1} visits per second come",
                most.0
            );
            self.warning(admits.place, message, "admit fewer, or let more come");
        }
    }
}
