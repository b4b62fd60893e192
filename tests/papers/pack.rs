//! `sim pack`: what is printed before a gameday, and what players may not see of it.

use super::support::{folder_with_parts, plan, shipped, shipped_names};
use super::{shipped_path, sim};
use sim::report::{PaperAudience, Printed, SessionExercise, pack, session};
use sim::scenario::{self, Plan};
use sim::units::Span;
use std::fs;
use tempfile::TempDir;

fn papers(plan: &Plan) -> Vec<Printed> {
    pack(&scenario::header(plan, 0, plan.seed), "launch.yaml").expect("a whole plan")
}

fn text_of(papers: &[Printed], file: &str) -> String {
    papers.iter().find(|paper| paper.file == file).expect(file).text.clone()
}

/// The words of a page as a reader sees them.
fn words(page: &str) -> String {
    let body = page.split_once("<body>").map_or(page, |(_, body)| body);
    let mut text = String::new();
    for part in body.split('<') {
        text += part.split_once('>').map_or(part, |(_, text)| text);
        text.push(' ');
    }
    let unescaped = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    unescaped.iter().fold(text, |text, (from, to)| text.replace(from, to))
}

#[test]
fn players_never_see_what_breaks() {
    let mut looked_for = 0;
    for name in shipped_names() {
        let plan = plan(&shipped(&name), &[]);
        let header = scenario::header(&plan, 0, plan.seed);
        let papers = papers(&plan);
        let mut secrets: Vec<String> = vec![plan.scenario.clone()];
        for ((fault, text), kind) in header.faults.iter().zip(&plan.faults) {
            secrets.push(fault.clone());
            secrets.push(text.to_string());
            secrets.push(scenario::what_it_does(&kind.kind, &plan.names));
        }
        for paper in papers.iter().filter(|paper| paper.audience != PaperAudience::Facilitator) {
            for secret in &secrets {
                let seen = words(&paper.text).to_lowercase().contains(&secret.to_lowercase());
                assert!(!seen, "{name}: {} tells `{secret}`", paper.file);
                looked_for += 1;
            }
        }
        // The test would find them: the facilitator's list does tell them.
        let list = words(&text_of(&papers, "injects.html"));
        for ((fault, _), kind) in header.faults.iter().zip(&plan.faults) {
            let told = scenario::what_it_does(&kind.kind, &plan.names);
            assert!(list.contains(fault) && list.contains(&told), "{name}: no {fault} in the list");
        }
    }
    assert!(looked_for > 200, "only {looked_for} secrets");
}

#[test]
fn every_page_says_that_it_is_an_exercise() {
    for name in shipped_names() {
        for paper in papers(&plan(&shipped(&name), &[])) {
            if !paper.file.ends_with(".html") {
                continue;
            }
            let sheets = paper.text.matches("<table class=\"paper").count();
            let marks = paper.text.matches("EXERCISE EXERCISE EXERCISE</strong>").count();
            assert!(sheets > 0 && marks == 2 * sheets, "{name}: {} {sheets} {marks}", paper.file);
            for outside in ["http://", "https://", "<script", "src=", "@import", "url("] {
                assert!(!paper.text.contains(outside), "{name}: {} has {outside}", paper.file);
            }
        }
    }
}

#[test]
fn the_papers_of_the_proxy_outage() {
    let papers = papers(&plan(&shipped("proxy-outage"), &[]));
    let read = |file: &str| words(&text_of(&papers, file));
    let list = read("injects.html");
    assert!(list.contains("18:05") && list.contains("T+1h 5m"), "{list}");
    assert!(list.contains("when reverse-proxy-update or reverse-proxy-rebuild is live"), "{list}");
    assert!(list.contains("17:30") && list.contains("launch step: launch-switch"), "{list}");
    let cards = read("role-cards.html");
    for role in ["decider", "comms", "incident-commander", "ops", "oit"] {
        assert!(cards.contains(&format!("Role card: {role}")), "no card for {role}");
    }
    for expected in [
        "No deputy is named",
        "You decide",
        "by email, then slack, then phone",
        "You carry out a launch step",
        "You tell decider",
        "again every 30m until it is over",
        "choose one of: reverse-proxy-update, reverse-proxy-rebuild",
    ] {
        assert!(cards.contains(expected), "no `{expected}` in the cards");
    }
    let table = read("change-times.html");
    for (change, paper) in [("frontend-rebuild", "~45m"), ("content-fix", "<5m")] {
        assert!(table.contains(change) && table.contains(paper), "no {change} in {table}");
    }
    let messages = read("messages.html");
    assert!(messages.contains("From comms, to decider") && messages.contains("ErrorSpike"));
    assert!(!messages.contains("{{"), "a field was left as it is");
    assert!(read("abort-card.html").contains("ABORT EXERCISE"));
    assert_eq!(text_of(&papers, "observed.csv"), "at,actor,role,channel,action,incident,note\n");
}

#[test]
fn what_is_open_in_a_plan_is_not_printed_as_if_it_were_said() {
    let text = "
scenario: The app fails
starts: 2026-03-02T10:00 Europe/Berlin
lasts: 60m
traffic:
  visits: [{at: 0m, rate: 0.2/s}]
  tools: {browse: {requests: 4, think: 20s, use: {page: 100%}}}
site:
  tiers: {web: {instances: 2, threads: 50, takes: 15ms}}
  endpoints: {page: web}
rules: [{alert: Errors, expr: error_rate > 10%, for: 1m}]
templates: {status: \"?\"}
people:
  alex: {role: ops}
  kim: {role: decider}
  noor: {role: content}
channels: {phone: {answers: 100%, after: 1m}}
escalation:
  ops: {try: [alex], by: phone}
  content: {try: [noor], by: phone}
changes: {repair: 5m}
plays:
  fix:
    when: Errors
    steps: [{tell: alex, to: decider, template: status}, PAGE, change repair]
    verify: 20m
";
    let printed = |step: &str| papers(&plan(&text.replace("PAGE", step), &[]));
    let nobody = printed("declare 2m");
    let messages = words(&text_of(&nobody, "messages.html"));
    assert!(!messages.contains('?'), "{messages}");
    assert!(messages.contains("Status: ________"), "{messages}");
    let cards = words(&text_of(&nobody, "role-cards.html"));
    assert!(cards.contains("You are told by alex in the play"), "{cards}");
    // Nobody is paged: who may make the change is not known, and not everybody's to make.
    assert!(!cards.contains("What you may change"), "{cards}");
    let paged = words(&text_of(&printed("page ops"), "role-cards.html"));
    assert_eq!(paged.matches("What you may change").count(), 1, "{paged}");
}

#[test]
fn names_cannot_break_out_of_the_pages() {
    let text = fs::read_to_string(shipped_path("proxy-outage")).expect("shipped");
    // YAML takes a bell only as an escape.
    let hostile = "<script>alert(1)</script>\u{202e}\\a";
    let text = text.replacen("note: decision doc", &format!("note: \"{hostile}\""), 1);
    let text = text.replacen(
        "scenario: Half the reverse proxies fail an hour after launch",
        &format!("scenario: \"{}\"", "<b>=HYPERLINK(1)</b>"),
        1,
    );
    let folder = folder_with_parts();
    fs::write(folder.path().join("day.yaml"), text).expect("written");
    sim(folder.path()).args(["pack", "day.yaml", "-o", "papers", "--quiet"]).assert().code(0);
    for file in fs::read_dir(folder.path().join("papers")).expect("papers") {
        let page = fs::read_to_string(file.expect("one").path()).expect("text");
        assert!(!page.contains("<script") && !page.contains("<b>="));
        assert!(!page.contains(['\u{202e}', '\u{7}']));
    }
}

#[test]
fn nothing_is_overwritten_that_somebody_filled_in() {
    let folder = TempDir::new().expect("a folder");
    let scenario = shipped_path("proxy-outage");
    let pack = || {
        let mut command = sim(folder.path());
        command.args(["pack", &scenario, "-o", "papers"]);
        command
    };
    let told = pack().assert().code(0);
    let told = String::from_utf8_lossy(&told.get_output().stdout).into_owned();
    assert!(told.contains("injects.html") && told.contains("facilitator only, sealed"), "{told}");
    // The same again, and a pack of another scenario, may take its place.
    pack().assert().code(0);
    let sheet = folder.path().join("papers/observed.csv");
    let mut text = fs::read_to_string(&sheet).expect("there");
    text += "18:07,,,,alert,,\n";
    fs::write(&sheet, &text).expect("written");
    let told = pack().assert().code(2);
    let told = String::from_utf8_lossy(&told.get_output().stderr).into_owned();
    assert!(told.contains("observed.csv was not written by sim pack, or was filled in"), "{told}");
    assert_eq!(fs::read_to_string(&sheet).expect("there"), text);
    fs::remove_file(&sheet).expect("removed");
    fs::write(folder.path().join("papers/index.html"), "<h1>mine</h1>").expect("written");
    pack().assert().code(2);
}

#[test]
fn a_scenario_with_errors_gives_no_papers() {
    let folder = TempDir::new().expect("a folder");
    fs::write(folder.path().join("bad.yaml"), "scenario: x\nsite: 5\n").expect("written");
    sim(folder.path()).args(["pack", "bad.yaml", "-o", "papers"]).assert().code(2);
    sim(folder.path()).args(["pack", "none.yaml", "-o", "papers"]).assert().code(2);
    assert!(!folder.path().join("papers").exists());
}

/// Three shipped scenarios in a session of so long.
fn session_of(lasts: Span) -> Vec<Printed> {
    let names = ["proxy-outage", "broken-css", "storage-outage"];
    let plans: Vec<Plan> = names.iter().map(|name| plan(&shipped(name), &[])).collect();
    let headers: Vec<_> = plans.iter().map(|plan| scenario::header(plan, 0, plan.seed)).collect();
    let exercises = headers.iter().zip(names);
    let exercises: Vec<SessionExercise> =
        exercises.map(|(header, file)| SessionExercise { header, file }).collect();
    session(lasts, &exercises).expect("it fits")
}

#[test]
fn a_session_has_its_papers_and_players_see_nothing_in_them() {
    let papers = session_of(Span::from_secs(7_200));
    let read = |file: &str| words(&text_of(&papers, file));
    for paper in &papers {
        let sheets = paper.text.matches("<table class=\"paper").count();
        let marks = paper.text.matches("EXERCISE EXERCISE EXERCISE</strong>").count();
        assert!(sheets > 0 && marks == 2 * sheets, "{} {sheets} {marks}", paper.file);
    }
    let names = ["proxy-outage", "broken-css", "storage-outage"];
    for name in names {
        let plan = plan(&shipped(name), &[]);
        let header = scenario::header(&plan, 0, plan.seed);
        let mut secrets = vec![plan.scenario.clone(), name.to_string()];
        secrets.extend(
            header.faults.iter().flat_map(|(fault, text)| [fault.clone(), text.to_string()]),
        );
        for paper in papers.iter().filter(|paper| paper.audience != PaperAudience::Facilitator) {
            for secret in &secrets {
                let seen = words(&paper.text).to_lowercase().contains(&secret.to_lowercase());
                assert!(!seen, "{}: {} tells `{secret}`", name, paper.file);
            }
        }
        assert!(read("controller-agenda.html").contains(&plan.scenario), "{name}");
        for (fault, _) in &header.faults {
            assert!(read("msel.html").contains(fault), "{name}: no {fault} in the list");
        }
    }
    let agenda = read("agenda.html");
    for words in ["0:00", "Exercise 1", "Hot wash of Exercise 3", "Break", "2:00"] {
        assert!(agenda.contains(words), "{words}: {agenda}");
    }
    let controllers = read("controller-agenda.html");
    for words in ["within", "3h", "on average", "--code-name", "STARTEX", "keep, owner"] {
        assert!(controllers.contains(words), "{words}: {controllers}");
    }
    let plan = read("improvement-plan.html");
    assert!(plan.contains("sim compare proxy-outage --trials 200 --set"), "{plan}");
    assert!(read("msel.html").matches("ENDEX").count() == 3);
}

#[test]
fn an_agenda_that_does_not_fit_says_what_would_and_several_scenarios_need_one() {
    let folder = TempDir::new().expect("a folder");
    let all = ["proxy-outage", "broken-css", "storage-outage"].map(shipped_path);
    let pack = |more: &[&str]| {
        let mut command = sim(folder.path());
        let output = command.arg("pack").args(more).args(["-o", "papers"]).output();
        let output = output.expect("it runs");
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let [a, b, c] = &all;
    for (arguments, said) in [
        (&[&**a, b][..], "add --agenda 2h"),
        (&[&**a, "--agenda", "30h"][..], "longer than a day"),
        (&[&**a, b, c, "--agenda", "45m"][..], "use --agenda 1h 20m"),
        (&[&**a, "--agenda", "soon"][..], "--agenda"),
        (&[&**a, "--agenda", "0m"][..], "how long the session takes"),
        (&[&**a, "none.yaml", "--agenda", "2h"][..], "none.yaml"),
        (&["--agenda", "2h"][..], "FILE"),
    ] {
        let (code, complained) = pack(arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {complained}");
        assert!(complained.contains(said), "{said}: {complained}");
        assert!(!folder.path().join("papers").exists(), "{arguments:?}");
    }
    assert_eq!(pack(&[a, b, c, "--agenda", "2h", "-q"]).0, Some(0));
    let papers = folder.path().join("papers");
    for file in ["index.html", "exercise-1/index.html", "exercise-3/injects.html"] {
        assert!(papers.join(file).exists(), "{file}");
    }
    assert_eq!(pack(&[a, b, c, "--agenda", "90m", "-q"]).0, Some(0), "an earlier pack is replaced");
    fs::write(papers.join("exercise-2/injects.html"), "mine").expect("written");
    let before = fs::read_to_string(papers.join("agenda.html")).expect("there");
    let (code, complained) = pack(&[a, b, c, "--agenda", "2h", "-q"]);
    assert!(code == Some(2) && complained.contains("exercise-2/injects.html"), "{complained}");
    assert_eq!(fs::read_to_string(papers.join("agenda.html")).ok(), Some(before));
}
