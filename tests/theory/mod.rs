//! The simulator against theory: queues, networks, chains, processes, ladders, and recoveries.
//!
//! Where theory has a number, independent replications with fixed seeds must agree with it: it lies
//! inside their 99.9 % interval, and the half-width of that interval is below 2 % of it.

mod arrivals;
mod backlog;
mod breaker;
mod chain;
mod ladder;
mod metastability;
mod networks;
mod queues;
mod replications;
mod shipped;
