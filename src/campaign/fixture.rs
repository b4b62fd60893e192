//! A campaign built by hand, for the tests of everything that reads one.

use super::{CampaignEnding, CampaignIdentity, Headline, HeadlineUnit, Results, TrialRow};
use crate::journal::{EndReason, RunConclusion, RunMode, RunOutcome};
use crate::units::{Ratio, Span};

/// The trials of a campaign with these headlines: the number of each and its answers.
pub(crate) fn results(
    lasts: Span,
    headlines: &[(&str, HeadlineUnit)],
    rows: impl IntoIterator<Item = (u64, Vec<Option<f64>>)>,
) -> Results {
    let headline = |(name, unit): &(&str, HeadlineUnit)| Headline {
        subject: name.to_string().into(),
        unit: *unit,
    };
    let identity = CampaignIdentity {
        program: "0.1.0".into(),
        run_id: "5eed".into(),
        scenario: "a day".into(),
        mode: RunMode::Simulated,
        scenario_hash: "cafe".into(),
        seed: 1,
        lasts,
        expect: Vec::new(),
        expect_on: Ratio(0.95),
        headlines: headlines.iter().map(headline).collect(),
    };
    let row = |(trial, values): (u64, Vec<Option<f64>>)| TrialRow {
        trial,
        run_id: trial.to_string(),
        conclusion: RunConclusion { outcome: RunOutcome::Quiet, why: EndReason::NothingBroke },
        values,
    };
    Results { identity, rows: rows.into_iter().map(row).collect(), ending: CampaignEnding::Whole }
}
