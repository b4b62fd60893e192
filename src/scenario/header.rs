//! The journal's header, filled from the plan.

use crate::decision::{Compare, Hold, LaunchAction, Rule, Step};
use crate::fault::{Fault, FaultStart, Topology};
use crate::journal::{ChangeRow, Header, Rehearsal, RuleRow, RunMode, VERSION};
use crate::names::{ChangeId, HeldRoles};
use crate::scenario::faults::explain::describe;
use crate::scenario::limits::peak::limit_rows;
use crate::scenario::plan::Plan;
use siphasher::sip128::{Hasher128, SipHasher24};
use std::hash::Hasher;

/// The first line of the journal of one trial with one seed.
pub fn header(plan: &Plan, trial: u64, seed: u64) -> Header {
    let names = &plan.names;
    let value = serde_json::to_value(plan).expect("a plan is plain data");
    let all = names.scopes();
    let scopes = plan.reported_scopes().into_iter().map(|index| {
        let (kind, name) = names.scope(all[index]);
        (kind, name.to_string())
    });
    let people = plan.playbook.roster.people.iter().zip(&names.people);
    let people = people.map(|(person, name)| {
        let roles = person.roles.iter().map(|r| names.roles[r.index()].as_str());
        (name.clone(), HeldRoles::new(roles))
    });
    let faults = plan.faults.iter().zip(&names.faults);
    let faults = faults.map(|(fault, name)| (name.clone(), describe(fault, plan)));
    Header {
        journal: VERSION,
        program: env!("CARGO_PKG_VERSION").to_string(),
        run_id: RunIds::new(plan, seed).run_id(trial),
        scenario_hash: plan_hash(plan),
        scenario: plan.scenario.clone(),
        mode: RunMode::Simulated,
        rehearsal: None,
        seed,
        trial,
        calendar: plan.calendar.clone(),
        lasts: plan.lasts,
        every: plan.telemetry.every,
        delay: plan.telemetry.delay,
        slow_limit: plan.slow_limit(),
        scopes: scopes.collect(),
        rules: rules(plan),
        changes: changes(plan),
        people: people.collect(),
        faults: faults.collect(),
        plays: names.plays.iter().cloned().collect(),
        baseline_error_rate: plan.playbook.baseline.error_rate.map(|ratio| ratio.0),
        findings: plan.findings.iter().map(|finding| finding.row.clone()).collect(),
        plan: value,
        inputs: plan.inputs.clone(),
        crew: plan.crew.clone(),
        actual: plan.actual.clone(),
        limits: limit_rows(plan, 1.0),
    }
}

/// The first line of the journal of a rehearsal: people answered for themselves.
///
/// `plan` is what was played, with the faults that were injected; `written` is the scenario as it
/// was before that. The id of a rehearsal also depends on when it began, or on the script that
/// plays the people; so no two of them share an id.
pub fn rehearsal_header(
    (plan, written): (&Plan, &Plan),
    (trial, seed): (u64, u64),
    who: Rehearsal,
    script: &str,
) -> Header {
    let mut hasher = SipHasher24::new_with_keys(seed, trial);
    hasher.write(RunIds::new(written, seed).run_id(trial).as_bytes());
    hasher.write(who.started.as_deref().unwrap_or(script).as_bytes());
    who.seats.iter().for_each(|seat| hasher.write(format!("\n{seat}").as_bytes()));
    Header {
        run_id: format!("{:016x}", hasher.finish128().h1),
        scenario_hash: plan_hash(written),
        mode: RunMode::Rehearsal,
        rehearsal: Some(who),
        ..header(plan, trial, seed)
    }
}

/// The site of the plan that a journal was played with; `None` if it carries none of this version.
pub fn topology_of(header: &Header) -> Option<Topology> {
    Some(Plan::of_header(header)?.topology(header))
}

/// The run ids of all trials of a plan and a seed.
#[derive(Debug, Clone)]
pub struct RunIds {
    plan: Vec<u8>,
    seed: u64,
}

impl RunIds {
    /// The seed written in the plan does not count, the one that is used does.
    pub fn new(plan: &Plan, seed: u64) -> RunIds {
        RunIds { plan: written(plan, seed), seed }
    }

    /// SipHash-2-4 of the plan, the seed and the trial: 16 hexadecimal digits.
    pub fn run_id(&self, trial: u64) -> String {
        hashed(&self.plan, self.seed, trial)
    }
}

/// Which scenario this is, whatever seed it is run with: 16 hexadecimal digits.
pub fn plan_hash(plan: &Plan) -> String {
    hashed(&written(plan, 0), 0, 0)
}

fn written(plan: &Plan, seed: u64) -> Vec<u8> {
    let plan = Plan { seed, ..plan.clone() };
    serde_json::to_vec(&plan).expect("a plan is plain data")
}

fn hashed(bytes: &[u8], seed: u64, trial: u64) -> String {
    let mut hasher = SipHasher24::new_with_keys(seed, trial);
    hasher.write(bytes);
    format!("{:016x}", hasher.finish128().h1)
}

fn rules(plan: &Plan) -> Vec<RuleRow> {
    let row = |(index, (rule, alert)): (usize, (&Rule, &String))| {
        let play = plan.playbook.play_of(index.into());
        let compare = rule.breach.map(|breach| breach.compare);
        RuleRow {
            alert: alert.clone(),
            text: match rule.probe {
                Some(every) => format!("{}, seen by a probe every {every}", rule.text),
                None => rule.text.clone(),
            },
            severity: rule.severity.clone(),
            hold: match rule.hold {
                Hold::For(span) => Some(span),
                Hold::Of { .. } => None,
            },
            measure: rule.measure.kind(),
            below: matches!(compare, Some(Compare::Below | Compare::AtMost)),
            play: play.map(|play| plan.names.plays[play.index()].clone()),
        }
    };
    plan.playbook.rules.iter().zip(&plan.names.rules).enumerate().map(row).collect()
}

fn changes(plan: &Plan) -> Vec<ChangeRow> {
    let table = plan.playbook.changes.changes.iter().zip(&plan.names.changes);
    let row = |(index, (change, name)): (usize, (&crate::change::Change, &String))| ChangeRow {
        change: name.clone(),
        paper: change.paper.clone(),
        min: change.takes.printed_min(),
        max: change.takes.paper_max(),
        named: names_change(plan, ChangeId::from(index)),
    };
    table.enumerate().map(row).collect()
}

/// Whether any play, launch step or fault names this change.
pub fn names_change(plan: &Plan, change: ChangeId) -> bool {
    let in_step = |step: &Step| step.changes().contains(&change);
    let in_plays = plan.playbook.plays.iter().flat_map(|play| &play.steps).any(in_step);
    let in_launch = plan.playbook.launch.iter().any(
        |step| matches!(step.action, LaunchAction::Change { change: made, .. } if made == change),
    );
    let in_faults = plan
        .faults
        .iter()
        .any(|fault| fault.end.until.contains(&change) || fault.start == FaultStart::With(change));
    in_plays || in_launch || in_faults
}

impl Plan {
    /// Its site, with what the header of a run of it says of each fault.
    pub fn topology(&self, header: &Header) -> Topology {
        let sentences = header.faults.iter().map(|(_, sentence)| sentence.to_string());
        let faults: Vec<(&Fault, String)> = self.faults.iter().zip(sentences).collect();
        Topology::new(&self.site, &self.names, &faults)
    }

    /// The plan that a journal's header carries; `None` if it carries none, or one of another
    /// version. Findings and inputs are not part of it.
    pub fn of_header(header: &Header) -> Option<Plan> {
        let plan: Plan = serde_json::from_value(header.plan.clone()).ok()?;
        (crate::scenario::header::plan_hash(&plan) == header.scenario_hash).then_some(plan)
    }
}
