//! The lists of a summary: rules, undetected faults, go/no-go, findings, traffic, expectations.

use super::page::{Ink, Page, Piece, inked, plain, right};
use super::verdict;
use crate::decision::{CriterionStatus, Judged};
use crate::journal::{ExpectEntry, FaultSpan, Severity, Verdict};
use crate::report::book::{Book, share_of, significant};
use crate::report::episodes::{self, Class, Episode};
use crate::report::{affected, findings, go_no_go};
use crate::units::{Span, grouped};

/// As many rows of a list are shown; the rest is in its file.
const SHOWN: usize = 5;

/// The rules that fired, almost fired, and stayed silent.
pub(super) fn rules(book: &Book, page: &mut Page) {
    if book.header.rules.is_empty() {
        return;
    }
    page.heading("Rules");
    let episodes = episodes::episodes(book.story);
    let (fired, mut near): (Vec<&Episode>, Vec<&Episode>) =
        episodes.iter().partition(|episode| episode.class() != Class::AlmostFired);
    // What never lasted did not almost fire; alerts.csv has it.
    near.retain(|episode| episode.ended_at.is_none() || episode.judged.held > Span::ZERO);
    near.sort_by_key(|episode| std::cmp::Reverse(episode.judged.held));
    // Where one fault is behind all of them, the verdict has named it.
    let one = fired.windows(2).all(|pair| pair[0].cause == pair[1].cause);
    let row = |episode: &&Episode| fired_row(book, episode, !one);
    let mut rows: Vec<_> = fired.iter().take(SHOWN).map(row).collect();
    rows.extend(near.iter().take(SHOWN).map(|episode| near_row(book, episode)));
    page.table(rows);
    let more = fired.len().saturating_sub(SHOWN) + near.len().saturating_sub(SHOWN);
    more_in(page, more, "alerts.csv");

    let heard = |alert: &str| episodes.iter().any(|episode| episode.judged.alert == alert);
    let silent = book.header.rules.iter().map(|rule| rule.alert.as_str());
    let silent: Vec<&str> = silent.filter(|alert| !heard(alert)).collect();
    if !silent.is_empty() {
        let shown = silent[..silent.len().min(SHOWN)].join(", ");
        let more = match silent.len().saturating_sub(SHOWN) {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        let word = if book.has_readings() { "  silent     " } else { "  not noted  " };
        page.line(vec![plain(word), inked(Ink::Faint, shown + &more)]);
    }
}

fn fired_row(book: &Book, episode: &Episode, says_why: bool) -> Vec<Piece> {
    // The moment at which it is known, which is what an incident counts from.
    let from = episode.told_at.unwrap_or_default();
    let lasted = episode.end_told_at.unwrap_or(book.story.last()).since(from);
    let what = if episode.no_data { "no data for " } else { "for " };
    let (ink, why) = match episode.class() {
        Class::FalseAlarm => (Ink::Bad, "false alarm".to_string()),
        _ if !says_why => (Ink::Plain, String::new()),
        _ => (Ink::Plain, episode.cause.map_or(String::new(), |cause| cause.to_string())),
    };
    vec![
        inked(Ink::Fired, "fired    "),
        plain(episode.name()),
        plain(book.clock(from)),
        plain(format!("{what}{lasted}")),
        inked(ink, why),
    ]
}

fn near_row(book: &Book, episode: &Episode) -> Vec<Piece> {
    let held = match episode.ended_at {
        Some(_) => format!("held {}", episode.judged.held),
        None => "still pending".to_string(),
    };
    let hold = book.rule(&episode.judged.alert).and_then(|rule| rule.hold);
    let of = hold.map_or(String::new(), |hold| format!(" of {hold}"));
    vec![
        plain("almost   "),
        plain(episode.name()),
        plain(book.clock(episode.pending_at.unwrap_or_default())),
        plain(held + &of),
    ]
}

/// The faults that no rule fired for.
pub(super) fn undetected(book: &Book, page: &mut Page) {
    let faults = episodes::undetected(book.story);
    if faults.is_empty() {
        return;
    }
    page.heading("Faults nobody detected");
    let row = |fault: &FaultSpan| {
        let to = fault.to.map_or("the end".to_string(), |to| book.clock(to));
        let when = format!("{} to {to}", book.clock(fault.from));
        vec![inked(Ink::Bad, fault.fault), plain(when), plain(fault.text)]
    };
    page.table(faults.iter().take(SHOWN).map(row).collect());
    more_in(page, faults.len().saturating_sub(SHOWN), "alerts.csv");
}

/// The criteria; the decision stays a person's.
pub(super) fn go_no_go(book: &Book, page: &mut Page) {
    let criteria: Vec<_> = go_no_go::criteria(book.story).collect();
    if criteria.is_empty() {
        return;
    }
    page.heading("Go or no-go");
    let row = |criterion: &&Judged| {
        let ink = match criterion.status {
            CriterionStatus::Met => Ink::Good,
            CriterionStatus::Failed => Ink::Bad,
            _ => Ink::Plain,
        };
        let observed = criterion.observed.map_or(String::new(), |value| {
            let value = significant(value, 6);
            format!("{value} {} {}", criterion.unit, criterion.evidence)
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
        page.paragraph(Ink::Faint, &format!("{open} open. Go or no-go is a person's decision."));
    }
}

/// The gravest findings; those of low severity are only counted.
pub(super) fn findings(book: &Book, page: &mut Page) {
    let findings = findings::findings(book);
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
pub(super) fn traffic(book: &Book, page: &mut Page) {
    let Some(totals) = book.story.totals() else { return };
    page.heading("Traffic");
    let people = [
        (totals.site.visits, "visits", "", true),
        (totals.site.users, "users", "", true),
        (totals.site.affected.total(), "users affected", AFFECTED, true),
    ];
    let requests = [
        (totals.site.generated, "requests", "", true),
        (totals.site.ok, "ok", "", true),
        (totals.site.failed, "failed", "", true),
        (
            totals.site.rejected,
            "rejected",
            "no room, or nobody to serve them",
            totals.site.rejected > 0,
        ),
        (totals.site.abandoned, "abandoned", "given up by visitors", totals.site.abandoned > 0),
        (
            totals.site.planned,
            "planned",
            "turned away by a maintenance page",
            totals.site.planned > 0,
        ),
        (totals.site.in_flight, "in flight", "at the end", totals.site.in_flight > 0),
    ];
    let lost = ((totals.site.lost.seconds() / 60.0).round() as u64, "minutes lost");
    let row = |of: u64| {
        move |(number, what, note, _): (u64, &'static str, &'static str, bool)| {
            let tells = of > 0 && number != of && what != "in flight";
            let share = if tells { share_of(number, of, 3) + "%" } else { String::new() };
            vec![right(grouped(number)), plain(what), right(share), inked(Ink::Faint, note)]
        }
    };
    let shown = |line: &(u64, &str, &str, bool)| line.3;
    let mut rows = vec![row(totals.site.visits)(people[0])];
    rows.extend(people.into_iter().skip(1).map(row(totals.site.users)));
    let columns = affected::columns(totals.site.affected);
    rows.extend(
        columns
            .into_iter()
            .map(|(count, words)| vec![right(grouped(count)), plain(format!("  {words}"))]),
    );
    let until = "of users, until the next good answer";
    rows.push(vec![right(grouped(lost.0)), plain(lost.1), plain(""), inked(Ink::Faint, until)]);
    rows.extend(requests.into_iter().filter(shown).map(row(totals.site.generated)));
    page.table(rows);
}

/// Every expectation and what came of it.
pub(super) fn expectations(book: &Book, page: &mut Page) {
    let all = verdict::expectations(book.story);
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
