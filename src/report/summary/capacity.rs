//! The capacity check on the terminal: a first answer by formula, then what playing it shows.

use super::page::{Ink, Page, Style, TextPiece, inked, plain, right};
use crate::capacity::{CapacityCheck, CaseResult, LoadStatus, TierOutcome, seconds};
use crate::report::capacity::{limit_words, tier_status};
use crate::report::capacity_words::{
    assumed_sentence, bounds, breaks, checked, hysteresis, objectives, passes, reasons,
};
use crate::report::context::significant;

/// The first answer: what formulas say of every tier and every case. It ends in a newline.
pub fn capacity_first(check: &CapacityCheck, style: Style) -> String {
    let mut page = Page::new(style);
    page.title(&check.scenario);
    page.paragraph(Ink::Plain, &peak(check));
    page.heading("By formula, at the peak");
    tiers(check, &mut page);
    for sentence in uncalled_tiers(check) {
        page.paragraph(Ink::Faint, &sentence);
    }
    if !check.simulated {
        cases(check, &mut page);
        limits(check, &mut page);
        sizes(check, &mut page);
        assumed(check, &mut page);
        page.heading("Verdict, by formula alone");
        verdict(check, &mut page);
    }
    page.finish()
}

/// What playing the site shows, the verdict first. It ends in a newline.
pub fn capacity_summary(check: &CapacityCheck, style: Style) -> String {
    let mut page = Page::new(style);
    page.heading("Verdict");
    verdict(check, &mut page);
    cases(check, &mut page);
    rising(check, &mut page);
    limits(check, &mut page);
    sizes(check, &mut page);
    assumed(check, &mut page);
    let origin = format!(
        "Simulated by sim {}, seed {}, scenario {}. In parentheses: from the highest load that \
         clearly holds to the lowest that clearly does not. By formula: Little's law, Erlang C; no \
         retries, no breakers, no health checks.",
        check.program, check.seed, check.scenario_hash
    );
    page.line(Vec::new());
    page.paragraph(Ink::Faint, &origin);
    page.finish()
}

fn peak(check: &CapacityCheck) -> String {
    let requests = check.cases[0].formula.requests;
    format!(
        "The peak is {} visits/s, {} requests/s ({}).",
        significant(check.peak.visits, 3),
        significant(requests, 3),
        check.peak.source
    )
}

fn verdict(check: &CapacityCheck, page: &mut Page) {
    let (ink, word) = match check.verdict() {
        LoadStatus::Met => (Ink::Good, "There is enough capacity"),
        LoadStatus::Missed => (Ink::Bad, "There is not enough capacity"),
        LoadStatus::Open => (Ink::Plain, "Too close to tell"),
    };
    page.paragraph(ink, &format!("{word}: {}.", objectives(check)));
    for sentence in reasons(check) {
        page.paragraph(Ink::Plain, &sentence);
    }
}

fn tiers(check: &CapacityCheck, page: &mut Page) {
    let normal = &check.cases[0];
    let heads = ["Tier", "calls/s", "threads", "busy", "use", "hold", "wait", "p95", "spare"];
    let mut rows: Vec<Vec<TextPiece>> = vec![heads.map(faint_right).to_vec()];
    rows[0][0].right = false;
    for tier in normal.formula.tiers.iter().filter(|tier| tier.calls > 0.0) {
        rows.push(tier_row(normal, tier, check));
    }
    // What the others are made of; what is spare is the answer.
    page.table_with_spare(&[6, 5, 7, 3, 1], rows);
    let called = || normal.formula.tiers.iter().filter(|tier| tier.calls > 0.0);
    let marks = [
        (called().any(|tier| tier.assumed), "* the number of threads is assumed"),
        (called().any(|tier| tier.external), "° external"),
    ];
    let marks: Vec<&str> = marks.into_iter().filter(|(any, _)| *any).map(|(_, it)| it).collect();
    page.paragraph(Ink::Faint, &marks.join("   "));
}

fn tier_row(case: &CaseResult, tier: &TierOutcome, check: &CapacityCheck) -> Vec<TextPiece> {
    let short = |value: f64| significant(value, 3);
    let percent = |share: f64| match share * 100.0 {
        little if little > 0.0 && little < 0.1 => "<0.1%".to_string(),
        high if high > 99.9 && high < 100.0 => ">99.9%".to_string(),
        percent => format!("{}%", significant(percent, 3)),
    };
    let time = |time: Option<f64>| time.map_or("-".to_string(), seconds);
    let mark = if tier.assumed { "*" } else { "" };
    let external = if tier.external { "°" } else { "" };
    let met = tier_status(case, tier, check) == LoadStatus::Met;
    let ink = if met { Ink::Good } else { Ink::Bad };
    vec![
        plain(format!("{}{external}", tier.tier)),
        right(short(tier.calls)),
        right(format!("{}{mark}", tier.threads)),
        right(short(tier.busy)),
        right(percent(tier.used())),
        right(seconds(tier.hold)),
        right(time(tier.wait)),
        right(time(tier.p95)),
        TextPiece { right: true, ..inked(ink, percent(1.0 - tier.used())) },
    ]
}

fn faint_right(text: &str) -> TextPiece {
    TextPiece { right: true, ..inked(Ink::Faint, text) }
}

/// Tiers that nobody calls, and cases that are not there.
fn uncalled_tiers(check: &CapacityCheck) -> Vec<String> {
    let mut sentences = Vec::new();
    if !check.uncalled.is_empty() {
        let names = check.uncalled.join(", ");
        sentences.push(format!("No endpoint goes through {names}: not judged."));
    }
    sentences.extend(check.left_out.iter().map(|why| format!("Not a case here: {why}.")));
    sentences
}

fn cases(check: &CapacityCheck, page: &mut Page) {
    let percentile = significant(check.objectives.quantile * 100.0, 3);
    page.heading(&format!("Case by case: p{percentile} at the peak, and the breaking point"));
    // What matters first: no width cuts it.
    let heads = ["", "case", "formula", "simulated", "errors", "breaks at"];
    let mut rows: Vec<Vec<TextPiece>> = vec![heads.map(|head| inked(Ink::Faint, head)).to_vec()];
    let percent = |share: f64| format!("{}%", significant(share * 100.0, 2));
    for case in &check.cases {
        let played = case.played.as_ref();
        let time = |time: Option<f64>| time.map_or("-".to_string(), seconds);
        let ink = match case.status() {
            LoadStatus::Met => Ink::Good,
            LoadStatus::Missed => Ink::Bad,
            LoadStatus::Open => Ink::Plain,
        };
        let steady = case.formula.steady && played.is_none_or(|point| point.outcome.steady);
        let by_formula = if steady { time(case.formula.latency) } else { "overload".to_string() };
        let errors = played.map_or(case.formula.errors, |point| point.outcome.errors);
        rows.push(vec![
            inked(ink, case.status().word()),
            plain(&case.title),
            right(by_formula),
            right(played.map_or("-".to_string(), |point| time(point.outcome.latency))),
            right(percent(errors)),
            plain(breaks(case, check.simulated)),
        ]);
        for effect in &case.effects {
            rows.push(vec![plain(format!("    formula and simulation differ by {effect}"))]);
        }
    }
    // What was not played says nothing; what was, says more than the formula.
    page.table_with_spare(if check.simulated { &[2] } else { &[3] }, rows);
    bounds(check).iter().for_each(|sentence| page.paragraph(Ink::Plain, sentence));
}

/// What comes as the load rises, and whether it goes away again.
fn rising(check: &CapacityCheck, page: &mut Page) {
    if !check.steps.is_empty() {
        page.heading("As the load rises");
        let rows = check.steps.iter().take(12).map(|step| {
            let who = step.tier.as_deref().unwrap_or("visitors");
            let at = format!("{}x", significant(step.multiple, 3));
            vec![right(at), plain(step.overload.word()), plain(who), plain(&step.text)]
        });
        page.table(rows.collect());
    }
    if let Some(sentence) = hysteresis(check) {
        page.heading("As the load falls");
        page.paragraph(Ink::Plain, &sentence);
    }
}

/// What runs out and is not a thread.
fn limits(check: &CapacityCheck, page: &mut Page) {
    if check.limits.is_empty() {
        return;
    }
    page.heading("Limits that are not threads, at the peak");
    let rows = check.limits.iter().map(|limit| {
        let ink = match limit.status {
            crate::journal::LimitStatus::Ok => Ink::Good,
            crate::journal::LimitStatus::Over => Ink::Bad,
            _ => Ink::Plain,
        };
        vec![
            inked(ink, limit.status.word()),
            plain(&limit.limit),
            plain(limit_words(limit)),
            plain(checked(limit)),
        ]
    });
    page.table(rows.collect());
}

fn sizes(check: &CapacityCheck, page: &mut Page) {
    let Some(sizing) = &check.sizing else { return };
    page.heading("Fewest instances that pass, zones lost included");
    let heads = ["Tier", "now", "fewest", "carry, zones lost", "more", "carry"];
    let mut rows: Vec<Vec<TextPiece>> = vec![heads.map(|head| inked(Ink::Faint, head)).to_vec()];
    let x = |multiple: f64| format!("{}x", significant(multiple, 3));
    for size in &sizing.tiers {
        rows.push(vec![
            plain(&size.tier),
            right(size.now.to_string()),
            right(size.fewest.map_or("> 10000".to_string(), |fewest| fewest.to_string())),
            right(x(size.carries)),
            right(size.more.0.to_string()),
            right(x(size.more.1)),
        ]);
    }
    page.table(rows);
    let played = passes(sizing);
    page.paragraph(Ink::Faint, played);
}

fn assumed(check: &CapacityCheck, page: &mut Page) {
    let Some(sentence) = assumed_sentence(check) else { return };
    page.heading("What it rests on");
    page.paragraph(Ink::Plain, &sentence);
}
