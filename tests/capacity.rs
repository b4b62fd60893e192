//! The capacity check against what is known: M/M/c, Little's law, and the shipped scenarios.

use crate::support;
use assert_cmd::Command;
use proptest::prelude::*;
use sim::campaign::WorkerPool;
use sim::capacity::{
    self, CapacityCheck, CaseKind, CheckObserver, CheckSetup, LoadStatus, LoadTest, by_formula,
    cases, recovery, search,
};
use sim::measure::erlang;
use sim::scenario::Plan;
use sim::units::{Rate, Span};
use std::fs;
use std::path::Path;

/// One tier of exponential service times, and visitors who ask once: M/M/c.
pub const QUEUE: &str = "
scenario: A queue
starts: 2018-11-07T17:00 America/New_York
lasts: 1h
seed: 11
traffic:
  visits: [{at: 0m, rate: 40/s}]
  mix: {browser: {a: 100%}, login: {none: 100%}, account: {anonymous: 100%}, tool: {ask: 100%}}
  tools: {ask: {requests: 1, think: 1s, use: {ask: 100%}}}
  patience: 10m
site:
  tiers:
    desk: {threads: 8, queue: 100000, takes: {exponential: 100ms}}
  endpoints: {ask: desk}
capacity: {headroom: 30%, latency: p95 < 500ms, errors: < 1%}
";

/// The same site in front of one that is slow, with zones and room to spare.
pub const PAIR: &str = "
scenario: A pair
starts: 2018-11-07T17:00 America/New_York
lasts: 1h
seed: 5
traffic:
  visits: [{at: 0m, rate: 20/s}]
  mix: {browser: {a: 100%}, login: {none: 100%}, account: {anonymous: 100%}, tool: {ask: 100%}}
  tools: {ask: {requests: 2, think: 2s, use: {ask: 100%}}}
  patience: 30s
site:
  tiers:
    web: {instances: 4, threads: 20, takes: 5ms, zones: [a, b]}
    unused: {threads: 4, takes: 5ms}
    bank: {external: true, threads: 20, takes: {median: 100ms, p99: 400ms}}
  endpoints: {ask: web > bank}
  calls: {web: {timeout: 5s}}
capacity: {headroom: 30%, latency: p95 < 1s, errors: < 1%, cold: {web: 2x}, deploy: 50%}
";

fn plan(text: &str, sets: &[(&str, &str)]) -> Plan {
    support::plan(text, sets)
}

/// The share of customers of M/M/c who are there for longer than `t` seconds.
fn longer(servers: u32, load: f64, mean: f64, t: f64) -> f64 {
    let (spare, t) = (f64::from(servers) - 1.0 - load, t / mean);
    // The limit where one server fewer would just carry the load.
    let waited = if spare.abs() < 1e-9 { t } else { -(-t * spare).exp_m1() / spare };
    (-t).exp() * (1.0 + erlang::erlang_c(servers.into(), load) * waited)
}

/// The arrivals per second at which 5 % of the customers are there for longer than `t`.
fn breaking_rate(servers: u32, mean: f64, t: f64) -> f64 {
    let (mut low, mut high) = (0.0, f64::from(servers) / mean);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if longer(servers, middle * mean, mean, t) < 0.05 { low = middle } else { high = middle }
    }
    low
}

#[test]
fn a_queue_breaks_where_the_formula_of_erlang_says() {
    for (servers, seed) in [(1, "1"), (8, "2"), (30, "3")] {
        let threads = servers.to_string();
        let sets = [("site.tiers.desk.threads", threads.as_str()), ("seed", seed)];
        let rate = format!("{}/s", servers * 5);
        let sets = [&sets[..], &[("traffic.visits.0.rate", rate.as_str())]].concat();
        let plan = plan(QUEUE, &sets);
        let setup = CheckSetup::new(&plan);
        let all = cases(&plan, &setup.objectives, Rate(setup.peak.visits), None);
        let (peak, case) = (setup.peak.visits, &all.cases[0]);
        let load_test =
            LoadTest { plan: &plan, objectives: &setup.objectives, case, peak, judged: None };
        let found = search(&load_test, 1.5, 0.03, Vec::new(), &|| false).expect("not stopped");
        let known = breaking_rate(servers, 0.1, 0.5) / peak;
        let (low, high) = (found.low.expect("one holds"), found.high.expect("one does not"));
        assert!(low <= known && known <= high, "{servers}: {low} to {high}, known {known}");
        assert!(high / low < 1.4, "{servers}: {low} to {high}");
    }
}

#[test]
fn formula_and_simulation_agree_where_they_should() {
    let plan = plan(QUEUE, &[("traffic.visits.0.rate", "56/s")]);
    let setup = CheckSetup::new(&plan);
    let all = cases(&plan, &setup.objectives, Rate(56.0), None);
    let load_test = LoadTest {
        plan: &plan,
        objectives: &setup.objectives,
        case: &all.cases[0],
        peak: 56.0,
        judged: None,
    };
    let played = load_test.play(1.0, &|| false).expect("not stopped");
    let formula = by_formula(&plan, &setup.objectives, &all.cases[0], 56.0);
    let close = |a: f64, b: f64, within: f64| assert!((a / b - 1.0).abs() < within, "{a}, {b}");
    let (tier, seen) = (&formula.tiers[0], &played.outcome.tiers[0]);
    close(tier.busy, 5.6, 1e-9);
    let wait = tier.wait.expect("it waits");
    close(wait, erlang::wait(8, 5.6) * 0.1, 0.01);
    close(formula.latency.expect("known"), played.outcome.latency.expect("seen"), 0.1);
    close(tier.calls, seen.calls, 0.05);
    close(tier.busy + tier.calls * wait, seen.busy, 0.1);
    let percentile = formula.latency.expect("known");
    let known = longer(8, 5.6, 0.1, percentile);
    assert!((known - 0.05).abs() < 0.01, "{known}");
}

#[test]
fn a_slow_tier_holds_the_threads_that_little_says() {
    let text = support::shipped("launch-day");
    let plan = plan(&text, &[]);
    let mut setup = CheckSetup::new(&plan);
    let evss = plan.names.tiers.get_index_of("evss").expect("there");
    setup.slow = Some((evss.into(), Span::from_secs(15)));
    let check = setup.by_formula();
    let case = check.cases.iter().find(|case| case.kind == CaseKind::SlowExternal);
    let case = case.expect("evss is external");
    assert_eq!(case.title, "evss takes 15s");
    let tier = |name: &str| {
        case.formula.tiers.iter().find(|tier| tier.tier == name).expect("there").clone()
    };
    // 1.6 visits/s, 14.3 % of them for claims, 8 requests each, half of them to the endpoint.
    let calls = 1.6 * 0.143 * 8.0 * 0.5;
    assert!((tier("evss").calls - calls).abs() < 1e-9, "{}", tier("evss").calls);
    assert!((tier("evss").busy - calls * 15.0).abs() < 1e-9, "{}", tier("evss").busy);
    let others = check.cases[0].formula.tiers.iter().find(|tier| tier.tier == "vets-api");
    let more = tier("vets-api").busy - others.expect("there").busy;
    let usual = plan.site.tiers[evss].takes.mean().seconds();
    // A held thread is freed when the caller's own time runs out: 15 s of its 15 s here.
    let forward = plan.site.tiers[plan.names.tiers.get_index_of("forward-proxy").expect("there")]
        .takes
        .mean()
        .seconds();
    let expected = calls * (15.0 - (usual + forward));
    assert!((more - expected).abs() < 1e-6, "{more} instead of {expected}");
    let held = case.held.as_ref().expect("vets-api waits for it");
    assert_eq!((held.tier.as_str(), held.threads, held.instances), ("vets-api", 16, 8));
    // 16 threads of 15.06 s each: about one request a second.
    assert!((held.max_call_rate() - 16.0 / 15.06).abs() < 0.01, "{}", held.max_call_rate());
    assert!((held.busy() - calls * held.hold).abs() < 1e-9, "{}", held.busy());
}

#[test]
fn the_thread_bound_tier_of_the_launch_site_is_named() {
    let plan = plan(&support::shipped("launch-day"), &[]);
    let mut setup = CheckSetup::new(&plan);
    setup.peak.visits *= 20.0;
    let check = setup.by_formula();
    let found = check.cases[0].bottleneck.as_ref().expect("one is the busiest");
    assert_eq!(found.tier, busiest(&check), "{}", found.text);
    assert!(found.text.contains("threads"), "{}", found.text);
}

fn busiest(check: &CapacityCheck) -> String {
    let tiers = check.cases[0].formula.tiers.iter().filter(|tier| tier.calls > 0.0);
    let busiest = tiers.max_by(|a, b| a.used().total_cmp(&b.used()));
    busiest.expect("some are called").tier.clone()
}

#[test]
fn what_is_lost_is_counted_and_what_nobody_calls_is_not_judged() {
    let plan = plan(PAIR, &[]);
    let check = CheckSetup::new(&plan).by_formula();
    assert_eq!(check.uncalled, ["unused"]);
    let kinds: Vec<&str> = check.cases.iter().map(|case| case.kind.word()).collect();
    let all =
        ["normal", "zone-lost", "instance-lost", "cache-cold", "rolling-deploy", "slow-external"];
    assert_eq!(kinds, all);
    let web = |case: usize| &check.cases[case].formula.tiers[0];
    let threads: Vec<u64> = (0..6).map(|case| web(case).threads).collect();
    assert_eq!(threads, [80, 40, 60, 80, 40, 80]);
    assert!((web(3).busy - web(0).busy - 40.0 * 0.005).abs() < 1e-9, "twice the own work");
    let bank = check.cases[5].formula.tiers[2].hold;
    assert!((bank - 0.4).abs() < 1e-6, "{bank}: its p99");
}

#[test]
fn the_same_whatever_the_number_of_threads() {
    let plan = plan(PAIR, &[]);
    let setup = CheckSetup::new(&plan);
    let watch = CheckObserver { stop: &|| false, done: &|| (), judged: None };
    let play = |jobs| setup.play(&WorkerPool::new(jobs).expect("threads"), &watch).expect("played");
    let check = play(1);
    assert_eq!(check, play(3));
    assert_eq!(check.verdict(), LoadStatus::Met, "{:?}", check.cases[0].breaking);
    let none = CheckObserver { stop: &|| true, done: &|| (), judged: None };
    assert_eq!(setup.play(&WorkerPool::new(2).expect("threads"), &none), None);
}

#[test]
fn a_retry_storm_recovers_only_below_the_load_that_it_bore() {
    let plan = plan(&support::shipped("retry-storm"), &[]);
    let setup = CheckSetup::new(&plan);
    let (objectives, peak) = (&setup.objectives, setup.peak.visits);
    let all = cases(&plan, objectives, Rate(peak), None);
    let load_test = LoadTest { plan: &plan, objectives, case: &all.cases[0], peak, judged: None };
    let breaking = search(&load_test, 2.0, 0.15, Vec::new(), &|| false).expect("not stopped");
    let api = plan.names.tiers.get_index_of("vets-api").expect("there");
    let found = recovery(&load_test, &breaking, api.into(), &|| false).expect("not stopped");
    let found = found.expect("it bears something");
    assert!(found.is_hysteresis(), "{found:?}");
    let limit = 0.8 * found.sustained_load;
    assert!(found.recovers.is_none_or(|load| load < limit), "{found:?}");
}

#[test]
fn objectives_that_nothing_meets_have_no_breaking_point() {
    let plan = plan(QUEUE, &[("capacity.latency", "p95 < 1ms")]);
    let setup = CheckSetup::new(&plan);
    let all = cases(&plan, &setup.objectives, Rate(40.0), None);
    let load_test = LoadTest {
        plan: &plan,
        objectives: &setup.objectives,
        case: &all.cases[0],
        peak: 40.0,
        judged: None,
    };
    let found = search(&load_test, 1.0, 0.1, Vec::new(), &|| false).expect("not stopped");
    assert_eq!((found.low, found.at), (None, None));
    assert!(found.high.is_some_and(|high| high < 0.1), "{:?}", found.high);
    assert_eq!(setup.by_formula().verdict(), LoadStatus::Missed);
}

#[test]
fn groups_are_as_large_as_the_load_makes_them() {
    let group =
        "{metric: ThreadUse, target_value: 20%, min_capacity: 1, max_capacity: 6, boot: 30s}";
    let sets = [("site.tiers.web.autoscaling", group), ("site.tiers.web.instances", "1")];
    let plan = plan(PAIR, &sets);
    let setup = CheckSetup::new(&plan);
    let all = cases(&plan, &setup.objectives, Rate(20.0), None);
    // 5 threads are busy at 20 visits/s; 4 of the 20 threads of an instance are a fifth.
    let instances = |visits| all.cases[0].scaled(&plan, Rate(visits)).site.tiers[0].instances;
    assert_eq!([1.0, 20.0, 60.0, 1_000.0].map(instances), [1, 2, 4, 6]);
    let web = &setup.by_formula().cases[0].formula.tiers[0];
    assert_eq!((web.instances, web.threads), (6, 120), "the most that there can be");
}

#[test]
fn limits_that_are_not_threads_count() {
    let pool = "limits: {pool: {value: 10, uses: 1 per busy thread of web, checked_by: dana, \
                checked_on: 2018-11-01}}\ncapacity:";
    let folder = folder(&PAIR.replace("capacity:", pool));
    let formula = |peak: &str| {
        sim(folder.path(), &["capacity", "day.yaml", "--formula", "--peak", peak, "--out", peak])
    };
    let (code, out, err) = formula("1x");
    assert_eq!(code, Some(0), "{out}{err}");
    let table = fs::read_to_string(folder.path().join("1x/capacity.csv")).expect("written");
    let row = table.lines().find(|line| line.contains(",pool,")).expect("a row");
    assert!(row.contains(",connections,met,formula,dana,2018-11-01"), "{row}");
    let (code, out, _) = formula("3x");
    assert_eq!(code, Some(99), "{out}");
    assert!(out.contains("Over its limit: pool"), "{out}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn more_traffic_never_needs_fewer_instances(a in 1.0f64..400.0, b in 1.0f64..400.0) {
        // The partner bears any of these loads.
        let plan = plan(PAIR, &[("site.tiers.bank.threads", "200")]);
        let objectives = CheckSetup::new(&plan).objectives;
        let (less, more) = (a.min(b), a.max(b));
        let small = capacity::fewest(&plan, &objectives, less).expect("web is called");
        let large = capacity::fewest(&plan, &objectives, more).expect("web is called");
        prop_assert!(small.iter().zip(&large).all(|(s, l)| s <= l), "{small:?} {large:?}");
    }
}

fn sim(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::cargo_bin("sim").expect("built");
    command.current_dir(folder).env("NO_COLOR", "1").args(arguments);
    let output = command.output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn folder(text: &str) -> tempfile::TempDir {
    let folder = tempfile::TempDir::new().expect("a folder");
    fs::write(folder.path().join("day.yaml"), text).expect("written");
    folder
}

#[test]
fn the_command_tells_and_saves() {
    let folder = folder(PAIR);
    let (code, out, err) = sim(folder.path(), &["capacity", "day.yaml", "--jobs", "2"]);
    assert_eq!(code, Some(0), "{out}{err}");
    for said in ["By formula, at the peak", "Verdict", "There is enough capacity", "zone a lost"] {
        assert!(out.contains(said), "{said}: {out}");
    }
    let read = |name: &str| {
        fs::read_to_string(folder.path().join("reports/day").join(name)).expect("written")
    };
    let table = read("capacity.csv");
    let heading = "run_id,scenario,mode,trial,tier,case,peak_rps,instances,threads,threads_needed,\
                   use_pct,latency_p95_ms,error_pct,headroom_pct,break_x,break_x_low,break_x_high,\
                   limit_kind,status,evidence,checked_by,checked_on";
    assert_eq!(table.lines().next(), Some(heading));
    assert!(table.lines().any(|line| line.contains(",(site),normal,")), "{table}");
    assert!(table.contains("not-called") && table.contains("threads (assumed)"), "{table}");
    assert!(read("capacity-curve.csv").lines().count() > 10);
    let again = sim(folder.path(), &["capacity", "day.yaml", "--jobs", "1", "-q"]);
    assert_eq!((again.0, again.1.as_str()), (Some(0), ""));
    assert_eq!(read("capacity.csv"), table, "the same bytes");
}

#[test]
fn a_site_too_large_to_be_played_is_judged_by_formula() {
    let folder = folder(QUEUE);
    let ample = ["--set", "site.tiers.desk.threads=20000", "--set", "capacity.headroom=10%"];
    let words = [&["capacity", "day.yaml", "--peak", "100000/s"][..], &ample].concat();
    let (code, told, err) = sim(folder.path(), &words);
    assert!(matches!(code, Some(0 | 99)), "{code:?} {told}{err}");
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("more than can be simulated") && !told.contains("Interrupted"), "{told}");
    assert_eq!(told.matches("By formula, at the peak").count(), 1, "{told}");
}

#[test]
fn objectives_that_are_missed_give_99() {
    let folder = folder(PAIR);
    let (code, out, _) =
        sim(folder.path(), &["capacity", "day.yaml", "--peak", "10x", "--formula"]);
    assert_eq!(code, Some(99), "{out}");
    assert!(
        out.contains("There is not enough capacity") && out.contains("10x of the curve"),
        "{out}"
    );
}

#[test]
fn bad_input_is_refused_in_words() {
    let folder = folder(PAIR);
    let refused = |arguments: &[&str], code: i32, said: &str| {
        let all = [&["capacity", "day.yaml"], arguments].concat();
        let (found, _, err) = sim(folder.path(), &all);
        assert_eq!(found, Some(code), "{arguments:?}: {err}");
        assert!(err.contains(said), "{arguments:?}: {err}");
    };
    refused(&["--peak", "0x"], 2, "more than 0");
    refused(&["--peak=-3x"], 2, "more than 0");
    refused(&["--peak", "-3x"], 2, "more than 0");
    refused(&["--peak", "many"], 2, "10x");
    refused(&["--slow", "bnk=15s"], 2, "the tiers are web, unused, bank");
    refused(&["--slow", "bank"], 2, "evss=15s");
    refused(&["--set", "traffic.visits=[{at: 0m, rate: 0/s}]"], 3, "cannot be judged");
    refused(&["--set", "site.tiers.web.threads=0"], 2, "not between 1");
    refused(&["--set", "capacity.zones_lost=2"], 2, "leave nothing");
    refused(&["--set", "capacity.headroom=100%"], 2, "leaves nothing");
    refused(&["--set", "capacity.latency=2s"], 2, "p95 < 2s");
    refused(&["--set", "capacity.latency=p95 < 0s"], 2, "no answer takes less");
    refused(&["--set", "capacity.errors=< 0%"], 2, "less than 0%");
    refused(&["--set", "capacity.cold={wbe: 3x}"], 2, "web");
    refused(&["--set", "capacity.cold={web: 0.5x}"], 2, "slower");
    refused(&["--set", "capacity.deploy=100%"], 2, "not a rolling one");
}

#[test]
fn go_or_no_go_takes_the_check_where_it_was_made() {
    let list = "go_no_go: [{criterion: ready, require: capacity headroom >= 30%}]\n";
    let folder = folder(
        &PAIR.replace("lasts: 1h", "lasts: 2m").replace("capacity:", &format!("{list}capacity:")),
    );
    let run = || sim(folder.path(), &["run", "day.yaml", "--trials", "1"]);
    let rows = || {
        let path = folder.path().join("reports/day/go_no_go.csv");
        fs::read_to_string(path).expect("written")
    };
    run();
    assert!(rows().contains(",formula,offered load at the peak,"), "{}", rows());
    sim(folder.path(), &["capacity", "day.yaml", "-q"]);
    assert!(rows().contains(",simulated,sim capacity,"), "{}", rows());
    let page = folder.path().join("reports/day/outbrief.html");
    let page = fs::read_to_string(page).expect("written");
    assert!(page.contains("There is enough capacity"), "no section");
    let (_, out, _) = run();
    assert!(out.contains("ready") && rows().contains(",simulated,sim capacity,"), "{out}");
}
