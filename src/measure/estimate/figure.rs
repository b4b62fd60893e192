//! A figure with its interval, and what makes one.

/// Left out at either end of an interval.
pub(super) const TAIL: f64 = 0.025;

/// A figure with its 95 % interval. A bound is `None` where the sample cannot give one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// How many values it rests on.
    pub n: u64,
    /// The figure itself.
    pub value: f64,
    /// The lower end of the interval.
    pub low: Option<f64>,
    /// The upper end of the interval.
    pub high: Option<f64>,
}

/// How well a figure is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Precision {
    /// Half the width of the interval: of a share as it is, else relative to the figure.
    Within(f64),
    /// The sample is too small for its interval to be trusted.
    TooFew,
    /// This sample says nothing of how well it is known: there is nothing in it, or nothing in it
    /// varies.
    CannotJudge,
}

/// A way to get from a sample to a figure with its interval.
pub trait Estimator {
    /// As reports name it.
    const NAME: &'static str;

    /// The figure; `None` where there is nothing to rest it on.
    fn estimate(&self) -> Option<Estimate>;

    /// How well the figure is known.
    fn precision(&self) -> Precision;
}

impl Estimate {
    /// Half the width of the interval, if both of its ends are known.
    pub fn half_width(&self) -> Option<f64> {
        self.low.zip(self.high).map(|(low, high)| (high - low) / 2.0)
    }

    /// The same relative to the figure; `None` where the figure is 0.
    pub fn relative_half_width(&self) -> Option<f64> {
        let half = self.half_width()?;
        (self.value != 0.0).then(|| half / self.value.abs())
    }
}
