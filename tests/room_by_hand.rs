//! What people in a room do without being asked: an incident that no rule has opened, and the words
//! of the plan.

use crate::live::{DAY, LIVE, lines, prepared, sim};
use crate::room::decided;
use std::fs;

/// A day with no rule filled in: nothing calls anybody.
#[test]
fn without_a_rule_that_is_filled_in_people_open_the_incident_and_clear_it() {
    let folder = prepared();
    let open = DAY.replace("expr: error_rate > 5%", "expr: error_rate > ?");
    assert_ne!(open, DAY, "the day has this rule");
    fs::write(folder.path().join("day.yaml"), open).expect("written");
    let typed = "declare yes\nclear\nskip 4m\nopen rollback\nopen rollback\nstatus\nack wyatt\n\
                 declare yes\nchoose proxy-update\nyes\nskip 2m\nclear\nclear\nstatus\nabort\n";
    let arguments = LIVE.iter().chain(&["1x", "--out", "live"]);
    let output = sim(folder.path()).args(arguments).write_stdin(typed).assert().code(130);
    let said = String::from_utf8_lossy(&output.get_output().stdout).into_owned();
    for part in [
        "No complete rule of this plan opens a play",
        "`declare yes` is not accepted: nobody in the room is asked whether this is an \
         incident now; `open PLAY` says that it is one",
        "`clear` is not accepted: no incident is open",
        "rollback is opened by hand: this is an incident",
        "`open rollback` is not accepted: rollback is already running",
        "`clear` ends it",
        "the room gives the all clear",
    ] {
        assert!(said.contains(part), "no {part:?} in\n{said}");
    }
    assert!(!said.contains("FIRES"), "{said}");
    let journal = lines(&folder.path().join("live"));
    assert!(journal.contains("\"alert\":\"by hand\"") && journal.contains("\"recovered\""));
    let table = fs::read_to_string(folder.path().join("live/responses.csv")).expect("a table");
    assert!(table.contains("opened by hand") && table.contains("outage proxy"), "{table}");

    // Where rules have opened it, they say when it is over.
    let folder = prepared();
    let output =
        sim(folder.path()).args(LIVE).args(["1x"]).write_stdin("next\nclear\nabort\n").assert();
    let said = String::from_utf8_lossy(&output.get_output().stdout).into_owned();
    assert!(said.contains("`clear` is not accepted: rules opened this incident"), "{said}");
}

#[test]
fn a_decider_may_use_the_words_of_the_plan() {
    let folder = prepared();
    for (number, (said, parts)) in [
        ("+20s decide pause\n+70s yes", ["not yet, ask again in 5m", "proxy-update is ordered"]),
        ("+20s chris: pause, ask again in 1m\n+70s yes", ["again in 1m", "go ahead"]),
        ("+20s pivot to proxy-rebuild", ["no, instead proxy-rebuild", "proxy-rebuild is ordered"]),
        ("+20s decide pivot proxy-rebuild", ["no, instead", "proxy-rebuild is ordered"]),
        ("+20s decide continue", ["\"reply\":\"no\"", "do not go ahead"]),
    ]
    .into_iter()
    .enumerate()
    {
        let (journal, refused) = decided(folder.path(), &format!("p{number}"), said);
        assert_eq!(refused.matches("is not accepted").count(), 0, "{said}: {refused}");
        for part in parts {
            assert!(journal.contains(part), "{said}: no {part:?}");
        }
    }
    let (_, said) = decided(folder.path(), "bad", "+1s decide pivot\n+1s decide pivot to nowhere");
    assert!(said.contains("say to which change: `pivot CHANGE`"), "{said}");
    assert!(said.contains("`nowhere` is not a known name"), "{said}");
}

#[test]
fn next_says_who_is_asked_and_stops_where_all_is_clear() {
    let folder = prepared();
    let typed = "next\nack wyatt\nyes\nchoose proxy-update\nnext\nyes\nnext\nstatus\nabort\n";
    let output = sim(folder.path()).args(LIVE).args(["1x"]).write_stdin(typed).assert().code(130);
    let said = String::from_utf8_lossy(&output.get_output().stdout).into_owned();
    for part in ["later — wyatt is asked", "later — all clear for incident 1"] {
        assert!(said.contains(part), "no {part:?} in\n{said}");
    }
    let (_, status) = said.split_once("all clear for incident 1").expect("it is said");
    assert!(!status.contains("incident 1 is open"), "{said}");
}
