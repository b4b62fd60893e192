//! Who notices a fault without a rule: `noticed: {after: 30m (p99 8h), by: support}`.

use crate::decision::{Measure, Rule, Trigger};
use crate::fault::Notice;
use crate::language::problem::quoted;
use crate::language::written::{Entries, OneOrMany, Placed};
use crate::scenario::document::Document;
use crate::scenario::faults::written::WrittenFault;
use crate::scenario::intern::{NOTICED_BY, sources};
use crate::scenario::lint::Linter;
use crate::scenario::resolver::Resolver;

impl Resolver<'_> {
    /// An alert for everybody who notices something by themselves, in the order of their names.
    pub fn noticed_rules(&self, document: &Document) -> Vec<Rule> {
        sources(document).iter().map(|source| Rule::noticed_by(source)).collect()
    }

    /// Who notices this fault.
    pub fn notices(&mut self, fault: &WrittenFault, document: &Document) -> Vec<Notice> {
        let written = fault.noticed.iter().flat_map(|OneOrMany(notices)| notices);
        let mut notices: Vec<Notice> = Vec::new();
        for notice in written {
            let (Some(after), Some(by)) = (&notice.after, &notice.by) else { continue };
            let name = format!("{NOTICED_BY}{}", by.value);
            let Some(rule) = self.names.rules.get_index_of(&name) else { continue };
            let rule = rule.into();
            if notices.iter().any(|other| other.rule == rule) {
                let message = format!("{} notices this fault twice", quoted(&by.value));
                self.error(by.place, message, "write a mixture: [{30%: <3m}, {70%: 30m (p99 8h)}]");
                continue;
            }
            let hours = notice.hours.as_ref();
            let hours = hours.map(|hours| self.on_duty(std::slice::from_ref(hours), document));
            notices.push(Notice { rule, after: *after, hours });
        }
        notices
    }
}

impl Linter<'_> {
    /// Somebody notices a fault, and nobody acts on it.
    pub fn ignored_notices(&mut self) {
        let document = self.document;
        let mut said: Vec<&str> = Vec::new();
        for fault in document.faults.iter().flatten() {
            for notice in fault.noticed.iter().flat_map(|OneOrMany(notices)| notices) {
                let Some(by) = &notice.by else { continue };
                if self.is_heard(by) || said.contains(&by.value.as_str()) {
                    continue;
                }
                said.push(&by.value);
                let source = quoted(&by.value);
                let message = format!("nobody acts on what {source} notices: no play waits for it");
                let hint = format!("add to a play `when: [{{noticed: {}}}]`", by.value);
                self.warning(by.place, message, hint);
            }
        }
    }

    /// Users report to somebody, and no rule looks at it.
    pub fn unread_reports(&mut self) {
        let reports = self.document.traffic.as_ref().and_then(|traffic| traffic.reports.as_ref());
        for (index, name) in reports.into_iter().flat_map(Entries::names).enumerate() {
            let watched = |rule: &Rule| rule.measure == Measure::Reports(index as u8);
            if !self.plan.playbook.rules.iter().any(watched) {
                let source = quoted(&name.value);
                let message = format!("nobody watches the reports to {source}: no rule names it");
                let hint = format!(
                    "{{alert: Reports, expr: reports > 5/h, where: {{source: {}}}}}",
                    name.value
                );
                self.warning(name.place, message, hint);
            }
        }
    }

    fn is_heard(&self, source: &Placed<String>) -> bool {
        let name = format!("{NOTICED_BY}{}", source.value);
        let Some(rule) = self.names().rules.get_index_of(&name) else { return true };
        let fires = Trigger::Fires(rule.into());
        self.plan.playbook.plays.iter().any(|play| play.when.contains(&fires))
    }
}
