//! What is broken or changed at the site right now. Plain data, handed in at every edge.

use super::{SitePlan, Tier};
use crate::change::Admission;
use crate::names::{EndpointId, FaultId, TierId, ToolId, worded};
use crate::traffic::VisitorFilter;
use crate::units::{Ratio, Span, Spread};

/// The state of production that the site's own work does not bring about.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteConditions {
    /// One per tier.
    pub tiers: Vec<TierCondition>,
    /// The path of each endpoint as it is now.
    pub paths: Vec<Vec<TierId>>,
    /// Errors added at the entry, per endpoint.
    pub endpoint_failing: Vec<(EndpointId, FailingWork)>,
    /// Delays added at the entry tier's own work, per endpoint.
    pub endpoint_slow: Vec<(EndpointId, Slow)>,
    /// A maintenance page is up: every attempt gets a planned 503 at once.
    pub maintenance: bool,
    /// A waiting room is in front of the site.
    pub admits: Option<Admission>,
    /// Additional arrivals, in file order.
    pub surges: Vec<Surge>,
    /// Faults whose failures do not look like failures to the monitoring.
    pub unseen: Vec<(FaultId, SeenAs)>,
}

worded! {
    /// How the failures of a fault look to the monitoring.
    #[derive(Default)]
    pub enum SeenAs {
        /// An error of the server, which rules count.
        #[default]
        ServerError = "5xx",
        /// A client's own mistake, which they do not.
        ClientError = "4xx",
        /// A good answer.
        Nothing = "nothing",
    }
}

impl SeenAs {
    /// Whether rules count the failures.
    pub fn is_told(&self) -> bool {
        *self == SeenAs::ServerError
    }
}

impl SiteConditions {
    /// Nothing broken, nothing changed.
    pub fn quiet(plan: &SitePlan) -> SiteConditions {
        let up = |tier: &Tier| TierCondition {
            instances: vec![InstanceState::Up; tier.places()],
            ..TierCondition::default()
        };
        SiteConditions {
            tiers: plan.tiers.iter().map(up).collect(),
            paths: plan.endpoints.iter().map(|endpoint| endpoint.path.clone()).collect(),
            endpoint_failing: Vec::new(),
            unseen: Vec::new(),
            endpoint_slow: Vec::new(),
            maintenance: false,
            admits: None,
            surges: Vec::new(),
        }
    }
}

/// What is different about one tier.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TierCondition {
    /// One per instance; its length is the number of instances, those added by changes included.
    /// With autoscaling one per place that an instance may be launched in: [`Tier::places`].
    pub instances: Vec<InstanceState>,
    /// Which fault made each instance what it is; `None`, or not listed: no fault did.
    pub broken_by: Vec<Option<FaultId>>,
    /// Applied in order to the time of the tier's own work.
    pub slow: Vec<Slow>,
    pub failing: Vec<FailingWork>,
}

/// What a fault makes of an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InstanceState {
    #[default]
    Up,
    /// Still in rotation, refuses every request at once; work in it fails at once.
    Refusing,
    /// Still in rotation, accepts and does nothing; work in it stands still until it is up again.
    Hanging,
    /// Out of rotation; work in it fails at once.
    Gone,
    /// Out of rotation; ends what it has.
    Draining,
}

/// Which instances and visitors a slowness or failure hits.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hit {
    /// One per instance; empty: all.
    pub instances: Vec<bool>,
    pub only: VisitorFilter,
}

/// Own work that takes longer.
#[derive(Debug, Clone, PartialEq)]
pub struct Slow {
    /// The fault that it comes from.
    pub fault: FaultId,
    /// Names that fault: part of the draw key.
    pub key: u64,
    pub hit: Hit,
    /// Replaces the time first, if given …
    pub takes: Option<Spread>,
    /// … as far as this: while a fault fades, the time lies between its own and that …
    pub part: Ratio,
    /// … then multiplies it …
    pub times: f64,
    /// … then adds to it.
    pub add: Span,
}

/// Own work that ends in an error instead of a call to the next tier or a reply.
#[derive(Debug, Clone, PartialEq)]
pub struct FailingWork {
    /// The fault that it comes from.
    pub fault: FaultId,
    /// Names that fault: part of the draw key.
    pub key: u64,
    pub hit: Hit,
    pub share: Ratio,
}

/// More visitors, as an arrival source of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Surge {
    /// The fault that it comes from.
    pub fault: FaultId,
    /// Names that fault: the source's own key.
    pub key: u64,
    /// Arrivals per arrival of the traffic curve (a surge to three times the traffic has 2).
    pub extra: f64,
    /// Only visits to this tool, at `extra` times its share.
    pub tool: Option<ToolId>,
    /// Only visitors of this part of the mix; the others are not drawn.
    pub only: VisitorFilter,
}
