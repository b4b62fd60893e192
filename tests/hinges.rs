//! What the verdict hinges on and what would have saved most, where the truth can be worked out.

use assert_cmd::Command;
use sim::campaign::{
    BaseRuns, Campaign, CampaignObserver, Hinges, Players, Remedies, ReplayBudget, TrialRow,
    WorkerPool, hinges, remedies,
};
use sim::scenario::{self, Plan, SourceText};
use std::path::Path;
use tempfile::TempDir;

/// A database that half refuses until somebody who may decide says yes to one of two repairs.
/// Nothing is left to luck but what a test opens: everybody answers at once, and agrees.
const SHOP: &str = "\
scenario: Half the database refuses
starts: 2026-03-02T10:00 UTC
lasts: 40m
seed: 7
traffic:                              # [c]
  visits: [{at: 0m, rate: 0.2/s}]
  tools: {browse: {requests: 5, think: 20s, use: {page: 100%}}}
site:                                 # [c]
  tiers: {database: {instances: 2, threads: 100, takes: 5ms}}
  endpoints: {page: database}
faults:
  - {at: 5m, outage: database, share: 50%, until: [failover, rebuild]}
telemetry: {every: 10s, delay: 20s}   # [c]
baseline: {error_rate: 0.05%}
rules:
  - {alert: Errors, expr: error_rate > 3x baseline, floor: 1%, for: 1m, severity: SEV-1}
people:
  alex: {role: ops}
  kim: {role: decider}
  robin: {role: lead}
channels:
  chat: {answers: 100%, after: 30s}   # [c]
escalation:
  ops: {try: [alex], by: [chat], each: 2m}
changes:
  failover: {takes: 3m}               # [c]
  rebuild: {takes: 4m}                # [c]
  unused: {takes: 9m, fails: 20%}
plays:
  rollback:
    when: Errors
    steps:
      - page ops
      - declare 1m                    # [c]
      - {diagnose: 2m, among: {failover: 50%, rebuild: 50%}}
      - {ask: decider, within: 10m, agrees: 80%, refused: stop}
      - change chosen
    verify: 6m
expect: {recovered: < 30m}
";

struct Played {
    plan: Plan,
    source: SourceText,
    hinges: Hinges,
    remedies: Remedies,
    rows: Vec<TrialRow>,
}

/// Plays a scenario and asks what it hinges on.
fn played(text: &str, trials: u64, jobs: usize, budget: ReplayBudget) -> Played {
    let source = SourceText::file("shop.yaml", text);
    let plan = match scenario::load(&source, &[]) {
        Ok(loaded) => loaded.plan,
        Err(problems) => panic!("{}", problems.render(false)),
    };
    let workers = WorkerPool::new(jobs).expect("threads");
    let campaign = Campaign::new(&plan, plan.seed).keeping_draws();
    let rows =
        campaign.run(0..trials, &workers, &CampaignObserver { stop: &|| false, done: &|_| {} });
    let draws = campaign.draws();
    let ground =
        BaseRuns { campaign: &campaign, source: &source, sets: &[], rows: &rows, draws: &draws };
    let players = Players { workers: &workers, stop: &|| false, done: &|| {} };
    let (hinges, remedies) =
        (hinges(&ground, budget, &players), remedies(&ground, budget, &players));
    drop(campaign);
    Played { plan, source, hinges, remedies, rows }
}

/// Trials of the scenario with something set that keep what it expects.
fn kept(source: &SourceText, trials: u64, sets: &[(String, String)]) -> (u64, Vec<TrialRow>) {
    let plan = scenario::load(source, sets).expect("it can be set").plan;
    let workers = WorkerPool::new(2).expect("threads");
    let campaign = Campaign::new(&plan, plan.seed);
    let rows =
        campaign.run(0..trials, &workers, &CampaignObserver { stop: &|| false, done: &|_| {} });
    (rows.iter().filter(|row| campaign.judged(row).good).count() as u64, rows)
}

const TRIALS: u64 = 40;

#[test]
fn a_chance_is_played_again_only_where_its_own_draw_flips() {
    let Played { source, hinges, rows, .. } = played(SHOP, TRIALS, 2, ReplayBudget::unlimited());
    let of_yes: Vec<_> = hinges.tried.iter().filter(|one| one.path.ends_with("agrees")).collect();
    assert_eq!(of_yes.len(), 2, "its miss halved and doubled");
    assert_eq!([&of_yes[0].value, &of_yes[1].value], ["90%", "60%"]);
    for hinge in of_yes {
        assert!(hinge.is_whole() && hinge.total == TRIALS, "{hinge:?}");
        let set = [(hinge.path.clone(), hinge.value.clone())];
        let (then, others) = kept(&source, TRIALS, &set);
        // Everything else is certain: a run is lost if and only if the decider said no.
        assert_eq!((hinge.then, hinge.now), (then, hinges.kept), "{hinge:?}");
        assert_eq!(hinge.may_differ, hinge.now.abs_diff(hinge.then), "{hinge:?}");
        assert!(hinge.may_differ > 0 && hinge.replayed == hinge.may_differ, "{hinge:?}");
        // Runs that were not played again are the same to the last figure.
        let differ = rows.iter().zip(&others).filter(|(row, other)| row.values != other.values);
        assert_eq!(differ.count() as u64, hinge.may_differ, "{hinge:?}");
    }
    // The share of refusals is what the plan says, as far as 40 runs can tell.
    assert!((24..=38).contains(&hinges.kept), "{} of 40", hinges.kept);
    let best = &hinges.best[0];
    assert_eq!((best.input.as_str(), best.to.as_str()), ("the decider says yes 80%", "60%"));
    assert!(!best.is_luck_only() && best.effect < 0.0, "{best:?}");
}

#[test]
fn what_a_decider_says_besides_yes_and_no_keeps_its_proportions() {
    let text = SHOP
        .replace("agrees: 80%", "answers: {yes: 80%, \"not yet, ask again in 90s\": 10%, no: 10%}");
    let Played { source, hinges, .. } = played(&text, TRIALS, 2, ReplayBudget::unlimited());
    let of_yes: Vec<_> = hinges.tried.iter().filter(|one| one.path.ends_with("answers")).collect();
    let shown: Vec<_> = of_yes.iter().map(|one| (one.from.as_str(), one.to.as_str())).collect();
    assert_eq!(shown, [("80%", "90%"), ("80%", "60%")]);
    assert_eq!(of_yes[1].value, r#"{"yes": 60%, "not yet 1m30s": 20%, "no": 20%}"#);
    assert_eq!(of_yes[1].input, "the decider says yes 80%");
    for hinge in of_yes {
        let (then, _) = kept(&source, TRIALS, &[(hinge.path.clone(), hinge.value.clone())]);
        assert_eq!((hinge.then, hinge.now), (then, hinges.kept), "{hinge:?}");
    }
}

#[test]
fn runs_that_need_not_be_played_again_are_the_same_runs() {
    let text = SHOP
        .replace("answers: 100%, after: 30s}   # [c]", "answers: 60%, after: ~1m}")
        .replace(
            "try: [alex], by: [chat], each: 2m",
            "try: [alex, robin], by: [chat], each: 2m, rounds: 3",
        )
        .replace("failover: {takes: 3m}               # [c]", "failover: {takes: ~3m, fails: 20%}")
        .replace("declare 1m                    # [c]", "declare 1m..3m");
    let Played { source, hinges, rows, .. } = played(&text, 16, 2, ReplayBudget::unlimited());
    let mut skipped = 0;
    for hinge in hinges.tried.iter().filter(|one| !one.path.starts_with("traffic")) {
        let set = [(hinge.path.clone(), hinge.value.clone())];
        let (then, others) = kept(&source, 16, &set);
        let differ = rows.iter().zip(&others).filter(|(row, other)| row.values != other.values);
        assert!(differ.count() as u64 <= hinge.may_differ, "{hinge:?}");
        assert!(hinge.is_whole() && hinge.then == then, "{hinge:?}: {then} kept");
        skipped += 16 - hinge.may_differ;
    }
    assert!(skipped > 50, "only {skipped} runs were known beforehand");
}

#[test]
fn an_input_that_nothing_asks_for_is_never_a_hinge() {
    let Played { hinges, .. } = played(SHOP, 12, 2, ReplayBudget::unlimited());
    let of_unused: Vec<_> =
        hinges.tried.iter().filter(|one| one.path.starts_with("changes.unused")).collect();
    assert_eq!(of_unused.len(), 4, "its time and its chance to fail");
    for hinge in of_unused {
        assert_eq!((hinge.may_differ, hinge.replayed, hinge.effect), (0, 0, 0.0), "{hinge:?}");
        assert!(hinge.is_luck_only());
    }
    assert!(hinges.best.iter().all(|one| !one.path.contains("unused")));
    // What is calibrated is not asked about.
    assert!(hinges.tried.iter().all(|one| !one.path.starts_with("channels")));
}

#[test]
fn a_refusal_is_saved_by_saying_what_follows_it() {
    let Played { source, remedies, hinges, .. } =
        played(SHOP, TRIALS, 2, ReplayBudget::unlimited());
    let lost = TRIALS - hinges.kept;
    assert_eq!((remedies.lost, remedies.total), (lost, TRIALS));
    let of_no = remedies.best.iter().find(|one| one.words.contains("follows a refusal"));
    let of_no = of_no.expect("it is suggested");
    let (then, _) = kept(&source, TRIALS, &of_no.sets);
    assert_eq!(of_no.saved, then - hinges.kept, "{of_no:?}");
    assert_eq!((of_no.lost, of_no.broken, of_no.kept), (lost, 0, hinges.kept), "{of_no:?}");
    // Nobody is asked, so nobody refuses: it saves them all.
    let best = &remedies.best[0];
    assert_eq!(
        (best.words.as_str(), best.saved, best.lost),
        ("get approval from the decider for rollback in advance", lost, lost)
    );
    // Everybody answers: nobody is needed in the place of anybody.
    assert!(remedies.best.iter().all(|one| !one.words.contains("deputy")), "{remedies:?}");
}

#[test]
fn silence_is_saved_by_a_deputy() {
    let text = SHOP.replace("agrees: 80%, refused: stop", "agrees: 100%").replace(
        "  kim: {role: decider}",
        "  kim: {role: decider, channels: {chat: {answers: 50%, after: 30s}}}",
    );
    let Played { hinges, remedies, .. } = played(&text, 30, 2, ReplayBudget::unlimited());
    let lost = 30 - hinges.kept;
    assert!((8..=22).contains(&lost), "half of them: {lost} of 30");
    let deputy =
        remedies.best.iter().find(|one| one.words.contains("deputy")).expect("there is one");
    assert_eq!((deputy.saved, deputy.lost, deputy.broken), (lost, lost, 0), "{deputy:?}");
    assert!(!deputy.words.contains("robin") && !deputy.words.contains("kim"), "roles, not names");
}

#[test]
fn what_is_found_does_not_depend_on_the_number_of_threads() {
    let found = |jobs, budget| {
        let Played { hinges, remedies, .. } = played(SHOP, 10, jobs, budget);
        (hinges, remedies)
    };
    assert_eq!(found(1, ReplayBudget::unlimited()), found(8, ReplayBudget::unlimited()));
    assert_eq!(found(1, ReplayBudget::runs(40)), found(3, ReplayBudget::runs(40)));
}

#[test]
fn what_the_budget_does_not_reach_is_named() {
    let none = played(SHOP, 20, 2, ReplayBudget::runs(0));
    assert_eq!((none.hinges.replayed, none.remedies.replayed), (0, 0));
    assert_eq!(none.hinges.best, []);
    assert!(none.hinges.left_out.iter().any(|one| one.contains("says yes")), "{:?}", none.hinges);
    // What no run asks for costs nothing, and so is known.
    assert!(none.hinges.left_out.iter().all(|one| !one.contains("unused")));
    let some = played(SHOP, 20, 2, ReplayBudget::runs(60));
    assert!(some.hinges.replayed <= 60 && some.remedies.replayed <= 60);
    assert!(some.hinges.left_out.len() < none.hinges.left_out.len());
}

#[test]
fn a_plan_that_always_keeps_it_hinges_on_nothing() {
    let text = SHOP.replace("agrees: 80%, refused: stop", "agrees: 100%");
    let Played { plan, hinges, remedies, .. } = played(&text, 6, 2, ReplayBudget::unlimited());
    assert_eq!((hinges.kept, hinges.total), (6, 6));
    assert_eq!(plan.expect.len(), 1);
    assert!(hinges.best.is_empty() && hinges.left_out.is_empty(), "{:?}", hinges.best);
    assert_eq!(remedies.lost, 0);
    assert!(remedies.best.iter().all(|one| one.saved == 0 && one.sooner.is_some()), "{remedies:?}");
}

fn sim(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("sim").expect("built");
    command.current_dir(folder).env("NO_COLOR", "1").args(arguments);
    command
}

fn shop(text: &str) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    std::fs::write(folder.path().join("shop.yaml"), text).expect("written");
    folder
}

#[test]
fn the_command_prints_one_screen_and_two_tables() {
    let folder = shop(SHOP);
    let arguments = ["hinges", "shop.yaml", "--trials", "40", "-o", "out"];
    let output = sim(folder.path(), &arguments).output().expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8(output.stdout).expect("text");
    let screen: Vec<&str> = text.split("\nTry ").next().expect("a screen").lines().collect();
    assert!(screen.len() <= 24, "{} lines:\n{text}", screen.len());
    assert!(screen.iter().all(|line| line.chars().count() <= 80), "{text}");
    insta::assert_snapshot!(text.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    for (file, column) in [("hinges.csv", "kept_then"), ("remedies.csv", "saved")] {
        let table = std::fs::read_to_string(folder.path().join("out").join(file)).expect("there");
        let heading = table.lines().next().expect("a heading");
        assert!(heading.starts_with("run_id,scenario,mode,trial,rank,"), "{heading}");
        assert!(heading.split(',').any(|one| one == column), "{heading}");
        assert!(table.lines().count() > 1, "{table}");
    }
    assert!(folder.path().join("out/run.json").exists());
    // Another number of threads, the same bytes; another run goes beside it.
    let again = ["hinges", "shop.yaml", "--trials", "40", "-o", "out2", "-j", "1", "-q"];
    sim(folder.path(), &again).assert().success().stdout("");
    for file in ["hinges.csv", "remedies.csv"] {
        let read = |out: &str| std::fs::read(folder.path().join(out).join(file)).expect("there");
        assert_eq!(read("out"), read("out2"), "{file}");
    }
}

#[test]
fn bad_input_is_refused_with_what_to_do() {
    let folder = shop(SHOP);
    std::fs::write(folder.path().join("empty.yaml"), "").expect("written");
    std::fs::write(folder.path().join("a.log"), "GET / 200\n").expect("written");
    for (arguments, says) in [
        (&["hinges"][..], "<SCENARIO>"),
        (&["hinges", "none.yaml"], "file not found"),
        (&["hinges", "empty.yaml"], "the file is empty"),
        (&["hinges", "a.log"], "error"),
        (&["hinges", "shop.yaml", "--trials", "0"], "1..=100000"),
        (&["hinges", "shop.yaml", "--trials", "many"], "invalid digit"),
        (&["hinges", "shop.yaml", "--jobs", "0"], "from 1 to 1024"),
        (&["hinges", "shop.yaml", "--seed", "-1"], "'-1'"),
        (&["hinges", "shop.yaml", "--set", "nonsense"], "KEY=VALUE"),
        (&["hinges", "shop.yaml", "--set", "plays.rollback.steps.ask.agrees=maybe"], "agrees"),
        (&["hinges", "shop.yaml", "--set", "plays.rollback.steps.tell.to=kim"], "not a position"),
        (&["hinges", "shop.yaml", "shop.yaml"], "unexpected argument"),
    ] {
        let output = sim(folder.path(), arguments).output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(says), "{arguments:?}: {said}");
        assert!(output.stdout.is_empty() && !folder.path().join("reports").exists());
    }
}
