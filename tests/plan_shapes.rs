//! Launch plans of other teams and other shapes: timetables, triggers, levels, runbooks. Each plan
//! is in the project's own words.

use super::launch_plan::{sim, text, written};
use std::fs;

/// A cutover with a timetable, criteria with boxes, triggers, a procedure with lengths, levels.
const CUTOVER: &str = "\
# Checkout cutover, 14 March 2027

**Incident commander:** Priya Nair (backup: Tom Okafor)
**Decision maker:** VP Engineering – Sam Reyes

## Timeline (UTC)
| Time | Task | Owner | Duration |
|---|---|---|---|
| 08:00 | Freeze merges on main | Priya | – |
| 09:00 | Run the migration | Tom Okafor | 25–40 min |
| 09:45 | Deploy the new checkout | Priya | ~12 min |
| 10:15 | GO / NO-GO for all traffic | Sam Reyes | |

## Go/No-Go criteria
- [x] p95 latency < 800 ms over the last 15 minutes
- [ ] No open Sev1 bugs

## Rollback triggers
- Error rate > 5% for 5 minutes
- Error rate 1-2% sustained for 10+ minutes
- [ ] CPU > 90% sustained 15 minutes
- Any data loss

## Rollback procedure
1. IC announces rollback in #checkout
2. Ask Sam for approval by phone; if no answer in 10 minutes, Priya decides
3. Flip the feature flag (2 min)
4. Restore the snapshot (est. 1h 15m)
5. Smoke tests (15 min)
6. Post status page update every 30 minutes

## Escalation
Level 1: on-call engineer (by pager) – 5 minutes
Level 2: Tom Okafor – 10 minutes
Level 3: Sam Reyes
";

/// A checklist that ends in reasons to abort, and what is done then.
const CHECKLIST: &str = "\
Launch readiness
================

Owner: Platform team, last updated: 2027-01-04

Before the day
--------------
* [x] Load test at twice the peak (Dana)
* [ ] Runbooks reviewed — Dana, due Jan 10

Launch day (Tue Jan 12, 10:00 CET)
----------------------------------
1. 09:45 CET - final go/no-go poll (Engineering, Support, Marketing)
2. 10:00 - Ken switches the DNS (takes 5 min, up to 1 hour to propagate)
3. 11:00 - Record counts match
4. 11:30 - Alice sends the announcement to everyone

Abort if:
- the median response time doubles
- on-call does not acknowledge within 10 minutes
Then: Ken switches the DNS back (5 min). If that does not help, put up the sorry page (1 min).
";

/// A runbook.
const RUNBOOK: &str = "\
# Incident runbook

## Roles
- Incident Commander (IC): rotates weekly
- Communications Lead: Jo Park

## Alerts
- 5xx > 2% for 5m

## Runbook: bad deploy
1. Look at the dashboard; if somebody deployed, roll it back (`undo`, ~6 min).
2. If rollback fails, fail over to the west (20 to 30 minutes). Requires CTO approval.
3. Communications Lead updates the status page within 10 minutes and then every 30 minutes.
";

/// The draft of a plan, which checks without errors, and what was said of its gaps.
fn drafted(plan: &str) -> (String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = written(folder.path(), "plan.md", plan);
    let new = sim(folder.path(), &["new", "--from", &plan, "-o", "day.yaml"]);
    assert_eq!(new.status.code(), Some(0), "{}", text(&new.stderr));
    let draft = fs::read_to_string(folder.path().join("day.yaml")).expect("the draft");
    let check = sim(folder.path(), &["check", "day.yaml"]);
    assert_eq!(check.status.code(), Some(0), "{}{draft}", text(&check.stdout));
    let told = text(&new.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
    (draft, told)
}

fn has(draft: &str, lines: &[&str]) {
    for line in lines {
        assert!(draft.contains(line), "{line}\n{draft}");
    }
}

#[test]
fn a_cutover_plan_is_read_with_its_timetable_and_its_triggers() {
    let (draft, told) = drafted(CUTOVER);
    has(
        &draft,
        &[
            "starts: 2027-03-14T08:00 UTC",
            "priya: {name: Priya Nair, role: incident commander}",
            "incident-commander: {try: [priya, tom]}",
            "sam: {name: Sam Reyes, roles: [decision maker, decider]}",
            "run-migration: 25m..40m",
            "deploy-new-checkout: ~12m",
            "{at: \"08:00\", tell: priya, to: everyone, note: Freeze merges on main}",
            "{at: \"09:00\", change: run-migration, by: tom-okafor}",
            "expr: \"error_rate > 5%\", for: 5m",
            "expr: \"error_rate > 1%\", for: 10m",
            "# Somebody has to notice, line 21: CPU > 90% sustained 15 minutes",
            "# Somebody has to notice, line 22: Any data loss",
            "{ask: [sam 10m, priya 10m], by: [phone]}",
            "flip-feature-flag: 2m",
            "restore-snapshot: 1h15m",
            "{work: Smoke tests, takes: 15m}",
            "{tell: everyone, every: 30m}",
            "on-call engineer: \"?\"",
            "{try: [tom, sam]}",
            "{criterion: \"p95 latency < 800 ms over the last 15 minutes\", attested: [\"?\"]}",
        ],
    );
    for invented in ["\"08-00\"", "announces-rollback", "level 3", "nothing says what happens"] {
        assert!(!draft.contains(invented) && !told.contains(invented), "{invented}\n{draft}");
    }
    assert!(told.contains("line 10: a change is made before the go/no-go on line 12"), "{told}");
    assert!(told.contains("line 22: no number of the site shows it: Any data loss"), "{told}");
}

#[test]
fn a_checklist_says_when_to_abort_and_what_is_done_then() {
    let (draft, told) = drafted(CHECKLIST);
    has(
        &draft,
        &[
            "starts: 2027-01-12T09:45 Europe/Berlin",
            "owner: dana, done: true",
            "owner: dana, due: 2027-01-10",
            "switch-dns: {takes: 5m, propagate: <1h}",
            "{at: \"10:00\", change: switch-dns, by: ken}",
            "{at: \"11:00\", tell: everyone, note: Record counts match}",
            "{at: \"11:30\", tell: alice, to: everyone",
            "latency p50 > 2x baseline",
            "abort:",
            "change switch-dns-back",
            "otherwise: abort-fails",
            "maintenance-page: {takes: 1m, serves: 503}",
            "engineering: \"?\"",
            "marketing: \"?\"",
        ],
    );
    assert!(!draft.contains("record:"), "a word is no person\n{draft}");
    assert!(told.contains("dates have no year: 2027 is assumed"), "{told}");
}

#[test]
fn a_runbook_is_a_play_with_its_fallback() {
    let (draft, told) = drafted(RUNBOOK);
    has(
        &draft,
        &[
            "incident commander: \"?\"",
            "cto: \"?\"",
            "roll-back: ~6m",
            "bad-deploy:",
            "{tell: communications lead, to: everyone, every: 30m}",
            "otherwise: bad-deploy-fails",
            "fail-over-west: 20m..30m",
        ],
    );
    let fallback = draft.split("  bad-deploy-fails:").nth(1).expect("the fallback");
    let (asked, made) = (fallback.find("{ask: cto}"), fallback.find("change fail-over-west"));
    assert!(asked.is_some() && asked < made, "the yes comes first\n{draft}");
    assert!(told.contains("line 4: nobody is assigned to Incident Commander"), "{told}");
}
