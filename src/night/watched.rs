//! What a log of the night shows: which rules fire, and which users are affected.

use crate::names::{Names, RuleId};
use crate::units::{Span, Time};
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

/// The most addresses that are counted one by one; beyond that, only that there are more.
const MOST: usize = 1_000_000;

/// A log that is followed.
#[derive(Debug, Default)]
pub struct FollowedLog {
    /// Rules that fire, and since when.
    firing: Vec<(RuleId, Time)>,
    /// Requests by the minute of the night: all of them, and those that got no good answer.
    minutes: Vec<(u64, u64)>,
    /// When each address last got no good answer.
    addresses: HashMap<u64, Time>,
    hashes: RandomState,
    /// The newest request, and those that lie before the plan.
    newest: Option<Time>,
    before: u64,
    /// Requests so far, and those that lead to no endpoint of the scenario.
    left_out: (u64, u64),
    /// What keeps it from being read.
    broken: Option<String>,
}

/// What a log says of an incident.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct LogImpact {
    /// Requests without a good answer, of how many.
    pub failed: u64,
    pub requests: u64,
    /// From how many addresses; `None`: lines have none.
    pub addresses: Option<u64>,
    /// Requests without a good answer in a minute, over the last five whole ones.
    pub per_minute: f64,
}

impl FollowedLog {
    /// A request of this moment; `None`: before the plan. Its answer was `status`.
    pub fn request(&mut self, at: Option<Time>, status: u16, address: Option<&[u8]>) {
        let Some(at) = at else {
            self.before += 1;
            return;
        };
        let minute = (at.0 / Span::MINUTE.0) as usize;
        // A line with a year of its own must not fill the memory.
        const LONGEST: usize = 14 * 24 * 60;
        if minute >= LONGEST {
            self.before += 1;
            return;
        }
        if self.minutes.len() <= minute {
            self.minutes.resize(minute + 1, (0, 0));
        }
        let failed = status == 0 || status >= 500;
        self.minutes[minute].0 += 1;
        self.minutes[minute].1 += u64::from(failed);
        self.newest = self.newest.max(Some(at));
        if let Some(address) = address.filter(|_| failed) {
            let key = self.hashes.hash_one(address);
            if self.addresses.len() < MOST || self.addresses.contains_key(&key) {
                let last = self.addresses.entry(key).or_insert(at);
                *last = (*last).max(at);
            }
        }
    }

    /// A rule started or stopped firing at this moment.
    pub fn rule(&mut self, rule: RuleId, at: Time, fires: bool) {
        self.firing.retain(|(one, _)| *one != rule);
        if fires {
            self.firing.push((rule, at));
        }
    }

    /// How many requests were read, and how many of them lead to no endpoint.
    pub fn count(&mut self, requests: u64, unrouted: u64) {
        self.left_out = (requests, unrouted);
    }

    /// It cannot be read any more, for this reason.
    pub fn breaks(&mut self, why: String) {
        self.broken = Some(why);
    }

    /// The rules that fire, in words.
    pub(super) fn rules(&self, names: &Names, clock: &dyn Fn(Time) -> String) -> Option<String> {
        let one = |(rule, at): &(RuleId, Time)| {
            format!("{} has fired since {}", names.rules[rule.index()], clock(*at))
        };
        let all: Vec<String> = self.firing.iter().map(one).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }

    /// What is wrong with it, if anything is.
    pub(super) fn doubt(&self) -> Option<String> {
        /// With fewer requests than this, nothing is concluded. A choice: a log of the right site
        /// is seldom by luck half unrouted in 20.
        const FEW: u64 = 20;
        let (requests, unrouted) = self.left_out;
        if let Some(why) = &self.broken {
            return Some(format!("the log can no longer be read: {why}"));
        }
        if requests >= FEW && unrouted * 2 > requests {
            return Some(format!(
                "{unrouted} of {requests} requests match no endpoint of the scenario: is this \
                 the log of another site? `logs: {{routes: …}}` maps them"
            ));
        }
        if self.before >= FEW && self.newest.is_none() {
            return Some(format!(
                "all {} requests are before the plan or long after it: is this the log of another \
                 day, or zone? --zone says which",
                self.before
            ));
        }
        None
    }

    /// The newest request.
    pub(super) fn newest(&self) -> Option<Time> {
        self.newest
    }

    /// Whom it has reached since a moment, as seen at another.
    pub(super) fn reached(&self, since: Time, now: Time) -> LogImpact {
        let minute = |at: Time| (at.0 / Span::MINUTE.0) as usize;
        let from = minute(since).min(self.minutes.len());
        let own = &self.minutes[from..];
        let failed = own.iter().map(|(_, failed)| failed).sum();
        let requests = own.iter().map(|(all, _)| all).sum();
        let to = minute(self.newest.unwrap_or(now).min(now)).min(self.minutes.len());
        let last = &self.minutes[to.saturating_sub(5).max(from.min(to))..to];
        let recent: u64 = last.iter().map(|(_, failed)| failed).sum();
        let addresses = self.addresses.values().filter(|last| **last >= since).count() as u64;
        LogImpact {
            failed,
            requests,
            addresses: (addresses > 0).then_some(addresses),
            per_minute: recent as f64 / last.len().max(1) as f64,
        }
    }
}
