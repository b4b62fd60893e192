//! Faults described in a sentence each, and as inputs.

use crate::fault::{Fault, FaultKind, FaultStart, FaultTarget, InstanceSelector, OutageMode};
use crate::journal::{FaultBegins, FaultSentence};
use crate::language::written::OneOrMany;
use crate::names::{Dimension, Names};
use crate::scenario::document::Document;
use crate::scenario::faults::blind::blind_spot;
use crate::scenario::input_subject::fault_path;
use crate::scenario::inputs::InputTable;
use crate::scenario::plan::Plan;
use crate::traffic::VisitorFilter;
use crate::units::Span;

/// One sentence about a fault.
pub fn describe(fault: &Fault, plan: &Plan) -> FaultSentence {
    let names = &plan.names;
    let does = what_it_does(&fault.kind, names);
    let begins = Some(match fault.start {
        FaultStart::At(time) => FaultBegins::at(&plan.calendar, time),
        FaultStart::With(change) => FaultBegins::With(names.changes[change.index()].clone()),
        FaultStart::When => {
            let when = fault.starts_when.as_ref().map(|when| when.text.clone());
            FaultBegins::When(when.unwrap_or_default())
        }
    });
    FaultSentence { does, begins, more: more(fault, names) }
}

/// What else is said of a fault: how long, until when, what is drawn, who notices it.
fn more(fault: &Fault, names: &Names) -> String {
    let mut sentence = String::new();
    if let Some(after) = fault.end.after {
        sentence += &format!(", for {after}");
    }
    let until: Vec<&str> =
        fault.end.until.iter().map(|change| names.changes[change.index()].as_str()).collect();
    if !until.is_empty() {
        sentence += &format!(", until {} is live", until.join(" or "));
    }
    if !fault.seen_as.is_told() {
        sentence += &format!(", seen by the monitoring as {}", fault.seen_as);
    }
    if let Some(varies) = &fault.varies {
        let times = [("from", varies.at), ("for", varies.lasts), ("by", varies.by)];
        let times = times.into_iter();
        let times = times.filter_map(|(what, spread)| Some((what, spread?.in_one_line())));
        let shares = [("errors", varies.errors), ("share", varies.share)].into_iter();
        let shares = shares
            .filter_map(|(what, range)| range.map(|(low, high)| (what, format!("{low}..{high}"))));
        let all: Vec<String> =
            times.chain(shares).map(|(what, range)| format!("{what} {range}")).collect();
        sentence += &format!(" (drawn for each run: {})", all.join(", "));
    }
    if let Some(fades) = fault.fades {
        sentence += &format!(", its damage gone {} later", fades.in_one_line());
    }
    for notice in &fault.notices {
        let by = &names.rules[notice.rule.index()];
        sentence += &format!(", {by} after {}", notice.after.in_one_line());
        sentence += if notice.hours.is_some() { " of their hours" } else { "" };
    }
    sentence
}

/// What a kind of fault does, in a few words without its times.
pub fn what_it_does(kind: &FaultKind, names: &Names) -> String {
    let does = effect(kind, names);
    let Some(VisitorFilter(parts)) = kind.only() else { return does };
    let named_parts = Dimension::ALL.into_iter().zip(parts).filter(|(_, part)| !part.is_empty());
    let words = named_parts.map(|(dimension, part)| {
        let names = &names.categories[dimension as usize];
        let part: Vec<&str> =
            part.iter().map(|value| names[usize::from(*value)].as_str()).collect();
        format!("{} {}", dimension.word(), part.join(" or "))
    });
    let words: Vec<String> = words.collect();
    if words.is_empty() { does } else { format!("{does}, for {} only", words.join(" and ")) }
}

fn effect(kind: &FaultKind, names: &Names) -> String {
    let target = |target: &FaultTarget| match target {
        FaultTarget::Tier(tier) => names.tiers[tier.index()].clone(),
        FaultTarget::Endpoint(endpoint) => names.endpoints[endpoint.index()].clone(),
    };
    let part = |which: &InstanceSelector| match which {
        InstanceSelector::All => "all".to_string(),
        InstanceSelector::Share(share) => share.to_string(),
        InstanceSelector::Count(count) => count.to_string(),
        InstanceSelector::Zone(zone) => format!("zone {}", names.zones[zone.index()]),
    };
    match kind {
        FaultKind::Outage { tier, which, mode } => {
            let does = if *mode == OutageMode::Hang { "hangs" } else { "refuses" };
            format!("{} of {} {does}", part(which), names.tiers[tier.index()])
        }
        FaultKind::Slow { target: at, takes, times, add, .. } => {
            let mut words = Vec::new();
            words.extend(takes.map(|takes| format!("{takes}")));
            words.extend((*times != 1.0).then(|| format!("{times} times as long")));
            words.extend((*add > Span::ZERO).then(|| format!("{add} more")));
            format!("{} takes {}", target(at), words.join(", "))
        }
        FaultKind::Failing { target: at, errors, .. } => {
            format!("{errors} of {} fails", target(at))
        }
        FaultKind::BadRelease { target: at, errors, .. } => {
            format!("a release makes {errors} of {} fail", target(at))
        }
        FaultKind::LostServers { tier, which } => {
            format!("{} of {} vanishes", part(which), names.tiers[tier.index()])
        }
        FaultKind::LostZone { zone } => format!("zone {} is lost", names.zones[zone.index()]),
        FaultKind::Surge { times, .. } => format!("{times} times the traffic"),
        FaultKind::Unreachable { person } => {
            format!("{} answers nobody", names.people[person.index()])
        }
        FaultKind::Blind => "the monitoring sees nothing".to_string(),
        FaultKind::BlindSpot { blinded, share } => blind_spot(blinded, *share, names),
        FaultKind::Blocked { pipeline } => {
            format!("pipeline {} is blocked", names.pipelines[pipeline.index()])
        }
    }
}

impl InputTable<'_> {
    /// The inputs of faults.
    pub fn faults(&mut self, document: &Document, plan: &Plan) {
        for (index, (keys, fault)) in document.faults.iter().flatten().zip(&plan.faults).enumerate()
        {
            self.place(fault_path(index), describe(fault, plan).to_string(), Some(keys.place));
            self.at(fault_path(index));
            if let Some(fades) = fault.fades {
                self.row(&keys.written, "fades", fades);
            }
            let written = keys.noticed.iter().flat_map(|OneOrMany(notices)| notices);
            for (number, (notice, keys)) in fault.notices.iter().zip(written).enumerate() {
                let list =
                    if fault.notices.len() > 1 { format!(".{number}") } else { String::new() };
                self.at(format!("{}.noticed{list}", fault_path(index)));
                self.row(&keys.written, "after", notice.after);
            }
        }
    }
}
