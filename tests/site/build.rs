//! Small sites for tests: one endpoint through all tiers in order, visits of one request.

use sim::kernel::DrawKey;
use sim::names::{EndpointId, Names, TierId};
use sim::site::{Balance, Call, Endpoint, Site, SiteConditions, SitePlan, Tier};
use sim::telemetry::{Reading, ScopeReading};
use sim::traffic::{ClientRetries, Curve, CurvePoint, Mixes, Tool, TrafficPlan, Weights};
use sim::units::{Rate, Ratio, Span, Spread, Time};

/// A site and its visitors, ready to be changed by a test.
#[derive(Clone)]
pub struct Built {
    pub plan: SitePlan,
    pub traffic: TrafficPlan,
    pub names: Names,
    pub seed: u64,
}

pub fn at(seconds: f64) -> Time {
    Time::ZERO + span(seconds)
}

pub fn span(seconds: f64) -> Span {
    Span::from_seconds(seconds)
}

pub fn fixed(seconds: f64) -> Spread {
    Spread::Fixed(span(seconds))
}

pub fn exponential(seconds: f64) -> Spread {
    Spread::Exponential(span(seconds))
}

/// A tier with ample room in its queue.
pub fn tier(instances: u32, threads: u32, takes: Spread) -> Tier {
    Tier {
        instances,
        threads,
        queue: 1_000_000,
        durable: false,
        takes,
        balance: Balance::RoundRobin,
        zones: vec![],
        health: None,
        errors: Ratio::default(),
        external: false,
        autoscaling: None,
        warming: None,
    }
}

pub fn call(timeout: f64) -> Call {
    Call { timeout: span(timeout), retries: None, breaker: None }
}

/// A client that tries again at once, this often.
pub fn retries(at_most: u8, budget: Option<Ratio>) -> ClientRetries {
    ClientRetries { at_most, after: span(0.1), growth: 2.0, jitter: Ratio(0.5), budget }
}

/// Visits at a constant rate; nobody loses patience.
pub fn site(rate: f64, tiers: Vec<Tier>) -> Built {
    let words = |kind: &str, n: usize| (0..n).map(|i| format!("{kind}-{i}")).collect();
    let weights = |shares: &[f64]| Weights(shares.to_vec());
    let count = tiers.len();
    let names = Names {
        tiers: words("tier", count),
        endpoints: words("endpoint", 1),
        categories: [words("browser", 2), words("login", 2), words("account", 2), words("tool", 1)],
        ..Names::default()
    };
    let path = (0..count).map(TierId::from).collect();
    Built {
        plan: SitePlan {
            tiers,
            endpoints: vec![Endpoint { path }],
            calls: vec![vec![call(1e6); count]],
        },
        traffic: TrafficPlan {
            curve: Curve { points: vec![point(0.0, rate)], profile: vec![] },
            returning: Ratio(0.3),
            mixes: Mixes {
                browser: weights(&[0.7, 0.3]),
                login: weights(&[0.75, 0.25]),
                login_none: Some(0),
                account: vec![weights(&[1.0, 0.0]), weights(&[0.4, 0.6])],
                tool: weights(&[1.0]),
            },
            tools: vec![Tool {
                requests: 1.0,
                think: Spread::Fixed(Span::SECOND),
                uses: vec![(EndpointId(0), 1.0)],
                login_required: false,
            }],
            patience: span(1e6),
            retries: None,
        },
        names,
        seed: 1,
    }
}

fn point(seconds: f64, rate: f64) -> CurvePoint {
    CurvePoint { at: at(seconds), rate: Rate(rate) }
}

impl Built {
    /// No visits from this moment on.
    pub fn quiet_after(mut self, seconds: f64) -> Built {
        let rate = self.traffic.curve.points[0].rate.0;
        self.traffic.curve.points.extend([point(seconds, rate), point(seconds, 0.0)]);
        self
    }

    pub fn patience(mut self, seconds: f64) -> Built {
        self.traffic.patience = span(seconds);
        self
    }

    /// How tier 0 calls tier 1.
    pub fn call(mut self, call: Call) -> Built {
        self.plan.calls[0][0] = call;
        self
    }

    pub fn start(&self) -> Site {
        let root = DrawKey::new(self.seed, 0, "site");
        Site::new(&self.plan, &self.traffic, &self.names, root)
    }

    /// A site that has run for so many seconds.
    pub fn run(&self, seconds: f64) -> Site {
        let mut site = self.start();
        site.run_until(at(seconds));
        site.check_conservation();
        site
    }

    pub fn quiet(&self) -> SiteConditions {
        SiteConditions::quiet(&self.plan)
    }

    /// Runs under these conditions from the start, and reads everything at the end.
    pub fn under(&self, conditions: &SiteConditions, seconds: f64) -> (Site, Reading) {
        let mut site = self.start();
        site.apply(conditions);
        site.run_until(at(seconds));
        let reading = site.scrape(Time::ZERO, at(seconds));
        (site, reading)
    }
}

/// The reading of the whole site.
pub fn whole(reading: &Reading) -> &ScopeReading {
    &reading.scopes[0]
}

/// The reading of a tier.
pub fn of_tier(reading: &Reading, tier: usize) -> &ScopeReading {
    &reading.scopes[1 + tier]
}
