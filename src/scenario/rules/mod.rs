//! Alerting rules: their sentences, how noisy they are, and what `sim tune` tries.

pub mod alarms;
pub mod condition;
pub mod explain;
pub mod expression;
pub mod lint;
pub mod noise;
pub mod normal;
pub mod resolve;
pub mod sentence;
pub mod subjects;
pub mod written;
