//! Who must have word of an incident by when, and whether they had.

use crate::live::{ANSWERS, DAY, prepared, sim};
use crate::support::{Run, run};
use crate::talk::{quick, scripted};
use sim::journal::Verdict;
use sim::units::{Span, Time};
use std::fs;

/// The small day with quick channels, and with what is expected of who is told when.
fn told_day(tells: &str, expect: &str) -> String {
    let steps = "      - change chosen\n";
    let expected = "expect: {detected: < 5m, recovered: < 10m}";
    let text = DAY.replace(steps, &format!("{tells}{steps}"));
    let text = text.replace(expected, &format!("expect: {{told: {{{expect}}}}}"));
    format!("{}outside: [public, partner]\n", quick(&text))
}

fn verdicts(run: &Run) -> Vec<(String, Verdict, String)> {
    let entries = run.story.expectations();
    entries.map(|entry| (entry.text.clone(), entry.verdict, entry.observed.clone())).collect()
}

#[test]
fn first_words_are_measured_from_the_start_of_the_incident() {
    let tells = "      - {tell: chris, to: public, note: we know}\n";
    let day = told_day(tells, "decider: < 12m, public: < 1m, partner: before change, wyatt: < 10m");
    let run = run(&day, &[]);
    let attempt = run.attempts()[0];
    let seconds = |at: Option<Time>| at.expect("it came").since(attempt.start.started_at);
    let said = verdicts(&run);
    let texts: Vec<&str> = said.iter().map(|(text, ..)| text.as_str()).collect();
    let expected = [
        "told decider < 12m",
        "told public < 1m",
        "told partner before change",
        "told wyatt < 10m",
    ];
    assert_eq!(texts, expected);
    let verdict: Vec<Verdict> = said.iter().map(|(_, verdict, _)| *verdict).collect();
    assert_eq!(verdict, [Verdict::Met, Verdict::Missed, Verdict::Missed, Verdict::Met]);
    // The decider has word once he answers the question; the public right after.
    let incident = &run.story.incidents()[0];
    let decider = run.story.informed(&run.header, incident, "decider");
    assert_eq!(decider.first(), Some(seconds(attempt.reached.decided_at)));
    let public = run.story.informed(&run.header, incident, "public");
    assert_eq!(public.first(), decider.first());
    assert_eq!(public.before_change(), Some(true));
    let partner = run.story.informed(&run.header, incident, "partner");
    assert_eq!((partner.first(), partner.before_change()), (None, Some(false)));
    assert_eq!(said[2].2, "not told");
}

#[test]
fn updates_that_are_due_and_do_not_come_are_missed() {
    let start = "      - {tell: chris, to: public, every: 1m, note: we know}\n";
    let day = told_day(start, "public: every 1m");
    let run_all = run(&day, &[]);
    let said = verdicts(&run_all);
    assert_eq!(said[0].0, "updates to public every 1m");
    assert_eq!(said[0].1, Verdict::Met, "{said:?}");
    let incident = &run_all.story.incidents()[0];
    let informed = run_all.story.informed(&run_all.header, incident, "public");
    let (due, missed) = informed.updates(Span::from_secs(60)).expect("told");
    assert!(due >= 1 && missed == 0, "{due} {missed}");
    // One every minute is not one every ten seconds: five of six are missed, and the rest.
    let (due, missed) = informed.updates(Span::from_secs(10)).expect("told");
    let lasted = informed.until.since(informed.words[0].at).seconds();
    let came = informed.words.len() as u64 - 1;
    assert_eq!(due, ((lasted - 1e-9) / 10.0).floor().max(0.0) as u64);
    assert_eq!(missed, due - came);

    let once =
        told_day("      - {tell: chris, to: public, note: we know}\n", "public: < 12m every 30s");
    let said = verdicts(&run(&once, &[]));
    assert_eq!(said[0].1, Verdict::Met);
    assert_eq!(said[1].1, Verdict::Missed, "{said:?}");
    let never = verdicts(&run(&told_day("", "public: every 30s"), &[]));
    assert_eq!((never[0].1, never[0].2.as_str()), (Verdict::Missed, "never told"));
}

#[test]
fn many_runs_say_how_often_they_were_told_in_time() {
    let folder = prepared();
    let tells = "      - {tell: chris, to: public, note: we know}\n";
    let day = told_day(tells, "decider: < 12m, public: < 30m every 1m, partner: before change");
    fs::write(folder.path().join("day.yaml"), day).expect("written");
    let arguments = ["run", "day.yaml", "--trials", "80", "--jobs", "1", "--out", "many"];
    let output = sim(folder.path()).args(arguments).output().expect("it runs");
    assert_eq!(output.status.code(), Some(99), "the partner is never told");
    let screen = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(screen.contains("artner told before the change in 0 of"), "{screen}");
    assert!(screen.contains("Who was told when"), "{screen}");
    let trials = fs::read_to_string(folder.path().join("many/trials.csv")).expect("a table");
    let heading = trials.lines().next().expect("a heading");
    for column in [
        "told_decider_s",
        "told_public_s",
        "updates_to_public_due",
        "updates_to_public_missed",
        "told_partner_s",
        "meets_told_partner_before_change",
        "meets_updates_to_public_every_1m",
    ] {
        assert!(heading.split(',').any(|name| name == column), "no {column} in {heading}");
    }
    let told = fs::read_to_string(folder.path().join("many/told.csv")).expect("a table");
    let rows: Vec<&str> = told.lines().skip(1).collect();
    assert!(rows.len() >= 3 && rows[0].contains(",decider,"), "{told}");
    let page = fs::read_to_string(folder.path().join("many/outbrief.html")).expect("a page");
    let text = fs::read_to_string(folder.path().join("many/outbrief.md")).expect("a page");
    assert!(page.contains("Who was told when") && text.contains("Who was told when"));
}

#[test]
fn in_the_room_words_are_measured_and_names_are_not_handed_on() {
    let folder = prepared();
    let day = told_day("", "chris: < 5m, public: < 2m");
    let script = "4m told chris by wyatt\n5m told public by wyatt \"we are on it\"\n";
    let (screen, refused) = scripted(folder.path(), &day, script, "room");
    assert!(!refused.contains("is not accepted"), "{refused}");
    for part in ["chris   after 2m * by wyatt", "public  after 3m * by wyatt"] {
        assert!(screen.contains(part), "no {part:?} in\n{screen}");
    }
    let told = fs::read_to_string(folder.path().join("room/told.csv")).expect("a table");
    assert!(told.contains(",yes,wyatt,told,") && told.contains(",no,wyatt,told,"), "{told}");
    let page = fs::read_to_string(folder.path().join("room/outbrief.html")).expect("a page");
    let section = page.split("Who was told when").nth(2).unwrap_or(&page);
    assert!(!section.contains("wyatt") && page.contains("the decider"), "a name is handed on");
}

#[test]
fn without_expectations_of_it_nothing_is_shown() {
    let folder = prepared();
    fs::write(folder.path().join("day.yaml"), DAY).expect("written");
    let output =
        sim(folder.path()).args(["run", "day.yaml", "--trials", "1", "--out", "one"]).output();
    let screen = String::from_utf8_lossy(&output.expect("it runs").stdout).into_owned();
    assert!(!screen.contains("told when") && !screen.contains("Messages"), "{screen}");
    let page = fs::read_to_string(folder.path().join("one/outbrief.html")).expect("a page");
    assert!(!page.contains("Who was told when"));
}

#[test]
fn who_is_in_the_room_tells_for_himself_and_updates_of_the_plan_are_due() {
    let folder = prepared();
    let day = told_day("      - {tell: public, every: 1m, note: we know}\n", "decider: < 12m");
    let asked = ANSWERS.replace("+20s      decide yes chris", "+20s yes");
    let said = |script: &str, out: &str| {
        let (screen, refused) = scripted(folder.path(), &day, &format!("{asked}{script}"), out);
        assert!(!refused.contains("is not accepted"), "{refused}");
        let read = |name: &str| fs::read_to_string(folder.path().join(out).join(name));
        let (told, page) = (read("told.csv").expect("a table"), read("outbrief.html"));
        let row = told.lines().find(|row| row.contains(",public,")).map(str::to_string);
        (screen, row.unwrap_or(told), page.expect("a page"), read("journal.jsonl").expect("it"))
    };
    // Nobody says it: the plan has not said it for him.
    let (screen, row, page, journal) = said("", "never");
    assert!(journal.contains("wyatt tells public: we know"), "it is due");
    assert!(!journal.contains("\"audience\":\"public\""), "nobody told them");
    assert!(row.contains(",60,,,"), "{row}");
    assert!(screen.contains("updates to public every 1m: never told"), "{screen}");
    assert!(page.contains("every 1m: never told") && !page.contains("wyatt tells"));
    // Once, and never again: what the plan wants until all is clear is missed.
    let (screen, row, ..) = said("+5s told public\n", "once");
    let cells: Vec<&str> = row.rsplit(',').collect();
    let [evidence, missed, due, every] = cells[..4] else { panic!("{row}") };
    assert_eq!((evidence, every, missed == due, due != "0"), ("measured", "60", true, true));
    assert!(screen.contains(&format!("updates to public every 1m: 0 came, {due} missed")));
    // Whoever leaves the room is simulated, and so is what he had to say.
    let (_, row, _, journal) = said("+5s leave wyatt\n", "left");
    assert!(journal.contains("\"audience\":\"public\"") && row.ends_with(",0,simulated"), "{row}");
}
