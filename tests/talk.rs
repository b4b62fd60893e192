//! Messages that no play sends, who is told of them and when, in the simulation and in the room.

use crate::live::{ANSWERS, DAY, lines, prepared, sim};
use crate::support::{Run, run};
use sim::journal::Verdict;
use sim::units::{Span, Time};
use std::fs;
use std::path::Path;

/// The small day with a desk that people call.
const MESSAGES: &str = "outside: [public]\nmessages:\n";

fn day(messages: &str) -> String {
    format!("{DAY}{MESSAGES}{messages}\n")
}

fn minutes(count: u64) -> Time {
    Time::ZERO + Span::from_secs(60 * count)
}

/// When a message came, was read and was told, in seconds, and by whom.
type Told = (u64, Option<u64>, Option<u64>, Option<String>);

/// Every message of a day.
fn told(day: &Run) -> Vec<Told> {
    let seconds = |at: Time| at.seconds().round() as u64;
    let messages = day.story.messages().into_iter().map(|message| {
        let read = message.read.map(|(at, _)| seconds(at));
        let by = message.told.and_then(|(_, told)| told.by.clone());
        (seconds(message.at), read, message.told.map(|(at, _)| seconds(at)), by)
    });
    messages.collect()
}

/// Channels of which every answer is known.
pub(crate) fn sure(text: &str) -> String {
    let channels =
        text.replace("slack: {answers: 70%, after: 30s..2m}", "slack: {answers: 0%, after: 1m}");
    channels.replace("phone: {answers: 85%, after: ~1m}", "phone: {answers: 100%, after: 2m}")
}

/// Channels on which everybody answers after ten seconds.
pub(crate) fn quick(text: &str) -> String {
    let slack = "slack: {answers: 70%, after: 30s..2m}";
    let text = text.replace(slack, "slack: {answers: 100%, after: 10s}");
    text.replace("phone: {answers: 85%, after: ~1m}", "phone: {answers: 100%, after: 10s}")
}

#[test]
fn a_message_is_taken_and_passed_on_by_the_times_of_its_channel() {
    let text = sure(&day("  - {at: 1m, to: ops, by: phone, from: help desk, says: a blank page, \
                          expect: {told: decider, within: 10m, takes: 30s}}\n  \
                          - {at: 2m, to: chris, says: down?, \
                          expect: {told: public, within: 1m}}\n  \
                          - {at: 3m, to: decider, by: slack, says: hi, \
                          expect: {told: ops, within: 5m}}\n  \
                          - {at: 4m, to: decider, says: known, expect: {told: chris}}"));
    let run = run(&text, &[]);
    let of = |who: &str| Some(who.to_string());
    let expected = [
        // Two minutes until it is answered, half a minute to think, two minutes to reach chris.
        (60, Some(180), Some(330), of("wyatt")),
        // Face to face, and to somebody outside: at once.
        (120, Some(120), Some(120), of("chris")),
        // Nobody answers by slack.
        (180, None, None, None),
        // Who has to be told has heard it himself.
        (240, Some(240), Some(240), of("chris")),
    ];
    assert_eq!(told(&run), expected);
    let verdicts: Vec<(String, Verdict, String)> = run
        .story
        .expectations()
        .filter(|entry| entry.text.starts_with("message"))
        .map(|entry| (entry.text.clone(), entry.verdict, entry.observed.clone()))
        .collect();
    let row =
        |text: &str, verdict, observed: &str| (text.to_string(), verdict, observed.to_string());
    let expected = [
        row(
            "message 1 from help desk: told decider within 10m",
            Verdict::Met,
            "decider told after 4m 30s",
        ),
        row("message 2: told public within 1m", Verdict::Met, "public told after 0s"),
        row("message 3: told ops within 5m", Verdict::Missed, "nobody took it, ops not told"),
    ];
    assert_eq!(verdicts, expected);
}

#[test]
fn a_message_reaches_nobody_who_is_off_duty_or_unreachable() {
    let messages = "  - {at: 1m, to: press, by: phone, says: a, \
         expect: {told: decider, within: 1m}}\n  \
                    - {at: 4m, to: james, by: phone, says: b}\n  \
                    - {at: 6m, to: james, by: phone, says: c}\n  \
                    - {at: 6m, to: james, says: d}\n  \
                    - {at: 9m30s, to: james, by: phone, says: e}";
    let people = "hours: {late: [{daily: 17:20-18:00}]}\npeople:\n  \
         pat: {role: press, hours: late}\n  \
                  james: {role: dev}\n";
    let faults = "faults:\n  - {at: 5m, unreachable: james, for: 4m}\n";
    let text = sure(&day(messages)).replace("people:\n", people).replace("faults:\n", faults);
    let run = run(&text, &[]);
    let read: Vec<Option<u64>> = told(&run).into_iter().map(|(_, read, ..)| read).collect();
    // By phone nobody reaches james from the fifth to the ninth minute; face to face he hears.
    assert_eq!(read, [None, None, None, Some(360), Some(690)]);
    assert!(run.story.messages()[0].sent.to.is_empty());
    let missed = run.story.expectations().find(|entry| entry.text.starts_with("message 1"));
    assert_eq!(missed.map(|entry| entry.verdict), Some(Verdict::Missed));
}

#[test]
fn who_is_busy_with_an_incident_takes_a_call_afterwards() {
    let run = run(&quick(&day("  - {at: 3m30s, to: wyatt, by: phone, says: c}")), &[]);
    let acknowledged = run.attempts()[0].reached.acknowledged_at.expect("answered");
    let live = run.attempts()[0].reached.live_at.expect("the change is made");
    assert!(acknowledged < minutes(3) + Span::from_secs(30), "{acknowledged:?}");
    let read = run.story.messages()[0].read.expect("in the end").0;
    assert!(read >= live, "{read:?} before {live:?}");
}

#[test]
fn another_message_shifts_no_draw_and_an_unused_key_changes_nothing_else() {
    let first = "  - {at: 3m, to: ops, by: slack, says: b, expect: {told: decider, by: phone}}";
    let more = format!("  - {{at: 1m, to: ops, by: slack, says: a}}\n{first}");
    let (alone, beside) = (run(&day(first), &[]), run(&day(&more), &[]));
    assert_eq!(told(&alone)[0], told(&beside)[1]);
    let without = run(DAY, &[]);
    let others = |run: &Run| {
        let lines: Vec<String> = run.lines().lines().skip(1).map(str::to_string).collect();
        let events = lines.into_iter().filter(|line| !line.contains("\"event\":\"message\""));
        // The numbers of lines are others.
        events
            .map(|line| {
                line.split_once(",\"at\"").map_or(line.clone(), |(_, rest)| rest.to_string())
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(others(&without), others(&beside));
}

pub(crate) fn scripted(folder: &Path, text: &str, script: &str, out: &str) -> (String, String) {
    fs::write(folder.join("day.yaml"), text).expect("written");
    fs::write(folder.join("script.txt"), script).expect("written");
    let arguments =
        ["run", "day.yaml", "--script", "script.txt", "--seats", "wyatt,chris", "--out"];
    let output = sim(folder).args(arguments).arg(out).output().expect("it runs");
    (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

const CALL: &str = "  - {at: 1m, to: wyatt, by: phone, from: help desk, says: a blank page, \
                    expect: {told: decider, within: 10m}}";

#[test]
fn in_the_room_messages_are_taken_passed_on_and_timed() {
    let folder = prepared();
    let script = "90s ack wyatt\n2m say chris phone from \"the director's boss\" expect \
                  public within 1m \"what is 'up'?\"\n3m told decider\n\
                  4m told public \"we are on it\"\n5m say wyatt slack: you there?\n";
    let (screen, refused) = scripted(folder.path(), &day(CALL), script, "one");
    assert!(!refused.contains("is not accepted"), "{refused}");
    for part in [
        "17:01:00, help desk to wyatt by phone: EXERCISE: a blank page",
        "wyatt took it after 30s *; decider told after 2m * (within 10m)",
        "17:02:00, the director's boss to chris by phone: EXERCISE: what is 'up'?",
        "chris took it after 2m *; public told after 2m *, too late (within 1m)",
        "17:05:00, somebody to wyatt by slack: EXERCISE: you there?",
    ] {
        assert!(screen.contains(part), "no {part:?} in\n{screen}");
    }
    let table = fs::read_to_string(folder.path().join("one/messages.csv")).expect("a table");
    assert!(table.contains(",no,measured") && table.contains(",yes,measured"), "{table}");
    // The same script is the same day.
    scripted(folder.path(), &day(CALL), script, "two");
    assert_eq!(lines(&folder.path().join("one")), lines(&folder.path().join("two")));
}

#[test]
fn everyone_is_the_team_and_who_has_to_be_told_may_take_it_himself() {
    let folder = prepared();
    let script = "1m say wyatt phone expect public \"a\"\n70s told everyone by wyatt \"b\"\n\
                  2m say chris phone expect decider \"c\"\n150s ack chris\n";
    scripted(folder.path(), &day(CALL), script, "everyone");
    let table = fs::read_to_string(folder.path().join("everyone/messages.csv")).expect("a table");
    let row = |text: &str| {
        let row = table.lines().find(|line| line.contains(&format!(",EXERCISE: {text},")));
        row.unwrap_or_else(|| panic!("no {text} in {table}")).to_string()
    };
    assert!(row("a").contains(",public,,,,,,,"), "{}", row("a"));
    assert!(row("c").ends_with(",chris,30,,measured"), "{}", row("c"));
}

#[test]
fn with_nobody_in_the_room_messages_are_those_of_the_simulation() {
    let folder = prepared();
    fs::write(folder.path().join("day.yaml"), day(CALL)).expect("written");
    fs::write(folder.path().join("none.txt"), "# nothing\n").expect("written");
    let run = |more: &[&str], out: &str| {
        sim(folder.path())
            .args(["run", "day.yaml", "--out", out])
            .args(more)
            .output()
            .expect("runs");
        let journal = lines(&folder.path().join(out)).replace("EXERCISE: ", "");
        journal
            .lines()
            .filter(|line| line.contains("\"event\":\"message\""))
            .map(str::to_string)
            .collect::<Vec<_>>()
    };
    let room = run(&["--script", "none.txt", "--seats", ""], "room");
    assert!(!room.is_empty());
    assert_eq!(room, run(&["--trials", "1"], "alone"));
}

#[test]
fn what_is_said_to_nobody_is_refused_with_what_to_do() {
    let folder = prepared();
    let bad = [
        ("say", "write `say WHO CHANNEL \"TEXT\"`"),
        ("say wyatt", "say what is said"),
        ("say wyatt phone", "say what is said"),
        ("say wyatt by pigeon hello", "`pigeon` is not a known name"),
        ("say public hello", "public is outside the team; `told public`"),
        ("say nobody hello", "`nobody` is not a known name"),
        ("say wyatt expect everyone hello", "`everyone` is never told"),
        ("say wyatt expect chris within soon hello", "`soon` is not a time"),
        ("told", "write `told WHO`"),
        ("told nobody", "`nobody` is not a known name"),
        ("told public", "say who tells"),
        ("told chris by chris", "chris need not be told by chris"),
        ("told chris by phone", "`phone` is not a known name"),
        ("ack chris", "chris is not paged now"),
    ];
    let script: Vec<String> = bad.iter().map(|(line, _)| format!("+1s {line}")).collect();
    let (_, said) = scripted(folder.path(), &day(CALL), &script.join("\n"), "bad");
    for (line, part) in bad {
        let refused = said.lines().find(|said| said.contains(&format!("`{line}` is not accepted")));
        assert!(refused.is_some_and(|said| said.contains(part)), "{line}: {part}\n{said}");
    }
}

#[test]
fn the_sealed_list_and_the_player_screen_have_messages() {
    let folder = prepared();
    fs::write(folder.path().join("day.yaml"), day(CALL)).expect("written");
    sim(folder.path()).args(["pack", "day.yaml", "--out", "papers"]).assert().success();
    let papers = fs::read_dir(folder.path().join("papers")).expect("papers");
    let texts: Vec<(String, String)> = papers
        .map(|paper| paper.expect("a paper").path())
        .filter(|path| path.is_file())
        .map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap_or_default()))
        .collect();
    let sealed = texts.iter().filter(|(_, text)| text.contains("a blank page"));
    assert!(sealed.clone().count() > 0, "no paper has the message");
    assert!(
        sealed.clone().all(|(name, _)| name.contains("inject") || name.contains("facilitator")),
        "{:?}",
        sealed.map(|(name, _)| name).collect::<Vec<_>>()
    );

    let (live, players) = (
        ["run", "day.yaml", "--live", "--seats", "wyatt", "--out", "live"],
        ["--players", "players.html", "--speed", "1x"],
    );
    let typed = "skip 2m\nstatus\nabort\n";
    let output =
        sim(folder.path()).args(live).args(players).write_stdin(typed).output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    for part in [
        "a message arrived",
        "► message 1 for wyatt",
        "ack wyatt phone; then told decider until 17:11:00",
        "message 1 for wyatt has waited",
    ] {
        assert!(said.contains(part), "no {part:?} in\n{said}");
    }
    let page = fs::read_to_string(folder.path().join("players.html")).expect("a page");
    assert!(
        page.contains("help desk")
            && page.contains("a blank page")
            && !page.contains("told decider"),
        "{page}"
    );
}

#[test]
fn the_small_day_is_answered_as_before() {
    // What is typed for pages is never taken for messages.
    let folder = prepared();
    let (_, refused) = scripted(folder.path(), &day(CALL), ANSWERS, "answers");
    assert!(!refused.contains("`ack"), "{refused}");
}
