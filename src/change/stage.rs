//! How far a change has come.

use crate::names::worded;

worded! {
    /// A stage of a change on its way.
    pub enum ChangeStage {
        /// It waits for its pipeline.
        Ordered = "ordered",
        /// Its pipeline works on it.
        Deploying = "deploying",
        /// Done, not yet everywhere.
        Deployed = "deployed",
        /// It has its effect.
        Live = "live",
        /// Done without effect.
        Failed = "failed",
        /// Stopped by a freeze.
        Frozen = "frozen",
    }
}
