//! The summary of a campaign, kept without its trials.

use super::columns::Columns;
use super::figure::{self, HeadlineFigure, Precisions};
use super::odds::{Counting, Odds};
use super::results::EndColumns;
use super::{CampaignEnding, CampaignIdentity, Results, TrialRow};
use std::io::{self, Read, Seek, Write};

/// Every headline of a campaign over all its trials.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Which campaign.
    pub identity: CampaignIdentity,
    /// Why there are as many trials as there are.
    pub ending: CampaignEnding,
    /// How many there are.
    pub trials: u64,
    /// One for each headline, in order.
    pub figures: Vec<HeadlineFigure>,
    /// How well they are known, by the intervals that decided when to stop.
    pub precisions: Precisions,
    /// Trials in which an incident was still going on at the end.
    pub unfinished: Unfinished,
    /// What they say of what is expected.
    pub odds: Odds,
}

/// In how many trials an incident was going on, and in how many of these it was not over when the
/// run was: neither recovered nor behind a maintenance page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unfinished {
    /// Trials with an incident.
    pub began: u64,
    /// Those of them in which it was not over.
    pub open: u64,
}

impl Unfinished {
    /// From trials that are in memory.
    pub fn from_results(results: &Results) -> Unfinished {
        let mut unfinished = Unfinished::default();
        let places = EndColumns::from_identity(&results.identity);
        results.rows.iter().for_each(|row| unfinished.add(places, row));
        unfinished
    }

    pub(super) fn add(&mut self, places: Option<EndColumns>, row: &TrialRow) {
        let Some(EndColumns { total, recovered, contained }) = places else { return };
        let began = row.values[total].is_some();
        let over = row.values[recovered].is_some() || row.values[contained].is_some();
        self.began += u64::from(began);
        self.open += u64::from(began && !over);
    }
}

impl Summary {
    /// From trials that are in memory.
    pub fn from_results(results: &Results) -> Summary {
        Summary {
            identity: results.identity.clone(),
            ending: results.ending,
            trials: results.rows.len() as u64,
            figures: figure::figures(results),
            precisions: figure::precisions(results),
            unfinished: Unfinished::from_results(results),
            odds: Odds::from_results(results),
        }
    }
}

/// Makes a summary from trials that come one by one and are not kept in memory.
pub struct SummaryBuilder<F: Read + Write + Seek> {
    identity: CampaignIdentity,
    places: Option<EndColumns>,
    columns: Columns<F>,
    unfinished: Unfinished,
    counting: Counting,
}

impl<F: Read + Write + Seek> SummaryBuilder<F> {
    /// Summarises the trials of this campaign, using this empty file as working storage.
    pub fn new(identity: CampaignIdentity, file: F) -> Self {
        let columns = Columns::new(file, identity.headlines.len());
        let places = EndColumns::from_identity(&identity);
        let (unfinished, counting) = (Unfinished::default(), Counting::new(&identity));
        SummaryBuilder { identity, places, columns, unfinished, counting }
    }

    /// Takes in the next trial.
    pub fn add(&mut self, row: &TrialRow) -> io::Result<()> {
        self.unfinished.add(self.places, row);
        self.counting.add(row);
        self.columns.add(row.values.iter().copied())
    }

    /// The summary of a whole campaign, the same as [`Summary::from_results`] gives for its trials.
    pub fn finish(self) -> io::Result<Summary> {
        let SummaryBuilder { identity, places, columns, unfinished, counting } = self;
        let trials = columns.rows();
        let mut recovered = Vec::new();
        let mut figures = Vec::with_capacity(identity.headlines.len());
        columns.each_group(1, &mut |position, column| {
            let values = column[0].iter().filter_map(|value| *value).collect();
            let headline = &identity.headlines[position];
            if places.is_some_and(|places| places.recovered == position) {
                recovered = (0..).zip(column[0].iter().copied()).collect();
            }
            figures.push(figure::figure(identity.lasts, headline, values));
        })?;
        let known = figures.iter().map(|figure| (&figure.headline, figure.precision));
        let precisions = Precisions::from_headlines(known);
        let ending = CampaignEnding::Whole;
        let odds = counting.finish(&identity, recovered);
        Ok(Summary { identity, ending, trials, figures, precisions, unfinished, odds })
    }
}
