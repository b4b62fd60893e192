//! What pages beside the outbrief are made of.

pub(in crate::report) use super::chart::round_ticks;
pub(in crate::report) use super::clock::scale::{COLUMN, ScreenSize};
pub(in crate::report) use super::document::{PageFrame, PageSection, document, named};
pub(in crate::report) use super::formatting::{n, shown};
pub(in crate::report) use super::tables::table;
