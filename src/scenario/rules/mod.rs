//! Alerting rules: their sentences, how noisy they are, and what `sim tune` tries.

pub mod alarms;
pub mod explain;
pub mod expression;
pub mod lint;
pub mod noise;
pub mod resolve;
pub mod sentence;
pub mod written;
