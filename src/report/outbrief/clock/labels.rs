//! Where to place labels that do not fit into what they are about, so that none overlap.

use super::scale::COLUMN;
use crate::report::untrusted::columns_of;

/// A word, and what it is about.
pub(super) struct LabelRequest<'a> {
    pub text: &'a str,
    /// The middle of what it is about.
    pub at: f64,
}

/// The place of a word.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PlacedLabel {
    /// Its left edge.
    pub left: f64,
    pub width: f64,
    /// 0 is next to what it is about.
    pub level: usize,
    /// Where its leader comes down.
    pub at: f64,
}

/// The width of a text.
pub(super) fn width(text: &str) -> f64 {
    columns_of(text) as f64 * COLUMN + 2.0
}

/// Places words between two edges, from left to right, as low as none lies over another or over
/// another's leader.
pub(super) fn place(wanted: &[LabelRequest], edges: (f64, f64)) -> Vec<PlacedLabel> {
    // Over its middle, to the right of its leader, to its left: which is tried first decides how
    // much room is left for those that follow.
    let orders = [[0, 1, 2], [2, 1, 0], [1, 0, 2], [2, 0, 1]];
    let tried = orders.map(|order| placed(wanted, edges, order));
    let height = |placed: &Vec<PlacedLabel>| placed.iter().map(|one| one.level).sum::<usize>();
    tried.into_iter().min_by_key(height).unwrap_or_default()
}

fn placed(
    wanted: &[LabelRequest],
    (left, right): (f64, f64),
    order: [usize; 3],
) -> Vec<PlacedLabel> {
    let mut placed: Vec<PlacedLabel> = Vec::new();
    for one in wanted {
        let width = width(one.text);
        let (least, most) = (left, (right - width).max(left));
        let lefts = [one.at - width / 2.0, one.at - 4.0, one.at + 4.0 - width];
        let lefts = order.map(|which| lefts[which].clamp(least, most));
        let levels = 0..=wanted.len();
        let places = levels
            .flat_map(|level| lefts.map(|left| PlacedLabel { left, width, level, at: one.at }))
            .collect::<Vec<_>>();
        let free = |with: fn(&PlacedLabel, &PlacedLabel) -> bool| {
            places.iter().find(|place| placed.iter().all(|other| with(place, other)))
        };
        // Where leaders lie on each other, words that do not are all there can be.
        let place = free(apart).or_else(|| free(are_apart)).copied();
        placed.push(place.unwrap_or(places[0]));
    }
    placed
}

/// Whether two words are beside each other or on different levels.
fn are_apart(one: &PlacedLabel, other: &PlacedLabel) -> bool {
    one.level != other.level
        || one.left + one.width + 6.0 <= other.left
        || other.left + other.width + 6.0 <= one.left
}

/// Whether two words are apart, each from the other and from its leader.
fn apart(one: &PlacedLabel, other: &PlacedLabel) -> bool {
    let over = |a: &PlacedLabel, x: f64| x > a.left - 2.0 && x < a.left + a.width + 2.0;
    if one.level == other.level {
        return are_apart(one, other);
    }
    let (low, high) = if one.level < other.level { (one, other) } else { (other, one) };
    !over(low, high.at)
}

/// Spans in as few rows as hold them without overlap, each with the number of its row.
pub(super) fn rows(spans: &[(f64, f64)]) -> Vec<usize> {
    let mut ends: Vec<f64> = Vec::new();
    spans
        .iter()
        .map(|(from, to)| {
            let free = ends.iter().position(|end| *end <= *from);
            let row = free.unwrap_or(ends.len());
            if free.is_none() {
                ends.push(0.0);
            }
            ends[row] = to + 6.0;
            row
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_lies_over_another_or_over_its_leader() {
        let texts = ["detect 2m 30s", "acknowledge 2m 35s", "declare 2m 30s", "reach 12s"];
        for step in [0.5, 7.0, 40.0, 300.0] {
            let at = |i: usize| 160.0 + step * i as f64;
            let wanted: Vec<LabelRequest> = texts
                .iter()
                .enumerate()
                .map(|(i, text)| LabelRequest { text, at: at(i) })
                .collect();
            let placed = place(&wanted, (150.0, 988.0));
            for (i, one) in placed.iter().enumerate() {
                assert!(one.left >= 150.0 && one.left + one.width <= 988.0, "{one:?}");
                for other in &placed[..i] {
                    let same = one.level == other.level;
                    let free =
                        one.left >= other.left + other.width || other.left >= one.left + one.width;
                    assert!(!same || free, "{one:?} lies over {other:?} at steps of {step}");
                }
            }
            // What is far apart needs no second level.
            assert!(step < 300.0 || placed.iter().all(|one| one.level == 0));
        }
    }

    #[test]
    fn rows_are_as_few_as_hold_all() {
        assert_eq!(rows(&[(0.0, 10.0), (5.0, 15.0), (20.0, 30.0)]), [0, 1, 0]);
        assert_eq!(rows(&[]), Vec::<usize>::new());
    }
}
