//! Messages that no play sends: a call from the help desk, a reporter, the partner.

pub mod resolve;
pub mod written;
