//! What ended a cause, as the journal records it; never guessed from who was busy at the time.

use super::{CauseRecord, Event, Header, Incident, Story};
use crate::decision::AttemptOutcome;
use crate::units::{Span, Time};

/// What ended an incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credit<'a> {
    /// This change ended the cause.
    Change(&'a str),
    /// The cause ended on its own; no change made for the incident was in effect.
    OwnTime,
    /// The cause ended on its own while this change was in effect.
    OwnTimeDuring(&'a str),
    /// It was over this long after the change took effect. More is not known: nobody has
    /// written down the cause, it goes on, or it had ended before and its damage outlived it.
    After(&'a str, Span),
    /// It had ended on its own behind this maintenance page, which was taken down then.
    Behind(&'a str),
    /// Nothing is known to have ended it.
    Unknown,
}

impl Story {
    /// What ended an incident, or the last of the causes that it is about; `None` while it goes
    /// on.
    pub fn credit<'a>(&'a self, header: &Header, incident: &Incident<'a>) -> Option<Credit<'a>> {
        let last = incident.last();
        if last.outcome != AttemptOutcome::Recovered {
            return None;
        }
        let records = self.causes_of_incident(header, incident.number);
        let known = records.iter().filter(|record| record.harmed.is_some());
        let over = known.filter_map(|record| Some((record.restored?, record)));
        match over.max_by_key(|(restored, _)| *restored) {
            Some((_, record)) if !header.mode.by_hand() => self.credit_of(record),
            _ => Some(self.credit_without_counts(header, incident)),
        }
    }

    /// From the onset of an incident until its users were well again: as restored, where it is
    /// counted whom its causes harmed; else until its rules were seen to be well. `None` while it
    /// goes on.
    pub fn recovery(&self, header: &Header, incident: &Incident<'_>) -> Option<Span> {
        let seen = incident.recovered()?;
        let records = self.causes_of_incident(header, incident.number);
        let harmed: Vec<&CauseRecord> =
            records.iter().filter(|record| record.harmed.is_some()).collect();
        if harmed.is_empty() || header.mode.by_hand() {
            return Some(seen);
        }
        // Rules may be well behind a page, or while too few requests fail for them; users are not.
        let restored: Option<Vec<Time>> = harmed.iter().map(|record| record.restored).collect();
        restored?.into_iter().max().map(|last| last.since(incident.first().start.started_at))
    }

    /// From the onset of an incident until the change that ended it was in effect for the first
    /// time, whatever else was tried while its damage faded. `None` where no change did.
    pub fn helped(&self, header: &Header, incident: &Incident<'_>) -> Option<Span> {
        let helped = match self.credit(header, incident)? {
            Credit::Change(change) | Credit::After(change, _) => change,
            _ => return None,
        };
        let of_it = incident.attempts.iter().filter(|one| one.change.as_deref() == Some(helped));
        let live = of_it.filter_map(|attempt| attempt.reached.live_at).min()?;
        Some(live.since(incident.first().start.started_at))
    }

    /// What ended a cause, as the journal has it; `None` while it goes on.
    pub fn credit_of(&self, record: &CauseRecord) -> Option<Credit<'_>> {
        let restored = record.restored?;
        let change = |by: Time| self.in_effect(&record.incidents, by);
        let page = record.harmed.and_then(|(_, last)| self.page_at(last));
        Some(match &record.ended {
            Some((_, Some(by))) => Credit::Change(self.change_named(by)?),
            Some((at, None)) if !self.outlasts(*at, restored) => match (page, change(*at)) {
                (Some((page, _)), _) => Credit::Behind(page),
                (None, Some((change, _))) => Credit::OwnTimeDuring(change),
                (None, None) => Credit::OwnTime,
            },
            _ => match change(restored) {
                Some((change, live)) => Credit::After(change, restored.since(live)),
                None => Credit::Unknown,
            },
        })
    }

    /// Whether a fault went on long after a change had made room for it, or taken load away.
    fn outlasts(&self, ended: Time, restored: Time) -> bool {
        let eased = |entry: &super::Entry| match &entry.event {
            Event::Effect { eases, .. } => !eases.is_empty() && entry.at <= restored,
            _ => false,
        };
        ended.since(restored) > Span::MINUTE && self.entries().iter().any(eased)
    }

    fn change_named(&self, name: &str) -> Option<&str> {
        self.entries().iter().find_map(|entry| match &entry.event {
            Event::Change { change, .. } if change == name => Some(change.as_str()),
            _ => None,
        })
    }

    /// The same where nobody has counted whom the cause harmed.
    fn credit_without_counts<'a>(&'a self, header: &Header, incident: &Incident<'a>) -> Credit<'a> {
        let over = incident.last().ended_at;
        let change = incident.attempts.iter().rev().find_map(|attempt| {
            let live = attempt.reached.live_at.filter(|live| *live <= over)?;
            Some((attempt.change.as_deref()?, live))
        });
        let cause = incident.first().start.fault.as_deref();
        // A sheet kept by hand says when somebody saw the end of it, not what ended it.
        let cause = cause.filter(|_| !header.mode.by_hand());
        let ended = cause.and_then(|cause| {
            let spans = self.faults().into_iter().rev();
            spans.filter(|span| span.fault == cause && span.from <= over).find_map(|span| {
                let to = span.to.filter(|to| *to <= over)?;
                Some((span.by, to))
            })
        });
        match (ended, change) {
            (Some((Some(by), _)), _) => Credit::Change(by),
            (Some((None, to)), Some((change, live))) if live < to => Credit::OwnTimeDuring(change),
            (_, Some((change, live))) => Credit::After(change, over.since(live)),
            (Some((None, _)), None) => Credit::OwnTime,
            (None, None) => Credit::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Entry, Event, fixture};
    use crate::change::ChangeStage;

    /// What ended the incident of the fixture once its journal has been changed.
    fn credit(change: impl Fn(&mut Entry) -> bool) -> String {
        let (header, mut entries) = fixture::proxy_outage();
        entries.retain_mut(|entry| change(entry));
        let story = fixture::story(&entries);
        let incidents = story.incidents();
        format!("{:?}", story.credit(&header, &incidents[0]))
    }

    fn is_live(entry: &Entry) -> bool {
        matches!(entry.event, Event::Change { stage: ChangeStage::Live, .. })
    }

    fn ends_outage(entry: &Entry) -> bool {
        matches!(&entry.event, Event::Fault { fault, begins: false, .. }
            if fault == "outage-reverse-proxy")
    }

    fn not_in_effect(entry: &mut Entry) {
        if let Event::Attempt(attempt) = &mut entry.event {
            attempt.reached.live_at = None;
        }
    }

    #[test]
    fn a_change_that_ended_the_cause_has_the_credit() {
        let expected = "Some(Change(\"reverse-proxy-update\"))";
        assert_eq!(credit(|_| true), expected);
        let whoever_was_busy = credit(|entry| {
            if let Event::Attempt(attempt) = &mut entry.event {
                attempt.change = Some("another".into());
            }
            true
        });
        assert_eq!(whoever_was_busy, expected);
    }

    #[test]
    fn what_ended_on_its_own_is_nobodys_credit() {
        let credit = credit(|entry| {
            not_in_effect(entry);
            !is_live(entry)
        });
        assert_eq!(credit, "Some(OwnTime)");
    }

    #[test]
    fn a_change_after_the_end_of_the_cause_is_only_before_the_end_of_the_incident() {
        let earlier = credit(|entry| {
            if ends_outage(entry) {
                entry.at = fixture::at(5100.0);
            }
            !is_live(entry)
        });
        assert_eq!(earlier, "Some(After(\"reverse-proxy-update\", Span(169500000000)))");
        let later = credit(|entry| {
            if ends_outage(entry) {
                entry.at = fixture::at(5300.0);
            }
            true
        });
        assert_eq!(later, "Some(OwnTimeDuring(\"reverse-proxy-update\"))");
        let goes_on = credit(|entry| !ends_outage(entry));
        assert_eq!(goes_on, earlier);
    }

    #[test]
    fn nothing_known_is_nothing_said() {
        let unknown = credit(|entry| {
            not_in_effect(entry);
            !ends_outage(entry)
        });
        assert_eq!(unknown, "Some(Unknown)");
    }
}
