//! The lines of the board that are not about one step: the log, other changes, freezes.

use super::board::{BoardTone, BoardWriter};
use super::incident::NightIncident;
use super::minutes;
use crate::names::ChangeId;
use crate::units::grouped;

impl BoardWriter<'_> {
    /// What the log says, whatever is open.
    pub(super) fn log(&mut self) {
        let Some(watched) = self.watched else { return };
        if let Some(doubt) = watched.doubt() {
            return self.line("log", doubt, BoardTone::Due);
        }
        let Some(newest) = watched.newest() else {
            return self.line("log", "no request yet".to_string(), BoardTone::Plain);
        };
        let rules = watched.rules(&self.scribe.plan.names, &|at| self.clock(at));
        let tone = if rules.is_some() { BoardTone::Due } else { BoardTone::Good };
        let rules = rules.unwrap_or_else(|| "no rule fires".to_string());
        self.line("log", format!("{rules}; read until {}", self.clock(newest)), tone);
    }

    /// Whom an incident has reached, and what waiting costs.
    pub(super) fn reached(&mut self, incident: &NightIncident) {
        let Some(watched) = self.watched.filter(|watched| watched.newest().is_some()) else {
            return;
        };
        let reached = watched.reached(incident.since, self.now);
        let addresses = match reached.addresses {
            Some(addresses) => format!(", from {} addresses", grouped(addresses)),
            None => String::new(),
        };
        let text = format!(
            "{} of {} requests got no good answer{addresses}; now {:.0} a minute",
            grouped(reached.failed),
            grouped(reached.requests),
            reached.per_minute
        );
        let tone = if reached.per_minute > 0.0 { BoardTone::Due } else { BoardTone::Plain };
        self.line("reached", text, tone);
        if incident.live.is_none() && reached.per_minute >= 1.0 {
            let more = [5.0, 15.0].map(|minutes| grouped((reached.per_minute * minutes) as u64));
            let text = format!(
                "at this rate 5 more minutes cost {} requests, 15 cost {}",
                more[0], more[1]
            );
            self.line("waiting", text, BoardTone::Plain);
        }
    }

    /// What holds whatever is open: other changes under way, freezes.
    pub(super) fn around(&mut self) {
        let plan = self.scribe.plan;
        let own: Vec<ChangeId> = {
            let incidents = self.scribe.situation.incidents.iter();
            incidents.filter_map(|one| one.under_way()).map(|(change, _)| change).collect()
        };
        for (change, until) in minutes::under_way(plan, &self.scribe.situation) {
            if !own.contains(&change) {
                let text = format!("{}: by the table until {}", self.change(change), {
                    self.clock(until)
                });
                self.line("change", text, BoardTone::Plain);
            }
        }
        for freeze in &plan.playbook.changes.freezes {
            if freeze.from > self.now || freeze.to <= self.now {
                continue;
            }
            let changes: Vec<&str> = freeze.changes.iter().map(|c| self.change(*c)).collect();
            let what = if changes.is_empty() { "every change".into() } else { changes.join(", ") };
            let names = &plan.names.plays;
            let except: Vec<&str> =
                freeze.except.iter().map(|play| names[play.index()].as_str()).collect();
            let except = match except.is_empty() {
                true => String::new(),
                false => format!(" (not in {})", except.join(", ")),
            };
            let until = self.clock(freeze.to);
            self.line("freeze", format!("until {until}: {what}{except}"), BoardTone::Plain);
        }
    }
}
