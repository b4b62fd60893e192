//! Single values that any section may have.

pub mod calendar;
pub mod number;
pub mod points;
pub mod shown;
pub mod spread;
pub mod time;
pub mod varying;
pub mod when;
