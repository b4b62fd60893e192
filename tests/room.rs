//! Rooms as they really are: deciders who say neither yes nor no, people who improvise, a screen
//! that gives nothing away.

use crate::live::{ANSWERS, DAY, LIVE, lines, prepared, sim};
use std::fs;
use std::path::Path;

/// The response of the small day up to the question for a decision, and what is said then.
pub(crate) fn decided(folder: &Path, out: &str, said: &str) -> (String, String) {
    let asked = ANSWERS.split_once("+20s      decide").expect("a decision").0;
    fs::write(folder.join("said.txt"), format!("{asked}{said}\n")).expect("written");
    let arguments = ["run", "day.yaml", "--script", "said.txt", "--seats", "wyatt,chris", "--out"];
    let output = sim(folder).args(arguments).arg(out).output().expect("it runs");
    let journal = lines(&folder.join(out));
    (journal, String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_decider_answers_as_deciders_do() {
    let folder = prepared();
    for (number, (said, parts)) in [
        (
            "+20s no, instead proxy-rebuild",
            ["no, instead proxy-rebuild", "proxy-rebuild is ordered"],
        ),
        (
            "+20s not yet, ask again in 1m, wants the error graph\n+70s yes chris",
            ["not yet, ask again in 1m, wants the error graph", "proxy-update is ordered"],
        ),
        ("+20s decide not yet\n+20s yes", ["not yet, ask again in 5m", "proxy-update is ordered"]),
        (
            "+20s chris: yes, if not better by 17:06",
            ["yes, if not better in 1m 20s", "proxy-update is ordered"],
        ),
        ("+20s decide wyatt decides\n+20s decide yes wyatt", ["wyatt decides", "go ahead"]),
    ]
    .into_iter()
    .enumerate()
    {
        let (journal, refused) = decided(folder.path(), &format!("r{number}"), said);
        assert_eq!(refused.matches("is not accepted").count(), 0, "{said}: {refused}");
        for part in parts {
            assert!(journal.contains(part), "{said}: no {part:?}");
        }
    }
}

#[test]
fn an_answer_that_makes_no_sense_says_what_would() {
    let folder = prepared();
    let bad = [
        ("decide", "say `decide yes`, `decide no` or `decide not yet`"),
        ("decide no, instead", "say which change"),
        ("decide no, instead reboot", "`reboot` is not a known name"),
        ("decide no, instead proxy-update", "say `decide yes`"),
        ("decide yes, if not better", "say until when"),
        ("decide yes, if not better by 17:01", "17:01:00 has passed: it is"),
        ("decide yes, if not better by 17:99", "`17:99` is not a time of day"),
        ("decide not yet, ask again in 90000s", "write 1s to 24h"),
        ("decide decides", "say who decides"),
        ("decide chris decides chris", "chris has already been asked"),
        ("decide yes, wyatt decides", "that is two answers"),
        ("decide yes no", "unexpected"),
        ("decide not yet james", "`james` is not a known name"),
        ("yes wyatt", "wyatt is not asked to decide now"),
    ];
    let script: Vec<String> = bad.iter().map(|(line, _)| format!("+1s {line}")).collect();
    let (_, said) = decided(folder.path(), "bad", &script.join("\n"));
    for (line, part) in bad {
        let refused = said.lines().find(|said| said.contains(&format!("`{line}` is not accepted")));
        assert!(refused.is_some_and(|said| said.contains(part)), "{line}: {part}\n{said}");
    }
}

#[test]
fn a_simulated_decider_may_say_not_yet_and_agrees_is_its_short_form() {
    let folder = prepared();
    let asks = "{ask: decider, by: [slack, phone], within: 4m";
    let with = |answers: &str, name: &str| {
        let day = DAY.replace(asks, &format!("{asks}, {answers}"));
        fs::write(folder.path().join(format!("{name}.yaml")), day).expect("written");
        let arguments = ["run", &format!("{name}.yaml"), "--trials", "1", "--out", name];
        sim(folder.path()).args(arguments).output().expect("it runs");
        lines(&folder.path().join(name))
    };
    assert_eq!(with("agrees: 95%", "short"), with("answers: {yes: 95%, no: 5%}", "long"));
    for (answers, parts) in [
        ("not yet 30s: 100%", ["not yet, ask again in 30s", "go ahead with proxy-update?"]),
        (
            "no instead proxy-rebuild: 100%",
            ["no, instead proxy-rebuild", "proxy-rebuild is ordered"],
        ),
        ("wyatt decides: 100%", ["wyatt decides", "\"step\":\"decided\",\"actor\":\"wyatt\""]),
        (
            "yes if not better in 10s: 100%",
            ["yes, if not better in 10s", "proxy-update is ordered"],
        ),
    ] {
        let name = answers.split(':').next().expect("an answer").replace(' ', "-");
        let journal = with(&format!("answers: {{{answers}}}"), &name);
        let found = parts.map(|part| journal.matches(part).count());
        assert!(found[0] > 0 && found[1] > usize::from(answers.starts_with("not")), "{answers}");
    }
}

#[test]
fn nothing_on_the_shared_screen_gives_it_away() {
    let folder = prepared();
    let day = DAY.replace("scenario: A small day", "scenario: Half of the proxies fail");
    fs::write(folder.path().join("day.yaml"), day).expect("written");
    let typed = "status\nskip 4m\nnext\nstatus\nshow\nstatus\nhide\nabort\n";
    let hidden = ["--players", "players.html", "--code-name", "Exercise 7", "--hide"];
    let arguments = LIVE.iter().chain(&["1x"]).chain(&hidden);
    let output = sim(folder.path()).args(arguments).write_stdin(typed).assert().code(130);
    let said = String::from_utf8_lossy(&output.get_output().stdout).into_owned();
    let (shared, rest) = said.split_once("steps of the plan are shown").expect("it is shown");
    for secret in ["Half of the proxies", "reports/", "outage", "rollback", "ack wyatt", "[contr"] {
        assert!(!shared.contains(secret), "{secret:?} in\n{shared}");
    }
    for part in ["Exercise 7", "Errors FIRES", "wyatt by slack: page ops", "minutes later"] {
        assert!(shared.contains(part), "no {part:?} in\n{shared}");
    }
    assert!(rest.contains("(ack wyatt slack)") && rest.contains("next, in"), "{rest}");
    let page = fs::read_to_string(folder.path().join("players.html")).expect("a page");
    assert!(page.contains("Exercise 7") && !page.contains("Half of the proxies"), "{page}");

    for name in ["", "a\u{7}b", "a name that is much too long to be shown on a screen in a room ok"]
    {
        let output = sim(folder.path()).args(LIVE).args(["1x", "--code-name", name]).assert();
        let output = output.code(2);
        let said = String::from_utf8_lossy(&output.get_output().stderr).into_owned();
        assert!(said.contains("write a short name that gives nothing away"), "{said}");
    }
}

#[test]
fn a_room_that_improvises_is_played_again_byte_for_byte() {
    let folder = prepared();
    let asked = ANSWERS.split_once("+20s      decide").expect("a decision").0;
    let improvised = "+20s no, wants the error graph\n+10s do proxy-rebuild for chris by wyatt\n\
                      +5s do proxy-rebuild\n+5s park who may say no?\n+20s done\n+5s seat chris\n\
                      +5s leave chris\n+5s open rollback\n+5s assign chris\n+5s handoff wyatt\n\
                      +5s close\n+5s discuss what we saw\n+5s next\n";
    fs::write(folder.path().join("room.txt"), format!("{asked}{improvised}")).expect("written");
    let script = ["run", "day.yaml", "--script", "room.txt", "--seats", "wyatt,chris", "--out"];
    let mut said = Vec::new();
    for out in ["a", "b"] {
        let output = sim(folder.path()).args(script).arg(out).output().expect("it runs");
        said.push(String::from_utf8_lossy(&output.stderr).into_owned());
        assert!(String::from_utf8_lossy(&output.stdout).contains("For the hot wash"));
    }
    let (a, b) = (folder.path().join("a"), folder.path().join("b"));
    assert!(fs::read(a.join("journal.jsonl")).ok() == fs::read(b.join("journal.jsonl")).ok());
    // Two are refused: what is under way, and whoever is already in the room.
    assert_eq!(said[0].matches("is not accepted").count(), 2, "{}", said[0]);
    let responses = fs::read_to_string(a.join("responses.csv")).expect("a table");
    assert!(responses.contains("refused") && responses.contains("proxy-rebuild"), "{responses}");
    // What was improvised is among the steps, with who asked and who made it.
    let row = responses.lines().find(|row| row.ends_with(",chris,wyatt")).expect("its row");
    assert!(row.contains(",proxy-rebuild,") && row.contains("measured"), "{row}");
    let page = fs::read_to_string(a.join("outbrief.html")).expect("a page");
    let text = fs::read_to_string(a.join("outbrief.md")).expect("a page");
    for said in [&page, &text] {
        assert!(said.contains("improvised, asked for by the decider, made by the ops"), "{text}");
    }
}

#[test]
fn sim_room_is_the_door_and_what_is_left_goes_on_as_it_was() {
    let folder = prepared();
    let room = |arguments: &[&str], typed: &str| {
        let mut command = sim(folder.path());
        command.args(["room", "day.yaml"]).args(arguments).write_stdin(typed.to_string());
        let output = command.output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        (output.status.code(), said, String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let seats = ["--seats", "wyatt,chris", "--speed", "600x", "--script", "answers.txt"];
    let (code, ..) = room(&[&seats[..], &["--out", "a"]].concat(), "");
    assert_eq!(code, Some(0));
    let live = [&["run", "day.yaml", "--live", "--out", "b"], &seats[..]].concat();
    sim(folder.path()).args(live).assert().code(0);
    assert!(lines(&folder.path().join("a")) == lines(&folder.path().join("b")));

    // One that was left: its first lines, and what was typed in it.
    let shown = ["--players", "players.html", "--code-name", "Exercise 7", "--hide"];
    let begun = ["--seats", "wyatt,chris", "--speed", "20x", "--out", "left"];
    room(&[&shown[..], &begun].concat(), "speed 40x\nskip 1m\nabort\n");
    let record = folder.path().join("left/room.jsonl");
    let whole = fs::read_to_string(&record).expect("a record");
    let kept = whole.lines().take_while(|line| !line.contains("abort"));
    let kept: String = kept.map(|line| format!("{line}\n")).collect();
    assert!(kept.contains("\"speed\":\"20x\"") && kept.contains("Exercise 7"), "{kept}");
    fs::write(&record, kept).expect("written");
    fs::remove_file(folder.path().join("players.html")).expect("it was there");
    let (code, said, wrong) = room(&["--resume", "--out", "left"], "status\nabort\n");
    assert_eq!(code, Some(130), "{wrong}");
    assert!(said.contains("Exercise 7") && said.contains("40x real time"), "{said}");
    assert!(!said.contains("[controller]"), "{said}");
    assert!(folder.path().join("players.html").exists(), "the screen is there again");

    // Of another version nothing is the same for certain.
    let kept = fs::read_to_string(&record).expect("a record");
    let version = env!("CARGO_PKG_VERSION");
    let (own, other) = (format!("\"program\":\"{version}\""), "\"program\":\"0.0.9\"");
    let kept = kept.lines().filter(|line| !line.contains("abort") && !line.contains("\"over\""));
    let kept: String = kept.map(|line| format!("{}\n", line.replace(&own, other))).collect();
    fs::write(&record, kept).expect("written");
    let (code, _, wrong) = room(&["--resume", "--out", "left"], "abort\n");
    assert_eq!(code, Some(2), "{wrong}");
    assert!(
        wrong.contains(&format!("was started with sim 0.0.9; this is sim {version}")),
        "{wrong}"
    );

    for (arguments, part) in [
        (&["--resume", "--seats", "wyatt", "--out", "left"][..], "the rehearsal already has them"),
        (&["--resume", "--out", "nowhere"], "there is no rehearsal"),
        (&["--shard", "1/2"], "--shard does not go with people"),
        (&["--speed", "0x"], "not a speed"),
        (&["--seats", "nobody"], "there is no person `nobody`"),
        (&["--listen", "somewhere"], "--listen"),
    ] {
        let (code, _, wrong) = room(arguments, "");
        assert_eq!(code, Some(2), "{arguments:?}: {wrong}");
        assert!(wrong.contains(part), "{arguments:?}: {wrong}");
    }
}

#[test]
fn next_stops_where_the_same_person_is_asked_once_more() {
    let folder = prepared();
    let typed = "next\nack wyatt\nyes\nchoose proxy-update\nnext\n\
                 not yet, ask again in 30s\nnext\nstatus\nabort\n";
    let arguments = LIVE.iter().chain(&["1x", "--out", "live"]);
    let output = sim(folder.path()).args(arguments).write_stdin(typed).assert().code(130);
    let said = String::from_utf8_lossy(&output.get_output().stdout).into_owned();
    // He has a question by slack open still when he answers by phone. The first way of asking
    // again is slack; the phone comes minutes later, if nobody stops for that.
    let (_, again) = said.split_once("not yet, ask again in 30s (").expect("he said so");
    let (_, again) = again.split_once("later — ").expect("the clock ran ahead");
    let shown = again.split(" of the exercise").next().expect("something");
    assert!(shown.contains("chris by slack: go ahead"), "{said}");
    assert!(!shown.contains("by phone"), "{said}");
}

#[test]
fn next_does_not_run_to_the_end_while_somebody_has_a_question_to_answer() {
    let folder = prepared();
    let played = |typed: &str| {
        let out = format!("live{}", typed.len());
        let mut room = sim(folder.path());
        room.args(LIVE).args(["1x", "--out", &out]).write_stdin(typed.to_string());
        let output = room.assert().code(130);
        String::from_utf8_lossy(&output.get_output().stdout).into_owned()
    };
    let said = played("next\nack wyatt\nnext\nstatus\nabort\n");
    let why = "`next` is not accepted: wyatt: is this an incident? waits for an answer; `skip 10m`";
    assert!(said.contains(why) && said.contains("17:02:50 of the exercise"), "{said}");
    // Nobody answers any page: it stops when the play stalls, and not at the end.
    let said = played("next\nnext\nnext\nnext\nnext\nstatus\nabort\n");
    assert!(said.contains("2 minutes later — the plan has no next step"), "{said}");
    assert!(said.contains("Interrupted at 17:10:50"), "{said}");
}

/// A small day in which everything is said that can be said in a room.
const EVERYTHING: &str = r#"
0         guess wyatt back 6m longest diagnose
0         guess chris back 8m missing "a phone number"
30s       note everybody is here
40s       status
45s       hide
46s       show
50s       say chris phone from "the director's boss" expect wyatt within 5m "is it on?"
1m        told wyatt by chris "they ask"
65s       inject slow: web, by: 10ms, for: 1m
70s       undo
75s       inject slow: web, by: 10ms, for: 1m
80s       open rollback
85s       clear
17:03:40  ack wyatt slack
+5s       declare no wyatt
+1s       undo
+5s       speed 4x
+5s       declare yes
+10s      pause
+1s       resume
+20s      choose proxy-update
+5s       what if plays.rollback.ask.within=1m
+0s       keep, owner chris, due Nov 6
+0s       odds
+5s       not yet, ask again in 20s, wants the error graph
+30s      decide wyatt decides
+5s       decide yes, if not better in 10s wyatt
+15s      start proxy-update
+20s      failed proxy-update
+5s       close
+5s       open rollback
+5s       assign chris
+5s       handoff wyatt
+5s       declare yes
+5s       choose proxy-update
+5s       no, instead proxy-rebuild
+5s       start
+10s      done
+5s       leave chris
+5s       do proxy-update for chris by wyatt
+5s       skip 5s
+5s       next
+5s       seat chris
+5s       discuss what we saw
+5s       resume
+5s       park who may say no?
+5s       help
+5s       abort enough
"#;

#[test]
fn every_word_of_the_room_in_one_script_is_played_again_byte_for_byte() {
    let word = |line: &'static str| Some(line.split_whitespace().nth(1)?.trim_end_matches(','));
    let typed: Vec<&str> = EVERYTHING.lines().filter_map(word).collect();
    // Answers to whatever is asked stand for `decide` too.
    let missing: Vec<&str> =
        sim::rehearsal::Command::words().filter(|word| !typed.contains(word)).collect();
    assert!(missing.is_empty(), "say these too: {missing:?}");
    let play = || {
        let folder = prepared();
        fs::write(folder.path().join("all.txt"), EVERYTHING).expect("written");
        let room = ["run", "day.yaml", "--script", "all.txt", "--seats", "wyatt,chris"];
        let room = sim(folder.path())
            .args(room)
            .args(["--what-if-runs", "8", "--out", "o"])
            .output()
            .expect("it runs");
        let complained = String::from_utf8_lossy(&room.stderr).into_owned();
        assert!(!complained.contains("is not accepted"), "{complained}");
        let told = String::from_utf8_lossy(&room.stdout).into_owned();
        let page = fs::read_to_string(folder.path().join("o/outbrief.html")).expect("a page");
        // Made again, it says the same.
        sim(folder.path()).args(["report", "o"]).assert().code(0);
        let made = fs::read_to_string(folder.path().join("o/outbrief.html")).expect("a page");
        assert!(page == made, "the page differs when it is made again");
        (lines(&folder.path().join("o")), told, page)
    };
    let (first, again) = (play(), play());
    assert!(first.0 == again.0, "the journal differs");
    assert_eq!((&first.1, &first.2), (&again.1, &again.2));
    for part in [
        "Guessed before the start",
        "What surprised most comes first",
        "a phone number",
        "Improvement plan",
        "plays.rollback.ask.within=1m",
        "2018-11-06",
    ] {
        assert!(first.2.contains(part), "no {part:?} on the page");
    }
    assert!(!first.2.contains("chris") && first.1.contains("Improvised"), "{}", first.1);
    for said in [
        "not yet, ask again in 20s, wants the error graph",
        "wyatt decides",
        "yes, if not better in 10s",
        "no, instead proxy-rebuild",
    ] {
        assert!(first.0.contains(said), "{said}");
    }
    for part in
        ["Guessed before the start", "Improvement plan", "For the hot wash", "who may say no?"]
    {
        assert!(first.1.contains(part), "no {part:?} in\n{}", first.1);
    }
}
