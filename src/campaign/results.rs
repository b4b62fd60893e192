//! What is kept of a campaign: one row per trial, and which campaign they belong to.

use super::headline::{Headline, HeadlineSubject, UsualHeadline};
use crate::journal::{Expectation, RunConclusion, RunMode};
use crate::measure::estimate::Confidence;
use crate::units::{Ratio, Span};
use serde::{Deserialize, Serialize};

/// Which campaign this is: everything that its rows depend on but their numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CampaignIdentity {
    /// Version of the program.
    pub program: String,
    /// Run id of trial 0.
    pub run_id: String,
    /// The scenario's own words.
    pub scenario: String,
    /// `simulated`.
    pub mode: RunMode,
    /// Hash of the plan, whatever its seed.
    pub scenario_hash: String,
    /// The seed of all trials.
    pub seed: u64,
    /// How long each of them lasts.
    pub lasts: Span,
    /// What every trial is expected to show.
    pub expect: Vec<Expectation>,
    /// The share of trials in which each of these must be met.
    pub expect_on: Ratio,
    /// What is asked of every trial, in the order of the answers.
    pub headlines: Vec<Headline>,
}

impl CampaignIdentity {
    /// The position in a row of the answers to the headline about this.
    pub fn place(&self, subject: impl Into<HeadlineSubject>) -> Option<usize> {
        let subject = subject.into();
        self.headlines.iter().position(|headline| headline.subject == subject)
    }
}

/// What is kept of one trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrialRow {
    /// Its number.
    pub trial: u64,
    /// The id that this trial has when it is run alone.
    pub run_id: String,
    /// What came of it, and why.
    #[serde(rename = "upshot")]
    pub conclusion: RunConclusion,
    /// One answer per headline; `None` where there was nothing to measure.
    pub values: Vec<Option<f64>>,
}

/// What is judged of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JudgedRun {
    /// It keeps what the plan expects.
    pub good: bool,
    /// From onset to users being well again; `None`: they are not, or nothing was wrong.
    pub recovered: Option<Span>,
}

/// How a campaign ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CampaignEnding {
    /// All trials asked for are there.
    Whole,
    /// Stopped by the user before this many trials.
    Interrupted { wanted: u64 },
    /// Every headline is known at least this precisely, except those whose values did not vary.
    Precise {
        /// Half the width that an interval may have.
        precision: f64,
        /// Of the intervals that decided it.
        confidence: Confidence,
    },
    /// The most trials allowed, and not every headline is known this precisely.
    PrecisionNotReached {
        /// Half the width that an interval may have.
        precision: f64,
        /// Of the intervals that decided it.
        confidence: Confidence,
    },
}

impl CampaignEnding {
    /// The confidence of the intervals by which precision was judged.
    pub fn confidence(self) -> Confidence {
        match self {
            CampaignEnding::Whole | CampaignEnding::Interrupted { .. } => Confidence::USUAL,
            CampaignEnding::Precise { confidence, .. }
            | CampaignEnding::PrecisionNotReached { confidence, .. } => confidence,
        }
    }
}

/// The trials of a campaign, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Results {
    /// Which campaign.
    pub identity: CampaignIdentity,
    /// One row per trial.
    pub rows: Vec<TrialRow>,
    /// Why there are as many as there are.
    pub ending: CampaignEnding,
}

/// Where the headlines are that say whether an incident was over.
#[derive(Debug, Clone, Copy)]
pub(super) struct EndColumns {
    pub(super) total: usize,
    pub(super) recovered: usize,
    pub(super) contained: usize,
}

impl EndColumns {
    pub(super) fn from_identity(identity: &CampaignIdentity) -> Option<EndColumns> {
        Some(EndColumns {
            total: identity.place(UsualHeadline::Total)?,
            recovered: identity.place(UsualHeadline::Recovered)?,
            contained: identity.place(UsualHeadline::Contained)?,
        })
    }
}
