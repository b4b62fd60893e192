//! Who a visit is by: somebody new or somebody seen before, known by number alone.

use crate::kernel::Key;
use crate::units::Ratio;

/// The visitors of one source. What they are like follows from their keys, so one costs two bits.
#[derive(Debug, Clone)]
pub struct Visitors {
    key: Key,
    /// How many there are to return, those included whose visit was not let through.
    numbered: u32,
    seen: Bits,
    affected: Bits,
}

/// Purposes of draws from a visit's key, and the part of a source's key that visitors come from.
const RETURNS: u64 = (1 << 32) + 1;
const WHICH: u64 = (1 << 32) + 2;
const VISITOR: u64 = u64::MAX - 1;

impl Visitors {
    /// Nobody yet; `source` is the key of their source.
    pub(super) fn new(source: Key) -> Visitors {
        let (seen, affected) = (Bits::default(), Bits::default());
        Visitors { key: source.child(VISITOR), numbered: 0, seen, affected }
    }

    /// The number of the visitor that this visit is by: with this chance somebody already
    /// numbered, each alike, and somebody new otherwise or while there is nobody.
    pub fn draw(&mut self, visit: Key, returning: Ratio) -> u32 {
        if self.numbered > 0 && visit.child(RETURNS).chance(returning) {
            let which = visit.child(WHICH).unit() * f64::from(self.numbered);
            return (which as u32).min(self.numbered - 1);
        }
        self.numbered += 1;
        self.numbered - 1
    }

    /// The key from which everything about a visitor is drawn.
    pub fn key(&self, visitor: u32) -> Key {
        self.key.child(u64::from(visitor))
    }

    /// The visitor's visit begins.
    pub fn saw(&mut self, visitor: u32) {
        self.seen.set(visitor);
    }

    /// The visitor did not get what it came for; true if that is the first time.
    pub fn affect(&mut self, visitor: u32) -> bool {
        let before = self.affected.count;
        self.affected.set(visitor);
        self.affected.count > before
    }

    /// Distinct visitors seen.
    pub fn users(&self) -> u64 {
        self.seen.count
    }

    /// Distinct visitors affected.
    pub fn users_affected(&self) -> u64 {
        self.affected.count
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
        let root = Key::new(5, 0, "site");
        let mut visitors = Visitors::new(root);
        let n = 20_000;
        for visit in 0..n {
            let who = visitors.draw(root.child(visit), Ratio(0.3));
            visitors.saw(who);
        }
        // One standard deviation of the number of new visitors is 65.
        assert!(visitors.users().abs_diff(14_000) < 260, "{}", visitors.users());
        assert_eq!(visitors.users_affected(), 0);
    }

    #[test]
    fn somebody_affected_twice_is_one_person() {
        let mut visitors = Visitors::new(Key::new(5, 0, "site"));
        assert_eq!([3, 200, 3].map(|visitor| visitors.affect(visitor)), [true, true, false]);
        assert_eq!(visitors.users_affected(), 2);
    }
}
