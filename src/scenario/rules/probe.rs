//! Rules that send requests of their own: what can be probed, and how often.

use crate::decision::{Measure, Rule};
use crate::language::problem::quoted;
use crate::language::written::Placed;
use crate::scenario::document::Document;
use crate::scenario::resolver::Desk;
use crate::scenario::rules::written::{Rule as WrittenRule, Where};
use crate::scenario::site::written::Queue;
use crate::units::Span;

/// More often than this it would be a load, not a look.
const SHORTEST: Span = Span::SECOND;

impl Desk<'_> {
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
            let message = "a probe is no visitor: it has no browser, login, account or tool";
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
                format!("a probe is no visitor, so none can be sent as {}", quoted(&part.value));
            let hint = "look at an endpoint or a tier; without `where`, at all endpoints in turn";
            self.error(part.place, message, hint);
        }
        let tiers = document.site.as_ref().and_then(|site| site.tiers.as_ref());
        let durable = |name: &str| {
            tiers.iter().flat_map(|tiers| &tiers.0).any(|(tier, keys)| {
                let queue = keys.as_ref().and_then(|keys| keys.queue.as_ref());
                tier.value == name && queue.is_some_and(|queue| queue.value == Queue::Durable)
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
            self.error(probe.place, format!("a probe does not say {what}"), hint);
        }
    }
}
