//! Tiers that the expected traffic overruns.

use crate::journal::{FindingKind, Severity};
use crate::language::problem::quoted;
use crate::language::wording::Wording;
use crate::names::ChangeId;
use crate::scenario::changes::written::WrittenChange;
use crate::scenario::limits::limit::is_tight;
use crate::scenario::lint::Linter;
use crate::scenario::phrases::{load_sum, share};
use crate::scenario::plan::peak;
use crate::site::{SitePlan, offered};

impl Linter<'_> {
    /// Compares the offered load at the peak with the threads that there are.
    pub fn capacity(&mut self) {
        let (at, visits) = peak(self.plan);
        let Some(tiers) = self.document.site.as_ref().and_then(|site| site.tiers.as_ref()) else {
            return;
        };
        for load in offered(&self.plan.site, &self.plan.traffic, visits) {
            if !is_tight(load.utilisation()) {
                continue;
            }
            let (tier, _) = &tiers.0[load.tier.index()];
            let sum = load_sum(&load);
            let (name, clock) = (quoted(&tier.value), self.plan.calendar.clock(at));
            if load.utilisation() >= 1.0 {
                let says = format!("is over its capacity: {sum}");
                let message = Wording::beginning(name, &says, format!("… {says}"));
                let hint = format!(
                    "at the peak ({clock}); at least {:.0} threads are needed",
                    load.busy.ceil()
                );
                self.warning(tier.place, message, hint);
            } else {
                let busy = share(load.utilisation());
                let text =
                    format!("{busy} of the threads of {name} are busy at the peak ({clock})");
                let hint = format!("{sum}; a slow tier behind it leaves no room");
                self.finding(FindingKind::Capacity, Severity::Medium, text, (tier.place, hint));
            }
        }
    }

    /// Changes that send endpoints along another path, to tiers that cannot bear them as well.
    pub fn routed(&mut self) {
        // Whoever expects the fault to be contained means that the way back does not bear it.
        let expect = self.document.expect.as_ref();
        if expect.is_some_and(|expect| expect.contained.is_some()) {
            return;
        }
        let (at, visits) = peak(self.plan);
        let before = offered(&self.plan.site, &self.plan.traffic, visits);
        let rows = self.document.changes.iter().flat_map(|changes| &changes.0);
        for (index, (name, row)) in rows.enumerate() {
            let change = &self.plan.playbook.changes.changes[index];
            if change.routes.is_empty() || !self.is_made(ChangeId::from(index)) {
                continue;
            }
            let mut site: SitePlan = self.plan.site.clone();
            for route in &change.routes {
                site.endpoints[route.endpoint.index()].path.clone_from(&route.path);
            }
            for (tier, more) in &change.add {
                site.tiers[tier.index()].instances += more;
            }
            let place = row
                .as_ref()
                .and_then(|WrittenChange(row)| crate::scenario::lint::key(&row.written, "route"));
            for load in offered(&site, &self.plan.traffic, visits) {
                let more = load.busy > before[load.tier.index()].busy;
                if load.utilisation() < 1.0 || !more {
                    continue;
                }
                let tier = quoted(&self.names().tiers[load.tier.index()]);
                let message = format!(
                    "with {} live, {tier} is over its capacity: {}",
                    quoted(&name.value),
                    load_sum(&load)
                );
                let clock = self.plan.calendar.clock(at);
                let least = load.busy.ceil();
                let hint = format!(
                    "at the peak ({clock}); at least {least:.0} are needed, or `add` instances"
                );
                self.warning(place.unwrap_or(name.place), message, hint);
            }
        }
    }
}
