//! The checklist and the templates.

use crate::decision::Step;
use crate::journal::FindingKind;
use crate::language::problem::ProblemSeverity;
use crate::scenario::load;
use crate::scenario::tests::{EXAMPLE, source};

const TEMPLATES: &str = "
templates:
  outage: \"{{at}} {{scenario}}: incident {{incident}}, {{alert}} fired, {{change}}. {{status}}\"
";

fn with_template(tell: &str) -> String {
    let told = EXAMPLE.replace("{tell: comms, to: decider, every: 30m}", tell);
    told + TEMPLATES
}

#[test]
fn a_template_is_said_with_the_scenario_filled_in() {
    let text = with_template("{tell: comms, to: decider, template: outage}");
    let plan = load(&source(&text), &[]).expect("loads").plan;
    let told = plan.playbook.plays[0].steps.iter().find_map(|step| match step {
        Step::Tell(tell) => tell.note.clone(),
        _ => None,
    });
    let told = told.expect("a step that tells");
    assert!(told.starts_with("{{at}} Half the reverse proxies fail"), "{told}");
    assert!(told.contains("incident {{incident}}, {{alert}} fired"), "{told}");
}

#[test]
fn what_is_wrong_with_a_template_is_said() {
    let said = |text: &str| {
        let problems = load(&source(text), &[]).err();
        let problems = problems.unwrap_or_else(|| load(&source(text), &[]).expect("ok").warnings);
        let line = |p: &crate::language::problem::Problem| {
            format!("{} — {}", p.message, p.hint.clone().unwrap_or_default())
        };
        let plain = problems.iter().filter(|p| p.severity != ProblemSeverity::Finding);
        plain.map(line).collect::<Vec<_>>()
    };
    let good = "{tell: comms, to: decider, template: outage}";
    assert!(said(&with_template(good)).is_empty());
    let misspelt = with_template(good).replace("{{change}}", "{{chang}}");
    assert_eq!(said(&misspelt), ["unknown field `{{chang}}` — did you mean `change`?"]);
    let unknown = with_template("{tell: comms, template: outages}");
    assert_eq!(said(&unknown)[0], "unknown template `outages` — did you mean `outage`?");
    let both = with_template("{tell: comms, template: outage, note: hello}");
    assert!(said(&both)[0].contains("not both"));
    let unused = with_template("{tell: comms}");
    assert!(said(&unused)[0].starts_with("no step uses the template `outage`"));
    let launch = with_template(good).replace("note: decision doc", "template: outage");
    assert_eq!(
        said(&launch)[0],
        "`{{incident}}` is only known in a play — a launch step knows {{scenario}} and {{at}}"
    );
}

#[test]
fn open_items_of_the_checklist_are_findings() {
    let text = format!(
        "{EXAMPLE}
checklist:
  - {{item: conference line tested, owner: rachael, due: 2018-11-05, done: 2018-11-02}}
  - {{item: templates pinned, owner: rachael, due: 2018-11-05}}
  - {{item: war room booked, owner: \"?\", done: false}}
  - {{item: channels tested, owner: ed, due: 2018-11-09}}
  - {{item: signed off, done: true}}
"
    );
    let plan = load(&source(&text), &[]).expect("loads").plan;
    let rows = plan.findings.iter().map(|finding| &finding.row);
    let open: Vec<_> = rows.filter(|row| row.kind == FindingKind::Checklist).collect();
    let said: Vec<&str> = open.iter().map(|row| row.text.as_str()).collect();
    assert_eq!(
        said,
        [
            "open on the checklist: templates pinned, owner rachael, due 2018-11-05",
            "open on the checklist: war room booked, no owner",
            "open on the checklist: channels tested, owner ed, due 2018-11-09",
        ]
    );
    use crate::journal::Severity::{High, Medium};
    assert_eq!(open.iter().map(|row| row.severity).collect::<Vec<_>>(), [Medium, High, Medium]);
    assert_eq!(open[0].owner.as_deref(), Some("rachael"));
    assert_eq!(open[0].due.as_deref(), Some("2018-11-05"));
    let wrong = text.replace("done: true", "done: perhaps");
    assert!(load(&source(&wrong), &[]).is_err());
}
