//! What a moment of a journal rests on.

use crate::names::worded;

worded! {
    /// What a moment of a journal rests on.
    #[derive(Default)]
    pub enum Evidence {
        /// It was drawn or follows from what was drawn.
        #[default]
        Simulated = "simulated",
        /// Somebody did it, and the clock was read.
        Measured = "measured",
    }
}

impl Evidence {
    /// Whether it is what a journal takes for granted, and so does not write down.
    pub fn is_simulated(&self) -> bool {
        *self == Evidence::Simulated
    }
}
