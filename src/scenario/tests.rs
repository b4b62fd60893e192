//! Whole scenarios: the example of the language, and what is said of broken ones.

use super::*;
use crate::decision::{
    ChangeChoice, Compare, Condition, Hold, LaunchTime, Measure, Step, Threshold,
};
use crate::fault::{FaultKind, FaultStart, FaultTarget, InstanceSelector};
use crate::journal::{Basis, FindingKind};
use crate::names::{ChangeId, EndpointId, HeldRoles, PersonId, StepId, TierId};
use crate::traffic::VisitorFilter;
use crate::units::{Ratio, Span, Time};

mod broken;
mod counted;
mod launch_day;
mod reuse;

pub(super) const EXAMPLE: &str = include_str!("../../tests/data/example.yaml");

fn source(text: &str) -> SourceText {
    SourceText::file("example.yaml", text)
}

fn example() -> Plan {
    let loaded = load(&source(EXAMPLE), &[]);
    loaded.unwrap_or_else(|problems| panic!("{}", problems.render(false))).plan
}

fn minutes(n: u64) -> Span {
    Span::MINUTE * n
}

#[test]
fn the_example_is_understood() {
    let plan = example();
    assert_eq!(plan.lasts, minutes(180));
    assert_eq!(plan.traffic.mixes.account[0].0, [1.0, 0.0, 0.0]);
    assert_eq!(plan.traffic.mixes.account[3].0, [0.0, 0.65, 0.35]);
    assert!(plan.traffic.tools[2].login_required);
    assert_eq!(plan.site.tiers[1].instances, 3);
    assert_eq!(plan.site.tiers[1].queue, 128);
    assert_eq!(plan.site.endpoints[2].path, [0, 3, 4, 5].map(TierId));
    let page = EndpointId(0).index();
    assert_eq!(plan.site.calls[page][3].timeout, Span::from_secs(15));
    assert_eq!(plan.site.calls[page][0].timeout, Span::from_secs(60));
    assert!(plan.site.calls[2][3].breaker.is_some() && plan.site.calls[1][3].breaker.is_none());
    let changes = &plan.playbook.changes;
    assert_eq!(changes.changes[3].paper, "~4m");
    assert_eq!(changes.freezes[0].from..changes.freezes[0].to, Time::ZERO..Time(minutes(180).0));
    let duty = &plan.playbook.roster.people[0].on_duty;
    assert_eq!(duty[..], [(Time::ZERO, Time(minutes(180).0))]);
    assert!(plan.playbook.roster.people[6].unnamed);
    assert_eq!(plan.playbook.roster.escalations[0].people, [3, 2].map(PersonId));
}

#[test]
fn the_rules_of_the_example_are_understood() {
    let rules = example().playbook.rules;
    let multiple = Threshold::Baseline { multiple: 3.0, floor: Some(0.01) };
    let above = Condition { compare: Compare::Above, threshold: multiple };
    assert_eq!((rules[0].breach, rules[0].hold), (Some(above), Hold::For(minutes(2))));
    assert_eq!(rules[1].measure, Measure::SlowerThan(Span::from_secs(3)));
    assert_eq!((rules[3].window, rules[3].min_requests), (minutes(5), 50));
    assert_eq!((rules[4].window, rules[4].min_requests), (minutes(1), 0));
}

#[test]
fn the_plays_of_the_example_are_understood() {
    let plays = example().playbook.plays;
    let Step::Ask(ask) = &plays[0].steps[3] else { panic!("{:?}", plays[0].steps[3]) };
    let each = ask.people.iter().map(|(_, each)| *each).collect::<Vec<_>>();
    assert_eq!((each[0], ask.agrees), (Span::from_secs(200), Ratio(0.95)));
    assert_eq!(plays[0].steps[5], Step::Change(ChangeChoice::ByDiagnosis));
    let Step::Ask(ask) = &plays[2].steps[1] else { panic!("{:?}", plays[2].steps[1]) };
    assert_eq!((ask.by.len(), ask.agrees), (3, Ratio(1.0)));
    assert_eq!(plays[2].steps[2], Step::Change(ChangeChoice::This(ChangeId(10))));
}

#[test]
fn findings_name_what_is_open() {
    let plan = example();
    let named: Vec<_> = plan.findings.iter().map(|f| (f.row.kind.word(), f.row.line)).collect();
    assert!(named.contains(&("unnamed", Some(65))), "{named:?}");
    assert!(named.contains(&("untimed", Some(96))), "{named:?}");
    let slow = plan.inputs.iter().find(|input| input.path == "faults.1").expect("told");
    assert_eq!(
        (&*slow.from.to_string(), slow.basis),
        ("line 44", Some(Basis::Assumed)),
        "{slow:?}"
    );
}

#[test]
fn every_verb_of_a_fault_is_understood() {
    let faults = "[{at: 1m, outage: content, count: 1, mode: hang}, {at: 1m, slow: page, \
                  times: 3, only: {browser: [ie11, chrome]}}, \
                  {at: \"18:05\", failing: evss, errors: 5%}, \
                  {at: 1m, lost-servers: vets-api, share: 25%}, {at: 1m, lost-zone: a}, \
                  {at: 1m, surge: visits, times: 3}, {at: 1m, surge: claims, times: 1.5}, \
                  {with: frontend-rebuild, bad-release: page, errors: 40%, \
                  until: frontend-revert}, \
                  {at: 1m, unreachable: ed}, {at: 1m, blind: telemetry, for: 5m}, \
                  {at: 1m, blocked: backend}, {at: 2m, blocked: backend}]";
    let plan = set(&[("faults", faults)]).unwrap_or_else(|p| panic!("{}", p.render(false))).plan;
    let kinds = plan.faults.iter().map(|fault| &fault.kind).collect::<Vec<_>>();
    let browsers = VisitorFilter([vec![0, 2], vec![], vec![], vec![]]);
    assert!(matches!(kinds[0], FaultKind::Outage { which: InstanceSelector::Count(1), .. }));
    assert!(matches!(kinds[1], FaultKind::Slow { only, times: 3.0, .. } if *only == browsers));
    assert!(matches!(kinds[6], FaultKind::Surge { tool: Some(_), times: 1.5, .. }));
    assert!(matches!(kinds[7], FaultKind::BadRelease { target: FaultTarget::Endpoint(_), .. }));
    assert_eq!(plan.faults[2].start, FaultStart::At(Time(minutes(65).0)));
    assert_eq!(plan.faults[7].start, FaultStart::With(ChangeId(2)));
    assert_eq!(plan.names.faults.last().map(String::as_str), Some("blocked backend (2)"));
}

#[test]
fn the_day_profile_lies_along_the_calendar() {
    let hours = (0..24).map(|hour| hour.to_string()).collect::<Vec<_>>().join(", ");
    let plan = set(&[("traffic.by_hour", &format!("[{hours}]"))]).expect("loads").plan;
    let hour = |n: u64| Time(minutes(60 * n).0);
    assert_eq!(plan.traffic.curve.profile, [(hour(0), 17.0), (hour(1), 18.0), (hour(2), 19.0)]);
}

#[test]
fn what_the_launch_plan_leaves_open_is_found() {
    let plan = set(&[
        ("rules.1.expr", "latency > ? for ? for ? of traffic"),
        ("rules.1", "{alert: SlowPages, expr: latency > ? for ? for ? of traffic}"),
        ("escalation.ops.try", "[aws-tam, wyatt]"),
        ("plays.stuck.steps.1.ask", "aws-tam"),
        ("changes.backend-revert.takes", "\"?\""),
    ]);
    let plan = plan.unwrap_or_else(|problems| panic!("{}", problems.render(false))).plan;
    assert_eq!(plan.playbook.rules[1].breach, None);
    let texts: Vec<_> = plan.findings.iter().map(|finding| finding.row.text.as_str()).collect();
    for text in [
        "rule SlowPages is not filled in: latency > ? for ? for ? of traffic",
        "escalation ops needs aws-tam, which nobody is assigned to",
        "aws-tam is asked, but nobody is assigned to it: it will stall",
        "nobody knows how long backend-revert takes",
    ] {
        assert!(texts.contains(&text), "{text} is not among {texts:#?}");
    }
}

#[test]
fn launch_steps_follow_each_other() {
    let launch = "[{at: \"17:30\", change: launch-switch, by: merge, step: flip}, \
                  {after: launch-switch, tell: comms, to: everyone}, \
                  {at: \"?\", change: page-off}, {after: page-off, tell: oit}]";
    let plan = set(&[("launch", launch)]).expect("loads").plan;
    let times: Vec<_> = plan.playbook.launch.iter().map(|step| step.at).collect();
    let half_past = LaunchTime::At(Time(minutes(30).0));
    let after = |step| LaunchTime::After(StepId(step), Span::ZERO);
    assert_eq!(times, [Some(half_past), Some(after(0)), None, Some(after(2))]);
    let untimed = plan.findings.iter().filter(|finding| finding.row.kind == FindingKind::Untimed);
    assert_eq!(untimed.count(), 2);
}

#[test]
fn the_run_id_depends_on_plan_seed_and_trial_only() {
    let plan = example();
    let id = header(&plan, 0, 1).run_id;
    assert_eq!(id.len(), 16);
    assert_ne!(id, header(&plan, 1, 1).run_id);
    assert_ne!(id, header(&plan, 0, 2).run_id);
    let commented = load(&source(&format!("# a comment\n{EXAMPLE}")), &[]).expect("loads").plan;
    assert_eq!(id, header(&commented, 0, 1).run_id);
    let longer = set(&[("lasts", "4h")]).expect("loads").plan;
    assert_ne!(id, header(&longer, 0, 1).run_id);
}

#[test]
fn the_header_says_what_reports_need() {
    let header = header(&example(), 0, 1);
    assert_eq!(header.calendar.starts().to_string(), "2018-11-07T17:00:00-05:00[America/New_York]");
    assert_eq!(header.rules[0].play.as_deref(), Some("rollback"));
    assert!(header.rules[4].below);
    assert_eq!(header.faults[1].1.to_string(), "evss takes 8s more, from 19:10:00, for 20m");
    assert!(header.changes[6].named && !header.changes[0].named);
    assert_eq!(header.people[0], ("chris".to_string(), HeldRoles::new(["decider"])));
}

#[test]
fn marks_and_line_ends_of_windows_change_nothing() {
    let windows = format!("\u{feff}{}", EXAMPLE.replace('\n', "\r\n"));
    assert_eq!(load(&source(&windows), &[]).expect("loads").plan, example());
}

#[test]
fn every_key_is_documented() {
    fn check(keys: Vec<KeyDoc>, depth: usize) -> usize {
        assert!(depth < 10);
        let each = |key: KeyDoc| {
            assert!(!key.doc.trim().is_empty() && !key.kind.is_empty(), "{}", key.key);
            1 + check((key.keys)(), depth + 1)
        };
        keys.into_iter().map(each).sum()
    }
    assert!(check(keys(), 0) > 120);
}

fn set(sets: &[(&str, &str)]) -> Result<LoadedPlan, Problems> {
    let sets: Vec<_> = sets.iter().map(|(path, v)| (path.to_string(), v.to_string())).collect();
    load(&source(EXAMPLE), &sets)
}

#[test]
fn values_can_be_set_from_outside() {
    let plan = set(&[
        ("lasts", "4h"),
        ("site.tiers.content.queue", "7"),
        ("faults.1.by", "9s"),
        ("traffic.mix.login", "{none: 50%, id.me: 50%}"),
        ("changes.reverse-proxy-update.takes", "6m"),
    ]);
    let plan = plan.unwrap_or_else(|problems| panic!("{}", problems.render(false))).plan;
    assert_eq!((plan.lasts, plan.site.tiers[1].queue), (minutes(240), 7));
    assert_eq!(plan.playbook.changes.changes[6].paper, "6m");
    assert_eq!(plan.names.categories[1].len(), 2);
    let plan = set(&[("traffic.mix.login.id.me", "20%"), ("traffic.mix.login.none", "65%")]);
    assert_eq!(plan.expect("loads").plan.traffic.mixes.login.0[2], 0.2);
}

#[test]
fn what_cannot_be_set_is_said() {
    let message = |path: &str, value: &str| {
        let problems = set(&[(path, value)]).expect_err("refused");
        problems.render(false).lines().take(2).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(message("lasts", "4"), "error: `4` is not a duration  --> --set lasts:1:1");
    assert_eq!(message("sight.tiers", "4"), "error: there is no key `sight` --> --set sight.tiers");
    assert_eq!(
        message("faults.9.by", "1s"),
        "error: `9` is not a position in this list --> --set faults.9.by"
    );
    assert_eq!(
        message("lasts", "[4"),
        "error: this is not YAML: unclosed bracket '['  --> --set lasts:1:1"
    );
    assert_eq!(
        message("site.colour", "4"),
        "error: there is no key `colour` --> --set site.colour"
    );
}

#[test]
fn a_value_is_found_by_name_and_a_slip_is_no_addition() {
    let hint = |path: &str, value: &str| {
        let problems = set(&[(path, value)]).expect_err("refused").render(false);
        problems.lines().last().unwrap_or_default().trim_start_matches(" = hint: ").to_string()
    };
    let near = "did you mean `content-fix`? --set +changes.content-fx=… adds it";
    assert_eq!(hint("changes.content-fx", "9m"), near);
    assert_eq!(hint("rules.ErrorSpik.for", "3m"), "did you mean `ErrorSpike`?");
    assert_eq!(hint("traffic.patience.x", "3m"), "set all of it: --set traffic.patience=…");
    let slack = "--set +people.chris.channels.slack=… adds it";
    assert_eq!(hint("people.chris.channels.slack.answers", "0%"), slack);

    let plan = |path: &str, value: &str| set(&[(path, value)]).expect("a scenario").plan;
    let by_position = plan("rules.0.for", "7m");
    assert_eq!(plan("rules.ErrorSpike.for", "7m").playbook, by_position.playbook);
    let spelt_out = plan("changes.content-fix.takes", "7m");
    assert_eq!(plan("changes.content-fix", "7m").playbook, spelt_out.playbook);
    let more = plan("+people.mina", "{role: ops}");
    assert_eq!(more.names.people.len(), example().names.people.len() + 1);
    let own = plan("+people.chris.channels.slack", "{answers: 0%, after: 1m}");
    assert_ne!(own.playbook.roster, example().playbook.roster);
}
