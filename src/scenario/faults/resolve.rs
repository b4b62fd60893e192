//! Faults: which verb, what target, from when, until when.

use crate::fault::{
    Fault, FaultEnd, FaultKind, FaultStart, FaultTarget, InstanceSelector, VaryingValues,
};
use crate::journal::{FindingKind, Severity};
use crate::language::problem::{Problem, quoted};
use crate::language::value::calendar::MomentSpec;
use crate::language::value::varying::{MomentOrDelay, Portion};
use crate::language::written::{Entries, OneOrMany, Placed};
use crate::names::Dimension;
use crate::scenario::document::Document;
use crate::scenario::faults::written::WrittenFault;
use crate::scenario::resolver::{Resolver, VerbKeys, first_verb};
use crate::traffic::VisitorFilter;
use crate::units::{Ratio, Span, Spread, Time};

const VERBS: [VerbKeys; 10] = [
    ("outage", &["share", "count", "zone", "mode"]),
    ("slow", &["by", "times", "takes", "share", "count", "zone", "only"]),
    ("failing", &["errors", "share", "count", "zone", "only", "seen_as"]),
    ("lost-servers", &["share", "count", "zone"]),
    ("lost-zone", &[]),
    ("surge", &["times", "only"]),
    ("bad-release", &["with", "errors", "only", "seen_as"]),
    ("unreachable", &[]),
    ("blind", &["share"]),
    ("blocked", &[]),
];

/// What a fault is called, before it is made unique: as the team calls it, else `verb target`.
pub fn name(fault: &WrittenFault) -> String {
    if let Some(name) = &fault.name {
        return name.value.clone();
    }
    let verb = first_verb(&fault.written, &VERBS).unwrap_or("fault");
    let target = target(fault, verb).map_or("?", |target| target.value.as_str());
    format!("{verb} {target}")
}

fn target<'a>(fault: &'a WrittenFault, verb: &str) -> Option<&'a Placed<String>> {
    match verb {
        "outage" => fault.outage.as_ref(),
        "slow" => fault.slow.as_ref(),
        "failing" => fault.failing.as_ref(),
        "lost-servers" => fault.lost_servers.as_ref(),
        "lost-zone" => fault.lost_zone.as_ref(),
        "surge" => fault.surge.as_ref(),
        "bad-release" => fault.bad_release.as_ref(),
        "unreachable" => fault.unreachable.as_ref(),
        "blind" => fault.blind.as_ref(),
        "blocked" => fault.blocked.as_ref(),
        _ => None,
    }
}

/// What of a fault is drawn for each run.
fn varies(fault: &WrittenFault) -> Option<VaryingValues> {
    let open = |spread: Spread| (!matches!(spread, Spread::Fixed(_))).then_some(spread);
    let varies = VaryingValues {
        at: match fault.at.map(|at| at.value) {
            Some(MomentOrDelay::After(after)) => open(after),
            _ => None,
        },
        lasts: fault.lasts.and_then(|lasts| open(lasts.value)),
        by: fault.by.and_then(open),
        errors: fault.errors.and_then(Portion::range),
        share: fault.share.and_then(|share| share.value.range()),
    };
    (varies != VaryingValues::default()).then_some(varies)
}

impl Resolver<'_> {
    /// The faults, in file order.
    pub fn faults(&mut self, document: &Document, every: Span) -> Vec<Fault> {
        let faults = document.faults.iter().flatten();
        faults.filter_map(|fault| self.fault(fault, document, every)).collect()
    }

    fn fault(&mut self, fault: &WrittenFault, document: &Document, every: Span) -> Option<Fault> {
        let names = self.names;
        let always = ["name", "at", "starts_when", "for", "until", "fades", "noticed"];
        let verb = self.one_verb(fault.place, &fault.written, &VERBS, &always)?;
        let starts_when = self.starts_when(fault, document, every);
        let start = match fault.starts_when {
            Some(_) => starts_when.is_some().then_some(FaultStart::When),
            None => self.fault_start(fault),
        };
        if let Some(lasts) = &fault.lasts
            && lasts.value == Spread::Fixed(Span::ZERO)
        {
            self.error(lasts.place, "`for` must be more than 0s", "");
        }
        let until = fault.until.as_ref().map_or(&[][..], |OneOrMany(changes)| changes);
        let until = self.find_all(&names.changes, until, "change");
        let kind = self.fault_kind(fault, (verb, target(fault, verb)?), document);
        let end = FaultEnd { after: fault.lasts.map(|lasts| lasts.value.median()), until };
        let notices = self.notices(fault, document);
        let seen_as = fault.seen_as.map_or(Default::default(), |seen| seen.value);
        let fades = fault.fades.as_ref().map(|fades| fades.value);
        if let (Some(fades), Some(kind)) = (&fault.fades, &kind)
            && !kind.can_fade()
        {
            self.error(
                fades.place,
                "this fault is either on or off, and cannot fade",
                "leave it out",
            );
        }
        if let Some(fades) = &fault.fades
            && self.lasts > Span::ZERO
            && fades.value.median() >= self.lasts
        {
            let message = format!(
                "it fades in {}, and the run is over after {}",
                fades.value.in_one_line(),
                self.lasts
            );
            let problem = Problem::warning(fades.place, message);
            self.problems.push(problem.hint("make the scenario longer, or fade sooner"));
        }
        Some(Fault {
            kind: kind?,
            start: start?,
            starts_when,
            end,
            varies: varies(fault),
            seen_as,
            fades,
            notices,
        })
    }

    fn fault_start(&mut self, fault: &WrittenFault) -> Option<FaultStart> {
        let names = self.names;
        let start = match (&fault.at, &fault.with) {
            (Some(at), None) => match at.value {
                MomentOrDelay::At(MomentSpec::Open) => {
                    let text = "nobody knows when this fault begins: it is left out".to_string();
                    self.finding(FindingKind::Untimed, Severity::Medium, text, at.place);
                    return None;
                }
                MomentOrDelay::At(moment) => {
                    FaultStart::At(self.moment(&Placed { value: moment, place: at.place })?)
                }
                MomentOrDelay::After(after) => FaultStart::At(Time::ZERO + after.median()),
            },
            (None, Some(with)) => {
                return self.find(&names.changes, with, "change").map(FaultStart::With);
            }
            (Some(_), Some(with)) => {
                self.error(
                    with.place,
                    "a fault begins `at` a time or `with` a change, not both",
                    "",
                );
                return None;
            }
            (None, None) => {
                let when = ["at", "with", "starts_when"];
                if !fault.written.iter().any(|key| when.contains(&key.value)) {
                    let hint = "add `at: 65m`, or `at: \"18:05\"`";
                    self.error(fault.place, "this fault does not say when it begins", hint);
                }
                return None;
            }
        };
        if let (FaultStart::At(time), Some(at)) = (start, &fault.at)
            && time >= Time::ZERO + self.lasts
            && self.lasts > Span::ZERO
        {
            let message = "this fault begins after the scenario has ended";
            let ends = self.calendar.clock(Time::ZERO + self.lasts);
            let hint = match at.value {
                MomentOrDelay::At(MomentSpec::Clock(_)) => {
                    let starts = self.calendar.clock(Time::ZERO);
                    format!(
                        "it is from {starts} to {ends}; earlier times are those of the next day"
                    )
                }
                _ => format!("it ends at {ends}, after {}", self.lasts),
            };
            self.problems.push(Problem::warning(at.place, message).hint(hint));
        }
        Some(start)
    }

    fn fault_kind(
        &mut self,
        fault: &WrittenFault,
        (verb, target): (&str, &Placed<String>),
        document: &Document,
    ) -> Option<FaultKind> {
        let names = self.names;
        let which = self.instance_selector(fault);
        let only = self.only(fault.only.as_ref());
        Some(match verb {
            "outage" => FaultKind::Outage {
                tier: self.find(&names.tiers, target, "tier")?,
                which: which?,
                mode: fault.mode.unwrap_or_default(),
            },
            "lost-servers" => FaultKind::LostServers {
                tier: self.find(&names.tiers, target, "tier")?,
                which: which?,
            },
            "slow" => self.slow(fault, target, which?, only)?,
            "failing" | "bad-release" => {
                let target = self.tier_or_endpoint(target, which?)?;
                let misread = fault.written.iter().any(|key| key.value == "errors");
                let Some(errors) = fault.errors else {
                    if misread {
                        return None;
                    }
                    let message = format!("`{verb}` does not say how many requests fail");
                    self.error(fault.place, message, "add `errors: 20%`");
                    return None;
                };
                let errors = errors.middle();
                match verb {
                    "failing" => FaultKind::Failing { target, which: which?, only, errors },
                    _ => FaultKind::BadRelease { target, only, errors },
                }
            }
            "lost-zone" => FaultKind::LostZone { zone: self.find(&names.zones, target, "zone")? },
            "surge" => self.surge(fault, target, only)?,
            "unreachable" => {
                FaultKind::Unreachable { person: self.find(&names.people, target, "person")? }
            }
            "blocked" => {
                FaultKind::Blocked { pipeline: self.find(&names.pipelines, target, "pipeline")? }
            }
            _ => {
                let share = fault.share.as_ref().map(|share| share.value.middle());
                self.blinded(target, share, document)?
            }
        })
    }

    fn slow(
        &mut self,
        fault: &WrittenFault,
        target: &Placed<String>,
        which: InstanceSelector,
        only: VisitorFilter,
    ) -> Option<FaultKind> {
        let target = self.tier_or_endpoint(target, which)?;
        let times = fault.times.map_or(1.0, |times| times.value.0);
        if fault.by.is_none() && fault.times.is_none() && fault.takes.is_none() {
            let hint = "add `by: 8s`, `times: 3`, or `takes: 10s`";
            self.error(fault.place, "`slow` does not say how slow", hint);
        }
        if times > 1e6 {
            self.error(fault.place, "a factor must be at most 1,000,000", "");
        }
        let add = fault.by.map_or(Span::ZERO, |by| by.median());
        let (takes, part) = (fault.takes, Ratio(1.0));
        Some(FaultKind::Slow { target, which, only, takes, part, times, add })
    }

    fn surge(
        &mut self,
        fault: &WrittenFault,
        target: &Placed<String>,
        only: VisitorFilter,
    ) -> Option<FaultKind> {
        let names = self.names;
        let tool = match target.value.as_str() {
            "visits" => None,
            _ => {
                let tools = &names.categories[Dimension::Tool as usize];
                Some(self.find(tools, target, "tool, nor is it `visits`,")?)
            }
        };
        let Some(times) = &fault.times else {
            self.error(fault.place, "`surge` does not say how many times the traffic", "times: 3");
            return None;
        };
        if !(1.0..=10_000.0).contains(&times.value.0) {
            let hint = "`times: 3` is three times the traffic";
            self.error(times.place, "a surge is between 1 and 10,000 times the traffic", hint);
        }
        Some(FaultKind::Surge { times: times.value.0, tool, only })
    }

    /// Which instances; `None` with a problem if it is said twice.
    fn instance_selector(&mut self, fault: &WrittenFault) -> Option<InstanceSelector> {
        let names = self.names;
        let said = [fault.share.is_some(), fault.count.is_some(), fault.zone.is_some()];
        if said.into_iter().filter(|said| *said).count() > 1 {
            self.error(fault.place, "use one of `share`, `count` and `zone`", "");
            return None;
        }
        if let Some(share) = &fault.share {
            if share.value.high.0 <= 0.0 {
                self.error(share.place, "a share of 0% hits nothing", "leave the fault out");
            }
            return Some(InstanceSelector::Share(share.value.middle()));
        }
        if let Some(count) = &fault.count {
            return Some(InstanceSelector::Count(self.between(count, 1..=10_000)));
        }
        match &fault.zone {
            Some(zone) => self.find(&names.zones, zone, "zone").map(InstanceSelector::Zone),
            None => Some(InstanceSelector::All),
        }
    }

    fn tier_or_endpoint(
        &mut self,
        name: &Placed<String>,
        which: InstanceSelector,
    ) -> Option<FaultTarget> {
        let names = self.names;
        if names.tiers.contains(&name.value) || !names.endpoints.contains(&name.value) {
            let known = names.tiers.union(&names.endpoints).cloned().collect();
            let index: usize = self.find(&known, name, "tier or endpoint")?;
            return Some(FaultTarget::Tier(index.into()));
        }
        if which != InstanceSelector::All {
            let message = format!("{} is an endpoint and has no instances", quoted(&name.value));
            self.error(
                name.place,
                message,
                "leave `share`, `count` and `zone` out, or name a tier",
            );
        }
        self.find(&names.endpoints, name, "endpoint").map(FaultTarget::Endpoint)
    }

    /// The part of the visitors that is hit.
    fn only(&mut self, only: Option<&Entries<OneOrMany<Placed<String>>>>) -> VisitorFilter {
        let names = self.names;
        let mut parts: [Vec<u8>; 4] = Default::default();
        for (key, values) in only.into_iter().flat_map(|only| &only.0) {
            let words = Dimension::ALL.iter().map(|d| d.word().to_string()).collect();
            let Some(index) = self.find::<usize>(&words, key, "part of the mix") else { continue };
            let values = values.as_ref().map_or(&[][..], |OneOrMany(values)| values);
            let what = Dimension::ALL[index].word();
            let found: Vec<usize> = self.find_all(&names.categories[index], values, what);
            parts[index] = found.into_iter().map(|value| value as u8).collect();
            parts[index].sort_unstable();
        }
        VisitorFilter(parts)
    }
}
