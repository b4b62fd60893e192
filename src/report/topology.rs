//! The site as a tree of text: who calls whom, and which tier a fault hits.

use super::untrusted::{columns_of, for_terminal, wrapped};
use crate::fault::Topology;

/// A line of the tree, and whether a fault hits what it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeLine {
    /// Safe for a terminal.
    pub text: String,
    /// A fault hits the tier.
    pub hit: bool,
}

/// Between the columns of a line.
const GAP: usize = 2;
/// As wide as a name with its branches becomes.
const NAMES: usize = 36;
/// As deep as a tree is drawn; deeper paths end in `…`.
const DEEPEST: usize = 10;

/// The tree, and what the faults are, at most so many columns wide. A tier with several callers is
/// drawn below the first of them, and named below the others.
pub fn site_tree(site: &Topology, width: usize) -> Vec<TreeLine> {
    let mut rows = Vec::new();
    let mut drawn = vec![false; site.tiers.len()];
    branch(site, None, "", &mut drawn, &mut rows);
    let names = rows.iter().map(|row| columns_of(&row.name)).max().unwrap_or(0);
    let sizes = rows.iter().map(|row| columns_of(&row.size)).max().unwrap_or(0);
    let mut lines: Vec<TreeLine> = Vec::new();
    for row in rows {
        let left = names + sizes + 2 * GAP;
        let name = format!("{}{}", row.name, " ".repeat(names - columns_of(&row.name) + GAP));
        let size = format!("{}{}", " ".repeat(sizes - columns_of(&row.size)), row.size);
        for (number, rest) in wrapped(&row.rest, width.saturating_sub(left)).iter().enumerate() {
            let (name, size) = match number {
                0 => (name.clone(), size.clone()),
                _ => (format!("{:<names$}  ", row.below), " ".repeat(sizes)),
            };
            let text = format!("{name}{size}  {rest}").trim_end().to_string();
            lines.push(TreeLine { text, hit: row.hit });
        }
    }
    for (position, fault) in site.faults.iter().enumerate() {
        let beside = if site.beside.contains(&position) { ", hits no tier" } else { "" };
        let text = format!("fault {}{beside}: {fault}", position + 1);
        for (number, line) in wrapped(&text, width.saturating_sub(2)).into_iter().enumerate() {
            let indent = if number == 0 { "" } else { "  " };
            lines.push(TreeLine { text: format!("{indent}{line}"), hit: beside.is_empty() });
        }
    }
    lines
}

struct Row {
    name: String,
    /// What stands in the place of the name in further lines.
    below: String,
    size: String,
    rest: String,
    hit: bool,
}

fn branch(
    site: &Topology,
    from: Option<usize>,
    before: &str,
    drawn: &mut [bool],
    rows: &mut Vec<Row>,
) {
    let calls: Vec<_> = site.calls_of(from).collect();
    for (position, call) in calls.iter().enumerate() {
        let last = position + 1 == calls.len();
        let (turn, on) = match (from, last) {
            (None, _) => ("", ""),
            (_, true) => ("└─ ", "   "),
            (_, false) => ("├─ ", "│  "),
        };
        let tier = &site.tiers[call.to];
        let again = drawn[call.to];
        let on = format!("{before}{on}");
        let goes_on = !again && site.calls_of(Some(call.to)).next().is_some();
        let too_deep = goes_on && on.chars().count() >= 3 * DEEPEST;
        let numbers: Vec<String> =
            tier.faults.iter().map(|fault| format!("fault {}", fault + 1)).collect();
        let mut rest: Vec<String> = Vec::new();
        if !numbers.is_empty() {
            rest.push(format!("<< {}", numbers.join(", ")));
        }
        rest.push(format!("for {}", call.endpoints.join(", ")));
        let external = if tier.external { "external; " } else { "" };
        let above = if again { "see above; " } else { "" };
        let more = if too_deep { "; calls more tiers" } else { "" };
        let room = NAMES.saturating_sub(before.chars().count() + 3).max(8);
        rows.push(Row {
            name: format!("{before}{turn}{}", for_terminal(&tier.name, room)),
            below: format!("{on}{}", if goes_on && !too_deep { "│" } else { "" }),
            size: format!("{} x {}", tier.instances, tier.threads),
            rest: match rest.as_slice() {
                [hit, calls] => format!("{hit}; {external}{above}{calls}{more}"),
                _ => format!("{external}{above}{}{more}", rest.concat()),
            },
            hit: !tier.faults.is_empty(),
        });
        if goes_on && !too_deep {
            drawn[call.to] = true;
            branch(site, Some(call.to), &on, drawn, rows);
        }
        drawn[call.to] = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::{TopologyCall, TopologyTier};

    fn site() -> Topology {
        let tier = |name: &str, depth, faults: &[usize]| TopologyTier {
            name: name.to_string(),
            instances: 2,
            threads: 16,
            external: name == "db",
            depth,
            faults: faults.to_vec(),
        };
        let call = |from, to, endpoints: &[&str]| TopologyCall {
            from,
            to,
            endpoints: endpoints.iter().map(|name| name.to_string()).collect(),
        };
        Topology {
            tiers: vec![tier("web", 0, &[]), tier("app", 1, &[0]), tier("db", 2, &[])],
            calls: vec![
                call(None, 0, &["page", "order"]),
                call(Some(0), 1, &["order"]),
                call(Some(1), 2, &["order"]),
                call(Some(0), 2, &["page"]),
            ],
            faults: vec!["app is slow".to_string(), "nobody answers".to_string()],
            beside: vec![1],
        }
    }

    #[test]
    fn a_site_is_a_tree_and_says_where_it_breaks() {
        let lines = site_tree(&site(), 60);
        let told: Vec<(&str, bool)> =
            lines.iter().map(|line| (line.text.as_str(), line.hit)).collect();
        let expected = [
            ("web          2 x 16  for page, order", false),
            ("├─ app       2 x 16  << fault 1; for order", true),
            ("│  └─ db     2 x 16  external; for order", false),
            ("└─ db        2 x 16  external; see above; for page", false),
            ("fault 1: app is slow", true),
            ("fault 2, hits no tier: nobody answers", false),
        ];
        assert_eq!(told, expected);
        for width in [20, 40, 80] {
            let mut long = site();
            long.tiers[1].name = "x".repeat(200);
            long.calls[1].endpoints = (0..40).map(|n| format!("endpoint-{n}")).collect();
            let widest = site_tree(&long, width.max(60));
            let widest = widest.iter().map(|line| columns_of(&line.text)).max();
            assert!(widest <= Some(width.max(60)), "{widest:?} for {width}");
        }
    }
}
