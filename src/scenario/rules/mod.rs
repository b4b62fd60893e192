//! Alerting rules: their sentences, how noisy they are, and what `sim tune` tries.

pub mod alarms;
pub mod backlog;
pub mod condition;
pub mod explain;
pub mod expression;
pub mod lint;
pub mod noise;
pub mod normal;
mod probe;
pub mod reported;
pub mod resolve;
pub mod sentence;
pub mod written;
