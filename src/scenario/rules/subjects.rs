//! Rules that look at something of their own: requests that they send, what users report, what a
//! durable queue holds.

use crate::decision::{Measure, Rule};
use crate::language::problem::quoted;
use crate::language::written::{Entries, Placed};
use crate::scenario::document::Document;
use crate::scenario::resolver::Resolver;
use crate::scenario::rules::condition::ConditionText;
use crate::scenario::rules::expression::Expression;
use crate::scenario::rules::written::{Where, WrittenRule};
use crate::scenario::site::written::WrittenQueue;
use crate::units::Span;
use indexmap::IndexSet;

/// More often than this it would be a load, not a look.
const SHORTEST: Span = Span::SECOND;

impl Resolver<'_> {
    /// Whether a rule that sends requests of its own can see anything by them; nothing to say of
    /// one that does not.
    pub fn probed(&mut self, read: &Rule, rule: &WrittenRule, document: &Document) {
        let Some(probe) = &rule.probe else { return };
        if probe.value < SHORTEST {
            let message = format!("a probe every {} is a load of its own", probe.value);
            self.error(probe.place, message, "write 1s or more, such as `probe: 30s`");
        }
        let windows = read.clauses().map(|clause| clause.window);
        let shortest = windows.min().unwrap_or(read.window);
        if probe.value > shortest {
            let message =
                format!("a probe every {} can miss the window of {shortest}", probe.value);
            let hint = format!("write `window: {}` or longer, or probe more often", probe.value);
            self.error(probe.place, message, &hint);
        } else if probe.value >= self.lasts {
            let message = format!("no probe is ever sent: the scenario lasts {}", self.lasts);
            self.error(probe.place, message, "probe more often");
        }
        if rule.by.is_some() {
            let message = "a probe is not a visitor: it has no browser, login, account or tool";
            self.error(probe.place, message, "leave `by` or `probe` out");
        }
        self.can_be_probed(rule.scope.as_ref(), document);
        self.says_how_requests_end(read, probe);
    }

    /// Whether requests can be sent to what a rule looks at.
    fn can_be_probed(&mut self, scope: Option<&Where>, document: &Document) {
        let Some(scope) = scope else { return };
        for part in
            [&scope.browser, &scope.login, &scope.account, &scope.tool].into_iter().flatten()
        {
            let message =
                format!("a probe is not a visitor, so none can be sent as {}", quoted(&part.value));
            let hint = "look at an endpoint or a tier; without `where`, at all endpoints in turn";
            self.error(part.place, message, hint);
        }
        let tiers = document.site.as_ref().and_then(|site| site.tiers.as_ref());
        let durable = |name: &str| {
            tiers.iter().flat_map(|tiers| &tiers.0).any(|(tier, keys)| {
                let queue = keys.as_ref().and_then(|keys| keys.queue.as_ref());
                tier.value == name
                    && queue.is_some_and(|queue| queue.value == WrittenQueue::Durable)
            })
        };
        if let Some(tier) = scope.tier.as_ref().filter(|tier| durable(&tier.value)) {
            let message = format!(
                "{} answers every probe at once: its queue is durable",
                quoted(&tier.value)
            );
            self.error(tier.place, message, "leave `probe` out and write `backlog_age > 10m`");
        }
    }

    /// A probe says whether an answer came, and when. All else is about visitors.
    fn says_how_requests_end(&mut self, read: &Rule, probe: &Placed<Span>) {
        let measures = || read.clauses().map(|clause| clause.measure).chain([read.measure]);
        let found = measures().find_map(|measure| match measure {
            Measure::Requests => Some(("how many requests there are", "leave `probe` out")),
            Measure::GivenUp => Some((
                "what visitors give up",
                "write `error_rate`: what nobody answers has failed",
            )),
            Measure::Reports(_) => Some(("what users report", "leave `probe` out")),
            Measure::Backlog | Measure::BacklogAge => Some(("what waits", "leave `probe` out")),
            _ => None,
        });
        if let Some((what, hint)) = found {
            self.error(probe.place, format!("a probe cannot show {what}"), hint);
        }
    }
}

/// The sources of reports, in file order.
pub fn report_names(document: &Document) -> IndexSet<String> {
    let traffic = document.traffic.as_ref();
    let reports = traffic.and_then(|traffic| traffic.reports.as_ref());
    reports.into_iter().flat_map(Entries::names).map(|name| name.value.clone()).collect()
}

impl Resolver<'_> {
    /// Gives the conditions about reports the source whose reports they count.
    pub fn reported(
        &mut self,
        sentence: &mut Expression,
        source: Option<&Placed<String>>,
        expr: &Placed<String>,
        document: &Document,
    ) -> Option<()> {
        let counts = |part: &ConditionText| matches!(part.measure, Measure::Reports(_));
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

impl Resolver<'_> {
    /// Whether conditions about a backlog look at a tier that has one; `None`, with a problem, if
    /// not.
    pub fn of_backlog(
        &mut self,
        sentence: &Expression,
        rule: &WrittenRule,
        document: &Document,
    ) -> Option<()> {
        let expr = rule.expr.as_ref()?;
        if !sentence.parts().any(|part| part.measure.is_about_backlog()) {
            return Some(());
        }
        let site = document.site.as_ref().and_then(|site| site.tiers.as_ref());
        let tiers = || site.iter().flat_map(|tiers| &tiers.0);
        let keeps = |name: &str| {
            tiers().any(|(tier, keys)| {
                let queue = keys.as_ref().and_then(|keys| keys.queue.as_ref());
                tier.value == name
                    && queue.is_some_and(|queue| queue.value == WrittenQueue::Durable)
            })
        };
        let unread = |name: &str| {
            tiers().any(|(tier, keys)| {
                let keys = keys.as_ref().filter(|keys| tier.value == name && keys.queue.is_none());
                keys.is_some_and(|keys| keys.written.iter().any(|key| key.value == "queue"))
            })
        };
        let kept = tiers().map(|(tier, _)| tier.value.as_str()).find(|name| keeps(name));
        let Some(tier) = rule.scope.as_ref().and_then(|scope| scope.tier.as_ref()) else {
            let hint = match kept {
                Some(name) => format!("add `where: {{tier: {name}}}`"),
                None => "a tier with `queue: durable` has a backlog; name it in `where`".into(),
            };
            self.error(expr.place, "it does not say whose backlog", &hint);
            return None;
        };
        if unread(&tier.value) {
            return None;
        }
        if self.names.tiers.contains(&tier.value) && !keeps(&tier.value) {
            let message = format!("{} keeps no work that could wait", quoted(&tier.value));
            self.error(tier.place, message, "only a tier with `queue: durable` has a backlog");
            return None;
        }
        if sentence.parts().any(|part| part.measure.is_about_backlog() && part.over.is_some()) {
            let message = "a backlog is what it is now, not over a time";
            self.error(expr.place, message, "leave `over` out; `for: 5m` says how long it holds");
        }
        Some(())
    }
}
