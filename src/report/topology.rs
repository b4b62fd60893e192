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
/// With at least this much room, what is known of a tier is shown beside it.
const ROOM: usize = 16;
/// The maximum width of a name with its branches.
const NAMES: usize = 36;
/// The maximum depth to which the tree is indented.
const DEEPEST: usize = 9;
/// The most endpoints of a call that are named.
const ENDPOINTS: usize = 8;

/// The tree, and what the faults are, at most this many columns wide. A tier with several callers
/// is drawn below the first of them, and named below the others.
pub fn site_tree(site: &Topology, width: usize) -> Vec<TreeLine> {
    let mut rows = Vec::new();
    let mut drawn = vec![false; site.tiers.len()];
    branch(site, None, "", &mut drawn, &mut rows);
    let names = rows.iter().map(|row| columns_of(&row.name)).max().unwrap_or(0);
    let sizes = rows.iter().map(|row| columns_of(&row.size)).max().unwrap_or(0);
    let mut lines: Vec<TreeLine> = Vec::new();
    for row in rows {
        let left = names + sizes + 2 * GAP;
        if left + ROOM > width {
            lines.extend(stacked(&row, width));
            continue;
        }
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

/// A tier on a narrow terminal: what is known of it goes below its name.
fn stacked(row: &TopologyRow, width: usize) -> Vec<TreeLine> {
    let line = |text: String| TreeLine { text, hit: row.hit };
    let mut lines = vec![line(format!("{}  {}", row.name, row.size))];
    let below = format!("{}  ", row.below);
    let rest = wrapped(&row.rest, width.saturating_sub(columns_of(&below)));
    lines.extend(rest.iter().map(|rest| line(format!("{below}{rest}"))));
    lines
}

struct TopologyRow {
    name: String,
    /// What takes the place of the name in further lines.
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
    rows: &mut Vec<TopologyRow>,
) {
    let calls: Vec<_> = site.calls_of(from).collect();
    // Deeper than that the tree does not move to the right, and says who calls.
    let deep = before.chars().count() >= 3 * DEEPEST;
    for (position, call) in calls.iter().enumerate() {
        let last = position + 1 == calls.len();
        let (turn, on) = match (from, last) {
            (None, _) => ("", ""),
            _ if deep => ("└> ", ""),
            (_, true) => ("└─ ", "   "),
            (_, false) => ("├─ ", "│  "),
        };
        let tier = &site.tiers[call.to];
        let again = drawn[call.to];
        let on = format!("{before}{on}");
        let goes_on = !again && site.calls_of(Some(call.to)).next().is_some();
        let mut rest: Vec<String> = Vec::new();
        if !tier.faults.is_empty() {
            rest.push(format!("<< {}", fault_words(&tier.faults)));
        }
        rest.extend(tier.external.then(|| "external".to_string()));
        rest.extend(again.then(|| "see above".to_string()));
        let caller = from.filter(|_| deep).map(|from| &site.tiers[from].name);
        rest.extend(caller.map(|caller| format!("called by {caller}")));
        rest.push(format!("for {}", some_of(&call.endpoints)));
        let room = NAMES.saturating_sub(before.chars().count() + 3).max(8);
        rows.push(TopologyRow {
            name: format!("{before}{turn}{}", for_terminal(&tier.name, room)),
            below: format!("{on}{}", if goes_on { "│" } else { "" }),
            size: format!("{} x {}", tier.instances, tier.threads),
            rest: rest.join("; "),
            hit: !tier.faults.is_empty(),
        });
        drawn[call.to] = true;
        if goes_on {
            branch(site, Some(call.to), &on, drawn, rows);
        }
    }
}

/// `fault 1`, `faults 1, 3`, as they are numbered for people.
pub(super) fn fault_words(faults: &[usize]) -> String {
    let numbers: Vec<String> = faults.iter().map(|fault| (fault + 1).to_string()).collect();
    let s = if faults.len() == 1 { "" } else { "s" };
    format!("fault{s} {}", numbers.join(", "))
}

/// The first of many endpoints, and how many more there are.
pub(super) fn some_of(endpoints: &[String]) -> String {
    let shown = endpoints.len().min(ENDPOINTS);
    let more = match endpoints.len() - shown {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    endpoints[..shown].join(", ") + &more
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
    fn a_long_path_is_told_to_its_end() {
        let tier = |at: usize| TopologyTier {
            name: format!("tier-{at}"),
            instances: 1,
            threads: 4,
            external: false,
            depth: at,
            faults: if at == 19 { vec![0, 1] } else { Vec::new() },
        };
        let call = |to: usize| TopologyCall {
            from: to.checked_sub(1),
            to,
            endpoints: (0..12).map(|n| format!("e{n}")).collect(),
        };
        let site = Topology {
            tiers: (0..20).map(tier).collect(),
            calls: (0..20).map(call).collect(),
            faults: vec!["one".to_string(), "two".to_string()],
            beside: Vec::new(),
        };
        let lines = site_tree(&site, 78);
        assert!(lines.iter().all(|line| columns_of(&line.text) <= 78), "{lines:?}");
        let last = lines.iter().find(|line| line.text.contains("tier-19")).expect("it is there");
        assert!(last.hit && last.text.contains("<< faults 1, 2; called by"), "{last:?}");
        let first = format!("{} {}", lines[0].text, lines[1].text.trim_start_matches(['│', ' ']));
        assert!(first.ends_with("for e0, e1, e2, e3, e4, e5, e6, e7 and 4 more"), "{first}");
    }

    #[test]
    fn a_site_is_a_tree_and_says_where_it_breaks() {
        let lines = site_tree(&site(), 60);
        let told: Vec<(&str, bool)> =
            lines.iter().map(|line| (line.text.as_str(), line.hit)).collect();
        let expected = [
            ("web       2 x 16  for page, order", false),
            ("├─ app    2 x 16  << fault 1; for order", true),
            ("│  └─ db  2 x 16  external; for order", false),
            ("└─ db     2 x 16  external; see above; for page", false),
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
