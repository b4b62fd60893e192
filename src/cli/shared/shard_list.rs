//! Shards as `sim merge` and job arrays list them: 3,17-19.

use std::fmt;
use std::ops::RangeInclusive;

/// Shards by their numbers, as ranges in order.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::cli) struct ShardList(Vec<RangeInclusive<u32>>);

impl ShardList {
    /// How many they are: as there is no shard 0, no more than the largest number.
    pub(in crate::cli) fn count(&self) -> u32 {
        self.0.iter().map(|range| range.end() - range.start() + 1).sum()
    }

    /// The largest number, if there is any.
    pub(in crate::cli) fn last(&self) -> Option<u32> {
        self.0.last().map(|range| *range.end())
    }

    /// The shard at this place, from 0.
    pub(super) fn at(&self, place: u32) -> Option<u32> {
        let mut left = place;
        for range in &self.0 {
            let last = range.end() - range.start();
            if left <= last {
                return Some(range.start() + left);
            }
            left -= last + 1;
        }
        None
    }
}

impl fmt::Display for ShardList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, range) in self.0.iter().enumerate() {
            let comma = if position > 0 { "," } else { "" };
            match (range.start(), range.end()) {
                (first, last) if first == last => write!(f, "{comma}{first}")?,
                (first, last) => write!(f, "{comma}{first}-{last}")?,
            }
        }
        Ok(())
    }
}

/// `3,17-19`.
pub(in crate::cli) fn shards(text: &str) -> Result<ShardList, String> {
    let wrong = || "write shards in order, such as 3,17-19".to_string();
    let mut ranges: Vec<RangeInclusive<u32>> = Vec::new();
    for part in text.split(',') {
        let number = |text: &str| text.trim().parse::<u32>().map_err(|_| wrong());
        let (first, last) = match part.split_once('-') {
            Some((first, last)) => (number(first)?, number(last)?),
            None => (number(part)?, number(part)?),
        };
        if first == 0 {
            return Err("shards are counted from 1".to_string());
        }
        let after = ranges.last().is_none_or(|before| *before.end() < first);
        if !after || last < first {
            return Err(wrong());
        }
        ranges.push(first..=last);
    }
    Ok(ShardList(ranges))
}
