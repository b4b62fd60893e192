//! `sim fill` from the draft of a whole plan to one without high findings, as people speak.

use super::fill::{sim, text};
use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};

/// What a meeting says, told by words of the question.
const SPOKEN: &[(&str, &str)] = &[
    ("Add `the NSOC shift lead`", "yes"),
    ("Is 8 the answer?", "yes"),
    ("how soon must users be served again", "within an hour, nine times out of ten"),
    ("The rehearsal begins on", "Nov 5, 10 AM"),
    ("browse make?", "about six"),
    ("visits come at first", "about four a minute"),
    ("who uses browse pause", "a minute or so"),
    ("sign-in make?", "8, Marcy looked it up"),
    ("who uses sign-in pause", "park it for Mina Farzad until Nov 5"),
    ("what share of requests fails", "half a percent"),
    ("`Errors` would fire", "ok"),
    ("When does `Errors` fire", "3 times the normal"),
    ("When does `Slow` fire", "2 seconds for a minute for a tenth of the traffic"),
    ("answers by email", "phone"),
    ("who else can be decider", "Marcy Jacobs"),
    ("Who is nsoc?", "the NSOC shift lead"),
    ("Who is id.me rep?", "Lena Ortiz"),
    ("Who is oit rep?", "Josh does it"),
    ("Who is help desk?", "don't know yet\nTom Berg"),
    ("Who is oit?", "same as the OIT rep"),
    ("Who is id.me?", "Lena"),
    ("Who is mhv?", "we don't need that one"),
    ("Who is foresee?", "not needed"),
    ("Who is medallia?", "none"),
    ("Who is aws technical manager?", "Sean Ryan"),
    ("merge-the-pr take?", "about 45 minutes"),
    ("merges-the-pr take?", "about 45 minutes"),
    ("merge-pr take?", "about 45 minutes"),
    ("switch take?", "ten to fifteen minutes"),
    ("update take?", "five minutes"),
    ("maintenance-page take?", "a couple of minutes"),
    ("What is XXXXX?", "the release board"),
    ("rehearsed failure comes", "half past two"),
    ("Who says whether", "Wyatt and James"),
    ("What does the message", "{{at}}: {{status}}"),
    ("Who is told", "everybody"),
    ("with a question mark", "yes"),
];

/// One sitting: the pages that it shows, each answered.
struct Sitting {
    shown: ChildStdout,
    typed: ChildStdin,
    /// How many questions were asked, answered and refused.
    counts: [usize; 3],
    log: String,
}

impl Sitting {
    /// What is shown until something is to be typed; `None`: it has ended.
    fn page(&mut self) -> Option<String> {
        let mut page = Vec::new();
        let mut byte = [0];
        while !page.ends_with(b"\n> ") {
            if self.shown.read(&mut byte).expect("read") == 0 {
                self.log += &text(&page);
                return None;
            }
            page.push(byte[0]);
        }
        let page = text(&page);
        self.log += &page;
        Some(page)
    }

    /// Answers until there is nothing left to ask.
    fn walk(&mut self, merge: &mut dyn FnMut(&str) -> Option<&'static str>) {
        let mut said: Vec<&str> = Vec::new();
        while let Some(page) = self.page() {
            let squeezed = page.split_whitespace().collect::<Vec<_>>().join(" ");
            self.counts[2] += usize::from(squeezed.contains("Not accepted"));
            let known = |(words, _): &&(&str, &str)| squeezed.contains(words);
            let answer = merge(&squeezed).or(SPOKEN.iter().find(known).map(|(_, answer)| *answer));
            let answer = answer.unwrap_or("skip");
            // What was refused is said in other words.
            let again = said.iter().filter(|one| **one == answer).count();
            said.push(answer);
            let lines: Vec<&str> = answer.lines().collect();
            let line = lines[again.min(lines.len() - 1)];
            self.counts[0] += 1;
            self.counts[1] += usize::from(line != "skip");
            self.log += &format!("{line}\n");
            writeln!(self.typed, "{line}").expect("typed");
        }
    }
}

fn sitting(folder: &Path, on: &str) -> ([usize; 3], String) {
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("sim"))
        .current_dir(folder)
        .args(["fill", "launch.yaml", "--by", "Monday's meeting", "--on", on])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let (shown, typed) = (child.stdout.take().expect("piped"), child.stdin.take().expect("piped"));
    let mut sitting = Sitting { shown, typed, counts: [0; 3], log: String::new() };
    let mut times = ["1 PM", "1:30", "noon"].into_iter().cycle();
    let mut lists = ["1 done, Wyatt did it; 2 Josh, the rest Marcy Jacobs", "Mina takes all"]
        .into_iter()
        .cycle();
    sitting.walk(&mut |page| {
        let question = |words: &str| page.contains(words);
        match () {
            () if question("Not accepted") && question("Nobody ") => Some("Mina Farzad"),
            () if question("At what time") => times.next(),
            () if question("Nobody owns these") || question("Nobody owns 2") => lists.next(),
            () if question("Nobody has this") => Some("Amy does it, by Nov 4"),
            () if question(" has this") || question(" items: are they done") => Some("keep"),
            () => None,
        }
    });
    let ended = child.wait().expect("ended");
    assert!(ended.success(), "{}", sitting.log);
    (sitting.counts, sitting.log)
}

#[test]
fn a_meeting_gets_from_a_draft_to_a_plan_without_high_findings() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let plan = fs::read_to_string("tests/data/relaunch-plan.md").expect("the plan");
    fs::write(folder.join("plan.md"), plan).expect("written");
    let new = ["new", "--from", "plan.md", "--year", "2026", "-o", "launch.yaml"];
    assert!(sim(folder, &new, "").status.success());
    // Fewer visitors, so that its days are short.
    let path = folder.join("launch.yaml");
    let draft = fs::read_to_string(&path).expect("a draft");
    assert!(draft.contains("rate: 0.6/s"), "{draft}");
    fs::write(&path, draft.replace("rate: 0.6/s", "rate: 2/m")).expect("written");
    let ([asked, answered, refused], log) = sitting(folder, "2026-10-30");
    assert!(
        asked > 30 && answered + 3 > asked && refused <= 2,
        "{asked} {answered} {refused}\n{log}"
    );
    assert!(log.contains("`sim check` finds nothing high in it."), "{log}");
    let check = text(&sim(folder, &["check", "launch.yaml"], "").stdout);
    assert!(!check.contains("\n  high "), "{check}\n{log}");
    let filled = fs::read_to_string(&path).expect("filled");
    for line in filled.lines() {
        let marks: Vec<&str> = line.split("; ").collect();
        let twice = marks.iter().filter(|mark| mark.contains("[o] Monday"));
        assert!(twice.count() < 2, "said twice: {line}");
    }
    // Nothing is asked again the day after but what was skipped or parked until then.
    let list = |on: &str| {
        let list = ["fill", "launch.yaml", "--list", "--on", on];
        text(&sim(folder, &list, "").stdout)
    };
    let left = list("2026-10-31");
    assert!(!left.contains("The rehearsal begins"), "{left}");
    assert!(!left.contains("high") && !left.contains("has this"), "{left}\n{filled}");
    let parked = log.contains("Parked with Mina Farzad");
    assert_eq!(left.contains("Parked  How long does somebody who uses sign-in"), parked, "{left}");
    let later = list("2026-11-06");
    assert!(!parked || !later.contains("Parked  How"), "{later}");
    insta::assert_snapshot!(filled);
}
