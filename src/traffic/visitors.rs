//! Who a visit is by: somebody new or somebody seen before, known by number alone.

use crate::kernel::DrawKey;
use crate::units::Ratio;

/// The visitors of one source. What they are like follows from their keys, so one costs two bits.
#[derive(Debug, Clone)]
pub struct Visitors {
    key: DrawKey,
    /// How many there are to return, those included whose visit was not let through.
    numbered: u32,
    seen: Bits,
    affected: WorstHarms,
}

/// Purposes of draws from a visit's key, and the part of a source's key that visitors come from.
const RETURNS: u64 = (1 << 32) + 1;
const WHICH: u64 = (1 << 32) + 2;
const VISITOR: u64 = u64::MAX - 1;

impl Visitors {
    /// Nobody yet; `source` is the key of their source.
    pub(super) fn new(source: DrawKey) -> Visitors {
        let (seen, affected) = (Bits::default(), WorstHarms::default());
        Visitors { key: source.child(VISITOR), numbered: 0, seen, affected }
    }

    /// The number of the visitor that this visit is by: with this chance somebody already
    /// numbered, each alike, and somebody new otherwise or while there is nobody.
    pub fn draw(&mut self, visit: DrawKey, returning: Ratio) -> u32 {
        if self.numbered > 0 && visit.child(RETURNS).chance(returning) {
            let which = visit.child(WHICH).unit() * f64::from(self.numbered);
            return (which as u32).min(self.numbered - 1);
        }
        self.numbered += 1;
        self.numbered - 1
    }

    /// The key from which everything about a visitor is drawn.
    pub fn key(&self, visitor: u32) -> DrawKey {
        self.key.child(u64::from(visitor))
    }

    /// The visitor's visit begins.
    pub fn note_visit(&mut self, visitor: u32) {
        self.seen.set(visitor);
    }

    /// The visitor is affected while it uses this tool. `None`: it has been affected as badly
    /// before; else what was the worst before, and with which tool.
    pub fn affect(
        &mut self,
        visitor: u32,
        harm: VisitorHarm,
        tool: u8,
    ) -> Option<Option<(VisitorHarm, u8)>> {
        self.affected.raise(visitor, harm, tool)
    }

    /// Distinct visitors seen.
    pub fn users(&self) -> u64 {
        self.seen.count
    }
}

/// How a visitor is affected; of several ways, the last in this order is the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum VisitorHarm {
    /// Answered later than visitors put up with.
    Slow,
    /// Met by a maintenance page.
    Page,
    /// Gave up waiting.
    GivenUp,
    /// Got an error, or was refused.
    Failed,
}

impl VisitorHarm {
    /// All of them, the mildest first.
    pub const ALL: [VisitorHarm; 4] =
        [VisitorHarm::Slow, VisitorHarm::Page, VisitorHarm::GivenUp, VisitorHarm::Failed];
}

/// The worst that each visitor has met, and with which tool; two bytes for each visitor who came
/// at about the same time as one that was affected, nothing for the others.
#[derive(Debug, Clone, Default)]
struct WorstHarms {
    pages: Vec<Option<Box<[u16; PAGE]>>>,
}

/// Visitors on a page. A choice: where nobody was affected, a page takes no memory; where somebody
/// was, two kilobytes.
const PAGE: usize = 1_024;

impl WorstHarms {
    fn raise(
        &mut self,
        visitor: u32,
        harm: VisitorHarm,
        tool: u8,
    ) -> Option<Option<(VisitorHarm, u8)>> {
        let (page, place) = (visitor as usize / PAGE, visitor as usize % PAGE);
        if page >= self.pages.len() {
            self.pages.resize(page + 1, None);
        }
        let worst = &mut self.pages[page].get_or_insert_with(|| Box::new([0; PAGE]))[place];
        let before = (*worst & 0xff).checked_sub(1).map(|harm| VisitorHarm::ALL[usize::from(harm)]);
        if before.is_some_and(|before| before >= harm) {
            return None;
        }
        let before = before.map(|before| (before, (*worst >> 8) as u8));
        *worst = (harm as u16 + 1) | (u16::from(tool) << 8);
        Some(before)
    }
}

/// A set of small numbers, one bit each.
#[derive(Debug, Clone, Default)]
struct Bits {
    words: Vec<u64>,
    count: u64,
}

impl Bits {
    fn set(&mut self, number: u32) {
        let (word, bit) = (number as usize / 64, 1 << (number % 64));
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        self.count += u64::from(self.words[word] & bit == 0);
        self.words[word] |= bit;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_returning_share_is_the_share_of_visits_by_someone_seen() {
        let root = DrawKey::new(5, 0, "site");
        let mut visitors = Visitors::new(root);
        let n = 20_000;
        for visit in 0..n {
            let who = visitors.draw(root.child(visit), Ratio(0.3));
            visitors.note_visit(who);
        }
        // One standard deviation of the number of new visitors is 65.
        assert!(visitors.users().abs_diff(14_000) < 260, "{}", visitors.users());
    }

    #[test]
    fn of_what_a_visitor_meets_the_worst_counts() {
        let mut visitors = Visitors::new(DrawKey::new(5, 0, "site"));
        let mut affect = |visitor, harm, tool| visitors.affect(visitor, harm, tool);
        assert_eq!(affect(3, VisitorHarm::Page, 1), Some(None));
        assert_eq!(affect(2_000, VisitorHarm::Failed, 0), Some(None));
        assert_eq!(affect(3, VisitorHarm::Slow, 2), None);
        assert_eq!(affect(3, VisitorHarm::Failed, 2), Some(Some((VisitorHarm::Page, 1))));
        assert_eq!(affect(3, VisitorHarm::Failed, 1), None);
    }
}
