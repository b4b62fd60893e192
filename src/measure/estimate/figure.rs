//! A figure with its interval, and the trait for what gives one.

use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal};

/// How surely an interval holds what it is about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confidence {
    /// Left out at either end.
    tail: f64,
}

impl Confidence {
    /// 95 %, as everything that is printed has it.
    pub const USUAL: Confidence = Confidence { tail: 0.025 };

    /// The interval whose ends lie this many standard errors from the middle of a normal sample.
    pub fn of_errors(errors: f64) -> Confidence {
        Confidence { tail: Normal::standard().sf(errors) }
    }

    /// The chance that is left out at either end.
    pub fn tail(self) -> f64 {
        self.tail
    }

    /// The chance to hold the truth.
    pub fn level(self) -> f64 {
        1.0 - 2.0 * self.tail
    }

    /// How many standard errors of a normal sample the ends lie from its middle.
    pub fn errors(self) -> f64 {
        -Normal::standard().inverse_cdf(self.tail)
    }
}

/// A figure with its interval, 95 % unless another confidence was asked for. A bound is `None`
/// where the sample cannot give one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
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
    /// There is no value in the sample: how seldom there would be one is all that it says.
    NothingMeasured,
    /// There are values but they do not vary, which says nothing about how others would.
    CannotJudge,
}

/// A way to get from a sample to a figure with its interval.
pub trait Estimator {
    /// As reports name it.
    const NAME: &'static str;

    /// The figure with an interval of this confidence; `None` where there is nothing to rest it on.
    fn estimate_at(&self, confidence: Confidence) -> Option<Estimate>;

    /// How well the figure is known, by its interval of this confidence.
    fn precision_at(&self, confidence: Confidence) -> Precision;

    /// The figure with its 95 % interval.
    fn estimate(&self) -> Option<Estimate> {
        self.estimate_at(Confidence::USUAL)
    }

    /// How well the figure is known, by its 95 % interval.
    fn precision(&self) -> Precision {
        self.precision_at(Confidence::USUAL)
    }
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
