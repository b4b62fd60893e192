//! When the day begins, and in which order people are reached.

use super::found::DifferenceCollector;
use super::matching::entries;
use crate::language::node::Node;
use crate::launch_plan::{Facts, clock_shown};
use jiff::civil::DateTime;

pub(super) fn compare(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    meeting(facts, root, found);
    zone(facts, root, found);
    channels(facts, root, found);
}

/// The go/no-go is on the day of the scenario, and not before it starts.
fn meeting(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    let Some(starts) = root.get("starts") else { return };
    let (Some(meeting), Some(text)) = (&facts.meeting, starts.text()) else { return };
    let (Some(date), Some(clock)) = (text.get(..10), text.get(11..16)) else { return };
    let (day, minutes) = meeting.value;
    let planned = clock_shown(minutes);
    let day = day.map(|day| day.to_string());
    if let Some(day) = day.filter(|day| day != date) {
        let text = format!("the go/no-go is on {day} in the plan, the scenario is on {date}");
        found.both("day", meeting.line, starts.place, text);
    } else if planned.as_str() < clock {
        let text =
            format!("the go/no-go is at {planned} in the plan, the scenario starts at {clock}");
        found.both("day", meeting.line, starts.place, text);
    }
}

/// The times of both are of one zone, whatever each calls it.
fn zone(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    let (Some(planned), Some(starts)) = (&facts.zone, root.get("starts")) else { return };
    let Some((moment, now)) = starts.text().and_then(|text| text.split_once(' ')) else { return };
    let offset = |zone: &str| {
        let moment = moment.parse::<DateTime>().ok()?;
        Some(moment.in_tz(zone).ok()?.offset())
    };
    let (Some(theirs), Some(ours)) = (offset(&planned.value), offset(now.trim())) else { return };
    if planned.line > 0 && theirs != ours {
        let text = format!("times are in {} in the plan, in {} here", planned.value, now.trim());
        found.both("day", planned.line, starts.place, text);
    }
}

fn channels(facts: &Facts, root: &Node, found: &mut DifferenceCollector) {
    let Some(order) = &facts.channels else { return };
    let rows = entries(root, "channels");
    let now: Vec<&str> = rows
        .iter()
        .map(|(key, _)| key.text.as_str())
        .filter(|name| order.value.contains(name))
        .collect();
    let planned: Vec<&str> =
        order.value.iter().copied().filter(|name| now.contains(name)).collect();
    if let Some((first, _)) = rows.first().filter(|_| now != planned) {
        let (planned, now) = (planned.join(", then "), now.join(", then "));
        let text = format!("the plan tries {planned}; the scenario {now}");
        found.both("channels", order.line, first.place, text);
    }
    for name in order.value.iter().filter(|name| !rows.iter().any(|(key, _)| key.text == **name)) {
        found.plan_only("channels", order.line, format!("the scenario has no channel {name}"));
    }
}
