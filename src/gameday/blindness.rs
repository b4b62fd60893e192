//! What the monitoring gets to see of an interval: all of it, less what a blind spot hides.

use super::Gameday;
use crate::fault::Blinded;
use crate::kernel::DrawKey;
use crate::names::{RuleId, Scope};
use crate::telemetry::{Reading, RuleView, Uncounted, UncountedShare};

impl Gameday<'_> {
    /// What is hidden right now.
    pub(super) fn blind_spots(&self) -> Vec<UncountedShare> {
        let names = &self.plan.names;
        let spots = self.conditions.blind_spots.iter().filter_map(|spot| {
            let uncounted = match &spot.blinded {
                Blinded::Telemetry => Uncounted::All,
                Blinded::Rule(rule) => Uncounted::Rule(*rule),
                Blinded::Tier(tier) => Uncounted::Scope(names.scope_index(Scope::Tier(*tier))),
                Blinded::Source(name) => {
                    let named = |source: &crate::telemetry::ReportSource| source.name == *name;
                    Uncounted::Source(self.plan.reports.iter().position(named)?)
                }
            };
            Some(UncountedShare { key: spot.key, uncounted, share: spot.share })
        });
        spots.collect()
    }

    /// The reading as it is sent, where this is what happened. Reports are those that came in, by
    /// source, each with the key of its draws.
    pub(super) fn as_seen(&mut self, mut reading: Reading, reports: &[Vec<DrawKey>]) -> Reading {
        let mut views = self.site.take_views();
        let probed = self.site.take_probes();
        views.retain(|(of, _)| probed.iter().all(|(rule, _)| *of != Some(*rule)));
        let names = &self.plan.names;
        if self.conditions.blind {
            return Reading::missing(reading.from, reading.to);
        }
        let spots = self.blind_spots();
        let reports_of = |rule: Option<RuleId>| -> Vec<u64> {
            let counted = |(source, keys): (usize, &Vec<DrawKey>)| {
                let hidden = |key: &DrawKey| {
                    let felt =
                        |spot: &&UncountedShare| spot.is_about(rule, Uncounted::Source(source));
                    spots.iter().filter(felt).any(|spot| spot.hides(*key))
                };
                keys.iter().filter(|key| !hidden(key)).count() as u64
            };
            reports.iter().enumerate().map(counted).collect()
        };
        for (of, mut scopes) in views {
            if let Some((_, site)) = scopes.iter_mut().find(|(position, _)| *position == 0) {
                site.reports = reports_of(of);
            }
            for (at, scope) in &mut scopes {
                scope.backlog = reading.scopes[*at].backlog;
            }
            match of {
                Some(rule) => {
                    reading.gaps.rules.push(RuleView { rule, scopes: Some(scopes) });
                }
                None => {
                    scopes.into_iter().for_each(|(at, scope)| reading.scopes[at] = scope);
                }
            }
        }
        for (rule, seen) in probed {
            let position = names.scope_index(self.plan.playbook.rules[rule.index()].scope);
            reading.gaps.rules.push(RuleView { rule, scopes: Some(vec![(position, seen)]) });
        }
        reading.scopes[0].reports = reports_of(None);
        for spot in spots.iter().filter(|spot| spot.share.0 >= 1.0) {
            match spot.uncounted {
                Uncounted::All => return Reading::missing(reading.from, reading.to),
                Uncounted::Scope(position) => reading.gaps.scopes.push(position),
                Uncounted::Rule(rule) => {
                    reading.gaps.rules.retain(|view| view.rule != rule);
                    reading.gaps.rules.push(RuleView { rule, scopes: None });
                }
                Uncounted::Source(_) => {}
            }
        }
        reading
    }
}
