//! Limits that nobody has checked, whose use nobody knows, and that the peak exceeds.

use crate::journal::{FindingKind, Severity};
use crate::language::problem::{Problem, quoted};
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
            let problem = Problem::finding(name.place, text).hint(hint);
            self.finding(FindingKind::Limit, severity, problem);
        }
    }

    fn unchecked(&mut self, limit: &Limit, place: crate::language::source::Place) {
        if limit.checked() {
            return;
        }
        let text = match (&limit.checked_by, &limit.checked_on) {
            (Some(by), _) => format!("{by} has not said when {} was checked", quoted(&limit.name)),
            (None, Some(on)) => format!("{} was checked on {on} by nobody", quoted(&limit.name)),
            (None, None) => format!("nobody has checked the limit {}", quoted(&limit.name)),
        };
        let hint = "look it up with the provider, then write checked_by: and checked_on:";
        let problem = Problem::finding(place, text).hint(hint);
        self.finding(FindingKind::Limit, Severity::Medium, problem);
    }

    fn unknown(&mut self, limit: &Limit, place: crate::language::source::Place) {
        let name = quoted(&limit.name);
        let (text, hint) = match limit.value {
            None => (format!("nobody knows how much there is of {name}"), "find out the `value`"),
            Some(_) => (
                format!("nobody knows how much of {name} is used at the peak"),
                "write `at_peak`, or what `uses` it: `1 per request to api`",
            ),
        };
        let problem = Problem::finding(place, text).hint(hint);
        self.finding(FindingKind::Limit, Severity::Medium, problem);
    }
}
