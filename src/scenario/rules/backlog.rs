//! Rules about what a durable queue holds: whose it is stands in `where`.

use crate::language::problem::quoted;
use crate::scenario::document::Document;
use crate::scenario::resolver::Desk;
use crate::scenario::rules::expression::Expression;
use crate::scenario::rules::written::Rule;
use crate::scenario::site::written::Queue;

impl Desk<'_> {
    /// Whether conditions about a backlog look at a tier that has one; `None`, with a problem, if
    /// not.
    pub fn of_backlog(
        &mut self,
        sentence: &Expression,
        rule: &Rule,
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
                tier.value == name && queue.is_some_and(|queue| queue.value == Queue::Durable)
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
