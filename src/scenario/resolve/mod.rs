//! From the scenario as written to the plan: names to numbers, defaults filled in, sense checked.

pub mod ask;
pub mod autoscaling;
pub mod capacity;
pub mod changes;
pub mod checklist;
pub mod counted;
pub mod faults;
pub mod go_no_go;
pub mod hours;
pub mod intern;
pub mod launch;
pub mod limits;
pub mod logs;
pub mod messages;
pub mod openings;
pub mod people;
pub mod plays;
pub mod rules;
pub mod site;
pub mod traffic;
pub mod tune;
pub mod verb;

use crate::decision::{Baseline, Playbook};
use crate::journal::{self, FindingRow};
use crate::language::problem::{Problem, Problems, advice, quoted};
use crate::language::source::Place;
use crate::language::value::calendar::Moment;
use crate::language::written::{OneOrMany, Placed};
use crate::names::Names;
use crate::people::Roster;
use crate::scenario::plan::Plan;
use crate::scenario::written::document::Document;
use crate::telemetry::TelemetryPlan;
use crate::units::{Calendar, Span, Time};
use indexmap::IndexSet;

/// For so long an incident can be opened again unless said.
const CLOSES_AFTER: Span = Span::from_secs(600);

/// Where the parts of a plan are put together, and what is known to all of them.
struct Desk<'a> {
    names: &'a Names,
    problems: &'a mut Problems,
    calendar: Calendar,
    lasts: Span,
    findings: Vec<FindingRow>,
}

/// The plan, unless there is an error; all problems are entered.
pub fn resolve(document: &Document, problems: &mut Problems) -> Option<Plan> {
    let names = intern::intern(document, problems);
    let epoch = || jiff::Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC);
    let starts = document.starts.as_ref().map_or_else(epoch, |starts| starts.value.0.clone());
    let calendar = Calendar::new(starts);
    let lasts = document.lasts.map_or(Span::ZERO, |lasts| lasts.value);
    let mut desk = Desk { names: &names, problems, calendar, lasts, findings: Vec::new() };
    if let Some(lasts) = &document.lasts {
        desk.positive(lasts, "lasts");
        if lasts.value > Span::from_secs(31 * 86_400) {
            desk.error(lasts.place, "a scenario lasts at most 31 days", "");
        }
    }
    let telemetry = desk.telemetry(document);
    let traffic = document.traffic.as_ref().and_then(|traffic| desk.traffic(traffic));
    let site = document.site.as_ref().and_then(|site| desk.site(site));
    let limits = desk.limits(document);
    let playbook = desk.playbook(document, telemetry.every);
    let faults = desk.faults(document);
    let go_no_go = desk.criteria(document, traffic.as_ref());
    let decision = desk.decision(document);
    let expect = desk.expectations(document);
    let logs = desk.logs(document);
    let capacity = document.capacity.as_ref().map(|capacity| desk.capacity(capacity));
    desk.templates(document);
    desk.checklist(document);
    let tune = desk.tune(document);
    let findings = std::mem::take(&mut desk.findings);
    let calendar = desk.calendar.clone();
    if problems.any_error() {
        return None;
    }
    Some(Plan {
        scenario: document.scenario.as_ref()?.value.clone(),
        calendar,
        lasts,
        seed: document.seed.unwrap_or(1),
        names,
        traffic: traffic?,
        site: site?,
        limits,
        faults,
        telemetry,
        playbook,
        go_no_go,
        decision,
        expect,
        logs,
        capacity,
        findings,
        tune,
        inputs: Vec::new(),
    })
}

/// A finding at this place, as reports show it.
pub fn finding_row(
    problems: &Problems,
    kind: &str,
    severity: journal::Severity,
    text: String,
    place: Place,
) -> FindingRow {
    let file = problems.part(place);
    let line = (place.source == 0 || file.is_some()).then_some(place.line);
    FindingRow { line, file, ..FindingRow::new(kind, severity, text) }
}

/// `a role`, `an escalation`.
fn a(what: &str) -> String {
    let vowel = what.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {what}", if vowel { "an" } else { "a" })
}

impl Desk<'_> {
    fn telemetry(&mut self, document: &Document) -> TelemetryPlan {
        let written = document.telemetry.as_ref();
        let every = written.and_then(|telemetry| telemetry.every);
        let delay = written.and_then(|telemetry| telemetry.delay);
        if let Some(every) = &every {
            self.at_least(every, Span::SECOND, "the monitoring looks at most once a second");
            self.at_most(every, Span::from_secs(3_600), "an interval is at most an hour");
        }
        if let Some(delay) = &delay {
            self.at_most(delay, Span::from_secs(86_400), "readings come within a day");
        }
        let value = |span: Option<Placed<Span>>, default: u64| {
            span.map_or(Span::from_secs(default), |span| span.value)
        };
        let slow_after = written.and_then(|telemetry| telemetry.slow_after);
        if let Some(slow_after) = &slow_after {
            self.at_least(slow_after, Span::MILLISECOND, "every answer takes longer than nothing");
        }
        let errors = written.and_then(|telemetry| telemetry.errors.as_ref());
        let errors = errors.map(|OneOrMany(kinds)| kinds.iter().map(|kind| kind.value).collect());
        TelemetryPlan {
            every: value(every, 10).max(Span::SECOND),
            delay: value(delay, 20),
            slow_after: slow_after.map(|span| span.value),
            errors: errors.unwrap_or_default(),
        }
    }

    fn playbook(&mut self, document: &Document, every: Span) -> Playbook {
        let baseline = self.baseline(document);
        let any = baseline.is_some() || self.baseline_is_wrong(document);
        let channels = self.channels(document);
        let people = self.people(document);
        let mut roster = Roster { people, channels, escalations: Vec::new() };
        roster.escalations = self.escalations(document, &roster);
        Playbook {
            baseline: Baseline { error_rate: baseline },
            rules: self.rules(document, every, any),
            changes: self.change_table(document),
            plays: self.plays(document, &roster),
            launch: self.launch(document, &roster),
            roster,
            every,
            closes_after: document.closes_after.map_or(CLOSES_AFTER, |span| span.value),
        }
    }

    /// There was to be a baseline, and what is wrong with it is said already.
    fn baseline_is_wrong(&self, document: &Document) -> bool {
        let written =
            document.baseline.as_ref().is_some_and(|baseline| !baseline.written.is_empty());
        written || self.problems.slipped("a baseline", "baseline")
    }

    /// The number behind a name; an unknown one is a problem.
    fn find<I: From<usize>>(
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
                        a(what)
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
    fn of_another_kind(&self, name: &str, what: &str) -> Option<String> {
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
        found.map(|(kind, _)| a(kind))
    }

    /// The numbers behind several names, without those that are unknown.
    fn find_all<I: From<usize> + PartialEq>(
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

    fn error(&mut self, place: Place, message: impl Into<String>, hint: &str) {
        let problem = Problem::error(place, message);
        self.problems.push(if hint.is_empty() { problem } else { problem.hint(hint) });
    }

    /// Something that the launch plan leaves open.
    fn finding(&mut self, kind: &str, severity: journal::Severity, text: String, place: Place) {
        let hint = match kind {
            "unnamed" => "name somebody before the day: {role: …}, with a phone that is answered",
            "untimed" => "write a time, such as \"17:30\" or 30m, once it is known",
            _ => "agree on a number before the day; until then nobody can rehearse it",
        };
        self.problems.push(Problem::finding(place, &*text).hint(hint));
        self.findings.push(finding_row(self.problems, kind, severity, text, place));
    }

    fn positive(&mut self, span: &Placed<Span>, key: &str) {
        if span.value == Span::ZERO {
            self.error(span.place, format!("`{key}` must be more than 0s"), "");
        }
    }

    fn at_least(&mut self, span: &Placed<Span>, least: Span, message: &str) {
        if span.value < least {
            self.error(span.place, message, &format!("write {least} or more"));
        }
    }

    fn at_most(&mut self, span: &Placed<Span>, most: Span, message: &str) {
        if span.value > most {
            self.error(span.place, message, &format!("write {most} or less"));
        }
    }

    /// A whole number between two limits; the nearest of them, with a problem, if it is not.
    fn between(&mut self, number: &Placed<u32>, range: std::ops::RangeInclusive<u32>) -> u32 {
        let (least, most) = (*range.start(), *range.end());
        if !range.contains(&number.value) {
            let message = format!("{} is not between {least} and {most}", number.value);
            self.error(number.place, message, "");
        }
        number.value.clamp(least, most)
    }

    /// A moment in simulated time; `None`, without a problem, for `"?"`.
    fn moment(&mut self, moment: &Placed<Moment>) -> Option<Time> {
        match moment.value {
            Moment::Open => None,
            Moment::Offset(span) => Some(Time::ZERO + span),
            Moment::Clock(clock) => {
                let time = self.calendar.next(clock);
                if time.is_none() {
                    let message = format!("the clock skips or repeats {clock} that day");
                    self.error(moment.place, message, "write it as a time after the start");
                }
                time
            }
        }
    }

    /// A moment that must be known.
    fn known_moment(&mut self, moment: &Placed<Moment>) -> Option<Time> {
        if moment.value == Moment::Open {
            self.error(moment.place, "this must be known", "write 65m or \"18:05\"");
        }
        self.moment(moment)
    }
}
