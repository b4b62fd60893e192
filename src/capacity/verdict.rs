//! What a check comes to.

use super::check::{CaseResult, Check};
use super::outcome::Status;
use crate::journal::LimitStatus;

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
