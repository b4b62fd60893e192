//! What was wrong in a run, cause by cause: when it took effect, whom it harmed, when people were
//! told, what ended it, and since when service was back to normal.

use super::{Event, Header, Incident, IncidentState, Story};
use crate::change::ChangeStage;
use crate::decision::{AlertState, AttemptOutcome};
use crate::telemetry::{Cause, Harm, Harms, NamedCause};
use crate::units::{Span, Time};
use std::collections::BTreeMap;

/// A collapse that goes on for longer than this after its trigger has ended outlives it.
const OUTLIVES: Span = Span::MINUTE;

/// A cause of trouble at the site.
#[derive(Debug, Clone, PartialEq)]
pub struct CauseRecord {
    /// A fault with all that it brought on, or a tier that ordinary traffic was too much for.
    pub cause: NamedCause,
    /// When it took effect.
    pub from: Time,
    /// The start of the earliest request at the entry that is charged to it, and the end of the
    /// last; `None`: nobody was harmed, or nobody has counted.
    pub harmed: Option<(Time, Time)>,
    /// When people were told of it by a rule that fired for it.
    pub detected: Option<Time>,
    /// A rule that was not firing yet was true because of it.
    pub almost_detected: bool,
    /// The incidents that are about it, as the journal counts them.
    pub incidents: Vec<u32>,
    /// When it ended, and the change that ended it; `None` in it: on its own.
    pub ended: Option<(Time, Option<String>)>,
    /// Since when nobody has been harmed by it: the end of the last request that is charged to it,
    /// or of the maintenance page that stood then.
    pub restored: Option<Time>,
    /// When the last all clear of its incidents was known, unless one of them is still open.
    pub clear: Option<Time>,
}

impl CauseRecord {
    /// Whether it harmed users, or a rule fired for it or almost did: then it is judged.
    pub fn is_relevant(&self) -> bool {
        self.harmed.is_some() || self.detected.is_some() || self.almost_detected
    }

    /// From its effect to people being told; zero if they knew of an earlier one already.
    pub fn detected(&self) -> Option<Span> {
        self.detected.map(|at| at.since(self.from))
    }

    /// From its effect to users being well again.
    pub fn recovered(&self) -> Option<Span> {
        self.restored.map(|restored| restored.since(self.from))
    }

    /// From its effect to the all clear as told.
    pub fn all_clear(&self) -> Option<Span> {
        self.clear.map(|clear| clear.since(self.from))
    }
}

/// When a cause took effect that began then and spoilt its first request then: as it began; without
/// effect at once, with that request.
pub fn took_effect(begin: Option<Time>, first: Option<Time>, every: Span) -> Option<Time> {
    match (begin, first) {
        (Some(begin), Some(first)) if first > begin + every => Some(first),
        (begin, first) => begin.or(first),
    }
}

impl Story {
    /// The causes of trouble at the site, in the order in which they took effect.
    pub fn cause_records(&self, header: &Header) -> Vec<CauseRecord> {
        let apart = header.plan.pointer("/playbook/closes_after");
        let apart = apart.and_then(|apart| serde_json::from_value(apart.clone()).ok());
        let mut harms = Harms::new(apart.unwrap_or(Span::from_secs(600)));
        let mut counted = false;
        for entry in self.entries() {
            if let Event::Charges(charges) = &entry.event {
                harms.add(charges);
                counted = true;
            }
        }
        let named = |name: &str| {
            self.alerts().any(|(_, alert)| is_about(alert.attribution.cause.as_ref(), name))
        };
        let mut records: Vec<CauseRecord> =
            harms.all().iter().map(|harm| self.cause_record(header, harm, &harms)).collect();
        for span in self.faults().into_iter().filter(|span| span.site) {
            let cause = Cause::Fault(span.fault.to_string());
            let known = records.iter().any(|record| record.cause == cause);
            if !known && (!counted || named(span.fault)) {
                records.push(self.uncounted(cause, span.from));
            }
        }
        records.sort_by_key(|record| record.from);
        records
    }

    /// The causes that an incident is about, in the order in which they took effect.
    pub fn causes_of_incident(&self, header: &Header, incident: u32) -> Vec<CauseRecord> {
        let mut records = self.cause_records(header);
        records.retain(|record| record.incidents.contains(&incident));
        records
    }

    fn cause_record(
        &self,
        header: &Header,
        harm: &Harm<String, String>,
        harms: &StoryHarms,
    ) -> CauseRecord {
        let name = harm.cause.name();
        let begin = self.faults().into_iter().find(|span| span.fault == name);
        let from = took_effect(begin.map(|span| span.from), Some(harm.first), header.every);
        let mut record = self.uncounted(harm.cause.clone(), from.unwrap_or(harm.first));
        record.harmed = Some((harm.first, harm.last));
        // What is told, or true, of a tier out of room belongs to the shortage of that time.
        let mine = |at: Time| {
            let of =
                harms.all().iter().rfind(|other| other.cause == harm.cause && other.first <= at);
            of.is_some_and(|other| other.first == harm.first)
        };
        let told = self.notifications(&harm.cause).filter(|(at, _)| mine(*at));
        let (told, incidents): (Vec<Time>, Vec<u32>) = told.unzip();
        record.detected = told.into_iter().min();
        record.incidents = distinct(incidents);
        record.almost_detected = self.alerts().any(|(_, alert)| {
            let of = |at: Option<Time>| at.is_some_and(&mine);
            alert.state == AlertState::Pending
                && is_about(alert.attribution.cause.as_ref(), &name)
                && of(Some(alert.at))
        });
        record.ended = self.end_of(harm);
        record.clear = self.clear_of(&record.incidents);
        record.restored = self.restored(header, &record);
        record
    }

    /// A cause of which no harm is known.
    fn uncounted(&self, cause: NamedCause, from: Time) -> CauseRecord {
        let name = cause.name();
        let (told, incidents): (Vec<Time>, Vec<u32>) = self.notifications(&cause).unzip();
        let of = |incident: &Incident<'_>| {
            incident.first().start.fault.as_deref() == Some(name.as_str())
        };
        let begun = self.incidents().into_iter().filter(of);
        let begun: Vec<(u32, Option<Time>)> = begun
            .map(|incident| {
                (incident.number, incident.attempts.iter().find_map(|a| a.reached.alerted_at))
            })
            .collect();
        let known = begun.iter().filter_map(|(_, told)| *told).chain(told).min();
        let incidents = begun.iter().map(|(number, _)| *number).chain(incidents);
        let incidents = distinct(incidents.collect());
        let span = self.faults().into_iter().find(|span| span.fault == name);
        let ended = span.and_then(|span| Some((span.to?, span.by.map(String::from))));
        let almost = |(_, alert): (Time, &super::AlertEntry)| {
            alert.state == AlertState::Pending && is_about(alert.attribution.cause.as_ref(), &name)
        };
        CauseRecord {
            from,
            harmed: None,
            detected: known,
            almost_detected: self.alerts().any(almost),
            clear: self.clear_of(&incidents),
            restored: self.last_end(&incidents),
            incidents,
            ended,
            cause,
        }
    }

    /// When people were told of a cause, and in which incident.
    fn notifications<'s>(
        &'s self,
        cause: &'s NamedCause,
    ) -> impl Iterator<Item = (Time, u32)> + 's {
        self.entries().iter().filter_map(move |entry| match &entry.event {
            Event::Cause(told) if told.cause.root() == *cause => Some((entry.at, told.incident)),
            _ => None,
        })
    }

    /// The end of what did harm last, and the change that ended it. A fault ends as the journal
    /// says; a tier has room again after the change that gave it some, or took load from it.
    fn end_of(&self, harm: &Harm<String, String>) -> Option<(Time, Option<String>)> {
        let name = harm.cause.name();
        let span = self.faults().into_iter().find(|span| span.fault == name);
        let full = harm.ways.iter().filter(|(way, ..)| matches!(way, Cause::Overload { .. }));
        let full = full.max_by_key(|(_, _, last)| *last);
        if let Some(span) = span {
            let to = span.to?;
            let outlived = full.filter(|(_, _, last)| *last > to + OUTLIVES);
            let Some((way, first, last)) = outlived else {
                return Some((to, span.by.map(String::from)));
            };
            return Some((*last, self.relieving_change(way, *first, *last)));
        }
        full.map(|(way, first, last)| (*last, self.relieving_change(way, *first, *last)))
    }

    /// The last change in effect by then that has given room to the tier, or taken load from it.
    fn relieving_change(&self, way: &NamedCause, from: Time, to: Time) -> Option<String> {
        let Cause::Overload { tier, .. } = way else { return None };
        self.entries().iter().rev().find_map(|entry| match &entry.event {
            Event::Effect { change, eases, .. }
                if (from..=to).contains(&entry.at) && eases.contains(tier) =>
            {
                Some(change.clone())
            }
            _ => None,
        })
    }

    /// The last all clear of these incidents; `None` while one of them is open.
    fn clear_of(&self, incidents: &[u32]) -> Option<Time> {
        let waves = self.waves();
        let ends = incidents.iter().map(|incident| waves.get(incident)?.last()?.1);
        ends.collect::<Option<Vec<Time>>>()?.into_iter().max()
    }

    fn last_end(&self, incidents: &[u32]) -> Option<Time> {
        let own = |incident: &Incident<'_>| incidents.contains(&incident.number);
        let recovered = |incident: Incident<'_>| {
            let last = incident.last();
            (last.outcome == AttemptOutcome::Recovered).then_some(last.ended_at)
        };
        let own = self.incidents().into_iter().filter(own).map(recovered);
        own.collect::<Option<Vec<Time>>>()?.into_iter().max()
    }

    /// Since when nobody has been harmed by a cause, if that is over.
    fn restored(&self, header: &Header, record: &CauseRecord) -> Option<Time> {
        let (_, last) = record.harmed?;
        let end = Time::ZERO + header.lasts;
        let quiet = last + header.every < end;
        let is_fault = matches!(record.cause, Cause::Fault(_));
        let over = match (is_fault, record.ended.is_some()) {
            (true, true) => true,
            // It is still there, and does no harm any more: something leads around it.
            (true, false) => quiet && record.clear.is_some_and(|clear| last <= clear),
            (false, _) => quiet,
        };
        if !over {
            return None;
        }
        match self.page_at(last) {
            Some((_, taken_back)) => taken_back,
            None => Some(last),
        }
    }

    /// The maintenance page that kept requests away at a moment, or was put up before anybody could
    /// be served well after it, and when it was taken back; `None` in it: it is still up.
    pub fn page_at(&self, at: Time) -> Option<(&str, Option<Time>)> {
        let around = |(_, up, down): &(&str, Time, Option<Time>)| {
            *up <= at + OUTLIVES && down.is_none_or(|down| down >= at)
        };
        self.pages().into_iter().find(around).map(|(page, _, down)| (page, down))
    }

    /// The maintenance pages: the change, when it is up, and when it is taken back.
    pub fn pages(&self) -> Vec<(&str, Time, Option<Time>)> {
        let mut pages: Vec<(&str, Time, Option<Time>)> = Vec::new();
        for entry in self.entries() {
            let Event::Effect { change, page, ends, .. } = &entry.event else { continue };
            let standing = |(_, _, down): &&mut (&str, Time, Option<Time>)| down.is_none();
            let ended =
                pages.iter_mut().filter(standing).filter(|(up, ..)| ends.iter().any(|e| e == up));
            ended.for_each(|(_, _, down)| *down = Some(entry.at));
            if *page {
                pages.push((change, entry.at, None));
            }
        }
        pages
    }

    /// From when to when each incident was open, wave by wave.
    pub(super) fn waves(&self) -> BTreeMap<u32, Vec<(Time, Option<Time>)>> {
        let mut waves: BTreeMap<u32, Vec<(Time, Option<Time>)>> = BTreeMap::new();
        for entry in self.entries() {
            let Event::Incident { incident, state, .. } = &entry.event else { continue };
            let own = waves.entry(*incident).or_default();
            match state {
                IncidentState::Opened | IncidentState::Reopened => own.push((entry.at, None)),
                IncidentState::Recovered => {
                    if let Some((_, end)) = own.last_mut() {
                        *end = Some(entry.at);
                    }
                }
                IncidentState::Joined | IncidentState::Contained => {}
            }
        }
        waves
    }

    /// The last change of an incident that was in effect by then, and since when.
    pub(super) fn in_effect<'s>(&'s self, incidents: &[u32], by: Time) -> Option<(&'s str, Time)> {
        self.entries().iter().rev().find_map(|entry| match &entry.event {
            Event::Change {
                change, stage: ChangeStage::Live, incident: Some(incident), ..
            } if entry.at <= by && incidents.contains(incident) => {
                Some((change.as_str(), entry.at))
            }
            _ => None,
        })
    }
}

/// The harms of a story.
type StoryHarms = Harms<String, String>;

fn is_about(cause: Option<&NamedCause>, name: &str) -> bool {
    cause.is_some_and(|cause| cause.name() == name)
}

fn distinct(mut numbers: Vec<u32>) -> Vec<u32> {
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_takes_effect_when_it_begins_or_with_its_first_request() {
        let at = |seconds| Some(Time::ZERO + Span::from_secs(seconds));
        let every = Span::from_secs(10);
        assert_eq!(took_effect(at(100), at(109), every), at(100));
        assert_eq!(took_effect(at(100), at(99), every), at(100), "it was on its way already");
        assert_eq!(took_effect(at(100), at(500), every), at(500));
        assert_eq!(took_effect(None, at(7), every), at(7));
        assert_eq!(took_effect(at(100), None, every), at(100));
    }
}
