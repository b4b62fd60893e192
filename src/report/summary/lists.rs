//! The lists of a summary: rules, undetected faults, go/no-go, findings, traffic, expectations.

use super::page::{Ink, Page, TextPiece, inked, plain, right};
use super::verdict;
use crate::decision::{CriterionStatus, CriterionUnit, JudgedRow};
use crate::journal::{ExpectEntry, FaultSpan, Severity, Verdict, between};
use crate::report::context::{ReportContext, share_of, significant};
use crate::report::episodes::{self, Class, Episode};
use crate::report::{affected, findings, go_no_go};
use crate::units::{Span, Time, grouped};

/// The most rows of a list that are shown; the rest are in its file.
const SHOWN: usize = 5;
/// The most scopes that are named for alerts in one row.
const SCOPES: usize = 8;

/// The rules that fired, almost fired, and stayed silent.
pub(super) fn rules(context: &ReportContext, page: &mut Page) {
    if context.header.rules.is_empty() {
        return;
    }
    page.heading("Rules");
    let episodes = episodes::episodes(context.story);
    let (fired, mut near): (Vec<&Episode>, Vec<&Episode>) =
        episodes.iter().partition(|episode| episode.class() != Class::AlmostFired);
    // What never lasted did not almost fire; alerts.csv has it.
    near.retain(|episode| episode.ended_at.is_none() || episode.judged.held > Span::ZERO);
    near.sort_by_key(|episode| std::cmp::Reverse(episode.judged.held));
    // Where one fault is behind all of them, the verdict has named it.
    let one = fired.windows(2).all(|pair| pair[0].cause() == pair[1].cause());
    let mut groups = group_similar(&fired);
    // What could not be judged comes after what was.
    groups.sort_by_key(|group| group[0].no_data);
    let mut rows: Vec<_> =
        groups.iter().take(SHOWN).map(|group| fired_row(context, group, !one)).collect();
    let almost = group_similar(&near);
    rows.extend(almost.iter().take(SHOWN).map(|group| near_row(context, group)));
    // What is behind an alert is in the verdict too.
    page.table_with_spare(&[5], rows);
    let more = groups.iter().skip(SHOWN).chain(almost.iter().skip(SHOWN)).map(Vec::len).sum();
    more_in(page, more, "alerts.csv");

    let heard = |alert: &str| episodes.iter().any(|episode| episode.judged.rule == alert);
    let open = context.header.open_rules();
    let rules = context.header.rules.iter().map(|rule| rule.alert.as_str());
    let silent: Vec<&str> = rules.filter(|rule| !open.contains(rule) && !heard(rule)).collect();
    names_of_rules(page, if context.has_readings() { "silent" } else { "not noted" }, &silent);
    names_of_rules(page, "unfilled", &open);
}

/// Rules of which there is nothing to say but what has become of them, if there are any.
fn names_of_rules(page: &mut Page, word: &str, rules: &[&str]) {
    if rules.is_empty() {
        return;
    }
    let shown = rules[..rules.len().min(SHOWN)].join(", ");
    let more = match rules.len().saturating_sub(SHOWN) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    page.line(vec![plain(format!("  {word:<11}")), inked(Ink::Faint, shown + &more)]);
}

/// Alerts of one rule on several scopes that mean the same stand together.
fn group_similar<'e>(fired: &[&'e Episode<'e>]) -> Vec<Vec<&'e Episode<'e>>> {
    let mut groups: Vec<Vec<&Episode>> = Vec::new();
    for episode in fired {
        let over = |of: &Episode| of.ended_at.is_some() || of.class() != Class::AlmostFired;
        let key = |of: &Episode| (of.judged.rule.clone(), of.class(), of.no_data, over(of));
        let same = |group: &&mut Vec<&Episode>| {
            let alike =
                group[0].cause() == episode.cause() || episode.class() == Class::AlmostFired;
            key(group[0]) == key(episode) && alike
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(episode),
            None => groups.push(vec![episode]),
        }
    }
    groups
}

/// The scopes of alerts that stand together; nothing of one alone, whose name says it.
fn scopes(group: &[&Episode]) -> String {
    if group.len() == 1 {
        return String::new();
    }
    let mut names: Vec<&str> = Vec::new();
    for episode in group {
        let name = episode.judged.scope.name.as_str();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let shown = names[..names.len().min(SCOPES)].join(" ");
    match names.len().saturating_sub(SCOPES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn fired_row(context: &ReportContext, group: &[&Episode], says_why: bool) -> Vec<TextPiece> {
    let first = group[0];
    // The moment at which it is known, which is what an incident counts from.
    let from = |episode: &Episode| episode.told_at.unwrap_or_default();
    let lasted = |episode: &Episode| {
        let until = episode.end_told_at.unwrap_or(context.story.last());
        between(from(episode), until)
    };
    let began = group.iter().map(|episode| from(episode)).min().unwrap_or_default();
    let longest = group.iter().map(|episode| lasted(episode)).max().unwrap_or_default();
    let what = if group.len() == 1 { "for" } else { "up to" };
    let state = if first.no_data { "no data  " } else { "fired    " };
    let (ink, why) = match first.class() {
        Class::FalseAlarm => (Ink::Bad, "false alarm".to_string()),
        _ if !says_why => (Ink::Plain, String::new()),
        _ => (Ink::Plain, first.cause().map_or(String::new(), |cause| cause.to_string())),
    };
    vec![
        inked(Ink::Fired, state),
        plain(name(group)),
        plain(context.clock(began)),
        plain(format!("{what} {longest}")),
        plain(scopes(group)),
        inked(ink, why),
    ]
}

fn near_row(context: &ReportContext, group: &[&Episode]) -> Vec<TextPiece> {
    let longest = group.iter().max_by_key(|episode| episode.judged.held);
    let longest = longest.unwrap_or(&group[0]);
    let held = match (longest.ended_at, group.len()) {
        (Some(_), 1) => format!("held {}", longest.judged.held),
        (Some(_), _) => format!("up to {}", longest.judged.held),
        (None, _) => "still pending".to_string(),
    };
    let hold = context.rule(&longest.judged.rule).and_then(|rule| rule.hold);
    let hold_text = hold.filter(|_| longest.ended_at.is_some());
    let hold_text = hold_text.map_or(String::new(), |hold| format!(" of {hold}"));
    let first = group.iter().filter_map(|episode| episode.pending_at).min();
    vec![
        plain("almost   "),
        plain(name(group)),
        plain(context.clock(first.unwrap_or_default())),
        plain(held + &hold_text),
        plain(scopes(group)),
    ]
}

/// The name of alerts that stand together.
fn name(group: &[&Episode]) -> String {
    match group {
        [one] => one.name(),
        all => format!("{} ×{}", all[0].judged.rule, all.len()),
    }
}

/// The faults that no rule fired for.
pub(super) fn undetected(context: &ReportContext, page: &mut Page) {
    let faults = episodes::undetected(context.story);
    if faults.is_empty() {
        return;
    }
    page.heading("Faults nobody detected");
    let row = |fault: &FaultSpan| {
        let to = fault.to.map_or("the end".to_string(), |to| context.clock(to));
        let when = format!("{} to {to}", context.clock(fault.from));
        vec![inked(Ink::Bad, fault.fault), plain(when), plain(fault.text)]
    };
    page.table(faults.iter().take(SHOWN).map(row).collect());
    more_in(page, faults.len().saturating_sub(SHOWN), "alerts.csv");
}

/// The criteria; the decision stays a person's.
pub(super) fn go_no_go(context: &ReportContext, page: &mut Page) {
    let criteria: Vec<_> = go_no_go::criteria(context.story).collect();
    if criteria.is_empty() {
        return;
    }
    page.heading("Go/no-go");
    let row = |criterion: &&JudgedRow| {
        let ink = match criterion.status {
            CriterionStatus::Met => Ink::Good,
            CriterionStatus::Failed => Ink::Bad,
            _ => Ink::Plain,
        };
        let observed = criterion.observed.map_or(String::new(), |value| {
            let digits = match criterion.unit {
                CriterionUnit::Percent => 3,
                CriterionUnit::Users | CriterionUnit::Nothing => 6,
            };
            let figure = criterion.unit.after(&significant(value, digits));
            format!("{figure} {}", criterion.evidence)
        });
        vec![
            inked(ink, criterion.status.word()),
            plain(&criterion.criterion),
            plain(&criterion.required),
            inked(Ink::Faint, observed),
        ]
    };
    page.table(criteria.iter().take(2 * SHOWN).map(row).collect());
    more_in(page, criteria.len().saturating_sub(2 * SHOWN), "go_no_go.csv");
    let open =
        criteria.iter().filter(|criterion| criterion.status == CriterionStatus::Open).count();
    if open > 0 {
        page.paragraph(Ink::Faint, &format!("{open} open. Go/no-go is a person's decision."));
    }
}

/// The most severe findings; those of low severity are only counted.
pub(super) fn findings(context: &ReportContext, page: &mut Page) {
    let findings = findings::findings(context);
    if findings.is_empty() {
        return;
    }
    page.heading("Findings");
    let grave = findings.iter().filter(|finding| finding.severity != Severity::Low).count();
    let shown = grave.min(SHOWN);
    for (position, finding) in findings.iter().enumerate().take(shown) {
        let line = finding.place().map_or(String::new(), |place| format!(" ({place})"));
        let label = format!("{}  {:<6}", findings::id(position), finding.severity.word());
        page.labelled(&label, &format!("{}{line}", finding.text));
    }
    match (shown, findings.len() - shown) {
        (0, low) => page.paragraph(Ink::Faint, &format!("{low} of low severity in findings.csv")),
        (_, more) => more_in(page, more, "findings.csv"),
    }
}

/// How users are counted who were affected.
const AFFECTED: &str = "each counted once, at worst";

/// The sums of the run.
pub(super) fn traffic(context: &ReportContext, page: &mut Page) {
    let Some(totals) = context.story.totals() else { return };
    page.heading("Traffic");
    let people = [
        (totals.site.visits, "visits", "", true),
        (totals.site.users, "users", "", true),
        (totals.site.affected.total(), "users affected", AFFECTED, true),
    ];
    let sent = &totals.site.requests;
    let requests = [
        (sent.generated, "requests", "", true),
        (sent.ok, "ok", "", true),
        (sent.failed, "failed", "", true),
        (sent.rejected, "rejected", "no room, or no instance to serve them", sent.rejected > 0),
        (sent.abandoned, "abandoned", "given up by visitors", sent.abandoned > 0),
        (sent.planned, "planned", "turned away by a maintenance page", sent.planned > 0),
        (totals.site.in_flight, "in flight", "at the end", totals.site.in_flight > 0),
        (
            totals.site.kept,
            "kept",
            "in a durable queue for a minute or more at the end",
            totals.site.kept > 0,
        ),
    ];
    let lost = ((totals.site.lost.seconds() / 60.0).round() as u64, "minutes lost");
    let row = |of: u64| {
        move |(number, what, note, _): (u64, &'static str, &'static str, bool)| {
            let tells = of > 0 && number != of && !["in flight", "kept"].contains(&what);
            let share = if tells { share_of(number, of, 3) + "%" } else { String::new() };
            vec![right(grouped(number)), plain(what), right(share), inked(Ink::Faint, note)]
        }
    };
    let shown = |line: &(u64, &str, &str, bool)| line.3;
    let mut rows = vec![row(totals.site.visits)(people[0])];
    rows.extend(people.into_iter().skip(1).map(row(totals.site.users)));
    let columns = affected::columns(&totals.site);
    rows.extend(
        columns
            .into_iter()
            .map(|(count, words)| vec![right(grouped(count)), plain(format!("  {words}"))]),
    );
    let until = "of users, until the next good answer";
    rows.push(vec![right(grouped(lost.0)), plain(lost.1), plain(""), inked(Ink::Faint, until)]);
    let held = totals.site.held_back;
    let longest =
        format!("in the waiting room, up to {}", between(Time::ZERO, Time::ZERO + held.longest));
    let waiting = [
        (held.held, "held back", longest),
        (held.left, "left", "before it was their turn".to_string()),
        (held.waiting, "still waiting", "at the end".to_string()),
    ];
    let waiting = waiting.into_iter().filter(|(count, _, _)| *count > 0);
    rows.extend(waiting.map(|(count, what, note)| {
        let share = share_of(count, totals.site.visits, 3) + "%";
        vec![right(grouped(count)), plain(what), right(share), inked(Ink::Faint, note)]
    }));
    rows.extend(requests.into_iter().filter(shown).map(row(sent.generated)));
    // The notes explain, the figures are what it is about.
    page.table_with_spare(&[3], rows);
}

/// Every expectation and what came of it.
pub(super) fn expectations(context: &ReportContext, page: &mut Page) {
    let all = verdict::expectations(context.story);
    if all.is_empty() {
        return;
    }
    page.heading("Expected");
    let row = |expect: &&ExpectEntry| {
        let (ink, word) = match expect.verdict {
            Verdict::Met => (Ink::Good, "met"),
            Verdict::Missed => (Ink::Bad, "missed"),
            Verdict::NotJudged => (Ink::Plain, "not judged"),
        };
        vec![inked(ink, word), plain(&expect.text), plain(&expect.observed)]
    };
    page.table(all.iter().map(row).collect());
}

fn more_in(page: &mut Page, more: usize, file: &str) {
    if more > 0 {
        page.paragraph(Ink::Faint, &format!("+ {more} more in {file}"));
    }
}
