//! How much of the expected mix of visitors has been seen.

use super::{Mixes, Tool};
use crate::names::{Dimension, Segment};

/// The expected joint mix over browser, login, account and tool, and what of it has been seen.
#[derive(Debug, Clone)]
pub struct Coverage {
    sizes: [usize; 4],
    /// Expected share per cell, the last dimension running fastest.
    shares: Vec<f64>,
    seen: Vec<bool>,
}

impl Mixes {
    /// The expected share of visits of every segment: tool × login (given the tool) × account
    /// (given the login) × browser, without those of share zero. The shares sum to 1.
    pub fn joint(&self, tools: &[Tool]) -> Vec<(Segment, f64)> {
        let mut joint = Vec::new();
        let signed_in = self.signed_in();
        for (tool, of_tool) in self.tool.0.iter().enumerate() {
            let required = tools.get(tool).is_some_and(|tool| tool.login_required);
            let logins = if required { &signed_in } else { &self.login };
            for (login, of_login) in logins.0.iter().enumerate() {
                for (account, of_account) in self.account[login].0.iter().enumerate() {
                    for (browser, of_browser) in self.browser.0.iter().enumerate() {
                        let segment = Segment([browser, login, account, tool].map(|v| v as u8));
                        joint.push((segment, of_tool * of_login * of_account * of_browser));
                    }
                }
            }
        }
        joint.retain(|(_, share)| *share > 0.0);
        joint
    }

    /// The share of visits that are of a segment, tool by tool: the sum of [`Mixes::joint`] without
    /// going through every cell, of which there may be millions.
    pub fn by_tool(&self, tools: &[Tool], dimension: Dimension, value: u8) -> Vec<f64> {
        let value = usize::from(value);
        let at = |shares: &[f64]| shares.get(value).copied().unwrap_or(0.0);
        let signed_in = self.signed_in();
        let share_of_tool = |(tool, of_tool): (usize, &f64)| {
            let required = tools.get(tool).is_some_and(|tool| tool.login_required);
            let logins = if required { &signed_in } else { &self.login };
            let share = match dimension {
                Dimension::Browser => at(&self.browser.0),
                Dimension::Login => at(&logins.0),
                Dimension::Account => {
                    let pairs = logins.0.iter().zip(&self.account);
                    pairs.map(|(of_login, accounts)| of_login * at(&accounts.0)).sum()
                }
                Dimension::Tool => f64::from(u8::from(tool == value)),
            };
            of_tool * share
        };
        self.tool.0.iter().enumerate().map(share_of_tool).collect()
    }
}

impl Coverage {
    /// Nothing seen yet.
    pub fn new(mixes: &Mixes, tools: &[Tool]) -> Coverage {
        let accounts = mixes.account.iter().map(|weights| weights.0.len()).max().unwrap_or(0);
        let sizes = [mixes.browser.0.len(), mixes.login.0.len(), accounts, mixes.tool.0.len()];
        let cells = sizes.map(|size| size.max(1)).iter().product();
        let mut coverage = Coverage { sizes, shares: vec![0.0; cells], seen: vec![false; cells] };
        for (segment, share) in mixes.joint(tools) {
            let cell = coverage.cell(segment, &Dimension::ALL);
            coverage.shares[cell] += share;
        }
        coverage
    }

    /// A visitor of this segment has come.
    #[inline]
    pub fn note_visit(&mut self, segment: Segment) {
        let cell = self.cell(segment, &Dimension::ALL);
        self.seen[cell] = true;
    }

    /// The share of the expected mix over these dimensions whose combinations have been seen.
    pub fn share(&self, dimensions: &[Dimension]) -> f64 {
        let mut seen = vec![false; self.seen.len()];
        for (cell, _) in self.seen.iter().enumerate().filter(|(_, seen)| **seen) {
            seen[self.cell(self.segment(cell), dimensions)] = true;
        }
        let covered = |cell: usize| seen[self.cell(self.segment(cell), dimensions)];
        let cells = self.shares.iter().enumerate();
        cells.filter(|(cell, _)| covered(*cell)).map(|(_, share)| share).sum::<f64>().min(1.0)
    }

    /// The position of a segment, as far as these dimensions tell.
    fn cell(&self, segment: Segment, dimensions: &[Dimension]) -> usize {
        Dimension::ALL.iter().fold(0, |cell, dimension| {
            let told = dimensions.contains(dimension);
            let value = if told { usize::from(segment.value(*dimension)) } else { 0 };
            cell * self.sizes[*dimension as usize].max(1) + value
        })
    }

    fn segment(&self, mut cell: usize) -> Segment {
        let mut segment = Segment::default();
        for dimension in (0..4).rev() {
            let size = self.sizes[dimension].max(1);
            segment.0[dimension] = (cell % size) as u8;
            cell /= size;
        }
        segment
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::traffic::Weights;
    use crate::units::{Span, Spread};

    fn coverage() -> Coverage {
        let weights = |shares: &[f64]| Weights(shares.to_vec());
        let mixes = Mixes {
            browser: weights(&[0.7, 0.3]),
            login: weights(&[0.75, 0.25]),
            login_none: Some(0),
            account: vec![weights(&[1.0, 0.0]), weights(&[0.4, 0.6])],
            tool: weights(&[0.9, 0.1]),
        };
        let tool = |login_required| Tool {
            requests: 1.0,
            think: Spread::Fixed(Span::ZERO),
            uses: vec![],
            login_required,
        };
        let tools = [tool(false), tool(true)];
        let sum: f64 = mixes.joint(&tools).iter().map(|(_, share)| share).sum();
        assert!((sum - 1.0).abs() < 1e-12);
        for dimension in Dimension::ALL {
            for value in 0..3 {
                let joint = mixes.joint(&tools);
                let segments =
                    joint.iter().filter(|(segment, _)| segment.value(dimension) == value);
                let summed: f64 = segments.map(|(_, share)| share).sum();
                let quick: f64 = mixes.by_tool(&tools, dimension, value).iter().sum();
                assert!((summed - quick).abs() < 1e-12, "{dimension:?} {value}");
            }
        }
        Coverage::new(&mixes, &tools)
    }

    #[test]
    fn shares_of_what_has_been_seen() {
        let mut coverage = coverage();
        assert_eq!(coverage.share(&Dimension::ALL), 0.0);
        // Browser 0, signed in, account 1, the tool that requires it: 0.7 × 1 × 0.6 × 0.1.
        coverage.note_visit(Segment([0, 1, 1, 1]));
        let close = |dimensions: &[Dimension], share: f64| {
            let seen = coverage.share(dimensions);
            assert!((seen - share).abs() < 1e-12, "{dimensions:?}: {seen}");
        };
        close(&Dimension::ALL, 0.042);
        close(&[Dimension::Browser], 0.7);
        // Signed in: a quarter of those free to choose, and all who must.
        close(&[Dimension::Login], 0.9 * 0.25 + 0.1);
        close(&[Dimension::Login, Dimension::Tool], 0.1);
        close(&[], 1.0);
    }

    #[test]
    fn everybody_seen_is_everything() {
        let mut coverage = coverage();
        (0..16u8)
            .for_each(|n| coverage.note_visit(Segment([n & 1, n >> 1 & 1, n >> 2 & 1, n >> 3])));
        assert!((coverage.share(&Dimension::ALL) - 1.0).abs() < 1e-12);
    }
}
