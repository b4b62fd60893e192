//! What pages beside the outbrief are made of.

pub(in crate::report) use super::chart::round_ticks;
pub(in crate::report) use super::clock::scale::{COLUMN, Screen};
pub(in crate::report) use super::document::{Frame, Section, document, named};
pub(in crate::report) use super::tables::table;
pub(in crate::report) use super::words::{n, shown};
