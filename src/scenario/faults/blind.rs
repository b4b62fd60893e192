//! What the monitoring does not see: `blind: telemetry`, a rule, a tier or a source of reports.

use crate::decision::Measure;
use crate::fault::{Blinded, FaultKind};
use crate::language::problem::quoted;
use crate::language::wording::Wording;
use crate::language::written::Placed;
use crate::names::{Names, RuleId, Scope, TierId};
use crate::scenario::document::Document;
use crate::scenario::intern::{NOTICED_BY, sources};
use crate::scenario::lint::Linter;
use crate::scenario::resolver::Resolver;
use crate::scenario::rules::subjects::report_names;
use crate::units::Ratio;
use indexmap::IndexSet;

/// The monitoring as a whole.
const TELEMETRY: &str = "telemetry";
/// What is said of a rule that a partly blind monitoring does not change.
const OF_SHARES: &str = "is about a share of requests, which stays what it is";

impl Resolver<'_> {
    /// What is blinded, wholly or by a share.
    pub fn blinded(
        &mut self,
        target: &Placed<String>,
        share: Option<Ratio>,
        document: &Document,
    ) -> Option<FaultKind> {
        let names = self.names;
        let people = sources(document);
        let rules = names.rules.len().saturating_sub(people.len());
        let rules: IndexSet<String> = names.rules.iter().take(rules).cloned().collect();
        let (tiers, reports) = (&names.tiers, report_names(document));
        let name = &target.value;
        let all = [
            (name == TELEMETRY, "the monitoring"),
            (rules.contains(name), "a rule"),
            (tiers.contains(name), "a tier"),
            (reports.contains(name), "a source of reports"),
        ];
        let meant: Vec<&str> = all.iter().filter(|(is, _)| *is).map(|(_, kind)| *kind).collect();
        let share = share.unwrap_or(Ratio(1.0));
        let hidden = match meant[..] {
            ["the monitoring"] if share.0 >= 1.0 => return Some(FaultKind::Blind),
            ["the monitoring"] => Blinded::Telemetry,
            ["a rule"] => Blinded::Rule(names.rules.get_index_of(name)?.into()),
            ["a tier"] => Blinded::Tier(names.tiers.get_index_of(name)?.into()),
            ["a source of reports"] => Blinded::Source(name.clone()),
            [] if people.contains(name.strip_prefix(NOTICED_BY).unwrap_or(name)) => {
                let message =
                    format!("{} notices without monitoring, whatever is blind", quoted(name));
                self.error(target.place, message, "remove `noticed` from the fault");
                return None;
            }
            [] => {
                let known = [TELEMETRY.to_string()].into_iter().chain(rules);
                let known = known.chain(tiers.iter().cloned()).chain(reports).collect();
                let what = "rule, tier or source of reports";
                return self.find::<usize>(&known, target, what).and(None);
            }
            _ => {
                let message = format!("{} is {}", quoted(name), meant.join(" and "));
                self.error(target.place, message, "rename one of them, so that it is clear which");
                return None;
            }
        };
        Some(FaultKind::BlindSpot { blinded: hidden, share })
    }
}

/// What a blind spot does, in a few words.
pub fn blind_spot(of: &Blinded, share: Ratio, names: &Names) -> String {
    let tier = |tier: &TierId| &names.tiers[tier.index()];
    let rule = |rule: &RuleId| &names.rules[rule.index()];
    match (of, share.0 >= 1.0) {
        (Blinded::Telemetry, _) => format!("the monitoring does not count {share} of requests"),
        (Blinded::Rule(id), true) => format!("{} sees nothing", rule(id)),
        (Blinded::Rule(id), false) => {
            format!("{} does not count {share} of its requests", rule(id))
        }
        (Blinded::Tier(id), true) => format!("the monitoring sees nothing of {}", tier(id)),
        (Blinded::Tier(id), false) => {
            format!("the monitoring does not count {share} of requests to {}", tier(id))
        }
        (Blinded::Source(name), true) => format!("no report to {name} is counted"),
        (Blinded::Source(name), false) => format!("{share} of reports to {name} are not counted"),
    }
}

impl Linter<'_> {
    /// Nobody would have looked at what is blinded, or nothing of it depends on how much is seen.
    pub fn blind_spots(&mut self) {
        let document = self.document;
        let written = document.faults.iter().flatten();
        for (fault, written) in self.plan.faults.iter().zip(written) {
            let (FaultKind::BlindSpot { blinded: of, share }, Some(target)) =
                (&fault.kind, &written.blind)
            else {
                continue;
            };
            let name = quoted(&target.value);
            let rules = &self.plan.playbook.rules;
            let (message, hint) = match of {
                Blinded::Tier(tier)
                    if !rules.iter().any(|rule| rule.scope == Scope::Tier(*tier)) =>
                {
                    (
                        Wording::from(format!(
                            "no rule looks at {name}: that it is blind changes nothing"
                        )),
                        format!("watch it: `where: {{tier: {}}}` in a rule", target.value),
                    )
                }
                Blinded::Rule(rule) if share.0 < 1.0 && is_of_shares(&rules[rule.index()]) => (
                    Wording::beginning(name, OF_SHARES, format!("… {OF_SHARES}")),
                    "blind it completely, or say `seen_as: nothing` on what it does not see"
                        .to_string(),
                ),
                _ => continue,
            };
            self.warning(target.place, message, &hint);
        }
    }
}

/// Whether a rule says the same however many of its requests are counted.
fn is_of_shares(rule: &crate::decision::Rule) -> bool {
    let counts =
        |measure| matches!(measure, Measure::Requests | Measure::Errors | Measure::Reports(_));
    rule.min_requests <= 1 && !rule.clauses().any(|clause| counts(clause.measure))
}
