//! Decide now or wait: runs forked from a gameday under way.

use crate::live::{ANSWERS, DAY, lines, prepared, sim};
use crate::support::plan;
use sim::campaign::{Players, WaitingChoice, WorkerPool};
use sim::gameday::{Gameday, Intervention, Trial};
use sim::journal::{Entry, Header, Story};
use sim::names::PersonId;
use sim::scenario::{self, Plan};
use sim::units::{Span, Time};
use std::fs;
use std::path::Path;
use std::process::Output;

const TRIAL: Trial = Trial { seed: 7, number: 0 };

fn at(seconds: u64) -> Time {
    Time::ZERO + Span::from_secs(seconds)
}

fn header(plan: &Plan) -> Header {
    scenario::header(plan, TRIAL.number, TRIAL.seed)
}

/// A gameday in which these people have seats, up to a moment, and what has happened.
fn begun<'p>(
    plan: &'p Plan,
    header: &'p Header,
    seats: &[usize],
    to: Time,
) -> (Gameday<'p>, Vec<Entry>) {
    let seats: Vec<PersonId> = seats.iter().map(|seat| PersonId::from(*seat)).collect();
    let mut gameday = Gameday::new(plan, header, TRIAL).with_seats(&seats);
    gameday.run_to(to);
    let entries = gameday.drain();
    (gameday, entries)
}

/// The rest of the day.
fn rest(mut gameday: Gameday) -> Vec<Entry> {
    let mut entries = Vec::new();
    while gameday.step().is_some() {
        entries.append(&mut gameday.drain());
    }
    entries.extend(gameday.finish().entries);
    entries
}

fn bytes(entries: &[Entry]) -> String {
    let lines = entries.iter().map(|entry| serde_json::to_string(entry).expect("json") + "\n");
    lines.collect()
}

#[test]
fn up_to_the_fork_it_is_the_same_and_what_comes_after_is_other_luck() {
    // A slow tail of arrivals, a ladder, a spread of minutes: something to draw in every part.
    let plan = plan(DAY, &[("changes.proxy-update.takes", "30s..4m")]);
    let header = header(&plan);
    for second in [10, 125, 170, 215, 300, 480] {
        let (whole, before) = begun(&plan, &header, &[], at(second));
        let untouched = bytes(&rest(begun(&plan, &header, &[], at(second)).0));
        let forks: Vec<Gameday> = (0..6).map(|luck| whole.fork(luck)).collect();
        let story = |story: &Story| {
            let told = story.entries().iter().filter(|entry| entry.at < at(second));
            bytes(&told.cloned().collect::<Vec<Entry>>())
        };
        let upto = story(whole.story());
        let mut after = Vec::new();
        for (luck, mut fork) in forks.into_iter().enumerate() {
            // What was there is there, and nothing of it comes out twice.
            assert_eq!(story(fork.story()), upto, "at {second}, luck {luck}");
            assert!(fork.drain().is_empty(), "at {second}, luck {luck}");
            let entries = rest(fork);
            let next = before.last().map_or(1, |entry| entry.seq + 1);
            assert_eq!(entries.first().map(|entry| entry.seq), Some(next));
            after.push(bytes(&entries));
        }
        let again = bytes(&rest(begun(&plan, &header, &[], at(second)).0.fork(3)));
        assert_eq!(after[3], again, "at {second}: a fork is its luck");
        // It is in no fork, and goes on as if there were none.
        assert_eq!(bytes(&rest(whole)), untouched, "at {second}");
        assert!(!after.contains(&untouched), "at {second}");
        after.sort();
        after.dedup();
        assert_eq!(after.len(), 6, "at {second}: every luck is another day");
    }
}

/// What comes of a yes now, in 5 and in 15 minutes, where chris is asked after so long.
fn waited(plan: &Plan, deed: Intervention, forks: u64) -> sim::campaign::WaitingOdds {
    let header = header(plan);
    let mut to = at(150);
    let gameday = loop {
        let (gameday, _) = begun(plan, &header, &[0], to);
        if gameday.open_asks().iter().any(|open| gameday.awaits(open.ask.id)) {
            break gameday;
        }
        to += Span::from_secs(5);
        assert!(to < at(600), "chris is never asked");
    };
    let workers = WorkerPool::new(2).expect("threads");
    let players = Players { workers: &workers, stop: &|| false, done: &|| {} };
    let choice = WaitingChoice {
        gameday: &gameday,
        plan,
        header: &header,
        seed: 7,
        at: to,
        intervention: deed,
    };
    choice.ask(forks, &players).expect("runs")
}

#[test]
fn what_waiting_costs_is_what_is_waited() {
    // All else is certain, and the day is long enough for the longest wait.
    let certain = [
        ("lasts", "45m"),
        ("changes.proxy-update", "{takes: 2m}"),
        ("plays.rollback.steps.ask.within", "30m"),
        ("expect", "{detected: < 5m, recovered: < 15m}"),
    ];
    let among = DAY.replace("{proxy-update: 60%, proxy-rebuild: 40%}", "{proxy-update: 100%}");
    let plan = plan(&among, &certain);
    for deed in [
        Intervention::Yes,
        Intervention::Make(
            plan.names.changes.get_index_of("proxy-update").expect("it is there").into(),
        ),
    ] {
        let found = waited(&plan, deed, 12);
        assert_eq!(found.forks, 12);
        let [now, soon, later] = &found.each;
        let back = |one: &sim::campaign::DelayedOutcome| {
            one.recovered_at.expect("users are well again").seconds()
        };
        let (first, second) = (back(soon) - back(now), back(later) - back(now));
        assert!((first - 300.0).abs() < 45.0, "{deed:?}: {found:?}");
        assert!((second - 900.0).abs() < 45.0, "{deed:?}: {found:?}");
        assert!(now.users < soon.users && soon.users < later.users, "{found:?}");
        assert_eq!((now.kept, soon.kept, later.kept), (12, 12, 0), "{deed:?}: {found:?}");
    }
}

#[test]
fn the_same_forks_on_any_number_of_threads_and_none_once_it_is_stopped() {
    let plan = plan(DAY, &[]);
    let header = header(&plan);
    let (gameday, _) = begun(&plan, &header, &[0], at(260));
    let ask = |jobs: usize, stop: &(dyn Fn() -> bool + Sync)| {
        let workers = WorkerPool::new(jobs).expect("threads");
        let players = Players { workers: &workers, stop, done: &|| {} };
        let deed = Intervention::Make(1.into());
        WaitingChoice {
            gameday: &gameday,
            plan: &plan,
            header: &header,
            seed: 7,
            at: at(260),
            intervention: deed,
        }
        .ask(7, &players)
    };
    let one = ask(1, &|| false);
    assert_eq!(one.as_ref().map(|found| found.forks), Some(7));
    assert_eq!(one, ask(3, &|| false));
    assert_eq!(ask(2, &|| true), None);
}

/// A room by script: these lines before the decision.
fn room(folder: &Path, out: &str, more: &str) -> (Output, String, String) {
    let (before, after) = ANSWERS.split_once("+20s      decide").expect("a decision");
    let script = format!("{before}+10s      note now\n{more}+10s      decide{after}");
    fs::write(folder.join("asked.txt"), script).expect("written");
    let command = ["run", "day.yaml", "--script", "asked.txt", "--seats", "wyatt,chris", "--out"];
    let output = sim(folder).args(command).args([out, "--what-if-runs", "16"]).output();
    let output = output.expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (said, complained) = (text(&output.stdout), text(&output.stderr));
    (output, said, complained)
}

#[test]
fn the_room_says_what_waiting_costs_and_nothing_in_it_changes() {
    let folder = prepared();
    room(folder.path(), "plain", "");
    let more = "+0s odds\n+0s odds proxy-rebuild\n";
    let (output, said, complained) = room(folder.path(), "asked", more);
    assert_eq!(output.status.code(), Some(0), "{complained}");
    let told = said.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "odds: approval of proxy-update, now or later",
        "now: met in ",
        "in 5m: met in ",
        "in 15m: met in ",
        "By its table time it is everywhere at 17:0",
        "; each minute of waiting adds about ",
        "odds: making proxy-rebuild, now or later",
        "Simulated: 16 runs that begin at 17:0",
    ] {
        assert!(told.contains(words), "{words}: {said}");
    }
    let (plain, with) = (folder.path().join("plain"), folder.path().join("asked"));
    assert!(lines(&plain) == lines(&with), "a question changes what happens");
    let (_, again, _) = room(folder.path(), "again", more);
    let told = |said: &str| said.split("EXERCISE:").next().map(str::to_string);
    assert_eq!(told(&said), told(&again), "the same script gives the same answers");
    assert!(said.lines().all(|line| line.chars().count() <= 100), "{said}");
}

#[test]
fn where_there_is_nothing_to_wait_for_it_is_said() {
    let folder = prepared();
    let early = ANSWERS.replace("+15s      declare", "+1s odds\n+14s      declare");
    let early = early.replace("30s       note", "20s odds\n21s odds proxy-update\n30s       note");
    let late = "5m odds\n5m odds pony\n5m odds proxy-update twice\n5m odds proxy-update\n\
                5m odds \"proxy-update\n5m odds wyatt\n";
    fs::write(folder.path().join("asked.txt"), format!("{early}{late}")).expect("written");
    let command = ["run", "day.yaml", "--script", "asked.txt", "--seats", "wyatt,chris"];
    let output = sim(folder.path()).args(command).args(["--what-if-runs", "4"]).output();
    let output = output.expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    for words in [
        "`odds` is not accepted: nobody in the room is asked to decide now; `odds CHANGE` says",
        "`odds proxy-update` is not accepted: no incident is open: there is nothing to wait for",
        "there is no change `pony`; there is proxy-update, proxy-rebuild",
        "`odds proxy-update twice` is not accepted: one change at a time",
        "`odds proxy-update` is not accepted: proxy-update is already under way",
        "there is no change `wyatt`",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
}
