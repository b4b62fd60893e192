//! What all sections need to become part of a plan: names, problems, the clock.

use crate::journal::{self, FindingKind, FindingRow, OpenPoint, PlanFinding};
use crate::language::problem::{Problem, Problems, advice, quoted};
use crate::language::source::Place;
use crate::language::value::calendar::MomentSpec;
use crate::language::wording::Wording;
use crate::language::written::Placed;
use crate::names::Names;
use crate::scenario::phrases::with_article;
use crate::units::{Calendar, Span, Time};
use indexmap::IndexSet;

/// Where the parts of a plan are put together, and what is known to all of them.
pub struct Resolver<'a> {
    pub names: &'a Names,
    pub problems: &'a mut Problems,
    pub calendar: Calendar,
    pub lasts: Span,
    pub findings: Vec<PlanFinding>,
}

/// A finding of this weight, made of the problem that tells of it.
pub fn plan_finding(
    problems: &Problems,
    (kind, severity): (FindingKind, journal::Severity),
    point: OpenPoint,
    problem: &Problem,
) -> PlanFinding {
    let place = problem.place;
    let file = problems.part(place);
    let line = (place.source == 0 || file.is_some()).then_some(place.line);
    let row = FindingRow::new(kind, severity, problem.message.clone());
    PlanFinding { point, row: FindingRow { line, file, ..row }, place, hint: problem.hint.clone() }
}

impl Resolver<'_> {
    /// The id of a name; an unknown name is a problem.
    pub fn find<I: From<usize>>(
        &mut self,
        set: &IndexSet<String>,
        name: &Placed<String>,
        what: &str,
    ) -> Option<I> {
        let found = set.get_index_of(&name.value);
        if found.is_none() && !(set.is_empty() && self.problems.any_error()) {
            let message = format!("unknown {what} {}", quoted(&name.value));
            let problem = Problem::error(name.place, message).label(match set.is_empty() {
                true => format!("the scenario has no {what}"),
                false => format!("no {what} has this name"),
            });
            let hint = advice(&name.value, set.iter().map(String::as_str));
            let hint = match self.of_another_kind(&name.value, what) {
                Some(kind) => {
                    let known = hint.map_or(String::new(), |hint| format!("; {hint}"));
                    Some(format!(
                        "{} is {kind}, this names {}{known}",
                        quoted(&name.value),
                        with_article(what)
                    ))
                }
                None => hint,
            };
            let section = format!("{what}s");
            let replaced = self.problems.replaced.iter().find(|key| key.text == section);
            self.problems.push(match replaced.map(|key| key.place) {
                Some(place) => problem.also(place, "replaces the included list").hint(format!(
                    "write `{section}+:` to add to the included list instead of replacing it"
                )),
                None => problem.maybe_hint(hint),
            });
        }
        found.map(I::from)
    }

    /// What a name means elsewhere in the scenario.
    pub fn of_another_kind(&self, name: &str, what: &str) -> Option<String> {
        let names = self.names;
        let kinds = [
            ("person", &names.people),
            ("role", &names.roles),
            ("escalation", &names.escalations),
            ("change", &names.changes),
            ("play", &names.plays),
            ("rule", &names.rules),
            ("tier", &names.tiers),
            ("endpoint", &names.endpoints),
        ];
        let found = kinds.into_iter().find(|(kind, set)| *kind != what && set.contains(name));
        found.map(|(kind, _)| with_article(kind))
    }

    /// The ids of several names, without those that are unknown.
    pub fn find_all<I: From<usize> + PartialEq>(
        &mut self,
        set: &IndexSet<String>,
        names: &[Placed<String>],
        what: &str,
    ) -> Vec<I> {
        let mut found: Vec<I> = Vec::with_capacity(names.len());
        for name in names {
            let Some(id) = self.find(set, name, what) else { continue };
            if found.contains(&id) {
                let message = format!("{} is given twice", quoted(&name.value));
                self.problems.push(Problem::error(name.place, message));
            } else {
                found.push(id);
            }
        }
        found
    }

    /// Records an error; the hint may be empty.
    pub fn error(&mut self, place: Place, message: impl Into<Wording>, hint: &str) {
        let problem = Problem::error(place, message);
        self.problems.push(if hint.is_empty() { problem } else { problem.hint(hint) });
    }

    /// Something that the launch plan leaves open.
    pub fn finding(
        &mut self,
        kind: FindingKind,
        severity: journal::Severity,
        point: impl Into<OpenPoint>,
        place: Place,
    ) {
        let hint = match kind {
            FindingKind::Unnamed => {
                "name somebody before the day: {role: …}, with a phone that is answered"
            }
            FindingKind::Untimed => "write a time, such as \"17:30\" or 30m, once it is known",
            _ => "agree on a number before the day; until then nobody can rehearse it",
        };
        self.finding_with(hint, kind, severity, point.into(), place);
    }

    /// The same, with a hint of its own.
    pub fn finding_with(
        &mut self,
        hint: &str,
        kind: FindingKind,
        severity: journal::Severity,
        point: OpenPoint,
        place: Place,
    ) {
        let problem = Problem::finding(place, point.wording()).hint(hint).weighing(severity);
        self.findings.push(plan_finding(self.problems, (kind, severity), point, &problem));
        self.problems.push(problem);
    }

    /// A time that must be above 0s.
    pub fn positive(&mut self, span: &Placed<Span>, key: &str) {
        if span.value == Span::ZERO {
            self.error(span.place, format!("`{key}` must be more than 0s"), "");
        }
    }

    /// A time that must not be shorter.
    pub fn at_least(&mut self, span: &Placed<Span>, least: Span, message: &str) {
        if span.value < least {
            self.error(span.place, message, &format!("write {least} or more"));
        }
    }

    /// A time that must not be longer.
    pub fn at_most(&mut self, span: &Placed<Span>, most: Span, message: &str) {
        if span.value > most {
            self.error(span.place, message, &format!("write {most} or less"));
        }
    }

    /// A whole number between two limits; the nearest of them, with a problem, if it is not.
    pub fn between(&mut self, number: &Placed<u32>, range: std::ops::RangeInclusive<u32>) -> u32 {
        let (least, most) = (*range.start(), *range.end());
        if !range.contains(&number.value) {
            let message = format!("{} is not between {least} and {most}", number.value);
            self.error(number.place, message, "");
        }
        number.value.clamp(least, most)
    }

    /// A moment in simulated time; `None`, without a problem, for `"?"`.
    pub fn moment(&mut self, moment: &Placed<MomentSpec>) -> Option<Time> {
        match moment.value {
            MomentSpec::Open => None,
            MomentSpec::Offset(span) => Some(Time::ZERO + span),
            MomentSpec::Clock(clock) => {
                let time = self.calendar.next(clock);
                if time.is_none() {
                    let message = format!("the clock skips or repeats {clock} that day");
                    self.error(moment.place, message, "write it as a time after the start");
                }
                time
            }
        }
    }
}

/// A verb, and the keys that make sense with it.
pub type VerbKeys = (&'static str, &'static [&'static str]);

/// The first verb among the keys.
pub fn first_verb(written: &[Placed<&'static str>], verbs: &[VerbKeys]) -> Option<&'static str> {
    let is_verb = |key: &&Placed<&str>| verbs.iter().any(|(verb, _)| *verb == key.value);
    written.iter().find(is_verb).map(|key| key.value)
}

impl Resolver<'_> {
    /// The one verb of a mapping; a problem for none, for a second one, and for every key that
    /// makes no sense with it. Keys in `always` make sense with any.
    pub fn one_verb(
        &mut self,
        place: Place,
        written: &[Placed<&'static str>],
        verbs: &[VerbKeys],
        always: &[&str],
    ) -> Option<&'static str> {
        let Some(verb) = first_verb(written, verbs) else {
            let all: Vec<_> = verbs.iter().map(|(verb, _)| *verb).collect();
            // With an unknown key in its place, that is said already.
            if !(written.is_empty() && self.problems.error_in_line(place)) {
                self.error(place, "this does not say what is to happen", &all.join(", "));
            }
            return None;
        };
        let own = verbs.iter().find(|(name, _)| *name == verb).map_or(&[][..], |(_, own)| own);
        for key in written {
            if key.value == verb || always.contains(&key.value) || own.contains(&key.value) {
                continue;
            }
            let problem = if verbs.iter().any(|(name, _)| *name == key.value) {
                let message = format!("`{verb}` and `{}` are two things", key.value);
                Problem::error(key.place, message).hint("write them separately")
            } else {
                let message = format!("{} makes no sense with `{verb}`", quoted(key.value));
                let takers = verbs.iter().filter(|(_, keys)| keys.contains(&key.value));
                let takers: Vec<_> = takers.map(|(name, _)| format!("`{name}`")).collect();
                Problem::error(key.place, message).hint(format!("only {}", takers.join(", ")))
            };
            self.problems.push(problem);
        }
        Some(verb)
    }
}
