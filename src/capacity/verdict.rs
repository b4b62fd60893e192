//! What a check comes to: status, headroom, verdict.

use super::check::{CaseResult, Check};
use super::outcome::Status;
use super::search::Breaking;
use crate::journal::LimitStatus;

impl CaseResult {
    /// Against latency and errors at the peak: as played, else by formula.
    pub fn status(&self) -> Status {
        self.played.as_ref().map_or(self.formula.status, |point| point.outcome.status)
    }

    /// The share of the capacity that the peak leaves unused, 1 − peak ÷ breaking point, with its
    /// ends; by formula where nothing was played. Below 0 the peak is beyond the breaking point.
    pub fn headroom(&self) -> Option<[f64; 3]> {
        let spare = |multiple: f64| 1.0 - 1.0 / multiple.max(1e-6);
        match &self.breaking {
            Some(Breaking { at, low, high, .. }) => {
                let at = at.or(*low).or(*high)?;
                let (low, high) = (low.map_or(-f64::INFINITY, spare), high.map_or(1.0, spare));
                Some([low, spare(at), high])
            }
            None => self.formula_breaks.map(|breaks| [spare(breaks); 3]),
        }
    }
}

impl Check {
    /// Whether the headroom that is asked for is there, as planned.
    pub fn headroom(&self) -> Status {
        let wanted = self.objectives.headroom.0;
        match self.cases[0].headroom() {
            Some([low, _, _]) if low >= wanted => Status::Met,
            Some([_, _, high]) if high < wanted => Status::Missed,
            Some([_, at, _]) if !self.simulated => Status::of(at >= wanted),
            _ => Status::Open,
        }
    }

    /// The verdict: missed if anything is, a limit that is not threads too; else open if anything
    /// is; else met.
    pub fn verdict(&self) -> Status {
        let over = self.limits.iter().filter(|limit| limit.status == LimitStatus::Over);
        let over = over.map(|_| Status::Missed);
        let ramp = self.ramp.iter().map(|ramp| ramp.status);
        let all = self.cases.iter().map(CaseResult::status).chain([self.headroom()]);
        let all = all.chain(over).chain(ramp);
        let all: Vec<Status> = all.collect();
        let worst = [Status::Missed, Status::Open].into_iter().find(|one| all.contains(one));
        worst.unwrap_or(Status::Met)
    }
}
