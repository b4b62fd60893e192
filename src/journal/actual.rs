//! What a real incident took, to compare with the simulated ones.

use crate::decision::Phase;
use crate::names::worded;
use crate::units::Span;
use serde::{Deserialize, Serialize};

worded! {
    /// A part of an incident, as public reports tell it.
    pub enum IncidentPart {
        /// From the onset until somebody was told.
        Detect = "detect",
        /// From being told to calling it an incident.
        Declare = "declare",
        /// All looks for a repair together.
        Diagnose = "diagnose",
        /// Until the decider said yes.
        Decide = "decide",
        /// Changes on their way, from the order to being in effect.
        Deploy = "deploy",
        /// From being called an incident until the change that helped was in effect.
        Repair = "repair",
        /// From being told until the change that helped was in effect.
        Respond = "respond",
        /// From the change that helped until it was over.
        Recover = "recover",
        /// From the onset until it was over.
        Total = "total",
    }
}

impl IncidentPart {
    /// What is under way while it lasts; the total is separate. Where the change that helped is
    /// known, the three parts that it begins or ends are reckoned from it.
    pub fn phases(self) -> &'static [Phase] {
        use Phase::{
            Acknowledge, Confirm, Declare, Diagnose, Hold, Queue, Reach, Rollout, Stalled, Work,
        };
        match self {
            IncidentPart::Detect => &[Phase::Detect],
            IncidentPart::Declare => &[Acknowledge, Declare],
            IncidentPart::Diagnose => &[Diagnose],
            IncidentPart::Decide => &[Reach, Phase::Decide],
            IncidentPart::Deploy => &[Queue, Phase::Deploy, Rollout],
            IncidentPart::Repair => &[
                Diagnose,
                Reach,
                Phase::Decide,
                Work,
                Queue,
                Phase::Deploy,
                Rollout,
                Hold,
                Stalled,
            ],
            IncidentPart::Respond => &[
                Acknowledge,
                Declare,
                Diagnose,
                Reach,
                Phase::Decide,
                Work,
                Queue,
                Phase::Deploy,
                Rollout,
                Hold,
                Stalled,
            ],
            IncidentPart::Recover => &[Confirm],
            IncidentPart::Total => &[],
        }
    }

    /// Whether this part lies within that one.
    pub fn is_within(self, other: IncidentPart) -> bool {
        let inside = |phase: &Phase| other.phases().contains(phase);
        match (self, other) {
            (IncidentPart::Total, _) => false,
            (_, IncidentPart::Total) => true,
            _ => self != other && self.phases().iter().all(inside),
        }
    }
}

/// What a real incident took, as far as its source says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actual {
    /// In the order of [`IncidentPart::ALL`], each once.
    pub parts: Vec<(IncidentPart, Span)>,
    /// The source of these times.
    pub source: String,
}

impl Actual {
    /// What cannot all be true of it, in words.
    pub fn contradiction(&self) -> Option<String> {
        for (whole, most) in &self.parts {
            let inside: Vec<&(IncidentPart, Span)> =
                self.parts.iter().filter(|(part, _)| part.is_within(*whole)).collect();
            // What lies within another part that is there is counted with that one.
            let within =
                |part: IncidentPart| inside.iter().any(|(other, _)| part.is_within(*other));
            let apart = inside.iter().filter(|(part, _)| !within(*part));
            let sum = apart.clone().fold(0u64, |sum, (_, span)| sum.saturating_add(span.0));
            if sum > most.0 {
                let words: Vec<&str> = apart.map(|(part, _)| part.word()).collect();
                let sum = Span(sum);
                return Some(format!(
                    "{} took {sum}, and the whole of them, {whole}, {most}",
                    words.join(" and ")
                ));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actual(parts: &[(IncidentPart, u64)]) -> Actual {
        let parts = parts.iter().map(|(part, m)| (*part, Span::from_secs(60 * m))).collect();
        Actual { parts, source: "a status page".to_string() }
    }

    #[test]
    fn parts_that_are_longer_than_the_whole_contradict_it() {
        use IncidentPart::{Declare, Detect, Diagnose, Recover, Repair, Respond, Total};
        let fine = [(Detect, 49), (Declare, 20), (Diagnose, 30), (Repair, 60), (Total, 305)];
        assert_eq!(actual(&fine).contradiction(), None, "diagnosing is part of the repair");
        let long = actual(&[(Detect, 200), (Recover, 120), (Total, 305)]).contradiction();
        let words = "detect and recover took 5h 20m, and the whole of them, total, 5h 5m";
        assert_eq!(long.as_deref(), Some(words));
        assert!(actual(&[(Diagnose, 70), (Repair, 60)]).contradiction().is_some());
        assert!(actual(&[(Declare, 30), (Repair, 60), (Respond, 80)]).contradiction().is_some());
    }

    #[test]
    fn whatever_is_under_way_belongs_to_some_part() {
        let covered = |phase: &Phase| {
            let parts = [IncidentPart::Detect, IncidentPart::Respond, IncidentPart::Recover];
            *phase == Phase::Clear || parts.iter().any(|part| part.phases().contains(phase))
        };
        assert!(Phase::ALL.iter().all(covered));
    }
}
