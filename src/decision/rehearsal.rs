//! A tiny rehearsal for the tests: a script answers, and a series of ticks plays the site.

mod attempts;
mod concurrent;
mod deciders;
mod improvised;
mod ladders;
mod planned;
mod properties;
mod silence;
mod waves;

use super::*;
use crate::change::{Change, ChangeTable, Freeze};
use crate::names::*;
use crate::people::{Channel, Escalation, Person, Roster};
use crate::telemetry::{Reading, ScopeReading};
use crate::units::{Ratio, Span, Spread, Time};

const CHRIS: PersonId = PersonId(0);
const WYATT: PersonId = PersonId(1);
const JAMES: PersonId = PersonId(2);
const ED: PersonId = PersonId(3);
const DECIDER: RoleId = RoleId(0);
const OPS: RoleId = RoleId(1);
const OIT: RoleId = RoleId(2);
const EMAIL: ChannelId = ChannelId(0);
const PHONE: ChannelId = ChannelId(1);
const PAGE_OPS: EscalationId = EscalationId(0);
const UPDATE: ChangeId = ChangeId(0);
const REBUILD: ChangeId = ChangeId(1);
const MAINTENANCE: ChangeId = ChangeId(2);
const PAGE_OFF: ChangeId = ChangeId(3);
const ROLLBACK: PlayId = PlayId(0);
const FALLBACK: PlayId = PlayId(1);
const ERRORS: RuleId = RuleId(0);
const UPSTREAM: RuleId = RuleId(1);

fn at(seconds: u64) -> Time {
    Time(Span::from_secs(seconds).0)
}

fn minutes(minutes: u64) -> Span {
    Span::MINUTE * minutes
}

fn person(role: RoleId) -> Person {
    let on_duty = vec![(Time::ZERO, Time::NEVER)];
    Person { name: None, roles: vec![role], on_duty, channels: Vec::new(), unnamed: false }
}

fn change(takes: u64) -> Change {
    Change {
        takes: Spread::Fixed(Span::from_secs(takes)),
        paper: format!("{takes}s"),
        propagate: None,
        rolls: false,
        admits: None,
        fails: Ratio(0.0),
        pipeline: None,
        maintenance: false,
        ends: Vec::new(),
        add: Vec::new(),
        takes_out: Vec::new(),
        routes: Vec::new(),
    }
}

/// A rule that fires at the second breach in a row and resolves at the second ok tick.
fn rule(scope: Scope) -> Rule {
    let above = Condition { compare: Compare::Above, threshold: Threshold::Fixed(0.05) };
    Rule {
        text: "error_rate > 5%".into(),
        measure: Measure::ErrorRate,
        breach: Some(above),
        resolve: None,
        resolve_limit: None,
        scope,
        by: None,
        window: Span::from_secs(10),
        hold: Hold::For(Span::from_secs(10)),
        keep_firing_for: Span::from_secs(10),
        no_data_for: minutes(3),
        min_requests: 20,
        ..Rule::noticed_by("")
    }
}

fn ask_decider(refused: Instead) -> Step {
    let (people, by) = (vec![(CHRIS, minutes(1))], vec![EMAIL, PHONE]);
    Step::Ask(AskStep { refused, ..asking(Some(DECIDER), people, by) })
}

/// A question to these people in turn.
fn asking(role: Option<RoleId>, people: Vec<(PersonId, Span)>, by: Vec<ChannelId>) -> AskStep {
    AskStep {
        approved: None,
        role,
        people,
        by,
        rounds: 1,
        within: None,
        agrees: Ratio(1.0),
        others: Vec::new(),
        takes: None,
        silent: None,
        refused: Instead::Stop,
    }
}

fn tell(role: RoleId, every: Option<Span>) -> Step {
    Step::Tell(TellStep { from: None, to: Audience::Role(role), every, note: None })
}

fn diagnose() -> Step {
    let among = vec![(UPDATE, Ratio(0.6)), (REBUILD, Ratio(0.4))];
    Step::Diagnose { takes: Spread::Fixed(minutes(5)), again: None, among }
}

fn names() -> Names {
    let set = |words: &[&str]| words.iter().map(|word| word.to_string()).collect();
    Names {
        tiers: set(&["evss"]),
        rules: set(&["ErrorSpike", "Upstream"]),
        plays: set(&["rollback", "maintenance", "third", "fourth"]),
        people: set(&["chris", "wyatt", "james", "ed"]),
        roles: set(&["decider", "ops", "oit"]),
        channels: set(&["email", "phone"]),
        escalations: set(&["ops"]),
        changes: set(&["update", "rebuild", "maintenance-page", "page-off"]),
        ..Names::default()
    }
}

/// Two rules (site and tier), a rollback with everything in it, a maintenance page to fall back
/// on, and four people.
fn playbook() -> Playbook {
    let full = vec![
        Step::Page(PAGE_OPS),
        Step::Declare(Spread::Fixed(minutes(1))),
        diagnose(),
        ask_decider(Instead::Stop),
        tell(OIT, None),
        Step::Change(ChangeChoice::ByDiagnosis),
    ];
    let (verify, when) = (Some(minutes(6)), vec![Trigger::Fires(ERRORS)]);
    let rollback = Play { when, steps: full, verify, otherwise: Some(FALLBACK) };
    let steps = vec![Step::Change(ChangeChoice::This(MAINTENANCE)), tell(OIT, None)];
    let fallback = Play { when: Vec::new(), steps, verify: None, otherwise: None };
    let channel = Channel { answers: Ratio(1.0), after: Spread::Fixed(Span::MINUTE) };
    let people = vec![WYATT, JAMES];
    let by = vec![EMAIL, PHONE];
    let each = minutes(2);
    Playbook {
        rules: vec![rule(Scope::Site), rule(Scope::Tier(TierId(0)))],
        plays: vec![rollback, fallback],
        roster: Roster {
            people: vec![person(DECIDER), person(OPS), person(OPS), person(OIT)],
            channels: vec![channel; 2],
            escalations: vec![Escalation { people, by, each, rounds: 2 }],
        },
        changes: ChangeTable {
            changes: vec![
                change(180),
                change(960),
                Change { maintenance: true, ..change(180) },
                Change { ends: vec![MAINTENANCE], ..change(180) },
            ],
            freezes: Vec::new(),
        },
        every: Span::from_secs(10),
        ..Playbook::default()
    }
}

/// Who answers what, and after how many seconds; `None`: no answer.
type Script<'a> = dyn Fn(&Ask) -> Option<(u64, Reply)> + 'a;

/// Everybody agrees: pages in 60 s, declares in 60 s, chooses the update in 300 s, decides in 30.
fn willing(ask: &Ask) -> Option<(u64, Reply)> {
    Some(match ask.question {
        Question::Page { .. } => (60, Reply::Yes),
        Question::Declare { .. } => (60, Reply::Yes),
        Question::Work { .. } => (120, Reply::Yes),
        Question::Diagnose { .. } => (300, Reply::Choice(UPDATE)),
        Question::Decide { .. } => (30, Reply::Yes),
    })
}

/// What is still to come, in the order in which it was arranged.
enum Scheduled {
    Answer(AskId, Reply),
    Stage(ChangeId, ChangeEnd),
}

/// What was said, and when.
#[derive(Debug, Default, PartialEq)]
struct Record {
    outputs: Vec<(u64, Output)>,
}

/// Plays a day of this many seconds. `site` and `tier` say when errors are above the thresholds; a
/// change fails where `fails` says so.
struct Day<'a> {
    playbook: &'a Playbook,
    script: &'a Script<'a>,
    site: &'a dyn Fn(u64) -> bool,
    tier: &'a dyn Fn(u64) -> bool,
    fails: &'a [ChangeId],
    /// Wake it every second, not only when it asks for it.
    eager: bool,
    by_hand: &'a [(u64, ImprovisedAct)],
    lasts: u64,
}

impl<'a> Day<'a> {
    /// A day of two hours on which the site breaks at 100 s and is well from `until` on.
    fn new(
        playbook: &'a Playbook,
        script: &'a Script<'a>,
        site: &'a dyn Fn(u64) -> bool,
    ) -> Day<'a> {
        let (tier, by_hand) = (&|_| false, &[]);
        Day { playbook, script, site, tier, fails: &[], eager: true, by_hand, lasts: 7200 }
    }

    fn rehearse(&self) -> Record {
        let names = names();
        let mut monitor = Monitor::new(self.playbook, &names);
        let mut record = Record::default();
        let mut coming: Vec<(Time, Scheduled)> = Vec::new();
        for second in 0..=self.lasts {
            let now = at(second);
            if second > 0 && second % 10 == 0 {
                monitor.observe(now, &self.reading(second));
            }
            while let Some(next) = coming.iter().position(|(due, _)| *due <= now) {
                match coming.remove(next).1 {
                    Scheduled::Answer(ask, reply) => {
                        monitor.answered(now, ask, reply);
                    }
                    Scheduled::Stage(change, end) => monitor.change_ended(now, change, end),
                }
                self.take(now, &mut monitor, &mut coming, &mut record);
            }
            for (_, what) in self.by_hand.iter().filter(|(at, _)| *at == second) {
                monitor.improvise(now, *what);
                self.take(now, &mut monitor, &mut coming, &mut record);
            }
            if self.eager || monitor.wake_at().is_some_and(|due| due <= now) {
                monitor.wake(now);
            }
            self.take(now, &mut monitor, &mut coming, &mut record);
        }
        monitor.finish(at(self.lasts));
        self.take(at(self.lasts), &mut monitor, &mut coming, &mut record);
        record
    }

    fn reading(&self, second: u64) -> Reading {
        let scope = |broken: bool| {
            let failed = if broken { 50 } else { 0 };
            ScopeReading { ok: 100, failed, ..ScopeReading::default() }
        };
        let seen = second - 10;
        let scopes = vec![scope((self.site)(seen)), scope((self.tier)(seen))];
        Reading::new(at(seen), at(second), scopes)
    }

    fn take(
        &self,
        now: Time,
        monitor: &mut Monitor<'_>,
        coming: &mut Vec<(Time, Scheduled)>,
        record: &mut Record,
    ) {
        while let Some(output) = monitor.next_output() {
            match &output {
                Output::Order(Order::Ask(ask)) => {
                    let reply = (self.script)(ask);
                    coming.extend(reply.map(|(after, reply)| {
                        (now + Span::from_secs(after), Scheduled::Answer(ask.id, reply))
                    }));
                }
                Output::Order(Order::Start { change, .. }) => {
                    let takes = self.playbook.changes.changes[change.index()].takes.mean();
                    let failed = self.fails.contains(change);
                    let last = if failed { ChangeEnd::Failed } else { ChangeEnd::Propagate };
                    let done = now + takes;
                    let mut stage = |due, end| coming.push((due, Scheduled::Stage(*change, end)));
                    stage(now, ChangeEnd::Queue);
                    stage(done, ChangeEnd::Deploy);
                    stage(done, last);
                }
                _ => {}
            }
            record.outputs.push((now.0 / 1_000_000_000, output));
        }
    }
}

impl Record {
    fn attempts(&self) -> Vec<&Attempt> {
        let events = self.events();
        let attempts = events.into_iter().filter_map(|(_, event)| match event {
            PlayEvent::AttemptEnded(attempt) => Some(attempt.as_ref()),
            _ => None,
        });
        attempts.collect()
    }

    /// What was under way in an incident, in order.
    fn phases(&self, incident: IncidentId) -> Vec<&PhaseSpan> {
        let events = self.events().into_iter();
        let spans = events.filter_map(|(_, event)| match event {
            PlayEvent::PhaseEnded(span) if span.incident == incident => Some(span),
            _ => None,
        });
        spans.collect()
    }

    /// The same of the first incident, as words with their ends in seconds.
    fn words(&self) -> Vec<(&'static str, u64)> {
        let spans = self.phases(IncidentId(0)).into_iter();
        spans.map(|span| (span.phase.word(), span.until.0 / 1_000_000_000)).collect()
    }

    fn events(&self) -> Vec<(u64, &PlayEvent)> {
        let events = self.outputs.iter().filter_map(|(at, output)| match output {
            Output::Play(event) => Some((*at, event)),
            _ => None,
        });
        events.collect()
    }

    /// Everybody who was asked, when, and by which channel.
    fn asks(&self) -> Vec<(u64, &Ask)> {
        let asks = self.outputs.iter().filter_map(|(at, output)| match output {
            Output::Order(Order::Ask(ask)) => Some((*at, ask)),
            _ => None,
        });
        asks.collect()
    }

    fn pages(&self) -> Vec<(u64, PersonId, ChannelId)> {
        let pages = self.asks().into_iter();
        let pages = pages.filter(|(_, ask)| matches!(ask.question, Question::Page { .. }));
        pages.map(|(at, ask)| (at, ask.person, ask.channel.expect("a channel"))).collect()
    }

    fn starts(&self) -> Vec<(u64, ChangeId)> {
        let starts = self.outputs.iter().filter_map(|(at, output)| match output {
            Output::Order(Order::Start { change, .. }) => Some((*at, *change)),
            _ => None,
        });
        starts.collect()
    }

    fn tells(&self) -> Vec<(u64, &Tell)> {
        let tells = self.outputs.iter().filter_map(|(at, output)| match output {
            Output::Order(Order::Tell(tell)) => Some((*at, tell)),
            _ => None,
        });
        tells.collect()
    }

    /// Number, change, outcome and end of every attempt, after checking that each begins where
    /// the one before it ended and that its times are in order.
    fn outcomes(&self) -> Vec<(u32, Option<ChangeId>, AttemptOutcome, u64)> {
        let attempts = self.attempts();
        for attempt in &attempts {
            let before = attempts.iter().find(|before| {
                before.incident == attempt.incident && before.number + 1 == attempt.number
            });
            assert_eq!(
                attempt.start.started_at,
                before.map(|before| before.ended_at),
                "{attempt:?}"
            );
            let times = [
                attempt.start.started_at,
                attempt.reached.alerted_at,
                attempt.reached.opened_at,
                attempt.reached.acknowledged_at,
                attempt.reached.declared_at,
                attempt.reached.chosen_at,
                attempt.reached.decided_at,
                attempt.reached.ordered_at,
                attempt.reached.deploying_at,
                attempt.reached.deployed_at,
                attempt.reached.live_at,
                Some(attempt.ended_at),
            ];
            assert!(times.iter().flatten().is_sorted(), "{attempt:?}");
        }
        let rows = attempts.iter();
        rows.map(|a| (a.number, a.change, a.outcome, a.ended_at.0 / 1_000_000_000)).collect()
    }
}
