//! What a past incident really took: `actual: {detect: 49m, total: 305m, source: …}`.

use crate::journal::{Actual, CrewRow, IncidentPart};
use crate::language::problem::quoted;
use crate::language::written::Placed;
use crate::scenario::document::{Actual as WrittenActual, Document};
use crate::scenario::resolver::Resolver;
use crate::units::Span;

impl WrittenActual {
    fn part(&self, part: IncidentPart) -> Option<Placed<Span>> {
        match part {
            IncidentPart::Detect => self.detect,
            IncidentPart::Declare => self.declare,
            IncidentPart::Diagnose => self.diagnose,
            IncidentPart::Decide => self.decide,
            IncidentPart::Deploy => self.deploy,
            IncidentPart::Repair => self.repair,
            IncidentPart::Respond => self.respond,
            IncidentPart::Recover => self.recover,
            IncidentPart::Total => self.total,
        }
    }
}

impl Resolver<'_> {
    /// Whose people these are, if the scenario says so.
    pub fn crew(&mut self, document: &Document) -> Option<CrewRow> {
        let crew = document.crew.as_ref()?;
        if let Some(held) = &crew.held {
            let numbers = held.value.split_once(" of ");
            let number = |text: &str| text.trim().parse::<u32>().ok();
            let read = numbers.and_then(|(held, all)| Some((number(held)?, number(all)?)));
            if read.is_none_or(|(held, all)| held > all || all == 0) {
                let message = format!("{} is not a share of past incidents", quoted(&held.value));
                self.error(held.place, message, "write how many of how many held: 13 of 20");
            }
        }
        Some(CrewRow {
            like: crew.like.as_ref()?.value.clone(),
            source: crew.source.as_ref()?.value.clone(),
            held: crew.held.as_ref().map(|held| held.value.clone()),
        })
    }

    /// What it really took, if the scenario says so.
    pub fn actual(&mut self, document: &Document) -> Option<Actual> {
        let written = document.actual.as_ref()?;
        let parts = IncidentPart::ALL.into_iter();
        let parts: Vec<(IncidentPart, Placed<Span>)> =
            parts.filter_map(|part| Some((part, written.part(part)?))).collect();
        let keys = |key: &Placed<&str>| key.value != "source";
        if parts.is_empty() && !written.written.iter().any(keys) {
            let hint = "add what its source tells: detect: 49m, total: 305m";
            self.error(written.place, "`actual` does not say how long anything took", hint);
        }
        for (part, span) in &parts {
            if span.value >= self.lasts && self.lasts > Span::ZERO {
                let message = format!(
                    "`{part}` really took {}, and the scenario is over after {}",
                    span.value, self.lasts
                );
                let hint =
                    "make it about three times as long, so that it shows how long it may take";
                self.error(span.place, message, hint);
            }
        }
        let source = written.source.as_ref()?.value.clone();
        let parts = parts.into_iter().map(|(part, span)| (part, span.value)).collect();
        let actual = Actual { parts, source };
        if let Some(contradiction) = actual.contradiction() {
            let message = format!("`actual` contradicts itself: {contradiction}");
            self.error(written.place, message, "parts of a time are not longer than the whole");
        }
        Some(actual)
    }
}
