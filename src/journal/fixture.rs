//! A journal built by hand, for the tests of everything that reads journals.

mod course;

use super::*;
use crate::change::ChangeStage;
use crate::decision::{
    AlertState, AttemptOutcome, BoundBy, CriterionEvidence, CriterionRow, CriterionStatus,
    CriterionUnit, JudgedRow, KnownStart, MeasureKind, Milestones,
};
use crate::names::{HeldRoles, NamedScope, ScopeKind};
use crate::site::{RequestLedger, SiteTotals, UsersAffected};
use crate::telemetry::Cause;
use crate::units::{Calendar, Span, Time};

/// A moment this many seconds after the start.
pub fn at(seconds: f64) -> Time {
    Time(Span::from_seconds(seconds).0)
}

/// The story of entries that were never written.
pub fn story(entries: &[Entry]) -> Story {
    let mut story = Story::default();
    entries.iter().for_each(|entry| story.add(entry));
    story
}

/// Half of the reverse proxies fail after 65 minutes; wyatt rolls back. Later a slow upstream goes
/// unnoticed.
pub fn proxy_outage() -> (Header, Vec<Entry>) {
    let mut entries = vec![
        entry(30.0, reading(0.0, 2)),
        entry(3900.0, fault("outage-reverse-proxy", true, true, "half of reverse-proxy refuses")),
        entry(3900.0, fault("unreachable-james", true, false, "james answers nobody")),
        entry(3930.0, alert("ErrorSpike", AlertState::Pending, 3920.0, 0.31, 0)),
        entry(3930.0, reading(3900.0, 150)),
        entry(3950.0, alert("SlowPages", AlertState::Pending, 3930.0, 0.14, 0)),
        entry(3990.0, alert("SlowPages", AlertState::Cleared, 3970.0, 0.08, 40)),
        entry(4060.0, alert("ErrorSpike", AlertState::Firing, 4040.0, 0.478_261, 120)),
        entry(4060.0, incident(IncidentState::Opened, None)),
        entry(4060.0, play(PlayStep::Opened, None, "ErrorSpike fired")),
    ];
    entries.extend(response());
    entries.extend(ending());
    entries.extend(course::phases());
    entries.sort_by_key(|entry| entry.at);
    for (position, entry) in entries.iter_mut().enumerate() {
        entry.seq = position as u64 + 1;
    }
    (header(), entries)
}

fn response() -> Vec<Entry> {
    let page = "page ops";
    vec![
        entry(4060.0, ask(1, "wyatt", "ops", Some("email"), page)),
        entry(4180.0, ask(2, "wyatt", "ops", Some("slack"), page)),
        entry(4230.0, answer(2, "wyatt", "ops", Some("slack"), page, "yes", 4180.0)),
        entry(4230.0, ask(3, "wyatt", "ops", None, "declare")),
        entry(4350.0, answer(3, "wyatt", "ops", None, "declare", "yes", 4230.0)),
        entry(4350.0, ask(4, "wyatt", "ops", None, "triage")),
        entry(4500.0, answer(1, "wyatt", "ops", Some("email"), page, "yes", 4060.0)),
        entry(4830.0, answer(4, "wyatt", "ops", None, "triage", "reverse-proxy-update", 4350.0)),
        entry(4830.0, ask(5, "chris", "decider", Some("email"), "reverse-proxy-update?")),
        entry(
            5000.0,
            answer(5, "chris", "decider", Some("email"), "reverse-proxy-update?", "yes", 4830.0),
        ),
        entry(
            5000.0,
            Event::Tell {
                incident: Some(0),
                from: Some("wyatt".into()),
                audience: "oit".into(),
                to: vec!["josh".into()],
                text: "heads-up".into(),
                evidence: Evidence::Simulated,
            },
        ),
        entry(5000.0, change(ChangeStage::Ordered)),
        entry(5010.5, change(ChangeStage::Deploying)),
        entry(5190.5, change(ChangeStage::Deployed)),
        entry(5190.5, change(ChangeStage::Live)),
        entry(5190.5, fault("outage-reverse-proxy", false, true, "half of reverse-proxy refuses")),
    ]
}

fn segment(kind: ScopeKind, name: &str, failed: u64, seconds: u64) -> SegmentRow {
    let lost = Span::from_secs(seconds);
    let affected = UsersAffected { failed, ..UsersAffected::default() };
    SegmentRow { kind, name: name.into(), affected, lost }
}

/// Two rules that fired or nearly did, and one that nothing was ever read for.
fn rules() -> Vec<RuleTicks> {
    let ticks =
        |alert: &str, kind: ScopeKind, scope: &str, closest: Option<(f64, f64, f64)>| RuleTicks {
            rule: alert.into(),
            scope: NamedScope { kind, name: scope.into() },
            readings: 1_080,
            judged: if closest.is_some() { 1_079 } else { 0 },
            closest: closest.map(|(tick, value, threshold)| {
                let tick = at(tick);
                Closest { tick, value, threshold }
            }),
        };
    vec![
        ticks("ErrorSpike", ScopeKind::Site, "site", Some((4100.0, 0.5, 0.01))),
        ticks("SlowPages", ScopeKind::Site, "site", None),
    ]
}

fn ending() -> Vec<Entry> {
    let finding = FindingRow::new(
        FindingKind::Unused,
        Severity::Low,
        "nobody watches the cycling of instances".into(),
    );
    let totals = Totals {
        site: SiteTotals {
            visits: 14_950,
            users: 10_412,
            affected: UsersAffected { failed: 1_288, ..UsersAffected::default() },
            lost: Span::from_secs(371_220),
            requests: RequestLedger {
                generated: 118_204,
                ok: 110_980,
                failed: 6_911,
                abandoned: 302,
                ..RequestLedger::default()
            },
            in_flight: 11,
            held_back: Default::default(),
            kept: 0,
            events: 1_400_000,
        },
        interrupted: false,
        segments: vec![segment(ScopeKind::Browser, "ie11", 1_288, 371_220)],
        rules: rules(),
        incidents: vec![IncidentRequests { incident: 0, requests: 13_822, bad: 6_911, page: 0 }],
    };
    let missing =
        Event::Reading { from: at(5390.0), to: at(5400.0), missing: true, scopes: Vec::new() };
    let expect = |text: &str, met, observed: &str| ExpectEntry {
        text: text.into(),
        verdict: if met { Verdict::Met } else { Verdict::Missed },
        observed: observed.into(),
    };
    vec![
        entry(5420.0, missing),
        entry(5440.0, alert("ErrorSpike", AlertState::Resolved, 5420.0, 0.0, 1380)),
        entry(5440.0, incident(IncidentState::Recovered, Some(5360.0))),
        entry(5440.0, Event::Attempt(Box::new(attempt()))),
        entry(7500.0, fault("unreachable-james", false, false, "james answers nobody")),
        entry(7800.0, fault("slow-evss", true, true, "evss takes 8s longer")),
        entry(7830.0, reading(7800.0, 1)),
        entry(9000.0, fault("slow-evss", false, true, "evss takes 8s longer")),
        entry(9030.0, reading(9000.0, 0)),
        entry(10_800.0, Event::Criterion(Box::new(criterion()))),
        entry(10_800.0, Event::Expect(expect("detected < 5m", true, "detected after 2m 40s"))),
        entry(10_800.0, Event::Expect(expect("recovered < 20m", false, "recovered after 24m 20s"))),
        entry(10_800.0, Event::Finding(finding)),
        entry(10_800.0, Event::End(Box::new(totals))),
    ]
}

const STARTS: &str = "2018-11-07T17:00:00-05:00[America/New_York]";

fn rule(alert: &str, text: &str, seconds: u64, play: Option<&str>) -> RuleRow {
    let slow = alert == "SlowPages";
    RuleRow {
        alert: alert.into(),
        text: text.into(),
        severity: Some("SEV-1".into()),
        hold: Some(Span::from_secs(seconds)),
        measure: if slow { MeasureKind::SlowShare } else { MeasureKind::ErrorRate },
        below: false,
        play: play.map(String::from),
    }
}

fn header() -> Header {
    let change = |change: &str, paper: &str, min: Option<u64>, max, named| ChangeRow {
        change: change.into(),
        paper: paper.into(),
        min: min.map(Span::from_secs),
        max: Span::from_secs(max),
        named,
    };
    let text = "aws-tam is \"?\": nobody is named yet";
    let unnamed = FindingRow::new(FindingKind::Unnamed, Severity::Medium, text.into());
    let held = |name: &str, role: &str| (name.to_string(), HeldRoles::new([role]));
    let said = |name: &str, text: &str| (name.to_string(), FaultSentence::from(text.to_string()));
    Header {
        journal: VERSION,
        program: "0.1.0".into(),
        run_id: "5eedf00d".into(),
        scenario_hash: "cafe".into(),
        scenario: "Half the reverse proxies fail an hour after launch".into(),
        mode: RunMode::Simulated,
        rehearsal: None,
        seed: 20_181_107,
        trial: 0,
        calendar: Calendar::new(STARTS.parse().expect("a moment")),
        lasts: Span::from_secs(10_800),
        every: Span::from_secs(10),
        delay: Span::from_secs(20),
        slow_limit: Span::from_secs(3),
        scopes: vec![
            (ScopeKind::Site, "site".to_string()),
            (ScopeKind::Browser, "ie11".to_string()),
        ],
        rules: vec![
            rule("ErrorSpike", "error_rate > 3x baseline", 120, Some("rollback")),
            rule("SlowPages", "latency > 3s for 10% of traffic", 60, Some("rollback")),
            rule("NoTraffic", "requests < 1/m", 300, None),
        ],
        changes: vec![
            change("content-fix", "<5m", None, 300, false),
            change("reverse-proxy-update", "3m", Some(180), 180, true),
            change("reverse-proxy-rebuild", "16m", Some(960), 960, true),
        ],
        people: vec![held("chris", "decider"), held("wyatt", "ops"), held("josh", "oit")],
        faults: vec![
            said("outage-reverse-proxy", "half of reverse-proxy refuses"),
            said("slow-evss", "evss takes 8s longer"),
        ],
        plays: vec!["rollback".into(), "maintenance".into()],
        baseline_error_rate: Some(0.000_13),
        findings: vec![FindingRow { line: Some(71), ..unnamed }],
        plan: serde_json::json!({"seed": 20_181_107}),
        inputs: vec![InputRow {
            path: "rules.0.expr".into(),
            value: "error_rate > 3x baseline".into(),
            from: WrittenAt::Line(60),
            basis: Some(Basis::Assumed),
            note: "the launch plan leaves its X's open".into(),
        }],
        crew: None,
        actual: None,
        limits: Vec::new(),
    }
}

fn entry(seconds: f64, event: Event) -> Entry {
    Entry { seq: 0, at: at(seconds), event }
}

fn fault(fault: &str, begins: bool, site: bool, text: &str) -> Event {
    Event::Fault { fault: fault.into(), begins, site, text: text.into() }
}

fn reading(from: f64, failed: u64) -> Event {
    let site = ScopeRow {
        ok: 300,
        failed,
        abandoned: 3,
        slow: 5,
        p50: Some(14.1),
        p90: Some(61.7),
        p95: Some(412.0),
        p99: Some(3_187.7),
        ..ScopeRow::default()
    };
    let scopes = vec![site, ScopeRow::default()];
    Event::Reading { from: at(from), to: at(from + 10.0), missing: false, scopes }
}

fn alert(alert: &str, state: AlertState, tick: f64, value: f64, held: u64) -> Event {
    let slow = alert == "SlowPages";
    let (threshold, bound_by) = if slow { (0.1, BoundBy::Fixed) } else { (0.01, BoundBy::Floor) };
    let cause = Some(Cause::Fault("outage-reverse-proxy".into()));
    Event::Alert(AlertEntry {
        rule: alert.into(),
        scope: NamedScope::site(),
        state,
        at: at(tick),
        value: Some(value),
        threshold: Some(threshold),
        bound_by,
        baseline: if slow { None } else { Some(0.000_13) },
        n: 1_794,
        held: Span::from_secs(held),
        incident: (alert == "ErrorSpike" && state != AlertState::Pending).then_some(0),
        attribution: Attribution { cause, cause_at: Some(at(3900.0)) },
    })
}

fn incident(state: IncidentState, since: Option<f64>) -> Event {
    Event::Incident { incident: 0, state, rule: Some("ErrorSpike".into()), since: since.map(at) }
}

fn play(step: PlayStep, actor: Option<&str>, text: &str) -> Event {
    Event::Play {
        incident: Some(0),
        play: Some("rollback".into()),
        step,
        actor: actor.map(String::from),
        channel: None,
        text: text.into(),
    }
}

fn ask(ask: u32, person: &str, role: &str, channel: Option<&str>, question: &str) -> Event {
    Event::Ask {
        ask,
        incident: Some(0),
        person: person.into(),
        role: role.into(),
        channel: channel.map(String::from),
        question: question.into(),
        until: None,
    }
}

fn answer(
    ask: u32,
    person: &str,
    role: &str,
    channel: Option<&str>,
    question: &str,
    reply: &str,
    asked_at: f64,
) -> Event {
    Event::Answer {
        ask,
        incident: Some(0),
        person: person.into(),
        role: role.into(),
        channel: channel.map(String::from),
        question: question.into(),
        reply: reply.into(),
        asked_at: at(asked_at),
        late: ask == 1,
        evidence: Evidence::Simulated,
    }
}

fn change(stage: ChangeStage) -> Event {
    Event::Change {
        change: "reverse-proxy-update".into(),
        stage,
        by: Some("wyatt".into()),
        incident: Some(0),
        play: Some("rollback".into()),
        pipeline: Some("proxy".into()),
        text: String::new(),
        evidence: Evidence::Simulated,
    }
}

fn attempt() -> AttemptEntry {
    AttemptEntry {
        incident: 0,
        play: Some("rollback".into()),
        number: 1,
        change: Some("reverse-proxy-update".into()),
        cause: "ErrorSpike".into(),
        start: KnownStart { fault: Some("outage-reverse-proxy".into()), started_at: at(3900.0) },
        reached: Milestones {
            opened_at: None,
            alerted_at: Some(at(4060.0)),
            acknowledged_at: Some(at(4230.0)),
            declared_at: Some(at(4350.0)),
            chosen_at: Some(at(4830.0)),
            decided_at: Some(at(5000.0)),
            ordered_at: Some(at(5000.0)),
            deploying_at: Some(at(5010.5)),
            deployed_at: Some(at(5190.5)),
            live_at: Some(at(5190.5)),
        },
        ended_at: at(5360.0),
        outcome: AttemptOutcome::Recovered,
        responder: Some("wyatt".into()),
        channel: Some("slack".into()),
        decider: Some("chris".into()),
        measured: Vec::new(),
    }
}

fn criterion() -> JudgedRow {
    JudgedRow {
        row: CriterionRow::Criterion,
        criterion: "beta users".into(),
        required: "users >= 5000".into(),
        observed: Some(10_412.0),
        unit: CriterionUnit::Users,
        margin: Some(5_412.0),
        status: CriterionStatus::Open,
        evidence: CriterionEvidence::Simulated,
        source: "this run".into(),
        as_of: None,
        owner: None,
        caveat: "a forecast; asks for measured users".into(),
        decided_by: None,
        decided_at: None,
    }
}
