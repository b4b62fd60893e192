use super::*;
use crate::decision::AttemptOutcome;
use crate::journal::{AttemptEntry, Interval};
use crate::journal::{Event, fixture};
use crate::units::Time;

const SHEET: &str = "\
at,actor,role,channel,action,incident,note
18:07:40,,,,alert,,ErrorSpike on the wall
18:08,wyatt,,email,ask,,
18:10,Wyatt,,slack,ask,,
18:11:30,wyatt,ops,slack,ack,1,
18:14,wyatt,,,declare,,
18:21,wyatt,,,choose,,the reverse-proxy-rebuild
18:22,chris,,phone,ask,,
18:35,chris,,phone,decide,,
18:35,wyatt,,,start,,
18:55,wyatt,,,done,,
18:57,,,,recovered,,
18:58,rachael,oit,,tell,,\"all well, thanks\"
";

/// The hand-built journal counts incidents from 0; everything else is as a run writes it.
fn read(sheet: &str) -> Result<Observed, Vec<SheetProblem>> {
    let (mut header, entries) = fixture::proxy_outage();
    header.plan = serde_json::json!({"names": {"channels": ["email", "slack", "phone"]}});
    observed(sheet.as_bytes(), &header, &fixture::story(&entries))
}

fn said(sheet: &str) -> String {
    let problems = read(sheet).expect_err("something is wrong");
    let line = |problem: &SheetProblem| format!("{problem}; {}\n", problem.hint);
    problems.iter().map(line).collect()
}

fn with(row: &str) -> String {
    format!("{SHEET}{row}\n")
}

fn attempts(observed: &Observed) -> Vec<AttemptEntry> {
    let attempts = observed.entries.iter().filter_map(|entry| match &entry.event {
        Event::Attempt(attempt) => Some(attempt.as_ref().clone()),
        _ => None,
    });
    attempts.collect()
}

#[test]
fn a_sheet_is_told_as_a_journal() {
    let told = read(SHEET).expect("a sheet");
    assert_eq!(told.warnings, []);
    assert_eq!(told.header.mode, crate::journal::RunMode::Observed);
    assert_ne!(told.header.run_id, fixture::proxy_outage().0.run_id);
    let attempts = attempts(&told);
    assert_eq!(attempts.len(), 1);
    let attempt = &attempts[0];
    assert_eq!((attempt.incident, attempt.outcome), (1, AttemptOutcome::Recovered));
    assert_eq!(attempt.play.as_deref(), Some("rollback"));
    assert_eq!(attempt.start.fault.as_deref(), Some("outage-reverse-proxy"));
    assert_eq!(attempt.evidence(), "measured");
    let minutes = |interval| {
        let stretches = attempt.stretches();
        let of = stretches.iter().filter(|stretch| stretch.interval == interval);
        of.map(|stretch| stretch.length().seconds()).sum::<f64>() / 60.0
    };
    assert_eq!(minutes(Interval::Decide), 14.0);
    assert_eq!(minutes(Interval::Deploy), 20.0);
    assert_eq!(attempt.measured.len(), attempt.stretches().len());
    let (who, by) = (attempt.responder.as_deref(), attempt.channel.as_deref());
    assert_eq!(
        (who, by, attempt.decider.as_deref()),
        (Some("wyatt"), Some("slack"), Some("chris"))
    );
    let mut seqs = told.entries.iter().map(|entry| entry.seq);
    assert!(seqs.by_ref().eq(1..=told.entries.len() as u64));
    assert!(told.entries.is_sorted_by_key(|entry| entry.at));
}

#[test]
fn spreadsheets_may_change_the_look_of_a_sheet() {
    let plain = attempts(&read(SHEET).expect("a sheet"));
    let semicolons = SHEET.replace("\"all well, thanks\"", "all well").replace(',', ";");
    let looks = [
        format!("\u{feff}{SHEET}"),
        SHEET.replace('\n', "\r\n"),
        SHEET.replace("at,actor", "At, ACTOR"),
        format!("\n{SHEET}\n,,,,,,\n\n"),
        SHEET.replace('\n', ",,\n"),
        semicolons.clone(),
        semicolons.replace(';', "\t"),
        SHEET.replace("\n18:", "\n07/11/2018 18:"),
        SHEET.replace("\n18:14,", "\n6:14 pm,"),
    ];
    for look in looks {
        let told = read(&look).unwrap_or_else(|problems| panic!("{look}: {problems:?}"));
        assert_eq!(attempts(&told), plain, "{look}");
    }
}

#[test]
fn the_room_may_have_another_clock() {
    let moved = SHEET.replace("\n18:", "\n10:");
    assert!(said(&moved).contains("startex"));
    let (heading, rows) = moved.split_once('\n').expect("rows");
    let begun = format!("{heading}\n2026-11-05 09:00,,,,startex,,\n{rows}");
    let told = read(&begun).expect("a sheet");
    assert_eq!(attempts(&told), attempts(&read(SHEET).expect("a sheet")));
    assert_eq!(told.header.calendar.rfc3339(Time::ZERO), "2026-11-05T09:00:00-05:00");
}

#[test]
fn what_is_wrong_is_said_all_at_once_with_its_place() {
    let wrong = with("25:10,wyatt,,,note,,")
        + "18:59,wiatt,,,ack,,\n19:00,wyatt,,slcak,ack,,\n19:01,,,,picnic,,\n";
    let said = said(&wrong);
    for expected in [
        "row 14, column at: `25:10` is not a time; write a time of day",
        "row 15, column actor: `wiatt` is not a person of the scenario; did you mean `wyatt`?",
        "row 16, column channel: `slcak` is not a channel",
        "row 17, column action: `picnic` is not an action; write one of: startex",
    ] {
        assert!(said.contains(expected), "no `{expected}` in\n{said}");
    }
}

#[test]
fn every_slip_has_its_message() {
    let only = |row: &str| format!("at,actor,role,channel,action,incident,note\n{row}\n");
    for (sheet, expected) in [
        (String::new(), "the sheet is empty"),
        ("at,actor,action\n".to_string(), "the sheet is empty"),
        ("when,what\n18:00,ack\n".to_string(), "there is no column `when`"),
        ("at,at,action\n18:00,,ack\n".to_string(), "appears twice"),
        ("actor,action\nwyatt,ack\n".to_string(), "the column `at` is missing"),
        (only("5:42,wyatt,,,ack,,"), "write 17:42 or 5:42 pm"),
        (only("16:00,wyatt,,,ack,,"), "not within the rehearsal"),
        (only("18:00,,,,ack,,"), "does not say who"),
        (only("18:00,wyatt,,,,,"), "does not say what was done"),
        (only(",wyatt,,,ack,,"), "does not say when"),
        (only("18:00,wyatt,,,ack,one,"), "not the number of an incident"),
        (only("18:00,wyatt,,,ack,0,"), "not the number of an incident"),
        (only("18:00,chris,,,decide,,"), "`decide`, and no incident is open"),
        (only("18:00,,,,recovered,,"), "`recovered`, and no incident is open"),
        (only("18:00,wyatt,,,start,,"), "does not say which change"),
        (with("19:00,wyatt,,,choose,1,the revers-proxy-update"), "names no change of the table"),
        (with("19:00,wyatt,,,declare,1,"), "incident 1 is already over"),
        (only("18:00,wyatt,,,ack,,a,b,c"), "is beyond the last column"),
    ] {
        let said = said(&sheet);
        assert!(said.contains(expected), "no `{expected}` for {sheet:?} in\n{said}");
    }
    let latin = b"at,action,note\n18:00,note,caf\xe9\n";
    let (header, entries) = fixture::proxy_outage();
    let problems = observed(latin, &header, &fixture::story(&entries)).expect_err("not UTF-8");
    assert!(problems[0].to_string().contains("row 2: the sheet is not written in UTF-8"));
}

#[test]
fn what_can_be_understood_is_only_warned_of() {
    let odd = [
        (SHEET.replace("18:22,chris,,phone,ask,,\n", ""), "no row says when they were asked"),
        (SHEET.replace("18:35,wyatt,,,start,,\n", ""), "without a `start`"),
        (SHEET.replace("18:07:40,,,,alert,,ErrorSpike on the wall\n", ""), "no `alert`"),
        (with("18:30,josh,,,note,,too late"), "read in order of time"),
        (with("18:59,,,,inject,,the coffee machine"), "names no fault"),
    ];
    for (sheet, expected) in odd {
        let told = read(&sheet).unwrap_or_else(|problems| panic!("{problems:?}"));
        let said: Vec<String> = told.warnings.iter().map(SheetProblem::to_string).collect();
        assert!(said.len() == 1 && said[0].contains(expected), "{expected}: {said:?}");
        assert_eq!(attempts(&told).len(), 1);
    }
}

#[test]
fn a_failed_attempt_is_followed_by_another() {
    let (before, _) = SHEET.split_once("18:55").expect("a deploy");
    let sheet = format!(
        "{before}18:55,wyatt,,,failed,,\n18:58,wyatt,,,choose,,reverse-proxy-update\n\
         18:59,wyatt,,,start,,\n19:03,wyatt,,,done,,\n19:09,,,,no-effect,,\n"
    );
    let attempts = attempts(&read(&sheet).expect("a sheet"));
    let told: Vec<_> =
        attempts.iter().map(|a| (a.number, a.outcome, a.change.as_deref())).collect();
    let expected = [
        (1, AttemptOutcome::ChangeFailed, Some("reverse-proxy-rebuild")),
        (2, AttemptOutcome::NotVerified, Some("reverse-proxy-update")),
    ];
    assert_eq!(told, expected);
    assert_eq!(attempts[1].start.started_at, attempts[0].ended_at);
}

#[test]
fn a_fault_is_where_it_was_put_in() {
    let sheet = with("18:06,,,,inject,,outage-reverse-proxy by hand");
    let told = read(&sheet).expect("a sheet");
    let began = attempts(&told)[0].start.started_at;
    assert_eq!(began, Time(66 * 60 * 1_000_000_000));
}
