//! Limits that nobody has checked, whose use nobody knows, and that the peak exceeds.

use crate::journal::{FindingKind, OpenPoint, Severity};
use crate::language::problem::quoted;
use crate::language::source::Place;
use crate::language::wording::Wording;
use crate::scenario::limits::limit::{Limit, is_tight};
use crate::scenario::lint::{Linter, key};
use crate::scenario::phrases::share;
use crate::scenario::plan::peak;

impl Linter<'_> {
    /// Compares the use at the peak with what there is, and asks who has checked that.
    pub fn limits(&mut self) {
        let plan = self.plan;
        let document = self.document;
        let written = document.limits.iter().flat_map(|limits| &limits.0);
        for ((name, keys), limit) in written.zip(&plan.limits) {
            let Some(keys) = keys else { continue };
            self.unchecked(limit, key(&keys.written, "checked_by").unwrap_or(name.place));
            let (Some(value), Some(used)) = (limit.value, limit.used(plan, 1.0)) else {
                self.unknown(limit, name.place);
                continue;
            };
            let used_share = used / value;
            if !is_tight(used_share) {
                continue;
            }
            let clock = plan.calendar.clock(peak(plan).0);
            let (used, value) = (limit.shown(used), limit.shown(value));
            let label = quoted(&limit.name);
            let (severity, text) = if used_share > 1.0 {
                let text =
                    format!("the peak ({clock}) needs {used} of {label}, and there is {value}");
                (Severity::High, text)
            } else {
                let text =
                    format!("{} of {label} is used at the peak ({clock})", share(used_share));
                (Severity::Medium, text)
            };
            let hint = format!("{used} of {value}: {}", limit.used_by());
            self.finding(FindingKind::Limit, severity, text, (name.place, hint));
        }
    }

    fn unchecked(&mut self, limit: &Limit, place: Place) {
        if limit.checked() {
            return;
        }
        let name = quoted(&limit.name);
        let point = match (&limit.checked_by, &limit.checked_on) {
            (Some(by), _) => format!("{by} has not said when {name} was checked").into(),
            (None, Some(on)) => {
                let says = format!("was checked on {on} by nobody");
                Wording::beginning(name, &says, format!("… {says}")).into()
            }
            (None, None) => OpenPoint::UncheckedLimit { limit: limit.name.clone() },
        };
        let hint = "look it up with the provider, then write checked_by: and checked_on:";
        self.finding(FindingKind::Limit, Severity::Medium, point, (place, hint));
    }

    fn unknown(&mut self, limit: &Limit, place: Place) {
        let name = quoted(&limit.name);
        let says = "nobody knows how much there is of";
        let (wording, hint) = match limit.value {
            None => (Wording::ending(says, says, name), "find out the `value`"),
            Some(_) => (
                format!("nobody knows how much of {name} is used at the peak").into(),
                "write `at_peak`, or what `uses` it: `1 per request to api`",
            ),
        };
        self.finding(FindingKind::Limit, Severity::Medium, wording, (place, hint));
    }
}
