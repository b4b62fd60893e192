//! From the scenario as written to the plan: names resolved to ids, defaults filled in.

use crate::decision::Playbook;
use crate::language::problem::Problems;
use crate::language::written::{OneOrMany, Placed};
use crate::people::Roster;
use crate::scenario::document::Document;
use crate::scenario::intern::intern;
use crate::scenario::plan::Plan;
use crate::scenario::resolver::Resolver;
use crate::telemetry::TelemetryPlan;
use crate::units::{Calendar, Span};

/// How long an incident can be reopened, unless given. Assumed, and `closes_after` says otherwise:
/// with less, an alert that comes back more often counts as another incident.
const CLOSES_AFTER: Span = Span::from_secs(600);

/// The plan, unless there is an error; all problems are recorded.
pub fn resolve(document: &Document, problems: &mut Problems) -> Option<Plan> {
    let names = intern(document, problems);
    let epoch = || jiff::Timestamp::UNIX_EPOCH.to_zoned(jiff::tz::TimeZone::UTC);
    let starts = document.starts.as_ref().map_or_else(epoch, |starts| starts.value.0.clone());
    let calendar = Calendar::new(starts);
    let lasts = document.lasts.map_or(Span::ZERO, |lasts| lasts.value);
    let mut resolver = Resolver { names: &names, problems, calendar, lasts, findings: Vec::new() };
    if let Some(lasts) = &document.lasts {
        resolver.positive(lasts, "lasts");
        if lasts.value > Span::from_secs(31 * 86_400) {
            resolver.error(lasts.place, "a scenario lasts at most 31 days", "");
        }
    }
    let telemetry = resolver.telemetry(document);
    let traffic = document.traffic.as_ref().and_then(|traffic| resolver.traffic(traffic));
    let site = document.site.as_ref().and_then(|site| resolver.site(site));
    let limits = resolver.limits(document);
    let reports = resolver.reports(document);
    let playbook = resolver.playbook(document, telemetry.every);
    resolver.outside(document);
    let messages = resolver.messages(document, &playbook.roster);
    let faults = resolver.faults(document, telemetry.every);
    let go_no_go = resolver.criteria(document, traffic.as_ref());
    let decision = resolver.decision(document);
    let mut expect = resolver.expectations(document);
    expect.extend(resolver.told_of_messages(&messages));
    let expect_on = resolver.expected_share(document);
    let actual = resolver.actual(document);
    let crew = resolver.crew(document);
    let logs = resolver.logs(document);
    let capacity = document.capacity.as_ref().map(|capacity| resolver.capacity(capacity));
    resolver.templates(document);
    resolver.checklist(document);
    let tune = resolver.tune(document);
    let findings = std::mem::take(&mut resolver.findings);
    let calendar = resolver.calendar.clone();
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
        reports,
        limits,
        faults,
        telemetry,
        playbook,
        messages,
        go_no_go,
        decision,
        expect,
        expect_on,
        actual,
        crew,
        logs,
        capacity,
        findings,
        tune,
        inputs: Vec::new(),
    })
}

impl Resolver<'_> {
    /// How often the monitoring reads, and how late.
    pub fn telemetry(&mut self, document: &Document) -> TelemetryPlan {
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

    /// Everything that people do by plan.
    pub fn playbook(&mut self, document: &Document, every: Span) -> Playbook {
        let normal = self.normal(document);
        let channels = self.channels(document);
        let people = self.people(document);
        let mut roster = Roster { people, channels, escalations: Vec::new() };
        roster.escalations = self.escalations(document, &roster);
        Playbook {
            rules: self.rules(document, every, &normal),
            baseline: normal.baseline,
            changes: self.change_table(document),
            plays: self.plays(document, &roster),
            launch: self.launch(document, &roster),
            roster,
            every,
            closes_after: document.closes_after.map_or(CLOSES_AFTER, |span| span.value),
        }
    }
}
