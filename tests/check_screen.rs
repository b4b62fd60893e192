//! What `sim check` says of scenarios that can run: a screen, and nothing that is not so.

use crate::check::SHOP;
use crate::support;
use assert_cmd::Command;

fn sim() -> Command {
    let mut command = Command::cargo_bin("sim").expect("built");
    let scenarios = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
    command.current_dir(scenarios).env("NO_COLOR", "1");
    command
}

#[test]
fn what_is_to_be_said_of_the_shipped_scenarios_fits_a_screen() {
    // The launch's own plan has most of its gaps on purpose: those of the real one.
    let screens = [("launch-day.yaml", 72), ("proxy-outage.yaml", 40), ("quiet-day.yaml", 40)];
    for (name, lines) in screens {
        let output = sim().args(["check", name]).assert().code(0);
        let said = String::from_utf8_lossy(&output.get_output().stdout).into_owned();
        for line in said.lines() {
            assert!(line.chars().count() <= 80, "{line:?} in {name}");
        }
        assert!(said.lines().count() <= lines, "{said}");
        let long = sim().args(["check", "--long", name]).assert().code(0);
        let long = String::from_utf8_lossy(&long.get_output().stdout).into_owned();
        assert_eq!(long.lines().last(), said.lines().last(), "the same is counted");
    }
}

#[test]
fn a_play_that_another_leads_to_is_not_called_out_of_reach() {
    let otherwise =
        ("verify: 5m", "verify: 5m\n    otherwise: page\n  page:\n    steps: [change sorry]");
    let sorry =
        ("changes: {restart: 5m}", "changes: {restart: 5m, sorry: {takes: 1m, serves: 503}}");
    let about = |replacements: &[(&str, &str)]| {
        let said = support::warnings(SHOP, replacements);
        let about = said.iter().filter(|problem| problem.message.contains("`page`"));
        about.map(|problem| problem.message.clone()).collect::<Vec<_>>()
    };
    let helps = about(&[otherwise, sorry]);
    let expected = ["`page` only follows `repair`, whose changes help in this scenario"];
    assert_eq!(helps, expected);
    let fails = (
        "changes: {restart: 5m}",
        "changes: {restart: {takes: 5m, fails: 5%}, sorry: {takes: 1m, serves: 503}}",
    );
    assert_eq!(about(&[otherwise, fails]), [""; 0]);
    let unconfirmed = ("    verify: 5m", "    otherwise: page\n  page:\n    steps: [change sorry]");
    let never = about(&[unconfirmed, sorry]);
    assert!(never[0].contains("has no `confirm`"), "{never:?}");
}
