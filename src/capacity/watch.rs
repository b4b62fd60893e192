//! Who looks on while a check is played.

use super::point::JudgedLoads;

/// Who is told of progress, and who may stop it.
pub struct Watch<'w> {
    pub stop: &'w (dyn Fn() -> bool + Sync),
    /// One of the parts of the whole check is done.
    pub done: &'w (dyn Fn() + Sync),
    /// Loads that were judged before; `None`: nobody keeps them.
    pub judged: Option<&'w JudgedLoads<'w>>,
}
