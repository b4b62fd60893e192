//! `sim new --from` and `sim check` on launch plans as people write them.

use assert_cmd::Command;
use std::fs;
use std::path::Path;
use std::process::Output;

pub fn sim(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::cargo_bin("sim").expect("built");
    command.current_dir(folder).args(arguments).output().expect("run")
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A plan of the shape that teams keep: a mark for the one who decides, chains with arrows, hours,
/// boxes, criteria, steps at times that nobody has decided, thresholds with holes, a table.
pub const PLAN: &str = "\
# Relaunch of the ticket shop

★ = decision maker

## Team
- ★ Dana Cole: Product Owner
- Engineering: Ravi Shah, Mei Lin
- Comms: Olu Ade?
- Payment partner: ?

## On call
\"On call\" means email -> slack -> phone.
- Backend: Ravi -> Mei -> Dana

### Mar 2 - Mar 6
Everybody answers from 8 AM ET to 8 PM ET.
- [ ] Load test repeated (Mei Lin)
- [x] Status page tried

## Mar 5

**9 AM: Go / No Go**

We launch only if these criteria must be met:
- 2,000 users in beta
- The partner is ready

**10 AM ET Olu tells the partner**

**X PM ET: Engineer merges the release**
- Ravi, if not then Mei.
- Engineer opens XXXXX

Thresholds:
- Spike in errors above baseline
- p95 latency above 2s for 5 minutes

**Crisis plan: rollback**
- Get email confirmation from Dana, tell the payment partner, revert the release

**Crisis plan: rollback fails, put up a maintenance page**
- Olu updates Dana w/template

## Change times
| Change | Time to deploy |
|---|---|
| Release | ~20m |
| Revert the release | <5m |
| Cache flush | ? |

The moon is full that night.
";

pub fn written(folder: &Path, name: &str, text: &str) -> String {
    fs::write(folder.join(name), text).expect("written");
    name.to_string()
}

#[test]
fn a_plan_becomes_a_draft_that_checks_and_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = written(folder.path(), "plan.md", PLAN);
    let new = sim(folder.path(), &["new", "--from", &plan, "--year", "2021", "-o", "day.yaml"]);
    assert_eq!(new.status.code(), Some(0), "{}", text(&new.stderr));
    let told = text(&new.stderr);
    for gap in [
        "nobody has decided when: Engineer merges the release",
        "a threshold is not filled in: Spike in errors above baseline",
        "rollback: approval comes by email alone",
        "nobody is assigned to Payment partner",
        "Olu Ade is tentative",
        "nobody says how long Cache flush takes",
    ] {
        let words: Vec<&str> = told.split_whitespace().collect();
        assert!(words.join(" ").contains(gap), "{gap}\n{told}");
    }
    let draft = fs::read_to_string(folder.path().join("day.yaml")).expect("the draft");
    for line in [
        "starts: 2021-03-05T09:00 America/New_York",
        "dana: {name: Dana Cole, roles: [Product Owner",
        "\"olu?\":",
        "payment partner: \"?\"",
        "try: [ravi, mei, dana]",
        "release: ~20m",
        "cache-flush: \"?\"",
        "users >= 2000",
        "latency p95 > 2s",
        "otherwise: maintenance-page",
        "The moon is full that night.",
    ] {
        let found = draft.to_lowercase().contains(&line.to_lowercase());
        assert!(found, "{line}\n{draft}");
    }
    let check = sim(folder.path(), &["check", "day.yaml"]);
    assert_eq!(check.status.code(), Some(0), "{}{draft}", text(&check.stdout));
    let run = sim(
        folder.path(),
        &["run", "day.yaml", "--trials", "1", "--out", "out", "--set", "lasts=90m"],
    );
    let code = run.status.code();
    assert!(matches!(code, Some(0 | 3 | 99)), "{code:?} {}", text(&run.stderr));
    assert!(folder.path().join("out/outbrief.html").exists());
}

#[test]
fn no_line_of_a_plan_is_dropped() {
    let folder = tempfile::tempdir().expect("a folder");
    let odd = "Random words here.\n\n<div>html</div>\n\n```sh\nrm -rf x\n```\n\n- \n\n\
               | a |\n|---|\n| b |\n";
    let plan = written(folder.path(), "odd.md", odd);
    let new = sim(folder.path(), &["new", "--from", &plan, "--year", "2021"]);
    let draft = text(&new.stdout);
    for kept in ["Random words here.", "<div>html</div>", "rm -rf x"] {
        assert!(draft.contains(kept), "{kept}\n{draft}");
    }
    assert!(text(&new.stderr).contains("an item of the list is empty"));
}

#[test]
fn every_line_of_a_plan_is_in_its_draft_or_is_a_heading() {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = written(folder.path(), "plan.md", PLAN);
    let new = sim(folder.path(), &["new", "--from", &plan, "--year", "2021"]);
    let draft = text(&new.stdout);
    let mut named: Vec<usize> = Vec::new();
    for rest in draft.split("line ").skip(1) {
        let end = rest.find(|letter: char| !letter.is_ascii_digit() && !", ".contains(letter));
        let numbers = rest[..end.unwrap_or(rest.len())].split(", ");
        named.extend(numbers.filter_map(|number| number.trim().parse::<usize>().ok()));
    }
    for (index, line) in PLAN.lines().enumerate() {
        let number = index + 1;
        let heading = line.starts_with('#') || line.starts_with("**") || line.ends_with(':');
        let frame = line.trim().is_empty() || line.starts_with("|--") || line.contains("Time to");
        let known = named.contains(&number) || heading || frame;
        assert!(known, "line {number} is lost: {line}\n{draft}");
    }
}

#[test]
fn a_draft_says_so_on_everything_that_is_made_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = written(folder.path(), "plan.md", PLAN);
    sim(folder.path(), &["new", "--from", &plan, "--year", "2021", "-o", "day.yaml"]);
    let short = ["--set", "lasts=30m", "--set", "traffic.visits.0.rate=1/m", "--trials", "1"];
    let run = sim(folder.path(), &[&["run", "day.yaml", "--out", "out"], &short[..]].concat());
    assert!(text(&run.stdout).starts_with("DRAFT: 0 of "), "{}", text(&run.stdout));
    let page = fs::read_to_string(folder.path().join("out/outbrief.html")).expect("a page");
    assert!(page.contains("numbers are yours"), "{page}");
    let pack = sim(folder.path(), &["pack", "day.yaml", "-o", "papers"]);
    assert_eq!(pack.status.code(), Some(0), "{}", text(&pack.stderr));
    for paper in ["role-cards.html", "injects.html", "change-times.html", "abort-card.html"] {
        let page = fs::read_to_string(folder.path().join("papers").join(paper)).expect(paper);
        assert!(page.contains("numbers are yours"), "{paper} does not say that it is a draft");
    }
}

#[test]
fn what_is_no_plan_is_refused_with_a_way_out() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes, words) in [
        ("a.md", &b"%PDF-1.7 x"[..], "a PDF"),
        ("b.md", b"PK\x03\x04zip", "a Word"),
        ("c.md", b"ok\n\xff\xfe\xff", "line 2 is not UTF-8"),
        ("d.md", b"  \n", "the plan is empty"),
        ("e.md", b"a\0b", "not text"),
        ("f.md", b"{\"a\": [1, 2]}\n", "none of its 1 line reads as a launch plan"),
        ("g.html", b"<html><body>\n<p>Ann</p>\n</body></html>\n", "none of its 3 lines"),
    ] {
        fs::write(folder.path().join(name), bytes).expect("written");
        let new = sim(folder.path(), &["new", "--from", name]);
        let told = text(&new.stderr);
        assert_eq!(new.status.code(), Some(2), "{told}");
        assert!(told.contains(words) && told.contains("hint"), "{told}");
    }
    for name in ["plan.pdf", "plan.docx"] {
        fs::write(folder.path().join(name), b"%PDF-1.7 x").expect("written");
        let check = sim(folder.path(), &["check", name]);
        assert_eq!(check.status.code(), Some(2));
        assert!(text(&check.stderr).contains("pdftotext"), "{}", text(&check.stderr));
    }
    for arguments in [
        &["new", "--from", "nowhere.md"][..],
        &["new", "--from", "."],
        &["new", "--from", "a.md", "--year", "last"],
        &["new", "--from", "a.md", "--zone", "Mars"],
        &["new", "minimal", "--from", "a.md"],
        &["check", "a.md", "day.yaml"],
    ] {
        let refused = sim(folder.path(), arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?} {}", text(&refused.stderr));
    }
}

/// Shapes that other teams' plans have.
const SHAPES: &str = include_str!("data/odd-shapes.md");

/// Shapes that other teams' plans have: each is read, or said with its line; nobody is invented.
#[test]
fn plans_of_other_shapes_are_read_as_far_as_they_go() {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = written(folder.path(), "plan.md", SHAPES);
    let new = sim(folder.path(), &["new", "--from", &plan, "--year", "2021", "-o", "day.yaml"]);
    let told = text(&new.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
    for gap in [
        "nobody is assigned to IC",
        "nobody is assigned to Communications Lead",
        "nothing follows it: Primary incident channel:",
        "nobody is assigned to Release manager",
        "there is no Feb 30",
        "09:30 America/Los_Angeles is taken as 12:30 America/New_York",
        "`<partner>` is still to be filled in",
        "`too much` is beyond the last column",
    ] {
        assert!(told.contains(gap), "{gap}\n{told}");
    }
    let draft = fs::read_to_string(folder.path().join("day.yaml")).expect("the draft");
    for line in [
        "due: 2021-04-03",
        "at: \"12:30\"",
        "web: 5m",
        "error_rate > 2x baseline",
        "latency p95 > 2x baseline",
        "baseline: {error_rate: \"?\", latency: {p95: \"?\"}}",
        "T-48 hours",
        "owner: the web team",
        "change: enable-flag",
    ] {
        assert!(draft.contains(line), "{line}\n{draft}");
    }
    for invented in ["compliance:", "responder", "operations:", "kpis", "verify-rollback", "24:00"]
    {
        let people = draft.split("\nchannels:").next().unwrap_or_default();
        assert!(!people.contains(invented) && !draft.contains(&format!("change {invented}")));
    }
    let check = sim(folder.path(), &["check", "day.yaml"]);
    assert_eq!(check.status.code(), Some(0), "{}{draft}", text(&check.stdout));
}

#[test]
fn the_gaps_of_a_plan_are_told_in_every_format() {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = written(folder.path(), "plan.md", PLAN);
    let check = sim(folder.path(), &["check", &plan]);
    assert_eq!(check.status.code(), Some(0));
    assert!(text(&check.stdout).contains("Gaps "), "{}", text(&check.stdout));
    let github = sim(folder.path(), &["check", &plan, "--format", "github"]);
    assert!(text(&github.stdout).contains("::notice file=plan.md,line="));
    let json = sim(folder.path(), &["check", &plan, "--format", "json"]);
    let document: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON");
    assert_eq!(document["files"][0]["ok"], true);
    assert!(document["findings"].as_u64().is_some_and(|findings| findings > 8));
}

/// The folder of the shipped scenarios.
fn shipped() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

#[test]
fn the_shipped_launch_is_one_plan_in_one_file_or_in_parts() {
    use sim::scenario::{SourceText, load, plan_hash, read_source};
    let new = sim(&shipped(), &["new", "launch-day"]);
    let one = SourceText::file("launch.yaml", text(&new.stdout));
    let parts = read_source(&shipped().join("launch-day.yaml")).expect("readable");
    let hash = |source: &SourceText| plan_hash(&load(source, &[]).expect("it loads").plan);
    assert_eq!(hash(&one), hash(&parts), "the template and the scenario tell two plans");
}

/// What the launch plan says, in our own words: the shipped scenario says the same.
#[test]
fn the_shipped_launch_says_what_the_plan_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let both = ["check", "scenarios/launch-day.yaml", "--plan", "tests/data/relaunch-plan.md"];
    let told = sim(folder, &[&both[..], &["--format", "json"]].concat());
    let told: serde_json::Value = serde_json::from_slice(&told.stdout).expect("JSON");
    let all = told["files"][0]["differences"].as_array().expect("differences");
    let by_plan: Vec<_> = all.iter().filter(|one| !one["plan_line"].is_null()).collect();
    assert!(by_plan.is_empty(), "{by_plan:#?}");
    let draft = sim(folder, &["check", "tests/data/relaunch-plan.md", "--format", "json"]);
    let read: serde_json::Value = serde_json::from_slice(&draft.stdout).expect("JSON");
    let lines = read["files"][0]["lines"].as_array().expect("lines");
    assert!(lines.iter().all(|line| line["fate"] != "not understood"), "{lines:#?}");
}

#[test]
fn what_has_drifted_is_told_with_both_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = written(folder.path(), "plan.md", PLAN);
    sim(folder.path(), &["new", "--from", &plan, "--year", "2021", "-o", "day.yaml"]);
    let check = |plan: &str| {
        let check = sim(folder.path(), &["check", "day.yaml", "--plan", plan]);
        assert_eq!(check.status.code(), Some(0), "{}", text(&check.stderr));
        text(&check.stdout).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let same = check(&plan);
    assert!(same.contains("0 differences"), "{same}");
    let changed = PLAN
        .replace("Ravi -> Mei -> Dana", "Mei -> Ravi -> Dana")
        .replace("| Release | ~20m |", "| Release | ~35m |")
        .replace("2,000 users", "3,000 users")
        .replace("X PM ET: Engineer merges", "4 PM ET: Engineer merges")
        .replace("p95 latency above 2s", "p95 latency above 3s")
        .replace("- Payment partner: ?", "- Payment partner: ?\n- Legal: ?")
        .replace("Olu Ade?", "Olu Ade")
        .replace("email -> slack -> phone", "phone -> slack -> email")
        .replace("**9 AM: Go", "**8 AM: Go")
        .replace("- The partner is ready\n", "")
        .replace("repeated (Mei Lin)", "repeated (Dana Cole)")
        .replace("- [x] Status page", "- [ ] Status page")
        .replace("| Cache flush | ? |\n", "")
        .replace("**Crisis plan: rollback fails, put up a maintenance page**", "**Afterwards**");
    let later = written(folder.path(), "later.md", &changed);
    let told = check(&later);
    for words in [
        "Release: ~35m in the plan, ~20m in the scenario (day.yaml:",
        "the plan tries Mei Lin, then Ravi Shah, then Dana Cole",
        "the plan asks for 3000, the scenario for users >= 2000",
        "16:00 in the plan, ? in the scenario",
        "latency p95 > 3s in the plan",
        "the scenario does not ask for Legal",
        "the plan is sure of Olu Ade, the scenario is not",
        "the plan tries phone, then slack, then email; the scenario email, then slack, then phone",
        "the go/no-go is at 08:00 in the plan, the scenario starts at 09:00",
        "not in plan the plan does not ask: The partner is ready",
        "Dana Cole's in the plan, mei's here",
        "Status page tried: done here, and not in the plan",
        "not in plan the plan has no change cache-flush",
        "not in plan the plan has no play maintenance-page",
    ] {
        assert!(told.contains(words), "{words}\n{told}");
    }
    let west = written(folder.path(), "west.md", &PLAN.replace(" ET", " PT"));
    let told = check(&west);
    let zones = "times are in America/Los_Angeles in the plan, in America/New_York here";
    assert!(told.contains(zones), "{told}");
    for arguments in [
        &["check", "day.yaml", "--plan", "nowhere.md"][..],
        &["check", "nowhere.yaml", "--plan", &later],
        &["check", "--plan", &later],
        &["check", "day.yaml", "--year", "2021"],
    ] {
        let refused = sim(folder.path(), arguments);
        assert_eq!(refused.status.code(), Some(2), "{arguments:?}");
    }
}
