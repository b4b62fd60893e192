//! Launch plans that count from the launch, and what was agreed since they were written.

use super::launch_plan::{PLAN, sim, text, written};
use std::fs;

/// A plan that counts from the launch, with a ban and a hole.
const COUNTDOWN: &str = "\
# Launch of the museum's new pages

Launch: 2 PM ET

## Countdown
Mar 5

| When | What | Who |
|---|---|---|
| T-2 days | Freeze the texts | Ida Wells |
| T-30m | Deploy the release | Ida Wells |
| T+1h | Tell the press | Ben Okri |

### T-15 minutes
- Open the bridge
- Ida navigates to XXXXX

- D-7: send the invitations
- Do not touch the old pages
";

#[test]
fn times_that_count_from_the_launch_are_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = written(folder.path(), "plan.md", COUNTDOWN);
    let new = sim(folder.path(), &["new", "--from", &plan, "--year", "2021", "-o", "day.yaml"]);
    assert_eq!(new.status.code(), Some(0), "{}", text(&new.stderr));
    let draft = fs::read_to_string(folder.path().join("day.yaml")).expect("the draft");
    for line in [
        "at: \"13:30\", change: deploy-release",
        "at: \"15:00\"",
        "at: \"13:45\", tell: everyone, note: Open the bridge",
        "T-2 days: Freeze the texts",
        "D-7: send the invitations",
        "agreed with all: Do not touch the old pages",
        "say what XXXXX is",
    ] {
        assert!(draft.contains(line), "{line}\n{draft}");
    }
    let check = sim(folder.path(), &["check", "day.yaml"]);
    assert_eq!(check.status.code(), Some(0), "{}{draft}", text(&check.stdout));
    // Without the moment of the launch, all of it hangs in the air.
    let open = COUNTDOWN.replace("Launch: 2 PM ET", "");
    let plan = written(folder.path(), "open.md", &open);
    let told = text(&sim(folder.path(), &["check", &plan]).stdout);
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("times count from the launch, and nobody says when that is"), "{told}");
}

#[test]
fn what_was_agreed_since_is_told_as_drift() {
    let folder = tempfile::tempdir().expect("a folder");
    let plan = written(folder.path(), "plan.md", PLAN);
    sim(folder.path(), &["new", "--from", &plan, "--year", "2021", "-o", "day.yaml"]);
    let path = folder.path().join("day.yaml");
    let draft = fs::read_to_string(&path).expect("the draft");
    let changed = draft
        .replace("by: [email]}", "by: [email], approved: dana, silent: hold 5m}")
        .replace("cache-flush: \"?\"", "cache-flush: 2m")
        .replace("faults:", "expect: {recovered: < 1h}\nfaults:");
    assert_ne!(draft, changed);
    fs::write(&path, changed).expect("written");
    let banned = PLAN.replace("## Mar 5", "### Rules\n- Do not touch the DNS\n\n## Mar 5");
    let later = written(folder.path(), "later.md", &banned);
    let told = text(&sim(folder.path(), &["check", "day.yaml", "--plan", &later]).stdout);
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "neither a freeze nor the checklist keeps: Do not touch the DNS",
        "rollback: dana has said yes in advance here, and is not asked",
        "rollback: without an answer it is `hold 5m` here",
        "it must be well again < 1h here",
        "Open in the plan, and filled in since: 1",
        "Cache flush: ? in the plan, 2m in the scenario",
    ] {
        assert!(told.contains(words), "{words}\n{told}");
    }
}
