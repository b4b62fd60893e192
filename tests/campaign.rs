//! Many trials: the same rows whatever the threads, alone or in shards, and what pairing is worth.

use crate::support;

use proptest::prelude::*;
use sim::campaign::{
    Campaign, CampaignEnding, CampaignObserver, Comparison, Results, Shard, ShardPosition, Summary,
    SummaryBuilder, TrialRow, WorkerPool, figures, merge,
};
use sim::gameday::{Gameday, Trial};
use sim::measure::estimate;
use sim::scenario::{self, Plan};
use support::{plan, play, shipped};

const SHORT: [(&str, &str); 2] = [("lasts", "75m"), ("faults.0.at", "20m")];

fn short() -> Plan {
    plan(&shipped("proxy-outage"), &SHORT)
}

fn rows(campaign: &Campaign, trials: std::ops::Range<u64>, jobs: usize) -> Vec<TrialRow> {
    let workers = WorkerPool::new(jobs).expect("threads");
    campaign.run(trials, &workers, &CampaignObserver { stop: &|| false, done: &|_| {} })
}

#[test]
fn leaving_out_readings_changes_nothing_of_the_story() {
    for name in ["proxy-outage", "rollback-fails"] {
        let plan = plan(&shipped(name), &[]);
        let told = play(&plan, 2);
        let trial = Trial { seed: plan.seed, number: 2 };
        let header = scenario::header(&plan, 0, plan.seed);
        let mut gameday = Gameday::new(&plan, &header, trial).without_readings();
        while gameday.step().is_some() {
            assert_eq!(gameday.drain(), [], "{name}");
        }
        assert!(gameday.finish().story == told.story, "{name}: another story");
    }
}

#[test]
fn one_thread_and_eight_give_the_same_rows() {
    let plan = short();
    let campaign = Campaign::new(&plan, plan.seed);
    let one = rows(&campaign, 0..9, 1);
    assert_eq!(rows(&campaign, 0..9, 8), one);
    assert_eq!(rows(&campaign, 4..6, 2), one[4..6], "a trial does not depend on its neighbours");
    let other = Campaign::new(&plan, plan.seed + 1);
    assert_ne!(rows(&other, 0..1, 1)[0].values, one[0].values);
}

#[test]
fn a_row_says_what_the_journal_says() {
    let plan = short();
    let campaign = Campaign::new(&plan, plan.seed);
    for row in rows(&campaign, 0..3, 1) {
        let told = play(&plan, row.trial);
        assert_eq!(row.run_id, told.header.run_id);
        let value = |name: &str| {
            let mut headlines = campaign.identity().headlines.iter();
            row.values[headlines.position(|one| one.subject.to_string() == name).expect("asked")]
        };
        let totals = told.story.totals().expect("over");
        assert_eq!(value("requests"), Some(totals.site.requests.generated as f64));
        assert_eq!(
            value("requests failed"),
            Some((totals.site.requests.failed + totals.site.requests.rejected) as f64)
        );
        assert_eq!(value("users affected"), Some(totals.site.affected.total() as f64));
        let met = told.story.expectations().next().expect("expects something").met();
        assert_eq!(value("meets detected < 5m"), Some(f64::from(u8::from(met))));
        assert_eq!(value("play rollback opens"), Some(1.0));
        assert_eq!(value("false alarms"), Some(0.0));
        let incidents = told.story.incidents();
        let total = told.story.phase_timeline(&incidents[0]).total().seconds();
        assert_eq!(value("total"), Some(total));
        let parts = sim::decision::Phase::ALL.map(|one| value(one.word()).unwrap_or(0.0));
        let sum: f64 = parts.iter().sum();
        assert!((sum - total).abs() < 1e-6, "{sum}");
        for dimension in ["browser", "login", "account", "tool"] {
            let begins = format!("affected, {dimension} ");
            let headlines = campaign.identity().headlines.iter().zip(&row.values);
            let of_it = headlines.filter(|(one, _)| one.subject.to_string().starts_with(&begins));
            let sum: f64 = of_it.map(|(_, value)| value.expect("counted")).sum();
            assert_eq!(
                sum,
                totals.site.affected.total() as f64,
                "{dimension}: everybody is of one kind"
            );
        }
    }
}

#[test]
fn an_alarm_without_a_fault_is_a_false_one() {
    let sets = [("lasts", "30m"), ("rules.4.expr", "requests < 1000000/m")];
    let plan = plan(&shipped("quiet-day"), &sets);
    let campaign = Campaign::new(&plan, plan.seed);
    let results = campaign.results(rows(&campaign, 0..2, 1), 2);
    let figures = figures(&results);
    let alarms = figures
        .iter()
        .find(|one| one.headline.subject.to_string() == "false alarms")
        .expect("asked");
    assert_eq!(alarms.mean.expect("two trials").value, 48.0, "one in half an hour, per day");
}

#[test]
fn an_interruption_keeps_what_is_done() {
    let plan = short();
    let campaign = Campaign::new(&plan, plan.seed);
    let done = std::sync::atomic::AtomicU64::new(0);
    let stop = || done.load(std::sync::atomic::Ordering::Relaxed) >= 2;
    let count = |_: &TrialRow| {
        done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    };
    let workers = WorkerPool::new(1).expect("a thread");
    let rows = campaign.run(0..50, &workers, &CampaignObserver { stop: &stop, done: &count });
    let trials: Vec<u64> = rows.iter().map(|row| row.trial).collect();
    assert_eq!(trials, [0, 1]);
    assert_eq!(campaign.results(rows, 50).ending, CampaignEnding::Interrupted { wanted: 50 });
}

#[test]
fn a_precision_is_reached_or_given_up() {
    // Nothing is judged here, so that every headline that can have a value has one in each trial.
    let plan = plan(CALM, &[]);
    let campaign = Campaign::new(&plan, plan.seed);
    let watch = CampaignObserver { stop: &|| false, done: &|_| {} };
    let two = WorkerPool::new(2).expect("threads");
    let wide = campaign.run_until_precise(0.9, 500, &two, &watch);
    assert!(
        matches!(wide.ending, CampaignEnding::Precise { precision: 0.9, .. }),
        "{:?}",
        wide.ending
    );
    assert_eq!(wide.rows.len() as u64 % sim::measure::BATCH, 0);
    let one = campaign.run_until_precise(0.9, 500, &WorkerPool::new(1).expect("a thread"), &watch);
    assert_eq!(one, wide, "where it ends does not depend on the threads");
    let strict = campaign.run_until_precise(0.000_1, 70, &two, &watch);
    assert!(
        matches!(strict.ending, CampaignEnding::PrecisionNotReached { .. }),
        "{:?}",
        strict.ending
    );
    assert_eq!(strict.rows.len(), 70);
}

const CALM: &str = "
scenario: Two minutes in which nothing happens
starts: 2018-11-07T17:00 America/New_York
lasts: 2m
seed: 4
traffic:
  visits: [{at: 0m, rate: 5/s}]
  tools: {browse: {requests: 3, think: 10s, use: {page: 100%}}}
site:
  tiers: {web: {instances: 2, threads: 50, takes: 5ms}}
  endpoints: {page: web}
";

#[test]
fn what_no_trial_has_measured_is_waited_for() {
    // A rule and a play that no trial needs: how long people take is never seen.
    let response = "
baseline: {error_rate: 0.1%}
rules: [{alert: Errors, expr: error_rate > 20%, for: 30s}]
people: {wyatt: {role: ops}}
channels: {slack: {answers: 70%, after: 30s..2m}}
escalation: {ops: {try: [wyatt], by: [slack], each: 5m, rounds: 2}}
changes: {fix: {takes: 1m..9m}}
plays: {rollback: {when: [Errors], steps: [page ops, declare 1m..2m, change fix], verify: 4m}}
";
    let plan = plan(&format!("{CALM}{response}"), &[]);
    let campaign = Campaign::new(&plan, plan.seed);
    let watch = CampaignObserver { stop: &|| false, done: &|_| {} };
    let two = WorkerPool::new(2).expect("threads");
    let results = campaign.run_until_precise(0.9, 130, &two, &watch);
    assert!(
        matches!(results.ending, CampaignEnding::PrecisionNotReached { .. }),
        "{:?}",
        results.ending
    );
    assert_eq!(results.rows.len(), 130);
    let names = |headlines: Vec<sim::campaign::Headline>| {
        headlines.into_iter().map(|headline| headline.subject.to_string()).collect::<Vec<_>>()
    };
    let found = Summary::from_results(&results).precisions;
    let not_measured = names(found.not_measured);
    assert!(not_measured.contains(&"acknowledge".to_string()), "{not_measured:?}");
    assert!(names(found.not_varied).contains(&"false alarms".to_string()));
    let told = sim::report::campaign_summary(
        &Summary::from_results(&results),
        sim::report::Style::default(),
    );
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("Could not be judged, because no run had a value:"), "{told}");
}

/// Two shards of a tiny campaign, and the whole.
fn shards(sets: &[(&str, &str)]) -> (Vec<(String, Shard)>, Results) {
    let plan = plan(&shipped("quiet-day"), &[sets, &[("lasts", "2m")]].concat());
    let campaign = Campaign::new(&plan, plan.seed);
    let shard = |shard| {
        let block = ShardPosition { shard, total: 3 };
        let rows = rows(&campaign, block.trials(8), 1);
        (format!("{shard}.jsonl"), Shard::new(campaign.identity().clone(), 8, block, rows))
    };
    let whole = campaign.results(rows(&campaign, 0..8, 2), 8);
    ([3, 1, 2].map(shard).to_vec(), whole)
}

#[test]
fn shards_make_the_whole_again() {
    let (shards, whole) = shards(&[]);
    let read = |(name, shard): &(String, Shard)| {
        let mut bytes = Vec::new();
        shard.write(&mut bytes).expect("memory");
        (name.clone(), Shard::read(&bytes[..]).expect("just written"))
    };
    let merged = merge(shards.iter().map(read).collect()).expect("all are there");
    assert_eq!(merged, whole);
    let file = tempfile::tempfile().expect("a file");
    let mut summing = SummaryBuilder::new(whole.identity.clone(), file);
    whole.rows.iter().for_each(|row| summing.add(row).expect("written"));
    let summed = summing.finish().expect("read");
    assert_eq!(summed, Summary::from_results(&whole), "one by one, or all in memory");
}

#[test]
fn shards_that_make_no_whole_are_refused() {
    let (shards, _) = self::shards(&[]);
    let refused = |shards: Vec<(String, Shard)>| merge(shards).expect_err("no whole").message;
    assert_eq!(refused(Vec::new()), "no shards to merge");
    assert_eq!(refused(shards[..2].to_vec()), "missing: shard 2/3");
    let double = [&shards[..], &[("again".to_string(), shards[1].1.clone())]].concat();
    assert_eq!(refused(double), "1.jsonl and again are both shard 1/3");
    let mut short = shards.clone();
    short[0].1.rows.pop();
    assert_eq!(refused(short), "3.jsonl has 2 of the 3 trials of its block");

    let changed = |change: &dyn Fn(&mut Shard)| {
        let mut shards = shards.clone();
        change(&mut shards[2].1);
        refused(shards)
    };
    let another = |what: &str| format!("2.jsonl and 3.jsonl differ in {what}");
    let program = |shard: &mut Shard| shard.header.identity.program = "9.9.9".to_string();
    assert_eq!(changed(&program), another("version of sim"));
    assert_eq!(changed(&|shard| shard.header.identity.seed += 1), another("seed"));
    assert_eq!(changed(&|shard| shard.header.trials += 1), another("number of trials"));
    assert_eq!(changed(&|shard| shard.header.block.total += 1), another("number of shards"));
    let (others, _) = self::shards(&[("traffic.patience", "9s")]);
    assert_eq!(refused([&shards[..2], &others[2..]].concat()), another("scenario"));
}

#[test]
fn damaged_shards_are_refused_with_the_line() {
    let (shards, _) = shards(&[]);
    let mut bytes = Vec::new();
    shards[0].1.write(&mut bytes).expect("memory");
    let text = String::from_utf8(bytes).expect("text");
    let problem = |text: &str| Shard::read(text.as_bytes()).expect_err("damaged").to_string();
    assert_eq!(problem(""), "the file of trials is empty");
    assert_eq!(problem("{}\n"), "this is not a file of trials");
    let compared = text.replacen("\"run\"", "\"compare\"", 1);
    assert_eq!(problem(&compared), "a shard of sim compare, not of sim run");
    assert_eq!(problem(&text[..text.len() - 5]), "the file of trials is cut off in line 4");
    let lines: Vec<&str> = text.lines().collect();
    let twice = format!("{}\n{}\n{}\n", lines[0], lines[1], lines[1]);
    let corrupt = |line: u32| format!("line {line} of the file of trials is corrupt: ");
    assert_eq!(problem(&twice), corrupt(3) + "a trial that does not belong here");
    let nobody = text.replace("\"shard\":3", "\"shard\":0");
    assert_eq!(problem(&nobody), corrupt(1) + "no such block of trials");
    let newer = text.replacen("\"campaign\":3", "\"campaign\":4", 1);
    let words = "the file of trials has format 4, this program reads format 3";
    assert_eq!(problem(&newer), words);
}

proptest! {
    #[test]
    fn blocks_cover_every_trial_once(all in 1u64..5_000, of in 1u32..200) {
        prop_assume!(u64::from(of) <= all);
        let mut next = 0;
        for shard in 1..=of {
            let trials = ShardPosition { shard, total: of }.trials(all);
            prop_assert_eq!(trials.start, next);
            let size = trials.end - trials.start;
            prop_assert!(size >= 1 && size.abs_diff(all / u64::from(of)) <= 1);
            next = trials.end;
        }
        prop_assert_eq!(next, all);
    }

    /// Whatever is done to a shard, reading it says so or gives a shard; it never panics.
    #[test]
    fn reading_never_panics(edits in prop::collection::vec((0usize..4_000, any::<u8>()), 1..4)) {
        static WRITTEN: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
        let written = WRITTEN.get_or_init(|| {
            let mut bytes = Vec::new();
            shards(&[]).0[0].1.write(&mut bytes).expect("memory");
            bytes
        });
        let mut bytes = written.clone();
        for (at, byte) in edits {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        drop(Shard::read(&bytes[..]));
    }
}

/// A quarter of the requests is slow at first, half of them five minutes later.
const SLOWER: &str = "
scenario: it gets slower in two steps
starts: 2018-11-07T12:00 America/New_York
lasts: 90m
traffic:
  visits: [{at: 0m, rate: 2/s}]
  tools: {browse: {requests: 5, think: 10s, use: {page: 100%}}}
site:
  tiers: {web: {instances: 4, threads: 100, takes: 20ms}}
  endpoints: {page: web}
faults:
  - {at: 20m, slow: web, count: 1, by: 4s, until: fix}
  - {at: 25m, slow: web, count: 2, by: 4s, until: fix}
rules: [{alert: Slow, expr: latency > 3s for 15% of traffic, for: 1m}]
people: {wyatt: {role: ops}}
channels: {phone: {answers: 100%, after: 1m..20m}}
escalation: {ops: {try: wyatt, each: 20m}}
changes: {fix: 5m..15m}
plays: {repair: {when: Slow, steps: [page ops, change fix]}}
expect: {play: repair}
";

/// A rule on slow requests fires later at 35 % of the traffic than at 15 %, so the incident ends
/// later. With the same luck on both sides the delay is known far better than from other trials.
#[test]
fn pairing_narrows_the_interval_fivefold() {
    let first = plan(SLOWER, &[]);
    let second = plan(SLOWER, &[("rules.0.expr", "latency > 3s for 35% of traffic")]);
    let (first, second) = (Campaign::new(&first, 7), Campaign::new(&second, 7));
    let n = 24;
    let workers = WorkerPool::new(2).expect("threads");
    let watch = CampaignObserver { stop: &|| false, done: &|_| {} };
    let results = |campaign: &Campaign, from: u64| {
        campaign.results(campaign.run(from..from + n, &workers, &watch), n)
    };
    let (with, without) = (results(&first, 0), results(&second, 0));
    let all = Comparison::from_results(&with, &without).differences;
    let paired = all.iter().find(|one| one.headline.subject.to_string() == "total").expect("asked");
    let difference = paired.difference.expect("pairs");
    assert!(difference.value > 0.0 && difference.low > Some(0.0), "no delay: {difference:?}");
    let paired = difference.half_width().expect("an interval");

    let totals = |results: &Results| -> Vec<f64> {
        let mut headlines = results.identity.headlines.iter();
        let total = headlines.position(|one| one.subject.to_string() == "total").expect("asked");
        results.rows.iter().filter_map(|row| row.values[total]).collect()
    };
    let half = |values: &[f64]| estimate::mean(values).expect("values").half_width().expect("many");
    let (one, other) = (half(&totals(&with)), half(&totals(&results(&second, n))));
    let independent = (one * one + other * other).sqrt();
    assert!(paired > 0.0 && independent > 5.0 * paired, "{independent} against {paired}");
}
