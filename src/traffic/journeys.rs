//! What a visitor is like and what a visit does, drawn from their keys.

use super::{Mixes, TrafficPlan, Weights};
use crate::kernel::{DrawKey, PreparedSpread};
use crate::names::{Dimension, EndpointId, Segment};
use crate::units::Span;

/// The mixes and tools of a scenario, laid out for drawing.
#[derive(Debug, Clone)]
pub struct Journeys {
    mixes: Mixes,
    signed_in: Weights,
    tools: Vec<Journey>,
}

#[derive(Debug, Clone)]
struct Journey {
    /// Minus the log of the chance that a further request follows.
    decay: f64,
    think: PreparedSpread,
    endpoints: Vec<EndpointId>,
    shares: Vec<f64>,
    login_required: bool,
}

/// Purposes of draws from a visit's, a visitor's or a request's key.
// The numbers must differ and never change: another number would change every run. Those above
// 2³² are for keys whose parts are counted up from 0, which so never meet them.
const TOOL: u64 = (1 << 32) + 3;
const REQUESTS: u64 = (1 << 32) + 4;
const BROWSER: u64 = 1;
const LOGIN: u64 = 2;
const SIGNED_IN: u64 = 3;
const ACCOUNT: u64 = 4;
const ENDPOINT: u64 = (1 << 32) + 5;
const THINK: u64 = (1 << 32) + 6;

impl Journeys {
    /// Lays out a plan.
    pub fn new(plan: &TrafficPlan) -> Journeys {
        let journey = |tool: &super::Tool| Journey {
            decay: -libm::log(1.0 - 1.0 / tool.requests.max(1.0)),
            think: PreparedSpread::from(tool.think),
            endpoints: tool.uses.iter().map(|(endpoint, _)| *endpoint).collect(),
            shares: tool.uses.iter().map(|(_, share)| *share).collect(),
            login_required: tool.login_required,
        };
        Journeys {
            signed_in: plan.mixes.signed_in(),
            mixes: plan.mixes.clone(),
            tools: plan.tools.iter().map(journey).collect(),
        }
    }

    /// The tool of a visit, as a position in the tool mix.
    pub fn tool(&self, visit: DrawKey) -> u8 {
        visit.child(TOOL).category(&self.mixes.tool.0) as u8
    }

    /// What a visitor is like while using a tool. Browser and login stay the visitor's own; one
    /// who usually does not sign in does so, always in the same way, where the tool requires it.
    pub fn segment(&self, visitor: DrawKey, tool: u8) -> Segment {
        let mut login = visitor.child(LOGIN).category(&self.mixes.login.0);
        let required = self.tools[usize::from(tool)].login_required;
        if required && self.mixes.login_none.map(usize::from) == Some(login) {
            login = visitor.child(SIGNED_IN).category(&self.signed_in.0);
        }
        let account = self.mixes.account.get(login).map_or(&[][..], |weights| &weights.0);
        let mut segment = Segment::default();
        segment.0[Dimension::Browser as usize] =
            visitor.child(BROWSER).category(&self.mixes.browser.0) as u8;
        segment.0[Dimension::Login as usize] = login as u8;
        segment.0[Dimension::Account as usize] = visitor.child(ACCOUNT).category(account) as u8;
        segment.0[Dimension::Tool as usize] = tool;
        segment
    }

    /// The number of requests of a visit: geometric, at least 1, with the tool's mean.
    pub fn requests(&self, visit: DrawKey, tool: u8) -> u32 {
        let decay = self.tools[usize::from(tool)].decay;
        if decay == f64::INFINITY {
            return 1;
        }
        let further = visit.child(REQUESTS).exponential() / decay;
        (further as u32).saturating_add(1)
    }

    /// The endpoint of a request.
    pub fn endpoint(&self, request: DrawKey, tool: u8) -> EndpointId {
        let journey = &self.tools[usize::from(tool)];
        match journey.endpoints[..] {
            [only] => only,
            _ => journey.endpoints[request.child(ENDPOINT).category(&journey.shares)],
        }
    }

    /// The time from a request's reply to the next request.
    pub fn think(&self, request: DrawKey, tool: u8) -> Span {
        request.child(THINK).prepared(&self.tools[usize::from(tool)].think)
    }
}

impl Mixes {
    /// The shares of the logins among those who sign in.
    pub(super) fn signed_in(&self) -> Weights {
        let none = self.login_none.map(usize::from);
        let left = 1.0 - none.map_or(0.0, |none| self.login.0[none]);
        if left <= 0.0 {
            return self.login.clone();
        }
        let share = |(login, share): (usize, &f64)| {
            if Some(login) == none { 0.0 } else { share / left }
        };
        Weights(self.login.0.iter().enumerate().map(share).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::{Curve, Tool};
    use crate::units::{Ratio, Spread};

    fn plan() -> TrafficPlan {
        let weights = |shares: &[f64]| Weights(shares.to_vec());
        let tool = |requests, login_required| Tool {
            requests,
            think: Spread::Fixed(Span::SECOND),
            uses: vec![(EndpointId(0), 0.25), (EndpointId(1), 0.75)],
            login_required,
        };
        TrafficPlan {
            curve: Curve { points: vec![], profile: vec![] },
            returning: Ratio(0.0),
            mixes: Mixes {
                browser: weights(&[0.5, 0.5]),
                login: weights(&[0.75, 0.15, 0.1]),
                login_none: Some(0),
                account: vec![weights(&[1.0, 0.0]), weights(&[0.0, 1.0]), weights(&[0.0, 1.0])],
                tool: weights(&[0.8, 0.2]),
            },
            tools: vec![tool(7.0, false), tool(1.0, true)],
            patience: Span::SECOND,
            retries: None,
        }
    }

    #[test]
    fn a_tool_that_requires_a_login_has_no_visitor_without() {
        let journeys = Journeys::new(&plan());
        let root = DrawKey::new(1, 0, "visitors");
        let mut logins = [0u32; 3];
        for visitor in (0..10_000).map(|n| root.child(n)) {
            let (free, required) = (journeys.segment(visitor, 0), journeys.segment(visitor, 1));
            let login = required.value(Dimension::Login);
            logins[usize::from(login)] += 1;
            assert_eq!(required.value(Dimension::Browser), free.value(Dimension::Browser));
            assert_eq!(required.value(Dimension::Account), 1);
            if free.value(Dimension::Login) != 0 {
                assert_eq!(free.value(Dimension::Login), login, "who has a login keeps it");
            }
        }
        assert_eq!(logins[0], 0);
        assert!(logins[1].abs_diff(6_000) < 200, "{logins:?}");
    }

    #[test]
    fn the_number_of_requests_has_the_tools_mean() {
        let journeys = Journeys::new(&plan());
        let root = DrawKey::new(2, 0, "visits");
        let n = 50_000;
        let sum: u32 = (0..n).map(|visit| journeys.requests(root.child(visit), 0)).sum();
        assert!((f64::from(sum) / n as f64 - 7.0).abs() < 0.1, "{sum}");
        assert!((0..n).all(|visit| journeys.requests(root.child(visit), 1) == 1));
    }

    #[test]
    fn requests_follow_the_tools_use() {
        let journeys = Journeys::new(&plan());
        let root = DrawKey::new(3, 0, "requests");
        let second = |n: &u64| journeys.endpoint(root.child(*n), 0) == EndpointId(1);
        let count = (0..10_000).filter(second).count();
        assert!(count.abs_diff(7_500) < 150, "{count}");
    }
}
