//! Where the tiers of a site go in a drawing: callers left of those they call, and a way for
//! every call that passes no tier on its way.

use crate::fault::{Topology, TopologyCall};

/// A place in a column: a tier, the visitors, or the way of a call that goes on to a later column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LayoutNode {
    Visitors,
    Tier(usize),
    Passed,
}

/// The columns from left to right, and the places that each call goes through.
pub(super) struct SiteLayout<'a> {
    pub columns: Vec<Vec<LayoutNode>>,
    /// Each with its call: places as column and row.
    pub ways: Vec<(&'a TopologyCall, Vec<(usize, usize)>)>,
}

impl<'a> SiteLayout<'a> {
    /// Of this site.
    pub fn new(site: &'a Topology) -> SiteLayout<'a> {
        let depth = |tier: usize| site.tiers[tier].depth + 1;
        let deepest = (0..site.tiers.len()).map(depth).max().unwrap_or(0);
        let mut columns: Vec<Vec<LayoutNode>> = vec![Vec::new(); deepest + 1];
        columns[0].push(LayoutNode::Visitors);
        (0..site.tiers.len()).for_each(|tier| columns[depth(tier)].push(LayoutNode::Tier(tier)));
        // Paths that cross each other's order go back; they are drawn straight.
        let mut ways = Vec::new();
        for call in &site.calls {
            let from = call.from.map_or(0, depth);
            let start = call.from.map_or(LayoutNode::Visitors, LayoutNode::Tier);
            let row =
                |column: &[LayoutNode], node| column.iter().position(|at| *at == node).unwrap_or(0);
            let mut way = vec![(from, row(&columns[from], start))];
            for (column, nodes) in
                columns.iter_mut().enumerate().take(depth(call.to)).skip(from + 1)
            {
                nodes.push(LayoutNode::Passed);
                way.push((column, nodes.len() - 1));
            }
            way.push((depth(call.to), row(&columns[depth(call.to)], LayoutNode::Tier(call.to))));
            ways.push((call, way));
        }
        let mut layout = SiteLayout { columns, ways };
        (1..layout.columns.len()).for_each(|column| layout.sort(column));
        layout
    }

    /// Puts what is called by the same callers beside each other.
    fn sort(&mut self, column: usize) {
        let middle = |row: usize| {
            let before = self.ways.iter().filter_map(|(_, way)| {
                let at = way.iter().position(|place| *place == (column, row))?;
                let (from, row) = *way.get(at.checked_sub(1)?)?;
                (from + 1 == column).then_some(row as f64)
            });
            let (sum, count) = before.fold((0.0, 0.0), |(sum, n), row| (sum + row, n + 1.0));
            if count > 0.0 { sum / count } else { f64::MAX }
        };
        let mut order: Vec<usize> = (0..self.columns[column].len()).collect();
        order.sort_by(|one, other| middle(*one).total_cmp(&middle(*other)));
        self.columns[column] = order.iter().map(|row| self.columns[column][*row]).collect();
        for place in self.ways.iter_mut().flat_map(|(_, way)| way).filter(|at| at.0 == column) {
            place.1 = order.iter().position(|row| *row == place.1).unwrap_or(place.1);
        }
    }

    /// The most places of a column.
    pub fn rows(&self) -> usize {
        self.columns.iter().map(Vec::len).max().unwrap_or(0)
    }
}
